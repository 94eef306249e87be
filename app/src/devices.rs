//! Shared phones and tablets: made by a manager for a site, registered by a link, used by whoever types their PIN.

mod here;

use axum::extract::State as Shared;
use axum::response::{AppendHeaders, IntoResponse, Response};
use domain::actor::Act;
use domain::device::{DeviceDraft, State as Course};
use domain::ids::DeviceId;
use domain::text::tidy;
use http::HeaderMap;
use leptos::prelude::*;
use store::{DeviceInvitation, DeviceRow, Listed, SiteRow};

use crate::alike::Alike;
use crate::checks::when::When;
use crate::cookies::LONGEST;
use crate::doors::Doors;
use crate::doors::Rule::{Holder, Member};
use crate::error::Error;
use crate::form::{Field, Item, Select};
use crate::limits::Bound;
use crate::listed::{MOST, Wanted, links};
use crate::page::{Trouble, go};
use crate::shown_once::{self, Shown, go_and_show};
use crate::sign_in::set;
use crate::state::State;
use crate::texts::Texts;
use crate::visit::{Asking, Form, Inside, Path, Query, Visit};

pub(crate) use here::{HERE, address};

pub fn doors(doors: Doors) -> Doors {
    doors
        .get("/devices", Member(Act::Invite), list)
        .post("/devices", Member(Act::Invite), make)
        .get("/devices/{device}", Member(Act::Invite), show)
        .form("/devices/{device}/link", "/devices/{device}", Member(Act::Invite), renew)
        .form("/devices/{device}/revoke", "/devices", Member(Act::Invite), revoke)
        .get("/register/{link}", Holder, ask)
        .post("/register/{link}", Holder, register)
        .of(here::doors)
}

async fn list(inside: Inside, Query(wanted): Query<Wanted>) -> Result<Response, Error> {
    let page = Page::load(&inside, wanted.parse()?).await?;
    let title = inside.visit.texts.say("devices-title");
    Ok(inside.page(&title, || page.view(&inside, &DeviceDraft::default(), &Trouble::default())))
}

async fn make(inside: Inside, Form(draft): Form<DeviceDraft>) -> Result<Response, Error> {
    let made = match draft.parse() {
        Ok(device) => inside.visit.state.store.add_device(inside.actor(), &device).await.map_err(Error::from),
        Err(faults) => Err(faults.into()),
    };
    match made {
        Ok(made) => Ok(go_and_show(&inside, &own_address(made.id), &made.token)),
        Err(error) => again(&inside, error, &draft).await,
    }
}

/// The link, while the browser of its maker keeps it; then the way to a new one.
async fn show(inside: Inside, Path(id): Path<DeviceId>, Shown(token): Shown) -> Result<Response, Error> {
    let store = &inside.visit.state.store;
    let row = store.device_of(inside.actor(), id).await?.ok_or(Error::NotFound)?;
    let token = match token {
        Some(token) => {
            let behind = store.device_invitation(&token).await?;
            behind.filter(|behind| behind.id == id && behind.state == Course::Awaited).map(|_| token)
        }
        None => None,
    };
    let (texts, title) = (inside.visit.texts, inside.visit.texts.say("devices-made"));
    Ok(if let Some(token) = token {
        let link = format!("{}/register/{token}", inside.visit.state.base_url);
        inside.page(&title, || made_page(texts, &row.name, link))
    } else {
        let renewable = matches!(row.state, Course::Awaited | Course::RunOut);
        let renew = renewable.then(|| format!("{}/link", own_address(id)));
        let headline = texts.tell("devices-of", &[("name", row.name.into())]);
        let back = ("/devices", texts.say("devices-back"));
        inside.page(&title, || shown_once::over(texts, headline, renew, back))
    })
}

async fn renew(inside: Inside, Path(id): Path<DeviceId>) -> Result<Response, Error> {
    match inside.visit.state.store.renew_device(inside.actor(), id).await.map_err(Error::from) {
        Ok(Some(made)) => Ok(go_and_show(&inside, &own_address(id), &made.token)),
        Ok(None) => Err(Error::NotFound),
        Err(error) => again(&inside, error, &DeviceDraft::default()).await,
    }
}

fn own_address(id: DeviceId) -> String {
    format!("/devices/{id}")
}

async fn revoke(inside: Inside, Path(id): Path<DeviceId>) -> Result<Response, Error> {
    match inside.visit.state.store.revoke_device(inside.actor(), id).await.map_err(Error::from) {
        Ok(Some(())) => Ok(go("/devices")),
        Ok(None) => Err(Error::NotFound),
        Err(error) => again(&inside, error, &DeviceDraft::default()).await,
    }
}

async fn again(inside: &Inside, error: Error, draft: &DeviceDraft) -> Result<Response, Error> {
    let page = Page::load(inside, None).await?;
    let title = inside.visit.texts.say("devices-title");
    inside.again(error, &title, |trouble| page.view(inside, draft, &trouble))
}

async fn ask(visit: Visit, Path(link): Path<String>) -> Result<Response, Error> {
    visit.state.allow_from(Bound::Links, visit.client)?;
    let behind = visit.state.store.device_invitation(&link).await?.ok_or(Error::NotFound)?;
    let title = visit.texts.say("devices-register-title");
    Ok(visit.page(&title, || register_page(visit.texts, &link, &behind, &Trouble::default())))
}

/// Whoever was signed in on it is not any more: a shared device is nobody's own.
async fn register(
    Shared(state): Shared<State>,
    visit: Visit,
    headers: HeaderMap,
    Asking(origin): Asking,
    Path(link): Path<String>,
) -> Result<Response, Error> {
    state.allow_from(Bound::Links, visit.client)?;
    match state.store.register_device(&link, &origin).await.map_err(Error::from) {
        Ok(Some(token)) => {
            if let Some(session) = state.cookies.session.find(&headers) {
                state.store.end_session(session, &origin).await?;
            }
            let device = set(&state, &state.cookies.device, &token, LONGEST);
            let session = AppendHeaders(set(&state, &state.cookies.session, "", 0));
            Ok((session, device, go(HERE)).into_response())
        }
        Ok(None) => Err(Error::NotFound),
        Err(error) => {
            let behind = state.store.device_invitation(&link).await?.ok_or(Error::NotFound)?;
            let title = visit.texts.say("devices-register-title");
            visit.again(error, &title, |trouble| register_page(visit.texts, &link, &behind, &trouble))
        }
    }
}

/// The devices there are, and the sites there could be one for.
struct Page {
    devices: Vec<DeviceRow>,
    /// Where older ones begin, and whether these are not the newest.
    before: Option<DeviceId>,
    is_later: bool,
    sites: Vec<SiteRow>,
    alike: Alike,
    when: When,
}

impl Page {
    async fn load(inside: &Inside, before: Option<DeviceId>) -> Result<Self, Error> {
        let (store, actor, is_later) = (&inside.visit.state.store, inside.actor(), before.is_some());
        let when = When::of(inside.visit.texts, &store.home(actor).await?, store.now());
        let Listed { rows: devices, before } = store.devices(actor, before, MOST).await?;
        let open = devices.iter().filter(|row| matches!(row.state, Course::Awaited | Course::Registered));
        let alike = Alike::among(open.map(|row| (row.id.0, row.name.as_str())));
        Ok(Self { devices, before, is_later, sites: store.sites(actor).await?, alike, when })
    }

    fn view(&self, inside: &Inside, draft: &DeviceDraft, trouble: &Trouble) -> impl IntoView + use<> {
        let texts = inside.visit.texts;
        let in_use = self.devices.iter().filter(|row| row.state == Course::Registered).count();
        // Of a part of them nothing is said about all.
        let headline = if self.before.is_some() || self.is_later {
            texts.say("devices-title")
        } else {
            texts.tell("devices-headline", &[("count", in_use.into())])
        };
        let each = self.devices.iter().map(|row| self.device(texts, row)).collect_view();
        let listed =
            (!self.devices.is_empty()).then(|| view! { <section class="card"><ul class="list">{each}</ul></section> });
        let new = if self.sites.is_empty() {
            view! { <section class="empty"><p>{texts.say("devices-no-site")}</p><p><a class="btn" href="/places">{texts.say("nav-places")}</a></p></section> }
                .into_any()
        } else {
            self.new_device(texts, draft, trouble).into_any()
        };
        view! {
            <main id="main">
                <div class="grid tight">
                    <h1>{headline}</h1>
                    <p>{texts.say("devices-lead")}</p>
                </div>
                {trouble.summary(texts)}
                <div class="two">{listed} {new}</div>
                {links(texts, "/devices", self.before.map(|id| id.to_string()), self.is_later)}
                <p><a class="link" href="/people">{texts.say("devices-people")}</a></p>
            </main>
        }
    }

    fn device(&self, texts: Texts, row: &DeviceRow) -> impl IntoView + use<> {
        let until = [("until", self.when.at(row.link_expires_at).into())];
        let state = match (row.state, row.used_at) {
            (Course::Awaited, _) => texts.tell("devices-awaited", &until),
            (Course::RunOut, _) => texts.say("devices-run-out"),
            (Course::Revoked, _) => texts.say("devices-revoked"),
            (Course::Registered, None) => texts.say("devices-unused"),
            (Course::Registered, Some(used)) => texts.tell("devices-used", &[("ago", self.when.ago(used).into())]),
        };
        let open = matches!(row.state, Course::Awaited | Course::Registered);
        let revoke = open.then(|| {
            let (to, label) = (format!("/devices/{}/revoke", row.id), texts.say("devices-revoke"));
            let whose = format!("{label}: {}", row.name);
            view! { <form method="post" action=to><button class="link" aria-label=whose>{label}</button></form> }
        });
        view! { <li><span>{row.name.clone()}{self.alike.note(texts, row.id.0)}<small>{row.site_name.clone()}" · "{state}</small></span>{revoke}</li> }
    }

    fn new_device(&self, texts: Texts, draft: &DeviceDraft, trouble: &Trouble) -> impl IntoView + use<> {
        let sites = self.sites.iter().map(|site| Item::new(site.id.to_string(), site.name.clone())).collect::<Vec<_>>();
        let (DeviceDraft { name, site }, at) = (draft.clone(), |field: &str| trouble.at(texts, field));
        view! {
            <section class="card grid">
                <h2>{texts.say("devices-new")}</h2>
                <form method="post" action="/devices">
                    <Field name="name" label=texts.say("devices-name") hint=texts.say("devices-name-hint") value=name fault=at("name") required=true max=160 autocomplete="off" />
                    <Select name="site" label=texts.say("devices-site") items=sites value=site fault=at("site") required=true />
                    <p><button class="btn">{texts.say("devices-make")}</button></p>
                </form>
            </section>
        }
    }
}

fn made_page(texts: Texts, name: &str, link: String) -> impl IntoView + use<> {
    view! {
        <main id="main" class="slim">
            <h1>{texts.tell("devices-made-headline", &[("name", tidy(name).into())])}</h1>
            <p>{texts.say("devices-made-lead")}</p>
            {shown_once::card(texts, link, true)}
            <p><a class="btn" href="/devices">{texts.say("devices-back")}</a></p>
        </main>
    }
}

fn register_page(texts: Texts, link: &str, behind: &DeviceInvitation, trouble: &Trouble) -> impl IntoView + use<> {
    let open = behind.state == Course::Awaited;
    let says = [
        ("business", behind.business_name.clone().into()),
        ("site", behind.site_name.clone().into()),
        ("name", behind.name.clone().into()),
    ];
    let form = open.then(|| {
        view! {
            <form method="post" action=format!("/register/{link}")>
                <p class="hint">{texts.say("devices-register-means")}</p>
                <p><button class="btn tall">{texts.say("devices-register")}</button></p>
            </form>
        }
    });
    let lead = if open { texts.tell("devices-register-lead", &says) } else { texts.say("devices-register-over") };
    view! {
        <main id="main" class="slim">
            <h1>{texts.tell("devices-register-headline", &says)}</h1>
            <p>{lead}</p>
            {trouble.summary(texts)}
            {form}
        </main>
    }
}
