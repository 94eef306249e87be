//! Where a guarantee is promised: at these places and no others.

use axum::response::Response;
use domain::fault::{Fault, Faults};
use domain::guarantee::Stage;
use domain::ids::{GuaranteeId, PlaceId};
use leptos::prelude::*;
use serde::Deserialize;
use store::{GuaranteeRow, PlaceRow, Store};

use super::{named, one};
use crate::error::Error;
use crate::form::Labels;
use crate::icons::BrokenIcon;
use crate::page::{Trouble, go};
use crate::texts::Texts;
use crate::visit::{Inside, Path, Replacing};

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Chosen {
    places: Vec<String>,
}

pub async fn choose(
    inside: Inside,
    Path(id): Path<String>,
    Replacing { form: chosen, seen }: Replacing<Chosen>,
) -> Result<Response, Error> {
    let id = named(&id)?;
    match promise_at(&inside, &inside.since(&seen), id, &chosen).await {
        Ok(()) => Ok(go(&format!("/guarantees/{id}"))),
        Err(error) => one::again(&inside, id, error, Some((&chosen.places[..], seen))).await,
    }
}

async fn promise_at(inside: &Inside, store: &Store, id: GuaranteeId, chosen: &Chosen) -> Result<(), Error> {
    let places = parse(&chosen.places).map_err(|fault| Faults::one("places", fault))?;
    let done = store.promise_at(inside.actor(), id, &places).await?;
    done.ok_or(Error::NotFound)
}

/// # Errors
/// One of them is no place.
pub fn parse(typed: &[String]) -> Result<Vec<PlaceId>, Fault> {
    typed.iter().map(|id| id.parse().map_err(|_| Fault::NotFound)).collect()
}

/// A guarantee with the places within reach where it is promised.
pub async fn promised_at(inside: &Inside, id: GuaranteeId) -> Result<(GuaranteeRow, Vec<PlaceRow>), Error> {
    let (store, actor) = (&inside.visit.state.store, inside.actor());
    let row = store.guarantee(actor, id).await?.ok_or(Error::NotFound)?;
    let mut places = store.places(actor).await?;
    places.retain(|place| row.places.contains(&place.id));
    Ok((row, places))
}

/// Every place there is, by site, to be ticked.
pub fn picks(texts: Texts, places: &[PlaceRow], chosen: &[String], trouble: &Trouble) -> AnyView {
    let fault = trouble.at(texts, "places");
    if fault.is_some() {
        Labels::note("places", "places", &texts.say("guarantees-places"));
    }
    let wrong = fault.is_some().then_some("true");
    let fault = fault.map(|fault| view! { <p class="fault" id="places-fault"><BrokenIcon />{fault}</p> });
    if places.is_empty() {
        return view! {
            <p id="places">{texts.say("guarantees-places-none")} " " <a href="/places">{texts.say("guarantees-places-add")}</a></p>
            {fault}
        }
        .into_any();
    }
    let mut first = Some("places");
    let sites = places.chunk_by(|one, other| one.site == other.site).map(|site| {
        let name = site.first().map(|place| place.site_name.clone());
        let label = name.clone();
        let each = site.iter().map(|place| {
            let value = place.id.to_string();
            // The first bears the name itself, so that a link to the field lands on it.
            view! {
                <label class="pick">
                    <input type="checkbox" id=first.take() name="places" checked=chosen.contains(&value) value=value />
                    <span>{place.name.clone()}</span>
                </label>
            }
        });
        view! {
            <div class="spots" role="group" aria-label=label>
                <p class="label">{name}</p>
                {each.collect_view()}
            </div>
        }
    });
    view! {
        <fieldset class="field" aria-describedby="places-hint" aria-invalid=wrong>
            <legend>{texts.say("guarantees-places")}</legend>
            <p class="hint" id="places-hint">{texts.say("guarantees-places-hint")}</p>
            <div class="picks promised-sites">{sites.collect_view()}</div>
            {fault}
        </fieldset>
    }
    .into_any()
}

/// Where it is promised, in a few words.
pub fn promised(texts: Texts, row: &GuaranteeRow, places: &[PlaceRow]) -> String {
    const NAMED: usize = 3;
    let here: Vec<_> = places.iter().filter(|place| row.places.contains(&place.id)).collect();
    if here.is_empty() {
        // What is past its draft is promised somewhere: where the reader does not reach.
        let elsewhere = row.stage != Stage::Draft;
        return texts.say(if elsewhere { "guarantees-promised-elsewhere" } else { "guarantees-promised-nowhere" });
    }
    if here.len() <= NAMED {
        let names = here.iter().map(|place| format!("{}, {}", place.site_name, place.name));
        return names.collect::<Vec<_>>().join("; ");
    }
    let sites = here.chunk_by(|one, other| one.site == other.site).count();
    let at = [("places", here.len().into()), ("sites", sites.into())];
    texts.tell("guarantees-promised-at", &at)
}
