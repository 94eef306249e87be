// Runs Schemathesis against a server with a business, a token and one row of each kind: node schemathesis.mjs PATH-OF-ST
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { firstBusiness } from './people.mjs';
import { Server } from './server.mjs';

const [st, ...more] = process.argv.slice(2);
const SLUG = 'brook-mill';

/** Sets up the first business like a browser without JavaScript. */
async function setUpBusiness(server) {
  const answer = await fetch(`${server.url}/begin`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: server.url },
    body: new URLSearchParams(firstBusiness),
  });
  if (answer.status !== 303) throw new Error(`/begin answered ${answer.status}`);
}

/** Adds one row of each kind, so that requests by id find something. */
async function addRows(server, token) {
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
  await setUpBusiness(server);
  const made = server.run('token', 'create', '--business', SLUG, '--role', 'owner');
  const token = made.match(/\btm_\S+/)[0];
  await addRows(server, token);
  const config = ['--config-file', join(import.meta.dirname, 'schemathesis.toml')];
  const run = ['run', `${server.url}/api/v1/openapi.json`, '-H', `Authorization: Bearer ${token}`, '--checks', 'all'];
  // One worker: Python 3.11 counts the parsing depth of all threads together, and fails when two parse at once.
  const options = ['--max-examples', '60', '--continue-on-failure', '--no-color', '--workers', '1', '--warnings', 'off', ...more];
  // Schemathesis stores earlier failures in its working directory; they belong to this run only.
  const child = spawn(st, [...config, ...run, ...options], { cwd: server.dataDir, stdio: 'inherit' });
  code = await new Promise((done) => child.on('exit', (status) => done(status ?? 1)));
} finally {
  const faults = await server.stop();
  faults.forEach((fault) => console.error(fault));
  if (faults.length > 0) code = 1;
}
process.exitCode = code;
