//! The audit log for owners: with a filter, and as a CSV download.

use std::collections::BTreeMap;

use axum::extract::State as Shared;
use axum::response::Response;
use chrono::{DateTime, SecondsFormat, Utc};
use domain::actor::Principal;
use domain::audit::AuditEvent;
use domain::fault::{Fault, Faults, parse_optional};
use domain::hours::{day_bounds, parse_day};
use domain::role::Permission;
use domain::text::tidy;
use futures_util::stream;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use store::{AuditFilter, AuditPage, AuditRow, BusinessInfo, Member, TokenRow};
use uuid::Uuid;

use crate::addresses;
use crate::doors::AccessRule;
use crate::doors::Doors;
use crate::error::Error;
use crate::form::{ChoiceItem, Field, InputKind, Select};
use crate::local_time::LocalTime;
use crate::lookalikes::LookalikeNames;
use crate::page::FormErrors;
use crate::request_context::{Query, SignedIn};
use crate::spreadsheet;
use crate::state::AppState;
use crate::texts::Texts;

pub fn doors(doors: Doors) -> Doors {
    doors.get(addresses::AUDIT, AccessRule::Member(Permission::Administer), list).get(
        addresses::AUDIT_CSV,
        AccessRule::Member(Permission::Administer),
        download_csv,
    )
}

/// The filter, as query parameters.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct AuditQuery {
    by: String,
    #[serde(rename = "deed")]
    event: String,
    from: String,
    until: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    before: String,
}

/// Rows per page.
const PAGE_SIZE: i64 = 50;

/// Rows per batch of the download.
const EXPORT_BATCH: i64 = 1_000;

async fn list(signed_in: SignedIn, Query(query): Query<AuditQuery>) -> Result<Response, Error> {
    let page = AuditView::load(&signed_in).await?;
    let title = signed_in.context.texts.text("audit-title");
    match page.entries(&signed_in, &query, PAGE_SIZE).await {
        Ok(entries) => Ok(signed_in.page(&title, || page.view(&query, &entries, &FormErrors::default()))),
        Err(error) => {
            let nothing = AuditPage { rows: Vec::new(), before: None };
            signed_in.rerender(error, &title, |errors| page.view(&query, &nothing, &errors))
        }
    }
}

async fn download_csv(
    signed_in: SignedIn,
    Shared(state): Shared<AppState>,
    Query(query): Query<AuditQuery>,
) -> Result<Response, Error> {
    let page = AuditView::load(&signed_in).await?;
    let (texts, actor, filter) = (signed_in.context.texts, signed_in.actor().clone(), query.parse(&page.business)?);
    let name = format!("audit-{}", state.store.now().date_naive());
    let first = state.store.audit_log(&actor, &filter, None, EXPORT_BATCH).await?;
    let rows = stream::try_unfold(Some(first), move |entries| {
        let (state, actor, filter) = (state.clone(), actor.clone(), filter.clone());
        async move {
            let Some(entries) = entries else { return Ok(None) };
            let rows = entries.rows.iter().map(|row| cells(texts, row)).collect();
            let next = match entries.before {
                Some(last) => Some(state.store.audit_log(&actor, &filter, Some(last), EXPORT_BATCH).await?),
                None => None,
            };
            Ok(Some((rows, next)))
        }
    });
    spreadsheet::download(&name, ["at", "who", "deed", "what", "about", "address", "device"], rows)
}

/// The filter offers at most this many tokens, the newest first.
const MAX_TOKENS_OFFERED: i64 = 200;

/// What the page needs beside the entries: the possible actors, and the time zone.
struct AuditView {
    members: Vec<Member>,
    tokens: Vec<TokenRow>,
    business: BusinessInfo,
    local_time: LocalTime,
}

impl AuditQuery {
    /// # Errors
    /// Lists every invalid field.
    fn parse(&self, business: &BusinessInfo) -> Result<AuditFilter, Faults> {
        let mut faults = Faults::default();
        let by = faults.collect("by", parse_optional(&self.by, |text| tidy(text).parse().map_err(|_| Fault::NotFound)));
        let event = faults.collect("deed", parse_optional(&self.event, |text| AuditEvent::parse(&tidy(text))));
        let bounds = |text: &str| Ok(day_bounds(&business.zone, parse_day(text)?));
        let from = faults.collect("from", parse_optional(&self.from, bounds));
        let until = faults.collect("until", parse_optional(&self.until, bounds));
        match (by, event, from, until) {
            (Some(by), Some(event), Some(from), Some(until)) => {
                Ok(AuditFilter { by, event, from: from.map(|(begin, _)| begin), until: until.map(|(_, end)| end) })
            }
            _ => Err(faults),
        }
    }

    fn address(&self, path: &str, before: Option<Uuid>) -> String {
        let before = before.map(|id| id.to_string()).unwrap_or_default();
        let query = serde_html_form::to_string(Self { before, ..self.clone() }).unwrap_or_default();
        format!("{path}?{query}")
    }
}

impl AuditView {
    async fn load(signed_in: &SignedIn) -> Result<Self, Error> {
        let (store, actor) = (&signed_in.context.state.store, signed_in.actor());
        let business = store.business(actor).await?;
        let local_time = LocalTime::of(signed_in.context.texts, &business, store.now());
        Ok(Self {
            members: store.members(actor).await?,
            tokens: store.tokens(actor, None, MAX_TOKENS_OFFERED).await?.rows,
            business,
            local_time,
        })
    }

    async fn entries(&self, signed_in: &SignedIn, query: &AuditQuery, limit: i64) -> Result<AuditPage, Error> {
        let before = match tidy(&query.before).as_str() {
            "" => None,
            id => Some(id.parse().map_err(|_| Error::NotFound)?),
        };
        let filter = query.parse(&self.business)?;
        Ok(signed_in.context.state.store.audit_log(signed_in.actor(), &filter, before, limit).await?)
    }

    fn view(&self, query: &AuditQuery, entries: &AuditPage, errors: &FormErrors) -> impl IntoView + use<> {
        let texts = self.local_time.texts;
        let lookalikes = self.lookalikes(&entries.rows);
        let rows = entries.rows.iter().map(|row| self.row(row, &lookalikes)).collect_view();
        let older = entries.before.map(|last| {
            let to = query.address(addresses::AUDIT, Some(last));
            view! { <a class="btn quiet" rel="next" href=to>{texts.text("audit-older")}</a> }
        });
        let newest = (!query.before.is_empty()).then(|| {
            view! { <a class="link" href=query.address(addresses::AUDIT, None)>{texts.text("audit-newest")}</a> }
        });
        let listed = if entries.rows.is_empty() {
            view! { <section class="empty"><p>{texts.text("audit-nothing")}</p></section> }.into_any()
        } else {
            view! {
                <div class="card scroll" tabindex="0" role="region" aria-label=texts.text("audit-title")>
                    <table>
                        <thead>
                            <tr>
                                <th scope="col">{texts.text("audit-when")}</th>
                                <th scope="col">{texts.text("audit-who")}</th>
                                <th scope="col">{texts.text("audit-what")}</th>
                                <th scope="col">{texts.text("audit-where")}</th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            }
            .into_any()
        };
        view! {
            <main id="main">
                <div class="grid tight">
                    <h1>{texts.text("audit-headline")}</h1>
                    <p>{texts.text("audit-lead")}</p>
                </div>
                {errors.summary(texts)}
                {self.filter(query, &lookalikes, errors)}
                {listed}
                <p class="row">
                    {older} {newest}
                    <a class="link" href=query.address(addresses::AUDIT_CSV, None) download=true>{texts.text("audit-download")}</a>
                </p>
                <p><a class="link" href=addresses::SETTINGS>{texts.text("tokens-settings")}</a></p>
            </main>
        }
    }

    /// Compares the names of everyone who can be chosen in the filter or is shown, including people who have left.
    fn lookalikes(&self, rows: &[AuditRow]) -> LookalikeNames {
        let shown = rows.iter().filter_map(|row| Some((actor_id(row)?, row.by_name.as_deref()?)));
        let members = self.members.iter().map(|one| (one.person.0, one.name.as_str()));
        let tokens = self.tokens.iter().map(|one| (one.id.0, one.name.as_str()));
        LookalikeNames::among(shown.chain(members).chain(tokens).collect::<BTreeMap<_, _>>())
    }

    fn row(&self, row: &AuditRow, lookalikes: &LookalikeNames) -> impl IntoView + use<> {
        let texts = self.local_time.texts;
        let lookalikes = actor_id(row).and_then(|id| lookalikes.note(texts, id));
        let about = row.subject_name.clone().map(|name| view! { <small>{name}</small> });
        let origin = [row.address.clone(), row.device.clone()].into_iter().flatten().collect::<Vec<_>>().join(" · ");
        view! {
            <tr>
                <th scope="row">{self.local_time.short(row.at)}</th>
                <td>{actor_name(texts, row)}{lookalikes}</td>
                <td>{texts.text(audit_event_key(row.event))}{about}</td>
                <td>{origin}</td>
            </tr>
        }
    }

    fn filter(&self, query: &AuditQuery, lookalikes: &LookalikeNames, errors: &FormErrors) -> impl IntoView + use<> {
        let texts = self.local_time.texts;
        let anyone = ChoiceItem::new("", texts.text("audit-anyone"));
        let members = self.members.iter().map(|one| lookalikes.choice(texts, one.person.0, &one.name));
        let tokens = self.tokens.iter().map(|one| lookalikes.choice(texts, one.id.0, &one.name));
        let actors: Vec<_> = [anyone].into_iter().chain(members).chain(tokens).collect();
        let anything = ChoiceItem::new("", texts.text("audit-anything"));
        let events =
            AuditEvent::ALL.iter().map(|event| ChoiceItem::new(event.name(), texts.text(audit_event_key(*event))));
        let events: Vec<_> = [anything].into_iter().chain(events).collect();
        let (at, AuditQuery { by, event, from, until, .. }) =
            (|field: &str| errors.for_field(texts, field), query.clone());
        let filtered = [&query.by, &query.event, &query.from, &query.until].iter().any(|text| !text.is_empty());
        view! {
            <details open=filtered>
                <summary>{texts.text("audit-filter")}</summary>
                <form class="filter" method="get" action=addresses::AUDIT>
                    <Select name="by" label=texts.text("audit-who") items=actors value=by fault=at("by") />
                    <Select name="deed" label=texts.text("audit-what") items=events value=event fault=at("deed") />
                    <Field name="from" label=texts.text("audit-from") kind=InputKind::Date value=from fault=at("from") />
                    <Field name="until" label=texts.text("audit-until") kind=InputKind::Date value=until fault=at("until") />
                    <p><button class="btn quiet">{texts.text("audit-show")}</button></p>
                </form>
            </details>
        }
    }
}

fn actor_id(row: &AuditRow) -> Option<Uuid> {
    match row.by {
        Principal::Person(id) => Some(id.0),
        Principal::Token(id) => Some(id.0),
        Principal::Customer | Principal::System => None,
    }
}

/// The name of the person, program or customer who acted.
fn actor_name(texts: Texts, row: &AuditRow) -> String {
    match (&row.by_name, row.by) {
        (Some(name), _) => name.clone(),
        (None, Principal::Customer) => texts.text("audit-customer"),
        (None, Principal::System) => "Trialmark".to_owned(),
        (None, Principal::Person(_) | Principal::Token(_)) => texts.text("audit-unknown"),
    }
}

fn cells(texts: Texts, row: &AuditRow) -> [String; 7] {
    [
        instant(row.at),
        actor_name(texts, row),
        row.event.name().to_owned(),
        texts.text(audit_event_key(row.event)),
        row.subject_name.clone().unwrap_or_default(),
        row.address.clone().unwrap_or_default(),
        row.device.clone().unwrap_or_default(),
    ]
}

fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

fn audit_event_key(event: AuditEvent) -> &'static str {
    match event {
        AuditEvent::SignedIn => "audit-event-signed-in",
        AuditEvent::SignInFailed => "audit-event-sign-in-failed",
        AuditEvent::SignedOut => "audit-event-signed-out",
        AuditEvent::SessionEnded => "audit-event-session-ended",
        AuditEvent::PasswordChanged => "audit-event-password-changed",
        AuditEvent::FactorAdded => "audit-event-factor-added",
        AuditEvent::FactorRemoved => "audit-event-factor-removed",
        AuditEvent::PinChanged => "audit-event-pin-changed",
        AuditEvent::PersonInvited => "audit-event-person-invited",
        AuditEvent::InviteRevoked => "audit-event-invite-revoked",
        AuditEvent::PersonJoined => "audit-event-person-joined",
        AuditEvent::RoleChanged => "audit-event-role-changed",
        AuditEvent::SiteAccessChanged => "audit-event-site-access-changed",
        AuditEvent::PersonRemoved => "audit-event-person-removed",
        AuditEvent::PersonLeft => "audit-event-person-left",
        AuditEvent::DeviceCreated => "audit-event-device-created",
        AuditEvent::DeviceRegistered => "audit-event-device-registered",
        AuditEvent::DeviceRevoked => "audit-event-device-revoked",
        AuditEvent::TokenCreated => "audit-event-token-created",
        AuditEvent::TokenRevoked => "audit-event-token-revoked",
        AuditEvent::CustomerLinkRevoked => "audit-event-customer-link-revoked",
        AuditEvent::GrantNarrowed => "audit-event-grant-narrowed",
        AuditEvent::GrantReassigned => "audit-event-grant-reassigned",
        AuditEvent::BusinessChanged => "audit-event-business-changed",
        AuditEvent::RequiredFactorsChanged => "audit-event-required-factors-changed",
        AuditEvent::ProblemAdded => "audit-event-problem-added",
        AuditEvent::GuaranteeAdded => "audit-event-guarantee-added",
        AuditEvent::GuaranteeReworded => "audit-event-guarantee-reworded",
        AuditEvent::GuaranteeStageChanged => "audit-event-guarantee-stage-changed",
        AuditEvent::GuaranteePlacesChanged => "audit-event-guarantee-places-changed",
        AuditEvent::ScheduleChanged => "audit-event-schedule-changed",
        AuditEvent::PhotoPolicyChanged => "audit-event-photo-policy-changed",
        AuditEvent::ExamplePhotoChanged => "audit-event-example-photo-changed",
        AuditEvent::SiteAdded => "audit-event-site-added",
        AuditEvent::SiteTimeZoneChanged => "audit-event-site-time-zone-changed",
        AuditEvent::PlaceAdded => "audit-event-place-added",
        AuditEvent::TagReplaced => "audit-event-tag-replaced",
        AuditEvent::ClosureAnnounced => "audit-event-closure-announced",
        AuditEvent::ClosureEnded => "audit-event-closure-ended",
        AuditEvent::RecoveryStepTaken => "audit-event-recovery-step-taken",
        AuditEvent::LinkRenewed => "audit-event-link-renewed",
        AuditEvent::ObstacleAnswered => "audit-event-obstacle-answered",
        AuditEvent::SecondLookGiven => "audit-event-second-look-given",
        AuditEvent::CustomerErased => "audit-event-customer-erased",
    }
}
