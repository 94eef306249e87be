// A phone with trouble: it goes offline, is signed out, loses its tabs. It records what the screen said of each tap.
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { outboxEntries, SESSION_COOKIE, tapAnswer, waitForOutcome } from './phone.mjs';

/** Records the id of every check that a page puts into its outbox. Each tap adds one. */
const recordCheckIds = () => {
  window.checkIds = [];
  const add = IDBObjectStore.prototype.add;
  IDBObjectStore.prototype.add = function (text, ...rest) {
    const { draft, takes_back: takesBack } = JSON.parse(text);
    if (!takesBack) window.checkIds.push(draft.id);
    return add.call(this, text, ...rest);
  };
};

const lastCheckId = (page) => page.evaluate(() => window.checkIds.at(-1));

export class OfflinePhone {
  /** Each with its id, place and verdict, and the last state that the screen showed of it. */
  taps = [];
  /** How many taps ended before the screen could show a state. */
  unconfirmed = 0;
  /** What goes wrong with the next requests, in this order. */
  failures = [];
  tabs = [];
  online = true;
  session = true;

  constructor(context, links) {
    Object.assign(this, { context, links });
  }

  /** Takes over a phone that has stored the check screens of these links. */
  static async of(phone, links) {
    const offlinePhone = new OfflinePhone(phone.context(), links);
    const cookies = await offlinePhone.context.cookies();
    offlinePhone.cookie = cookies.find(({ name }) => SESSION_COOKIE.test(name));
    await offlinePhone.context.addInitScript(recordCheckIds);
    await offlinePhone.context.route('**/do/*', (route) => offlinePhone.intercept(route));
    await phone.close();
    return offlinePhone;
  }

  async intercept(route) {
    if (!this.online) return route.abort('internetdisconnected');
    const next = this.failures.shift();
    if (next === 'overloaded') return route.fulfill({ status: 503, body: '' });
    if (next === 'answer dropped') await route.fetch().catch(() => {});
    if (next === 'answer dropped' || next === 'request dropped') return route.abort();
    if (next === 'slow') await sleep(400);
    // The tab may be closed by now.
    return route.continue().catch(() => {});
  }

  async tab(at) {
    if (!this.tabs[at] || this.tabs[at].isClosed()) this.tabs[at] = await this.context.newPage();
    return this.tabs[at];
  }

  isOpen(at) {
    return this.tabs[at]?.isClosed() === false;
  }

  async tap(at, link, verdict) {
    const page = await this.tab(at);
    await page.goto(link, { waitUntil: 'commit' });
    await tapAnswer(page, verdict);
    const state = await waitForOutcome(page);
    this.taps.push({ id: await lastCheckId(page), place: link.slice(7, 43), verdict, state });
  }

  /** The same, but the tab is closed before it can show anything. */
  async tapAndCloseTab(at, link) {
    const page = await this.tab(at);
    await page.goto(link, { waitUntil: 'commit' });
    await tapAnswer(page, 'kept');
    this.unconfirmed += 1;
    await this.closeTab(at);
  }

  /** Undoes the check that the tab shows, if the screen offers that. */
  async undo(at) {
    if (!this.isOpen(at)) return;
    const page = this.tabs[at];
    const button = page.getByRole('button', { name: 'Undo' });
    if (!(await button.isVisible())) return;
    const id = await lastCheckId(page);
    const tap = this.taps.find((other) => other.id === id);
    if (!tap) return;
    await button.click({ timeout: 1000 }).catch(() => {});
    await page.locator('.check-status:is([data-state=never-sent], [data-state=taken-back])').waitFor({ timeout: 1500 }).catch(() => {});
    tap.state = await page.locator('.check-status').getAttribute('data-state');
    tap.undone = true;
  }

  async goOffline() {
    this.online = false;
    await this.context.setOffline(true);
  }

  async goOnline() {
    this.online = true;
    await this.context.setOffline(false);
  }

  async signOut() {
    this.session = false;
    await this.context.clearCookies({ name: SESSION_COOKIE });
  }

  async signIn() {
    if (!this.session) await this.context.addCookies([this.cookie]);
    this.session = true;
  }

  async reload(at) {
    if (!this.isOpen(at)) return;
    await this.tabs[at].reload({ waitUntil: 'commit' }).catch((error) => {
      // Chromium refuses a second reload while the first one is loading.
      if (!error.message.includes('Not attached to an active page')) throw error;
    });
  }

  async closeTab(at) {
    if (!this.isOpen(at)) return;
    // Chromium sometimes closes a tab that is loading without saying so.
    await Promise.race([this.tabs[at].close(), sleep(5000)]);
    this.tabs[at] = undefined;
  }

  /** Ends all trouble, waits until everything is sent, and returns the entries that were refused. */
  async settle() {
    this.failures = [];
    await this.goOnline();
    await this.signIn();
    const page = await this.tab(0);
    await page.goto(this.links[0]);
    const until = Date.now() + 40_000;
    for (;;) {
      const left = await outboxEntries(page);
      if (left.every(({ refused }) => refused)) return left;
      assert.ok(Date.now() < until, `still on the phone: ${JSON.stringify(left)}`);
      await sleep(150);
      // The outbox sends at once when this event comes, instead of in a few seconds.
      await page.evaluate(() => window.dispatchEvent(new Event('online')));
    }
  }

  /** Deletes the refused entries. */
  async deleteRefused(count) {
    const [page] = this.tabs;
    const buttons = page.locator('.refused .forget');
    await page.waitForFunction((count) => document.querySelectorAll('.refused .forget').length === count, count);
    for (let left = count; left > 0; left -= 1) {
      await buttons.first().click();
      await page.waitForFunction((count) => document.querySelectorAll('.refused .forget').length === count, left - 1);
    }
    assert.deepEqual(await outboxEntries(page), []);
    this.taps = [];
  }
}
