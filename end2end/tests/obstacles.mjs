// Obstacles are reported and answered. A long streak of kept checks asks for a second look.
import assert from 'node:assert/strict';
import { story } from '../harness.mjs';
import { demoPerson, signIn, submit } from '../people.mjs';

const assertNoSidewaysScroll = async (page) => {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wide <= 0, `${page.url()} scrolls sideways by ${wide} px`);
};

story('an obstacle is reported with a broken check, answered by the owner, and the answer shown to staff', { demo: true }, async ({ page, axe, screenshot }) => {
  const phone = await page({ width: 320 });
  await signIn(phone, demoPerson('maya'));
  await phone.waitForURL('**/today');
  await phone.locator('main .sites a[href^="/check/"]').first().click();
  await phone.locator('a[href="#broken"]').click();
  await phone.locator('#broken [name=reason][value="0"]').check();
  await phone.locator('#broken [name=obstacle]').selectOption('tools');
  await phone.locator('#broken form button').last().click();
  await phone.locator('[role=status][data-state=stored]').waitFor();
  await axe(phone);
  await assertNoSidewaysScroll(phone);
  await screenshot(phone, 'thanks for what stood in the way');
  await phone.locator('main a[href="/obstacles"]').click();
  await phone.waitForURL('**/obstacles');
  assert.equal(await phone.locator('main a[href^="/obstacles/"]').count(), 0, 'staff cannot answer');
  assert.match(await phone.locator('.obstacles > li').first().innerText(), /Tools or equipment/);
  await axe(phone);
  await assertNoSidewaysScroll(phone);
  await screenshot(phone, 'obstacles 320');

  const owner = await page({ width: 1280 });
  await signIn(owner, demoPerson('dana'));
  await owner.waitForURL('**/today');
  await axe(owner);
  await screenshot(owner, 'today with what is asked 1280');
  await owner.locator('main .note a[href="/obstacles"]').click();
  await owner.waitForURL('**/obstacles');
  await axe(owner);
  await screenshot(owner, 'obstacles 1280');
  await owner.locator('.obstacles a[href^="/obstacles/"]').first().click();
  await axe(owner);
  await screenshot(owner, 'answer an obstacle 1280');
  await submit(owner, null, { decision: 'done', words: 'A new mop hangs behind the door.' });
  await owner.waitForURL('**/obstacles');

  await phone.reload();
  assert.match(await phone.locator('main').innerText(), /A new mop hangs behind the door\./);
});

story('a second look is requested after fifty kept checks in a row', { demo: true }, async ({ page, axe, screenshot }) => {
  for (const [width, javaScriptEnabled] of [[320, false], [1280, true]]) {
    const owner = await page({ width, javaScriptEnabled });
    await signIn(owner, demoPerson('dana'));
    await owner.goto('/today');
    await axe(owner);
    await assertNoSidewaysScroll(owner);
    await screenshot(owner, `today with a second look ${width}`);
    const link = owner.locator('main a[href^="/second-looks/"]').first();
    const path = await link.getAttribute('href');
    await owner.goto(path);
    await axe(owner);
    await assertNoSidewaysScroll(owner);
    await screenshot(owner, `second look ${width}`);
    if (width === 320) continue;
    await submit(owner, null, { outcome: 'overturned', reason: '0', why: 'It was not as promised when I came by.' });
    await owner.waitForURL('**/recoveries/*');
    await owner.goto('/checks');
    await axe(owner);
    await screenshot(owner, 'checks with a second look');
    await owner.goto(path);
    assert.equal(await owner.locator('main form').count(), 0, 'it can be given only once');
  }
});
