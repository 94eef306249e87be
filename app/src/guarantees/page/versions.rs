//! The versions of a wording, newest first, each with what it changed.

use chrono_tz::Tz;
use domain::guarantee::{Mark, Wording, difference};
use leptos::prelude::*;
use store::VersionRow;

use super::form::field;
use crate::texts::Texts;

pub fn history(texts: Texts, versions: &[VersionRow], zone: Tz) -> impl IntoView + use<> {
    let each = versions.iter().enumerate().map(|(at, version)| {
        let changes = match versions.get(at + 1) {
            Some(before) => changes(texts, &before.wording, &version.wording).into_any(),
            None => view! { <p>{texts.say("guarantees-version-first")}</p> }.into_any(),
        };
        let since = texts.full_moment(version.created_at.with_timezone(&zone).naive_local());
        view! {
            <li>
                <h3>{texts.tell("guarantees-version", &[("number", version.number.into())])}</h3>
                <p class="soft small">{texts.tell("guarantees-version-since", &[("moment", since.into())])}</p>
                {changes}
            </li>
        }
    });
    view! { <ol class="versions">{each.collect_view()}</ol> }
}

fn changes(texts: Texts, old: &Wording, new: &Wording) -> impl IntoView + use<> {
    let each = difference(old, new).into_iter().map(|(name, before, after)| {
        let (before, after) = (written(texts, name, &before), written(texts, name, &after));
        let before = (!before.is_empty()).then(|| {
            view! { <del class="typed"><span class="hide">{texts.say("guarantees-before")}" "</span>{before}</del> }
        });
        let after = (!after.is_empty()).then(|| {
            view! { <ins class="typed"><span class="hide">{texts.say("guarantees-after")}" "</span>{after}</ins> }
        });
        view! {
            <dt>{field(texts, name)}</dt>
            <dd class="change">{before}{after}</dd>
        }
    });
    view! { <dl class="pairs">{each.collect_view()}</dl> }
}

/// A value as it is read, where it is typed otherwise.
fn written(texts: Texts, name: &str, typed: &str) -> String {
    let readable = match name {
        "mark" => Mark::parse(typed).ok().map(|mark| texts.percent(mark.basis_points())),
        "acknowledge_minutes" | "remedy_minutes" => typed.parse().ok().map(|minutes| opening_time(texts, minutes)),
        _ => None,
    };
    readable.unwrap_or_else(|| typed.to_owned())
}

/// A length of opening time. It is never told in days: how long a day is depends on when one opens.
pub fn opening_time(texts: Texts, minutes: u32) -> String {
    let (hours, rest) = (minutes / 60, minutes % 60);
    let span = match (hours, rest) {
        (0, rest) => texts.tell("span-minutes", &[("first", rest.into())]),
        (hours, 0) => texts.tell("span-hours", &[("first", hours.into())]),
        (hours, rest) => texts.tell("span-hours-minutes", &[("first", hours.into()), ("second", rest.into())]),
    };
    texts.tell("guarantees-opening-time", &[("span", span.into())])
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::business::Language;

    #[test]
    fn opening_time_is_never_told_in_days() {
        let told = |minutes| opening_time(Texts::of(Language::En), minutes).replace('\u{a0}', " ");
        let spans = ["45 min", "1 h", "1 h 30 min", "48 h"].map(|span| format!("{span} of opening time"));
        assert_eq!([45, 60, 90, 2880].map(told), spans);
    }

    #[test]
    fn what_changed_is_written_as_it_is_read() {
        let texts = Texts::of(Language::Pl);
        assert_eq!(written(texts, "mark", "97.50"), "97,5\u{a0}%");
        assert_eq!(written(texts, "promise", "97.50"), "97.50");
    }
}
