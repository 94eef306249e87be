//! What one has for the second step at signing in: an app that shows codes, passkeys, and codes for when both are lost.

mod authenticator;
mod required;
mod view;

use axum::response::Response;
use domain::factor::{Factors, RecoveryCode};
use domain::fault::{Fault, Faults};
use domain::ids::PasskeyId;
use domain::text::Line;
use leptos::prelude::*;
use serde::Deserialize;
use store::PasskeyRow;

use crate::checks::when::When;
use crate::doors::Doors;
use crate::doors::Rule::Oneself;
use crate::error::Error;
use crate::limits::Bound;
use crate::page::{Trouble, go};
use crate::passkeys::{Signed, registered};
use crate::shown_once::{Shown, copy_button, go_and_show};
use crate::texts::Texts;
use crate::visit::{Form, Inside, Path};

pub(crate) use authenticator::fits;

/// Where the second step is set up.
pub const SET_UP: &str = "/account/second-step";

const CODES: &str = "/account/recovery-codes";

pub fn doors(doors: Doors) -> Doors {
    doors
        .get(SET_UP, Oneself, show)
        .get(CODES, Oneself, codes)
        .post(CODES, Oneself, renew_codes)
        .form("/account/passkeys", SET_UP, Oneself, add_passkey)
        .form("/account/passkeys/{passkey}/remove", SET_UP, Oneself, remove_passkey)
        .of(authenticator::doors)
        .of(required::doors)
}

/// Nothing about signing in changes without the password as it is now.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Current {
    pub current: String,
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
struct PasskeyDraft {
    name: String,
    current: String,
    challenge: String,
    credential: String,
}

/// Which form of the page was tried, and what was typed in it that may be shown again.
#[derive(Clone, PartialEq, Eq)]
enum Tried {
    Nothing,
    Authenticator,
    Passkey { name: String },
    Removing(PasskeyId),
    Codes,
}

/// What someone has, and how it is shown.
struct Page {
    factors: Factors,
    passkeys: Vec<PasskeyRow>,
    when: When,
}

/// # Errors
/// It is not the password.
pub(crate) async fn prove(inside: &Inside, current: String) -> Result<(), Error> {
    let state = &inside.visit.state;
    let (_, known) = state.store.password_of(inside.visitor.person).await?.ok_or(Error::NotFound)?;
    state.allow(Bound::Password, inside.visitor.person)?;
    if !state.matches(current, Some(known)).await? {
        return Err(Error::invalid("current", Fault::Wrong));
    }
    state.forgive(Bound::Password, inside.visitor.person);
    Ok(())
}

async fn show(inside: Inside) -> Result<Response, Error> {
    let page = Page::load(&inside).await?;
    let title = inside.visit.texts.say("factors-title");
    Ok(inside.page(&title, || page.view(&inside, &Tried::Nothing, &Trouble::default())))
}

async fn renew_codes(inside: Inside, Form(draft): Form<Current>) -> Result<Response, Error> {
    let renewed = match prove(&inside, draft.current).await {
        Ok(()) => {
            let store = &inside.visit.state.store;
            store.renew_recovery_codes(inside.actor(), inside.visitor.person).await.map_err(Error::from)
        }
        Err(error) => Err(error),
    };
    match renewed {
        Ok(codes) => Ok(shown(&inside, &codes)),
        Err(error) => again(&inside, error, &Tried::Codes).await,
    }
}

async fn add_passkey(inside: Inside, Form(draft): Form<PasskeyDraft>) -> Result<Response, Error> {
    match added(&inside, &draft).await {
        Ok(codes) => Ok(shown(&inside, &codes)),
        Err(error) => again(&inside, error, &Tried::Passkey { name: draft.name }).await,
    }
}

async fn added(inside: &Inside, draft: &PasskeyDraft) -> Result<Vec<RecoveryCode>, Error> {
    let name = Line::parse(&draft.name).map_err(|fault| Faults::one("name", fault))?;
    prove(inside, draft.current.clone()).await?;
    let (state, person) = (&inside.visit.state, inside.visitor.person);
    let signed = Signed { challenge: draft.challenge.clone(), credential: draft.credential.clone() };
    let made = registered(state, person, &signed).await?;
    Ok(state.store.add_passkey(inside.actor(), person, &name, &made.id, &made.credential).await?)
}

async fn remove_passkey(
    inside: Inside,
    Path(id): Path<PasskeyId>,
    Form(draft): Form<Current>,
) -> Result<Response, Error> {
    if let Err(error) = prove(&inside, draft.current).await {
        return again(&inside, error, &Tried::Removing(id)).await;
    }
    let store = &inside.visit.state.store;
    let removed = store.remove_passkey(inside.actor(), inside.visitor.person, id).await?;
    removed.map(|()| go(SET_UP)).ok_or(Error::NotFound)
}

/// The page again, after something was not accepted.
async fn again(inside: &Inside, error: Error, tried: &Tried) -> Result<Response, Error> {
    let page = Page::load(inside).await?;
    let title = inside.visit.texts.say("factors-title");
    inside.again(error, &title, |trouble| page.view(inside, tried, &trouble))
}

/// On to the recovery codes; without new ones it is the list again.
fn shown(inside: &Inside, codes: &[RecoveryCode]) -> Response {
    if codes.is_empty() {
        return go(SET_UP);
    }
    let codes: Vec<_> = codes.iter().map(ToString::to_string).collect();
    go_and_show(inside, CODES, &codes.join("."))
}

/// The recovery codes, while the browser of their owner keeps them.
async fn codes(inside: Inside, Shown(codes): Shown) -> Response {
    let Some(codes) = codes else { return go(SET_UP) };
    let title = inside.visit.texts.say("factors-codes-title");
    inside.page(&title, || recovery_codes(inside.visit.texts, &codes))
}

fn recovery_codes(texts: Texts, codes: &str) -> impl IntoView + use<> {
    let each = codes.split('.').map(|code| view! { <li><code>{code.to_owned()}</code></li> }).collect_view();
    view! {
        <main id="main" class="slim">
            <h1>{texts.say("factors-codes-headline")}</h1>
            <p>{texts.say("factors-codes-lead")}</p>
            <section class="card grid"><ul class="codes" id="secret">{each}</ul>{copy_button(texts)}</section>
            <p><a class="btn" href="/today">{texts.say("factors-codes-kept")}</a></p>
        </main>
    }
}

impl Page {
    async fn load(inside: &Inside) -> Result<Self, Error> {
        let (store, person) = (&inside.visit.state.store, inside.visitor.person);
        let when = When::of(inside.visit.texts, &store.home(inside.actor()).await?, store.now());
        Ok(Self { factors: store.factors(person).await?, passkeys: store.passkeys(person).await?, when })
    }
}
