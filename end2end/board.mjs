// An open board, and a phone on which a check is made that the board should show.
import { demoPerson, signIn } from './people.mjs';
import { KEPT_BUTTON } from './phone.mjs';

export async function boardAndPhone(page) {
  const [owner, phone] = [await page({ width: 1280 }), await page({ width: 390 })];
  await signIn(owner, demoPerson('dana'));
  await owner.waitForURL('**/today');
  await signIn(phone, demoPerson('maya'));
  await phone.waitForURL('**/today');
  const link = await phone.locator('main .sites a[href^="/check/"]').nth(1).getAttribute('href');
  await phone.goto(link);
  const before = await owner.locator(`#rounds .sites a[href="${link}"]`).innerText();
  return {
    owner,
    async check() {
      await phone.locator(KEPT_BUTTON).first().click();
      await phone.locator('[role=status][data-state=stored]').waitFor();
    },
    /** Waits until the board shows it. */
    waitForChange: () =>
      owner.waitForFunction(
        ([link, before]) => document.querySelector(`#rounds .sites a[href="${link}"]`)?.innerText !== before,
        [link, before],
        { polling: 20, timeout: 60_000 },
      ),
  };
}
