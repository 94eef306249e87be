// What the phone accepts, the server accepts. A check that is refused later is shown completely, edited and sent again.
import assert from 'node:assert/strict';
import { story } from '../harness.mjs';
import { testBusiness } from '../fixture.mjs';
import { KEPT_BUTTON, OFFLINE, outboxEntries, tapAnswer, waitForEmptyOutbox, waitForOfflinePages, waitForOutcome } from '../phone.mjs';

/** Texts that are pasted into a note, and whether they are valid. */
const NOTES = [
  ['a\tb', true],
  ['a\u0000b', false],
  ['a\u001b[31mb', false],
  ['one\r\ntwo\rthree', true],
  ['\u202a+48 600 100 200\u202c', true],
  ['invoice \u202efdp.exe', false],
  ['open \u2067never closed', false],
  ['a\u200bb', true],
  ['\u200b\u2060', true],
  ['cafe\u0301 \u{1f469}\u200d\u{1f373}', true],
  [`a${'\u0301'.repeat(150)}`, false],
  ['\ufdd0', false],
  ['x'.repeat(2000), true],
  ['x'.repeat(2001), false],
  ['x'.repeat(10_000), false],
  ['\u{1f600}'.repeat(1000), true],
  ['e\u0301'.repeat(2000), true],
  ['<b>bold</b> & "quoted"', true],
];

const BROKEN = '#broken form button';

async function open(phone, link, note) {
  await phone.goto(link);
  await phone.locator('a[href="#broken"]').click();
  await phone.locator('#broken [name=reason][value="0"]').check();
  // maxlength does not limit what scripts insert, so pasting is simulated without it.
  await phone.locator('#broken [name=note]').evaluate((field, note) => (field.removeAttribute('maxlength'), (field.value = note)), note);
}

story('an invalid pasted note is rejected immediately, a valid note is saved and accepted', async ({ server, page, expect }) => {
  expect(OFFLINE);
  const business = await testBusiness(server, await page(), { places: 1 });
  const phone = await business.phone(page, 'Ben');
  const [link] = await waitForOfflinePages(phone);
  await phone.context().setOffline(true);
  let accepted = 0;
  for (const [note, isValid] of NOTES) {
    await open(phone, link, note);
    await phone.locator(BROKEN).last().click();
    const said = await waitForOutcome(phone);
    assert.equal(said, isValid ? 'saved' : 'rejected', JSON.stringify(note.slice(0, 40)));
    if (isValid) accepted += 1;
    else assert.equal(await phone.locator('#broken [name=note]').evaluate((field) => field.value.length > 0), true, 'the text is still there');
    assert.equal((await outboxEntries(phone)).length, accepted);
  }
  await phone.context().setOffline(false);
  await phone.goto('/today');
  await waitForEmptyOutbox(phone);
  assert.equal(await phone.locator('.refused li').count(), 0, 'no saved check is refused');
  assert.equal((await business.checks()).length, accepted);
  console.log(`${NOTES.length} notes, ${accepted} of them saved and accepted`);
});

/** A picture like one from a camera. */
async function randomPicture(page) {
  const bytes = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(640, 480);
    const context = canvas.getContext('2d');
    context.fillStyle = `hsl(${Math.random() * 360} 60% 50%)`;
    context.fillRect(0, 0, 640, 480);
    return [...new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer())];
  });
  return { name: 'picture.png', mimeType: 'image/png', buffer: Buffer.from(bytes) };
}

story('a saved check that the server refuses can be edited and sent again', async ({ server, page, expect, axe, screenshot }) => {
  expect(OFFLINE);
  for (const status of [409, 422]) expect({ status });
  const owner = await page();
  const business = await testBusiness(server, owner, { places: 2 });
  const photos = async (choice) => {
    await owner.goto(`/guarantees/${business.guarantee}/photos`);
    await owner.locator(`[name=photos][value=${choice}]`).check();
    await owner.locator('form:has([name=photos]) button').first().click();
    await owner.waitForLoadState('load');
  };
  await photos('optional');
  const phone = await business.phone(page, 'Ben', { width: 320 });
  const [link, other] = await waitForOfflinePages(phone);
  await phone.context().setOffline(true);
  await open(phone, link, 'The oven is cold.');
  await phone.locator('#broken input[type=file]').setInputFiles(await randomPicture(phone));
  await phone.locator(BROKEN).last().click();
  assert.equal(await waitForOutcome(phone), 'saved');

  // Meanwhile the guarantee forbids photos.
  await photos('forbidden');
  await phone.context().setOffline(false);
  const card = phone.locator('.refused li');
  await card.getByText('No picture may come').waitFor();
  const text = await card.innerText();
  for (const part of [/counter/, /broken/i, /The oven is cold\./]) assert.match(text, part);
  assert.equal(await card.locator('img').evaluate((image) => image.decode().then(() => image.naturalWidth)), 640);
  await axe(phone);
  await screenshot(phone, 'refused check');
  await card.getByText('Edit and send again').click();
  // An invalid note is rejected before anything is sent.
  await card.locator('[name=note]').fill('a\u0007b');
  await card.getByRole('button', { name: 'Send again' }).click();
  await card.getByText('control', { exact: false }).waitFor();
  await card.locator('[name=note]').fill('The oven is cold and dark.');
  await card.locator('[name=without]').check();
  await card.getByRole('button', { name: 'Send again' }).click();
  await card.waitFor({ state: 'detached' });
  await waitForEmptyOutbox(phone);
  const [row] = await business.checks();
  assert.deepEqual([row.verdict, row.photo], ['broken', null]);

  // The other way round: the guarantee requires a photo by now, and one is added.
  await photos('optional');
  await phone.goto(other);
  await phone.reload({ waitUntil: 'networkidle' });
  await phone.context().setOffline(true);
  await phone.locator(KEPT_BUTTON).click();
  assert.equal(await waitForOutcome(phone), 'saved');
  await photos('required');
  await phone.context().setOffline(false);
  await card.getByText('Edit and send again').click();
  await card.locator('input[type=file]').setInputFiles(await randomPicture(phone));
  await card.getByRole('button', { name: 'Send again' }).click();
  await card.waitFor({ state: 'detached' });
  await waitForEmptyOutbox(phone);
  const [kept] = await business.checks();
  assert.equal(kept.verdict, 'kept');
  assert.match(kept.photo, /^[0-9a-f]{64}$/);
});

story('a check refused because of a suspended guarantee is accepted once it is resumed', async ({ server, page, expect }) => {
  expect(OFFLINE);
  for (const status of [409]) expect({ status });
  const business = await testBusiness(server, await page(), { places: 1 });
  const phone = await business.phone(page, 'Ben');
  const [link] = await waitForOfflinePages(phone);
  await phone.context().setOffline(true);
  await phone.goto(link);
  await tapAnswer(phone, 'broken');
  assert.equal(await waitForOutcome(phone), 'saved');
  const [{ draft }] = await outboxEntries(phone);
  await business.move('suspend');
  await phone.context().setOffline(false);
  const card = phone.locator('.refused li');
  await card.waitFor();
  await business.move('resume');
  await card.getByText('Edit and send again').click();
  await card.getByRole('button', { name: 'Send again' }).click();
  await waitForEmptyOutbox(phone);
  const [row] = await business.checks();
  assert.ok(Math.abs(Date.parse(row.at) - Date.parse(draft.at)) < 1000, 'it keeps the time of the check');
});
