//! The board on today's page: the status of the promises, and the most urgent recoveries.

use std::sync::Arc;

use domain::guarantee::Stage;
use domain::measure::{Basis, Tally};
use domain::promise_status::{PromiseStatus, RATED_DAYS, StatusCounts};
use leptos::prelude::*;
use store::{Charter, GuaranteeRow, PublicGuarantee, QueueCounts, RecoveryFilter, RecoveryRow};

use super::open_requests::OpenRequests;
use crate::addresses;
use crate::bottle::{Bottle, BottleSize};
use crate::day_chart::{Bars, Day};
use crate::error::Error;
use crate::local_time::LocalTime;
use crate::promise_status;
use crate::recoveries::list::{all_recoveries_link, recovery_list};
use crate::request_context::SignedIn;

/// How many open recoveries are listed.
const MAX_LISTED: i64 = 5;

/// The data of the board.
pub struct DayBoard {
    local_time: LocalTime,
    charter: Charter,
    /// Promises that are checked but not yet public.
    trials: Vec<String>,
    recovery_counts: QueueCounts,
    /// The open recoveries with the most urgent deadlines.
    urgent_recoveries: Vec<RecoveryRow>,
    /// How many breaks were found by staff, and how many breaks there are.
    found_by_staff: (u64, u64),
    requests: OpenRequests,
}

impl DayBoard {
    pub async fn load(
        signed_in: &SignedIn,
        guarantees: &[GuaranteeRow],
        requests: OpenRequests,
    ) -> Result<Self, Error> {
        let (store, actor) = (&signed_in.context.state.store, signed_in.actor());
        let business = store.business(actor).await?;
        let local_time = LocalTime::of(signed_in.context.texts, &business, store.now());
        let charter = store.charter(business, None).await?;
        let trials = guarantees.iter().filter(|row| row.stage == Stage::Trial);
        let trials = trials.map(|row| row.wording.title.to_string()).collect();
        let found_by_staff = store.found_by_staff(charter.business.id).await?;
        let urgent = store.open_recoveries(actor, RecoveryFilter::All, None, MAX_LISTED).await?;
        Ok(Self {
            local_time,
            charter,
            trials,
            recovery_counts: store.count_open_recoveries(actor).await?,
            urgent_recoveries: urgent.rows,
            found_by_staff,
            requests,
        })
    }

    /// The headline and everything below it.
    pub fn view(&self) -> impl IntoView + use<> {
        let texts = self.local_time.texts;
        let tiles: Vec<_> = self.in_force().map(|guarantee| self.tile(guarantee)).collect();
        let trials = (!self.trials.is_empty()).then(|| {
            let titles = self.trials.join(" · ");
            view! { <p class="muted">{texts.text_with("today-trials", &[("titles", titles.into())])}</p> }
        });
        view! {
            <div class="grid tight">
                <p class="label">{texts.weekday_and_date(self.local_time.today())}</p>
                <h1>{self.headline()}</h1>
            </div>
            <div class="tiles">{tiles}</div>
            {trials}
            {self.requests.view()}
            {self.waiting_card()}
            {self.figures_section()}
        }
    }

    /// Promises in force or suspended, but not retired ones.
    fn in_force(&self) -> impl Iterator<Item = &PublicGuarantee> {
        self.charter.guarantees.iter().map(Arc::as_ref).filter(|guarantee| guarantee.stage != Stage::Retired)
    }

    /// The status of the promises, and how many recoveries wait for us.
    fn headline(&self) -> String {
        let texts = self.local_time.texts;
        let count_text = |key: &str, count: u64| texts.text_with(key, &[("count", count.into())]);
        let QueueCounts { ours, overdue, .. } = self.recovery_counts;
        let mut sentences = self.status_sentences();
        sentences.push(count_text("today-waiting", ours));
        sentences.extend((overdue > 0).then(|| count_text("today-late", overdue)));
        sentences.join(" ")
    }

    /// One sentence per problem: below the mark, or without a level. If all promises hold, one sentence says so.
    fn status_sentences(&self) -> Vec<String> {
        let texts = self.local_time.texts;
        let guarantees = &self.charter.guarantees;
        let counts = StatusCounts::of(guarantees.iter().map(|guarantee| (guarantee.stage, guarantee.status())));
        if counts.in_force() == 0 {
            let key = if guarantees.is_empty() { "today-no-promises" } else { "today-none-in-force" };
            return vec![texts.text(key)];
        }
        let problems = [
            ("today-below", counts.below),
            ("today-unknown", counts.not_checked_lately),
            ("today-never-checked", counts.never_checked),
            ("today-too-few", counts.too_few),
        ];
        let holds = [("today-holds", if counts.holding == counts.in_force() { counts.holding } else { 0 })];
        let counts = problems.into_iter().chain(holds).filter(|(_, count)| *count > 0);
        counts.map(|(key, count)| texts.text_with(key, &[("count", count.into())])).collect()
    }

    fn tile(&self, guarantee: &PublicGuarantee) -> impl IntoView + use<> {
        let texts = self.local_time.texts;
        let (status, mark) = (guarantee.status(), guarantee.wording.mark.basis_points());
        let class = if status.is_below_mark() { "card tile low" } else { "card tile" };
        let level = status.level();
        let number = level.map(|level| view! { <b class="num">{texts.percent(level.share.basis_points())}</b>" " });
        let status_line = self.status_line(guarantee);
        let basis = level.map(|level| view! { <small class="muted">{texts.text(basis_key(level.basis))}</small> });
        let last = guarantee.last_check.map_or_else(|| texts.text("checks-never"), |at| self.local_time.ago(at));
        let suspended = (guarantee.stage == Stage::Suspended).then(|| {
            view! { <span><span class="pill stage suspended">{texts.text("stage-suspended")}</span></span> }
        });
        let rated = guarantee.days.len().saturating_sub(RATED_DAYS);
        let days: Vec<_> = guarantee.days.iter().skip(rated).map(Day::of).collect();
        view! {
            <a class=class href=addresses::guarantee(guarantee.id)>
                <Bottle status mark size=BottleSize::Tile label="" />
                <span>
                    <h2>{guarantee.wording.title.to_string()}</h2>
                    {suspended}
                    <span>{number}<span class="small muted">{status_line}</span></span>
                    {basis}
                    <Bars days label="" />
                    <small class="muted">{last}</small>
                </span>
            </a>
        }
    }

    /// Beside a level: whether it is above or below the mark. Without a level: why there is none.
    fn status_line(&self, guarantee: &PublicGuarantee) -> String {
        let (texts, status) = (self.local_time.texts, guarantee.status());
        let mark = [("mark", texts.percent(guarantee.wording.mark.basis_points()).into())];
        match status {
            PromiseStatus::Holds(_) => texts.text_with("today-level-above", &mark),
            PromiseStatus::BelowMark(_) => texts.text_with("today-level-below", &mark),
            _ => {
                let why = promise_status::sentence(texts, status, guarantee.wording.mark, |at| self.local_time.day(at));
                format!("{why} {}", texts.text_with("status-mark", &mark))
            }
        }
    }

    fn waiting_card(&self) -> impl IntoView + use<> {
        let texts = self.local_time.texts;
        let rows = if self.urgent_recoveries.is_empty() {
            view! { <p class="muted">{texts.text("today-nobody-waits")}</p> }.into_any()
        } else {
            recovery_list(&self.local_time, &self.urgent_recoveries).into_any()
        };
        view! {
            <section class="card grid">
                <div class="row between"><h2>{texts.text("today-urgent")}</h2>{all_recoveries_link(texts, self.recovery_counts.open)}</div>
                {rows}
            </section>
        }
    }

    /// The share of breaks found by staff, the coverage, and the number of checks.
    fn figures_section(&self) -> impl IntoView + use<> {
        let texts = self.local_time.texts;
        let tally: Tally = self.in_force().map(|guarantee| guarantee.tally(RATED_DAYS)).sum();
        let figure =
            |number: String, key: &str| view! { <div><b class="num">{number}</b><span>{texts.text(key)}</span></div> };
        let (by_staff, all) = self.found_by_staff;
        let of = texts.text_with("today-of", &[("part", by_staff.into()), ("whole", all.into())]);
        let found = (all > 0).then(|| figure(of, "today-found"));
        let coverage = tally.coverage().map(|share| figure(texts.percent(share.basis_points()), "today-coverage"));
        let made = figure(texts.number(tally.checks_made()), "today-made");
        view! { <section class="figures" aria-label=texts.text("today-figures")>{found}{coverage}{made}</section> }
    }
}

fn basis_key(basis: Basis) -> &'static str {
    match basis {
        Basis::Strict => "today-basis-strict",
        Basis::Kept => "today-basis-kept",
    }
}
