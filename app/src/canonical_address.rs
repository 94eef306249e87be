//! Redirects mistyped addresses (an extra slash, capitals, a code as printed on a tag) to the one canonical address.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use domain::place::TagCode;
use http::{Method, Uri};

/// Only GET and HEAD are redirected. Other methods must use the canonical address.
pub async fn redirect_to_canonical(request: Request, next: Next) -> Response {
    let looks = matches!(*request.method(), Method::GET | Method::HEAD);
    match looks.then(|| canonical(request.uri())).flatten() {
        Some(address) => Redirect::permanent(&address).into_response(),
        None => next.run(request).await,
    }
}

/// The canonical address with its query, or `None` if this is it already.
fn canonical(uri: &Uri) -> Option<String> {
    let path = canonical_path(uri.path())?;
    Some(uri.query().map_or_else(|| path.clone(), |query| format!("{path}?{query}")))
}

fn canonical_path(path: &str) -> Option<String> {
    // Browsers read a backslash as a slash, and two of them at the start as another host.
    if !path.starts_with('/') || path.contains('\\') {
        return None;
    }
    let mut parts: Vec<_> = path.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect();
    if let [first, rest @ ..] = &mut parts[..] {
        first.make_ascii_lowercase();
        match (first.as_str(), rest) {
            // API clients get an error instead of a redirect.
            ("api", _) => return None,
            ("at", [code]) => normalize_code(code),
            ("p", names) => names.iter_mut().for_each(normalize_slug),
            // Other paths may contain a token, which is case-sensitive.
            _ => {}
        }
    }
    let tidied = format!("/{}", parts.join("/"));
    (tidied != path).then_some(tidied)
}

/// Normalizes the code of a place.
fn normalize_code(code: &mut String) {
    if let Some(Ok(known)) = percent_decoded(code).map(|text| TagCode::parse(&text)) {
        known.as_str().clone_into(code);
    }
}

/// Normalizes a public name: lower case, without percent escapes.
fn normalize_slug(name: &mut String) {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
    if let Some(text) = percent_decoded(name) {
        let text = text.trim();
        if text.contains(|c| c != '.') && text.chars().all(is_plain) {
            *name = text.to_ascii_lowercase();
        }
    }
}

/// Decodes percent escapes; `None` if the result is not UTF-8.
fn percent_decoded(part: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(part.len());
    let mut left = part.bytes();
    while let Some(byte) = left.next() {
        if byte == b'%' {
            let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
            let (high, low) = (digit(left.next())?, digit(left.next())?);
            bytes.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn redirected(typed: &str) -> Option<String> {
        canonical(&typed.parse().unwrap())
    }

    #[test]
    fn mistyped_addresses_redirect_to_the_canonical_address() {
        for (typed, address) in [
            ("//", "/"),
            ("/p/shop/", "/p/shop"),
            ("/P/Shop", "/p/shop"),
            ("/p//Shop//Record/", "/p/shop/record"),
            ("/p/SHOP/Record.jsonl", "/p/shop/record.jsonl"),
            ("/p/Shop%20", "/p/shop"),
            ("/p/s%68op?lang=pl", "/p/shop?lang=pl"),
            ("/at/7k2m4x", "/at/7K2M4X"),
            ("/at/7K2-M4X/", "/at/7K2M4X"),
            ("/at/7K2%20M4X", "/at/7K2M4X"),
            ("/AT/%207k2m4x", "/at/7K2M4X"),
            ("/At/o1l2ab", "/at/0112AB"),
            ("/Today", "/today"),
            ("/SIGN-IN/?to=%2FToday", "/sign-in?to=%2FToday"),
            ("/recoveries//?show=late&a=//b", "/recoveries?show=late&a=//b"),
            ("/Join/AbC_d-9/", "/join/AbC_d-9"),
            ("//evil.example", "/evil.example"),
            ("///evil.example/..//", "/evil.example/.."),
            ("/p/%2F%2Fevil.example/", "/p/%2F%2Fevil.example"),
        ] {
            assert_eq!(redirected(typed).as_deref(), Some(address), "{typed}");
        }
    }

    #[test]
    fn canonical_api_and_malformed_addresses_are_not_redirected() {
        for path in [
            "/",
            "/?x",
            "/p/shop",
            "/at/7K2M4X",
            "/at/not-a-code",
            "/at/%FF%FE",
            "/join/AbC",
            "/api/v1/problems/",
            "/API/v1//problems",
            "/p/%00",
            "/p/%2E%2E",
            "/p/%2e",
            "/p/%zz",
            "/\\evil.example/",
            "/p/a\\b/",
            "*",
        ] {
            assert_eq!(redirected(path), None, "{path}");
        }
    }

    proptest! {
        #[test]
        fn redirects_stay_on_this_host_and_do_not_chain(path in "/[/\\\\a-zA-Z0-9%.:@?&=#-]{0,40}") {
            let Ok(uri) = path.parse::<Uri>() else { return Ok(()) };
            if let Some(address) = canonical(&uri) {
                prop_assert!(address.starts_with('/') && !address.starts_with("//"), "{address}");
                let there: Uri = address.parse().unwrap();
                prop_assert!(!there.path().contains('\\') && there.host().is_none(), "{address}");
                prop_assert_eq!(canonical(&there), None);
                prop_assert_eq!(there.query(), uri.query());
            }
        }
    }
}
