//! What each step of a recovery records, and how it is read from a form or a program.

use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use serde::{Deserialize, Serialize};

use super::Outcome;
use crate::fault::{Fault, Faults, optional};
use crate::ids::PersonId;
use crate::money::{Currency, Money};
use crate::text::{Line, Prose, is_blank, tidy};

/// We know, we are sorry, someone has it, and this is when you hear from us next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acknowledgement {
    /// Who has this recovery from now on.
    pub owner: Option<PersonId>,
    /// What was said to the customer: it takes responsibility and offers repair.
    pub apology: Option<Prose>,
    pub next_update_by: Option<DateTime<Utc>>,
}

/// What happened, read back to the customer, and what they would call fair.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Understanding {
    pub words: Prose,
    pub severity: Severity,
    /// Whether we could have prevented it.
    pub preventable: bool,
    pub cause: Option<Prose>,
    pub remedy_sought: Option<Prose>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Update {
    pub told: Prose,
    pub next_update_by: Option<DateTime<Utc>>,
}

/// What was mended, what was given, and what was added beyond it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remedy {
    /// Public: what repairs this break now.
    pub correction: Prose,
    /// Public: what the customer was given.
    pub remedy: Option<Prose>,
    pub gesture: Option<Prose>,
    pub cost: Option<Money>,
    pub received_at: DateTime<Utc>,
    /// Whether it was given before anyone claimed it.
    pub proactive: bool,
}

/// The customer's answers to the follow-up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    pub fixed: Fixed,
    /// Was the outcome fair?
    pub fair: Option<bool>,
    /// Was the way quick and easy?
    pub quick: Option<bool>,
    /// Was the treatment respectful?
    pub respectful: Option<bool>,
    /// Was the reason honest?
    pub honest: Option<bool>,
    /// Would you give us another chance?
    pub again: bool,
    pub words: Option<Prose>,
}

/// The answers of the process (why, and what removes the cause) and of the employee.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lesson {
    /// Public.
    pub cause: Prose,
    /// Public: what removes the cause; if nothing does, why.
    pub corrective_action: Option<Prose>,
    pub why_none: Option<Prose>,
    pub heard: bool,
    pub thanked: bool,
    pub supported: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    Minor,
    Major,
    /// It cost somebody something that does not come back.
    LifeEvent,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fixed {
    Yes,
    Partly,
    No,
}

/// A step as somebody asks for it, from a form or a program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "step")]
pub enum StepDraft {
    Acknowledge(AcknowledgementDraft),
    Understand(UnderstandingDraft),
    Update(UpdateDraft),
    AskCustomer,
    CustomerReplied,
    Remedy(RemedyDraft),
    /// Ask the customer, or watch the record where none can be known.
    FollowUp,
    Learn(LessonDraft),
    NoAnswer,
    Reopen(ReopenDraft),
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AcknowledgementDraft {
    pub owner: String,
    pub apology: String,
    pub responsibility: String,
    pub repair: String,
    pub next_update_by: String,
    /// Who was failed, if they told us: personal data, kept apart.
    pub customer_name: String,
    pub customer_contact: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct UnderstandingDraft {
    pub words: String,
    pub severity: String,
    pub preventable: String,
    pub cause: String,
    pub remedy_sought: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct UpdateDraft {
    pub told: String,
    pub next_update_by: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RemedyDraft {
    pub correction: String,
    pub remedy: String,
    pub gesture: String,
    pub cost: String,
    pub received_at: String,
    pub proactive: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AnswerDraft {
    pub fixed: String,
    pub fair: String,
    pub quick: String,
    pub respectful: String,
    pub honest: String,
    pub again: String,
    pub words: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LessonDraft {
    pub cause: String,
    pub corrective_action: String,
    pub why_none: String,
    pub heard: String,
    pub thanked: String,
    pub supported: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReopenDraft {
    pub why: String,
}

impl Severity {
    pub const ALL: [Self; 3] = [Self::Minor, Self::Major, Self::LifeEvent];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Minor => "minor",
            Self::Major => "major",
            Self::LifeEvent => "life_event",
        }
    }
}

impl Answer {
    /// Trust is restored when it is fixed *and* the customer would come again; not restored when it is not fixed.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        match (self.fixed, self.again) {
            (Fixed::Yes, true) => Outcome::Restored,
            (Fixed::No, _) => Outcome::NotRestored,
            _ => Outcome::Partly,
        }
    }
}

impl AcknowledgementDraft {
    /// With `customer`, there is someone to apologise to and to tell when they hear from us next. Times without an
    /// offset are of the business's zone.
    ///
    /// # Errors
    /// Every field that is not as it must be.
    pub fn parse<Z: TimeZone>(&self, customer: bool, zone: &Z, now: DateTime<Utc>) -> Result<Acknowledgement, Faults> {
        let mut faults = Faults::default();
        let customer = customer || !is_blank(&self.customer_name);
        let owner =
            faults.take("owner", optional(&self.owner, |text| tidy(text).parse().map_err(|_| Fault::Malformed)));
        let apology = faults.take("apology", needed_if(customer, &self.apology, Prose::parse));
        if customer {
            faults.take("responsibility", ticked(&self.responsibility));
            faults.take("repair", ticked(&self.repair));
        }
        let next = needed_if(customer, &self.next_update_by, |text| coming(text, zone, now));
        let next = faults.take("next_update_by", next);
        match (owner, apology, next) {
            (Some(owner), Some(apology), Some(next_update_by)) if faults.is_empty() => {
                Ok(Acknowledgement { owner, apology, next_update_by })
            }
            _ => Err(faults),
        }
    }

    /// The customer's name and how to reach them, where given.
    ///
    /// # Errors
    /// A name or contact that is too long or hostile, or a contact without a name.
    pub fn customer(&self) -> Result<Option<(Line, Option<Line>)>, Faults> {
        let mut faults = Faults::default();
        let name = faults.take("customer_name", optional(&self.customer_name, Line::parse));
        let contact = faults.take("customer_contact", optional(&self.customer_contact, Line::parse));
        match (name, contact) {
            (Some(None), Some(Some(_))) => Err(Faults::one("customer_name", Fault::Missing)),
            (Some(name), Some(contact)) => Ok(name.map(|name| (name, contact))),
            _ => Err(faults),
        }
    }
}

impl UnderstandingDraft {
    /// # Errors
    /// Every field that is not as it must be.
    pub fn parse(&self) -> Result<Understanding, Faults> {
        let mut faults = Faults::default();
        let words = faults.take("words", Prose::parse(&self.words));
        let severity = faults.take("severity", one_of(&self.severity, Severity::ALL, Severity::name));
        let preventable = faults.take("preventable", yes_or_no(&self.preventable));
        let cause = faults.take("cause", optional(&self.cause, Prose::parse));
        let remedy_sought = faults.take("remedy_sought", optional(&self.remedy_sought, Prose::parse));
        match (words, severity, preventable, cause, remedy_sought) {
            (Some(words), Some(severity), Some(preventable), Some(cause), Some(remedy_sought)) => {
                Ok(Understanding { words, severity, preventable, cause, remedy_sought })
            }
            _ => Err(faults),
        }
    }
}

impl UpdateDraft {
    /// # Errors
    /// Every field that is not as it must be.
    pub fn parse<Z: TimeZone>(&self, zone: &Z, now: DateTime<Utc>) -> Result<Update, Faults> {
        let mut faults = Faults::default();
        let told = faults.take("told", Prose::parse(&self.told));
        let next = faults.take("next_update_by", optional(&self.next_update_by, |text| coming(text, zone, now)));
        match (told, next) {
            (Some(told), Some(next_update_by)) => Ok(Update { told, next_update_by }),
            _ => Err(faults),
        }
    }
}

impl RemedyDraft {
    /// With `customer`, there is someone who gets the remedy; it is received between `opened` and `now`.
    ///
    /// # Errors
    /// Every field that is not as it must be.
    pub fn parse<Z: TimeZone>(
        &self,
        customer: bool,
        currency: Currency,
        zone: &Z,
        opened: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<Remedy, Faults> {
        let mut faults = Faults::default();
        let correction = faults.take("correction", Prose::parse(&self.correction));
        let remedy = faults.take("remedy", needed_if(customer, &self.remedy, Prose::parse));
        let gesture = faults.take("gesture", optional(&self.gesture, Prose::parse));
        let cost = faults.take("cost", optional(&self.cost, |text| Money::parse(text, currency)));
        let received = optional(&self.received_at, |text| past(text, zone, opened, now));
        let received = faults.take("received_at", received);
        let proactive = faults.take("proactive", tick(&self.proactive));
        match (correction, remedy, gesture, cost, received, proactive) {
            (Some(correction), Some(remedy), Some(gesture), Some(cost), Some(received), Some(proactive)) => {
                Ok(Remedy { correction, remedy, gesture, cost, received_at: received.unwrap_or(now), proactive })
            }
            _ => Err(faults),
        }
    }
}

impl AnswerDraft {
    /// # Errors
    /// Every field that is not as it must be.
    pub fn parse(&self) -> Result<Answer, Faults> {
        let mut faults = Faults::default();
        let fixed = faults.take("fixed", one_of(&self.fixed, [Fixed::Yes, Fixed::Partly, Fixed::No], Fixed::name));
        let again = faults.take("again", yes_or_no(&self.again));
        let fair = faults.take("fair", optional(&self.fair, yes_or_no));
        let quick = faults.take("quick", optional(&self.quick, yes_or_no));
        let respectful = faults.take("respectful", optional(&self.respectful, yes_or_no));
        let honest = faults.take("honest", optional(&self.honest, yes_or_no));
        let words = faults.take("words", optional(&self.words, Prose::parse));
        match (fixed, again, fair, quick, respectful, honest, words) {
            (Some(fixed), Some(again), Some(fair), Some(quick), Some(respectful), Some(honest), Some(words)) => {
                Ok(Answer { fixed, fair, quick, respectful, honest, again, words })
            }
            _ => Err(faults),
        }
    }
}

impl LessonDraft {
    /// Either a corrective action or why there is none; the employee was heard and thanked.
    ///
    /// # Errors
    /// Every field that is not as it must be.
    pub fn parse(&self) -> Result<Lesson, Faults> {
        let mut faults = Faults::default();
        let cause = faults.take("cause", Prose::parse(&self.cause));
        let action = faults.take("corrective_action", optional(&self.corrective_action, Prose::parse));
        let needs_why = is_blank(&self.corrective_action);
        let why_none = faults.take("why_none", needed_if(needs_why, &self.why_none, Prose::parse));
        faults.take("heard", ticked(&self.heard));
        faults.take("thanked", ticked(&self.thanked));
        let supported = faults.take("supported", tick(&self.supported));
        match (cause, action, why_none, supported) {
            (Some(cause), Some(corrective_action), Some(why_none), Some(supported)) if faults.is_empty() => {
                Ok(Lesson { cause, corrective_action, why_none, heard: true, thanked: true, supported })
            }
            _ => Err(faults),
        }
    }
}

impl Fixed {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::Partly => "partly",
            Self::No => "no",
        }
    }
}

fn needed_if<T>(needed: bool, text: &str, parse: impl FnOnce(&str) -> Result<T, Fault>) -> Result<Option<T>, Fault> {
    if needed { parse(text).map(Some) } else { optional(text, parse) }
}

fn one_of<T: Copy, const N: usize>(text: &str, all: [T; N], name: fn(T) -> &'static str) -> Result<T, Fault> {
    match tidy(text).as_str() {
        "" => Err(Fault::Missing),
        text => all.into_iter().find(|one| name(*one) == text).ok_or(Fault::UnknownChoice),
    }
}

fn yes_or_no(text: &str) -> Result<bool, Fault> {
    one_of(text, [true, false], |answer| if answer { "yes" } else { "no" })
}

/// A box that may stay open.
fn tick(text: &str) -> Result<bool, Fault> {
    if is_blank(text) { Ok(false) } else { yes_or_no(text) }
}

/// A box that must be ticked.
fn ticked(text: &str) -> Result<(), Fault> {
    if tick(text)? { Ok(()) } else { Err(Fault::Missing) }
}

/// How far ahead an update may be promised.
const FARTHEST: TimeDelta = TimeDelta::days(60);

fn coming<Z: TimeZone>(text: &str, zone: &Z, now: DateTime<Utc>) -> Result<DateTime<Utc>, Fault> {
    let at = instant(text, zone)?;
    if at <= now {
        Err(Fault::TooOld)
    } else if at > now + FARTHEST {
        Err(Fault::InFuture)
    } else {
        Ok(at)
    }
}

fn past<Z: TimeZone>(text: &str, zone: &Z, opened: DateTime<Utc>, now: DateTime<Utc>) -> Result<DateTime<Utc>, Fault> {
    let at = instant(text, zone)?;
    // A field of minutes cannot name the second in which it was opened.
    if at < opened - TimeDelta::minutes(1) {
        Err(Fault::TooOld)
    } else if at > now {
        Err(Fault::InFuture)
    } else {
        Ok(at)
    }
}

/// An RFC 3339 instant, or the local time that a form's date-and-time field sends.
fn instant<Z: TimeZone>(text: &str, zone: &Z) -> Result<DateTime<Utc>, Fault> {
    let text = tidy(text);
    if text.is_empty() {
        return Err(Fault::Missing);
    }
    if let Ok(at) = DateTime::parse_from_rfc3339(&text) {
        return Ok(at.to_utc());
    }
    let local = chrono::NaiveDateTime::parse_from_str(&text, "%Y-%m-%dT%H:%M").map_err(|_| Fault::Malformed)?;
    zone.from_local_datetime(&local).earliest().map(|at| at.to_utc()).ok_or(Fault::Malformed)
}
