// Random numbers that can be repeated: TRIALMARK_SEED sets the seed, and every run prints it.
import { createHash, randomInt } from 'node:crypto';

export const seed = Number(process.env.TRIALMARK_SEED ?? randomInt(2 ** 31));

/** An independent generator for each stream number. A value is the hash of the seed, the stream and a counter. */
export function rng(stream) {
  let count = 0;
  const below = (limit) => createHash('sha256').update(`${seed} ${stream} ${(count += 1)}`).digest().readUInt32BE() % limit;
  return { below, pick: (list) => list[below(list.length)] };
}
