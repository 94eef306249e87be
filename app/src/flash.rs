//! What was just saved, said once on the page that follows. The browser sends it to that page in a cookie.

use axum::response::{AppendHeaders, IntoResponse, Response};
use http::HeaderMap;
use http::header::SET_COOKIE;
use leptos::prelude::*;

use crate::cookies;
use crate::icons::KeptIcon;
use crate::state::AppState;
use crate::texts::Texts;

/// Declares the flashes, each with the key of its text, which is also its name in the cookie.
macro_rules! flashes {
    ($($variant:ident = $key:literal),+ $(,)?) => {
        /// What was saved.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Flash { $($variant),+ }

        impl Flash {
            const ALL: [Self; [$($key),+].len()] = [$(Self::$variant),+];

            fn text_key(self) -> &'static str {
                match self { $(Self::$variant => $key),+ }
            }
        }
    };
}

flashes! {
    AuthenticatorAdded = "flash-authenticator-added",
    AuthenticatorRemoved = "flash-authenticator-removed",
    CheckCorrected = "flash-check-corrected",
    ClosureAnnounced = "flash-closure-announced",
    ClosureEnded = "flash-closure-ended",
    CustomerErased = "flash-customer-erased",
    DeviceRemoved = "flash-device-removed",
    ExampleRemoved = "flash-example-removed",
    ExampleSaved = "flash-example-saved",
    GrantsRevoked = "flash-grants-revoked",
    GuaranteeCreated = "flash-guarantee-created",
    GuaranteePlacesSaved = "flash-guarantee-places-saved",
    GuaranteePublished = "flash-guarantee-published",
    GuaranteeResumed = "flash-guarantee-resumed",
    GuaranteeRetired = "flash-guarantee-retired",
    GuaranteeSuspended = "flash-guarantee-suspended",
    InviteWithdrawn = "flash-invite-withdrawn",
    MemberRemoved = "flash-member-removed",
    ObstacleAnswered = "flash-obstacle-answered",
    PasskeyAdded = "flash-passkey-added",
    PasskeyRemoved = "flash-passkey-removed",
    PasswordChanged = "flash-password-changed",
    PhotoPolicySaved = "flash-photo-policy-saved",
    PinSaved = "flash-pin-saved",
    PlaceAdded = "flash-place-added",
    ProblemAdded = "flash-problem-added",
    RequiredFactorsSaved = "flash-required-factors-saved",
    RoleChanged = "flash-role-changed",
    ScheduleSaved = "flash-schedule-saved",
    SecondLookSaved = "flash-second-look-saved",
    SessionEnded = "flash-session-ended",
    SettingsSaved = "flash-settings-saved",
    SiteAccessSaved = "flash-site-access-saved",
    SiteAdded = "flash-site-added",
    StepSaved = "flash-step-saved",
    TagReplaced = "flash-tag-replaced",
    TokenRevoked = "flash-token-revoked",
    TrialStarted = "flash-trial-started",
    WordingSaved = "flash-wording-saved",
    ZoneSaved = "flash-zone-saved",
}

/// Long enough for the page that follows, in seconds.
const LIFETIME_SECONDS: u32 = 60;

impl Flash {
    /// The flash of this request, if there is one.
    pub(crate) fn of(headers: &HeaderMap, state: &AppState) -> Option<Self> {
        let name = cookies::value(headers, &state.cookies.flash)?;
        Self::ALL.into_iter().find(|flash| flash.text_key() == name)
    }

    /// The flash at the top of a page. It has the focus when the page opens, so that it is read aloud.
    pub(crate) fn view(self, texts: Texts) -> impl IntoView + use<> {
        view! {
            <p class="flash screen-only" role="status" tabindex="-1" autofocus>
                <KeptIcon />
                <span>{texts.text(self.text_key())}</span>
            </p>
        }
    }
}

/// Adds to a redirect that the page it leads to says what was saved.
pub(crate) fn announce(state: &AppState, page: &str, flash: Flash, redirect: Response) -> Response {
    with_cookie(state, page, flash.text_key(), LIFETIME_SECONDS, redirect)
}

/// Ends the flash with the page that has shown it.
pub(crate) fn end(state: &AppState, page: &str, response: Response) -> Response {
    with_cookie(state, page, "", 0, response)
}

/// The cookie is limited to one page, so that no other tab takes it.
fn with_cookie(state: &AppState, page: &str, value: &str, max_age: u32, response: Response) -> Response {
    let (path, name) = (page.split(['?', '#']).next().unwrap_or_default(), &state.cookies.flash);
    let secure = if state.is_secure() { "; Secure" } else { "" };
    let cookie = format!("{name}={value}; Path={path}; Max-Age={max_age}; SameSite=Strict; HttpOnly{secure}");
    (AppendHeaders([(SET_COOKIE, cookie)]), response).into_response()
}
