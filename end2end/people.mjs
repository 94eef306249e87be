// The people of the stories, and how they fill in forms.
import { createHmac } from 'node:crypto';

export const owner = { name: 'Ada Marsh', email: 'ada@brook.example', password: 'four plain garden words' };
export const staff = { name: 'Ben Toll', email: 'ben@brook.example', password: 'three other garden words' };

/** Fills in the form that posts to `action` (its end; else the page's own), by field name, sends it, and waits for the page that comes of it. A `true` ticks, a list chooses. */
export async function send(page, action, fields = {}) {
  const form = page.locator(action ? `form[action$="${action}"]` : 'main form').first();
  for (const [name, value] of Object.entries(fields)) {
    const field = form.locator(`[name="${name}"]`);
    const type = await field.first().evaluate((element) => element.type);
    if (type === 'radio') await form.locator(`[name="${name}"][value="${value}"]`).check();
    else if (type === 'checkbox') await field.first().check();
    else if (type.startsWith('select')) await field.selectOption(value === true ? { index: 1 } : value);
    else await field.fill(value);
  }
  await Promise.all([page.waitForEvent('load'), form.locator('button:not([type=button])').last().click()]);
}

/** The first business of an installation, and its owner. */
export const first = {
  name: 'Brook Mill',
  zone: 'Europe/London',
  currency: 'GBP',
  language: 'en',
  contact_name: owner.name,
  contact_email: 'promises@brook.example',
  email: owner.email,
  password: owner.password,
};

export async function begin(page) {
  await page.goto('/');
  await send(page, '/begin', first);
  await page.waitForURL('**/guarantees');
}

export async function signIn(page, { email, password }) {
  await page.goto('/sign-in');
  await send(page, '/sign-in', { email, password });
}

/** Signs out, and waits for the page that comes of it. */
export async function signOut(page) {
  await Promise.all([page.waitForEvent('load'), page.locator('form[action="/sign-out"] button').click()]);
}

/** The six digits that an app shows for a secret as it is typed (RFC 6238), so many steps of thirty seconds from now. */
export function code(secret, steps = 0) {
  const bits = [...secret].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const moment = Buffer.alloc(8);
  moment.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const hash = createHmac('sha1', key).update(moment).digest();
  const number = hash.readUInt32BE(hash[19] & 15) & 0x7fff_ffff;
  return String(number % 1_000_000).padStart(6, '0');
}

/** The demo's people, by role. */
export const prairie = (name) => ({ email: `${name}@prairiestop.example`, password: 'prairie stop example' });

/** The owner of the demo moves it to where it is about noon: what is looked at by day is due, at whatever hour the stories run. */
export async function atNoon(page) {
  await signIn(page, prairie('dana'));
  const east = 12 - new Date().getUTCHours();
  await page.goto('/settings');
  // These zones count to the west.
  await send(page, '/settings', { zone: east === 0 ? 'Etc/UTC' : `Etc/GMT${east > 0 ? '-' : '+'}${Math.abs(east)}` });
}
