//! The page of a guarantee: the problem, the promise, how it is kept, the remedy, and how to claim it.

use domain::guarantee::{Stage, Terms};
use domain::measure::{Basis, Rating, Share};
use domain::promise_status::RATED_DAYS;
use domain::text::Prose;
use leptos::prelude::*;
use store::{Charter, GuaranteeDetail, PublicGuarantee};

use super::context::PublicContext;
use super::figure::figure;
use super::layout::{PageMeta, document};
use super::{breaks, level, method, versions};
use crate::addresses;
use crate::day_chart::{DayChart, DayTable};
use crate::guarantees::page::schedule;
use crate::icons::KeptIcon;
use crate::state::AppState;
use crate::texts::Texts;

pub fn page(
    state: &AppState,
    context: &PublicContext,
    charter: &Charter,
    guarantee: &PublicGuarantee,
    detail: &GuaranteeDetail,
) -> String {
    let wording = &guarantee.wording;
    let meta = PageMeta {
        title: format!("{} · {}", wording.title, context.business_name()),
        description: Some(format!("{} {}", wording.promise, level::full_status_sentence(context, guarantee))),
        path: addresses::public_guarantee(&context.info.business.slug, &guarantee.slug),
        business: Some((context.business_name().to_owned(), Some(context.charter_address()))),
        form: None,
    };
    document(state, context.texts, meta, || {
        view! {
            <main id="main" class="grid loose">
                {hero(context, guarantee)}
                {not_in_force_note(context.texts, guarantee.stage)}
                {measures_card(context, guarantee)}
                <p class="row cta">
                    <a class="btn tall" href="#claim">{context.texts.text("public-to-claim")}</a>
                    <a class="btn quiet tall" href="#method">{context.texts.text("public-to-method")}</a>
                </p>
                {problem(context, guarantee)}
                <div class="two-columns even">
                    {remedy(context, guarantee)}
                    {criteria(context, guarantee, detail)}
                </div>
                {breaks::card(context, guarantee, detail)}
                {versions::card(context, detail)}
                {method::card(context, charter, guarantee, detail)}
            </main>
            {method::footer(context, charter.entries)}
        }
    })
}

fn hero(context: &PublicContext, guarantee: &PublicGuarantee) -> impl IntoView + use<> {
    let label = match guarantee.stage {
        Stage::Suspended => "public-label-suspended",
        Stage::Retired => "public-label-retired",
        Stage::Draft | Stage::Trial | Stage::Published => "public-label",
    };
    let (title, promise) = (guarantee.wording.title.to_string(), guarantee.wording.promise.to_string());
    view! {
        <div class="hero">
            {level::bottle(context, guarantee)}
            <div class="grid tight">
                <p class="label">{context.texts.text(label)} " · " <span lang=context.foreign_language()>{title}</span></p>
                <h1 lang=context.foreign_language()>{promise}</h1>
                {level::level_figure(context, guarantee)}
            </div>
        </div>
    }
}

fn not_in_force_note(texts: Texts, stage: Stage) -> Option<impl IntoView> {
    let key = match stage {
        Stage::Suspended => "public-suspended",
        Stage::Retired => "status-retired",
        Stage::Draft | Stage::Trial | Stage::Published => return None,
    };
    Some(view! { <p class="note warn">{texts.text(key)} " " {texts.text("public-stays-on-view")}</p> })
}

/// The recent days as a sentence, a chart, figures and a table.
fn measures_card(context: &PublicContext, guarantee: &PublicGuarantee) -> impl IntoView + use<> {
    let texts = context.texts;
    let status = level::status_sentence(context, guarantee);
    let (days, days_sentence) = (level::chart_days(guarantee), level::days_sentence(context, guarantee));
    view! {
        <section class="card grid">
            <div class="row between"><h2>{status}</h2>{level::last_check_line(context, guarantee)}</div>
            <DayChart texts days=days.clone() label=days_sentence.clone() />
            {figures_view(texts, guarantee)}
            <div>
                <p class="small muted">{days_sentence.clone()}</p>
                <DayTable texts days caption=days_sentence />
            </div>
        </section>
    }
}

/// The figures of the last 30 days with their formulas and counts. The figure beside the bottle is not repeated.
fn figures_view(texts: Texts, guarantee: &PublicGuarantee) -> impl IntoView + use<> {
    let tally = guarantee.tally(RATED_DAYS);
    let shown_basis = guarantee.status().level().map(|level| level.basis);
    let counted =
        |share: Share, key| texts.text_with(key, &[("part", share.part().into()), ("whole", share.whole().into())]);
    let rated = |share: Share, key| figure(texts.percent(share.basis_points()), counted(share, key));
    let (kept, interval) = match tally.kept_rate() {
        Rating::Unknown => (Some(figure(texts.text("public-unknown"), texts.text("public-figure-unknown"))), None),
        Rating::TooFew(share) => {
            (Some(figure(texts.text("public-too-few"), counted(share, "public-figure-too-few"))), None)
        }
        Rating::Rated { share, interval } => (
            (shown_basis != Some(Basis::Kept)).then(|| rated(share, "public-figure-kept")),
            Some(figure(texts.percent_range(interval.low, interval.high), texts.text("public-figure-interval"))),
        ),
    };
    let coverage = tally.coverage().map(|share| rated(share, "public-figure-coverage"));
    let strict = tally.strict_kept_rate().filter(|_| shown_basis != Some(Basis::Strict));
    let strict = strict.map(|share| rated(share, "public-figure-strict"));
    let unscheduled =
        (tally.due() == 0).then(|| view! { <p class="small muted">{texts.text("public-nothing-due")}</p> });
    view! {
        <h3>{texts.text("public-figures")}</h3>
        <div class="figures">{kept} {interval} {coverage} {strict}</div>
        {unscheduled}
    }
}

fn problem(context: &PublicContext, guarantee: &PublicGuarantee) -> impl IntoView + use<> {
    let (texts, foreign_language) = (context.texts, context.foreign_language());
    let problem = &guarantee.problem;
    let not_for = problem.not_for_whom.as_ref().map(ToString::to_string);
    let not_for =
        not_for.map(|whom| view! { <dt>{texts.text("public-not-for")}</dt><dd lang=foreign_language>{whom}</dd> });
    view! {
        <section class="grid">
            <h2>{texts.text("public-problem")}</h2>
            <blockquote class="user-text" lang=foreign_language>{problem.words.to_string()}</blockquote>
            <dl class="pairs">
                <dt>{texts.text("public-for")}</dt>
                <dd lang=foreign_language>{problem.for_whom.to_string()}</dd>
                {not_for}
            </dl>
        </section>
    }
}

fn remedy(context: &PublicContext, guarantee: &PublicGuarantee) -> impl IntoView + use<> {
    let (texts, foreign_language, wording) = (context.texts, context.foreign_language(), &guarantee.wording);
    let conditions = wording.conditions.as_ref().map(|conditions| {
        view! { <h3>{texts.text("public-conditions")}</h3> {prose(conditions, foreign_language)} }
    });
    view! {
        <section class="card grid">
            <h2>{texts.text("public-remedy")}</h2>
            {prose(&wording.remedy, foreign_language)}
            <h3 id="claim">{texts.text("public-claim")}</h3>
            {prose(&wording.how_to_claim, foreign_language)}
            <h3>{texts.text("public-late-remedy")}</h3>
            <p>{deadlines(texts, wording.terms)}</p>
            {prose(&wording.late_remedy, foreign_language)}
            {conditions}
        </section>
    }
}

fn prose(text: &Prose, lang: Option<&'static str>) -> impl IntoView + use<> {
    view! { <p class="user-text" lang=lang>{text.to_string()}</p> }
}

/// The deadlines of the business, in opening hours. They are never written as days, since an opening day is shorter
/// than a calendar day.
fn deadlines(texts: Texts, terms: Terms) -> String {
    let limits = [("answer", terms.acknowledge_minutes), ("remedy", terms.remedy_minutes)];
    texts.text_with("public-terms", &limits.map(|(name, minutes)| (name, texts.opening_time(minutes).into())))
}

fn criteria(context: &PublicContext, guarantee: &PublicGuarantee, detail: &GuaranteeDetail) -> impl IntoView + use<> {
    let (texts, foreign_language) = (context.texts, context.foreign_language());
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
            <h2>{texts.text("public-criteria")}</h2>
            <ul class="criteria" lang=foreign_language>{lines.collect_view()}</ul>
            {(!detail.places.is_empty()).then(|| view! {
                <h3>{texts.text("public-places")}</h3>
                <ul class="unstyled" lang=foreign_language>{sites.collect_view()}</ul>
            })}
            {schedule_text(texts, detail)}
        </section>
    }
}

/// The schedule. A check that is not made in time is shown as missed.
fn schedule_text(texts: Texts, detail: &GuaranteeDetail) -> Option<impl IntoView + use<>> {
    let items = detail.schedules.iter().map(|(schedule, places)| {
        let description = schedule::describe(texts, schedule);
        let all = places.len() == detail.places.len();
        let counts = [("places", places.len().into()), ("all", detail.places.len().into())];
        let some = (!all).then(|| format!(" ({})", texts.text_with("public-looked-at-some", &counts)));
        view! { <li>{description}{some}</li> }
    });
    (!detail.schedules.is_empty()).then(|| {
        view! {
            <h3>{texts.text("schedules-part")}</h3>
            <ul class="unstyled">{items.collect_view()}</ul>
            <p class="small muted">{texts.text("public-looked-at")}</p>
        }
    })
}
