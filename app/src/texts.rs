//! The texts of all pages, in the reader's language, from the Fluent files.

use std::sync::OnceLock;

use domain::fault::Fault;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};

use domain::business::Language;

/// A number, which also selects the plural form, or a text. Pass numbers that must not be grouped, such as a year, as
/// text.
pub use fluent_bundle::FluentValue as Value;

type Bundle = FluentBundle<FluentResource>;

/// The texts of one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Texts {
    lang: Language,
}

macro_rules! include_texts {
    ($lang:literal: $($name:literal)*) => {
        [$(include_str!(concat!("../locales/", $lang, "/", $name, ".ftl"))),*]
    };
}

/// One file per capability; every language has the same.
macro_rules! files {
    ($lang:literal) => {
        include_texts!($lang: "main" "faults" "promise_status" "public" "checks" "recoveries" "obstacles" "second_looks" "customers" "flash" "guarantees" "places" "people" "account" "factors" "devices" "tokens" "audit" "invites"
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

    /// A text without values.
    #[must_use]
    pub fn text(self, key: &str) -> String {
        self.find(key, None)
    }

    /// A text with values.
    #[must_use]
    pub fn text_with(self, key: &str, values: &[(&str, Value)]) -> String {
        let values: FluentArgs = values.iter().map(|(name, value)| (*name, value.clone())).collect();
        self.find(key, Some(&values))
    }

    /// The message for a fault.
    #[must_use]
    pub fn fault(self, fault: Fault) -> String {
        let (min, max) = match fault {
            Fault::TooLong { max } | Fault::TooMany { max } | Fault::TooManyMarks { max } => (Value::None, max.into()),
            Fault::TooShort { min } => (min.into(), Value::None),
            Fault::OutOfRange { min, max } => (min.into(), max.into()),
            Fault::TooFarAhead { days } => (Value::None, days.into()),
            _ => (Value::None, Value::None),
        };
        self.text_with(fault_key(fault), &[("min", min), ("max", max)])
    }

    /// The text in this language, else in English, else the key itself, because a missing text must not break the page.
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
        Fault::NotInFuture => "fault-not-in-future",
        Fault::TooFarAhead { .. } => "fault-too-far-ahead",
        Fault::NotFound => "fault-not-found",
        Fault::NotAZone => "fault-not-a-zone",
        Fault::NotACurrency => "fault-not-a-currency",
        Fault::NotAnEmail => "fault-not-an-email",
        Fault::TooCommon => "fault-too-common",
        Fault::GuessablePin => "fault-guessable-pin",
        Fault::Wrong => "fault-wrong",
        Fault::RoleHasAllSites => "fault-needs-all-sites",
    }
}

/// Each language is parsed once. Tests check that the files are valid; whatever can be parsed is used.
fn bundle(lang: Language) -> &'static Bundle {
    static BUNDLES: OnceLock<[Bundle; Language::ALL.len()]> = OnceLock::new();
    let position = Language::ALL.iter().position(|one| *one == lang).unwrap_or_default();
    &BUNDLES.get_or_init(|| Language::ALL.map(build))[position]
}

/// The files of a language.
fn files(lang: Language) -> Vec<&'static str> {
    match lang {
        Language::En => files!("en").to_vec(),
        Language::Pl => files!("pl").to_vec(),
    }
}

fn build(lang: Language) -> Bundle {
    let mut bundle = Bundle::new_concurrent(vec![lang.code().parse().unwrap_or_default()]);
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(match lang {
        Language::En => |value, _| format_value(Texts::of(Language::En), value),
        Language::Pl => |value, _| format_value(Texts::of(Language::Pl), value),
    }));
    for file in files(lang) {
        let (Ok(resource) | Err((resource, _))) = FluentResource::try_new(file.to_owned());
        bundle.add_resource_overriding(resource);
    }
    bundle
}

/// Fluent by itself writes numbers without grouping.
fn format_value(texts: Texts, value: &Value) -> Option<String> {
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
    fn every_text_file_parses_and_has_no_duplicate_keys() {
        for lang in Language::ALL {
            let mut bundle = Bundle::new_concurrent(Vec::new());
            for file in files(lang) {
                let resource = FluentResource::try_new(file.to_owned()).map_err(|(_, wrong)| wrong).unwrap();
                bundle.add_resource(resource).unwrap();
            }
        }
    }

    #[test]
    fn a_missing_text_shows_its_key() {
        assert_eq!((EN.text("verdict-kept"), PL.text("verdict-kept")), ("kept".into(), "dotrzymana".into()));
        assert_eq!(PL.text("no-such-key"), "no-such-key");
    }

    #[test]
    fn numbers_select_the_plural_form_and_are_grouped() {
        let tell = |texts: Texts, count: i64| texts.text_with("form-rejected", &[("count", count.into())]);
        assert!(tell(EN, 1).contains("One field") && tell(EN, 2).contains("2 fields"));
        assert!(tell(PL, 1).contains("jedno pole") && tell(PL, 2).contains("2 pola") && tell(PL, 5).contains("5 pól"));
        assert!(EN.fault(Fault::TooLong { max: 2000 }).contains("2,000"));
        assert!(EN.fault(Fault::OutOfRange { min: -5, max: 5 }).contains("-5"));
    }
}
