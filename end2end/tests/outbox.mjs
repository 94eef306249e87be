// The outbox: whatever happens between a tap and the record, each check is stored once.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { story } from '../harness.mjs';
import { mill } from '../mill.mjs';
import { answer, atHand, entries, KEPT, nothingWaits, offline, outcome, whileAway } from '../phone.mjs';

/** Stands in front of the server, and answers as its next build would: with another worker, and a file under a new name. */
async function nextBuild(server) {
  let isNext = false;
  const proxy = createServer((asked, answer) => {
    const path = asked.url.replace('style-next.css', named);
    const { method, headers } = asked;
    const onward = request(server.url + path, { method, headers }, (came) => {
      answer.writeHead(came.statusCode, came.headers);
      came.pipe(answer);
    });
    onward.on('error', () => answer.destroy());
    if (asked.url !== '/sw.js' || !isNext) return asked.pipe(onward);
    answer.setHeader('content-type', 'text/javascript');
    answer.end(worker.replace(named, 'style-next.css'));
    return onward.destroy();
  });
  const worker = await (await fetch(`${server.url}/sw.js`)).text();
  const [named] = worker.match(/style-\w+\.css/);
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
  // A story that fails ends all the same.
  proxy.unref();
  return {
    url: `http://127.0.0.1:${proxy.address().port}`,
    release: () => (isNext = true),
    close: () => (proxy.closeAllConnections(), proxy.close()),
  };
}

story('a worker of the next build takes over while checks wait', async ({ server, page, expect }) => {
  expect(offline);
  expect({ failure: 'net::ERR_FAILED' });
  const front = await nextBuild(server);
  const business = await mill(server, await page());
  const phone = await business.phone(page, 'Ben', { baseURL: front.url });
  await whileAway(phone, { at: 0 });
  await phone.goto('/floor');
  await whileAway(phone, { at: 1, verdict: 'broken' });
  const kept = (await entries(phone)).map(({ draft }) => draft.id);
  assert.equal(kept.length, 2);

  // There is a network again, but no check gets through yet: the new worker comes first.
  await phone.route('**/do/*', (route) => route.abort());
  await phone.context().setOffline(false);
  front.release();
  await phone.goto('/today');
  await phone.evaluate(async () => {
    while (!(await (await caches.open('files')).match('/assets/style-next.css'))) await new Promise((done) => setTimeout(done, 50));
    while ((await navigator.serviceWorker.getRegistration()).active?.state !== 'activated') await new Promise((done) => setTimeout(done, 50));
  });
  assert.deepEqual((await entries(phone)).map(({ draft }) => draft.id), kept, 'the new one lost nothing');
  await phone.context().setOffline(true);
  await phone.goto('/today');
  await phone.locator('.outbox[data-waiting="2"]').waitFor();
  await phone.context().setOffline(false);
  await phone.unroute('**/do/*');
  await nothingWaits(phone);
  const stored = (await business.checks()).map(({ id }) => id);
  assert.deepEqual(stored.sort(), kept.sort());
  await phone.context().close();
  front.close();
});

story('a phone that is full says so, and loses nothing', async ({ server, page, expect, screenshot }) => {
  expect(offline);
  const business = await mill(server, await page());
  const phone = await business.phone(page, 'Ben', { width: 320 });

  // Chromium tells every page the same room, whatever there is; here it says what other browsers would.
  await phone.addInitScript(() => (StorageManager.prototype.estimate = async () => ({ quota: 3_000_000, usage: 1_000_000 })));
  await phone.goto('/today');
  await phone.getByText('This phone has hardly any room left').waitFor();
  await screenshot(phone, 'phone almost full');

  // There is none at all: the check goes out from the open page, which says that it is not stored yet, and stays.
  const chromium = await phone.context().newCDPSession(phone);
  await chromium.send('Storage.overrideQuotaForOrigin', { origin: server.url, quotaSize: 1 });
  // So long the browser goes by the room there was before.
  await phone.waitForTimeout(31_000);
  await whileAway(phone, { expected: 'waiting' });
  assert.deepEqual(await entries(phone), [], 'it could not be kept');
  await phone.getByText('Not stored yet').waitFor();
  await screenshot(phone, 'phone full');
  await phone.context().setOffline(false);
  await phone.locator('.said[data-state=stored]').waitFor();
  assert.deepEqual((await business.checks()).map(({ verdict }) => verdict), ['kept']);
});

story('what is tapped before the screen is awake waits for it', async ({ server, page, expect }) => {
  expect(offline);
  const business = await mill(server, await page());
  const phone = await business.phone(page, 'Ben');
  const [link] = await atHand(phone);
  // As soon as there is anything to tap: nobody is quicker.
  await phone.addInitScript((kept) => {
    window.addEventListener('DOMContentLoaded', () => {
      window.asleep = performance.getEntriesByName('awake').length === 0;
      document.querySelector(kept)?.click();
    });
  }, KEPT);
  await phone.context().setOffline(true);
  await phone.goto(link);
  assert.equal(await outcome(phone), 'saved');
  assert.equal(await phone.evaluate(() => window.asleep), true);
  assert.equal((await entries(phone)).length, 1);
});

story('two tabs that send at once store each check once', async ({ server, page, expect }) => {
  expect(offline);
  const business = await mill(server, await page(), { places: 5 });
  const phone = await business.phone(page, 'Ben');
  const context = phone.context();
  const links = await atHand(phone);
  await context.setOffline(true);
  for (const link of links) {
    await phone.goto(link);
    await answer(phone, 'kept');
    assert.equal(await outcome(phone), 'saved');
  }
  const kept = (await entries(phone)).map(({ draft }) => draft.id);
  const other = await context.newPage();
  await other.goto('/today');
  const sent = [];
  await context.route('**/do/log-check', async (route) => {
    sent.push(route.request().postDataJSON().draft.id);
    await new Promise((done) => setTimeout(done, 300));
    await route.continue().catch(() => {});
  });
  await context.setOffline(false);
  for (const tab of [phone, other]) await nothingWaits(tab);
  assert.ok(sent.length > links.length, 'both tabs have sent');
  const stored = (await business.checks()).map(({ id }) => id);
  assert.deepEqual(stored.sort(), kept.sort());
});

for (const years of [-10, 10]) {
  story(`a phone whose clock is ${years} years off is believed how long ago it was`, async ({ server, page, expect }) => {
    expect(offline);
    const business = await mill(server, await page());
    const phone = await business.phone(page, 'Ben');
    await phone.addInitScript((off) => {
      const now = Date.now;
      Date.now = () => now() + off;
    }, years * 365.25 * 86_400_000);
    const before = Date.now();
    await whileAway(phone);
    assert.match((await entries(phone))[0].draft.at, new RegExp(`^${new Date().getUTCFullYear() + years}-`));
    await phone.waitForTimeout(5000);
    const sent = Date.now();
    await phone.context().setOffline(false);
    await nothingWaits(phone);
    const [check, ...more] = await business.checks();
    assert.deepEqual([more.length, check.skewed], [0, true]);
    const at = Date.parse(check.at);
    assert.ok(before <= at && at < sent, `it was made ${at - before} ms after the page opened, and sent ${sent - before} ms after`);
  });
}
