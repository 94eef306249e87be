// From promise to trust restored, with three people: the owner on a laptop, staff on a phone, a customer without JavaScript.
import assert from 'node:assert/strict';
import { story } from '../harness.mjs';
import { setUpBusiness, staff, submit } from '../people.mjs';

const wording = {
  title: 'Fresh bread',
  promise: 'Bread baked today, on the counter by eight.',
  criteria: 'Baked today\nOn the counter by eight\nPrice label beside it',
  mark: '90',
  remedy: 'Your loaf is free.',
  late_remedy: 'And tomorrow’s too.',
  how_to_claim: 'Tell anyone at the counter.',
};

story('a promise is published, checked, broken and recovered until trust is restored publicly', async ({ page, axe, screenshot, expect }) => {
  const owner = await page({ width: 1280 });
  await setUpBusiness(owner);

  // The owner adds a problem and a guarantee, and publishes it.
  await owner.goto('/places');
  await submit(owner, '/sites', { name: 'Mill Lane' });
  await submit(owner, '/places', { site: true, name: 'Counter' });
  await axe(owner);
  await owner.goto('/problems/new');
  await axe(owner);
  await submit(owner, '/problems/new', {
    words: 'I come for bread and get yesterday’s.',
    for_whom: 'Everyone who buys before work',
    not_for_whom: 'Wholesale',
  });
  await owner.waitForURL('**/guarantees/new?problem=*');
  await axe(owner);
  const form = owner.locator('form:has([name=promise])');
  for (const [name, value] of Object.entries(wording)) await form.locator(`[name="${name}"]`).fill(value);
  await form.locator('[name=places]').first().check();
  await form.locator('button:not([type=button])').last().click();
  await owner.waitForURL(/\/guarantees\/[0-9a-f-]{36}$/);
  await submit(owner, '/publish');
  await axe(owner);
  await screenshot(owner, 'guarantee published');

  // The customer sees it at once, without a rate yet.
  const customer = await page({ width: 390, javaScriptEnabled: false });
  await customer.goto('/p/brook-mill/fresh-bread');
  await axe(customer);
  const before = await customer.locator('main').innerText();
  assert.match(before, /Bread baked today/);
  assert.doesNotMatch(before, /100\s*%\s*of the time/);

  // Staff on a phone: kept in one tap, then broken with a reason.
  await owner.goto('/people');
  await axe(owner);
  await submit(owner, '/invites', { name: 'Ben, counter', role: 'staff' });
  await axe(owner);
  await screenshot(owner, 'invitation');
  const invitation = await owner.locator('.token').innerText();
  const phone = await page({ width: 390 });
  await phone.goto(invitation);
  await axe(phone);
  await screenshot(phone, 'join');
  await submit(phone, new URL(invitation).pathname, staff);
  await phone.waitForURL('**/today');
  await axe(phone);
  await phone.locator('main a[href^="/check/"]').first().click();
  await phone.waitForLoadState('load');
  await axe(phone);
  await screenshot(phone, 'check screen');
  const check = phone.url();
  await phone.locator('form:has([name=verdict][value=kept]) button').first().click();
  await phone.locator('[role=status][data-state=stored]').waitFor();
  await screenshot(phone, 'check kept');
  await phone.goto(check);
  await phone.locator('a[href="#broken"]').click();
  await phone.locator('#broken [name=reason][value="0"]').check();
  await phone.locator('#broken [name=found_by][value=customer]').check();
  await phone.locator('#broken [name=note]').fill('She asked for the loaf from the window.');
  await axe(phone);
  await screenshot(phone, 'check broken');
  await phone.locator('#broken form button').last().click();
  await phone.locator('a[href^="/recoveries/"]').first().click();
  await phone.waitForURL('**/recoveries/*');

  // The recovery, step by step. A step out of order is refused.
  await axe(phone);
  await screenshot(phone, 'recovery opened');
  const recovery = phone.url();
  const refused = await phone.request.post(`${recovery}/remedy`, { form: { correction: 'x', remedy: 'x' } });
  assert.equal(refused.status(), 409);
  await submit(phone, '/acknowledge', {
    customer_name: 'Clara Wren',
    customer_contact: '555-0100',
    apology: 'I am sorry. That was our mistake, and I will put it right.',
    responsibility: true,
    repair: true,
  });
  await submit(phone, '/understand', {
    words: 'The loaf was from yesterday.',
    severity: 'minor',
    preventable: 'no',
    remedy_sought: 'A fresh one.',
  });
  await axe(phone);
  await screenshot(phone, 'recovery understood');
  await submit(phone, '/remedy', { correction: 'Baked a new loaf.', remedy: 'The loaf was free.', cost: '3.20' });
  await submit(phone, '/follow-up');
  const link = (await phone.content()).match(/\/follow-up\/[0-9a-f]{64}/)?.[0];
  assert.ok(link, 'the link for the customer is shown');
  await axe(phone);
  await screenshot(phone, 'recovery link');

  // Only the customer can answer, and only once.
  await customer.goto(link);
  await axe(customer);
  await screenshot(customer, 'follow up');
  await submit(customer, "", { fixed: 'yes', again: 'yes', fair: 'yes' });
  await axe(customer);
  expect({ status: 409, path: link });
  const again = await customer.request.post(link, { form: { fixed: 'no', again: 'no' } });
  assert.equal(again.status(), 409);

  // The last answer closes the recovery, and the public page shows its outcome.
  await phone.goto(recovery);
  await submit(phone, '/learn', {
    cause: 'The old loaves stood in front.',
    corrective_action: 'Yesterday’s bread is cleared before opening.',
    heard: true,
    thanked: true,
  });
  await screenshot(phone, 'recovery closed');
  await customer.goto('/p/brook-mill/fresh-bread');
  await axe(customer);
  const after = await customer.locator('main').innerText();
  assert.match(after, /Yesterday’s bread is cleared before opening/);
  assert.match(after, /trust restored/i);
  assert.doesNotMatch(after, /Clara Wren|555-0100|The loaf was from yesterday/);
  await screenshot(customer, 'public page after the loop');

  // Anyone can download the record.
  const record = await (await customer.request.get('/p/brook-mill/record.jsonl')).text();
  const kinds = record.trim().split('\n').map((line) => JSON.parse(line).kind);
  for (const kind of ['version', 'publish', 'check', 'break', 'recovery']) assert.ok(kinds.includes(kind), kind);
  assert.doesNotMatch(record, /Clara Wren|555-0100|Ben Toll/);
});

story('a rejected form keeps its input', async ({ page, axe, expect }) => {
  const owner = await page({ width: 320, javaScriptEnabled: false });
  expect({ status: 422 });
  await owner.goto('/');
  await submit(owner, '/begin', {
    name: 'Brook Mill', zone: 'Mars/Olympus', currency: 'XXX', contact_name: 'Ada', contact_email: 'a@b.example', email: 'ada@brook.example', password: 'short' });
  await axe(owner);
  assert.equal(await owner.locator('[name=zone]').inputValue(), 'Mars/Olympus');
  for (const field of ['currency', 'password']) {
    assert.equal(await owner.locator(`[name=${field}]`).getAttribute('aria-invalid'), 'true', field);
  }
  assert.equal(await owner.evaluate(() => document.documentElement.scrollWidth > innerWidth), false);
});
