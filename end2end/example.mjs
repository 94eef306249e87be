// The example business for the stories: its history is played once in a test run, and each story gets a copy of its data.
import { spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const SEEDED_WITHIN = 240_000; // by an unoptimised build

let own;

/** Copies the data of the example business into a folder; `demo` starts the program that plays its history in another. */
export async function example(demo, into) {
  await cp(await played(demo), into, { recursive: true });
}

/** Where the data is. The files of one test run share a folder, which is named by its environment; else it is this process's own. */
async function played(demo) {
  const shared = process.env.STORIES_DATA ?? (own ??= await ownFolder());
  const data = join(shared, 'example');
  try {
    await mkdir(shared, { recursive: true });
    await mkdir(join(shared, 'begun'));
  } catch {
    // Another story has begun with it.
    for (const until = Date.now() + SEEDED_WITHIN; !existsSync(data); await sleep(200)) {
      if (Date.now() > until) throw new Error('nobody has played the history of the example business to its end');
    }
    return data;
  }
  await play(demo, shared, data);
  return data;
}

async function ownFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'trialmark-example-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Copies what a demo has stored while it stands still: what would be on the disk after a power cut. */
async function play(demo, shared, data) {
  const temporary = join(shared, 'temporary');
  await mkdir(temporary);
  const running = await demo(temporary);
  try {
    running.child.kill('SIGSTOP');
    const [folder] = await readdir(temporary);
    const needed = (file) => !/(running|-shm)$/.test(file);
    await cp(join(temporary, folder), join(shared, 'copy'), { recursive: true, filter: needed });
  } finally {
    await running.remove();
  }
  await rename(join(shared, 'copy'), data);
}
