// Draws the pictures that phones put on a home screen, from frontend/icon.svg: node end2end/icons.mjs
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { launch } from './browser.mjs';

const folder = join(import.meta.dirname, '..', 'frontend');
const drawing = await readFile(join(folder, 'icon.svg'), 'utf8');
const paper = '#fbf8f2';

// A phone that cuts its own shape wants paper up to the edge, and nothing that matters outside the inner four fifths.
const pictures = [
  { name: 'icon-192', size: 192 },
  { name: 'icon-512', size: 512 },
  { name: 'icon-cut-512', size: 512, cut: true },
  { name: 'icon-cut-180', size: 180, cut: true },
];

const browser = await launch();
for (const { name, size, cut } of pictures) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  const within = cut ? `width: 80%; margin: 10%; background: ${paper}` : 'width: 100%';
  const body = `margin: 0; background: ${cut ? paper : 'transparent'}`;
  await page.setContent(`<body style="${body}"><style>svg { display: block; ${within} }</style>${drawing}`);
  await page.screenshot({ path: join(folder, `${name}.png`), omitBackground: true });
}
await browser.close();
