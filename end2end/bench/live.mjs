// How soon an open board shows a check that was made somewhere else.
import assert from 'node:assert/strict';
import { boardAndPhone } from '../board.mjs';
import { story } from '../harness.mjs';

/** From the answer to the change, in milliseconds. */
const BUDGET = 1000;

story('boards change within a second of a check anywhere', { demo: true }, async ({ page }) => {
  const { owner, check, changed } = await boardAndPhone(page);
  // The stream is open by then; what is measured is from the answer to the change.
  await owner.waitForTimeout(500);
  await check();
  const stored = Date.now();
  await changed();
  const took = Date.now() - stored;
  console.log(`the board changed ${took} ms after the answer (at most ${BUDGET} ms)`);
  assert.ok(took < BUDGET, `it took ${took} ms`);
});
