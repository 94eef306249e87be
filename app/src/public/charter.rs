//! Everything a business promises in public, on one page.

use domain::guarantee::Stage;
use leptos::prelude::*;
use store::{Charter, PublicGuarantee};

use super::frame::{About, document};
use super::method;
use super::reader::Reader;
use super::standing::{self, Standing};
use crate::days::Bars;
use crate::state::State;

pub fn page(state: &State, reader: &Reader, charter: &Charter) -> String {
    let texts = reader.texts;
    let title = texts.tell("public-charter", &[("name", reader.business().into())]);
    let mut said = sentences(reader, &charter.guarantees).into_iter();
    let headline =
        said.next().unwrap_or_else(|| texts.tell("public-no-promise", &[("name", reader.business().into())]));
    let rest = said.collect::<Vec<_>>().join(" ");
    let about = About {
        title: title.clone(),
        description: Some(format!("{title}: {headline} {rest}").trim_end().to_owned()),
        path: reader.charter(),
        business: Some((reader.business().to_owned(), Some(reader.charter()))),
        form: None,
    };
    document(state, texts, about, || {
        view! {
            <main id="main">
                <div class="grid tight">
                    <p class="label">{title}</p>
                    <h1>{headline}</h1>
                    {(!rest.is_empty()).then(|| view! { <p class="soft">{rest}</p> })}
                </div>
                <ul class="charter">
                    {in_order(&charter.guarantees).map(|guarantee| item(reader, guarantee)).collect_view()}
                </ul>
            </main>
            {method::foot(reader, charter.entries)}
        }
    })
}

/// What is the case, worst first: the first sentence is the headline.
fn sentences(reader: &Reader, guarantees: &[PublicGuarantee]) -> Vec<String> {
    let count = |wanted: &dyn Fn(&PublicGuarantee) -> bool| guarantees.iter().filter(|one| wanted(one)).count();
    let stands =
        |wanted: fn(Standing) -> bool| count(&|one| one.stage == Stage::Published && wanted(Standing::of(one)));
    let counts = [
        ("public-count-below", stands(|standing| matches!(standing, Standing::Below(_) | Standing::NoneMade(_)))),
        ("public-count-holds", stands(|standing| matches!(standing, Standing::Holds(_)))),
        ("public-count-unrated", stands(|standing| standing.level().is_none())),
        ("public-count-suspended", count(&|one| one.stage == Stage::Suspended)),
        ("public-count-retired", count(&|one| one.stage == Stage::Retired)),
    ];
    let said = counts.into_iter().filter(|(_, count)| *count > 0);
    said.map(|(key, count)| reader.texts.tell(key, &[("count", count.into())])).collect()
}

/// What is in force comes first.
fn in_order(guarantees: &[PublicGuarantee]) -> impl Iterator<Item = &PublicGuarantee> {
    let of = |wanted: fn(Stage) -> bool| guarantees.iter().filter(move |one| wanted(one.stage));
    let in_force = of(|stage| !matches!(stage, Stage::Suspended | Stage::Retired));
    in_force.chain(of(|stage| stage == Stage::Suspended)).chain(of(|stage| stage == Stage::Retired))
}

fn item(reader: &Reader, guarantee: &PublicGuarantee) -> impl IntoView + use<> {
    let address = format!("{}/{}", reader.charter(), guarantee.slug);
    let (title, promise) = (guarantee.wording.title.to_string(), guarantee.wording.promise.to_string());
    view! {
        <li class="card">
            {standing::bottle(reader, guarantee)}
            <div class="grid tight">
                <p class="label" lang=reader.theirs()>{title}</p>
                <h2 lang=reader.theirs()><a href=address>{promise}</a></h2>
                <p>{standing::sentence(reader, guarantee)}</p>
            </div>
            <div class="grid tight">
                {standing::reading(reader, guarantee)}
                <Bars days=standing::days(guarantee) label="" />
                <p class="small soft">{standing::sum(reader, guarantee)}</p>
                <div class="row">{standing::last_check(reader, guarantee)}</div>
            </div>
        </li>
    }
}
