// Asks the browser for a passkey where a form wants one. Without this, or without passkeys, such forms stay out of sight.
const forms = document.querySelectorAll("form[data-passkey]");
const able = Boolean(window.PublicKeyCredential?.parseCreationOptionsFromJSON);

async function sign(form) {
  const asked = await fetch(form.dataset.passkey, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  if (!asked.ok) return;
  const { challenge, create, get } = await asked.json();
  const credential = create
    ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(create) })
    : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(get) });
  form.elements.challenge.value = challenge;
  form.elements.credential.value = JSON.stringify(credential.toJSON());
}

for (const form of able ? forms : []) {
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      await sign(form);
    } catch (cause) {
      console.warn("The browser gave no passkey:", cause);
    }
    // Also without one: the server says what is wrong, in words and in its place.
    form.submit();
  });
}
