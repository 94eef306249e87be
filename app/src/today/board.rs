//! How the promises stand, and who waits longest: the day of those who answer for it.

use domain::guarantee::Stage;
use domain::measure::{Basis, Level, Tally};
use leptos::prelude::*;
use store::{Charter, PublicGuarantee, RecoveryRow};

use super::asked::Asked;
use crate::bottle::{Bottle, BottleSize};
use crate::checks::when::When;
use crate::days::{Bars, Day};
use crate::error::Error;
use crate::recoveries::list::{all_of, is_overdue, lines, waits_for_us};
use crate::visit::Inside;

/// How many days the bottle tells of.
const LEVEL_DAYS: usize = 30;

/// How many of those who wait are listed.
const LISTED: usize = 5;

/// What a day's board shows, read in one go.
pub struct Board {
    when: When,
    charter: Charter,
    /// Promises that are checked but not yet public.
    trials: Vec<String>,
    open: Vec<RecoveryRow>,
    /// Breaks found by staff, of all breaks.
    found: (u64, u64),
    asked: Asked,
}

/// The board of the business someone is inside of.
pub async fn board(inside: &Inside, asked: Asked) -> Result<Board, Error> {
    let (store, actor) = (&inside.visit.state.store, inside.actor());
    let home = store.home(actor).await?;
    let when = When::of(inside.visit.texts, &home, store.now());
    let charter = store.charter(home, None).await?;
    let mut found = (0, 0);
    for guarantee in &charter.guarantees {
        let totals = store.detail(&charter.home, guarantee.id).await?.totals;
        found = (found.0 + totals.found_by_staff, found.1 + totals.all);
    }
    let rows = store.guarantees(actor).await?.into_iter();
    let trials = rows.filter(|row| row.stage == Stage::Trial).map(|row| row.wording.title.to_string()).collect();
    Ok(Board { when, charter, trials, open: store.open_recoveries(actor).await?, found, asked })
}

impl Board {
    /// Everything under the headline, and the headline itself.
    pub fn view(&self) -> impl IntoView + use<> {
        let texts = self.when.texts;
        let tiles: Vec<_> = self.in_force().map(|guarantee| self.tile(guarantee)).collect();
        let trials = (!self.trials.is_empty()).then(|| {
            let titles = self.trials.join(" · ");
            view! { <p class="soft">{texts.tell("today-trials", &[("titles", titles.into())])}</p> }
        });
        view! {
            <div class="grid tight">
                <p class="label">{texts.weekday(self.when.today())}</p>
                <h1>{self.headline()}</h1>
            </div>
            <div class="tiles">{tiles}</div>
            {trials}
            {self.asked.view()}
            {self.waiting()}
            {self.figures()}
        }
    }

    /// What is in force or announced as suspended; what is retired has had its day.
    fn in_force(&self) -> impl Iterator<Item = &PublicGuarantee> {
        self.charter.guarantees.iter().filter(|guarantee| guarantee.stage != Stage::Retired)
    }

    /// What is the case: which promises do not hold, and how many recoveries wait for us.
    fn headline(&self) -> String {
        let texts = self.when.texts;
        let levels: Vec<_> = self.in_force().map(|guarantee| (level(guarantee), guarantee)).collect();
        let below =
            levels.iter().filter(|(level, guarantee)| level.is_some_and(|level| !holds(guarantee, level))).count();
        let unknown = levels.iter().filter(|(level, _)| level.is_none()).count();
        let promises = if levels.is_empty() {
            texts.say("today-no-promises")
        } else if below > 0 {
            texts.tell("today-below", &[("count", below.into())])
        } else if unknown > 0 {
            texts.tell("today-unknown", &[("count", unknown.into())])
        } else {
            texts.tell("today-holds", &[("count", levels.len().into())])
        };
        let ours: Vec<_> = self.open.iter().filter(|row| waits_for_us(row)).collect();
        let waiting = texts.tell("today-waiting", &[("count", ours.len().into())]);
        let late = ours.iter().filter(|row| is_overdue(&self.when, row)).count();
        let late = (late > 0).then(|| texts.tell("today-late", &[("count", late.into())]));
        [Some(promises), Some(waiting), late].into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    fn tile(&self, guarantee: &PublicGuarantee) -> impl IntoView + use<> {
        let texts = self.when.texts;
        let (level, mark) = (level(guarantee), guarantee.wording.mark.basis_points());
        let class = match level {
            Some(level) if !holds(guarantee, level) => "card tile low",
            _ => "card tile",
        };
        let number = level.map(|level| view! { <b class="num">{texts.percent(level.share.basis_points())}</b>" " });
        let stands = texts.tell(stands_key(level, mark), &[("mark", texts.percent(mark).into())]);
        let basis = level.map(|level| view! { <small class="soft">{texts.say(basis_key(level.basis))}</small> });
        let last = guarantee.last_check.map_or_else(|| texts.say("checks-never"), |at| self.when.ago(at));
        let suspended = (guarantee.stage == Stage::Suspended).then(|| {
            view! { <span><span class="pill stage suspended">{texts.say("stage-suspended")}</span></span> }
        });
        let days: Vec<_> = guarantee
            .days
            .iter()
            .rev()
            .take(LEVEL_DAYS)
            .rev()
            .map(|day| Day { date: day.date, kept: day.tally.kept, broken: day.tally.broken, missed: day.tally.missed })
            .collect();
        view! {
            <a class=class href=format!("/guarantees/{}", guarantee.id)>
                <Bottle level mark size=BottleSize::Tile label="" />
                <span>
                    <h2>{guarantee.wording.title.to_string()}</h2>
                    {suspended}
                    <span>{number}<span class="small soft">{stands}</span></span>
                    {basis}
                    <Bars days label="" />
                    <small class="soft">{last}</small>
                </span>
            </a>
        }
    }

    fn waiting(&self) -> impl IntoView + use<> {
        let texts = self.when.texts;
        let first = self.open.get(..LISTED).unwrap_or(&self.open);
        let rows = if first.is_empty() {
            view! { <p class="soft">{texts.say("today-nobody-waits")}</p> }.into_any()
        } else {
            lines(&self.when, first).into_any()
        };
        view! {
            <section class="card grid">
                <div class="row between"><h2>{texts.say("today-longest")}</h2>{all_of(texts, self.open.len())}</div>
                {rows}
            </section>
        }
    }

    /// The first number about staff, and how much was looked at; the formula beside each.
    fn figures(&self) -> impl IntoView + use<> {
        let texts = self.when.texts;
        let tally: Tally = self.in_force().map(|guarantee| guarantee.tally(LEVEL_DAYS)).sum();
        let fact =
            |number: String, key: &str| view! { <div><b class="num">{number}</b><span>{texts.say(key)}</span></div> };
        let (ours, all) = self.found;
        let of = texts.tell("today-of", &[("part", ours.into()), ("whole", all.into())]);
        let found = (all > 0).then(|| fact(of, "today-found"));
        let coverage = tally.coverage().map(|share| fact(texts.percent(share.basis_points()), "today-coverage"));
        let made = fact(texts.number(tally.made()), "today-made");
        view! { <section class="facts" aria-label=texts.say("today-figures")>{found}{coverage}{made}</section> }
    }
}

fn level(guarantee: &PublicGuarantee) -> Option<Level> {
    guarantee.tally(LEVEL_DAYS).level()
}

fn holds(guarantee: &PublicGuarantee, level: Level) -> bool {
    level.share.reaches(guarantee.wording.mark.basis_points())
}

fn stands_key(level: Option<Level>, mark: u32) -> &'static str {
    match level {
        None => "today-level-unknown",
        Some(level) if level.share.reaches(mark) => "today-level-above",
        Some(_) => "today-level-below",
    }
}

fn basis_key(basis: Basis) -> &'static str {
    match basis {
        Basis::Strict => "today-basis-strict",
        Basis::Kept => "today-basis-kept",
    }
}
