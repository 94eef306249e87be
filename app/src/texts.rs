//! The words people read, in their language, from the Fluent files.

use std::sync::OnceLock;

use domain::fault::Fault;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};

use domain::business::Language;

/// A number, which also decides about plurals, or a text. What must not be grouped, such as a year, is a text.
pub use fluent_bundle::FluentValue as Value;

type Bundle = FluentBundle<FluentResource>;

/// The texts of one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Texts {
    lang: Language,
}

macro_rules! read {
    ($lang:literal: $($name:literal)*) => {
        [$(include_str!(concat!("../locales/", $lang, "/", $name, ".ftl"))),*]
    };
}

/// One file a capability; English and Polish have the same.
macro_rules! files {
    ($lang:literal) => {
        read!($lang: "main" "faults" "public" "checks" "recoveries" "obstacles" "second_looks" "customers" "guarantees" "places" "people" "account" "factors" "devices" "tokens" "audit" "invites"
            "businesses" "settings" "archive" "schedules" "photos" "today" "sign_in" "follow_up")
    };
}

impl Texts {
    #[must_use]
    pub const fn of(lang: Language) -> Self {
        Self { lang }
    }

    #[must_use]
    pub const fn lang(self) -> Language {
        self.lang
    }

    /// A text that needs nothing else.
    #[must_use]
    pub fn say(self, key: &str) -> String {
        self.find(key, None)
    }

    /// A text with values in it.
    #[must_use]
    pub fn tell(self, key: &str, values: &[(&str, Value)]) -> String {
        let values: FluentArgs = values.iter().map(|(name, value)| (*name, value.clone())).collect();
        self.find(key, Some(&values))
    }

    /// What is wrong with a field, as its reader is told.
    #[must_use]
    pub fn fault(self, fault: Fault) -> String {
        let (min, max) = match fault {
            Fault::TooLong { max } | Fault::TooMany { max } | Fault::TooManyMarks { max } => (Value::None, max.into()),
            Fault::TooShort { min } => (min.into(), Value::None),
            Fault::OutOfRange { min, max } => (min.into(), max.into()),
            _ => (Value::None, Value::None),
        };
        self.tell(fault_key(fault), &[("min", min), ("max", max)])
    }

    /// The text in this language, else in English, else the key itself: a page with a gap is better than none.
    fn find(self, key: &str, values: Option<&FluentArgs>) -> String {
        let found = [self.lang, Language::En].into_iter().find_map(|lang| {
            let bundle = bundle(lang);
            let pattern = bundle.get_message(key)?.value()?;
            Some(bundle.format_pattern(pattern, values, &mut Vec::new()).into_owned())
        });
        found.unwrap_or_else(|| key.to_owned())
    }
}

fn fault_key(fault: Fault) -> &'static str {
    match fault {
        Fault::Missing => "fault-missing",
        Fault::TooLong { .. } => "fault-too-long",
        Fault::TooShort { .. } => "fault-too-short",
        Fault::ControlCharacter => "fault-control-character",
        Fault::DirectionOverride => "fault-direction-override",
        Fault::TooManyMarks { .. } => "fault-too-many-marks",
        Fault::NotANumber => "fault-not-a-number",
        Fault::OutOfRange { .. } => "fault-out-of-range",
        Fault::NeverDue => "fault-never-due",
        Fault::NotAfter => "fault-not-after",
        Fault::NotAPicture => "fault-not-a-picture",
        Fault::TooLarge => "fault-too-large",
        Fault::TooMany { .. } => "fault-too-many",
        Fault::UnknownChoice => "fault-unknown-choice",
        Fault::Taken => "fault-taken",
        Fault::Reserved => "fault-reserved",
        Fault::Malformed => "fault-malformed",
        Fault::InFuture => "fault-in-future",
        Fault::TooOld => "fault-too-old",
        Fault::NotFound => "fault-not-found",
        Fault::NotAZone => "fault-not-a-zone",
        Fault::NotACurrency => "fault-not-a-currency",
        Fault::NotAnEmail => "fault-not-an-email",
        Fault::TooCommon => "fault-too-common",
        Fault::GuessablePin => "fault-guessable-pin",
        Fault::Wrong => "fault-wrong",
        Fault::ReachesAll => "fault-reaches-all",
    }
}

/// Each language is read once. Whether the files are in order is for the tests to say; what can be read is used.
fn bundle(lang: Language) -> &'static Bundle {
    static EN: OnceLock<Bundle> = OnceLock::new();
    static PL: OnceLock<Bundle> = OnceLock::new();
    match lang {
        Language::En => EN.get_or_init(|| build(lang, &files!("en"))),
        Language::Pl => PL.get_or_init(|| build(lang, &files!("pl"))),
    }
}

fn build(lang: Language, files: &[&str]) -> Bundle {
    let mut bundle = Bundle::new_concurrent(vec![lang.code().parse().unwrap_or_default()]);
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(match lang {
        Language::En => |value, _| whole(Texts::of(Language::En), value),
        Language::Pl => |value, _| whole(Texts::of(Language::Pl), value),
    }));
    for file in files {
        let (Ok(resource) | Err((resource, _))) = FluentResource::try_new((*file).to_owned());
        bundle.add_resource_overriding(resource);
    }
    bundle
}

/// Fluent itself writes numbers without grouping.
fn whole(texts: Texts, value: &Value) -> Option<String> {
    let Value::Number(number) = value else { return None };
    let digits = number.as_string();
    digits.bytes().all(|b| b.is_ascii_digit()).then(|| texts.grouped(&digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    const EN: Texts = Texts::of(Language::En);
    const PL: Texts = Texts::of(Language::Pl);

    #[test]
    fn every_file_is_well_formed_and_no_key_stands_twice() {
        for files in [files!("en"), files!("pl")] {
            let mut bundle = Bundle::new_concurrent(Vec::new());
            for file in files {
                let resource = FluentResource::try_new(file.to_owned()).map_err(|(_, wrong)| wrong).unwrap();
                bundle.add_resource(resource).unwrap();
            }
        }
    }

    #[test]
    fn a_text_is_in_its_language_and_a_gap_shows_its_key() {
        assert_eq!((EN.say("verdict-kept"), PL.say("verdict-kept")), ("kept".into(), "dotrzymana".into()));
        assert_eq!(PL.say("no-such-key"), "no-such-key");
    }

    #[test]
    fn numbers_decide_the_plural_and_are_grouped() {
        let tell = |texts: Texts, count: i64| texts.tell("form-rejected", &[("count", count.into())]);
        assert!(tell(EN, 1).contains("One field") && tell(EN, 2).contains("2 fields"));
        assert!(tell(PL, 1).contains("jedno pole") && tell(PL, 2).contains("2 pola") && tell(PL, 5).contains("5 pól"));
        assert!(EN.fault(Fault::TooLong { max: 2000 }).contains("2,000"));
        assert!(EN.fault(Fault::OutOfRange { min: -5, max: 5 }).contains("-5"));
    }
}
