//! The head of every door's answer, held against one table: what it is, who may keep it, and what a browser may do with it.

use axum::http::{HeaderMap, HeaderName, HeaderValue, Response};

use crate::*;

/// What every answer says, whatever it is.
const ALWAYS: [(&str, &str); 6] = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("trialmark", "1"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("strict-transport-security", "max-age=31536000"),
];

/// Doors that answer with something else than a page, where it is found: by the end of its address, its type, and who may keep it.
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

fn says<'h>(headers: &'h HeaderMap, name: &str) -> &'h str {
    headers.get(name).map_or("", |value| value.to_str().unwrap())
}

fn varies_by(headers: &HeaderMap, name: &str) -> bool {
    let all = headers.get_all(header::VARY).iter().flat_map(|value| value.to_str().unwrap().split(','));
    all.map(str::trim).any(|one| one.eq_ignore_ascii_case(name))
}

/// The policy of an answer is one of three: a page with scripts, a page without, a picture.
fn has_a_policy(asked: &str, door: &Door, headers: &HeaderMap, is_picture: bool) {
    let policy = says(headers, "content-security-policy");
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
        && says(headers, "content-type").starts_with("text/html")
    {
        assert_eq!(scripts, "'none'", "{asked}: what anyone reads runs no script");
    }
}

async fn answered(house: &House, request: Request<Body>) -> (Response<()>, Vec<u8>) {
    let (parts, body) = house.router.clone().oneshot(request).await.unwrap().into_parts();
    (Response::from_parts(parts, ()), body.collect().await.unwrap().to_bytes().to_vec())
}

#[tokio::test]
async fn every_answer_is_what_the_table_says() {
    let house = House::new().await;
    let (mut cells, mut files, mut pictures) = (0, Vec::new(), 0);
    for door in &house.doors {
        for whose in Whose::of(door) {
            for caller in house.people.callers(&house.installation).await {
                let path = fill(&door.path, whose, &house.own, &house.foreign);
                let (answer, body) = answered(&house, ask(door, &path, &caller)).await;
                let (status, headers) = (answer.status(), answer.headers());
                let asked = format!("{} {path} by {}: {status} {headers:?}", door.method, caller.name);
                for (name, value) in ALWAYS {
                    assert_eq!(says(headers, name), value, "{name}: {asked}");
                }
                let (kind, kept) = (says(headers, "content-type"), says(headers, "cache-control"));
                let is_picture = kind.starts_with("image/jpeg");
                has_a_policy(&asked, door, headers, is_picture);
                pictures += usize::from(is_picture);
                let api = door.path.starts_with("/api/");
                let file = FILES.iter().find(|(end, ..)| door.path.ends_with(end)).filter(|_| status == 200);
                let expected = match file {
                    Some((_, expected, _)) => *expected,
                    None if api && status.is_success() => "application/json",
                    None if api => "application/problem+json",
                    None if door.path.starts_with("/do/") => kind,
                    None if kind == "application/json" && door.path.ends_with("/question") => kind,
                    None => "text/html; charset=utf-8",
                };
                assert!(kind == expected || (kind.is_empty() && body.is_empty()), "{expected}: {asked}");
                // A stream that has ended says nothing.
                assert!(kind.is_empty() == body.is_empty() || kind == "text/event-stream", "{asked}");
                match file {
                    Some((end, _, expected)) => {
                        assert_eq!(kept, *expected, "{asked}");
                        files.push(*end);
                    }
                    None if api || !matches!(door.rule, Rule::Anyone) => assert_eq!(kept, "no-store", "{asked}"),
                    None => assert!(matches!(kept, "no-store" | "no-cache" | "private, no-cache"), "{asked}"),
                }
                if kept == "private, no-cache" || (kept == "no-cache" && file.is_none()) {
                    assert!(varies_by(headers, "cookie") && varies_by(headers, "accept-language"), "{asked}");
                }
                let tag = says(headers, "etag");
                assert!(tag.is_empty() || tag.starts_with("W/\""), "a tag that compression would make untrue: {asked}");
                assert!(
                    !headers.contains_key("access-control-allow-origin") && !headers.contains_key("server"),
                    "{asked}"
                );
                cells += 1;
            }
        }
    }
    let missing: Vec<_> = FILES.iter().filter(|(end, ..)| !files.contains(end)).collect();
    assert!(missing.is_empty(), "nobody was given {missing:?}");
    assert!(pictures > 1, "{pictures}");
    println!("{} doors, {cells} answers", house.doors.len());
}

/// The same page with the word that is new each time left out.
fn without_nonce(body: &[u8], headers: &HeaderMap) -> String {
    let policy = says(headers, "content-security-policy");
    let nonce = policy.split_once("'nonce-").and_then(|(_, rest)| rest.split_once('\'')).map_or("", |(nonce, _)| nonce);
    let text = String::from_utf8_lossy(body);
    if nonce.is_empty() { text.into_owned() } else { text.replace(nonce, "") }
}

/// What a request may say beside its address, and the field by which a cache must tell such requests apart.
fn asides(owner: &Caller) -> Vec<(&'static str, HeaderName, String)> {
    let Proof::Session(session) = &owner.proof else { panic!("the owner is signed in") };
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
async fn what_depends_on_who_asks_says_so_to_caches() {
    let house = House::new().await;
    let owner = house.owner().await;
    let (mut compared, mut differed) = (0, 0);
    let looks: Vec<_> = house.doors.iter().filter(|door| door.method == Method::GET).collect();
    for door in &looks {
        for whose in Whose::of(door) {
            let path = fill(&door.path, whose, &house.own, &house.foreign);
            let plain = || Request::get(&path).header(header::HOST, "trialmark.example").body(Body::empty()).unwrap();
            let (alone, body) = answered(&house, plain()).await;
            let alone_text = without_nonce(&body, alone.headers());
            for (field, name, value) in asides(&owner) {
                let mut request = plain();
                request.headers_mut().insert(name, HeaderValue::try_from(&value).unwrap());
                let (answer, body) = answered(&house, request).await;
                let same = answer.status() == alone.status()
                    && answer.headers().get(header::LOCATION) == alone.headers().get(header::LOCATION)
                    && answer.headers().get(header::CONTENT_ENCODING) == alone.headers().get(header::CONTENT_ENCODING)
                    && without_nonce(&body, answer.headers()) == alone_text;
                compared += 1;
                if same {
                    continue;
                }
                differed += 1;
                // Both: a cache may have either first.
                for headers in [alone.headers(), answer.headers()] {
                    let kept = says(headers, "cache-control");
                    assert!(
                        kept == "no-store" || varies_by(headers, field),
                        "{path} differs by {field} ({value}) and does not say so: {headers:?}"
                    );
                }
            }
        }
    }
    println!("{} doors, {compared} pairs, {differed} differ", looks.len());
    assert!(differed > 100, "{differed} of {compared}");
}
