//! The recent days of a promise: a chart with one bar per day, and the same data as a table.

use chrono::NaiveDate;
use domain::measure::Tally;
use leptos::prelude::*;
use store::DayTally;

use crate::texts::Texts;

/// What happened on one local calendar day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    pub date: NaiveDate,
    pub kept: u64,
    pub broken: u64,
    pub missed: u64,
}

impl Day {
    pub fn of(day: &DayTally) -> Self {
        let Tally { kept, broken, missed, .. } = day.tally;
        Self { date: day.date, kept, broken, missed }
    }

    fn is_blank(&self) -> bool {
        self.kept == 0 && self.broken == 0 && self.missed == 0
    }
}

/// The bars, with a legend and the dates at both ends.
#[component]
pub fn DayChart(texts: Texts, days: Vec<Day>, #[prop(into)] label: String) -> impl IntoView {
    let back = days.len().saturating_sub(1);
    view! {
        <figure class="day-chart">
            <Bars days label />
            <figcaption>
                <span>{texts.text_with("days-ago", &[("count", back.into())])}</span>
                <Legend texts />
                <span>{texts.text("days-today")}</span>
            </figcaption>
        </figure>
    }
}

/// A legend that shows one sample bar for each kind of day.
#[component]
fn Legend(texts: Texts) -> impl IntoView {
    let (kept, broken, missed) = ((1, 0, 0), (2, 1, 0), (0, 0, 1));
    let keys = [(kept, "days-kept"), (broken, "days-broken"), (missed, "days-missed"), ((0, 0, 0), "days-none")];
    let each = keys.map(|((kept, broken, missed), key)| {
        let day = Day { date: NaiveDate::MIN, kept, broken, missed };
        view! { <span><Bars days=vec![day] label="" />{texts.text(key)}</span> }
    });
    view! { <span class="legend">{each.into_view()}</span> }
}

/// One bar per day, oldest first. The broken part is at the bottom with a gap above it, the missed part is hatched
/// and at the top, and a day without checks is a thin line. The parts differ by shape, not only by colour. Without a
/// `label` the bars are decorative.
#[component]
pub fn Bars(days: Vec<Day>, #[prop(into)] label: String) -> impl IntoView {
    let is_decorative = label.is_empty();
    let paths = Paths::of(&days);
    let path = |class: &'static str, d: String| (!d.is_empty()).then(|| view! { <path class=class d=d /> });
    view! {
        <svg
            class="day-strip"
            viewBox=format!("0 0 {} {HEIGHT}", (days.len() * PITCH).saturating_sub(PITCH - BAR))
            preserveAspectRatio="none"
            role=(!is_decorative).then_some("img")
            aria-label=(!is_decorative).then_some(label)
            aria-hidden=is_decorative.then_some("true")
        >
            {path("f", paths.full)}
            {path("k", paths.kept)}
            {path("b", paths.broken)}
            {path("m", paths.missed)}
            {path("n", paths.none)}
        </svg>
    }
}

const HEIGHT: usize = 46;
/// The distance from one bar to the next; the bar itself is narrower. The style sheet uses both values.
const PITCH: usize = 8;
const BAR: usize = 6;
/// Between the kept and the broken part of a bar.
const GAP: usize = 3;

/// One SVG path for each kind of part. A run of equal days is drawn as one dashed line as thick as the bars are high,
/// which keeps the page small.
#[derive(Default)]
struct Paths {
    full: String,
    kept: String,
    broken: String,
    missed: String,
    none: String,
}

impl Paths {
    fn of(days: &[Day]) -> Self {
        let mut paths = Self::default();
        let mut at = 0;
        for run in days.chunk_by(|one, next| Bar::of(one) == Bar::of(next)) {
            paths.add(Bar::of(&run[0]), at, run.len());
            at += run.len();
        }
        paths
    }

    fn add(&mut self, bar: Bar, at: usize, count: usize) {
        let run = |y: usize| format!("M{} {y}h{}", at * PITCH, count * PITCH - (PITCH - BAR));
        let each = |from: usize, to: usize| -> String {
            let bars = (at..at + count).map(|i| i * PITCH + BAR / 2);
            bars.fold(String::new(), |path, middle| format!("{path}M{middle} {from}V{to}"))
        };
        match bar {
            Bar::Blank => self.none += &run(HEIGHT - 1),
            Bar::Pieces { broken: 0, missed: 0 } => self.full += &run(HEIGHT / 2),
            Bar::Pieces { broken, missed } => {
                let foot = if broken == 0 { HEIGHT } else { HEIGHT.saturating_sub(broken + GAP) };
                if foot > missed {
                    self.kept += &each(missed, foot);
                }
                if broken > 0 {
                    self.broken += &each(HEIGHT - broken, HEIGHT);
                }
                if missed > 0 {
                    self.missed += &each(0, missed);
                }
            }
        }
    }
}

/// The shape of one bar: the height of its broken and missed parts. The rest is kept.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bar {
    Blank,
    Pieces { broken: usize, missed: usize },
}

impl Bar {
    /// A part is at least this high, so that it is visible.
    const MIN_HEIGHT: usize = 6;

    fn of(day: &Day) -> Self {
        let (broken, missed) = (share(day.broken, day), share(day.missed, day));
        match (day.kept, broken, missed) {
            (0, 0, 0) => Self::Blank,
            (0, _, 0) => Self::Pieces { broken: HEIGHT, missed: 0 },
            (0, 0, _) => Self::Pieces { broken: 0, missed: HEIGHT },
            (0, _, _) => {
                let broken = broken.min(HEIGHT - GAP - Self::MIN_HEIGHT);
                Self::Pieces { broken, missed: HEIGHT - GAP - broken }
            }
            _ => {
                let room = HEIGHT - GAP - Self::MIN_HEIGHT;
                let broken = broken.min(room - missed.min(Self::MIN_HEIGHT));
                Self::Pieces { broken, missed: missed.min(room - broken) }
            }
        }
    }
}

/// The height that a count takes in the bar of its day.
fn share(count: u64, day: &Day) -> usize {
    if count == 0 {
        return 0;
    }
    let total = u128::from(day.kept) + u128::from(day.broken) + u128::from(day.missed);
    let units = u128::from(count) * HEIGHT as u128 / total;
    usize::try_from(units).map_or(HEIGHT, |units| units.max(Bar::MIN_HEIGHT))
}

/// The same days as a folded table. Days without any checks or misses are left out.
#[component]
pub fn DayTable(texts: Texts, days: Vec<Day>, #[prop(into)] caption: String) -> impl IntoView {
    let heads = ["days-day", "days-kept", "days-broken", "days-missed"];
    let rows = days.into_iter().rev().filter(|day| !day.is_blank()).map(|day| {
        view! {
            <tr>
                <th>{texts.short_date(day.date)}</th>
                <td>{texts.number(day.kept)}</td>
                <td>{texts.number(day.broken)}</td>
                <td>{texts.number(day.missed)}</td>
            </tr>
        }
    });
    view! {
        <details class="screen-only">
            <summary>{texts.text("days-as-table")}</summary>
            <div class="scroll" role="group" aria-label=caption tabindex="0">
                <table class="num">
                    <thead>
                        <tr>{heads.map(|head| view! { <th scope="col">{texts.text(head)}</th> }).into_view()}</tr>
                    </thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
        </details>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(kept: u64, broken: u64, missed: u64) -> Day {
        Day { date: NaiveDate::MIN, kept, broken, missed }
    }

    #[test]
    fn consecutive_equal_days_are_drawn_as_one_line() {
        let mut days = vec![day(20, 0, 0); 90];
        assert_eq!(Paths::of(&days).full, "M0 23h718");
        days[40] = day(0, 0, 0);
        let paths = Paths::of(&days);
        assert_eq!((paths.full.as_str(), paths.none.as_str()), ("M0 23h318M328 23h390", "M320 45h6"));
    }

    #[test]
    fn broken_is_at_the_bottom_and_missed_at_the_top() {
        let paths = Paths::of(&[day(8, 1, 1)]);
        assert_eq!(
            (paths.missed.as_str(), paths.kept.as_str(), paths.broken.as_str()),
            ("M3 0V6", "M3 6V37", "M3 40V46")
        );
        assert_eq!(Paths::of(&[day(0, 0, 3)]).missed, "M3 0V46");
        assert_eq!(Paths::of(&[day(0, 3, 0)]).broken, "M3 0V46");
    }

    proptest! {
        #[test]
        fn every_nonzero_count_of_a_day_is_visible(kept in any::<u64>(), broken in any::<u64>(), missed in any::<u64>()) {
            let paths = Paths::of(&[day(kept, broken, missed)]);
            let blank = kept == 0 && broken == 0 && missed == 0;
            prop_assert_eq!(paths.full.is_empty() && paths.kept.is_empty(), kept == 0);
            prop_assert_eq!(paths.broken.is_empty(), broken == 0);
            prop_assert_eq!(paths.missed.is_empty(), missed == 0);
            prop_assert_eq!(paths.none.is_empty(), !blank);
        }
    }
}
