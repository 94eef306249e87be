// Keeps the floor at hand without a network: the round, and the check screen of each place in it. Nothing about customers is
// ever kept. The server puts ASSETS in front: the files of this build, under names that change with their content.
const PAGES = "pages";
const FILES = "files";
const FLOOR = "/floor";
// How many check screens are fetched ahead: more than anyone walks past in a day.
const MOST = 200;

const isCheck = (url) => /^\/check\/[0-9a-f-]{36}$/.test(url.pathname) && [...url.searchParams.keys()].every((key) => key === "guarantee");

// Our own answers say whose they are. On the way something else may answer in our place, as the page on which a network asks to
// sign in to it: that is shown to whoever asked, and never kept.
const isOurs = (answer) => answer.ok && !answer.redirected && answer.headers.has("trialmark");

// Nothing is waited for without an end.
const asked = (what, most = 30_000) => fetch(what, { credentials: "same-origin", signal: AbortSignal.timeout(most) });

async function install() {
  const files = await caches.open(FILES);
  for (const name of ASSETS) {
    if (await files.match(name)) continue;
    const answer = await asked(name);
    if (!isOurs(answer)) throw new Error(`${name} does not come`);
    await files.put(name, answer);
  }
  await self.skipWaiting();
}

self.addEventListener("install", (event) => event.waitUntil(install()));

self.addEventListener("activate", (event) => {
  event.waitUntil(self.clients.claim());
});

// A page as it came, if it is one: who was sent elsewhere has to sign in, and nothing is kept of that.
async function keep(request) {
  const answer = await fetch(request, { headers: { accept: "text/html" }, credentials: "same-origin", signal: AbortSignal.timeout(30_000) });
  if (isOurs(answer)) {
    await (await caches.open(PAGES)).put(request, answer.clone());
    if (isCheck(new URL(answer.url))) await keepPictures(answer.clone()).catch(() => {});
  }
  return answer;
}

// How long a check screen that was fetched ahead will do, in milliseconds: whoever opens it fetches it anew in any case.
const GOOD_FOR = 10 * 60 * 1000;

async function keepAhead(link) {
  const kept = await (await caches.open(PAGES)).match(link);
  const age = Date.now() - Date.parse(kept?.headers.get("date"));
  if (!(Math.abs(age) < GOOD_FOR)) await keep(link);
}

// The round, and whatever it leads to.
async function prepare() {
  const answer = await keep(FLOOR);
  if (!isOurs(answer)) return;
  const links = [...(await answer.text()).matchAll(/href="(\/check\/[0-9a-f-]{36}[^"]*)"/g)].map(([, link]) => link.replaceAll("&amp;", "&"));
  for (const link of [...new Set(links)].slice(0, MOST)) {
    await keepAhead(link);
    // Its place by itself is what a code leads to.
    const place = link.split("?")[0];
    if (place !== link && !links.includes(place)) await keepAhead(place);
  }
  // Files of a build, and pictures, that no page refers to any more.
  const files = await caches.open(FILES);
  const pages = await caches.open(PAGES);
  const kept = await pages.keys();
  const isPicture = ({ url }) => new URL(url).pathname.startsWith("/photos/");
  const used = await Promise.all(kept.filter((page) => !isPicture(page)).map(async (page) => (await pages.match(page))?.text() ?? ""));
  const isUsed = ({ url }) => used.some((page) => page.includes(new URL(url).pathname));
  for (const picture of kept.filter(isPicture)) if (!isUsed(picture)) await pages.delete(picture);
  for (const file of await files.keys()) {
    if (!ASSETS.includes(new URL(file.url).pathname) && !isUsed(file)) await files.delete(file);
  }
}

// A picture of what kept looks like, as it came: under its name there is no other. Pictures of checks are never kept.
async function keepPictures(page) {
  const pages = await caches.open(PAGES);
  for (const [, picture] of (await page.text()).matchAll(/<img[^>]* src="(\/photos\/[0-9a-f]{64}\?size=small)"/g)) {
    if (await pages.match(picture)) continue;
    const answer = await asked(picture);
    if (isOurs(answer)) await pages.put(picture, answer);
  }
}

async function picture(request) {
  return (await (await caches.open(PAGES)).match(request.url)) ?? fetch(request);
}

async function file(request) {
  const kept = await caches.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (isOurs(answer)) await (await caches.open(FILES)).put(request, answer.clone());
  return answer;
}

// The check screen at once, and anew in the background for the next time.
async function check(event) {
  const kept = await (await caches.open(PAGES)).match(event.request.url);
  const fresh = keep(event.request.url);
  if (!kept) return fresh.catch(() => round(event.request));
  event.waitUntil(fresh.catch(() => {}));
  return kept;
}

// The code that an address asks for, scanned or typed, as `Code::parse` reads it: O is 0, I and L are 1.
function codeIn({ pathname, searchParams }) {
  const code = pathname.startsWith("/at/") ? pathname.slice(4).replaceAll("%20", "") : pathname === "/check" && searchParams.get("code");
  return code && code.replace(/[ -]/g, "").replace(/[a-z]/g, (letter) => letter.toUpperCase()).replaceAll("O", "0").replace(/[IL]/g, "1");
}

// A code is looked up in the network, which knows whether it was replaced. Whoever stands there with a bad signal waits no
// longer than this, and gets what the phone knows.
const PATIENCE = 3000;

async function lookUp(request, code) {
  try {
    return await fetch(request, { signal: AbortSignal.timeout(PATIENCE) });
  } catch {
    const pages = await caches.open(PAGES);
    const floor = await pages.match(FLOOR);
    if (!floor) return fetch(request);
    const places = [...(await floor.text()).matchAll(/href="(\/check\/[0-9a-f-]{36})[^"]*" data-code="(\w+)"/g)];
    const place = places.find(([, , known]) => known === code)?.[1];
    return Response.redirect(place && (await pages.match(place)) ? place : `${FLOOR}#elsewhere`);
  }
}

// Any other page comes from the network; without one, the round does.
async function round(request) {
  const kept = await (await caches.open(PAGES)).match(FLOOR);
  if (kept) return kept;
  return fetch(request);
}

const unsent = async () => ((await (await caches.open(PAGES)).match(FLOOR)) ? Response.redirect(`${FLOOR}#unsent`) : Response.error());

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.method !== "GET") {
    // A form that cannot be sent: our own page says so, and what was typed is still on the one before.
    if (request.mode === "navigate") event.respondWith(fetch(request).catch(unsent));
    return;
  }
  if (url.pathname.startsWith("/assets/")) return event.respondWith(file(request));
  if (url.pathname.startsWith("/photos/") && request.destination === "image") return event.respondWith(picture(request));
  if (request.mode !== "navigate") return;
  if (isCheck(url)) return event.respondWith(check(event));
  const code = codeIn(url);
  if (code) return event.respondWith(lookUp(request, code));
  event.respondWith(fetch(request).catch(() => round(request)));
});

self.addEventListener("message", (event) => {
  if (event.data === "prepare") event.waitUntil(prepare().catch(() => {}));
  if (event.data === "forget") event.waitUntil(caches.delete(PAGES));
});
