// The worker keeps our own pages and nothing else, whatever answers in our place on the way.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { story } from '../harness.mjs';
import { mill } from '../mill.mjs';
import { answer, atHand, entries, nothingWaits, outcome } from '../phone.mjs';

const portal = '<!doctype html><title>Welcome</title><h1>Sign in to the network of the station</h1>';

/** What answers in our place: a status, its headers and its body. */
const foreign = {
  'a page to sign in to the network': [200, { 'content-type': 'text/html' }, portal],
  'the same without a type': [200, {}, portal],
  'a page that looks like ours': [200, { 'content-type': 'text/html; charset=utf-8' }, `${portal}<a href="/check/00000000-0000-7000-8000-000000000000">Trialmark</a>`],
  'an empty page': [200, { 'content-type': 'text/html' }, ''],
  'a word': [200, { 'content-type': 'text/plain' }, 'success'],
  'a document': [200, { 'content-type': 'application/json' }, '{"check":null}'],
  'a page for ever': [200, { 'content-type': 'text/html', 'cache-control': 'max-age=31536000' }, portal],
  'nothing at all': [204, {}, ''],
  'not authenticated': [401, { 'content-type': 'text/html' }, portal],
  'forbidden': [403, { 'content-type': 'text/html' }, portal],
  'not found': [404, { 'content-type': 'text/html' }, portal],
  'a gateway without a server': [502, { 'content-type': 'text/html' }, portal],
  'the network asks to sign in': [511, { 'content-type': 'text/html' }, portal],
};

/** Stands in front of the server, and answers in its place while it is told to. */
async function front(server) {
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

story('what answers in our place on the way is never kept', async ({ server, page, expect }) => {
  for (const status of [401, 403, 404, 502, 511]) expect({ status });
  const way = await front(server);
  const kinds = Object.entries(foreign);
  const business = await mill(server, await page(), { places: kinds.length });
  const phone = await business.phone(page, 'Ben', { baseURL: way.url });
  const links = await atHand(phone);
  const isKept = (link) =>
    phone.evaluate(async (link) => (await (await (await caches.open('pages')).match(link))?.text())?.includes('CheckScreen'), link);
  const files = () => phone.evaluate(async () => (await Promise.all((await (await caches.open('files')).matchAll()).map((one) => one.text()))).filter((text) => text.includes('Sign in to the network')).length);
  for (const [at, [kind, instead]] of kinds.entries()) {
    way.seen = [];
    way.instead = instead;
    await phone.goto(links[at], { waitUntil: 'commit' });
    // The worker asks for it anew in the background, and gets that.
    for (let tries = 0; tries < 100 && !way.seen.includes(`GET ${links[at]}`); tries += 1) await phone.waitForTimeout(50);
    assert.ok(way.seen.includes(`GET ${links[at]}`), `${kind}: it was asked for anew`);
    await answer(phone, 'kept');
    assert.equal(await outcome(phone), 'saved', kind);
    assert.ok(way.seen.some((one) => one === 'POST /do/log-check'), `${kind}: it was sent there`);
    assert.equal(await isKept(links[at]), true, `${kind}: the check screen is what it was`);
    assert.equal((await entries(phone)).filter(({ refused }) => !refused).length, at + 1, `${kind}: what was logged waits`);
  }
  assert.equal(await isKept('/floor'), false, 'the round is no check screen');
  assert.equal(await files(), 0);
  way.instead = undefined;
  await phone.goto('/today');
  await nothingWaits(phone);
  assert.equal((await business.checks()).length, kinds.length, 'each is stored, once');
  console.log(`${kinds.length} answers that are not ours`);
  await phone.context().close();
  way.close();
});

story('what takes the place of the floor and its files is not kept either', async ({ server, page, expect }) => {
  for (const status of [404, 511]) expect({ status });
  const way = await front(server);
  const business = await mill(server, await page(), { places: 1 });
  const phone = await business.phone(page, 'Ben', { baseURL: way.url });
  const [link] = await atHand(phone);
  const kept = () =>
    phone.evaluate(async (paths) => Promise.all(paths.map(async (path) => (await (await caches.open('pages')).match(path))?.text())), ['/floor', link, link.split('?')[0]]);
  const before = await kept();
  for (const [kind, instead] of Object.entries(foreign).filter(([, [status]]) => status === 200)) {
    way.instead = instead;
    await phone.evaluate(() => navigator.serviceWorker.controller.postMessage('prepare'));
    await phone.waitForTimeout(300);
    // A file that this phone has not got yet.
    await phone.evaluate(() => fetch('/assets/later-000000000000.js').catch(() => {}));
    assert.deepEqual(await kept(), before, kind);
    assert.equal(await phone.evaluate(async () => Boolean(await caches.match('/assets/later-000000000000.js'))), false, kind);
  }
  await phone.context().close();
  way.close();
});
