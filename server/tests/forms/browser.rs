//! A browser without scripts, in front of an installation.

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

use crate::answer::is_at_home;
use crate::installation::Installation;

pub const ASSETS: app::AssetNames = app::AssetNames {
    style: "/style.css",
    icon: "/icon.svg",
    home_icon: "/icon-cut-180.png",
    boot: "/boot.js",
    passkeys: "/passkeys.js",
    live: "/live.js",
    rounds: "/rounds.js",
    forms: "/forms.js",
    js: "/app.js",
    wasm: "/app.wasm",
};

pub struct Browser {
    installation: Arc<Installation>,
    router: Router,
    /// The session, once signed in.
    pub cookie: String,
    /// Where it asks from, as if over a connection.
    from: Option<IpAddr>,
}

/// What came back.
pub struct Page {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub html: String,
}

/// What was downloaded.
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
    /// In front of an empty installation.
    pub async fn new() -> Self {
        let installation = Arc::new(Installation::new().await);
        let state = app::State::new(installation.store.clone(), "https://trialmark.example", ASSETS);
        Self { router: server::serve::router(state), installation, cookie: String::new(), from: None }
    }

    /// Signed in as the owner of a business just begun.
    pub async fn begun() -> Self {
        let mut browser = Self::new().await;
        let done = browser.post("/begin", &begin()).await;
        assert_eq!(done.status, 303, "{}", done.html);
        browser.keep(&done);
        browser
    }

    /// The same, after someone has signed in.
    pub async fn signed_in(mut self, email: &str, password: &str) -> Self {
        let page = self.post("/sign-in", &[("email", email.to_owned()), ("password", password.to_owned())]).await;
        assert_eq!(page.status, 303, "{}", page.html);
        self.keep(&page);
        self
    }

    /// Keeps the cookie that came with a page.
    pub fn keep(&mut self, page: &Page) {
        page.given().clone_into(&mut self.cookie);
    }

    /// Another browser in front of the same installation, where nobody is signed in.
    pub fn another(&self) -> Self {
        let (installation, router) = (Arc::clone(&self.installation), self.router.clone());
        Self { installation, router, cookie: String::new(), from: None }
    }

    /// The same browser, somewhere.
    pub fn at(mut self, address: &str) -> Self {
        self.from = Some(address.parse().unwrap());
        self
    }

    pub async fn get(&self, path: &str) -> Page {
        self.ask(Request::get(path), Body::empty()).await
    }

    pub async fn get_in(&self, language: &str, path: &str) -> Page {
        self.ask(Request::get(path).header(header::ACCEPT_LANGUAGE, language), Body::empty()).await
    }

    pub async fn post(&self, path: &str, fields: &[(&str, String)]) -> Page {
        let body = serde_html_form::to_string(fields).unwrap();
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.ask(request, Body::from(body)).await
    }

    /// What a form leads to, with the cookie that came for that page: where something is shown once.
    pub async fn shown(&self, path: &str, fields: &[(&str, String)]) -> Page {
        let made = self.post(path, fields).await;
        assert_eq!(made.status, 303, "{path}: {}", made.html);
        let mut owner = self.another();
        owner.cookie = format!("{}; {}", self.cookie, made.given());
        owner.get(made.location()).await
    }

    /// A form with a file in a field of the name `photo`, in parts (RFC 7578).
    pub async fn post_with(&self, path: &str, fields: &[(&str, String)], file: &[u8]) -> Page {
        let field = |(name, value): &(&str, String)| {
            format!("--part\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let fields: String = fields.iter().map(field).collect();
        let head = "--part\r\ncontent-disposition: form-data; name=\"photo\"; filename=\"x.jpg\"\r\n\r\n";
        let body = [fields.as_bytes(), head.as_bytes(), file, b"\r\n--part--\r\n"].concat();
        let request = Request::post(path).header(header::CONTENT_TYPE, "multipart/form-data; boundary=part");
        self.ask(request.header(header::CONTENT_LENGTH, body.len()), Body::from(body)).await
    }

    /// What a script sends.
    pub async fn send(&self, path: &str, body: Vec<u8>) -> Page {
        self.ask(Request::post(path).header(header::CONTENT_LENGTH, body.len()), Body::from(body)).await
    }

    /// An answer as it begins.
    pub async fn answered(&self, request: Request<Body>) -> Response {
        self.router.clone().oneshot(request).await.unwrap()
    }

    /// An answer that goes on.
    pub async fn stream(&self, path: &str) -> Body {
        let request = Request::get(path).header(header::COOKIE, &self.cookie).body(Body::empty()).unwrap();
        let answer = self.answered(request).await;
        assert_eq!(answer.status(), 200, "{path}");
        answer.into_body()
    }

    /// What is downloaded.
    pub async fn file(&self, path: &str) -> Download {
        let (status, headers, bytes) =
            self.answer(Request::get(path).header(header::ACCEPT_ENCODING, "br"), Body::empty()).await;
        assert_eq!(status, 200, "{path}");
        Download { headers, bytes }
    }

    async fn ask(&self, request: axum::http::request::Builder, body: Body) -> Page {
        let (status, headers, bytes) = self.answer(request, body).await;
        Page { status, headers, html: String::from_utf8(bytes).unwrap() }
    }

    async fn answer(&self, request: axum::http::request::Builder, body: Body) -> (StatusCode, HeaderMap, Vec<u8>) {
        let request = request.header(header::COOKIE, &self.cookie).header(header::HOST, "trialmark.example");
        let mut request = request.body(body).unwrap();
        if let Some(from) = self.from {
            request.extensions_mut().insert(app::Client(from));
        }
        let asked = request.uri().to_string();
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        is_at_home(&asked, &parts.headers, &bytes);
        (parts.status, parts.headers, bytes.to_vec())
    }

    /// Until a table has so many rows: what is written beside an answer comes a moment later.
    pub async fn settles(&self, table: &str, rows: i64) {
        for _ in 0..500 {
            if self.counted().await.iter().any(|(name, count)| name == table && *count == rows) {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        panic!("there are not {rows} rows in {table}: {:?}", self.counted().await);
    }

    /// The newest id in a table.
    pub async fn newest(&self, table: &str) -> String {
        let sql = sqlx::AssertSqlSafe(format!("SELECT id FROM {table} ORDER BY rowid DESC LIMIT 1"));
        let (id,): (Uuid,) = sqlx::query_as(sql).fetch_one(&self.rows).await.unwrap();
        id.to_string()
    }
}

impl Page {
    /// The cookie that came with it.
    pub fn given(&self) -> &str {
        self.headers[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap()
    }

    pub fn location(&self) -> &str {
        self.headers.get(header::LOCATION).map_or("", |value| value.to_str().unwrap())
    }

    /// Ids that stand more than once.
    pub fn doubled_ids(&self) -> Vec<&str> {
        let mut ids: Vec<_> = self.html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        ids.sort_unstable();
        let doubled = ids.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]);
        doubled.collect()
    }
}

/// What the first page asks for.
pub fn begin() -> Vec<(&'static str, String)> {
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
