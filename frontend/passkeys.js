// Asks the browser for a passkey where a form needs one. Forms for passkeys stay hidden without this script, and in browsers without
// passkeys.
const forms = document.querySelectorAll("form[data-passkey]");
const isSupported = Boolean(window.PublicKeyCredential?.parseCreationOptionsFromJSON);

async function addCredential(form) {
  const answer = await fetch(form.dataset.passkey, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  if (!answer.ok) return;
  const { challenge, create, get } = await answer.json();
  const credential = create
    ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(create) })
    : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(get) });
  form.elements.challenge.value = challenge;
  form.elements.credential.value = JSON.stringify(credential.toJSON());
}

for (const form of isSupported ? forms : []) {
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      await addCredential(form);
    } catch (cause) {
      console.warn("The browser gave no passkey:", cause);
    }
    // The form is sent even without a passkey: the server then says what is wrong, beside the field.
    form.submit();
  });
}
