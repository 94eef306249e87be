// Asks for the page again when something has changed, and puts the parts marked data-live in place of the old ones.
const script = document.querySelector("script[data-revision]");
let known = script.dataset.revision;
let asked = false;

async function refresh() {
  if (asked) return;
  asked = true;
  const answer = await fetch(location.href, { headers: { accept: "text/html" } });
  asked = false;
  if (!answer.ok || answer.redirected) return;
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
}

const news = new EventSource("/live");
news.addEventListener("changed", ({ data }) => data === known || refresh().catch(() => (asked = false)));
// Who goes back and forth finds the line open again.
window.addEventListener("pagehide", () => news.close());
