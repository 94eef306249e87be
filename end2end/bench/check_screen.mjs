// How fast the check screen opens and reacts on a slow phone, in milliseconds.
import assert from 'node:assert/strict';
import { story } from '../harness.mjs';
import { testBusiness } from '../fixture.mjs';
import { KEPT_BUTTON, OFFLINE, waitForOfflinePages } from '../phone.mjs';

const TRIES = 9;
const CPU_SLOWDOWN = 6;

/** The budgets, in milliseconds. */
const BUDGET = { open: 300, tap: 100 };

/** A page with a fixed amount of work. It shows how slow the machine is at the moment. */
const YARDSTICK = `data:text/html,<script type="module">
  for (let sum = 0, at = 0; at < 3e6; at += 1) sum = (sum * 31 + at) | 0;
  performance.mark("hydrated");
</script>`;

/** How long that takes on the idle machine that the budgets were measured on, with this slowdown, in milliseconds. */
const YARDSTICK_IDLE = 280;

/** Records when the paint that shows the answer to a tap was done. */
const recordPaint = () => {
  let tapped;
  window.addEventListener('click', (event) => (tapped = event.timeStamp), true);
  new MutationObserver((changes) => {
    const isAnswered = changes.some(({ target }) => target.matches('.check-status') && target.dataset.state !== 'asking');
    if (!isAnswered || window.painted !== undefined) return;
    window.painted = null;
    requestAnimationFrame(() => setTimeout(() => (window.painted = performance.now() - tapped)));
  }).observe(document, { subtree: true, attributes: true, attributeFilter: ['data-state'] });
};

const median = (all) => all.toSorted((one, other) => one - other)[Math.floor(all.length / 2)];
const list = (all) => all.map((one) => Math.round(one)).join(' ');

/** Milliseconds from the beginning of the navigation until the page is hydrated. */
async function open(page, address) {
  await page.goto(address);
  const hydrated = () => performance.getEntriesByName('hydrated')[0]?.startTime;
  await page.waitForFunction(hydrated);
  return page.evaluate(hydrated);
}

/** Opens the screen several times, then opens it and taps. Returns the times until it is hydrated, and from the tap to its paint, in milliseconds. */
async function measure(phone, empty, links) {
  const times = { open: [], tap: [], yardstick: [] };
  for (let tries = 0; tries < TRIES; tries += 1) times.yardstick.push(await open(empty, YARDSTICK));
  for (let tries = 0; tries < TRIES; tries += 1) times.open.push(await open(phone, links[tries % links.length]));
  for (let tries = 0; tries < TRIES; tries += 1) {
    await open(phone, links[tries % links.length]);
    await phone.locator(KEPT_BUTTON).click();
    await phone.waitForFunction(() => typeof window.painted === 'number');
    times.tap.push(await phone.evaluate(() => window.painted));
    await phone.locator('.check-status:is([data-state=saved], [data-state=stored])').waitFor();
  }
  return times;
}

story('the check screen meets its time budget on a slow phone, online and offline', async ({ server, page, expect }) => {
  expect(OFFLINE);
  const business = await testBusiness(server, await page());
  const phone = await business.phone(page, 'Ben');
  const links = await waitForOfflinePages(phone);
  await phone.addInitScript(recordPaint);
  // Warm up: the browser caches the compiled program after a few openings.
  for (const link of [links, links, links, links].flat()) await phone.goto(link, { waitUntil: 'networkidle' });
  const empty = await page({ width: 390 });
  for (const tab of [phone, empty]) {
    const chromium = await tab.context().newCDPSession(tab);
    await chromium.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWDOWN });
  }
  for (const network of ['with', 'without']) {
    await phone.context().setOffline(network === 'without');
    const times = await measure(phone, empty, links);
    const busy = Math.max(1, median(times.yardstick) / YARDSTICK_IDLE);
    console.log(`${CPU_SLOWDOWN} times slower, ${network} a network, on a machine ${busy.toFixed(2)} times as slow as when idle (${list(times.yardstick)})`);
    for (const [what, budget] of Object.entries(BUDGET)) {
      const took = median(times[what]);
      console.log(`  ${what}: ${Math.round(took)} ms (${list(times[what])}); when idle ${Math.round(took / busy)} of ${budget} ms`);
      assert.ok(took / busy <= budget, `${what} took ${took} ms ${network} a network`);
    }
  }
});
