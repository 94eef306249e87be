// A small business with one published guarantee and staff to check it, set up through REST on an empty server.
import assert from 'node:assert/strict';
import { setUpBusiness, signIn } from './people.mjs';
import { waitForOfflinePages } from './phone.mjs';

const PASSWORD = 'wheels turn in the mill stream';

const wording = {
  title: 'Fresh bread', promise: 'Bread baked today, on the counter by eight.', criteria: ['Baked today', 'Price label beside it'], mark: 90,
  remedy: 'Your loaf is free.', late_remedy: 'And tomorrow’s too.', conditions: '', how_to_claim: 'Tell anyone at the counter.',
  acknowledge_minutes: 60, remedy_minutes: 240, proof: 3,
};

/** `places` is the number of places at each site. The guarantee holds at all of them. */
export async function testBusiness(server, owner, { sites = ['Mill Lane'], places = 3 } = {}) {
  await setUpBusiness(owner);
  const business = new TestBusiness(server, owner);
  for (const name of sites) {
    const { id: site } = await business.post('/sites', { name });
    for (let at = 1; at <= places; at += 1) {
      await business.post('/places', { site, name: `${name}, counter ${at}` });
    }
  }
  business.places = (await business.request('GET', '/places')).items;
  const { id: problem } = await business.post('/problems', { words: 'I get yesterday’s bread.', for_whom: 'Everyone', not_for_whom: '' });
  const all = business.places.map(({ id }) => id);
  business.guarantee = (await business.post('/guarantees', { ...wording, problem, slug: 'fresh-bread', places: all })).id;
  await business.move('publish');
  return business;
}

class TestBusiness {
  places = [];
  /** The places where the guarantee does not hold now, by the reason. */
  withdrawn = new Map();
  lastUpdate = Promise.resolve();

  constructor(server, owner) {
    this.server = server;
    this.owner = owner;
    this.token = this.newToken('owner');
  }

  newToken(role, ...more) {
    return this.server.run('token', 'create', '--business', 'brook-mill', '--role', role, ...more);
  }

  /** A request to the REST interface. */
  async request(method, path, document, token = this.token) {
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
    return this.request('POST', path, document);
  }

  move(verb) {
    return this.post(`/guarantees/${this.guarantee}/moves`, { move: verb });
  }

  /** The guarantee does not hold at this place until `restorePlace` with the same reason. */
  withdrawPlace(place, reason) {
    this.withdrawn.set(reason, place);
    return this.updatePlaces();
  }

  restorePlace(reason) {
    return this.withdrawn.delete(reason) ? this.updatePlaces() : undefined;
  }

  /** Updates run one after the other, so that the last one wins. */
  updatePlaces() {
    return (this.lastUpdate = this.lastUpdate.then(() => {
      const withdrawn = new Set(this.withdrawn.values());
      const places = this.places.map(({ id }) => id).filter((id) => !withdrawn.has(id));
      return this.request('PUT', `/guarantees/${this.guarantee}/places`, places);
    }));
  }

  /** The newest checks that the token gives access to. */
  async checks({ token, limit = 200 } = {}) {
    return (await this.request('GET', `/checks?limit=${limit}`, undefined, token)).items;
  }

  /** Adds a member of staff, signed in on a phone of their own that has stored its offline pages. `site` limits them to one site. */
  async phone(page, name, { site, width = 390, ...options } = {}) {
    const email = `${name.toLowerCase()}@brook.example`;
    const siteAccess = site ? ['--site', site] : [];
    const who = ['--business', 'brook-mill', '--email', email, '--name', name, '--role', 'staff', ...siteAccess];
    this.server.run('user', 'create', ...who, '--password-stdin', { input: PASSWORD });
    const phone = await page({ width, ...options });
    await this.signIn(phone, name);
    await phone.waitForURL('**/today');
    await waitForOfflinePages(phone);
    return phone;
  }

  signIn(phone, name) {
    return signIn(phone, { email: `${name.toLowerCase()}@brook.example`, password: PASSWORD });
  }
}
