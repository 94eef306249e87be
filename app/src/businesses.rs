//! The businesses someone belongs to: going from one to another, and beginning one more.

use axum::extract::State as Shared;
use axum::response::Response;
use domain::actor::Act;
use domain::business::BusinessDraft;
use domain::hours::Hours;
use domain::ids::BusinessId;
use leptos::prelude::*;
use store::Membership;

use crate::begin;
use crate::doors::Doors;
use crate::doors::Rule::{Member, Oneself};
use crate::error::Error;
use crate::page::Trouble;
use crate::people::role_key;
use crate::sign_in;
use crate::state::State;
use crate::visit::{Asking, Form, Inside, Path};

pub fn doors(doors: Doors) -> Doors {
    doors
        .get("/businesses", Oneself, list)
        .form("/businesses/{id}/switch", "/businesses", Oneself, switch)
        .get("/businesses/new", Member(Act::Govern), ask)
        .post("/businesses/new", Member(Act::Govern), begin)
}

async fn list(inside: Inside) -> Result<Response, Error> {
    let memberships = inside.visit.state.store.memberships(inside.visitor.person).await?;
    let title = inside.visit.texts.say("businesses-title");
    Ok(inside.page(&title, || page(&inside, &memberships)))
}

/// The session that was good for one business ends, another one begins.
async fn switch(
    inside: Inside,
    Shared(state): Shared<State>,
    Path(id): Path<BusinessId>,
    Asking(origin): Asking,
) -> Result<Response, Error> {
    sign_in::switch(&state, &inside, id, &origin, "/today").await
}

async fn ask(inside: Inside) -> Response {
    let draft = begin::blank(inside.visit.texts.lang());
    let title = inside.visit.texts.say("businesses-new");
    inside.page(&title, || form(&inside, &draft, &Trouble::default()))
}

async fn begin(
    inside: Inside,
    Shared(state): Shared<State>,
    Asking(origin): Asking,
    Form(draft): Form<BusinessDraft>,
) -> Result<Response, Error> {
    let begun = match draft.parse(Hours::always()) {
        Ok(business) => state.store.begin_another(inside.actor(), &business).await.map_err(Error::from),
        Err(faults) => Err(faults.into()),
    };
    match begun {
        Ok(id) => sign_in::switch(&state, &inside, id, &origin, "/guarantees").await,
        Err(error) => {
            let title = inside.visit.texts.say("businesses-new");
            inside.again(error, &title, |trouble| form(&inside, &draft, &trouble))
        }
    }
}

fn page(inside: &Inside, memberships: &[Membership]) -> impl IntoView + use<> {
    let texts = inside.visit.texts;
    let each = memberships.iter().map(|one| {
        let here = one.business == inside.actor().business;
        let go = if here {
            view! { <span class="pill">{texts.say("businesses-here")}</span> }.into_any()
        } else {
            let to = format!("/businesses/{}/switch", one.business);
            let says = texts.tell("businesses-switch", &[("name", one.name.clone().into())]);
            view! { <form method="post" action=to><button class="btn quiet">{says}</button></form> }.into_any()
        };
        view! { <li><span>{one.name.clone()}<small>{texts.say(role_key(one.role))}</small></span>{go}</li> }
    });
    let another = inside
        .may(Act::Govern)
        .then(|| view! { <p><a class="btn quiet" href="/businesses/new">{texts.say("businesses-new")}</a></p> });
    view! {
        <main id="main" class="slim">
            <h1>{texts.tell("businesses-headline", &[("count", memberships.len().into())])}</h1>
            <section class="card"><ul class="list">{each.collect_view()}</ul></section>
            {another}
        </main>
    }
}

fn form(inside: &Inside, draft: &BusinessDraft, trouble: &Trouble) -> impl IntoView + use<> {
    let texts = inside.visit.texts;
    view! {
        <main id="main" class="slim">
            <h1>{texts.say("businesses-new")}</h1>
            <p>{texts.say("businesses-new-lead")}</p>
            {trouble.summary(texts)}
            <form method="post" action="/businesses/new">
                {begin::fields(texts, draft, trouble)}
                <p><button class="btn tall">{texts.say("begin-submit")}</button></p>
            </form>
        </main>
    }
}
