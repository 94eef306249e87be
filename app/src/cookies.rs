//! The cookies of this installation. Browsers keep cookies by host, whatever the port: each carries in its name whose it is, so
//! that two installations on one host leave each other's alone.

use axum::extract::{Request, State as Shared};
use axum::middleware::Next;
use axum::response::Response;
use http::header::{CACHE_CONTROL, COOKIE, SET_COOKIE};
use http::{HeaderMap, HeaderValue};

use crate::error::Error;
use crate::state::State;

/// What each is called here.
pub(crate) struct Cookies {
    is_secure: bool,
    /// A session, or a turn at a shared device.
    pub session: Cookie,
    /// By which a shared device is known again.
    pub device: Cookie,
    /// A sign-in that has the second step before it.
    pub half_way: Cookie,
    /// The language of those without an account.
    pub language: Cookie,
    /// In which a browser names the draft it sends. It says nothing about who or what.
    pub draft: Cookie,
    /// What is shown once: it belongs to one page alone, so it cannot be tied to the whole host.
    pub shown: String,
}

/// One of them.
pub(crate) struct Cookie {
    name: String,
    /// What it was called before cookies named their installation. What a browser still holds under it goes on under the new
    /// name.
    before: Option<&'static str>,
    is_hidden: bool,
}

/// How long a registered device is remembered, in seconds: browsers keep no cookie longer than 400 days.
pub(crate) const LONGEST: i64 = 400 * 24 * 60 * 60;

const LANGUAGE: &str = "trialmark-language-";

impl Cookies {
    /// Over TLS the browser itself ties each to this host and to TLS.
    pub fn of(installation: &str, is_secure: bool) -> Self {
        let named = |stem: &str| format!("{}{stem}-{installation}", if is_secure { "__Host-" } else { "" });
        let before = |secure, plain| Some(if is_secure { secure } else { plain });
        let hidden = |stem, before| Cookie { name: named(stem), before, is_hidden: true };
        Self {
            is_secure,
            session: hidden("trialmark", before("__Host-trialmark", "trialmark")),
            device: hidden("trialmark-device", before("__Host-trialmark-device", "trialmark-device")),
            half_way: hidden("trialmark-sign-in", None),
            language: Cookie {
                name: named(LANGUAGE.trim_end_matches('-')),
                before: Some("language"),
                is_hidden: false,
            },
            draft: Cookie { name: named("trialmark-draft"), before: None, is_hidden: false },
            shown: format!("{}trialmark-{installation}-shown", if is_secure { "__Secure-" } else { "" }),
        }
    }

    /// What tells a browser to keep a cookie for so many seconds, or with none left to drop it.
    pub fn set(&self, cookie: &Cookie, value: &str, age: i64) -> HeaderValue {
        self.written(&cookie.name, value, age, cookie.is_hidden)
    }

    fn written(&self, name: &str, value: &str, age: i64, is_hidden: bool) -> HeaderValue {
        let secure = if self.is_secure { "; Secure" } else { "" };
        let hidden = if is_hidden { "; HttpOnly" } else { "" };
        let cookie = format!("{name}={value}; Path=/; Max-Age={age}; SameSite=Lax{hidden}{secure}");
        // Values are tokens of ours, or come from a request's own header.
        HeaderValue::try_from(cookie).unwrap_or(HeaderValue::from_static(""))
    }
}

impl Cookie {
    /// What it is called here.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its value.
    pub fn find<'h>(&self, headers: &'h HeaderMap) -> Option<&'h str> {
        value(headers, &self.name).or_else(|| self.old(headers))
    }

    fn old<'h>(&self, headers: &'h HeaderMap) -> Option<&'h str> {
        self.before.and_then(|name| value(headers, name))
    }
}

/// The language chosen in any installation on this host, where it is not known yet which is asked.
#[must_use]
pub fn any_language(headers: &HeaderMap) -> Option<&str> {
    let said = |(name, value): (&'_ str, _)| {
        let name = name.strip_prefix("__Host-").unwrap_or(name);
        (name.starts_with(LANGUAGE) || name == "language").then_some(value)
    };
    pairs(headers).find_map(said)
}

/// The value of a cookie.
pub(crate) fn value<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    pairs(headers).find(|(key, _)| *key == name).map(|(_, value)| value)
}

fn pairs(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='))
}

/// Renames what a browser holds from before cookies named their installation. Under the old name it may as well be another
/// installation's on this host: that one is left alone.
pub(crate) async fn renamed(Shared(state): Shared<State>, request: Request, next: Next) -> Response {
    let old = match old(&state, request.headers()).await {
        Ok(old) => old,
        Err(error) => return axum::response::IntoResponse::into_response(error),
    };
    let mut response = next.run(request).await;
    // What everyone may keep a copy of tells nobody's token.
    if response.headers().get(CACHE_CONTROL).is_none_or(|kept| kept != "no-store") {
        return response;
    }
    for Old { cookie, value, age, is_shadowed } in old {
        let prefix = format!("{}=", cookie.name);
        let said =
            response.headers().get_all(SET_COOKIE).iter().any(|set| set.as_bytes().starts_with(prefix.as_bytes()));
        if !said && !is_shadowed {
            response.headers_mut().append(SET_COOKIE, state.cookies.set(cookie, &value, age));
        }
        let before = cookie.before.unwrap_or_default();
        response.headers_mut().append(SET_COOKIE, state.cookies.written(before, "", 0, cookie.is_hidden));
    }
    response
}

/// Something of ours under an old name.
struct Old<'s> {
    cookie: &'s Cookie,
    value: String,
    age: i64,
    /// There is one under the new name, which goes before it.
    is_shadowed: bool,
}

async fn old<'s>(state: &'s State, headers: &HeaderMap) -> Result<Vec<Old<'s>>, Error> {
    let mut found = Vec::new();
    for cookie in [&state.cookies.session, &state.cookies.device] {
        let Some(value) = cookie.old(headers) else { continue };
        let age = if cookie.name == state.cookies.session.name {
            let known = state.store.recognize(value).await?;
            known.map(|known| (known.visitor().ends_at - state.store.now()).num_seconds())
        } else {
            state.store.at_device(value).await?.map(|_| LONGEST)
        };
        let is_shadowed = self::value(headers, &cookie.name).is_some();
        found.extend(age.map(|age| Old { cookie, value: value.to_owned(), age, is_shadowed }));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(line: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(COOKIE, HeaderValue::from_static(line))])
    }

    #[test]
    fn each_installation_reads_its_own() {
        let (one, two) = (Cookies::of("11111111", true), Cookies::of("22222222", true));
        let both =
            headers("__Host-trialmark-11111111=a; __Host-trialmark-22222222=b; __Host-trialmark-device-22222222=c");
        assert_eq!((one.session.find(&both), two.session.find(&both)), (Some("a"), Some("b")));
        assert_eq!((one.device.find(&both), two.device.find(&both)), (None, Some("c")));
        let plain = Cookies::of("11111111", false);
        assert_eq!(plain.session.find(&both), None, "what came over TLS is not read without it");
    }

    #[test]
    fn what_was_kept_under_the_old_name_is_read_where_there_is_no_new_one() {
        let cookies = Cookies::of("11111111", true);
        assert_eq!(cookies.session.find(&headers("__Host-trialmark=old")), Some("old"));
        assert_eq!(cookies.session.find(&headers("__Host-trialmark=old; __Host-trialmark-11111111=new")), Some("new"));
        assert_eq!(cookies.language.find(&headers("a=b; language=pl")), Some("pl"));
        assert_eq!(cookies.half_way.find(&headers("__Host-trialmark-sign-in=old")), None);
    }

    #[test]
    fn a_language_is_found_whoever_set_it() {
        for line in ["language=pl", "trialmark-language-ab=pl", "a=b; __Host-trialmark-language-cd=pl"] {
            assert_eq!(any_language(&headers(line)), Some("pl"), "{line}");
        }
        assert_eq!(any_language(&headers("languages=pl; trialmark-ab=pl")), None);
    }
}
