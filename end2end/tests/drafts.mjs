// Drafts of forms survive an expired session, a link, a change of language, another form on the page and a rejection.
import assert from 'node:assert/strict';
import { story } from '../harness.mjs';
import { testBusiness } from '../fixture.mjs';
import { owner as ada, signIn, signOut, submit } from '../people.mjs';

const RESTORED = 'What you typed here is back. It is not saved yet.';

/** The storage of the browser, as text. */
const storage = (page) => page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }]));
const draftCount = async (page) => (await storage(page)).match(/draft:/g)?.length ?? 0;
const chooseLanguage = (page, language) => Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: language, exact: true }).click()]);
/** Switches off the validation of the browser. */
const skipValidation = (page) => page.locator('main form').first().evaluate((form) => (form.noValidate = true));
const restoredNote = (page) => page.getByText(RESTORED);

story('the draft of a guarantee is kept until the guarantee is saved', async ({ server, page, expect, axe, screenshot }) => {
  const owner = await page({ width: 390 });
  const { places } = await testBusiness(server, owner);
  await owner.goto('/guarantees');
  const form = await owner.locator('a[href^="/guarantees/new?problem="]').first().getAttribute('href');
  const fill = async () => {
    await owner.goto(form);
    await owner.locator('[name=title]').fill('Warm rolls');
    await owner.locator('[name=criteria]').fill('Warm in the hand\nNo older than an hour');
    await owner.locator(`[name=places][value="${places[1].id}"]`).check();
  };
  const assertFilled = async () => {
    assert.equal(await owner.locator('[name=title]').inputValue(), 'Warm rolls');
    assert.equal(await owner.locator('[name=criteria]').inputValue(), 'Warm in the hand\nNo older than an hour');
    assert.equal(await owner.locator(`[name=places][value="${places[1].id}"]`).isChecked(), true);
  };
  await fill();
  assert.equal(await restoredNote(owner).count(), 0, 'nothing was restored yet');

  await owner.goto('/places');
  await owner.goto(form);
  await assertFilled();
  await restoredNote(owner).waitFor();
  await axe(owner);
  await screenshot(owner, 'a draft is back');

  await chooseLanguage(owner, 'Polski');
  assert.equal(await owner.locator('html').getAttribute('lang'), 'pl');
  await assertFilled();
  await chooseLanguage(owner, 'English');
  await assertFilled();

  // This draft holds nothing about customers, so it is kept across tabs.
  const other = await owner.context().newPage();
  await other.goto(form);
  assert.equal(await other.locator('[name=title]').inputValue(), 'Warm rolls');
  await other.close();

  // The session expires while the form is filled in.
  await owner.context().clearCookies({ name: /trialmark/ });
  expect({ status: 401 });
  await skipValidation(owner);
  await submit(owner, form, { promise: 'Rolls that are warm when you take them.' });
  await owner.getByRole('heading', { name: 'You are not signed in' }).waitFor();
  await axe(owner);
  await owner.getByRole('link', { name: 'Sign in' }).click();
  await submit(owner, '/sign-in', { email: ada.email, password: ada.password });
  await owner.waitForURL(`**${form}`);
  await assertFilled();
  assert.equal(await owner.locator('[name=promise]').inputValue(), 'Rolls that are warm when you take them.');

  // A rejection keeps the draft, and saving removes it.
  expect({ status: 422 });
  await skipValidation(owner);
  await submit(owner, form, { mark: '5', remedy: 'A roll is free.', late_remedy: 'And coffee.', how_to_claim: 'Tell us.' });
  await assertFilled();
  await chooseLanguage(owner, 'Polski');
  await assertFilled();
  assert.equal(await owner.locator('[name=remedy]').inputValue(), 'A roll is free.');
  await chooseLanguage(owner, 'English');
  await submit(owner, form, { mark: '95' });
  await owner.waitForURL((url) => /\/guarantees\/[0-9a-f-]{36}$/.test(url.pathname));
  assert.equal(await draftCount(owner), 0, await storage(owner));
  await owner.goto(form);
  assert.equal(await owner.locator('[name=title]').inputValue(), '');
});

story('the discard button and signing out delete a draft, and other people never see it', async ({ server, page }) => {
  const owner = await page({ width: 1280 });
  await testBusiness(server, owner);
  await owner.goto('/settings');
  const name = await owner.locator('[name=name]').inputValue();
  await owner.locator('[name=name]').fill('Half a name');
  await owner.goto('/settings');
  assert.equal(await owner.locator('[name=name]').inputValue(), 'Half a name');
  await owner.getByRole('button', { name: 'Discard it' }).click();
  assert.equal(await owner.locator('[name=name]').inputValue(), name);
  assert.equal(await restoredNote(owner).count(), 0);
  assert.equal(await draftCount(owner), 0, await storage(owner));
  assert.notEqual(await owner.evaluate(() => document.activeElement.tagName), 'BODY');

  await owner.locator('[name=name]').fill('Half a name');
  await signOut(owner);
  await signIn(owner, ada);
  await owner.goto('/settings');
  assert.equal(await owner.locator('[name=name]').inputValue(), name);

  // The session expires, and somebody else signs in in this tab.
  await owner.locator('[name=name]').fill('Half a name');
  await owner.context().clearCookies({ name: /trialmark/ });
  const who = ['--business', 'brook-mill', '--email', 'cleo@brook.example', '--name', 'Cleo', '--role', 'owner'];
  server.run('user', 'create', ...who, '--password-stdin', { input: 'wheels turn in the mill stream' });
  await signIn(owner, { email: 'cleo@brook.example', password: 'wheels turn in the mill stream' });
  await owner.goto('/settings');
  assert.equal(await owner.locator('[name=name]').inputValue(), name);
  assert.ok(!(await storage(owner)).includes('Half a name'), await storage(owner));
});

story('the setup form keeps its input except for the password', async ({ page, expect }) => {
  const owner = await page({ width: 320 });
  await owner.goto('/');
  expect({ status: 422 });
  const typed = { name: 'Brook Mill', zone: 'Europe/Nowhere', currency: 'GBP', language: 'en', contact_name: 'Ada Marsh', contact_email: 'promises@brook.example', email: ada.email, password: ada.password };
  await submit(owner, '/begin', typed);
  await chooseLanguage(owner, 'Polski');
  assert.equal(new URL(owner.url()).pathname, '/');
  for (const [field, value] of Object.entries({ ...typed, password: '' })) {
    assert.equal(await owner.locator(`form[action="/begin"] [name=${field}]`).inputValue(), value, field);
  }
  assert.ok(!(await storage(owner)).includes(ada.password));
  await submit(owner, '/begin', { zone: 'Europe/London', password: ada.password });
  await owner.waitForURL('**/guarantees');
  assert.equal(await draftCount(owner), 0, await storage(owner));
});

story('a draft is kept when another form on the page is submitted', async ({ server, page, axe, screenshot }) => {
  const owner = await page({ width: 390 });
  const business = await testBusiness(server, owner);
  await business.post('/checks', {
    id: crypto.randomUUID(), guarantee: business.guarantee, place: business.places[0].id, verdict: 'broken', reason: '0', found_by: 'customer',
  });
  const [{ id }] = (await business.request('GET', '/recoveries')).items;
  for (const step of [
    { step: 'acknowledge', apology: 'I am sorry.', responsibility: true, repair: true, next_update_by: new Date(Date.now() + 3_600_000).toISOString() },
    { step: 'understand', words: 'It was old.', severity: 'minor', preventable: true },
    { step: 'remedy', correction: 'Baked anew.', remedy: 'A free loaf.' },
  ]) await business.post(`/recoveries/${id}/steps`, step);
  await owner.goto(`/recoveries/${id}`);
  await owner.locator('form[action$="/learn"] [name=cause]').fill('The oven was late.');
  await submit(owner, '/follow-up');
  const link = await owner.locator('#secret').inputValue();
  await axe(owner);
  await screenshot(owner, 'the link of a customer');

  // The link is shown again after a reload, and in another language.
  await owner.reload();
  assert.equal(await owner.locator('#secret').inputValue(), link);
  await chooseLanguage(owner, 'Polski');
  assert.equal(await owner.locator('#secret').inputValue(), link);
  await chooseLanguage(owner, 'English');
  await owner.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await owner.getByRole('button', { name: 'Copy' }).click();
  await owner.getByText('Copied.').waitFor();
  assert.equal(await owner.evaluate(() => navigator.clipboard.readText()), link);

  await owner.goto(`/recoveries/${id}`);
  assert.equal(await owner.locator('form[action$="/learn"] [name=cause]').inputValue(), 'The oven was late.');

  // Without the cookie the link is not shown again. A new link replaces the old one.
  await owner.context().clearCookies({ name: /shown/ });
  await owner.goto(`/recoveries/${id}/link`);
  await owner.getByText('It was shown once').waitFor();
  await axe(owner);
  await screenshot(owner, 'a link that is shown no more');
  await submit(owner, '/link');
  const second = await owner.locator('#secret').inputValue();
  assert.notEqual(second, link);

  const customer = await page({ width: 320, javaScriptEnabled: false });
  await customer.goto(second);
  await axe(customer);
  await screenshot(customer, 'what the customer is asked about');
  for (const part of ['Bread baked today', 'Mill Lane, counter 1', 'promises@brook.example']) await customer.getByText(part).first().waitFor();

  // A change of language keeps what the customer has filled in, without JavaScript.
  await customer.locator('[name=fixed][value=partly]').check();
  await customer.locator('[name=words]').fill('The crust is better.');
  await chooseLanguage(customer, 'Polski');
  assert.equal(await customer.locator('html').getAttribute('lang'), 'pl');
  assert.ok(await customer.locator('[name=fixed][value=partly]').isChecked());
  assert.equal(await customer.locator('[name=words]').inputValue(), 'The crust is better.');
  await axe(customer);
  await screenshot(customer, 'the customer’s questions in Polish');
  await customer.locator('[name=again][value=yes]').check();
  await submit(customer, '', {});
  await customer.waitForURL('**?partly');
  assert.equal(await customer.locator('html').getAttribute('lang'), 'pl', 'the language is remembered');

  // The draft is saved without a conflict, although other steps were taken meanwhile.
  await owner.goto(`/recoveries/${id}`);
  assert.equal(await owner.locator('form[action$="/learn"] [name=cause]').inputValue(), 'The oven was late.');
  await submit(owner, '/learn', { corrective_action: 'A timer.', heard: true, thanked: true, supported: true });
  assert.equal(await owner.locator('.note.bad').count(), 0);
  assert.equal(await owner.locator('form[action$="/learn"]').count(), 0);
});
