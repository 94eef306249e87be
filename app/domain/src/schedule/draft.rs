//! A schedule as a person chooses it.

use chrono::Weekday;
use serde::{Deserialize, Serialize};

use super::{Rhythm, Schedule, Weekdays};
use crate::fault::{Fault, Faults, whole};
use crate::hours::{Span, TimeOfDay};
use crate::text::{is_blank, lines, tidy};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ScheduleDraft {
    /// `every`, `at`, or `none`.
    pub rhythm: String,
    /// Minutes.
    pub every: String,
    /// As `06:00-22:00`.
    pub within: String,
    /// As `09:00, 13:30`.
    pub times: String,
    /// Minutes before a time in which a look counts for it.
    pub lead: String,
    /// Weekdays by their names.
    pub days: Vec<String>,
    /// Minutes.
    pub grace: String,
    /// For which places it is chosen.
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

const MOST_TIMES: usize = 48;

impl ScheduleDraft {
    /// None where nothing is to be due.
    ///
    /// # Errors
    /// Every field that is not as it must be; one that would never be due.
    pub fn parse(&self) -> Result<Option<Schedule>, Faults> {
        let mut faults = Faults::default();
        let rhythm = match tidy(&self.rhythm).as_str() {
            "none" => return Ok(None),
            "every" => self.every(&mut faults),
            "at" => self.at(&mut faults),
            "" => faults.take("rhythm", Err(Fault::Missing)),
            _ => faults.take("rhythm", Err(Fault::UnknownChoice)),
        };
        let days = faults.take("days", self.days());
        let grace = faults.take("grace", minutes(&self.grace, 0, 720));
        match (rhythm, days, grace) {
            (Some(rhythm), Some(days), Some(grace)) => Ok(Some(Schedule { rhythm, days, grace })),
            _ => Err(faults),
        }
    }

    fn every(&self, faults: &mut Faults) -> Option<Rhythm> {
        let minutes = faults.take("every", minutes(&self.every, 5, 1440));
        let within = faults.take("within", Span::parse(&self.within).map_err(|_| blank(&self.within)));
        let (minutes, within) = minutes.zip(within)?;
        let fits = minutes <= within.closes() - within.opens();
        faults.take("every", if fits { Ok(Rhythm::Every { minutes, within }) } else { Err(Fault::NeverDue) })
    }

    fn at(&self, faults: &mut Faults) -> Option<Rhythm> {
        let times = faults.take("times", self.times());
        let lead = faults.take("lead", minutes(&self.lead, 5, 720));
        let (times, lead) = times.zip(lead)?;
        Some(Rhythm::At { times, lead })
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
            1..=MOST_TIMES => Ok(times),
            _ => Err(Fault::TooMany { max: MOST_TIMES }),
        }
    }

    fn days(&self) -> Result<Weekdays, Fault> {
        let known = |name: &String| DAYS.iter().find(|(known, _)| *known == tidy(name)).map(|(_, day)| *day);
        let days =
            self.days.iter().map(|name| known(name).ok_or(Fault::UnknownChoice)).collect::<Result<Vec<_>, _>>()?;
        Weekdays::of(days).ok_or(Fault::Missing)
    }
}

fn blank(text: &str) -> Fault {
    if is_blank(text) { Fault::Missing } else { Fault::Malformed }
}

fn minutes(text: &str, min: i64, max: i64) -> Result<u16, Fault> {
    whole(text, min, max).map(|minutes| u16::try_from(minutes).unwrap_or(u16::MAX))
}

/// As it stands, to be changed.
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
        let days = DAYS.iter().filter(|(_, day)| schedule.days.has(*day)).map(|(name, _)| (*name).to_owned()).collect();
        let common = Self { days, grace: schedule.grace.to_string(), ..blank };
        match &schedule.rhythm {
            Rhythm::Every { minutes, within } => {
                Self { rhythm: "every".to_owned(), every: minutes.to_string(), within: within.to_string(), ..common }
            }
            Rhythm::At { times, lead } => {
                let times = times.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
                Self { rhythm: "at".to_owned(), times, lead: lead.to_string(), ..common }
            }
        }
    }
}
