//! One site: the tags of its places, its closures and its time zone.

use axum::response::Response;
use chrono_tz::Tz;
use domain::edit_tag::EditTag;
use domain::ids::{ClosureId, PlaceId, SiteId};
use domain::role::Permission;
use domain::schedule::ClosureDraft;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use store::{BusinessInfo, ClosureRow, PlaceRow, SiteRow, edit_state};

use crate::addresses;
use crate::doors::AccessRule::Member;
use crate::doors::Doors;
use crate::error::Error;
use crate::flash::Flash;
use crate::form::{Area, ChoiceItem, Field, InputKind, Select};
use crate::local_time::LocalTime;
use crate::numbered_pages::{NumberedPage, PageQuery};
use crate::page::{FormErrors, Submission};
use crate::qr;
use crate::request_context::{EmptyForm, Form, Path, Query, SignedIn, VersionedForm};
use crate::texts::Texts;
use domain::text::{Prose, tidy};

pub fn doors(doors: Doors) -> Doors {
    doors
        .get(addresses::SITE, Member(Permission::ViewInternal), show)
        .get(addresses::SITE_TAGS, Member(Permission::ViewInternal), print_tags)
        .form(addresses::SITE_CLOSURES, addresses::SITE, Member(Permission::ManagePlaces), announce_closure)
        .form(addresses::SITE_ZONE, addresses::SITE, Member(Permission::ManageGuarantees), set_zone)
        .form(addresses::END_CLOSURE, addresses::PLACES, Member(Permission::ManagePlaces), end_closure)
        .form(addresses::REPLACE_TAG, addresses::PLACES, Member(Permission::ManagePlaces), replace_tag)
}

#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct ZoneDraft {
    zone: String,
}

/// Which form was sent, with its values.
enum SubmittedForm {
    Nothing,
    Closure(ClosureDraft),
    Zone(ZoneDraft),
}

/// Places on one page of a site, and tags on one page to print.
const PLACES_PER_PAGE: usize = 200;
const TAGS_PER_PAGE: usize = 60;

/// What the page of a site shows.
struct SitePage {
    site: SiteRow,
    places: Vec<PlaceRow>,
    /// The places on this page.
    list_page: NumberedPage,
    closures: Vec<ClosureRow>,
    business: BusinessInfo,
    /// In the site's time zone.
    local_time: LocalTime,
}

impl SitePage {
    async fn load(signed_in: &SignedIn, id: &str) -> Result<Self, Error> {
        let (store, actor) = (&signed_in.context.state.store, signed_in.actor());
        let id: SiteId = id.parse().map_err(|_| Error::NotFound)?;
        let site = store.sites(actor).await?.into_iter().find(|site| site.id == id).ok_or(Error::NotFound)?;
        let mut places = store.places(actor).await?;
        places.retain(|place| place.site == id);
        let list_page = NumberedPage::first_page(PLACES_PER_PAGE, places.len());
        let mut closures = store.closures(actor).await?;
        closures.retain(|closure| closure.site == id);
        let business = store.business(actor).await?;
        let zone = site.zone.as_deref().and_then(|zone| zone.parse::<Tz>().ok()).unwrap_or(business.zone);
        let local_time = LocalTime { texts: signed_in.context.texts, zone, now: store.now() };
        Ok(Self { site, places, list_page, closures, business, local_time })
    }
}

async fn show(signed_in: SignedIn, Path(id): Path<String>, Query(query): Query<PageQuery>) -> Result<Response, Error> {
    let mut page = SitePage::load(&signed_in, &id).await?;
    page.list_page = NumberedPage::of(&query, PLACES_PER_PAGE, page.places.len())?;
    Ok(signed_in
        .page(&page.site.name, || site_page(&signed_in, &page, &SubmittedForm::Nothing, &FormErrors::default())))
}

async fn announce_closure(
    signed_in: SignedIn,
    Path(id): Path<String>,
    Form(draft): Form<ClosureDraft>,
) -> Result<Response, Error> {
    let page = SitePage::load(&signed_in, &id).await?;
    let draft = ClosureDraft { site: id, ..draft };
    let announced = match draft.parse(&page.local_time.zone, page.local_time.now) {
        Ok(announced) => {
            signed_in.context.state.store.announce_closure(signed_in.actor(), &announced).await.map_err(Error::from)
        }
        Err(faults) => Err(faults.into()),
    };
    match announced {
        Ok(_) => Ok(signed_in.saved(&addresses::site(page.site.id), Flash::ClosureAnnounced)),
        Err(error) => {
            let submitted = SubmittedForm::Closure(draft);
            signed_in.rerender(error, &page.site.name, |errors| site_page(&signed_in, &page, &submitted, &errors))
        }
    }
}

async fn set_zone(
    signed_in: SignedIn,
    Path(id): Path<String>,
    VersionedForm { form: draft, revision }: VersionedForm<ZoneDraft>,
) -> Result<Response, Error> {
    let page = SitePage::load(&signed_in, &id).await?;
    let chosen = Some(tidy(&draft.zone)).filter(|zone| !zone.is_empty());
    match signed_in
        .store_at(&revision)
        .set_site_zone(signed_in.actor(), page.site.id, chosen.as_deref())
        .await
        .map_err(Error::from)
    {
        Ok(done) => {
            done.map(|()| signed_in.saved(&addresses::site(page.site.id), Flash::ZoneSaved)).ok_or(Error::NotFound)
        }
        Err(error) => {
            let (page, sent) = (SitePage::load(&signed_in, &id).await?, Submission::new(revision, &draft));
            let (title, submitted) = (page.site.name.clone(), SubmittedForm::Zone(draft));
            signed_in.rerender_with_current(
                error,
                &title,
                sent,
                |_, _| None,
                |errors| site_page(&signed_in, &page, &submitted, &errors),
            )
        }
    }
}

async fn end_closure(signed_in: SignedIn, Path(id): Path<String>) -> Result<Response, Error> {
    let (store, actor) = (&signed_in.context.state.store, signed_in.actor());
    let id: ClosureId = id.parse().map_err(|_| Error::NotFound)?;
    let site = store.site_of_closure(actor, id).await?.ok_or(Error::NotFound)?;
    // Somebody else may have ended it meanwhile, which is what was wanted.
    store.end_closure(actor, id).await?;
    Ok(signed_in.saved(&addresses::site(site), Flash::ClosureEnded))
}

async fn replace_tag(
    signed_in: SignedIn,
    Path(id): Path<String>,
    VersionedForm { form: EmptyForm {}, revision }: VersionedForm<EmptyForm>,
) -> Result<Response, Error> {
    let (store, actor) = (signed_in.store_at(&revision), signed_in.actor());
    let id: PlaceId = id.parse().map_err(|_| Error::NotFound)?;
    let place = store.place(actor, id).await?.ok_or(Error::NotFound)?;
    store.replace_tag(actor, id).await?.ok_or(Error::NotFound)?;
    Ok(signed_in.saved(&addresses::site(place.site), Flash::TagReplaced))
}

/// The tags of a site's places, to print and cut out.
async fn print_tags(
    signed_in: SignedIn,
    Path(id): Path<String>,
    Query(query): Query<PageQuery>,
) -> Result<Response, Error> {
    let page = SitePage::load(&signed_in, &id).await?;
    let list_page = NumberedPage::of(&query, TAGS_PER_PAGE, page.places.len())?;
    let texts = signed_in.context.texts;
    let title = texts.text_with("sites-tags-title", &[("site", page.site.name.clone().into())]);
    let base = &signed_in.context.state.base_url;
    Ok(signed_in.page(&title, || {
        let each = page.places[list_page.range()].iter().map(|place| {
            let qr_code = qr::svg(&format!("{base}{}", addresses::tag(&place.code)));
            view! {
                <li class="tag-card">
                    <p class="label">{signed_in.user.business_name.clone()}</p>
                    <h2>{place.name.clone()}</h2>
                    <div class="qr" inner_html=qr_code></div>
                    <p class="tag">{place.code.clone()}</p>
                    <p class="small">{texts.text("sites-tag-customers")}</p>
                    <p class="small muted">{texts.text("sites-tag-staff")}</p>
                </li>
            }
        });
        view! {
            <main id="main">
                <div class="grid tight screen-only">
                    <p><a class="link" href=addresses::site(page.site.id)>{page.site.name.clone()}</a></p>
                    <h1>{title.clone()}</h1>
                    <p>{texts.text("sites-tags-lead")}</p>
                    {list_page.links(texts, &addresses::site_tags(page.site.id))}
                </div>
                <ul class="tags">{each.collect_view()}</ul>
            </main>
        }
    }))
}

fn site_page(
    signed_in: &SignedIn,
    page: &SitePage,
    submitted: &SubmittedForm,
    errors: &FormErrors,
) -> impl IntoView + use<> {
    let (texts, site) = (signed_in.context.texts, &page.site);
    let may_manage = signed_in.may(Permission::ManagePlaces);
    let each = page.places[page.list_page.range()].iter().map(|row| place_row(texts, row, may_manage)).collect_view();
    let page_links = page.list_page.links(texts, &addresses::site(site.id));
    let print = (!page.places.is_empty()).then(|| {
        let to = addresses::site_tags(site.id);
        view! { <p><a class="btn quiet" href=to>{texts.text("sites-print")}</a></p> }
    });
    let none = page.places.is_empty().then(|| view! { <p class="muted">{texts.text("places-none-here")}</p> });
    let zone = signed_in.may(Permission::ManageGuarantees).then(|| zone_section(page, submitted, errors));
    view! {
        <main id="main">
            <div class="grid tight">
                <p><a class="link" href=addresses::PLACES>{texts.text("places-title")}</a></p>
                <h1>{site.name.clone()}</h1>
            </div>
            {errors.summary(texts)}
            <div class="two-columns">
                <section class="card grid">
                    <h2>{texts.text("sites-tags")}</h2>
                    <p class="muted">{texts.text("sites-tags-why")}</p>
                    {none}
                    <ul class="list">{each}</ul>
                    {page_links}
                    {print}
                </section>
                <div class="grid">
                    {closures_section(page, submitted, errors, may_manage)}
                    {zone}
                </div>
            </div>
        </main>
    }
}

fn place_row(texts: Texts, row: &PlaceRow, may_manage: bool) -> impl IntoView + use<> {
    let replace_tag = may_manage.then(|| {
        let label = texts.text_with("sites-relabel-of", &[("place", row.name.clone().into())]);
        view! {
            <details>
                <summary aria-label=label>{texts.text("sites-relabel")}</summary>
                <form method="post" action=addresses::replace_tag(row.id)>
                    {FormErrors::default().revision_field(&EditTag::of(&edit_state::code(&row.code)))}
                    <p class="small muted">{texts.text("sites-relabel-what")}</p>
                    <button class="btn stop">{texts.text("sites-relabel-do")}</button>
                </form>
            </details>
        }
    });
    view! {
        <li class="place-row">
            <span>{row.name.clone()}</span>
            <span><span class="visually-hidden">{texts.text("places-code")}" "</span><b class="tag">{row.code.clone()}</b></span>
            {replace_tag}
        </li>
    }
}

fn closures_section(
    page: &SitePage,
    submitted: &SubmittedForm,
    errors: &FormErrors,
    may_manage: bool,
) -> impl IntoView + use<> {
    let (texts, site) = (page.local_time.texts, &page.site);
    let none = page.closures.is_empty().then(|| view! { <p class="muted">{texts.text("closures-none")}</p> });
    let each = page.closures.iter().map(|row| {
        let span =
            [("from", page.local_time.date_time(row.from_at).into()), ("until", page.local_time.date_time(row.until_at).into())];
        let what = row.place_name.clone().unwrap_or_else(|| texts.text("closures-whole-site"));
        let end = may_manage.then(|| {
            view! {
                <form method="post" action=addresses::end_closure(row.id)>
                    <button class="btn quiet">{texts.text("closures-end")}</button>
                </form>
            }
        });
        view! {
            <li class="place-row">
                <span>{what}<small>{texts.text_with("closures-of", &span)}</small><small>{row.reason.clone()}</small></span>
                {end}
            </li>
        }
    });
    let each = each.collect_view();
    let announce = may_manage.then(|| {
        let (draft, is_own_form) = match submitted {
            SubmittedForm::Closure(draft) => (draft.clone(), true),
            _ => (ClosureDraft::default(), false),
        };
        let at = |field: &str| errors.for_field(texts, field).filter(|_| is_own_form);
        let whole_site = ChoiceItem::new("", texts.text("closures-whole-site"));
        let places = page.places.iter().map(|place| ChoiceItem::new(place.id.to_string(), place.name.clone()));
        let items: Vec<_> = std::iter::once(whole_site).chain(places).collect();
        let hint = texts.text_with("closures-zone-hint", &[("zone", page.local_time.zone.name().into())]);
        view! {
            <form method="post" action=addresses::site_closures(site.id)>
                <Select name="place" label=texts.text("closures-place") items value=draft.place fault=at("place") />
                <Field name="from" kind=InputKind::DateTime label=texts.text("closures-from") hint=hint.clone() value=draft.from fault=at("from") />
                <Field name="until" kind=InputKind::DateTime label=texts.text("closures-until") hint value=draft.until fault=at("until") required=true />
                <Area name="why" label=texts.text("closures-why") hint=texts.text("closures-why-hint") value=draft.why fault=at("why") required=true max=Prose::MAX />
                <p><button class="btn quiet">{texts.text("closures-announce")}</button></p>
            </form>
        }
    });
    view! {
        <section class="card grid">
            <h2>{texts.text("closures-title")}</h2>
            <p class="muted">{texts.text("closures-lead")}</p>
            {none}
            <ul class="list">{each}</ul>
            {announce}
        </section>
    }
}

fn zone_section(page: &SitePage, submitted: &SubmittedForm, errors: &FormErrors) -> impl IntoView + use<> {
    let texts = page.local_time.texts;
    let (value, is_own_form) = match submitted {
        SubmittedForm::Zone(draft) => (draft.zone.clone(), true),
        _ => (page.site.zone.clone().unwrap_or_default(), false),
    };
    let fault = errors.for_field(texts, "zone").filter(|_| is_own_form);
    let hint = texts.text_with("sites-zone-hint", &[("zone", page.business.zone.name().into())]);
    let now = EditTag::of(&edit_state::zone(page.site.zone.as_deref()));
    let revision = if is_own_form { errors.revision_field(&now) } else { FormErrors::default().revision_field(&now) };
    view! {
        <section class="card grid">
            <form method="post" action=addresses::site_zone(page.site.id)>
                {revision}
                <Field name="zone" label=texts.text("sites-zone") hint value fault max=60 autocomplete="off" />
                <p><button class="btn quiet">{texts.text("sites-zone-save")}</button></p>
            </form>
        </section>
    }
}
