// Which Chromium the stories use, and how it is started.
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

function runnable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The path of the browser: the one named, else the one on the path, else Playwright's own. */
export function executable() {
  const named = process.env.TRIALMARK_CHROMIUM;
  if (named) return named;
  const onPath = NAMES.flatMap((name) => (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, name)));
  const found = onPath.find(runnable) ?? chromium.executablePath();
  if (!existsSync(found)) throw new Error('no Chromium here: run end2end/chromium.sh');
  return found;
}

/** Starts the browser. Chromium's own sandbox refuses to work for root. */
export function launch() {
  return chromium.launch({ executablePath: executable(), headless: true, chromiumSandbox: !root, args: FLAGS });
}

/** What a person holds in their hands: a phone up to 600 px, a laptop above. */
export function device(width) {
  return width <= 600
    ? { viewport: { width, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 }
    : { viewport: { width, height: 800 } };
}
