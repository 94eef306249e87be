// Wakes the islands of a page once the browser has nothing better to do. If this fails, every form still works.
const files = document.querySelector("script[data-wasm]")?.dataset;
let app;

async function wake(part) {
  const islands = part.querySelectorAll("leptos-island");
  if (islands.length === 0) return;
  if (!app) {
    app = await import(files.js);
    await app.default({ module_or_path: files.wasm });
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

// The floor works without a network; whoever signs in or out leaves nothing of their pages behind.
const floor = document.querySelector("[data-component^=Outbox]");
if ("serviceWorker" in navigator) {
  const tell = (word) => navigator.serviceWorker.controller?.postMessage(word);
  if (floor) {
    navigator.serviceWorker.register("/sw.js").then(() => navigator.serviceWorker.ready).then(({ active }) => active.postMessage("prepare")).catch(() => {});
  }
  if (location.pathname === "/sign-in") tell("forget");
  // Later than whoever asks first whether to leave at all.
  window.addEventListener("submit", (event) => {
    if (new URL(event.target.action).pathname === "/sign-out") setTimeout(() => event.defaultPrevented || tell("forget"));
  });
}

const SCREEN = "[data-component^=CheckScreen]";
const plain = (cause) => console.warn("This page stays plain HTML:", cause);
if (files) {
  // A check screen is there to be tapped: what is tapped before it is awake waits for it, and is not sent as a form.
  const isScreen = document.querySelector(SCREEN);
  let early;
  const hold = (event) => {
    if (!event.target.closest(SCREEN)) return;
    event.preventDefault();
    early = { form: event.target, button: event.submitter };
  };
  window.addEventListener("submit", hold);
  const awake = () => {
    performance.mark("awake");
    window.removeEventListener("submit", hold);
    early?.form.requestSubmit(early.button);
  };
  const idle = (!isScreen && window.requestIdleCallback) || setTimeout;
  idle(() => wake(document).catch(plain).finally(awake), isScreen ? 0 : { timeout: 2000 });
  // What came later has islands of its own.
  window.addEventListener("trialmark:wake", ({ detail }) => wake(detail).catch(plain));
}
