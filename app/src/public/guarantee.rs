//! One guarantee, complete: the problem, the promise, how it is kept, what happens when it is not, and how to claim it.

use chrono::TimeDelta;
use domain::guarantee::{Stage, Terms};
use domain::measure::{Basis, Rating, Share};
use domain::text::Prose;
use leptos::prelude::*;
use store::{Charter, Detail, PublicGuarantee};

use super::frame::{About, document};
use super::reader::Reader;
use super::standing::{self, RATED_DAYS, Standing};
use super::{breaks, method, versions};
use crate::days::{Days, DaysTable};
use crate::guarantees::page::schedule;
use crate::icons::KeptIcon;
use crate::state::State;
use crate::texts::Texts;

pub fn page(state: &State, reader: &Reader, charter: &Charter, guarantee: &PublicGuarantee, detail: &Detail) -> String {
    let wording = &guarantee.wording;
    let about = About {
        title: format!("{} · {}", wording.title, reader.business()),
        description: Some(format!("{} {}", wording.promise, standing::sentence(reader, guarantee))),
        path: format!("{}/{}", reader.charter(), guarantee.slug),
        business: Some((reader.business().to_owned(), Some(reader.charter()))),
        form: None,
    };
    document(state, reader.texts, about, || {
        view! {
            <main id="main" class="grid loose">
                {hero(reader, guarantee)}
                {not_in_force(reader.texts, guarantee.stage)}
                {measures(reader, guarantee)}
                <p class="row cta">
                    <a class="btn tall" href="#claim">{reader.texts.say("public-to-claim")}</a>
                    <a class="btn quiet tall" href="#method">{reader.texts.say("public-to-method")}</a>
                </p>
                {problem(reader, guarantee)}
                <div class="two even">
                    {remedy(reader, guarantee)}
                    {criteria(reader, guarantee, detail)}
                </div>
                {breaks::card(reader, guarantee, detail)}
                {versions::card(reader, detail)}
                {method::card(reader, charter, guarantee, detail)}
            </main>
            {method::foot(reader, charter.entries)}
        }
    })
}

fn hero(reader: &Reader, guarantee: &PublicGuarantee) -> impl IntoView + use<> {
    let label = match guarantee.stage {
        Stage::Suspended => "public-label-suspended",
        Stage::Retired => "public-label-retired",
        Stage::Draft | Stage::Trial | Stage::Published => "public-label",
    };
    let (title, promise) = (guarantee.wording.title.to_string(), guarantee.wording.promise.to_string());
    view! {
        <div class="hero">
            {standing::bottle(reader, guarantee)}
            <div class="grid tight">
                <p class="label">{reader.texts.say(label)} " · " <span lang=reader.theirs()>{title}</span></p>
                <h1 lang=reader.theirs()>{promise}</h1>
                {standing::reading(reader, guarantee)}
            </div>
        </div>
    }
}

fn not_in_force(texts: Texts, stage: Stage) -> Option<impl IntoView> {
    let said = match stage {
        Stage::Suspended => "public-suspended",
        Stage::Retired => "public-retired",
        Stage::Draft | Stage::Trial | Stage::Published => return None,
    };
    Some(view! { <p class="note warn">{texts.say(said)} " " {texts.say("public-stays-on-view")}</p> })
}

/// What the last days say, as a sentence, as bars, as a table, and in figures.
fn measures(reader: &Reader, guarantee: &PublicGuarantee) -> impl IntoView + use<> {
    let texts = reader.texts;
    let standing = Standing::of(guarantee).sentence(reader, guarantee.wording.mark);
    let (days, sum) = (standing::days(guarantee), standing::sum(reader, guarantee));
    view! {
        <section class="card grid">
            <div class="row between"><h2>{standing}</h2>{standing::last_check(reader, guarantee)}</div>
            <Days texts days=days.clone() label=sum.clone() />
            {figures(texts, guarantee)}
            <div>
                <p class="small soft">{sum.clone()}</p>
                <DaysTable texts days caption=sum />
            </div>
        </section>
    }
}

/// Each figure of the last 30 days with its formula and the counts in it. The one beside the bottle is not said twice.
fn figures(texts: Texts, guarantee: &PublicGuarantee) -> impl IntoView + use<> {
    let tally = guarantee.tally(RATED_DAYS);
    let said = Standing::of(guarantee).level().map(|level| level.basis);
    let counted =
        |share: Share, key| texts.tell(key, &[("part", share.part().into()), ("whole", share.whole().into())]);
    let rated = |share: Share, key| figure(texts.percent(share.basis_points()), counted(share, key));
    let (kept, interval) = match tally.kept_rate() {
        Rating::Unknown => (Some(figure(texts.say("public-unknown"), texts.say("public-figure-unknown"))), None),
        Rating::TooFew(share) => {
            (Some(figure(texts.say("public-too-few"), counted(share, "public-figure-too-few"))), None)
        }
        Rating::Rated { share, interval } => (
            (said != Some(Basis::Kept)).then(|| rated(share, "public-figure-kept")),
            Some(figure(texts.percents(interval.low, interval.high), texts.say("public-figure-interval"))),
        ),
    };
    let coverage = tally.coverage().map(|share| rated(share, "public-figure-coverage"));
    let strict = tally.strict_kept_rate().filter(|_| said != Some(Basis::Strict));
    let strict = strict.map(|share| rated(share, "public-figure-strict"));
    let unscheduled = (tally.due() == 0).then(|| view! { <p class="small soft">{texts.say("public-nothing-due")}</p> });
    view! {
        <h3>{texts.say("public-figures")}</h3>
        <div class="facts">{kept} {interval} {coverage} {strict}</div>
        {unscheduled}
    }
}

/// A number above what it is.
pub fn figure(number: String, words: String) -> impl IntoView + use<> {
    view! { <p><b class="num">{number}</b><span>{words}</span></p> }
}

fn problem(reader: &Reader, guarantee: &PublicGuarantee) -> impl IntoView + use<> {
    let (texts, theirs) = (reader.texts, reader.theirs());
    let problem = &guarantee.problem;
    let not_for = problem.not_for_whom.as_ref().map(ToString::to_string);
    let not_for = not_for.map(|whom| view! { <dt>{texts.say("public-not-for")}</dt><dd lang=theirs>{whom}</dd> });
    view! {
        <section class="grid">
            <h2>{texts.say("public-problem")}</h2>
            <blockquote class="typed" lang=theirs>{problem.words.to_string()}</blockquote>
            <dl class="pairs">
                <dt>{texts.say("public-for")}</dt>
                <dd lang=theirs>{problem.for_whom.to_string()}</dd>
                {not_for}
            </dl>
        </section>
    }
}

fn remedy(reader: &Reader, guarantee: &PublicGuarantee) -> impl IntoView + use<> {
    let (texts, theirs, wording) = (reader.texts, reader.theirs(), &guarantee.wording);
    let conditions = wording.conditions.as_ref().map(|conditions| {
        view! { <h3>{texts.say("public-conditions")}</h3> {prose(conditions, theirs)} }
    });
    view! {
        <section class="card grid">
            <h2>{texts.say("public-remedy")}</h2>
            {prose(&wording.remedy, theirs)}
            <h3 id="claim">{texts.say("public-claim")}</h3>
            {prose(&wording.how_to_claim, theirs)}
            <h3>{texts.say("public-late-remedy")}</h3>
            <p>{deadlines(texts, wording.terms)}</p>
            {prose(&wording.late_remedy, theirs)}
            {conditions}
        </section>
    }
}

fn prose(prose: &Prose, lang: Option<&'static str>) -> impl IntoView + use<> {
    view! { <p class="typed" lang=lang>{prose.to_string()}</p> }
}

/// Our own deadlines, in opening hours: a day of those is no calendar day, so they are counted in hours.
fn deadlines(texts: Texts, terms: Terms) -> String {
    let words = [("answer", terms.acknowledge_minutes), ("remedy", terms.remedy_minutes)];
    texts.tell("public-terms", &words.map(|(name, minutes)| (name, worked(texts, minutes).into())))
}

/// A length of opening time.
pub fn worked(texts: Texts, minutes: u32) -> String {
    let (hours, rest) = (minutes / 60, minutes % 60);
    match (hours, rest) {
        (0, _) => texts.span(TimeDelta::minutes(rest.into())),
        (_, 0) => texts.tell("span-hours", &[("first", hours.into())]),
        _ => texts.tell("span-hours-minutes", &[("first", hours.into()), ("second", rest.into())]),
    }
}

fn criteria(reader: &Reader, guarantee: &PublicGuarantee, detail: &Detail) -> impl IntoView + use<> {
    let (texts, theirs) = (reader.texts, reader.theirs());
    let lines = guarantee.wording.criteria.iter().map(|line| {
        view! { <li><KeptIcon /><span>{line.to_string()}</span></li> }
    });
    let sites = detail.places.chunk_by(|(_, one, _), (_, next, _)| one == next).filter_map(|places| {
        let (_, site, _) = places.first()?;
        let names = places.iter().map(|(_, _, place)| place.as_str()).collect::<Vec<_>>().join(", ");
        Some(view! { <li>{format!("{site}: {names}")}</li> })
    });
    view! {
        <section class="card grid">
            <h2>{texts.say("public-criteria")}</h2>
            <ul class="criteria" lang=theirs>{lines.collect_view()}</ul>
            {(!detail.places.is_empty()).then(|| view! {
                <h3>{texts.say("public-places")}</h3>
                <ul class="plain" lang=theirs>{sites.collect_view()}</ul>
            })}
            {looked_at(texts, detail)}
        </section>
    }
}

/// When somebody must look: what is not looked at in time stands here as missed.
fn looked_at(texts: Texts, detail: &Detail) -> Option<impl IntoView + use<>> {
    let each = detail.schedules.iter().map(|(schedule, places)| {
        let words = schedule::in_words(texts, schedule);
        let all = places.len() == detail.places.len();
        let of = [("places", places.len().into()), ("all", detail.places.len().into())];
        let of = (!all).then(|| format!(" ({})", texts.tell("public-looked-at-some", &of)));
        view! { <li>{words}{of}</li> }
    });
    (!detail.schedules.is_empty()).then(|| {
        view! {
            <h3>{texts.say("schedules-part")}</h3>
            <ul class="plain">{each.collect_view()}</ul>
            <p class="small soft">{texts.say("public-looked-at")}</p>
        }
    })
}
