// Every page, as each person who may see it, in every window size: each control can be tapped, no texts overlap, and nothing
// scrolls sideways. Every text is one word of fifty letters.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FORMS, businessForms, submitEmpty } from '../empty_forms.mjs';
import { story } from '../harness.mjs';
import { layoutFaults, SIZES } from '../layout.mjs';
import { createLongWordsBusiness } from '../long_words.mjs';

/** Addresses that lead to an error page, by person. */
const ERROR_PAGES = { nobody: ['/nothing', '/p/nobody', '/p/{business}/nothing', '/join/0', '/follow-up/0'], owner: ['/nothing', '/recoveries/0'], staff: ['/settings'], 'pin-session': ['/nothing'] };

const LANGUAGES = ['en-GB', 'pl-PL'];

/** The pages, who may see each, and at which addresses. `server/tests/matrix/pages.rs` compares the file with the doors. */
const doors = JSON.parse(await readFile(join(import.meta.dirname, '../doors.json'), 'utf8'));

/** The address with the ids of this business. */
const fill = (path, ids) => path.replace(/\{(\w+)\}/g, (_, name) => ids[name] ?? assert.fail(`${path}: there is no ${name}`));

/** The addresses that this kind of person may see. */
const addresses = (kind, ids) => doors.filter(({ as }) => as.includes(kind)).flatMap(({ door, at = [door] }) => at.map((path) => fill(path, ids)));

const pageWith = (body) => `<!doctype html><meta name="viewport" content="width=device-width"><style>body { margin: 0; font: 16px/1.5 sans-serif }</style>${body}`;

/** A page without faults, and variants of it that each have one. */
const FAULTLESS = `<h1>Log a check</h1><p>What to look for:</p><ul class="checklist"><li>The floor is dry</li><li>Soap is there</li></ul>
  <label><input type="radio" name="a" value="1" checked> One</label><label><input type="radio" name="a" value="2"> Two</label>
  <details><summary>More</summary><p>There is more. <a href="/more">Read it</a></p></details>
  <div style="height: 900px"></div><div class="answer-bar"><button>Kept</button></div>`;
const FAULTY = {
  'a bar over a control': [FAULTLESS.replace('<div class="answer-bar">', '<div style="position: fixed; inset: auto 0 0; height: 80px"></div><div class="answer-bar">'), /button “Kept” is under div/],
  'a bar over a control that is unfolded': [FAULTLESS.replace('<p>There', '<div style="position: absolute; left: 0; width: 300px; height: 90px"></div><p>There'), /a “Read it” is under div/],
  'a control out of sight': [FAULTLESS.replace('<button>', '<button style="position: absolute; left: -300px">'), /button “Kept” (is under nothing|sticks out)/],
  'a link behind a picture': [`${FAULTLESS}<div style="position: relative"><a href="/x">Behind</a><img alt="" style="position: absolute; inset: 0; width: 90px; height: 30px"></div>`, /a “Behind” is under img/],
  'a text over a text': [`${FAULTLESS}<p style="margin-top: -24px">Minutes of grace</p>`, /“Minutes of grace” lies over button “Kept”/],
  'a label over a field': ['<p><input name="grace"></p><p style="margin-top: -40px">Weekdays</p>', /lies over/],
  'texts that meet when a radio is chosen': [`${FAULTLESS}<style>body:has([value="2"]:checked) .late { margin-top: -40px }</style><p>First</p><p class="late">Second</p>`, /p.late “Second” lies over p “First”|p “First” lies over p.late “Second”/],
  'a text that meets another when it is unfolded': [FAULTLESS.replace('<p>There', '<p>Over</p><p style="margin-top: -40px">There'), /lies over/],
  'a wide word': [`${FAULTLESS}<p>${'w'.repeat(200)}</p>`, /scrolls sideways by \d+ px/],
  'a wide thing that is cut off': [`<style>html { overflow-x: hidden }</style><p style="white-space: nowrap">${'cut '.repeat(120)}</p>`, /sticks out by \d+ px/],
  'a wide table': [`${FAULTLESS}<table><tr>${'<td>column</td>'.repeat(40)}</tr></table>`, /scrolls sideways/],
  'an answer over a criterion': [FAULTLESS.replace('class="answer-bar"', 'class="answer-bar" style="position: sticky; bottom: 0; height: 700px"'), /li “Soap is there” is under|the answer lies \d+ px over li/],
};

story('the layout checker finds each kind of layout fault', async ({ page }) => {
  const reader = await page({ width: 1280 });
  await reader.setContent(pageWith(FAULTLESS));
  assert.deepEqual(await layoutFaults(reader), []);
  // Not faults: a table that scrolls by itself, tight lines, text for screen readers only.
  for (const fine of [
    `<div style="overflow-x: auto"><table><tr>${'<td>column</td>'.repeat(40)}</tr></table></div>`,
    '<h1 style="line-height: .9">Two tight lines <br>of one heading</h1>',
    '<p style="position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%)">Heard, not seen</p>',
    '<label for="x">Name</label><input id="x" style="position: relative; top: 0">',
    '<details><summary>Folded</summary><p style="margin-top: 0">In it</p></details>',
  ]) {
    await reader.setContent(pageWith(FAULTLESS + fine));
    assert.deepEqual(await layoutFaults(reader), [], fine);
  }
  for (const [what, [body, expected]] of Object.entries(FAULTY)) {
    await reader.setContent(pageWith(body));
    assert.match((await layoutFaults(reader)).join('\n'), expected, what);
  }
});

/** Checks pages in one language, in a browser with the cookies of a person. */
class PageChecker {
  checked = 0;
  repeated = 0;
  faults = [];
  contents = new Set();

  constructor(page, locale) {
    Object.assign(this, { page, locale });
  }

  /** A browser with the cookies of this person. */
  async browserOf(person) {
    const mine = await this.page({ width: 1280, locale: this.locale, serviceWorkers: 'block' });
    await mine.context().addCookies(await person.context().cookies());
    return mine;
  }

  async checkPages(kind, person, paths, errorPaths) {
    const mine = await this.browserOf(person);
    for (const path of paths) {
      const answer = await mine.goto(path);
      const { pathname, search, hash } = new URL(mine.url());
      const what = `${path} as ${kind}, ${this.locale}`;
      // Going to a fragment of the same page sends no request.
      const status = answer?.status() ?? 200;
      if (status >= 400 || `${pathname}${search}${hash}` !== path) this.faults.push(`${what}: ${status}, ${mine.url()}`);
      else if (path === paths[0] || (await this.isNew(mine, path))) await this.check(mine, what);
    }
    for (const path of errorPaths) {
      await mine.goto(path);
      await this.check(mine, `${path} as ${kind}, ${this.locale}`);
    }
    await mine.context().close();
  }

  /** Checks the pages of forms that were rejected. */
  async checkRejected(person, forms) {
    const mine = await this.browserOf(person);
    for (const form of forms) {
      await submitEmpty(mine, form);
      await this.check(mine, `${form.join(' ')}, refused, ${this.locale}`);
    }
    await mine.context().close();
  }

  /** Whether this content was not checked before. The navigation, which differs, is checked on the first page of each person. */
  async isNew(mine, path) {
    const main = await mine.locator('main').evaluate((main) => main.outerHTML.replace(/[0-9a-f-]{36}|\d+/g, ''));
    const isNew = !this.contents.has(path + main);
    this.contents.add(path + main);
    this.repeated += isNew ? 0 : 1;
    return isNew;
  }

  async check(mine, what) {
    await mine.waitForFunction(() => !document.querySelector('leptos-island') || performance.getEntriesByName('hydrated').length > 0);
    const [lang, headings] = await mine.evaluate(() => [document.documentElement.lang, [...document.querySelectorAll('h1')].filter((one) => one.checkVisibility()).length]);
    if (lang !== this.locale.slice(0, 2) || headings !== 1) this.faults.push(`${what}: in ${lang}, with ${headings} h1 headings`);
    for (const fault of await layoutFaults(mine)) this.faults.push(`${what}: ${fault}`);
    this.checked += 1;
  }
}

story('on every page all controls can be tapped and nothing overlaps or scrolls sideways', { named: true, timeout: 540_000 }, async ({ server, page, expect }) => {
  for (const status of [403, 404, 422]) expect({ status });
  const checkers = LANGUAGES.map((locale) => new PageChecker(page, locale));
  const inBothLanguages = (work) => Promise.all(checkers.map(work));
  const seenBy = new Set();
  const check = (kind, person, ids) => {
    seenBy.add(kind);
    const [paths, errorPaths] = [addresses(kind, ids), (ERROR_PAGES[kind] ?? []).map((path) => fill(path, ids))];
    return inBothLanguages((checker) => checker.checkPages(kind, person, paths, errorPaths));
  };
  await check('empty-installation', await page(), {});
  const business = await createLongWordsBusiness(server, page);
  const { people, ids } = business;
  const began = Date.now();
  for (const [kind, person] of Object.entries(people)) await check(kind, person, ids);
  await inBothLanguages((checker) => checker.checkRejected(people.owner, [...FORMS, ...businessForms({ ...ids, guarantee: ids.published, check: ids.kept, recovery: ids.told })]));
  await check('second-step-missing', await business.requireSecondStep(), ids);
  assert.deepEqual([...seenBy].sort(), [...new Set(doors.flatMap(({ as }) => as))].sort(), 'every kind of person has seen pages');

  const sum = (what) => checkers.reduce((sum, checker) => sum + checker[what], 0);
  console.log(`${sum('checked')} pages, and ${sum('repeated')} that were repeated, each in ${SIZES.length} sizes, in ${Math.round((Date.now() - began) / 1000)} s`);
  const faults = checkers.flatMap((checker) => checker.faults);
  assert.equal(faults.length, 0, `\n${faults.join('\n')}`);
});
