use super::*;
use crate::guarantee::tests::draft;
use proptest::prelude::*;

fn rules(draft: &WordingDraft) -> Vec<(&'static str, AdviceKind, String)> {
    advice(draft).into_iter().map(|one| (one.field, one.rule, one.words)).collect()
}

fn advice_on_promise(promise: &str) -> Vec<(AdviceKind, String)> {
    let draft = WordingDraft { promise: promise.into(), ..draft() };
    rules(&draft).into_iter().map(|(_, rule, words)| (rule, words)).collect()
}

fn advice_on_criterion(line: &str) -> Option<AdviceKind> {
    let draft = WordingDraft { criteria: vec![line.into()], ..draft() };
    rules(&draft).first().map(|(_, rule, _)| *rule)
}

fn advice_on_remedy(remedy: &str) -> Option<String> {
    let draft = WordingDraft { remedy: remedy.into(), ..draft() };
    rules(&draft).into_iter().find(|(_, rule, _)| *rule == AdviceKind::Hedged).map(|(_, _, words)| words)
}

#[test]
fn a_promise_that_can_be_checked_needs_no_advice() {
    assert_eq!(advice(&draft()), []);
    for promise in [
        "Use it down to the mark; if you are not satisfied, your money back.",
        "Your order is ready in ten minutes.",
        "A human answers within two rings.",
        "Czysta toaleta na każdym postoju, w dzień i w nocy.",
        "Zamówienie gotowe w dziesięć minut.",
        "Fast: on your table in 10 minutes.",
    ] {
        assert_eq!(advice_on_promise(promise), [], "{promise}");
    }
}

#[test]
fn an_empty_form_gets_no_advice() {
    assert_eq!(advice(&WordingDraft::default()), []);
}

#[test]
fn vague_effort_and_soon_words_get_advice() {
    let one = |rule, words: &str| vec![(rule, words.to_owned())];
    assert_eq!(advice_on_promise("The best coffee, every day"), one(AdviceKind::Vague, "best"));
    assert_eq!(advice_on_promise("World-Class service 24 hours a day"), one(AdviceKind::Vague, "World Class"));
    assert_eq!(advice_on_promise("We always try"), one(AdviceKind::Effort, "try"));
    assert_eq!(advice_on_promise("We do our best every day"), one(AdviceKind::Effort, "do our best"));
    assert_eq!(advice_on_promise("Your parcel ASAP"), one(AdviceKind::Soon, "ASAP"));
    assert_eq!(advice_on_promise("Najwyższa jakość każdego dnia").first().map(|one| one.0), Some(AdviceKind::Vague));
    assert_eq!(advice_on_promise("Zawsze staramy się pomóc"), one(AdviceKind::Effort, "staramy się"));
    assert_eq!(advice_on_promise("Odpowiemy jak najszybciej"), one(AdviceKind::Soon, "jak najszybciej"));
}

#[test]
fn a_promise_without_number_time_or_occasion_gets_advice() {
    assert_eq!(advice_on_promise("Restrooms you will like"), [(AdviceKind::Unbounded, String::new())]);
    assert_eq!(advice_on_promise("Toalety, które polubisz"), [(AdviceKind::Unbounded, String::new())]);
}

#[test]
fn a_criterion_that_cannot_be_observed_gets_advice() {
    for line in ["Clean", "Floor clean", "The staff is nice and friendly", "Wszystko czyste i zadbane", "Miła obsługa"]
    {
        assert_eq!(advice_on_criterion(line), Some(AdviceKind::Unseen), "{line}");
    }
    for line in ["Floor clean and dry", "No bad smell", "Soap in every dispenser", "Podłoga czysta i sucha"] {
        assert_eq!(advice_on_criterion(line), None, "{line}");
    }
    assert_eq!(advice_on_criterion("Soap of the best brand we know of"), Some(AdviceKind::Vague));
    assert_eq!(advice_on_criterion("A good answer to the phone in 10 s"), None);
}

#[test]
fn more_than_seven_criteria_get_advice() {
    let lines = |count| WordingDraft { criteria: vec!["Floor dry".into(); count], ..draft() };
    assert_eq!(advice(&lines(7)), []);
    assert_eq!(rules(&lines(8)), [("criteria", AdviceKind::TooMany, String::new())]);
}

#[test]
fn a_mark_of_100_percent_gets_advice() {
    let at = |mark: &str| advice(&WordingDraft { mark: mark.into(), ..draft() });
    assert_eq!(at("100 %").first().map(|one| one.rule), Some(AdviceKind::NoRoom));
    assert_eq!(at("99.9"), []);
}

#[test]
fn a_hedged_remedy_gets_advice() {
    assert_eq!(advice_on_remedy("A refund at our discretion.").as_deref(), Some("at our discretion"));
    assert_eq!(advice_on_remedy("We may give you a coffee.").as_deref(), Some("may"));
    assert_eq!(advice_on_remedy("Zwrot według naszego uznania.").as_deref(), Some("według naszego uznania"));
    assert_eq!(advice_on_remedy("Możemy zwrócić część ceny.").as_deref(), Some("Możemy"));
    assert_eq!(advice_on_remedy("You may choose: your money back, or another bottle."), None);
    assert_eq!(advice_on_remedy("Pieniądze z powrotem; butelkę możesz zatrzymać."), None);
}

#[test]
fn every_listed_phrase_is_in_normalized_form() {
    let lists = [
        list::VAGUE,
        list::EFFORT,
        list::SOON,
        list::TIMES,
        list::NUMBERS,
        list::OCCASIONS,
        list::JUDGEMENTS,
        list::OBSERVABLE,
        list::FILLERS,
        list::HEDGED,
        list::CUSTOMER_CHOICES,
    ];
    for phrase in lists.into_iter().flat_map(words::each) {
        assert_eq!(phrase, phrase.to_lowercase());
        let words = phrase.split(' ').map(|word| word.strip_suffix('*').unwrap_or(word));
        assert!(
            words.clone().count() > 0
                && words.into_iter().all(|word| !word.is_empty() && word.chars().all(char::is_alphanumeric))
        );
    }
}

proptest! {
    #[test]
    fn no_text_panics_and_advice_quotes_only_typed_words(promise in any::<String>(), line in any::<String>(), remedy in any::<String>()) {
        let draft = WordingDraft { promise, criteria: vec![line], remedy, ..WordingDraft::default() };
        let typed = format!("{} {} {}", draft.promise, draft.criteria.join(" "), draft.remedy);
        for one in advice(&draft) {
            prop_assert!(one.words.split(' ').all(|word| typed.contains(word)));
        }
    }
}
