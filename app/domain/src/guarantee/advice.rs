//! Gentle advice on a wording: what is allowed, and would still let a customer or the staff down.
//!
//! It reads English and Polish alike, whatever the business speaks, and never stands in the way of saving.

use super::{Mark, WordingDraft};

mod words;

use words::{Text, list};

/// One piece of advice: the field it is about, and the words that gave rise to it, where words did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    pub field: &'static str,
    pub rule: Rule,
    pub words: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// A word of praise that no two people measure alike.
    Vague,
    /// An effort is promised, not a result.
    Effort,
    /// Soon is not a time.
    Soon,
    /// The promise has no number, no time and no occasion: nobody can say when it is broken.
    Unbounded,
    /// A criterion that gives a verdict and not what is seen.
    Unseen,
    /// More criteria than a phone shows at a glance.
    TooMany,
    /// A mark of a hundred leaves no room for a single bad day.
    NoRoom,
    /// A remedy with a way out for the business.
    Hedged,
}

/// What is looked through on a phone without scrolling.
const GLANCE: usize = 7;

impl Rule {
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

/// What could be said better in this draft, in the order of its fields. Fields without text get none.
#[must_use]
pub fn advice(draft: &WordingDraft) -> Vec<Advice> {
    let mut all = on_promise(&draft.promise);
    all.extend(on_criteria(&draft.criteria));
    if Mark::parse(&draft.mark).is_ok_and(|mark| mark.basis_points() == 10_000) {
        all.push(bare("mark", Rule::NoRoom));
    }
    for (field, text) in [("remedy", &draft.remedy), ("late_remedy", &draft.late_remedy)] {
        all.extend(on_remedy(field, text));
    }
    all
}

fn on_promise(promise: &str) -> Vec<Advice> {
    let text = Text::of(promise);
    if text.is_empty() {
        return Vec::new();
    }
    let bounded = is_bounded(&text);
    let mut all = on_words("promise", text);
    if !bounded && all.iter().all(|one| one.rule != Rule::Soon) {
        all.push(bare("promise", Rule::Unbounded));
    }
    all
}

fn on_criteria(criteria: &[String]) -> Vec<Advice> {
    let lines: Vec<_> = criteria.iter().map(|line| Text::of(line)).filter(|line| !line.is_empty()).collect();
    let too_many = (lines.len() > GLANCE).then(|| bare("criteria", Rule::TooMany));
    let each = lines.into_iter().flat_map(|line| {
        if is_verdict(&line) {
            vec![Advice { field: "criteria", rule: Rule::Unseen, words: line.whole() }]
        } else {
            on_words("criteria", line)
        }
    });
    each.chain(too_many).collect()
}

/// Words that two people would not measure alike.
fn on_words(field: &'static str, mut text: Text) -> Vec<Advice> {
    let timed = text.has_digit() || text.find(list::TIMES).is_some();
    let mut said = |rule, words| text.take(words).map(|words| Advice { field, rule, words });
    let effort = said(Rule::Effort, list::EFFORT);
    let soon = said(Rule::Soon, list::SOON).filter(|_| !timed);
    let vague = said(Rule::Vague, list::VAGUE);
    [effort, soon, vague].into_iter().flatten().collect()
}

fn is_bounded(text: &Text) -> bool {
    text.has_digit() || [list::TIMES, list::NUMBERS, list::OCCASIONS].iter().any(|words| text.find(words).is_some())
}

/// Whether a criterion judges and says little else: no number, nothing that is or is not to be seen.
fn is_verdict(line: &Text) -> bool {
    const ENOUGH: usize = 3;
    let seen = line.has_digit() || line.find(list::SEEN).is_some();
    let rest = line.count_without(&[list::JUDGED, list::SMALL]);
    line.find(list::JUDGED).is_some() && !seen && rest < ENOUGH
}

fn on_remedy(field: &'static str, remedy: &str) -> Option<Advice> {
    let mut text = Text::of(remedy);
    // What leaves the choice to the customer is no hedge.
    while text.take(list::GRANTED).is_some() {}
    text.take(list::HEDGED).map(|words| Advice { field, rule: Rule::Hedged, words })
}

fn bare(field: &'static str, rule: Rule) -> Advice {
    Advice { field, rule, words: String::new() }
}

#[cfg(test)]
mod tests;
