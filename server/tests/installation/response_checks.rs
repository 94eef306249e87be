//! Checks that every response must pass on an installation behind TLS.

use axum::http::{HeaderMap, header};

const BASE_URL: &str = "https://trialmark.example";

/// Attributes that hold an address.
const URL_ATTRIBUTES: [&str; 9] =
    ["src", "href", "action", "formaction", "poster", "srcset", "data-js", "data-wasm", "data"];

/// Asserts the security headers, the attributes of cookies, and that the page links to no other host.
pub fn assert_safe_response(asked: &str, headers: &HeaderMap, body: &[u8]) {
    let value = |name: header::HeaderName| headers.get(&name).map_or("", |value| value.to_str().unwrap());
    let policy = value(header::CONTENT_SECURITY_POLICY);
    for rule in ["default-src 'none'", "frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'"] {
        assert!(policy.split(';').any(|one| one.trim() == rule), "{asked}: {rule} is missing: {policy}");
    }
    assert!(!policy.contains("unsafe-inline") && !policy.contains("http"), "{asked}: {policy}");
    assert_eq!(value(header::STRICT_TRANSPORT_SECURITY), "max-age=31536000", "{asked}");
    assert_eq!(value(header::X_CONTENT_TYPE_OPTIONS), "nosniff", "{asked}");
    for cookie in headers.get_all(header::SET_COOKIE) {
        assert_cookie_attributes(asked, cookie.to_str().unwrap());
    }
    if value(header::CONTENT_TYPE).starts_with("text/html") {
        let html = String::from_utf8_lossy(body);
        assert_eq!(foreign_urls(&html), Vec::<&str>::new(), "{asked}: {html}");
    }
}

/// Cookies are limited to this host, to TLS and to same-site requests. Only the language and the saved draft are readable by
/// scripts. The cookies of what is shown once are limited to one path.
fn assert_cookie_attributes(asked: &str, cookie: &str) {
    let attributes: Vec<_> = cookie.split(';').map(str::trim).collect();
    let name = cookie.split('=').next().unwrap_or_default();
    let needed: &[&str] = match name {
        _ if is_readable_by_scripts(name) => &["SameSite=Lax", "Path=/"],
        _ if is_for_one_page(name) => &["SameSite=Strict", "HttpOnly"],
        _ => &["SameSite=Lax", "Path=/", "HttpOnly"],
    };
    for needed in needed.iter().chain(&["Secure"]) {
        assert!(attributes.contains(needed), "{asked}: {needed} is missing: {cookie}");
    }
    assert!(!attributes.iter().any(|one| one.starts_with("Domain")), "{asked}: {cookie}");
    let prefix = match name {
        _ if is_for_one_page(name) => "__Secure-",
        _ => "__Host-",
    };
    assert!(name.starts_with(prefix), "{asked}: {cookie}");
}

/// A secret that is shown once, or what was just saved.
fn is_for_one_page(name: &str) -> bool {
    name.ends_with("-shown") || name.ends_with("-flash")
}

fn is_readable_by_scripts(name: &str) -> bool {
    ["language", "draft"].iter().any(|seen| name.starts_with(&format!("__Host-trialmark-{seen}-")))
}

/// The addresses in a page that belong to other hosts.
fn foreign_urls(html: &str) -> Vec<&str> {
    let values = html.split("=\"").zip(html.split("=\"").skip(1));
    let urls = values.filter_map(|(before, after)| {
        let name = before.rsplit(char::is_whitespace).next()?;
        URL_ATTRIBUTES.contains(&name).then(|| after.split('"').next())?
    });
    let is_own = |to: &str| {
        let is_path = to.starts_with('/') && !to.starts_with("//") && !to.starts_with("/\\");
        let is_absolute = to.strip_prefix(BASE_URL).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        let has_other_scheme = ["mailto:", "tel:", "#", "?"].iter().any(|start| to.starts_with(start));
        is_path || is_absolute || has_other_scheme || to.is_empty()
    };
    urls.filter(|to| !is_own(to)).collect()
}

#[test]
fn urls_of_other_hosts_in_a_page_are_found() {
    let html = r##"<svg xmlns="http://www.w3.org/2000/svg"><a href="/p/shop">x</a><a class="btn" href="https://evil.example/">
        <img src="//evil.example/a.png" alt="a=b"><a href="https://trialmark.example.evil/">y</a><a href="#main"></a>
        <a href="https://trialmark.example/p/shop"></a><form action="http://trialmark.example/"><a href="mailto:a@b.example"></a>"##;
    let found = [
        "https://evil.example/",
        "//evil.example/a.png",
        "https://trialmark.example.evil/",
        "http://trialmark.example/",
    ];
    assert_eq!(foreign_urls(html), found);
}
