//! The people let in: who they are, what each may do, and who is invited.

use axum::extract::State as Shared;
use axum::response::Response;
use domain::actor::{Act, Role};
use domain::ids::PersonId;
use domain::invite::{InviteDraft, State as Course};
use leptos::prelude::*;
use serde::Deserialize;
use store::{InviteRow, Member};

use crate::checks::when::When;
use crate::doors::Doors;
use crate::doors::Rule;
use crate::error::Error;
use crate::form::{Field, Item, Select};
use crate::page::{Trouble, go};
use crate::state::State;
use crate::texts::Texts;
use crate::visit::{Form, Inside, Path};

pub fn doors(doors: Doors) -> Doors {
    let (read, invite) = (Rule::Member(Act::Read), Rule::Member(Act::Invite));
    doors
        .get("/people", read, list)
        .post("/people/leave", read, leave)
        .post("/people/{person}/role", invite, appoint)
        .post("/people/{person}/remove", invite, dismiss)
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Appointed {
    role: String,
}

async fn list(inside: Inside) -> Result<Response, Error> {
    let people = People::load(&inside).await?;
    let title = inside.visit.texts.say("people-title");
    let draft = InviteDraft { role: Role::Staff.name().to_owned(), ..InviteDraft::default() };
    Ok(inside.page(&title, || people.view(&inside, &draft, &Trouble::default())))
}

/// The page again, after something was not accepted.
pub(crate) async fn again(inside: &Inside, error: Error, draft: &InviteDraft) -> Result<Response, Error> {
    let people = People::load(inside).await?;
    let title = inside.visit.texts.say("people-title");
    inside.again(error, &title, |trouble| people.view(inside, draft, &trouble))
}

async fn appoint(
    inside: Inside,
    Path(person): Path<PersonId>,
    Form(appointed): Form<Appointed>,
) -> Result<Response, Error> {
    let done = match Role::parse(&appointed.role) {
        Ok(role) => inside.visit.state.store.appoint(inside.actor(), person, role).await.map_err(Error::from),
        Err(fault) => Err(Error::invalid("appointed", fault)),
    };
    settled(&inside, done).await
}

async fn dismiss(inside: Inside, Path(person): Path<PersonId>) -> Result<Response, Error> {
    let done = inside.visit.state.store.dismiss(inside.actor(), person).await.map_err(Error::from);
    settled(&inside, done).await
}

async fn settled(inside: &Inside, done: Result<Option<()>, Error>) -> Result<Response, Error> {
    match done {
        Ok(Some(())) => Ok(go("/people")),
        Ok(None) => Err(Error::NotFound),
        Err(error) => again(inside, error, &InviteDraft::default()).await,
    }
}

async fn leave(inside: Inside, Shared(state): Shared<State>) -> Result<Response, Error> {
    match state.store.leave(inside.actor()).await.map_err(Error::from) {
        Ok(()) => Ok(go("/")),
        Err(error) => again(&inside, error, &InviteDraft::default()).await,
    }
}

/// Who is in, and who is asked in.
struct People {
    members: Vec<Member>,
    invites: Vec<InviteRow>,
    when: When,
}

impl People {
    async fn load(inside: &Inside) -> Result<Self, Error> {
        let (store, actor) = (&inside.visit.state.store, inside.actor());
        let invites = if inside.may(Act::Invite) { store.invites(actor).await? } else { Vec::new() };
        let when = When::of(inside.visit.texts, &store.home(actor).await?, store.now());
        Ok(Self { members: store.members(actor).await?, invites, when })
    }

    fn view(&self, inside: &Inside, draft: &InviteDraft, trouble: &Trouble) -> impl IntoView + use<> {
        let texts = inside.visit.texts;
        let each = self.members.iter().map(|one| member(inside, one)).collect_view();
        let asked = inside.may(Act::Invite).then(|| {
            view! {
                <div class="grid">
                    {invitation(texts, inside.actor().role, draft, trouble)}
                    {self.invites(inside)}
                </div>
            }
        });
        let devices = inside.may(Act::Invite).then(|| {
            view! { <p><a class="btn quiet" href="/devices">{texts.say("devices-title")}</a></p> }
        });
        view! {
            <main id="main">
                <h1>{texts.tell("people-headline", &[("count", self.members.len().into())])}</h1>
                {trouble.summary(texts)}
                <div class="two">
                    <section class="card"><ul class="list people">{each}</ul></section>
                    {asked}
                </div>
                {devices}
            </main>
        }
    }

    fn invites(&self, inside: &Inside) -> Option<impl IntoView + use<>> {
        let texts = inside.visit.texts;
        let each = self.invites.iter().map(|invite| {
            let until = [("until", self.when.at(invite.expires_at).into())];
            let state = match invite.state {
                Course::Open => texts.tell("invites-open", &until),
                Course::Used => texts.say("invites-used"),
                Course::Revoked => texts.say("invites-revoked"),
                Course::RunOut => texts.say("invites-run-out"),
            };
            let open = invite.state == Course::Open && inside.actor().role.may_give(invite.role);
            let revoke = open.then(|| {
                let (to, label) = (format!("/invites/{}/revoke", invite.id), texts.say("invites-revoke"));
                let whose = format!("{label}: {}", invite.name);
                view! { <form method="post" action=to><button class="link" aria-label=whose>{label}</button></form> }
            });
            view! {
                <li>
                    <span>{invite.name.clone()}<small>{texts.say(role_key(invite.role))}" · "{state}</small></span>
                    {revoke}
                </li>
            }
        });
        let each = each.collect_view();
        (!self.invites.is_empty()).then(|| {
            view! {
                <section class="card grid">
                    <h2>{texts.say("invites-title")}</h2>
                    <ul class="list">{each}</ul>
                </section>
            }
        })
    }
}

fn member(inside: &Inside, member: &Member) -> impl IntoView + use<> {
    let (texts, me) = (inside.visit.texts, inside.visitor.person == member.person);
    let yours = inside.may(Act::Invite) && inside.actor().role.may_give(member.role);
    let doing = if me {
        Some(leaving(texts).into_any())
    } else {
        yours.then(|| changing(texts, inside.actor().role, member).into_any())
    };
    let you = me.then(|| view! { " " <small>{texts.say("people-you")}</small> });
    view! {
        <li>
            <span>{member.name.clone()}{you}<small>{member.email.clone()}</small></span>
            <span class="pill">{texts.say(role_key(member.role))}</span>
            {doing}
        </li>
    }
}

/// What can be changed about someone, out of the way until it is wanted.
fn changing(texts: Texts, by: Role, member: &Member) -> impl IntoView + use<> {
    let (id, role) = (member.person, member.role);
    let name = [("name", member.name.clone().into())];
    let others = Role::ALL.into_iter().filter(|other| *other != role && by.may_give(*other));
    let each = others.map(|other| {
        let says = [("role", texts.say(role_key(other)).into())];
        view! { <button class="btn quiet" name="role" value=other.name()>{texts.tell("people-make", &says)}</button> }
    });
    view! {
        <details>
            <summary>{texts.tell("people-change", &name)}</summary>
            <form class="row" method="post" action=format!("/people/{id}/role")>{each.collect_view()}</form>
            <form method="post" action=format!("/people/{id}/remove")>
                <p class="hint">{texts.say("people-remove-means")}</p>
                <button class="btn stop">{texts.tell("people-remove", &name)}</button>
            </form>
        </details>
    }
}

fn leaving(texts: Texts) -> impl IntoView {
    view! {
        <details>
            <summary>{texts.say("people-leave-ask")}</summary>
            <form method="post" action="/people/leave">
                <p class="hint">{texts.say("people-leave-means")}</p>
                <button class="btn stop">{texts.say("people-leave")}</button>
            </form>
        </details>
    }
}

fn invitation(texts: Texts, by: Role, draft: &InviteDraft, trouble: &Trouble) -> impl IntoView + use<> {
    let roles = Role::ALL.into_iter().filter(|role| by.may_give(*role));
    let roles = roles.map(|role| Item::new(role.name(), texts.say(role_key(role))).hint(texts.say(role_hint(role))));
    let (InviteDraft { name, role }, roles) = (draft.clone(), roles.collect::<Vec<_>>());
    let at = |field: &str| trouble.at(texts, field);
    view! {
        <section class="card grid">
            <h2>{texts.say("invites-new")}</h2>
            <p class="soft">{texts.say("invites-lead")}</p>
            <form method="post" action="/invites">
                <Field name="name" label=texts.say("invites-name") hint=texts.say("invites-name-hint") value=name fault=at("name") required=true max=160 autocomplete="off" />
                <Select name="role" label=texts.say("people-role") items=roles value=role fault=at("role") required=true />
                <p><button class="btn">{texts.say("invites-make")}</button></p>
            </form>
        </section>
    }
}

pub(crate) fn role_key(role: Role) -> &'static str {
    match role {
        Role::Owner => "role-owner",
        Role::Manager => "role-manager",
        Role::Staff => "role-staff",
        Role::Auditor => "role-auditor",
    }
}

pub(crate) fn role_hint(role: Role) -> &'static str {
    match role {
        Role::Owner => "people-owner-may",
        Role::Manager => "people-manager-may",
        Role::Staff => "people-staff-may",
        Role::Auditor => "people-auditor-may",
    }
}
