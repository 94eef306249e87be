//! What people paste, in every field of every draft: tidied, missing or refused, by the one alphabet.

#![expect(clippy::unwrap_used, reason = "a test that cannot look must fail")]

use std::collections::BTreeSet;
use std::path::Path;

use domain::fault::Fault;
use domain::text::MOST_MARKS;

use crate::cases::Takes::{self, MayText, MayTyped, Text, Typed};
use crate::cases::{Case, cases};

mod cases;

/// A password is taken exactly as it is typed; whose a check is, the store compares; places are ids, which the door reads.
const EXCEPT: [(&str, &str); 5] = [
    ("person.rs NewcomerDraft", "password"),
    ("person.rs EntrantDraft", "password"),
    ("business.rs BeginDraft", "password"),
    ("check.rs CheckDraft", "by"),
    ("schedule/draft.rs ScheduleDraft", "places"),
];

/// Put around a value it changes nothing.
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

/// Put inside a value it changes nothing.
const INSIDE: [&str; 8] =
    ["\u{200B}", "\u{2060}", "\u{AD}", "\u{200E}", "\u{FEFF}", "\u{34F}", "\u{E0041}", "\u{2069}"];

/// In which nothing is seen.
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

fn each(mut see: impl FnMut(&Case, &str, Takes)) {
    for case in cases() {
        assert!((case.parse)(case.valid.clone()).is_ok(), "{}: {:?}", case.draft, (case.parse)(case.valid.clone()));
        for (field, takes) in case.fields {
            see(&case, field, *takes);
        }
    }
}

#[test]
fn what_is_pasted_with_a_value_changes_nothing_in_any_field() {
    let mut tried = 0;
    each(|case, field, _| {
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
fn where_nothing_is_seen_nothing_was_sent_in_any_field() {
    each(|case, field, takes| {
        for blank in BLANK {
            let said = case.with(field, blank);
            // A list of sites or days with one blank entry is no empty list.
            if !case.valid[field].is_array() {
                assert_eq!(said, case.with(field, ""), "{} {field}: {blank:?}", case.draft);
            }
            match takes {
                Text => {
                    assert_eq!(said.unwrap_err().at(field), Some(Fault::Missing), "{} {field}: {blank:?}", case.draft);
                }
                Typed => assert!(said.unwrap_err().at(field).is_some(), "{} {field}: {blank:?}", case.draft),
                MayText | MayTyped => assert!(said.is_ok(), "{} {field}: {blank:?} {said:?}", case.draft),
            }
        }
    });
}

#[test]
fn what_hides_or_reverses_is_refused_in_any_field() {
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
        (&heap, Fault::TooManyMarks { max: MOST_MARKS }),
    ];
    each(|case, field, takes| {
        for (text, fault) in refused {
            let faults = case.with(field, text).unwrap_err();
            let found = faults.at(field);
            // A typed value is wrong in its own way, and two clocks are wrong together.
            let right = if matches!(takes, Text | MayText) { found == Some(fault) } else { !faults.is_empty() };
            assert!(right, "{} {field}: {text:?} {found:?}", case.draft);
        }
    });
}

#[test]
fn a_decomposed_text_is_the_same_in_every_text_field() {
    each(|case, field, takes| {
        if matches!(takes, Text | MayText) {
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
fn every_field_of_every_draft_is_tried() {
    let mut declared = BTreeSet::new();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    collect(&source, &source, &mut declared);
    let mut tried: BTreeSet<_> =
        EXCEPT.iter().map(|(draft, field)| ((*draft).to_owned(), (*field).to_owned())).collect();
    each(|case, field, _| {
        tried.insert((case.draft.to_owned(), field.to_owned()));
    });
    let missing: Vec<_> = declared.difference(&tried).collect();
    assert!(declared.len() > 90 && missing.is_empty(), "{} fields, not tried: {missing:?}", declared.len());
}

/// The fields that hold text, of every `…Draft` in a folder.
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
