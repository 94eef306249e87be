// Codes of places without a network, scanned or typed: the service worker finds the place in its stored pages.
import assert from 'node:assert/strict';
import { story } from '../harness.mjs';
import { testBusiness } from '../fixture.mjs';
import { OFFLINE, tapAnswer, waitForOutcome } from '../phone.mjs';

story('a scanned or typed code opens its place offline', async ({ server, page, axe, screenshot, expect }) => {
  expect(OFFLINE);
  const business = await testBusiness(server, await page());
  const phone = await business.phone(page, 'Ben', { width: 320 });
  const [, { id, code }] = business.places;
  const waitForPlace = () => phone.waitForURL(`**/check/${id}`);

  await phone.context().setOffline(true);
  await phone.goto(`/at/${code}`);
  await waitForPlace();
  await tapAnswer(phone, 'kept');
  assert.equal(await waitForOutcome(phone), 'saved');
  for (const typed of [code.toLowerCase(), ` ${code.slice(0, 3)}-${code.slice(3)} `, code.replaceAll('0', 'o').replaceAll('1', 'l')]) {
    await phone.goto('/today');
    await phone.locator('form.code [name=code]').fill(typed);
    await phone.locator('form.code button').click();
    await waitForPlace();
  }

  // An unknown code leads to the list of today's checks, with a note.
  for (const unknown of ['/at/ZZZZZZ', '/check?code=zz-zz-zz', '/at/nothing%20like%20it']) {
    await phone.goto(unknown);
    await phone.getByText('This phone does not know this code').waitFor();
    assert.equal(await phone.evaluate(() => document.activeElement.id), 'elsewhere', 'screen readers read the note');
  }
  await axe(phone);
  await screenshot(phone, 'code unknown offline');
  await phone.goto('/today');
  assert.equal(await phone.locator('#elsewhere').isVisible(), false);

  // With a network the server is asked. If it does not answer, the stored pages are used.
  await phone.context().setOffline(false);
  expect({ status: 404, path: '/at/ZZZZZZ' });
  assert.equal((await phone.goto('/at/ZZZZZZ')).status(), 404);
  server.child.kill('SIGSTOP');
  try {
    await phone.goto(`/at/${code}`);
    await waitForPlace();
  } finally {
    server.child.kill('SIGCONT');
  }
});
