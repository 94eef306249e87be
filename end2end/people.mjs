// The people of the stories, and how they fill in forms.
import { createHmac } from 'node:crypto';

export const owner = { name: 'Ada Marsh', email: 'ada@brook.example', password: 'four plain garden words' };
export const staff = { name: 'Ben Toll', email: 'ben@brook.example', password: 'three other garden words' };

/** Fills in a form by field name, submits it, and waits for the next page. `action` is the end of its address; without it, the first form of the page is meant. `true` ticks a box. */
export async function submit(page, action, fields = {}) {
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

/** The form that sets up the first business of an installation, and its owner. */
export const firstBusiness = {
  name: 'Brook Mill',
  zone: 'Europe/London',
  currency: 'GBP',
  language: 'en',
  contact_name: owner.name,
  contact_email: 'promises@brook.example',
  email: owner.email,
  password: owner.password,
};

export async function setUpBusiness(page) {
  await page.goto('/');
  await submit(page, '/begin', firstBusiness);
  await page.waitForURL('**/guarantees');
}

export async function signIn(page, { email, password }) {
  await page.goto('/sign-in');
  await submit(page, '/sign-in', { email, password });
}

/** Signs out, and waits for the next page. */
export async function signOut(page) {
  await Promise.all([page.waitForEvent('load'), page.locator('form[action="/sign-out"] button').click()]);
}

/** The code that an authenticator app shows for a secret (RFC 6238), `steps` times thirty seconds from now. */
export function totpCode(secret, steps = 0) {
  const bits = [...secret].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const moment = Buffer.alloc(8);
  moment.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const hash = createHmac('sha1', key).update(moment).digest();
  const number = hash.readUInt32BE(hash[19] & 15) & 0x7fff_ffff;
  return String(number % 1_000_000).padStart(6, '0');
}

/** A person of the example business. */
export const demoPerson = (name) => ({ email: `${name}@prairiestop.example`, password: 'prairie stop example' });

/** Moves the example business to a time zone where it is about noon. Checks that are scheduled by day are then due at whatever hour the stories run. */
export async function moveDemoToNoon(page) {
  await signIn(page, demoPerson('dana'));
  const east = 12 - new Date().getUTCHours();
  await page.goto('/settings');
  // The sign in the names of these zones is inverted.
  await submit(page, '/settings', { zone: east === 0 ? 'Etc/UTC' : `Etc/GMT${east > 0 ? '-' : '+'}${Math.abs(east)}` });
}
