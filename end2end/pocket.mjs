// A phone that bad things happen to: it is cut off, signed out, its tabs end. It notes down what each tap was told.
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { SESSION, answer, entries, outcome } from './phone.mjs';

/** Notes the id of every check that a page puts into its outbox: a tap makes one. */
const watch = () => {
  window.noted = [];
  const add = IDBObjectStore.prototype.add;
  IDBObjectStore.prototype.add = function (text, ...rest) {
    const { draft, takes_back: takesBack } = JSON.parse(text);
    if (!takesBack) window.noted.push(draft.id);
    return add.call(this, text, ...rest);
  };
};

const last = (page) => page.evaluate(() => window.noted.at(-1));

export class Pocket {
  /** Each with its id, place and verdict, and what the screen said of it last. */
  taps = [];
  /** How many taps nobody waited for. */
  unheard = 0;
  /** What happens to the next requests. */
  weather = [];
  tabs = [];
  online = true;
  session = true;

  constructor(context, links) {
    Object.assign(this, { context, links });
  }

  /** Takes over a phone that has the screens behind these links at hand. */
  static async of(phone, links) {
    const pocket = new Pocket(phone.context(), links);
    const cookies = await pocket.context.cookies();
    pocket.cookie = cookies.find(({ name }) => SESSION.test(name));
    await pocket.context.addInitScript(watch);
    await pocket.context.route('**/do/*', (route) => pocket.meet(route));
    await phone.close();
    return pocket;
  }

  async meet(route) {
    if (!this.online) return route.abort('internetdisconnected');
    const next = this.weather.shift();
    if (next === 'overloaded') return route.fulfill({ status: 503, body: '' });
    if (next === 'answer dropped') await route.fetch().catch(() => {});
    if (next === 'answer dropped' || next === 'request dropped') return route.abort();
    if (next === 'slow') await sleep(400);
    // The tab may be gone by now.
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
    await answer(page, verdict);
    const said = await outcome(page);
    this.taps.push({ id: await last(page), place: link.slice(7, 43), verdict, said });
  }

  /** As above, but the tab ends before it can say anything. */
  async tapAndKill(at, link) {
    const page = await this.tab(at);
    await page.goto(link, { waitUntil: 'commit' });
    await answer(page, 'kept');
    this.unheard += 1;
    await page.close();
  }

  /** Undoes what the tab shows, if that can be undone there. */
  async undo(at) {
    if (!this.isOpen(at)) return;
    const page = this.tabs[at];
    const button = page.getByRole('button', { name: 'Undo' });
    if (!(await button.isVisible())) return;
    const id = await last(page);
    const tap = this.taps.find((one) => one.id === id);
    if (!tap) return;
    await button.click({ timeout: 1000 }).catch(() => {});
    await page.locator('.said:is([data-state=never-sent], [data-state=taken-back])').waitFor({ timeout: 1500 }).catch(() => {});
    tap.said = await page.locator('.said').getAttribute('data-state');
    tap.undone = true;
  }

  async cut() {
    this.online = false;
    await this.context.setOffline(true);
  }

  async restore() {
    this.online = true;
    await this.context.setOffline(false);
  }

  async signOut() {
    this.session = false;
    await this.context.clearCookies({ name: SESSION });
  }

  async signIn() {
    if (!this.session) await this.context.addCookies([this.cookie]);
    this.session = true;
  }

  async reload(at) {
    if (!this.isOpen(at)) return;
    await this.tabs[at].reload({ waitUntil: 'commit' }).catch((error) => {
      // Chromium takes no second one while the page of the first comes in.
      if (!error.message.includes('Not attached to an active page')) throw error;
    });
  }

  async kill(at) {
    if (this.isOpen(at)) await this.tabs[at].close();
  }

  /** Everything works again: waits until nothing waits, and says what was refused. */
  async settle() {
    this.weather = [];
    await this.restore();
    await this.signIn();
    const page = await this.tab(0);
    await page.goto(this.links[0]);
    const until = Date.now() + 40_000;
    for (;;) {
      const left = await entries(page);
      if (left.every(({ refused }) => refused)) return left;
      assert.ok(Date.now() < until, `still on the phone: ${JSON.stringify(left)}`);
      await sleep(150);
      // It would send again by itself, in a few seconds.
      await page.evaluate(() => window.dispatchEvent(new Event('online')));
    }
  }

  /** Deletes all that was refused. */
  async see(count) {
    const [page] = this.tabs;
    const buttons = page.locator('.refused .forget');
    await page.waitForFunction((count) => document.querySelectorAll('.refused .forget').length === count, count);
    for (let left = count; left > 0; left -= 1) {
      await buttons.first().click();
      await page.waitForFunction((count) => document.querySelectorAll('.refused .forget').length === count, left - 1);
    }
    assert.deepEqual(await entries(page), []);
    this.taps = [];
  }
}
