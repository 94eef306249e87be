//! The versions of a wording, newest first, each with its changes.

use chrono_tz::Tz;
use domain::guarantee::{Mark, Wording, wording_diff};
use leptos::prelude::*;
use store::VersionRow;

use super::field_labels::field_label;
use crate::texts::Texts;

pub fn list(texts: Texts, versions: &[VersionRow], zone: Tz) -> impl IntoView + use<> {
    let each = versions.iter().enumerate().map(|(at, version)| {
        let diff = match versions.get(at + 1) {
            Some(before) => diff(texts, &before.wording, &version.wording).into_any(),
            None => view! { <p>{texts.text("guarantees-version-first")}</p> }.into_any(),
        };
        let since = texts.full_date_time(version.created_at.with_timezone(&zone).naive_local());
        view! {
            <li>
                <h3>{texts.text_with("guarantees-version", &[("number", version.number.into())])}</h3>
                <p class="muted small">{texts.text_with("guarantees-version-since", &[("moment", since.into())])}</p>
                {diff}
            </li>
        }
    });
    view! { <ol class="versions">{each.collect_view()}</ol> }
}

fn diff(texts: Texts, old: &Wording, new: &Wording) -> impl IntoView + use<> {
    let each = wording_diff(old, new).into_iter().map(|(name, before, after)| {
        let (before, after) = (displayed_value(texts, name, &before), displayed_value(texts, name, &after));
        let before = (!before.is_empty()).then(|| {
            view! { <del class="user-text"><span class="visually-hidden">{texts.text("guarantees-before")}" "</span>{before}</del> }
        });
        let after = (!after.is_empty()).then(|| {
            view! { <ins class="user-text"><span class="visually-hidden">{texts.text("guarantees-after")}" "</span>{after}</ins> }
        });
        view! {
            <dt>{field_label(texts, name)}</dt>
            <dd class="change">{before}{after}</dd>
        }
    });
    view! { <dl class="pairs">{each.collect_view()}</dl> }
}

/// How a value is displayed, where that differs from how it is typed.
fn displayed_value(texts: Texts, name: &str, typed: &str) -> String {
    let readable = match name {
        "mark" => Mark::parse(typed).ok().map(|mark| texts.percent(mark.basis_points())),
        "acknowledge_minutes" | "remedy_minutes" => typed.parse().ok().map(|minutes| opening_time(texts, minutes)),
        _ => None,
    };
    readable.unwrap_or_else(|| typed.to_owned())
}

/// A duration, marked as opening time.
pub fn opening_time(texts: Texts, minutes: u32) -> String {
    texts.text_with("guarantees-opening-time", &[("span", texts.opening_time(minutes).into())])
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::business::Language;

    #[test]
    fn opening_time_is_shown_in_hours_not_days() {
        let told = |minutes| opening_time(Texts::of(Language::En), minutes).replace('\u{a0}', " ");
        let spans = ["45 min", "1 h", "1 h 30 min", "48 h"].map(|span| format!("{span} of opening time"));
        assert_eq!([45, 60, 90, 2880].map(told), spans);
    }

    #[test]
    fn changed_values_are_localized_for_display() {
        let texts = Texts::of(Language::Pl);
        assert_eq!(displayed_value(texts, "mark", "97.50"), "97,5\u{a0}%");
        assert_eq!(displayed_value(texts, "promise", "97.50"), "97.50");
    }
}
