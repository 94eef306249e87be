//! Advice on a wording that is valid but may still disappoint customers or staff.
//!
//! It covers English and Polish at once, whatever the language of the business, and never prevents saving.

use super::{Mark, WordingDraft};

mod words;

use words::{Words, list};

/// One piece of advice: the field it is about, and the words that caused it. `words` is empty if it is not about words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    pub field: &'static str,
    pub rule: AdviceKind,
    pub words: String,
}

/// What could be better in a wording.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AdviceKind {
    /// A word of praise that cannot be measured, such as "excellent".
    Vague,
    /// It promises an effort, not a result.
    Effort,
    /// It says "soon" or the like instead of a time.
    Soon,
    /// The promise has no number, no time and no occasion, so nobody can say when it is broken.
    Unbounded,
    /// The criterion judges instead of saying what can be seen.
    Unseen,
    /// More criteria than fit on a phone's screen.
    TooMany,
    /// A mark of 100 % leaves no room for a single break.
    NoRoom,
    /// The remedy leaves the business a way out.
    Hedged,
}

/// How many criteria fit on a phone's screen without scrolling.
const CRITERIA_PER_SCREEN: usize = 7;

impl AdviceKind {
    /// Every kind of advice.
    pub const ALL: [Self; 8] = [
        Self::Vague,
        Self::Effort,
        Self::Soon,
        Self::Unbounded,
        Self::Unseen,
        Self::TooMany,
        Self::NoRoom,
        Self::Hedged,
    ];
}

/// The advice on a draft, in the order of its fields. Empty fields get none.
#[must_use]
pub fn advice(draft: &WordingDraft) -> Vec<Advice> {
    let mut all = on_promise(&draft.promise);
    all.extend(on_criteria(&draft.criteria));
    if Mark::parse(&draft.mark).is_ok_and(|mark| mark.basis_points() == 10_000) {
        all.push(bare("mark", AdviceKind::NoRoom));
    }
    for (field, text) in [("remedy", &draft.remedy), ("late_remedy", &draft.late_remedy)] {
        all.extend(on_remedy(field, text));
    }
    all
}

fn on_promise(promise: &str) -> Vec<Advice> {
    let text = Words::of(promise);
    if text.is_empty() {
        return Vec::new();
    }
    let bounded = is_bounded(&text);
    let mut all = on_words("promise", text);
    if !bounded && all.iter().all(|one| one.rule != AdviceKind::Soon) {
        all.push(bare("promise", AdviceKind::Unbounded));
    }
    all
}

fn on_criteria(criteria: &[String]) -> Vec<Advice> {
    let lines: Vec<_> = criteria.iter().map(|line| Words::of(line)).filter(|line| !line.is_empty()).collect();
    let too_many = (lines.len() > CRITERIA_PER_SCREEN).then(|| bare("criteria", AdviceKind::TooMany));
    let each = lines.into_iter().flat_map(|line| {
        if is_verdict(&line) {
            vec![Advice { field: "criteria", rule: AdviceKind::Unseen, words: line.whole() }]
        } else {
            on_words("criteria", line)
        }
    });
    each.chain(too_many).collect()
}

/// Advice on words that cannot be measured.
fn on_words(field: &'static str, mut text: Words) -> Vec<Advice> {
    let timed = text.has_digit() || text.find(list::TIMES).is_some();
    let mut said = |rule, words| text.take(words).map(|words| Advice { field, rule, words });
    let effort = said(AdviceKind::Effort, list::EFFORT);
    let soon = said(AdviceKind::Soon, list::SOON).filter(|_| !timed);
    let vague = said(AdviceKind::Vague, list::VAGUE);
    [effort, soon, vague].into_iter().flatten().collect()
}

fn is_bounded(text: &Words) -> bool {
    text.has_digit() || [list::TIMES, list::NUMBERS, list::OCCASIONS].iter().any(|words| text.find(words).is_some())
}

/// Whether a criterion mostly judges: it has a judging word, no number, nothing observable, and few other words.
fn is_verdict(line: &Words) -> bool {
    const ENOUGH: usize = 3;
    let seen = line.has_digit() || line.find(list::OBSERVABLE).is_some();
    let rest = line.count_without(&[list::JUDGEMENTS, list::FILLERS]);
    line.find(list::JUDGEMENTS).is_some() && !seen && rest < ENOUGH
}

fn on_remedy(field: &'static str, remedy: &str) -> Option<Advice> {
    let mut text = Words::of(remedy);
    // A choice left to the customer is not a way out for the business.
    while text.take(list::CUSTOMER_CHOICES).is_some() {}
    text.take(list::HEDGED).map(|words| Advice { field, rule: AdviceKind::Hedged, words })
}

fn bare(field: &'static str, rule: AdviceKind) -> Advice {
    Advice { field, rule, words: String::new() }
}

#[cfg(test)]
mod tests;
