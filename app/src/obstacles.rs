//! The board of what stood in the way: everyone inside reads it, and whoever can change something answers.

mod answer;

use std::collections::HashMap;

use axum::response::Response;
use domain::actor::Act;
use domain::ids::{GuaranteeId, PlaceId};
use domain::obstacle::Decision;
use leptos::prelude::*;
use serde::Deserialize;
use store::{Answered, ObstacleRow, Obstacles};

use crate::checks::forms::obstacle_key;
use crate::checks::when::When;
use crate::doors::Doors;
use crate::doors::Rule::Member;
use crate::error::Error;
use crate::icons::{AsideIcon, ClockIcon, KeptIcon};
use crate::visit::{Inside, Query};

pub fn doors(doors: Doors) -> Doors {
    doors.get("/obstacles", Member(Act::Read), show).of(answer::doors)
}

/// Where the board is.
pub const BOARD: &str = "/obstacles";

#[derive(Default, Deserialize)]
#[serde(default)]
struct Wanted {
    /// The last obstacle of the page before.
    before: Option<String>,
}

const MOST: i64 = 25;

async fn show(inside: Inside, Query(wanted): Query<Wanted>) -> Result<Response, Error> {
    let (store, actor) = (&inside.visit.state.store, inside.actor());
    let before = wanted.before.map(|id| id.parse().map_err(|_| Error::NotFound)).transpose()?;
    let shown = store.obstacles(actor, before, MOST).await?;
    let waiting = store.obstacles_waiting(actor).await?;
    let known = Known::load(&inside).await?;
    let title = known.when.texts.say("obstacles-title");
    Ok(inside.page(&title, || board(&known, &shown, waiting, before.is_some())))
}

/// What the ids on the board stand for, and what its reader may do.
struct Known {
    when: When,
    guarantees: HashMap<GuaranteeId, String>,
    places: HashMap<PlaceId, String>,
    may_answer: bool,
}

impl Known {
    async fn load(inside: &Inside) -> Result<Self, Error> {
        let (store, actor) = (&inside.visit.state.store, inside.actor());
        let home = store.home(actor).await?;
        let guarantees = store.guarantees(actor).await?.into_iter();
        let places = store.places(actor).await?.into_iter();
        Ok(Self {
            when: When::of(inside.visit.texts, &home, store.now()),
            guarantees: guarantees.map(|row| (row.id, row.wording.title.to_string())).collect(),
            places: places.map(|place| (place.id, format!("{}, {}", place.site_name, place.name))).collect(),
            may_answer: inside.may(Act::Answer),
        })
    }

    /// Which promise, where, and on which day: not at which minute, for who was on shift is nobody's question here.
    fn about(&self, row: &ObstacleRow) -> String {
        let named = [self.guarantees.get(&row.guarantee), self.places.get(&row.place)].into_iter().flatten().cloned();
        named.chain([self.when.day(row.known_at)]).collect::<Vec<_>>().join(" · ")
    }
}

fn board(known: &Known, shown: &Obstacles, waiting: u64, later: bool) -> impl IntoView + use<> {
    let texts = known.when.texts;
    let (open, answered): (Vec<_>, Vec<_>) = shown.rows.iter().partition(|row| row.answers.is_empty());
    let headline = match (shown.rows.is_empty(), later) {
        (true, false) => texts.say("obstacles-none"),
        (true, true) => texts.say("obstacles-no-older"),
        _ => texts.tell("obstacles-headline", &[("count", waiting.into())]),
    };
    let section = |title: &str, rows: &[&ObstacleRow]| {
        let rows: Vec<_> = rows.iter().map(|row| line(known, row)).collect();
        (!rows.is_empty())
            .then(|| view! { <section class="card grid"><h2>{texts.say(title)}</h2><ul class="list hindered">{rows}</ul></section> })
    };
    let older = shown.before.map(|last| {
        let to = format!("{BOARD}?before={last}");
        view! { <a class="btn quiet tall" rel="next" href=to>{texts.say("obstacles-older")}</a> }
    });
    let newest = later.then(|| view! { <a class="link" href=BOARD>{texts.say("obstacles-newest")}</a> });
    view! {
        <main id="main" class="slim">
            <h1>{headline}</h1>
            <p class="soft">{texts.say("obstacles-lead")}</p>
            {section("obstacles-waiting", &open)}
            {section("obstacles-answered", &answered)}
            <p class="row">{older} {newest}</p>
        </main>
    }
}

fn line(known: &Known, row: &ObstacleRow) -> impl IntoView + use<> {
    let texts = known.when.texts;
    let (what, about) = (texts.say(obstacle_key(row.obstacle)), known.about(row));
    let do_it = if row.answers.is_empty() { "obstacles-answer" } else { "obstacles-answer-again" };
    let link = known.may_answer.then(|| {
        let to = format!("{BOARD}/{}", row.id);
        view! { <a class="link" href=to>{texts.say(do_it)}<span class="hide">": "{what.clone()}", "{about.clone()}</span></a> }
    });
    let standing = row.answers.first().map(|given| said(known, given));
    let earlier = row.answers.get(1..).filter(|earlier| !earlier.is_empty()).map(|earlier| {
        let all: Vec<_> = earlier.iter().map(|given| said(known, given)).collect();
        view! { <details><summary>{texts.say("obstacles-earlier")}</summary><div class="grid">{all}</div></details> }
    });
    view! {
        <li>
            <div class="grid tight">
                <span><b>{what}</b><small>{about}</small></span>
                {standing}
                {earlier}
            </div>
            {link}
        </li>
    }
}

/// An answer in its own words, and when it was given.
fn said(known: &Known, given: &Answered) -> impl IntoView + use<> {
    let (texts, decision) = (known.when.texts, given.answer.decision);
    let icon = match decision {
        Decision::Done => view! { <KeptIcon /> }.into_any(),
        Decision::Planned => view! { <ClockIcon /> }.into_any(),
        Decision::NotNow => view! { <AsideIcon /> }.into_any(),
    };
    view! {
        <div class="say answer">
            <p class="row between">
                <span class="row">{icon} <b>{texts.say(decision_key(decision))}</b></span>
                <small><time datetime=given.at.to_rfc3339()>{known.when.brief(given.at)}</time></small>
            </p>
            <p class="typed">{given.answer.words.to_string()}</p>
        </div>
    }
}

fn decision_key(decision: Decision) -> &'static str {
    match decision {
        Decision::Done => "obstacles-done",
        Decision::Planned => "obstacles-planned",
        Decision::NotNow => "obstacles-not-now",
    }
}
