// Keyboard and screen reader users keep their place: when a control disappears, the focus moves to what follows. Each page has
// exactly one visible h1.
import assert from 'node:assert/strict';
import { FORMS, businessForms, submitEmpty } from '../empty_forms.mjs';
import { story } from '../harness.mjs';
import { testBusiness } from '../fixture.mjs';
import { owner as ada, submit } from '../people.mjs';
import { KEPT_BUTTON, logOffline, OFFLINE, waitForOfflinePages } from '../phone.mjs';

/** The focused element, and the visible h1 headings. */
const focusState = (page) =>
  page.evaluate(() => {
    const { localName, id, className, isConnected } = document.activeElement ?? document.body;
    const shown = [...document.querySelectorAll('h1')].filter((heading) => heading.checkVisibility({ visibilityProperty: true }));
    return { focus: [localName, id && `#${id}`, className && `.${className.split(' ')[0]}`].filter(Boolean).join(''), isConnected, headings: shown.map((one) => one.innerText) };
  });

/** Waits until an element with this selector has the focus, and asserts that there is one h1. */
async function assertFocus(page, selector, when) {
  await page.waitForFunction((selector) => document.activeElement?.matches(selector), selector, { timeout: 3000 }).catch(() => {});
  const { focus, headings } = await focusState(page);
  assert.ok(await page.evaluate((selector) => document.activeElement.matches(selector), selector), `${when}: the focus is on ${focus}`);
  assert.equal(headings.length, 1, `${when}: ${headings}`);
}

const press = async (page, locator) => {
  await locator.focus();
  await page.keyboard.press('Enter');
};

story('the focus follows each answer on the check screen, online and offline', async ({ server, page, expect }) => {
  expect(OFFLINE);
  const business = await testBusiness(server, await page(), { places: 4 });
  const phone = await business.phone(page, 'Ben');
  const links = await waitForOfflinePages(phone);
  const open = async (at = 0) => {
    await phone.goto(links[at]);
    await phone.waitForFunction(() => performance.getEntriesByName('hydrated').length > 0);
  };
  const status = '.check-status h1';
  for (const network of ['with', 'without']) {
    await phone.context().setOffline(network === 'without');
    const when = (what) => `${what}, ${network} a network`;
    await open();
    assert.equal((await focusState(phone)).headings.length, 1, when('opened'));

    // Each of the other answers, back by the link and back by the browser.
    for (const part of ['broken', 'aside', 'safety']) {
      await press(phone, phone.locator(`a[href="#${part}"]`));
      await assertFocus(phone, `#${part}`, when(`${part} opened`));
      await press(phone, phone.locator(`#${part} a[href="#ask"]`));
      await assertFocus(phone, '#ask', when(`back from ${part}`));
      await press(phone, phone.locator(`a[href="#${part}"]`));
      await assertFocus(phone, `#${part}`, when(`${part} opened again`));
      await phone.goBack();
      await assertFocus(phone, '#ask, .screen', when(`back from ${part} by the browser`));
    }

    await press(phone, phone.locator(KEPT_BUTTON));
    await assertFocus(phone, status, when('kept'));
    await press(phone, phone.getByRole('button', { name: 'Undo' }));
    await assertFocus(phone, '#ask', when('undone'));
    assert.equal(await phone.evaluate(() => scrollY), 0, when('the outcome is in view'));
    assert.ok(await phone.locator(KEPT_BUTTON).isVisible());

    await open(1);
    await press(phone, phone.locator('a[href="#broken"]'));
    await phone.locator('#broken [name=reason][value="0"]').focus();
    await phone.keyboard.press('Space');
    await press(phone, phone.locator('#broken form button').last());
    await assertFocus(phone, status, when('broken'));

    await open(2);
    await press(phone, phone.locator('a[href="#safety"]'));
    await press(phone, phone.locator('#safety form button').last());
    await assertFocus(phone, status, when('broken to stay safe'));

    await open(3);
    await press(phone, phone.locator('a[href="#aside"]'));
    await phone.locator('#aside [name=note]').fill('The counter is being rebuilt.');
    await press(phone, phone.locator('#aside form button').last());
    await assertFocus(phone, status, when('could not be checked'));
  }
});

story('when the undo button expires, the focus moves to the outcome', async ({ server, page }) => {
  const business = await testBusiness(server, await page(), { places: 1 });
  const phone = await business.phone(page, 'Ben');
  const [link] = await waitForOfflinePages(phone);
  await phone.goto(link);
  await phone.waitForFunction(() => performance.getEntriesByName('hydrated').length > 0);
  await press(phone, phone.locator(KEPT_BUTTON));
  const undo = phone.getByRole('button', { name: 'Undo' });
  await undo.focus();
  await undo.waitFor({ state: 'detached' });
  await assertFocus(phone, '.check-status h1', 'ten seconds later');
});

story('when a refused check is deleted, the focus moves to the next one', async ({ server, page, expect }) => {
  expect(OFFLINE);
  expect({ status: 409 });
  const business = await testBusiness(server, await page(), { places: 3 });
  const phone = await business.phone(page, 'Ben');
  for (const at of [0, 1, 2]) {
    await logOffline(phone, { at });
    await phone.goto('/today');
  }
  await business.move('suspend');
  await phone.context().setOffline(false);
  await phone.goto('/account');
  const deleteButtons = phone.locator('.refused .forget');
  await phone.waitForFunction(() => document.querySelectorAll('.refused .forget').length === 3);
  for (const [at, next] of [[0, '.refused .forget'], [1, '.refused .forget'], [0, 'main']]) {
    const count = await deleteButtons.count();
    await press(phone, deleteButtons.nth(at));
    await phone.waitForFunction((count) => document.querySelectorAll('.refused .forget').length === count, count - 1);
    await assertFocus(phone, next, `${count - 1} left`);
  }
});

story('a board update keeps the focus', async ({ server, page }) => {
  const business = await testBusiness(server, await page(), { places: 2 });
  const phone = await business.phone(page, 'Ben');
  const link = phone.locator('#rounds a[href^="/check/"]').first();
  await link.focus();
  await phone.waitForTimeout(500);
  await business.post('/checks', { id: crypto.randomUUID(), guarantee: business.guarantee, place: business.places[1].id, verdict: 'kept' });
  await phone.waitForTimeout(2000);
  await assertFocus(phone, '#rounds a', 'somebody else has made a check');
});

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? 'with' : 'without';
  story(`a rejected form moves the focus to its error, ${how} JavaScript`, async ({ server, page, expect }) => {
    for (const status of [409, 422]) expect({ status });
    const owner = await page({ width: 390, javaScriptEnabled });
    const stranger = await page({ width: 390, javaScriptEnabled });
    await submitEmpty(owner, ['/', '/begin']);
    await assertFocus(owner, '.note.bad[role=alert]', '/begin');
    const business = await testBusiness(server, owner, { places: 1 });
    const check = await business.post('/checks', { id: crypto.randomUUID(), guarantee: business.guarantee, place: business.places[0].id, verdict: 'broken', reason: '0', found_by: 'customer' });
    const [problem] = (await business.request('GET', '/problems')).items;
    const more = businessForms({ guarantee: business.guarantee, check: check.id, recovery: check.recovery, problem: problem.id });
    for (const form of [...FORMS, ...more]) {
      await submitEmpty(owner, form);
      await assertFocus(owner, '.note.bad[role=alert]', form.join(' '));
    }
    // Where only one field can be wrong, that field has the focus.
    await stranger.goto('/sign-in');
    await submit(stranger, '/sign-in', { email: ada.email, password: 'another one altogether' });
    await assertFocus(stranger, '[aria-invalid=true]', 'signing in');
    await owner.goto('/devices');
    await submit(owner, '/devices', { name: 'The tablet', site: { index: 0 } });
    const link = (await owner.locator('#secret').innerText()).trim();
    await owner.goto('/account');
    await submit(owner, '/account/pin', { pin: '274915', current: ada.password });
    await stranger.goto(link);
    await submit(stranger, new URL(link).pathname);
    await stranger.locator('.names a').first().click();
    await submit(stranger, new URL(stranger.url()).pathname, { pin: '111112' });
    await assertFocus(stranger, '[aria-invalid=true]', 'a PIN');
  });
}
