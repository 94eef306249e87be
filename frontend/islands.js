// Hydrates the islands of a page. Also ends PIN sessions on time, signs out, hides what needs a network and prepares the service
// worker. Without this script every form still works.
const files = document.querySelector("script[data-wasm]")?.dataset;
let app;

async function hydrate(part) {
  const islands = part.querySelectorAll("leptos-island");
  if (islands.length === 0) return;
  if (!app) {
    // A page for people who are signed in has started both downloads in its head.
    const parts = window.preloaded ?? [import(files.js), WebAssembly.compileStreaming(fetch(files.wasm))];
    const [glue, code] = await Promise.all(parts);
    app = glue;
    await app.default({ module_or_path: code });
    app.hydrate();
  }
  for (const island of islands) {
    try {
      // The children of an island belong to the island around it, which has to be notified first.
      island.parentElement.closest("leptos-children")?.$$on_hydrate?.();
      await app[island.dataset.component](island);
    } catch (cause) {
      console.warn("An island stays plain HTML:", island.dataset.component, cause);
    }
  }
}

// The check screen is hydrated at once. A form that is submitted before that is held back, and submitted again when the island is
// ready.
const CHECK_SCREEN = "[data-component^=CheckScreen]";
let held;

function hold(event) {
  if (!event.target.closest(CHECK_SCREEN)) return;
  event.preventDefault();
  held = { form: event.target, button: event.submitter };
}

async function start() {
  const idle = () => new Promise((done) => (window.requestIdleCallback ?? setTimeout)(done, { timeout: 2000 }));
  if (!document.querySelector(CHECK_SCREEN)) await idle();
  window.addEventListener("submit", hold);
  await hydrate(document).catch(warn);
  window.removeEventListener("submit", hold);
  performance.mark("hydrated");
  held?.form.requestSubmit(held.button);
}

const warn = (cause) => console.warn("This page stays plain HTML:", cause);
const hydrated = files && start();
// A part that live.js has replaced has islands of its own.
window.addEventListener("trialmark:replaced", ({ detail }) => hydrate(detail).catch(warn));

// A page can outlive its session: the PIN session at a shared device is over, or somebody has signed out in another tab. From then
// on the page says that nobody is signed in. A check tapped there belongs to nobody until somebody signs in and takes it.
const root = document.documentElement;
const { turn, left } = root.dataset;
const storage = (() => {
  try {
    return localStorage;
  } catch {
    return {};
  }
})();
const pages = new BroadcastChannel("pages");

function showSignedOut() {
  if (root.hasAttribute("data-over")) return;
  root.dataset.over = "";
  if (!turn) return;
  // The next person at the device must not read what this one has typed.
  for (const form of document.forms) form.reset();
  if (location.hash) location.hash = "";
}

// The end of a PIN session is stored when its first page opens. Reloading its pages, or opening one from the cache, does not move it.
function checkPinSession() {
  const [latest = "", endsAt] = (storage.turn ?? "").split(" ");
  if (turn > latest) storage.turn = `${turn} ${Date.now() + Number(left)}`;
  else if (turn < latest || Date.now() > endsAt) showSignedOut();
}

if (turn) {
  checkPinSession();
  setTimeout(showSignedOut, left);
  setInterval(checkPinSession, 1000);
}
pages.onmessage = showSignedOut;

const tellWorker = (message) => navigator.serviceWorker?.controller?.postMessage(message);

// After signing out, neither the offline pages nor the open tabs keep anything of the session.
function forgetSession() {
  tellWorker("forget");
  pages.postMessage("");
}

// Signing out needs the server. Without a network it is tried again until it succeeds, and nothing is deleted before.
async function signOut() {
  storage.leaving = "yes";
  showSignedOut();
  const answer = await fetch("/sign-out", { method: "POST", signal: AbortSignal.timeout(15_000) }).catch(() => {});
  if (!storage.leaving) return;
  if (!answer?.ok || !answer.headers.has("trialmark")) return setTimeout(retrySignOut, 10_000);
  delete storage.leaving;
  forgetSession();
  window.dispatchEvent(new Event("trialmark:signed-out"));
  location.replace(answer.url);
}

const retrySignOut = () => storage.leaving && signOut();
retrySignOut();
window.addEventListener("online", retrySignOut);
const isSignedIn = document.querySelector("[data-component^=Outbox]") !== null;
if (!isSignedIn && /^\/($|sign-in|device\b)/.test(location.pathname)) forgetSession();

function onSignOutForm(event) {
  if (event.defaultPrevented || new URL(event.target.action).pathname !== "/sign-out") return;
  event.preventDefault();
  signOut();
}

window.addEventListener("submit", onSignOutForm);
// The outbox may ask first whether to sign out at all, so its listener has to come before this one.
Promise.resolve(hydrated).then(() => {
  window.removeEventListener("submit", onSignOutForm);
  window.addEventListener("submit", onSignOutForm);
});

// While the browser is offline, the style sheet hides what needs a network.
const markOffline = () => root.toggleAttribute("data-away", !navigator.onLine);
markOffline();
window.addEventListener("online", markOffline);
window.addEventListener("offline", markOffline);

// The page comes first. Only then are the offline pages fetched.
if ("serviceWorker" in navigator && isSignedIn) {
  const { serviceWorker } = navigator;
  const prepare = () => serviceWorker.register("/sw.js").then(() => serviceWorker.ready).then(({ active }) => active.postMessage("prepare"));
  Promise.resolve(hydrated).then(prepare).catch(() => {});
}
