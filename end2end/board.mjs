// An open board, and a phone elsewhere with a check that it shows.
import { prairie, signIn } from './people.mjs';
import { KEPT } from './phone.mjs';

export async function boardAndPhone(page) {
  const [owner, phone] = [await page({ width: 1280 }), await page({ width: 390 })];
  await signIn(owner, prairie('dana'));
  await owner.waitForURL('**/today');
  await signIn(phone, prairie('maya'));
  await phone.waitForURL('**/today');
  const link = await phone.locator('main .sites a[href^="/check/"]').nth(1).getAttribute('href');
  await phone.goto(link);
  const before = await owner.locator(`#rounds .sites a[href="${link}"]`).innerText();
  return {
    owner,
    async check() {
      await phone.locator(KEPT).first().click();
      await phone.locator('[role=status][data-state=stored]').waitFor();
    },
    /** Until the board shows it. */
    changed: () =>
      owner.waitForFunction(
        ([link, before]) => document.querySelector(`#rounds .sites a[href="${link}"]`)?.innerText !== before,
        [link, before],
        { polling: 20, timeout: 60_000 },
      ),
  };
}
