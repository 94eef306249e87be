//! The people let in: who they are, and letting in one more.

use axum::response::Response;
use domain::actor::{Act, Role};
use domain::person::NewcomerDraft;
use leptos::prelude::*;
use store::Member;

use crate::doors::Doors;
use crate::doors::Rule;
use crate::error::Error;
use crate::form::{Field, Item, Kind, Select};
use crate::page::{Trouble, go};
use crate::texts::Texts;
use crate::visit::{Form, Inside};

pub fn doors(doors: Doors) -> Doors {
    doors.get("/people", Rule::Member(Act::Read), list).post("/people", Rule::Member(Act::Govern), add)
}

async fn list(inside: Inside) -> Result<Response, Error> {
    let members = inside.visit.state.store.members(inside.actor()).await?;
    let title = inside.visit.texts.say("people-title");
    let draft = NewcomerDraft { role: Role::Staff.name().to_owned(), ..NewcomerDraft::default() };
    Ok(inside.page(&title, || people(&inside, &members, &draft, &Trouble::default())))
}

async fn add(inside: Inside, Form(draft): Form<NewcomerDraft>) -> Result<Response, Error> {
    match let_in(&inside, &draft).await {
        Ok(()) => Ok(go("/people")),
        Err(error) => {
            let members = inside.visit.state.store.members(inside.actor()).await?;
            let title = inside.visit.texts.say("people-title");
            inside.again(error, &title, |trouble| people(&inside, &members, &draft, &trouble))
        }
    }
}

async fn let_in(inside: &Inside, draft: &NewcomerDraft) -> Result<(), Error> {
    let newcomer = draft.parse()?;
    let state = &inside.visit.state;
    let hash = state.hash(newcomer.password.clone()).await?;
    state.store.add_person(inside.actor(), &newcomer, &hash).await?;
    Ok(())
}

fn people(inside: &Inside, members: &[Member], draft: &NewcomerDraft, trouble: &Trouble) -> impl IntoView + use<> {
    let texts = inside.visit.texts;
    let each = members.iter().map(|member| {
        view! {
            <li>
                <span>{member.name.clone()}<small>{member.email.clone()}</small></span>
                <span class="pill">{texts.say(role_key(member.role))}</span>
            </li>
        }
    });
    let form = inside.may(Act::Govern).then(|| newcomer(texts, draft, trouble));
    view! {
        <main id="main">
            <h1>{texts.tell("people-headline", &[("count", members.len().into())])}</h1>
            <div class="two">
                <section class="card"><ul class="list">{each.collect_view()}</ul></section>
                {form}
            </div>
        </main>
    }
}

fn newcomer(texts: Texts, draft: &NewcomerDraft, trouble: &Trouble) -> impl IntoView + use<> {
    let roles =
        Role::ALL.map(|role| Item::new(role.name(), texts.say(role_key(role))).hint(texts.say(role_hint(role))));
    let NewcomerDraft { name, email, role, .. } = draft.clone();
    let at = |field: &str| trouble.at(texts, field);
    view! {
        <section class="card grid">
            <h2>{texts.say("people-add")}</h2>
            {trouble.summary(texts)}
            <form method="post" action="/people">
                <Field name="name" label=texts.say("people-name") value=name fault=at("name") required=true max=160 autocomplete="off" />
                <Field name="email" label=texts.say("people-email") kind=Kind::Email value=email fault=at("email") required=true autocomplete="off" />
                <Field name="password" label=texts.say("people-password") hint=texts.say("people-password-hint") kind=Kind::Password fault=at("password") required=true autocomplete="new-password" />
                <Select name="role" label=texts.say("people-role") items=roles.to_vec() value=role fault=at("role") required=true />
                <p><button class="btn">{texts.say("people-submit")}</button></p>
            </form>
        </section>
    }
}

fn role_key(role: Role) -> &'static str {
    match role {
        Role::Owner => "role-owner",
        Role::Manager => "role-manager",
        Role::Staff => "role-staff",
        Role::Auditor => "role-auditor",
    }
}

fn role_hint(role: Role) -> &'static str {
    match role {
        Role::Owner => "people-owner-may",
        Role::Manager => "people-manager-may",
        Role::Staff => "people-staff-may",
        Role::Auditor => "people-auditor-may",
    }
}
