//! The broken promises of a guarantee, and what was done about each.

use domain::breaks::FoundBy;
use domain::check::Reason;
use domain::measure::Share;
use domain::recovery::{Outcome, Stage};
use leptos::prelude::*;
use store::{BreakLine, BreakTotals, Detail, PublicGuarantee};

use super::guarantee::figure;
use super::reader::Reader;
use crate::icons::{AsideIcon, BrokenIcon, ClockIcon, KeptIcon, MissedIcon};
use crate::texts::Texts;

pub fn card(reader: &Reader, guarantee: &PublicGuarantee, detail: &Detail) -> impl IntoView + use<> {
    let texts = reader.texts;
    let totals = detail.totals;
    let none = match guarantee.last_check {
        Some(_) => "public-no-break",
        None => "public-no-break-unchecked",
    };
    let none = (totals.all == 0).then(|| view! { <p>{texts.say(none)}</p> });
    let shown = detail.breaks.len();
    let (latest, earlier) = detail.breaks.split_at(shown.min(UNFOLDED));
    let earlier = (!earlier.is_empty()).then(|| {
        let open = texts.tell("public-earlier-breaks", &[("count", earlier.len().into())]);
        let entries = entries(reader, guarantee, earlier);
        view! { <details class="earlier"><summary>{open}</summary>{entries}</details> }
    });
    let more = u64::try_from(shown).is_ok_and(|shown| shown < totals.all).then(|| {
        let counts = [("shown", shown.into()), ("all", totals.all.into())];
        let record = format!("{}/record", reader.charter());
        view! { <p class="small"><a href=record>{texts.tell("public-more-breaks", &counts)}</a></p> }
    });
    view! {
        <section class="card grid">
            <h2>{texts.say("public-breaks")}</h2>
            {none}
            {(totals.all > 0).then(|| summary(texts, &totals))}
            <div>{entries(reader, guarantee, latest)}</div>
            {earlier}
            {more}
        </section>
    }
}

/// How many stand in sight at once.
const UNFOLDED: usize = 5;

fn entries(reader: &Reader, guarantee: &PublicGuarantee, lines: &[BreakLine]) -> impl IntoView + use<> {
    lines.iter().map(|line| entry(reader, guarantee, line)).collect_view()
}

/// All of them in figures. Trust restored is the customer's word; every other end stands beside it.
fn summary(texts: Texts, totals: &BreakTotals) -> impl IntoView + use<> {
    let of = |part: u64, whole: u64, key: &str| {
        let share = Share::new(part, whole)?;
        let counted = texts.tell("public-of", &[("part", part.into()), ("whole", whole.into())]);
        Some(figure(counted, texts.tell(key, &[("percent", texts.percent(share.basis_points()).into())])))
    };
    let closed = totals.closed();
    let others = [
        ("public-restored-by-record", totals.restored_by_record),
        ("public-partly", totals.partly),
        ("public-not-restored", totals.not_restored),
        ("public-no-answer", totals.no_answer),
        ("public-still-open", totals.all.saturating_sub(closed)),
    ];
    let others = others.map(|(key, count)| {
        view! { <li>{texts.say(key)} " " <b class="num">{texts.number(count)}</b></li> }
    });
    view! {
        <div class="facts">
            {of(totals.found_by_staff, totals.all, "public-figure-first")}
            {of(totals.restored, closed, "public-figure-restored")}
            {of(totals.late, totals.all, "public-figure-late")}
        </div>
        <ul class="others">{others.into_view()}</ul>
    }
}

fn entry(reader: &Reader, guarantee: &PublicGuarantee, line: &BreakLine) -> impl IntoView + use<> {
    let texts = reader.texts;
    let heading = heading(reader, line);
    let late = line.late.then(|| view! { <p class="lapse">{texts.say("public-was-late")}</p> });
    let corrected = line.corrected.then(|| view! { <p class="small">{texts.say("public-was-corrected")}</p> });
    view! {
        <article class="break">
            <div class="row between"><h3>{heading}</h3>{pill(texts, line.stage)}</div>
            <p class="small soft"><span lang=reader.theirs()>{format!("{}, {}", line.site, line.place)}</span> {facts(reader, guarantee, line)}</p>
            {late}
            {corrected}
            {done(reader, line)}
        </article>
    }
}

fn heading(reader: &Reader, line: &BreakLine) -> AnyView {
    let texts = reader.texts;
    let said = match (line.reason, &line.criterion) {
        (Reason::Criterion(_), Some(criterion)) => {
            let criterion = criterion.clone();
            view! { {texts.say("public-broken")} " " <span lang=reader.theirs()>{criterion}</span> }.into_any()
        }
        (Reason::Safety, _) => texts.say("public-broken-safety").into_any(),
        (Reason::Criterion(_) | Reason::Other, _) => texts.say("public-broken-other").into_any(),
    };
    if line.corrected { view! { <s>{said}</s> }.into_any() } else { said }
}

/// When, found by whom, and how long each answer took, in one line.
fn facts(reader: &Reader, guarantee: &PublicGuarantee, line: &BreakLine) -> String {
    let texts = reader.texts;
    let after =
        |key, at: chrono::DateTime<chrono::Utc>| texts.tell(key, &[("span", texts.span(at - line.known_at).into())]);
    let acknowledged = match line.acknowledged_at {
        Some(at) => after("public-acknowledged", at),
        None => texts.say("public-not-acknowledged"),
    };
    let found = match line.found_by {
        FoundBy::Staff => texts.say("public-found-by-staff"),
        FoundBy::Customer => texts.say("public-found-by-customer"),
    };
    let remedied = line.remedied_at.map(|at| after("public-remedied", at));
    let next = line.next_update_by.map(|at| texts.tell("public-next-update", &[("when", reader.moment(at).into())]));
    let version = (line.version != guarantee.version)
        .then(|| texts.tell("public-judged-by", &[("version", line.version.into())]));
    let said = [Some(reader.moment(line.known_at)), Some(found), Some(acknowledged), remedied, next, version];
    said.into_iter().flatten().fold(String::new(), |line, one| format!("{line} · {one}"))
}

/// What we did about it, as far as it has come.
fn done(reader: &Reader, line: &BreakLine) -> Option<impl IntoView + use<>> {
    let answers = [
        ("public-did-correction", &line.correction),
        ("public-did-remedy", &line.remedy),
        ("public-did-cause", &line.cause),
        ("public-did-action", &line.corrective_action),
    ];
    let given: Vec<_> = answers.into_iter().filter_map(|(key, said)| Some((key, said.clone()?))).collect();
    let (texts, theirs) = (reader.texts, reader.theirs());
    (!given.is_empty()).then(|| {
        let each = given.into_iter().map(|(key, said)| {
            view! { <dt>{texts.say(key)}</dt><dd class="typed" lang=theirs>{said}</dd> }
        });
        view! { <dl class="pairs">{each.collect_view()}</dl> }
    })
}

/// How it stands, by a sign and in words.
fn pill(texts: Texts, stage: Stage) -> impl IntoView + use<> {
    let (sign, key) = match stage {
        Stage::Opened => (BrokenIcon().into_any(), "public-stage-opened"),
        Stage::Acknowledged => (ClockIcon().into_any(), "public-stage-acknowledged"),
        Stage::Understood => (ClockIcon().into_any(), "public-stage-understood"),
        Stage::Remedied => (ClockIcon().into_any(), "public-stage-remedied"),
        Stage::FollowingUp => (ClockIcon().into_any(), "public-stage-following-up"),
        Stage::Closed(Outcome::Restored) => (KeptIcon().into_any(), "public-outcome-restored"),
        Stage::Closed(Outcome::RestoredByRecord) => (KeptIcon().into_any(), "public-restored-by-record"),
        Stage::Closed(Outcome::Partly) => (AsideIcon().into_any(), "public-partly"),
        Stage::Closed(Outcome::NotRestored) => (BrokenIcon().into_any(), "public-not-restored"),
        Stage::Closed(Outcome::NoAnswer) => (MissedIcon().into_any(), "public-no-answer"),
    };
    view! { <span class="pill">{sign}{texts.say(key)}</span> }
}
