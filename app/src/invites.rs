//! Letting someone in by a private link: made inside, opened by whoever it was sent to.

use axum::extract::State as Shared;
use axum::response::Response;
use domain::actor::Act;
use domain::ids::{InviteId, PersonId};
use domain::invite::{InviteDraft, State as Course};
use domain::person::EntrantDraft;
use leptos::prelude::*;
use store::Invitation;

use crate::doors::Doors;
use crate::doors::Rule::{Holder, Member};
use crate::error::Error;
use crate::form::{Field, Kind};
use crate::limits::Bound;
use crate::page::{Trouble, go};
use crate::people::{Tried, again, role_hint, role_key};
use crate::shown_once::{self, Shown, go_and_show};
use crate::sign_in;
use crate::state::State;
use crate::texts::Texts;
use crate::visit::{Asking, Form, Inside, Path, Visit};

pub fn doors(doors: Doors) -> Doors {
    doors
        .form("/invites", "/people", Member(Act::Invite), invite)
        .get("/invites/{id}", Member(Act::Invite), show)
        .form("/invites/{id}/link", "/invites/{id}", Member(Act::Invite), renew)
        .form("/invites/{id}/revoke", "/people", Member(Act::Invite), revoke)
        .get("/join/{link}", Holder, ask)
        .post("/join/{link}", Holder, join)
}

async fn invite(inside: Inside, Form(draft): Form<InviteDraft>) -> Result<Response, Error> {
    let made = match draft.parse() {
        Ok(invite) => inside.visit.state.store.invite(inside.actor(), &invite).await.map_err(Error::from),
        Err(faults) => Err(faults.into()),
    };
    match made {
        Ok(made) => Ok(go_and_show(&inside, &address(made.id), &made.token)),
        Err(error) => again(&inside, error, Tried::Invite(&draft)).await,
    }
}

/// The link, while the browser of its maker keeps it; then the way to a new one.
async fn show(inside: Inside, Path(id): Path<InviteId>, Shown(token): Shown) -> Result<Response, Error> {
    let store = &inside.visit.state.store;
    let row = store.invite_of(inside.actor(), id).await?.ok_or(Error::NotFound)?;
    let token = match token {
        Some(token) => {
            let behind = store.invitation(&token).await?;
            behind.filter(|behind| behind.id == id && behind.state == Course::Open).map(|_| token)
        }
        None => None,
    };
    let (texts, title) = (inside.visit.texts, inside.visit.texts.say("invites-made"));
    Ok(match token {
        Some(token) => {
            let link = format!("{}/join/{token}", inside.visit.state.base_url);
            inside.page(&title, || made_page(texts, &row.name, link))
        }
        None => {
            let renewable = matches!(row.state, Course::Open | Course::RunOut);
            let renew = renewable.then(|| format!("{}/link", address(id)));
            let headline = texts.tell("invites-of", &[("name", row.name.into())]);
            let back = ("/people", texts.say("invites-back"));
            inside.page(&title, || shown_once::over(texts, headline, renew, back))
        }
    })
}

async fn renew(inside: Inside, Path(id): Path<InviteId>) -> Result<Response, Error> {
    match inside.visit.state.store.renew_invite(inside.actor(), id).await.map_err(Error::from) {
        Ok(Some(made)) => Ok(go_and_show(&inside, &address(id), &made.token)),
        Ok(None) => Err(Error::NotFound),
        Err(error) => again(&inside, error, Tried::Other).await,
    }
}

fn address(id: InviteId) -> String {
    format!("/invites/{id}")
}

async fn revoke(inside: Inside, Path(id): Path<InviteId>) -> Result<Response, Error> {
    match inside.visit.state.store.revoke_invite(inside.actor(), id).await.map_err(Error::from) {
        Ok(Some(())) => Ok(go("/people")),
        Ok(None) => Err(Error::NotFound),
        Err(error) => again(&inside, error, Tried::Other).await,
    }
}

async fn ask(visit: Visit, Path(link): Path<String>) -> Result<Response, Error> {
    visit.state.allow_from(Bound::Links, visit.client)?;
    let invitation = visit.state.store.invitation(&link).await?.ok_or(Error::NotFound)?;
    let title = visit.texts.tell("join-title", &business(&invitation));
    Ok(visit.page(&title, || page(&visit, &link, &invitation, &EntrantDraft::default(), &Trouble::default())))
}

/// Whoever is signed in joins as they are; anyone else becomes someone here.
async fn join(
    visit: Visit,
    Shared(state): Shared<State>,
    Path(link): Path<String>,
    Asking(origin): Asking,
    Form(draft): Form<EntrantDraft>,
) -> Result<Response, Error> {
    state.allow_from(Bound::Links, visit.client)?;
    let invitation = state.store.invitation(&link).await?.ok_or(Error::NotFound)?;
    let joined = match &visit.visitor {
        Some(visitor) => {
            let joined = state.store.join(&link, visitor.person).await;
            joined.map(|joined| joined.map(|_| visitor.person)).map_err(Error::from)
        }
        None => enter(&state, &link, &invitation, &draft).await,
    };
    match joined {
        Ok(Some(person)) => sign_in::enter_at(&state, person, invitation.business, &origin, "/today").await,
        Ok(None) => Err(Error::NotFound),
        Err(error) => {
            let title = visit.texts.tell("join-title", &business(&invitation));
            visit.again(error, &title, |trouble| page(&visit, &link, &invitation, &draft, &trouble))
        }
    }
}

async fn enter(
    state: &State,
    link: &str,
    invitation: &Invitation,
    draft: &EntrantDraft,
) -> Result<Option<PersonId>, Error> {
    let entrant = draft.parse()?;
    state.allow(Bound::Link, link)?;
    let known = [entrant.name.as_str(), entrant.email.as_str(), &invitation.business_name];
    let hash = state.hash(entrant.password.clone(), &known).await?;
    Ok(state.store.enter(link, &entrant, &hash).await?)
}

fn business(invitation: &Invitation) -> [(&'static str, crate::texts::Value<'static>); 1] {
    [("business", invitation.business_name.clone().into())]
}

fn made_page(texts: Texts, name: &str, link: String) -> impl IntoView + use<> {
    view! {
        <main id="main" class="slim">
            <h1>{texts.tell("invites-made-headline", &[("name", name.trim().to_owned().into())])}</h1>
            <p>{texts.say("invites-made-lead")}</p>
            {shown_once::card(texts, link, true)}
            <p><a class="btn" href="/people">{texts.say("invites-back")}</a></p>
        </main>
    }
}

fn page(
    visit: &Visit,
    link: &str,
    invitation: &Invitation,
    draft: &EntrantDraft,
    trouble: &Trouble,
) -> impl IntoView + use<> {
    let texts = visit.texts;
    let lead = match invitation.state {
        Course::Open => texts.say(role_hint(invitation.role)),
        Course::Used => texts.say("join-used"),
        Course::Revoked | Course::RunOut => texts.say("join-over"),
    };
    let role = [("role", texts.say(role_key(invitation.role)).into())];
    let form = (invitation.state == Course::Open).then(|| match &visit.visitor {
        Some(visitor) => as_oneself(texts, link, &visitor.name).into_any(),
        None => as_someone_new(texts, link, invitation, draft, trouble).into_any(),
    });
    view! {
        <main id="main" class="slim">
            <h1>{texts.tell("join-headline", &business(invitation))}</h1>
            <p>{texts.tell("join-role", &role)}" "{lead}</p>
            {trouble.summary(texts)}
            {form}
        </main>
    }
}

fn as_oneself(texts: Texts, link: &str, name: &str) -> impl IntoView + use<> {
    let says = texts.tell("join-as", &[("name", name.to_owned().into())]);
    view! { <form method="post" action=format!("/join/{link}")><p><button class="btn tall">{says}</button></p></form> }
}

fn as_someone_new(
    texts: Texts,
    link: &str,
    invitation: &Invitation,
    draft: &EntrantDraft,
    trouble: &Trouble,
) -> impl IntoView + use<> {
    let EntrantDraft { name, email, .. } = draft.clone();
    let name = if name.is_empty() { invitation.name.clone() } else { name };
    let at = |field: &str| trouble.at(texts, field);
    view! {
        <form method="post" action=format!("/join/{link}")>
            <Field name="name" label=texts.say("join-name") hint=texts.say("join-name-hint") value=name fault=at("name") required=true max=160 autocomplete="name" />
            <Field name="email" label=texts.say("sign-in-email") hint=texts.say("join-email-hint") kind=Kind::Email value=email fault=at("email") required=true autocomplete="username" />
            <Field name="password" label=texts.say("sign-in-password") hint=texts.say("begin-password-hint") kind=Kind::Password fault=at("password") required=true autocomplete="new-password" />
            <p><button class="btn tall">{texts.say("join-submit")}</button></p>
        </form>
        <p><a href=sign_in::address(&format!("/join/{link}"))>{texts.say("join-known")}</a></p>
    }
}
