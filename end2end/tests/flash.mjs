// What was saved is said once, on the page that follows: read aloud, in the language of the page, and without JavaScript too.
import assert from 'node:assert/strict';
import { story } from '../harness.mjs';
import { testBusiness } from '../fixture.mjs';
import { submit } from '../people.mjs';

for (const javaScriptEnabled of [true, false]) {
  story(`a save is announced once ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, async ({ server, page, axe, screenshot }) => {
    const maker = await page();
    await testBusiness(server, maker);
    const owner = await page({ width: 390, javaScriptEnabled });
    await owner.context().addCookies(await maker.context().cookies());
    const other = await owner.context().newPage();
    await other.goto('/settings');
    await owner.goto('/settings');
    await submit(owner, '/settings', { contact_name: 'Ada M. Marsh' });
    const flash = owner.locator('.flash');
    assert.equal((await flash.textContent()).trim(), 'Business settings saved.');
    assert.equal(await flash.evaluate((flash) => document.activeElement === flash), true, 'it has the focus, so it is read aloud');
    await axe(owner);
    await screenshot(owner, `settings saved ${javaScriptEnabled ? 'with' : 'without'} JavaScript`);
    await owner.keyboard.press('Tab');
    assert.equal(await owner.evaluate(() => document.querySelector('main').contains(document.activeElement)), true, 'the page follows');

    await other.reload();
    await owner.goto('/places');
    await owner.goto('/settings');
    for (const tab of [owner, other]) assert.equal(await tab.locator('.flash').count(), 0, 'it was said once');
  });
}
