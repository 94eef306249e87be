// Asks for the page again when something has changed, and puts the parts marked data-live in place of the old ones.
const script = document.querySelector("script[data-revision]");
let known = script.dataset.revision;
let asked = false;
let askAgain = false;

// Where the phone showed the round because there was no network, the page that was wanted comes by itself.
const isStandIn = script.dataset.page !== undefined && script.dataset.page !== location.pathname;
const isTyping = () => document.activeElement?.matches("input, textarea");

async function refresh() {
  askAgain = asked;
  if (asked) return;
  if (isStandIn && !isTyping()) return location.reload();
  asked = true;
  const came = await fetched().catch(() => false);
  asked = false;
  if (!came) setTimeout(refresh, 5_000);
  else if (askAgain) refresh();
}

// Whether an answer came from us, whatever it is.
async function fetched() {
  const answer = await fetch(location.href, { headers: { accept: "text/html" }, signal: AbortSignal.timeout(15_000) });
  if (!answer.headers.has("trialmark")) return false;
  if (!answer.ok || answer.redirected) return true;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const revision = fresh.querySelector("script[data-revision]")?.dataset.revision;
  for (const part of document.querySelectorAll("[data-live]")) {
    const next = fresh.getElementById(part.id);
    // What someone is about to use stays where it is.
    if (!next || part.contains(document.activeElement)) continue;
    const taken = document.importNode(next, true);
    part.replaceWith(taken);
    window.dispatchEvent(new CustomEvent("trialmark:wake", { detail: taken }));
  }
  known = revision ?? known;
  return true;
}

const hear = (revision) => (!isStandIn && revision === known) || refresh();

// What waited on the phone is stored by now.
const outbox = document.querySelector(".outbox");
const waits = () => outbox.dataset.looks?.length ?? 0;
const drained = ([{ oldValue }]) => waits() < (oldValue?.length ?? 0) && refresh();
if (outbox) new MutationObserver(drained).observe(outbox, { attributeFilter: ["data-looks"], attributeOldValue: true });

// All tabs of a browser share one stream, which one of them holds and tells the others of: browsers open six connections to a
// host at most, and a page needs one, too.
const tabs = new BroadcastChannel("live");
let news;
let last;

tabs.onmessage = ({ data }) => {
  if (data !== "?") hear(data);
  else if (last) tabs.postMessage(last);
};

function open() {
  news?.close();
  news = new EventSource("/live");
  news.addEventListener("changed", ({ data }) => {
    last = data;
    tabs.postMessage(data);
    hear(data);
  });
  // A browser comes again by itself where the line is cut, and not where it was refused.
  news.onerror = () => news?.readyState === EventSource.CLOSED && setTimeout(() => news && open(), 30_000);
}

function close() {
  news?.close();
  news = undefined;
}

// The one that holds the stream says so every two seconds where there are no locks, as on plain HTTP. One that has not said so
// for a while is gone, or asleep: the next one holds it from then on.
const ME = String(Math.random());
const QUIET = 6_000;

function beat() {
  const [who, at] = (localStorage.live ?? "").split(" ");
  if (who !== ME && Math.abs(Date.now() - at) < QUIET) return close();
  localStorage.live = `${ME} ${Date.now()}`;
  if (!news) open();
}

let leave;

function join() {
  tabs.postMessage("?");
  if (navigator.locks) {
    const held = () => new Promise((free) => ((leave = free), open()));
    const turn = new AbortController();
    leave = () => turn.abort();
    navigator.locks.request("live", { signal: turn.signal }, held).catch(() => {});
  } else {
    const beats = setInterval(beat, 2_000);
    leave = () => {
      clearInterval(beats);
      if (news) localStorage.removeItem("live");
    };
    beat();
  }
}

join();
// Who goes back and forth finds the line open again, and leaves it to the others meanwhile.
window.addEventListener("pagehide", () => (leave(), close()));
window.addEventListener("pageshow", ({ persisted }) => persisted && join());
