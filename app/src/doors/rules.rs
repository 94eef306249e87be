//! The rules of a door: who is admitted, how large a body may be, how errors are answered and how responses are cached.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::response::Response;
use domain::role::Permission;
use http::header::CACHE_CONTROL;
use http::{HeaderValue, Method, StatusCode};

/// Who is admitted, and which credentials are read. Credentials that a rule does not accept ([`AccessRule::accepts`])
/// are ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessRule {
    /// Anyone, without credentials: public pages, and those for signing in.
    Anyone,
    /// Anyone; a session is recognized.
    OptionalSession,
    /// Anyone; a session or a PIN session at a shared device is recognized.
    OptionalSessionOrPinSession,
    /// Anyone; the handler checks the link in the path.
    PrivateLink,
    /// Anyone; the handler checks the link in the path. A session is recognized.
    PrivateLinkOptionalSession,
    /// Members whose role has this permission.
    Member(Permission),
    /// Members whose role has this permission, with a session or a PIN session at a shared device.
    MemberOrPinSession(Permission),
    /// Signed-in people, for their own account; even if they have not set up a required second step yet.
    OwnAccount,
    /// A registered shared device, with or without a PIN session.
    Device,
    /// People who gave the right password and still need the second step.
    PendingSignIn,
}

/// Which credentials a rule accepts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each credential is accepted independently")]
pub struct AcceptedCredentials {
    /// A session.
    pub session: bool,
    /// A PIN session at a shared device.
    pub pin_session: bool,
    /// The token of a shared device.
    pub device: bool,
    /// A sign-in that still needs its second step.
    pub pending_sign_in: bool,
}

impl AccessRule {
    /// The accepted credentials. A PIN session or a pending sign-in never counts as a session.
    #[must_use]
    pub const fn accepts(self) -> AcceptedCredentials {
        const NONE: AcceptedCredentials =
            AcceptedCredentials { session: false, pin_session: false, device: false, pending_sign_in: false };
        const SIGNED_IN: AcceptedCredentials = AcceptedCredentials { session: true, ..NONE };
        match self {
            Self::Anyone | Self::PrivateLink => NONE,
            Self::OptionalSession | Self::PrivateLinkOptionalSession | Self::OwnAccount => SIGNED_IN,
            Self::OptionalSessionOrPinSession => AcceptedCredentials { pin_session: true, ..SIGNED_IN },
            Self::Member(_) => AcceptedCredentials { session: true, ..NONE },
            Self::MemberOrPinSession(_) => AcceptedCredentials { session: true, pin_session: true, ..NONE },
            Self::Device => AcceptedCredentials { device: true, ..NONE },
            Self::PendingSignIn => AcceptedCredentials { pending_sign_in: true, ..NONE },
        }
    }

    /// Whether a shared device may come in, by itself or with a PIN session.
    pub(super) const fn admits_devices(self) -> bool {
        let AcceptedCredentials { pin_session, device, .. } = self.accepts();
        pin_session || device
    }
}

/// The rules of a door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DoorRules {
    /// Who is admitted.
    pub access: AccessRule,
    /// How large a body may be.
    pub body: BodyLimit,
    /// How an error is answered.
    pub errors: ErrorFormat,
    /// How a response may be cached; `None` for the default of its method and access rule.
    pub caching: Option<Caching>,
}

/// How large the body of a request may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum BodyLimit {
    /// Forms and documents: 1 MiB.
    Text,
    /// A form with a picture: the largest picture and 64 KiB around it.
    Picture,
}

/// How an error is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorFormat {
    /// A page that people read.
    Page,
    /// The JSON that the outbox of a phone reads.
    Phone,
}

/// How a response may be cached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caching {
    /// Nowhere: it is not public, or it changes something.
    NoStore,
    /// In the browser; revalidated for each request.
    Private,
    /// Anywhere; revalidated for each request.
    Shared,
    /// Anywhere, for so many seconds.
    For(u32),
    /// Anywhere, for good: its address changes with its content.
    Immutable,
}

impl AccessRule {
    /// The rules of a door that takes pictures.
    #[must_use]
    pub fn with_pictures(self) -> DoorRules {
        DoorRules { body: BodyLimit::Picture, ..self.into() }
    }

    /// The rules of a door that the outbox of a phone talks to.
    #[must_use]
    pub fn for_phones(self) -> DoorRules {
        DoorRules { errors: ErrorFormat::Phone, ..self.into() }
    }

    /// The rules of a door whose responses may be cached in this way.
    #[must_use]
    pub fn cached(self, caching: Caching) -> DoorRules {
        DoorRules { caching: Some(caching), ..self.into() }
    }
}

impl DoorRules {
    /// The same for a door that takes pictures.
    #[must_use]
    pub fn with_pictures(self) -> Self {
        Self { body: BodyLimit::Picture, ..self }
    }

    /// A response that is not public is stored neither by a proxy nor by a browser that others use, and neither is the
    /// response to a form.
    pub(super) fn caching(&self, method: &Method) -> Caching {
        let is_public = self.access == AccessRule::Anyone && method == Method::GET;
        self.caching.unwrap_or(if is_public { Caching::Private } else { Caching::NoStore })
    }
}

impl From<AccessRule> for DoorRules {
    fn from(access: AccessRule) -> Self {
        Self { access, body: BodyLimit::Text, errors: ErrorFormat::Page, caching: None }
    }
}

impl BodyLimit {
    /// The limit in bytes.
    #[must_use]
    pub const fn bytes(self) -> usize {
        const KIB: usize = 1024;
        match self {
            Self::Text => KIB * KIB,
            Self::Picture => domain::photo::MAX_BYTES + 64 * KIB,
        }
    }
}

impl Caching {
    /// The header, where it is not the default of all responses (`private, no-cache`).
    fn header(self) -> Option<HeaderValue> {
        match self {
            Self::NoStore => Some(HeaderValue::from_static("no-store")),
            Self::Private => None,
            Self::Shared => Some(HeaderValue::from_static("no-cache")),
            Self::For(seconds) => HeaderValue::from_str(&format!("public, max-age={seconds}")).ok(),
            Self::Immutable => Some(HeaderValue::from_static("public, max-age=31536000, immutable")),
        }
    }

    /// Sets the header. An error is never cached longer than by default.
    pub(super) fn apply(self, response: &mut Response) {
        let cacheable = response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED;
        if let Some(header) = self.header().filter(|_| cacheable || self == Self::NoStore) {
            response.headers_mut().insert(CACHE_CONTROL, header);
        }
    }
}

/// An address and method with its rules.
#[derive(Clone, Debug)]
pub struct Door {
    pub method: Method,
    pub path: String,
    pub rules: DoorRules,
}

/// How large a body may be at each address.
#[derive(Clone, Debug)]
pub struct BodyLimits {
    by_path: Arc<matchit::Router<BodyLimit>>,
}

impl BodyLimits {
    /// The limits of these doors. At an address with several methods the largest applies.
    #[must_use]
    pub fn of(doors: &[Door]) -> Self {
        let mut paths: BTreeMap<&str, BodyLimit> = BTreeMap::new();
        for door in doors {
            let limit = paths.entry(&door.path).or_insert(door.rules.body);
            *limit = door.rules.body.max(*limit);
        }
        let mut by_path = matchit::Router::new();
        for (path, limit) in paths {
            // The router of the doors has the same patterns, and would have refused them.
            let _ = by_path.insert(path, limit);
        }
        Self { by_path: Arc::new(by_path) }
    }

    /// The limit at this path, in bytes. Where there is no door, that of a text.
    #[must_use]
    pub fn at(&self, path: &str) -> usize {
        self.by_path.at(path).map_or(BodyLimit::Text, |found| *found.value).bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_doors_that_accept_pictures_allow_large_bodies() {
        let door = |method, path: &str, rules| Door { method, path: path.to_owned(), rules };
        let limits = BodyLimits::of(&[
            door(Method::GET, "/check/{place}", AccessRule::Anyone.into()),
            door(Method::POST, "/check/{place}", AccessRule::Anyone.with_pictures()),
            door(Method::POST, "/check/{place}/together", AccessRule::Anyone.into()),
        ]);
        assert_eq!(limits.at("/check/1"), BodyLimit::Picture.bytes());
        for path in ["/check/1/together", "/check/", "/check/1/2/3", "/nowhere"] {
            assert_eq!(limits.at(path), BodyLimit::Text.bytes(), "{path}");
        }
    }
}
