use super::*;
use crate::guarantee::tests::draft;
use proptest::prelude::*;

fn rules(draft: &WordingDraft) -> Vec<(&'static str, Rule, String)> {
    advice(draft).into_iter().map(|one| (one.field, one.rule, one.words)).collect()
}

fn on_the_promise(promise: &str) -> Vec<(Rule, String)> {
    let draft = WordingDraft { promise: promise.into(), ..draft() };
    rules(&draft).into_iter().map(|(_, rule, words)| (rule, words)).collect()
}

fn on_a_criterion(line: &str) -> Option<Rule> {
    let draft = WordingDraft { criteria: vec![line.into()], ..draft() };
    rules(&draft).first().map(|(_, rule, _)| *rule)
}

fn on_the_remedy(remedy: &str) -> Option<String> {
    let draft = WordingDraft { remedy: remedy.into(), ..draft() };
    rules(&draft).into_iter().find(|(_, rule, _)| *rule == Rule::Hedged).map(|(_, _, words)| words)
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
        assert_eq!(on_the_promise(promise), [], "{promise}");
    }
}

#[test]
fn an_empty_form_is_left_in_peace() {
    assert_eq!(advice(&WordingDraft::default()), []);
}

#[test]
fn praise_effort_and_soon_are_no_promise() {
    let one = |rule, words: &str| vec![(rule, words.to_owned())];
    assert_eq!(on_the_promise("The best coffee, every day"), one(Rule::Vague, "best"));
    assert_eq!(on_the_promise("World-Class service 24 hours a day"), one(Rule::Vague, "World Class"));
    assert_eq!(on_the_promise("We always try"), one(Rule::Effort, "try"));
    assert_eq!(on_the_promise("We do our best every day"), one(Rule::Effort, "do our best"));
    assert_eq!(on_the_promise("Your parcel ASAP"), one(Rule::Soon, "ASAP"));
    assert_eq!(on_the_promise("Najwyższa jakość każdego dnia").first().map(|one| one.0), Some(Rule::Vague));
    assert_eq!(on_the_promise("Zawsze staramy się pomóc"), one(Rule::Effort, "staramy się"));
    assert_eq!(on_the_promise("Odpowiemy jak najszybciej"), one(Rule::Soon, "jak najszybciej"));
}

#[test]
fn a_promise_without_number_time_or_occasion_is_never_broken() {
    assert_eq!(on_the_promise("Restrooms you will like"), [(Rule::Unbounded, String::new())]);
    assert_eq!(on_the_promise("Toalety, które polubisz"), [(Rule::Unbounded, String::new())]);
}

#[test]
fn a_criterion_says_what_is_seen() {
    for line in ["Clean", "Floor clean", "The staff is nice and friendly", "Wszystko czyste i zadbane", "Miła obsługa"]
    {
        assert_eq!(on_a_criterion(line), Some(Rule::Unseen), "{line}");
    }
    for line in ["Floor clean and dry", "No bad smell", "Soap in every dispenser", "Podłoga czysta i sucha"] {
        assert_eq!(on_a_criterion(line), None, "{line}");
    }
    assert_eq!(on_a_criterion("Soap of the best brand we know of"), Some(Rule::Vague));
    assert_eq!(on_a_criterion("A good answer to the phone in 10 s"), None);
}

#[test]
fn eight_criteria_are_one_too_many() {
    let lines = |count| WordingDraft { criteria: vec!["Floor dry".into(); count], ..draft() };
    assert_eq!(advice(&lines(7)), []);
    assert_eq!(rules(&lines(8)), [("criteria", Rule::TooMany, String::new())]);
}

#[test]
fn a_mark_of_a_hundred_leaves_no_room() {
    let at = |mark: &str| advice(&WordingDraft { mark: mark.into(), ..draft() });
    assert_eq!(at("100 %").first().map(|one| one.rule), Some(Rule::NoRoom));
    assert_eq!(at("99.9"), []);
}

#[test]
fn a_remedy_is_not_hedged() {
    assert_eq!(on_the_remedy("A refund at our discretion.").as_deref(), Some("at our discretion"));
    assert_eq!(on_the_remedy("We may give you a coffee.").as_deref(), Some("may"));
    assert_eq!(on_the_remedy("Zwrot według naszego uznania.").as_deref(), Some("według naszego uznania"));
    assert_eq!(on_the_remedy("Możemy zwrócić część ceny.").as_deref(), Some("Możemy"));
    assert_eq!(on_the_remedy("You may choose: your money back, or another bottle."), None);
    assert_eq!(on_the_remedy("Pieniądze z powrotem; butelkę możesz zatrzymać."), None);
}

#[test]
fn every_pattern_is_written_as_words_are_compared() {
    let lists = [
        list::VAGUE,
        list::EFFORT,
        list::SOON,
        list::TIMES,
        list::NUMBERS,
        list::OCCASIONS,
        list::JUDGED,
        list::SEEN,
        list::SMALL,
        list::HEDGED,
        list::GRANTED,
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
    fn no_text_panics_and_every_word_quoted_was_typed(promise in any::<String>(), line in any::<String>(), remedy in any::<String>()) {
        let draft = WordingDraft { promise, criteria: vec![line], remedy, ..WordingDraft::default() };
        let typed = format!("{} {} {}", draft.promise, draft.criteria.join(" "), draft.remedy);
        for one in advice(&draft) {
            prop_assert!(one.words.split(' ').all(|word| typed.contains(word)));
        }
    }
}
