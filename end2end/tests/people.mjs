// People and access: five roles at once, a shared device, an authenticator app with recovery codes, a passkey.
import assert from 'node:assert/strict';
import { story } from '../harness.mjs';
import { owner as ada, setUpBusiness, signIn, signOut, submit, totpCode } from '../people.mjs';

const PIN = '274915';

/** Invites someone, who joins in a browser of their own. */
async function invite(inviter, newcomer, { name, role }) {
  await inviter.goto('/people');
  await submit(inviter, '/invites', { name, role });
  const link = await inviter.locator('code.token').innerText();
  await newcomer.goto(link);
  const password = `${name} walks along the mill stream`;
  await submit(newcomer, new URL(link).pathname, { name, email: `${name.toLowerCase()}@brook.example`, password });
  await newcomer.waitForURL('**/today');
  return { email: `${name.toLowerCase()}@brook.example`, password };
}

/** A guarantee that is checked at one place. */
async function addGuarantee(owner) {
  await owner.goto('/places');
  await submit(owner, '/sites', { name: 'Mill Lane' });
  await submit(owner, '/places', { site: true, name: 'Counter' });
  await owner.goto('/problems/new');
  await submit(owner, '/problems/new', { words: 'I come for bread and get yesterday’s.', for_whom: 'Everyone' });
  await owner.waitForURL('**/guarantees/new?problem=*');
  const form = owner.locator('form:has([name=promise])');
  const wording = {
    title: 'Fresh bread', promise: 'Bread baked today, on the counter by eight.', criteria: 'Baked today', mark: '90',
    remedy: 'Your loaf is free.', late_remedy: 'And tomorrow’s too.', how_to_claim: 'Tell anyone at the counter.',
  };
  for (const [name, value] of Object.entries(wording)) await form.locator(`[name="${name}"]`).fill(value);
  await form.locator('[name=places]').first().check();
  await form.locator('button:not([type=button])').last().click();
  await owner.waitForURL(/\/guarantees\/[0-9a-f-]{36}$/);
  await submit(owner, '/publish');
}

story('five people sign in, each with the access of their role', { named: true }, async ({ page, axe, screenshot, expect }) => {
  const owner = await page({ width: 1280 });
  await setUpBusiness(owner);
  await addGuarantee(owner);
  const manager = await page({ width: 1280 });
  await invite(owner, manager, { name: 'Mira', role: 'manager' });
  const phone = await page({ width: 390 });
  const ben = await invite(manager, phone, { name: 'Ben', role: 'staff' });
  const auditor = await page({ width: 1280 });
  await invite(owner, auditor, { name: 'Olive', role: 'auditor' });
  const outsider = await page({ width: 390, javaScriptEnabled: false });

  // Ben sets a PIN on his own phone.
  await phone.goto('/account');
  await axe(phone);
  await screenshot(phone, 'account');
  expect({ status: 422, path: '/account/pin' });
  await submit(phone, '/account/pin', { pin: '123456', current: ben.password });
  assert.equal(await phone.locator('#pin').getAttribute('aria-invalid'), 'true');
  await submit(phone, '/account/pin', { pin: PIN, current: ben.password });

  // The manager adds a shared tablet.
  await manager.goto('/devices');
  await axe(manager);
  await submit(manager, '/devices', { name: 'The tablet at the counter', site: { index: 0 } });
  await axe(manager);
  await screenshot(manager, 'device link');
  const link = await manager.locator('code.token').innerText();
  const tablet = await page({ width: 768, javaScriptEnabled: false });
  await tablet.goto(link);
  await axe(tablet);
  await screenshot(tablet, 'device register');
  await submit(tablet, new URL(link).pathname);
  await tablet.waitForURL('**/device');
  await axe(tablet);
  await screenshot(tablet, 'device names');

  // Ben chooses his name, types a wrong PIN, then the right one, and logs a check.
  await tablet.getByRole('link', { name: 'Ben' }).click();
  await axe(tablet);
  expect({ status: 422, path: new URL(tablet.url()).pathname });
  await submit(tablet, '', { pin: '111112' });
  await axe(tablet);
  await screenshot(tablet, 'device pin');
  await submit(tablet, '', { pin: PIN });
  await tablet.waitForURL('**/today');
  await axe(tablet);
  await screenshot(tablet, 'device today');
  await tablet.locator('main a[href^="/check/"]').first().click();
  await axe(tablet);
  await tablet.locator('form:has([name=verdict][value=kept]) button').first().click();
  await screenshot(tablet, 'device kept');
  // A PIN session opens no other pages.
  for (const beyond of ['/people', '/recoveries', '/guarantees', '/account', '/settings', '/devices', '/tokens', '/audit']) {
    const asked = await tablet.request.get(beyond, { maxRedirects: 0 });
    assert.deepEqual([asked.status(), asked.headers().location], [303, `/sign-in?to=${encodeURIComponent(beyond)}`]);
  }
  await tablet.locator('header form[action="/sign-out"] button').click();
  await tablet.waitForURL('**/device');

  // The auditor has no forms; an outsider is asked to sign in.
  for (const path of ['/today', '/people', '/places', '/guarantees', '/recoveries', '/checks']) {
    await auditor.goto(path);
    assert.equal(await auditor.locator('main form[method=post]:not([action="/people/leave"])').count(), 0, path);
    await outsider.goto(path);
    assert.match(outsider.url(), /\/sign-in\?to=/, path);
  }
  assert.equal((await auditor.request.get('/audit')).status(), 403);
  await outsider.goto('/p/brook-mill');
  assert.match(await outsider.locator('main').innerText(), /Bread baked today/);

  // The owner reads the audit log, and downloads it as CSV.
  await owner.goto('/audit?deed=sign_in_failed');
  await axe(owner);
  await screenshot(owner, 'audit');
  assert.match(await owner.locator('tbody').innerText(), /Ben[\s\S]*The tablet at the counter/);
  const table = await owner.request.get('/audit.csv');
  assert.match(table.headers()['content-type'], /text\/csv/);
  assert.match(await table.text(), /device_registered/);
  await owner.goto('/tokens');
  await axe(owner);
  await submit(owner, '/tokens', { name: 'The till' });
  const token = await owner.locator('code.token').innerText();
  const headers = { authorization: `Bearer ${token}` };
  assert.equal((await outsider.request.get('/api/v1/sites', { headers })).status(), 200);
  await owner.goto('/tokens');
  await screenshot(owner, 'tokens');
  await submit(owner, '/revoke');
  expect({ status: 401 });
  assert.equal((await outsider.request.get('/api/v1/sites', { headers })).status(), 401);

  // The tablet is revoked at once. Ben is removed and signed out everywhere.
  await manager.goto('/devices');
  await submit(manager, '/revoke');
  await tablet.goto('/device');
  assert.match(tablet.url(), /\/sign-in/);
  await manager.goto('/people');
  await manager.locator('summary', { hasText: 'Change for Ben' }).click();
  await manager.getByRole('button', { name: 'Remove Ben’s access' }).click();
  await phone.goto('/today');
  assert.match(phone.url(), /\/sign-in\?to=/);
});

story('the second step works with an authenticator app and with a recovery code', { named: true }, async ({ page, axe, screenshot, expect }) => {
  const owner = await page({ width: 390, javaScriptEnabled: false });
  await setUpBusiness(owner);
  // Once owners need a second step, they have to set it up before anything else.
  await owner.goto('/settings/second-step');
  await axe(owner);
  await owner.locator('[name=role][value=owner]').check();
  await screenshot(owner, 'second step required');
  await submit(owner, '/settings/second-step');
  await owner.goto('/guarantees');
  await owner.waitForURL('**/account/second-step');
  await axe(owner);
  await screenshot(owner, 'second step set up');
  await submit(owner, '/account/authenticator', { current: ada.password });
  await axe(owner);
  await screenshot(owner, 'authenticator');
  const secret = await owner.locator('code.token').innerText();
  expect({ status: 422 });
  await submit(owner, '/confirm', { code: '000000' });
  await axe(owner);
  await submit(owner, '/confirm', { code: totpCode(secret) });
  await axe(owner);
  await screenshot(owner, 'recovery codes');
  const recoveryCodes = await owner.locator('.codes code').allInnerTexts();
  assert.equal(recoveryCodes.length, 10);
  await owner.goto('/guarantees');
  await signOut(owner);

  // The password alone is not enough, and a code works only once.
  await signIn(owner, ada);
  await owner.waitForURL('**/sign-in/second?*');
  await axe(owner);
  await screenshot(owner, 'second step');
  await submit(owner, '/sign-in/second', { code: totpCode(secret) });
  assert.equal(await owner.locator('[name=code]').getAttribute('aria-invalid'), 'true');
  await owner.goto('/today');
  assert.match(owner.url(), /\/sign-in\?to=/, 'a pending sign-in is no session');
  await signIn(owner, ada);
  await submit(owner, '/sign-in/second', { code: totpCode(secret, 1) });
  await owner.waitForURL('**/today');
  await signOut(owner);
  await signIn(owner, ada);
  await submit(owner, '/sign-in/second', { code: recoveryCodes[0].toUpperCase() });
  await owner.waitForURL('**/today');
});

story('a passkey signs in without typing and can be the second step', { named: true }, async ({ page, axe, screenshot, expect }) => {
  const owner = await page({ width: 1280 });
  await setUpBusiness(owner);
  const devtools = await owner.context().newCDPSession(owner);
  await devtools.send('WebAuthn.enable');
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  await owner.goto('/account/second-step');
  await axe(owner);
  // A wrong password adds no passkey, and shows an error.
  expect({ status: 422 });
  await submit(owner, '/account/passkeys', { name: 'My laptop', current: 'not this one at all' });
  await owner.locator('#passkey-current[aria-invalid=true]').waitFor();
  assert.equal(await owner.locator('#name').inputValue(), 'My laptop');
  await owner.locator('#passkey-current').fill(ada.password);
  await owner.locator('form[action="/account/passkeys"] button').click();
  await owner.locator('.codes').waitFor();
  await owner.goto('/account/second-step');
  await screenshot(owner, 'passkeys');
  assert.match(await owner.locator('main').innerText(), /My laptop/);

  await signOut(owner);
  await owner.goto('/sign-in');
  await axe(owner);
  await screenshot(owner, 'sign in');
  await owner.locator('form[action="/sign-in/passkey"] button').click();
  await owner.waitForURL('**/today');

  // After the password, the same passkey is the second step.
  await signOut(owner);
  await signIn(owner, ada);
  await owner.waitForURL('**/sign-in/second?*');
  await axe(owner);
  await owner.locator('form:has([name=way]) button').click();
  await owner.waitForURL('**/today');

  // After it is removed, the passkey does not work any more, and the password is enough.
  await owner.goto('/account/second-step');
  await owner.locator('summary', { hasText: 'Remove My laptop' }).click();
  await submit(owner, '/remove', { current: ada.password });
  await signOut(owner);
  await owner.goto('/sign-in');
  await owner.locator('form[action="/sign-in/passkey"] button').click();
  await owner.locator('form[action="/sign-in/passkey"] .fault').waitFor();
  await screenshot(owner, 'sign in passkey gone');
  await signIn(owner, ada);
  await owner.waitForURL(/\/(today)?$/);
});
