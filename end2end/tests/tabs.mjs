// Many tabs of one browser: one stream for all of them, and each is up to date.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { story } from '../harness.mjs';
import { mill } from '../mill.mjs';

/** The streams that a browser holds open. */
function streams(context) {
  const open = new Set();
  context.on('request', (request) => new URL(request.url()).pathname === '/live' && open.add(request));
  for (const over of ['requestfinished', 'requestfailed']) context.on(over, (request) => open.delete(request));
  // Nothing is said of the requests of a tab that is closed.
  return () => [...open].filter((request) => !request.frame().page().isClosed()).length;
}

async function until(what, is) {
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
  story(`nine tabs share one stream, ${kind}`, async ({ server, page }) => {
    const business = await mill(server, await page(), { places: 4 });
    const first = await business.phone(page, 'Ben');
    const context = first.context();
    await context.addInitScript(prepare);
    const open = streams(context);
    await first.goto('/today');
    const tabs = [first];
    while (tabs.length < 9) {
      const tab = await context.newPage();
      await tab.goto('/today');
      tabs.push(tab);
    }
    await until('one stream', () => open() === 1);

    const look = async (at) => {
      const { id: place, name } = business.places[at];
      await business.post('/checks', { id: randomUUID(), guarantee: business.guarantee, place, verdict: 'kept' });
      return name;
    };
    const shows = (tab, name) => tab.locator('#rounds .sites li.looked', { hasText: name }).waitFor({ timeout: 15_000 });
    const [one] = [await look(0)];
    await Promise.all(tabs.map((tab) => shows(tab, one)));

    // Whichever of them holds it goes: another one holds it then.
    for (let at = 1; at < 4; at += 1) {
      await tabs.shift().close();
      await until('one stream again', () => open() === 1);
      const next = await look(at);
      await Promise.all(tabs.map((tab) => shows(tab, next)));
      await until('no more than one', () => open() === 1);
    }
    // Who goes elsewhere and comes back hears again.
    await tabs[0].goto('/checks');
    await tabs[0].goBack();
    await until('one stream after going back', () => open() === 1);
  });
}
