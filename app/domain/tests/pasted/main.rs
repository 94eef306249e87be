//! What people paste into each field of each draft: it is normalised, missing or refused, by the same rules everywhere.

#![expect(clippy::unwrap_used, reason = "a test that cannot look must fail")]

use std::collections::BTreeSet;
use std::path::Path;

use domain::fault::Fault;
use domain::text::MAX_COMBINING_MARKS;

use crate::cases::FieldKind::{self, OptionalText, OptionalTyped, Text, Typed};
use crate::cases::{Case, cases};

mod cases;

/// Fields that other code reads: a password is taken exactly as typed; `by` is compared in the store; `places` are
/// ids that are chosen from a list.
const EXCEPTED_FIELDS: [(&str, &str); 6] = [
    ("person.rs NewMemberDraft", "password"),
    ("person.rs NewAccountDraft", "password"),
    ("business.rs FirstBusinessDraft", "password"),
    ("check.rs CheckDraft", "by"),
    ("schedule/draft.rs ScheduleDraft", "places"),
    ("guarantee.rs GuaranteeDraft", "places"),
];

/// Characters that change nothing when put around a value.
const AROUND: [(&str, &str); 16] = [
    ("\u{202D}", "\u{202C}"),
    ("\u{202A}", ""),
    ("", "\u{202C}"),
    ("\u{2068}", "\u{2069}"),
    ("\u{200E}", "\u{200F}"),
    ("\u{FEFF}", ""),
    ("\u{200B}", "\u{200B}"),
    ("\u{2060}", "\u{AD}"),
    ("\t", "\r\n"),
    ("\u{A0}", "\u{3000}"),
    ("\u{2800}", "\u{2800}"),
    ("\u{3164}", "\u{115F}"),
    ("\u{301}", "\u{17B4}"),
    ("\u{F0B7} ", "\u{FFFC}"),
    ("\u{E0041}", "\u{E007F}"),
    ("\u{2028}", "\u{FE0F}"),
];

/// Characters that change nothing when put inside a value.
const INSIDE: [&str; 8] =
    ["\u{200B}", "\u{2060}", "\u{AD}", "\u{200E}", "\u{FEFF}", "\u{34F}", "\u{E0041}", "\u{2069}"];

/// Texts in which nothing is visible.
const BLANK: [&str; 18] = [
    " ",
    "\t\r\n",
    "\u{A0}",
    "\u{200B}",
    "\u{200D}",
    "\u{2060}",
    "\u{2800}",
    "\u{3164}",
    "\u{115F}\u{1160}",
    "\u{17B4}",
    "\u{E0041}\u{E007F}",
    "\u{301}\u{302}",
    "\u{20DD}",
    "\u{202E}",
    "\u{2066}\u{2069}",
    "\u{F0B7}",
    "\u{FE0F}",
    "\u{AD}",
];

fn for_each_field(mut see: impl FnMut(&Case, &str, FieldKind)) {
    for case in cases() {
        assert!((case.parse)(case.valid.clone()).is_ok(), "{}: {:?}", case.draft, (case.parse)(case.valid.clone()));
        for (field, takes) in case.fields {
            see(&case, field, *takes);
        }
    }
}

#[test]
fn invisible_pasted_characters_change_no_field() {
    let mut tried = 0;
    for_each_field(|case, field, _| {
        let (typed, expected) = (case.typed(field), case.with(field, case.typed(field)));
        let (first, rest) = typed.split_at(typed.chars().next().unwrap().len_utf8());
        let around = AROUND.iter().map(|(before, after)| format!("{before}{typed}{after}"));
        let inside = INSIDE.iter().map(|hidden| format!("{first}{hidden}{rest}"));
        for pasted in around.chain(inside) {
            assert_eq!(case.with(field, &pasted), expected, "{} {field}: {pasted:?}", case.draft);
            tried += 1;
        }
    });
    assert!(tried > 2_000, "{tried}");
}

#[test]
fn a_field_without_visible_characters_counts_as_empty() {
    for_each_field(|case, field, takes| {
        for blank in BLANK {
            let said = case.with(field, blank);
            // A list of sites or days with one blank entry is not an empty list.
            if !case.valid[field].is_array() {
                assert_eq!(said, case.with(field, ""), "{} {field}: {blank:?}", case.draft);
            }
            match takes {
                Text => {
                    assert_eq!(
                        said.unwrap_err().of_field(field),
                        Some(Fault::Missing),
                        "{} {field}: {blank:?}",
                        case.draft
                    );
                }
                Typed => assert!(said.unwrap_err().of_field(field).is_some(), "{} {field}: {blank:?}", case.draft),
                OptionalText | OptionalTyped => assert!(said.is_ok(), "{} {field}: {blank:?} {said:?}", case.draft),
            }
        }
    });
}

#[test]
fn control_and_bidi_characters_are_refused_in_every_field() {
    let heap = format!("e{}x", "\u{301}".repeat(150));
    let refused = [
        ("a\u{0}b", Fault::ControlCharacter),
        ("a\u{1B}[2Jb", Fault::ControlCharacter),
        ("a\u{7F}b", Fault::ControlCharacter),
        ("a\u{9F}b", Fault::ControlCharacter),
        ("a\u{FFFE}b", Fault::ControlCharacter),
        ("a\u{202E}b", Fault::DirectionOverride),
        ("a\u{202A}b", Fault::DirectionOverride),
        ("a\u{2067}b", Fault::DirectionOverride),
        (&heap, Fault::TooManyMarks { max: MAX_COMBINING_MARKS }),
    ];
    for_each_field(|case, field, takes| {
        for (text, fault) in refused {
            let faults = case.with(field, text).unwrap_err();
            let found = faults.of_field(field);
            // Values that are not texts have faults of their own, and two clock fields are refused together.
            let right = if matches!(takes, Text | OptionalText) { found == Some(fault) } else { !faults.is_empty() };
            assert!(right, "{} {field}: {text:?} {found:?}", case.draft);
        }
    });
}

#[test]
fn decomposed_text_is_normalized_in_every_text_field() {
    for_each_field(|case, field, takes| {
        if matches!(takes, Text | OptionalText) {
            let composed = case.with(field, "Zażółć é Å");
            assert_eq!(
                case.with(field, "Zaz\u{307}o\u{301}łc\u{301} e\u{301} \u{212B}"),
                composed,
                "{} {field}",
                case.draft
            );
        }
    });
}

#[test]
fn every_draft_field_is_tested() {
    let mut declared = BTreeSet::new();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    collect(&source, &source, &mut declared);
    let mut tried: BTreeSet<_> =
        EXCEPTED_FIELDS.iter().map(|(draft, field)| ((*draft).to_owned(), (*field).to_owned())).collect();
    for_each_field(|case, field, _| {
        tried.insert((case.draft.to_owned(), field.to_owned()));
    });
    let missing: Vec<_> = declared.difference(&tried).collect();
    assert!(declared.len() > 90 && missing.is_empty(), "{} fields, not tried: {missing:?}", declared.len());
}

/// The text fields of every `…Draft` in a folder.
fn collect(root: &Path, folder: &Path, found: &mut BTreeSet<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(root, &path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let file = path.strip_prefix(root).unwrap().display().to_string();
            let mut draft = None;
            for line in std::fs::read_to_string(&path).unwrap().lines() {
                let declared = line.strip_prefix("pub struct ").and_then(|rest| rest.strip_suffix(" {"));
                if let Some(name) = declared.filter(|name| name.ends_with("Draft")) {
                    draft = Some(format!("{file} {name}"));
                } else if line == "}" {
                    draft = None;
                }
                let field = line.trim().strip_prefix("pub ").and_then(|rest| rest.split_once(": "));
                if let (Some(draft), Some((field, "String," | "Vec<String>,"))) = (&draft, field) {
                    found.insert((draft.clone(), field.to_owned()));
                }
            }
        }
    }
}
