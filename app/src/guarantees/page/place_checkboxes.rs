//! The places of a guarantee as checkboxes and in a sentence.

use domain::guarantee::Stage;
use domain::ids::GuaranteeId;
use leptos::prelude::*;
use store::{GuaranteeRow, PlaceRow};

use crate::addresses;
use crate::error::Error;
use crate::icons::BrokenIcon;
use crate::page::FormErrors;
use crate::render::FieldLabels;
use crate::request_context::SignedIn;
use crate::texts::Texts;

/// A guarantee with those of its places that the user may see.
pub async fn load_with_places(signed_in: &SignedIn, id: GuaranteeId) -> Result<(GuaranteeRow, Vec<PlaceRow>), Error> {
    let (store, actor) = (&signed_in.context.state.store, signed_in.actor());
    let row = store.guarantee(actor, id).await?.ok_or(Error::NotFound)?;
    let mut places = store.places(actor).await?;
    places.retain(|place| row.places.contains(&place.id));
    Ok((row, places))
}

/// A checkbox for every place, grouped by site.
pub fn checkboxes(texts: Texts, places: &[PlaceRow], chosen: &[String], errors: &FormErrors) -> AnyView {
    let fault = errors.for_field(texts, "places");
    if fault.is_some() {
        FieldLabels::note("places", "places", &texts.text("guarantees-places"));
    }
    let wrong = fault.is_some().then_some("true");
    let fault = fault.map(|fault| view! { <p class="fault" id="places-fault"><BrokenIcon />{fault}</p> });
    if places.is_empty() {
        return view! {
            <p id="places">{texts.text("guarantees-places-none")} " " <a href=addresses::PLACES>{texts.text("guarantees-places-add")}</a></p>
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
            // The first checkbox has the name as its id, so that links to the field lead to it.
            view! {
                <label class="pick">
                    <input type="checkbox" id=first.take() name="places" checked=chosen.contains(&value) value=value />
                    <span>{place.name.clone()}</span>
                </label>
            }
        });
        view! {
            <div class="place-picks" role="group" aria-label=label>
                <p class="label">{name}</p>
                {each.collect_view()}
            </div>
        }
    });
    view! {
        <fieldset class="field" aria-describedby="places-hint" aria-invalid=wrong>
            <legend>{texts.text("guarantees-places")}</legend>
            <p class="hint" id="places-hint">{texts.text("guarantees-places-hint")}</p>
            <div class="picks promised-sites">{sites.collect_view()}</div>
            {fault}
        </fieldset>
    }
    .into_any()
}

/// A short summary of where it is promised.
pub fn summary(texts: Texts, row: &GuaranteeRow, places: &[PlaceRow]) -> String {
    const MAX_NAMED: usize = 3;
    let visible: Vec<_> = places.iter().filter(|place| row.places.contains(&place.id)).collect();
    if visible.is_empty() {
        // After its draft stage a guarantee always has places. If none is visible, the user's site access does not
        // include them.
        let elsewhere = row.stage != Stage::Draft;
        return texts.text(if elsewhere { "guarantees-promised-elsewhere" } else { "guarantees-promised-nowhere" });
    }
    if visible.len() <= MAX_NAMED {
        let names = visible.iter().map(|place| format!("{}, {}", place.site_name, place.name));
        return names.collect::<Vec<_>>().join("; ");
    }
    let sites = visible.chunk_by(|one, other| one.site == other.site).count();
    let at = [("places", visible.len().into()), ("sites", sites.into())];
    texts.text_with("guarantees-promised-at", &at)
}
