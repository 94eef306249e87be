// The floor: what is due, a check without a network, and boards that change by themselves.
import assert from 'node:assert/strict';
import { boardAndPhone } from '../board.mjs';
import { story } from '../harness.mjs';
import { prairie, send, signIn } from '../people.mjs';
import { SESSION } from '../phone.mjs';

const kept = 'form:has([name=verdict][value=kept]) button';
const waiting = (page) => page.locator('.outbox').getAttribute('data-waiting');

/** The check screens that the round leads to, once the phone has them all. */
async function prepared(page) {
  const links = await page.locator('main .sites a[href^="/check/"]').evaluateAll((all) => all.map((one) => one.getAttribute('href')));
  const all = async (links) => {
    const pages = await caches.open('pages');
    return (await Promise.all(links.map((link) => pages.match(link)))).every(Boolean);
  };
  for (let tries = 0; tries < 300; tries += 1) {
    if (await page.evaluate(all, links)) return links;
    await page.waitForTimeout(200);
  }
  return assert.fail('the phone has not got its check screens');
}

/** The newest checks, as everyone inside sees them. */
async function newest(page, count) {
  await page.goto('/checks');
  const rows = await page.locator('.checked > li').allInnerTexts();
  return rows.slice(0, count).map((row) => row.replace(/\s+/g, ' '));
}

story('a check is logged without a network, in any tab, and arrives once', { demo: true }, async ({ page, axe, screenshot, expect }) => {
  expect({ failure: 'net::ERR_INTERNET_DISCONNECTED' });
  const phone = await page({ width: 320 });
  const context = phone.context();
  await signIn(phone, prairie('maya'));
  await phone.waitForURL('**/today');
  await screenshot(phone, 'floor today');
  const links = await prepared(phone);
  assert.ok(links.length >= 12, `${links.length} places to check`);
  const before = await newest(phone, 2);

  await context.setOffline(true);
  // A screen that was never opened before.
  await phone.goto(links.at(-1));
  await axe(phone);
  await phone.locator(kept).first().click();
  await phone.locator('[role=status][data-state=saved]').waitFor();
  await screenshot(phone, 'check saved offline');
  assert.equal(await waiting(phone), '1');
  await phone.reload();
  await phone.locator('.outbox[data-waiting="1"]').waitFor();

  // Another tab logs a break; then both are closed, as a phone does.
  const other = await context.newPage();
  await other.goto(links.at(-2));
  await other.locator('a[href="#broken"]').click();
  await other.locator('#broken [name=reason][value="0"]').check();
  await other.locator('#broken form button').last().click();
  await other.locator('[role=status][data-state=saved]').waitFor();
  await phone.close();
  await other.close();

  const again = await context.newPage();
  await again.goto('/today');
  await again.locator('.outbox[data-waiting="2"]').waitFor();
  assert.match(await again.locator('.outbox').innerText(), /2 checks wait on this phone/);
  await screenshot(again, 'floor offline');
  // Whoever signs out with checks on the phone is asked first, and may stay.
  again.once('dialog', (dialog) => dialog.dismiss());
  await again.locator('form[action$="/sign-out"] button').click();
  assert.equal(new URL(again.url()).pathname, '/today');

  await context.setOffline(false);
  await again.locator('.outbox[data-waiting="0"]').waitFor({ state: 'attached' });
  const after = await newest(again, 4);
  assert.equal(after.filter((row) => /^kept|^broken/.test(row)).length, 4);
  assert.notDeepEqual(after.slice(0, 2), before);
  assert.deepEqual(after.slice(2), before, 'two more than before, once each');
});

story('what is tapped by mistake is undone, before it is sent and after', { demo: true }, async ({ page, expect }) => {
  expect({ failure: 'net::ERR_INTERNET_DISCONNECTED' });
  const phone = await page({ width: 390 });
  await signIn(phone, prairie('sam'));
  await phone.waitForURL('**/today');
  const [link] = await prepared(phone);
  await phone.context().setOffline(true);
  await phone.goto(link);
  await phone.locator(kept).first().click();
  await phone.locator('[role=status][data-state=saved]').waitFor();
  await phone.getByRole('button', { name: 'Undo' }).click();
  await phone.locator('.outbox[data-waiting="0"]').waitFor({ state: 'attached' });
  await phone.locator(kept).first().waitFor({ state: 'visible' });

  await phone.context().setOffline(false);
  await phone.goto(link);
  await phone.locator(kept).first().click();
  await phone.locator('[role=status][data-state=stored]').waitFor();
  await phone.getByRole('button', { name: 'Undo' }).click();
  await phone.locator('[role=status][data-state=taken-back]').waitFor();

  // An answer that was lost: nobody knows whether the check arrived, so that it is taken back by a correction after it.
  expect({ failure: 'net::ERR_FAILED', path: '/do/log-check' });
  await phone.route('**/do/log-check', async (route) => {
    await route.fetch();
    await route.abort();
  });
  await phone.goto(link);
  await phone.locator(kept).first().click();
  await phone.locator('[role=status][data-state=saved]').waitFor();
  await phone.getByRole('button', { name: 'Undo' }).click();
  await phone.locator('[role=status][data-state=taken-back]').waitFor();
  await phone.unrouteAll({ behavior: 'ignoreErrors' });
  await phone.locator('.outbox[data-waiting="0"]').waitFor({ state: 'attached', timeout: 40_000 });
  const [last, before] = await newest(phone, 2);
  assert.match(last, /^kept .*taken back/);
  assert.match(before, /^kept .*taken back/, 'the one before it, and no third');
});

story('whoever was let in no longer is told why a check is not taken, and keeps it until then', { demo: true }, async ({ page, expect }) => {
  for (const path of ['/do/log-check', '/live', '/floor']) expect({ status: 401, path });
  expect({ failure: 'net::ERR_INTERNET_DISCONNECTED' });
  const phone = await page({ width: 390 });
  const context = phone.context();
  await signIn(phone, prairie('maya'));
  await phone.waitForURL('**/today');
  const [link] = await prepared(phone);
  await context.setOffline(true);
  await phone.goto(link);
  await phone.locator(kept).first().click();
  await phone.locator('[role=status][data-state=saved]').waitFor();

  // The session ends while the phone is offline: the check waits for its maker.
  const cookies = (await context.cookies()).filter((cookie) => !SESSION.test(cookie.name));
  await context.clearCookies();
  await context.addCookies(cookies);
  await context.setOffline(false);
  await phone.locator('.outbox', { hasText: 'Sign in to send what waits' }).waitFor();

  // Somebody else signs in here: it is not sent in their name.
  const other = await context.newPage();
  await signIn(other, prairie('sam'));
  await other.waitForURL('**/today');
  await other.locator('.outbox', { hasText: 'by somebody else' }).waitFor();
  // Whoever signs out is asked, since something waits.
  other.once('dialog', (dialog) => dialog.accept());
  await send(other, '/sign-out');
  await signIn(other, prairie('maya'));
  await other.waitForURL('**/today');
  await other.locator('.outbox[data-waiting="0"]').waitFor({ state: 'attached' });
});

story('boards change by themselves after a check anywhere', { demo: true }, async ({ page }) => {
  const { check, changed } = await boardAndPhone(page);
  await check();
  await changed();
});
