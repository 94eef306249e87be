//! Answers the server gives by itself, before or instead of the application: one table, a page for people and a
//! problem document for programs.

use app::NoScript;
use app::texts::Texts;
use axum::Json;
use axum::extract::Request;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use domain::business::Language;
use serde_json::json;

/// Why the server, not the application, refused a request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Refusal {
    CrossSite,
    TooLarge,
    TooSlow,
    Broken,
}

impl Refusal {
    const fn status(self) -> StatusCode {
        match self {
            Self::CrossSite => StatusCode::FORBIDDEN,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::SERVICE_UNAVAILABLE,
            Self::Broken => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The stable name of this problem for programs.
    const fn name(self) -> &'static str {
        match self {
            Self::CrossSite => "cross-site",
            Self::TooLarge => "too-large",
            Self::TooSlow => "too-slow",
            Self::Broken => "internal",
        }
    }

    fn title(self, texts: Texts) -> String {
        texts.say(match self {
            Self::CrossSite => "refusal-cross-site-title",
            Self::TooLarge => "refusal-too-large-title",
            Self::TooSlow => "refusal-too-slow-title",
            Self::Broken => "refusal-broken-title",
        })
    }

    /// `most` is what may be sent to the address that was asked, in bytes.
    fn detail(self, texts: Texts, most: usize) -> String {
        match self {
            Self::CrossSite => texts.say("refusal-cross-site-detail"),
            Self::TooLarge => texts.tell("refusal-too-large-detail", &[("megabytes", (most / MEGABYTE).into())]),
            Self::TooSlow => texts.say("refusal-too-slow-detail"),
            Self::Broken => texts.say("refusal-broken-detail"),
        }
    }

    fn page(self, texts: Texts, most: usize) -> Response {
        let page = format!(
            "<!doctype html><html lang=\"{language}\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width\"><title>{title} · Trialmark</title>\
             <link rel=\"stylesheet\" href=\"{style}\"></head>\
             <body><div class=\"wrap\"><main id=\"main\" class=\"slim\"><h1>{title}</h1><p>{detail}</p></main></div></body></html>",
            language = texts.lang().code(),
            title = self.title(texts),
            detail = self.detail(texts, most),
            style = crate::assets::names().style,
        );
        (self.status(), axum::Extension(NoScript), [(CACHE_CONTROL, "no-store")], Html(page)).into_response()
    }

    /// For programs, which read English.
    fn problem(self, most: usize) -> Response {
        let texts = Texts::of(Language::En);
        let problem = json!({
            "type": format!("urn:trialmark:problem:{}", self.name()),
            "title": self.title(texts),
            "status": self.status().as_u16(),
            "detail": self.detail(texts, most),
        });
        (self.status(), [(CACHE_CONTROL, "no-store"), (CONTENT_TYPE, "application/problem+json")], Json(problem))
            .into_response()
    }
}

/// An answer without words: [`word`] finds them once it is known who asked.
impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.status(), axum::Extension(self)).into_response()
    }
}

/// Whether a request comes from a program with a token, not from a browser with a cookie.
pub fn is_api(uri: &Uri) -> bool {
    uri.path().starts_with("/api/v1/")
}

/// Gives a refusal its words, in the form and the language the asker reads.
pub async fn word(request: Request, next: Next) -> Response {
    let (api, most) = (is_api(request.uri()), app::longest_body(request.uri().path()));
    let texts = Texts::of(app::any_reader(request.headers()));
    let response = next.run(request).await;
    let refusal = match response.extensions().get::<Refusal>() {
        Some(refusal) => *refusal,
        None if response.status() == StatusCode::PAYLOAD_TOO_LARGE => Refusal::TooLarge,
        None => return response,
    };
    let mut response = if api { refusal.problem(most) } else { refusal.page(texts, most) };
    if refusal == Refusal::TooSlow {
        response.headers_mut().insert(RETRY_AFTER, AGAIN);
    }
    response
}

const MEGABYTE: usize = 1024 * 1024;

/// A minute, in seconds.
const AGAIN: HeaderValue = HeaderValue::from_static("60");
