// Checks: logged without a network, undone, kept until their maker signs in, and shown on open boards.
import assert from 'node:assert/strict';
import { boardAndPhone } from '../board.mjs';
import { story } from '../harness.mjs';
import { demoPerson, signIn, submit } from '../people.mjs';
import { SESSION_COOKIE } from '../phone.mjs';

const KEPT = 'form:has([name=verdict][value=kept]) button';
const waitingCount = (page) => page.locator('.outbox').getAttribute('data-waiting');

/** The links to the check screens, once the service worker has stored them all. */
async function waitForStoredScreens(page) {
  const links = await page.locator('main .sites a[href^="/check/"]').evaluateAll((all) => all.map((one) => one.getAttribute('href')));
  const all = async (links) => {
    const pages = await caches.open('pages');
    return (await Promise.all(links.map((link) => pages.match(link)))).every(Boolean);
  };
  for (let tries = 0; tries < 300; tries += 1) {
    if (await page.evaluate(all, links)) return links;
    await page.waitForTimeout(200);
  }
  return assert.fail('the check screens were not stored');
}

/** The newest lines of the list of checks. */
async function newest(page, count) {
  await page.goto('/checks');
  const rows = await page.locator('.checks > li').allInnerTexts();
  return rows.slice(0, count).map((row) => row.replace(/\s+/g, ' '));
}

story('a check logged offline in any tab is stored once', { demo: true }, async ({ page, axe, screenshot, expect }) => {
  expect({ failure: 'net::ERR_INTERNET_DISCONNECTED' });
  const phone = await page({ width: 320 });
  const context = phone.context();
  await signIn(phone, demoPerson('maya'));
  await phone.waitForURL('**/today');
  await screenshot(phone, 'today on a phone');
  const links = await waitForStoredScreens(phone);
  assert.ok(links.length >= 12, `${links.length} places to check`);
  const before = await newest(phone, 2);

  await context.setOffline(true);
  // This screen was never opened before.
  await phone.goto(links.at(-1));
  await axe(phone);
  await phone.locator(KEPT).first().click();
  await phone.locator('[role=status][data-state=saved]').waitFor();
  await screenshot(phone, 'check saved offline');
  assert.equal(await waitingCount(phone), '1');
  await phone.reload();
  await phone.locator('.outbox[data-waiting="1"]').waitFor();

  // Another tab logs a break. Then both tabs are closed, as phones do in the background.
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
  await screenshot(again, 'today offline');
  // Signing out with unsent checks asks for confirmation.
  again.once('dialog', (dialog) => dialog.dismiss());
  await again.locator('form[action$="/sign-out"] button').click();
  assert.equal(new URL(again.url()).pathname, '/today');

  await context.setOffline(false);
  await again.locator('.outbox[data-waiting="0"]').waitFor({ state: 'attached' });
  const after = await newest(again, 4);
  assert.equal(after.filter((row) => /^kept|^broken/.test(row)).length, 4);
  assert.notDeepEqual(after.slice(0, 2), before);
  assert.deepEqual(after.slice(2), before, 'two more than before, each once');
});

story('a check can be undone before and after it is sent', { demo: true }, async ({ page, expect }) => {
  expect({ failure: 'net::ERR_INTERNET_DISCONNECTED' });
  const phone = await page({ width: 390 });
  await signIn(phone, demoPerson('sam'));
  await phone.waitForURL('**/today');
  const [link] = await waitForStoredScreens(phone);
  await phone.context().setOffline(true);
  await phone.goto(link);
  await phone.locator(KEPT).first().click();
  await phone.locator('[role=status][data-state=saved]').waitFor();
  await phone.getByRole('button', { name: 'Undo' }).click();
  await phone.locator('.outbox[data-waiting="0"]').waitFor({ state: 'attached' });
  await phone.locator(KEPT).first().waitFor({ state: 'visible' });

  await phone.context().setOffline(false);
  await phone.goto(link);
  await phone.locator(KEPT).first().click();
  await phone.locator('[role=status][data-state=stored]').waitFor();
  await phone.getByRole('button', { name: 'Undo' }).click();
  await phone.locator('[role=status][data-state=taken-back]').waitFor();

  // The response is lost, so the phone cannot know whether the check arrived. Undoing it sends a correction after it.
  expect({ failure: 'net::ERR_FAILED', path: '/do/log-check' });
  await phone.route('**/do/log-check', async (route) => {
    await route.fetch();
    await route.abort();
  });
  await phone.goto(link);
  await phone.locator(KEPT).first().click();
  await phone.locator('[role=status][data-state=saved]').waitFor();
  await phone.getByRole('button', { name: 'Undo' }).click();
  await phone.locator('[role=status][data-state=taken-back]').waitFor();
  await phone.unrouteAll({ behavior: 'ignoreErrors' });
  await phone.locator('.outbox[data-waiting="0"]').waitFor({ state: 'attached', timeout: 40_000 });
  const [last, before] = await newest(phone, 2);
  assert.match(last, /^kept .*taken back/);
  assert.match(before, /^kept .*taken back/, 'the one before it, and no third one');
});

story('a check logged after the session expired is sent once its author signs in again', { demo: true }, async ({ page, expect }) => {
  for (const path of ['/do/log-check', '/live', '/floor']) expect({ status: 401, path });
  expect({ failure: 'net::ERR_INTERNET_DISCONNECTED' });
  const phone = await page({ width: 390 });
  const context = phone.context();
  await signIn(phone, demoPerson('maya'));
  await phone.waitForURL('**/today');
  const [link] = await waitForStoredScreens(phone);
  await context.setOffline(true);
  await phone.goto(link);
  await phone.locator(KEPT).first().click();
  await phone.locator('[role=status][data-state=saved]').waitFor();

  // The session ends while the phone is offline.
  const cookies = (await context.cookies()).filter((cookie) => !SESSION_COOKIE.test(cookie.name));
  await context.clearCookies();
  await context.addCookies(cookies);
  await context.setOffline(false);
  await phone.locator('.outbox', { hasText: 'Sign in to send what waits' }).waitFor();

  // Somebody else signs in on this phone. The check is not sent in their name.
  const other = await context.newPage();
  await signIn(other, demoPerson('sam'));
  await other.waitForURL('**/today');
  await other.locator('.outbox', { hasText: 'by somebody else' }).waitFor();
  // Signing out asks for confirmation, because a check waits.
  other.once('dialog', (dialog) => dialog.accept());
  await submit(other, '/sign-out');
  await signIn(other, demoPerson('maya'));
  await other.waitForURL('**/today');
  await other.locator('.outbox[data-waiting="0"]').waitFor({ state: 'attached' });
});

story('an open board updates after a check on another device', { demo: true }, async ({ page }) => {
  const { check, waitForChange } = await boardAndPhone(page);
  await check();
  await waitForChange();
});
