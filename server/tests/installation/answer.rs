//! What every answer keeps to, whatever was asked, where people come over TLS.

use axum::http::{HeaderMap, header};

const HOME: &str = "https://trialmark.example";

/// Attributes by which a page makes a browser go somewhere, or fetch something.
const WAYS: [&str; 9] = ["src", "href", "action", "formaction", "poster", "srcset", "data-js", "data-wasm", "data"];

/// Whether an answer is framed by nobody, comes encrypted next time, and leads nowhere else.
pub fn is_at_home(asked: &str, headers: &HeaderMap, body: &[u8]) {
    let says = |name: header::HeaderName| headers.get(&name).map_or("", |value| value.to_str().unwrap());
    let policy = says(header::CONTENT_SECURITY_POLICY);
    for rule in ["default-src 'none'", "frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'"] {
        assert!(policy.split(';').any(|one| one.trim() == rule), "{asked}: {rule} is missing: {policy}");
    }
    assert!(!policy.contains("unsafe-inline") && !policy.contains("http"), "{asked}: {policy}");
    assert_eq!(says(header::STRICT_TRANSPORT_SECURITY), "max-age=31536000", "{asked}");
    assert_eq!(says(header::X_CONTENT_TYPE_OPTIONS), "nosniff", "{asked}");
    for cookie in headers.get_all(header::SET_COOKIE) {
        is_bound(asked, cookie.to_str().unwrap());
    }
    if says(header::CONTENT_TYPE).starts_with("text/html") {
        let html = String::from_utf8_lossy(body);
        assert_eq!(elsewhere(&html), Vec::<&str>::new(), "{asked}: {html}");
    }
}

/// A cookie goes to this host only, encrypted, and not with what other sites ask. Scripts see the language and which
/// draft was saved; what is shown once goes to its own page alone.
fn is_bound(asked: &str, cookie: &str) {
    let attributes: Vec<_> = cookie.split(';').map(str::trim).collect();
    let name = cookie.split('=').next().unwrap_or_default();
    let needed: &[&str] = match name {
        _ if is_seen_by_scripts(name) => &["SameSite=Lax", "Path=/"],
        _ if name.ends_with("-shown") => &["SameSite=Strict", "HttpOnly"],
        _ => &["SameSite=Lax", "Path=/", "HttpOnly"],
    };
    for needed in needed.iter().chain(&["Secure"]) {
        assert!(attributes.contains(needed), "{asked}: {needed} is missing: {cookie}");
    }
    assert!(!attributes.iter().any(|one| one.starts_with("Domain")), "{asked}: {cookie}");
    let prefix = match name {
        _ if name.ends_with("-shown") => "__Secure-",
        _ => "__Host-",
    };
    assert!(name.starts_with(prefix), "{asked}: {cookie}");
}

fn is_seen_by_scripts(name: &str) -> bool {
    ["language", "draft"].iter().any(|seen| name.starts_with(&format!("__Host-trialmark-{seen}-")))
}

/// Where a page leads that is not this installation.
fn elsewhere(html: &str) -> Vec<&str> {
    let values = html.split("=\"").zip(html.split("=\"").skip(1));
    let ways = values.filter_map(|(before, after)| {
        let name = before.rsplit(char::is_whitespace).next()?;
        WAYS.contains(&name).then(|| after.split('"').next())?
    });
    let is_here = |to: &str| {
        let plain = to.starts_with('/') && !to.starts_with("//") && !to.starts_with("/\\");
        let home = to.strip_prefix(HOME).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        let another_way = ["mailto:", "tel:", "#", "?"].iter().any(|start| to.starts_with(start));
        plain || home || another_way || to.is_empty()
    };
    ways.filter(|to| !is_here(to)).collect()
}

#[test]
fn what_leads_elsewhere_is_found() {
    let html = r##"<svg xmlns="http://www.w3.org/2000/svg"><a href="/p/shop">x</a><a class="btn" href="https://evil.example/">
        <img src="//evil.example/a.png" alt="a=b"><a href="https://trialmark.example.evil/">y</a><a href="#main"></a>
        <a href="https://trialmark.example/p/shop"></a><form action="http://trialmark.example/"><a href="mailto:a@b.example"></a>"##;
    let found = [
        "https://evil.example/",
        "//evil.example/a.png",
        "https://trialmark.example.evil/",
        "http://trialmark.example/",
    ];
    assert_eq!(elsewhere(html), found);
}
