//! Errors of the middleware, before or instead of the application: a page for people and a problem document for programs.

use app::NoScript;
use app::addresses;
use app::doors::BodyLimits;
use app::texts::Texts;
use axum::Json;
use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use domain::business::Language;
use serde_json::json;

/// Why the middleware refused a request or gave it up.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum MiddlewareError {
    CrossSite,
    TooLarge,
    TooSlow,
    Panicked,
}

impl MiddlewareError {
    const fn status(self) -> StatusCode {
        match self {
            Self::CrossSite => StatusCode::FORBIDDEN,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::SERVICE_UNAVAILABLE,
            Self::Panicked => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The stable name of this problem for programs.
    const fn name(self) -> &'static str {
        match self {
            Self::CrossSite => "cross-site",
            Self::TooLarge => "too-large",
            Self::TooSlow => "too-slow",
            Self::Panicked => "internal",
        }
    }

    fn title(self, texts: Texts) -> String {
        texts.text(match self {
            Self::CrossSite => "refusal-cross-site-title",
            Self::TooLarge => "refusal-too-large-title",
            Self::TooSlow => "refusal-too-slow-title",
            Self::Panicked => "refusal-broken-title",
        })
    }

    /// `max_body_size` is that of the requested address, in bytes.
    fn detail(self, texts: Texts, max_body_size: usize) -> String {
        match self {
            Self::CrossSite => texts.text("refusal-cross-site-detail"),
            Self::TooLarge => {
                texts.text_with("refusal-too-large-detail", &[("megabytes", (max_body_size / MEGABYTE).into())])
            }
            Self::TooSlow => texts.text("refusal-too-slow-detail"),
            Self::Panicked => texts.text("refusal-broken-detail"),
        }
    }

    fn page(self, texts: Texts, max_body_size: usize) -> Response {
        let page = format!(
            "<!doctype html><html lang=\"{language}\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width\"><title>{title} · Trialmark</title>\
             <link rel=\"stylesheet\" href=\"{style}\"></head>\
             <body><div class=\"wrap\"><main id=\"main\" class=\"slim\"><h1>{title}</h1><p>{detail}</p></main></div></body></html>",
            language = texts.lang().code(),
            title = self.title(texts),
            detail = self.detail(texts, max_body_size),
            style = crate::assets::names().style,
        );
        (self.status(), axum::Extension(NoScript), [(CACHE_CONTROL, "no-store")], Html(page)).into_response()
    }

    /// A problem document. It is in English.
    fn problem(self, max_body_size: usize) -> Response {
        let texts = Texts::of(Language::En);
        let problem = json!({
            "type": format!("urn:trialmark:problem:{}", self.name()),
            "title": self.title(texts),
            "status": self.status().as_u16(),
            "detail": self.detail(texts, max_body_size),
        });
        (self.status(), [(CACHE_CONTROL, "no-store"), (CONTENT_TYPE, "application/problem+json")], Json(problem))
            .into_response()
    }
}

/// A response without a body: [`render_errors`], which knows who asked, adds the page or the document.
impl IntoResponse for MiddlewareError {
    fn into_response(self) -> Response {
        (self.status(), axum::Extension(self)).into_response()
    }
}

/// Whether a request goes to the REST interface, which takes tokens and no cookies.
pub fn is_api(uri: &Uri) -> bool {
    uri.path().strip_prefix(addresses::API).is_some_and(|below| below.starts_with('/'))
}

/// Renders middleware errors as a page in the client's language, or as a problem document.
pub async fn render_errors(State(limits): State<BodyLimits>, request: Request, next: Next) -> Response {
    let (is_api_request, max_body_size) = (is_api(request.uri()), limits.at(request.uri().path()));
    let texts = Texts::of(app::preferred_language(request.headers()));
    let response = next.run(request).await;
    let error = match response.extensions().get::<MiddlewareError>() {
        Some(error) => *error,
        None if response.status() == StatusCode::PAYLOAD_TOO_LARGE => MiddlewareError::TooLarge,
        None => return response,
    };
    let mut response = if is_api_request { error.problem(max_body_size) } else { error.page(texts, max_body_size) };
    if error == MiddlewareError::TooSlow {
        response.headers_mut().insert(RETRY_AFTER, RETRY_AFTER_SECONDS);
    }
    response
}

const MEGABYTE: usize = 1024 * 1024;

/// In seconds.
const RETRY_AFTER_SECONDS: HeaderValue = HeaderValue::from_static("60");
