//! Shared phones and tablets: a manager adds one for a site, it is registered through a link, and people use it with
//! their PIN.

mod pin_sign_in;

use axum::extract::State as Shared;
use axum::response::{AppendHeaders, IntoResponse, Response};
use domain::device::{DeviceDraft, DeviceState};
use domain::ids::DeviceId;
use domain::role::Permission;
use domain::text::tidy;
use http::HeaderMap;
use leptos::prelude::*;
use store::{DeviceLink, DeviceRow, Page, SiteRow};

use crate::addresses;
use crate::cookies::MAX_AGE_SECONDS;
use crate::cursor_pages::{CursorQuery, PAGE_SIZE, links};
use crate::doors::AccessRule::{Member, PrivateLink};
use crate::doors::Doors;
use crate::error::Error;
use crate::flash::Flash;
use crate::form::{ChoiceItem, Field, Select};
use crate::local_time::LocalTime;
use crate::lookalikes::LookalikeNames;
use crate::page::{FormErrors, redirect};
use crate::rate_limits::Limit;
use crate::request_context::{ClientOrigin, Form, Path, Query, RequestContext, SignedIn};
use crate::session::set_cookie;
use crate::shown_once::{self, ShownSecret, redirect_to_shown_once};
use crate::state::AppState;
use crate::texts::Texts;

pub fn doors(doors: Doors) -> Doors {
    doors
        .get(addresses::DEVICES, Member(Permission::Invite), list)
        .post(addresses::DEVICES, Member(Permission::Invite), create)
        .get(addresses::DEVICE, Member(Permission::Invite), show)
        .form(addresses::RENEW_DEVICE_LINK, addresses::DEVICE, Member(Permission::Invite), renew_link)
        .form(addresses::REVOKE_DEVICE, addresses::DEVICES, Member(Permission::Invite), revoke)
        .get(addresses::REGISTER_DEVICE, PrivateLink, show_registration)
        .post(addresses::REGISTER_DEVICE, PrivateLink, register)
        .merge(pin_sign_in::doors)
}

async fn list(signed_in: SignedIn, Query(query): Query<CursorQuery>) -> Result<Response, Error> {
    let page = DevicesPage::load(&signed_in, query.parse()?).await?;
    let title = signed_in.context.texts.text("devices-title");
    Ok(signed_in.page(&title, || page.view(&signed_in, &DeviceDraft::default(), &FormErrors::default())))
}

async fn create(signed_in: SignedIn, Form(draft): Form<DeviceDraft>) -> Result<Response, Error> {
    let created = match draft.parse() {
        Ok(device) => signed_in.context.state.store.add_device(signed_in.actor(), &device).await.map_err(Error::from),
        Err(faults) => Err(faults.into()),
    };
    match created {
        Ok(created) => Ok(redirect_to_shown_once(&signed_in, &addresses::device(created.id), &created.token)),
        Err(error) => rerender(&signed_in, error, &draft).await,
    }
}

/// Shows the link while its maker's browser has it, and otherwise offers a new one.
async fn show(
    signed_in: SignedIn,
    Path(id): Path<DeviceId>,
    ShownSecret(token): ShownSecret,
) -> Result<Response, Error> {
    let store = &signed_in.context.state.store;
    let row = store.device(signed_in.actor(), id).await?.ok_or(Error::NotFound)?;
    let token = match token {
        Some(token) => {
            let device_link = store.device_link(&token).await?;
            device_link
                .filter(|device_link| device_link.id == id && device_link.state == DeviceState::Pending)
                .map(|_| token)
        }
        None => None,
    };
    let (texts, title) = (signed_in.context.texts, signed_in.context.texts.text("devices-created"));
    Ok(if let Some(token) = token {
        let link = format!("{}{}", signed_in.context.state.base_url, addresses::register_device(token));
        signed_in.page(&title, || link_page(texts, &row.name, link))
    } else {
        let is_renewable = matches!(row.state, DeviceState::Pending | DeviceState::Expired);
        let renewal = is_renewable.then(|| addresses::renew_device_link(id));
        let headline = texts.text_with("devices-of", &[("name", row.name.into())]);
        let back = (addresses::DEVICES, texts.text("devices-back"));
        signed_in.page(&title, || shown_once::expired_page(texts, headline, renewal, back))
    })
}

async fn renew_link(signed_in: SignedIn, Path(id): Path<DeviceId>) -> Result<Response, Error> {
    match signed_in.context.state.store.renew_device_link(signed_in.actor(), id).await.map_err(Error::from) {
        Ok(Some(created)) => Ok(redirect_to_shown_once(&signed_in, &addresses::device(id), &created.token)),
        Ok(None) => Err(Error::NotFound),
        Err(error) => rerender(&signed_in, error, &DeviceDraft::default()).await,
    }
}

async fn revoke(signed_in: SignedIn, Path(id): Path<DeviceId>) -> Result<Response, Error> {
    match signed_in.context.state.store.revoke_device(signed_in.actor(), id).await.map_err(Error::from) {
        Ok(Some(())) => Ok(signed_in.saved(addresses::DEVICES, Flash::DeviceRemoved)),
        Ok(None) => Err(Error::NotFound),
        Err(error) => rerender(&signed_in, error, &DeviceDraft::default()).await,
    }
}

async fn rerender(signed_in: &SignedIn, error: Error, draft: &DeviceDraft) -> Result<Response, Error> {
    let page = DevicesPage::load(signed_in, None).await?;
    let title = signed_in.context.texts.text("devices-title");
    signed_in.rerender(error, &title, |errors| page.view(signed_in, draft, &errors))
}

async fn show_registration(context: RequestContext, Path(link): Path<String>) -> Result<Response, Error> {
    context.state.allow_from_client(Limit::PrivateLinksByAddress, context.client)?;
    let device_link = context.state.store.device_link(&link).await?.ok_or(Error::NotFound)?;
    let title = context.texts.text("devices-register-title");
    Ok(context.page(&title, || register_page(context.texts, &link, &device_link, &FormErrors::default())))
}

/// Ends any session on the device: a shared device belongs to nobody.
async fn register(
    Shared(state): Shared<AppState>,
    context: RequestContext,
    headers: HeaderMap,
    ClientOrigin(origin): ClientOrigin,
    Path(link): Path<String>,
) -> Result<Response, Error> {
    state.allow_from_client(Limit::PrivateLinksByAddress, context.client)?;
    match state.store.register_device(&link, &origin).await.map_err(Error::from) {
        Ok(Some(token)) => {
            if let Some(session) = state.cookies.session.find(&headers) {
                state.store.end_session(session, &origin).await?;
            }
            let device = set_cookie(&state, &state.cookies.device, &token, MAX_AGE_SECONDS);
            let session = AppendHeaders(set_cookie(&state, &state.cookies.session, "", 0));
            Ok((session, device, redirect(addresses::DEVICE_START)).into_response())
        }
        Ok(None) => Err(Error::NotFound),
        Err(error) => {
            let device_link = state.store.device_link(&link).await?.ok_or(Error::NotFound)?;
            let title = context.texts.text("devices-register-title");
            context.rerender(error, &title, |errors| register_page(context.texts, &link, &device_link, &errors))
        }
    }
}

/// What the page of devices shows.
struct DevicesPage {
    devices: Vec<DeviceRow>,
    /// The cursor to older devices, and whether this page starts with one.
    before: Option<DeviceId>,
    is_later: bool,
    sites: Vec<SiteRow>,
    lookalikes: LookalikeNames,
    local_time: LocalTime,
}

impl DevicesPage {
    async fn load(signed_in: &SignedIn, before: Option<DeviceId>) -> Result<Self, Error> {
        let (store, actor, is_later) = (&signed_in.context.state.store, signed_in.actor(), before.is_some());
        let local_time = LocalTime::of(signed_in.context.texts, &store.business(actor).await?, store.now());
        let Page { rows: devices, next_before: before } = store.devices(actor, before, PAGE_SIZE).await?;
        let open = devices.iter().filter(|row| matches!(row.state, DeviceState::Pending | DeviceState::Registered));
        let lookalikes = LookalikeNames::among(open.map(|row| (row.id.0, row.name.as_str())));
        Ok(Self { devices, before, is_later, sites: store.sites(actor).await?, lookalikes, local_time })
    }

    fn view(&self, signed_in: &SignedIn, draft: &DeviceDraft, errors: &FormErrors) -> impl IntoView + use<> {
        let texts = signed_in.context.texts;
        let in_use = self.devices.iter().filter(|row| row.state == DeviceState::Registered).count();
        // One page cannot say how many there are in all.
        let headline = if self.before.is_some() || self.is_later {
            texts.text("devices-title")
        } else {
            texts.text_with("devices-headline", &[("count", in_use.into())])
        };
        let each = self.devices.iter().map(|row| self.device(texts, row)).collect_view();
        let listed =
            (!self.devices.is_empty()).then(|| view! { <section class="card"><ul class="list">{each}</ul></section> });
        let new = if self.sites.is_empty() {
            view! { <section class="empty"><p>{texts.text("devices-no-site")}</p><p><a class="btn" href=addresses::PLACES>{texts.text("nav-places")}</a></p></section> }
                .into_any()
        } else {
            self.new_device(texts, draft, errors).into_any()
        };
        view! {
            <main id="main">
                <div class="grid tight">
                    <h1>{headline}</h1>
                    <p>{texts.text("devices-lead")}</p>
                </div>
                {errors.summary(texts)}
                <div class="two-columns">{listed} {new}</div>
                {links(texts, addresses::DEVICES, self.before.map(|id| id.to_string()), self.is_later)}
                <p><a class="link" href=addresses::PEOPLE>{texts.text("devices-people")}</a></p>
            </main>
        }
    }

    fn device(&self, texts: Texts, row: &DeviceRow) -> impl IntoView + use<> {
        let until = [("until", self.local_time.date_time(row.link_expires_at).into())];
        let state = match (row.state, row.used_at) {
            (DeviceState::Pending, _) => texts.text_with("devices-link-open", &until),
            (DeviceState::Expired, _) => texts.text("devices-expired"),
            (DeviceState::Revoked, _) => texts.text("devices-revoked"),
            (DeviceState::Registered, None) => texts.text("devices-unused"),
            (DeviceState::Registered, Some(used)) => {
                texts.text_with("devices-used", &[("ago", self.local_time.ago(used).into())])
            }
        };
        let open = matches!(row.state, DeviceState::Pending | DeviceState::Registered);
        let revoke = open.then(|| {
            let (to, label) = (addresses::revoke_device(row.id), texts.text("devices-revoke"));
            let whose = format!("{label}: {}", row.name);
            view! { <form method="post" action=to><button class="link" aria-label=whose>{label}</button></form> }
        });
        view! { <li><span>{row.name.clone()}{self.lookalikes.note(texts, row.id.0)}<small>{row.site_name.clone()}" · "{state}</small></span>{revoke}</li> }
    }

    fn new_device(&self, texts: Texts, draft: &DeviceDraft, errors: &FormErrors) -> impl IntoView + use<> {
        let sites =
            self.sites.iter().map(|site| ChoiceItem::new(site.id.to_string(), site.name.clone())).collect::<Vec<_>>();
        let (DeviceDraft { name, site }, at) = (draft.clone(), |field: &str| errors.for_field(texts, field));
        view! {
            <section class="card grid">
                <h2>{texts.text("devices-new")}</h2>
                <form method="post" action=addresses::DEVICES>
                    <Field name="name" label=texts.text("devices-name") hint=texts.text("devices-name-hint") value=name fault=at("name") required=true max=160 autocomplete="off" />
                    <Select name="site" label=texts.text("devices-site") items=sites value=site fault=at("site") required=true />
                    <p><button class="btn">{texts.text("devices-create")}</button></p>
                </form>
            </section>
        }
    }
}

fn link_page(texts: Texts, name: &str, link: String) -> impl IntoView + use<> {
    view! {
        <main id="main" class="slim">
            <h1>{texts.text_with("devices-created-headline", &[("name", tidy(name).into())])}</h1>
            <p>{texts.text("devices-created-lead")}</p>
            {shown_once::secret_card(texts, link, true)}
            <p><a class="btn" href=addresses::DEVICES>{texts.text("devices-back")}</a></p>
        </main>
    }
}

fn register_page(texts: Texts, link: &str, device_link: &DeviceLink, errors: &FormErrors) -> impl IntoView + use<> {
    let open = device_link.state == DeviceState::Pending;
    let names = [
        ("business", device_link.business_name.clone().into()),
        ("site", device_link.site_name.clone().into()),
        ("name", device_link.name.clone().into()),
    ];
    let form = open.then(|| {
        view! {
            <form method="post" action=addresses::register_device(link)>
                <p class="hint">{texts.text("devices-register-means")}</p>
                <p><button class="btn tall">{texts.text("devices-register")}</button></p>
            </form>
        }
    });
    let lead =
        if open { texts.text_with("devices-register-lead", &names) } else { texts.text("devices-register-invalid") };
    view! {
        <main id="main" class="slim">
            <h1>{texts.text_with("devices-register-headline", &names)}</h1>
            <p>{lead}</p>
            {errors.summary(texts)}
            {form}
        </main>
    }
}
