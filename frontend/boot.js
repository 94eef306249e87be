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

// The floor works without a network; whoever signs in or out leaves nothing of their pages behind.
if ("serviceWorker" in navigator) {
  const { serviceWorker } = navigator;
  const tell = (word) => serviceWorker.controller?.postMessage(word);
  const prepare = () => serviceWorker.register("/sw.js").then(() => serviceWorker.ready).then(({ active }) => active.postMessage("prepare"));
  // First whoever is here, then what they may want without a network.
  if (document.querySelector("[data-component^=Outbox]")) Promise.resolve(awake).then(prepare).catch(() => {});
  if (location.pathname === "/sign-in") tell("forget");
  // Later than whoever asks first whether to leave at all.
  window.addEventListener("submit", (event) => {
    if (new URL(event.target.action).pathname === "/sign-out") setTimeout(() => event.defaultPrevented || tell("forget"));
  });
}
