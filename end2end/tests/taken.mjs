// What the phone calls saved, the server takes; and what is refused all the same is shown whole, mended and sent again.
import assert from 'node:assert/strict';
import { story } from '../harness.mjs';
import { mill } from '../mill.mjs';
import { answer, atHand, entries, KEPT, nothingWaits, offline, outcome } from '../phone.mjs';

/** What is pasted into a note, and whether it can be taken. */
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
  // As it is pasted: the browser's own bound on typing does not stop everything.
  await phone.locator('#broken [name=note]').evaluate((field, note) => (field.removeAttribute('maxlength'), (field.value = note)), note);
}

story('what is pasted into a note is refused on the spot, or saved and taken', async ({ server, page, expect }) => {
  expect(offline);
  const business = await mill(server, await page(), { places: 1 });
  const phone = await business.phone(page, 'Ben');
  const [link] = await atHand(phone);
  await phone.context().setOffline(true);
  let taken = 0;
  for (const [note, is] of NOTES) {
    await open(phone, link, note);
    await phone.locator(BROKEN).last().click();
    const said = await outcome(phone);
    assert.equal(said, is ? 'saved' : 'rejected', JSON.stringify(note.slice(0, 40)));
    if (is) taken += 1;
    else assert.equal(await phone.locator('#broken [name=note]').evaluate((field) => field.value.length > 0), true, 'it is still there');
    assert.equal((await entries(phone)).length, taken);
  }
  await phone.context().setOffline(false);
  await phone.goto('/today');
  await nothingWaits(phone);
  assert.equal(await phone.locator('.refused li').count(), 0, 'nothing that was saved is refused');
  assert.equal((await business.checks()).length, taken);
  console.log(`${NOTES.length} notes, ${taken} of them saved and taken`);
});

/** A picture as a camera makes it. */
async function drawn(page) {
  const bytes = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(640, 480);
    const context = canvas.getContext('2d');
    context.fillStyle = `hsl(${Math.random() * 360} 60% 50%)`;
    context.fillRect(0, 0, 640, 480);
    return [...new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer())];
  });
  return { name: 'picture.png', mimeType: 'image/png', buffer: Buffer.from(bytes) };
}

story('what is refused after it was saved is shown whole, mended, and sent again', async ({ server, page, expect, axe, screenshot }) => {
  expect(offline);
  for (const status of [409, 422]) expect({ status });
  const owner = await page();
  const business = await mill(server, owner, { places: 2 });
  const photos = async (choice) => {
    await owner.goto(`/guarantees/${business.guarantee}/photos`);
    await owner.locator(`[name=photos][value=${choice}]`).check();
    await owner.locator('form:has([name=photos]) button').first().click();
    await owner.waitForLoadState('load');
  };
  await photos('optional');
  const phone = await business.phone(page, 'Ben', { width: 320 });
  const [link, other] = await atHand(phone);
  await phone.context().setOffline(true);
  await open(phone, link, 'The oven is cold.');
  await phone.locator('#broken input[type=file]').setInputFiles(await drawn(phone));
  await phone.locator(BROKEN).last().click();
  assert.equal(await outcome(phone), 'saved');

  // Meanwhile pictures are forbidden.
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
  // What cannot be taken is said here, too, before anything is sent.
  await card.locator('[name=note]').fill('a\u0007b');
  await card.getByRole('button', { name: 'Send again' }).click();
  await card.getByText('control', { exact: false }).waitFor();
  await card.locator('[name=note]').fill('The oven is cold and dark.');
  await card.locator('[name=without]').check();
  await card.getByRole('button', { name: 'Send again' }).click();
  await card.waitFor({ state: 'detached' });
  await nothingWaits(phone);
  const [row] = await business.checks();
  assert.deepEqual([row.verdict, row.photo], ['broken', null]);

  // And the other way round: one is needed by now, and is taken later.
  await photos('optional');
  await phone.goto(other);
  await phone.reload({ waitUntil: 'networkidle' });
  await phone.context().setOffline(true);
  await phone.locator(KEPT).click();
  assert.equal(await outcome(phone), 'saved');
  await photos('required');
  await phone.context().setOffline(false);
  await card.getByText('Edit and send again').click();
  await card.locator('input[type=file]').setInputFiles(await drawn(phone));
  await card.getByRole('button', { name: 'Send again' }).click();
  await card.waitFor({ state: 'detached' });
  await nothingWaits(phone);
  const [kept] = await business.checks();
  assert.equal(kept.verdict, 'kept');
  assert.match(kept.photo, /^[0-9a-f]{64}$/);
});

story('what was refused because of a role or a promise is taken once that is as it was', async ({ server, page, expect }) => {
  expect(offline);
  for (const status of [409]) expect({ status });
  const business = await mill(server, await page(), { places: 1 });
  const phone = await business.phone(page, 'Ben');
  const [link] = await atHand(phone);
  await phone.context().setOffline(true);
  await phone.goto(link);
  await answer(phone, 'broken');
  assert.equal(await outcome(phone), 'saved');
  const [{ draft }] = await entries(phone);
  await business.move('suspend');
  await phone.context().setOffline(false);
  const card = phone.locator('.refused li');
  await card.waitFor();
  await business.move('resume');
  await card.getByText('Edit and send again').click();
  await card.getByRole('button', { name: 'Send again' }).click();
  await nothingWaits(phone);
  const [row] = await business.checks();
  assert.ok(Math.abs(Date.parse(row.at) - Date.parse(draft.at)) < 1000, 'it was looked at when it was');
});
