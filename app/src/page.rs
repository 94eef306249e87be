//! The frame around every page, and how a view becomes a response.

use std::sync::Arc;

use axum::response::{Html, IntoResponse, Redirect, Response};
use domain::actor::Act;
use domain::fault::{Fault, Faults};
use domain::guarantee::Stage;
use domain::member;
use domain::revision::{Revision, Stale, differences};
use http::StatusCode;
use http::header::RETRY_AFTER;
use hydration_context::SsrSharedContext;
use leptos::prelude::*;
use leptos::reactive::owner::Owner;
use serde::Serialize;
use serde_json::Value;

use crate::bottle::Logo;
use crate::checks::waits;
use crate::error::{Error, Refusal};
use crate::form::{Labels, Summary};
use crate::people::role_key;
use crate::return_to::local;
use crate::sign_in::{self, Outsider};
use crate::state::AssetNames;
use crate::texts::Texts;
use crate::visit::{Inside, Visit};
use domain::actor::Who;
use domain::business::Language;

mod waiting;

use waiting::{outbox, over};

/// The request's own secret word: only scripts that bear it run.
#[derive(Clone, Debug)]
pub struct Nonce(pub String);

/// Marks a response whose page runs no script at all.
#[derive(Clone, Copy, Debug)]
pub struct NoScript;

/// What was wrong with the last attempt, to be said above the form and beside its fields.
#[derive(Default)]
pub struct Trouble {
    faults: Faults,
    refusal: Option<Refusal>,
    /// In how many seconds the same may be tried again.
    wait: Option<u64>,
    /// What the form was filled in from, where that still stands.
    seen: Option<Revision>,
    /// What stands by now in fields that were filled in otherwise.
    stands: Vec<(String, String)>,
}

/// What was sent in a form that replaces something: what it was filled in from, and what was typed.
pub struct Sent {
    seen: Revision,
    typed: Value,
}

/// Renders a view in one go: everything was loaded before.
pub fn render<V: IntoView>(view: impl FnOnce() -> V) -> String {
    let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new_islands())));
    let html = owner.with(|| {
        provide_context(Labels::default());
        view().into_view().to_html()
    });
    owner.cleanup();
    html
}

/// Says in the head of an answer when the same is worth another try.
pub fn later(seconds: Option<u64>, mut response: Response) -> Response {
    if let Some(seconds) = seconds {
        response.headers_mut().insert(RETRY_AFTER, seconds.into());
    }
    response
}

/// A page that was asked for and sent elsewhere after a form was accepted.
pub fn go(to: &str) -> Response {
    Redirect::to(to).into_response()
}

impl Inside {
    /// A page for someone inside, with the way to everything their role may see.
    pub fn page<V: IntoView>(&self, title: &str, main: impl FnOnce() -> V) -> Response {
        Html(self.document(title, main)).into_response()
    }

    /// The same page again after something was not accepted; other errors go their way.
    pub fn again<V: IntoView>(
        &self,
        error: impl Into<Error>,
        title: &str,
        main: impl FnOnce(Trouble) -> V,
    ) -> Result<Response, Error> {
        let (status, trouble) = Trouble::of(error.into())?;
        Ok(later(trouble.wait, (status, Html(self.document(title, || main(trouble)))).into_response()))
    }

    /// The same page again after a form that replaces something was not accepted: where somebody else has changed it
    /// meanwhile, with what stands now beside what was typed. `word` says how a value is shown, where not as it is.
    pub fn again_beside<V: IntoView>(
        &self,
        error: impl Into<Error>,
        title: &str,
        sent: Sent,
        word: impl Fn(&str, &str) -> Option<String>,
        main: impl FnOnce(Trouble) -> V,
    ) -> Result<Response, Error> {
        let error = error.into();
        let stale = match &error {
            Error::Conflict(Refusal::Stale(Stale(stands))) => Some(differences(&sent.typed, stands)),
            _ => None,
        };
        self.again(error, title, |trouble| {
            main(match stale {
                Some(stands) => Trouble { stands: in_words(stands, word), ..trouble },
                None => Trouble { seen: Some(sent.seen), ..trouble },
            })
        })
    }

    fn document<V: IntoView>(&self, title: &str, main: impl FnOnce() -> V) -> String {
        let title = format!("{title} · {}", self.visitor.business_name);
        document(&self.visit, &title, || {
            // Also for those who log no checks any more: what they logged before may wait, or have been refused.
            view! { <InsideTop inside=self /> {over(self)} {outbox(self.visit.texts, self.hand(), None)} {main()} {waits::script(&self.visit)} }
        })
    }
}

impl Visit {
    /// A page for anyone.
    pub fn page<V: IntoView>(&self, title: &str, main: impl FnOnce() -> V) -> Response {
        Html(document(self, title, || view! { <PlainTop /> {main()} })).into_response()
    }

    /// The same page again after something was not accepted; other errors go their way.
    pub fn again<V: IntoView>(
        &self,
        error: impl Into<Error>,
        title: &str,
        main: impl FnOnce(Trouble) -> V,
    ) -> Result<Response, Error> {
        let (status, trouble) = Trouble::of(error.into())?;
        Ok(later(trouble.wait, (status, self.page(title, || main(trouble))).into_response()))
    }
}

impl Trouble {
    /// # Errors
    /// The error is not one that a form can mend.
    fn of(error: Error) -> Result<(StatusCode, Self), Error> {
        let status = error.status();
        match error {
            Error::Invalid(faults) => Ok((status, Self { faults, ..Self::default() })),
            Error::Conflict(refusal) => Ok((status, Self { refusal: Some(refusal), ..Self::default() })),
            Error::TooMany { seconds } => Ok((status, Self { wait: Some(seconds), ..Self::default() })),
            other => Err(other),
        }
    }

    /// What is wrong with this field, if anything; or what stands in it by now.
    pub fn at(&self, texts: Texts, field: &str) -> Option<String> {
        let stands = || self.stands.iter().find(|(name, _)| name == field).map(|(_, stands)| now_stands(texts, stands));
        self.faults.at(field).map(|fault| texts.fault(fault)).or_else(stands)
    }

    /// What a form is filled in from, for it to carry. Where it comes back, that is what it was before, until somebody has
    /// been told of a change.
    pub fn revision(&self, now: &Revision) -> impl IntoView + use<> {
        let revision = self.seen.as_ref().unwrap_or(now).to_string();
        view! { <input type="hidden" name="revision" value=revision /> }
    }

    /// Whether just this is wrong with a field.
    pub fn has(&self, field: &str, fault: Fault) -> bool {
        self.faults.at(field) == Some(fault)
    }

    /// The notice above the form.
    pub fn summary(&self, texts: Texts) -> Option<impl IntoView + use<>> {
        let count = self.faults.all().len();
        let each = self.faults.all().iter().map(|one| (one.field.to_owned(), texts.fault(one.fault)));
        let refused = self.refusal.iter().map(|refusal| (String::new(), refused(texts, refusal)));
        let wait = self.wait.map(|seconds| (String::new(), texts.tell("form-wait", &[("seconds", seconds.into())])));
        let stands = self.stands.iter().map(|(field, stands)| (field.clone(), now_stands(texts, stands)));
        let faults: Vec<_> = each.chain(refused).chain(stands).chain(wait).collect();
        let title = match (count, self.wait) {
            (_, Some(_)) => texts.say("form-too-many"),
            _ if matches!(self.refusal, Some(Refusal::Stale(_))) => texts.say("form-stale"),
            (0, None) => texts.say("form-refused"),
            _ => texts.tell("form-rejected", &[("count", count.into())]),
        };
        (!faults.is_empty()).then(|| view! { <Summary title faults /> })
    }

    /// The same where a form says everything else beside its fields.
    pub fn waiting(&self, texts: Texts) -> Option<impl IntoView + use<>> {
        self.wait.and_then(|_| self.summary(texts))
    }
}

impl Sent {
    /// The revision that the form carried, and what was typed into it.
    pub fn new(seen: Revision, typed: &impl Serialize) -> Self {
        Self { seen, typed: serde_json::to_value(typed).unwrap_or_default() }
    }
}

fn in_words(stands: Vec<(String, Vec<String>)>, word: impl Fn(&str, &str) -> Option<String>) -> Vec<(String, String)> {
    let shown = |(field, values): (String, Vec<String>)| {
        let words = values.into_iter().map(|value| word(&field, &value).unwrap_or(value));
        let words = words.collect::<Vec<_>>().join(", ");
        (field, words)
    };
    stands.into_iter().map(shown).collect()
}

fn now_stands(texts: Texts, stands: &str) -> String {
    if stands.is_empty() {
        return texts.say("form-stands-nothing");
    }
    texts.tell("form-stands", &[("stands", stands.to_owned().into())])
}

/// Why the rules refuse a move, in the reader's language.
pub fn refused(texts: Texts, refusal: &Refusal) -> String {
    use domain::{check, guarantee, obstacle, recovery, second_look};
    match refusal {
        Refusal::Guarantee(guarantee::Refused::Move { stage, .. }) => {
            texts.tell("refused-guarantee-move", &[("stage", texts.say(guarantee_stage(*stage)).into())])
        }
        Refusal::Guarantee(guarantee::Refused::Unchanged) => texts.say("refused-unchanged"),
        Refusal::Guarantee(guarantee::Refused::Retired) => texts.say("refused-retired"),
        Refusal::Guarantee(guarantee::Refused::NoPlace) => texts.say("refused-no-place"),
        Refusal::Check(check::Refused::NotChecked { stage }) => {
            texts.tell("refused-not-checked", &[("stage", texts.say(guarantee_stage(*stage)).into())])
        }
        Refusal::Check(check::Refused::NotHere) => texts.say("refused-not-here"),
        Refusal::Check(check::Refused::OtherBody) => texts.say("refused-other-body"),
        Refusal::Check(check::Refused::Unchanged) => texts.say("refused-check-unchanged"),
        Refusal::Check(check::Refused::NotYours) => texts.say("refused-check-not-yours"),
        Refusal::Check(check::Refused::NoPhotos) => texts.say("refused-check-no-photos"),
        Refusal::Check(check::Refused::SamePhoto) => texts.say("refused-check-same-photo"),
        Refusal::Check(check::Refused::Void) => texts.say("refused-check-void"),
        Refusal::Check(check::Refused::TakenBack) => texts.say("refused-check-taken-back"),
        Refusal::Check(check::Refused::BrokenStays) => texts.say("refused-check-broken-stays"),
        Refusal::Check(check::Refused::StandsInstead) => texts.say("refused-check-stands-instead"),
        Refusal::Member(refused) => member_refused(texts, *refused),
        Refusal::Obstacle(obstacle::Refused::Left) => texts.say("refused-obstacle-left"),
        Refusal::SecondLook(second_look::Refused::OwnCheck) => texts.say("refused-own-check"),
        Refusal::SecondLook(second_look::Refused::Over) => texts.say("refused-look-over"),
        Refusal::Stale(_) => texts.say("refused-stale"),
        Refusal::Recovery(refused) => match refused {
            recovery::Refused::Move { stage, .. } => {
                let stage = texts.say(crate::recoveries::stage_key(*stage));
                texts.tell("refused-recovery-move", &[("stage", stage.into())])
            }
            recovery::Refused::NotTheCustomer => texts.say("refused-not-the-customer"),
            recovery::Refused::NobodyToAsk => texts.say("refused-nobody-to-ask"),
            recovery::Refused::AskTheCustomer => texts.say("refused-ask-the-customer"),
            recovery::Refused::Forgotten => texts.say("refused-forgotten"),
            recovery::Refused::TooLittleRecord { kept, needed } => {
                texts.tell("refused-too-little-record", &[("kept", (*kept).into()), ("needed", (*needed).into())])
            }
            recovery::Refused::StillTimeToAnswer { until } => {
                let until = texts.day(until.date_naive());
                texts.tell("refused-still-time", &[("until", until.into())])
            }
            recovery::Refused::LinkEnded => texts.say("refused-link-ended"),
            recovery::Refused::AnsweredAlready => texts.say("refused-answered-already"),
            recovery::Refused::NothingAsked => texts.say("refused-nothing-asked"),
            recovery::Refused::NoApology => texts.say("refused-no-apology"),
        },
    }
}

fn member_refused(texts: Texts, refused: member::Refused) -> String {
    match refused {
        member::Refused::AboveYou { role } => {
            texts.tell("refused-above-you", &[("role", texts.say(role_key(role)).into())])
        }
        member::Refused::BeyondYou => texts.say("refused-beyond-you"),
        member::Refused::LastOwner => texts.say("refused-last-owner"),
        member::Refused::LetInAlready => texts.say("refused-let-in-already"),
        member::Refused::Over => texts.say("refused-invite-over"),
        member::Refused::Unchanged => texts.say("refused-role-unchanged"),
    }
}

/// The name of a guarantee's stage.
pub fn guarantee_stage(stage: Stage) -> &'static str {
    match stage {
        Stage::Draft => "stage-draft",
        Stage::Trial => "stage-trial",
        Stage::Published => "stage-published",
        Stage::Suspended => "stage-suspended",
        Stage::Retired => "stage-retired",
    }
}

/// The page that says why there is none.
pub fn error_page(visit: &Visit, error: &Error, outsider: Option<Outsider>) -> String {
    let texts = visit.texts;
    let [title, happened, kept, next] = match error {
        Error::Invalid(_) | Error::Conflict(_) => {
            ["conflict-title", "conflict-happened", "conflict-kept", "conflict-next"]
        }
        Error::NotFound => ["not-found-title", "not-found-happened", "not-found-kept", "not-found-next"],
        Error::Gone => ["gone-title", "gone-happened", "gone-kept", "gone-next"],
        Error::Forbidden if outsider.is_some() => ["outside-title", "outside-happened", "outside-kept", "outside-next"],
        Error::Forbidden => ["forbidden-title", "forbidden-happened", "forbidden-kept", "forbidden-next"],
        Error::Unauthenticated => ["signed-out-title", "signed-out-happened", "signed-out-kept", "signed-out-next"],
        Error::TooMany { .. } => ["too-many-title", "too-many-happened", "too-many-kept", "too-many-next"],
        Error::Unavailable => ["unavailable-title", "unavailable-happened", "unavailable-kept", "unavailable-next"],
        Error::Internal => ["internal-title", "internal-happened", "internal-kept", "internal-next"],
    }
    .map(|key| texts.tell(key, &[("seconds", error.retry_after().unwrap_or_default().into())]));
    let refusal = match error {
        Error::Conflict(refusal) => Some(refused(texts, refusal)),
        _ => None,
    };
    let (to, label) = match error {
        Error::Unauthenticated => (sign_in::address(&visit.path), texts.say("sign-in-submit")),
        _ => ("/".to_owned(), texts.say("action-start")),
    };
    document(visit, &title.clone(), || {
        view! {
            <PlainTop />
            {outsider.map(|Outsider(person)| outbox(texts, store::hand(Who::Person(person)), Some("outbox-outside")))}
            <main id="main" class="slim">
                <h1>{title}</h1>
                <p>{refusal.unwrap_or(happened)}</p>
                <p>{kept}</p>
                <p>{next}</p>
                <p><a class="btn" href=to>{label}</a></p>
            </main>
        }
    })
}

/// A whole document: head, skip link, what is in it, and the languages at its foot.
pub fn document<V: IntoView>(visit: &Visit, title: &str, body: impl FnOnce() -> V) -> String {
    let (texts, assets) = (visit.texts, visit.state.assets);
    let inside = visit.visitor.as_ref().is_some_and(|visitor| visitor.actor.device.is_none());
    // A turn at a shared device, and how many milliseconds are left of it.
    let turn = visit.visitor.as_ref().filter(|visitor| visitor.actor.device.is_some());
    let left = turn.map(|turn| (turn.ends_at - visit.state.store.now()).num_milliseconds().max(0));
    let turn = turn.map(|turn| turn.session.to_string());
    let html = render(|| {
        let oneself = inside.then(|| {
            view! {
                <span class="row">
                    <a class="link" href="/account">{texts.say("nav-account")}</a>
                    <a class="link" href="/businesses">{texts.say("nav-businesses")}</a>
                </span>
            }
        });
        view! {
            <html lang=texts.lang().code() data-turn=turn data-left=left>
                <Head title=title.to_owned() assets ahead=inside.then(|| visit.nonce.clone()) />
                <body>
                    <a class="skip" href="#main">{texts.say("skip-to-content")}</a>
                    <div class="wrap">
                        {body()}
                        <footer class="row between on-screen"><Languages texts path=visit.path.clone() form=None />{oneself}</footer>
                    </div>
                    <Boot assets nonce=visit.nonce.clone() />
                    {drafts(visit)}
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
    /// The page's nonce, where it has islands: what wakes them is fetched and compiled while the page is still read. It
    /// stands before the style, for which scripts wait.
    ahead: Option<String>,
) -> impl IntoView {
    let ahead = ahead.filter(|_| !assets.wasm.is_empty()).map(|nonce| {
        let AssetNames { js, wasm, .. } = assets;
        let begin = format!(
            "window.ahead=[import(\"{js}\"),WebAssembly.compileStreaming(fetch(\"{wasm}\"))];ahead.forEach(part=>part.catch(()=>{{}}))"
        );
        view! { <script nonce=nonce>{begin}</script> }
    });
    view! {
        <head>
            <meta charset="utf-8" />
            <meta name="viewport" content="width=device-width,initial-scale=1" />
            {ahead}
            <title>{title}</title>
            <link rel="icon" type="image/svg+xml" href=assets.icon />
            <link rel="stylesheet" href=assets.style />
            <link rel="apple-touch-icon" href=assets.home_icon />
            <link rel="manifest" href="/manifest.webmanifest" />
        </head>
    }
}

/// What brings the islands to life, where there are any and the browser build is there.
#[component]
fn Boot(assets: AssetNames, nonce: String) -> impl IntoView {
    (!assets.wasm.is_empty())
        .then(|| view! { <script type="module" nonce=nonce src=assets.boot data-js=assets.js data-wasm=assets.wasm></script> })
}

/// What keeps a form's draft, by whom it is typed. At a shared device nothing is kept: somebody else comes next.
fn drafts(visit: &Visit) -> Option<impl IntoView + use<>> {
    let person = match &visit.visitor {
        Some(visitor) if visitor.actor.device.is_some() => return None,
        Some(visitor) => format!("{}@{}", store::hand(visitor.actor.who), visitor.actor.business),
        None => String::new(),
    };
    let (texts, source, nonce) = (visit.texts, visit.state.assets.forms, visit.nonce.clone());
    let cookie = visit.state.cookies.draft.name().to_owned();
    let (restored, discard) = (texts.say("forms-restored"), texts.say("forms-discard"));
    Some(view! {
        <script type="module" nonce=nonce src=source data-person=person data-cookie=cookie data-restored=restored data-discard=discard></script>
    })
}

#[component]
fn PlainTop() -> impl IntoView {
    view! {
        <header class="top">
            <a class="brand" href="/"><Logo />"Trialmark"</a>
        </header>
    }
}

#[component]
fn InsideTop<'i>(inside: &'i Inside) -> impl IntoView {
    let (texts, visitor) = (inside.visit.texts, &inside.visitor);
    let public = format!("/p/{}", visitor.business_slug);
    let pages = [
        ("/today", "nav-today", Act::Look),
        ("/recoveries", "nav-recoveries", Act::Read),
        ("/obstacles", "nav-obstacles", Act::Read),
        ("/guarantees", "nav-guarantees", Act::Read),
        ("/places", "nav-places", Act::Read),
        ("/people", "nav-people", Act::Read),
        ("/settings", "nav-settings", Act::Govern),
    ];
    let here = |to: &str| inside.visit.path.starts_with(to).then_some("page");
    let seen = pages.into_iter().filter(|(.., act)| inside.may(*act));
    let links = seen.map(|(to, key, _)| view! { <a href=to aria-current=here(to)>{texts.say(key)}</a> });
    let at_device = visitor.actor.device.is_some();
    let public = (!at_device).then(|| view! { <a href=public>{texts.say("nav-public-page")}</a> });
    let leave = if at_device {
        texts.tell("device-done", &[("name", visitor.name.clone().into())])
    } else {
        texts.say("nav-sign-out")
    };
    view! {
        <header class="top on-screen">
            <a class="brand" href="/">
                <Logo />
                {visitor.business_name.clone()}
            </a>
            <nav aria-label=texts.say("nav-label")>
                {links.collect_view()}
                {public}
                <form class="row" method="post" action="/sign-out">
                    <button class="link">{leave}</button>
                </form>
            </nav>
        </header>
    }
}

/// Choosing a language is a post: it is remembered. Where a form of the page is named, it is sent with it, so that what was
/// filled in is there in the other language.
#[component]
pub fn Languages(texts: Texts, path: String, form: Option<&'static str>) -> impl IntoView {
    let button = |lang: Language| {
        let here = (lang == texts.lang()).then_some("true");
        view! {
            <button class="link" name="language" value=lang.code() lang=lang.code() aria-current=here form=form formnovalidate=form.is_some()>
                {lang.own_name()}
            </button>
        }
    };
    let buttons = Language::ALL.map(button).collect_view();
    let label = texts.say("language");
    if form.is_some() {
        // The first button of a form is what the Enter key presses: that is none of these.
        let answer = view! { <button form=form hidden></button> };
        return view! { <div class="row" role="group" aria-label=label>{answer} {buttons}</div> }.into_any();
    }
    let form = view! {
        <form class="row" method="post" action="/language" aria-label=label>
            <input type="hidden" name="to" value=local(&path).to_owned() />
            {buttons}
        </form>
    };
    form.into_any()
}
