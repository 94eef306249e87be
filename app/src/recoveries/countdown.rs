//! The countdown to a deadline.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::timer::{ServerClock, each_second};

/// The patterns of a countdown. `{}` stands for a number or a duration.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CountdownTexts {
    pub left: String,
    pub late: String,
    pub day: String,
    pub days: String,
    pub hours: String,
    pub minutes: String,
    pub seconds: String,
    pub moment: String,
}

/// A deadline within this time is urgent.
const SOON_MS: i64 = 60 * 60 * 1000;

/// The time left until `due`, or how late it is. Server and browser render the same from the same `now`, both in
/// milliseconds. Screen readers do not announce each change; on request they read the label and the time left.
#[island]
pub fn Countdown(now: i64, due: i64, label: String, texts: CountdownTexts) -> impl IntoView {
    let clock = ServerClock::start(now);
    let left = RwSignal::new(due - now);
    each_second(move || left.set(due - clock.now()));
    let texts = StoredValue::new(texts);
    let formatted = move || texts.with_value(|texts| texts.format(left.get()));
    view! {
        <span class=move || urgency_class(left.get()) role="timer" aria-label=label>
            <span>{move || formatted().before}</span>
            <span class="seconds">{move || formatted().seconds}</span>
            <span>{move || formatted().after}</span>
        </span>
    }
}

fn urgency_class(left: i64) -> &'static str {
    match left {
        ..0 => "clock late",
        0..SOON_MS => "clock soon",
        _ => "clock",
    }
}

/// A duration in three parts. The seconds are separate: readers who prefer reduced motion do not see them.
#[derive(Clone, Debug, PartialEq, Eq)]
struct FormattedDuration {
    before: String,
    seconds: String,
    after: String,
}

impl CountdownTexts {
    fn format(&self, left: i64) -> FormattedDuration {
        let pattern = if left < 0 { &self.late } else { &self.left };
        let (before, after) = pattern.split_once("{}").unwrap_or((pattern, ""));
        let (length, seconds) = self.format_length(left.unsigned_abs() / 1000);
        FormattedDuration { before: format!("{before}{length}"), seconds, after: after.to_owned() }
    }

    fn format_length(&self, seconds: u64) -> (String, String) {
        let fill = |pattern: &str, number: u64| pattern.replace("{}", &number.to_string());
        let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
        let length = match (days, hours, minutes) {
            (0, 0, 0) => self.moment.clone(),
            (0, 0, _) => fill(&self.minutes, minutes),
            (0, _, _) => format!("{} {}", fill(&self.hours, hours), fill(&self.minutes, minutes)),
            (1, _, _) => format!("{} {}", fill(&self.day, days), fill(&self.hours, hours)),
            (_, _, _) => fill(&self.days, days),
        };
        let shows_seconds = days == 0 && hours == 0 && minutes > 0;
        (length, if shows_seconds { format!("\u{a0}{}", fill(&self.seconds, seconds % 60)) } else { String::new() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn formatted(left: i64) -> String {
        let texts = CountdownTexts {
            left: "{} left".into(),
            late: "late by {}".into(),
            day: "{} day".into(),
            days: "{} days".into(),
            hours: "{} h".into(),
            minutes: "{} min".into(),
            seconds: "{} s".into(),
            moment: "less than a minute".into(),
        };
        let FormattedDuration { before, seconds, after } = texts.format(left);
        format!("{before}{seconds}{after}").replace('\u{a0}', " ")
    }

    #[test]
    fn a_countdown_shows_at_most_two_units() {
        let minute = 60_000;
        assert_eq!(formatted(12 * minute + 5_900), "12 min 5 s left");
        assert_eq!(formatted(72 * minute), "1 h 12 min left");
        assert_eq!(formatted(-72 * minute), "late by 1 h 12 min");
        assert_eq!(formatted(26 * 60 * minute), "1 day 2 h left");
        assert_eq!(formatted(5 * 24 * 60 * minute), "5 days left");
        assert_eq!(
            (formatted(59_000), formatted(-1)),
            ("less than a minute left".into(), "late by less than a minute".into())
        );
    }

    #[test]
    fn a_deadline_is_urgent_in_its_last_hour_and_late_after_it() {
        assert_eq!(
            [urgency_class(SOON_MS), urgency_class(SOON_MS - 1), urgency_class(0), urgency_class(-1)],
            ["clock", "clock soon", "clock soon", "clock late"]
        );
    }
}
