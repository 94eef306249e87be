// Wakes the islands of a page once the browser has nothing better to do. If this fails, every form still works.
const files = document.querySelector("script[data-wasm]")?.dataset;
let app;

async function wake(part) {
  const islands = part.querySelectorAll("leptos-island");
  if (islands.length === 0) return;
  if (!app) {
    // Pages of those inside have begun already.
    const parts = window.ahead ?? [import(files.js), WebAssembly.compileStreaming(fetch(files.wasm))];
    const [glue, code] = await Promise.all(parts);
    app = glue;
    await app.default({ module_or_path: code });
    app.hydrate();
  }
  for (const island of islands) {
    try {
      // What an island was given as children belongs to the island around it, which has to be told first.
      island.parentElement.closest("leptos-children")?.$$on_hydrate?.();
      await app[island.dataset.component](island);
    } catch (cause) {
      console.warn("An island stays plain HTML:", island.dataset.component, cause);
    }
  }
}

// A check screen is there to be tapped: it is woken at once, and what is tapped before that waits for it, and is not sent
// as a form.
const SCREEN = "[data-component^=CheckScreen]";
let early;

function hold(event) {
  if (!event.target.closest(SCREEN)) return;
  event.preventDefault();
  early = { form: event.target, button: event.submitter };
}

async function start() {
  if (!document.querySelector(SCREEN)) await new Promise((done) => (window.requestIdleCallback ?? setTimeout)(done, { timeout: 2000 }));
  window.addEventListener("submit", hold);
  await wake(document).catch(plain);
  window.removeEventListener("submit", hold);
  performance.mark("awake");
  early?.form.requestSubmit(early.button);
}

const plain = (cause) => console.warn("This page stays plain HTML:", cause);
const awake = files && start();
// What came later has islands of its own.
window.addEventListener("trialmark:wake", ({ detail }) => wake(detail).catch(plain));

// Whose page this is may be here no longer: their turn at a shared device is over, or they have signed out. From then on nobody
// is signed in here: what is tapped belongs to nobody until somebody signs in and takes it.
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

function end() {
  if (root.hasAttribute("data-over")) return;
  root.dataset.over = "";
  if (!turn) return;
  // Whoever comes next does not read what was half typed.
  for (const form of document.forms) form.reset();
  if (location.hash) location.hash = "";
}

// A turn ends when it ends, however often its pages are opened again, and whatever this device keeps of earlier ones.
function untilOver() {
  const [last = "", over] = (storage.turn ?? "").split(" ");
  if (turn > last) storage.turn = `${turn} ${Date.now() + Number(left)}`;
  else if (turn < last || Date.now() > over) end();
}

if (turn) {
  untilOver();
  setTimeout(end, left);
  setInterval(untilOver, 1000);
}
pages.onmessage = end;

// The floor works without a network; whoever signs in or out leaves nothing of their pages behind.
const tell = (word) => navigator.serviceWorker?.controller?.postMessage(word);

function nobody() {
  tell("forget");
  pages.postMessage("");
}

// Signing out needs the server: without a network it waits for one, and nothing goes before it is done.
async function leave() {
  storage.leaving = "yes";
  end();
  const answer = await fetch("/sign-out", { method: "POST", signal: AbortSignal.timeout(15_000) }).catch(() => {});
  if (!storage.leaving) return;
  if (!answer?.ok || !answer.headers.has("trialmark")) return setTimeout(leaveAgain, 10_000);
  delete storage.leaving;
  nobody();
  window.dispatchEvent(new Event("trialmark:left"));
  location.replace(answer.url);
}

const leaveAgain = () => storage.leaving && leave();
leaveAgain();
window.addEventListener("online", leaveAgain);
const isInside = document.querySelector("[data-component^=Outbox]") !== null;
if (!isInside && /^\/($|sign-in|device\b)/.test(location.pathname)) nobody();

function signOut(event) {
  if (event.defaultPrevented || new URL(event.target.action).pathname !== "/sign-out") return;
  event.preventDefault();
  leave();
}

window.addEventListener("submit", signOut);
// Whoever is asked first whether to leave at all answers first.
Promise.resolve(awake).then(() => {
  window.removeEventListener("submit", signOut);
  window.addEventListener("submit", signOut);
});

// What needs a network is not offered without one.
const away = () => root.toggleAttribute("data-away", !navigator.onLine);
away();
window.addEventListener("online", away);
window.addEventListener("offline", away);

// First whoever is here, then what they may want without a network.
if ("serviceWorker" in navigator && isInside) {
  const { serviceWorker } = navigator;
  const prepare = () => serviceWorker.register("/sw.js").then(() => serviceWorker.ready).then(({ active }) => active.postMessage("prepare"));
  Promise.resolve(awake).then(prepare).catch(() => {});
}
