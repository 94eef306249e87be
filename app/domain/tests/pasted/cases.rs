//! Every draft with text in it: one that is in order, how it is read, and what its fields take.

use std::fmt::Debug;

use chrono::{DateTime, TimeDelta, Utc};
use domain::business::{BeginDraft, BusinessDraft};
use domain::check::{CheckDraft, FindingDraft};
use domain::device::DeviceDraft;
use domain::fault::Faults;
use domain::guarantee::WordingDraft;
use domain::hours::{Hours, HoursDraft};
use domain::invite::InviteDraft;
use domain::money::Currency;
use domain::obstacle;
use domain::person::{EntrantDraft, NewcomerDraft};
use domain::place::NameDraft;
use domain::problem::ProblemDraft;
use domain::reach::ReachDraft;
use domain::recovery::{
    self, AcknowledgementDraft, LessonDraft, RemedyDraft, ReopenDraft, UnderstandingDraft, UpdateDraft,
};
use domain::schedule::{AnnouncementDraft, ScheduleDraft};
use domain::second_look::SaidDraft;
use domain::text::Prose;
use domain::token::TokenDraft;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// What a field takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Takes {
    /// A text that must be there.
    Text,
    /// A text that may be left out.
    MayText,
    /// A number, a time, a choice, an id, an address, which must be there.
    Typed,
    /// The same, which may be left out.
    MayTyped,
}
use Takes::{MayText, MayTyped, Text, Typed};

/// A draft by the file it stands in and its name, one that is in order, and the fields that are tried in it.
pub struct Case {
    pub draft: &'static str,
    pub valid: Value,
    pub parse: fn(Value) -> Result<String, Faults>,
    pub fields: &'static [(&'static str, Takes)],
}

const ID: &str = "01930000-0000-7000-8000-000000000001";

fn now() -> DateTime<Utc> {
    "2026-11-02T12:00:00Z".parse().unwrap()
}

fn read<D: DeserializeOwned, T: Debug>(
    value: Value,
    parse: impl FnOnce(D) -> Result<T, Faults>,
) -> Result<String, Faults> {
    parse(serde_json::from_value(value).unwrap()).map(|parsed| format!("{parsed:?}"))
}

#[expect(clippy::too_many_lines, reason = "it is a table")]
pub fn cases() -> Vec<Case> {
    let business = json!({"name": "Prairie Stop", "slug": "prairie-stop", "zone": "Europe/Warsaw", "currency": "PLN", "language": "pl",
        "contact_name": "Maya", "contact_email": "maya@prairie.example", "contact_phone": "+48 600 100 200",
        "email": "owner@prairie.example", "password": "correct horse battery"});
    let check = json!({"id": ID, "guarantee": ID, "place": ID, "at": "2026-11-02T11:00:00Z", "sent": "2026-11-02T11:59:00Z",
        "heard": "2026-11-02T10:59:00Z", "heard_at": "2026-11-02T10:59:00Z", "version": "2", "photo": "0".repeat(64), "verdict": "broken", "reason": "1", "obstacle": "tools", "found_by": "customer", "note": "Soap is out"});
    vec![
        Case {
            draft: "business.rs BusinessDraft",
            valid: business.clone(),
            parse: |value| read(value, |draft: BusinessDraft| draft.parse(Hours::always())),
            fields: &[
                ("name", Text),
                ("slug", MayTyped),
                ("zone", Typed),
                ("currency", Typed),
                ("language", Typed),
                ("contact_name", Text),
                ("contact_email", MayTyped),
                ("contact_phone", MayTyped),
            ],
        },
        Case {
            draft: "business.rs BeginDraft",
            valid: business,
            parse: |value| read(value, |draft: BeginDraft| draft.parse()),
            fields: &[("name", Text), ("email", Typed)],
        },
        Case {
            draft: "check.rs CheckDraft",
            valid: check.clone(),
            parse: |value| {
                read(value, |draft: CheckDraft| Ok((draft.version()?, draft.guarantee()?, draft.parse(2, now())?)))
            },
            fields: &[
                ("id", Typed),
                ("guarantee", Typed),
                ("place", Typed),
                ("at", MayTyped),
                ("sent", MayTyped),
                ("heard", MayTyped),
                ("heard_at", MayTyped),
                ("version", MayTyped),
                ("photo", MayTyped),
                ("note", MayText),
            ],
        },
        Case {
            draft: "check.rs FindingDraft",
            valid: check,
            parse: |value| read(value, |draft: FindingDraft| draft.parse(2)),
            fields: &[
                ("verdict", Typed),
                ("reason", Typed),
                ("obstacle", MayTyped),
                ("found_by", MayTyped),
                ("note", MayText),
            ],
        },
        Case {
            draft: "check.rs FindingDraft",
            valid: json!({"verdict": "not_applicable", "note": "Closed for the winter"}),
            parse: |value| read(value, |draft: FindingDraft| draft.parse(2)),
            fields: &[("verdict", Typed), ("note", Text)],
        },
        Case {
            draft: "device.rs DeviceDraft",
            valid: json!({"name": "Counter", "site": ID}),
            parse: |value| read(value, |draft: DeviceDraft| draft.parse()),
            fields: &[("name", Text), ("site", Typed)],
        },
        Case {
            draft: "guarantee.rs WordingDraft",
            valid: json!({"title": "Clean restrooms", "promise": "Clean at every hour", "criteria": ["Soap is there"], "mark": "97,5",
                "remedy": "A coffee", "late_remedy": "Two coffees", "conditions": "While open", "how_to_claim": "At the counter",
                "acknowledge_minutes": "30", "remedy_minutes": "60", "proof": "12"}),
            parse: |value| read(value, |draft: WordingDraft| draft.parse()),
            fields: &[
                ("title", Text),
                ("promise", Text),
                ("criteria", Text),
                ("mark", Typed),
                ("remedy", Text),
                ("late_remedy", Text),
                ("conditions", MayText),
                ("how_to_claim", Text),
                ("acknowledge_minutes", Typed),
                ("remedy_minutes", Typed),
                ("proof", Typed),
            ],
        },
        Case {
            draft: "hours/draft.rs HoursDraft",
            valid: json!({"monday": "06:00-12:00, 13:00-22:00", "tuesday": "06:00-22:00", "wednesday": "06:00-22:00", "thursday": "06:00-22:00",
                "friday": "06:00-22:00", "saturday": "6:00–22:00", "sunday": "10:00-16:00", "holidays": "2026-12-25"}),
            parse: |value| read(value, |draft: HoursDraft| draft.parse()),
            fields: &[
                ("monday", MayTyped),
                ("tuesday", MayTyped),
                ("wednesday", MayTyped),
                ("thursday", MayTyped),
                ("friday", MayTyped),
                ("saturday", MayTyped),
                ("sunday", MayTyped),
                ("holidays", MayTyped),
            ],
        },
        Case {
            draft: "invite.rs InviteDraft",
            valid: json!({"name": "Jo Nowak", "role": "staff", "reach": "sites", "sites": [ID]}),
            parse: |value| read(value, |draft: InviteDraft| draft.parse()),
            fields: &[("name", Text), ("role", Typed), ("reach", MayTyped), ("sites", Typed)],
        },
        Case {
            draft: "obstacle.rs AnswerDraft",
            valid: json!({"decision": "planned", "words": "A second person from four."}),
            parse: |value| read(value, |draft: obstacle::AnswerDraft| draft.parse()),
            fields: &[("decision", Typed), ("words", Text)],
        },
        Case {
            draft: "person.rs NewcomerDraft",
            valid: json!({"name": "Jo Nowak", "email": "jo@prairie.example", "password": "correct horse battery", "role": "manager"}),
            parse: |value| read(value, |draft: NewcomerDraft| draft.parse()),
            fields: &[("name", Text), ("email", Typed), ("role", Typed)],
        },
        Case {
            draft: "person.rs EntrantDraft",
            valid: json!({"name": "Jo Nowak", "email": "jo@prairie.example", "password": "correct horse battery"}),
            parse: |value| read(value, |draft: EntrantDraft| draft.parse()),
            fields: &[("name", Text), ("email", Typed)],
        },
        Case {
            draft: "place.rs NameDraft",
            valid: json!({"name": "Restroom 2"}),
            parse: |value| read(value, |draft: NameDraft| draft.parse()),
            fields: &[("name", Text)],
        },
        Case {
            draft: "problem.rs ProblemDraft",
            valid: json!({"words": "Restrooms are dirty", "for_whom": "Families", "not_for_whom": "Big trucks"}),
            parse: |value| read(value, |draft: ProblemDraft| draft.parse()),
            fields: &[("words", Text), ("for_whom", Text), ("not_for_whom", MayText)],
        },
        Case {
            draft: "reach.rs ReachDraft",
            valid: json!({"reach": "sites", "sites": [ID]}),
            parse: |value| read(value, |draft: ReachDraft| draft.parse()),
            fields: &[("reach", MayTyped), ("sites", Typed)],
        },
        Case {
            draft: "recovery/steps.rs AcknowledgementDraft",
            valid: json!({"owner": ID, "apology": "I am sorry.", "responsibility": "yes", "repair": "yes", "next_update_by": "2026-11-03T12:00",
                "customer_name": "Ann Lee", "customer_contact": "+48 600 777 001"}),
            parse: |value| {
                read(value, |draft: AcknowledgementDraft| Ok((draft.customer()?, draft.parse(true, &Utc, now())?)))
            },
            fields: &[
                ("owner", MayTyped),
                ("apology", Text),
                ("responsibility", Typed),
                ("repair", Typed),
                ("next_update_by", Typed),
                ("customer_name", Text),
                ("customer_contact", MayTyped),
            ],
        },
        Case {
            draft: "recovery/steps.rs UnderstandingDraft",
            valid: json!({"words": "No soap", "severity": "minor", "preventable": "yes", "cause": "Late delivery", "remedy_sought": "A coffee"}),
            parse: |value| read(value, |draft: UnderstandingDraft| draft.parse()),
            fields: &[
                ("words", Text),
                ("severity", Typed),
                ("preventable", Typed),
                ("cause", MayText),
                ("remedy_sought", MayText),
            ],
        },
        Case {
            draft: "recovery/steps.rs UpdateDraft",
            valid: json!({"told": "We are on it", "next_update_by": "2026-11-03T12:00:00Z"}),
            parse: |value| read(value, |draft: UpdateDraft| draft.parse(&Utc, now())),
            fields: &[("told", Text), ("next_update_by", MayTyped)],
        },
        Case {
            draft: "recovery/steps.rs RemedyDraft",
            valid: json!({"correction": "Soap is back", "remedy": "A coffee", "gesture": "A cake", "cost": "4,50", "received_at": "2026-11-02T11:30",
                "proactive": "yes"}),
            parse: |value| {
                let (opened, currency) = (now() - TimeDelta::hours(2), Currency::parse("PLN").unwrap());
                read(value, |draft: RemedyDraft| draft.parse(true, currency, &Utc, opened, now()))
            },
            fields: &[
                ("correction", Text),
                ("remedy", Text),
                ("gesture", MayText),
                ("cost", MayTyped),
                ("received_at", MayTyped),
                ("proactive", MayTyped),
            ],
        },
        Case {
            draft: "recovery/steps.rs AnswerDraft",
            valid: json!({"fixed": "yes", "fair": "yes", "quick": "no", "respectful": "yes", "honest": "yes", "again": "yes", "words": "Thank you"}),
            parse: |value| read(value, |draft: recovery::AnswerDraft| draft.parse()),
            fields: &[
                ("fixed", Typed),
                ("fair", MayTyped),
                ("quick", MayTyped),
                ("respectful", MayTyped),
                ("honest", MayTyped),
                ("again", Typed),
                ("words", MayText),
            ],
        },
        Case {
            draft: "recovery/steps.rs LessonDraft",
            valid: json!({"cause": "Late delivery", "corrective_action": "Order earlier", "why_none": "", "heard": "yes", "thanked": "yes", "supported": "yes"}),
            parse: |value| read(value, |draft: LessonDraft| draft.parse()),
            fields: &[("cause", Text), ("heard", Typed), ("thanked", Typed), ("supported", MayTyped)],
        },
        Case {
            draft: "recovery/steps.rs LessonDraft",
            valid: json!({"cause": "Late delivery", "corrective_action": "Order earlier", "why_none": "None", "heard": "yes", "thanked": "yes"}),
            parse: |value| read(value, |draft: LessonDraft| draft.parse()),
            fields: &[("corrective_action", MayText), ("why_none", MayText)],
        },
        Case {
            draft: "recovery/steps.rs ReopenDraft",
            valid: json!({"why": "It broke again"}),
            parse: |value| {
                read(value, |draft: ReopenDraft| Prose::parse(&draft.why).map_err(|fault| Faults::one("why", fault)))
            },
            fields: &[("why", Text)],
        },
        Case {
            draft: "schedule/closure.rs AnnouncementDraft",
            valid: json!({"site": ID, "place": ID, "from": "2026-11-03T10:00", "until": "2026-11-03T12:00", "why": "The floor is new"}),
            parse: |value| read(value, |draft: AnnouncementDraft| draft.parse(&Utc, now())),
            fields: &[("site", Typed), ("place", MayTyped), ("from", MayTyped), ("until", Typed), ("why", Text)],
        },
        Case {
            draft: "schedule/draft.rs ScheduleDraft",
            valid: json!({"rhythm": "every", "every": "60", "within": "06:00-22:00", "days": ["monday"], "grace": "15"}),
            parse: |value| read(value, |draft: ScheduleDraft| draft.parse()),
            fields: &[("rhythm", Typed), ("every", Typed), ("within", Typed), ("days", Typed), ("grace", Typed)],
        },
        Case {
            draft: "schedule/draft.rs ScheduleDraft",
            valid: json!({"rhythm": "at", "times": "06:00, 14:00", "lead": "30", "days": ["monday"], "grace": "15"}),
            parse: |value| read(value, |draft: ScheduleDraft| draft.parse()),
            fields: &[("times", Typed), ("lead", Typed)],
        },
        Case {
            draft: "second_look.rs SaidDraft",
            valid: json!({"outcome": "overturned", "reason": "1", "why": "The floor was wet", "note": "By the door"}),
            parse: |value| read(value, |draft: SaidDraft| draft.parse(2)),
            fields: &[("outcome", Typed), ("reason", Typed), ("why", Text), ("note", MayText)],
        },
        Case {
            draft: "token.rs TokenDraft",
            valid: json!({"name": "Till", "role": "staff", "reach": "sites", "sites": [ID], "lasts": "90"}),
            parse: |value| read(value, |draft: TokenDraft| draft.parse()),
            fields: &[("name", Text), ("role", Typed), ("reach", MayTyped), ("sites", Typed), ("lasts", Typed)],
        },
    ]
}

impl Case {
    pub fn typed(&self, field: &str) -> &str {
        let value = &self.valid[field];
        value.as_str().or_else(|| value[0].as_str()).unwrap_or_else(|| panic!("{} has no {field}", self.draft))
    }

    pub fn with(&self, field: &str, text: &str) -> Result<String, Faults> {
        let mut value = self.valid.clone();
        value[field] = if self.valid[field].is_array() { json!([text]) } else { json!(text) };
        (self.parse)(value)
    }
}
