// Many tabs of one browser share one event stream, and each is up to date.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { story } from '../harness.mjs';
import { testBusiness } from '../fixture.mjs';

/** Returns a function that counts the open streamCounter of a browser. */
function streamCounter(context) {
  const open = new Set();
  context.on('request', (request) => new URL(request.url()).pathname === '/live' && open.add(request));
  for (const over of ['requestfinished', 'requestfailed']) context.on(over, (request) => open.delete(request));
  // Closing a tab fires no event for its requests.
  return () => [...open].filter((request) => !request.frame().page().isClosed()).length;
}

async function waitUntil(what, is) {
  const end = Date.now() + 15_000;
  while (!(await is())) {
    assert.ok(Date.now() < end, what);
    await new Promise((done) => setTimeout(done, 100));
  }
}

const kinds = {
  'with locks': () => {},
  'without locks, as on plain HTTP': () => Object.defineProperty(Navigator.prototype, 'locks', { value: undefined }),
};

for (const [kind, prepare] of Object.entries(kinds)) {
  story(`nine tabs share one event stream, ${kind}`, async ({ server, page }) => {
    const business = await testBusiness(server, await page(), { places: 4 });
    const first = await business.phone(page, 'Ben');
    const context = first.context();
    await context.addInitScript(prepare);
    const open = streamCounter(context);
    await first.goto('/today');
    const tabs = [first];
    while (tabs.length < 9) {
      const tab = await context.newPage();
      await tab.goto('/today');
      tabs.push(tab);
    }
    await waitUntil('one stream', () => open() === 1);

    const logCheck = async (at) => {
      const { id: place, name } = business.places[at];
      await business.post('/checks', { id: randomUUID(), guarantee: business.guarantee, place, verdict: 'kept' });
      return name;
    };
    const shows = (tab, name) => tab.locator('#rounds .sites li.is-checked', { hasText: name }).waitFor({ timeout: 15_000 });
    const name = await logCheck(0);
    await Promise.all(tabs.map((tab) => shows(tab, name)));

    // When the tab that holds the stream is closed, another one opens it.
    for (let at = 1; at < 4; at += 1) {
      await tabs.shift().close();
      await waitUntil('one stream again', () => open() === 1);
      const next = await logCheck(at);
      await Promise.all(tabs.map((tab) => shows(tab, next)));
      await waitUntil('no more than one', () => open() === 1);
    }
    // A tab that leaves and comes back is up to date again.
    await tabs[0].goto('/checks');
    await tabs[0].goBack();
    await waitUntil('one stream after going back', () => open() === 1);
  });
}
