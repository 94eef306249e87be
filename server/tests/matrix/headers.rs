//! The response headers of every door, compared with one table: content type, caching, security policies.

use axum::http::{HeaderMap, HeaderName, HeaderValue, Response};

use crate::*;

/// Headers of every response.
const COMMON_HEADERS: [(&str, &str); 6] = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("trialmark", "1"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("strict-transport-security", "max-age=31536000"),
];

/// Doors that do not answer with a page: the end of the address, the content type, and the cache policy.
const FILES: [(&str, &str, &str); 16] = [
    ("/assets/{name}", "text/css; charset=utf-8", "public, max-age=31536000, immutable"),
    ("/sw.js", "text/javascript; charset=utf-8", "no-cache"),
    ("/manifest.webmanifest", "application/manifest+json", "no-cache"),
    ("/favicon.ico", "image/x-icon", "public, max-age=86400"),
    ("/apple-touch-icon.png", "image/png", "public, max-age=86400"),
    ("/robots.txt", "text/plain; charset=utf-8", "public, max-age=3600"),
    ("/sitemap.xml", "application/xml", "public, max-age=3600"),
    ("/healthz", "text/plain; charset=utf-8", "no-store"),
    ("/readyz", "text/plain; charset=utf-8", "no-store"),
    ("/record.jsonl", "application/jsonl; charset=utf-8", "no-cache"),
    ("/audit.csv", "text/csv; charset=utf-8", "no-store"),
    ("/account/kept.json", "application/json", "no-store"),
    ("/customer.json", "application/json", "no-store"),
    ("/photos/{hash}", "image/jpeg", "no-store"),
    ("/live", "text/event-stream", "no-store"),
    ("/settings/export.zip", "application/zip", "no-store"),
];

fn header_value<'h>(headers: &'h HeaderMap, name: &str) -> &'h str {
    headers.get(name).map_or("", |value| value.to_str().unwrap())
}

fn varies_by(headers: &HeaderMap, name: &str) -> bool {
    let all = headers.get_all(header::VARY).iter().flat_map(|value| value.to_str().unwrap().split(','));
    all.map(str::trim).any(|one| one.eq_ignore_ascii_case(name))
}

/// The Content-Security-Policy is one of three: of a page with scripts, of a page without, of a picture.
fn assert_content_security_policy(asked: &str, door: &Door, headers: &HeaderMap, is_picture: bool) {
    let policy = header_value(headers, "content-security-policy");
    let parts: Vec<_> = policy.split(';').map(str::trim).collect();
    for needed in ["default-src 'none'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"] {
        assert!(parts.contains(&needed), "{asked}: {policy}");
    }
    let scripts = parts.iter().find_map(|part| part.strip_prefix("script-src "));
    if is_picture {
        assert!(parts.contains(&"sandbox") && parts.len() == 5 && scripts.is_none(), "{asked}: {policy}");
        return;
    }
    let scripts = scripts.unwrap_or_else(|| panic!("{asked}: {policy}"));
    let nonce =
        scripts.strip_prefix("'nonce-").and_then(|rest| rest.split_once("' ")).map(|(nonce, rest)| (nonce.len(), rest));
    let is_scripted = nonce == Some((32, "'strict-dynamic' 'wasm-unsafe-eval'"));
    assert!(is_scripted || scripts == "'none'", "{asked}: {policy}");
    if door.path.starts_with("/p/")
        && door.path.matches('/').count() < 4
        && header_value(headers, "content-type").starts_with("text/html")
    {
        assert_eq!(scripts, "'none'", "{asked}: public pages run no scripts");
    }
}

async fn send(setup: &Setup, request: Request<Body>) -> (Response<()>, Vec<u8>) {
    let (parts, body) = setup.router.clone().oneshot(request).await.unwrap().into_parts();
    (Response::from_parts(parts, ()), body.collect().await.unwrap().to_bytes().to_vec())
}

#[tokio::test]
async fn every_response_has_the_expected_headers() {
    let setup = Setup::new().await;
    let (mut responses, mut files, mut pictures) = (0, Vec::new(), 0);
    for door in &setup.doors {
        for id_owner in IdOwner::variants(door) {
            for caller in setup.people.callers(&setup.installation).await {
                let path = fill(&door.path, id_owner, &setup.own, &setup.foreign);
                let (answer, body) = send(&setup, request(door, &path, &caller)).await;
                let (status, headers) = (answer.status(), answer.headers());
                let asked = format!("{} {path} by {}: {status} {headers:?}", door.method, caller.name);
                for (name, value) in COMMON_HEADERS {
                    assert_eq!(header_value(headers, name), value, "{name}: {asked}");
                }
                let (content_type, cache_control) =
                    (header_value(headers, "content-type"), header_value(headers, "cache-control"));
                let is_picture = content_type.starts_with("image/jpeg");
                assert_content_security_policy(&asked, door, headers, is_picture);
                pictures += usize::from(is_picture);
                let api = door.path.starts_with("/api/");
                let file = FILES.iter().find(|(end, ..)| door.path.ends_with(end)).filter(|_| status == 200);
                let expected = match file {
                    Some((_, expected, _)) => *expected,
                    None if api && status.is_success() => "application/json",
                    None if api => "application/problem+json",
                    None if door.path.starts_with("/do/") => content_type,
                    None if content_type == "application/json" && door.path.ends_with("/question") => content_type,
                    None => "text/html; charset=utf-8",
                };
                assert!(
                    content_type == expected || (content_type.is_empty() && body.is_empty()),
                    "{expected}: {asked}"
                );
                // The streams of this test have ended and are empty.
                assert!(content_type.is_empty() == body.is_empty() || content_type == "text/event-stream", "{asked}");
                match file {
                    Some((end, _, expected)) => {
                        assert_eq!(cache_control, *expected, "{asked}");
                        files.push(*end);
                    }
                    None if api || !matches!(door.rules.access, AccessRule::Anyone) => {
                        assert_eq!(cache_control, "no-store", "{asked}");
                    }
                    None => assert!(matches!(cache_control, "no-store" | "no-cache" | "private, no-cache"), "{asked}"),
                }
                if cache_control == "private, no-cache" || (cache_control == "no-cache" && file.is_none()) {
                    assert!(varies_by(headers, "cookie") && varies_by(headers, "accept-language"), "{asked}");
                }
                let tag = header_value(headers, "etag");
                assert!(
                    tag.is_empty() || tag.starts_with("W/\""),
                    "a strong ETag would be wrong after compression: {asked}"
                );
                assert!(
                    !headers.contains_key("access-control-allow-origin") && !headers.contains_key("server"),
                    "{asked}"
                );
                responses += 1;
            }
        }
    }
    let missing: Vec<_> = FILES.iter().filter(|(end, ..)| !files.contains(end)).collect();
    assert!(missing.is_empty(), "no caller got {missing:?}");
    assert!(pictures > 1, "{pictures}");
    println!("{} doors, {responses} responses", setup.doors.len());
}

/// The page without its nonce, which is new each time.
fn without_nonce(body: &[u8], headers: &HeaderMap) -> String {
    let policy = header_value(headers, "content-security-policy");
    let nonce = policy.split_once("'nonce-").and_then(|(_, rest)| rest.split_once('\'')).map_or("", |(nonce, _)| nonce);
    let text = String::from_utf8_lossy(body);
    if nonce.is_empty() { text.into_owned() } else { text.replace(nonce, "") }
}

/// Request headers, each with the name that `Vary` must contain if the response depends on it.
fn request_headers(owner: &Caller) -> Vec<(&'static str, HeaderName, String)> {
    let Credentials::Session(session) = &owner.credentials else { panic!("the owner is signed in") };
    vec![
        ("cookie", header::COOKIE, "language=pl".to_owned()),
        ("cookie", header::COOKIE, format!("__Host-trialmark={session}")),
        ("cookie", header::COOKIE, format!("__Host-trialmark={session}; language=pl")),
        ("cookie", header::COOKIE, "__Host-trialmark-device=0".to_owned()),
        ("accept-language", header::ACCEPT_LANGUAGE, "pl".to_owned()),
        ("accept-language", header::ACCEPT_LANGUAGE, "pl;q=0.9, en;q=0.1".to_owned()),
        ("accept-encoding", header::ACCEPT_ENCODING, "br".to_owned()),
        ("accept-encoding", header::ACCEPT_ENCODING, "gzip".to_owned()),
        ("authorization", header::AUTHORIZATION, "Bearer tm_0".to_owned()),
        ("accept", header::ACCEPT, "application/json".to_owned()),
        ("user-agent", header::USER_AGENT, "Mozilla/5.0 (iPhone)".to_owned()),
        ("origin", header::ORIGIN, "https://evil.example".to_owned()),
    ]
}

#[tokio::test]
async fn vary_names_every_header_that_changes_a_response() {
    let setup = Setup::new().await;
    let owner = setup.owner().await;
    let (mut compared, mut differed) = (0, 0);
    let get_doors: Vec<_> = setup.doors.iter().filter(|door| door.method == Method::GET).collect();
    for door in &get_doors {
        for id_owner in IdOwner::variants(door) {
            let path = fill(&door.path, id_owner, &setup.own, &setup.foreign);
            let plain_request =
                || Request::get(&path).header(header::HOST, "trialmark.example").body(Body::empty()).unwrap();
            let (alone, body) = send(&setup, plain_request()).await;
            let alone_text = without_nonce(&body, alone.headers());
            for (field, name, value) in request_headers(&owner) {
                let mut request = plain_request();
                request.headers_mut().insert(name, HeaderValue::try_from(&value).unwrap());
                let (answer, body) = send(&setup, request).await;
                let is_same = answer.status() == alone.status()
                    && answer.headers().get(header::LOCATION) == alone.headers().get(header::LOCATION)
                    && answer.headers().get(header::CONTENT_ENCODING) == alone.headers().get(header::CONTENT_ENCODING)
                    && without_nonce(&body, answer.headers()) == alone_text;
                compared += 1;
                if is_same {
                    continue;
                }
                differed += 1;
                // A cache may store either response first.
                for headers in [alone.headers(), answer.headers()] {
                    let cache_control = header_value(headers, "cache-control");
                    assert!(
                        cache_control == "no-store" || varies_by(headers, field),
                        "{path} differs by {field} ({value}), which Vary does not name: {headers:?}"
                    );
                }
            }
        }
    }
    println!("{} doors, {compared} pairs, {differed} differ", get_doors.len());
    assert!(differed > 100, "{differed} of {compared}");
}
