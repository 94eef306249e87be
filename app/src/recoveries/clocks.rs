//! The deadlines of a recovery, as people inside read them.

use domain::recovery::{Clock, Stage};
use leptos::prelude::*;
use store::RecoveryRow;

use super::countdown::{ClockWords, Countdown};
use super::names::{clock_key, stage_key};
use crate::checks::when::When;
use crate::icons::ClockIcon;
use crate::texts::Texts;

/// The deadline that presses most: counting while it runs, in words while it waits, and how it ended when it is over.
pub(crate) fn pressing(when: &When, row: &RecoveryRow) -> AnyView {
    let texts = when.texts;
    let said = |key: &str| view! { <span class="clock soft">{texts.say(key)}</span> }.into_any();
    match (row.stage, row.pressing) {
        (stage @ Stage::Closed(_), _) => said(stage_key(stage)),
        (_, Some(clock)) => running(when, &clock),
        (_, None) => said("recoveries-nothing-due"),
    }
}

/// One open deadline with its name.
pub(super) fn running(when: &When, clock: &Clock) -> AnyView {
    let texts = when.texts;
    let name = texts.say(clock_key(clock.kind));
    let Some(due) = clock.due else {
        return view! { <span class="clock soft">{texts.say("recoveries-with-customer")}</span> }.into_any();
    };
    let label = texts.tell("recoveries-due", &[("clock", name.clone().into()), ("at", when.at(due).into())]);
    let (now, due) = (when.now.timestamp_millis(), due.timestamp_millis());
    view! {
        <span class="deadline">
            <ClockIcon />
            <span><Countdown now due label words=words(texts) />" "<small aria-hidden="true">{name}</small></span>
        </span>
    }
    .into_any()
}

/// All deadlines of this round: those that run, and how the others were met.
pub(super) fn all(when: &When, clocks: &[Clock], closed: bool) -> impl IntoView + use<> {
    let texts = when.texts;
    let each = clocks.iter().map(|clock| {
        let name = texts.say(clock_key(clock.kind));
        let stands = match clock.met_at {
            Some(at) => {
                let key = if clock.is_late(when.now) { "recoveries-met-late" } else { "recoveries-met" };
                texts.tell(key, &[("at", when.at(at).into())]).into_any()
            }
            None if closed => texts.say("recoveries-not-needed").into_any(),
            None => running(when, clock),
        };
        view! { <dt>{name}</dt><dd>{stands}</dd> }
    });
    view! { <dl class="pairs">{each.collect_view()}</dl> }
}

/// How a countdown writes.
pub(crate) fn words(texts: Texts) -> ClockWords {
    let number = |key: &str, name: &'static str| texts.tell(key, &[(name, "{}".into())]);
    ClockWords {
        left: number("recoveries-left", "span"),
        late: number("recoveries-late-by", "span"),
        day: texts.say("recoveries-one-day"),
        days: number("span-days", "first"),
        hours: number("span-hours", "first"),
        minutes: number("span-minutes", "first"),
        seconds: number("recoveries-seconds", "count"),
        moment: texts.say("span-moment"),
    }
}
