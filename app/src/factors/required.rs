//! Which roles must have a second factor. Owners decide.

use axum::response::Response;
use domain::edit_tag::EditTag;
use domain::factor::parse_required_roles;
use domain::role::{Permission, Role};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use store::edit_state;

use crate::addresses;
use crate::doors::AccessRule::Member;
use crate::doors::Doors;
use crate::error::Error;
use crate::flash::Flash;
use crate::names::role_key;
use crate::page::{FormErrors, Submission};
use crate::request_context::{SignedIn, VersionedForm};

pub fn doors(doors: Doors) -> Doors {
    doors.get(addresses::REQUIRED_FACTORS, Member(Permission::Administer), show).post(
        addresses::REQUIRED_FACTORS,
        Member(Permission::Administer),
        change,
    )
}

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct RequiredDraft {
    role: Vec<String>,
}

async fn show(signed_in: SignedIn) -> Result<Response, Error> {
    let roles = signed_in.context.state.store.required_factors(signed_in.actor()).await?;
    let title = signed_in.context.texts.text("required-title");
    Ok(signed_in.page(&title, || required_page(&signed_in, &roles, &role_names(&roles), &FormErrors::default())))
}

async fn change(
    signed_in: SignedIn,
    VersionedForm { form: draft, revision }: VersionedForm<RequiredDraft>,
) -> Result<Response, Error> {
    let store = signed_in.store_at(&revision);
    let changed = match parse_required_roles(&draft.role) {
        Ok(roles) => store.require_factors(signed_in.actor(), &roles).await.map_err(Error::from),
        Err(fault) => Err(Error::invalid("role", fault)),
    };
    match changed {
        Ok(()) => Ok(signed_in.saved(addresses::REQUIRED_FACTORS, Flash::RequiredFactorsSaved)),
        Err(error) => {
            let roles = store.required_factors(signed_in.actor()).await?;
            let title = signed_in.context.texts.text("required-title");
            let (texts, sent) = (signed_in.context.texts, Submission::new(revision, &draft));
            let display_value = |_: &str, role: &str| Role::parse(role).ok().map(|role| texts.text(role_key(role)));
            signed_in.rerender_with_current(error, &title, sent, display_value, |errors| {
                required_page(&signed_in, &roles, &draft.role, &errors)
            })
        }
    }
}

fn role_names(roles: &[Role]) -> Vec<String> {
    roles.iter().map(|role| role.name().to_owned()).collect()
}

fn required_page(
    signed_in: &SignedIn,
    roles: &[Role],
    chosen: &[String],
    errors: &FormErrors,
) -> impl IntoView + use<> {
    let texts = signed_in.context.texts;
    let each = Role::ALL.into_iter().map(|role| {
        let checked = chosen.iter().any(|name| name == role.name());
        view! {
            <label class="pick">
                <input type="checkbox" name="role" value=role.name() checked=checked />
                <span>{texts.text(role_key(role))}</span>
            </label>
        }
    });
    view! {
        <main id="main" class="slim">
            <h1>{texts.text_with("required-headline", &[("count", roles.len().into())])}</h1>
            <p>{texts.text("required-lead")}</p>
            {errors.summary(texts)}
            <form class="card" method="post" action=addresses::REQUIRED_FACTORS>
                {errors.revision_field(&EditTag::of(&edit_state::required_roles(roles)))}
                <fieldset class="field">
                    <legend>{texts.text("required-roles")}</legend>
                    <div class="picks">{each.collect_view()}</div>
                </fieldset>
                <p><button class="btn">{texts.text("action-save")}</button></p>
            </form>
            <p><a class="link" href=addresses::SETTINGS>{texts.text("tokens-settings")}</a></p>
        </main>
    }
}
