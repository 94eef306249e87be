// The service worker. It stores what staff need without a network: the page of today's checks, and the check screen of each place
// on it. Nothing about customers is ever stored. The server prepends ASSETS, the files of this build, whose names contain a hash.
const PAGES = "pages";
const FILES = "files";
const FLOOR = "/floor";
// More check screens than anybody needs in a day.
const MAX_PREFETCHED = 200;

const isCheck = (url) => /^\/check\/[0-9a-f-]{36}$/.test(url.pathname) && [...url.searchParams.keys()].every((key) => key === "guarantee");

// Answers of our server carry its header. Something on the way may answer instead, such as the sign-in page of a public network.
// Such an answer is passed on, and never stored.
const isOurs = (answer) => answer.ok && !answer.redirected && answer.headers.has("trialmark");

const fetchInTime = (request) => fetch(request, { credentials: "same-origin", signal: AbortSignal.timeout(30_000) });

async function install() {
  const files = await caches.open(FILES);
  for (const name of ASSETS) {
    if (await files.match(name)) continue;
    const answer = await fetchInTime(name);
    if (!isOurs(answer)) throw new Error(`${name} could not be fetched`);
    await files.put(name, answer);
  }
  await self.skipWaiting();
}

self.addEventListener("install", (event) => event.waitUntil(install()));

self.addEventListener("activate", (event) => {
  event.waitUntil(self.clients.claim());
});

// Fetches a page and stores it, unless the answer is an error, a redirect (to the sign-in page, for instance) or not ours.
async function fetchAndStore(request) {
  const answer = await fetch(request, { headers: { accept: "text/html" }, credentials: "same-origin", signal: AbortSignal.timeout(30_000) });
  if (isOurs(answer)) {
    await (await caches.open(PAGES)).put(request, answer.clone());
    if (isCheck(new URL(answer.url))) await storePictures(answer.clone()).catch(() => {});
  }
  return answer;
}

// How old a stored check screen may be before it is prefetched again, in milliseconds. Opening it fetches it again in any case.
const MAX_AGE = 10 * 60 * 1000;

async function prefetch(link) {
  const stored = await (await caches.open(PAGES)).match(link);
  const age = Date.now() - Date.parse(stored?.headers.get("date"));
  if (!(Math.abs(age) < MAX_AGE)) await fetchAndStore(link);
}

// Stores today's checks and every check screen they link to. Deletes pictures and files of older builds that no stored page uses.
async function prepare() {
  const answer = await fetchAndStore(FLOOR);
  if (!isOurs(answer)) return;
  const links = [...(await answer.text()).matchAll(/href="(\/check\/[0-9a-f-]{36}[^"]*)"/g)].map(([, link]) => link.replaceAll("&amp;", "&"));
  for (const link of [...new Set(links)].slice(0, MAX_PREFETCHED)) {
    await prefetch(link);
    // The address without a guarantee is what a tag leads to.
    const place = link.split("?")[0];
    if (place !== link && !links.includes(place)) await prefetch(place);
  }
  const files = await caches.open(FILES);
  const pages = await caches.open(PAGES);
  const stored = await pages.keys();
  const isPicture = ({ url }) => new URL(url).pathname.startsWith("/photos/");
  const used = await Promise.all(stored.filter((page) => !isPicture(page)).map(async (page) => (await pages.match(page))?.text() ?? ""));
  const isUsed = ({ url }) => used.some((page) => page.includes(new URL(url).pathname));
  for (const picture of stored.filter(isPicture)) if (!isUsed(picture)) await pages.delete(picture);
  for (const file of await files.keys()) {
    if (!ASSETS.includes(new URL(file.url).pathname) && !isUsed(file)) await files.delete(file);
  }
}

// Stores the example photos of a check screen. Their names are hashes, so they never change. Photos of checks are never stored.
async function storePictures(page) {
  const pages = await caches.open(PAGES);
  for (const [, picture] of (await page.text()).matchAll(/<img[^>]* src="(\/photos\/[0-9a-f]{64}\?size=small)"/g)) {
    if (await pages.match(picture)) continue;
    const answer = await fetchInTime(picture);
    if (isOurs(answer)) await pages.put(picture, answer);
  }
}

async function answerPicture(request) {
  return (await (await caches.open(PAGES)).match(request.url)) ?? fetch(request);
}

async function answerFile(request) {
  const stored = await caches.match(request);
  if (stored) return stored;
  const answer = await fetch(request);
  if (isOurs(answer)) await (await caches.open(FILES)).put(request, answer.clone());
  return answer;
}

// Answers with the stored check screen, and fetches a fresh one in the background for the next time.
async function answerCheckScreen(event) {
  const stored = await (await caches.open(PAGES)).match(event.request.url);
  const fresh = fetchAndStore(event.request.url);
  if (!stored) return fresh.catch(() => answerFloor(event.request));
  event.waitUntil(fresh.catch(() => {}));
  return stored;
}

// The code in an address, scanned or typed, in the form that `Code::parse` gives it: O is 0, I and L are 1.
function codeIn({ pathname, searchParams }) {
  const code = pathname.startsWith("/at/") ? pathname.slice(4).replaceAll("%20", "") : pathname === "/check" && searchParams.get("code");
  return code && code.replace(/[ -]/g, "").replace(/[a-z]/g, (letter) => letter.toUpperCase()).replaceAll("O", "0").replace(/[IL]/g, "1");
}

// The server is asked first, because it knows whether a tag was replaced. With a bad signal the stored pages answer after this time,
// in milliseconds.
const LOOKUP_TIMEOUT = 3000;

async function answerCode(request, code) {
  try {
    return await fetch(request, { signal: AbortSignal.timeout(LOOKUP_TIMEOUT) });
  } catch {
    const pages = await caches.open(PAGES);
    const floor = await pages.match(FLOOR);
    if (!floor) return fetch(request);
    const places = [...(await floor.text()).matchAll(/href="(\/check\/[0-9a-f-]{36})[^"]*" data-code="(\w+)"/g)];
    const place = places.find(([, , known]) => known === code)?.[1];
    return Response.redirect(place && (await pages.match(place)) ? place : `${FLOOR}#elsewhere`);
  }
}

// Any other page needs a network. Without one, the page of today's checks stands in for it.
async function answerFloor(request) {
  const stored = await (await caches.open(PAGES)).match(FLOOR);
  if (stored) return stored;
  return fetch(request);
}

const answerUnsent = async () => ((await (await caches.open(PAGES)).match(FLOOR)) ? Response.redirect(`${FLOOR}#unsent`) : Response.error());

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.method !== "GET") {
    // A form could not be sent. Today's page says so; what was typed is still on the page before.
    if (request.mode === "navigate") event.respondWith(fetch(request).catch(answerUnsent));
    return;
  }
  if (url.pathname.startsWith("/assets/")) return event.respondWith(answerFile(request));
  if (url.pathname.startsWith("/photos/") && request.destination === "image") return event.respondWith(answerPicture(request));
  if (request.mode !== "navigate") return;
  if (isCheck(url)) return event.respondWith(answerCheckScreen(event));
  const code = codeIn(url);
  if (code) return event.respondWith(answerCode(request, code));
  event.respondWith(fetch(request).catch(() => answerFloor(request)));
});

self.addEventListener("message", (event) => {
  if (event.data === "prepare") event.waitUntil(prepare().catch(() => {}));
  if (event.data === "forget") event.waitUntil(caches.delete(PAGES));
});
