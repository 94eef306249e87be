//! The deadlines of a recovery, for members.

use domain::recovery::{Deadline, Stage, Turn};
use leptos::prelude::*;
use store::RecoveryRow;

use super::countdown::{Countdown, CountdownTexts};
use super::names::{deadline_key, turn_key};
use crate::icons::ClockIcon;
use crate::local_time::LocalTime;
use crate::names::recovery_stage_key;
use crate::texts::Texts;

/// The most urgent deadline: a countdown while it runs, otherwise whose turn it is, or how the recovery ended.
pub(crate) fn most_urgent_deadline(local_time: &LocalTime, row: &RecoveryRow) -> AnyView {
    let texts = local_time.texts;
    let label = |key: &str| view! { <span class="clock muted">{texts.text(key)}</span> }.into_any();
    match (row.stage, row.next_deadline) {
        (stage @ Stage::Closed(_), _) => label(recovery_stage_key(stage)),
        (_, Some(deadline)) => running_deadline(local_time, &deadline, row.turn),
        (_, None) => label(turn_key(row.turn)),
    }
}

/// One open deadline with its name.
pub(super) fn running_deadline(local_time: &LocalTime, deadline: &Deadline, turn: Turn) -> AnyView {
    let texts = local_time.texts;
    let name = texts.text(deadline_key(deadline.kind));
    let Some(due) = deadline.due else {
        let key = if turn == Turn::Customer { "recoveries-with-customer" } else { "recoveries-no-deadline" };
        return view! { <span class="clock muted">{texts.text(key)}</span> }.into_any();
    };
    let label =
        texts.text_with("recoveries-due", &[("clock", name.clone().into()), ("at", local_time.date_time(due).into())]);
    let (now, due) = (local_time.now.timestamp_millis(), due.timestamp_millis());
    view! {
        <span class="deadline">
            <ClockIcon />
            <span><Countdown now due label texts=countdown_texts(texts) />" "<small aria-hidden="true">{name}</small></span>
        </span>
    }
    .into_any()
}

/// All deadlines of the current round: the open ones, and how the others were met.
pub(super) fn all_deadlines(local_time: &LocalTime, deadlines: &[Deadline], turn: Turn) -> impl IntoView + use<> {
    let texts = local_time.texts;
    let items = deadlines.iter().map(|deadline| {
        let name = texts.text(deadline_key(deadline.kind));
        let status = match deadline.met_at {
            Some(at) => {
                let key = if deadline.is_late(local_time.now) { "recoveries-met-late" } else { "recoveries-met" };
                texts.text_with(key, &[("at", local_time.date_time(at).into())]).into_any()
            }
            None if turn == Turn::Closed => texts.text("recoveries-not-needed").into_any(),
            None => running_deadline(local_time, deadline, turn),
        };
        view! { <dt>{name}</dt><dd>{status}</dd> }
    });
    view! { <dl class="pairs">{items.collect_view()}</dl> }
}

/// The patterns of a countdown, in this language.
pub(crate) fn countdown_texts(texts: Texts) -> CountdownTexts {
    let with_number = |key: &str, name: &'static str| texts.text_with(key, &[(name, "{}".into())]);
    CountdownTexts {
        left: with_number("recoveries-left", "span"),
        late: with_number("recoveries-late-by", "span"),
        day: texts.text("recoveries-one-day"),
        days: with_number("span-days", "first"),
        hours: with_number("span-hours", "first"),
        minutes: with_number("span-minutes", "first"),
        seconds: with_number("recoveries-seconds", "count"),
        moment: texts.text("span-moment"),
    }
}
