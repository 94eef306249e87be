//! A schedule as chosen in a form.

use chrono::Weekday;
use serde::{Deserialize, Serialize};

use super::{Recurrence, Schedule, Weekdays};
use crate::fault::{Fault, Faults, parse_integer};
use crate::hours::{Span, TimeOfDay};
use crate::text::{is_blank, lines, tidy};

/// Input for a [`Schedule`], as text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ScheduleDraft {
    /// `every`, `at`, or `none`.
    pub rhythm: String,
    /// The interval in minutes, from 5 to 1440.
    pub every: String,
    /// A span such as `06:00-22:00`.
    pub within: String,
    /// Times such as `09:00, 13:30`.
    pub times: String,
    /// How many minutes before a time a check counts for it, from 5 to 720.
    pub lead: String,
    /// The names of the weekdays; see [`DAYS`].
    pub days: Vec<String>,
    /// The grace in minutes, from 0 to 720.
    pub grace: String,
    /// The places it is chosen for.
    pub places: Vec<String>,
}

/// The names of the weekdays, Monday first.
pub const DAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Mon),
    ("tuesday", Weekday::Tue),
    ("wednesday", Weekday::Wed),
    ("thursday", Weekday::Thu),
    ("friday", Weekday::Fri),
    ("saturday", Weekday::Sat),
    ("sunday", Weekday::Sun),
];

const MAX_TIMES: usize = 48;

impl ScheduleDraft {
    /// Parses the schedule. `None` if nothing is to be due (`none`).
    ///
    /// # Errors
    /// The [`Faults`] of every invalid field, and [`Fault::NeverDue`] if the interval is longer than the span.
    pub fn parse(&self) -> Result<Option<Schedule>, Faults> {
        let mut faults = Faults::default();
        let rhythm = match tidy(&self.rhythm).as_str() {
            "none" => return Ok(None),
            "every" => self.every(&mut faults),
            "at" => self.at(&mut faults),
            "" => faults.collect("rhythm", Err(Fault::Missing)),
            _ => faults.collect("rhythm", Err(Fault::UnknownChoice)),
        };
        let days = faults.collect("days", self.days());
        let grace = faults.collect("grace", minutes(&self.grace, 0, 720));
        match (rhythm, days, grace) {
            (Some(rhythm), Some(days), Some(grace)) => Ok(Some(Schedule { rhythm, days, grace })),
            _ => Err(faults),
        }
    }

    fn every(&self, faults: &mut Faults) -> Option<Recurrence> {
        let minutes = faults.collect("every", minutes(&self.every, 5, 1440));
        let within = faults.collect("within", Span::parse(&self.within).map_err(|_| blank(&self.within)));
        let (minutes, within) = minutes.zip(within)?;
        let fits = minutes <= within.closes() - within.opens();
        faults.collect("every", if fits { Ok(Recurrence::Every { minutes, within }) } else { Err(Fault::NeverDue) })
    }

    fn at(&self, faults: &mut Faults) -> Option<Recurrence> {
        let times = faults.collect("times", self.times());
        let lead = faults.collect("lead", minutes(&self.lead, 5, 720));
        let (times, lead) = times.zip(lead)?;
        Some(Recurrence::At { times, lead })
    }

    fn times(&self) -> Result<Vec<TimeOfDay>, Fault> {
        let each = lines(&self.times).iter().map(|line| tidy(line)).collect::<Vec<_>>().join(",");
        let each = each.split([',', ';']).map(str::trim).filter(|time| !time.is_empty());
        let mut times =
            each.map(|time| TimeOfDay::parse(time).map_err(|_| Fault::Malformed)).collect::<Result<Vec<_>, _>>()?;
        times.sort_unstable();
        times.dedup();
        match times.len() {
            0 => Err(Fault::Missing),
            1..=MAX_TIMES => Ok(times),
            _ => Err(Fault::TooMany { max: MAX_TIMES }),
        }
    }

    fn days(&self) -> Result<Weekdays, Fault> {
        let known = |name: &String| DAYS.iter().find(|(known, _)| *known == tidy(name)).map(|(_, day)| *day);
        let days =
            self.days.iter().map(|name| known(name).ok_or(Fault::UnknownChoice)).collect::<Result<Vec<_>, _>>()?;
        Weekdays::from_days(days).ok_or(Fault::Missing)
    }
}

fn blank(text: &str) -> Fault {
    if is_blank(text) { Fault::Missing } else { Fault::Malformed }
}

fn minutes(text: &str, min: i64, max: i64) -> Result<u16, Fault> {
    parse_integer(text, min, max).map(|minutes| u16::try_from(minutes).unwrap_or(u16::MAX))
}

/// The form for changing a schedule, filled in with the current one, or with defaults if there is none.
impl From<Option<&Schedule>> for ScheduleDraft {
    fn from(schedule: Option<&Schedule>) -> Self {
        let blank = Self {
            rhythm: "none".to_owned(),
            every: "60".to_owned(),
            lead: "30".to_owned(),
            grace: "15".to_owned(),
            days: DAYS.iter().map(|(name, _)| (*name).to_owned()).collect(),
            ..Self::default()
        };
        let Some(schedule) = schedule else { return blank };
        let days =
            DAYS.iter().filter(|(_, day)| schedule.days.contains(*day)).map(|(name, _)| (*name).to_owned()).collect();
        let common = Self { days, grace: schedule.grace.to_string(), ..blank };
        match &schedule.rhythm {
            Recurrence::Every { minutes, within } => {
                Self { rhythm: "every".to_owned(), every: minutes.to_string(), within: within.to_string(), ..common }
            }
            Recurrence::At { times, lead } => {
                let times = times.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
                Self { rhythm: "at".to_owned(), times, lead: lead.to_string(), ..common }
            }
        }
    }
}
