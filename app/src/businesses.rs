//! The businesses a person belongs to: switching between them, and creating another.

use axum::extract::State as Shared;
use axum::response::Response;
use domain::business::BusinessDraft;
use domain::hours::Hours;
use domain::ids::BusinessId;
use domain::role::Permission;
use leptos::prelude::*;
use store::Membership;

use crate::addresses;
use crate::begin;
use crate::doors::AccessRule::{Member, OwnAccount};
use crate::doors::Doors;
use crate::error::Error;
use crate::names::role_key;
use crate::page::FormErrors;
use crate::request_context::{ClientOrigin, Form, Path, SignedIn};
use crate::session;
use crate::state::AppState;

pub fn doors(doors: Doors) -> Doors {
    doors
        .get(addresses::BUSINESSES, OwnAccount, list)
        .form(addresses::SWITCH_BUSINESS, addresses::BUSINESSES, OwnAccount, switch)
        .get(addresses::NEW_BUSINESS, Member(Permission::Administer), show_new)
        .post(addresses::NEW_BUSINESS, Member(Permission::Administer), create)
}

async fn list(signed_in: SignedIn) -> Result<Response, Error> {
    let memberships = signed_in.context.state.store.memberships(signed_in.user.person).await?;
    let title = signed_in.context.texts.text("businesses-title");
    Ok(signed_in.page(&title, || businesses_page(&signed_in, &memberships)))
}

/// Ends the current session and starts one in the other business.
async fn switch(
    signed_in: SignedIn,
    Shared(state): Shared<AppState>,
    Path(id): Path<BusinessId>,
    ClientOrigin(origin): ClientOrigin,
) -> Result<Response, Error> {
    session::switch_business(&state, &signed_in, id, &origin, addresses::TODAY).await
}

async fn show_new(signed_in: SignedIn) -> Response {
    let draft = begin::default_draft(signed_in.context.texts.lang());
    let title = signed_in.context.texts.text("businesses-new");
    signed_in.page(&title, || new_business_page(&signed_in, &draft, &FormErrors::default()))
}

async fn create(
    signed_in: SignedIn,
    Shared(state): Shared<AppState>,
    ClientOrigin(origin): ClientOrigin,
    Form(draft): Form<BusinessDraft>,
) -> Result<Response, Error> {
    let created = match draft.parse(Hours::always()) {
        Ok(business) => state.store.create_business(signed_in.actor(), &business).await.map_err(Error::from),
        Err(faults) => Err(faults.into()),
    };
    match created {
        Ok(id) => session::switch_business(&state, &signed_in, id, &origin, addresses::GUARANTEES).await,
        Err(error) => {
            let title = signed_in.context.texts.text("businesses-new");
            signed_in.rerender(error, &title, |errors| new_business_page(&signed_in, &draft, &errors))
        }
    }
}

fn businesses_page(signed_in: &SignedIn, memberships: &[Membership]) -> impl IntoView + use<> {
    let texts = signed_in.context.texts;
    let each = memberships.iter().map(|one| {
        let is_current = one.business == signed_in.actor().business;
        let action = if is_current {
            view! { <span class="pill">{texts.text("businesses-here")}</span> }.into_any()
        } else {
            let to = addresses::switch_business(one.business);
            let label = texts.text_with("businesses-switch", &[("name", one.name.clone().into())]);
            view! { <form method="post" action=to><button class="btn quiet">{label}</button></form> }.into_any()
        };
        view! { <li><span>{one.name.clone()}<small>{texts.text(role_key(one.role))}</small></span>{action}</li> }
    });
    let another = signed_in
        .may(Permission::Administer)
        .then(|| view! { <p><a class="btn quiet" href=addresses::NEW_BUSINESS>{texts.text("businesses-new")}</a></p> });
    view! {
        <main id="main" class="slim">
            <h1>{texts.text_with("businesses-headline", &[("count", memberships.len().into())])}</h1>
            <section class="card"><ul class="list">{each.collect_view()}</ul></section>
            {another}
        </main>
    }
}

fn new_business_page(signed_in: &SignedIn, draft: &BusinessDraft, errors: &FormErrors) -> impl IntoView + use<> {
    let texts = signed_in.context.texts;
    view! {
        <main id="main" class="slim">
            <h1>{texts.text("businesses-new")}</h1>
            <p>{texts.text("businesses-new-lead")}</p>
            {errors.summary(texts)}
            <form method="post" action=addresses::NEW_BUSINESS>
                {begin::business_fields(texts, draft, errors)}
                <p><button class="btn tall">{texts.text("begin-submit")}</button></p>
            </form>
        </main>
    }
}
