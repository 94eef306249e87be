//! What a customer is asked after the remedy, behind a private link that works once.

use axum::extract::{Extension, State as Shared};
use axum::response::{IntoResponse, Redirect, Response};
use domain::fault::Faults;
use domain::recovery::{AnswerDraft, Outcome};
use http::header::CACHE_CONTROL;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri};
use leptos::prelude::*;
use serde::Deserialize;
use store::FollowUp;

use crate::client::Client;
use crate::doors::Doors;
use crate::doors::Rule::Holder;
use crate::error::Error;
use crate::form::{Area, Choice, Item, Summary};
use crate::limits::Bound;
use crate::page::later;
use crate::public::{About, document, unscripted};
use crate::sign_in::remember;
use crate::state::State;
use crate::texts::Texts;
use crate::visit::{Form, language};
use domain::business::Language;

pub fn doors(doors: Doors) -> Doors {
    doors.get("/follow-up/{link}", Holder, ask).post("/follow-up/{link}", Holder, answer)
}

type From = Option<Extension<Client>>;

/// One reader of one private link.
struct Visit<'v> {
    state: &'v State,
    headers: &'v HeaderMap,
    path: &'v str,
    /// The language they have just chosen, if they have.
    chosen: Option<Language>,
}

/// What a reader sends: the answers, or with the answers so far the language to go on in.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Sent {
    language: String,
    #[serde(flatten)]
    draft: AnswerDraft,
}

/// The id of the form with the answers.
const ANSWERS: &str = "answers";

async fn ask(Shared(state): Shared<State>, from: From, headers: HeaderMap, uri: Uri) -> Result<Response, Error> {
    state.allow_from(Bound::Links, from.map(|Extension(client)| client))?;
    let visit = Visit { state: &state, headers: &headers, path: uri.path(), chosen: None };
    let Some(follow_up) = state.store.follow_up(visit.link()).await? else { return Ok(visit.unknown()) };
    Ok(match said(uri.query()) {
        Some(outcome) if follow_up.answered => visit.thanks(&follow_up, outcome),
        _ if follow_up.answered => visit.closed(&follow_up, StatusCode::GONE),
        _ => visit.questions(&follow_up, &AnswerDraft::default(), &Faults::default()),
    })
}

async fn answer(
    Shared(state): Shared<State>,
    from: From,
    headers: HeaderMap,
    uri: Uri,
    Form(Sent { language, draft }): Form<Sent>,
) -> Result<Response, Error> {
    let chosen = Language::parse(&language).ok();
    let visit = Visit { state: &state, headers: &headers, path: uri.path(), chosen };
    if let Err(error) = state.allow_from(Bound::Links, from.map(|Extension(client)| client)) {
        return Ok(visit.wait(&draft, &error));
    }
    if let Some(chosen) = chosen {
        return visit.go_on_in(chosen, &draft).await;
    }
    let answered = state.store.answer(visit.link(), &draft).await.map_err(Error::from);
    let error = match answered {
        Ok(Some(())) => return Ok(visit.answered(&draft)),
        Ok(None) => return Ok(visit.unknown()),
        Err(error) => error,
    };
    let Some(follow_up) = state.store.follow_up(visit.link()).await? else { return Ok(visit.unknown()) };
    match error {
        Error::Invalid(faults) => Ok(visit.questions(&follow_up, &draft, &faults)),
        Error::Conflict(_) => Ok(visit.closed(&follow_up, StatusCode::CONFLICT)),
        error => Err(error),
    }
}

/// What the answer came to, where the reader has just given it.
fn said(query: Option<&str>) -> Option<Outcome> {
    Outcome::ALL.into_iter().find(|outcome| Some(outcome.name()) == query)
}

impl Visit<'_> {
    fn link(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }

    /// The same page in another language, with what was answered so far.
    async fn go_on_in(&self, chosen: Language, draft: &AnswerDraft) -> Result<Response, Error> {
        let Some(follow_up) = self.state.store.follow_up(self.link()).await? else { return Ok(self.unknown()) };
        let page = if follow_up.answered {
            self.closed(&follow_up, StatusCode::GONE)
        } else {
            self.questions(&follow_up, draft, &Faults::default())
        };
        Ok((remember(self.state, chosen), page).into_response())
    }

    fn texts(&self, follow_up: Option<&FollowUp>) -> Texts {
        let chosen = self.chosen;
        Texts::of(chosen.unwrap_or_else(|| {
            language(self.state, self.headers, None, follow_up.map_or(Language::En, |one| one.language))
        }))
    }

    /// The way on after an answer, so that loading the page again sends nothing twice.
    fn answered(&self, draft: &AnswerDraft) -> Response {
        let outcome = draft.parse().map_or("", |answer| answer.outcome().name());
        Redirect::to(&format!("{}?{outcome}", self.path)).into_response()
    }

    /// Too many came at once to look whose link this is. What was answered waits in the page.
    fn wait(&self, draft: &AnswerDraft, error: &Error) -> Response {
        let (texts, seconds) = (self.texts(None), error.retry_after());
        let said = [
            ("fixed", &draft.fixed),
            ("fair", &draft.fair),
            ("quick", &draft.quick),
            ("respectful", &draft.respectful),
            ("honest", &draft.honest),
            ("again", &draft.again),
            ("words", &draft.words),
        ];
        let said = said.map(|(name, value)| view! { <input type="hidden" name=name value=value.clone() /> });
        let response = self.respond(error.status(), texts, None, texts.say("too-many-title"), || {
            view! {
                <p>{texts.say("too-many-happened")}</p>
                <p>{texts.tell("follow-up-wait", &[("seconds", seconds.unwrap_or_default().into())])}</p>
                <form method="post">
                    {said.into_view()}
                    <button class="btn tall">{texts.say("follow-up-send")}</button>
                </form>
            }
        });
        later(seconds, response)
    }

    fn unknown(&self) -> Response {
        let texts = self.texts(None);
        self.respond(StatusCode::NOT_FOUND, texts, None, texts.say("follow-up-unknown"), || {
            view! { <p>{texts.say("follow-up-unknown-why")}</p> }
        })
    }

    /// It was answered before, or nobody waits for an answer any more.
    fn closed(&self, follow_up: &FollowUp, status: StatusCode) -> Response {
        let texts = self.texts(Some(follow_up));
        self.respond(status, texts, Some(follow_up), texts.say("follow-up-closed"), || {
            view! {
                <p>{texts.say("follow-up-closed-why")}</p>
                <p>{texts.tell("follow-up-contact", &[("person", follow_up.contact_name.clone().into())])}</p>
                {reach(follow_up)}
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
        let named =
            [("name", follow_up.business_name.clone().into()), ("person", follow_up.contact_name.clone().into())];
        self.respond(StatusCode::OK, texts, Some(follow_up), texts.say(title), || {
            view! {
                <p>{texts.tell(next, &named)}</p>
                {reach(follow_up)}
                <p>{texts.say("follow-up-private")}</p>
            }
        })
    }

    fn questions(&self, follow_up: &FollowUp, draft: &AnswerDraft, faults: &Faults) -> Response {
        let texts = self.texts(Some(follow_up));
        let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        let title = texts.say("follow-up-title");
        self.respond(status, texts, Some(follow_up), title, || {
            view! {
                <p>{texts.tell("follow-up-intro", &[("name", follow_up.business_name.clone().into())])}</p>
                {about(texts, follow_up)}
                {summary(texts, faults)}
                {done(texts, follow_up)}
                <form id=ANSWERS method="post">{fields(texts, draft, faults)}</form>
                <p class="small soft">{texts.say("follow-up-private")}</p>
                <p>{texts.tell("follow-up-ask", &[("person", follow_up.contact_name.clone().into())])}</p>
                {reach(follow_up)}
            }
        })
    }

    /// A page that nobody keeps or finds: the link is as private as a letter.
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
        let about = About { title: title.clone(), description: None, path: self.path.to_owned(), business, form };
        let html = document(self.state, texts, about, || {
            view! { <main id="main" class="slim"><h1>{title}</h1>{body()}</main> }
        });
        let mut response = unscripted(status, html);
        let says = response.headers_mut();
        says.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        says.insert(HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex"));
        response
    }
}

fn summary(texts: Texts, faults: &Faults) -> Option<impl IntoView + use<>> {
    let listed: Vec<_> = faults.all().iter().map(|one| (one.field.to_owned(), texts.fault(one.fault))).collect();
    let title = texts.tell("form-rejected", &[("count", listed.len().into())]);
    (!listed.is_empty()).then(|| view! { <Summary title faults=listed /> })
}

/// Which promise was not kept, where and when: a customer may have been told of more than one.
fn about(texts: Texts, follow_up: &FollowUp) -> impl IntoView + use<> {
    let theirs = follow_up.language.code();
    let lang = (theirs != texts.lang().code()).then_some(theirs);
    let place = format!("{}, {}", follow_up.site, follow_up.place);
    view! {
        <dl class="pairs">
            <dt>{texts.say("follow-up-promise")}</dt><dd class="typed" lang=lang>{follow_up.promise.clone()}</dd>
            <dt>{texts.say("follow-up-place")}</dt><dd lang=lang>{place}</dd>
            <dt>{texts.say("follow-up-day")}</dt><dd>{texts.day(follow_up.day)}</dd>
        </dl>
    }
}

/// How the customer reaches the person who answers for the promises.
fn reach(follow_up: &FollowUp) -> impl IntoView + use<> {
    let FollowUp { contact_phone: phone, contact_email: email, .. } = follow_up.clone();
    let line = |scheme: &str, text: String| {
        let to: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
        view! { <p><a href=format!("{scheme}:{to}")>{text}</a></p> }
    };
    let (phone, email) = (phone.map(|phone| line("tel", phone)), email.map(|email| line("mailto", email)));
    view! { {phone}{email} }
}

/// What we say we did: the customer is the one to judge it.
fn done(texts: Texts, follow_up: &FollowUp) -> Option<impl IntoView + use<>> {
    let theirs = follow_up.language.code();
    let lang = (theirs != texts.lang().code()).then_some(theirs);
    let said = [("follow-up-correction", &follow_up.correction), ("follow-up-remedy", &follow_up.remedy)];
    let said: Vec<_> = said.into_iter().filter_map(|(key, text)| Some((key, text.clone()?))).collect();
    (!said.is_empty()).then(|| {
        let each = said.into_iter().map(|(key, text)| {
            view! { <dt>{texts.say(key)}</dt><dd class="typed" lang=lang>{text}</dd> }
        });
        view! {
            <section class="card grid">
                <h2>{texts.say("follow-up-done")}</h2>
                <dl class="pairs">{each.collect_view()}</dl>
            </section>
        }
    })
}

fn fields(texts: Texts, draft: &AnswerDraft, faults: &Faults) -> impl IntoView + use<> {
    let yes_no = || vec![Item::new("yes", texts.say("follow-up-yes")), Item::new("no", texts.say("follow-up-no"))];
    let partly = Item::new("partly", texts.say("follow-up-partly-fixed"));
    let fixed = {
        let mut items = yes_no();
        items.insert(1, partly);
        items
    };
    let fault = |field| faults.at(field).map(|fault| texts.fault(fault));
    let optional = [
        ("fair", "follow-up-fair", &draft.fair),
        ("quick", "follow-up-quick", &draft.quick),
        ("respectful", "follow-up-respectful", &draft.respectful),
        ("honest", "follow-up-honest", &draft.honest),
    ]
    .map(|(name, key, value)| {
        view! { <Choice name label=texts.say(key) items=yes_no() value=value.clone() fault=fault(name) /> }
    });
    let words_hint = texts.say("follow-up-words-hint");
    view! {
        <div class="asked"><Choice name="fixed" label=texts.say("follow-up-fixed") items=fixed value=draft.fixed.clone() fault=fault("fixed") required=true /></div>
        <fieldset class="field asked more">
            <legend>{texts.say("follow-up-optional")}</legend>
            {optional.into_view()}
        </fieldset>
        <div class="asked"><Choice name="again" label=texts.say("follow-up-again") items=yes_no() value=draft.again.clone() fault=fault("again") required=true /></div>
        <Area name="words" label=texts.say("follow-up-words") hint=words_hint value=draft.words.clone() fault=fault("words") max=2000 rows=4 />
        <button class="btn tall">{texts.say("follow-up-send")}</button>
    }
}
