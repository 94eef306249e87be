// The outbox: whatever happens between a tap and the record, each check is stored once or said to be refused.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { story } from '../harness.mjs';
import { answer, atHand, entries, mill, outcome } from '../mill.mjs';

const offline = { failure: 'net::ERR_INTERNET_DISCONNECTED' };
const nothingWaits = '.outbox[data-waiting="0"]';

story('a code opens its place without a network, scanned or typed', async ({ server, page, axe, screenshot, expect }) => {
  expect(offline);
  const business = await mill(server, await page());
  const phone = await business.phone(page, 'Ben', { width: 320 });
  const [, { id, code }] = business.places;
  const isThere = () => phone.waitForURL(`**/check/${id}`);

  await phone.context().setOffline(true);
  await phone.goto(`/at/${code}`);
  await isThere();
  await answer(phone, 'kept');
  assert.equal(await outcome(phone), 'saved');
  for (const typed of [code.toLowerCase(), ` ${code.slice(0, 3)}-${code.slice(3)} `, code.replaceAll('0', 'o').replaceAll('1', 'l')]) {
    await phone.goto('/today');
    await phone.locator('form.code [name=code]').fill(typed);
    await phone.locator('form.code button').click();
    await isThere();
  }

  // One that nobody has is said to be unknown to this phone, and the round is there to go on with.
  for (const unknown of ['/at/ZZZZZZ', '/check?code=zz-zz-zz', '/at/nothing%20like%20it']) {
    await phone.goto(unknown);
    await phone.getByText('This code is not among the places that this phone has at hand').waitFor();
    assert.equal(await phone.evaluate(() => document.activeElement.id), 'elsewhere', 'it is read out');
  }
  await axe(phone);
  await screenshot(phone, 'code unknown offline');
  await phone.goto('/today');
  assert.equal(await phone.locator('#elsewhere').isVisible(), false);

  // With a network, codes are looked up there; where it does not answer, the phone goes by what it knows.
  await phone.context().setOffline(false);
  expect({ status: 404, path: '/at/ZZZZZZ' });
  assert.equal((await phone.goto('/at/ZZZZZZ')).status(), 404);
  server.child.kill('SIGSTOP');
  try {
    await phone.goto(`/at/${code}`);
    await isThere();
  } finally {
    server.child.kill('SIGCONT');
  }
});

/** Logs a check without a network, from the open round. */
async function whileAway(phone, { at = 0, verdict = 'kept', expected = 'saved' } = {}) {
  const links = await phone.locator('main .sites a[href^="/check/"]').evaluateAll((all) => all.map((one) => one.getAttribute('href')));
  await phone.context().setOffline(true);
  await phone.goto(links[at]);
  await answer(phone, verdict);
  await phone.locator(`.said[data-state=${expected}]`).waitFor();
}

/** It is said why, through a reload, until somebody has seen it. */
async function refusedUntilSeen(phone, why) {
  await phone.context().setOffline(false);
  const card = phone.locator('.refused li', { hasText: why });
  await card.waitFor();
  // The page that was held, then the page as it is by now.
  for (let times = 0; times < 2; times += 1) {
    await phone.reload({ waitUntil: 'networkidle' });
    await card.waitFor();
  }
  assert.match(await card.innerText(), /Not taken: .*counter/i);
  await card.getByRole('button', { name: 'I have seen it' }).click();
  await card.waitFor({ state: 'detached' });
  await phone.reload();
  await phone.locator(nothingWaits).waitFor({ state: 'attached' });
  assert.equal(await phone.locator('.refused li').count(), 0);
}

story('what is not taken any more is said in words, until somebody has seen it', async ({ server, page, expect, screenshot }) => {
  expect(offline);
  for (const status of [401, 403, 404, 409, 422]) expect({ status });
  const owner = await page();
  const business = await mill(server, owner, { sites: ['Dam Road', 'Mill Lane'], places: 1 });
  const [ben, eva, ida] = [await business.phone(page, 'Ben'), await business.phone(page, 'Eva'), await business.phone(page, 'Ida')];
  for (const phone of [ben, eva, ida]) await whileAway(phone);

  // Ben becomes an auditor, and Eva works at the other site only.
  const change = async (name, what) => {
    await owner.goto('/people');
    const member = owner.locator('main li', { hasText: name });
    await member.locator('summary').click();
    await what(member);
    await owner.waitForLoadState('load');
  };
  await change('Ben', (member) => member.locator('[name=role][value=auditor]').click());
  await change('Eva', async (member) => {
    await member.locator('[name=reach][value=sites]').check();
    await member.getByLabel('Mill Lane').check();
    await member.locator('form[action$="/reach"] button').click();
  });
  await refusedUntilSeen(ben, 'Your role does not allow this');
  await refusedUntilSeen(eva, 'not');
  await screenshot(ben, 'refused');

  // The promise is suspended while Ida is away.
  await business.move('suspend');
  await refusedUntilSeen(ida, 'No checks are taken for a guarantee in the state');
  assert.deepEqual(await business.checks(), []);
});

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
  await phone.locator(nothingWaits).waitFor({ state: 'attached' });
  const stored = (await business.checks()).map(({ id }) => id);
  assert.deepEqual(stored.sort(), kept.sort());
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
  for (const tab of [phone, other]) await tab.locator(nothingWaits).waitFor({ state: 'attached' });
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
    const tapped = Date.now();
    await whileAway(phone);
    assert.match((await entries(phone))[0].draft.at, new RegExp(`^${new Date().getUTCFullYear() + years}-`));
    await phone.waitForTimeout(3000);
    await phone.context().setOffline(false);
    await phone.locator(nothingWaits).waitFor({ state: 'attached' });
    const [check, ...more] = await business.checks();
    assert.deepEqual([more.length, check.skewed], [0, true]);
    const off = Math.abs(Date.parse(check.at) - tapped);
    assert.ok(off < 3000, `it is ${off} ms off, and was sent later than that`);
  });
}

story('what has left the phone by itself can still be undone', async ({ server, page, expect }) => {
  expect(offline);
  const business = await mill(server, await page());
  const phone = await business.phone(page, 'Ben');
  await whileAway(phone);
  await phone.context().setOffline(false);
  await phone.locator(nothingWaits).waitFor({ state: 'attached' });
  await phone.getByRole('button', { name: 'Undo' }).click();
  await phone.locator('[role=status][data-state=taken-back]').waitFor();
  await phone.locator(nothingWaits).waitFor({ state: 'attached' });
  assert.deepEqual((await business.checks()).map(({ corrected }) => corrected), ['not_applicable']);
});

story('what is undone while another tab sends is not sent behind its back', async ({ server, page, expect }) => {
  expect(offline);
  const business = await mill(server, await page());
  const phone = await business.phone(page, 'Ben');
  const links = await atHand(phone);
  const other = await phone.context().newPage();
  await phone.context().setOffline(true);
  await other.goto(links[0]);
  await answer(other, 'kept');
  assert.equal(await outcome(other), 'saved');
  await phone.goto(links[1]);
  await answer(phone, 'kept');
  assert.equal(await outcome(phone), 'saved');
  // The other tab sends its own first, slowly, and knows of the second one.
  const arrived = [];
  await phone.context().route('**/do/log-check', async (route) => {
    if (route.request().frame().page() === phone) return route.abort('internetdisconnected');
    arrived.push(route.request().postDataJSON().draft.id);
    await new Promise((done) => setTimeout(done, 1500));
    return route.continue().catch(() => {});
  });
  await other.context().setOffline(false);
  await other.waitForTimeout(500);
  await phone.getByRole('button', { name: 'Undo' }).click();
  const said = phone.locator('.said:is([data-state=never-sent], [data-state=taken-back])');
  await said.waitFor();
  const undone = await said.getAttribute('data-state');
  await phone.context().unroute('**/do/log-check', { behavior: 'wait' });
  for (const tab of [phone, other]) await tab.reload();
  for (const tab of [phone, other]) await tab.locator(nothingWaits).waitFor({ state: 'attached' });
  const standing = (await business.checks()).filter(({ corrected }) => corrected === null);
  assert.deepEqual(standing.map(({ place }) => place), [links[0].slice(7, 43)], undone);
});

story('a correction whose answer was lost is taken once, and not called refused', async ({ server, page, expect }) => {
  expect(offline);
  expect({ failure: 'net::ERR_FAILED' });
  const business = await mill(server, await page());
  const phone = await business.phone(page, 'Ben');
  const [link] = await atHand(phone);
  // Whatever is sent arrives, and its first answer does not.
  const heard = new Set();
  await phone.context().route('**/do/*', async (route) => {
    const path = new URL(route.request().url()).pathname;
    if (heard.has(path)) return route.continue();
    heard.add(path);
    await route.fetch();
    return route.abort();
  });
  await phone.goto(link);
  await answer(phone, 'kept');
  assert.equal(await outcome(phone), 'saved');
  await phone.getByRole('button', { name: 'Undo' }).click();
  await phone.locator('[role=status][data-state=taken-back]').waitFor();
  await phone.locator(nothingWaits).waitFor({ state: 'attached' });
  assert.deepEqual([...heard], ['/do/log-check', '/do/correct-check']);
  assert.equal(await phone.locator('.refused li').count(), 0);
  assert.deepEqual((await business.checks()).map(({ corrected }) => corrected), ['not_applicable']);
});
