// Renders the home screen icons from frontend/icon.svg: node end2end/icons.mjs
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { launch } from './browser.mjs';

const folder = join(import.meta.dirname, '..', 'frontend');
const drawing = await readFile(join(folder, 'icon.svg'), 'utf8');
const paper = '#fbf8f2';

// Maskable icons: the background fills the square, and the drawing stays inside the safe zone of 80 %.
const icons = [
  { name: 'icon-192', size: 192 },
  { name: 'icon-512', size: 512 },
  { name: 'icon-cut-512', size: 512, isMaskable: true },
  { name: 'icon-cut-180', size: 180, isMaskable: true },
];

const browser = await launch();
for (const { name, size, isMaskable } of icons) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  const style = isMaskable ? `width: 80%; margin: 10%; background: ${paper}` : 'width: 100%';
  const body = `margin: 0; background: ${isMaskable ? paper : 'transparent'}`;
  await page.setContent(`<body style="${body}"><style>svg { display: block; ${style} }</style>${drawing}`);
  await page.screenshot({ path: join(folder, `${name}.png`), omitBackground: true });
}
await browser.close();
