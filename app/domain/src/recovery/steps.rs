//! What each step of a recovery records, and how it is parsed from a form or an API call.

use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use serde::{Deserialize, Serialize};

use super::Outcome;
use crate::closed_set::closed_set;
use crate::fault::{Fault, Faults, parse_choice, parse_optional};
use crate::hours::parse_local_time;
use crate::ids::PersonId;
use crate::money::{Currency, Money};
use crate::text::{Line, Prose, is_blank, tidy};

/// The acknowledgement: who owns the recovery, the apology, and when the customer hears from us next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acknowledgement {
    /// The staff member responsible for the recovery from now on.
    pub owner: Option<PersonId>,
    /// The apology to the customer. It takes responsibility and offers repair.
    pub apology: Option<Prose>,
    /// When the customer hears from us next, at the latest.
    pub next_update_by: Option<DateTime<Utc>>,
}

/// What happened in the customer's words, how severe it was, and which remedy the customer would call fair.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Understanding {
    /// What happened, in the customer's words.
    pub words: Prose,
    pub severity: Severity,
    /// Whether we could have prevented it.
    pub preventable: bool,
    /// The cause, as far as it is known.
    pub cause: Option<Prose>,
    /// What the customer would call fair.
    pub remedy_sought: Option<Prose>,
}

/// What the customer was told about progress, and when the next update is promised by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Update {
    pub told: Prose,
    pub next_update_by: Option<DateTime<Utc>>,
}

/// The correction of this break, the remedy the customer received, and the gesture beyond it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remedy {
    /// What repairs this break now. Public.
    pub correction: Prose,
    /// What the customer was given. Public.
    pub remedy: Option<Prose>,
    pub gesture: Option<Prose>,
    pub cost: Option<Money>,
    /// When the customer received the remedy.
    pub received_at: DateTime<Utc>,
    /// Whether the remedy was offered before the customer claimed it.
    pub proactive: bool,
}

/// The customer's answers to the follow-up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    pub fixed: FixedAnswer,
    /// Was the outcome fair?
    pub fair: Option<bool>,
    /// Was the process quick and easy?
    pub quick: Option<bool>,
    /// Was the treatment respectful?
    pub respectful: Option<bool>,
    /// Was the reason honest?
    pub honest: Option<bool>,
    /// Would you give us another chance?
    pub again: bool,
    pub words: Option<Prose>,
}

/// The answers of the process (cause and corrective action) and of the employee (heard, thanked, supported).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lesson {
    /// Why the break happened. Public.
    pub cause: Prose,
    /// What removes the cause. Public. `None` if nothing does; then `why_none` says why.
    pub corrective_action: Option<Prose>,
    /// Why there is no corrective action. Public.
    pub why_none: Option<Prose>,
    pub heard: bool,
    pub thanked: bool,
    pub supported: bool,
}

/// How severe the break was for the customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    Minor,
    Major,
    /// The customer lost something that cannot be given back.
    LifeEvent,
}

/// The customer's answer to the question "is it fixed?".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FixedAnswer {
    Yes,
    Partly,
    No,
}

/// A step as sent by a form or an API call, before it is parsed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "step")]
pub enum StepDraft {
    Acknowledge(AcknowledgementDraft),
    Understand(UnderstandingDraft),
    Update(UpdateDraft),
    AskCustomer,
    CustomerReplied,
    Remedy(RemedyDraft),
    /// Ask the customer, or start watching the record if no customer is known.
    FollowUp,
    Learn(LessonDraft),
    NoAnswer,
    Reopen(ReopenDraft),
}

/// Input for an [`Acknowledgement`], as text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AcknowledgementDraft {
    pub owner: String,
    pub apology: String,
    pub responsibility: String,
    pub repair: String,
    pub next_update_by: String,
    /// Name of the affected customer, if they gave one. Personal data: stored apart from the step.
    pub customer_name: String,
    pub customer_contact: String,
}

/// Input for an [`Understanding`], as text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct UnderstandingDraft {
    pub words: String,
    pub severity: String,
    pub preventable: String,
    pub cause: String,
    pub remedy_sought: String,
}

/// Input for an [`Update`], as text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct UpdateDraft {
    pub told: String,
    pub next_update_by: String,
}

/// Input for a [`Remedy`], as text.
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

/// The customer's input for an [`Answer`], as text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FollowUpDraft {
    pub fixed: String,
    pub fair: String,
    pub quick: String,
    pub respectful: String,
    pub honest: String,
    pub again: String,
    pub words: String,
}

/// Input for a [`Lesson`], as text.
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

/// Input for reopening a recovery: the reason.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReopenDraft {
    pub why: String,
}

closed_set! { Severity.name { Minor = "minor", Major = "major", LifeEvent = "life_event" } }

impl Answer {
    /// The outcome for trust: restored if it is fixed and the customer would come again; not restored if it is not
    /// fixed; partly in every other case.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.fixed.outcome(self.again)
    }
}

impl FixedAnswer {
    /// See [`Answer::outcome`]. `again` is whether the customer would come again.
    #[must_use]
    pub fn outcome(self, again: bool) -> Outcome {
        match (self, again) {
            (Self::Yes, true) => Outcome::Restored,
            (Self::No, _) => Outcome::NotRestored,
            _ => Outcome::Partly,
        }
    }
}

impl AcknowledgementDraft {
    /// Parses the acknowledgement. If there is a customer (`customer`, or a customer name in the draft), the apology,
    /// responsibility, repair and next update are required. Times without an offset are local times in `zone`. The next
    /// update must lie after `now` and at most 60 days ahead.
    ///
    /// # Errors
    /// The [`Faults`] of every invalid field.
    pub fn parse<Z: TimeZone>(&self, customer: bool, zone: &Z, now: DateTime<Utc>) -> Result<Acknowledgement, Faults> {
        let mut faults = Faults::default();
        let customer = customer || !is_blank(&self.customer_name);
        let owner = faults
            .collect("owner", parse_optional(&self.owner, |text| tidy(text).parse().map_err(|_| Fault::Malformed)));
        let apology = faults.collect("apology", required_if(customer, &self.apology, Prose::parse));
        if customer {
            faults.collect("responsibility", require_checkbox(&self.responsibility));
            faults.collect("repair", require_checkbox(&self.repair));
        }
        let next = required_if(customer, &self.next_update_by, |text| parse_future(text, zone, now));
        let next = faults.collect("next_update_by", next);
        match (owner, apology, next) {
            (Some(owner), Some(apology), Some(next_update_by)) if faults.is_empty() => {
                Ok(Acknowledgement { owner, apology, next_update_by })
            }
            _ => Err(faults),
        }
    }

    /// The customer's name and contact, if given.
    ///
    /// # Errors
    /// A name or contact that is not a valid [`Line`], or a contact without a name.
    pub fn customer(&self) -> Result<Option<(Line, Option<Line>)>, Faults> {
        let mut faults = Faults::default();
        let name = faults.collect("customer_name", parse_optional(&self.customer_name, Line::parse));
        let contact = faults.collect("customer_contact", parse_optional(&self.customer_contact, Line::parse));
        match (name, contact) {
            (Some(None), Some(Some(_))) => Err(Faults::one("customer_name", Fault::Missing)),
            (Some(name), Some(contact)) => Ok(name.map(|name| (name, contact))),
            _ => Err(faults),
        }
    }
}

impl UnderstandingDraft {
    /// Parses the draft. The words, the severity and whether the break was preventable are required.
    ///
    /// # Errors
    /// The [`Faults`] of every invalid field.
    pub fn parse(&self) -> Result<Understanding, Faults> {
        let mut faults = Faults::default();
        let words = faults.collect("words", Prose::parse(&self.words));
        let severity = faults.collect("severity", parse_choice(&self.severity, Severity::ALL, Severity::name));
        let preventable = faults.collect("preventable", parse_yes_no(&self.preventable));
        let cause = faults.collect("cause", parse_optional(&self.cause, Prose::parse));
        let remedy_sought = faults.collect("remedy_sought", parse_optional(&self.remedy_sought, Prose::parse));
        match (words, severity, preventable, cause, remedy_sought) {
            (Some(words), Some(severity), Some(preventable), Some(cause), Some(remedy_sought)) => {
                Ok(Understanding { words, severity, preventable, cause, remedy_sought })
            }
            _ => Err(faults),
        }
    }
}

impl UpdateDraft {
    /// Parses the update. A time without an offset is local time in `zone`; it must lie after `now`, at most 60 days
    /// ahead.
    ///
    /// # Errors
    /// The [`Faults`] of every invalid field.
    pub fn parse<Z: TimeZone>(&self, zone: &Z, now: DateTime<Utc>) -> Result<Update, Faults> {
        let mut faults = Faults::default();
        let told = faults.collect("told", Prose::parse(&self.told));
        let next = faults
            .collect("next_update_by", parse_optional(&self.next_update_by, |text| parse_future(text, zone, now)));
        match (told, next) {
            (Some(told), Some(next_update_by)) => Ok(Update { told, next_update_by }),
            _ => Err(faults),
        }
    }
}

impl RemedyDraft {
    /// Parses the remedy. If there is a `customer`, the remedy is required. It was received between `opened` and `now`;
    /// if no time is given, at `now`.
    ///
    /// # Errors
    /// The [`Faults`] of every invalid field.
    pub fn parse<Z: TimeZone>(
        &self,
        customer: bool,
        currency: Currency,
        zone: &Z,
        opened: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<Remedy, Faults> {
        let mut faults = Faults::default();
        let correction = faults.collect("correction", Prose::parse(&self.correction));
        let remedy = faults.collect("remedy", required_if(customer, &self.remedy, Prose::parse));
        let gesture = faults.collect("gesture", parse_optional(&self.gesture, Prose::parse));
        let cost = faults.collect("cost", parse_optional(&self.cost, |text| Money::parse(text, currency)));
        let received = parse_optional(&self.received_at, |text| parse_past(text, zone, opened, now));
        let received = faults.collect("received_at", received);
        let proactive = faults.collect("proactive", parse_checkbox(&self.proactive));
        match (correction, remedy, gesture, cost, received, proactive) {
            (Some(correction), Some(remedy), Some(gesture), Some(cost), Some(received), Some(proactive)) => {
                Ok(Remedy { correction, remedy, gesture, cost, received_at: received.unwrap_or(now), proactive })
            }
            _ => Err(faults),
        }
    }
}

impl FollowUpDraft {
    /// Parses the answers. Only `fixed` and `again` are required.
    ///
    /// # Errors
    /// The [`Faults`] of every invalid field.
    pub fn parse(&self) -> Result<Answer, Faults> {
        let mut faults = Faults::default();
        let fixed = faults.collect("fixed", parse_choice(&self.fixed, FixedAnswer::ALL, FixedAnswer::name));
        let again = faults.collect("again", parse_yes_no(&self.again));
        let fair = faults.collect("fair", parse_optional(&self.fair, parse_yes_no));
        let quick = faults.collect("quick", parse_optional(&self.quick, parse_yes_no));
        let respectful = faults.collect("respectful", parse_optional(&self.respectful, parse_yes_no));
        let honest = faults.collect("honest", parse_optional(&self.honest, parse_yes_no));
        let words = faults.collect("words", parse_optional(&self.words, Prose::parse));
        match (fixed, again, fair, quick, respectful, honest, words) {
            (Some(fixed), Some(again), Some(fair), Some(quick), Some(respectful), Some(honest), Some(words)) => {
                Ok(Answer { fixed, fair, quick, respectful, honest, again, words })
            }
            _ => Err(faults),
        }
    }
}

impl LessonDraft {
    /// Parses the lesson. It needs a corrective action, or the reason why there is none. The employee must have been
    /// heard and thanked.
    ///
    /// # Errors
    /// The [`Faults`] of every invalid field.
    pub fn parse(&self) -> Result<Lesson, Faults> {
        let mut faults = Faults::default();
        let cause = faults.collect("cause", Prose::parse(&self.cause));
        let action = faults.collect("corrective_action", parse_optional(&self.corrective_action, Prose::parse));
        let needs_why = is_blank(&self.corrective_action);
        let why_none = faults.collect("why_none", required_if(needs_why, &self.why_none, Prose::parse));
        faults.collect("heard", require_checkbox(&self.heard));
        faults.collect("thanked", require_checkbox(&self.thanked));
        let supported = faults.collect("supported", parse_checkbox(&self.supported));
        match (cause, action, why_none, supported) {
            (Some(cause), Some(corrective_action), Some(why_none), Some(supported)) if faults.is_empty() => {
                Ok(Lesson { cause, corrective_action, why_none, heard: true, thanked: true, supported })
            }
            _ => Err(faults),
        }
    }
}

closed_set! { FixedAnswer.name { Yes = "yes", Partly = "partly", No = "no" } }

fn required_if<T>(needed: bool, text: &str, parse: impl FnOnce(&str) -> Result<T, Fault>) -> Result<Option<T>, Fault> {
    if needed { parse(text).map(Some) } else { parse_optional(text, parse) }
}

fn parse_yes_no(text: &str) -> Result<bool, Fault> {
    parse_choice(text, [true, false], |answer| if answer { "yes" } else { "no" })
}

/// A checkbox that may be left unticked.
fn parse_checkbox(text: &str) -> Result<bool, Fault> {
    if is_blank(text) { Ok(false) } else { parse_yes_no(text) }
}

/// A checkbox that must be ticked.
fn require_checkbox(text: &str) -> Result<(), Fault> {
    if parse_checkbox(text)? { Ok(()) } else { Err(Fault::Missing) }
}

/// How far ahead the next update may be promised.
const MAX_UPDATE_AHEAD: TimeDelta = TimeDelta::days(60);

fn parse_future<Z: TimeZone>(text: &str, zone: &Z, now: DateTime<Utc>) -> Result<DateTime<Utc>, Fault> {
    let at = instant(text, zone)?;
    if at <= now {
        Err(Fault::NotInFuture)
    } else if at > now + MAX_UPDATE_AHEAD {
        Err(Fault::TooFarAhead { days: MAX_UPDATE_AHEAD.num_days() })
    } else {
        Ok(at)
    }
}

fn parse_past<Z: TimeZone>(
    text: &str,
    zone: &Z,
    opened: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<DateTime<Utc>, Fault> {
    let at = instant(text, zone)?;
    // A date-and-time field has no seconds, so a time in the minute of opening may seem to lie before it.
    if at < opened - TimeDelta::minutes(1) {
        Err(Fault::TooOld)
    } else if at > now {
        Err(Fault::InFuture)
    } else {
        Ok(at)
    }
}

/// An RFC 3339 instant, or local time without an offset, as sent by an HTML `datetime-local` field.
fn instant<Z: TimeZone>(text: &str, zone: &Z) -> Result<DateTime<Utc>, Fault> {
    let text = tidy(text);
    if text.is_empty() {
        return Err(Fault::Missing);
    }
    if let Ok(at) = DateTime::parse_from_rfc3339(&text) {
        return Ok(at.to_utc());
    }
    parse_local_time(zone, &text)
}
