//! Whether a guarantee's checks come with pictures, and what kept looks like at its places.

use std::collections::HashMap;

use axum::response::Response;
use domain::fault::Fault;
use domain::guarantee::Stage;
use domain::ids::{GuaranteeId, PlaceId};
use domain::photo::Photos;
use domain::revision::Revision;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use store::{GuaranteeRow, PhotoRow, PlaceRow, stands};

use super::{Back, named, places};
use crate::error::Error;
use crate::form::{Choice, Item, PictureField};
use crate::page::{Sent, Trouble, go};
use crate::photos::{Loaded, Pictured, address, photos_key, shown};
use crate::texts::Texts;
use crate::visit::{Inside, Path, Replacing};

/// What the page shows.
struct Whole {
    row: GuaranteeRow,
    places: Vec<PlaceRow>,
    examples: HashMap<PlaceId, PhotoRow>,
}

/// Which of the four.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Chosen {
    photos: String,
}

/// Of which place.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Shown {
    place: String,
    remove: bool,
    revision: String,
}

/// What went wrong, and at which place.
#[derive(Default)]
struct Wrong {
    trouble: Trouble,
    at: Option<PlaceId>,
}

impl Whole {
    async fn load(inside: &Inside, id: GuaranteeId) -> Result<Self, Error> {
        let (row, places) = places::promised_at(inside, id).await?;
        let examples = inside.visit.state.store.examples(inside.actor(), id).await?;
        Ok(Self { row, places, examples })
    }
}

pub async fn ask(inside: Inside, Path(id): Path<String>) -> Result<Response, Error> {
    let whole = Whole::load(&inside, named(&id)?).await?;
    let title = inside.visit.texts.say("photos-title");
    let chosen = whole.row.photos.name().to_owned();
    Ok(inside.page(&title, || page(&inside, &whole, chosen, &Wrong::default())))
}

pub async fn choose(
    inside: Inside,
    Path(id): Path<String>,
    Replacing { form: chosen, seen }: Replacing<Chosen>,
) -> Result<Response, Error> {
    let id = named(&id)?;
    let done = match Photos::parse(&chosen.photos) {
        Ok(photos) => inside.since(&seen).choose_photos(inside.actor(), id, photos).await.map_err(Error::from),
        Err(fault) => Err(Error::invalid("photos", fault)),
    };
    match done {
        Ok(done) => done.map(|()| go(&format!("/guarantees/{id}"))).ok_or(Error::NotFound),
        Err(error) => again(&inside, id, error, Some((chosen, seen)), None).await,
    }
}

pub async fn show_example(inside: Inside, Path(id): Path<String>, sent: Pictured<Shown>) -> Result<Response, Error> {
    let id = named(&id)?;
    let Pictured { form, picture } = sent;
    let place = form.place.parse().ok();
    let (store, actor) = (inside.since(&Revision::parse(&form.revision)), inside.actor());
    let done = match (place, picture, form.remove) {
        (None, ..) => Err(Error::invalid("place", Fault::NotFound)),
        (Some(_), None, false) => Err(Error::invalid("photo", Fault::Missing)),
        (Some(place), _, true) => store.show_example(actor, id, place, None).await.map_err(Error::from),
        (Some(place), picture, false) => store.show_example(actor, id, place, picture).await.map_err(Error::from),
    };
    match done {
        Ok(()) => Ok(go(&format!("/guarantees/{id}/photos#examples"))),
        Err(error) => again(&inside, id, error, None, place).await,
    }
}

async fn again(
    inside: &Inside,
    id: GuaranteeId,
    error: Error,
    chosen: Option<(Chosen, Revision)>,
    at: Option<PlaceId>,
) -> Result<Response, Error> {
    let whole = Whole::load(inside, id).await?;
    let title = inside.visit.texts.say("photos-title");
    let Some((chosen, seen)) = chosen else {
        let chosen = whole.row.photos.name().to_owned();
        return inside.again(error, &title, |trouble| page(inside, &whole, chosen, &Wrong { trouble, at }));
    };
    let texts = inside.visit.texts;
    let word = |_: &str, name: &str| Photos::parse(name).ok().map(|photos| texts.say(photos_key(photos)));
    let sent = Sent::new(seen, &chosen);
    inside
        .again_beside(error, &title, sent, word, |trouble| page(inside, &whole, chosen.photos, &Wrong { trouble, at }))
}

fn page(inside: &Inside, whole: &Whole, chosen: String, wrong: &Wrong) -> impl IntoView + use<> {
    let (texts, Whole { row, places, .. }) = (inside.visit.texts, whole);
    let items = Photos::ALL
        .map(|photos| Item::new(photos.name(), texts.say(photos_key(photos))).hint(texts.say(hint_key(photos))));
    let fault = wrong.trouble.at(texts, "photos");
    let examples: Vec<_> = places.iter().map(|place| example(texts, whole, place, wrong)).collect();
    let examples = (!examples.is_empty()).then(|| {
        view! {
            <section class="grid" id="examples">
                <h2>{texts.say("photos-examples")}</h2>
                <p>{texts.say("photos-examples-lead")}</p>
                <ul class="examples">{examples}</ul>
            </section>
        }
    });
    view! {
        <main id="main" class="slim">
            <Back to=format!("/guarantees/{}", row.id) label=row.wording.title.to_string() />
            <h1>{texts.say("photos-title")}</h1>
            <p>{texts.say("photos-lead")}</p>
            {wrong.trouble.summary(texts)}
            <form method="post" action=format!("/guarantees/{}/photos", row.id)>
                {wrong.trouble.revision(&Revision::of(&stands::photos(row)))}
                <Choice name="photos" label=texts.say("photos-with-checks") items=items.to_vec() value=chosen fault required=true />
                <p><button class="btn">{texts.say("photos-save")}</button></p>
            </form>
            {examples}
        </main>
    }
}

fn hint_key(photos: Photos) -> &'static str {
    match photos {
        Photos::Required => "photos-required-hint",
        Photos::OnBreak => "photos-on-break-hint",
        Photos::Optional => "photos-optional-hint",
        Photos::Forbidden => "photos-forbidden-hint",
    }
}

/// One place: how it should look, and the way to show it.
fn example(texts: Texts, whole: &Whole, place: &PlaceRow, wrong: &Wrong) -> impl IntoView + use<> {
    let name = format!("{}, {}", place.site_name, place.name);
    let action = format!("/guarantees/{}/example", whole.row.id);
    let here = wrong.at == Some(place.id);
    let fault = wrong.trouble.at(texts, "photo").filter(|_| here);
    // The first that is wrong bears the name itself, so that the notice above leads to it.
    let id = if fault.is_some() { "photo".to_owned() } else { format!("photo-{}", place.id) };
    let shows = Revision::of(&stands::example(whole.examples.get(&place.id).map(|photo| photo.hash)));
    let picture = whole.examples.get(&place.id).map(|photo| {
        let alt = texts.tell("photos-example-of", &[("place", name.clone().into())]);
        view! {
            <a href=address(photo.hash)>{shown(*photo, alt, Loaded::WhenNear)}</a>
            <form method="post" action=action.clone()>
                <input type="hidden" name="place" value=place.id.to_string() />
                <input type="hidden" name="remove" value="true" />
                {Trouble::default().revision(&shows)}
                <button class="btn quiet">{texts.say("photos-example-remove")}<span class="hide">": "{name.clone()}</span></button>
            </form>
        }
    });
    let label = texts.tell("photos-example-take", &[("place", name.into())]);
    view! {
        <li class="card grid tight">
            {picture}
            <form method="post" action=action enctype="multipart/form-data">
                <input type="hidden" name="place" value=place.id.to_string() />
                {Trouble::default().revision(&shows)}
                <PictureField id label hint=texts.say("photos-example-hint") fault required=true />
                <button class="btn quiet">{texts.say("photos-example-save")}</button>
            </form>
        </li>
    }
}

/// The same in a few words, with the way to change it.
pub fn part(
    texts: Texts,
    row: &GuaranteeRow,
    examples: &HashMap<PlaceId, PhotoRow>,
    defines: bool,
) -> impl IntoView + use<> {
    let choose = (defines && row.stage != Stage::Retired).then(|| {
        let to = format!("/guarantees/{}/photos", row.id);
        view! { <p><a class="btn quiet" href=to>{texts.say("photos-change")}<span class="hide">": "{texts.say("photos-part")}</span></a></p> }
    });
    view! {
        <section class="card grid tight">
            <h2>{texts.say("photos-part")}</h2>
            <p>{texts.say("photos-with-checks")}" "<b>{texts.say(photos_key(row.photos))}</b></p>
            <p class="soft">{texts.tell("photos-examples-count", &[("count", examples.len().into())])}</p>
            {choose}
        </section>
    }
}
