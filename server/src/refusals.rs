//! Answers the server gives by itself, before or instead of the application: one table, a page for people and a
//! problem document for programs.

use app::NoScript;
use axum::Json;
use axum::extract::Request;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
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

    const fn title(self) -> &'static str {
        match self {
            Self::CrossSite => "This form came from another site",
            Self::TooLarge => "This is too large",
            Self::TooSlow => "This took too long",
            Self::Broken => "The server made a mistake",
        }
    }

    const fn detail(self) -> &'static str {
        match self {
            Self::CrossSite => "Nothing was stored. Open Trialmark itself and fill in the form there.",
            Self::TooLarge => "Nothing was stored. At most 1 MB can be sent at once; shorten it and send it again.",
            Self::TooSlow => "The answer was given up after 30 seconds. Try again in a minute.",
            Self::Broken => "What you sent may not have been stored. Go back, check, and try again.",
        }
    }

    fn page(self) -> Response {
        let page = format!(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width\"><title>{title} · Trialmark</title>\
             <link rel=\"stylesheet\" href=\"{style}\"></head>\
             <body><div class=\"wrap\"><main id=\"main\" class=\"slim\"><h1>{title}</h1><p>{detail}</p></main></div></body></html>",
            title = self.title(),
            detail = self.detail(),
            style = crate::assets::names().style,
        );
        (self.status(), axum::Extension(NoScript), [(CACHE_CONTROL, "no-store")], Html(page)).into_response()
    }

    fn problem(self) -> Response {
        let problem = json!({
            "type": format!("urn:trialmark:problem:{}", self.name()),
            "title": self.title(),
            "status": self.status().as_u16(),
            "detail": self.detail(),
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

/// Gives a refusal its words, in the form the asker reads.
pub async fn word(request: Request, next: Next) -> Response {
    let api = is_api(request.uri());
    let response = next.run(request).await;
    let refusal = match response.extensions().get::<Refusal>() {
        Some(refusal) => *refusal,
        None if response.status() == StatusCode::PAYLOAD_TOO_LARGE => Refusal::TooLarge,
        None => return response,
    };
    if api { refusal.problem() } else { refusal.page() }
}
