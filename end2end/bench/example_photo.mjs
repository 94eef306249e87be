// The largest contentful paint of a check screen with an example photo, on a slow phone with a weak signal.
import assert from 'node:assert/strict';
import { story } from '../harness.mjs';
import { testBusiness } from '../fixture.mjs';

const TRIES = 5;

/** Milliseconds until the largest contentful paint. */
const BUDGET = 2000;

/** Like Lighthouse for phones: four times slower, 150 ms latency, 1.6 Mbit/s down. */
const CPU_SLOWDOWN = 4;
const NETWORK = { offline: false, latency: 150, downloadThroughput: (1.6 * 1024 * 1024) / 8, uploadThroughput: (750 * 1024) / 8 };

/** A photograph with much detail (JPEG) of this width in pixels. */
async function photograph(page, width) {
  const bytes = await page.evaluate(async (width) => {
    const canvas = new OffscreenCanvas(width, (width * 3) / 4);
    const context = canvas.getContext('2d');
    for (let at = 0; at < 6000; at += 1) {
      context.fillStyle = `hsl(${Math.random() * 360} 40% ${20 + Math.random() * 60}%)`;
      context.fillRect(Math.random() * width, Math.random() * width, width / (10 + Math.random() * 60), width / (10 + Math.random() * 60));
    }
    const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 });
    return [...new Uint8Array(await blob.arrayBuffer())];
  }, width);
  return { name: 'picture.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(bytes) };
}

/** The time and the element of the largest contentful paint, and the size of the photo. */
const largestPaint = () =>
  new Promise((done) => {
    let last;
    new PerformanceObserver((list) => (last = list.getEntries().at(-1))).observe({ type: 'largest-contentful-paint', buffered: true });
    setTimeout(() => done([last.startTime, last.element?.localName, performance.getEntriesByType('resource').find(({ name }) => name.includes('/photos/'))?.encodedBodySize]), 1500);
  });

story('a check screen with an example photo is painted within its time budget', async ({ server, page }) => {
  const owner = await page();
  const business = await testBusiness(server, owner, { places: 2 });
  await owner.goto(`/guarantees/${business.guarantee}/photos`);
  const picture = await photograph(owner, 4000);
  await owner.locator('.examples input[type=file]').first().setInputFiles(picture);
  await owner.getByRole('button', { name: 'Show it' }).first().click();
  await owner.locator('.examples img').first().waitFor();
  const cookies = await owner.context().cookies();
  // The fastest of several runs: other work on the machine only makes it slower.
  const fastest = {};
  for (const [what, place] of [['with', 0], ['without', 1]]) {
    const times = [];
    let of;
    for (let tries = 0; tries < TRIES; tries += 1) {
      // A phone without a cache.
      const phone = await page({ width: 390, serviceWorkers: 'block' });
      await phone.context().addCookies(cookies);
      const chromium = await phone.context().newCDPSession(phone);
      await chromium.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWDOWN });
      await chromium.send('Network.emulateNetworkConditions', NETWORK);
      await phone.goto(`/check/${business.places[place].id}?guarantee=${business.guarantee}`);
      const [at, element, bytes] = await phone.evaluate(largestPaint);
      times.push(at);
      of = [element, bytes];
      await phone.context().close();
    }
    fastest[what] = Math.min(...times);
    console.log(`${what} a picture (${picture.buffer.length} bytes from the camera, ${of[1] ?? 0} over the air): ${Math.round(fastest[what])} ms, of ${of[0]} (${times.map(Math.round).join(' ')})`);
  }
  assert.ok(fastest.with <= BUDGET, `the largest paint came after ${fastest.with} ms`);
});
