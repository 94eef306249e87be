// A business in which every text is one word of fifty letters, with one of everything in every state, and everyone who may look at it.
import assert from 'node:assert/strict';
import { send, signIn } from './people.mjs';

const LETTERS = 'Qualitätssicherungsbeauftragtenverzeichnisprüfstelle';
const PLAIN = 'qualitaetssicherungsbeauftragtenverzeichnisprueferin';
const PASSWORD = 'four plain garden words';
const PIN = '274915';

/** Fifty letters without a break; the last tells one thing from another. */
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

/** Begins the installation, and fills it. `page` makes a person a browser of their own. */
export async function longWords(server, page) {
  const business = new LongWords(server, page);
  await business.begin();
  await business.promise();
  await business.check();
  await business.recover();
  await business.letIn();
  await business.beginAnother();
  return business;
}

class LongWords {
  /** What the addresses name. */
  things = {};
  /** Who looks: a browser of each. */
  people = {};

  constructor(server, page) {
    this.server = server;
    this.page = () => page({ width: 1280, serviceWorkers: 'block' });
  }

  async begin() {
    const owner = (this.people.owner = await this.page());
    await owner.goto('/');
    await send(owner, '/begin', {
      name: word('B'), zone: 'Europe/Warsaw', currency: 'PLN', language: 'en', contact_name: word('A'), contact_email: email('c'), email: email('o'), password: PASSWORD,
    });
    await owner.goto('/settings');
    await send(owner, '/settings', { contact_phone: '+48 22 555 01 87' });
    this.things.business = new URL(await owner.locator('nav a[href^="/p/"]').getAttribute('href'), owner.url()).pathname.slice(3);
    this.token = this.server.run('token', 'create', '--business', this.things.business, '--role', 'owner');
  }

  /** Through the same door as programs. */
  async ask(method, path, document) {
    const answer = await fetch(`${this.server.url}/api/v1${path}`, {
      method, headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' }, body: document && JSON.stringify(document),
    });
    const text = await answer.text();
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  }

  post(path, document) {
    return this.ask('POST', path, document);
  }

  async guarantee(last, problem, places, ...moves) {
    const { id } = await this.post('/guarantees', { ...wording(last), problem, slug: `${PLAIN.slice(0, 38)}-${last.toLowerCase()}`, places });
    for (const move of moves) await this.post(`/guarantees/${id}/moves`, { move });
    return id;
  }

  /** Two sites, four places, a promise in every stage. */
  async promise() {
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
    Object.assign(this.things, {
      site, problem, published, place: places[0], alone: places[2],
      draft: await this.guarantee('D', problem, places),
      trial: await this.guarantee('T', problem, places.slice(0, 2), 'try'),
      suspended: await this.guarantee('U', problem, places.slice(0, 1), 'publish', 'suspend'),
      retired: await this.guarantee('V', problem, places.slice(0, 1), 'publish', 'retire'),
      title: `${PLAIN.slice(0, 38)}-g`,
    });
    this.things.code = (await this.ask('GET', `/places/${places[0]}`)).code;
    await owner.goto(`/guarantees/${published}/schedule`);
    await owner.locator('[name=rhythm][value=every]').check();
    await owner.locator('[name=places]').evaluateAll((all) => all.forEach((one) => (one.checked = true)));
    await send(owner, '/schedule', { every: '60', within: '00:00-24:00', grace: '15' });
    await owner.goto(`/guarantees/${published}/photos`);
    await send(owner, '/photos', { photos: 'optional' });
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
    await send(owner, '/closures', { until: '2027-06-01T10:00', why: word() });
  }

  log(finding, place = this.things.place) {
    return this.post('/checks', { id: crypto.randomUUID(), guarantee: this.things.published, place, ...finding });
  }

  /** Every verdict, a correction, what stood in the way, and a second look that is asked for. */
  async check() {
    const { owner } = this.people;
    const { id: kept } = await this.log({ verdict: 'kept' });
    await this.log({ verdict: 'not_applicable', note: word() });
    const { id: corrected } = await this.log({ verdict: 'kept' });
    await this.post(`/checks/${corrected}/corrections`, { verdict: 'not_applicable', note: word(), why: word() });
    const { id: broken } = await this.log({ verdict: 'broken', reason: '1', obstacle: 'tools', note: word() });
    await this.log({ verdict: 'broken', reason: 'safety', note: word(), obstacle: 'policy' });
    const [first, second] = (await this.ask('GET', '/obstacles')).items;
    await this.post(`/obstacles/${second.id}/answers`, { decision: 'planned', words: word() });
    await this.post(`/obstacles/${second.id}/answers`, { decision: 'done', words: word() });
    Object.assign(this.things, { kept, broken, obstacle: first.id, answered: second.id });
    for (let at = 0; !this.things.doubted; at += 1) {
      assert.ok(at < 300, 'no second look is asked for');
      await this.log({ verdict: 'kept' }, this.things.alone);
      if (at < 50) continue;
      this.things.doubted = /\/second-looks\/([0-9a-f-]{36})/.exec(await (await owner.request.get('/today')).text())?.[1];
    }
  }

  /** A recovery that has come so far; the customer's link, where the last step made one. */
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

  async recover() {
    const told = { found_by: 'customer' };
    const { things } = this;
    const keep = async (name, finding, ...steps) => {
      const made = await this.recovery(finding, ...steps);
      things[name] = made.id;
      return made.link;
    };
    await keep('opened', {});
    await keep('told', told);
    await keep('acknowledged', told, 'acknowledge');
    await keep('waiting', told, 'acknowledge', 'ask');
    await keep('understood', told, 'acknowledge', 'understand', 'update');
    await keep('remedied', told, 'acknowledge', 'understand', 'remedy');
    await keep('watched', {}, 'acknowledge', 'understand', 'remedy', 'followUp');
    things.question = await keep('asked', told, 'acknowledge', 'understand', 'remedy', 'followUp');
    things.given = await keep('closed', told, 'acknowledge', 'understand', 'remedy', 'followUp', 'learn');
    await this.answer(things.given, 'yes');
    const partly = await keep('partly', told, 'acknowledge', 'understand', 'remedy', 'followUp', 'learn');
    await this.answer(partly, 'partly');
    const no = await keep('reopened', told, 'acknowledge', 'understand', 'remedy', 'followUp', 'learn');
    await this.answer(no, 'no');
    await this.post(`/recoveries/${things.reopened}/steps`, STEPS.reopen());
  }

  /** A person of a role, signed in. */
  async person(role, last) {
    const who = ['--business', this.things.business, '--email', email(last), '--name', word(last), '--role', role];
    this.server.run('user', 'create', ...who, '--password-stdin', { input: PASSWORD });
    const page = await this.page();
    await signIn(page, { email: email(last), password: PASSWORD });
    await page.waitForURL((url) => url.pathname !== '/sign-in');
    return page;
  }

  /** A link that is shown once on the page of its maker. */
  async shown(path, action, fields, maker = this.people.owner) {
    await maker.goto(path);
    await send(maker, action, fields);
    const secret = maker.locator('#secret');
    const text = (await secret.inputValue().catch(() => secret.innerText())).trim();
    return [text.split('/').at(-1), new URL(maker.url()).pathname.split('/')[2]];
  }

  /** People of every role, those who are on their way in, a shared device with someone at it, programs. */
  async letIn() {
    const { people, things } = this;
    const { owner } = people;
    people.manager = await this.person('manager', 'm');
    people.staff = await this.person('staff', 's');
    people.auditor = await this.person('auditor', 'u');
    people.nobody = await this.page();
    await this.shown('/people', '/invites', { name: word('Y'), role: 'manager' }).then(([, id]) => (things.over = id));
    await owner.context().clearCookies({ name: /shown/ });
    [things.invitation, things.invite] = await this.shown('/people', '/invites', { name: word('I'), role: 'staff' });
    const [used] = await this.shown('/devices', '/devices', { name: word('H'), site: { index: 0 } });
    [things.registration, things.device] = await this.shown('/devices', '/devices', { name: word('J'), site: { index: 0 } });
    [, things.token] = await this.shown('/tokens', '/tokens', { name: word('K'), role: 'staff' });
    await this.shown('/people', '/invites', { name: word('N'), role: 'staff' }, people.manager);
    await this.shown('/devices', '/devices', { name: word('R'), site: { index: 0 } }, people.manager);
    await owner.goto('/people');
    const made = owner.locator('li').filter({ hasText: word('m') }).locator('a[href$="/made"]').first();
    things.maker = (await made.getAttribute('href')).split('/')[2];
    things.reset = this.server.run('user', 'reset-link', '--email', email('u')).match(/\/reset\/(\w+)/)[1];
    await people.staff.goto('/account');
    await send(people.staff, '/account/pin', { pin: PIN, current: PASSWORD });
    for (const kind of ['device', 'turn']) {
      const link = kind === 'device' ? used : (await this.shown('/devices', '/devices', { name: word('L'), site: { index: 0 } }))[0];
      const tablet = (people[kind] = await this.page());
      await tablet.goto(`/register/${link}`);
      await send(tablet, `/register/${link}`);
      await tablet.waitForURL('**/device');
      things.person = (await tablet.locator('.names a').first().getAttribute('href')).split(/[/?]/)[2];
      if (kind === 'device') continue;
      await tablet.goto(`/device/${things.person}`);
      await send(tablet, `/device/${things.person}`, { pin: PIN });
      await tablet.waitForURL('**/today');
    }
    await this.guard();
  }

  /** The second step of the owner: a passkey; and someone who has it before them. */
  async guard() {
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
    // The app is offered, and not confirmed.
    await owner.goto('/account/second-step');
    await send(owner, '/account/authenticator', { current: PASSWORD });
    people['half-way'] = await this.page();
    await signIn(people['half-way'], { email: email('o'), password: PASSWORD });
    await people['half-way'].waitForURL('**/sign-in/second?*');
  }

  /** Another business, with nothing in it, of somebody else who owns the first one, too. */
  async beginAnother() {
    const beginner = (this.people.beginner = await this.person('owner', 'z'));
    await beginner.goto('/businesses/new');
    await send(beginner, '/businesses/new', {
      name: word('Z').replace('Q', 'Z'), zone: 'Europe/Warsaw', currency: 'PLN', language: 'pl', contact_name: word('A'), contact_email: email('c'),
    });
    await beginner.waitForURL('**/guarantees');
  }

  /** From now on auditors need a second step: says who lacks it. */
  async guardAuditors() {
    const { owner, auditor } = this.people;
    await owner.goto('/settings/second-step');
    await owner.locator('[name=role][value=auditor]').check();
    await send(owner, '/settings/second-step');
    return auditor;
  }
}
