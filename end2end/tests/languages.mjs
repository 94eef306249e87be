// Choosing a language stays on the same page, also after a form was submitted.
import assert from 'node:assert/strict';
import { story } from '../harness.mjs';
import { demoPerson, signIn, submit } from '../people.mjs';

/** Chooses a language at the foot of the page. */
async function choose(page, language) {
  const button = page.getByRole('button', { name: { pl: 'Polski', en: 'English' }[language], exact: true });
  const [answer] = await Promise.all([page.waitForNavigation(), button.click()]);
  assert.ok(answer.status() < 400, `${page.url()}: ${answer.status()}`);
  assert.equal(await page.locator('html').getAttribute('lang'), language, page.url());
  assert.ok(await page.locator('h1:visible').innerText(), page.url());
}

/** Switches to the other language and back, and asserts that the address stays. */
async function switchAndBack(page, at = page.url()) {
  await choose(page, 'pl');
  assert.equal(page.url(), at);
  await choose(page, 'en');
  assert.equal(page.url(), at);
}

story('changing the language keeps the address of every page', { demo: true }, async ({ page }) => {
  const owner = await page({ width: 1280, javaScriptEnabled: false });
  await signIn(owner, demoPerson('dana'));
  const pages = new Set(['/today', '/recoveries', '/guarantees', '/places', '/people', '/account', '/businesses', '/settings', '/obstacles',
    '/checks', '/audit', '/tokens', '/devices', '/problems/new', '/businesses/new', '/settings/second-step', '/account/second-step',
    '/p/prairie-stop', '/p/prairie-stop/clean-restrooms', '/p/prairie-stop/record']);
  // One page of each kind that those pages link to.
  for (const path of [...pages]) {
    await owner.goto(path);
    const links = await owner.locator('main a[href^="/"], nav a[href^="/"]').evaluateAll((all) => all.map((link) => link.getAttribute('href')));
    const kinds = new Map(links.map((link) => [link.replace(/[0-9a-f-]{36}/g, '*').replace(/\d+/g, '9'), link]));
    for (const [kind, link] of kinds) {
      const known = [...pages].some((other) => other.replace(/[0-9a-f-]{36}/g, '*').replace(/\d+/g, '9') === kind);
      if (!known && !/\.(csv|json|jsonl|zip|svg)|^\/photos|#|sign-out/.test(link)) pages.add(link);
    }
  }
  assert.ok(pages.size > 30, `${pages.size} pages`);
  for (const path of pages) {
    await owner.goto(path);
    await switchAndBack(owner);
  }
});

story('changing the language after submitting a form stays on the page or returns to the form', { demo: true }, async ({ page, expect }) => {
  const owner = await page({ width: 390, javaScriptEnabled: false });
  await signIn(owner, demoPerson('dana'));
  const address = (path) => new URL(path, owner.url()).href;
  expect({ status: 422 });
  expect({ status: 404 });

  await owner.goto('/people');
  await submit(owner, '/invites', { name: 'Sam', role: 'staff' });
  const link = await owner.locator('#secret').innerText();
  await switchAndBack(owner);
  assert.equal(await owner.locator('#secret').innerText(), link, 'the link is still shown');

  // A rejected form leads to its page in the other language.
  for (const [path, action, form] of [
    ['/people', '/invites', '/people'],
    ['/places', '/sites', '/sites'],
    ['/account/password', '/account/password', '/account/password'],
    ['/account', '/account/pin', '/account'],
    ['/devices', '/devices', '/devices'],
    ['/tokens', '/tokens', '/tokens'],
    ['/problems/new', '/problems/new', '/problems/new'],
  ]) {
    await owner.goto(path);
    await owner.locator(`form[action$="${action}"] [required]`).evaluateAll((all) => all.forEach((field) => field.removeAttribute('required')));
    await submit(owner, action, {});
    assert.ok((await owner.locator('[role=alert]').count()) > 0, `${action} was refused`);
    await choose(owner, 'pl');
    assert.equal(owner.url(), address(form));
    await choose(owner, 'en');
  }

  const stranger = await page({ width: 390, javaScriptEnabled: false });
  await stranger.goto(link);
  await switchAndBack(stranger);
  await stranger.locator('[required]').evaluateAll((all) => all.forEach((field) => field.removeAttribute('required')));
  await submit(stranger, new URL(link).pathname, {});
  await switchAndBack(stranger, link);
});
