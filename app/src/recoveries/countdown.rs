//! A deadline that counts in the page.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::ticking::{Clock, each_second};

/// How a length of time is written; `{}` stands where the number goes, or the length itself.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ClockWords {
    pub left: String,
    pub late: String,
    pub day: String,
    pub days: String,
    pub hours: String,
    pub minutes: String,
    pub seconds: String,
    pub moment: String,
}

/// How urgent a deadline is: within the hour, or past.
const SOON: i64 = 60 * 60 * 1000;

/// What is left until `due`, or by how much it is late. Server and browser draw the same from the same `now`, both in
/// milliseconds. It is not read out as it counts; whoever asks hears which deadline it is and what is left.
#[island]
pub fn Countdown(now: i64, due: i64, label: String, words: ClockWords) -> impl IntoView {
    let clock = Clock::start(now);
    let left = RwSignal::new(due - now);
    each_second(move || left.set(due - clock.now()));
    let words = StoredValue::new(words);
    let written = move || words.with_value(|words| words.write(left.get()));
    view! {
        <span class=move || class(left.get()) role="timer" aria-label=label>
            <span>{move || written().before}</span>
            <span class="seconds">{move || written().seconds}</span>
            <span>{move || written().after}</span>
        </span>
    }
}

fn class(left: i64) -> &'static str {
    match left {
        ..0 => "clock late",
        0..SOON => "clock soon",
        _ => "clock",
    }
}

/// A length in its three parts: the seconds, which not everybody wants to see move, stand by themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Written {
    before: String,
    seconds: String,
    after: String,
}

impl ClockWords {
    fn write(&self, left: i64) -> Written {
        let frame = if left < 0 { &self.late } else { &self.left };
        let (before, after) = frame.split_once("{}").unwrap_or((frame, ""));
        let (length, seconds) = self.length(left.unsigned_abs() / 1000);
        Written { before: format!("{before}{length}"), seconds, after: after.to_owned() }
    }

    fn length(&self, seconds: u64) -> (String, String) {
        let put = |pattern: &str, number: u64| pattern.replace("{}", &number.to_string());
        let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
        let long = match (days, hours, minutes) {
            (0, 0, 0) => self.moment.clone(),
            (0, 0, _) => put(&self.minutes, minutes),
            (0, _, _) => format!("{} {}", put(&self.hours, hours), put(&self.minutes, minutes)),
            (1, _, _) => format!("{} {}", put(&self.day, days), put(&self.hours, hours)),
            (_, _, _) => put(&self.days, days),
        };
        let ticking = days == 0 && hours == 0 && minutes > 0;
        (long, if ticking { format!("\u{a0}{}", put(&self.seconds, seconds % 60)) } else { String::new() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(left: i64) -> String {
        let words = ClockWords {
            left: "{} left".into(),
            late: "late by {}".into(),
            day: "{} day".into(),
            days: "{} days".into(),
            hours: "{} h".into(),
            minutes: "{} min".into(),
            seconds: "{} s".into(),
            moment: "less than a minute".into(),
        };
        let Written { before, seconds, after } = words.write(left);
        format!("{before}{seconds}{after}").replace('\u{a0}', " ")
    }

    #[test]
    fn what_is_left_and_what_is_late_are_said_in_two_units() {
        let minute = 60_000;
        assert_eq!(written(12 * minute + 5_900), "12 min 5 s left");
        assert_eq!(written(72 * minute), "1 h 12 min left");
        assert_eq!(written(-72 * minute), "late by 1 h 12 min");
        assert_eq!(written(26 * 60 * minute), "1 day 2 h left");
        assert_eq!(written(5 * 24 * 60 * minute), "5 days left");
        assert_eq!(
            (written(59_000), written(-1)),
            ("less than a minute left".into(), "late by less than a minute".into())
        );
    }

    #[test]
    fn it_presses_within_the_hour_and_is_late_from_the_first_millisecond() {
        assert_eq!(
            [class(SOON), class(SOON - 1), class(0), class(-1)],
            ["clock", "clock soon", "clock soon", "clock late"]
        );
    }
}
