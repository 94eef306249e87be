//! Letting someone in by a private link: made inside, opened by whoever it was sent to.

use axum::extract::State as Shared;
use axum::response::Response;
use domain::actor::Act;
use domain::fault::Fault;
use domain::ids::{InviteId, PersonId};
use domain::invite::{InviteDraft, State as Course};
use domain::person::EntrantDraft;
use domain::text::tidy;
use leptos::prelude::*;
use store::{Invitation, Origin};

use crate::doors::Doors;
use crate::doors::Rule::{KnownHolder, Member};
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
        .get("/join/{link}", KnownHolder, ask)
        .post("/join/{link}", KnownHolder, join)
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
    Ok(if let Some(token) = token {
        let link = format!("{}/join/{token}", inside.visit.state.base_url);
        inside.page(&title, || made_page(texts, &row.name, link))
    } else {
        let renewable = matches!(row.state, Course::Open | Course::RunOut);
        let renew = renewable.then(|| format!("{}/link", address(id)));
        let headline = texts.tell("invites-of", &[("name", row.name.into())]);
        let back = ("/people", texts.say("invites-back"));
        inside.page(&title, || shown_once::over(texts, headline, renew, back))
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

/// The invitation that somebody comes back to when they have signed in, if it is one.
pub(crate) fn invitation(to: &str) -> Option<&str> {
    to.strip_prefix("/join/").filter(|link| !link.is_empty() && link.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// What is said to whoever signs in to join.
pub(crate) async fn joining(visit: &Visit, to: &str) -> Result<Option<String>, Error> {
    let Some(link) = invitation(to) else { return Ok(None) };
    visit.state.allow_from(Bound::Links, visit.client)?;
    let invitation = visit.state.store.invitation(link).await?;
    let open = invitation.filter(|invitation| invitation.state == Course::Open);
    Ok(open.map(|invitation| visit.texts.tell("join-by-signing-in", &business(&invitation))))
}

async fn ask(visit: Visit, Path(link): Path<String>) -> Result<Response, Error> {
    visit.state.allow_from(Bound::Links, visit.client)?;
    let invitation = visit.state.store.invitation(&link).await?.ok_or(Error::NotFound)?;
    let is_theirs = |visitor: &store::Visitor| visitor.actor.business == invitation.business;
    if invitation.state == Course::Used && visit.visitor.as_ref().is_some_and(is_theirs) {
        return Ok(go("/today"));
    }
    let title = visit.texts.tell("join-title", &business(&invitation));
    Ok(visit.page(&title, || page(&visit, &link, &invitation, &EntrantDraft::default(), &Trouble::default())))
}

/// Whoever is signed in joins as they are; anyone else becomes someone here, or shows that they are already.
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
        Some(visitor) => as_they_are(&state, visitor.person, &link, &invitation, &origin).await,
        None => enter(&visit, &link, &invitation, &draft, &origin).await,
    };
    joined.or_else(|error| {
        let title = visit.texts.tell("join-title", &business(&invitation));
        visit.again(error, &title, |trouble| page(&visit, &link, &invitation, &draft, &trouble))
    })
}

async fn as_they_are(
    state: &State,
    person: PersonId,
    link: &str,
    invitation: &Invitation,
    origin: &Origin,
) -> Result<Response, Error> {
    state.store.join(link, person).await?.ok_or(Error::NotFound)?;
    sign_in::enter_at(state, person, invitation.business, origin, "/today").await
}

/// Someone new comes in at once. An account that is there already is taken up again only by whoever signs in to it: with its
/// own password, and its second step.
async fn enter(
    visit: &Visit,
    link: &str,
    invitation: &Invitation,
    draft: &EntrantDraft,
    origin: &Origin,
) -> Result<Response, Error> {
    let state = &visit.state;
    let entrant = draft.parse()?;
    state.allow(Bound::Link, link)?;
    // Before it is looked up who has the address: whatever can be wrong with a new account is said first.
    let known = [entrant.name.as_str(), entrant.email.as_str(), &invitation.business_name];
    let hash = state.hash(entrant.password.clone(), &known).await?;
    state.allow_sign_in(visit.client, &draft.email)?;
    let accounts = state.store.credentials(&entrant.email).await?;
    if let Some((first, _)) = accounts.first() {
        let first = *first;
        let Some(person) = sign_in::opened(state, &draft.password, accounts).await? else {
            state.store.note_wrong_password(first, origin).await?;
            return Err(not_theirs());
        };
        state.signed_in(visit.client, &draft.email);
        return sign_in::go_on(state, person, origin, &format!("/join/{link}")).await;
    }
    let entered = state.store.enter(link, &entrant, &hash).await.map_err(|error| match error {
        // Somebody took the address in between.
        store::Error::Invalid(faults) if faults.at("email").is_some() => not_theirs(),
        error => error.into(),
    });
    let person = entered?.ok_or(Error::NotFound)?;
    sign_in::enter_at(state, person, invitation.business, origin, "/today").await
}

/// The address and the password do not open an account, and none can be made of them.
fn not_theirs() -> Error {
    Error::invalid("password", Fault::Wrong)
}

fn business(invitation: &Invitation) -> [(&'static str, crate::texts::Value<'static>); 1] {
    [("business", invitation.business_name.clone().into())]
}

fn made_page(texts: Texts, name: &str, link: String) -> impl IntoView + use<> {
    view! {
        <main id="main" class="slim">
            <h1>{texts.tell("invites-made-headline", &[("name", tidy(name).into())])}</h1>
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
    let password = if trouble.has("password", Fault::Wrong) { Some(texts.say("join-wrong")) } else { at("password") };
    view! {
        <form method="post" action=format!("/join/{link}")>
            <Field name="name" label=texts.say("join-name") hint=texts.say("join-name-hint") value=name fault=at("name") required=true max=160 autocomplete="name" />
            <Field name="email" label=texts.say("sign-in-email") hint=texts.say("join-email-hint") kind=Kind::Email value=email fault=at("email") required=true autocomplete="username" />
            <Field name="password" label=texts.say("sign-in-password") hint=texts.say("begin-password-hint") kind=Kind::Password fault=password required=true autocomplete="new-password" />
            <p><button class="btn tall">{texts.say("join-submit")}</button></p>
        </form>
        <p><a href=sign_in::address(&format!("/join/{link}"))>{texts.say("join-known")}</a></p>
    }
}
