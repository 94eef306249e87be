//! The cookies of this installation. Browsers share cookies between all ports of a host, so each name contains the
//! installation's id. Two installations on one host do not see each other's cookies.

use http::header::COOKIE;
use http::{HeaderMap, HeaderValue};

pub(crate) struct Cookies {
    is_secure: bool,
    /// A session, or a PIN session at a shared device.
    pub session: Cookie,
    /// The token of a registered shared device.
    pub device: Cookie,
    /// A sign-in that still needs its second step.
    pub pending_sign_in: Cookie,
    /// The chosen language of people without an account.
    pub language: Cookie,
    /// The id of the draft that is being sent. It says nothing about its content or author.
    pub draft: Cookie,
    /// The name of the cookie with a secret that is shown once. It is limited to one page, so it cannot have the
    /// `__Host-` prefix, which requires `Path=/`.
    pub shown_once: String,
    /// The name of the cookie that says to the next page what was saved. It is limited to this page, too.
    pub flash: String,
}

/// The name and attributes of a cookie.
pub(crate) struct Cookie {
    name: String,
    /// The name before cookie names contained the installation's id. A value under this name is moved to the new one.
    legacy_name: Option<&'static str>,
    http_only: bool,
}

/// How long a registered device is remembered, in seconds. Browsers keep no cookie longer than 400 days.
pub(crate) const MAX_AGE_SECONDS: i64 = 400 * 24 * 60 * 60;

const LANGUAGE_PREFIX: &str = "trialmark-language-";

impl Cookies {
    /// Over TLS the `__Host-` prefix binds each cookie to this host and to TLS.
    pub fn of(installation: &str, is_secure: bool) -> Self {
        let full_name = |stem: &str| format!("{}{stem}-{installation}", if is_secure { "__Host-" } else { "" });
        let legacy_name = |secure, plain| Some(if is_secure { secure } else { plain });
        let http_only = |stem, legacy_name| Cookie { name: full_name(stem), legacy_name, http_only: true };
        Self {
            is_secure,
            session: http_only("trialmark", legacy_name("__Host-trialmark", "trialmark")),
            device: http_only("trialmark-device", legacy_name("__Host-trialmark-device", "trialmark-device")),
            pending_sign_in: http_only("trialmark-sign-in", None),
            language: Cookie {
                name: full_name(LANGUAGE_PREFIX.trim_end_matches('-')),
                legacy_name: Some("language"),
                http_only: false,
            },
            draft: Cookie { name: full_name("trialmark-draft"), legacy_name: None, http_only: false },
            shown_once: format!("{}trialmark-{installation}-shown", if is_secure { "__Secure-" } else { "" }),
            flash: format!("{}trialmark-{installation}-flash", if is_secure { "__Secure-" } else { "" }),
        }
    }

    /// The value of a `Set-Cookie` header. A maximum age of 0 deletes the cookie.
    pub fn header_value(&self, cookie: &Cookie, value: &str, max_age: i64) -> HeaderValue {
        self.set_cookie_by_name(&cookie.name, value, max_age, cookie.http_only)
    }

    /// The value of a `Set-Cookie` header that deletes the cookie under its old name.
    pub fn expire_legacy(&self, cookie: &Cookie) -> HeaderValue {
        self.set_cookie_by_name(cookie.legacy_name.unwrap_or_default(), "", 0, cookie.http_only)
    }

    fn set_cookie_by_name(&self, name: &str, value: &str, max_age: i64, is_http_only: bool) -> HeaderValue {
        let secure = if self.is_secure { "; Secure" } else { "" };
        let http_only = if is_http_only { "; HttpOnly" } else { "" };
        let cookie = format!("{name}={value}; Path=/; Max-Age={max_age}; SameSite=Lax{http_only}{secure}");
        // Values are our own tokens or come from a request header, so they are valid header text.
        HeaderValue::try_from(cookie).unwrap_or(HeaderValue::from_static(""))
    }
}

impl Cookie {
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The value, under the new name or else the old one.
    pub fn find<'h>(&self, headers: &'h HeaderMap) -> Option<&'h str> {
        value(headers, &self.name).or_else(|| self.legacy_value(headers))
    }

    /// The value under the old name.
    pub fn legacy_value<'h>(&self, headers: &'h HeaderMap) -> Option<&'h str> {
        self.legacy_name.and_then(|name| value(headers, name))
    }
}

/// The language chosen in any installation on this host, for requests where the installation is not known yet.
#[must_use]
pub fn any_language(headers: &HeaderMap) -> Option<&str> {
    let language = |(name, value): (&'_ str, _)| {
        let name = name.strip_prefix("__Host-").unwrap_or(name);
        (name.starts_with(LANGUAGE_PREFIX) || name == "language").then_some(value)
    };
    pairs(headers).find_map(language)
}

pub(crate) fn value<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    pairs(headers).find(|(key, _)| *key == name).map(|(_, value)| value)
}

fn pairs(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(line: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(COOKIE, HeaderValue::from_static(line))])
    }

    #[test]
    fn each_installation_reads_only_its_own_cookies() {
        let (one, two) = (Cookies::of("11111111", true), Cookies::of("22222222", true));
        let both =
            headers("__Host-trialmark-11111111=a; __Host-trialmark-22222222=b; __Host-trialmark-device-22222222=c");
        assert_eq!((one.session.find(&both), two.session.find(&both)), (Some("a"), Some("b")));
        assert_eq!((one.device.find(&both), two.device.find(&both)), (None, Some("c")));
        let plain = Cookies::of("11111111", false);
        assert_eq!(plain.session.find(&both), None, "what came over TLS is not read without it");
    }

    #[test]
    fn the_old_cookie_name_is_a_fallback_for_the_new_name() {
        let cookies = Cookies::of("11111111", true);
        assert_eq!(cookies.session.find(&headers("__Host-trialmark=old")), Some("old"));
        assert_eq!(cookies.session.find(&headers("__Host-trialmark=old; __Host-trialmark-11111111=new")), Some("new"));
        assert_eq!(cookies.language.find(&headers("a=b; language=pl")), Some("pl"));
        assert_eq!(cookies.pending_sign_in.find(&headers("__Host-trialmark-sign-in=old")), None);
    }

    #[test]
    fn the_language_cookie_of_any_installation_is_read() {
        for line in ["language=pl", "trialmark-language-ab=pl", "a=b; __Host-trialmark-language-cd=pl"] {
            assert_eq!(any_language(&headers(line)), Some("pl"), "{line}");
        }
        assert_eq!(any_language(&headers("languages=pl; trialmark-ab=pl")), None);
    }
}
