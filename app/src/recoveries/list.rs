//! The list of recoveries: the open ones, longest wait first, and the latest closed ones.

use axum::response::Response;
use domain::recovery::Turn;
use leptos::prelude::*;
use serde::Deserialize;
use store::{ClosedRecoveries, RecoveryRow};

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
    /// The last recovery of the previous page. Only those closed earlier are shown.
    before: Option<String>,
}

/// Which recoveries are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RecoveryFilter {
    All,
    Open,
    Late,
    Closed,
}

impl RecoveryFilter {
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
            Self::All => addresses::RECOVERIES.to_owned(),
            other => addresses::filtered_recoveries(other.name()),
        }
    }
}

pub(super) async fn show(signed_in: SignedIn, Query(query): Query<RecoveriesQuery>) -> Result<Response, Error> {
    let filter = RecoveryFilter::ALL.into_iter().find(|filter| filter.name() == query.show).ok_or(Error::NotFound)?;
    let before = query.before.map(|id| id.parse().map_err(|_| Error::NotFound)).transpose()?;
    let (store, actor) = (&signed_in.context.state.store, signed_in.actor());
    let business = store.business(actor).await?;
    let local_time = LocalTime::of(signed_in.context.texts, &business, store.now());
    let open = store.open_recoveries(actor).await?;
    let closed = store.closed_recoveries(actor, before, PAGE_SIZE).await?;
    let title = local_time.texts.text("recoveries-title");
    Ok(signed_in.page(&title, || list_page(&local_time, filter, &open, &closed)))
}

/// How many closed recoveries are listed below the open ones.
const CLOSED_SHOWN: usize = 10;

/// How many closed recoveries a page has.
const PAGE_SIZE: i64 = 50;

fn list_page(
    local_time: &LocalTime,
    filter: RecoveryFilter,
    open: &[RecoveryRow],
    closed: &ClosedRecoveries,
) -> impl IntoView + use<> {
    let texts = local_time.texts;
    let older = closed.before.filter(|_| matches!(filter, RecoveryFilter::Late | RecoveryFilter::Closed)).map(|last| {
        let href = addresses::older_rows(&filter.address(), last);
        view! { <p><a class="btn quiet" rel="next" href=href>{texts.text("recoveries-older")}</a></p> }
    });
    let closed = &closed.rows[..];
    let links = RecoveryFilter::ALL.map(|choice| {
        view! { <a href=choice.address() aria-current=(choice == filter).then_some("page")>{texts.text(choice.label_key())}</a> }
    });
    let late = filter == RecoveryFilter::Late;
    let visible = |rows: &'_ [RecoveryRow]| -> Vec<RecoveryRow> {
        rows.iter().filter(|row| !late || row.was_ever_late(local_time.now)).cloned().collect()
    };
    let open_section = (filter != RecoveryFilter::Closed).then(|| {
        let empty_key = if late { "recoveries-none-late" } else { "recoveries-none-open" };
        section(local_time, "recoveries-waiting", empty_key, &visible(open))
    });
    let closed_section = (filter != RecoveryFilter::Open).then(|| {
        let empty_key = if late { "recoveries-none-late" } else { "recoveries-none-closed" };
        let closed = if filter == RecoveryFilter::All { closed.get(..CLOSED_SHOWN).unwrap_or(closed) } else { closed };
        section(local_time, "recoveries-closed", empty_key, &visible(closed))
    });
    view! {
        <main id="main">
            <h1>{summary(local_time, open)}</h1>
            <nav class="filters" aria-label=texts.text("recoveries-show")>{links}</nav>
            {open_section}
            {closed_section}
            {older}
        </main>
    }
}

/// How many are open, how many wait for us, and how many are overdue.
fn summary(local_time: &LocalTime, open: &[RecoveryRow]) -> String {
    let texts = local_time.texts;
    let count_text = |key: &str, count: usize| texts.text_with(key, &[("count", count.into())]);
    let ours = open.iter().filter(|row| row.waits_for_us()).count();
    let late = open.iter().filter(|row| row.is_overdue(local_time.now)).count();
    let mut summary = count_text("recoveries-headline-open", open.len());
    if ours < open.len() {
        summary = format!("{summary} {}", count_text("recoveries-headline-ours", ours));
    }
    if late > 0 {
        summary = format!("{summary} {}", count_text("recoveries-headline-late", late));
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
pub(crate) fn all_recoveries_link(texts: Texts, count: usize) -> impl IntoView + use<> {
    view! { <a class="link" href=addresses::RECOVERIES>{texts.text_with("recoveries-all", &[("count", count.into())])}<ArrowIcon /></a> }
}
