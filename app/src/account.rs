//! One's own account: where one is signed in, and the password.

use axum::extract::State as Shared;
use axum::response::Response;
use domain::factor::Factors;
use domain::fault::Faults;
use domain::ids::{PersonId, SessionId};
use domain::person::Password;
use domain::pin::Pin;
use leptos::prelude::*;
use serde::Deserialize;
use store::{Origin, SessionRow};

use crate::checks::when::When;
use crate::customers::download;
use crate::doors::Doors;
use crate::doors::Rule::{Holder, Oneself};
use crate::error::Error;
use crate::factors::{SET_UP, prove};
use crate::form::{Field, Kind};
use crate::limits::Bound;
use crate::page::{Trouble, go};
use crate::sign_in;
use crate::state::State;
use crate::texts::Texts;
use crate::visit::{Asking, Form, Inside, Path, Visit};

pub fn doors(doors: Doors) -> Doors {
    doors
        .get("/account", Oneself, show)
        .get("/account/password", Oneself, show)
        .get("/account/kept.json", Oneself, kept)
        .post("/account/password", Oneself, change)
        .form("/account/pin", "/account", Oneself, change_pin)
        .form("/account/sessions/{session}/end", "/account", Oneself, end)
        .get("/reset/{link}", Holder, ask)
        .post("/reset/{link}", Holder, reset)
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ChangeDraft {
    current: String,
    password: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct PinDraft {
    pin: String,
    current: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ResetDraft {
    password: String,
}

async fn show(inside: Inside) -> Result<Response, Error> {
    let account = Account::load(&inside).await?;
    let title = inside.visit.texts.say("account-title");
    Ok(inside.page(&title, || account.view(&inside, Tried::Nothing, &Trouble::default())))
}

/// Which form of the page was tried.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tried {
    Nothing,
    Password,
    Pin,
}

/// Everything that is kept about the one who asks, as a file.
async fn kept(inside: Inside) -> Result<Response, Error> {
    let file = inside.visit.state.store.person_file(inside.visitor.person).await?.ok_or(Error::NotFound)?;
    Ok(download("trialmark-account.json", serde_json::to_string_pretty(&file).map_err(store::Error::from)?))
}

/// Every other session ends, and this one goes on under a new token.
async fn change(inside: Inside, Asking(origin): Asking, Form(draft): Form<ChangeDraft>) -> Result<Response, Error> {
    match hash(&inside, draft).await {
        Ok(hash) => {
            let state = &inside.visit.state;
            let session = state.store.change_password(&inside.token, &hash, &origin).await?;
            sign_in::with(state, session, "/account")
        }
        Err(error) => again(&inside, error, Tried::Password).await,
    }
}

/// With it one says at a shared device who one is.
async fn change_pin(inside: Inside, Form(draft): Form<PinDraft>) -> Result<Response, Error> {
    match pin_hash(&inside, draft).await {
        Ok(hash) => {
            inside.visit.state.store.set_pin(inside.actor(), inside.visitor.person, &hash).await?;
            Ok(go("/account"))
        }
        Err(error) => again(&inside, error, Tried::Pin).await,
    }
}

async fn pin_hash(inside: &Inside, draft: PinDraft) -> Result<String, Error> {
    let pin = Pin::parse(&draft.pin).map_err(|fault| Faults::one("pin", fault))?;
    prove(inside, draft.current).await?;
    inside.visit.state.hash_pin(pin).await
}

async fn again(inside: &Inside, error: Error, tried: Tried) -> Result<Response, Error> {
    let account = Account::load(inside).await?;
    let title = inside.visit.texts.say("account-title");
    inside.again(error, &title, |trouble| account.view(inside, tried, &trouble))
}

async fn hash(inside: &Inside, draft: ChangeDraft) -> Result<String, Error> {
    let state = &inside.visit.state;
    let password = Password::parse(&draft.password).map_err(|fault| Faults::one("password", fault))?;
    prove(inside, draft.current).await?;
    let (email, _) = state.store.password_of(inside.visitor.person).await?.ok_or(Error::NotFound)?;
    state.hash(password, &[&inside.visitor.name, &email, &inside.visitor.business_name]).await
}

async fn end(inside: Inside, Path(session): Path<SessionId>) -> Result<Response, Error> {
    let ended = inside.visit.state.store.revoke_session(inside.actor(), inside.visitor.person, session).await?;
    ended.map(|()| go("/account")).ok_or(Error::NotFound)
}

async fn ask(visit: Visit, Path(link): Path<String>) -> Result<Response, Error> {
    visit.state.allow_from(Bound::Links, visit.client)?;
    let (email, open) = visit.state.store.reset(&link).await?.ok_or(Error::NotFound)?;
    let title = visit.texts.say("reset-title");
    Ok(visit.page(&title, || anew(visit.texts, &link, &email, open, &Trouble::default())))
}

/// Whoever has set the password anew signs in with it: so a password manager learns it, too.
async fn reset(
    visit: Visit,
    Shared(state): Shared<State>,
    Asking(origin): Asking,
    Path(link): Path<String>,
    Form(draft): Form<ResetDraft>,
) -> Result<Response, Error> {
    state.allow_from(Bound::Links, visit.client)?;
    let (email, open) = state.store.reset(&link).await?.ok_or(Error::NotFound)?;
    match set(&state, &link, &email, &draft, &origin).await {
        Ok(Some(_)) => Ok(go("/sign-in")),
        Ok(None) => Err(Error::NotFound),
        Err(error) => {
            let title = visit.texts.say("reset-title");
            visit.again(error, &title, |trouble| anew(visit.texts, &link, &email, open, &trouble))
        }
    }
}

async fn set(
    state: &State,
    link: &str,
    email: &str,
    draft: &ResetDraft,
    origin: &Origin,
) -> Result<Option<PersonId>, Error> {
    let password = Password::parse(&draft.password).map_err(|fault| Error::invalid("password", fault))?;
    state.allow(Bound::Link, link)?;
    let hash = state.hash(password, &[email]).await?;
    Ok(state.store.reset_password(link, &hash, origin).await?)
}

/// Where one is signed in.
struct Account {
    sessions: Vec<SessionRow>,
    factors: Factors,
    has_pin: bool,
    when: When,
}

impl Account {
    async fn load(inside: &Inside) -> Result<Self, Error> {
        let store = &inside.visit.state.store;
        let when = When::of(inside.visit.texts, &store.home(inside.actor()).await?, store.now());
        let person = inside.visitor.person;
        let (factors, has_pin) = (store.factors(person).await?, store.has_pin(person).await?);
        Ok(Self { sessions: store.sessions(person).await?, factors, has_pin, when })
    }

    fn view(&self, inside: &Inside, tried: Tried, trouble: &Trouble) -> impl IntoView + use<> {
        let texts = inside.visit.texts;
        let each = self.sessions.iter().map(|one| self.session(inside, one)).collect_view();
        view! {
            <main id="main" class="slim">
                <h1>{texts.tell("account-headline", &[("name", inside.visitor.name.clone().into())])}</h1>
                {trouble.summary(texts)}
                <section class="card grid">
                    <h2>{texts.tell("account-sessions", &[("count", self.sessions.len().into())])}</h2>
                    <p class="soft">{texts.say("account-sessions-lead")}</p>
                    <ul class="list">{each}</ul>
                </section>
                <section class="card grid">
                    <h2>{texts.say("factors-title")}</h2>
                    <p class="soft">{texts.say(if self.factors.any() { "account-factors-on" } else { "account-factors-off" })}</p>
                    <p><a class="btn quiet" href=SET_UP>{texts.say("account-factors")}</a></p>
                </section>
                {password(texts, tried, trouble)}
                {self.pin(texts, tried, trouble)}
                <section class="card grid">
                    <h2>{texts.say("account-kept")}</h2>
                    <p class="soft">{texts.say("account-kept-lead")}</p>
                    <p><a class="btn quiet" href="/account/kept.json" download>{texts.say("account-kept-download")}</a></p>
                </section>
            </main>
        }
    }

    fn pin(&self, texts: Texts, tried: Tried, trouble: &Trouble) -> impl IntoView + use<> {
        let at = |field: &str| (tried == Tried::Pin).then(|| trouble.at(texts, field)).flatten();
        view! {
            <section class="card grid">
                <h2>{texts.say("account-pin-title")}</h2>
                <p class="soft">{texts.say(if self.has_pin { "account-pin-on" } else { "account-pin-off" })}</p>
                <form method="post" action="/account/pin">
                    <Field name="pin" label=texts.say("account-pin") hint=texts.say("account-pin-hint") kind=Kind::Pin fault=at("pin") required=true autocomplete="off" />
                    <Field name="current" id="pin-current" label=texts.say("account-current") kind=Kind::Password fault=at("current") required=true autocomplete="current-password" />
                    <p><button class="btn">{texts.say("account-pin-set")}</button></p>
                </form>
            </section>
        }
    }

    fn session(&self, inside: &Inside, row: &SessionRow) -> impl IntoView + use<> {
        let texts = inside.visit.texts;
        let name = if row.device.is_empty() { texts.say("account-device-unknown") } else { row.device.clone() };
        let values = [("since", self.when.at(row.created_at).into()), ("ago", self.when.ago(row.used_at).into())];
        let doing = if row.id == inside.visitor.session {
            view! { <span class="pill">{texts.say("account-this-device")}</span> }.into_any()
        } else {
            let label = format!("{}: {name}", texts.say("account-end"));
            let to = format!("/account/sessions/{}/end", row.id);
            view! {
                <form method="post" action=to><button class="link" aria-label=label>{texts.say("account-end")}</button></form>
            }
            .into_any()
        };
        view! {
            <li>
                <span>
                    {name}
                    <small>{row.business_name.clone()}" · "{texts.tell("account-used", &values)}</small>
                </span>
                {doing}
            </li>
        }
    }
}

fn password(texts: Texts, tried: Tried, trouble: &Trouble) -> impl IntoView + use<> {
    let at = |field: &str| (tried == Tried::Password).then(|| trouble.at(texts, field)).flatten();
    view! {
        <section class="card grid">
            <h2>{texts.say("account-password")}</h2>
            <p class="soft">{texts.say("account-password-lead")}</p>
            <form method="post" action="/account/password">
                <Field name="current" label=texts.say("account-current") kind=Kind::Password fault=at("current") required=true autocomplete="current-password" />
                <Field name="password" label=texts.say("account-new") hint=texts.say("begin-password-hint") kind=Kind::Password fault=at("password") required=true autocomplete="new-password" />
                <p><button class="btn">{texts.say("account-change")}</button></p>
            </form>
        </section>
    }
}

fn anew(texts: Texts, link: &str, email: &str, open: bool, trouble: &Trouble) -> impl IntoView + use<> {
    let (fault, email) = (trouble.at(texts, "password"), email.to_owned());
    let form = open.then(|| {
        view! {
            <form method="post" action=format!("/reset/{link}")>
                <input type="hidden" name="username" autocomplete="username" value=email.clone() />
                <Field name="password" label=texts.say("account-new") hint=texts.say("begin-password-hint") kind=Kind::Password fault required=true autocomplete="new-password" />
                <p><button class="btn tall">{texts.say("account-change")}</button></p>
            </form>
        }
    });
    let lead =
        if open { texts.tell("reset-lead", &[("email", email.clone().into())]) } else { texts.say("reset-over") };
    view! {
        <main id="main" class="slim">
            <h1>{texts.say("reset-title")}</h1>
            <p>{lead}</p>
            {trouble.summary(texts)}
            {form}
        </main>
    }
}
