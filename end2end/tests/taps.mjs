// The number of taps from the scan to the answer.
import assert from 'node:assert/strict';
import { story } from '../harness.mjs';
import { testBusiness } from '../fixture.mjs';
import { KEPT_BUTTON } from '../phone.mjs';

story('after the scan, logging kept takes at most three taps and broken at most five', async ({ server, page }) => {
  const business = await testBusiness(server, await page());
  const phone = await business.phone(page, 'Ben', { width: 320 });
  await phone.addInitScript(() => {
    window.taps = 0;
    window.addEventListener('pointerdown', () => (window.taps += 1), true);
  });
  const taps = () => phone.evaluate(() => window.taps);

  await phone.goto(`/at/${business.places[0].code}`);
  await phone.locator(KEPT_BUTTON).tap();
  await phone.locator('.check-status[data-state=stored]').waitFor();
  const kept = await taps();

  await phone.goto(`/at/${business.places[1].code}`);
  await phone.locator('a[href="#broken"]').tap();
  await phone.locator('#broken label', { hasText: 'Price label beside it' }).tap();
  await phone.locator('#broken form button').last().tap();
  await phone.locator('.check-status[data-state=stored]').waitFor();
  const broken = await taps();

  console.log(`from the scan: kept in ${kept}, broken with its reason in ${broken} taps`);
  assert.ok(kept > 0 && kept <= 3 && broken > 0 && broken <= 5);
  const rows = (await business.checks()).map(({ verdict, reason }) => [verdict, reason]);
  assert.deepEqual(rows, [['broken', '1'], ['kept', null]]);
});
