// A shared tablet: a turn ends on the screen when it ends, and what is tapped after it is nobody's.
import assert from 'node:assert/strict';
import { story } from '../harness.mjs';
import { mill } from '../mill.mjs';
import { send } from '../people.mjs';
import { answer, atHand, entries, isStored, nothingWaits, offline, outcome } from '../phone.mjs';

const PASSWORD = 'wheels turn in the mill stream';
const PINS = { Ben: '274915', Eva: '618034' };
const QUARTER = 15 * 60_000;

/** A tablet at the counter, and people who type their PIN there. */
async function counter(server, page) {
  const owner = await page({ width: 1280 });
  const business = await mill(server, owner, { places: 2 });
  for (const [name, pin] of Object.entries(PINS)) {
    const phone = await business.phone(page, name);
    await phone.goto('/account');
    await send(phone, '/account/pin', { pin, current: PASSWORD });
    await phone.context().close();
  }
  await owner.goto('/devices');
  await send(owner, '/devices', { name: 'The tablet at the counter', site: { index: 0 } });
  const link = await owner.locator('code.token').innerText();
  const tablet = await page({ width: 768 });
  // The tablet's clock runs ahead when the story says so.
  await tablet.context().addInitScript(() => {
    const now = Date.now.bind(Date);
    Date.now = () => now() + Number(localStorage.later ?? 0);
  });
  await tablet.goto(link);
  await send(tablet, new URL(link).pathname);
  await tablet.waitForURL('**/device');
  return { business, tablet };
}

async function turn(tablet, name) {
  await tablet.goto('/device');
  await tablet.getByRole('link', { name }).click();
  await send(tablet, '', { pin: PINS[name] });
  await tablet.waitForURL('**/today');
}

const later = (tablet, by) => tablet.evaluate((by) => (localStorage.later = Number(localStorage.later ?? 0) + by), by);
const over = (tablet) => tablet.getByText('Nobody is signed in here now');

story('a turn ends on the screen, and what is tapped after it waits for whoever takes it', async ({ server, page, expect, axe, screenshot }) => {
  expect(offline);
  for (const path of ['/do/log-check', '/live', '/floor']) expect({ status: 401, path });
  const { business, tablet } = await counter(server, page);
  await turn(tablet, 'Ben');
  const [link] = await atHand(tablet);
  const ben = await tablet.evaluate(() => document.documentElement.dataset.turn);
  await tablet.goto(link);
  await tablet.locator('a[href="#broken"]').click();
  await tablet.locator('#broken [name=note]').fill('Between us: the baker was late again');
  assert.equal(await over(tablet).isVisible(), false);

  // A quarter of an hour goes by, and the session with it.
  await later(tablet, QUARTER);
  await over(tablet).waitFor();
  await tablet.request.post('/sign-out');
  assert.equal(await tablet.locator('#broken [name=note]').inputValue(), '', 'what was half typed is not shown');
  assert.equal(await tablet.locator('#broken').isVisible(), false);
  await axe(tablet);
  await screenshot(tablet, 'turn over');
  await answer(tablet, 'kept');
  assert.equal(await outcome(tablet), 'saved');
  assert.deepEqual((await entries(tablet)).map(({ draft }) => draft.by), [''], 'it is nobody’s');

  // Neither of them logs it by standing there again.
  await turn(tablet, 'Ben');
  assert.notEqual(await tablet.evaluate(() => document.documentElement.dataset.turn), ben);
  await tablet.locator('.outbox', { hasText: 'Made here while nobody was signed in: 1' }).waitFor();
  await tablet.waitForTimeout(2500);
  assert.deepEqual(await business.checks(), []);
  await tablet.locator('header form[action="/sign-out"] button').click();
  await tablet.waitForURL('**/device');
  const sent = [];
  await tablet.route('**/do/log-check', (route) => (sent.push(route.request().postDataJSON().draft.by), route.continue()));
  await turn(tablet, 'Eva');
  await tablet.getByRole('button', { name: 'They are mine' }).click();
  await nothingWaits(tablet);
  assert.equal((await business.checks()).length, 1);
  assert.match(sent[0], /^person:/);
});

story('whatever page a turn leaves open, the tap after it is nobody’s', async ({ server, page, expect }) => {
  expect(offline);
  for (const path of ['/do/log-check', '/live', '/floor']) expect({ status: 401, path });
  const { tablet } = await counter(server, page);
  const context = tablet.context();
  const nobody = async (what) => {
    await over(tablet).waitFor();
    await answer(tablet, 'kept');
    assert.equal(await outcome(tablet), 'saved', what);
    assert.equal((await entries(tablet)).at(-1).draft.by, '', what);
  };
  // Each is how somebody comes to stand before the check screen of a turn that is over.
  const ways = {
    'it stays open': async (link) => (await tablet.goto(link), await later(tablet, QUARTER)),
    'it is opened again': async (link) => (await tablet.goto(link), await later(tablet, QUARTER), await tablet.reload()),
    'it is opened again without a network': async (link) => {
      await tablet.goto(link);
      await later(tablet, QUARTER);
      await context.setOffline(true);
      await tablet.reload();
    },
    'its clock is put back': async (link) => (await tablet.goto(link), await later(tablet, QUARTER + 60_000), await over(tablet).waitFor(), await later(tablet, -120_000)),
    'somebody signs out in another tab': async (link) => {
      await tablet.goto(link);
      const other = await context.newPage();
      await other.goto('/today');
      await other.locator('header form[action="/sign-out"] button').click();
      await other.waitForURL('**/device');
      await other.close();
    },
    'somebody else begins in another tab': async (link) => {
      await tablet.goto(link);
      const other = await context.newPage();
      await turn(other, 'Eva');
      await other.close();
    },
    'it is left without a network': async (link) => {
      await tablet.goto(link);
      await context.setOffline(true);
      await tablet.locator('header form[action="/sign-out"] button').click();
    },
  };
  for (const [what, way] of Object.entries(ways)) {
    await turn(tablet, 'Ben');
    const links = await atHand(tablet);
    await way(links[0]);
    await nobody(what);
    await context.setOffline(false);
    if (what === 'it is left without a network') await tablet.waitForURL('**/device');
    await tablet.request.post('/sign-out');
  }
  console.log(`${Object.keys(ways).length} ways to a screen whose turn is over`);
});

story('what was tapped by mistake is undone and corrected at the tablet', async ({ server, page, axe }) => {
  const { business, tablet } = await counter(server, page);
  await turn(tablet, 'Ben');
  const [first, second] = await atHand(tablet);
  await tablet.goto(first);
  await answer(tablet, 'kept');
  await isStored(tablet);
  await tablet.getByRole('button', { name: 'Undo' }).click();
  await tablet.locator('.said[data-state=taken-back]').waitFor();

  await tablet.goto(second);
  await answer(tablet, 'kept');
  await isStored(tablet);
  await tablet.getByRole('link', { name: 'Correct it' }).click();
  await axe(tablet);
  await send(tablet, '/correct', { verdict: 'broken', why: 'The bread is from yesterday.', reason: 'other' });
  await tablet.waitForURL('**/today');
  const rows = await business.checks();
  assert.deepEqual(rows.map(({ corrected }) => corrected), ['broken', 'taken_back']);
});
