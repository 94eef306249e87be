//! A browser without JavaScript, and its installation.

use std::net::IpAddr;
use std::ops::Deref;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use axum::response::Response;
use http_body_util::BodyExt;
use tower::ServiceExt;
use uuid::Uuid;

use crate::installation::Installation;
use crate::response_checks::assert_safe_response;

pub const ASSETS: app::AssetNames = app::AssetNames {
    style: "/style.css",
    icon: "/icon.svg",
    home_icon: "/icon-cut-180.png",
    islands: "/islands.js",
    passkeys: "/passkeys.js",
    live: "/live.js",
    pending_checks: "/pending_checks.js",
    drafts: "/drafts.js",
    js: "/app.js",
    wasm: "/app.wasm",
};

pub struct Browser {
    installation: Arc<Installation>,
    router: Router,
    /// The session, once signed in.
    pub cookie: String,
    /// The IP address it seems to connect from.
    from: Option<IpAddr>,
}

/// A response with its HTML.
pub struct Page {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub html: String,
}

/// A downloaded file.
pub struct Download {
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Deref for Browser {
    type Target = Installation;

    fn deref(&self) -> &Installation {
        &self.installation
    }
}

impl Browser {
    /// With an empty installation.
    pub async fn new() -> Self {
        let installation = Arc::new(Installation::new().await);
        let state = app::AppState::new(installation.store.clone(), "https://trialmark.example", ASSETS);
        Self { router: server::serve::router(state), installation, cookie: String::new(), from: None }
    }

    /// Signed in as the owner of a new business.
    pub async fn with_business() -> Self {
        let mut browser = Self::new().await;
        let done = browser.post("/begin", &first_business()).await;
        assert_eq!(done.status, 303, "{}", done.html);
        browser.keep_cookie(&done);
        browser
    }

    /// Signs in.
    pub async fn signed_in(mut self, email: &str, password: &str) -> Self {
        let page = self.post("/sign-in", &[("email", email.to_owned()), ("password", password.to_owned())]).await;
        assert_eq!(page.status, 303, "{}", page.html);
        self.keep_cookie(&page);
        self
    }

    /// Keeps the cookie that a page has set.
    pub fn keep_cookie(&mut self, page: &Page) {
        page.cookie().clone_into(&mut self.cookie);
    }

    /// Another browser for the same installation, without a session.
    pub fn another_browser(&self) -> Self {
        let (installation, router) = (Arc::clone(&self.installation), self.router.clone());
        Self { installation, router, cookie: String::new(), from: None }
    }

    /// Sets the IP address that the browser connects from.
    pub fn with_client_address(mut self, address: &str) -> Self {
        self.from = Some(address.parse().unwrap());
        self
    }

    pub async fn get(&self, path: &str) -> Page {
        self.request_page(Request::get(path), Body::empty()).await
    }

    pub async fn get_in_language(&self, language: &str, path: &str) -> Page {
        self.request_page(Request::get(path).header(header::ACCEPT_LANGUAGE, language), Body::empty()).await
    }

    pub async fn post(&self, path: &str, fields: &[(&str, String)]) -> Page {
        let body = serde_html_form::to_string(fields).unwrap();
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.request_page(request, Body::from(body)).await
    }

    /// Submits a form, and follows its redirect with the cookie that it has set, as for a secret that is shown once.
    pub async fn post_and_follow(&self, path: &str, fields: &[(&str, String)]) -> Page {
        let made = self.post(path, fields).await;
        assert_eq!(made.status, 303, "{path}: {}", made.html);
        let mut owner = self.another_browser();
        owner.cookie = format!("{}; {}", self.cookie, made.cookie());
        owner.get(made.location()).await
    }

    /// Posts a form with a file in the field `photo`, as multipart/form-data (RFC 7578).
    pub async fn post_multipart(&self, path: &str, fields: &[(&str, String)], file: &[u8]) -> Page {
        let field = |(name, value): &(&str, String)| {
            format!("--part\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let fields: String = fields.iter().map(field).collect();
        let head = "--part\r\ncontent-disposition: form-data; name=\"photo\"; filename=\"x.jpg\"\r\n\r\n";
        let body = [fields.as_bytes(), head.as_bytes(), file, b"\r\n--part--\r\n"].concat();
        let request = Request::post(path).header(header::CONTENT_TYPE, "multipart/form-data; boundary=part");
        self.request_page(request.header(header::CONTENT_LENGTH, body.len()), Body::from(body)).await
    }

    /// Posts bytes, as a script does.
    pub async fn send(&self, path: &str, body: Vec<u8>) -> Page {
        self.request_page(Request::post(path).header(header::CONTENT_LENGTH, body.len()), Body::from(body)).await
    }

    /// The response without its body.
    pub async fn response(&self, request: Request<Body>) -> Response {
        self.router.clone().oneshot(request).await.unwrap()
    }

    /// The body of an event stream.
    pub async fn stream(&self, path: &str) -> Body {
        let request = Request::get(path).header(header::COOKIE, &self.cookie).body(Body::empty()).unwrap();
        let answer = self.response(request).await;
        assert_eq!(answer.status(), 200, "{path}");
        answer.into_body()
    }

    /// Downloads a file.
    pub async fn file(&self, path: &str) -> Download {
        let (status, headers, bytes) =
            self.answer(Request::get(path).header(header::ACCEPT_ENCODING, "br"), Body::empty()).await;
        assert_eq!(status, 200, "{path}");
        Download { headers, bytes }
    }

    async fn request_page(&self, request: axum::http::request::Builder, body: Body) -> Page {
        let (status, headers, bytes) = self.answer(request, body).await;
        Page { status, headers, html: String::from_utf8(bytes).unwrap() }
    }

    async fn answer(&self, request: axum::http::request::Builder, body: Body) -> (StatusCode, HeaderMap, Vec<u8>) {
        let request = request.header(header::COOKIE, &self.cookie).header(header::HOST, "trialmark.example");
        let mut request = request.body(body).unwrap();
        if let Some(from) = self.from {
            request.extensions_mut().insert(app::ClientAddress(from));
        }
        let asked = request.uri().to_string();
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        assert_safe_response(&asked, &parts.headers, &bytes);
        (parts.status, parts.headers, bytes.to_vec())
    }

    /// Waits until a table has this number of rows, because some rows are written after the response.
    pub async fn wait_for_rows(&self, table: &str, rows: i64) {
        for _ in 0..500 {
            if self.row_counts().await.iter().any(|(name, count)| name == table && *count == rows) {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        panic!("there are not {rows} rows in {table}: {:?}", self.row_counts().await);
    }

    /// The newest id in a table.
    pub async fn newest_id(&self, table: &str) -> String {
        let sql = sqlx::AssertSqlSafe(format!("SELECT id FROM {table} ORDER BY rowid DESC LIMIT 1"));
        let (id,): (Uuid,) = sqlx::query_as(sql).fetch_one(&self.pool).await.unwrap();
        id.to_string()
    }
}

impl Page {
    /// The cookie that the response sets.
    pub fn cookie(&self) -> &str {
        self.headers[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap()
    }

    pub fn location(&self) -> &str {
        self.headers.get(header::LOCATION).map_or("", |value| value.to_str().unwrap())
    }

    /// Ids that occur more than once.
    pub fn duplicate_ids(&self) -> Vec<&str> {
        let mut ids: Vec<_> = self.html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        ids.sort_unstable();
        let duplicates = ids.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]);
        duplicates.collect()
    }
}

/// The fields of the form for the first business.
pub fn first_business() -> Vec<(&'static str, String)> {
    [
        ("name", "Prairie Stop"),
        ("slug", "prairie-stop"),
        ("zone", "America/Chicago"),
        ("currency", "USD"),
        ("language", "en"),
        ("contact_name", "June Hart"),
        ("contact_email", "june@example.com"),
        ("contact_phone", "555 0142"),
        ("email", "june@door.example"),
        ("password", "a long enough secret"),
    ]
    .map(|(name, value)| (name, value.to_owned()))
    .to_vec()
}
