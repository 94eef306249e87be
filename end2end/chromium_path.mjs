// Prints the path of the Chromium that the stories use. The exit code is 1 if there is none.
import { findChromium } from './browser.mjs';

const path = findChromium();
if (path) console.log(path);
else process.exitCode = 1;
