//! The board of obstacles. Every member can read it; those who can change something answer.

mod answer;

use std::collections::HashMap;

use axum::response::Response;
use domain::ids::{GuaranteeId, PlaceId};
use domain::obstacle::Decision;
use domain::role::Permission;
use leptos::prelude::*;
use serde::Deserialize;
use store::{GivenAnswer, ObstaclePage, ObstacleRow};

use crate::addresses;
use crate::doors::AccessRule::Member;
use crate::doors::Doors;
use crate::error::Error;
use crate::icons::{ClockIcon, KeptIcon, NotApplicableIcon};
use crate::local_time::LocalTime;
use crate::names::obstacle_key;
use crate::request_context::{Query, SignedIn};

pub fn doors(doors: Doors) -> Doors {
    doors.get(addresses::OBSTACLES, Member(Permission::ViewInternal), show).merge(answer::doors)
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ObstaclesQuery {
    /// The last obstacle of the page before.
    before: Option<String>,
}

const PAGE_SIZE: i64 = 25;

async fn show(signed_in: SignedIn, Query(query): Query<ObstaclesQuery>) -> Result<Response, Error> {
    let (store, actor) = (&signed_in.context.state.store, signed_in.actor());
    let before = query.before.map(|id| id.parse().map_err(|_| Error::NotFound)).transpose()?;
    let page = store.obstacles(actor, before, PAGE_SIZE).await?;
    let unanswered_count = store.count_unanswered_obstacles(actor).await?;
    let board = BoardContext::load(&signed_in).await?;
    let title = board.local_time.texts.text("obstacles-title");
    Ok(signed_in.page(&title, || board_page(&board, &page, unanswered_count, before.is_some())))
}

/// The names on the board, and what its reader may do.
struct BoardContext {
    local_time: LocalTime,
    guarantees: HashMap<GuaranteeId, String>,
    places: HashMap<PlaceId, String>,
    may_answer: bool,
}

impl BoardContext {
    async fn load(signed_in: &SignedIn) -> Result<Self, Error> {
        let (store, actor) = (&signed_in.context.state.store, signed_in.actor());
        let business = store.business(actor).await?;
        let guarantees = store.guarantees(actor).await?.into_iter();
        let places = store.places(actor).await?.into_iter();
        Ok(Self {
            local_time: LocalTime::of(signed_in.context.texts, &business, store.now()),
            guarantees: guarantees.map(|row| (row.id, row.wording.title.to_string())).collect(),
            places: places.map(|place| (place.id, format!("{}, {}", place.site_name, place.name))).collect(),
            may_answer: signed_in.may(Permission::AnswerObstacles),
        })
    }

    /// The promise, the place and the day. Not the time: it would show who was on shift.
    fn describe(&self, row: &ObstacleRow) -> String {
        let names = [self.guarantees.get(&row.guarantee), self.places.get(&row.place)].into_iter().flatten().cloned();
        names.chain([self.local_time.day(row.known_at)]).collect::<Vec<_>>().join(" · ")
    }
}

fn board_page(
    board: &BoardContext,
    page: &ObstaclePage,
    unanswered_count: u64,
    has_newer: bool,
) -> impl IntoView + use<> {
    let texts = board.local_time.texts;
    let (open, answered): (Vec<_>, Vec<_>) = page.rows.iter().partition(|row| row.answers.is_empty());
    let headline = match (page.rows.is_empty(), has_newer) {
        (true, false) => texts.text("obstacles-none"),
        (true, true) => texts.text("obstacles-no-older"),
        _ => texts.text_with("obstacles-headline", &[("count", unanswered_count.into())]),
    };
    let section = |title: &str, rows: &[&ObstacleRow]| {
        let rows: Vec<_> = rows.iter().map(|row| obstacle_row(board, row)).collect();
        (!rows.is_empty())
            .then(|| view! { <section class="card grid"><h2>{texts.text(title)}</h2><ul class="list obstacles">{rows}</ul></section> })
    };
    let older = page.before.map(|last| {
        let to = addresses::older_rows(addresses::OBSTACLES, last);
        view! { <a class="btn quiet tall" rel="next" href=to>{texts.text("obstacles-older")}</a> }
    });
    let newest =
        has_newer.then(|| view! { <a class="link" href=addresses::OBSTACLES>{texts.text("obstacles-newest")}</a> });
    view! {
        <main id="main" class="slim">
            <h1>{headline}</h1>
            <p class="muted">{texts.text("obstacles-lead")}</p>
            {section("obstacles-waiting", &open)}
            {section("obstacles-answered", &answered)}
            <p class="row">{older} {newest}</p>
        </main>
    }
}

fn obstacle_row(board: &BoardContext, row: &ObstacleRow) -> impl IntoView + use<> {
    let texts = board.local_time.texts;
    let (what, about) = (texts.text(obstacle_key(row.obstacle)), board.describe(row));
    let label = if row.answers.is_empty() { "obstacles-answer" } else { "obstacles-answer-again" };
    let link = board.may_answer.then(|| {
        let to = addresses::obstacle(row.id);
        view! { <a class="link" href=to>{texts.text(label)}<span class="visually-hidden">": "{what.clone()}", "{about.clone()}</span></a> }
    });
    let current = row.answers.first().map(|given| answer_view(board, given));
    let earlier = row.answers.get(1..).filter(|earlier| !earlier.is_empty()).map(|earlier| {
        let all: Vec<_> = earlier.iter().map(|given| answer_view(board, given)).collect();
        view! { <details><summary>{texts.text("obstacles-earlier")}</summary><div class="grid">{all}</div></details> }
    });
    view! {
        <li>
            <div class="grid tight">
                <span><b>{what}</b><small>{about}</small></span>
                {current}
                {earlier}
            </div>
            {link}
        </li>
    }
}

/// An answer with its date.
fn answer_view(board: &BoardContext, given: &GivenAnswer) -> impl IntoView + use<> {
    let (texts, decision) = (board.local_time.texts, given.answer.decision);
    let icon = match decision {
        Decision::Done => view! { <KeptIcon /> }.into_any(),
        Decision::Planned => view! { <ClockIcon /> }.into_any(),
        Decision::NotNow => view! { <NotApplicableIcon /> }.into_any(),
    };
    view! {
        <div class="guide answer">
            <p class="row between">
                <span class="row">{icon} <b>{texts.text(decision_key(decision))}</b></span>
                <small><time datetime=given.at.to_rfc3339()>{board.local_time.short(given.at)}</time></small>
            </p>
            <p class="user-text">{given.answer.words.to_string()}</p>
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
