// A server with a business, a token and one of each thing, for schemathesis to ask: node schemathesis.mjs PATH-OF-ST
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { first } from './people.mjs';
import { Server } from './server.mjs';

const [st, ...more] = process.argv.slice(2);
const SLUG = 'brook-mill';

/** As a browser without scripts would begin. */
async function begin(server) {
  const answer = await fetch(`${server.url}/begin`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: server.url },
    body: new URLSearchParams(first),
  });
  if (answer.status !== 303) throw new Error(`/begin answered ${answer.status}`);
}

/** One of each thing, so that what is asked finds something. */
async function furnish(server, token) {
  const send = async (path, document) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const answer = await fetch(`${server.url}/api/v1${path}`, { method: 'POST', headers, body: JSON.stringify(document) });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
    return answer.json();
  };
  const problem = await send('/problems', { words: 'Is the yard safe?', for_whom: 'Families' });
  const site = await send('/sites', { name: 'Mill' });
  const place = await send('/places', { site: site.id, name: 'Yard' });
  const guarantee = await send('/guarantees', {
    problem: problem.id,
    places: [place.id],
    title: 'A safe yard',
    promise: 'The yard is clear and lit.',
    criteria: ['Nothing lies about', 'Every lamp works'],
    mark: 98,
    remedy: 'Your coffee is free.',
    late_remedy: 'And the next one too.',
    how_to_claim: 'Tell anyone.',
    acknowledge_minutes: 60,
    remedy_minutes: 480,
    proof: 3,
  });
  await send(`/guarantees/${guarantee.id}/moves`, { move: 'publish' });
  const check = { guarantee: guarantee.id, place: place.id, verdict: 'broken', reason: '0', found_by: 'customer', obstacle: 'tools' };
  await send('/checks', { ...check, id: crypto.randomUUID() });
}

const server = await Server.start();
let code = 1;
try {
  await begin(server);
  const made = server.run('token', 'create', '--business', SLUG, '--role', 'owner');
  const token = made.match(/\btm_\S+/)[0];
  await furnish(server, token);
  const config = ['--config-file', join(import.meta.dirname, 'schemathesis.toml')];
  const run = ['run', `${server.url}/api/v1/openapi.json`, '-H', `Authorization: Bearer ${token}`, '--checks', 'all'];
  // One worker: Python 3.11 counts the depth of what it parses for all threads together, and fails when two parse at once.
  const kept = ['--max-examples', '60', '--continue-on-failure', '--no-color', '--workers', '1', '--warnings', 'off', ...more];
  // Its memory of earlier failures belongs to this run.
  const child = spawn(st, [...config, ...run, ...kept], { cwd: server.dataDir, stdio: 'inherit' });
  code = await new Promise((done) => child.on('exit', (status) => done(status ?? 1)));
} finally {
  const faults = await server.stop();
  faults.forEach((fault) => console.error(fault));
  if (faults.length > 0) code = 1;
}
process.exitCode = code;
