// Chance that can be repeated: TRIALMARK_SEED says where it begins, and every run prints it.
import { randomInt } from 'node:crypto';

export const seed = Number(process.env.TRIALMARK_SEED ?? randomInt(2 ** 31));

/** Dice of their own for each number (mulberry32). */
export function dice(number) {
  let state = (seed + Math.imul(number, 0x9e3779b1)) | 0;
  const roll = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit) => Math.floor(roll() * limit);
  return { below, pick: (list) => list[below(list.length)] };
}
