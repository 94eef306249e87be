//! Sites, their places, and the code of each place.

use std::collections::HashMap;

use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use domain::ids::SiteId;
use domain::place::{NameDraft, PlaceDraft, TagCode};
use domain::role::Permission;
use http::StatusCode;
use leptos::prelude::*;
use store::{PlaceRow, SiteRow, TagState};

use crate::addresses;
use crate::doors::AccessRule::{Member, OptionalSessionOrPinSession};
use crate::doors::Doors;
use crate::error::Error;
use crate::flash::Flash;
use crate::form::{ChoiceItem, Field, Select};
use crate::numbered_pages::{NumberedPage, PageQuery};
use crate::page::{FormErrors, redirect};
use crate::request_context::{Form, Path, Query, RequestContext, SignedIn};
use crate::texts::Texts;

pub fn doors(doors: Doors) -> Doors {
    doors
        .get(addresses::PLACES, Member(Permission::ViewInternal), list)
        .post(addresses::PLACES, Member(Permission::ManagePlaces), add_place)
        .get(addresses::SITES, Member(Permission::ViewInternal), list)
        .post(addresses::SITES, Member(Permission::ManageGuarantees), add_site)
        .get(addresses::TAG, OptionalSessionOrPinSession, open_tag)
}

/// Which form was sent, with its values.
enum SubmittedForm {
    Site(NameDraft),
    Place(PlaceDraft),
}

/// The query may preselect the site of the next place.
async fn list(
    signed_in: SignedIn,
    preselected: Result<Query<PlaceDraft>, Error>,
    Query(query): Query<PageQuery>,
) -> Result<Response, Error> {
    let mut page = PlacesPage::load(&signed_in).await?;
    page.list_page = NumberedPage::of(&query, PAGE_SIZE, page.rows.len())?;
    let submitted = SubmittedForm::Place(preselected.map(|Query(draft)| draft).unwrap_or_default());
    let title = signed_in.context.texts.text("places-title");
    Ok(signed_in.page(&title, || places_page(&signed_in, &page, &submitted, &FormErrors::default())))
}

async fn add_site(signed_in: SignedIn, Form(draft): Form<NameDraft>) -> Result<Response, Error> {
    let added = match draft.parse() {
        Ok(name) => signed_in.context.state.store.add_site(signed_in.actor(), &name).await.map_err(Error::from),
        Err(faults) => Err(faults.into()),
    };
    match added {
        Ok(id) => Ok(signed_in.saved(&addresses::places_of(id), Flash::SiteAdded)),
        Err(error) => rerender(&signed_in, error, SubmittedForm::Site(draft)).await,
    }
}

async fn add_place(signed_in: SignedIn, Form(draft): Form<PlaceDraft>) -> Result<Response, Error> {
    match add_place_from(&signed_in, &draft).await {
        Ok(site) => Ok(signed_in.saved(&addresses::places_of(site), Flash::PlaceAdded)),
        Err(error) => rerender(&signed_in, error, SubmittedForm::Place(draft)).await,
    }
}

async fn add_place_from(signed_in: &SignedIn, draft: &PlaceDraft) -> Result<SiteId, Error> {
    let (site, name) = draft.parse()?;
    signed_in.context.state.store.add_place(signed_in.actor(), site, &name).await?;
    Ok(site)
}

/// Opens the tag of a place: the check screen for staff of the business, its public page for everyone else.
async fn open_tag(context: RequestContext, Path(code): Path<String>) -> Result<Response, Error> {
    let code = TagCode::parse(&code).map_err(|_| Error::NotFound)?;
    let store = &context.state.store;
    let mut former_place = None;
    if let Some(user) = &context.user {
        if let Some(place) = store.place_by_code(&user.actor, &code).await? {
            return Ok(redirect(&addresses::check(place.id)));
        }
        former_place = store.place_by_replaced_code(&user.actor, &code).await?;
    }
    match store.tag_state(&code).await?.ok_or(Error::NotFound)? {
        TagState::Hangs { business } => Ok(redirect(&addresses::charter(business))),
        TagState::Replaced => {
            let title = context.texts.text("places-replaced-title");
            Ok((StatusCode::GONE, context.page(&title, || replaced_tag_page(context.texts, former_place.as_ref())))
                .into_response())
        }
    }
}

async fn rerender(signed_in: &SignedIn, error: Error, submitted: SubmittedForm) -> Result<Response, Error> {
    let page = PlacesPage::load(signed_in).await?;
    let title = signed_in.context.texts.text("places-title");
    signed_in.rerender(error, &title, |errors| places_page(signed_in, &page, &submitted, &errors))
}

/// Rows per page: places, and sites without places.
const PAGE_SIZE: usize = 200;

/// What the page of places shows.
struct PlacesPage {
    sites: Vec<SiteRow>,
    places: usize,
    /// One row for each place of a site, or one without a place.
    rows: Vec<(SiteRow, Option<PlaceRow>)>,
    list_page: NumberedPage,
    now: DateTime<Utc>,
}

impl PlacesPage {
    async fn load(signed_in: &SignedIn) -> Result<Self, Error> {
        let store = &signed_in.context.state.store;
        let (sites, places) = (store.sites(signed_in.actor()).await?, store.places(signed_in.actor()).await?);
        let count = places.len();
        let mut at_site: HashMap<SiteId, Vec<PlaceRow>> = HashMap::new();
        for place in places {
            at_site.entry(place.site).or_default().push(place);
        }
        let mut rows = Vec::with_capacity(count);
        for site in &sites {
            match at_site.remove(&site.id) {
                Some(places) => rows.extend(places.into_iter().map(|place| (site.clone(), Some(place)))),
                None => rows.push((site.clone(), None)),
            }
        }
        let list_page = NumberedPage::first_page(PAGE_SIZE, rows.len());
        Ok(Self { sites, places: count, rows, list_page, now: store.now() })
    }
}

fn places_page(
    signed_in: &SignedIn,
    page: &PlacesPage,
    submitted: &SubmittedForm,
    errors: &FormErrors,
) -> impl IntoView + use<> {
    let (texts, may_manage) = (signed_in.context.texts, signed_in.may(Permission::ManagePlaces));
    let sites = &page.sites;
    let counts = [("sites", sites.len().into()), ("places", page.places.into())];
    let lead = match (sites.is_empty(), page.places) {
        (true, _) => "places-lead-none",
        (_, 0) => "places-lead-sites",
        _ => "places-lead",
    };
    let shown = page.rows[page.list_page.range()].chunk_by(|(one, _), (next, _)| one.id == next.id);
    let each = shown.map(|rows| site_card(signed_in, rows, page.now)).collect_view();
    let page_links = page.list_page.links(texts, addresses::PLACES);
    let new = may_manage.then(|| {
        let place = (!sites.is_empty()).then(|| new_place_form(texts, sites, submitted, errors));
        let site = signed_in.may(Permission::ManageGuarantees).then(|| new_site_form(texts, submitted, errors));
        view! { <div class="grid">{place} {site}</div> }
    });
    let class = if may_manage && !sites.is_empty() { "two-columns" } else { "grid" };
    view! {
        <main id="main">
            <div class="grid tight">
                <h1>{texts.text_with("places-headline", &counts)}</h1>
                <p>{texts.text(lead)}</p>
            </div>
            {errors.summary(texts)}
            <div class=class>
                <div class="grid">{each} {page_links}</div>
                {new}
            </div>
        </main>
    }
}

/// A site with those of its places that are on this page.
fn site_card(signed_in: &SignedIn, rows: &[(SiteRow, Option<PlaceRow>)], now: DateTime<Utc>) -> impl IntoView + use<> {
    let texts = signed_in.context.texts;
    let places: Vec<_> = rows.iter().filter_map(|(_, place)| place.as_ref()).collect();
    let none = places.is_empty().then(|| view! { <p class="muted">{texts.text("places-none-here")}</p> });
    let each = places.iter().map(|one| place_row(signed_in, one, now)).collect_view();
    rows.first().map(|(row, _)| {
        view! {
            <section class="card site">
                <div class="row between">
                    <h2>{row.name.clone()}</h2>
                    <a class="link" href=addresses::site(row.id)>{texts.text("sites-more")}</a>
                </div>
                {none}
                <ul class="list">{each}</ul>
            </section>
        }
    })
}

fn place_row(signed_in: &SignedIn, row: &PlaceRow, now: DateTime<Utc>) -> impl IntoView + use<> {
    let texts = signed_in.context.texts;
    let last_check = match row.last_check {
        Some(at) => texts.text_with("places-last-check", &[("ago", texts.ago(now - at).into())]),
        None => texts.text("places-never-checked"),
    };
    let check = signed_in.may(Permission::LogChecks).then(|| {
        let to = addresses::check(row.id);
        let label = texts.text_with("places-check-at", &[("place", row.name.clone().into())]);
        view! { <a class="btn quiet" href=to aria-label=label>{texts.text("places-check")}</a> }
    });
    view! {
        <li class="place-row">
            <span>{row.name.clone()}<small>{last_check}</small></span>
            <span>
                <span class="visually-hidden">{texts.text("places-code")}" "</span>
                <b class="tag">{row.code.clone()}</b>
            </span>
            {check}
        </li>
    }
}

fn new_place_form(
    texts: Texts,
    sites: &[SiteRow],
    submitted: &SubmittedForm,
    errors: &FormErrors,
) -> impl IntoView + use<> {
    let (draft, is_own_form) = match submitted {
        SubmittedForm::Place(draft) => (draft.clone(), true),
        SubmittedForm::Site(_) => (PlaceDraft::default(), false),
    };
    let at = |field: &str| errors.for_field(texts, field).filter(|_| is_own_form);
    // If there is only one site, it is preselected.
    let only = if let [only] = sites { only.id.to_string() } else { String::new() };
    let chosen = if draft.site.is_empty() { only } else { draft.site };
    let nothing = ChoiceItem::new("", texts.text("places-choose-site"));
    let each = sites.iter().map(|site| ChoiceItem::new(site.id.to_string(), site.name.clone()));
    let items: Vec<_> = std::iter::once(nothing).chain(each).collect();
    view! {
        <section class="card grid">
            <h2>{texts.text("places-new")}</h2>
            <form method="post" action=addresses::PLACES>
                <Select name="site" label=texts.text("places-site") items value=chosen fault=at("site") required=true />
                <Field name="name" label=texts.text("places-name") hint=texts.text("places-new-hint") value=draft.name fault=at("name") required=true autocomplete="off" />
                <p><button class="btn quiet">{texts.text("places-add")}</button></p>
            </form>
        </section>
    }
}

fn new_site_form(texts: Texts, submitted: &SubmittedForm, errors: &FormErrors) -> impl IntoView + use<> {
    let (name, fault) = match submitted {
        SubmittedForm::Site(draft) => (draft.name.clone(), errors.for_field(texts, "name")),
        SubmittedForm::Place(_) => (String::new(), None),
    };
    view! {
        <section class="card grid">
            <h2>{texts.text("places-new-site")}</h2>
            <form method="post" action=addresses::SITES>
                <Field name="name" id="site-name" label=texts.text("places-site-name") hint=texts.text("places-new-site-hint") value=name fault required=true autocomplete="off" />
                <p><button class="btn quiet">{texts.text("places-add-site")}</button></p>
            </form>
        </section>
    }
}

/// Tells staff which place the replaced tag belonged to. Everyone else is told only that it is out of use.
fn replaced_tag_page(texts: Texts, former_place: Option<&PlaceRow>) -> impl IntoView + use<> {
    let (lead, next_link) = match former_place {
        Some(place) => {
            let names = [("place", place.name.clone().into()), ("site", place.site_name.clone().into())];
            let today = view! { <p><a class="btn tall" href=addresses::TODAY>{texts.text("today-title")}</a></p> };
            (texts.text_with("places-replaced-lead", &names), Some(today))
        }
        None => (texts.text("places-replaced-customer"), None),
    };
    view! {
        <main id="main" class="slim placard">
            <h1>{texts.text("places-replaced-title")}</h1>
            <p>{lead}</p>
            {next_link}
        </main>
    }
}
