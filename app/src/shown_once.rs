//! What is shown once, a private link or a code. The server keeps its hash; the browser of whoever made it keeps it for
//! ten minutes and gives it to one page, so that this page can be loaded again, and in another language.

use axum::extract::FromRequestParts;
use axum::response::{AppendHeaders, IntoResponse, Response};
use domain::ids::PersonId;
use http::header::SET_COOKIE;
use http::request::Parts;
use leptos::prelude::*;
use store::Visitor;

use crate::cookies;
use crate::error::Error;
use crate::page::go;
use crate::qr;
use crate::state::State;
use crate::texts::Texts;
use crate::visit::Inside;

/// How long the browser keeps it, in seconds.
const KEPT: u32 = 600;

/// The secret this page was given for whoever is signed in, while their browser keeps it. Only behind a door for members
/// or for oneself.
pub(crate) struct Shown(pub Option<String>);

impl FromRequestParts<State> for Shown {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Error> {
        let visitor = parts.extensions.get::<Visitor>().ok_or(Error::Unauthenticated)?;
        let kept = cookies::value(&parts.headers, &state.cookies.shown).and_then(|kept| kept.split_once('.'));
        // Somebody else may have signed in since.
        let own = kept.filter(|(person, _)| person.parse::<PersonId>() == Ok(visitor.person));
        Ok(Self(own.map(|(_, secret)| secret.to_owned())))
    }
}

/// Goes on to the page that shows the secret.
pub(crate) fn go_and_show(inside: &Inside, page: &str, secret: &str) -> Response {
    let state = &inside.visit.state;
    let secure = if state.is_secure() { "; Secure" } else { "" };
    let (name, person) = (&state.cookies.shown, inside.visitor.person);
    let kept = format!("{name}={person}.{secret}; Path={page}; Max-Age={KEPT}; SameSite=Strict; HttpOnly{secure}");
    (AppendHeaders([(SET_COOKIE, kept)]), go(page)).into_response()
}

/// A secret with a button that copies it, and for a link a square code.
pub(crate) fn card(texts: Texts, secret: String, is_link: bool) -> impl IntoView + use<> {
    let drawn = is_link.then(|| qr::drawn(&secret)).flatten();
    view! {
        <section class="card grid">
            {drawn.map(|drawn| view! { <div class="qr" role="img" aria-label=texts.say("shown-square-code") inner_html=drawn></div> })}
            <p><code class="token" id="secret">{secret}</code></p>
            {copy_button(texts)}
        </section>
    }
}

/// Copies what stands in the element `secret`; out of sight where no script runs.
pub(crate) fn copy_button(texts: Texts) -> impl IntoView + use<> {
    view! {
        <p class="row">
            <button type="button" class="btn quiet" data-copy="secret" hidden>{texts.say("shown-copy")}</button>
            <span role="status" data-copied=texts.say("shown-copied")></span>
        </p>
    }
}

/// In its place, when it is shown no more: why, and a way to a new one where there can be one.
pub(crate) fn over(texts: Texts, title: String, renew: Option<String>, back: (&str, String)) -> impl IntoView + use<> {
    let again = renew.map(|to| {
        view! {
            <p>{texts.say("shown-new-lead")}</p>
            <form method="post" action=to><p><button class="btn">{texts.say("shown-new")}</button></p></form>
        }
    });
    let (to, label) = (back.0.to_owned(), back.1);
    view! {
        <main id="main" class="slim">
            <h1>{title}</h1>
            <p>{texts.say("shown-over")}</p>
            {again}
            <p><a class="link" href=to>{label}</a></p>
        </main>
    }
}
