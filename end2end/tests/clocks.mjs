// Phones with a wrong clock. Their checks are accepted, flagged, and dated correctly.
import assert from 'node:assert/strict';
import { story } from '../harness.mjs';
import { testBusiness } from '../fixture.mjs';
import { OFFLINE, outboxEntries, tapAnswer, waitForEmptyOutbox, waitForOfflinePages, waitForOutcome, waitForStored } from '../phone.mjs';

const MINUTE = 60_000;

/** By how many minutes the clock is wrong: up to three days, and one hour as after a forgotten change to summer time. */
const OFFSETS = [-4320, -1440, -720, -120, -60, -3, -1, 1, 3, 60, 120, 720, 1440, 4320];

/** Sets the clock wrong by this many milliseconds, in every tab. */
const setClock = (phone, offset) => phone.evaluate((offset) => (localStorage.off = offset), offset);

/** Waits until the phone has heard from the server with this clock. */
const waitForServerTime = (phone, minutes) =>
  phone.waitForFunction((offset) => {
    const [server, device] = (localStorage.heard ?? '').split(' ').map((one) => Date.parse(one));
    return Math.abs(device - server - offset) < 5000;
  }, minutes * MINUTE);

async function installFakeClock(page) {
  await page.context().addInitScript(() => {
    const now = Date.now.bind(Date);
    Date.now = () => now() + Number(localStorage.off ?? 0);
  });
}

for (const [kind, isCorrected] of [['wrong until it sends', true], ['wrong all the time', false]]) {
  story(`a check gets the correct time from a phone whose clock is ${kind}`, async ({ server, page, expect }) => {
    expect(OFFLINE);
    const business = await testBusiness(server, await page(), { places: OFFSETS.length });
    const phone = await business.phone(page, 'Ben');
    await installFakeClock(phone);
    const links = await waitForOfflinePages(phone);
    const taps = [];
    for (const [at, minutes] of OFFSETS.entries()) {
      // The phone hears from the server with the wrong clock, then the network is gone.
      await setClock(phone, minutes * MINUTE);
      await phone.goto('/today');
      await waitForServerTime(phone, minutes);
      await phone.context().setOffline(true);
      await phone.goto(links[at]);
      const from = Date.now();
      await tapAnswer(phone, 'kept');
      assert.equal(await waitForOutcome(phone), 'saved');
      taps.push({ place: links[at].slice(7, 43), minutes, from, to: Date.now() });
      const tapped = (await outboxEntries(phone)).at(-1).draft.at;
      assert.ok(Math.abs(Date.parse(tapped) - from - minutes * MINUTE) < 10_000, 'dated by the clock of the phone');
      if (isCorrected) await setClock(phone, 0);
      await phone.context().setOffline(false);
      await waitForEmptyOutbox(phone);
    }
    assert.equal(await phone.locator('.refused li').count(), 0);
    const rows = new Map((await business.checks()).map((row) => [row.place, row]));
    assert.equal(rows.size, OFFSETS.length);
    for (const { place, minutes, from, to } of taps) {
      const { at, skewed } = rows.get(place);
      const tolerance = Math.abs(minutes) > 2 ? 0 : Math.abs(minutes) * MINUTE;
      assert.ok(Date.parse(at) >= from - 3000 - tolerance && Date.parse(at) <= to + 3000 + tolerance, `${minutes}: ${at}`);
      assert.equal(skewed, Math.abs(minutes) > 2, `${minutes} is flagged`);
    }
    assert.match(server.run('verify', '--business', 'brook-mill'), /is whole/);
    console.log(`${OFFSETS.length} offsets, ${kind}`);
  });
}

story('an online check from a phone with a wrong clock is accepted and flagged', async ({ server, page }) => {
  const business = await testBusiness(server, await page(), { places: 6 });
  const phone = await business.phone(page, 'Ben');
  await installFakeClock(phone);
  const links = await waitForOfflinePages(phone);
  for (const [at, minutes] of [-4320, -60, -1, 1, 60, 4320].entries()) {
    await setClock(phone, minutes * MINUTE);
    await phone.goto(links[at]);
    await waitForServerTime(phone, minutes);
    const from = Date.now();
    await tapAnswer(phone, 'kept');
    await waitForStored(phone);
    const row = (await business.checks()).find(({ place }) => links[at].includes(place));
    assert.ok(Math.abs(Date.parse(row.at) - from) < 5000 + (Math.abs(minutes) === 1 ? MINUTE : 0), `${minutes}: ${row.at}`);
    assert.equal(row.skewed, Math.abs(minutes) > 2, `${minutes} is flagged`);
  }
});
