// Two hundred bad days of four phones: whatever happens in whatever order, each check is stored once or said to be refused.
import assert from 'node:assert/strict';
import { dice, seed } from '../dice.mjs';
import { story } from '../harness.mjs';
import { mill } from '../mill.mjs';
import { Pocket } from '../pocket.mjs';

const RUNS = 200;
const PHONES = ['Ben', 'Eva', 'Ida', 'Tom'];

const steps = {
  tap: ({ pocket, tab, link, chance }) => pocket.tap(tab, link, chance.pick(['kept', 'kept', 'broken', 'not_applicable'])),
  tapAndKill: ({ pocket, tab, link }) => pocket.tapAndKill(tab, link),
  undo: ({ pocket, tab }) => pocket.undo(tab),
  reload: ({ pocket, tab }) => pocket.reload(tab),
  kill: ({ pocket, tab }) => pocket.kill(tab),
  cut: ({ pocket }) => pocket.cut(),
  restore: ({ pocket }) => pocket.restore(),
  signOut: ({ pocket }) => pocket.signOut(),
  signIn: ({ pocket }) => pocket.signIn(),
  badWeather: ({ pocket, chance }) => pocket.weather.push(chance.pick(['answer dropped', 'request dropped', 'overloaded', 'slow'])),
  // It is promised at this place no longer, then again: what was looked at in between is refused.
  withdraw: ({ business, pocket, link }) => business.withdraw(link.slice(7, 43), pocket),
  promise: ({ business, pocket }) => business.promiseAgain(pocket),
};

const often = { tap: 9, badWeather: 4, undo: 3, cut: 2, restore: 2 };
const cup = Object.keys(steps).flatMap((name) => Array(often[name] ?? 1).fill(name));

/** What became of each tap: one of these, and only one. */
function judge(pocket, refused, stored) {
  for (const tap of pocket.taps) {
    const row = stored.get(tap.id);
    const became = {
      stored: row !== undefined,
      'shown as refused': refused.some(({ draft, takes_back: takesBack }) => draft.id === tap.id && !takesBack),
      'refused on the screen': tap.said === 'rejected',
      'undone before it was sent': tap.said === 'never-sent',
    };
    const true_ = Object.keys(became).filter((name) => became[name]);
    assert.equal(true_.length, 1, `${JSON.stringify(tap)} is ${true_.join(' and ') || 'lost'}`);
    const undoing = refused.some(({ draft, takes_back: takesBack }) => draft.id === tap.id && takesBack);
    assert.ok(!undoing || !row, `what takes ${tap.id} back is refused`);
    if (!row) continue;
    assert.deepEqual([row.verdict, row.place], [tap.verdict, tap.place], 'as it was tapped');
    if (tap.said === 'taken-back') assert.equal(row.corrected, 'taken_back', `${tap.id} was taken back`);
    else if (!tap.undone) assert.equal(row.corrected, null, `nobody took ${tap.id} back`);
  }
}

/** One phone's part of the runs. Returns how many taps there were, and how many of them were refused. */
async function live({ business, pocket, token, runs }) {
  const known = new Set();
  const sum = { taps: 0, refused: 0 };
  for (const run of runs) {
    const chance = dice(run);
    const walked = [];
    try {
      for (let left = 4 + chance.below(5); left > 0; left -= 1) {
        const [name, tab, link] = [chance.pick(cup), chance.below(2), chance.pick(pocket.links)];
        walked.push(`${name} ${tab} ${pocket.links.indexOf(link)}`);
        await steps[name]({ business, pocket, tab, link, chance });
      }
      const refused = await pocket.settle();
      const rows = await business.checks({ token });
      judge(pocket, refused, new Map(rows.map((row) => [row.id, row])));
      // Nothing is there that was not tapped.
      const mine = new Set(pocket.taps.map(({ id }) => id));
      const strange = rows.filter(({ id }) => !known.has(id) && !mine.has(id));
      const unheard = refused.filter(({ draft }) => !mine.has(draft.id)).length;
      assert.ok(strange.length + unheard <= pocket.unheard, `${strange.length} nobody tapped`);
      rows.forEach(({ id }) => known.add(id));
      sum.taps += pocket.taps.length;
      sum.refused += pocket.taps.filter(({ said }) => said === 'rejected').length + refused.length;
      await pocket.see(refused.length);
      await business.promiseAgain(pocket);
    } catch (error) {
      error.message += `\nin run ${run} of TRIALMARK_SEED=${seed}: ${walked.join(', ')}`;
      throw error;
    }
  }
  return sum;
}

story(`${RUNS} runs of whatever may happen to a phone`, { timeout: 590_000 }, async ({ server, page, expect }) => {
  console.log(`the dice of these runs: TRIALMARK_SEED=${seed}`);
  for (const failure of ['net::ERR_INTERNET_DISCONNECTED', 'net::ERR_FAILED']) expect({ failure });
  for (const path of ['/do/log-check', '/do/correct-check']) expect({ status: 503, path });
  for (const status of [401, 404, 409]) expect({ status });
  const business = await mill(server, await page(), { sites: PHONES, places: 4 });
  const began = Date.now();
  const lives = PHONES.map(async (name, at) => {
    const places = business.places.filter(({ site_name: site }) => site === name);
    const phone = await business.phone(page, name, { site: name });
    const links = places.map(({ id }) => `/check/${id}?guarantee=${business.guarantee}`);
    const pocket = await Pocket.of(phone, links);
    const token = business.newToken('manager', '--site', name);
    const runs = Array.from({ length: RUNS / PHONES.length }, (_, run) => run * PHONES.length + at);
    return live({ business, pocket, token, runs });
  });
  const sums = await Promise.all(lives);
  const [taps, refused] = ['taps', 'refused'].map((name) => sums.reduce((sum, one) => sum + one[name], 0));
  console.log(`${RUNS} runs with ${taps} taps in ${Math.round((Date.now() - began) / 1000)} s; ${refused} refused in words, all others stored`);
  assert.ok(taps > RUNS && refused > 0, 'enough happened to prove something');
  assert.match(server.run('verify', '--business', 'brook-mill'), /is whole/);
});
