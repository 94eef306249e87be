use super::*;
use chrono::{DateTime, TimeDelta};
use domain::check::{PhotoMismatch, accept_photo};
use domain::finding::FindingDraft;
use domain::photo::PhotoPolicy;
use domain::verdict::Verdict;

const ID: &str = "01930000-0000-7000-8000-000000000001";

/// Texts that people paste and type into a note, and whether they are accepted.
fn note_cases() -> Vec<(String, bool)> {
    let of = |text: &str, taken| (text.to_owned(), taken);
    vec![
        of("", true),
        of("a\tb", true),
        of("a\u{0}b", false),
        of("a\u{1b}[31mred", false),
        of("a\u{7f}b", false),
        of("one\r\ntwo\rthree", true),
        of("\u{feff}from a file", true),
        of("\u{202a}+48 600 100 200\u{202c}", true),
        of("invoice \u{202e}fdp.exe", false),
        of("\u{2066}isolated\u{2069}", true),
        of("open \u{2067}never closed", false),
        of("a\u{200b}b", true),
        of("\u{200b}\u{2060}", true),
        of("\u{a0}\u{3000}\u{2800}", true),
        of("cafe\u{301} \u{1f469}\u{200d}\u{1f373}", true),
        of(&format!("a{}", "\u{301}".repeat(150)), false),
        of("\u{fdd0}", false),
        of("\u{fffe}", false),
        of(&"x".repeat(Prose::MAX), true),
        of(&"x".repeat(Prose::MAX + 1), false),
        of(&"\u{1f600}".repeat(Prose::MAX), true),
        of(&"x".repeat(10_000), false),
        of(&format!("{}x", "\n".repeat(5_000)), true),
        of(&"e\u{301}".repeat(Prose::MAX), true),
        of("<script>alert(1)</script> & \"quotes\"", true),
        of("=1+1", true),
        of("\u{5e9}\u{5dc}\u{5d5}\u{5dd} \u{200f}(1)", true),
    ]
}

fn findings_with_note(note: &str) -> [FindingDraft; 4] {
    let of = |verdict: Verdict, reason: &str| FindingDraft {
        verdict: verdict.name().to_owned(),
        reason: reason.to_owned(),
        note: note.to_owned(),
        ..FindingDraft::default()
    };
    [
        of(Verdict::Broken, "0"),
        of(Verdict::Broken, "safety"),
        of(Verdict::Broken, "other"),
        of(Verdict::NotApplicable, ""),
    ]
}

#[test]
fn phone_and_server_agree_on_checks_and_each_fault_has_a_text() {
    let words: Vec<_> = FAULTS.iter().map(|fault| format!("{fault:?}")).collect();
    let now = DateTime::UNIX_EPOCH + TimeDelta::days(20_000);
    let mut tried = 0;
    for (note, taken) in note_cases() {
        for finding in findings_with_note(&note) {
            let here = finding.parse(1);
            let draft = CheckDraft {
                id: ID.into(),
                guarantee: ID.into(),
                place: ID.into(),
                version: "1".into(),
                finding: finding.clone(),
                ..CheckDraft::default()
            };
            let there = draft.parse(1, now);
            assert_eq!(here.is_ok(), there.is_ok(), "{finding:?}");
            let blank = domain::text::is_blank(&note) && finding.verdict == "not_applicable";
            assert_eq!(here.is_ok(), taken && !blank, "{finding:?}");
            if let Err(faults) = here {
                assert!(!fault_texts(&faults, &words).is_empty(), "{faults:?} of {finding:?}");
            }
            tried += 1;
        }
    }
    assert!(tried > 100);
}

#[test]
fn a_missing_answer_or_photo_has_an_error_text() {
    let words: Vec<_> = FAULTS.iter().map(|fault| format!("{fault:?}")).collect();
    for (verdict, reason) in
        [("", ""), ("perhaps", ""), ("missed", ""), ("broken", ""), ("broken", "7"), ("broken", "x")]
    {
        let finding = FindingDraft { verdict: verdict.into(), reason: reason.into(), ..FindingDraft::default() };
        assert!(!fault_texts(&finding.parse(1).unwrap_err(), &words).is_empty(), "{finding:?}");
    }
    let kept = FindingDraft { verdict: "kept".into(), ..FindingDraft::default() }.parse(0).unwrap();
    let Err(PhotoMismatch::Missing(faults)) = accept_photo(PhotoPolicy::Required, &kept, false) else { unreachable!() };
    assert_eq!(fault_texts(&faults, &words), "Missing");
}

#[test]
fn pending_checks_exclude_refused_and_retracted_checks() {
    let entry = |id: &str| OutboxEntry {
        draft: CheckDraft {
            id: id.into(),
            guarantee: "g".into(),
            place: id.to_uppercase(),
            finding: FindingDraft { verdict: "kept".into(), ..FindingDraft::default() },
            ..CheckDraft::default()
        },
        added: 1_790_000_000_123.4,
        ..OutboxEntry::default()
    };
    let refused = OutboxEntry { refused: Some("no".into()), ..entry("b") };
    let back = OutboxEntry { retracts: Some("a mistake".into()), ..entry("c") };
    let all = [entry("a"), refused, entry("c"), back, entry("d")];
    let all: Vec<_> = (0..).zip(all).collect();
    assert_eq!(pending_checks(&all), "g A kept 1790000000123;g D kept 1790000000123");
    assert_eq!(pending_checks(&[]), "");
}
