//! Which roles take a second step: the owner's to say.

use axum::response::Response;
use domain::actor::{Act, Role};
use domain::factor::required;
use domain::revision::Revision;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use store::stands;

use crate::doors::Doors;
use crate::doors::Rule::Member;
use crate::error::Error;
use crate::page::{Sent, Trouble, go};
use crate::people::role_key;
use crate::visit::{Inside, Replacing};

const HERE: &str = "/settings/second-step";

pub fn doors(doors: Doors) -> Doors {
    doors.get(HERE, Member(Act::Govern), show).post(HERE, Member(Act::Govern), change)
}

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct RequiredDraft {
    role: Vec<String>,
}

async fn show(inside: Inside) -> Result<Response, Error> {
    let roles = inside.visit.state.store.required_factors(inside.actor()).await?;
    let title = inside.visit.texts.say("required-title");
    Ok(inside.page(&title, || page(&inside, &roles, &named(&roles), &Trouble::default())))
}

async fn change(inside: Inside, Replacing { form: draft, seen }: Replacing<RequiredDraft>) -> Result<Response, Error> {
    let store = inside.since(&seen);
    let changed = match required(&draft.role) {
        Ok(roles) => store.require_factors(inside.actor(), &roles).await.map_err(Error::from),
        Err(fault) => Err(Error::invalid("role", fault)),
    };
    match changed {
        Ok(()) => Ok(go(HERE)),
        Err(error) => {
            let roles = store.required_factors(inside.actor()).await?;
            let title = inside.visit.texts.say("required-title");
            let (texts, sent) = (inside.visit.texts, Sent::new(seen, &draft));
            let word = |_: &str, role: &str| Role::parse(role).ok().map(|role| texts.say(role_key(role)));
            inside.again_beside(error, &title, sent, word, |trouble| page(&inside, &roles, &draft.role, &trouble))
        }
    }
}

fn named(roles: &[Role]) -> Vec<String> {
    roles.iter().map(|role| role.name().to_owned()).collect()
}

fn page(inside: &Inside, roles: &[Role], chosen: &[String], trouble: &Trouble) -> impl IntoView + use<> {
    let texts = inside.visit.texts;
    let each = Role::ALL.into_iter().map(|role| {
        let checked = chosen.iter().any(|name| name == role.name());
        view! {
            <label class="pick">
                <input type="checkbox" name="role" value=role.name() checked=checked />
                <span>{texts.say(role_key(role))}</span>
            </label>
        }
    });
    view! {
        <main id="main" class="slim">
            <h1>{texts.tell("required-headline", &[("count", roles.len().into())])}</h1>
            <p>{texts.say("required-lead")}</p>
            {trouble.summary(texts)}
            <form class="card" method="post" action=HERE>
                {trouble.revision(&Revision::of(&stands::required(roles)))}
                <fieldset class="field">
                    <legend>{texts.say("required-roles")}</legend>
                    <div class="picks">{each.collect_view()}</div>
                </fieldset>
                <p><button class="btn">{texts.say("action-save")}</button></p>
            </form>
            <p><a class="link" href="/settings">{texts.say("tokens-settings")}</a></p>
        </main>
    }
}
