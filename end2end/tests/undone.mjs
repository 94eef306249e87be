// Taps by mistake: undone once, wherever the check is by then.
import assert from 'node:assert/strict';
import { story } from '../harness.mjs';
import { mill } from '../mill.mjs';
import { answer, atHand, nothingWaits, offline, outcome, whileAway } from '../phone.mjs';

story('what has left the phone by itself can still be undone', async ({ server, page, expect }) => {
  expect(offline);
  const business = await mill(server, await page());
  const phone = await business.phone(page, 'Ben');
  await whileAway(phone);
  await phone.context().setOffline(false);
  await nothingWaits(phone);
  await phone.getByRole('button', { name: 'Undo' }).click();
  await phone.locator('[role=status][data-state=taken-back]').waitFor();
  await nothingWaits(phone);
  assert.deepEqual((await business.checks()).map(({ corrected }) => corrected), ['not_applicable']);
});

story('what is undone while another tab sends is not sent behind its back', async ({ server, page, expect }) => {
  expect(offline);
  const business = await mill(server, await page());
  const phone = await business.phone(page, 'Ben');
  const links = await atHand(phone);
  const other = await phone.context().newPage();
  await phone.context().setOffline(true);
  await other.goto(links[0]);
  await answer(other, 'kept');
  assert.equal(await outcome(other), 'saved');
  await phone.goto(links[1]);
  await answer(phone, 'kept');
  assert.equal(await outcome(phone), 'saved');
  // The other tab sends its own first, slowly, and knows of the second one.
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
  const said = phone.locator('.said:is([data-state=never-sent], [data-state=taken-back])');
  await said.waitFor();
  const undone = await said.getAttribute('data-state');
  await phone.context().unroute('**/do/log-check', { behavior: 'wait' });
  for (const tab of [phone, other]) await tab.reload();
  for (const tab of [phone, other]) await nothingWaits(tab);
  const standing = (await business.checks()).filter(({ corrected }) => corrected === null);
  assert.deepEqual(standing.map(({ place }) => place), [links[0].slice(7, 43)], undone);
});

story('a correction whose answer was lost is taken once, and not called refused', async ({ server, page, expect }) => {
  expect(offline);
  expect({ failure: 'net::ERR_FAILED' });
  const business = await mill(server, await page());
  const phone = await business.phone(page, 'Ben');
  const [link] = await atHand(phone);
  // Whatever is sent arrives, and its first answer does not.
  const heard = new Set();
  await phone.context().route('**/do/*', async (route) => {
    const path = new URL(route.request().url()).pathname;
    if (heard.has(path)) return route.continue();
    heard.add(path);
    await route.fetch();
    return route.abort();
  });
  await phone.goto(link);
  await answer(phone, 'kept');
  assert.equal(await outcome(phone), 'saved');
  await phone.getByRole('button', { name: 'Undo' }).click();
  await phone.locator('[role=status][data-state=taken-back]').waitFor();
  while (heard.size < 2) await phone.waitForTimeout(100);
  await phone.reload();
  await nothingWaits(phone);
  assert.deepEqual([...heard], ['/do/log-check', '/do/correct-check']);
  assert.equal(await phone.locator('.refused li').count(), 0);
  assert.deepEqual((await business.checks()).map(({ corrected }) => corrected), ['not_applicable']);
});
