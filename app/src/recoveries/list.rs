//! Who waits longest, and how those closed last ended.

use axum::response::Response;
use domain::recovery::Stage;
use leptos::prelude::*;
use serde::Deserialize;
use store::{ClosedRecoveries, RecoveryRow};

use super::clocks::pressing;
use super::names::{headline, stage_key};
use crate::checks::when::When;
use crate::error::Error;
use crate::icons::ArrowIcon;
use crate::texts::Texts;
use crate::visit::{Inside, Query};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    show: String,
    /// The last closed one of the page before: only what was closed earlier.
    before: Option<String>,
}

/// Which of them are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Which {
    All,
    Open,
    Late,
    Closed,
}

impl Which {
    const ALL: [Self; 4] = [Self::All, Self::Open, Self::Late, Self::Closed];

    fn name(self) -> &'static str {
        match self {
            Self::All => "",
            Self::Open => "open",
            Self::Late => "late",
            Self::Closed => "closed",
        }
    }

    fn label_key(self) -> &'static str {
        match self {
            Self::All => "recoveries-show-all",
            Self::Open => "recoveries-show-open",
            Self::Late => "recoveries-show-late",
            Self::Closed => "recoveries-show-closed",
        }
    }

    fn address(self) -> String {
        match self {
            Self::All => "/recoveries".to_owned(),
            other => format!("/recoveries?show={}", other.name()),
        }
    }
}

pub(super) async fn show(inside: Inside, Query(wanted): Query<Wanted>) -> Result<Response, Error> {
    let which = Which::ALL.into_iter().find(|which| which.name() == wanted.show).ok_or(Error::NotFound)?;
    let before = wanted.before.map(|id| id.parse().map_err(|_| Error::NotFound)).transpose()?;
    let (store, actor) = (&inside.visit.state.store, inside.actor());
    let home = store.home(actor).await?;
    let when = When::of(inside.visit.texts, &home, store.now());
    let open = store.open_recoveries(actor).await?;
    let closed = store.closed_recoveries(actor, before, MOST).await?;
    let title = when.texts.say("recoveries-title");
    Ok(inside.page(&title, || page(&when, which, &open, &closed)))
}

/// How many of the closed ones stand below those that are open.
const LATEST: usize = 10;

/// How many closed ones a page of them has.
const MOST: i64 = 50;

fn page(when: &When, which: Which, open: &[RecoveryRow], closed: &ClosedRecoveries) -> impl IntoView + use<> {
    let texts = when.texts;
    let older = closed.before.filter(|_| matches!(which, Which::Late | Which::Closed)).map(|last| {
        let to = format!("{}&before={last}", which.address());
        view! { <p><a class="btn quiet" rel="next" href=to>{texts.say("recoveries-older")}</a></p> }
    });
    let closed = &closed.rows[..];
    let links = Which::ALL.map(|one| {
        view! { <a href=one.address() aria-current=(one == which).then_some("page")>{texts.say(one.label_key())}</a> }
    });
    let late = which == Which::Late;
    let shown = |rows: &'_ [RecoveryRow]| -> Vec<RecoveryRow> {
        rows.iter().filter(|row| !late || was_late(when, row)).cloned().collect()
    };
    let waiting = (which != Which::Closed).then(|| {
        let none = if late { "recoveries-none-late" } else { "recoveries-none-open" };
        section(when, "recoveries-waiting", none, &shown(open))
    });
    let over = (which != Which::Open).then(|| {
        let none = if late { "recoveries-none-late" } else { "recoveries-none-closed" };
        let closed = if which == Which::All { closed.get(..LATEST).unwrap_or(closed) } else { closed };
        section(when, "recoveries-closed", none, &shown(closed))
    });
    view! {
        <main id="main">
            <h1>{sentence(when, open)}</h1>
            <nav class="filters" aria-label=texts.say("recoveries-show")>{links}</nav>
            {waiting}
            {over}
            {older}
        </main>
    }
}

/// What is the case: how many are open, how many of them wait for us, and how many too long.
fn sentence(when: &When, open: &[RecoveryRow]) -> String {
    let texts = when.texts;
    let tell = |key: &str, count: usize| texts.tell(key, &[("count", count.into())]);
    let ours = open.iter().filter(|row| waits_for_us(row)).count();
    let late = open.iter().filter(|row| is_overdue(when, row)).count();
    let mut said = tell("recoveries-headline-open", open.len());
    if ours < open.len() {
        said = format!("{said} {}", tell("recoveries-headline-ours", ours));
    }
    if late > 0 {
        said = format!("{said} {}", tell("recoveries-headline-late", late));
    }
    said
}

/// The next thing is for us to do.
pub(crate) fn waits_for_us(row: &RecoveryRow) -> bool {
    row.stage != Stage::FollowingUp && row.pressing.is_some_and(|clock| clock.due.is_some())
}

/// A deadline of ours has passed and is not met yet.
pub(crate) fn is_overdue(when: &When, row: &RecoveryRow) -> bool {
    row.pressing.is_some_and(|clock| clock.is_late(when.now))
}

/// A deadline of ours has passed, now or before.
fn was_late(when: &When, row: &RecoveryRow) -> bool {
    row.late || is_overdue(when, row)
}

fn section(when: &When, title: &str, none: &str, rows: &[RecoveryRow]) -> impl IntoView + use<> {
    let texts = when.texts;
    let rows = if rows.is_empty() {
        view! { <p class="soft">{texts.say(none)}</p> }.into_any()
    } else {
        lines(when, rows).into_any()
    };
    view! { <section class="card grid"><h2>{texts.say(title)}</h2>{rows}</section> }
}

/// Recoveries, one a line: what was not kept, where, how far it is, and the deadline that presses.
pub(crate) fn lines(when: &When, rows: &[RecoveryRow]) -> impl IntoView + use<> {
    let texts = when.texts;
    let each = rows.iter().map(|row| {
        let late = row.late.then(|| view! { <small class="broken">{texts.say("recoveries-was-late")}</small> });
        let stage = row.stage.outcome().is_none().then(|| view! { <small>{texts.say(stage_key(row.stage))}</small> });
        view! {
            <li>
                <span>
                    <a href=format!("/recoveries/{}", row.id)>{headline(texts, row)}</a>
                    <small>{row.guarantee.clone()}" · "{row.site.clone()}", "{row.place.clone()}</small>
                    {stage}
                    {late}
                </span>
                {pressing(when, row)}
            </li>
        }
    });
    view! { <ul class="list waits">{each.collect_view()}</ul> }
}

/// The way to all of them.
pub(crate) fn all_of(texts: Texts, count: usize) -> impl IntoView + use<> {
    view! { <a class="link" href="/recoveries">{texts.tell("recoveries-all", &[("count", count.into())])}<ArrowIcon /></a> }
}
