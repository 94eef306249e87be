// What is refused after it was logged without a network is said in words.
import assert from 'node:assert/strict';
import { story } from '../harness.mjs';
import { mill } from '../mill.mjs';
import { nothingWaits, offline, whileAway } from '../phone.mjs';

/** It is said why, through a reload, until somebody has deleted it. */
async function refusedUntilSeen(phone, why) {
  await phone.context().setOffline(false);
  const card = phone.locator('.refused li', { hasText: why });
  await card.waitFor();
  // The page that was held, then the page as it is by now.
  for (let times = 0; times < 2; times += 1) {
    await phone.reload({ waitUntil: 'networkidle' });
    await card.waitFor();
  }
  assert.match(await card.innerText(), /Not taken: .*counter/i);
  await card.getByRole('button', { name: 'Delete it' }).click();
  await card.waitFor({ state: 'detached' });
  await phone.reload();
  await nothingWaits(phone);
  assert.equal(await phone.locator('.refused li').count(), 0);
}

story('what is not taken any more is said in words, until somebody has deleted it', async ({ server, page, expect, screenshot }) => {
  expect(offline);
  for (const status of [401, 403, 404, 409, 422]) expect({ status });
  const owner = await page();
  const business = await mill(server, owner, { sites: ['Dam Road', 'Mill Lane'], places: 1 });
  const [ben, eva, ida] = [await business.phone(page, 'Ben'), await business.phone(page, 'Eva'), await business.phone(page, 'Ida')];
  for (const phone of [ben, eva, ida]) await whileAway(phone);

  // Ben becomes an auditor, and Eva works at the other site only.
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
  await refusedUntilSeen(ben, 'Your role does not allow this');
  await refusedUntilSeen(eva, 'not');
  await screenshot(ben, 'refused');

  // The promise is suspended while Ida is away.
  await business.move('suspend');
  await refusedUntilSeen(ida, 'No checks are taken for a guarantee in the state');
  assert.deepEqual(await business.checks(), []);
});

story('whoever is let in no longer is told so at the door, and what they logged stays until they have seen that', async ({ server, page, expect }) => {
  expect(offline);
  for (const status of [401, 403]) expect({ status });
  const owner = await page();
  const business = await mill(server, owner, { places: 1 });
  const ben = await business.phone(page, 'Ben');
  await whileAway(ben);
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
