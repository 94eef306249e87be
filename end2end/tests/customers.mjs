// A customer asks to be forgotten; then the owner takes everything along and closes for good.
import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { story } from '../harness.mjs';
import { prairie, send, signIn } from '../people.mjs';

const fits = async (page) => {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wide <= 0, `${page.url()} scrolls sideways by ${wide} px`);
};

story('a customer is forgotten, and a business leaves for good, without JavaScript', { demo: true }, async ({ page, axe, screenshot, expect }) => {
  const owner = await page({ width: 320, javaScriptEnabled: false });
  const seen = async (name) => {
    await axe(owner);
    await fits(owner);
    await screenshot(owner, name);
  };
  await signIn(owner, prairie('dana'));
  await owner.goto('/recoveries');
  const addresses = await owner.locator('main a[href^="/recoveries/"]').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
  let recovery;
  for (const address of addresses) {
    await owner.goto(address);
    if (await owner.getByText('Harold Quinn, 555-0187').count()) recovery = address;
    if (recovery) break;
  }
  assert.ok(recovery, 'the example business has failed Harold Quinn');
  // An unoptimised build takes its time to pack 120 days.
  const saved = async (link) => {
    const [download] = await Promise.all([owner.waitForEvent('download', { timeout: 120_000 }), owner.getByRole('link', { name: link }).first().click()]);
    return download;
  };
  const known = await saved('Hand over what is known');
  assert.equal(known.suggestedFilename(), 'customer.json');
  await owner.getByText('Forget this customer').click();
  await owner.getByRole('link', { name: 'See what goes' }).click();
  await seen('forget a customer');
  await send(owner, '/forget');
  assert.equal(new URL(owner.url()).pathname, recovery);
  assert.equal(await owner.getByText('Harold').count(), 0);
  assert.equal(await owner.getByText(/^Forgotten, /).count(), 1);
  await seen('forgotten');

  await owner.goto('/settings');
  const whole = await saved('Download everything');
  assert.equal(whole.suggestedFilename(), 'prairie-stop-trialmark.zip');
  assert.ok((await stat(await whole.path())).size > 1_000_000);
  await owner.goto('/settings/delete');
  await seen('delete a business');
  expect({ status: 422, path: '/settings/delete' });
  await send(owner, '/settings/delete', { name: 'Prairie' });
  await seen('another name was typed');
  await send(owner, '/settings/delete', { name: 'Prairie Stop' });
  assert.equal(await owner.getByRole('heading', { name: 'Prairie Stop is deleted' }).count(), 1);
  await seen('deleted');
  expect({ status: 404, path: '/p/prairie-stop' });
  assert.equal((await owner.goto('/p/prairie-stop')).status(), 404);
});
