// Submits empty forms. The server answers with the same page and its errors.

/** The page of each form, and the end of the address it is sent to. Without one, the address of the page itself is already invalid. */
export const FORMS = [
  ['/places', '/sites'], ['/places', '/places'], ['/problems/new', '/problems/new'], ['/people', '/invites'], ['/devices', '/devices'], ['/tokens', '/tokens'],
  ['/account', '/account/password'], ['/account', '/account/pin'], ['/settings', '/settings'], ['/settings/delete', '/settings/delete'],
  ['/businesses/new', '/businesses/new'], ['/account/second-step', '/account/authenticator'], ['/audit?from=x', null], ['/check?code=ZZZZZZ', null],
];

/** The same for the forms of one guarantee, check, recovery and problem. The third item is an option to choose first. */
export const businessForms = ({ guarantee, check, recovery, problem }) => [
  [`/recoveries/${recovery}`, '/acknowledge'], [`/checks/${check}/correct`, '/correct'], [`/guarantees/${guarantee}/wording`, '/wording'],
  [`/guarantees/${guarantee}/schedule`, '/schedule', '[name=rhythm][value=every]'],
  [`/guarantees/new?problem=${problem}`, `/guarantees/new?problem=${problem}`],
];

/** Submits one of them without the validation of the browser. */
export async function submitEmpty(page, [path, action, option]) {
  await page.goto(path);
  if (!action) return;
  if (option) await page.locator(option).check();
  const form = page.locator(`form[action$="${action}"]`).first();
  await form.evaluate((form) => {
    form.closest('details')?.setAttribute('open', '');
    form.noValidate = true;
    for (const field of form.querySelectorAll('input:not([type=hidden], [type=radio], [type=checkbox]), textarea')) field.value = '';
  });
  await Promise.all([page.waitForEvent('load'), form.locator('button:not([type=button])').last().click()]);
}
