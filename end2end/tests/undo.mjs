// Undoing a check, wherever it is by then.
import assert from 'node:assert/strict';
import { story } from '../harness.mjs';
import { testBusiness } from '../fixture.mjs';
import { demoPerson, moveDemoToNoon, signIn } from '../people.mjs';
import { dueChecks, logOffline, OFFLINE, tapAnswer, waitForEmptyOutbox, waitForOfflinePages, waitForOutcome, waitForStored } from '../phone.mjs';

story('a check that was sent in the background can still be undone', async ({ server, page, expect }) => {
  expect(OFFLINE);
  const business = await testBusiness(server, await page());
  const phone = await business.phone(page, 'Ben');
  await logOffline(phone);
  await phone.context().setOffline(false);
  await waitForEmptyOutbox(phone);
  await waitForStored(phone);
  await phone.getByRole('button', { name: 'Undo' }).click();
  await phone.locator('[role=status][data-state=taken-back]').waitFor();
  await waitForEmptyOutbox(phone);
  assert.deepEqual((await business.checks()).map(({ corrected }) => corrected), ['taken_back']);
});

story('the check screen shows that its check is stored, even if another tab sent it', async ({ server, page, expect }) => {
  expect(OFFLINE);
  const business = await testBusiness(server, await page());
  const phone = await business.phone(page, 'Ben');
  await logOffline(phone);
  await phone.context().setOffline(false);
  await waitForStored(phone);
  assert.equal(await phone.locator('.check-status h1').innerText(), 'Logged. Thank you.');

  const other = await phone.context().newPage();
  await other.goto('/account');
  await phone.goto('/today');
  await logOffline(phone, { at: 1 });
  await phone.context().route('**/do/log-check', (route) => (route.request().frame().page() === phone ? route.abort('internetdisconnected') : route.continue()));
  await phone.context().setOffline(false);
  await waitForStored(phone);
  assert.equal((await business.checks()).length, 2);
});

story('an undone check is due again', { demo: true }, async ({ page }) => {
  await moveDemoToNoon(await page());
  const phone = await page({ width: 390 });
  await signIn(phone, demoPerson('maya'));
  await phone.goto('/today');
  const [first] = await dueChecks(phone);
  const isDue = async () => (await dueChecks(phone)).some(({ window }) => window === first.window);
  await phone.goto(first.link);
  await tapAnswer(phone, 'kept');
  await waitForStored(phone);
  await phone.getByRole('button', { name: 'Undo' }).click();
  await phone.locator('.check-status[data-state=taken-back]').waitFor();
  await phone.goto('/checks');
  assert.match(await phone.locator('.checks li').first().innerText(), /^kept\s.*taken back: nobody had looked/s);
  await phone.goto('/today');
  assert.ok(await isDue());

  // After another check it is not due any more.
  await phone.goto(first.link);
  await tapAnswer(phone, 'kept');
  await waitForStored(phone);
  await phone.goto('/today');
  assert.ok(!(await isDue()));
});

story('a check undone while another tab is sending is not sent or is retracted', async ({ server, page, expect }) => {
  expect(OFFLINE);
  const business = await testBusiness(server, await page());
  const phone = await business.phone(page, 'Ben');
  const links = await waitForOfflinePages(phone);
  const other = await phone.context().newPage();
  await phone.context().setOffline(true);
  await other.goto(links[0]);
  await tapAnswer(other, 'kept');
  assert.equal(await waitForOutcome(other), 'saved');
  await phone.goto(links[1]);
  await tapAnswer(phone, 'kept');
  assert.equal(await waitForOutcome(phone), 'saved');
  // The other tab sends its own check first, slowly, and has the second one in its list.
  const arrived = [];
  await phone.context().route('**/do/log-check', async (route) => {
    if (route.request().frame().page() === phone) return route.abort('internetdisconnected');
    arrived.push(route.request().postDataJSON().draft.id);
    await new Promise((done) => setTimeout(done, 1500));
    return route.continue().catch(() => {});
  });
  await other.context().setOffline(false);
  await other.waitForTimeout(500);
  await phone.getByRole('button', { name: 'Undo' }).click();
  const status = phone.locator('.check-status:is([data-state=never-sent], [data-state=taken-back])');
  await status.waitFor();
  const undone = await status.getAttribute('data-state');
  await phone.context().unroute('**/do/log-check', { behavior: 'wait' });
  for (const tab of [phone, other]) await tab.reload();
  for (const tab of [phone, other]) await waitForEmptyOutbox(tab);
  const standing = (await business.checks()).filter(({ corrected }) => corrected === null);
  assert.deepEqual(standing.map(({ place }) => place), [links[0].slice(7, 43)], undone);
});

story('a correction whose response was lost is stored once and not shown as refused', async ({ server, page, expect }) => {
  expect(OFFLINE);
  expect({ failure: 'net::ERR_FAILED' });
  const business = await testBusiness(server, await page());
  const phone = await business.phone(page, 'Ben');
  const [link] = await waitForOfflinePages(phone);
  // Every request arrives, but the first response to each address is lost.
  const failedOnce = new Set();
  await phone.context().route('**/do/*', async (route) => {
    const path = new URL(route.request().url()).pathname;
    if (failedOnce.has(path)) return route.continue();
    failedOnce.add(path);
    await route.fetch();
    return route.abort();
  });
  await phone.goto(link);
  await tapAnswer(phone, 'kept');
  assert.equal(await waitForOutcome(phone), 'saved');
  await phone.getByRole('button', { name: 'Undo' }).click();
  await phone.locator('[role=status][data-state=taken-back]').waitFor();
  while (failedOnce.size < 2) await phone.waitForTimeout(100);
  await phone.reload();
  await waitForEmptyOutbox(phone);
  assert.deepEqual([...failedOnce], ['/do/log-check', '/do/correct-check']);
  assert.equal(await phone.locator('.refused li').count(), 0);
  assert.deepEqual((await business.checks()).map(({ corrected }) => corrected), ['taken_back']);
});
