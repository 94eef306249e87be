// How quick the check screen is in the hand, in milliseconds on a slow phone.
import assert from 'node:assert/strict';
import { story } from '../harness.mjs';
import { mill } from '../mill.mjs';
import { atHand, KEPT, offline } from '../phone.mjs';

const TRIES = 9;
const SLOWER = 6;

/** What may take so long at most, in milliseconds. */
const BUDGET = { open: 300, tap: 100 };

/** A page of nothing but some work, opened as often as the screen: how busy or slow the machine is just now. */
const YARDSTICK = `data:text/html,<script type="module">
  for (let sum = 0, at = 0; at < 3e6; at += 1) sum = (sum * 31 + at) | 0;
  performance.mark("awake");
</script>`;

/** How many milliseconds that takes, six times slower, on the two cores that the budget was measured on while they did nothing else. */
const IDLE = 280;

/** Notes when the paint was over that shows an answer to a tap. */
const watch = () => {
  let tapped;
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

/** Milliseconds from the beginning of the navigation until the page is awake. */
async function open(page, address) {
  await page.goto(address);
  const awake = () => performance.getEntriesByName('awake')[0]?.startTime;
  await page.waitForFunction(awake);
  return page.evaluate(awake);
}

/** Opens the screen again and again, then opens it and taps. The milliseconds until it is awake, and from the tap to its paint. */
async function measure(phone, empty, links) {
  const times = { open: [], tap: [], yardstick: [] };
  for (let tries = 0; tries < TRIES; tries += 1) times.yardstick.push(await open(empty, YARDSTICK));
  for (let tries = 0; tries < TRIES; tries += 1) times.open.push(await open(phone, links[tries % links.length]));
  for (let tries = 0; tries < TRIES; tries += 1) {
    await open(phone, links[tries % links.length]);
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
  for (const link of [links, links, links, links].flat()) await phone.goto(link, { waitUntil: 'networkidle' });
  const empty = await page({ width: 390 });
  for (const one of [phone, empty]) {
    const chromium = await one.context().newCDPSession(one);
    await chromium.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  }
  for (const network of ['with', 'without']) {
    await phone.context().setOffline(network === 'without');
    const times = await measure(phone, empty, links);
    const busy = Math.max(1, median(times.yardstick) / IDLE);
    console.log(`${SLOWER} times slower, ${network} a network, on a machine ${busy.toFixed(2)} times as slow as when idle (${list(times.yardstick)})`);
    for (const [what, budget] of Object.entries(BUDGET)) {
      const took = median(times[what]);
      console.log(`  ${what}: ${Math.round(took)} ms (${list(times[what])}); when idle ${Math.round(took / busy)} of ${budget} ms`);
      assert.ok(took / busy <= budget, `${what} took ${took} ms ${network} a network`);
    }
  }
});
