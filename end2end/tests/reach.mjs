// Every page, as each of the people it is for, in every size: each control can be tapped, no two texts lie over each other,
// nothing scrolls sideways. Every text is one word of fifty letters.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FORMS, formsOf, sendEmpty } from '../empty_forms.mjs';
import { story } from '../harness.mjs';
import { faults, SIZES } from '../layout.mjs';
import { longWords } from '../long_words.mjs';

/** Pages that say why there is none, by who meets them. */
const NO_PAGES = { nobody: ['/nothing', '/p/nobody', '/p/{business}/nothing', '/join/0', '/follow-up/0'], owner: ['/nothing', '/recoveries/0'], staff: ['/settings'], turn: ['/nothing'] };

const LANGUAGES = ['en-GB', 'pl-PL'];

/** Which pages there are, who each is for, and at which addresses: `server/tests/matrix/pages.rs` holds it against the doors. */
const doors = JSON.parse(await readFile(join(import.meta.dirname, '../doors.json'), 'utf8'));

/** An address with the ids of this business. */
const fill = (path, things) => path.replace(/\{(\w+)\}/g, (_, name) => things[name] ?? assert.fail(`${path}: nothing was made for ${name}`));

/** What somebody of a kind looks at. */
const addresses = (kind, things) => doors.filter(({ as }) => as.includes(kind)).flatMap(({ door, at = [door] }) => at.map((path) => fill(path, things)));

const PAGE = (body) => `<!doctype html><meta name="viewport" content="width=device-width"><style>body { margin: 0; font: 16px/1.5 sans-serif }</style>${body}`;

/** A page that is as it should be, and what can be wrong with it. */
const SOUND = `<h1>Log a check</h1><p>What to look for:</p><ul class="look"><li>The floor is dry</li><li>Soap is there</li></ul>
  <label><input type="radio" name="a" value="1" checked> One</label><label><input type="radio" name="a" value="2"> Two</label>
  <details><summary>More</summary><p>There is more. <a href="/more">Read it</a></p></details>
  <div style="height: 900px"></div><div class="acts"><button>Kept</button></div>`;
const PLANTED = {
  'a bar over a control': [SOUND.replace('<div class="acts">', '<div style="position: fixed; inset: auto 0 0; height: 80px"></div><div class="acts">'), /button “Kept” is under div/],
  'a bar over a control that is unfolded': [SOUND.replace('<p>There', '<div style="position: absolute; left: 0; width: 300px; height: 90px"></div><p>There'), /a “Read it” is under div/],
  'a control out of sight': [SOUND.replace('<button>', '<button style="position: absolute; left: -300px">'), /button “Kept” (is under nothing|stands out)/],
  'a link behind a picture': [`${SOUND}<div style="position: relative"><a href="/x">Behind</a><img alt="" style="position: absolute; inset: 0; width: 90px; height: 30px"></div>`, /a “Behind” is under img/],
  'a text over a text': [`${SOUND}<p style="margin-top: -24px">Minutes of grace</p>`, /“Minutes of grace” lies over button “Kept”/],
  'a label over a field': ['<p><input name="grace"></p><p style="margin-top: -40px">Weekdays</p>', /lies over/],
  'texts that meet when a radio is chosen': [`${SOUND}<style>body:has([value="2"]:checked) .late { margin-top: -40px }</style><p>First</p><p class="late">Second</p>`, /p.late “Second” lies over p “First”|p “First” lies over p.late “Second”/],
  'a text that meets another when it is unfolded': [SOUND.replace('<p>There', '<p>Over</p><p style="margin-top: -40px">There'), /lies over/],
  'a wide word': [`${SOUND}<p>${'w'.repeat(200)}</p>`, /scrolls sideways by \d+ px/],
  'a wide thing that is cut off': [`<style>html { overflow-x: hidden }</style><p style="white-space: nowrap">${'cut '.repeat(120)}</p>`, /stands out by \d+ px/],
  'a wide table': [`${SOUND}<table><tr>${'<td>column</td>'.repeat(40)}</tr></table>`, /scrolls sideways/],
  'an answer over what is to be looked for': [SOUND.replace('class="acts"', 'class="acts" style="position: sticky; bottom: 0; height: 700px"'), /li “Soap is there” is under|the answer lies \d+ px over li/],
};

story('what is wrong with a page is found', async ({ page }) => {
  const reader = await page({ width: 1280 });
  await reader.setContent(PAGE(SOUND));
  assert.deepEqual(await faults(reader), []);
  // A table that scrolls by itself, a tall line, what is only for those who listen: nothing is wrong with them.
  for (const fine of [
    `<div style="overflow-x: auto"><table><tr>${'<td>column</td>'.repeat(40)}</tr></table></div>`,
    '<h1 style="line-height: .9">Two tight lines <br>of one heading</h1>',
    '<p style="position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%)">Heard, not seen</p>',
    '<label for="x">Name</label><input id="x" style="position: relative; top: 0">',
    '<details><summary>Folded</summary><p style="margin-top: 0">In it</p></details>',
  ]) {
    await reader.setContent(PAGE(SOUND + fine));
    assert.deepEqual(await faults(reader), [], fine);
  }
  for (const [what, [body, expected]] of Object.entries(PLANTED)) {
    await reader.setContent(PAGE(body));
    assert.match((await faults(reader)).join('\n'), expected, what);
  }
});

/** Looks at pages in one language, in a browser of its own with this person's cookies. */
class Reader {
  seen = 0;
  same = 0;
  wrong = [];
  mains = new Set();

  constructor(page, locale) {
    Object.assign(this, { page, locale });
  }

  /** A browser with somebody's cookies. */
  async as(person) {
    const mine = await this.page({ width: 1280, locale: this.locale, serviceWorkers: 'block' });
    await mine.context().addCookies(await person.context().cookies());
    return mine;
  }

  async look(kind, person, paths, barred) {
    const mine = await this.as(person);
    for (const path of paths) {
      const answer = await mine.goto(path);
      const { pathname, search, hash } = new URL(mine.url());
      const what = `${path} as ${kind}, ${this.locale}`;
      // Going to a part of the same page asks nobody.
      const status = answer?.status() ?? 200;
      if (status >= 400 || `${pathname}${search}${hash}` !== path) this.wrong.push(`${what}: ${status}, ${mine.url()}`);
      else if (path === paths[0] || (await this.isNew(mine, path))) await this.judge(mine, what);
    }
    for (const path of barred) {
      await mine.goto(path);
      await this.judge(mine, `${path} as ${kind}, ${this.locale}`);
    }
    await mine.context().close();
  }

  /** Forms that come back with everything that is wrong with them. */
  async refuse(person, forms) {
    const mine = await this.as(person);
    for (const form of forms) {
      await sendEmpty(mine, form);
      await this.judge(mine, `${form.join(' ')}, refused, ${this.locale}`);
    }
    await mine.context().close();
  }

  /** Whether nobody else was shown the same below the navigation, which is looked at once for everyone. */
  async isNew(mine, path) {
    const main = await mine.locator('main').evaluate((main) => main.outerHTML.replace(/[0-9a-f-]{36}|\d+/g, ''));
    const isNew = !this.mains.has(path + main);
    this.mains.add(path + main);
    this.same += isNew ? 0 : 1;
    return isNew;
  }

  async judge(mine, what) {
    await mine.waitForFunction(() => !document.querySelector('leptos-island') || performance.getEntriesByName('awake').length > 0);
    const [lang, headings] = await mine.evaluate(() => [document.documentElement.lang, [...document.querySelectorAll('h1')].filter((one) => one.checkVisibility()).length]);
    if (lang !== this.locale.slice(0, 2) || headings !== 1) this.wrong.push(`${what}: in ${lang}, with ${headings} headings of the first rank`);
    for (const fault of await faults(mine)) this.wrong.push(`${what}: ${fault}`);
    this.seen += 1;
  }
}

story('on every page each control can be tapped, and no word is too long', { named: true, timeout: 540_000 }, async ({ server, page, expect }) => {
  for (const status of [403, 404, 422]) expect({ status });
  const readers = LANGUAGES.map((locale) => new Reader(page, locale));
  const both = (what) => Promise.all(readers.map(what));
  const looked = new Set();
  const look = (kind, person, things) => {
    looked.add(kind);
    const [paths, barred] = [addresses(kind, things), (NO_PAGES[kind] ?? []).map((path) => fill(path, things))];
    return both((reader) => reader.look(kind, person, paths, barred));
  };
  await look('first', await page(), {});
  const business = await longWords(server, page);
  const { people, things } = business;
  const began = Date.now();
  for (const [kind, person] of Object.entries(people)) await look(kind, person, things);
  await both((reader) => reader.refuse(people.owner, [...FORMS, ...formsOf({ ...things, guarantee: things.published, check: things.kept, recovery: things.told })]));
  await look('incomplete', await business.guardAuditors(), things);
  assert.deepEqual([...looked].sort(), [...new Set(doors.flatMap(({ as }) => as))].sort(), 'everyone has looked');

  const sum = (what) => readers.reduce((sum, reader) => sum + reader[what], 0);
  console.log(`${sum('seen')} pages, and ${sum('same')} that others had been shown, each in ${SIZES.length} sizes, in ${Math.round((Date.now() - began) / 1000)} s`);
  const wrong = readers.flatMap((reader) => reader.wrong);
  assert.equal(wrong.length, 0, `\n${wrong.join('\n')}`);
});
