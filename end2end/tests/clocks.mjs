// Clocks of phones: wrong when tapped, right when sent, or wrong all along. Nothing is refused, and when it was is known.
import assert from 'node:assert/strict';
import { story } from '../harness.mjs';
import { mill } from '../mill.mjs';
import { answer, atHand, entries, isStored, nothingWaits, offline, outcome } from '../phone.mjs';

const MINUTE = 60_000;

/** How wrong a clock is, in minutes: from a little to three days, and an hour because somebody moved it for summer time. */
const WRONG = [-4320, -1440, -720, -120, -60, -3, -1, 1, 3, 60, 120, 720, 1440, 4320];

/** The phone's clock is off by so much from here on, in every tab. */
const set = (phone, off) => phone.evaluate((off) => (localStorage.off = off), off);

/** Until it has heard from the server with the clock as it is. */
const hasHeard = (phone, minutes) =>
  phone.waitForFunction((wrong) => {
    const [server, device] = (localStorage.heard ?? '').split(' ').map((one) => Date.parse(one));
    return Math.abs(device - server - wrong) < 5000;
  }, minutes * MINUTE);

async function off(page) {
  await page.context().addInitScript(() => {
    const now = Date.now.bind(Date);
    Date.now = () => now() + Number(localStorage.off ?? 0);
  });
}

for (const [kind, isSetRight] of [['set right before it sends', true], ['wrong all along', false]]) {
  story(`a clock that is ${kind} does not move a check`, async ({ server, page, expect }) => {
    expect(offline);
    const business = await mill(server, await page(), { places: WRONG.length });
    const phone = await business.phone(page, 'Ben');
    await off(phone);
    const links = await atHand(phone);
    const taps = [];
    for (const [at, minutes] of WRONG.entries()) {
      // With the clock as it is, it hears from the server; then the network goes.
      await set(phone, minutes * MINUTE);
      await phone.goto('/today');
      await hasHeard(phone, minutes);
      await phone.context().setOffline(true);
      await phone.goto(links[at]);
      const from = Date.now();
      await answer(phone, 'kept');
      assert.equal(await outcome(phone), 'saved');
      taps.push({ place: links[at].slice(7, 43), minutes, from, to: Date.now() });
      const tapped = (await entries(phone)).at(-1).draft.at;
      assert.ok(Math.abs(Date.parse(tapped) - from - minutes * MINUTE) < 10_000, 'by its own clock');
      if (isSetRight) await set(phone, 0);
      await phone.context().setOffline(false);
      await nothingWaits(phone);
    }
    assert.equal(await phone.locator('.refused li').count(), 0);
    const rows = new Map((await business.checks()).map((row) => [row.place, row]));
    assert.equal(rows.size, WRONG.length);
    for (const { place, minutes, from, to } of taps) {
      const { at, skewed } = rows.get(place);
      const off = Math.abs(minutes) > 2 ? 0 : Math.abs(minutes) * MINUTE;
      assert.ok(Date.parse(at) >= from - 3000 - off && Date.parse(at) <= to + 3000 + off, `${minutes}: ${at}`);
      assert.equal(skewed, Math.abs(minutes) > 2, `${minutes} is flagged`);
    }
    assert.match(server.run('verify', '--business', 'brook-mill'), /is whole/);
    console.log(`${WRONG.length} clocks ${kind}`);
  });
}

story('a clock that is wrong while there is a network is flagged, and the check is taken at once', async ({ server, page }) => {
  const business = await mill(server, await page(), { places: 6 });
  const phone = await business.phone(page, 'Ben');
  await off(phone);
  const links = await atHand(phone);
  for (const [at, minutes] of [-4320, -60, -1, 1, 60, 4320].entries()) {
    await set(phone, minutes * MINUTE);
    await phone.goto(links[at]);
    await hasHeard(phone, minutes);
    const from = Date.now();
    await answer(phone, 'kept');
    await isStored(phone);
    const row = (await business.checks()).find(({ place }) => links[at].includes(place));
    assert.ok(Math.abs(Date.parse(row.at) - from) < 5000 + (Math.abs(minutes) === 1 ? MINUTE : 0), `${minutes}: ${row.at}`);
    assert.equal(row.skewed, Math.abs(minutes) > 2, `${minutes} is flagged`);
  }
});
