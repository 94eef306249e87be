//! The latest checks, newest first, with their corrections.

use std::collections::HashMap;

use axum::response::Response;
use chrono::{DateTime, Utc};
use domain::check::arrived_late;
use domain::finding::Reason;
use domain::role::Permission;
use domain::verdict::Verdict;
use leptos::prelude::*;
use serde::Deserialize;
use store::{CheckPage, CheckRow, GuaranteeRow, PlaceRow};

use crate::addresses;
use crate::doors::AccessRule::Member;
use crate::doors::Doors;
use crate::error::Error;
use crate::icons::{BrokenIcon, KeptIcon, MissedIcon, NotApplicableIcon};
use crate::local_time::LocalTime;
use crate::names::{reason_key, second_look_key, verdict_key};
use crate::request_context::{Query, SignedIn};
use crate::texts::Texts;

pub(super) fn doors(doors: Doors) -> Doors {
    doors.get(addresses::CHECKS, Member(Permission::ViewInternal), show)
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ChecksQuery {
    /// The last check of the previous page. Only earlier checks are shown.
    before: Option<String>,
}

const PAGE_SIZE: i64 = 25;

async fn show(signed_in: SignedIn, Query(query): Query<ChecksQuery>) -> Result<Response, Error> {
    let before = query.before.map(|id| id.parse().map_err(|_| Error::NotFound)).transpose()?;
    let page = signed_in.context.state.store.checks(signed_in.actor(), before, PAGE_SIZE).await?;
    let names = CheckNames::load(&signed_in).await?;
    let title = signed_in.context.texts.text("checks-title");
    let may_correct = signed_in.may(Permission::CorrectChecks);
    Ok(signed_in.page(&title, || checks_view(&names, page, before.is_some(), may_correct)))
}

/// The guarantees and places that checks refer to by id.
pub(crate) struct CheckNames {
    pub local_time: LocalTime,
    guarantees: HashMap<domain::ids::GuaranteeId, GuaranteeRow>,
    places: HashMap<domain::ids::PlaceId, PlaceRow>,
}

impl CheckNames {
    pub async fn load(signed_in: &SignedIn) -> Result<Self, Error> {
        let (store, actor) = (&signed_in.context.state.store, signed_in.actor());
        let business = store.business(actor).await?;
        Ok(Self {
            local_time: LocalTime::of(signed_in.context.texts, &business, store.now()),
            guarantees: store.guarantees(actor).await?.into_iter().map(|row| (row.id, row)).collect(),
            places: store.places(actor).await?.into_iter().map(|row| (row.id, row)).collect(),
        })
    }

    pub fn guarantee(&self, row: &CheckRow) -> Option<&GuaranteeRow> {
        self.guarantees.get(&row.guarantee)
    }

    pub fn title(&self, row: &CheckRow) -> String {
        self.guarantee(row).map(|guarantee| guarantee.wording.title.to_string()).unwrap_or_default()
    }

    pub fn place(&self, row: &CheckRow) -> String {
        self.places.get(&row.place).map(|place| format!("{} · {}", place.site_name, place.name)).unwrap_or_default()
    }

    /// The criteria, if the current wording is the one the check was judged by.
    pub fn criteria(&self, row: &CheckRow) -> Vec<String> {
        let current = self.guarantee(row).filter(|guarantee| guarantee.version == row.version);
        current.into_iter().flat_map(|guarantee| guarantee.wording.criteria.iter().map(ToString::to_string)).collect()
    }

    /// Why the promise was broken, in the wording the check was judged by.
    fn reason(&self, row: &CheckRow) -> Option<String> {
        let texts = self.local_time.texts;
        let criterion = |position: u32| self.criteria(row).get(position as usize).cloned();
        Some(match row.reason? {
            reason @ Reason::Criterion(at) => criterion(at).unwrap_or_else(|| texts.text(reason_key(reason))),
            reason @ (Reason::Safety | Reason::Other) => texts.text(reason_key(reason)),
        })
    }
}

fn checks_view(names: &CheckNames, page: CheckPage, has_newer: bool, may_correct: bool) -> impl IntoView + use<> {
    let texts = names.local_time.texts;
    let headline = headline(texts, &page.rows, has_newer);
    let items: Vec<_> = page.rows.iter().map(|check| check_item(names, check, may_correct)).collect();
    let older = page.before.map(|last| {
        let href = addresses::older_rows(addresses::CHECKS, last);
        view! { <a class="btn quiet" rel="next" href=href>{texts.text("checks-older")}</a> }
    });
    let newest = has_newer.then(|| view! { <a class="link" href=addresses::CHECKS>{texts.text("checks-newest")}</a> });
    view! {
        <main id="main" class="slim">
            <p><a class="link" href=addresses::TODAY>{texts.text("checks-today")}</a></p>
            <h1>{headline}</h1>
            <p class="muted">{texts.text("checks-lead")}</p>
            {(!items.is_empty()).then(|| view! { <div class="card"><ul class="list checks">{items}</ul></div> })}
            <p class="row">{older} {newest}</p>
        </main>
    }
}

/// How many of the listed checks found the promise kept.
fn headline(texts: Texts, rows: &[CheckRow], has_newer: bool) -> String {
    let current = |row: &CheckRow| row.corrected.unwrap_or(row.verdict);
    let kept = rows.iter().filter(|row| current(row) == Verdict::Kept).count();
    let count = rows.iter().filter(|row| !current(row).is_final()).count();
    match (rows.len(), has_newer) {
        (0, false) => texts.text("checks-none"),
        (0, true) => texts.text("checks-no-older"),
        (_, false) => texts.text_with("checks-headline", &[("kept", kept.into()), ("all", count.into())]),
        (_, true) => texts.text_with("checks-headline-older", &[("kept", kept.into()), ("all", count.into())]),
    }
}

fn check_item(names: &CheckNames, row: &CheckRow, may_correct: bool) -> impl IntoView + use<> {
    let (texts, local_time) = (names.local_time.texts, &names.local_time);
    let verdict = row.corrected.unwrap_or(row.verdict);
    let original = row.corrected.map(|_| {
        view! { <s>{texts.text(verdict_key(row.verdict))}</s><span class="visually-hidden">{texts.text("checks-corrected-to")}</span> }
    });
    let reason = names.reason(row).map(|reason| {
        if verdict == Verdict::Broken {
            view! { <small>{reason}</small> }.into_any()
        } else {
            view! { <small><s>{reason}</s></small> }.into_any()
        }
    });
    let correction_note = row.correction_why.clone().map(|why| {
        view! { <small class="user-text">{texts.text("checks-corrected-why")}" "{why}</small> }
    });
    let correct_href = addresses::correct_check(row.id);
    let label = format!("{}, {}", names.place(row), local_time.date_time(row.at));
    let photo_link = row.photo.map(|hash| {
        view! { <a class="link" href=addresses::photo(hash)>{texts.text("photos-look")}<span class="visually-hidden">": "{label.clone()}</span></a> }
    });
    let correct_link = (may_correct && verdict.can_be_corrected()).then(|| {
        view! { <a class="link" href=correct_href>{texts.text("checks-correct")}<span class="visually-hidden">": "{label}</span></a> }
    });
    let arrival_note = arrived_late_at(row).map(
        |at| view! { <small>{texts.text_with("checks-arrived", &[("at", local_time.date_time(at).into())])}</small> },
    );
    let doubled_note = row.doubled.then(|| view! { <small>{texts.text("checks-doubled")}</small> });
    let second_look = row.second_look.map(|outcome| view! { <small>{texts.text(second_look_key(outcome))}</small> });
    let skewed_note = row.skewed.then(|| view! { <small>{texts.text("checks-skewed")}</small> });
    view! {
        <li>
            <span class="row found">{verdict_icon(verdict)} {original} <b>{texts.text(verdict_key(verdict))}</b></span>
            <span class="when">
                <time datetime=row.at.to_rfc3339()>{local_time.short_on(row.day, row.at)}</time>
                {correct_link}
            </span>
            <span class="about">
                <small>{names.place(row)}" · "{names.title(row)}</small>
                {reason}
                {correction_note}
                {arrival_note}
                {doubled_note}
                {second_look}
                {skewed_note}
                {photo_link}
            </span>
        </li>
    }
}

/// The time a check was received, if it arrived late.
fn arrived_late_at(row: &CheckRow) -> Option<DateTime<Utc>> {
    arrived_late(row.at, row.received_at).then_some(row.received_at)
}

/// The icon of a verdict.
pub(crate) fn verdict_icon(verdict: Verdict) -> AnyView {
    match verdict {
        Verdict::Kept => view! { <KeptIcon /> }.into_any(),
        Verdict::Broken => view! { <BrokenIcon /> }.into_any(),
        Verdict::Missed => view! { <MissedIcon /> }.into_any(),
        Verdict::NotApplicable | Verdict::Void | Verdict::TakenBack => view! { <NotApplicableIcon /> }.into_any(),
    }
}
