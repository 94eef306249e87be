// The outbox: each check is stored once, through updates, full storage, several tabs and wrong clocks.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { story } from '../harness.mjs';
import { testBusiness } from '../fixture.mjs';
import { KEPT_BUTTON, logOffline, OFFLINE, outboxEntries, tapAnswer, waitForEmptyOutbox, waitForOfflinePages, waitForOutcome } from '../phone.mjs';

/** A proxy that can answer like the next build of the server: with another service worker, and a file under a new name. */
async function startNextBuildProxy(server) {
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
  // Otherwise a failed story would never end.
  proxy.unref();
  return {
    url: `http://127.0.0.1:${proxy.address().port}`,
    release: () => (isNext = true),
    close: () => (proxy.closeAllConnections(), proxy.close()),
  };
}

story('a new service worker takes over without losing unsent checks', async ({ server, page, expect }) => {
  expect(OFFLINE);
  expect({ failure: 'net::ERR_FAILED' });
  const proxy = await startNextBuildProxy(server);
  const business = await testBusiness(server, await page());
  const phone = await business.phone(page, 'Ben', { baseURL: proxy.url });
  await logOffline(phone, { at: 0 });
  await phone.goto('/floor');
  await logOffline(phone, { at: 1, verdict: 'broken' });
  const kept = (await outboxEntries(phone)).map(({ draft }) => draft.id);
  assert.equal(kept.length, 2);

  // There is a network again, but no check gets through before the new service worker is active.
  await phone.route('**/do/*', (route) => route.abort());
  await phone.context().setOffline(false);
  proxy.release();
  await phone.goto('/today');
  await phone.evaluate(async () => {
    while (!(await (await caches.open('files')).match('/assets/style-next.css'))) await new Promise((done) => setTimeout(done, 50));
    while ((await navigator.serviceWorker.getRegistration()).active?.state !== 'activated') await new Promise((done) => setTimeout(done, 50));
  });
  assert.deepEqual((await outboxEntries(phone)).map(({ draft }) => draft.id), kept, 'the new service worker lost nothing');
  await phone.context().setOffline(true);
  await phone.goto('/today');
  await phone.locator('.outbox[data-waiting="2"]').waitFor();
  await phone.context().setOffline(false);
  await phone.unroute('**/do/*');
  await waitForEmptyOutbox(phone);
  const stored = (await business.checks()).map(({ id }) => id);
  assert.deepEqual(stored.sort(), kept.sort());
  await phone.context().close();
  proxy.close();
});

story('a phone with full storage shows a warning and loses no check', async ({ server, page, expect, screenshot }) => {
  expect(OFFLINE);
  const business = await testBusiness(server, await page());
  const phone = await business.phone(page, 'Ben', { width: 320 });

  // Chromium reports a fixed quota to every page. This one is like that of other browsers.
  await phone.addInitScript(() => (StorageManager.prototype.estimate = async () => ({ quota: 3_000_000, usage: 1_000_000 })));
  await phone.goto('/today');
  await phone.getByText('This phone has hardly any room left').waitFor();
  await screenshot(phone, 'phone almost full');

  // Nothing can be stored: the open page keeps the check, says that it is not stored yet, and sends it.
  const chromium = await phone.context().newCDPSession(phone);
  await chromium.send('Storage.overrideQuotaForOrigin', { origin: server.url, quotaSize: 1 });
  // Chromium uses the old quota for this long.
  await phone.waitForTimeout(31_000);
  await logOffline(phone, { expected: 'waiting' });
  assert.deepEqual(await outboxEntries(phone), [], 'it could not be stored on the phone');
  await phone.getByText('Not stored yet').waitFor();
  await screenshot(phone, 'phone full');
  await phone.context().setOffline(false);
  await phone.locator('.check-status[data-state=stored]').waitFor();
  assert.deepEqual((await business.checks()).map(({ verdict }) => verdict), ['kept']);
});

story('a tap before hydration is not lost', async ({ server, page, expect }) => {
  expect(OFFLINE);
  const business = await testBusiness(server, await page());
  const phone = await business.phone(page, 'Ben');
  const [link] = await waitForOfflinePages(phone);
  // Taps as soon as the button exists.
  await phone.addInitScript((kept) => {
    window.addEventListener('DOMContentLoaded', () => {
      window.tappedEarly = performance.getEntriesByName('hydrated').length === 0;
      document.querySelector(kept)?.click();
    });
  }, KEPT_BUTTON);
  await phone.context().setOffline(true);
  await phone.goto(link);
  assert.equal(await waitForOutcome(phone), 'saved');
  assert.equal(await phone.evaluate(() => window.tappedEarly), true);
  assert.equal((await outboxEntries(phone)).length, 1);
});

story('two tabs that send at the same time store each check once', async ({ server, page, expect }) => {
  expect(OFFLINE);
  const business = await testBusiness(server, await page(), { places: 5 });
  const phone = await business.phone(page, 'Ben');
  const context = phone.context();
  const links = await waitForOfflinePages(phone);
  await context.setOffline(true);
  for (const link of links) {
    await phone.goto(link);
    await tapAnswer(phone, 'kept');
    assert.equal(await waitForOutcome(phone), 'saved');
  }
  const kept = (await outboxEntries(phone)).map(({ draft }) => draft.id);
  const other = await context.newPage();
  await other.goto('/today');
  const sent = [];
  await context.route('**/do/log-check', async (route) => {
    sent.push(route.request().postDataJSON().draft.id);
    await new Promise((done) => setTimeout(done, 300));
    await route.continue().catch(() => {});
  });
  await context.setOffline(false);
  for (const tab of [phone, other]) await waitForEmptyOutbox(tab);
  assert.ok(sent.length > links.length, 'both tabs have sent');
  const stored = (await business.checks()).map(({ id }) => id);
  assert.deepEqual(stored.sort(), kept.sort());
});

for (const years of [-10, 10]) {
  story(`a check from a phone whose clock is ${years} years off is dated by its age`, async ({ server, page, expect }) => {
    expect(OFFLINE);
    const business = await testBusiness(server, await page());
    const phone = await business.phone(page, 'Ben');
    await phone.addInitScript((off) => {
      const now = Date.now;
      Date.now = () => now() + off;
    }, years * 365.25 * 86_400_000);
    const before = Date.now();
    await logOffline(phone);
    assert.match((await outboxEntries(phone))[0].draft.at, new RegExp(`^${new Date().getUTCFullYear() + years}-`));
    await phone.waitForTimeout(5000);
    const sent = Date.now();
    await phone.context().setOffline(false);
    await waitForEmptyOutbox(phone);
    const [check, ...more] = await business.checks();
    assert.deepEqual([more.length, check.skewed], [0, true]);
    const at = Date.parse(check.at);
    assert.ok(before <= at && at < sent, `it was made ${at - before} ms after the page opened, and sent ${sent - before} ms after`);
  });
}
