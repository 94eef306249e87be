//! Every address of the server except those of REST, written once: as the pattern of a door, and as the function that fills in its
//! parameters.

use std::fmt::Display;

/// `NAME = "/path";` declares a constant. `NAME => name(id) = "/path/{id}";` declares the pattern for the router and
/// the function that builds an address of this pattern.
macro_rules! addresses {
    ($($(#[$doc:meta])* $pattern:ident $(=> $build:ident($($parameter:ident),+))? = $path:literal;)*) => {
        $(
            $(#[$doc])*
            pub const $pattern: &str = $path;

            $(
                #[doc = concat!("An address of the pattern [`", stringify!($pattern), "`].")]
                pub fn $build($($parameter: impl Display),+) -> String {
                    format!($path)
                }
            )?
        )*
    };
}

// The start page, signing in and out.
addresses! {
    START = "/";
    /// Creates the first account and business.
    BEGIN = "/begin";
    SIGN_IN = "/sign-in";
    PASSKEY_SIGN_IN = "/sign-in/passkey";
    PASSKEY_SIGN_IN_CHALLENGE = "/sign-in/passkey/question";
    /// The second step of signing in.
    SECOND_STEP = "/sign-in/second";
    SECOND_STEP_CHALLENGE = "/sign-in/second/question";
    SIGN_OUT = "/sign-out";
    LANGUAGE = "/language";
}

// A person's own account.
addresses! {
    ACCOUNT = "/account";
    CHANGE_PASSWORD = "/account/password";
    CHANGE_PIN = "/account/pin";
    /// Everything stored about the person, as JSON.
    ACCOUNT_EXPORT = "/account/kept.json";
    END_SESSION => end_session(session) = "/account/sessions/{session}/end";
    /// A private link for choosing a new password.
    RESET_PASSWORD => reset_password(link) = "/reset/{link}";
    /// The page where a person sets up their second step.
    SECOND_STEP_SETUP = "/account/second-step";
    AUTHENTICATOR = "/account/authenticator";
    CONFIRM_AUTHENTICATOR = "/account/authenticator/confirm";
    REMOVE_AUTHENTICATOR = "/account/authenticator/remove";
    PASSKEYS = "/account/passkeys";
    PASSKEY_CHALLENGE = "/account/passkeys/question";
    REMOVE_PASSKEY => remove_passkey(passkey) = "/account/passkeys/{passkey}/remove";
    RECOVERY_CODES = "/account/recovery-codes";
}

// Businesses and their settings.
addresses! {
    BUSINESSES = "/businesses";
    NEW_BUSINESS = "/businesses/new";
    SWITCH_BUSINESS => switch_business(id) = "/businesses/{id}/switch";
    SETTINGS = "/settings";
    /// Which roles must have a second factor.
    REQUIRED_FACTORS = "/settings/second-step";
    BUSINESS_EXPORT = "/settings/export.zip";
    DELETE_BUSINESS = "/settings/delete";
    AUDIT = "/audit";
    AUDIT_CSV = "/audit.csv";
    /// The access tokens of the REST interface.
    TOKENS = "/tokens";
    TOKEN => token(token) = "/tokens/{token}";
    REVOKE_TOKEN => revoke_token(token) = "/tokens/{token}/revoke";
}

// Members, invitations and shared devices.
addresses! {
    PEOPLE = "/people";
    LEAVE_BUSINESS = "/people/leave";
    CHANGE_ROLE => change_role(person) = "/people/{person}/role";
    /// The sites that a member may see.
    CHANGE_SITE_ACCESS => change_site_access(person) = "/people/{person}/reach";
    REMOVE_PERSON => remove_person(person) = "/people/{person}/remove";
    /// The grants that a member has made.
    GRANTS => grants(person) = "/people/{person}/made";
    TAKE_OVER_GRANTS => take_over_grants(person) = "/people/{person}/made/take-over";
    END_GRANTS => end_grants(person) = "/people/{person}/made/end";
    INVITES = "/invites";
    INVITE => invite(id) = "/invites/{id}";
    RENEW_INVITE_LINK => renew_invite_link(id) = "/invites/{id}/link";
    REVOKE_INVITE => revoke_invite(id) = "/invites/{id}/revoke";
    /// The link of an invitation.
    JOIN => join(link) = "/join/{link}";
    DEVICES = "/devices";
    DEVICE => device(device) = "/devices/{device}";
    RENEW_DEVICE_LINK => renew_device_link(device) = "/devices/{device}/link";
    REVOKE_DEVICE => revoke_device(device) = "/devices/{device}/revoke";
    /// The private link that registers a shared device.
    REGISTER_DEVICE => register_device(link) = "/register/{link}";
    /// The start page of a shared device: choose a name, then type the PIN.
    DEVICE_START = "/device";
    PIN_SIGN_IN => pin_sign_in(person) = "/device/{person}";
}

// Sites and places.
addresses! {
    PLACES = "/places";
    /// Replaces the code on the tag of a place.
    REPLACE_TAG => replace_tag(id) = "/places/{id}/code";
    /// What a tag at a place links to.
    TAG => tag(code) = "/at/{code}";
    SITES = "/sites";
    SITE => site(id) = "/sites/{id}";
    SITE_TAGS => site_tags(id) = "/sites/{id}/tags";
    SITE_ZONE => site_zone(id) = "/sites/{id}/zone";
    SITE_CLOSURES => site_closures(id) = "/sites/{id}/closures";
    END_CLOSURE => end_closure(id) = "/closures/{id}/end";
}

// Today's page and checks.
addresses! {
    TODAY = "/today";
    /// The list of checks alone, which phones keep for offline use.
    OFFLINE_CHECKS = "/floor";
    /// The stream of changes for open pages.
    LIVE = "/live";
    /// Finds a place by the code on its tag.
    CHECK_BY_CODE = "/check";
    /// The check screen of a place. Without a guarantee it asks which one.
    CHECK => check(place) = "/check/{place}";
    /// Logs several promises of a place as kept.
    LOG_TOGETHER => log_together(place) = "/check/{place}/together";
    CHECKS = "/checks";
    CORRECT_CHECK => correct_check(id) = "/checks/{id}/correct";
    SECOND_LOOK => second_look(id) = "/second-looks/{id}";
    PHOTO => photo(hash) = "/photos/{hash}";
    /// Where the outbox of a phone sends a check.
    PHONE_LOG = "/do/log-check";
    /// Where the outbox of a phone sends a correction or a retraction.
    PHONE_CORRECT = "/do/correct-check";
    /// Where the outbox of a phone sends a photo.
    PHONE_PHOTO = "/do/keep-photo";
}

// Problems and guarantees.
addresses! {
    NEW_PROBLEM = "/problems/new";
    GUARANTEES = "/guarantees";
    NEW_GUARANTEE = "/guarantees/new";
    GUARANTEE => guarantee(id) = "/guarantees/{id}";
    GUARANTEE_WORDING => guarantee_wording(id) = "/guarantees/{id}/wording";
    GUARANTEE_PLACES => guarantee_places(id) = "/guarantees/{id}/places";
    GUARANTEE_SCHEDULE => guarantee_schedule(id) = "/guarantees/{id}/schedule";
    GUARANTEE_PHOTOS => guarantee_photos(id) = "/guarantees/{id}/photos";
    /// The example photos of a guarantee.
    GUARANTEE_EXAMPLE => guarantee_example(id) = "/guarantees/{id}/example";
    /// Publishes, suspends or retires a guarantee, by the name of the transition.
    GUARANTEE_TRANSITION => guarantee_transition(id, verb) = "/guarantees/{id}/{verb}";
}

// Recoveries, their customers, and obstacles.
addresses! {
    RECOVERIES = "/recoveries";
    RECOVERY => recovery(id) = "/recoveries/{id}";
    /// The customer's link, shown once.
    RECOVERY_LINK => recovery_link(id) = "/recoveries/{id}/link";
    /// Takes one step, by the name of the step.
    RECOVERY_STEP => recovery_step(id, step) = "/recoveries/{id}/{step}";
    ERASE_CUSTOMER => erase_customer(id) = "/recoveries/{id}/forget";
    CUSTOMER_EXPORT => customer_export(id) = "/recoveries/{id}/customer.json";
    /// The customer's private link.
    FOLLOW_UP => follow_up(link) = "/follow-up/{link}";
    OBSTACLES = "/obstacles";
    OBSTACLE => obstacle(id) = "/obstacles/{id}";
}

// The public pages.
addresses! {
    CHARTER => charter(business) = "/p/{business}";
    RECORD => record(business) = "/p/{business}/record";
    /// The whole record, one entry a line.
    RECORD_DOWNLOAD => record_download(business) = "/p/{business}/record.jsonl";
    PUBLIC_GUARANTEE => public_guarantee(business, guarantee) = "/p/{business}/{guarantee}";
    ROBOTS = "/robots.txt";
    SITEMAP = "/sitemap.xml";
}

// Static files and health checks.
addresses! {
    ASSET = "/assets/{name}";
    SERVICE_WORKER = "/sw.js";
    MANIFEST = "/manifest.webmanifest";
    FAVICON = "/favicon.ico";
    TOUCH_ICON = "/apple-touch-icon.png";
    /// Whether the process is alive.
    HEALTH = "/healthz";
    /// Whether the database can be written to.
    READINESS = "/readyz";
}

/// The root of the REST interface. The addresses below it stand where they are described for OpenAPI.
pub const API: &str = "/api/v1";

/// What all addresses of a pattern begin with.
pub fn prefix(pattern: &'static str) -> &'static str {
    pattern.split('{').next().unwrap_or(pattern)
}

/// The link of an invitation, if this return address is one.
pub fn invitation_link(to: &str) -> Option<&str> {
    let link = to.strip_prefix(prefix(JOIN))?;
    (!link.is_empty() && link.bytes().all(|byte| byte.is_ascii_alphanumeric())).then_some(link)
}

/// The page of a list with the rows older than `last`. The list may be filtered already.
pub fn older_rows(list: &str, last: impl Display) -> String {
    with_cursor(list, "before", last)
}

/// The page of a list with the rows after `end`. The list may be filtered already.
pub fn next_rows(list: &str, end: impl Display) -> String {
    with_cursor(list, "after", end)
}

fn with_cursor(list: &str, name: &str, cursor: impl Display) -> String {
    let separator = if list.contains('?') { '&' } else { '?' };
    format!("{list}{separator}{name}={cursor}")
}

/// The places of one site.
pub fn places_of(site: impl Display) -> String {
    format!("{PLACES}?site={site}")
}

/// The check screen of a guarantee at a place.
pub fn check_guarantee(place: impl Display, guarantee: impl Display) -> String {
    format!("{}?guarantee={guarantee}", check(place))
}

/// The check screen after a check was logged, and maybe a recovery opened.
pub fn check_logged(
    place: impl Display,
    guarantee: impl Display,
    logged: impl Display,
    recovery: Option<impl Display>,
) -> String {
    let recovery = recovery.map(|id| format!("&recovery={id}")).unwrap_or_default();
    format!("{}&logged={logged}{recovery}", check_guarantee(place, guarantee))
}

/// The check screen after several promises were logged together.
pub fn logged_together(place: impl Display, count: usize) -> String {
    format!("{}?together={count}", check(place))
}

/// The small version of a photo.
pub fn small_photo(hash: impl Display) -> String {
    format!("{}?size=small", photo(hash))
}

/// Where the outbox of a phone sends a photo for this guarantee.
pub fn phone_photo(guarantee: impl Display) -> String {
    format!("{PHONE_PHOTO}?guarantee={guarantee}")
}

/// The form for a guarantee against this problem.
pub fn new_guarantee_for_problem(problem: impl Display) -> String {
    format!("{NEW_GUARANTEE}?problem={problem}")
}

/// The versions on the page of a guarantee.
pub fn guarantee_versions(id: impl Display) -> String {
    format!("{}#versions", guarantee(id))
}

/// The example photos of a guarantee.
pub fn guarantee_examples(id: impl Display) -> String {
    format!("{}#examples", guarantee_photos(id))
}

/// The recoveries that pass a filter.
pub fn filtered_recoveries(filter: impl Display) -> String {
    format!("{RECOVERIES}?show={filter}")
}
