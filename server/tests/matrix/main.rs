//! Every door of the product against everyone who might try it, with ids that are theirs, another's and nobody's. The
//! doors come from the router itself: a new one is tried as soon as it is there.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "../installation/answer.rs"]
mod answer;
mod chains;
mod heads;
#[path = "../installation/mod.rs"]
mod installation;
mod jar;
mod other_sites;
mod pages;
mod people;
#[path = "../installation/picture.rs"]
mod picture;
mod things;
mod typed;

use app::doors::{Door, Rule};
use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use domain::actor::{Act, Role};
use http_body_util::BodyExt;
use tower::ServiceExt;

use crate::answer::is_at_home;
use crate::installation::Installation;
use crate::people::{Caller, People, Proof};
use crate::things::{Things, Whose};

/// An installation with two businesses, behind all its doors.
struct House {
    installation: Installation,
    doors: Vec<Door>,
    router: Router,
    people: People,
    own: Things,
    foreign: Things,
}

impl House {
    async fn new() -> Self {
        let installation = Installation::new().await;
        let assets = app::AssetNames::default();
        let state = app::State::new(installation.store.clone(), HOME, assets);
        // A stream that goes on would be waited for.
        state.streams.end();
        let (doors, router) = (server::serve::doors(&state), server::serve::router(state));
        let people = People::of(&installation).await;
        let own = people.furnish(&installation, &people.own).await;
        let foreign = people.furnish(&installation, &people.other).await;
        Self { installation, doors, router, people, own, foreign }
    }

    /// Signed in anew: some of the doors end that.
    async fn owner(&self) -> Caller {
        let callers = self.people.callers(&self.installation).await;
        let signed_in = |caller: &Caller| matches!(caller.proof, Proof::Session(_));
        callers.into_iter().find(|caller| signed_in(caller) && caller.role == Some(Role::Owner)).unwrap()
    }
}

const HOME: &str = "https://trialmark.example";

/// What was met, as far as it says whether the wall held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Met {
    /// Came in: what happens there is for other tests.
    In,
    SignIn,
    /// Asked for the second step that is missing.
    SetUp,
    Unauthenticated,
    Forbidden,
    NothingThere,
    Failed,
}

#[tokio::test]
async fn every_door_keeps_its_rule() {
    let House { installation, mut doors, router, people, own, foreign } = House::new().await;
    // Who joins may do more from then on, and what ends a link is tried after what lies behind it.
    let last = ["/join/{link}", "/link", "/links", "/revoke"];
    doors.sort_by_key(|door| last.iter().rposition(|end| door.path.ends_with(end)).map_or(0, |at| at + 1));
    let (mut cells, mut surprises) = (0, Vec::new());
    for door in &doors {
        for whose in Whose::of(door) {
            for caller in people.callers(&installation).await {
                let path = fill(&door.path, whose, &own, &foreign);
                let rows = installation.counted().await;
                let response = router.clone().oneshot(ask(door, &path, &caller)).await.unwrap();
                let (answer, body) = response.into_parts();
                let met = match Met::of(answer.status, answer.headers.get(header::LOCATION)) {
                    // What is one's own leads there by itself.
                    Met::SetUp if matches!(door.rule, Rule::Oneself | Rule::Anyone) => Met::In,
                    met => met,
                };
                is_at_home(&path, &answer.headers, &body.collect().await.unwrap().to_bytes());
                if met == Met::In && !matches!(door.rule, Rule::Anyone) {
                    let kept = answer.headers.get(header::CACHE_CONTROL);
                    assert!(
                        kept.is_some_and(|it| it == "no-store"),
                        "{path} by {}: {} {kept:?}",
                        caller.name,
                        answer.status
                    );
                }
                let is_page = answer
                    .headers
                    .get(header::CONTENT_TYPE)
                    .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
                let reloads = door.method == Method::GET || !is_page || !answer.status.is_success();
                assert!(
                    reloads,
                    "{path} by {}: a form that was accepted leads to a page that can be loaded again",
                    caller.name
                );
                let expected = expected(door, &caller, whose);
                let changed = met != Met::In && installation.counted().await != rows;
                if !expected.contains(&met) || changed {
                    surprises.push(format!("{} {path} by {}: {met:?}, changed: {changed}", door.method, caller.name));
                }
                cells += 1;
            }
        }
    }
    println!("{} doors, {cells} cells, {} surprises", doors.len(), surprises.len());
    assert!(surprises.is_empty(), "{}", surprises.join("\n"));
    assert!(doors.len() > 50 && cells > 1000, "{} doors, {cells} cells", doors.len());
}

#[tokio::test]
async fn no_door_changes_anything_by_being_looked_at() {
    let house = House::new().await;
    let owner = house.owner().await;
    let before = house.installation.counted().await;
    for door in house.doors.iter().filter(|door| door.method == Method::GET) {
        let path = fill(&door.path, Whose::Own, &house.own, &house.foreign);
        house.router.clone().oneshot(ask(door, &path, &owner)).await.unwrap();
        assert_eq!(house.installation.counted().await, before, "{path}");
    }
}

fn expected(door: &Door, caller: &Caller, whose: Whose) -> Vec<Met> {
    let api = door.path.starts_with("/api/");
    let known = caller.role.is_some() && matches!(caller.proof, Proof::Token(_)) == api;
    let at_device = matches!(caller.proof, Proof::Turn(..));
    let allowed = match door.rule {
        Rule::Anyone | Rule::Holder | Rule::Known | Rule::KnownHolder | Rule::KnownOrTurn => {
            let there =
                whose == Whose::Own && caller.is_at_home && !(caller.is_elsewhere && door.path.contains("{code}"));
            return if there { vec![Met::In] } else { vec![Met::In, Met::NothingThere] };
        }
        Rule::HalfWay => {
            return match caller.proof {
                // There is no passkey to ask for.
                Proof::HalfWay(_) if door.path.ends_with("/question") => vec![Met::NothingThere],
                Proof::HalfWay(_) => vec![Met::In],
                _ => vec![Met::SignIn],
            };
        }
        Rule::Device if !caller.is_past && matches!(caller.proof, Proof::Device(_) | Proof::Turn(..)) => {
            let there = whose == Whose::Own || !door.path.contains('{');
            return vec![if there { Met::In } else { Met::NothingThere }];
        }
        Rule::Device => None,
        // Whoever only stands at a device is nobody where devices are not named.
        Rule::Oneself | Rule::Member(_) if at_device => None,
        Rule::Oneself => known.then_some(true),
        Rule::Member(act) | Rule::MemberOrTurn(act) => caller
            .role
            .filter(|_| known)
            .map(|role| role.may(act) && (!at_device || matches!(act, Act::Look | Act::Check | Act::Correct)))
            .map(|may| may && !(caller.is_elsewhere && matches!(act, Act::Define | Act::Govern))),
    };
    if caller.must_set_up && allowed == Some(true) && door.rule != Rule::Oneself {
        return vec![match door.method {
            Method::GET => Met::SetUp,
            _ if door.path.starts_with("/do/") => Met::Unauthenticated,
            _ => Met::Forbidden,
        }];
    }
    match allowed {
        None if !api && door.method == Method::GET => vec![Met::SignIn],
        None => vec![Met::Unauthenticated],
        Some(false) => vec![Met::Forbidden],
        // At a shared device one mends one's own checks, and no other's.
        Some(true) if at_device && door.rule == Rule::MemberOrTurn(Act::Correct) && whose.is_seen_by(caller, door) => {
            vec![Met::In, Met::Forbidden]
        }
        Some(true) if !door.path.contains('{') || whose.is_seen_by(caller, door) => vec![Met::In],
        Some(true) => vec![Met::NothingThere],
    }
}

fn ask(door: &Door, path: &str, caller: &Caller) -> Request<Body> {
    let request = Request::builder().method(door.method.clone()).uri(path).header(header::HOST, "trialmark.example");
    let request = match &caller.proof {
        Proof::Nothing => request,
        Proof::Token(token) => request.header(header::AUTHORIZATION, format!("Bearer {token}")),
        _ => request.header(header::COOKIE, caller.proof.jar(&caller.installation).header()),
    };
    let (kind, body) = things::body(&door.path, path);
    request.header(header::CONTENT_TYPE, kind).body(Body::from(body)).unwrap()
}

/// The address with somebody's ids in it.
fn fill(path: &str, whose: Whose, own: &Things, foreign: &Things) -> String {
    let things = match whose {
        Whose::Own => own.clone(),
        Whose::Foreign => foreign.clone(),
        Whose::Nobodys => Things::missing(),
    };
    things.fill(path)
}

impl Met {
    fn of(status: StatusCode, location: Option<&axum::http::HeaderValue>) -> Self {
        let to_sign_in = location
            .is_some_and(|to| to.as_bytes().starts_with(b"/sign-in?") || to.as_bytes().starts_with(b"/device?to="));
        let to_set_up = location.is_some_and(|to| to == "/account/second-step");
        match status {
            StatusCode::UNAUTHORIZED => Self::Unauthenticated,
            StatusCode::FORBIDDEN => Self::Forbidden,
            StatusCode::NOT_FOUND => Self::NothingThere,
            _ if to_sign_in => Self::SignIn,
            _ if to_set_up && status == StatusCode::SEE_OTHER => Self::SetUp,
            status if status.is_server_error() => Self::Failed,
            _ => Self::In,
        }
    }
}
