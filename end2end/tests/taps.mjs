// How many taps it takes from the scan to the answer.
import assert from 'node:assert/strict';
import { story } from '../harness.mjs';
import { mill } from '../mill.mjs';
import { KEPT } from '../phone.mjs';

story('kept is three taps from the scan at most, broken five', async ({ server, page }) => {
  const business = await mill(server, await page());
  const phone = await business.phone(page, 'Ben', { width: 320 });
  await phone.addInitScript(() => {
    window.taps = 0;
    window.addEventListener('pointerdown', () => (window.taps += 1), true);
  });
  const taps = () => phone.evaluate(() => window.taps);

  await phone.goto(`/at/${business.places[0].code}`);
  await phone.locator(KEPT).tap();
  await phone.locator('.said[data-state=stored]').waitFor();
  const kept = await taps();

  await phone.goto(`/at/${business.places[1].code}`);
  await phone.locator('a[href="#broken"]').tap();
  await phone.locator('#broken label', { hasText: 'Price label beside it' }).tap();
  await phone.locator('#broken form button').last().tap();
  await phone.locator('.said[data-state=stored]').waitFor();
  const broken = await taps();

  console.log(`from the scan: kept in ${kept}, broken with its reason in ${broken} taps`);
  assert.ok(kept > 0 && kept <= 3 && broken > 0 && broken <= 5);
  const rows = (await business.checks()).map(({ verdict, reason }) => [verdict, reason]);
  assert.deepEqual(rows, [['broken', '1'], ['kept', null]]);
});
