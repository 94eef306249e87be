//! The charter: everything a business promises in public, on one page.

use std::sync::Arc;

use domain::guarantee::Stage;
use domain::promise_status::StatusCounts;
use leptos::prelude::*;
use store::{Charter, PublicGuarantee};

use super::context::PublicContext;
use super::layout::{PageMeta, document};
use super::{level, method};
use crate::addresses;
use crate::day_chart::Bars;
use crate::state::AppState;

pub fn page(state: &AppState, context: &PublicContext, charter: &Charter) -> String {
    let texts = context.texts;
    let title = texts.text_with("public-charter", &[("name", context.business_name().into())]);
    let mut sentences = sentences(context, &charter.guarantees).into_iter();
    let headline = sentences
        .next()
        .unwrap_or_else(|| texts.text_with("public-no-promise", &[("name", context.business_name().into())]));
    let other_sentences = sentences.collect::<Vec<_>>().join(" ");
    let meta = PageMeta {
        title: title.clone(),
        description: Some(format!("{title}: {headline} {other_sentences}").trim_end().to_owned()),
        path: context.charter_address(),
        business: Some((context.business_name().to_owned(), Some(context.charter_address()))),
        form: None,
    };
    document(state, texts, meta, || {
        view! {
            <main id="main">
                <div class="grid tight">
                    <p class="label">{title}</p>
                    <h1>{headline}</h1>
                    {(!other_sentences.is_empty()).then(|| view! { <p class="muted">{other_sentences}</p> })}
                </div>
                <ul class="charter">
                    {in_force_first(&charter.guarantees).map(|guarantee| item(context, guarantee)).collect_view()}
                </ul>
            </main>
            {method::footer(context, charter.entries)}
        }
    })
}

/// The status of all promises, worst first. The first sentence is the headline.
fn sentences(context: &PublicContext, guarantees: &[Arc<PublicGuarantee>]) -> Vec<String> {
    let counts = StatusCounts::of(guarantees.iter().map(|guarantee| (guarantee.stage, guarantee.status())));
    let counts = [
        ("public-count-below", counts.below),
        ("public-count-holds", counts.holding),
        ("public-count-unchecked", counts.not_checked_lately),
        ("public-count-never-checked", counts.never_checked),
        ("public-count-too-few", counts.too_few),
        ("public-count-suspended", counts.suspended),
        ("public-count-retired", counts.retired),
    ];
    let counts = counts.into_iter().filter(|(_, count)| *count > 0);
    counts.map(|(key, count)| context.texts.text_with(key, &[("count", count.into())])).collect()
}

/// Promises in force, then suspended ones, then retired ones.
fn in_force_first(guarantees: &[Arc<PublicGuarantee>]) -> impl Iterator<Item = &PublicGuarantee> {
    let with_stage = |matches: fn(Stage) -> bool| {
        guarantees.iter().map(Arc::as_ref).filter(move |guarantee| matches(guarantee.stage))
    };
    let in_force = with_stage(|stage| !matches!(stage, Stage::Suspended | Stage::Retired));
    in_force.chain(with_stage(|stage| stage == Stage::Suspended)).chain(with_stage(|stage| stage == Stage::Retired))
}

fn item(context: &PublicContext, guarantee: &PublicGuarantee) -> impl IntoView + use<> {
    let address = addresses::public_guarantee(&context.info.business.slug, &guarantee.slug);
    let (title, promise) = (guarantee.wording.title.to_string(), guarantee.wording.promise.to_string());
    view! {
        <li class="card">
            {level::bottle(context, guarantee)}
            <div class="grid tight">
                <p class="label" lang=context.foreign_language()>{title}</p>
                <h2 lang=context.foreign_language()><a href=address>{promise}</a></h2>
                <p>{level::full_status_sentence(context, guarantee)}</p>
            </div>
            <div class="grid tight">
                {level::level_figure(context, guarantee)}
                <Bars days=level::chart_days(guarantee) label="" />
                <p class="small muted">{level::days_sentence(context, guarantee)}</p>
                <div class="row">{level::last_check_line(context, guarantee)}</div>
            </div>
        </li>
    }
}
