// Codes without a network: scanned or typed, they open their place from what the phone has at hand.
import assert from 'node:assert/strict';
import { story } from '../harness.mjs';
import { mill } from '../mill.mjs';
import { answer, offline, outcome } from '../phone.mjs';

story('a code opens its place without a network, scanned or typed', async ({ server, page, axe, screenshot, expect }) => {
  expect(offline);
  const business = await mill(server, await page());
  const phone = await business.phone(page, 'Ben', { width: 320 });
  const [, { id, code }] = business.places;
  const isThere = () => phone.waitForURL(`**/check/${id}`);

  await phone.context().setOffline(true);
  await phone.goto(`/at/${code}`);
  await isThere();
  await answer(phone, 'kept');
  assert.equal(await outcome(phone), 'saved');
  for (const typed of [code.toLowerCase(), ` ${code.slice(0, 3)}-${code.slice(3)} `, code.replaceAll('0', 'o').replaceAll('1', 'l')]) {
    await phone.goto('/today');
    await phone.locator('form.code [name=code]').fill(typed);
    await phone.locator('form.code button').click();
    await isThere();
  }

  // One that nobody has is said to be unknown to this phone, and the round is there to go on with.
  for (const unknown of ['/at/ZZZZZZ', '/check?code=zz-zz-zz', '/at/nothing%20like%20it']) {
    await phone.goto(unknown);
    await phone.getByText('This code is not among the places that this phone has at hand').waitFor();
    assert.equal(await phone.evaluate(() => document.activeElement.id), 'elsewhere', 'it is read out');
  }
  await axe(phone);
  await screenshot(phone, 'code unknown offline');
  await phone.goto('/today');
  assert.equal(await phone.locator('#elsewhere').isVisible(), false);

  // With a network, codes are looked up there; where it does not answer, the phone goes by what it knows.
  await phone.context().setOffline(false);
  expect({ status: 404, path: '/at/ZZZZZZ' });
  assert.equal((await phone.goto('/at/ZZZZZZ')).status(), 404);
  server.child.kill('SIGSTOP');
  try {
    await phone.goto(`/at/${code}`);
    await isThere();
  } finally {
    server.child.kill('SIGCONT');
  }
});
