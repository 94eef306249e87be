//! Every draft that has text fields: a valid example, how it is parsed, and what each field accepts.

use std::fmt::Debug;

use chrono::{DateTime, TimeDelta, Utc};
use domain::business::{BusinessDraft, FirstBusinessDraft};
use domain::check::CheckDraft;
use domain::correction::CorrectionDraft;
use domain::device::DeviceDraft;
use domain::fault::Faults;
use domain::finding::FindingDraft;
use domain::guarantee::{GuaranteeDraft, WordingDraft};
use domain::hours::{Hours, HoursDraft};
use domain::invite::InviteDraft;
use domain::money::Currency;
use domain::obstacle;
use domain::person::{NewAccountDraft, NewMemberDraft};
use domain::place::{NameDraft, PlaceDraft};
use domain::problem::ProblemDraft;
use domain::recovery::{
    self, AcknowledgementDraft, LessonDraft, RemedyDraft, ReopenDraft, UnderstandingDraft, UpdateDraft,
};
use domain::schedule::{ClosureDraft, ScheduleDraft};
use domain::second_look::SecondLookDraft;
use domain::site_access::SiteAccessDraft;
use domain::text::Prose;
use domain::token::TokenDraft;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// What a field accepts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FieldKind {
    /// A required text.
    Text,
    /// An optional text.
    OptionalText,
    /// A required number, time, choice, id or address.
    Typed,
    /// An optional number, time, choice, id or address.
    OptionalTyped,
}
use FieldKind::{OptionalText, OptionalTyped, Text, Typed};

/// A draft (its file and name), a valid example, and the fields to test.
pub struct Case {
    pub draft: &'static str,
    pub valid: Value,
    pub parse: fn(Value) -> Result<String, Faults>,
    pub fields: &'static [(&'static str, FieldKind)],
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
                ("slug", OptionalTyped),
                ("zone", Typed),
                ("currency", Typed),
                ("language", Typed),
                ("contact_name", Text),
                ("contact_email", OptionalTyped),
                ("contact_phone", OptionalTyped),
            ],
        },
        Case {
            draft: "business.rs FirstBusinessDraft",
            valid: business,
            parse: |value| read(value, |draft: FirstBusinessDraft| draft.parse()),
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
                ("at", OptionalTyped),
                ("sent", OptionalTyped),
                ("heard", OptionalTyped),
                ("heard_at", OptionalTyped),
                ("version", OptionalTyped),
                ("photo", OptionalTyped),
                ("note", OptionalText),
            ],
        },
        Case {
            draft: "finding.rs FindingDraft",
            valid: check,
            parse: |value| read(value, |draft: FindingDraft| draft.parse(2)),
            fields: &[
                ("verdict", Typed),
                ("reason", Typed),
                ("obstacle", OptionalTyped),
                ("found_by", OptionalTyped),
                ("note", OptionalText),
            ],
        },
        Case {
            draft: "finding.rs FindingDraft",
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
                ("conditions", OptionalText),
                ("how_to_claim", Text),
                ("acknowledge_minutes", Typed),
                ("remedy_minutes", Typed),
                ("proof", Typed),
            ],
        },
        Case {
            draft: "guarantee.rs GuaranteeDraft",
            valid: json!({"title": "Clean restrooms", "promise": "Clean at every hour", "criteria": ["Soap is there"], "mark": "97,5",
                "remedy": "A coffee", "late_remedy": "Two coffees", "conditions": "While open", "how_to_claim": "At the counter",
                "acknowledge_minutes": "30", "remedy_minutes": "60", "proof": "12", "places": [ID], "slug": "clean-restrooms"}),
            parse: |value| read(value, |draft: GuaranteeDraft| draft.parse()),
            // The wording in it is a draft of its own, above.
            fields: &[("slug", OptionalTyped)],
        },
        Case {
            draft: "correction.rs CorrectionDraft",
            valid: json!({"verdict": "not_applicable", "note": "Closed for repair", "why": "The wrong door was scanned."}),
            parse: |value| read(value, |draft: CorrectionDraft| draft.parse(2)),
            fields: &[("verdict", Typed), ("note", Text), ("why", Text)],
        },
        Case {
            draft: "hours/draft.rs HoursDraft",
            valid: json!({"monday": "06:00-12:00, 13:00-22:00", "tuesday": "06:00-22:00", "wednesday": "06:00-22:00", "thursday": "06:00-22:00",
                "friday": "06:00-22:00", "saturday": "6:00–22:00", "sunday": "10:00-16:00", "holidays": "2026-12-25"}),
            parse: |value| read(value, |draft: HoursDraft| draft.parse()),
            fields: &[
                ("monday", OptionalTyped),
                ("tuesday", OptionalTyped),
                ("wednesday", OptionalTyped),
                ("thursday", OptionalTyped),
                ("friday", OptionalTyped),
                ("saturday", OptionalTyped),
                ("sunday", OptionalTyped),
                ("holidays", OptionalTyped),
            ],
        },
        Case {
            draft: "invite.rs InviteDraft",
            valid: json!({"name": "Jo Nowak", "role": "staff", "reach": "sites", "sites": [ID]}),
            parse: |value| read(value, |draft: InviteDraft| draft.parse()),
            fields: &[("name", Text), ("role", Typed), ("reach", OptionalTyped), ("sites", Typed)],
        },
        Case {
            draft: "obstacle.rs AnswerDraft",
            valid: json!({"decision": "planned", "words": "A second person from four."}),
            parse: |value| read(value, |draft: obstacle::AnswerDraft| draft.parse()),
            fields: &[("decision", Typed), ("words", Text)],
        },
        Case {
            draft: "person.rs NewMemberDraft",
            valid: json!({"name": "Jo Nowak", "email": "jo@prairie.example", "password": "correct horse battery", "role": "manager"}),
            parse: |value| read(value, |draft: NewMemberDraft| draft.parse()),
            fields: &[("name", Text), ("email", Typed), ("role", Typed)],
        },
        Case {
            draft: "person.rs NewAccountDraft",
            valid: json!({"name": "Jo Nowak", "email": "jo@prairie.example", "password": "correct horse battery"}),
            parse: |value| read(value, |draft: NewAccountDraft| draft.parse()),
            fields: &[("name", Text), ("email", Typed)],
        },
        Case {
            draft: "place.rs NameDraft",
            valid: json!({"name": "Restroom 2"}),
            parse: |value| read(value, |draft: NameDraft| draft.parse()),
            fields: &[("name", Text)],
        },
        Case {
            draft: "place.rs PlaceDraft",
            valid: json!({"site": ID, "name": "Restroom 2"}),
            parse: |value| read(value, |draft: PlaceDraft| draft.parse()),
            fields: &[("site", Typed), ("name", Text)],
        },
        Case {
            draft: "problem.rs ProblemDraft",
            valid: json!({"words": "Restrooms are dirty", "for_whom": "Families", "not_for_whom": "Big trucks"}),
            parse: |value| read(value, |draft: ProblemDraft| draft.parse()),
            fields: &[("words", Text), ("for_whom", Text), ("not_for_whom", OptionalText)],
        },
        Case {
            draft: "site_access.rs SiteAccessDraft",
            valid: json!({"reach": "sites", "sites": [ID]}),
            parse: |value| read(value, |draft: SiteAccessDraft| draft.parse()),
            fields: &[("reach", OptionalTyped), ("sites", Typed)],
        },
        Case {
            draft: "recovery/steps.rs AcknowledgementDraft",
            valid: json!({"owner": ID, "apology": "I am sorry.", "responsibility": "yes", "repair": "yes", "next_update_by": "2026-11-03T12:00",
                "customer_name": "Ann Lee", "customer_contact": "+48 600 777 001"}),
            parse: |value| {
                read(value, |draft: AcknowledgementDraft| Ok((draft.customer()?, draft.parse(true, &Utc, now())?)))
            },
            fields: &[
                ("owner", OptionalTyped),
                ("apology", Text),
                ("responsibility", Typed),
                ("repair", Typed),
                ("next_update_by", Typed),
                ("customer_name", Text),
                ("customer_contact", OptionalTyped),
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
                ("cause", OptionalText),
                ("remedy_sought", OptionalText),
            ],
        },
        Case {
            draft: "recovery/steps.rs UpdateDraft",
            valid: json!({"told": "We are on it", "next_update_by": "2026-11-03T12:00:00Z"}),
            parse: |value| read(value, |draft: UpdateDraft| draft.parse(&Utc, now())),
            fields: &[("told", Text), ("next_update_by", OptionalTyped)],
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
                ("gesture", OptionalText),
                ("cost", OptionalTyped),
                ("received_at", OptionalTyped),
                ("proactive", OptionalTyped),
            ],
        },
        Case {
            draft: "recovery/steps.rs FollowUpDraft",
            valid: json!({"fixed": "yes", "fair": "yes", "quick": "no", "respectful": "yes", "honest": "yes", "again": "yes", "words": "Thank you"}),
            parse: |value| read(value, |draft: recovery::FollowUpDraft| draft.parse()),
            fields: &[
                ("fixed", Typed),
                ("fair", OptionalTyped),
                ("quick", OptionalTyped),
                ("respectful", OptionalTyped),
                ("honest", OptionalTyped),
                ("again", Typed),
                ("words", OptionalText),
            ],
        },
        Case {
            draft: "recovery/steps.rs LessonDraft",
            valid: json!({"cause": "Late delivery", "corrective_action": "Order earlier", "why_none": "", "heard": "yes", "thanked": "yes", "supported": "yes"}),
            parse: |value| read(value, |draft: LessonDraft| draft.parse()),
            fields: &[("cause", Text), ("heard", Typed), ("thanked", Typed), ("supported", OptionalTyped)],
        },
        Case {
            draft: "recovery/steps.rs LessonDraft",
            valid: json!({"cause": "Late delivery", "corrective_action": "Order earlier", "why_none": "None", "heard": "yes", "thanked": "yes"}),
            parse: |value| read(value, |draft: LessonDraft| draft.parse()),
            fields: &[("corrective_action", OptionalText), ("why_none", OptionalText)],
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
            draft: "schedule/closure.rs ClosureDraft",
            valid: json!({"site": ID, "place": ID, "from": "2026-11-03T10:00", "until": "2026-11-03T12:00", "why": "The floor is new"}),
            parse: |value| read(value, |draft: ClosureDraft| draft.parse(&Utc, now())),
            fields: &[
                ("site", Typed),
                ("place", OptionalTyped),
                ("from", OptionalTyped),
                ("until", Typed),
                ("why", Text),
            ],
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
            draft: "second_look.rs SecondLookDraft",
            valid: json!({"outcome": "overturned", "reason": "1", "why": "The floor was wet", "note": "By the door"}),
            parse: |value| read(value, |draft: SecondLookDraft| draft.parse(2)),
            fields: &[("outcome", Typed), ("reason", Typed), ("why", Text), ("note", OptionalText)],
        },
        Case {
            draft: "token.rs TokenDraft",
            valid: json!({"name": "Till", "role": "staff", "reach": "sites", "sites": [ID], "lasts": "90"}),
            parse: |value| read(value, |draft: TokenDraft| draft.parse()),
            fields: &[("name", Text), ("role", Typed), ("reach", OptionalTyped), ("sites", Typed), ("lasts", Typed)],
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
