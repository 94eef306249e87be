// Keeps what is typed into a form until it is saved, and copies what is shown once. Without it every form still works.
// A draft stays in its tab; a form marked data-draft="browser" holds nothing about customers and stays for a week.
const { person, cookie, restored, discard } = document.querySelector("script[data-person]").dataset;
const WEEK = 7 * 24 * 60 * 60 * 1000;
const OURS = `draft:${person}:`;

// Storage may be forbidden or full: then nothing is kept, and nothing else is different.
function tried(work) {
  try {
    return work();
  } catch {
    return undefined;
  }
}

const kept = [tried(() => sessionStorage), tried(() => localStorage)].filter(Boolean);
const keys = (storage) => Object.keys(storage).filter((key) => key.startsWith("draft:"));
const read = (storage, key) => tried(() => JSON.parse(storage.getItem(key)));

// Where the draft of a form is: the address it is sent to, and which of the forms that are sent there.
function place(form) {
  if (form.method !== "post" || form.closest("leptos-island")) return undefined;
  const forms = [...document.forms].filter((other) => other.action === form.action);
  const { pathname, search } = new URL(form.action);
  const storage = form.dataset.draft === "browser" ? kept.at(-1) : kept[0];
  return storage && { storage, key: `${OURS}${pathname}${search}#${forms.indexOf(form)}` };
}

// What a person fills in, and the revision it was filled in upon. Passwords, codes and files are never kept.
function fields(form) {
  return [...form.elements].filter((field) => {
    if (!field.name || field.autocomplete === "one-time-code") return false;
    if (field.type === "hidden") return field.name === "revision" && !("now" in field.dataset);
    return !["password", "file", "submit", "button", "fieldset", "reset"].includes(field.type);
  });
}

const isPicked = (field) => field.type === "checkbox" || field.type === "radio";
const content = (field) => (isPicked(field) ? field.checked : field.value);
const contents = (form) => fields(form).map((field) => [field.name, content(field)]);

function keep({ target }) {
  const form = target.form;
  const at = form && place(form);
  if (!at || !fields(form).includes(target)) return;
  const id = read(at.storage, at.key)?.id ?? [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  tried(() => at.storage.setItem(at.key, JSON.stringify({ id, at: Date.now(), fields: contents(form) })));
}

// Where the server has answered a form, it says itself what that is filled in upon: whoever has read what stands by now may
// replace it.
const answered = document.querySelector(".note.bad[role=alert]") !== null;

// Fills a form in again, and says so where that changes anything.
function restore(form) {
  const at = place(form);
  const draft = at && read(at.storage, at.key);
  if (!draft) return;
  const left = [...draft.fields];
  const changed = fields(form).filter((field) => {
    const index = left.findIndex(([name]) => name === field.name);
    if (index < 0) return false;
    const [[, value]] = left.splice(index, 1);
    if (content(field) === value || (answered && field.type === "hidden")) return false;
    if (isPicked(field)) field.checked = value;
    else field.value = value;
    return field.type !== "hidden";
  });
  if (changed.length === 0) return;
  form.closest("details")?.setAttribute("open", "");
  const note = document.createElement("p");
  note.className = "note row between";
  note.role = "status";
  const button = document.createElement("button");
  button.type = "button";
  button.className = "link";
  button.textContent = discard;
  button.addEventListener("click", () => {
    at.storage.removeItem(at.key);
    form.reset();
    note.remove();
    changed[0].focus();
    changed[0].dispatchEvent(new Event("input", { bubbles: true }));
    at.storage.removeItem(at.key);
  });
  const words = document.createElement("span");
  words.textContent = restored;
  note.append(words, button);
  form.prepend(note);
  // What speaks about the form while it is filled in may wake later.
  const told = () => changed[0].dispatchEvent(new Event("input", { bubbles: true }));
  new PerformanceObserver(told).observe({ type: "mark", buffered: true });
}

const forget = (unwanted) => {
  for (const storage of kept) {
    for (const key of keys(storage)) if (unwanted(key, read(storage, key) ?? {}, storage)) storage.removeItem(key);
  }
};

// Says in a cookie which draft is sent; the server says in the same one that it was saved.
function say(draft) {
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `${cookie}=${draft ?? ""}; path=/; samesite=lax; max-age=${draft ? 600 : 0}${secure}`;
}

const said = document.cookie.split("; ").find((pair) => pair.startsWith(`${cookie}=`)) ?? "";
const saved = /=([0-9a-f]+)\.saved$/.exec(said)?.[1];
if (saved) say();
forget((key, { id, at }, storage) => {
  const theirs = `draft:${person.split("@")[0]}@`;
  const another = person !== "" && storage === kept[0] && !key.startsWith(theirs) && !key.startsWith("draft::");
  return id === saved || another || !(Date.now() - at < WEEK);
});
for (const form of document.forms) restore(form);
document.addEventListener("input", keep);
document.addEventListener("change", keep);
window.addEventListener("submit", (event) => {
  const at = place(event.target);
  say(at && read(at.storage, at.key)?.id);
});
// Whoever has signed out leaves nothing behind.
window.addEventListener("trialmark:left", () => forget((key) => key.startsWith(OURS.split("@")[0])));

// Where the clipboard is out of reach, as on plain http, the old command still copies what is selected.
async function copy(button) {
  const source = document.getElementById(button.dataset.copy);
  const text = source.value ?? source.innerText.trim();
  const done = await navigator.clipboard?.writeText(text).then(() => true, () => false);
  if (!done) {
    getSelection().selectAllChildren(source);
    source.select?.();
    if (!document.execCommand("copy")) return;
  }
  const told = button.parentElement.querySelector("[data-copied]");
  told.textContent = told.dataset.copied;
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", () => copy(button));
}
