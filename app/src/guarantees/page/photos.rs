//! The photo policy of a guarantee, and the example photos of its places.

use std::collections::HashMap;

use axum::response::Response;
use domain::edit_tag::EditTag;
use domain::fault::Fault;
use domain::guarantee::Stage;
use domain::ids::{GuaranteeId, PlaceId};
use domain::photo::PhotoPolicy;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use store::{GuaranteeRow, PhotoRow, PlaceRow, edit_state};

use super::{BackLink, parse_id, place_checkboxes};
use crate::addresses;
use crate::error::Error;
use crate::flash::Flash;
use crate::form::{Choice, ChoiceItem, PictureField};
use crate::names::photos_key;
use crate::page::{FormErrors, Submission};
use crate::photos::{FormWithPicture, ImageLoading, photo_img};
use crate::request_context::{Path, SignedIn, VersionedForm};
use crate::texts::Texts;

/// What the page of photos shows.
struct PhotosPage {
    row: GuaranteeRow,
    places: Vec<PlaceRow>,
    examples: HashMap<PlaceId, PhotoRow>,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PolicySelection {
    photos: String,
}

/// An example photo for a place, or its removal.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct ExampleForm {
    place: String,
    remove: bool,
    revision: String,
}

/// What was wrong, and the place it concerns.
#[derive(Default)]
struct PhotosErrors {
    errors: FormErrors,
    place: Option<PlaceId>,
}

impl PhotosPage {
    async fn load(signed_in: &SignedIn, id: GuaranteeId) -> Result<Self, Error> {
        let (row, places) = place_checkboxes::load_with_places(signed_in, id).await?;
        let examples = signed_in.context.state.store.example_photos(signed_in.actor(), id).await?;
        Ok(Self { row, places, examples })
    }
}

pub async fn show(signed_in: SignedIn, Path(id): Path<String>) -> Result<Response, Error> {
    let page = PhotosPage::load(&signed_in, parse_id(&id)?).await?;
    let title = signed_in.context.texts.text("photos-title");
    let selection = page.row.photos.name().to_owned();
    Ok(signed_in.page(&title, || photos_page(&signed_in, &page, selection, &PhotosErrors::default())))
}

pub async fn set_policy(
    signed_in: SignedIn,
    Path(id): Path<String>,
    VersionedForm { form: selection, revision }: VersionedForm<PolicySelection>,
) -> Result<Response, Error> {
    let id = parse_id(&id)?;
    let result = match PhotoPolicy::parse(&selection.photos) {
        Ok(photos) => {
            signed_in.store_at(&revision).set_photo_policy(signed_in.actor(), id, photos).await.map_err(Error::from)
        }
        Err(fault) => Err(Error::invalid("photos", fault)),
    };
    match result {
        Ok(result) => {
            result.map(|()| signed_in.saved(&addresses::guarantee(id), Flash::PhotoPolicySaved)).ok_or(Error::NotFound)
        }
        Err(error) => rerender(&signed_in, id, error, Some((selection, revision)), None).await,
    }
}

pub async fn set_example(
    signed_in: SignedIn,
    Path(id): Path<String>,
    sent: FormWithPicture<ExampleForm>,
) -> Result<Response, Error> {
    let id = parse_id(&id)?;
    let FormWithPicture { form, picture } = sent;
    let place = form.place.parse().ok();
    let flash = if form.remove { Flash::ExampleRemoved } else { Flash::ExampleSaved };
    let (store, actor) = (signed_in.store_at(&EditTag::parse(&form.revision)), signed_in.actor());
    let result = match (place, picture, form.remove) {
        (None, ..) => Err(Error::invalid("place", Fault::NotFound)),
        (Some(_), None, false) => Err(Error::invalid("photo", Fault::Missing)),
        (Some(place), _, true) => store.set_example_photo(actor, id, place, None).await.map_err(Error::from),
        (Some(place), picture, false) => store.set_example_photo(actor, id, place, picture).await.map_err(Error::from),
    };
    match result {
        Ok(()) => Ok(signed_in.saved(&addresses::guarantee_examples(id), flash)),
        Err(error) => rerender(&signed_in, id, error, None, place).await,
    }
}

async fn rerender(
    signed_in: &SignedIn,
    id: GuaranteeId,
    error: Error,
    selection: Option<(PolicySelection, EditTag)>,
    place: Option<PlaceId>,
) -> Result<Response, Error> {
    let page = PhotosPage::load(signed_in, id).await?;
    let title = signed_in.context.texts.text("photos-title");
    let Some((selection, revision)) = selection else {
        let selection = page.row.photos.name().to_owned();
        return signed_in.rerender(error, &title, |errors| {
            photos_page(signed_in, &page, selection, &PhotosErrors { errors, place })
        });
    };
    let texts = signed_in.context.texts;
    let display_value =
        |_: &str, name: &str| PhotoPolicy::parse(name).ok().map(|photos| texts.text(photos_key(photos)));
    let sent = Submission::new(revision, &selection);
    signed_in.rerender_with_current(error, &title, sent, display_value, |errors| {
        photos_page(signed_in, &page, selection.photos, &PhotosErrors { errors, place })
    })
}

fn photos_page(
    signed_in: &SignedIn,
    page: &PhotosPage,
    selection: String,
    page_errors: &PhotosErrors,
) -> impl IntoView + use<> {
    let (texts, PhotosPage { row, places, .. }) = (signed_in.context.texts, page);
    let items = PhotoPolicy::ALL.map(|photos| {
        ChoiceItem::new(photos.name(), texts.text(photos_key(photos))).hint(texts.text(hint_key(photos)))
    });
    let fault = page_errors.errors.for_field(texts, "photos");
    let examples: Vec<_> = places.iter().map(|place| example_card(texts, page, place, page_errors)).collect();
    let examples = (!examples.is_empty()).then(|| {
        view! {
            <section class="grid" id="examples">
                <h2>{texts.text("photos-examples")}</h2>
                <p>{texts.text("photos-examples-lead")}</p>
                <ul class="examples">{examples}</ul>
            </section>
        }
    });
    view! {
        <main id="main" class="slim">
            <BackLink to=addresses::guarantee(row.id) label=row.wording.title.to_string() />
            <h1>{texts.text("photos-title")}</h1>
            <p>{texts.text("photos-lead")}</p>
            {page_errors.errors.summary(texts)}
            <form method="post" action=addresses::guarantee_photos(row.id)>
                {page_errors.errors.revision_field(&EditTag::of(&edit_state::photos(row)))}
                <Choice name="photos" label=texts.text("photos-with-checks") items=items.to_vec() value=selection fault required=true />
                <p><button class="btn">{texts.text("photos-save")}</button></p>
            </form>
            {examples}
        </main>
    }
}

fn hint_key(photos: PhotoPolicy) -> &'static str {
    match photos {
        PhotoPolicy::Required => "photos-required-hint",
        PhotoPolicy::OnBreak => "photos-on-break-hint",
        PhotoPolicy::Optional => "photos-optional-hint",
        PhotoPolicy::Forbidden => "photos-forbidden-hint",
    }
}

/// One place: its example photo, and the forms that replace and remove it.
fn example_card(
    texts: Texts,
    page: &PhotosPage,
    place: &PlaceRow,
    page_errors: &PhotosErrors,
) -> impl IntoView + use<> {
    let name = format!("{}, {}", place.site_name, place.name);
    let action = addresses::guarantee_example(page.row.id);
    let is_here = page_errors.place == Some(place.id);
    let fault = page_errors.errors.for_field(texts, "photo").filter(|_| is_here);
    // The field with the fault has the name as its id, so that the summary links to it.
    let id = if fault.is_some() { "photo".to_owned() } else { format!("photo-{}", place.id) };
    let example_revision = EditTag::of(&edit_state::example(page.examples.get(&place.id).map(|photo| photo.hash)));
    let picture = page.examples.get(&place.id).map(|photo| {
        let alt = texts.text_with("photos-example-of", &[("place", name.clone().into())]);
        view! {
            <a href=addresses::photo(photo.hash)>{photo_img(*photo, alt, ImageLoading::Lazy)}</a>
            <form method="post" action=action.clone()>
                <input type="hidden" name="place" value=place.id.to_string() />
                <input type="hidden" name="remove" value="true" />
                {FormErrors::default().revision_field(&example_revision)}
                <button class="btn quiet">{texts.text("photos-example-remove")}<span class="visually-hidden">": "{name.clone()}</span></button>
            </form>
        }
    });
    let label = texts.text_with("photos-example-take", &[("place", name.into())]);
    view! {
        <li class="card grid tight">
            {picture}
            <form method="post" action=action enctype="multipart/form-data">
                <input type="hidden" name="place" value=place.id.to_string() />
                {FormErrors::default().revision_field(&example_revision)}
                <PictureField id label hint=texts.text("photos-example-hint") fault required=true />
                <button class="btn quiet">{texts.text("photos-example-save")}</button>
            </form>
        </li>
    }
}

/// A short form of this page for the guarantee's own, with a link.
pub fn section(
    texts: Texts,
    row: &GuaranteeRow,
    examples: &HashMap<PlaceId, PhotoRow>,
    may_edit: bool,
) -> impl IntoView + use<> {
    let change = (may_edit && row.stage != Stage::Retired).then(|| {
        let to = addresses::guarantee_photos(row.id);
        view! { <p><a class="btn quiet" href=to>{texts.text("photos-change")}<span class="visually-hidden">": "{texts.text("photos-part")}</span></a></p> }
    });
    view! {
        <section class="card grid tight">
            <h2>{texts.text("photos-part")}</h2>
            <p>{texts.text("photos-with-checks")}" "<b>{texts.text(photos_key(row.photos))}</b></p>
            <p class="muted">{texts.text_with("photos-examples-count", &[("count", examples.len().into())])}</p>
            {change}
        </section>
    }
}
