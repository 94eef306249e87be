// Finds and starts the Chromium that the stories use.
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

const root = process.getuid?.() === 0;

const FLAGS = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-gpu',
  '--disable-quic',
  '--disable-sync',
  '--no-first-run',
];

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The path of the browser, if there is one: from TRIALMARK_CHROMIUM, else on PATH, else the one that Playwright has installed. */
export function findChromium() {
  const named = process.env.TRIALMARK_CHROMIUM;
  if (named) return named;
  const onPath = NAMES.flatMap((name) => (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, name)));
  const found = onPath.find(isExecutable) ?? chromium.executablePath();
  return existsSync(found) ? found : undefined;
}

/** Starts the browser. The sandbox of Chromium does not work for root. */
export function launch() {
  const executablePath = findChromium();
  if (!executablePath) throw new Error('Chromium is missing: run end2end/chromium.sh');
  return chromium.launch({ executablePath, headless: true, chromiumSandbox: !root, args: FLAGS });
}

/** The options of a phone for widths up to 600 px, and of a laptop above. */
export function device(width) {
  return width <= 600
    ? { viewport: { width, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 }
    : { viewport: { width, height: 800 } };
}
