// What people do with the check screen on a phone, and what the phone stores.
import assert from 'node:assert/strict';

/** The cookie of a session, of whichever installation. */
export const SESSION_COOKIE = /^(__Host-)?trialmark-[0-9a-f]{8}$/;

/** The error of a request without a network. */
export const OFFLINE = { failure: 'net::ERR_INTERNET_DISCONNECTED' };

export const KEPT_BUTTON = '#ask form:has([name=verdict][value=kept]) button';

const checkLinks = (phone) =>
  phone.locator('main .sites a[href^="/check/"]').evaluateAll((all) => all.map((one) => one.getAttribute('href')));

/** Waits until the service worker has stored every check screen that the open page links to. Returns the links. */
export async function waitForOfflinePages(phone) {
  const found = await checkLinks(phone);
  const all = [...found, ...found.map((link) => link.split('?')[0])];
  const areStored = async (links) => {
    const pages = await caches.open('pages');
    return (await Promise.all(links.map((link) => pages.match(link)))).every(Boolean);
  };
  for (let tries = 0; tries < 300; tries += 1) {
    if (await phone.evaluate(areStored, all)) return found;
    await phone.waitForTimeout(100);
  }
  return assert.fail('the check screens were not stored');
}

/** The entries of the outbox, waiting or refused, as they are stored in IndexedDB. */
export function outboxEntries(phone) {
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
            // Photos are stored beside their checks.
            done(all.result.filter((value) => typeof value === 'string').map((text) => JSON.parse(text)));
          };
        };
      }),
  );
}

/** The checks that the open page lists as due: the guarantee, place and window of each, and the link to its screen. */
export const dueChecks = (phone) =>
  phone.locator('[data-counts=due]:visible').evaluateAll((all) =>
    all.map((line) => {
      const { look, from } = line.querySelector('[data-look]').dataset;
      return { window: `${look} ${from}`, link: line.querySelector('a').getAttribute('href') };
    }),
  );

/** Taps an answer on the open check screen. */
export async function tapAnswer(page, verdict) {
  if (verdict === 'kept') return page.locator(KEPT_BUTTON).click();
  const part = verdict === 'broken' ? '#broken' : '#aside';
  await page.locator(`a[href="${part}"]`).click();
  if (verdict === 'broken') await page.locator('#broken [name=reason][value="0"]').check();
  else await page.locator('#aside [name=note]').fill('The counter is being rebuilt.');
  return page.locator(`${part} form button`).last().click();
}

/** Waits until the screen shows the outcome of the answer, and returns it. */
export async function waitForOutcome(page) {
  const status = page.locator('.check-status:is([data-state=saved], [data-state=stored], [data-state=rejected])');
  await status.waitFor();
  return status.getAttribute('data-state');
}

/** Waits until the screen says that the server has stored the answer. Over a slow line it first says that the phone has. */
export const waitForStored = (page) => page.locator('.check-status[data-state=stored]').waitFor();

/** Logs a check without a network, from the open list of today's checks. */
export async function logOffline(phone, { at = 0, verdict = 'kept', expected = 'saved' } = {}) {
  const links = await checkLinks(phone);
  await phone.context().setOffline(true);
  await phone.goto(links[at]);
  await tapAnswer(phone, verdict);
  await phone.locator(`.check-status[data-state=${expected}]`).waitFor();
}

/** Waits until the phone has sent everything, whatever page it shows meanwhile. */
export async function waitForEmptyOutbox(phone) {
  const until = Date.now() + 45_000;
  // If the page is left at this moment, the next attempt asks the new one.
  const isWaiting = () => outboxEntries(phone).then((all) => all.some(({ refused }) => !refused), () => true);
  while (await isWaiting()) {
    assert.ok(Date.now() < until, 'something is still waiting on the phone');
    await phone.waitForTimeout(100);
  }
}
