//! The linter beside the form of a wording: validation and advice while a person types.

use std::cell::RefCell;
use std::time::Duration;

use domain::fault::Fault;
use domain::guarantee::WordingDraft;
use domain::guarantee::advice::{AdviceKind, advice};
use domain::text::{Line, MAX_COMBINING_MARKS, Prose};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlInputElement, HtmlTextAreaElement};
use leptos::{ev, html};
use serde::{Deserialize, Serialize};

/// The fields of a wording, in the order of the form.
pub const FIELDS: [&str; 11] = [
    "title",
    "promise",
    "criteria",
    "mark",
    "remedy",
    "late_remedy",
    "conditions",
    "how_to_claim",
    "acknowledge_minutes",
    "remedy_minutes",
    "proof",
];

/// The faults that a field of a wording can have.
pub const FAULTS: [Fault; 11] = [
    Fault::Missing,
    Fault::TooLong { max: Line::MAX },
    Fault::TooLong { max: Prose::MAX },
    Fault::ControlCharacter,
    Fault::DirectionOverride,
    Fault::TooManyMarks { max: MAX_COMBINING_MARKS },
    Fault::NotANumber,
    Fault::TooMany { max: 12 },
    Fault::OutOfRange { min: 50, max: 100 },
    Fault::OutOfRange { min: 5, max: 43_200 },
    Fault::OutOfRange { min: 1, max: 100 },
];

/// The place of the quoted words in a text.
pub const QUOTE_PLACEHOLDER: &str = "{}";

/// The texts of the linter, in the reader's language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinterTexts {
    pub title: String,
    pub lead: String,
    /// One for each of [`FIELDS`].
    pub fields: Vec<String>,
    /// One for each of [`FAULTS`].
    pub faults: Vec<String>,
    /// One for each of [`AdviceKind::ALL`].
    pub rules: Vec<String>,
}

/// A message about one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    pub field: &'static str,
    pub name: String,
    pub text: String,
    /// Whether it must be fixed before the form can be saved.
    pub is_error: bool,
}

/// How long typing must pause before messages are shown.
const TYPING_DELAY: Duration = Duration::from_millis(500);

/// It must be inside the form it is about.
#[island]
pub fn Linter(start: WordingDraft, labels: LinterTexts) -> impl IntoView {
    let panel = NodeRef::<html::Section>::new();
    let shown = RwSignal::new(remarks(&start, &[], &labels));
    let (title, lead) = (labels.title.clone(), labels.lead.clone());
    Effect::new(move || {
        let Some(form) = panel.get().and_then(|panel| panel.closest("form").ok().flatten()) else { return };
        let touched = StoredValue::new(Vec::new());
        let (read, labels) = (form.clone(), labels.clone());
        let update = RefCell::new(debounce(TYPING_DELAY, move |()| {
            shown.set(touched.with_value(|touched| remarks(&read_form(&read), touched, &labels)));
        }));
        let listener = window_event_listener(ev::input, move |event| {
            let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            let Some(field) = target.filter(|field| form.contains(Some(field))) else { return };
            touched.update_value(|touched| touched.push(field.id()));
            (update.borrow_mut())(());
        });
        on_cleanup(move || listener.remove());
    });
    view! {
        <section class="card linter" node_ref=panel aria-labelledby="linter">
            <h2 id="linter">{title}</h2>
            <p class="muted small">{lead}</p>
            <ul class="lints" aria-live="polite">
                <For each=move || shown.get() key=|remark| (remark.field, remark.text.clone()) let:remark>
                    <li class=if remark.is_error { "lint wrong" } else { "lint" }>
                        <a href=format!("#{}", remark.field)>{remark.name}</a>
                        " "
                        {remark.text}
                    </li>
                </For>
            </ul>
        </section>
    }
}

/// The messages about a draft, without duplicates. Faults are reported only for fields that have been edited, so that
/// nobody is told about fields they have not reached yet.
#[must_use]
pub fn remarks(draft: &WordingDraft, touched: &[String], labels: &LinterTexts) -> Vec<Remark> {
    let remark = |field, text: &str, is_error| {
        let name = FIELDS.iter().position(|known| *known == field).and_then(|at| labels.fields.get(at));
        Remark { field, name: name.cloned().unwrap_or_default(), text: text.to_owned(), is_error }
    };
    let faults = draft.parse().err().unwrap_or_default();
    let faulty = faults.all().iter().filter(|one| touched.iter().any(|field| field == one.field)).filter_map(|one| {
        let at = FAULTS.iter().position(|known| *known == one.fault)?;
        Some(remark(one.field, labels.faults.get(at)?, true))
    });
    let advised = advice(draft).into_iter().filter_map(|one| {
        let at = AdviceKind::ALL.iter().position(|known| *known == one.rule)?;
        Some(remark(one.field, &labels.rules.get(at)?.replace(QUOTE_PLACEHOLDER, &one.words), false))
    });
    let mut distinct = Vec::new();
    for remark in faulty.chain(advised) {
        if !distinct.contains(&remark) {
            distinct.push(remark);
        }
    }
    distinct
}

/// The current values of the form.
fn read_form(form: &Element) -> WordingDraft {
    let text = |name: &str| {
        let field = form.query_selector(&format!("[name={name}]")).ok().flatten()?;
        let line = field.dyn_ref::<HtmlInputElement>().map(HtmlInputElement::value);
        line.or_else(|| field.dyn_ref::<HtmlTextAreaElement>().map(HtmlTextAreaElement::value))
    };
    let text = |name| text(name).unwrap_or_default();
    WordingDraft {
        title: text("title"),
        promise: text("promise"),
        criteria: text("criteria").lines().map(str::to_owned).collect(),
        mark: text("mark"),
        remedy: text("remedy"),
        late_remedy: text("late_remedy"),
        conditions: text("conditions"),
        how_to_claim: text("how_to_claim"),
        acknowledge_minutes: text("acknowledge_minutes"),
        remedy_minutes: text("remedy_minutes"),
        proof: text("proof"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels() -> LinterTexts {
        let numbered = |count| (0..count).map(|at| format!("{at} {QUOTE_PLACEHOLDER}")).collect();
        LinterTexts {
            fields: FIELDS.map(str::to_owned).to_vec(),
            faults: numbered(FAULTS.len()),
            rules: numbered(AdviceKind::ALL.len()),
            ..LinterTexts::default()
        }
    }

    fn shown(draft: &WordingDraft, touched: &[&str]) -> Vec<(&'static str, String, bool)> {
        let touched: Vec<_> = touched.iter().map(ToString::to_string).collect();
        remarks(draft, &touched, &labels()).into_iter().map(|one| (one.field, one.text, one.is_error)).collect()
    }

    #[test]
    fn untouched_fields_show_no_faults() {
        let blank = WordingDraft::default();
        assert_eq!(shown(&blank, &[]), []);
        assert_eq!(shown(&blank, &["promise", "slug"]), [("promise", "0 {}".to_owned(), true)]);
    }

    #[test]
    fn advice_quotes_the_typed_text() {
        let draft = WordingDraft { promise: "The best, every day".into(), ..WordingDraft::default() };
        assert_eq!(shown(&draft, &[]), [("promise", "0 best".to_owned(), false)]);
    }

    #[test]
    fn identical_remarks_are_shown_once() {
        let criteria = vec!["Clean".into(), "Clean".into(), "Tidy".into()];
        let draft = WordingDraft { criteria, ..WordingDraft::default() };
        assert_eq!(
            shown(&draft, &[]),
            [("criteria", "4 Clean".to_owned(), false), ("criteria", "4 Tidy".to_owned(), false)]
        );
    }

    #[test]
    fn every_wording_fault_has_a_text() {
        let long = "a".repeat(3000);
        let lines: Vec<String> = vec!["a".into(); 13];
        for text in ["", long.as_str(), "\u{0}a", "a\u{202E}b", "x", "0", "999999"] {
            for criteria in [vec![], lines.clone(), vec![text.to_owned()]] {
                let text = text.to_owned();
                let draft = WordingDraft {
                    title: text.clone(),
                    promise: text.clone(),
                    criteria,
                    mark: text.clone(),
                    remedy: text.clone(),
                    late_remedy: text.clone(),
                    conditions: text.clone(),
                    how_to_claim: text.clone(),
                    acknowledge_minutes: text.clone(),
                    remedy_minutes: text.clone(),
                    proof: text,
                };
                for one in draft.parse().unwrap_err().all() {
                    assert!(FAULTS.contains(&one.fault) && FIELDS.contains(&one.field), "{one:?}");
                }
            }
        }
    }
}
