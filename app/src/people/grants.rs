//! The grants a member has made. They end with the member's rights, unless somebody else takes them over.

use axum::response::Response;
use domain::fault::Fault;
use domain::grant::{Grant, GrantId};
use domain::ids::PersonId;
use domain::rights::Rights;
use domain::role::Permission;
use leptos::prelude::*;
use serde::Deserialize;
use store::{GrantRow, PersonGrants, SiteRow};

use crate::addresses;
use crate::doors::AccessRule::Member;
use crate::doors::Doors;
use crate::error::Error;
use crate::flash::Flash;
use crate::local_time::LocalTime;
use crate::names::role_key;
use crate::page::FormErrors;
use crate::request_context::{Form, Path, SignedIn};
use crate::site_access::site_names;
use crate::texts::Texts;

pub(super) fn doors(doors: Doors) -> Doors {
    let (page, invite) = (addresses::GRANTS, Member(Permission::Invite));
    doors.get(page, invite, show).form(addresses::TAKE_OVER_GRANTS, page, invite, take_over).form(
        addresses::END_GRANTS,
        page,
        invite,
        end,
    )
}

/// One grant, or all of them.
#[derive(Default, Deserialize)]
#[serde(default)]
struct GrantSelection {
    #[serde(rename = "made")]
    grant: String,
}

const ALL: &str = "all";

impl GrantSelection {
    fn parse(&self) -> Result<Option<GrantId>, Fault> {
        if self.grant == ALL { Ok(None) } else { GrantId::parse(&self.grant).map(Some) }
    }
}

async fn show(signed_in: SignedIn, Path(person): Path<PersonId>) -> Result<Response, Error> {
    let page = GrantsPage::load(&signed_in, person).await?;
    Ok(signed_in.page(&page.title(), || page.view(&FormErrors::default())))
}

async fn take_over(
    signed_in: SignedIn,
    Path(person): Path<PersonId>,
    Form(selection): Form<GrantSelection>,
) -> Result<Response, Error> {
    let result = match selection.parse() {
        Ok(which) => {
            signed_in.context.state.store.take_over_grants(signed_in.actor(), person, which).await.map_err(Error::from)
        }
        Err(fault) => Err(Error::invalid("made", fault)),
    };
    respond(&signed_in, person, result).await
}

async fn end(
    signed_in: SignedIn,
    Path(person): Path<PersonId>,
    Form(selection): Form<GrantSelection>,
) -> Result<Response, Error> {
    let result = match selection.parse() {
        Ok(which) => {
            signed_in.context.state.store.revoke_grants(signed_in.actor(), person, which).await.map_err(Error::from)
        }
        Err(fault) => Err(Error::invalid("made", fault)),
    };
    respond(&signed_in, person, result).await
}

async fn respond(signed_in: &SignedIn, person: PersonId, result: Result<Option<()>, Error>) -> Result<Response, Error> {
    match result {
        Ok(Some(())) => Ok(signed_in.saved(&addresses::grants(person), Flash::GrantsRevoked)),
        Ok(None) => Err(Error::NotFound),
        Err(error) => {
            let page = GrantsPage::load(signed_in, person).await?;
            signed_in.rerender(error, &page.title(), |errors| page.view(&errors))
        }
    }
}

struct GrantsPage {
    person: PersonId,
    grants: PersonGrants,
    sites: Vec<SiteRow>,
    local_time: LocalTime,
    is_own: bool,
}

impl GrantsPage {
    async fn load(signed_in: &SignedIn, person: PersonId) -> Result<Self, Error> {
        let (store, actor) = (&signed_in.context.state.store, signed_in.actor());
        let grants = store.grants_of(actor, person).await?.ok_or(Error::NotFound)?;
        let local_time = LocalTime::of(signed_in.context.texts, &store.business(actor).await?, store.now());
        Ok(Self {
            person,
            grants,
            sites: store.sites(actor).await?,
            local_time,
            is_own: signed_in.user.person == person,
        })
    }

    fn texts(&self) -> Texts {
        self.local_time.texts
    }

    fn title(&self) -> String {
        self.texts().text_with("grants-title", &[("name", self.grants.name.clone().into())])
    }

    fn view(&self, errors: &FormErrors) -> impl IntoView + use<> {
        let (texts, name) = (self.texts(), [("name", self.grants.name.clone().into())]);
        let lead = if self.is_own { texts.text("grants-lead-own") } else { texts.text_with("grants-lead", &name) };
        let each = self.grants.rows.iter().map(|row| self.grant_row(row)).collect_view();
        let listed = if self.grants.rows.is_empty() {
            view! { <section class="empty"><p>{texts.text("grants-nothing")}</p></section> }.into_any()
        } else {
            view! { <section class="card"><ul class="list">{each}</ul></section> }.into_any()
        };
        let several = self.grants.rows.iter().filter(|row| row.is_manageable).count() > 1;
        let all = several.then(|| {
            let (take_over, end) = (addresses::take_over_grants(self.person), addresses::end_grants(self.person));
            let take_over_button =
                (!self.is_own).then(|| self.grant_button(take_over, ALL, "grants-take-over-all", None, "btn"));
            view! { <div class="row">{take_over_button} {self.grant_button(end, ALL, "grants-end-all", None, "btn stop")}</div> }
        });
        view! {
            <main id="main">
                <div class="grid tight">
                    <h1>{self.title()}</h1>
                    <p>{lead}</p>
                </div>
                {errors.summary(texts)}
                {listed}
                {all}
                <p><a class="link" href=addresses::PEOPLE>{texts.text("invites-back")}</a></p>
            </main>
        }
    }

    fn grant_row(&self, row: &GrantRow) -> impl IntoView + use<> {
        let (texts, grant) = (self.texts(), row.id.to_string());
        let since = [("at", self.local_time.date_time(row.made_at).into())];
        let mut parts = vec![self.describe(&row.grant), texts.text_with("grants-since", &since)];
        parts.extend(
            row.expires_at
                .map(|until| texts.text_with("grants-until", &[("until", self.local_time.date_time(until).into())])),
        );
        let actions = row.is_manageable.then(|| {
            let (take_over, end) = (addresses::take_over_grants(self.person), addresses::end_grants(self.person));
            let take_over_button = (!self.is_own)
                .then(|| self.grant_button(take_over, &grant, "grants-take-over", Some(&row.name), "link"));
            view! { {take_over_button} {self.grant_button(end, &grant, "grants-end", Some(&row.name), "link")} }
        });
        view! { <li><span>{row.name.clone()}<small>{parts.join(" · ")}</small></span>{actions}</li> }
    }

    /// The kind of the grant, and the rights it gives.
    fn describe(&self, grant: &Grant) -> String {
        let texts = self.texts();
        let with_rights = |key: &str, rights: &Rights| {
            let parts = [texts.text(key), texts.text(role_key(rights.role))];
            parts.into_iter().chain(site_names(texts, &rights.site_access, &self.sites)).collect::<Vec<_>>()
        };
        let with_site = |key: &str| {
            vec![texts.text(key)].into_iter().chain(site_names(texts, &grant.reach(), &self.sites)).collect()
        };
        let parts = match grant {
            Grant::Invitation(rights) => with_rights("grants-invitation", rights),
            Grant::Token(rights) => with_rights("grants-token", rights),
            Grant::Device(_) => with_site("grants-device"),
            Grant::CustomerLink(_) => with_site("grants-customer-link"),
        };
        parts.join(" · ")
    }

    fn grant_button(
        &self,
        to: String,
        grant: &str,
        key: &'static str,
        whose: Option<&str>,
        class: &'static str,
    ) -> impl IntoView + use<> {
        let (label, grant) = (self.texts().text(key), grant.to_owned());
        let aria_label = whose.map(|name| format!("{label}: {name}"));
        view! { <form method="post" action=to><button class=class name="made" value=grant aria-label=aria_label>{label}</button></form> }
    }
}
