// Screenshots of pages: node end2end/look.mjs URL... [--email E --password P] [--width N]... [--language L]
// Each page at 320, 390 and 1280 px, light and dark, into end2end/out/look. Console errors and sideways scrolling are reported.
import { mkdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { device, launch } from './browser.mjs';

const { values, positionals: urls } = parseArgs({
  allowPositionals: true,
  options: {
    email: { type: 'string' },
    password: { type: 'string' },
    width: { type: 'string', multiple: true, default: ['320', '390', '1280'] },
    language: { type: 'string', default: 'en-GB' },
  },
});
if (urls.length === 0) {
  console.error('usage: node end2end/look.mjs URL... [--email E --password P] [--width N]... [--language L]');
  process.exit(2);
}

const out = join(import.meta.dirname, 'out', 'look');

async function signIn(browser) {
  const context = await browser.newContext({ locale: values.language });
  const page = await context.newPage();
  await page.goto(new URL('/sign-in', urls[0]).href);
  await page.fill('[name=email]', values.email);
  await page.fill('[name=password]', values.password);
  await Promise.all([page.waitForNavigation(), page.press('[name=password]', 'Enter')]);
  if (new URL(page.url()).pathname === '/sign-in') throw new Error('the sign-in was refused');
  return context.storageState();
}

async function look(browser, url, width, colorScheme, storageState) {
  const context = await browser.newContext({ ...device(width), colorScheme, storageState, locale: values.language });
  const page = await context.newPage();
  const problems = [];
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  page.on('pageerror', (error) => problems.push(String(error)));
  const answer = await page.goto(url, { waitUntil: 'load' });
  await page.waitForTimeout(300); // until the islands are hydrated
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  if (wide > width) problems.push(`scrolls sideways: ${wide} px wide`);
  const { host, pathname } = new URL(url);
  const file = join(out, `${`${host}${pathname}`.replace(/[^\w]+/g, '-').replace(/-$/, '')}-${width}-${colorScheme}.png`);
  await page.screenshot({ path: file, fullPage: true });
  console.log(`${answer.status()} ${relative('', file)}${problems.map((line) => `\n    ${line}`).join('')}`);
  await context.close();
}

await mkdir(out, { recursive: true });
const browser = await launch();
try {
  const storageState = values.email ? await signIn(browser) : undefined;
  for (const url of urls) {
    for (const width of values.width.map(Number)) {
      for (const scheme of ['light', 'dark']) await look(browser, url, width, scheme, storageState);
    }
  }
} finally {
  await browser.close();
}
