//! Who did what, when, from where: for the owner, with a filter, and as a table to take away.

use std::collections::BTreeMap;

use axum::extract::State as Shared;
use axum::response::Response;
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use domain::actor::{Act, Who};
use domain::deed::Deed;
use domain::fault::{Fault, Faults, optional};
use domain::hours::day_bounds;
use domain::text::tidy;
use futures_util::stream;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use store::{AuditFilter, AuditRow, Audited, Home, Member, TokenRow};
use uuid::Uuid;

use crate::alike::Alike;
use crate::checks::when::When;
use crate::doors::Doors;
use crate::doors::Rule;
use crate::error::Error;
use crate::form::{Field, Item, Kind, Select};
use crate::page::Trouble;
use crate::spreadsheet;
use crate::state::State;
use crate::texts::Texts;
use crate::visit::{Inside, Query};

pub fn doors(doors: Doors) -> Doors {
    doors.get("/audit", Rule::Member(Act::Govern), list).get("/audit.csv", Rule::Member(Act::Govern), table)
}

/// What is wanted, as it stands in the address.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct Wanted {
    by: String,
    deed: String,
    from: String,
    until: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    before: String,
}

/// How many stand on a page, and how many of the table are read at a time.
const MOST: i64 = 50;
const AT_ONCE: i64 = 1_000;

async fn list(inside: Inside, Query(wanted): Query<Wanted>) -> Result<Response, Error> {
    let page = Page::load(&inside).await?;
    let title = inside.visit.texts.say("audit-title");
    match page.asked(&inside, &wanted, MOST).await {
        Ok(audited) => Ok(inside.page(&title, || page.view(&wanted, &audited, &Trouble::default()))),
        Err(error) => {
            let nothing = Audited { rows: Vec::new(), before: None };
            inside.again(error, &title, |trouble| page.view(&wanted, &nothing, &trouble))
        }
    }
}

async fn table(inside: Inside, Shared(state): Shared<State>, Query(wanted): Query<Wanted>) -> Result<Response, Error> {
    let page = Page::load(&inside).await?;
    let (texts, actor, filter) = (inside.visit.texts, inside.actor().clone(), wanted.parse(&page.home)?);
    let name = format!("audit-{}", state.store.now().date_naive());
    let first = state.store.audit(&actor, &filter, None, AT_ONCE).await?;
    let rows = stream::try_unfold(Some(first), move |audited| {
        let (state, actor, filter) = (state.clone(), actor.clone(), filter.clone());
        async move {
            let Some(audited) = audited else { return Ok(None) };
            let rows = audited.rows.iter().map(|row| cells(texts, row)).collect();
            let next = match audited.before {
                Some(last) => Some(state.store.audit(&actor, &filter, Some(last), AT_ONCE).await?),
                None => None,
            };
            Ok(Some((rows, next)))
        }
    });
    spreadsheet::download(&name, ["at", "who", "deed", "what", "about", "address", "device"], rows)
}

/// How many programs one may choose among; those made last.
const PROGRAMS: i64 = 200;

/// Who may have done it, and when it is.
struct Page {
    members: Vec<Member>,
    tokens: Vec<TokenRow>,
    home: Home,
    when: When,
}

impl Wanted {
    /// # Errors
    /// Every field that is not as it must be.
    fn parse(&self, home: &Home) -> Result<AuditFilter, Faults> {
        let mut faults = Faults::default();
        let by = faults.take("by", optional(&self.by, |text| tidy(text).parse().map_err(|_| Fault::NotFound)));
        let deed = faults.take("deed", optional(&self.deed, |text| Deed::parse(&tidy(text))));
        let bounds = |text: &str| Ok(day_bounds(&home.zone, day(text)?));
        let from = faults.take("from", optional(&self.from, bounds));
        let until = faults.take("until", optional(&self.until, bounds));
        match (by, deed, from, until) {
            (Some(by), Some(deed), Some(from), Some(until)) => {
                Ok(AuditFilter { by, deed, from: from.map(|(begin, _)| begin), until: until.map(|(_, end)| end) })
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

fn day(text: &str) -> Result<NaiveDate, Fault> {
    NaiveDate::parse_from_str(&tidy(text), "%Y-%m-%d").map_err(|_| Fault::Malformed)
}

impl Page {
    async fn load(inside: &Inside) -> Result<Self, Error> {
        let (store, actor) = (&inside.visit.state.store, inside.actor());
        let home = store.home(actor).await?;
        let when = When::of(inside.visit.texts, &home, store.now());
        Ok(Self {
            members: store.members(actor).await?,
            tokens: store.tokens(actor, None, PROGRAMS).await?.rows,
            home,
            when,
        })
    }

    async fn asked(&self, inside: &Inside, wanted: &Wanted, most: i64) -> Result<Audited, Error> {
        let before = match tidy(&wanted.before).as_str() {
            "" => None,
            id => Some(id.parse().map_err(|_| Error::NotFound)?),
        };
        let filter = wanted.parse(&self.home)?;
        Ok(inside.visit.state.store.audit(inside.actor(), &filter, before, most).await?)
    }

    fn view(&self, wanted: &Wanted, audited: &Audited, trouble: &Trouble) -> impl IntoView + use<> {
        let texts = self.when.texts;
        let alike = self.alike(&audited.rows);
        let rows = audited.rows.iter().map(|row| self.row(row, &alike)).collect_view();
        let older = audited.before.map(|last| {
            let to = wanted.address("/audit", Some(last));
            view! { <a class="btn quiet" rel="next" href=to>{texts.say("audit-older")}</a> }
        });
        let newest = (!wanted.before.is_empty()).then(|| {
            view! { <a class="link" href=wanted.address("/audit", None)>{texts.say("audit-newest")}</a> }
        });
        let listed = if audited.rows.is_empty() {
            view! { <section class="empty"><p>{texts.say("audit-nothing")}</p></section> }.into_any()
        } else {
            view! {
                <div class="card scroll" tabindex="0" role="region" aria-label=texts.say("audit-title")>
                    <table>
                        <thead>
                            <tr>
                                <th scope="col">{texts.say("audit-when")}</th>
                                <th scope="col">{texts.say("audit-who")}</th>
                                <th scope="col">{texts.say("audit-what")}</th>
                                <th scope="col">{texts.say("audit-where")}</th>
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
                    <h1>{texts.say("audit-headline")}</h1>
                    <p>{texts.say("audit-lead")}</p>
                </div>
                {trouble.summary(texts)}
                {self.filter(wanted, &alike, trouble)}
                {listed}
                <p class="row">
                    {older} {newest}
                    <a class="link" href=wanted.address("/audit.csv", None) download=true>{texts.say("audit-download")}</a>
                </p>
                <p><a class="link" href="/settings">{texts.say("tokens-settings")}</a></p>
            </main>
        }
    }

    /// Among all who could be chosen and all who are shown, also those who have left.
    fn alike(&self, rows: &[AuditRow]) -> Alike {
        let shown = rows.iter().filter_map(|row| Some((hand_id(row)?, row.by_name.as_deref()?)));
        let members = self.members.iter().map(|one| (one.person.0, one.name.as_str()));
        let tokens = self.tokens.iter().map(|one| (one.id.0, one.name.as_str()));
        Alike::among(shown.chain(members).chain(tokens).collect::<BTreeMap<_, _>>())
    }

    fn row(&self, row: &AuditRow, alike: &Alike) -> impl IntoView + use<> {
        let texts = self.when.texts;
        let alike = hand_id(row).and_then(|id| alike.note(texts, id));
        let about = row.about_name.clone().map(|name| view! { <small>{name}</small> });
        let place = [row.address.clone(), row.device.clone()].into_iter().flatten().collect::<Vec<_>>().join(" · ");
        view! {
            <tr>
                <th scope="row">{self.when.brief(row.at)}</th>
                <td>{hand(texts, row)}{alike}</td>
                <td>{texts.say(deed_key(row.deed))}{about}</td>
                <td>{place}</td>
            </tr>
        }
    }

    fn filter(&self, wanted: &Wanted, alike: &Alike, trouble: &Trouble) -> impl IntoView + use<> {
        let texts = self.when.texts;
        let anyone = Item::new("", texts.say("audit-anyone"));
        let members = self.members.iter().map(|one| alike.item(texts, one.person.0, &one.name));
        let tokens = self.tokens.iter().map(|one| alike.item(texts, one.id.0, &one.name));
        let hands: Vec<_> = [anyone].into_iter().chain(members).chain(tokens).collect();
        let anything = Item::new("", texts.say("audit-anything"));
        let deeds = Deed::ALL.iter().map(|deed| Item::new(deed.name(), texts.say(deed_key(*deed))));
        let deeds: Vec<_> = [anything].into_iter().chain(deeds).collect();
        let (at, Wanted { by, deed, from, until, .. }) = (|field: &str| trouble.at(texts, field), wanted.clone());
        let filtered = [&wanted.by, &wanted.deed, &wanted.from, &wanted.until].iter().any(|text| !text.is_empty());
        view! {
            <details open=filtered>
                <summary>{texts.say("audit-filter")}</summary>
                <form class="filter" method="get" action="/audit">
                    <Select name="by" label=texts.say("audit-who") items=hands value=by fault=at("by") />
                    <Select name="deed" label=texts.say("audit-what") items=deeds value=deed fault=at("deed") />
                    <Field name="from" label=texts.say("audit-from") kind=Kind::Day value=from fault=at("from") />
                    <Field name="until" label=texts.say("audit-until") kind=Kind::Day value=until fault=at("until") />
                    <p><button class="btn quiet">{texts.say("audit-show")}</button></p>
                </form>
            </details>
        }
    }
}

fn hand_id(row: &AuditRow) -> Option<Uuid> {
    match row.by {
        Who::Person(id) => Some(id.0),
        Who::Token(id) => Some(id.0),
        Who::Customer | Who::Trialmark => None,
    }
}

/// Whose hand it was, by name.
fn hand(texts: Texts, row: &AuditRow) -> String {
    match (&row.by_name, row.by) {
        (Some(name), _) => name.clone(),
        (None, Who::Customer) => texts.say("audit-customer"),
        (None, Who::Trialmark) => "Trialmark".to_owned(),
        (None, Who::Person(_) | Who::Token(_)) => texts.say("audit-unknown"),
    }
}

fn cells(texts: Texts, row: &AuditRow) -> [String; 7] {
    [
        instant(row.at),
        hand(texts, row),
        row.deed.name().to_owned(),
        texts.say(deed_key(row.deed)),
        row.about_name.clone().unwrap_or_default(),
        row.address.clone().unwrap_or_default(),
        row.device.clone().unwrap_or_default(),
    ]
}

fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

fn deed_key(deed: Deed) -> &'static str {
    match deed {
        Deed::SignedIn => "deed-signed-in",
        Deed::SignInFailed => "deed-sign-in-failed",
        Deed::SignedOut => "deed-signed-out",
        Deed::SessionEnded => "deed-session-ended",
        Deed::PasswordChanged => "deed-password-changed",
        Deed::FactorAdded => "deed-factor-added",
        Deed::FactorRemoved => "deed-factor-removed",
        Deed::PinChanged => "deed-pin-changed",
        Deed::PersonInvited => "deed-person-invited",
        Deed::InviteRevoked => "deed-invite-revoked",
        Deed::PersonJoined => "deed-person-joined",
        Deed::PersonAppointed => "deed-person-appointed",
        Deed::PersonBound => "deed-person-bound",
        Deed::PersonRemoved => "deed-person-removed",
        Deed::PersonLeft => "deed-person-left",
        Deed::DeviceMade => "deed-device-made",
        Deed::DeviceRegistered => "deed-device-registered",
        Deed::DeviceRevoked => "deed-device-revoked",
        Deed::TokenMade => "deed-token-made",
        Deed::TokenRevoked => "deed-token-revoked",
        Deed::LinkEnded => "deed-link-ended",
        Deed::GrantNarrowed => "deed-grant-narrowed",
        Deed::GrantTakenOver => "deed-grant-taken-over",
        Deed::BusinessChanged => "deed-business-changed",
        Deed::FactorsRequired => "deed-factors-required",
        Deed::ProblemAdded => "deed-problem-added",
        Deed::GuaranteeAdded => "deed-guarantee-added",
        Deed::GuaranteeReworded => "deed-guarantee-reworded",
        Deed::GuaranteeMoved => "deed-guarantee-moved",
        Deed::GuaranteeRelocated => "deed-guarantee-relocated",
        Deed::GuaranteeScheduled => "deed-guarantee-scheduled",
        Deed::GuaranteePictured => "deed-guarantee-pictured",
        Deed::ExampleShown => "deed-example-shown",
        Deed::SiteAdded => "deed-site-added",
        Deed::SiteZoned => "deed-site-zoned",
        Deed::PlaceAdded => "deed-place-added",
        Deed::PlaceRelabelled => "deed-place-relabelled",
        Deed::ClosureAnnounced => "deed-closure-announced",
        Deed::ClosureEnded => "deed-closure-ended",
        Deed::RecoveryStepped => "deed-recovery-stepped",
        Deed::LinkRenewed => "deed-link-renewed",
        Deed::ObstacleAnswered => "deed-obstacle-answered",
        Deed::SecondLookGiven => "deed-second-look-given",
        Deed::CustomerForgotten => "deed-customer-forgotten",
    }
}
