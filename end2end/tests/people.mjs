// Five people at once: owner, manager, staff at a shared tablet, auditor, outsider. And two ways to prove who one is.
import assert from 'node:assert/strict';
import { story } from '../harness.mjs';
import { begin, code, owner as ada, send, signIn, signOut } from '../people.mjs';

const PIN = '274915';

/** Lets someone in by a link, in a browser of their own. */
async function letIn(inviter, newcomer, { name, role }) {
  await inviter.goto('/people');
  await send(inviter, '/invites', { name, role });
  const link = await inviter.locator('code.token').innerText();
  await newcomer.goto(link);
  const password = `${name} walks along the mill stream`;
  await send(newcomer, new URL(link).pathname, { name, email: `${name.toLowerCase()}@brook.example`, password });
  await newcomer.waitForURL('**/today');
  return { email: `${name.toLowerCase()}@brook.example`, password };
}

/** A promise that is checked at one place. */
async function promise(owner) {
  await owner.goto('/places');
  await send(owner, '/sites', { name: 'Mill Lane' });
  await send(owner, '/places', { site: true, name: 'Counter' });
  await owner.goto('/problems/new');
  await send(owner, '/problems/new', { words: 'I come for bread and get yesterday’s.', for_whom: 'Everyone' });
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
  await send(owner, '/publish');
}

story('five people at once, each with what is theirs', { named: true }, async ({ page, axe, screenshot, expect }) => {
  const owner = await page({ width: 1280 });
  await begin(owner);
  await promise(owner);
  const manager = await page({ width: 1280 });
  await letIn(owner, manager, { name: 'Mira', role: 'manager' });
  const phone = await page({ width: 390 });
  const ben = await letIn(manager, phone, { name: 'Ben', role: 'staff' });
  const auditor = await page({ width: 1280 });
  await letIn(owner, auditor, { name: 'Olive', role: 'auditor' });
  const outsider = await page({ width: 390, javaScriptEnabled: false });

  // Ben sets a PIN on his own phone.
  await phone.goto('/account');
  await axe(phone);
  await screenshot(phone, 'account');
  expect({ status: 422, path: '/account/pin' });
  await send(phone, '/account/pin', { pin: '123456', current: ben.password });
  assert.equal(await phone.locator('#pin').getAttribute('aria-invalid'), 'true');
  await send(phone, '/account/pin', { pin: PIN, current: ben.password });

  // The manager makes a tablet the counter's own.
  await manager.goto('/devices');
  await axe(manager);
  await send(manager, '/devices', { name: 'The tablet at the counter', site: { index: 0 } });
  await axe(manager);
  await screenshot(manager, 'device link');
  const link = await manager.locator('code.token').innerText();
  const tablet = await page({ width: 768, javaScriptEnabled: false });
  await tablet.goto(link);
  await axe(tablet);
  await screenshot(tablet, 'device register');
  await send(tablet, new URL(link).pathname);
  await tablet.waitForURL('**/device');
  await axe(tablet);
  await screenshot(tablet, 'device names');

  // Ben picks his name, gets the PIN wrong once, then right, and the check is his.
  await tablet.getByRole('link', { name: 'Ben' }).click();
  await axe(tablet);
  expect({ status: 422, path: new URL(tablet.url()).pathname });
  await send(tablet, '', { pin: '111112' });
  await axe(tablet);
  await screenshot(tablet, 'device pin');
  await send(tablet, '', { pin: PIN });
  await tablet.waitForURL('**/today');
  await axe(tablet);
  await screenshot(tablet, 'device today');
  await tablet.locator('main a[href^="/check/"]').first().click();
  await axe(tablet);
  await tablet.locator('form:has([name=verdict][value=kept]) button').first().click();
  await screenshot(tablet, 'device kept');
  // A turn is no session: where devices are not named, nobody stands there.
  for (const beyond of ['/people', '/recoveries', '/guarantees', '/account', '/settings', '/devices', '/tokens', '/audit']) {
    const asked = await tablet.request.get(beyond, { maxRedirects: 0 });
    assert.deepEqual([asked.status(), asked.headers().location], [303, `/sign-in?to=${encodeURIComponent(beyond)}`]);
  }
  await tablet.locator('header form[action="/sign-out"] button').click();
  await tablet.waitForURL('**/device');

  // The auditor reads and is offered nothing to change; an outsider is asked to sign in.
  for (const path of ['/today', '/people', '/places', '/guarantees', '/recoveries', '/checks']) {
    await auditor.goto(path);
    assert.equal(await auditor.locator('main form[method=post]:not([action="/people/leave"])').count(), 0, path);
    await outsider.goto(path);
    assert.match(outsider.url(), /\/sign-in\?to=/, path);
  }
  assert.equal((await auditor.request.get('/audit')).status(), 403);
  await outsider.goto('/p/brook-mill');
  assert.match(await outsider.locator('main').innerText(), /Bread baked today/);

  // The owner sees who did what, and takes it away as a table.
  await owner.goto('/audit?deed=sign_in_failed');
  await axe(owner);
  await screenshot(owner, 'audit');
  assert.match(await owner.locator('tbody').innerText(), /Ben[\s\S]*The tablet at the counter/);
  const table = await owner.request.get('/audit.csv');
  assert.match(table.headers()['content-type'], /text\/csv/);
  assert.match(await table.text(), /device_registered/);
  await owner.goto('/tokens');
  await axe(owner);
  await send(owner, '/tokens', { name: 'The till' });
  const token = await owner.locator('code.token').innerText();
  const headers = { authorization: `Bearer ${token}` };
  assert.equal((await outsider.request.get('/api/v1/sites', { headers })).status(), 200);
  await owner.goto('/tokens');
  await screenshot(owner, 'tokens');
  await send(owner, '/revoke');
  expect({ status: 401 });
  assert.equal((await outsider.request.get('/api/v1/sites', { headers })).status(), 401);

  // Taken back, the tablet is nothing at once; let in no longer, Ben is out in every tab.
  await manager.goto('/devices');
  await send(manager, '/revoke');
  await tablet.goto('/device');
  assert.match(tablet.url(), /\/sign-in/);
  await manager.goto('/people');
  await manager.locator('summary', { hasText: 'Change for Ben' }).click();
  await manager.getByRole('button', { name: 'Let Ben in no longer' }).click();
  await phone.goto('/today');
  assert.match(phone.url(), /\/sign-in\?to=/);
});

story('a code of the app, and a code from the paper', { named: true }, async ({ page, axe, screenshot, expect }) => {
  const owner = await page({ width: 390, javaScriptEnabled: false });
  await begin(owner);
  // Asked of owners, it comes before everything else.
  await owner.goto('/settings/second-step');
  await axe(owner);
  await owner.locator('[name=role][value=owner]').check();
  await screenshot(owner, 'second step required');
  await send(owner, '/settings/second-step');
  await owner.goto('/guarantees');
  await owner.waitForURL('**/account/second-step');
  await axe(owner);
  await screenshot(owner, 'second step set up');
  await send(owner, '/account/authenticator', { current: ada.password });
  await axe(owner);
  await screenshot(owner, 'authenticator');
  const secret = await owner.locator('code.token').innerText();
  expect({ status: 422 });
  await send(owner, '/confirm', { code: '000000' });
  await axe(owner);
  await send(owner, '/confirm', { code: code(secret) });
  await axe(owner);
  await screenshot(owner, 'recovery codes');
  const paper = await owner.locator('.codes code').allInnerTexts();
  assert.equal(paper.length, 10);
  await owner.goto('/guarantees');
  await signOut(owner);

  // The password alone is half the way; a used code opens nothing again.
  await signIn(owner, ada);
  await owner.waitForURL('**/sign-in/second?*');
  await axe(owner);
  await screenshot(owner, 'second step');
  await send(owner, '/sign-in/second', { code: code(secret) });
  assert.equal(await owner.locator('[name=code]').getAttribute('aria-invalid'), 'true');
  await owner.goto('/today');
  assert.match(owner.url(), /\/sign-in\?to=/, 'half way in is not in');
  await signIn(owner, ada);
  await send(owner, '/sign-in/second', { code: code(secret, 1) });
  await owner.waitForURL('**/today');
  await signOut(owner);
  await signIn(owner, ada);
  await send(owner, '/sign-in/second', { code: paper[0].toUpperCase() });
  await owner.waitForURL('**/today');
});

story('a passkey signs in without anything typed', { named: true }, async ({ page, axe, screenshot, expect }) => {
  const owner = await page({ width: 1280 });
  await begin(owner);
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
  // A wrong password adds no key, and says so in its place.
  expect({ status: 422 });
  await send(owner, '/account/passkeys', { name: 'My laptop', current: 'not this one at all' });
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

  // With the password first, the same key is the second step.
  await signOut(owner);
  await signIn(owner, ada);
  await owner.waitForURL('**/sign-in/second?*');
  await axe(owner);
  await owner.locator('form:has([name=way]) button').click();
  await owner.waitForURL('**/today');

  // Given up, it opens nothing any more, and the password is enough again.
  await owner.goto('/account/second-step');
  await owner.locator('summary', { hasText: 'Give up My laptop' }).click();
  await send(owner, '/remove', { current: ada.password });
  await signOut(owner);
  await owner.goto('/sign-in');
  await owner.locator('form[action="/sign-in/passkey"] button').click();
  await owner.locator('form[action="/sign-in/passkey"] .fault').waitFor();
  await screenshot(owner, 'sign in passkey gone');
  await signIn(owner, ada);
  await owner.waitForURL(/\/(today)?$/);
});
