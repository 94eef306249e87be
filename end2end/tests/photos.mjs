// Photos: taken on a phone, scaled down there, and sent with their check.
import assert from 'node:assert/strict';
import { story } from '../harness.mjs';
import { demoPerson, signIn } from '../people.mjs';

/** Scaling down a large picture takes long on a busy machine. */
const SCALED = { timeout: 60_000 };

const TRIAL_MARK_CHECK = 'a[href^="/check/"]:has-text("Trial mark")';

/** A random picture (PNG), drawn by the browser. */
async function randomPicture(page, width, height) {
  const bytes = await page.evaluate(async ([width, height]) => {
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d');
    for (let at = 0; at < 400; at += 1) {
      context.fillStyle = `hsl(${Math.random() * 360} 60% 50%)`;
      context.fillRect(Math.random() * width, Math.random() * height, width / 8, height / 8);
    }
    const blob = await canvas.convertToBlob({ type: 'image/png' });
    return [...new Uint8Array(await blob.arrayBuffer())];
  }, [width, height]);
  return { name: 'picture.png', mimeType: 'image/png', buffer: Buffer.from(bytes) };
}

/** The width and height of a JPEG, from its frame header (ITU T.81, B.2.2). */
function dimensions(jpeg) {
  for (let at = 2; at < jpeg.length; at += 2 + jpeg.readUInt16BE(at + 2)) {
    const marker = jpeg[at + 1];
    if (marker >= 0xc0 && marker <= 0xc2) return [jpeg.readUInt16BE(at + 7), jpeg.readUInt16BE(at + 5)];
  }
  return assert.fail('no frame in the picture');
}

async function openCheckScreen(phone) {
  await phone.goto('/today');
  await phone.locator(TRIAL_MARK_CHECK).first().click();
  await phone.locator('.outbox[data-waiting]').waitFor({ state: 'attached' });
}

story('a photo taken offline is scaled down and sent with its check', { demo: true }, async ({ page, axe, screenshot, expect }) => {
  expect({ failure: 'net::ERR_INTERNET_DISCONNECTED' });
  const phone = await page({ width: 320 });
  await signIn(phone, demoPerson('maya'));
  await phone.waitForURL('**/today');
  await openCheckScreen(phone);
  await axe(phone);
  await screenshot(phone, 'check with a picture');
  const sent = [];
  await phone.route('**/do/keep-photo?*', async (route) => {
    sent.push(route.request().postDataBuffer());
    await route.continue();
  });
  const picture = await randomPicture(phone, 4000, 3000);
  await phone.context().setOffline(true);
  await phone.locator('#ask input[type=file]').setInputFiles(picture);
  await phone.locator('form:has([name=verdict][value=kept]) button').first().click();
  await phone.locator('[role=status][data-state=saved]').waitFor(SCALED);
  await phone.reload().catch(() => {});
  await phone.locator('.outbox[data-waiting="1"]').waitFor();
  await phone.context().setOffline(false);
  await phone.locator('.outbox[data-waiting="0"]').waitFor({ state: 'attached', timeout: 40_000 });
  assert.equal(sent.length, 1);
  assert.deepEqual(dimensions(sent[0]), [1600, 1200]);
  console.log(`${picture.buffer.length} bytes from the camera, ${sent[0].length} over the air`);

  await phone.goto('/checks');
  const photoLink = phone.locator('.checks > li').first().locator('a[href^="/photos/"]');
  const shown = await phone.request.get(await photoLink.getAttribute('href'));
  assert.deepEqual(dimensions(await shown.body()), [1600, 1200]);
  await screenshot(phone, 'checks with a picture');

  // The same picture again is refused: on the screen, or in the list of refused checks if the screen already said "saved".
  expect({ status: 409, path: '/do/log-check' });
  await openCheckScreen(phone);
  await phone.locator('#ask input[type=file]').setInputFiles(picture);
  await phone.locator('form:has([name=verdict][value=kept]) button').first().click();
  await phone.locator(':is([role=status][data-state=rejected], .refused > li)', { hasText: 'here already' }).waitFor(SCALED);
  // A file that is no picture is not sent.
  await phone.locator('#ask input[type=file]').setInputFiles({ name: 'x.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('<svg/>') });
  await phone.locator('form:has([name=verdict][value=kept]) button').first().click();
  await phone.locator('[role=status][data-state=rejected]', { hasText: 'cannot be read' }).waitFor(SCALED);
  assert.equal(sent.length, 2);
});

story('an example photo is shown on the check screen without JavaScript and offline', { demo: true }, async ({ page, axe, screenshot, expect }) => {
  expect({ failure: 'net::ERR_INTERNET_DISCONNECTED' });
  const owner = await page({ width: 1280 });
  await signIn(owner, demoPerson('dana'));
  await owner.goto('/guarantees');
  await owner.getByRole('link', { name: 'Clean restrooms' }).first().click();
  await screenshot(owner, 'guarantee with pictures');
  await owner.getByRole('link', { name: /Choose.*Pictures/ }).click();
  const place = owner.locator('.examples > li').first();
  await place.locator('input[type=file]').setInputFiles(await randomPicture(owner, 1200, 900));
  await place.getByRole('button', { name: 'Show it' }).click();
  await owner.locator('.examples img').first().waitFor();
  await axe(owner);
  await screenshot(owner, 'pictures of a guarantee');

  const plain = await page({ width: 390, javaScriptEnabled: false });
  await signIn(plain, demoPerson('maya'));
  await plain.goto('/today');
  await plain.locator('main .sites a[href^="/check/"]:has-text("Clean restrooms")').first().waitFor();
  const links = await plain.locator('main .sites a[href^="/check/"]:has-text("Clean restrooms")').evaluateAll((all) => all.map((one) => one.getAttribute('href')));
  let shows;
  for (const link of links) {
    await plain.goto(link);
    if (await plain.locator('img.photo').count()) shows = link;
  }
  assert.ok(shows, 'one of them shows the photo');
  await plain.goto(shows);
  await screenshot(plain, 'check with what kept looks like');

  const phone = await page({ width: 390 });
  await signIn(phone, demoPerson('maya'));
  await phone.waitForURL('**/today');
  await phone.goto(shows);
  const loaded = () => phone.locator('img.photo').evaluate((image) => image.decode().then(() => image.naturalWidth, () => 0));
  assert.equal(await loaded(), 800, 'the small size');
  // Its size is reserved before it loads, and it is small.
  assert.deepEqual(await phone.locator('img.photo').evaluate((image) => [image.getAttribute('width'), image.getAttribute('height')]), ['800', '600']);
  const [moved, bytes] = await phone.evaluate(async () => {
    const moves = await new Promise((done) => new PerformanceObserver((list) => done(list.getEntries())).observe({ type: 'layout-shift', buffered: true }) ?? setTimeout(() => done([]), 500));
    const picture = performance.getEntriesByType('resource').find(({ name }) => name.includes('/photos/'));
    return [moves.reduce((sum, { value }) => sum + value, 0), picture.encodedBodySize];
  });
  assert.ok(moved < 0.02, `the page moved by ${moved}`);
  console.log(`the picture of what kept looks like: ${bytes} bytes`);
  for (let tries = 0; tries < 100 && !(await phone.evaluate(() => caches.match(document.querySelector('img.photo').src).then(Boolean))); tries += 1) await phone.waitForTimeout(200);
  await phone.context().setOffline(true);
  await phone.goto(shows);
  assert.equal(await loaded(), 800, 'without a network, too');
});
