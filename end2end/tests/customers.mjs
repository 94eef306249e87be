// The owner erases a customer's data, then exports and deletes the business.
import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { story } from '../harness.mjs';
import { demoPerson, signIn, submit } from '../people.mjs';

const assertNoSidewaysScroll = async (page) => {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wide <= 0, `${page.url()} scrolls sideways by ${wide} px`);
};

story('a customer can be erased and a business exported and deleted without JavaScript', { demo: true }, async ({ page, axe, screenshot, expect }) => {
  const owner = await page({ width: 320, javaScriptEnabled: false });
  const capture = async (name) => {
    await axe(owner);
    await assertNoSidewaysScroll(owner);
    await screenshot(owner, name);
  };
  await signIn(owner, demoPerson('dana'));
  await owner.goto('/recoveries');
  const addresses = await owner.locator('main a[href^="/recoveries/"]').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
  let recovery;
  for (const address of addresses) {
    await owner.goto(address);
    if (await owner.getByText('Harold Quinn, 555-0187').count()) recovery = address;
    if (recovery) break;
  }
  assert.ok(recovery, 'the example business has a recovery for Harold Quinn');
  // Exporting 120 days takes long with an unoptimised build.
  const download = async (link) => {
    const [file] = await Promise.all([owner.waitForEvent('download', { timeout: 120_000 }), owner.getByRole('link', { name: link }).first().click()]);
    return file;
  };
  const exported = await download('Download customer data');
  assert.equal(exported.suggestedFilename(), 'customer.json');
  await owner.getByText('Erase customer data').click();
  await owner.getByRole('link', { name: 'See what is erased' }).click();
  await capture('erase customer data');
  await submit(owner, '/forget');
  assert.equal(new URL(owner.url()).pathname, recovery);
  assert.equal(await owner.getByText('Harold').count(), 0);
  assert.equal(await owner.getByText(/^Customer data erased, /).count(), 1);
  await capture('customer data erased');

  await owner.goto('/settings');
  const whole = await download('Download everything');
  assert.equal(whole.suggestedFilename(), 'prairie-stop-trialmark.zip');
  assert.ok((await stat(await whole.path())).size > 1_000_000);
  await owner.goto('/settings/delete');
  await capture('delete a business');
  expect({ status: 422, path: '/settings/delete' });
  await submit(owner, '/settings/delete', { name: 'Prairie' });
  await capture('another name was typed');
  await submit(owner, '/settings/delete', { name: 'Prairie Stop' });
  assert.equal(await owner.getByRole('heading', { name: 'Prairie Stop has been deleted' }).count(), 1);
  await capture('deleted');
  expect({ status: 404, path: '/p/prairie-stop' });
  assert.equal((await owner.goto('/p/prairie-stop')).status(), 404);
});
