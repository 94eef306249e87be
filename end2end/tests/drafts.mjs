// What was typed is there again: after a session that ended, a link, a language, another form of the page, a refusal.
import assert from 'node:assert/strict';
import { story } from '../harness.mjs';
import { mill } from '../mill.mjs';
import { begin, owner as ada, send, signIn, signOut } from '../people.mjs';

const BACK = 'What you typed here is back. It is not saved yet.';

/** What the browser keeps of forms, as text. */
const kept = (page) => page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }]));
const drafts = async (page) => (await kept(page)).match(/draft:/g)?.length ?? 0;
const choose = (page, language) => Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: language, exact: true }).click()]);
/** The browser lets the page's form go as it is: what is wrong with it is for the server to say. */
const unchecked = (page) => page.locator('main form').first().evaluate((form) => (form.noValidate = true));
const note = (page) => page.getByText(BACK);

story('a half-written guarantee outlives a link, a language and a session, and goes when it is saved', async ({ server, page, expect, axe, screenshot }) => {
  const owner = await page({ width: 390 });
  const { places } = await mill(server, owner);
  await owner.goto('/guarantees');
  const form = await owner.locator('a[href^="/guarantees/new?problem="]').first().getAttribute('href');
  const fill = async () => {
    await owner.goto(form);
    await owner.locator('[name=title]').fill('Warm rolls');
    await owner.locator('[name=criteria]').fill('Warm in the hand\nNo older than an hour');
    await owner.locator(`[name=places][value="${places[1].id}"]`).check();
  };
  const filled = async () => {
    assert.equal(await owner.locator('[name=title]').inputValue(), 'Warm rolls');
    assert.equal(await owner.locator('[name=criteria]').inputValue(), 'Warm in the hand\nNo older than an hour');
    assert.equal(await owner.locator(`[name=places][value="${places[1].id}"]`).isChecked(), true);
  };
  await fill();
  assert.equal(await note(owner).count(), 0, 'nothing came back yet');

  await owner.goto('/places');
  await owner.goto(form);
  await filled();
  await note(owner).waitFor();
  await axe(owner);
  await screenshot(owner, 'a draft is back');

  await choose(owner, 'Polski');
  assert.equal(await owner.locator('html').getAttribute('lang'), 'pl');
  await filled();
  await choose(owner, 'English');
  await filled();

  // Another tab, and the browser opened anew: a guarantee says nothing of customers.
  const other = await owner.context().newPage();
  await other.goto(form);
  assert.equal(await other.locator('[name=title]').inputValue(), 'Warm rolls');
  await other.close();

  // The session ends while it is filled in.
  await owner.context().clearCookies({ name: /trialmark/ });
  expect({ status: 401 });
  await unchecked(owner);
  await send(owner, form, { promise: 'Rolls that are warm when you take them.' });
  await owner.getByRole('heading', { name: 'You are not signed in' }).waitFor();
  await axe(owner);
  await owner.getByRole('link', { name: 'Sign in' }).click();
  await send(owner, '/sign-in', { email: ada.email, password: ada.password });
  await owner.waitForURL(`**${form}`);
  await filled();
  assert.equal(await owner.locator('[name=promise]').inputValue(), 'Rolls that are warm when you take them.');

  // Refused, it is still there; saved, it is gone.
  expect({ status: 422 });
  await unchecked(owner);
  await send(owner, form, { mark: '5', remedy: 'A roll is free.', late_remedy: 'And coffee.', how_to_claim: 'Tell us.' });
  await filled();
  await choose(owner, 'Polski');
  await filled();
  assert.equal(await owner.locator('[name=remedy]').inputValue(), 'A roll is free.');
  await choose(owner, 'English');
  await send(owner, form, { mark: '95' });
  await owner.waitForURL((url) => /\/guarantees\/[0-9a-f-]{36}$/.test(url.pathname));
  assert.equal(await drafts(owner), 0, await kept(owner));
  await owner.goto(form);
  assert.equal(await owner.locator('[name=title]').inputValue(), '');
});

story('a draft is thrown away by its button, by signing out, and is nobody else’s', async ({ server, page }) => {
  const owner = await page({ width: 1280 });
  await mill(server, owner);
  await owner.goto('/settings');
  const name = await owner.locator('[name=name]').inputValue();
  await owner.locator('[name=name]').fill('Half a name');
  await owner.goto('/settings');
  assert.equal(await owner.locator('[name=name]').inputValue(), 'Half a name');
  await owner.getByRole('button', { name: 'Discard it' }).click();
  assert.equal(await owner.locator('[name=name]').inputValue(), name);
  assert.equal(await note(owner).count(), 0);
  assert.equal(await drafts(owner), 0, await kept(owner));
  assert.notEqual(await owner.evaluate(() => document.activeElement.tagName), 'BODY');

  await owner.locator('[name=name]').fill('Half a name');
  await signOut(owner);
  await signIn(owner, ada);
  await owner.goto('/settings');
  assert.equal(await owner.locator('[name=name]').inputValue(), name);

  // Somebody else signs in at this tab, when the session has ended.
  await owner.locator('[name=name]').fill('Half a name');
  await owner.context().clearCookies({ name: /trialmark/ });
  const who = ['--business', 'brook-mill', '--email', 'cleo@brook.example', '--name', 'Cleo', '--role', 'owner'];
  server.run('user', 'create', ...who, '--password-stdin', { input: 'wheels turn in the mill stream' });
  await signIn(owner, { email: 'cleo@brook.example', password: 'wheels turn in the mill stream' });
  await owner.goto('/settings');
  assert.equal(await owner.locator('[name=name]').inputValue(), name);
  assert.ok(!(await kept(owner)).includes('Half a name'), await kept(owner));
});

story('beginning keeps what was typed through a refusal and a language, but never the password', async ({ page, expect }) => {
  const owner = await page({ width: 320 });
  await owner.goto('/');
  expect({ status: 422 });
  const typed = { name: 'Brook Mill', zone: 'Europe/Nowhere', currency: 'GBP', language: 'en', contact_name: 'Ada Marsh', contact_email: 'promises@brook.example', email: ada.email, password: ada.password };
  await send(owner, '/begin', typed);
  await choose(owner, 'Polski');
  assert.equal(new URL(owner.url()).pathname, '/');
  for (const [field, value] of Object.entries({ ...typed, password: '' })) {
    assert.equal(await owner.locator(`form[action="/begin"] [name=${field}]`).inputValue(), value, field);
  }
  assert.ok(!(await kept(owner)).includes(ada.password));
  await send(owner, '/begin', { zone: 'Europe/London', password: ada.password });
  await owner.waitForURL('**/guarantees');
  assert.equal(await drafts(owner), 0, await kept(owner));
});

story('a half-written lesson is still there when the customer’s link was made beside it', async ({ server, page, axe, screenshot }) => {
  const owner = await page({ width: 390 });
  const business = await mill(server, owner);
  await business.post('/checks', {
    id: crypto.randomUUID(), guarantee: business.guarantee, place: business.places[0].id, verdict: 'broken', reason: '0', found_by: 'customer',
  });
  const [{ id }] = (await business.ask('GET', '/recoveries')).items;
  for (const step of [
    { step: 'acknowledge', apology: 'I am sorry.', responsibility: true, repair: true, next_update_by: new Date(Date.now() + 3_600_000).toISOString() },
    { step: 'understand', words: 'It was old.', severity: 'minor', preventable: true },
    { step: 'remedy', correction: 'Baked anew.', remedy: 'A free loaf.' },
  ]) await business.post(`/recoveries/${id}/steps`, step);
  await owner.goto(`/recoveries/${id}`);
  await owner.locator('form[action$="/learn"] [name=cause]').fill('The oven was late.');
  await send(owner, '/follow-up');
  const link = await owner.locator('#secret').inputValue();
  await axe(owner);
  await screenshot(owner, 'the link of a customer');

  // Loading it again shows it again, in another language too.
  await owner.reload();
  assert.equal(await owner.locator('#secret').inputValue(), link);
  await choose(owner, 'Polski');
  assert.equal(await owner.locator('#secret').inputValue(), link);
  await choose(owner, 'English');
  await owner.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await owner.getByRole('button', { name: 'Copy' }).click();
  await owner.getByText('Copied.').waitFor();
  assert.equal(await owner.evaluate(() => navigator.clipboard.readText()), link);

  await owner.goto(`/recoveries/${id}`);
  assert.equal(await owner.locator('form[action$="/learn"] [name=cause]').inputValue(), 'The oven was late.');

  // When the browser has forgotten it, a new one can be made, and the old one ends.
  await owner.context().clearCookies({ name: /shown/ });
  await owner.goto(`/recoveries/${id}/link`);
  await owner.getByText('It was shown once').waitFor();
  await axe(owner);
  await screenshot(owner, 'a link that is shown no more');
  await send(owner, '/link');
  const second = await owner.locator('#secret').inputValue();
  assert.notEqual(second, link);

  const customer = await page({ width: 320, javaScriptEnabled: false });
  await customer.goto(second);
  await axe(customer);
  await screenshot(customer, 'what the customer is asked about');
  for (const part of ['Bread baked today', 'Mill Lane, counter 1', 'promises@brook.example']) await customer.getByText(part).first().waitFor();

  // What a customer has filled in is there in the other language, too.
  await customer.locator('[name=fixed][value=partly]').check();
  await customer.locator('[name=words]').fill('The crust is better.');
  await choose(customer, 'Polski');
  assert.equal(await customer.locator('html').getAttribute('lang'), 'pl');
  assert.ok(await customer.locator('[name=fixed][value=partly]').isChecked());
  assert.equal(await customer.locator('[name=words]').inputValue(), 'The crust is better.');
  await axe(customer);
  await screenshot(customer, 'the customer’s questions in Polish');
  await customer.locator('[name=again][value=yes]').check();
  await send(customer, '', {});
  await customer.waitForURL('**?partly');
  assert.equal(await customer.locator('html').getAttribute('lang'), 'pl', 'it is remembered');

  // The half-written lesson is saved at once: what was done beside it is no reason to refuse it.
  await owner.goto(`/recoveries/${id}`);
  assert.equal(await owner.locator('form[action$="/learn"] [name=cause]').inputValue(), 'The oven was late.');
  await send(owner, '/learn', { corrective_action: 'A timer.', heard: true, thanked: true, supported: true });
  assert.equal(await owner.locator('.note.bad').count(), 0);
  assert.equal(await owner.locator('form[action$="/learn"]').count(), 0);
});
