// The data of the example business. One test run generates it once, and each story gets a copy.
import { existsSync, rmSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const GENERATION_TIMEOUT = 240_000; // by an unoptimised build

let ownFolder;

/** Copies the data of the example business into a folder. `startDemo` starts `trialmark demo` in a temporary folder. */
export async function copyDemoData(startDemo, into) {
  await cp(await demoData(startDemo), into, { recursive: true });
}

/** The folder with the data. The test files of one run share the folder that STORIES_DATA names; without it each process has its own. */
async function demoData(startDemo) {
  const shared = process.env.STORIES_DATA ?? (ownFolder ??= await makeFolder());
  const data = join(shared, 'example');
  try {
    await mkdir(shared, { recursive: true });
    await mkdir(join(shared, 'begun'));
  } catch {
    // Another process is generating the data.
    for (const until = Date.now() + GENERATION_TIMEOUT; !existsSync(data); await sleep(200)) {
      if (Date.now() > until) throw new Error('the data of the example business was not generated in time');
    }
    return data;
  }
  await generate(startDemo, shared, data);
  return data;
}

async function makeFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'trialmark-example-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Stops a demo and copies its files. They are what would be on the disk after a power cut. */
async function generate(startDemo, shared, data) {
  const temporary = join(shared, 'temporary');
  await mkdir(temporary);
  const running = await startDemo(temporary);
  try {
    running.child.kill('SIGSTOP');
    const [folder] = await readdir(temporary);
    const isNeeded = (file) => !/(running|-shm)$/.test(file);
    await cp(join(temporary, folder), join(shared, 'copy'), { recursive: true, filter: isNeeded });
  } finally {
    await running.remove();
  }
  await rename(join(shared, 'copy'), data);
}
