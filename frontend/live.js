// Reloads the parts marked data-live when the server reports a change.
const script = document.querySelector("script[data-revision]");
let known = script.dataset.revision;
let isLoading = false;
let loadAgain = false;

// Without a network the service worker answers with the page of today's checks, whatever address was asked for. The page that was
// asked for is loaded as soon as there is a network.
const isStandIn = script.dataset.page !== undefined && script.dataset.page !== location.pathname;
const isTyping = () => document.activeElement?.matches("input, textarea");

async function refresh() {
  loadAgain = isLoading;
  if (isLoading) return;
  if (isStandIn && !isTyping()) return location.reload();
  isLoading = true;
  const isAnswered = await loadParts().catch(() => false);
  isLoading = false;
  if (!isAnswered) setTimeout(refresh, 5_000);
  else if (loadAgain) refresh();
}

// Returns whether our server has answered, whatever the answer was.
async function loadParts() {
  const answer = await fetch(location.href, { headers: { accept: "text/html" }, signal: AbortSignal.timeout(15_000) });
  if (!answer.headers.has("trialmark")) return false;
  if (!answer.ok || answer.redirected) return true;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const revision = fresh.querySelector("script[data-revision]")?.dataset.revision;
  for (const part of document.querySelectorAll("[data-live]")) {
    const next = fresh.getElementById(part.id);
    // A part that has the focus stays: somebody is about to use it.
    if (!next || part.contains(document.activeElement)) continue;
    const replacement = document.importNode(next, true);
    part.replaceWith(replacement);
    window.dispatchEvent(new CustomEvent("trialmark:replaced", { detail: replacement }));
  }
  known = revision ?? known;
  return true;
}

const onRevision = (revision) => (!isStandIn && revision === known) || refresh();

// When the outbox gets shorter, the checks that waited on the phone are on the server.
const outbox = document.querySelector(".outbox");
const waitingLength = () => outbox.dataset.looks?.length ?? 0;
const onOutboxChange = ([{ oldValue }]) => waitingLength() < (oldValue?.length ?? 0) && refresh();
if (outbox) new MutationObserver(onOutboxChange).observe(outbox, { attributeFilter: ["data-looks"], attributeOldValue: true });

// All tabs of a browser share one stream. One tab holds it and passes its events on to the others. A browser opens at most six
// connections to a host, and a page needs one, too.
const tabs = new BroadcastChannel("live");
let stream;
let latest;

tabs.onmessage = ({ data }) => {
  if (data !== "?") onRevision(data);
  else if (latest) tabs.postMessage(latest);
};

function open() {
  stream?.close();
  stream = new EventSource("/live");
  stream.addEventListener("changed", ({ data }) => {
    latest = data;
    tabs.postMessage(data);
    onRevision(data);
  });
  // The browser reconnects by itself after an interruption, but not after an error status.
  stream.onerror = () => stream?.readyState === EventSource.CLOSED && setTimeout(() => stream && open(), 30_000);
}

function close() {
  stream?.close();
  stream = undefined;
}

// On plain HTTP there are no locks. There the tab that holds the stream writes a heartbeat every two seconds. When the heartbeat
// stops, the tab is closed or suspended, and another tab takes over.
const TAB = String(Math.random());
const HEARTBEAT_TIMEOUT = 6_000;

function heartbeat() {
  const [holder, at] = (localStorage.live ?? "").split(" ");
  if (holder !== TAB && Math.abs(Date.now() - at) < HEARTBEAT_TIMEOUT) return close();
  localStorage.live = `${TAB} ${Date.now()}`;
  if (!stream) open();
}

let leave;

function join() {
  tabs.postMessage("?");
  if (navigator.locks) {
    const holdStream = () => new Promise((release) => ((leave = release), open()));
    const waiting = new AbortController();
    leave = () => waiting.abort();
    navigator.locks.request("live", { signal: waiting.signal }, holdStream).catch(() => {});
  } else {
    const heartbeats = setInterval(heartbeat, 2_000);
    leave = () => {
      clearInterval(heartbeats);
      if (stream) localStorage.removeItem("live");
    };
    heartbeat();
  }
}

join();
// A page in the back-forward cache leaves the stream to the other tabs, and joins again when it is shown.
window.addEventListener("pagehide", () => (leave(), close()));
window.addEventListener("pageshow", ({ persisted }) => persisted && join());
