//! The list of recoveries: the open ones, the most urgent first, and the latest closed ones. Both go on page by page.

use axum::response::Response;
use domain::ids::RecoveryId;
use domain::recovery::Turn;
use leptos::prelude::*;
use serde::Deserialize;
use store::{ClosedRecoveries, OpenRecoveries, QueueCounts, QueuePosition, RecoveryFilter, RecoveryRow};

use super::deadlines::most_urgent_deadline;
use super::names::{headline, turn_key};
use crate::addresses;
use crate::error::Error;
use crate::icons::ArrowIcon;
use crate::local_time::LocalTime;
use crate::names::recovery_stage_key;
use crate::request_context::{Query, SignedIn};
use crate::texts::Texts;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct RecoveriesQuery {
    show: String,
    /// Where the previous page of open recoveries ended.
    after: Option<String>,
    /// The last recovery of the previous page of closed ones.
    before: Option<String>,
}

/// Which recoveries are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    All,
    Open,
    Late,
    Closed,
}

impl Shown {
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

    fn filter(self) -> RecoveryFilter {
        match self {
            Self::Late => RecoveryFilter::Late,
            Self::All | Self::Open | Self::Closed => RecoveryFilter::All,
        }
    }

    fn address(self) -> String {
        match self {
            Self::All => addresses::RECOVERIES.to_owned(),
            other => addresses::filtered_recoveries(other.name()),
        }
    }
}

/// What the page shows: an open list, a closed one, or the first page of both.
struct Lists {
    shown: Shown,
    counts: QueueCounts,
    open: Option<OpenRecoveries>,
    closed: Option<ClosedRecoveries>,
    /// Whether this is a later page of its list.
    is_later: bool,
}

/// How many rows a page of one list has.
const PAGE_SIZE: i64 = 20;

/// How many closed recoveries are listed below the open ones.
const CLOSED_SHOWN: i64 = 10;

pub(super) async fn show(signed_in: SignedIn, Query(query): Query<RecoveriesQuery>) -> Result<Response, Error> {
    let shown = Shown::ALL.into_iter().find(|shown| shown.name() == query.show).ok_or(Error::NotFound)?;
    let after: Option<QueuePosition> = query.after.map(|text| text.parse().map_err(|_| Error::NotFound)).transpose()?;
    let before: Option<RecoveryId> = query.before.map(|id| id.parse().map_err(|_| Error::NotFound)).transpose()?;
    let (store, actor) = (&signed_in.context.state.store, signed_in.actor());
    let business = store.business(actor).await?;
    let local_time = LocalTime::of(signed_in.context.texts, &business, store.now());
    let open = if shown == Shown::Closed || before.is_some() {
        None
    } else {
        Some(store.open_recoveries(actor, shown.filter(), after, PAGE_SIZE).await?)
    };
    let closed = if shown == Shown::Open || after.is_some() {
        None
    } else {
        let limit = if shown == Shown::All { CLOSED_SHOWN } else { PAGE_SIZE };
        Some(store.closed_recoveries(actor, shown.filter(), before, limit).await?)
    };
    let (counts, is_later) = (store.count_open_recoveries(actor).await?, after.is_some() || before.is_some());
    let lists = Lists { shown, counts, open, closed, is_later };
    let title = local_time.texts.text("recoveries-title");
    Ok(signed_in.page(&title, || list_page(&local_time, &lists)))
}

fn list_page(local_time: &LocalTime, lists: &Lists) -> impl IntoView + use<> {
    let (texts, shown) = (local_time.texts, lists.shown);
    let links = Shown::ALL.map(|choice| {
        view! { <a href=choice.address() aria-current=(choice == shown).then_some("page")>{texts.text(choice.label_key())}</a> }
    });
    let empty_key = |key| if shown == Shown::Late { "recoveries-none-late" } else { key };
    let next =
        |label: &str, href: String| view! { <p><a class="btn quiet" rel="next" href=href>{texts.text(label)}</a></p> };
    let open = lists.open.as_ref().map(|page| {
        let list = if shown == Shown::All { Shown::Open } else { shown };
        let more = page.next.map(|end| next("recoveries-more", addresses::next_rows(&list.address(), end)));
        let rows = section(local_time, "recoveries-open", empty_key("recoveries-none-open"), &page.rows);
        view! { {rows} {more} }
    });
    let closed = lists.closed.as_ref().map(|page| {
        let list = if shown == Shown::All { Shown::Closed } else { shown };
        let older = page.before.map(|last| next("recoveries-older", addresses::older_rows(&list.address(), last)));
        let rows = section(local_time, "recoveries-closed", empty_key("recoveries-none-closed"), &page.rows);
        view! { {rows} {older} }
    });
    let first = lists.is_later.then(|| {
        view! { <p><a class="link" href=shown.address()>{texts.text("recoveries-first")}</a></p> }
    });
    view! {
        <main id="main">
            <h1>{summary(texts, lists.counts)}</h1>
            <nav class="filters" aria-label=texts.text("recoveries-show")>{links}</nav>
            {open}
            {closed}
            {first}
        </main>
    }
}

/// How many are open, how many wait for us, and how many are overdue.
fn summary(texts: Texts, counts: QueueCounts) -> String {
    let count_text = |key: &str, count: u64| texts.text_with(key, &[("count", count.into())]);
    let mut summary = count_text("recoveries-headline-open", counts.open);
    if counts.ours < counts.open {
        summary = format!("{summary} {}", count_text("recoveries-headline-ours", counts.ours));
    }
    if counts.overdue > 0 {
        summary = format!("{summary} {}", count_text("recoveries-headline-late", counts.overdue));
    }
    summary
}

fn section(local_time: &LocalTime, title: &str, empty_key: &str, rows: &[RecoveryRow]) -> impl IntoView + use<> {
    let texts = local_time.texts;
    let rows = if rows.is_empty() {
        view! { <p class="muted">{texts.text(empty_key)}</p> }.into_any()
    } else {
        recovery_list(local_time, rows).into_any()
    };
    view! { <section class="card grid"><h2>{texts.text(title)}</h2>{rows}</section> }
}

/// Recoveries with what was broken, where, the stage, and the most urgent deadline.
pub(crate) fn recovery_list(local_time: &LocalTime, rows: &[RecoveryRow]) -> impl IntoView + use<> {
    let texts = local_time.texts;
    let items = rows.iter().map(|row| {
        let late = row.late.then(|| view! { <small class="broken">{texts.text("recoveries-was-late")}</small> });
        let stage = row.stage.outcome().is_none().then(|| {
            // Without a running deadline, the list shows whose turn it is.
            let deadline = row.next_deadline.filter(|deadline| deadline.due.is_some() || row.turn != Turn::Customer);
            let turn = deadline.map(|_| format!(" · {}", texts.text(turn_key(row.turn))));
            view! { <small>{texts.text(recovery_stage_key(row.stage))}{turn}</small> }
        });
        view! {
            <li>
                <span>
                    <a href=addresses::recovery(row.id)>{headline(texts, row)}</a>
                    <small>{row.guarantee.clone()}" · "{row.site.clone()}", "{row.place.clone()}</small>
                    {stage}
                    {late}
                </span>
                {most_urgent_deadline(local_time, row)}
            </li>
        }
    });
    view! { <ul class="list detailed-list">{items.collect_view()}</ul> }
}

/// The link to all recoveries.
pub(crate) fn all_recoveries_link(texts: Texts, count: u64) -> impl IntoView + use<> {
    view! { <a class="link" href=addresses::RECOVERIES>{texts.text_with("recoveries-all", &[("count", count.into())])}<ArrowIcon /></a> }
}
