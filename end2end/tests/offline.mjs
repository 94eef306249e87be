// Without a network: everything that a page offers works, waiting checks are shown, and pages reload when the network is back.
import assert from 'node:assert/strict';
import { story } from '../harness.mjs';
import { testBusiness } from '../fixture.mjs';
import { demoPerson, moveDemoToNoon, signIn } from '../people.mjs';
import { dueChecks, KEPT_BUTTON, OFFLINE, outboxEntries, tapAnswer, waitForEmptyOutbox, waitForOfflinePages, waitForOutcome } from '../phone.mjs';

const wording = {
  title: 'Clean counters', promise: 'No crumbs on any counter, all day.', criteria: ['No crumbs'], mark: 90, remedy: 'A free coffee.', late_remedy: 'And a second one.',
  conditions: '', how_to_claim: 'Tell anyone.', acknowledge_minutes: 60, remedy_minutes: 240, proof: 3,
};

/** A second guarantee at the same places. */
async function addSecondGuarantee(business) {
  const { id: problem } = await business.post('/problems', { words: 'There are crumbs.', for_whom: 'Everyone', not_for_whom: '' });
  const places = business.places.map(({ id }) => id);
  const { id } = await business.post('/guarantees', { ...wording, problem, slug: 'clean-counters', places });
  await business.post(`/guarantees/${id}/moves`, { move: 'publish' });
  return id;
}

/** The addresses of the visible forms and links of the page. */
const visibleTargets = (page) =>
  page.evaluate(() => {
    const isSeen = (element) => element.checkVisibility({ visibilityProperty: true });
    const forms = [...document.forms].filter((form) => form.method === 'post' && isSeen(form));
    const links = [...document.querySelectorAll('a[href]')].filter(isSeen);
    return {
      forms: forms.map((form) => new URL(form.action).pathname),
      links: links.map((link) => new URL(link.href)).filter(({ hash }) => !hash).map(({ pathname }) => pathname),
    };
  });

story('every form and link on an offline page works, including several checks at once', async ({ server, page, expect, screenshot, axe }) => {
  expect(OFFLINE);
  const business = await testBusiness(server, await page(), { places: 2 });
  await addSecondGuarantee(business);
  const phone = await business.phone(page, 'Ben');
  const place = business.places[0].id;
  await phone.context().setOffline(true);
  for (const path of ['/today', '/floor', `/check/${place}`, `/check/${place}?guarantee=${business.guarantee}`, '/recoveries', '/settings']) {
    await phone.goto(path);
    await phone.locator('html[data-away]').waitFor();
    const { forms, links } = await visibleTargets(phone);
    const worksOffline = (form) => form === '/sign-out' || /^\/check\/[0-9a-f-]{36}(\/together)?$/.test(form);
    assert.deepEqual(forms.filter((form) => !worksOffline(form)), [], path);
    assert.deepEqual(links.filter((link) => !/^\/(today|check\/.*|)$/.test(link)), [], path);
  }
  await phone.goto(`/check/${place}`);
  await phone.getByText('Several kept at once').click();
  await axe(phone);
  await phone.getByRole('button', { name: 'Log all of these as kept' }).click();
  await phone.locator('#together-saved').waitFor();
  await screenshot(phone, 'several saved offline');
  const kept = (await outboxEntries(phone)).map(({ draft, about }) => [draft.place, draft.version, draft.verdict, about]);
  assert.deepEqual(kept.map(([, ...rest]) => rest.slice(0, 2)), [['1', 'kept'], ['1', 'kept']]);
  assert.match(kept[1][3], /Clean counters · .*counter/);
  await phone.goto('/today');
  await phone.locator('.sites .unsent:visible').nth(1).waitFor();
  assert.equal(await phone.locator('.sites .unsent:visible').count(), 2);
  await phone.context().setOffline(false);
  await waitForEmptyOutbox(phone);
  const rows = await business.checks();
  assert.deepEqual(rows.map(({ place, verdict }) => [place, verdict]), [[place, 'kept'], [place, 'kept']]);

  // With a network, the same form leads to the page of the server.
  await phone.goto(`/check/${place}`);
  await phone.getByText('Several kept at once').click();
  await phone.getByRole('button', { name: 'Log all of these as kept' }).click();
  await phone.waitForURL('**?together=2');
  assert.equal((await business.checks()).length, 4);
});

story('a deadline on a stored page counts down from the time the server last told', { demo: true }, async ({ page, expect }) => {
  expect(OFFLINE);
  await moveDemoToNoon(await page());
  const phone = await page({ width: 390 });
  await signIn(phone, demoPerson('maya'));
  await phone.waitForURL('**/today');
  await waitForOfflinePages(phone);
  const minutesLeft = async () => {
    const shown = await phone.locator('.clock').first().innerText();
    const minutes = Number(/(\d+)\smin/.exec(shown)?.[1] ?? 0);
    return shown.includes('late') ? -minutes : minutes;
  };
  const before = await minutesLeft();
  await phone.context().setOffline(true);
  await phone.evaluate(() => localStorage.setItem('heard', `${new Date(Date.now() + 600_000).toISOString()} ${new Date().toISOString()}`));
  await phone.goto('/today');
  await phone.locator('html[data-away]').waitFor();
  await phone.waitForTimeout(1500);
  const after = await minutesLeft();
  assert.ok(before - after >= 9 && before - after <= 11, `${before}, then ${after} minutes left`);
});

story('several checks at once are sent directly to the server if the phone storage is full', async ({ server, page }) => {
  const business = await testBusiness(server, await page());
  await addSecondGuarantee(business);
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
  assert.deepEqual(await outboxEntries(phone), []);
});

story('unsent checks are shown on offline pages', { demo: true }, async ({ page, expect, screenshot }) => {
  expect(OFFLINE);
  await moveDemoToNoon(await page());
  const phone = await page({ width: 390 });
  await signIn(phone, demoPerson('maya'));
  await phone.goto('/today');
  await waitForOfflinePages(phone);
  const [[first], headline] = [await dueChecks(phone), await phone.locator('h1').innerText()];
  const isDue = async () => (await dueChecks(phone)).some(({ window }) => window === first.window);
  await phone.context().setOffline(true);
  await phone.goto(first.link);
  await tapAnswer(phone, 'kept');
  assert.equal(await waitForOutcome(phone), 'saved');
  await phone.goto('/today');
  await phone.locator('.sites .unsent', { hasText: 'kept, waits on this phone' }).waitFor();
  assert.ok(!(await isDue()), 'it is not due any more');
  assert.notEqual(await phone.locator('h1').innerText(), headline);
  await screenshot(phone, 'today with what waits');
  // The check screen shows it, too. After undoing another check, one still waits.
  await phone.goto(first.link);
  await phone.locator('#ask .unsent').waitFor();
  await phone.locator(KEPT_BUTTON).click();
  assert.equal(await waitForOutcome(phone), 'saved');
  await phone.getByRole('button', { name: 'Undo' }).click();
  await phone.locator('.outbox[data-waiting="1"]').waitFor();

  // A page that could not be loaded is loaded once there is a network.
  await phone.goto('/recoveries');
  await phone.locator('h1', { hasText: 'due now' }).waitFor();
  await phone.context().setOffline(false);
  await phone.locator('h1', { hasText: /recover/ }).waitFor();
  await waitForEmptyOutbox(phone);
  await phone.goto('/today');
  assert.ok(!(await isDue()));
});

story('a page opened offline reloads and becomes live when the network returns', async ({ server, page, expect }) => {
  expect(OFFLINE);
  const business = await testBusiness(server, await page(), { places: 2 });
  const phone = await business.phone(page, 'Ben');
  const [link] = await waitForOfflinePages(phone);
  await phone.context().setOffline(true);
  await phone.goto(link);
  await tapAnswer(phone, 'kept');
  assert.equal(await waitForOutcome(phone), 'saved');
  await phone.goto('/today');
  const left = phone.locator('h1', { hasText: 'One of 2 promises has not been checked today.' });
  await left.waitFor();
  await phone.evaluate(() => (window.isOld = true));
  await phone.context().setOffline(false);
  await waitForEmptyOutbox(phone);
  // The page reloads by itself.
  await phone.waitForFunction(() => document.querySelector('script[data-revision]')?.dataset.page === '/today');
  await phone.locator('#rounds li.is-checked', { hasText: 'kept' }).waitFor();
  assert.equal(await phone.locator('.unsent:visible').count(), 0);
  await left.waitFor();
  // From then on it shows changes.
  await business.post('/checks', { id: crypto.randomUUID(), guarantee: business.guarantee, place: business.places[1].id, verdict: 'kept' });
  await phone.locator('h1', { hasText: 'Every promise has been checked today' }).waitFor();
});

story('signing out offline takes effect when the network returns, and deletes no stored pages before', async ({ server, page, expect, screenshot, axe }) => {
  expect(OFFLINE);
  for (const path of ['/do/log-check', '/live', '/floor']) expect({ status: 401, path });
  const business = await testBusiness(server, await page(), { places: 2 });
  const phone = await business.phone(page, 'Ben');
  const links = await waitForOfflinePages(phone);
  const storedPages = () => phone.evaluate(async () => (await (await caches.open('pages')).keys()).length);
  await phone.context().setOffline(true);
  await phone.goto('/today');
  const before = await storedPages();
  await phone.locator('form[action="/sign-out"] button').click();
  await phone.getByText('Nobody is signed in here now').waitFor();
  await screenshot(phone, 'signed out offline');
  await axe(phone);
  assert.equal(await storedPages(), before, 'nothing is deleted before it is done');
  // A check made now belongs to nobody, on every page and after a reload.
  await phone.goto(links[0]);
  await phone.getByText('Nobody is signed in here now').waitFor();
  await tapAnswer(phone, 'kept');
  assert.equal(await waitForOutcome(phone), 'saved');
  assert.deepEqual((await outboxEntries(phone)).map(({ draft }) => draft.by), ['']);

  await phone.context().setOffline(false);
  await phone.waitForURL(`${server.url}/`);
  const until = Date.now() + 5000;
  while ((await storedPages()) > 0) {
    assert.ok(Date.now() < until, 'the stored pages are deleted');
    await phone.waitForTimeout(100);
  }
  const again = await phone.request.get('/today', { maxRedirects: 0 });
  assert.equal(again.status(), 303, 'the session is over');
  assert.equal((await business.checks()).length, 0);

  await business.signIn(phone, 'Ben');
  await phone.waitForURL('**/today');
  await phone.locator('.outbox', { hasText: 'Made here while nobody was signed in: 1' }).waitFor();
  await phone.getByRole('button', { name: 'They are mine' }).click();
  await waitForEmptyOutbox(phone);
  assert.equal((await business.checks()).length, 1);
});

story('signing out is retried while the server is unavailable, and other tabs stay signed in until it succeeds', async ({ server, page, expect }) => {
  expect({ status: 503, path: '/sign-out' });
  for (const path of ['/do/log-check', '/live', '/floor']) expect({ status: 401, path });
  const business = await testBusiness(server, await page(), { places: 1 });
  const phone = await business.phone(page, 'Ben');
  await waitForOfflinePages(phone);
  const other = await phone.context().newPage();
  // Opening the sign-in page while signed in leads on, and signs nobody out.
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

story('a form submitted offline shows an error page and keeps its input', async ({ server, page, expect }) => {
  expect(OFFLINE);
  const owner = await page({ width: 1280 });
  const business = await testBusiness(server, owner, { places: 1 });
  await owner.goto('/today');
  await waitForOfflinePages(owner);
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
