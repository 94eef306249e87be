//! The latest checks, newest first, each with what it was corrected to.

use std::collections::HashMap;

use axum::response::Response;
use chrono::{DateTime, Utc};
use domain::actor::Act;
use domain::check::{Reason, Verdict};
use leptos::prelude::*;
use serde::Deserialize;
use store::{CheckRow, Checked, GuaranteeRow, PlaceRow};

use super::page::verdict_key;
use super::when::When;
use crate::doors::Doors;
use crate::doors::Rule::Member;
use crate::error::Error;
use crate::icons::{AsideIcon, BrokenIcon, KeptIcon, MissedIcon};
use crate::photos;
use crate::second_looks::outcome_key;
use crate::texts::Texts;
use crate::visit::{Inside, Query};

pub(super) fn doors(doors: Doors) -> Doors {
    doors.get("/checks", Member(Act::Read), show)
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Wanted {
    /// The last check of the page before: only what was looked at earlier.
    before: Option<String>,
}

const MOST: i64 = 25;

async fn show(inside: Inside, Query(wanted): Query<Wanted>) -> Result<Response, Error> {
    let before = wanted.before.map(|id| id.parse().map_err(|_| Error::NotFound)).transpose()?;
    let checked = inside.visit.state.store.checks(inside.actor(), before, MOST).await?;
    let named = Named::load(&inside).await?;
    let title = inside.visit.texts.say("checks-title");
    let may = inside.may(Act::Correct);
    Ok(inside.page(&title, || checks(&named, checked, before.is_some(), may)))
}

/// What the ids in a check stand for.
pub(crate) struct Named {
    pub when: When,
    guarantees: HashMap<domain::ids::GuaranteeId, GuaranteeRow>,
    places: HashMap<domain::ids::PlaceId, PlaceRow>,
}

impl Named {
    pub async fn load(inside: &Inside) -> Result<Self, Error> {
        let (store, actor) = (&inside.visit.state.store, inside.actor());
        let home = store.home(actor).await?;
        Ok(Self {
            when: When::of(inside.visit.texts, &home, store.now()),
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

    /// What to look for, where the wording is still the one the check was judged by.
    pub fn criteria(&self, row: &CheckRow) -> Vec<String> {
        let current = self.guarantee(row).filter(|guarantee| guarantee.version == row.version);
        current.into_iter().flat_map(|guarantee| guarantee.wording.criteria.iter().map(ToString::to_string)).collect()
    }

    /// What was not as promised, by the wording the check was judged by.
    fn reason(&self, row: &CheckRow) -> Option<String> {
        let texts = self.when.texts;
        let criterion = |position: u32| self.criteria(row).get(position as usize).cloned();
        Some(match row.reason? {
            Reason::Criterion(at) => criterion(at).unwrap_or_else(|| texts.say("checks-reason-earlier")),
            Reason::Safety => texts.say("checks-reason-safety"),
            Reason::Other => texts.say("checks-reason-other"),
        })
    }
}

fn checks(named: &Named, checked: Checked, later: bool, may: bool) -> impl IntoView + use<> {
    let texts = named.when.texts;
    let headline = headline(texts, &checked.rows, later);
    let rows: Vec<_> = checked.rows.iter().map(|row| line(named, row, may)).collect();
    let older = checked.before.map(|last| {
        let to = format!("/checks?before={last}");
        view! { <a class="btn quiet" rel="next" href=to>{texts.say("checks-older")}</a> }
    });
    let newest = later.then(|| view! { <a class="link" href="/checks">{texts.say("checks-newest")}</a> });
    view! {
        <main id="main" class="slim">
            <p><a class="link" href="/today">{texts.say("checks-today")}</a></p>
            <h1>{headline}</h1>
            <p class="soft">{texts.say("checks-lead")}</p>
            {(!rows.is_empty()).then(|| view! { <div class="card"><ul class="list checked">{rows}</ul></div> })}
            <p class="row">{older} {newest}</p>
        </main>
    }
}

/// Of the checks in sight: how many found the promise kept.
fn headline(texts: Texts, rows: &[CheckRow], later: bool) -> String {
    let stands = |row: &CheckRow| row.corrected.unwrap_or(row.verdict);
    let kept = rows.iter().filter(|row| stands(row) == Verdict::Kept).count();
    let count = rows.iter().filter(|row| !stands(row).is_final()).count();
    match (rows.len(), later) {
        (0, false) => texts.say("checks-none"),
        (0, true) => texts.say("checks-no-older"),
        (_, false) => texts.tell("checks-headline", &[("kept", kept.into()), ("all", count.into())]),
        (_, true) => texts.tell("checks-headline-older", &[("kept", kept.into()), ("all", count.into())]),
    }
}

fn line(named: &Named, row: &CheckRow, may: bool) -> impl IntoView + use<> {
    let (texts, when) = (named.when.texts, &named.when);
    let stands = row.corrected.unwrap_or(row.verdict);
    let was = row.corrected.map(|_| {
        view! { <s>{texts.say(verdict_key(row.verdict))}</s><span class="hide">{texts.say("checks-corrected-to")}</span> }
    });
    let reason = named.reason(row).filter(|_| row.verdict == Verdict::Broken);
    let reason = reason.map(|reason| view! { <small>{reason}</small> });
    let correct = format!("/checks/{}/correct", row.id);
    let about = format!("{}, {}", named.place(row), when.at(row.at));
    let picture = row.photo.map(|hash| {
        view! { <a class="link" href=photos::address(hash)>{texts.say("photos-look")}<span class="hide">": "{about.clone()}</span></a> }
    });
    let correct = (may && row.verdict != Verdict::Missed && !stands.is_final()).then(|| {
        view! { <a class="link" href=correct>{texts.say("checks-correct")}<span class="hide">": "{about}</span></a> }
    });
    let arrived =
        late(row).map(|at| view! { <small>{texts.tell("checks-arrived", &[("at", when.at(at).into())])}</small> });
    let doubled = row.doubled.then(|| view! { <small>{texts.say("checks-doubled")}</small> });
    let second_look = row.second_look.map(|outcome| view! { <small>{texts.say(outcome_key(outcome))}</small> });
    let skewed = row.skewed.then(|| view! { <small>{texts.say("checks-skewed")}</small> });
    view! {
        <li>
            <span class="row found">{icon(stands)} {was} <b>{texts.say(verdict_key(stands))}</b></span>
            <span class="when">
                <time datetime=row.at.to_rfc3339()>{when.brief_on(row.day, row.at)}</time>
                {correct}
            </span>
            <span class="about">
                <small>{named.place(row)}" · "{named.title(row)}</small>
                {reason}
                {arrived}
                {doubled}
                {second_look}
                {skewed}
                {picture}
            </span>
        </li>
    }
}

/// When it came in, where that was well after it was made: a phone without signal.
fn late(row: &CheckRow) -> Option<DateTime<Utc>> {
    const QUICK: chrono::TimeDelta = chrono::TimeDelta::hours(1);
    (row.received_at - row.at > QUICK).then_some(row.received_at)
}

/// The sign of a verdict.
pub(crate) fn icon(verdict: Verdict) -> AnyView {
    match verdict {
        Verdict::Kept => view! { <KeptIcon /> }.into_any(),
        Verdict::Broken => view! { <BrokenIcon /> }.into_any(),
        Verdict::Missed => view! { <MissedIcon /> }.into_any(),
        Verdict::NotApplicable | Verdict::Void | Verdict::TakenBack => view! { <AsideIcon /> }.into_any(),
    }
}
