//! The follow-up questions to a customer, behind a private link that works once.

use axum::extract::{Extension, State as Shared};
use axum::response::{IntoResponse, Redirect, Response};
use domain::fault::Faults;
use domain::recovery::{FollowUpDraft, Outcome};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri};
use leptos::prelude::*;
use serde::Deserialize;
use store::FollowUp;

use crate::addresses;
use crate::client_address::ClientAddress;
use crate::doors::AccessRule::PrivateLink;
use crate::doors::Doors;
use crate::error::Error;
use crate::form::{Area, Choice, ChoiceItem, ErrorSummary};
use crate::page::with_retry_after;
use crate::public::{PageMeta, document, script_free_response};
use crate::rate_limits::Limit;
use crate::request_context::{Form, language};
use crate::session::language_cookie;
use crate::state::AppState;
use crate::texts::Texts;
use domain::business::Language;

pub fn doors(doors: Doors) -> Doors {
    doors.get(addresses::FOLLOW_UP, PrivateLink, show).post(addresses::FOLLOW_UP, PrivateLink, answer)
}

type ClientExtension = Option<Extension<ClientAddress>>;

/// A request for one private link.
struct FollowUpRequest<'v> {
    state: &'v AppState,
    headers: &'v HeaderMap,
    path: &'v str,
    /// The language the customer has just chosen.
    chosen: Option<Language>,
}

/// What the form sends: the answers, or a new language with the answers so far.
#[derive(Default, Deserialize)]
#[serde(default)]
struct FollowUpSubmission {
    language: String,
    #[serde(flatten)]
    draft: FollowUpDraft,
}

/// The id of the form with the answers.
const ANSWERS: &str = "answers";

async fn show(
    Shared(state): Shared<AppState>,
    client: ClientExtension,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Error> {
    state.allow_from_client(Limit::PrivateLinksByAddress, client.map(|Extension(client)| client))?;
    let request = FollowUpRequest { state: &state, headers: &headers, path: uri.path(), chosen: None };
    let Some(follow_up) = state.store.follow_up(request.link()).await? else { return Ok(request.unknown_link()) };
    Ok(match outcome_in_query(uri.query()) {
        Some(outcome) if follow_up.answered => request.thanks(&follow_up, outcome),
        _ if follow_up.answered => request.closed(&follow_up, StatusCode::GONE),
        _ => request.questions(&follow_up, &FollowUpDraft::default(), &Faults::default()),
    })
}

async fn answer(
    Shared(state): Shared<AppState>,
    client: ClientExtension,
    headers: HeaderMap,
    uri: Uri,
    Form(FollowUpSubmission { language, draft }): Form<FollowUpSubmission>,
) -> Result<Response, Error> {
    let chosen = Language::parse(&language).ok();
    let request = FollowUpRequest { state: &state, headers: &headers, path: uri.path(), chosen };
    if let Err(error) = state.allow_from_client(Limit::PrivateLinksByAddress, client.map(|Extension(client)| client)) {
        return Ok(request.rate_limited(&draft, &error));
    }
    if let Some(chosen) = chosen {
        return request.in_language(chosen, &draft).await;
    }
    let result = state.store.answer_follow_up(request.link(), &draft).await.map_err(Error::from);
    let error = match result {
        Ok(Some(())) => return Ok(request.redirect_to_thanks(&draft)),
        Ok(None) => return Ok(request.unknown_link()),
        Err(error) => error,
    };
    let Some(follow_up) = state.store.follow_up(request.link()).await? else { return Ok(request.unknown_link()) };
    match error {
        Error::Invalid(faults) => Ok(request.questions(&follow_up, &draft, &faults)),
        Error::Conflict(_) => Ok(request.closed(&follow_up, StatusCode::CONFLICT)),
        error => Err(error),
    }
}

/// The outcome in the query of the thank-you page, which is shown right after answering.
fn outcome_in_query(query: Option<&str>) -> Option<Outcome> {
    Outcome::ALL.into_iter().find(|outcome| Some(outcome.name()) == query)
}

impl FollowUpRequest<'_> {
    fn link(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }

    /// The same form in another language, with the answers so far.
    async fn in_language(&self, chosen: Language, draft: &FollowUpDraft) -> Result<Response, Error> {
        let Some(follow_up) = self.state.store.follow_up(self.link()).await? else { return Ok(self.unknown_link()) };
        let page = if follow_up.answered {
            self.closed(&follow_up, StatusCode::GONE)
        } else {
            self.questions(&follow_up, draft, &Faults::default())
        };
        Ok((language_cookie(self.state, chosen), page).into_response())
    }

    fn texts(&self, follow_up: Option<&FollowUp>) -> Texts {
        let chosen = self.chosen;
        Texts::of(chosen.unwrap_or_else(|| {
            language(self.state, self.headers, None, follow_up.map_or(Language::En, |one| one.language))
        }))
    }

    /// Redirects after an answer, so that reloading the page does not send it again.
    fn redirect_to_thanks(&self, draft: &FollowUpDraft) -> Response {
        let outcome = draft.parse().map_or("", |answer| answer.outcome().name());
        Redirect::to(&format!("{}?{outcome}", self.path)).into_response()
    }

    /// The rate limit is exceeded, so the link is not looked up. The page keeps the answers for a retry.
    fn rate_limited(&self, draft: &FollowUpDraft, error: &Error) -> Response {
        let (texts, seconds) = (self.texts(None), error.retry_after());
        let fields = [
            ("fixed", &draft.fixed),
            ("fair", &draft.fair),
            ("quick", &draft.quick),
            ("respectful", &draft.respectful),
            ("honest", &draft.honest),
            ("again", &draft.again),
            ("words", &draft.words),
        ];
        let fields = fields.map(|(name, value)| view! { <input type="hidden" name=name value=value.clone() /> });
        let response = self.respond(error.status(), texts, None, texts.text("too-many-title"), || {
            view! {
                <p>{texts.text("too-many-happened")}</p>
                <p>{texts.text_with("follow-up-wait", &[("seconds", seconds.unwrap_or_default().into())])}</p>
                <form method="post">
                    {fields.into_view()}
                    <button class="btn tall">{texts.text("follow-up-send")}</button>
                </form>
            }
        });
        with_retry_after(seconds, response)
    }

    fn unknown_link(&self) -> Response {
        let texts = self.texts(None);
        self.respond(StatusCode::NOT_FOUND, texts, None, texts.text("follow-up-unknown"), || {
            view! { <p>{texts.text("follow-up-unknown-why")}</p> }
        })
    }

    /// It has been answered, or the question is no longer open.
    fn closed(&self, follow_up: &FollowUp, status: StatusCode) -> Response {
        let texts = self.texts(Some(follow_up));
        self.respond(status, texts, Some(follow_up), texts.text("follow-up-closed"), || {
            view! {
                <p>{texts.text("follow-up-closed-why")}</p>
                <p>{texts.text_with("follow-up-contact", &[("person", follow_up.contact_name.clone().into())])}</p>
                {contact_lines(follow_up)}
            }
        })
    }

    fn thanks(&self, follow_up: &FollowUp, outcome: Outcome) -> Response {
        let texts = self.texts(Some(follow_up));
        let (title, next) = match outcome {
            Outcome::Restored => ("follow-up-restored", "follow-up-restored-next"),
            Outcome::NotRestored => ("follow-up-not-restored", "follow-up-not-restored-next"),
            _ => ("follow-up-partly", "follow-up-partly-next"),
        };
        let names =
            [("name", follow_up.business_name.clone().into()), ("person", follow_up.contact_name.clone().into())];
        self.respond(StatusCode::OK, texts, Some(follow_up), texts.text(title), || {
            view! {
                <p>{texts.text_with(next, &names)}</p>
                {contact_lines(follow_up)}
                <p>{texts.text("follow-up-private")}</p>
            }
        })
    }

    fn questions(&self, follow_up: &FollowUp, draft: &FollowUpDraft, faults: &Faults) -> Response {
        let texts = self.texts(Some(follow_up));
        let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        let title = texts.text("follow-up-title");
        self.respond(status, texts, Some(follow_up), title, || {
            view! {
                <p>{texts.text_with("follow-up-intro", &[("name", follow_up.business_name.clone().into())])}</p>
                {promise_details(texts, follow_up)}
                {summary(texts, faults)}
                {what_we_did(texts, follow_up)}
                <form id=ANSWERS method="post">{fields(texts, draft, faults)}</form>
                <p class="small muted">{texts.text("follow-up-private")}</p>
                <p>{texts.text_with("follow-up-ask", &[("person", follow_up.contact_name.clone().into())])}</p>
                {contact_lines(follow_up)}
            }
        })
    }

    /// Such a page is neither cached nor indexed: the link is private.
    fn respond<V: IntoView>(
        &self,
        status: StatusCode,
        texts: Texts,
        follow_up: Option<&FollowUp>,
        title: String,
        body: impl FnOnce() -> V,
    ) -> Response {
        let business = follow_up.map(|one| (one.business_name.clone(), None));
        let form = follow_up.filter(|one| !one.answered).map(|_| ANSWERS);
        let meta = PageMeta { title: title.clone(), description: None, path: self.path.to_owned(), business, form };
        let html = document(self.state, texts, meta, || {
            view! { <main id="main" class="slim"><h1>{title}</h1>{body()}</main> }
        });
        let mut response = script_free_response(status, html);
        let noindex = HeaderValue::from_static("noindex");
        response.headers_mut().insert(HeaderName::from_static("x-robots-tag"), noindex);
        response
    }
}

fn summary(texts: Texts, faults: &Faults) -> Option<impl IntoView + use<>> {
    let lines: Vec<_> = faults.all().iter().map(|one| (one.field.to_owned(), texts.fault(one.fault))).collect();
    let title = texts.text_with("form-rejected", &[("count", lines.len().into())]);
    (!lines.is_empty()).then(|| view! { <ErrorSummary title faults=lines /> })
}

/// Which promise was broken, where and when. A customer may have several links.
fn promise_details(texts: Texts, follow_up: &FollowUp) -> impl IntoView + use<> {
    let language = follow_up.language.code();
    let lang = (language != texts.lang().code()).then_some(language);
    let place = format!("{}, {}", follow_up.site, follow_up.place);
    view! {
        <dl class="pairs">
            <dt>{texts.text("follow-up-promise")}</dt><dd class="user-text" lang=lang>{follow_up.promise.clone()}</dd>
            <dt>{texts.text("follow-up-place")}</dt><dd lang=lang>{place}</dd>
            <dt>{texts.text("follow-up-day")}</dt><dd>{texts.date(follow_up.day)}</dd>
        </dl>
    }
}

/// How to reach the contact person of the business.
fn contact_lines(follow_up: &FollowUp) -> impl IntoView + use<> {
    let FollowUp { contact_phone: phone, contact_email: email, .. } = follow_up.clone();
    let line = |scheme: &str, text: String| {
        let to: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
        view! { <p><a href=format!("{scheme}:{to}")>{text}</a></p> }
    };
    let (phone, email) = (phone.map(|phone| line("tel", phone)), email.map(|email| line("mailto", email)));
    view! { {phone}{email} }
}

/// What the business says it did. The customer is the judge of it.
fn what_we_did(texts: Texts, follow_up: &FollowUp) -> Option<impl IntoView + use<>> {
    let language = follow_up.language.code();
    let lang = (language != texts.lang().code()).then_some(language);
    let fields = [("follow-up-correction", &follow_up.correction), ("follow-up-remedy", &follow_up.remedy)];
    let fields: Vec<_> = fields.into_iter().filter_map(|(key, text)| Some((key, text.clone()?))).collect();
    (!fields.is_empty()).then(|| {
        let each = fields.into_iter().map(|(key, text)| {
            view! { <dt>{texts.text(key)}</dt><dd class="user-text" lang=lang>{text}</dd> }
        });
        view! {
            <section class="card grid">
                <h2>{texts.text("follow-up-done")}</h2>
                <dl class="pairs">{each.collect_view()}</dl>
            </section>
        }
    })
}

fn fields(texts: Texts, draft: &FollowUpDraft, faults: &Faults) -> impl IntoView + use<> {
    let yes_no =
        || vec![ChoiceItem::new("yes", texts.text("follow-up-yes")), ChoiceItem::new("no", texts.text("follow-up-no"))];
    let partly = ChoiceItem::new("partly", texts.text("follow-up-partly-fixed"));
    let fixed = {
        let mut items = yes_no();
        items.insert(1, partly);
        items
    };
    let fault = |field| faults.of_field(field).map(|fault| texts.fault(fault));
    let optional = [
        ("fair", "follow-up-fair", &draft.fair),
        ("quick", "follow-up-quick", &draft.quick),
        ("respectful", "follow-up-respectful", &draft.respectful),
        ("honest", "follow-up-honest", &draft.honest),
    ]
    .map(|(name, key, value)| {
        view! { <Choice name label=texts.text(key) items=yes_no() value=value.clone() fault=fault(name) /> }
    });
    let words_hint = texts.text("follow-up-words-hint");
    view! {
        <div class="follow-up"><Choice name="fixed" label=texts.text("follow-up-fixed") items=fixed value=draft.fixed.clone() fault=fault("fixed") required=true /></div>
        <fieldset class="field follow-up optional">
            <legend>{texts.text("follow-up-optional")}</legend>
            {optional.into_view()}
        </fieldset>
        <div class="follow-up"><Choice name="again" label=texts.text("follow-up-again") items=yes_no() value=draft.again.clone() fault=fault("again") required=true /></div>
        <Area name="words" label=texts.text("follow-up-words") hint=words_hint value=draft.words.clone() fault=fault("words") max=2000 rows=4 />
        <button class="btn tall">{texts.text("follow-up-send")}</button>
    }
}
