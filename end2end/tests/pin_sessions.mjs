// PIN sessions at a shared tablet: when one ends, its pages say so, and checks made after that belong to nobody.
import assert from 'node:assert/strict';
import { story } from '../harness.mjs';
import { testBusiness } from '../fixture.mjs';
import { submit } from '../people.mjs';
import { OFFLINE, outboxEntries, tapAnswer, waitForEmptyOutbox, waitForOfflinePages, waitForOutcome, waitForStored } from '../phone.mjs';

const PASSWORD = 'wheels turn in the mill stream';
const PINS = { Ben: '274915', Eva: '618034' };
const SESSION_LENGTH = 15 * 60_000;

/** A business with a shared tablet, and members with PINs. */
async function sharedTablet(server, page) {
  const owner = await page({ width: 1280 });
  const business = await testBusiness(server, owner, { places: 2 });
  for (const [name, pin] of Object.entries(PINS)) {
    const phone = await business.phone(page, name);
    await phone.goto('/account');
    await submit(phone, '/account/pin', { pin, current: PASSWORD });
    await phone.context().close();
  }
  await owner.goto('/devices');
  await submit(owner, '/devices', { name: 'The tablet at the counter', site: { index: 0 } });
  const link = await owner.locator('code.token').innerText();
  const tablet = await page({ width: 768 });
  // Stories move the clock of the tablet forward.
  await tablet.context().addInitScript(() => {
    const now = Date.now.bind(Date);
    Date.now = () => now() + Number(localStorage.later ?? 0);
  });
  await tablet.goto(link);
  await submit(tablet, new URL(link).pathname);
  await tablet.waitForURL('**/device');
  return { business, tablet };
}

async function startPinSession(tablet, name) {
  await tablet.goto('/device');
  await tablet.getByRole('link', { name }).click();
  await submit(tablet, '', { pin: PINS[name] });
  await tablet.waitForURL('**/today');
}

const moveClock = (tablet, by) => tablet.evaluate((by) => (localStorage.later = Number(localStorage.later ?? 0) + by), by);
const signedOutNote = (tablet) => tablet.getByText('Nobody is signed in here now');

story('a check made after a PIN session ended is sent once somebody signs in and claims it', async ({ server, page, expect, axe, screenshot }) => {
  expect(OFFLINE);
  for (const path of ['/do/log-check', '/live', '/floor']) expect({ status: 401, path });
  const { business, tablet } = await sharedTablet(server, page);
  await startPinSession(tablet, 'Ben');
  const [link] = await waitForOfflinePages(tablet);
  const ben = await tablet.evaluate(() => document.documentElement.dataset.turn);
  await tablet.goto(link);
  await tablet.locator('a[href="#broken"]').click();
  await tablet.locator('#broken [name=note]').fill('Between us: the baker was late again');
  assert.equal(await signedOutNote(tablet).isVisible(), false);

  // The session ends after a quarter of an hour.
  await moveClock(tablet, SESSION_LENGTH);
  await signedOutNote(tablet).waitFor();
  await tablet.request.post('/sign-out');
  assert.equal(await tablet.locator('#broken [name=note]').inputValue(), '', 'the unfinished note is not shown');
  assert.equal(await tablet.locator('#broken').isVisible(), false);
  await axe(tablet);
  await screenshot(tablet, 'pin session over');
  await tapAnswer(tablet, 'kept');
  assert.equal(await waitForOutcome(tablet), 'saved');
  assert.deepEqual((await outboxEntries(tablet)).map(({ draft }) => draft.by), [''], 'it belongs to nobody');

  // Signing in alone does not send it.
  await startPinSession(tablet, 'Ben');
  assert.notEqual(await tablet.evaluate(() => document.documentElement.dataset.turn), ben);
  await tablet.locator('.outbox', { hasText: 'Made here while nobody was signed in: 1' }).waitFor();
  await tablet.waitForTimeout(2500);
  assert.deepEqual(await business.checks(), []);
  await tablet.locator('header form[action="/sign-out"] button').click();
  await tablet.waitForURL('**/device');
  const sent = [];
  await tablet.route('**/do/log-check', (route) => (sent.push(route.request().postDataJSON().draft.by), route.continue()));
  await startPinSession(tablet, 'Eva');
  await tablet.getByRole('button', { name: 'They are mine' }).click();
  await waitForEmptyOutbox(tablet);
  assert.equal((await business.checks()).length, 1);
  assert.match(sent[0], /^person:/);
});

story('a check on a page left open after a PIN session has no author', async ({ server, page, expect }) => {
  expect(OFFLINE);
  for (const path of ['/do/log-check', '/live', '/floor']) expect({ status: 401, path });
  const { tablet } = await sharedTablet(server, page);
  const context = tablet.context();
  const assertUnclaimed = async (what) => {
    await signedOutNote(tablet).waitFor();
    await tapAnswer(tablet, 'kept');
    assert.equal(await waitForOutcome(tablet), 'saved', what);
    assert.equal((await outboxEntries(tablet)).at(-1).draft.by, '', what);
  };
  // The ways in which a check screen can be open after its PIN session has ended.
  const ways = {
    'it stays open': async (link) => (await tablet.goto(link), await moveClock(tablet, SESSION_LENGTH)),
    'it is opened again': async (link) => (await tablet.goto(link), await moveClock(tablet, SESSION_LENGTH), await tablet.reload()),
    'it is opened again without a network': async (link) => {
      await tablet.goto(link);
      await moveClock(tablet, SESSION_LENGTH);
      await context.setOffline(true);
      await tablet.reload();
    },
    'its clock is put back': async (link) => (await tablet.goto(link), await moveClock(tablet, SESSION_LENGTH + 60_000), await signedOutNote(tablet).waitFor(), await moveClock(tablet, -120_000)),
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
      await startPinSession(other, 'Eva');
      await other.close();
    },
    'it is left without a network': async (link) => {
      await tablet.goto(link);
      await context.setOffline(true);
      await tablet.locator('header form[action="/sign-out"] button').click();
    },
  };
  for (const [what, way] of Object.entries(ways)) {
    await startPinSession(tablet, 'Ben');
    const links = await waitForOfflinePages(tablet);
    await way(links[0]);
    await assertUnclaimed(what);
    await context.setOffline(false);
    if (what === 'it is left without a network') await tablet.waitForURL('**/device');
    await tablet.request.post('/sign-out');
  }
  console.log(`${Object.keys(ways).length} ways to a check screen whose PIN session is over`);
});

story('a check can be undone and corrected on a shared tablet', async ({ server, page, axe }) => {
  const { business, tablet } = await sharedTablet(server, page);
  await startPinSession(tablet, 'Ben');
  const [first, second] = await waitForOfflinePages(tablet);
  await tablet.goto(first);
  await tapAnswer(tablet, 'kept');
  await waitForStored(tablet);
  await tablet.getByRole('button', { name: 'Undo' }).click();
  await tablet.locator('.check-status[data-state=taken-back]').waitFor();

  await tablet.goto(second);
  await tapAnswer(tablet, 'kept');
  await waitForStored(tablet);
  await tablet.getByRole('link', { name: 'Correct it' }).click();
  await axe(tablet);
  await submit(tablet, '/correct', { verdict: 'broken', why: 'The bread is from yesterday.', reason: 'other' });
  await tablet.waitForURL('**/today');
  const rows = await business.checks();
  assert.deepEqual(rows.map(({ corrected }) => corrected), ['broken', 'taken_back']);
});
