//! Each page has one address: what people type with a slash too many, in capitals, or as it stands on a tag, leads there.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use domain::place::Code;
use http::{Method, Uri};

/// Whoever looks is led to the one address; what is sent is taken at that address only.
pub async fn lead(request: Request, next: Next) -> Response {
    let looks = matches!(*request.method(), Method::GET | Method::HEAD);
    match looks.then(|| of(request.uri())).flatten() {
        Some(address) => Redirect::permanent(&address).into_response(),
        None => next.run(request).await,
    }
}

/// The one address with what was asked after it; none where it is that already.
fn of(uri: &Uri) -> Option<String> {
    let path = tidied(uri.path())?;
    Some(uri.query().map_or_else(|| path.clone(), |query| format!("{path}?{query}")))
}

fn tidied(path: &str) -> Option<String> {
    // Browsers take a backslash for a slash, and two of those for another host.
    if !path.starts_with('/') || path.contains('\\') {
        return None;
    }
    let mut parts: Vec<_> = path.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect();
    if let [first, rest @ ..] = &mut parts[..] {
        first.make_ascii_lowercase();
        match (first.as_str(), rest) {
            // Programs are told what is wrong with their address.
            ("api", _) => return None,
            ("at", [code]) => typed(code),
            ("p", names) => names.iter_mut().for_each(name),
            // What follows elsewhere may be a key, in which capitals matter.
            _ => {}
        }
    }
    let tidied = format!("/{}", parts.join("/"));
    (tidied != path).then_some(tidied)
}

/// The code of a place, however it was read off its tag.
fn typed(code: &mut String) {
    if let Some(Ok(known)) = unescaped(code).map(|text| Code::parse(&text)) {
        known.as_str().clone_into(code);
    }
}

/// A public name: lower case, without escapes.
fn name(name: &mut String) {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
    if let Some(text) = unescaped(name) {
        let text = text.trim();
        if text.contains(|c| c != '.') && text.chars().all(is_plain) {
            *name = text.to_ascii_lowercase();
        }
    }
}

/// A part of an address without its escapes; none where they are no text.
fn unescaped(part: &str) -> Option<String> {
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

    fn led(typed: &str) -> Option<String> {
        of(&typed.parse().unwrap())
    }

    #[test]
    fn what_people_type_leads_to_the_one_address() {
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
            assert_eq!(led(typed).as_deref(), Some(address), "{typed}");
        }
    }

    #[test]
    fn the_one_address_and_what_is_no_page_are_left_alone() {
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
            assert_eq!(led(path), None, "{path}");
        }
    }

    proptest! {
        #[test]
        fn nobody_is_led_elsewhere_or_twice(path in "/[/\\\\a-zA-Z0-9%.:@?&=#-]{0,40}") {
            let Ok(uri) = path.parse::<Uri>() else { return Ok(()) };
            if let Some(address) = of(&uri) {
                prop_assert!(address.starts_with('/') && !address.starts_with("//"), "{address}");
                let there: Uri = address.parse().unwrap();
                prop_assert!(!there.path().contains('\\') && there.host().is_none(), "{address}");
                prop_assert_eq!(of(&there), None);
                prop_assert_eq!(there.query(), uri.query());
            }
        }
    }
}
