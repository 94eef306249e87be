// Shows checks that wait on the phone on a page that the server rendered without them: the places that were checked, and how many
// are left.
const outbox = document.querySelector(".outbox");
const labels = document.querySelector("script[data-kept]").dataset;

// The server's clock minus the phone's, in milliseconds, when the phone last heard from the server.
function clockOffset() {
  const [server, device] = (localStorage.heard ?? "").split(" ").map((instant) => Date.parse(instant));
  return server - device || 0;
}

function draw() {
  const waiting = new Map();
  for (const line of (outbox.dataset.looks ?? "").split(";")) {
    const [guarantee, place, verdict, at] = line.split(" ");
    waiting.set(`${guarantee} ${place}`, { verdict, at: Number(at) + clockOffset() });
  }
  let checked = 0;
  for (const lastCheck of document.querySelectorAll("[data-look]")) {
    const check = waiting.get(lastCheck.dataset.look);
    // A check that was made before this window opened belongs to an earlier window.
    const isPending = check !== undefined && !(check.at < Number(lastCheck.dataset.from));
    const line = lastCheck.closest("[data-counts]");
    if (isPending && line) checked += 1;
    if (line?.dataset.counts === "due") line.hidden = isPending;
    line?.classList.toggle("is-checked", isPending);
    lastCheck.hidden = isPending;
    const label = lastCheck.nextElementSibling?.matches(".unsent") ? lastCheck.nextElementSibling : lastCheck.cloneNode();
    if (!isPending) {
      if (label.isConnected) label.remove();
      continue;
    }
    label.removeAttribute("data-look");
    label.hidden = false;
    label.classList.add("unsent");
    label.textContent = labels[check.verdict];
    lastCheck.after(label);
  }
  const headline = document.querySelector("[data-headlines]");
  if (!headline) return;
  // The last headline is for the page as it was rendered, the one before it for one check more, and so on.
  const headlines = JSON.parse(headline.dataset.headlines);
  headline.textContent = headlines.at(Math.max(0, headlines.length - 1 - checked));
}

if (outbox) {
  new MutationObserver(draw).observe(outbox, { attributeFilter: ["data-looks"] });
  window.addEventListener("trialmark:replaced", draw);
  draw();
}
