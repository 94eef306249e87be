//! The page on which one sees, adds and gives up what one has for the second step.

use leptos::prelude::*;
use store::PasskeyRow;

use super::{Page, Tried};
use crate::form::{Field, Kind};
use crate::page::Trouble;
use crate::passkeys::script;
use crate::texts::Texts;
use crate::visit::Inside;

impl Page {
    pub(super) fn view(&self, inside: &Inside, tried: &Tried, trouble: &Trouble) -> impl IntoView + use<> {
        let texts = inside.visit.texts;
        let headline = match (self.factors.any(), inside.visitor.must_set_up) {
            (true, _) => "factors-headline-on",
            (false, true) => "factors-headline-must",
            (false, false) => "factors-headline-off",
        };
        let named = inside.visit.state.webauthn.is_some();
        view! {
            <main id="main" class="slim">
                <h1>{texts.say(headline)}</h1>
                <p>{texts.say("factors-lead")}</p>
                {trouble.summary(texts)}
                {self.authenticator(texts, tried, trouble)}
                {if named { self.passkeys(texts, tried, trouble).into_any() } else { no_passkeys(texts).into_any() }}
                {self.factors.any().then(|| self.codes(texts, tried, trouble))}
                <p><a class="link" href="/account">{texts.say("factors-account")}</a></p>
            </main>
            {script(&inside.visit)}
        }
    }

    fn authenticator(&self, texts: Texts, tried: &Tried, trouble: &Trouble) -> impl IntoView + use<> {
        let fault = (*tried == Tried::Authenticator).then(|| trouble.at(texts, "current")).flatten();
        let is_on = self.factors.authenticator;
        let add = view! {
            <form method="post" action="/account/authenticator">
                {current(texts, "app-current", fault.clone())}
                <p><button class="btn">{texts.say(if is_on { "factors-app-renew" } else { "factors-app-set-up" })}</button></p>
            </form>
        };
        let remove = is_on.then(|| {
            view! {
                <details open=fault.is_some()>
                    <summary>{texts.say("factors-app-remove-ask")}</summary>
                    <form method="post" action="/account/authenticator/remove">
                        {current(texts, "app-remove-current", None)}
                        <p><button class="btn stop">{texts.say("factors-app-remove")}</button></p>
                    </form>
                </details>
            }
        });
        let add = if is_on {
            view! { <details><summary>{texts.say("factors-app-renew-ask")}</summary>{add}</details> }.into_any()
        } else {
            add.into_any()
        };
        view! {
            <section class="card grid">
                <h2>{texts.say("factors-app")}</h2>
                <p class="soft">{texts.say(if is_on { "factors-app-on" } else { "factors-app-off" })}</p>
                {add}
                {remove}
            </section>
        }
    }

    fn passkeys(&self, texts: Texts, tried: &Tried, trouble: &Trouble) -> impl IntoView + use<> {
        let each = self.passkeys.iter().map(|row| self.passkey(texts, row, tried, trouble)).collect_view();
        let name = if let Tried::Passkey { name } = tried { Some(name.clone()) } else { None };
        let at = |field: &str| name.is_some().then(|| trouble.at(texts, field)).flatten();
        let lost = at("passkey").map(|fault| view! { <p class="fault">{fault}</p> });
        view! {
            <section class="card grid">
                <h2>{texts.say("factors-passkeys")}</h2>
                <p class="soft">{texts.say("factors-passkeys-lead")}</p>
                {(!self.passkeys.is_empty()).then(|| view! { <ul class="list folded">{each}</ul> })}
                <form method="post" action="/account/passkeys" data-passkey="/account/passkeys/question" hidden=true>
                    <input type="hidden" name="challenge" />
                    <input type="hidden" name="credential" />
                    <Field name="name" label=texts.say("factors-passkey-name") hint=texts.say("factors-passkey-name-hint") value=name.clone().unwrap_or_default() fault=at("name") required=true max=160 autocomplete="off" />
                    {current(texts, "passkey-current", at("current"))}
                    {lost}
                    <p><button class="btn">{texts.say("factors-passkey-add")}</button></p>
                </form>
                <noscript><p class="soft">{texts.say("factors-passkeys-script")}</p></noscript>
            </section>
        }
    }

    fn passkey(&self, texts: Texts, row: &PasskeyRow, tried: &Tried, trouble: &Trouble) -> impl IntoView + use<> {
        let mine = *tried == Tried::Removing(row.id);
        let fault = mine.then(|| trouble.at(texts, "current")).flatten();
        let made = [("since", self.when.at(row.made_at).into())];
        let used = row.used_at.map(|used| texts.tell("factors-passkey-used", &[("ago", self.when.ago(used).into())]));
        let (name, id) = (row.name.clone(), row.id);
        view! {
            <li>
                <span>{name.clone()}<small>{texts.tell("factors-passkey-since", &made)}{used.map(|used| format!(" · {used}"))}</small></span>
                <details open=mine>
                    <summary>{texts.tell("factors-passkey-remove-ask", &[("name", name.into())])}</summary>
                    <form method="post" action=format!("/account/passkeys/{id}/remove")>
                        {current(texts, &format!("current-{id}"), fault)}
                        <p><button class="btn stop">{texts.say("factors-passkey-remove")}</button></p>
                    </form>
                </details>
            </li>
        }
    }

    fn codes(&self, texts: Texts, tried: &Tried, trouble: &Trouble) -> impl IntoView + use<> {
        let mine = *tried == Tried::Codes;
        let fault = mine.then(|| trouble.at(texts, "current")).flatten();
        let left = [("left", self.factors.recovery_codes.into())];
        view! {
            <section class="card grid">
                <h2>{texts.say("factors-codes")}</h2>
                <p class="soft">{texts.tell("factors-codes-left", &left)}</p>
                <details open=mine>
                    <summary>{texts.say("factors-codes-renew-ask")}</summary>
                    <form method="post" action="/account/recovery-codes">
                        {current(texts, "codes-current", fault)}
                        <p><button class="btn">{texts.say("factors-codes-renew")}</button></p>
                    </form>
                </details>
            </section>
        }
    }
}

fn current(texts: Texts, id: &str, fault: Option<String>) -> impl IntoView + use<> {
    let id = id.to_owned();
    view! {
        <Field name="current" id=id label=texts.say("account-current") kind=Kind::Password fault required=true autocomplete="current-password" />
    }
}

/// Where people come by a bare number there is no name that a passkey could be for.
fn no_passkeys(texts: Texts) -> impl IntoView {
    view! {
        <section class="card grid">
            <h2>{texts.say("factors-passkeys")}</h2>
            <p class="soft">{texts.say("factors-passkeys-unnamed")}</p>
        </section>
    }
}
