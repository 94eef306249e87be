// Starts the real `trialmark` with a data folder and a port of its own, and stops it again.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { copyDemoData } from './demo_data.mjs';

const built = resolve(import.meta.dirname, '..', process.env.CARGO_TARGET_DIR ?? 'target', 'debug/trialmark');

export const binary = resolve(process.env.TRIALMARK_BIN ?? built);

const READY_TIMEOUT = 240_000; // `trialmark demo` generates 120 days of data, here with an unoptimised build
const STOP_TIMEOUT = 10_000;

const runningServers = new Set();
process.on('exit', () => runningServers.forEach((server) => server.abandon()));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));

function freePort() {
  return new Promise((done, fail) => {
    const probe = createServer().once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}

/** The settings of whoever runs the tests are not those of the server under test. */
function environment(own) {
  const outer = Object.entries(process.env).filter(([key]) => !key.startsWith('TRIALMARK_'));
  return { ...Object.fromEntries(outer), ...own };
}

export class Server {
  command = 'serve';
  log = '';

  /** `demo`: with the example business; without it the installation is empty. `named`: reached as `localhost`, which passkeys need. */
  static async start({ demo = false, named = false, env = {} } = {}) {
    const server = new Server();
    server.dataDir = await mkdtemp(join(tmpdir(), 'trialmark-story-'));
    if (demo) await copyDemoData(Server.demo, server.dataDir);
    server.port = await freePort();
    server.url = `http://${named ? 'localhost' : '127.0.0.1'}:${server.port}`;
    server.env = { TRIALMARK_BASE_URL: server.url, ...env };
    runningServers.add(server);
    await server.launch();
    return server;
  }

  /** Runs `trialmark demo`, which generates the data of the example business in a temporary folder. */
  static async demo(temporary) {
    const server = new Server();
    server.dataDir = temporary;
    server.port = await freePort();
    server.url = `http://127.0.0.1:${server.port}`;
    server.env = { TMPDIR: temporary };
    server.command = 'demo';
    runningServers.add(server);
    await server.launch();
    return server;
  }

  /** Starts the process on the folder and the port it had before, and waits until it answers. */
  async launch() {
    if (!existsSync(binary)) throw new Error(`no server at ${binary}: build it with cargo build -p server`);
    this.child = spawn(binary, [this.command], {
      cwd: this.dataDir,
      env: environment({ TRIALMARK_LISTEN: `127.0.0.1:${this.port}`, TRIALMARK_DATA_DIR: this.dataDir, ...this.env }),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.ended = new Promise((done) => {
      this.child.once('error', (error) => done(error.message));
      this.child.once('exit', (code, signal) => done(signal ?? code));
    });
    for (const stream of [this.child.stdout, this.child.stderr]) stream.on('data', (text) => (this.log += text));
    await this.ready();
  }

  async ready() {
    let over = false;
    this.ended.then(() => (over = true));
    for (const until = Date.now() + READY_TIMEOUT; Date.now() < until && !over; await sleep(50)) {
      const answer = await fetch(`${this.url}/readyz`).catch(() => null);
      if (answer?.ok) return;
    }
    await this.remove();
    throw new Error(`the server did not become ready (${await this.ended}):\n${this.tail()}`);
  }

  /** Runs a command of the program on the same data, and returns its output. */
  run(...command) {
    const { input } = typeof command.at(-1) === 'object' ? command.pop() : {};
    const env = environment({ TRIALMARK_DATA_DIR: this.dataDir, TRIALMARK_LOG: 'warn' });
    return execFileSync(binary, command, { cwd: this.dataDir, env, input, encoding: 'utf8' }).trim();
  }

  /** The last lines of its output. */
  tail(lines = 40) {
    return this.log.trimEnd().split('\n').slice(-lines).join('\n');
  }

  /** Kills it without warning. `launch` starts it again on the same data. */
  async kill() {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  async remove() {
    await this.kill();
    await rm(this.dataDir, { recursive: true, force: true });
    runningServers.delete(this);
  }

  /** For the exit of the test process, when nothing can be awaited any more. */
  abandon() {
    this.child?.kill('SIGKILL');
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  /** Stops it and removes its data. Returns what went wrong while it ran, if anything. */
  async stop() {
    this.child.kill('SIGTERM');
    const ended = await Promise.race([this.ended, sleep(STOP_TIMEOUT, 'late', { ref: false })]);
    await this.remove();
    const faults = [];
    if (ended === 'late') faults.push(`the server did not stop within ${STOP_TIMEOUT / 1000} s of SIGTERM`);
    else if (ended !== 0) faults.push(`the server ended with ${ended}:\n${this.tail()}`);
    if (/panicked at/.test(this.log)) faults.push(`the server panicked:\n${this.tail()}`);
    return faults;
  }
}
