//! The breaks of a guarantee, and what was done about each.

use domain::breaks::FoundBy;
use domain::finding::Reason;
use domain::measure::Share;
use domain::recovery::{Outcome, Stage};
use leptos::prelude::*;
use store::{BreakLine, BreakTotals, GuaranteeDetail, PublicGuarantee};

use super::context::PublicContext;
use super::figure::figure;
use crate::addresses;
use crate::icons::{BrokenIcon, ClockIcon, KeptIcon, MissedIcon, NotApplicableIcon};
use crate::texts::Texts;

pub fn card(context: &PublicContext, guarantee: &PublicGuarantee, detail: &GuaranteeDetail) -> impl IntoView + use<> {
    let texts = context.texts;
    let totals = detail.totals;
    let none_key = match guarantee.last_check {
        Some(_) => "public-no-break",
        None => "public-no-break-unchecked",
    };
    let none = (totals.breaks == 0).then(|| view! { <p>{texts.text(none_key)}</p> });
    let shown = detail.breaks.len();
    let (latest, earlier) = detail.breaks.split_at(shown.min(MAX_LATEST));
    let earlier = (!earlier.is_empty()).then(|| {
        let open = texts.text_with("public-earlier-breaks", &[("count", earlier.len().into())]);
        let articles = break_articles(context, guarantee, earlier);
        view! { <details class="earlier"><summary>{open}</summary>{articles}</details> }
    });
    let more = u64::try_from(shown).is_ok_and(|shown| shown < totals.breaks).then(|| {
        let counts = [("shown", shown.into()), ("all", totals.breaks.into())];
        let record = addresses::record(&context.info.business.slug);
        view! { <p class="small"><a href=record>{texts.text_with("public-more-breaks", &counts)}</a></p> }
    });
    view! {
        <section class="card grid">
            <h2>{texts.text("public-breaks")}</h2>
            {none}
            {(totals.breaks > 0).then(|| summary(texts, &totals))}
            <div>{break_articles(context, guarantee, latest)}</div>
            {earlier}
            {more}
        </section>
    }
}

/// How many breaks are shown without opening the rest.
const MAX_LATEST: usize = 5;

fn break_articles(context: &PublicContext, guarantee: &PublicGuarantee, lines: &[BreakLine]) -> impl IntoView + use<> {
    lines.iter().map(|line| break_article(context, guarantee, line)).collect_view()
}

/// All breaks in figures. "Trust restored" counts only the customers' answers; all other outcomes are listed below.
fn summary(texts: Texts, totals: &BreakTotals) -> impl IntoView + use<> {
    let share_figure = |part: u64, whole: u64, key: &str| {
        let share = Share::new(part, whole)?;
        let counted = texts.text_with("public-of", &[("part", part.into()), ("whole", whole.into())]);
        Some(figure(counted, texts.text_with(key, &[("percent", texts.percent(share.basis_points()).into())])))
    };
    let closed = totals.closed();
    let others = [
        ("public-restored-by-record", totals.restored_by_record),
        ("public-partly", totals.partly),
        ("public-not-restored", totals.not_restored),
        ("public-no-answer", totals.no_answer),
        ("public-still-open", totals.breaks.saturating_sub(closed)),
    ];
    let others = others.map(|(key, count)| {
        view! { <li>{texts.text(key)} " " <b class="num">{texts.number(count)}</b></li> }
    });
    view! {
        <div class="figures">
            {share_figure(totals.found_by_staff, totals.breaks, "public-figure-first")}
            {share_figure(totals.restored, closed, "public-figure-restored")}
            {share_figure(totals.late, totals.breaks, "public-figure-late")}
        </div>
        <ul class="other-outcomes">{others.into_view()}</ul>
    }
}

fn break_article(context: &PublicContext, guarantee: &PublicGuarantee, line: &BreakLine) -> impl IntoView + use<> {
    let texts = context.texts;
    let heading = heading(context, line);
    let late = line.late.then(|| view! { <p class="missed-deadline">{texts.text("public-was-late")}</p> });
    let corrected = line.corrected.then(|| {
        let why = line.correction_why.clone().map(|why| {
            view! { " " {texts.text("public-corrected-why")} " " <span class="user-text" lang=context.foreign_language()>{why}</span> }
        });
        view! { <p class="small">{texts.text("public-was-corrected")}{why}</p> }
    });
    view! {
        <article class="break">
            <div class="row between"><h3>{heading}</h3>{stage_pill(texts, line)}</div>
            <p class="small muted"><span lang=context.foreign_language()>{format!("{}, {}", line.site, line.place)}</span> {facts_line(context, guarantee, line)}</p>
            {late}
            {corrected}
            {what_we_did(context, line)}
        </article>
    }
}

fn heading(context: &PublicContext, line: &BreakLine) -> AnyView {
    let texts = context.texts;
    let heading = match (line.reason, &line.criterion) {
        (Reason::Criterion(_), Some(criterion)) => {
            let criterion = criterion.clone();
            view! { {texts.text("public-broken")} " " <span lang=context.foreign_language()>{criterion}</span> }
                .into_any()
        }
        (Reason::Safety, _) => texts.text("public-broken-safety").into_any(),
        (Reason::Criterion(_) | Reason::Other, _) => texts.text("public-broken-other").into_any(),
    };
    if line.corrected { view! { <s>{heading}</s> }.into_any() } else { heading }
}

/// When it was known, who found it, and how long each step took, in one line.
fn facts_line(context: &PublicContext, guarantee: &PublicGuarantee, line: &BreakLine) -> String {
    let texts = context.texts;
    let after = |key, at: chrono::DateTime<chrono::Utc>| {
        texts.text_with(key, &[("span", texts.duration(at - line.known_at).into())])
    };
    let acknowledged = match line.acknowledged_at {
        Some(at) => after("public-acknowledged", at),
        None => texts.text("public-not-acknowledged"),
    };
    let found = match line.found_by {
        FoundBy::Staff => texts.text("public-found-by-staff"),
        FoundBy::Customer => texts.text("public-found-by-customer"),
    };
    let remedied = line.remedied_at.map(|at| after("public-remedied", at));
    let next =
        line.next_update_by.map(|at| texts.text_with("public-next-update", &[("when", context.date_time(at).into())]));
    let version = (line.version != guarantee.version)
        .then(|| texts.text_with("public-judged-by", &[("version", line.version.into())]));
    let parts = [Some(context.date_time(line.known_at)), Some(found), Some(acknowledged), remedied, next, version];
    parts.into_iter().flatten().fold(String::new(), |line, part| format!("{line} · {part}"))
}

/// What was done so far.
fn what_we_did(context: &PublicContext, line: &BreakLine) -> Option<impl IntoView + use<>> {
    let answers = [
        ("public-did-correction", &line.correction),
        ("public-did-remedy", &line.remedy),
        ("public-did-cause", &line.cause),
        ("public-did-action", &line.corrective_action),
    ];
    let given: Vec<_> = answers.into_iter().filter_map(|(key, text)| Some((key, text.clone()?))).collect();
    let (texts, foreign_language) = (context.texts, context.foreign_language());
    (!given.is_empty()).then(|| {
        let items = given.into_iter().map(|(key, text)| {
            view! { <dt>{texts.text(key)}</dt><dd class="user-text" lang=foreign_language>{text}</dd> }
        });
        view! { <dl class="pairs">{items.collect_view()}</dl> }
    })
}

/// The stage, as an icon and a text.
fn stage_pill(texts: Texts, line: &BreakLine) -> impl IntoView + use<> {
    // The outcome is shown once it is known, although the recovery is closed only after its lesson.
    let stage = match (line.stage, line.trust) {
        (Stage::FollowingUp, Some(outcome)) => Stage::Closed(outcome),
        (stage, _) => stage,
    };
    let (icon, key) = match stage {
        Stage::Opened => (BrokenIcon().into_any(), "public-stage-opened"),
        Stage::Acknowledged => (ClockIcon().into_any(), "public-stage-acknowledged"),
        Stage::Understood => (ClockIcon().into_any(), "public-stage-understood"),
        Stage::Remedied => (ClockIcon().into_any(), "public-stage-remedied"),
        Stage::FollowingUp => (ClockIcon().into_any(), "public-stage-following-up"),
        Stage::Closed(Outcome::Restored) => (KeptIcon().into_any(), "public-outcome-restored"),
        Stage::Closed(Outcome::RestoredByRecord) => (KeptIcon().into_any(), "public-restored-by-record"),
        Stage::Closed(Outcome::Partly) => (NotApplicableIcon().into_any(), "public-partly"),
        Stage::Closed(Outcome::NotRestored) => (BrokenIcon().into_any(), "public-not-restored"),
        Stage::Closed(Outcome::NoAnswer) => (MissedIcon().into_any(), "public-no-answer"),
    };
    view! { <span class="pill">{icon}{texts.text(key)}</span> }
}
