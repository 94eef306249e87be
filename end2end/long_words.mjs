// A business for layout tests: every text is one word of fifty letters, everything exists in every state, and everyone who may see it is signed in.
import assert from 'node:assert/strict';
import { signIn, submit } from './people.mjs';

const LETTERS = 'Qualitätssicherungsbeauftragtenverzeichnisprüfstelle';
const PLAIN = 'qualitaetssicherungsbeauftragtenverzeichnisprueferin';
const PASSWORD = 'four plain garden words';
const PIN = '274915';

/** A word of fifty letters. Its last letter makes it unique. */
export const word = (last = 'e') => LETTERS.slice(0, 49) + last;
const email = (last) => `${PLAIN.slice(0, 49)}${last}@example.com`;

const wording = (last) => ({
  title: word(last), promise: word(last), criteria: ['a', 'b', 'c', 'd', 'e'].map(word), mark: 90, remedy: word(), late_remedy: word(),
  conditions: word(), how_to_claim: word(), acknowledge_minutes: 60, remedy_minutes: 240, proof: 3,
});

const soon = () => new Date(Date.now() + 3_600_000).toISOString();

const STEPS = {
  acknowledge: () => ({
    step: 'acknowledge', apology: word(), responsibility: true, repair: true, next_update_by: soon(), customer_name: word(), customer_contact: email('k'),
  }),
  understand: () => ({ step: 'understand', words: word(), severity: 'major', preventable: true, cause: word(), remedy_sought: word() }),
  ask: () => ({ step: 'ask_customer' }),
  update: () => ({ step: 'update', told: word(), next_update_by: soon() }),
  remedy: () => ({ step: 'remedy', correction: word(), remedy: word(), gesture: word(), cost: '1234567.89', proactive: true }),
  followUp: () => ({ step: 'follow_up' }),
  learn: () => ({ step: 'learn', cause: word(), corrective_action: word(), heard: true, thanked: true, supported: true }),
  reopen: () => ({ step: 'reopen', why: word() }),
};

/** Sets up the installation. `page` opens a browser for a person. */
export async function createLongWordsBusiness(server, page) {
  const business = new LongWords(server, page);
  await business.setUp();
  await business.addGuarantees();
  await business.addChecks();
  await business.addRecoveries();
  await business.addPeople();
  await business.addSecondBusiness();
  return business;
}

class LongWords {
  /** What the placeholders in the addresses of doors.json stand for. */
  ids = {};
  /** The browser of each person, by their name in doors.json. */
  people = {};

  constructor(server, page) {
    this.server = server;
    this.page = () => page({ width: 1280, serviceWorkers: 'block' });
  }

  async setUp() {
    const owner = (this.people.owner = await this.page());
    await owner.goto('/');
    await submit(owner, '/begin', {
      name: word('B'), zone: 'Europe/Warsaw', currency: 'PLN', language: 'en', contact_name: word('A'), contact_email: email('c'), email: email('o'), password: PASSWORD,
    });
    await owner.goto('/settings');
    await submit(owner, '/settings', { contact_phone: '+48 22 555 01 87' });
    this.ids.business = new URL(await owner.locator('nav a[href^="/p/"]').getAttribute('href'), owner.url()).pathname.slice(3);
    this.token = this.server.run('token', 'create', '--business', this.ids.business, '--role', 'owner');
  }

  /** A request to the REST interface. */
  async request(method, path, document) {
    const answer = await fetch(`${this.server.url}/api/v1${path}`, {
      method, headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' }, body: document && JSON.stringify(document),
    });
    const text = await answer.text();
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  }

  post(path, document) {
    return this.request('POST', path, document);
  }

  async guarantee(last, problem, places, ...moves) {
    const { id } = await this.post('/guarantees', { ...wording(last), problem, slug: `${PLAIN.slice(0, 38)}-${last.toLowerCase()}`, places });
    for (const move of moves) await this.post(`/guarantees/${id}/moves`, { move });
    return id;
  }

  /** Two sites, three places, and a guarantee in every stage. */
  async addGuarantees() {
    const { owner } = this.people;
    const { id: site } = await this.post('/sites', { name: word('S') });
    await this.post('/sites', { name: word('T') });
    const places = [];
    for (const last of ['P', 'Q', 'R']) places.push((await this.post('/places', { site, name: word(last) })).id);
    const { id: problem } = await this.post('/problems', { words: word('w'), for_whom: word('f'), not_for_whom: word('n') });
    await this.post('/problems', { words: word('x'), for_whom: word('f'), not_for_whom: '' });
    this.places = places;
    const published = await this.guarantee('G', problem, places, 'try', 'publish');
    await this.post(`/guarantees/${published}/versions`, { ...wording('G'), remedy: word('r'), criteria: ['a', 'b', 'c', 'z'].map(word) });
    Object.assign(this.ids, {
      site, problem, published, place: places[0], alone: places[2],
      draft: await this.guarantee('D', problem, places),
      trial: await this.guarantee('T', problem, places.slice(0, 2), 'try'),
      suspended: await this.guarantee('U', problem, places.slice(0, 1), 'publish', 'suspend'),
      retired: await this.guarantee('V', problem, places.slice(0, 1), 'publish', 'retire'),
      title: `${PLAIN.slice(0, 38)}-g`,
    });
    this.ids.code = (await this.request('GET', `/places/${places[0]}`)).code;
    await owner.goto(`/guarantees/${published}/schedule`);
    await owner.locator('[name=rhythm][value=every]').check();
    await owner.locator('[name=places]').evaluateAll((all) => all.forEach((one) => (one.checked = true)));
    await submit(owner, '/schedule', { every: '60', within: '00:00-24:00', grace: '15' });
    await owner.goto(`/guarantees/${published}/photos`);
    await submit(owner, '/photos', { photos: 'optional' });
    await owner.goto(`/guarantees/${published}/photos`);
    const picture = await owner.evaluate(async () => {
      const canvas = new OffscreenCanvas(1200, 900);
      canvas.getContext('2d').fillRect(100, 100, 500, 300);
      return [...new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer())];
    });
    await owner.locator('.examples input[type=file]').first().setInputFiles({ name: 'x.png', mimeType: 'image/png', buffer: Buffer.from(picture) });
    await owner.getByRole('button', { name: 'Show it' }).first().click();
    await owner.locator('.examples img').first().waitFor();
    await owner.goto(`/sites/${site}`);
    await submit(owner, '/closures', { until: '2027-06-01T10:00', why: word() });
  }

  log(finding, place = this.ids.place) {
    return this.post('/checks', { id: crypto.randomUUID(), guarantee: this.ids.published, place, ...finding });
  }

  /** Checks with every verdict, a correction, obstacles, and a second look that waits. */
  async addChecks() {
    const { owner } = this.people;
    const { id: kept } = await this.log({ verdict: 'kept' });
    await this.log({ verdict: 'not_applicable', note: word() });
    const { id: corrected } = await this.log({ verdict: 'kept' });
    await this.post(`/checks/${corrected}/corrections`, { verdict: 'not_applicable', note: word(), why: word() });
    const { id: broken } = await this.log({ verdict: 'broken', reason: '1', obstacle: 'tools', note: word() });
    await this.log({ verdict: 'broken', reason: 'safety', note: word(), obstacle: 'policy' });
    const [first, second] = (await this.request('GET', '/obstacles')).items;
    await this.post(`/obstacles/${second.id}/answers`, { decision: 'planned', words: word() });
    await this.post(`/obstacles/${second.id}/answers`, { decision: 'done', words: word() });
    Object.assign(this.ids, { kept, broken, obstacle: first.id, answered: second.id });
    for (let at = 0; !this.ids.secondLook; at += 1) {
      assert.ok(at < 300, 'no second look is asked for');
      await this.log({ verdict: 'kept' }, this.ids.alone);
      if (at < 50) continue;
      this.ids.secondLook = /\/second-looks\/([0-9a-f-]{36})/.exec(await (await owner.request.get('/today')).text())?.[1];
    }
  }

  /** A recovery after these steps, and the link for the customer if a step made one. */
  async recovery(finding, ...steps) {
    const { recovery: id } = await this.log({ verdict: 'broken', reason: '0', note: word(), ...finding });
    let link;
    for (const step of steps) link = (await this.post(`/recoveries/${id}/steps`, STEPS[step]())).link ?? link;
    return { id, link: link?.split('/').at(-1) };
  }

  async answer(link, fixed) {
    const { owner } = this.people;
    const form = { fixed, again: 'yes', fair: 'yes', quick: 'no', respectful: 'yes', honest: 'yes', words: word() };
    const answer = await owner.request.post(`/follow-up/${link}`, { form, maxRedirects: 0 });
    assert.equal(answer.status(), 303, await answer.text());
  }

  async addRecoveries() {
    const byCustomer = { found_by: 'customer' };
    const { ids } = this;
    const add = async (name, finding, ...steps) => {
      const recovery = await this.recovery(finding, ...steps);
      ids[name] = recovery.id;
      return recovery.link;
    };
    await add('opened', {});
    await add('told', byCustomer);
    await add('acknowledged', byCustomer, 'acknowledge');
    await add('waiting', byCustomer, 'acknowledge', 'ask');
    await add('understood', byCustomer, 'acknowledge', 'understand', 'update');
    await add('remedied', byCustomer, 'acknowledge', 'understand', 'remedy');
    await add('watched', {}, 'acknowledge', 'understand', 'remedy', 'followUp');
    ids.question = await add('asked', byCustomer, 'acknowledge', 'understand', 'remedy', 'followUp');
    ids.given = await add('closed', byCustomer, 'acknowledge', 'understand', 'remedy', 'followUp', 'learn');
    await this.answer(ids.given, 'yes');
    const partly = await add('partly', byCustomer, 'acknowledge', 'understand', 'remedy', 'followUp', 'learn');
    await this.answer(partly, 'partly');
    const no = await add('reopened', byCustomer, 'acknowledge', 'understand', 'remedy', 'followUp', 'learn');
    await this.answer(no, 'no');
    await this.post(`/recoveries/${ids.reopened}/steps`, STEPS.reopen());
  }

  /** A new member with this role, signed in. */
  async person(role, last) {
    const who = ['--business', this.ids.business, '--email', email(last), '--name', word(last), '--role', role];
    this.server.run('user', 'create', ...who, '--password-stdin', { input: PASSWORD });
    const page = await this.page();
    await signIn(page, { email: email(last), password: PASSWORD });
    await page.waitForURL((url) => url.pathname !== '/sign-in');
    return page;
  }

  /** Submits a form that makes a secret. Returns the secret, and the id of what it opens. */
  async createSecret(path, action, fields, maker = this.people.owner) {
    await maker.goto(path);
    await submit(maker, action, fields);
    const secret = maker.locator('#secret');
    const text = (await secret.inputValue().catch(() => secret.innerText())).trim();
    return [text.split('/').at(-1), new URL(maker.url()).pathname.split('/')[2]];
  }

  /** Members of every role, open invitations, shared devices with and without a PIN session, a token. */
  async addPeople() {
    const { people, ids } = this;
    const { owner } = people;
    people.manager = await this.person('manager', 'm');
    people.staff = await this.person('staff', 's');
    people.auditor = await this.person('auditor', 'u');
    people.nobody = await this.page();
    await this.createSecret('/people', '/invites', { name: word('Y'), role: 'manager' }).then(([, id]) => (ids.over = id));
    await owner.context().clearCookies({ name: /shown/ });
    [ids.invitation, ids.invite] = await this.createSecret('/people', '/invites', { name: word('I'), role: 'staff' });
    const [used] = await this.createSecret('/devices', '/devices', { name: word('H'), site: { index: 0 } });
    [ids.registration, ids.device] = await this.createSecret('/devices', '/devices', { name: word('J'), site: { index: 0 } });
    [, ids.token] = await this.createSecret('/tokens', '/tokens', { name: word('K'), role: 'staff' });
    await this.createSecret('/people', '/invites', { name: word('N'), role: 'staff' }, people.manager);
    await this.createSecret('/devices', '/devices', { name: word('R'), site: { index: 0 } }, people.manager);
    await owner.goto('/people');
    const made = owner.locator('li').filter({ hasText: word('m') }).locator('a[href$="/made"]').first();
    ids.maker = (await made.getAttribute('href')).split('/')[2];
    ids.reset = this.server.run('user', 'reset-link', '--email', email('u')).match(/\/reset\/(\w+)/)[1];
    await people.staff.goto('/account');
    await submit(people.staff, '/account/pin', { pin: PIN, current: PASSWORD });
    for (const kind of ['device', 'pin-session']) {
      const link = kind === 'device' ? used : (await this.createSecret('/devices', '/devices', { name: word('L'), site: { index: 0 } }))[0];
      const tablet = (people[kind] = await this.page());
      await tablet.goto(`/register/${link}`);
      await submit(tablet, `/register/${link}`);
      await tablet.waitForURL('**/device');
      ids.person = (await tablet.locator('.names a').first().getAttribute('href')).split(/[/?]/)[2];
      if (kind === 'device') continue;
      await tablet.goto(`/device/${ids.person}`);
      await submit(tablet, `/device/${ids.person}`, { pin: PIN });
      await tablet.waitForURL('**/today');
    }
    await this.addSecondStep();
  }

  /** Gives the owner a passkey as the second step, and opens a browser with a pending sign-in. */
  async addSecondStep() {
    const { people } = this;
    const { owner } = people;
    const devtools = await owner.context().newCDPSession(owner);
    await devtools.send('WebAuthn.enable');
    await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
    });
    await owner.goto('/account/second-step');
    const form = owner.locator('form[action="/account/passkeys"]');
    await form.locator('[name=name]').fill(word('F'));
    await form.locator('[name=current]').fill(PASSWORD);
    await form.locator('button').click();
    await owner.locator('.codes').waitFor();
    // An authenticator app is set up, and not confirmed.
    await owner.goto('/account/second-step');
    await submit(owner, '/account/authenticator', { current: PASSWORD });
    people['pending-sign-in'] = await this.page();
    await signIn(people['pending-sign-in'], { email: email('o'), password: PASSWORD });
    await people['pending-sign-in'].waitForURL('**/sign-in/second?*');
  }

  /** A second, empty business of another owner of the first one. */
  async addSecondBusiness() {
    const owner = (this.people['empty-business'] = await this.person('owner', 'z'));
    await owner.goto('/businesses/new');
    await submit(owner, '/businesses/new', {
      name: word('Z').replace('Q', 'Z'), zone: 'Europe/Warsaw', currency: 'PLN', language: 'pl', contact_name: word('A'), contact_email: email('c'),
    });
    await owner.waitForURL('**/guarantees');
  }

  /** From now on auditors need a second step: says who lacks it. */
  async requireSecondStep() {
    const { owner, auditor } = this.people;
    await owner.goto('/settings/second-step');
    await owner.locator('[name=role][value=auditor]').check();
    await submit(owner, '/settings/second-step');
    return auditor;
  }
}
