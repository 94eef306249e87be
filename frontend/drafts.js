// Keeps what is typed into a form until it is saved, and copies secrets that are shown once. Without this script every form still
// works. A draft stays in its tab. A form marked data-draft="browser" holds nothing about customers; its draft stays for a week.
const { person, cookie, restored, discard } = document.querySelector("script[data-person]").dataset;
const WEEK = 7 * 24 * 60 * 60 * 1000;
const OWN_PREFIX = `draft:${person}:`;

// Storage may be forbidden or full. Then no draft is kept, and everything else works as before.
function attempt(work) {
  try {
    return work();
  } catch {
    return undefined;
  }
}

const storages = [attempt(() => sessionStorage), attempt(() => localStorage)].filter(Boolean);
const draftKeys = (storage) => Object.keys(storage).filter((key) => key.startsWith("draft:"));
const readDraft = (storage, key) => attempt(() => JSON.parse(storage.getItem(key)));

// Where the draft of a form is stored: by the address it is sent to, and its number among the forms that are sent there.
function slotOf(form) {
  if (form.method !== "post" || form.closest("leptos-island")) return undefined;
  const forms = [...document.forms].filter((other) => other.action === form.action);
  const { pathname, search } = new URL(form.action);
  const storage = form.dataset.draft === "browser" ? storages.at(-1) : storages[0];
  return storage && { storage, key: `${OWN_PREFIX}${pathname}${search}#${forms.indexOf(form)}` };
}

// The fields that a person fills in, and the revision that they were filled in upon. Passwords, codes and files are never stored.
function fieldsOf(form) {
  return [...form.elements].filter((field) => {
    if (!field.name || field.autocomplete === "one-time-code") return false;
    if (field.type === "hidden") return field.name === "revision" && !("now" in field.dataset);
    return !["password", "file", "submit", "button", "fieldset", "reset"].includes(field.type);
  });
}

const isPicked = (field) => field.type === "checkbox" || field.type === "radio";
const valueOf = (field) => (isPicked(field) ? field.checked : field.value);
const valuesOf = (form) => fieldsOf(form).map((field) => [field.name, valueOf(field)]);

function store({ target }) {
  const form = target.form;
  const slot = form && slotOf(form);
  if (!slot || !fieldsOf(form).includes(target)) return;
  const newId = () => [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const id = readDraft(slot.storage, slot.key)?.id ?? newId();
  attempt(() => slot.storage.setItem(slot.key, JSON.stringify({ id, at: Date.now(), fields: valuesOf(form) })));
}

// Where the server has rejected a form, the page shows the current values and carries their revision. That revision counts, not the
// stored one: whoever has read the current values may replace them.
const isRejected = document.querySelector(".note.bad[role=alert]") !== null;

// Fills a form in again, and says so where that changes anything.
function restore(form) {
  const slot = slotOf(form);
  const draft = slot && readDraft(slot.storage, slot.key);
  if (!draft) return;
  const unused = [...draft.fields];
  const changed = fieldsOf(form).filter((field) => {
    const index = unused.findIndex(([name]) => name === field.name);
    if (index < 0) return false;
    const [[, value]] = unused.splice(index, 1);
    if (valueOf(field) === value || (isRejected && field.type === "hidden")) return false;
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
    slot.storage.removeItem(slot.key);
    form.reset();
    note.remove();
    changed[0].focus();
    changed[0].dispatchEvent(new Event("input", { bubbles: true }));
    // The event has stored the form as it is after the reset.
    slot.storage.removeItem(slot.key);
  });
  const text = document.createElement("span");
  text.textContent = restored;
  note.append(text, button);
  form.prepend(note);
  // An island that gives advice on the form may be hydrated later, and has to read it then.
  const notify = () => changed[0].dispatchEvent(new Event("input", { bubbles: true }));
  new PerformanceObserver(notify).observe({ type: "mark", buffered: true });
}

const removeDrafts = (isUnwanted) => {
  for (const storage of storages) {
    for (const key of draftKeys(storage)) if (isUnwanted(key, readDraft(storage, key) ?? {}, storage)) storage.removeItem(key);
  }
};

// The cookie names the draft that is being sent. The server changes it once the draft is saved.
function setCookie(draft) {
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `${cookie}=${draft ?? ""}; path=/; samesite=lax; max-age=${draft ? 600 : 0}${secure}`;
}

const sent = document.cookie.split("; ").find((pair) => pair.startsWith(`${cookie}=`)) ?? "";
const saved = /=([0-9a-f]+)\.saved$/.exec(sent)?.[1];
if (saved) setCookie();
removeDrafts((key, { id, at }, storage) => {
  const ownPrefix = `draft:${person.split("@")[0]}@`;
  const isOfAnother = person !== "" && storage === storages[0] && !key.startsWith(ownPrefix) && !key.startsWith("draft::");
  return id === saved || isOfAnother || !(Date.now() - at < WEEK);
});
for (const form of document.forms) restore(form);
document.addEventListener("input", store);
document.addEventListener("change", store);
window.addEventListener("submit", (event) => {
  const slot = slotOf(event.target);
  setCookie(slot && readDraft(slot.storage, slot.key)?.id);
});
window.addEventListener("trialmark:signed-out", () => removeDrafts((key) => key.startsWith(OWN_PREFIX.split("@")[0])));

// There is no clipboard on plain HTTP. There the old command still copies what is selected.
async function copy(button) {
  const source = document.getElementById(button.dataset.copy);
  const text = source.value ?? source.innerText.trim();
  const isCopied = await navigator.clipboard?.writeText(text).then(() => true, () => false);
  if (!isCopied) {
    getSelection().selectAllChildren(source);
    source.select?.();
    if (!document.execCommand("copy")) return;
  }
  const status = button.parentElement.querySelector("[data-copied]");
  status.textContent = status.dataset.copied;
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", () => copy(button));
}
