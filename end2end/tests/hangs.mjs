// Requests that are never answered: each has an end, and what was asked is asked again.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { story } from '../harness.mjs';
import { mill } from '../mill.mjs';
import { answer, atHand, nothingWaits, outcome } from '../phone.mjs';

/** Stands in front of the server, and leaves what it is told to leave hanging the first time it comes. */
async function hanging(server, hangs) {
  const left = new Set(Object.keys(hangs));
  const proxy = createServer((asked, answer) => {
    const path = asked.url.split('?')[0];
    const how = left.delete(path) ? hangs[path] : undefined;
    if (how === 'never read') return;
    const { method, headers } = asked;
    const onward = request(server.url + asked.url, { method, headers }, (came) => {
      // It has arrived, and nobody hears of it.
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

const log = '/do/log-check';
const correct = '/do/correct-check';
const kinds = {
  'a check that is never read': { [log]: 'never read' },
  'a check that arrives and is never answered': { [log]: 'never answered' },
  'an answer that never ends': { [log]: 'never ended' },
  'a correction that is never read': { [correct]: 'never read' },
  'a correction that arrives and is never answered': { [correct]: 'never answered' },
  'a check and its correction': { [log]: 'never answered', [correct]: 'never ended' },
};

story('a request that hangs has an end, and is made again', async ({ server, page, expect }) => {
  for (const failure of ['net::ERR_ABORTED', 'net::ERR_INCOMPLETE_CHUNKED_ENCODING', 'net::ERR_CONTENT_LENGTH_MISMATCH']) expect({ failure });
  const names = Object.keys(kinds);
  const business = await mill(server, await page(), { places: names.length });
  const fronts = [];
  const lives = names.map(async (kind, at) => {
    const front = await hanging(server, kinds[kind]);
    fronts.push(front);
    const phone = await business.phone(page, `P${at}`, { baseURL: front.url });
    const link = (await atHand(phone))[at];
    await phone.goto(link);
    await answer(phone, 'kept');
    assert.match(await outcome(phone), /saved|stored/, kind);
    const takesBack = correct in kinds[kind];
    if (takesBack) {
      await phone.getByRole('button', { name: 'Undo' }).click();
      if (kinds[kind][log]) await phone.locator('.said[data-state=taken-back]').waitFor();
      else await phone.waitForTimeout(16_000);
      // What could not be taken back in time is offered again.
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
    assert.equal(front.left.size, 0, kind);
  });
  const began = Date.now();
  await Promise.all(lives);
  console.log(`${names.length} kinds of requests that hang: all stored after ${Math.round((Date.now() - began) / 1000)} s`);
  for (const front of fronts) front.close();
});
