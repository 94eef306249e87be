//! Every door against every kind of caller, with ids of their own business, of another one and unknown ids. The doors come
//! from the router, so that a new one is tested as soon as it exists.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod callers;
mod cookie_jar;
mod cross_site;
mod headers;
mod ids;
#[path = "../installation/mod.rs"]
mod installation;
mod pages;
#[path = "../installation/picture.rs"]
mod picture;
mod redirects;
#[path = "../installation/response_checks.rs"]
mod response_checks;
mod sequences;

use app::doors::{AccessRule, Door};
use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use domain::role::{Permission, Role};
use http_body_util::BodyExt;
use tower::ServiceExt;

use crate::callers::{Caller, Credentials, People};
use crate::ids::{IdOwner, Ids};
use crate::installation::Installation;
use crate::response_checks::assert_safe_response;

/// An installation with two businesses, and its router.
struct Setup {
    installation: Installation,
    doors: Vec<Door>,
    router: Router,
    people: People,
    own: Ids,
    foreign: Ids,
}

impl Setup {
    async fn new() -> Self {
        let installation = Installation::new().await;
        let assets = app::AssetNames::default();
        let state = app::AppState::new(installation.store.clone(), BASE_URL, assets);
        // The requests below wait for the end of each answer, which an open stream does not have.
        state.streams.end_all();
        let (doors, router) = (server::serve::doors(&state), server::serve::router(state));
        let people = People::create(&installation).await;
        let own = people.create_ids(&installation, &people.own).await;
        let foreign = people.create_ids(&installation, &people.other).await;
        Self { installation, doors, router, people, own, foreign }
    }

    /// The owner with a new session, because some doors end sessions.
    async fn owner(&self) -> Caller {
        let callers = self.people.callers(&self.installation).await;
        let signed_in = |caller: &Caller| matches!(caller.credentials, Credentials::Session(_));
        callers.into_iter().find(|caller| signed_in(caller) && caller.role == Some(Role::Owner)).unwrap()
    }
}

const BASE_URL: &str = "https://trialmark.example";

/// What a door answered, as far as access is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// Access was granted. What the handler did is for other tests.
    Admitted,
    /// Redirected to sign in.
    SignIn,
    /// Redirected to set up the second step.
    SetUpSecondStep,
    Unauthenticated,
    Forbidden,
    NotFound,
    Failed,
}

#[tokio::test]
async fn every_door_enforces_its_access_rule() {
    let Setup { installation, mut doors, router, people, own, foreign } = Setup::new().await;
    // Joining changes what a caller may do, and ending a link makes its pages unreachable. Both come last.
    let last = ["/join/{link}", "/link", "/links", "/revoke"];
    doors.sort_by_key(|door| last.iter().rposition(|end| door.path.ends_with(end)).map_or(0, |at| at + 1));
    let (mut requests, mut failures) = (0, Vec::new());
    for door in &doors {
        for id_owner in IdOwner::variants(door) {
            for caller in people.callers(&installation).await {
                let path = fill(&door.path, id_owner, &own, &foreign);
                let rows = installation.row_counts().await;
                let response = router.clone().oneshot(request(door, &path, &caller)).await.unwrap();
                let (answer, body) = response.into_parts();
                let outcome = match Outcome::of(answer.status, answer.headers.get(header::LOCATION)) {
                    // For one's own account and for public pages, this redirect is the regular answer.
                    Outcome::SetUpSecondStep
                        if matches!(door.rules.access, AccessRule::OwnAccount | AccessRule::Anyone) =>
                    {
                        Outcome::Admitted
                    }
                    outcome => outcome,
                };
                assert_safe_response(&path, &answer.headers, &body.collect().await.unwrap().to_bytes());
                if outcome == Outcome::Admitted && !matches!(door.rules.access, AccessRule::Anyone) {
                    let cache_control = answer.headers.get(header::CACHE_CONTROL);
                    assert!(
                        cache_control.is_some_and(|it| it == "no-store"),
                        "{path} by {}: {} {cache_control:?}",
                        caller.name,
                        answer.status
                    );
                }
                let is_page = answer
                    .headers
                    .get(header::CONTENT_TYPE)
                    .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
                let can_be_reloaded = door.method == Method::GET || !is_page || !answer.status.is_success();
                assert!(can_be_reloaded, "{path} by {}: an accepted form must redirect to a page", caller.name);
                let expected = expected(door, &caller, id_owner);
                let changed = outcome != Outcome::Admitted && installation.row_counts().await != rows;
                if !expected.contains(&outcome) || changed {
                    failures
                        .push(format!("{} {path} by {}: {outcome:?}, changed: {changed}", door.method, caller.name));
                }
                requests += 1;
            }
        }
    }
    println!("{} doors, {requests} requests, {} failures", doors.len(), failures.len());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(doors.len() > 50 && requests > 1000, "{} doors, {requests} requests", doors.len());
}

#[tokio::test]
async fn no_get_request_changes_data() {
    let setup = Setup::new().await;
    let owner = setup.owner().await;
    let before = setup.installation.row_counts().await;
    for door in setup.doors.iter().filter(|door| door.method == Method::GET) {
        let path = fill(&door.path, IdOwner::Own, &setup.own, &setup.foreign);
        setup.router.clone().oneshot(request(door, &path, &owner)).await.unwrap();
        assert_eq!(setup.installation.row_counts().await, before, "{path}");
    }
}

fn expected(door: &Door, caller: &Caller, id_owner: IdOwner) -> Vec<Outcome> {
    let api = door.path.starts_with("/api/");
    let is_known = caller.role.is_some() && matches!(caller.credentials, Credentials::Token(_)) == api;
    let is_pin_session = matches!(caller.credentials, Credentials::PinSession(..));
    let allowed = match door.rules.access {
        AccessRule::Anyone
        | AccessRule::PrivateLink
        | AccessRule::OptionalSession
        | AccessRule::PrivateLinkOptionalSession
        | AccessRule::OptionalSessionOrPinSession => {
            let exists = id_owner == IdOwner::Own
                && caller.is_of_own_business
                && !(caller.is_at_other_site && door.path.contains("{code}"));
            return if exists { vec![Outcome::Admitted] } else { vec![Outcome::Admitted, Outcome::NotFound] };
        }
        AccessRule::PendingSignIn => {
            return match caller.credentials {
                // This person has no passkey.
                Credentials::PendingSignIn(_) if door.path.ends_with("/question") => vec![Outcome::NotFound],
                Credentials::PendingSignIn(_) => vec![Outcome::Admitted],
                _ => vec![Outcome::SignIn],
            };
        }
        AccessRule::Device
            if !caller.is_revoked
                && matches!(caller.credentials, Credentials::Device(_) | Credentials::PinSession(..)) =>
        {
            let exists = id_owner == IdOwner::Own || !door.path.contains('{');
            return vec![if exists { Outcome::Admitted } else { Outcome::NotFound }];
        }
        AccessRule::Device => None,
        // A PIN session counts only at doors that name it.
        AccessRule::OwnAccount | AccessRule::Member(_) if is_pin_session => None,
        AccessRule::OwnAccount => is_known.then_some(true),
        AccessRule::Member(permission) | AccessRule::MemberOrPinSession(permission) => caller
            .role
            .filter(|_| is_known)
            .map(|role| {
                role.may(permission)
                    && (!is_pin_session
                        || matches!(
                            permission,
                            Permission::ViewToday | Permission::LogChecks | Permission::CorrectChecks
                        ))
            })
            .map(|may| {
                may && !(caller.is_at_other_site
                    && matches!(permission, Permission::ManageGuarantees | Permission::Administer))
            }),
    };
    if caller.lacks_second_step && allowed == Some(true) && door.rules.access != AccessRule::OwnAccount {
        return vec![match door.method {
            Method::GET => Outcome::SetUpSecondStep,
            _ if door.path.starts_with("/do/") => Outcome::Unauthenticated,
            _ => Outcome::Forbidden,
        }];
    }
    match allowed {
        None if !api && door.method == Method::GET => vec![Outcome::SignIn],
        None => vec![Outcome::Unauthenticated],
        Some(false) => vec![Outcome::Forbidden],
        // In a PIN session one may correct one's own checks only.
        Some(true)
            if is_pin_session
                && door.rules.access == AccessRule::MemberOrPinSession(Permission::CorrectChecks)
                && id_owner.is_visible_to(caller, door) =>
        {
            vec![Outcome::Admitted, Outcome::Forbidden]
        }
        Some(true) if !door.path.contains('{') || id_owner.is_visible_to(caller, door) => vec![Outcome::Admitted],
        Some(true) => vec![Outcome::NotFound],
    }
}

fn request(door: &Door, path: &str, caller: &Caller) -> Request<Body> {
    let builder = Request::builder().method(door.method.clone()).uri(path).header(header::HOST, "trialmark.example");
    let builder = match &caller.credentials {
        Credentials::Nothing => builder,
        Credentials::Token(token) => builder.header(header::AUTHORIZATION, format!("Bearer {token}")),
        _ => builder.header(header::COOKIE, caller.credentials.cookie_jar(&caller.installation).header()),
    };
    let (content_type, body) = ids::body(&door.path, path);
    builder.header(header::CONTENT_TYPE, content_type).body(Body::from(body)).unwrap()
}

/// The path with the ids of this owner.
fn fill(path: &str, id_owner: IdOwner, own: &Ids, foreign: &Ids) -> String {
    let ids = match id_owner {
        IdOwner::Own => own.clone(),
        IdOwner::Foreign => foreign.clone(),
        IdOwner::Unknown => Ids::unknown(),
    };
    ids.fill(path)
}

impl Outcome {
    fn of(status: StatusCode, location: Option<&axum::http::HeaderValue>) -> Self {
        let to_sign_in = location
            .is_some_and(|to| to.as_bytes().starts_with(b"/sign-in?") || to.as_bytes().starts_with(b"/device?to="));
        let to_set_up = location.is_some_and(|to| to == "/account/second-step");
        match status {
            StatusCode::UNAUTHORIZED => Self::Unauthenticated,
            StatusCode::FORBIDDEN => Self::Forbidden,
            StatusCode::NOT_FOUND => Self::NotFound,
            _ if to_sign_in => Self::SignIn,
            _ if to_set_up && status == StatusCode::SEE_OTHER => Self::SetUpSecondStep,
            status if status.is_server_error() => Self::Failed,
            _ => Self::Admitted,
        }
    }
}
