// Taps by mistake: undone once, wherever the check is by then.
import assert from 'node:assert/strict';
import { story } from '../harness.mjs';
import { mill } from '../mill.mjs';
import { atNoon, prairie, signIn } from '../people.mjs';
import { answer, atHand, due, isStored, nothingWaits, offline, outcome, whileAway } from '../phone.mjs';

story('what has left the phone by itself can still be undone', async ({ server, page, expect }) => {
  expect(offline);
  const business = await mill(server, await page());
  const phone = await business.phone(page, 'Ben');
  await whileAway(phone);
  await phone.context().setOffline(false);
  await nothingWaits(phone);
  await isStored(phone);
  await phone.getByRole('button', { name: 'Undo' }).click();
  await phone.locator('[role=status][data-state=taken-back]').waitFor();
  await nothingWaits(phone);
  assert.deepEqual((await business.checks()).map(({ corrected }) => corrected), ['taken_back']);
});

story('an open screen says when what it saved is stored, whichever tab has sent it', async ({ server, page, expect }) => {
  expect(offline);
  const business = await mill(server, await page());
  const phone = await business.phone(page, 'Ben');
  await whileAway(phone);
  await phone.context().setOffline(false);
  await isStored(phone);
  assert.equal(await phone.locator('.said h1').innerText(), 'Logged. Thank you.');

  const other = await phone.context().newPage();
  await other.goto('/account');
  await phone.goto('/today');
  await whileAway(phone, { at: 1 });
  await phone.context().route('**/do/log-check', (route) => (route.request().frame().page() === phone ? route.abort('internetdisconnected') : route.continue()));
  await phone.context().setOffline(false);
  await isStored(phone);
  assert.equal((await business.checks()).length, 2);
});

story('what is undone is due again: nobody has looked', { demo: true }, async ({ page }) => {
  await atNoon(await page());
  const phone = await page({ width: 390 });
  await signIn(phone, prairie('maya'));
  await phone.goto('/today');
  const [first] = await due(phone);
  const isDue = async () => (await due(phone)).some(({ window }) => window === first.window);
  await phone.goto(first.link);
  await answer(phone, 'kept');
  await isStored(phone);
  await phone.getByRole('button', { name: 'Undo' }).click();
  await phone.locator('.said[data-state=taken-back]').waitFor();
  await phone.goto('/checks');
  assert.match(await phone.locator('.checked li').first().innerText(), /^kept\s.*taken back: nobody had looked/s);
  await phone.goto('/today');
  assert.ok(await isDue());

  // Looked at now, it is no longer.
  await phone.goto(first.link);
  await answer(phone, 'kept');
  await isStored(phone);
  await phone.goto('/today');
  assert.ok(!(await isDue()));
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
  assert.deepEqual((await business.checks()).map(({ corrected }) => corrected), ['taken_back']);
});
