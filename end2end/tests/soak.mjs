// Random trouble on four phones: whatever happens in whatever order, each check is stored once or reported as refused.
import assert from 'node:assert/strict';
import { rng, seed } from '../rng.mjs';
import { story } from '../harness.mjs';
import { testBusiness } from '../fixture.mjs';
import { OfflinePhone } from '../offline_phone.mjs';

const RUNS = 200;
const PHONES = ['Ben', 'Eva', 'Ida', 'Tom'];

const steps = {
  tap: ({ phone, tab, link, random }) => phone.tap(tab, link, random.pick(['kept', 'kept', 'broken', 'not_applicable'])),
  tapAndCloseTab: ({ phone, tab, link }) => phone.tapAndCloseTab(tab, link),
  undo: ({ phone, tab }) => phone.undo(tab),
  reload: ({ phone, tab }) => phone.reload(tab),
  closeTab: ({ phone, tab }) => phone.closeTab(tab),
  goOffline: ({ phone }) => phone.goOffline(),
  goOnline: ({ phone }) => phone.goOnline(),
  signOut: ({ phone }) => phone.signOut(),
  signIn: ({ phone }) => phone.signIn(),
  failRequest: ({ phone, random }) => phone.failures.push(random.pick(['answer dropped', 'request dropped', 'overloaded', 'slow'])),
  // A check is refused if it was made while the guarantee did not hold at the place.
  withdrawPlace: ({ business, phone, link }) => business.withdrawPlace(link.slice(7, 43), phone),
  restorePlace: ({ business, phone }) => business.restorePlace(phone),
};

const weights = { tap: 9, failRequest: 4, undo: 3, goOffline: 2, goOnline: 2 };
const weightedSteps = Object.keys(steps).flatMap((name) => Array(weights[name] ?? 1).fill(name));

/** Asserts that each tap has exactly one outcome. */
function assertOutcomes(phone, refused, stored) {
  for (const tap of phone.taps) {
    const row = stored.get(tap.id);
    const outcomes = {
      stored: row !== undefined,
      'shown as refused': refused.some(({ draft, takes_back: takesBack }) => draft.id === tap.id && !takesBack),
      'refused on the screen': tap.state === 'rejected',
      'undone before it was sent': tap.state === 'never-sent',
    };
    const actual = Object.keys(outcomes).filter((name) => outcomes[name]);
    assert.equal(actual.length, 1, `${JSON.stringify(tap)} is ${actual.join(' and ') || 'lost'}`);
    const isUndoRefused = refused.some(({ draft, takes_back: takesBack }) => draft.id === tap.id && takesBack);
    assert.ok(!isUndoRefused || !row, `undoing ${tap.id} was refused`);
    if (!row) continue;
    assert.deepEqual([row.verdict, row.place], [tap.verdict, tap.place], 'as it was tapped');
    if (tap.state === 'taken-back') assert.equal(row.corrected, 'taken_back', `${tap.id} was undone`);
    else if (!tap.undone) assert.equal(row.corrected, null, `nobody undid ${tap.id}`);
  }
}

/** Performs the runs of one phone. Returns how many taps there were, and how many of them were refused. */
async function performRuns({ business, phone, token, runs }) {
  const known = new Set();
  const sum = { taps: 0, refused: 0 };
  for (const run of runs) {
    const random = rng(run);
    const done = [];
    try {
      for (let left = 4 + random.below(5); left > 0; left -= 1) {
        const [name, tab, link] = [random.pick(weightedSteps), random.below(2), random.pick(phone.links)];
        done.push(`${name} ${tab} ${phone.links.indexOf(link)}`);
        await steps[name]({ business, phone, tab, link, random });
      }
      const refused = await phone.settle();
      const rows = await business.checks({ token });
      assertOutcomes(phone, refused, new Map(rows.map((row) => [row.id, row])));
      // No check is there that was not tapped.
      const tapped = new Set(phone.taps.map(({ id }) => id));
      const unknown = rows.filter(({ id }) => !known.has(id) && !tapped.has(id));
      const unknownRefused = refused.filter(({ draft }) => !tapped.has(draft.id)).length;
      assert.ok(unknown.length + unknownRefused <= phone.unconfirmed, `${unknown.length} were never tapped`);
      rows.forEach(({ id }) => known.add(id));
      sum.taps += phone.taps.length;
      sum.refused += phone.taps.filter(({ state }) => state === 'rejected').length + refused.length;
      await phone.deleteRefused(refused.length);
      await business.restorePlace(phone);
    } catch (error) {
      error.message += `\nin run ${run} of TRIALMARK_SEED=${seed}: ${done.join(', ')}`;
      throw error;
    }
  }
  return sum;
}

story(`no check is lost or duplicated in ${RUNS} random runs`, { timeout: 590_000 }, async ({ server, page, expect }) => {
  console.log(`the seed of these runs: TRIALMARK_SEED=${seed}`);
  for (const failure of ['net::ERR_INTERNET_DISCONNECTED', 'net::ERR_FAILED']) expect({ failure });
  for (const path of ['/do/log-check', '/do/correct-check']) expect({ status: 503, path });
  for (const status of [401, 404, 409]) expect({ status });
  const business = await testBusiness(server, await page(), { sites: PHONES, places: 4 });
  const began = Date.now();
  const all = PHONES.map(async (name, at) => {
    const places = business.places.filter(({ site_name: site }) => site === name);
    const firstTab = await business.phone(page, name, { site: name });
    const links = places.map(({ id }) => `/check/${id}?guarantee=${business.guarantee}`);
    const phone = await OfflinePhone.of(firstTab, links);
    const token = business.newToken('manager', '--site', name);
    const runs = Array.from({ length: RUNS / PHONES.length }, (_, run) => run * PHONES.length + at);
    return performRuns({ business, phone, token, runs });
  });
  const sums = await Promise.all(all);
  const [taps, refused] = ['taps', 'refused'].map((name) => sums.reduce((sum, one) => sum + one[name], 0));
  console.log(`${RUNS} runs with ${taps} taps in ${Math.round((Date.now() - began) / 1000)} s; ${refused} reported as refused, all others stored`);
  assert.ok(taps > RUNS && refused > 0, 'enough happened to prove something');
  assert.match(server.run('verify', '--business', 'brook-mill'), /is whole/);
});
