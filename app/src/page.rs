//! The layout of every page, and how a view becomes a response.

use axum::response::{Html, IntoResponse, Redirect, Response};
use domain::edit_tag::{EditTag, Stale, field_differences};
use domain::fault::{Fault, Faults};
use domain::ids::PersonId;
use domain::role::Permission;
use http::StatusCode;
use http::header::RETRY_AFTER;
use leptos::prelude::*;
use serde::Serialize;
use serde_json::Value;

use crate::addresses;
use crate::bottle::Logo;
use crate::error::{Conflict, Error};
use crate::flash::{self, Flash};
use crate::form::ErrorSummary;
use crate::outbox::pending_checks;
use crate::render::render;
use crate::request_context::{RequestContext, SignedIn};
use crate::return_to::{self, local_or_start};
use crate::state::AssetNames;
use crate::texts::Texts;
use domain::actor::Principal;
use domain::business::Language;

mod conflicts;
mod outbox;

pub use conflicts::conflict_text;

use outbox::{outbox, session_over_notice};

/// Marks a 403 for someone who is no longer a member of any business. Checks they logged may still be pending on
/// their phone.
#[derive(Clone, Copy, Debug)]
pub struct NoBusiness(pub PersonId);

/// What was wrong with a form, shown above it and beside its fields.
#[derive(Default)]
pub struct FormErrors {
    faults: Faults,
    conflict: Option<Conflict>,
    /// The number of seconds until a retry is allowed.
    retry_after: Option<u64>,
    /// The revision that the form was based on, if that is still current.
    base_revision: Option<EditTag>,
    /// The current values of fields that somebody else has changed meanwhile.
    current_values: Vec<(String, String)>,
}

/// What a form that replaces something has sent: the revision it was based on, and its values.
pub struct Submission {
    base_revision: EditTag,
    typed: Value,
}

/// Adds a `Retry-After` header.
pub fn with_retry_after(seconds: Option<u64>, mut response: Response) -> Response {
    if let Some(seconds) = seconds {
        response.headers_mut().insert(RETRY_AFTER, seconds.into());
    }
    response
}

/// A redirect (303), as after an accepted form.
pub fn redirect(to: &str) -> Response {
    Redirect::to(to).into_response()
}

impl SignedIn {
    /// A page with the navigation of the signed-in user's role.
    pub fn page<V: IntoView>(&self, title: &str, main: impl FnOnce() -> V) -> Response {
        let page = Html(self.document(title, main)).into_response();
        match self.context.flash {
            Some(_) => flash::end(&self.context.state, &self.context.path, page),
            None => page,
        }
    }

    /// A redirect (303) to a page that says what was saved.
    pub fn saved(&self, to: &str, flash: Flash) -> Response {
        flash::announce(&self.context.state, to, flash, redirect(to))
    }

    /// The same page with its errors, after a form was not accepted. Errors that a form cannot show are returned.
    pub fn rerender<V: IntoView>(
        &self,
        error: impl Into<Error>,
        title: &str,
        main: impl FnOnce(FormErrors) -> V,
    ) -> Result<Response, Error> {
        let (status, errors) = FormErrors::from_error(error.into())?;
        Ok(with_retry_after(errors.retry_after, (status, Html(self.document(title, || main(errors)))).into_response()))
    }

    /// The same page after a form that replaces something was not accepted. If somebody else has changed it
    /// meanwhile, the current values are shown beside those that were typed. `display_value` turns a value into its display
    /// text, if that differs.
    pub fn rerender_with_current<V: IntoView>(
        &self,
        error: impl Into<Error>,
        title: &str,
        submission: Submission,
        display_value: impl Fn(&str, &str) -> Option<String>,
        main: impl FnOnce(FormErrors) -> V,
    ) -> Result<Response, Error> {
        let error = error.into();
        let current = match &error {
            Error::Conflict(Conflict::Stale(Stale(current))) => Some(field_differences(&submission.typed, current)),
            _ => None,
        };
        self.rerender(error, title, |errors| {
            main(match current {
                Some(current) => FormErrors { current_values: display_values(current, display_value), ..errors },
                None => FormErrors { base_revision: Some(submission.base_revision), ..errors },
            })
        })
    }

    fn document<V: IntoView>(&self, title: &str, main: impl FnOnce() -> V) -> String {
        let title = format!("{title} · {}", self.user.business_name);
        document(&self.context, &title, || {
            // Also for people who may no longer log checks: earlier ones may be pending or refused.
            view! { <SignedInHeader signed_in=self /> {session_over_notice(self)} {outbox(self.context.texts, self.actor_key(), None)} {self.context.flash.map(|flash| flash.view(self.context.texts))} {main()} {pending_checks::pending_checks_script(&self.context)} }
        })
    }
}

impl RequestContext {
    /// A page for anyone.
    pub fn page<V: IntoView>(&self, title: &str, main: impl FnOnce() -> V) -> Response {
        Html(document(self, title, || view! { <PublicHeader /> {main()} })).into_response()
    }

    /// The same page with its errors, after a form was not accepted. Errors that a form cannot show are returned.
    pub fn rerender<V: IntoView>(
        &self,
        error: impl Into<Error>,
        title: &str,
        main: impl FnOnce(FormErrors) -> V,
    ) -> Result<Response, Error> {
        let (status, errors) = FormErrors::from_error(error.into())?;
        Ok(with_retry_after(errors.retry_after, (status, self.page(title, || main(errors))).into_response()))
    }
}

impl FormErrors {
    /// # Errors
    /// The error is not one that a form can show.
    fn from_error(error: Error) -> Result<(StatusCode, Self), Error> {
        let status = error.status();
        match error {
            Error::Invalid(faults) => Ok((status, Self { faults, ..Self::default() })),
            Error::Conflict(conflict) => Ok((status, Self { conflict: Some(conflict), ..Self::default() })),
            Error::RateLimited { seconds } => Ok((status, Self { retry_after: Some(seconds), ..Self::default() })),
            other => Err(other),
        }
    }

    /// What is wrong with this field, or its current value if that has changed.
    pub fn for_field(&self, texts: Texts, field: &str) -> Option<String> {
        let current = || {
            self.current_values
                .iter()
                .find(|(name, _)| name == field)
                .map(|(_, current)| current_value_text(texts, current))
        };
        self.faults.of_field(field).map(|fault| texts.fault(fault)).or_else(current)
    }

    /// The revision the form is based on, as a hidden field. When the form comes back it keeps its first revision,
    /// until its author has been told of a change.
    pub fn revision_field(&self, now: &EditTag) -> impl IntoView + use<> {
        let revision = self.base_revision.as_ref().unwrap_or(now).to_string();
        view! { <input type="hidden" name="revision" value=revision /> }
    }

    /// Whether the field has exactly this fault.
    pub fn has(&self, field: &str, fault: Fault) -> bool {
        self.faults.of_field(field) == Some(fault)
    }

    /// The errors above the form.
    pub fn summary(&self, texts: Texts) -> Option<impl IntoView + use<>> {
        let count = self.faults.all().len();
        let each = self.faults.all().iter().map(|one| (one.field.to_owned(), texts.fault(one.fault)));
        let conflicts = self.conflict.iter().map(|conflict| (String::new(), conflict_text(texts, conflict)));
        let wait = self
            .retry_after
            .map(|seconds| (String::new(), texts.text_with("form-wait", &[("seconds", seconds.into())])));
        let current =
            self.current_values.iter().map(|(field, current)| (field.clone(), current_value_text(texts, current)));
        let faults: Vec<_> = each.chain(conflicts).chain(current).chain(wait).collect();
        let title = match (count, self.retry_after) {
            (_, Some(_)) => texts.text("form-too-many"),
            _ if matches!(self.conflict, Some(Conflict::Stale(_))) => texts.text("form-stale"),
            (0, None) => texts.text("form-refused"),
            _ => texts.text_with("form-rejected", &[("count", count.into())]),
        };
        (!faults.is_empty()).then(|| view! { <ErrorSummary title faults /> })
    }

    /// Only the rate limit, for forms that say everything else beside their fields.
    pub fn rate_limit_summary(&self, texts: Texts) -> Option<impl IntoView + use<>> {
        self.retry_after.and_then(|_| self.summary(texts))
    }
}

impl Submission {
    pub fn new(base_revision: EditTag, typed: &impl Serialize) -> Self {
        Self { base_revision, typed: serde_json::to_value(typed).unwrap_or_default() }
    }
}

fn display_values(
    current: Vec<(String, Vec<String>)>,
    display_value: impl Fn(&str, &str) -> Option<String>,
) -> Vec<(String, String)> {
    let shown = |(field, values): (String, Vec<String>)| {
        let texts = values.into_iter().map(|value| display_value(&field, &value).unwrap_or(value));
        let texts = texts.collect::<Vec<_>>().join(", ");
        (field, texts)
    };
    current.into_iter().map(shown).collect()
}

fn current_value_text(texts: Texts, current: &str) -> String {
    if current.is_empty() {
        return texts.text("form-current-value-empty");
    }
    texts.text_with("form-current-value", &[("stands", current.to_owned().into())])
}

/// The page for an error.
pub fn error_page(context: &RequestContext, error: &Error, no_business: Option<NoBusiness>) -> String {
    let texts = context.texts;
    let [title, happened, kept, next] = match error {
        Error::Invalid(_) | Error::Conflict(_) => {
            ["conflict-title", "conflict-happened", "conflict-kept", "conflict-next"]
        }
        Error::NotFound => ["not-found-title", "not-found-happened", "not-found-kept", "not-found-next"],
        Error::Gone => ["gone-title", "gone-happened", "gone-kept", "gone-next"],
        Error::Forbidden if no_business.is_some() => {
            ["no-business-title", "no-business-happened", "no-business-kept", "no-business-next"]
        }
        Error::Forbidden => ["forbidden-title", "forbidden-happened", "forbidden-kept", "forbidden-next"],
        Error::Unauthenticated => ["signed-out-title", "signed-out-happened", "signed-out-kept", "signed-out-next"],
        Error::RateLimited { .. } => ["too-many-title", "too-many-happened", "too-many-kept", "too-many-next"],
        Error::Unavailable => ["unavailable-title", "unavailable-happened", "unavailable-kept", "unavailable-next"],
        Error::Internal => ["internal-title", "internal-happened", "internal-kept", "internal-next"],
    }
    .map(|key| texts.text_with(key, &[("seconds", error.retry_after().unwrap_or_default().into())]));
    let conflict = match error {
        Error::Conflict(conflict) => Some(conflict_text(texts, conflict)),
        _ => None,
    };
    let (to, label) = match error {
        Error::Unauthenticated => (return_to::sign_in(&context.path), texts.text("sign-in-submit")),
        _ => (addresses::START.to_owned(), texts.text("action-start")),
    };
    document(context, &title.clone(), || {
        view! {
            <PublicHeader />
            {no_business.map(|NoBusiness(person)| outbox(texts, store::actor_key(Principal::Person(person)), Some("outbox-not-a-member")))}
            <main id="main" class="slim">
                <h1>{title}</h1>
                <p>{conflict.unwrap_or(happened)}</p>
                <p>{kept}</p>
                <p>{next}</p>
                <p><a class="btn" href=to>{label}</a></p>
            </main>
        }
    })
}

/// A complete HTML document, with the language menu in its footer.
pub fn document<V: IntoView>(context: &RequestContext, title: &str, body: impl FnOnce() -> V) -> String {
    let (texts, assets) = (context.texts, context.state.assets);
    let has_own_session = context.user.as_ref().is_some_and(|user| user.actor.device.is_none());
    // In a PIN session, how many milliseconds are left of it.
    let pin_session = context.user.as_ref().filter(|user| user.actor.device.is_some());
    let milliseconds_left =
        pin_session.map(|user| (user.ends_at - context.state.store.now()).num_milliseconds().max(0));
    let pin_session = pin_session.map(|user| user.session.to_string());
    let html = render(|| {
        let account_links = has_own_session.then(|| {
            view! {
                <span class="row">
                    <a class="link" href=addresses::ACCOUNT>{texts.text("nav-account")}</a>
                    <a class="link" href=addresses::BUSINESSES>{texts.text("nav-businesses")}</a>
                </span>
            }
        });
        view! {
            <html lang=texts.lang().code() data-turn=pin_session data-left=milliseconds_left>
                <Head title=title.to_owned() assets preload_nonce=has_own_session.then(|| context.nonce.clone()) />
                <body>
                    <a class="skip" href="#main">{texts.text("skip-to-content")}</a>
                    <div class="wrap">
                        {body()}
                        <footer class="row between screen-only"><Languages texts path=context.path.clone() form=None />{account_links}</footer>
                    </div>
                    <IslandsScript assets nonce=context.nonce.clone() />
                    {draft_script(context)}
                </body>
            </html>
        }
    });
    format!("<!doctype html>{html}")
}

#[component]
fn Head(
    title: String,
    assets: AssetNames,
    /// The nonce, if the page has islands: their code is then fetched and compiled while the page is still being
    /// parsed. This comes before the style sheet, which scripts wait for.
    preload_nonce: Option<String>,
) -> impl IntoView {
    let preload = preload_nonce.filter(|_| !assets.wasm.is_empty()).map(|nonce| {
        let AssetNames { js, wasm, .. } = assets;
        let code = format!(
            "window.preloaded=[import(\"{js}\"),WebAssembly.compileStreaming(fetch(\"{wasm}\"))];preloaded.forEach(part=>part.catch(()=>{{}}))"
        );
        view! { <script nonce=nonce>{code}</script> }
    });
    view! {
        <head>
            <meta charset="utf-8" />
            <meta name="viewport" content="width=device-width,initial-scale=1" />
            {preload}
            <title>{title}</title>
            <link rel="icon" type="image/svg+xml" href=assets.icon />
            <link rel="stylesheet" href=assets.style />
            <link rel="apple-touch-icon" href=assets.home_icon />
            <link rel="manifest" href=addresses::MANIFEST />
        </head>
    }
}

/// The script that starts the islands, if there is a browser build.
#[component]
fn IslandsScript(assets: AssetNames, nonce: String) -> impl IntoView {
    (!assets.wasm.is_empty())
        .then(|| view! { <script type="module" nonce=nonce src=assets.islands data-js=assets.js data-wasm=assets.wasm></script> })
}

/// The script that stores drafts, by person. At a shared device it stores nothing, because somebody else comes next.
fn draft_script(context: &RequestContext) -> Option<impl IntoView + use<>> {
    let person = match &context.user {
        Some(user) if user.actor.device.is_some() => return None,
        Some(user) => format!("{}@{}", store::actor_key(user.actor.principal), user.actor.business),
        None => String::new(),
    };
    let (texts, source, nonce) = (context.texts, context.state.assets.drafts, context.nonce.clone());
    let cookie = context.state.cookies.draft.name().to_owned();
    let (restored, discard) = (texts.text("forms-restored"), texts.text("forms-discard"));
    Some(view! {
        <script type="module" nonce=nonce src=source data-person=person data-cookie=cookie data-restored=restored data-discard=discard></script>
    })
}

#[component]
fn PublicHeader() -> impl IntoView {
    view! {
        <header class="top">
            <a class="brand" href=addresses::START><Logo />"Trialmark"</a>
        </header>
    }
}

#[component]
fn SignedInHeader<'i>(signed_in: &'i SignedIn) -> impl IntoView {
    let (texts, user) = (signed_in.context.texts, &signed_in.user);
    let public = addresses::charter(&user.business_slug);
    let pages = [
        (addresses::TODAY, "nav-today", Permission::ViewToday),
        (addresses::RECOVERIES, "nav-recoveries", Permission::ViewInternal),
        (addresses::OBSTACLES, "nav-obstacles", Permission::ViewInternal),
        (addresses::GUARANTEES, "nav-guarantees", Permission::ViewInternal),
        (addresses::PLACES, "nav-places", Permission::ViewInternal),
        (addresses::PEOPLE, "nav-people", Permission::ViewInternal),
        (addresses::SETTINGS, "nav-settings", Permission::Administer),
    ];
    let current_page = |to: &str| signed_in.context.path.starts_with(to).then_some("page");
    let visible = pages.into_iter().filter(|(.., permission)| signed_in.may(*permission));
    let links = visible.map(|(to, key, _)| view! { <a href=to aria-current=current_page(to)>{texts.text(key)}</a> });
    let at_device = user.actor.device.is_some();
    let public = (!at_device).then(|| view! { <a href=public>{texts.text("nav-public-page")}</a> });
    let sign_out_label = if at_device {
        texts.text_with("device-sign-out", &[("name", user.name.clone().into())])
    } else {
        texts.text("nav-sign-out")
    };
    view! {
        <header class="top screen-only">
            <a class="brand" href=addresses::START>
                <Logo />
                {user.business_name.clone()}
            </a>
            <nav aria-label=texts.text("nav-label")>
                {links.collect_view()}
                {public}
                <form class="row" method="post" action=addresses::SIGN_OUT>
                    <button class="link">{sign_out_label}</button>
                </form>
            </nav>
        </header>
    }
}

/// Choosing a language is a POST, so that it is remembered. If the page names a form, its fields are sent along and
/// come back in the other language.
#[component]
pub fn Languages(texts: Texts, path: String, form: Option<&'static str>) -> impl IntoView {
    let button = |lang: Language| {
        let current_page = (lang == texts.lang()).then_some("true");
        view! {
            <button class="link" name="language" value=lang.code() lang=lang.code() aria-current=current_page form=form formnovalidate=form.is_some()>
                {lang.native_name()}
            </button>
        }
    };
    let buttons = Language::ALL.map(button).collect_view();
    let label = texts.text("language");
    if form.is_some() {
        // The Enter key presses a form's first button. This hidden one keeps it from changing the language.
        let answer = view! { <button form=form hidden></button> };
        return view! { <div class="row" role="group" aria-label=label>{answer} {buttons}</div> }.into_any();
    }
    let form = view! {
        <form class="row" method="post" action=addresses::LANGUAGE aria-label=label>
            <input type="hidden" name="to" value=local_or_start(&path).to_owned() />
            {buttons}
        </form>
    };
    form.into_any()
}
