// Draws what waits on the phone over a page that does not know of it yet: the places that were looked at, and what is left.
const outbox = document.querySelector(".outbox");
const words = document.querySelector("script[data-kept]").dataset;

// How far the phone's clock is off, by what it last heard from the server, in milliseconds.
function off() {
  const [server, device] = (localStorage.heard ?? "").split(" ").map((instant) => Date.parse(instant));
  return server - device || 0;
}

function draw() {
  const waiting = new Map();
  for (const line of (outbox.dataset.looks ?? "").split(";")) {
    const [guarantee, place, verdict, at] = line.split(" ");
    waiting.set(`${guarantee} ${place}`, { verdict, at: Number(at) + off() });
  }
  let done = 0;
  for (const look of document.querySelectorAll("[data-look]")) {
    const found = waiting.get(look.dataset.look);
    // A look before this window opened is another one's.
    const is = found !== undefined && !(found.at < Number(look.dataset.from));
    const line = look.closest("[data-counts]");
    if (is && line) done += 1;
    if (line?.dataset.counts === "due") line.hidden = is;
    line?.classList.toggle("looked", is);
    look.hidden = is;
    const said = look.nextElementSibling?.matches(".unsent") ? look.nextElementSibling : look.cloneNode();
    if (!is) {
      if (said.isConnected) said.remove();
      continue;
    }
    said.removeAttribute("data-look");
    said.hidden = false;
    said.classList.add("unsent");
    said.textContent = words[found.verdict];
    look.after(said);
  }
  const headline = document.querySelector("[data-headlines]");
  if (!headline) return;
  const all = JSON.parse(headline.dataset.headlines);
  headline.textContent = all.at(Math.max(0, all.length - 1 - done));
}

if (outbox) {
  new MutationObserver(draw).observe(outbox, { attributeFilter: ["data-looks"] });
  window.addEventListener("trialmark:wake", draw);
  draw();
}
