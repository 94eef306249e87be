// Without a network: what a page offers works, what waits is seen, and pages come back to life by themselves.
import assert from 'node:assert/strict';
import { story } from '../harness.mjs';
import { mill } from '../mill.mjs';
import { atNoon, prairie, signIn } from '../people.mjs';
import { answer, atHand, due, entries, KEPT, nothingWaits, offline, outcome } from '../phone.mjs';

const wording = {
  title: 'Clean counters', promise: 'No crumbs on any counter, all day.', criteria: ['No crumbs'], mark: 90, remedy: 'A free coffee.', late_remedy: 'And a second one.',
  conditions: '', how_to_claim: 'Tell anyone.', acknowledge_minutes: 60, remedy_minutes: 240, proof: 3,
};

/** A second promise at the same places. */
async function another(business) {
  const { id: problem } = await business.post('/problems', { words: 'There are crumbs.', for_whom: 'Everyone', not_for_whom: '' });
  const places = business.places.map(({ id }) => id);
  const { id } = await business.post('/guarantees', { ...wording, problem, slug: 'clean-counters', places });
  await business.post(`/guarantees/${id}/moves`, { move: 'publish' });
  return id;
}

/** What the page offers that sends a form by itself or leads to a page. */
const offered = (page) =>
  page.evaluate(() => {
    const isSeen = (element) => element.checkVisibility({ visibilityProperty: true });
    const forms = [...document.forms].filter((form) => form.method === 'post' && isSeen(form));
    const links = [...document.querySelectorAll('a[href]')].filter(isSeen);
    return {
      forms: forms.map((form) => new URL(form.action).pathname),
      links: links.map((link) => new URL(link.href)).filter(({ hash }) => !hash).map(({ pathname }) => pathname),
    };
  });

story('several kept at once, and whatever else a page offers, works without a network', async ({ server, page, expect, screenshot, axe }) => {
  expect(offline);
  const business = await mill(server, await page(), { places: 2 });
  await another(business);
  const phone = await business.phone(page, 'Ben');
  const place = business.places[0].id;
  await phone.context().setOffline(true);
  for (const path of ['/today', '/floor', `/check/${place}`, `/check/${place}?guarantee=${business.guarantee}`, '/recoveries', '/settings']) {
    await phone.goto(path);
    await phone.locator('html[data-away]').waitFor();
    const { forms, links } = await offered(phone);
    const able = (form) => form === '/sign-out' || /^\/check\/[0-9a-f-]{36}(\/together)?$/.test(form);
    assert.deepEqual(forms.filter((form) => !able(form)), [], path);
    assert.deepEqual(links.filter((link) => !/^\/(today|check\/.*|)$/.test(link)), [], path);
  }
  await phone.goto(`/check/${place}`);
  await phone.getByText('Several kept at once').click();
  await axe(phone);
  await phone.getByRole('button', { name: 'Log all of these as kept' }).click();
  await phone.locator('#together-saved').waitFor();
  await screenshot(phone, 'several saved offline');
  const kept = (await entries(phone)).map(({ draft, about }) => [draft.place, draft.version, draft.verdict, about]);
  assert.deepEqual(kept.map(([, ...rest]) => rest.slice(0, 2)), [['1', 'kept'], ['1', 'kept']]);
  assert.match(kept[1][3], /Clean counters · .*counter/);
  await phone.goto('/today');
  await phone.locator('.sites .unsent:visible').nth(1).waitFor();
  assert.equal(await phone.locator('.sites .unsent:visible').count(), 2);
  await phone.context().setOffline(false);
  await nothingWaits(phone);
  const rows = await business.checks();
  assert.deepEqual(rows.map(({ place, verdict }) => [place, verdict]), [[place, 'kept'], [place, 'kept']]);

  // With a network it is the same way, and ends where it always did.
  await phone.goto(`/check/${place}`);
  await phone.getByText('Several kept at once').click();
  await phone.getByRole('button', { name: 'Log all of these as kept' }).click();
  await phone.waitForURL('**?together=2');
  assert.equal((await business.checks()).length, 4);
});

story('several kept at once are not called saved where the phone has room for one of them', async ({ server, page }) => {
  const business = await mill(server, await page());
  await another(business);
  const phone = await business.phone(page, 'Ben');
  await phone.addInitScript(() => {
    const { add } = IDBObjectStore.prototype;
    let room = 1;
    IDBObjectStore.prototype.add = function (...what) {
      if (room-- <= 0) throw new DOMException('There is no room', 'QuotaExceededError');
      return add.apply(this, what);
    };
  });
  await phone.goto(`/check/${business.places[0].id}`);
  await phone.getByText('Several kept at once').click();
  await phone.getByRole('button', { name: 'Log all of these as kept' }).click();
  await phone.waitForURL('**?together=2');
  assert.deepEqual((await business.checks()).map(({ verdict }) => verdict), ['kept', 'kept']);
  assert.deepEqual(await entries(phone), []);
});

story('what waits is drawn over the round, and the page that was wanted comes by itself', { demo: true }, async ({ page, expect, screenshot }) => {
  expect(offline);
  await atNoon(await page());
  const phone = await page({ width: 390 });
  await signIn(phone, prairie('maya'));
  await phone.goto('/today');
  await atHand(phone);
  const [[first], headline] = [await due(phone), await phone.locator('h1').innerText()];
  const isDue = async () => (await due(phone)).some(({ window }) => window === first.window);
  await phone.context().setOffline(true);
  await phone.goto(first.link);
  await answer(phone, 'kept');
  assert.equal(await outcome(phone), 'saved');
  await phone.goto('/today');
  await phone.locator('.sites .unsent', { hasText: 'kept, waits on this phone' }).waitFor();
  assert.ok(!(await isDue()), 'it is due no longer');
  assert.notEqual(await phone.locator('h1').innerText(), headline);
  await screenshot(phone, 'today with what waits');
  // The check screen knows it, too; and what is undone there is due again.
  await phone.goto(first.link);
  await phone.locator('#ask .unsent').waitFor();
  await phone.locator(KEPT).click();
  assert.equal(await outcome(phone), 'saved');
  await phone.getByRole('button', { name: 'Undo' }).click();
  await phone.locator('.outbox[data-waiting="1"]').waitFor();

  // A page that there was no network for: it comes when there is one, and goes on by itself.
  await phone.goto('/recoveries');
  await phone.locator('h1', { hasText: 'due' }).waitFor();
  await phone.context().setOffline(false);
  await nothingWaits(phone);
  await phone.goto('/today');
  assert.ok(!(await isDue()));
});

story('a round that was opened without a network comes alive, and forgets what was sent', async ({ server, page, expect }) => {
  expect(offline);
  const business = await mill(server, await page(), { places: 2 });
  const phone = await business.phone(page, 'Ben');
  const [link] = await atHand(phone);
  await phone.context().setOffline(true);
  await phone.goto(link);
  await answer(phone, 'kept');
  assert.equal(await outcome(phone), 'saved');
  await phone.goto('/today');
  const left = phone.locator('h1', { hasText: 'One of 2 promises has not been looked at today.' });
  await left.waitFor();
  await phone.evaluate(() => (window.isOld = true));
  await phone.context().setOffline(false);
  await nothingWaits(phone);
  // By itself, and from the server.
  await phone.waitForFunction(() => document.querySelector('script[data-revision]')?.dataset.page === '/today');
  await phone.locator('#rounds li.looked', { hasText: 'kept' }).waitFor();
  assert.equal(await phone.locator('.unsent:visible').count(), 0);
  await left.waitFor();
  // And live from then on.
  await business.post('/checks', { id: crypto.randomUUID(), guarantee: business.guarantee, place: business.places[1].id, verdict: 'kept' });
  await phone.locator('h1', { hasText: 'Every promise has been looked at today' }).waitFor();
});

story('signing out without a network is done when there is one, and deletes nothing before', async ({ server, page, expect, screenshot, axe }) => {
  expect(offline);
  for (const path of ['/do/log-check', '/live', '/floor']) expect({ status: 401, path });
  const business = await mill(server, await page(), { places: 2 });
  const phone = await business.phone(page, 'Ben');
  const links = await atHand(phone);
  const held = () => phone.evaluate(async () => (await (await caches.open('pages')).keys()).length);
  await phone.context().setOffline(true);
  await phone.goto('/today');
  const before = await held();
  await phone.locator('form[action="/sign-out"] button').click();
  await phone.getByText('Nobody is signed in here now').waitFor();
  await screenshot(phone, 'signed out offline');
  await axe(phone);
  assert.equal(await held(), before, 'nothing is deleted before it is done');
  // Whoever taps now is nobody, on every page and after a reload.
  await phone.goto(links[0]);
  await phone.getByText('Nobody is signed in here now').waitFor();
  await answer(phone, 'kept');
  assert.equal(await outcome(phone), 'saved');
  assert.deepEqual((await entries(phone)).map(({ draft }) => draft.by), ['']);

  await phone.context().setOffline(false);
  await phone.waitForURL(`${server.url}/`);
  const until = Date.now() + 5000;
  while ((await held()) > 0) {
    assert.ok(Date.now() < until, 'the round is forgotten');
    await phone.waitForTimeout(100);
  }
  const again = await phone.request.get('/today', { maxRedirects: 0 });
  assert.equal(again.status(), 303, 'the session is over');
  assert.equal((await business.checks()).length, 0);

  await business.signIn(phone, 'Ben');
  await phone.waitForURL('**/today');
  await phone.locator('.outbox', { hasText: 'Made here while nobody was signed in: 1' }).waitFor();
  await phone.getByRole('button', { name: 'They are mine' }).click();
  await nothingWaits(phone);
  assert.equal((await business.checks()).length, 1);
});

story('signing out waits where the server cannot do it, and ends no other tab before', async ({ server, page, expect }) => {
  expect({ status: 503, path: '/sign-out' });
  for (const path of ['/do/log-check', '/live', '/floor']) expect({ status: 401, path });
  const business = await mill(server, await page(), { places: 1 });
  const phone = await business.phone(page, 'Ben');
  await atHand(phone);
  const other = await phone.context().newPage();
  // Somebody who is signed in and opens the sign-in page goes on, and nobody is out.
  await other.goto('/sign-in');
  assert.equal(new URL(other.url()).pathname, '/today');
  assert.ok(!(await phone.locator('html').evaluate((root) => root.hasAttribute('data-over'))));

  await phone.context().route('**/sign-out', (route) => route.fulfill({ status: 503, headers: { trialmark: '' }, body: 'busy' }));
  await phone.locator('form[action="/sign-out"] button').click();
  await phone.getByText('Nobody is signed in here now').waitFor();
  await phone.waitForTimeout(500);
  assert.ok(!(await other.locator('html').evaluate((root) => root.hasAttribute('data-over'))), 'the session is not over yet');
  await other.close();
  await phone.context().unroute('**/sign-out');
  await phone.waitForURL(`${server.url}/`, { timeout: 20_000 });
  const again = await phone.request.get('/today', { maxRedirects: 0 });
  assert.equal(again.status(), 303, 'the session is over');
});

story('a form that cannot be sent leads to a page of ours, which says so', async ({ server, page, expect }) => {
  expect(offline);
  const owner = await page({ width: 1280 });
  const business = await mill(server, owner, { places: 1 });
  await owner.goto('/today');
  await atHand(owner);
  await owner.goto(`/recoveries`);
  await owner.goto('/places');
  await owner.locator('form[action$="/sites"] [name=name]').fill('Weir Lane');
  await owner.context().setOffline(true);
  await owner.locator('form[action$="/sites"] button').last().click();
  await owner.getByText('There is no network: nothing was sent.').waitFor();
  await owner.context().setOffline(false);
  await owner.goto('/places');
  assert.equal(await owner.locator('form[action$="/sites"] [name=name]').inputValue(), 'Weir Lane');
  assert.equal(business.places.length, 1);
});
