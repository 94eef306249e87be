// Requests that are never answered time out and are sent again.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { story } from '../harness.mjs';
import { testBusiness } from '../fixture.mjs';
import { tapAnswer, waitForOfflinePages, waitForOutcome } from '../phone.mjs';

/** A proxy in front of the server. The first request to each of these paths hangs. */
async function startHangingProxy(server, hangs) {
  const left = new Set(Object.keys(hangs));
  const proxy = createServer((asked, answer) => {
    const path = asked.url.split('?')[0];
    const how = left.delete(path) ? hangs[path] : undefined;
    if (how === 'never read') return;
    const { method, headers } = asked;
    const onward = request(server.url + asked.url, { method, headers }, (came) => {
      // The request has arrived, but its response is dropped.
      if (how === 'never answered') return came.resume();
      answer.writeHead(came.statusCode, came.headers);
      if (how === 'never ended') return answer.write(' ');
      return came.pipe(answer);
    });
    onward.on('error', () => answer.destroy());
    asked.pipe(onward);
  });
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
  proxy.unref();
  return {
    left,
    url: `http://127.0.0.1:${proxy.address().port}`,
    close: () => (proxy.closeAllConnections(), proxy.close()),
  };
}

const LOG = '/do/log-check';
const CORRECT = '/do/correct-check';
const kinds = {
  'a check that is never read': { [LOG]: 'never read' },
  'a check that arrives and is never answered': { [LOG]: 'never answered' },
  'an answer that never ends': { [LOG]: 'never ended' },
  'a correction that is never read': { [CORRECT]: 'never read' },
  'a correction that arrives and is never answered': { [CORRECT]: 'never answered' },
  'a check and its correction': { [LOG]: 'never answered', [CORRECT]: 'never ended' },
};

story('a request that hangs times out and is retried', async ({ server, page, expect }) => {
  for (const failure of ['net::ERR_ABORTED', 'net::ERR_INCOMPLETE_CHUNKED_ENCODING', 'net::ERR_CONTENT_LENGTH_MISMATCH']) expect({ failure });
  const names = Object.keys(kinds);
  const business = await testBusiness(server, await page(), { places: names.length });
  const proxies = [];
  const runs = names.map(async (kind, at) => {
    const proxy = await startHangingProxy(server, kinds[kind]);
    proxies.push(proxy);
    const phone = await business.phone(page, `P${at}`, { baseURL: proxy.url });
    const link = (await waitForOfflinePages(phone))[at];
    await phone.goto(link);
    await tapAnswer(phone, 'kept');
    assert.match(await waitForOutcome(phone), /saved|stored/, kind);
    const takesBack = CORRECT in kinds[kind];
    if (takesBack) {
      await phone.getByRole('button', { name: 'Undo' }).click();
      if (kinds[kind][LOG]) await phone.locator('.check-status[data-state=taken-back]').waitFor();
      else await phone.waitForTimeout(16_000);
      // If undoing timed out, it is offered again.
      const again = phone.getByRole('button', { name: 'Undo' });
      if (await again.isVisible()) await again.click();
    }
    await phone.locator('.outbox[data-waiting="0"]').waitFor({ state: 'attached', timeout: 60_000 });
    const id = link.slice(7, 43);
    const until = Date.now() + 20_000;
    for (;;) {
      const rows = (await business.checks()).filter(({ place }) => place === id);
      const isDone = rows.length === 1 && rows[0].corrected === (takesBack ? 'taken_back' : null);
      if (isDone) break;
      assert.ok(Date.now() < until, `${kind}: ${JSON.stringify(rows)}`);
      await phone.waitForTimeout(300);
    }
    assert.equal(proxy.left.size, 0, kind);
  });
  const began = Date.now();
  await Promise.all(runs);
  console.log(`${names.length} kinds of requests that hang: all stored after ${Math.round((Date.now() - began) / 1000)} s`);
  for (const proxy of proxies) proxy.close();
});
