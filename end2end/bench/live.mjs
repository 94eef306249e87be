// How soon an open board shows a check that was made on another device.
import assert from 'node:assert/strict';
import { boardAndPhone } from '../board.mjs';
import { story } from '../harness.mjs';

/** From the answer to the change, in milliseconds. */
const BUDGET = 1000;

story('boards update within a second of a check on another device', { demo: true }, async ({ page }) => {
  const { owner, check, waitForChange } = await boardAndPhone(page);
  // By then the stream is open.
  await owner.waitForTimeout(500);
  await check();
  const stored = Date.now();
  await waitForChange();
  const took = Date.now() - stored;
  console.log(`the board changed ${took} ms after the answer (at most ${BUDGET} ms)`);
  assert.ok(took < BUDGET, `it took ${took} ms`);
});
