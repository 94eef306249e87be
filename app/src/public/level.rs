//! The level of a promise on its public pages: bottle, number, sentence and days.

use domain::guarantee::Stage;
use domain::measure::{Basis, Level};
use leptos::prelude::*;
use store::PublicGuarantee;

use super::context::PublicContext;
use crate::bottle::{Bottle, BottleSize};
use crate::day_chart::Day;
use crate::icons::{ClockIcon, MissedIcon};
use crate::promise_status;

/// The status, preceded by a sentence that the promise is suspended if it is.
pub fn full_status_sentence(context: &PublicContext, guarantee: &PublicGuarantee) -> String {
    let status = status_sentence(context, guarantee);
    match guarantee.stage {
        Stage::Suspended => format!("{} {status}", context.texts.text("public-suspended")),
        Stage::Draft | Stage::Trial | Stage::Published | Stage::Retired => status,
    }
}

/// The status of the promise.
pub fn status_sentence(context: &PublicContext, guarantee: &PublicGuarantee) -> String {
    promise_status::sentence(context.texts, guarantee.status(), guarantee.wording.mark, |at| context.date(at))
}

pub fn bottle(context: &PublicContext, guarantee: &PublicGuarantee) -> impl IntoView + use<> {
    let (texts, status) = (context.texts, guarantee.status());
    let mark = guarantee.wording.mark.basis_points();
    let mark_arg = ("mark", texts.percent(mark).into());
    let label = match status.level() {
        Some(level) => {
            texts.text_with("public-bottle", &[("level", texts.percent(level.share.basis_points()).into()), mark_arg])
        }
        None => texts.text_with("public-bottle-unknown", &[mark_arg]),
    };
    view! { <Bottle status mark size=BottleSize::Hero label /> }
}

/// The number beside the bottle: which of the two rates it is, and its formula with the counts.
pub fn level_figure(context: &PublicContext, guarantee: &PublicGuarantee) -> impl IntoView + use<> {
    let texts = context.texts;
    let mark = texts.text_with("public-mark", &[("mark", texts.percent(guarantee.wording.mark.basis_points()).into())]);
    let Some(Level { basis, share }) = guarantee.status().level() else {
        return view! { <p class="level"><span>{mark}</span></p> }.into_any();
    };
    let (name_key, formula_key) = match basis {
        Basis::Strict => ("public-strict-30", "public-formula-strict"),
        Basis::Kept => ("public-kept-30", "public-formula-kept"),
    };
    let counts = [("part", share.part().into()), ("whole", share.whole().into())];
    view! {
        <p class="level">
            <b class="num">{texts.percent(share.basis_points())}</b>
            <span>{format!("{} · {mark}", texts.text(name_key))}<small>{texts.text_with(formula_key, &counts)}</small></span>
        </p>
    }
    .into_any()
}

/// When the last check was made.
pub fn last_check_line(context: &PublicContext, guarantee: &PublicGuarantee) -> impl IntoView + use<> {
    match guarantee.last_check {
        Some(at) => {
            let text = context.texts.text_with("public-last-check", &[("when", context.time_ago(at).into())]);
            view! { <p class="pill"><ClockIcon />{text}</p> }.into_any()
        }
        None => view! { <p class="pill"><MissedIcon />{context.texts.text("public-never-checked")}</p> }.into_any(),
    }
}

/// The days for a chart.
pub fn chart_days(guarantee: &PublicGuarantee) -> Vec<Day> {
    guarantee.days.iter().map(Day::of).collect()
}

/// The same days in a sentence.
pub fn days_sentence(context: &PublicContext, guarantee: &PublicGuarantee) -> String {
    let tally = guarantee.tally(guarantee.days.len());
    let counts = [("kept", tally.kept.into()), ("broken", tally.broken.into()), ("missed", tally.missed.into())];
    context.texts.text_with("public-days", &counts)
}
