//! The page that lists a person's factors, with the forms that add and remove them.

use leptos::prelude::*;
use store::PasskeyRow;

use super::{FactorsPage, SubmittedForm};
use crate::addresses;
use crate::form::{Field, InputKind};
use crate::page::FormErrors;
use crate::request_context::SignedIn;
use crate::texts::Texts;
use crate::webauthn::passkey_script;

impl FactorsPage {
    pub(super) fn view(
        &self,
        signed_in: &SignedIn,
        submitted: &SubmittedForm,
        errors: &FormErrors,
    ) -> impl IntoView + use<> {
        let texts = signed_in.context.texts;
        let headline = match (self.factors.has_any(), signed_in.user.must_enroll_factor) {
            (true, _) => "factors-headline-on",
            (false, true) => "factors-headline-must",
            (false, false) => "factors-headline-off",
        };
        let has_webauthn = signed_in.context.state.webauthn.is_some();
        view! {
            <main id="main" class="slim">
                <h1>{texts.text(headline)}</h1>
                <p>{texts.text("factors-lead")}</p>
                {errors.summary(texts)}
                {self.authenticator(texts, submitted, errors)}
                {if has_webauthn { self.passkeys(texts, submitted, errors).into_any() } else { no_passkeys(texts).into_any() }}
                {self.factors.has_any().then(|| self.recovery_codes(texts, submitted, errors))}
                <p><a class="link" href=addresses::ACCOUNT>{texts.text("factors-account")}</a></p>
            </main>
            {passkey_script(&signed_in.context)}
        }
    }

    fn authenticator(&self, texts: Texts, submitted: &SubmittedForm, errors: &FormErrors) -> impl IntoView + use<> {
        let fault = (*submitted == SubmittedForm::Authenticator).then(|| errors.for_field(texts, "current")).flatten();
        let is_on = self.factors.authenticator;
        let add = view! {
            <form method="post" action=addresses::AUTHENTICATOR>
                {current_password_field(texts, "app-current", fault.clone())}
                <p><button class="btn">{texts.text(if is_on { "factors-app-renew" } else { "factors-app-set-up" })}</button></p>
            </form>
        };
        let remove = is_on.then(|| {
            view! {
                <details open=fault.is_some()>
                    <summary>{texts.text("factors-app-remove-ask")}</summary>
                    <form method="post" action=addresses::REMOVE_AUTHENTICATOR>
                        {current_password_field(texts, "app-remove-current", None)}
                        <p><button class="btn stop">{texts.text("factors-app-remove")}</button></p>
                    </form>
                </details>
            }
        });
        let add = if is_on {
            view! { <details><summary>{texts.text("factors-app-renew-ask")}</summary>{add}</details> }.into_any()
        } else {
            add.into_any()
        };
        view! {
            <section class="card grid">
                <h2>{texts.text("factors-app")}</h2>
                <p class="muted">{texts.text(if is_on { "factors-app-on" } else { "factors-app-off" })}</p>
                {add}
                {remove}
            </section>
        }
    }

    fn passkeys(&self, texts: Texts, submitted: &SubmittedForm, errors: &FormErrors) -> impl IntoView + use<> {
        let each = self.passkeys.iter().map(|row| self.passkey(texts, row, submitted, errors)).collect_view();
        let name = if let SubmittedForm::Passkey { name } = submitted { Some(name.clone()) } else { None };
        let at = |field: &str| name.is_some().then(|| errors.for_field(texts, field)).flatten();
        let passkey_fault = at("passkey").map(|fault| view! { <p class="fault">{fault}</p> });
        view! {
            <section class="card grid">
                <h2>{texts.text("factors-passkeys")}</h2>
                <p class="muted">{texts.text("factors-passkeys-lead")}</p>
                {(!self.passkeys.is_empty()).then(|| view! { <ul class="list expandable">{each}</ul> })}
                <form method="post" action=addresses::PASSKEYS data-passkey=addresses::PASSKEY_CHALLENGE hidden=true>
                    <input type="hidden" name="challenge" />
                    <input type="hidden" name="credential" />
                    <Field name="name" label=texts.text("factors-passkey-name") hint=texts.text("factors-passkey-name-hint") value=name.clone().unwrap_or_default() fault=at("name") required=true max=160 autocomplete="off" />
                    {current_password_field(texts, "passkey-current", at("current"))}
                    {passkey_fault}
                    <p><button class="btn">{texts.text("factors-passkey-add")}</button></p>
                </form>
                <noscript><p class="muted">{texts.text("factors-passkeys-script")}</p></noscript>
            </section>
        }
    }

    fn passkey(
        &self,
        texts: Texts,
        row: &PasskeyRow,
        submitted: &SubmittedForm,
        errors: &FormErrors,
    ) -> impl IntoView + use<> {
        let is_submitted = *submitted == SubmittedForm::RemovePasskey(row.id);
        let fault = is_submitted.then(|| errors.for_field(texts, "current")).flatten();
        let created = [("since", self.local_time.date_time(row.made_at).into())];
        let used = row
            .used_at
            .map(|used| texts.text_with("factors-passkey-used", &[("ago", self.local_time.ago(used).into())]));
        let (name, id) = (row.name.clone(), row.id);
        view! {
            <li>
                <span>{name.clone()}<small>{texts.text_with("factors-passkey-since", &created)}{used.map(|used| format!(" · {used}"))}</small></span>
                <details open=is_submitted>
                    <summary>{texts.text_with("factors-passkey-remove-ask", &[("name", name.into())])}</summary>
                    <form method="post" action=addresses::remove_passkey(id)>
                        {current_password_field(texts, &format!("current-{id}"), fault)}
                        <p><button class="btn stop">{texts.text("factors-passkey-remove")}</button></p>
                    </form>
                </details>
            </li>
        }
    }

    fn recovery_codes(&self, texts: Texts, submitted: &SubmittedForm, errors: &FormErrors) -> impl IntoView + use<> {
        let is_submitted = *submitted == SubmittedForm::RecoveryCodes;
        let fault = is_submitted.then(|| errors.for_field(texts, "current")).flatten();
        let left = [("left", self.factors.recovery_codes.into())];
        view! {
            <section class="card grid">
                <h2>{texts.text("factors-codes")}</h2>
                <p class="muted">{texts.text_with("factors-codes-left", &left)}</p>
                <details open=is_submitted>
                    <summary>{texts.text("factors-codes-renew-ask")}</summary>
                    <form method="post" action=addresses::RECOVERY_CODES>
                        {current_password_field(texts, "codes-current", fault)}
                        <p><button class="btn">{texts.text("factors-codes-renew")}</button></p>
                    </form>
                </details>
            </section>
        }
    }
}

fn current_password_field(texts: Texts, id: &str, fault: Option<String>) -> impl IntoView + use<> {
    let id = id.to_owned();
    view! {
        <Field name="current" id=id label=texts.text("account-current") kind=InputKind::Password fault required=true autocomplete="current-password" />
    }
}

/// Passkeys are bound to a domain name. An installation that is reached by IP address cannot have any.
fn no_passkeys(texts: Texts) -> impl IntoView {
    view! {
        <section class="card grid">
            <h2>{texts.text("factors-passkeys")}</h2>
            <p class="muted">{texts.text("factors-passkeys-unnamed")}</p>
        </section>
    }
}
