// Whoever goes by keys or by ear goes on where they are: what they used may vanish, but the focus stays on what follows, and
// one heading of the first rank says where that is.
import assert from 'node:assert/strict';
import { FORMS, formsOf, sendEmpty } from '../empty_forms.mjs';
import { story } from '../harness.mjs';
import { mill } from '../mill.mjs';
import { owner as ada, send } from '../people.mjs';
import { atHand, KEPT, offline, whileAway } from '../phone.mjs';

/** Where the focus is, and the headings of the first rank that are shown. */
const state = (page) =>
  page.evaluate(() => {
    const { localName, id, className, isConnected } = document.activeElement ?? document.body;
    const shown = [...document.querySelectorAll('h1')].filter((heading) => heading.checkVisibility({ visibilityProperty: true }));
    return { focus: [localName, id && `#${id}`, className && `.${className.split(' ')[0]}`].filter(Boolean).join(''), isConnected, headings: shown.map((one) => one.innerText) };
  });

/** Waits until the focus is on what a selector names, and there is one heading. */
async function onto(page, selector, when) {
  await page.waitForFunction((selector) => document.activeElement?.matches(selector), selector, { timeout: 3000 }).catch(() => {});
  const { focus, headings } = await state(page);
  assert.ok(await page.evaluate((selector) => document.activeElement.matches(selector), selector), `${when}: the focus is on ${focus}`);
  assert.equal(headings.length, 1, `${when}: ${headings}`);
}

const press = async (page, locator) => {
  await locator.focus();
  await page.keyboard.press('Enter');
};

story('on the check screen the focus follows what is tapped, with a network and without', async ({ server, page, expect }) => {
  expect(offline);
  const business = await mill(server, await page(), { places: 4 });
  const phone = await business.phone(page, 'Ben');
  const links = await atHand(phone);
  const open = async (at = 0) => {
    await phone.goto(links[at]);
    await phone.waitForFunction(() => performance.getEntriesByName('awake').length > 0);
  };
  const said = '.said h1';
  for (const network of ['with', 'without']) {
    await phone.context().setOffline(network === 'without');
    const when = (what) => `${what}, ${network} a network`;
    await open();
    assert.equal((await state(phone)).headings.length, 1, when('opened'));

    // Each of the other answers, and both ways back.
    for (const part of ['broken', 'aside', 'safety']) {
      await press(phone, phone.locator(`a[href="#${part}"]`));
      await onto(phone, `#${part}`, when(`${part} opened`));
      await press(phone, phone.locator(`#${part} a[href="#ask"]`));
      await onto(phone, '#ask', when(`back from ${part}`));
      await press(phone, phone.locator(`a[href="#${part}"]`));
      await onto(phone, `#${part}`, when(`${part} opened again`));
      await phone.goBack();
      await onto(phone, '#ask, .screen', when(`back from ${part} by the browser`));
    }

    await press(phone, phone.locator(KEPT));
    await onto(phone, said, when('kept'));
    await press(phone, phone.getByRole('button', { name: 'Undo' }));
    await onto(phone, '#ask', when('undone'));
    assert.equal(await phone.evaluate(() => scrollY), 0, when('what became of it is in sight'));
    assert.ok(await phone.locator(KEPT).isVisible());

    await open(1);
    await press(phone, phone.locator('a[href="#broken"]'));
    await phone.locator('#broken [name=reason][value="0"]').focus();
    await phone.keyboard.press('Space');
    await press(phone, phone.locator('#broken form button').last());
    await onto(phone, said, when('broken'));

    await open(2);
    await press(phone, phone.locator('a[href="#safety"]'));
    await press(phone, phone.locator('#safety form button').last());
    await onto(phone, said, when('broken to stay safe'));

    await open(3);
    await press(phone, phone.locator('a[href="#aside"]'));
    await phone.locator('#aside [name=note]').fill('The counter is being rebuilt.');
    await press(phone, phone.locator('#aside form button').last());
    await onto(phone, said, when('could not be checked'));
  }
});

story('an offer that runs out does not take the focus along', async ({ server, page }) => {
  const business = await mill(server, await page(), { places: 1 });
  const phone = await business.phone(page, 'Ben');
  const [link] = await atHand(phone);
  await phone.goto(link);
  await phone.waitForFunction(() => performance.getEntriesByName('awake').length > 0);
  await press(phone, phone.locator(KEPT));
  const undo = phone.getByRole('button', { name: 'Undo' });
  await undo.focus();
  await undo.waitFor({ state: 'detached' });
  await onto(phone, '.said h1', 'ten seconds later');
});

story('what was refused goes when it was seen, and the focus goes on to what follows', async ({ server, page, expect }) => {
  expect(offline);
  expect({ status: 409 });
  const business = await mill(server, await page(), { places: 3 });
  const phone = await business.phone(page, 'Ben');
  for (const at of [0, 1, 2]) {
    await whileAway(phone, { at });
    await phone.goto('/today');
  }
  await business.move('suspend');
  await phone.context().setOffline(false);
  await phone.goto('/account');
  const seen = phone.locator('.refused .forget');
  await phone.waitForFunction(() => document.querySelectorAll('.refused .forget').length === 3);
  for (const [at, next] of [[0, '.refused .forget'], [1, '.refused .forget'], [0, 'main']]) {
    const count = await seen.count();
    await press(phone, seen.nth(at));
    await phone.waitForFunction((count) => document.querySelectorAll('.refused .forget').length === count, count - 1);
    await onto(phone, next, `${count - 1} left`);
  }
});

story('a board that changes leaves what somebody is at where it is', async ({ server, page }) => {
  const business = await mill(server, await page(), { places: 2 });
  const phone = await business.phone(page, 'Ben');
  const link = phone.locator('#rounds a[href^="/check/"]').first();
  await link.focus();
  await phone.waitForTimeout(500);
  await business.post('/checks', { id: crypto.randomUUID(), guarantee: business.guarantee, place: business.places[1].id, verdict: 'kept' });
  await phone.waitForTimeout(2000);
  await onto(phone, '#rounds a', 'somebody else has made a check');
});

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? 'with' : 'without';
  story(`a form that comes back says first what is wrong with it, ${how} a script`, async ({ server, page, expect }) => {
    for (const status of [409, 422]) expect({ status });
    const owner = await page({ width: 390, javaScriptEnabled });
    const stranger = await page({ width: 390, javaScriptEnabled });
    await sendEmpty(owner, ['/', '/begin']);
    await onto(owner, '.note.bad[role=alert]', '/begin');
    const business = await mill(server, owner, { places: 1 });
    const made = await business.post('/checks', { id: crypto.randomUUID(), guarantee: business.guarantee, place: business.places[0].id, verdict: 'broken', reason: '0', found_by: 'customer' });
    const [problem] = (await business.ask('GET', '/problems')).items;
    const more = formsOf({ guarantee: business.guarantee, check: made.id, recovery: made.recovery, problem: problem.id });
    for (const form of [...FORMS, ...more]) {
      await sendEmpty(owner, form);
      await onto(owner, '.note.bad[role=alert]', form.join(' '));
    }
    // Where a form has one thing to get wrong, that is where to go on.
    await stranger.goto('/sign-in');
    await send(stranger, '/sign-in', { email: ada.email, password: 'another one altogether' });
    await onto(stranger, '[aria-invalid=true]', 'signing in');
    await owner.goto('/devices');
    await send(owner, '/devices', { name: 'The tablet', site: { index: 0 } });
    const link = (await owner.locator('#secret').innerText()).trim();
    await owner.goto('/account');
    await send(owner, '/account/pin', { pin: '274915', current: ada.password });
    await stranger.goto(link);
    await send(stranger, new URL(link).pathname);
    await stranger.locator('.names a').first().click();
    await send(stranger, new URL(stranger.url()).pathname, { pin: '111112' });
    await onto(stranger, '[aria-invalid=true]', 'a PIN');
  });
}
