// Forms that are sent with nothing in them: the server says what is wrong, and the page comes back.

/** By the page they are on, and the end of the address they are sent to. Some pages come back by their address alone. */
export const FORMS = [
  ['/places', '/sites'], ['/places', '/places'], ['/problems/new', '/problems/new'], ['/people', '/invites'], ['/devices', '/devices'], ['/tokens', '/tokens'],
  ['/account', '/account/password'], ['/account', '/account/pin'], ['/settings', '/settings'], ['/settings/delete', '/settings/delete'],
  ['/businesses/new', '/businesses/new'], ['/account/second-step', '/account/authenticator'], ['/audit?from=x', null], ['/check?code=ZZZZZZ', null],
];

/** Those of one guarantee, one check, one recovery, one problem. */
export const formsOf = ({ guarantee, check, recovery, problem }) => [
  [`/recoveries/${recovery}`, '/acknowledge'], [`/checks/${check}/correct`, '/correct'], [`/guarantees/${guarantee}/wording`, '/wording'],
  [`/guarantees/${guarantee}/schedule`, '/schedule', '[name=rhythm][value=every]'],
  [`/guarantees/new?problem=${problem}`, `/guarantees/new?problem=${problem}`],
];

/** Sends one of them as it would be sent by a browser that lets everything through. */
export async function sendEmpty(page, [path, action, chosen]) {
  await page.goto(path);
  if (!action) return;
  if (chosen) await page.locator(chosen).check();
  const form = page.locator(`form[action$="${action}"]`).first();
  await form.evaluate((form) => {
    form.closest('details')?.setAttribute('open', '');
    form.noValidate = true;
    for (const field of form.querySelectorAll('input:not([type=hidden], [type=radio], [type=checkbox]), textarea')) field.value = '';
  });
  await Promise.all([page.waitForEvent('load'), form.locator('button:not([type=button])').last().click()]);
}
