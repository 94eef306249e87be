// Printed pages contain what readers need, and nothing that only works on a screen.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { story } from '../harness.mjs';
import { testBusiness } from '../fixture.mjs';
import { owner as ada, setUpBusiness, submit, totpCode } from '../people.mjs';

const PHONE = '+44 20 7946 0187';
const CONTACT = ['Ada Marsh', PHONE, 'promises@brook.example'];

/** The text of the open page as it is printed, and the labels of its controls. */
async function print(page) {
  const pdf = await page.pdf({ format: 'A4' });
  const text = execFileSync('pdftotext', ['-layout', '-', '-'], { input: pdf, encoding: 'utf8' });
  const labels = await page.locator('button, .btn, .link, header nav a, footer.screen-only, summary:not(:has(~ :not(form))), label').evaluateAll((all) =>
    all.filter((one) => one.checkVisibility()).map((one) => one.innerText.trim().replace(/\s+/g, ' ')),
  );
  // The heading of a card around a form is useless without the form.
  const ofForms = await page.locator('.card:has(> form):not(:has(> .print-only)) > h2').allInnerTexts();
  const headings = await page.locator('h1, h2, h3').evaluateAll((all) => all.map((one) => one.innerText.trim()));
  return { text, lines: text.split(/\n|\s{2,}/).map((line) => line.trim()), controls: [...ofForms, ...labels.filter((one) => one && !headings.includes(one))], sheets: text.split('\f').slice(0, -1) };
}

/** Without line breaks and in lower case. */
const normalized = (text) => text.replace(/\s+/g, ' ').toLowerCase();
const containsText = (text, part) => normalized(text).includes(normalized(part));

/** Prints a page. Returns what is missing, and what should not be there. */
async function printFaults(page, path, { has, not = [], most = 99 }) {
  await page.goto(path);
  const { text, lines, controls, sheets } = await print(page);
  const missing = has.filter((part) => !containsText(text, part)).map((part) => `“${part}” is not printed`);
  const besides = not.filter((part) => containsText(text, part)).map((part) => `“${part}” is printed`);
  const useless = controls.filter((one) => lines.includes(one)).map((one) => `“${one}”, which can only be tapped, is printed`);
  const empty = sheets.filter((sheet) => !sheet.trim()).map(() => 'an empty sheet');
  const long = sheets.length > most ? [`${sheets.length} sheets`] : [];
  const wrong = [...missing, ...besides, ...useless, ...empty, ...long];
  return wrong.length > 0 ? [`${path}: ${wrong.join('; ')}:\n${text}`] : [];
}

const WORDS = {
  'en-GB': { read: 'Scan to see the promise', answers: 'answers for', screen: ['Polski', 'English', 'Sign out', 'Sign in'], record: 'hash' },
  'pl-PL': { read: 'Zeskanuj', answers: 'odpowiada', screen: ['Polski', 'English', 'Wyloguj', 'Zaloguj'], record: 'prev' },
};

story('printed pages contain what readers need and no controls, in both languages', async ({ server, page }) => {
  const first = await page();
  const business = await testBusiness(server, first, { places: 2 });
  await first.goto('/settings');
  await submit(first, '/settings', { contact_phone: PHONE });
  await business.post('/checks', { id: crypto.randomUUID(), guarantee: business.guarantee, place: business.places[1].id, verdict: 'kept' });
  const broken = { guarantee: business.guarantee, place: business.places[0].id, verdict: 'broken', reason: '0', found_by: 'customer', note: 'The bread was old.' };
  const { recovery } = await business.post('/checks', { id: crypto.randomUUID(), ...broken });
  const soon = new Date(Date.now() + 3_600_000).toISOString();
  const { items: [{ id: site }] } = await business.request('GET', '/sites');
  for (const step of [
    { step: 'acknowledge', apology: 'I am sorry.', responsibility: true, repair: true, next_update_by: soon, customer_name: 'Clara Wren', customer_contact: '555-0100' },
    { step: 'understand', words: 'It was yesterday’s.', severity: 'minor', preventable: true, remedy_sought: 'A fresh one.' },
    { step: 'remedy', correction: 'Baked anew.', remedy: 'A free loaf.' },
  ]) await business.post(`/recoveries/${recovery}/steps`, step);
  const { link } = await business.post(`/recoveries/${recovery}/steps`, { step: 'follow_up' });

  const wrong = [];
  const check = async (...args) => wrong.push(...(await printFaults(...args)));
  for (const [locale, words] of Object.entries(WORDS)) {
    const reader = await page({ locale });
    const owner = await page({ locale });
    await owner.context().addCookies(await first.context().cookies());
    const not = words.screen;
    const host = new URL(server.url).host;
    const wording = ['Bread baked today, on the counter by eight.', 'Your loaf is free.'];

    await check(reader, '/p/brook-mill', { has: ['Brook Mill', 'Fresh bread', wording[0], words.answers, ...CONTACT, `${host}/p/brook-mill`], not });
    await check(reader, '/p/brook-mill/fresh-bread', {
      has: [...wording, 'Tell anyone at the counter.', 'Baked today', 'Price label beside it', 'And tomorrow’s too.', 'I get yesterday’s bread.', 'Mill Lane', ...CONTACT, `${host}/p/brook-mill/fresh-bread`],
      not,
    });
    await check(reader, '/p/brook-mill/record', { has: ['Brook Mill', words.record, ...CONTACT, `${host}/p/brook-mill/record`], not });
    await check(reader, link.slice(link.indexOf('/follow-up')), { has: [wording[0], 'Mill Lane', 'Baked anew.', 'A free loaf.', ...CONTACT], not });

    // A sheet of tags contains nothing but tags.
    const tags = business.places.flatMap(({ name, code }) => [name, code]);
    await check(owner, `/sites/${site}/tags`, { has: ['BROOK MILL', ...tags, words.read], not: [...not, ...CONTACT], most: 1 });
    const { lines } = await print(owner);
    const known = [...tags, ...(await owner.locator('.tag-card p').allInnerTexts())];
    for (const line of lines.filter(Boolean)) assert.ok(known.some((one) => one.includes(line)), `“${line}” is printed beside the tags`);

    await check(owner, `/recoveries/${recovery}`, { has: ['Fresh bread', 'Clara Wren', '555-0100', 'I am sorry.', 'It was yesterday’s.', 'Baked anew.', 'A free loaf.'], not });
    await check(owner, '/recoveries', { has: ['Fresh bread', 'Mill Lane'], not });
    await check(owner, `/guarantees/${business.guarantee}`, { has: [...wording, 'Baked today', 'Tell anyone at the counter.', 'Mill Lane'], not });
    await check(owner, '/checks', { has: ['Mill Lane', 'Fresh bread'], not });
    await check(owner, '/today', { has: ['Fresh bread', 'Mill Lane'], not });
    await check(owner, '/audit', { has: ['Ada Marsh'], not });
  }
  assert.equal(wrong.length, 0, wrong.join('\n\n'));
});

story('recovery codes and invitation links are printed completely', { named: true }, async ({ page }) => {
  const owner = await page();
  await setUpBusiness(owner);
  await owner.goto('/account/second-step');
  await submit(owner, '/account/authenticator', { current: ada.password });
  await submit(owner, '/confirm', { code: totpCode(await owner.locator('code.token').innerText()) });
  const codes = await owner.locator('.codes code').allInnerTexts();
  assert.equal(codes.length, 10);
  const { text, lines, controls } = await print(owner);
  for (const one of codes) assert.ok(text.includes(one), `${one} is not printed:\n${text}`);
  for (const one of controls) assert.ok(!lines.includes(one), `“${one}” is printed:\n${text}`);

  await owner.goto('/people');
  await submit(owner, '/invites', { name: 'Sam', role: 'staff' });
  const link = (await owner.locator('#secret').innerText()).trim();
  const invitation = await print(owner);
  assert.ok(invitation.text.replace(/\s+/g, '').includes(link), invitation.text);
  for (const one of invitation.controls) assert.ok(!invitation.lines.includes(one), `“${one}” is printed:\n${invitation.text}`);
});
