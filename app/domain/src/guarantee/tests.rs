use super::*;
use proptest::prelude::*;

pub fn draft() -> WordingDraft {
    WordingDraft {
        title: "Clean restrooms".into(),
        promise: "A clean restroom, every time you stop.".into(),
        criteria: vec!["Floor dry".into(), "Soap and towels".into()],
        mark: "95".into(),
        remedy: "Your next coffee is on us.".into(),
        late_remedy: "And a full tank of washer fluid.".into(),
        conditions: String::new(),
        how_to_claim: "Tell anyone at the counter.".into(),
        acknowledge_minutes: "30".into(),
        remedy_minutes: "240".into(),
        proof: "5".into(),
    }
}

#[test]
fn a_wording_draft_round_trips() {
    let wording = draft().parse().unwrap();
    assert_eq!(wording.mark.basis_points(), 9500);
    assert_eq!(WordingDraft::from(&wording), draft());
}

#[test]
fn every_invalid_field_is_reported() {
    let faults = WordingDraft { mark: "abc".into(), criteria: vec![" ".into()], ..draft() }.parse().unwrap_err();
    assert_eq!(faults.of_field("mark"), Some(Fault::NotANumber));
    assert_eq!(faults.of_field("criteria"), Some(Fault::Missing));
    assert_eq!(faults.all().len(), 2);
}

#[test]
fn a_mark_is_a_percentage_with_two_decimals() {
    assert_eq!(Mark::parse("97,5 %").unwrap().basis_points(), 9750);
    assert_eq!(Mark::parse("100").unwrap().basis_points(), 10_000);
    assert_eq!(Mark::parse("97.555"), Err(Fault::NotANumber));
    assert_eq!(Mark::parse("101"), Err(Fault::OutOfRange { min: 50, max: 100 }));
    assert_eq!(Mark::parse("49.99"), Err(Fault::OutOfRange { min: 50, max: 100 }));
}

#[test]
fn a_promise_without_a_place_is_not_published() {
    assert_eq!(transition(Stage::Draft, Transition::Publish, 0), Err(GuaranteeError::NoPlace));
    assert_eq!(transition(Stage::Draft, Transition::Publish, 1), Ok(Stage::Published));
    assert_eq!(transition(Stage::Published, Transition::Retire, 0), Ok(Stage::Retired));
}

#[test]
fn an_unchanged_wording_is_refused_and_changes_are_listed() {
    let old = draft().parse().unwrap();
    assert_eq!(allow_wording(Stage::Published, &old, &old), Err(GuaranteeError::Unchanged));
    let new = WordingDraft { mark: "97.5".into(), ..draft() }.parse().unwrap();
    assert_eq!(allow_wording(Stage::Published, &old, &new), Ok(()));
    assert_eq!(allow_wording(Stage::Retired, &old, &new), Err(GuaranteeError::Retired));
    assert_eq!(wording_diff(&old, &new), vec![("mark", "95".into(), "97.50".into())]);
}

#[test]
fn a_wording_is_restored_from_its_split_texts() {
    let wording: Wording = draft().parse().unwrap();
    let fields = ["title", "promise", "criteria", "remedy", "late_remedy", "conditions", "how_to_claim"];
    let (bare, texts) = crate::record::split_texts(&wording, &fields.map(|field| (field, true))).unwrap();
    let texts = texts.into_iter().map(|free| (free.field.to_owned(), free.text));
    assert_eq!(crate::record::join_texts::<Wording>(bare, texts).unwrap(), wording);
}

#[test]
fn a_draft_parses_from_form_values_and_api_json() {
    let program: WordingDraft = serde_json::from_str(r#"{"criteria":["a","b"],"mark":97.5,"proof":3}"#).unwrap();
    assert_eq!((program.criteria.len(), program.mark.as_str(), program.proof.as_str()), (2, "97.5", "3"));
    let form: WordingDraft = serde_json::from_str(r#"{"criteria":"a\r\nb","mark":"97,5"}"#).unwrap();
    assert_eq!((form.criteria.len(), form.mark.as_str()), (2, "97,5"));
    assert!(serde_json::from_str::<WordingDraft>(r#"{"mark":true}"#).is_err());
}

fn any_transition() -> impl Strategy<Value = Transition> {
    prop::sample::select(Transition::ALL.to_vec())
}

proptest! {
    #[test]
    fn a_published_guarantee_never_becomes_private_again(moves in prop::collection::vec(any_transition(), 0..20)) {
        let mut stage = Stage::Draft;
        let mut published = false;
        for verb in moves {
            stage = stage.after(verb).unwrap_or(stage);
            prop_assert!(!published || !matches!(stage, Stage::Draft | Stage::Trial));
            published |= stage == Stage::Published;
        }
    }

    #[test]
    fn a_checked_guarantee_always_has_a_place(moves in prop::collection::vec((any_transition(), 0..3_usize), 0..20)) {
        let (mut stage, mut places) = (Stage::Draft, 0);
        for (verb, count) in moves {
            if require_place(stage, count).is_ok() {
                places = count;
            }
            stage = transition(stage, verb, places).unwrap_or(stage);
            prop_assert!(places > 0 || !stage.is_checked());
        }
    }

    #[test]
    fn a_retired_guarantee_has_no_transitions(verb in any_transition()) {
        prop_assert!(Stage::Retired.after(verb).is_err());
    }
}
