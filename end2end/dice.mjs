// Chance that can be repeated: TRIALMARK_SEED says where it begins, and every run prints it.
import { createHash, randomInt } from 'node:crypto';

export const seed = Number(process.env.TRIALMARK_SEED ?? randomInt(2 ** 31));

/** Dice of their own for each number: each throw is a hash of the seed, the number and how often it was thrown. */
export function dice(number) {
  let thrown = 0;
  const below = (limit) => createHash('sha256').update(`${seed} ${number} ${(thrown += 1)}`).digest().readUInt32BE() % limit;
  return { below, pick: (list) => list[below(list.length)] };
}
