//! Secrets that are shown once: private links and codes. The server stores only a hash. For ten minutes the browser
//! of whoever made the secret sends it to one page in a cookie, so that the page can be reloaded, also in another
//! language.

use axum::extract::FromRequestParts;
use axum::response::{AppendHeaders, IntoResponse, Response};
use domain::ids::PersonId;
use http::header::SET_COOKIE;
use http::request::Parts;
use leptos::prelude::*;
use store::SessionUser;

use crate::cookies;
use crate::error::Error;
use crate::page::redirect;
use crate::qr;
use crate::request_context::SignedIn;
use crate::state::AppState;
use crate::texts::Texts;

/// In seconds.
const LIFETIME_SECONDS: u32 = 600;

/// The secret of this page, if the user's browser has one for them. Works only behind a door that requires a user.
pub(crate) struct ShownSecret(pub Option<String>);

impl FromRequestParts<AppState> for ShownSecret {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Error> {
        let user = parts.extensions.get::<SessionUser>().ok_or(Error::Unauthenticated)?;
        let cookie =
            cookies::value(&parts.headers, &state.cookies.shown_once).and_then(|cookie| cookie.split_once('.'));
        // Somebody else may have signed in since.
        let own_cookie = cookie.filter(|(person, _)| person.parse::<PersonId>() == Ok(user.person));
        Ok(Self(own_cookie.map(|(_, secret)| secret.to_owned())))
    }
}

/// Redirects to the page that shows the secret.
pub(crate) fn redirect_to_shown_once(signed_in: &SignedIn, page: &str, secret: &str) -> Response {
    let state = &signed_in.context.state;
    let secure = if state.is_secure() { "; Secure" } else { "" };
    let (name, person) = (&state.cookies.shown_once, signed_in.user.person);
    let cookie =
        format!("{name}={person}.{secret}; Path={page}; Max-Age={LIFETIME_SECONDS}; SameSite=Strict; HttpOnly{secure}");
    (AppendHeaders([(SET_COOKIE, cookie)]), redirect(page)).into_response()
}

/// The secret with a button that copies it; for a link, also a QR code.
pub(crate) fn secret_card(texts: Texts, secret: String, is_link: bool) -> impl IntoView + use<> {
    let qr_code = is_link.then(|| qr::svg(&secret)).flatten();
    view! {
        <section class="card grid">
            {qr_code.map(|qr_code| view! { <div class="qr" role="img" aria-label=texts.text("secret-qr-code") inner_html=qr_code></div> })}
            <p><code class="token" id="secret">{secret}</code></p>
            {copy_button(texts)}
        </section>
    }
}

/// Copies the content of the element `secret`. Without scripts it stays hidden.
pub(crate) fn copy_button(texts: Texts) -> impl IntoView + use<> {
    view! {
        <p class="row">
            <button type="button" class="btn quiet" data-copy="secret" hidden>{texts.text("secret-copy")}</button>
            <span role="status" data-copied=texts.text("secret-copied")></span>
        </p>
    }
}

/// The page when the secret is no longer available, with a button for a new one if there can be one.
pub(crate) fn expired_page(
    texts: Texts,
    title: String,
    renew: Option<String>,
    back: (&str, String),
) -> impl IntoView + use<> {
    let renewal = renew.map(|to| {
        view! {
            <p>{texts.text("secret-renew-lead")}</p>
            <form method="post" action=to><p><button class="btn">{texts.text("secret-renew")}</button></p></form>
        }
    });
    let (to, label) = (back.0.to_owned(), back.1);
    view! {
        <main id="main" class="slim">
            <h1>{title}</h1>
            <p>{texts.text("secret-no-longer-shown")}</p>
            {renewal}
            <p><a class="link" href=to>{label}</a></p>
        </main>
    }
}
