// The service worker stores only answers of our server, whatever else answers in its place.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { story } from '../harness.mjs';
import { testBusiness } from '../fixture.mjs';
import { outboxEntries, tapAnswer, waitForEmptyOutbox, waitForOfflinePages, waitForOutcome } from '../phone.mjs';

const captivePortal = '<!doctype html><title>Welcome</title><h1>Sign in to the network of the station</h1>';

/** Foreign answers: status, headers and body. */
const foreignResponses = {
  'a page to sign in to the network': [200, { 'content-type': 'text/html' }, captivePortal],
  'the same without a type': [200, {}, captivePortal],
  'a page that looks like ours': [200, { 'content-type': 'text/html; charset=utf-8' }, `${captivePortal}<a href="/check/00000000-0000-7000-8000-000000000000">Trialmark</a>`],
  'an empty page': [200, { 'content-type': 'text/html' }, ''],
  'a word': [200, { 'content-type': 'text/plain' }, 'success'],
  'a document': [200, { 'content-type': 'application/json' }, '{"check":null}'],
  'a page for ever': [200, { 'content-type': 'text/html', 'cache-control': 'max-age=31536000' }, captivePortal],
  'nothing at all': [204, {}, ''],
  'not authenticated': [401, { 'content-type': 'text/html' }, captivePortal],
  'forbidden': [403, { 'content-type': 'text/html' }, captivePortal],
  'not found': [404, { 'content-type': 'text/html' }, captivePortal],
  'a gateway without a server': [502, { 'content-type': 'text/html' }, captivePortal],
  'the network asks to sign in': [511, { 'content-type': 'text/html' }, captivePortal],
};

/** A proxy in front of the server that answers with `instead` while that is set. */
async function startProxy(server) {
  const self = { instead: undefined, seen: [] };
  const proxy = createServer((asked, answer) => {
    if (self.instead) {
      const [status, headers, body] = self.instead;
      self.seen.push(`${asked.method} ${asked.url}`);
      asked.resume();
      return answer.writeHead(status, headers).end(body);
    }
    const { method, headers } = asked;
    const onward = request(server.url + asked.url, { method, headers }, (came) => {
      answer.writeHead(came.statusCode, came.headers);
      came.pipe(answer);
    });
    onward.on('error', () => answer.destroy());
    asked.pipe(onward);
  });
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
  proxy.unref();
  self.url = `http://127.0.0.1:${proxy.address().port}`;
  self.close = () => (proxy.closeAllConnections(), proxy.close());
  return self;
}

story('responses of other servers are never cached', async ({ server, page, expect }) => {
  for (const status of [401, 403, 404, 502, 511]) expect({ status });
  const proxy = await startProxy(server);
  const kinds = Object.entries(foreignResponses);
  const business = await testBusiness(server, await page(), { places: kinds.length });
  const phone = await business.phone(page, 'Ben', { baseURL: proxy.url });
  const links = await waitForOfflinePages(phone);
  const isStored = (link) =>
    phone.evaluate(async (link) => (await (await (await caches.open('pages')).match(link))?.text())?.includes('CheckScreen'), link);
  const files = () => phone.evaluate(async () => (await Promise.all((await (await caches.open('files')).matchAll()).map((one) => one.text()))).filter((text) => text.includes('Sign in to the network')).length);
  for (const [at, [kind, instead]] of kinds.entries()) {
    proxy.seen = [];
    proxy.instead = instead;
    await phone.goto(links[at], { waitUntil: 'commit' });
    // The service worker refreshes the page in the background, and gets the foreign answer.
    for (let tries = 0; tries < 100 && !proxy.seen.includes(`GET ${links[at]}`); tries += 1) await phone.waitForTimeout(50);
    assert.ok(proxy.seen.includes(`GET ${links[at]}`), `${kind}: it was refreshed`);
    await tapAnswer(phone, 'kept');
    assert.equal(await waitForOutcome(phone), 'saved', kind);
    assert.ok(proxy.seen.some((one) => one === 'POST /do/log-check'), `${kind}: the check was sent`);
    assert.equal(await isStored(links[at]), true, `${kind}: the stored check screen is unchanged`);
    assert.equal((await outboxEntries(phone)).filter(({ refused }) => !refused).length, at + 1, `${kind}: the check waits`);
  }
  assert.equal(await isStored('/floor'), false, 'the list is no check screen');
  assert.equal(await files(), 0);
  proxy.instead = undefined;
  await phone.goto('/today');
  await waitForEmptyOutbox(phone);
  assert.equal((await business.checks()).length, kinds.length, 'each is stored, once');
  console.log(`${kinds.length} foreign answers`);
  await phone.context().close();
  proxy.close();
});

story('responses of other servers do not replace the cached list or files', async ({ server, page, expect }) => {
  for (const status of [404, 511]) expect({ status });
  const proxy = await startProxy(server);
  const business = await testBusiness(server, await page(), { places: 1 });
  const phone = await business.phone(page, 'Ben', { baseURL: proxy.url });
  const [link] = await waitForOfflinePages(phone);
  const storedPages = () =>
    phone.evaluate(async (paths) => Promise.all(paths.map(async (path) => (await (await caches.open('pages')).match(path))?.text())), ['/floor', link, link.split('?')[0]]);
  const before = await storedPages();
  for (const [kind, instead] of Object.entries(foreignResponses).filter(([, [status]]) => status === 200)) {
    proxy.instead = instead;
    await phone.evaluate(() => navigator.serviceWorker.controller.postMessage('prepare'));
    await phone.waitForTimeout(300);
    // A file that is not stored yet.
    await phone.evaluate(() => fetch('/assets/later-000000000000.js').catch(() => {}));
    assert.deepEqual(await storedPages(), before, kind);
    assert.equal(await phone.evaluate(async () => Boolean(await caches.match('/assets/later-000000000000.js'))), false, kind);
  }
  await phone.context().close();
  proxy.close();
});
