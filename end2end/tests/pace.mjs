// How quick the check screen is in the hand: taps from the scan to the answer, and milliseconds on a slow phone.
import assert from 'node:assert/strict';
import { story } from '../harness.mjs';
import { mill } from '../mill.mjs';
import { atHand, KEPT, offline } from '../phone.mjs';

const TRIES = 9;
const SLOWER = 6;

/** What may take so long at most, in milliseconds. */
const BUDGET = { open: 300, tap: 100 };

/** How long `spin` takes, six times slowed down, where nothing else runs on the machine that the budget was set on. */
const IDLE = 60;

/** Work that is the same everywhere: how busy or slow this machine is. */
const spin = () => {
  const began = performance.now();
  let sum = 0;
  for (let at = 0; at < 8_000_000; at += 1) sum = (sum * 31 + at) | 0;
  return performance.now() - began + (sum & 0);
};

/** Counts taps, and notes when the paint was over that shows an answer to it. */
const watch = () => {
  window.taps = 0;
  let tapped;
  window.addEventListener('pointerdown', () => (window.taps += 1), true);
  window.addEventListener('click', (event) => (tapped = event.timeStamp), true);
  new MutationObserver((changes) => {
    const said = changes.some(({ target }) => target.matches('.said') && target.dataset.state !== 'asking');
    if (!said || window.painted !== undefined) return;
    window.painted = null;
    requestAnimationFrame(() => setTimeout(() => (window.painted = performance.now() - tapped)));
  }).observe(document, { subtree: true, attributes: true, attributeFilter: ['data-state'] });
};

const median = (all) => all.toSorted((one, other) => one - other)[Math.floor(all.length / 2)];
const list = (all) => all.map((one) => Math.round(one)).join(' ');

/** Opens the screen again and again and taps. The milliseconds to awake, and from the tap to its paint. */
async function measure(phone, links) {
  const times = { open: [], tap: [], spin: [] };
  for (let tries = 0; tries < TRIES; tries += 1) {
    await phone.goto(links[tries % links.length]);
    const awake = () => performance.getEntriesByName('awake')[0]?.startTime;
    await phone.waitForFunction(awake);
    times.open.push(await phone.evaluate(awake));
    times.spin.push(await phone.evaluate(spin));
    await phone.locator(KEPT).click();
    await phone.waitForFunction(() => typeof window.painted === 'number');
    times.tap.push(await phone.evaluate(() => window.painted));
    await phone.locator('.said:is([data-state=saved], [data-state=stored])').waitFor();
  }
  return times;
}

story('the check screen is quick on a slow phone, with a network and without', async ({ server, page, expect }) => {
  expect(offline);
  const business = await mill(server, await page());
  const phone = await business.phone(page, 'Ben');
  const links = await atHand(phone);
  await phone.addInitScript(watch);
  // Warm: what the browser keeps of the program is there after a few openings.
  for (const link of links) await phone.goto(link, { waitUntil: 'networkidle' });
  const chromium = await phone.context().newCDPSession(phone);
  await chromium.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  for (const network of ['with', 'without']) {
    await phone.context().setOffline(network === 'without');
    const times = await measure(phone, links);
    const busy = Math.max(1, median(times.spin) / IDLE);
    console.log(`${SLOWER} times slower, ${network} a network; this machine is ${busy.toFixed(2)} times as busy as an idle one (${list(times.spin)} ms)`);
    for (const [what, budget] of Object.entries(BUDGET)) {
      const [took, may] = [median(times[what]), budget * busy];
      console.log(`  ${what}: ${Math.round(took)} ms (${list(times[what])}), may be ${budget} × ${busy.toFixed(2)}`);
      assert.ok(took <= may, `${what} took ${took} ms ${network} a network`);
    }
  }
});

story('kept is three taps from the scan at most, broken five', async ({ server, page }) => {
  const business = await mill(server, await page());
  const phone = await business.phone(page, 'Ben', { width: 320 });
  await phone.addInitScript(watch);
  const taps = () => phone.evaluate(() => window.taps);

  await phone.goto(`/at/${business.places[0].code}`);
  await phone.locator(KEPT).tap();
  await phone.locator('.said[data-state=stored]').waitFor();
  const kept = await taps();

  await phone.goto(`/at/${business.places[1].code}`);
  await phone.locator('a[href="#broken"]').tap();
  await phone.locator('#broken label', { hasText: 'Price label beside it' }).tap();
  await phone.locator('#broken form button').last().tap();
  await phone.locator('.said[data-state=stored]').waitFor();
  const broken = await taps();

  console.log(`from the scan: kept in ${kept}, broken with its reason in ${broken} taps`);
  assert.ok(kept > 0 && kept <= 3 && broken > 0 && broken <= 5);
  const rows = (await business.checks()).map(({ verdict, reason }) => [verdict, reason]);
  assert.deepEqual(rows, [['broken', '1'], ['kept', null]]);
});
