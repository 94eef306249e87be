// The mill: a small business with a promise and people to check it, in a second, on a server that has nothing yet.
import assert from 'node:assert/strict';
import { begin, signIn } from './people.mjs';
import { atHand } from './phone.mjs';

const PASSWORD = 'wheels turn in the mill stream';

const wording = {
  title: 'Fresh bread', promise: 'Bread baked today, on the counter by eight.', criteria: ['Baked today', 'Price label beside it'], mark: 90,
  remedy: 'Your loaf is free.', late_remedy: 'And tomorrow’s too.', conditions: '', how_to_claim: 'Tell anyone at the counter.',
  acknowledge_minutes: 60, remedy_minutes: 240, proof: 3,
};

/** Every site has so many places; what is promised is promised at all of them. */
export async function mill(server, owner, { sites = ['Mill Lane'], places = 3 } = {}) {
  await begin(owner);
  const business = new Mill(server, owner);
  for (const name of sites) {
    const { id: site } = await business.post('/sites', { name });
    for (let at = 1; at <= places; at += 1) {
      await business.post('/places', { site, name: `${name}, counter ${at}` });
    }
  }
  business.places = (await business.ask('GET', '/places')).items;
  const { id: problem } = await business.post('/problems', { words: 'I get yesterday’s bread.', for_whom: 'Everyone', not_for_whom: '' });
  const all = business.places.map(({ id }) => id);
  business.guarantee = (await business.post('/guarantees', { ...wording, problem, slug: 'fresh-bread', places: all })).id;
  await business.move('publish');
  return business;
}

class Mill {
  places = [];
  withdrawn = new Map();
  promised = Promise.resolve();

  constructor(server, owner) {
    this.server = server;
    this.owner = owner;
    this.token = this.newToken('owner');
  }

  newToken(role, ...more) {
    return this.server.run('token', 'create', '--business', 'brook-mill', '--role', role, ...more);
  }

  /** Through the same door as programs. */
  async ask(method, path, document, token = this.token) {
    const answer = await fetch(`${this.server.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: document && JSON.stringify(document),
    });
    const text = await answer.text();
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  }

  post(path, document) {
    return this.ask('POST', path, document);
  }

  move(verb) {
    return this.post(`/guarantees/${this.guarantee}/moves`, { move: verb });
  }

  /** It is promised at this place no longer, until `promiseAgain` for the same reason. */
  withdraw(place, reason) {
    this.withdrawn.set(reason, place);
    return this.promise();
  }

  promiseAgain(reason) {
    return this.withdrawn.delete(reason) ? this.promise() : undefined;
  }

  /** One after the other: the last word is the latest. */
  promise() {
    return (this.promised = this.promised.then(() => {
      const out = new Set(this.withdrawn.values());
      const places = this.places.map(({ id }) => id).filter((id) => !out.has(id));
      return this.ask('PUT', `/guarantees/${this.guarantee}/places`, places);
    }));
  }

  /** The newest checks that the token's bearer reaches. */
  async checks({ token, limit = 200 } = {}) {
    return (await this.ask('GET', `/checks?limit=${limit}`, undefined, token)).items;
  }

  /** Lets someone in, signed in on a phone of their own that has the round at hand. */
  async phone(page, name, { site, width = 390, ...options } = {}) {
    const email = `${name.toLowerCase()}@brook.example`;
    const bound = site ? ['--site', site] : [];
    const who = ['--business', 'brook-mill', '--email', email, '--name', name, '--role', 'staff', ...bound];
    this.server.run('user', 'create', ...who, '--password-stdin', { input: PASSWORD });
    const phone = await page({ width, ...options });
    await this.signIn(phone, name);
    await phone.waitForURL('**/today');
    await atHand(phone);
    return phone;
  }

  signIn(phone, name) {
    return signIn(phone, { email: `${name.toLowerCase()}@brook.example`, password: PASSWORD });
  }
}
