// Checks that were logged without a network and are refused later: the phone shows the reason.
import assert from 'node:assert/strict';
import { story } from '../harness.mjs';
import { testBusiness } from '../fixture.mjs';
import { logOffline, OFFLINE, waitForEmptyOutbox } from '../phone.mjs';

/** Asserts that the reason is shown, also after a reload, until the entry is deleted. */
async function assertRefusedUntilDeleted(phone, why) {
  await phone.context().setOffline(false);
  const card = phone.locator('.refused li', { hasText: why });
  await card.waitFor();
  // First the stored page, then the page of the server.
  for (let times = 0; times < 2; times += 1) {
    await phone.reload({ waitUntil: 'networkidle' });
    await card.waitFor();
  }
  assert.match(await card.innerText(), /Not taken: .*counter/i);
  await card.getByRole('button', { name: 'Delete it' }).click();
  await card.waitFor({ state: 'detached' });
  await phone.reload();
  await waitForEmptyOutbox(phone);
  assert.equal(await phone.locator('.refused li').count(), 0);
}

story('a refused check is shown with its reason until it is deleted', async ({ server, page, expect, screenshot }) => {
  expect(OFFLINE);
  for (const status of [401, 403, 404, 409, 422]) expect({ status });
  const owner = await page();
  const business = await testBusiness(server, owner, { sites: ['Dam Road', 'Mill Lane'], places: 1 });
  const [ben, eva, ida] = [await business.phone(page, 'Ben'), await business.phone(page, 'Eva'), await business.phone(page, 'Ida')];
  for (const phone of [ben, eva, ida]) await logOffline(phone);

  // Ben becomes an auditor, and Eva is limited to the other site.
  const change = async (name, what) => {
    await owner.goto('/people');
    const member = owner.locator('main li', { hasText: name });
    await member.locator('summary').click();
    await what(member);
    await owner.waitForLoadState('load');
  };
  await change('Ben', (member) => member.locator('[name=role][value=auditor]').click());
  await change('Eva', async (member) => {
    await member.locator('[name=reach][value=sites]').check();
    await member.getByLabel('Mill Lane').check();
    await member.locator('form[action$="/reach"] button').click();
  });
  await assertRefusedUntilDeleted(ben, 'Your role does not allow this');
  await assertRefusedUntilDeleted(eva, 'not');
  await screenshot(ben, 'refused');

  // The promise is suspended while Ida is away.
  await business.move('suspend');
  await assertRefusedUntilDeleted(ida, 'No checks are taken for a guarantee in the state');
  assert.deepEqual(await business.checks(), []);
});

story('a removed member sees why their check is refused, and it is kept until they delete it', async ({ server, page, expect }) => {
  expect(OFFLINE);
  for (const status of [401, 403]) expect({ status });
  const owner = await page();
  const business = await testBusiness(server, owner, { places: 1 });
  const ben = await business.phone(page, 'Ben');
  await logOffline(ben);
  await owner.goto('/people');
  const member = owner.locator('main li', { hasText: 'Ben' });
  await member.locator('summary').click();
  await member.locator('form[action$="/remove"] button').click();
  await owner.waitForLoadState('load');

  await ben.context().setOffline(false);
  await ben.locator('.outbox', { hasText: 'Sign in to send what waits' }).waitFor();
  await business.signIn(ben, 'Ben');
  await ben.getByRole('heading', { name: 'No business lets you in' }).waitFor();
  const card = ben.locator('.refused li', { hasText: 'nobody lets you in any longer' });
  await card.waitFor();
  await card.getByRole('button', { name: 'Delete it' }).click();
  await card.waitFor({ state: 'detached' });
  assert.deepEqual(await business.checks(), []);
});
