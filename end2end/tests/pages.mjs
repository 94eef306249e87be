// The pages of the example business, for each role, on a small phone and on a laptop.
import assert from 'node:assert/strict';
import { story } from '../harness.mjs';
import { demoPerson, signIn } from '../people.mjs';

const privatePages = ['/today', '/recoveries', '/guarantees', '/places', '/people', '/account', '/businesses', '/settings', '/checks', '/problems/new'];
const publicPages = ['/p/prairie-stop', '/p/prairie-stop/clean-restrooms', '/p/prairie-stop/order-ready-in-ten-minutes', '/p/prairie-stop/record'];

const assertNoSidewaysScroll = async (page) => {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wide <= 0, `${page.url()} scrolls sideways by ${wide} px`);
};

story('the public pages work without JavaScript in both languages', { demo: true }, async ({ page, axe, screenshot }) => {
  for (const [width, locale] of [[320, 'pl-PL'], [1280, 'en-GB']]) {
    const customer = await page({ width, locale, javaScriptEnabled: false });
    for (const path of publicPages) {
      const answer = await customer.goto(path);
      assert.match(answer.headers()['content-security-policy'], /script-src 'none'/);
      assert.equal(await customer.locator('html').getAttribute('lang'), locale.slice(0, 2));
      assert.equal(await customer.locator('h1').count(), 1);
      await axe(customer);
      await screenshot(customer, `${path} ${width}`);
    }
  }
});

story('for each role, no page scrolls sideways or fails axe', { demo: true }, async ({ page, axe, screenshot }) => {
  for (const [name, width] of [['dana', 1280], ['maya', 320]]) {
    const person = await page({ width });
    await signIn(person, demoPerson(name));
    const recovery = await firstLink(person, '/recoveries', 'main a[href^="/recoveries/"]');
    const guarantee = await firstLink(person, '/guarantees', 'main a[href^="/guarantees/"]:not([href$=new])');
    const check = await firstLink(person, '/today', 'main a[href^="/check/"]');
    const allowed = privatePages.filter((path) => name === 'dana' || !['/settings', '/problems/new'].includes(path));
    for (const path of [...allowed, recovery, guarantee, check, ...publicPages]) {
      await person.goto(path);
      await axe(person);
      await assertNoSidewaysScroll(person);
      await screenshot(person, `${name} ${path.replace(/[0-9a-f-]{36}/, 'one')}`);
    }
  }
});

story('an auditor can read recoveries but cannot change them', { demo: true }, async ({ page, axe, expect }) => {
  const auditor = await page({ width: 1280 });
  await signIn(auditor, demoPerson('ruth'));
  const recovery = await firstLink(auditor, '/recoveries', 'main a[href^="/recoveries/"]');
  await auditor.goto(recovery);
  await axe(auditor);
  assert.equal(await auditor.locator('main form[method=post]').count(), 0);
  expect({ status: 403 });
  const refused = await auditor.request.post(`${recovery}/acknowledge`, { form: {} });
  assert.equal(refused.status(), 403);
});

async function firstLink(page, path, link) {
  await page.goto(path);
  return page.locator(link).first().getAttribute('href');
}
