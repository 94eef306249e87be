// What people do with the check screen on a phone, and what the phone keeps.
import assert from 'node:assert/strict';

/** The cookie of a session, of whichever installation. */
export const SESSION = /^(__Host-)?trialmark-[0-9a-f]{8}$/;

/** What fails on the way while there is no network. */
export const offline = { failure: 'net::ERR_INTERNET_DISCONNECTED' };

export const KEPT = '#ask form:has([name=verdict][value=kept]) button';

const links = (phone) =>
  phone.locator('main .sites a[href^="/check/"]').evaluateAll((all) => all.map((one) => one.getAttribute('href')));

/** Waits until the phone has every check screen that the open round leads to. */
export async function atHand(phone) {
  const round = await links(phone);
  const all = [...round, ...round.map((link) => link.split('?')[0])];
  const held = async (links) => {
    const pages = await caches.open('pages');
    return (await Promise.all(links.map((link) => pages.match(link)))).every(Boolean);
  };
  for (let tries = 0; tries < 300; tries += 1) {
    if (await phone.evaluate(held, all)) return round;
    await phone.waitForTimeout(100);
  }
  return assert.fail('the phone has not got its check screens');
}

/** What waits on the phone, and what was refused, as it is kept there. */
export function entries(phone) {
  return phone.evaluate(
    () =>
      new Promise((done, fail) => {
        const opening = indexedDB.open('trialmark', 1);
        opening.onupgradeneeded = () => opening.transaction.abort();
        opening.onerror = () => done([]);
        opening.onsuccess = () => {
          const all = opening.result.transaction('checks').objectStore('checks').getAll();
          all.onerror = () => fail(all.error);
          all.onsuccess = () => {
            opening.result.close();
            done(all.result.map((text) => JSON.parse(text)));
          };
        };
      }),
  );
}

/** What the round says is due, each by promise, place and the window it is due in; and where it is checked. */
export const due = (phone) =>
  phone.locator('[data-counts=due]:visible').evaluateAll((all) =>
    all.map((one) => {
      const { look, from } = one.querySelector('[data-look]').dataset;
      return { window: `${look} ${from}`, link: one.querySelector('a').getAttribute('href') };
    }),
  );

/** Taps an answer on the open check screen. */
export async function answer(page, verdict) {
  if (verdict === 'kept') return page.locator(KEPT).click();
  const part = verdict === 'broken' ? '#broken' : '#aside';
  await page.locator(`a[href="${part}"]`).click();
  if (verdict === 'broken') await page.locator('#broken [name=reason][value="0"]').check();
  else await page.locator('#aside [name=note]').fill('The counter is being rebuilt.');
  return page.locator(`${part} form button`).last().click();
}

/** Waits until the screen has said what became of the answer, and says it. */
export async function outcome(page) {
  const said = page.locator('.said:is([data-state=saved], [data-state=stored], [data-state=rejected])');
  await said.waitFor();
  return said.getAttribute('data-state');
}

/** Waits until the screen says that the answer is stored: over a slow line it is called saved before. */
export const isStored = (page) => page.locator('.said[data-state=stored]').waitFor();

/** Logs a check without a network, from the open round. */
export async function whileAway(phone, { at = 0, verdict = 'kept', expected = 'saved' } = {}) {
  const round = await links(phone);
  await phone.context().setOffline(true);
  await phone.goto(round[at]);
  await answer(phone, verdict);
  await phone.locator(`.said[data-state=${expected}]`).waitFor();
}

/** Waits until the phone has sent all it had, whatever page it shows meanwhile. */
export async function nothingWaits(phone) {
  const until = Date.now() + 45_000;
  // A page that is left in this moment is asked again.
  const waits = () => entries(phone).then((all) => all.some(({ refused }) => !refused), () => true);
  while (await waits()) {
    assert.ok(Date.now() < until, 'something still waits on the phone');
    await phone.waitForTimeout(100);
  }
}
