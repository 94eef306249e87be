//! Compares `end2end/doors.json`, the list of pages for the layout test, with the doors: no page is missing, for any caller.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use app::doors::AcceptedCredentials;
use serde::Deserialize;

use crate::*;

/// A line of the list: a door, and the kinds of people who may see its page.
#[derive(Deserialize)]
struct Entry {
    door: String,
    #[serde(rename = "as")]
    kinds: Vec<String>,
}

/// Doors that redirect in this test and have a page at other times. Each is in the list.
const CONDITIONAL_PAGES: [&str; 2] = ["/account/authenticator", "/account/recovery-codes"];

/// Doors that always redirect to a page.
const REDIRECTS: [&str; 1] = ["/at/{code}"];

fn listed_pages() -> BTreeMap<String, BTreeSet<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../end2end/doors.json");
    let all: Vec<Entry> = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let mut listed_pages = BTreeMap::<String, BTreeSet<String>>::new();
    for Entry { door, kinds } in all {
        listed_pages.entry(door).or_default().extend(kinds);
    }
    listed_pages
}

/// The name of a caller in the list, as this door sees them. None for programs.
fn kind(caller: &Caller, door: &Door) -> Option<&'static str> {
    let AcceptedCredentials {
        session,
        pin_session: accepts_pin_session,
        device,
        pending_sign_in: accepts_pending_sign_in,
        ..
    } = door.rules.access.accepts();
    Some(match (&caller.credentials, caller.role) {
        (Credentials::Token(_), _) => return None,
        (Credentials::PendingSignIn(_), _) if accepts_pending_sign_in => "pending-sign-in",
        (Credentials::Device(_), _) if device => "device",
        (Credentials::PinSession(..), _) if accepts_pin_session || device => "pin-session",
        (Credentials::Session(_), Some(_)) if session && caller.lacks_second_step => "second-step-missing",
        (Credentials::Session(_), Some(role)) if session => role.name(),
        _ => "nobody",
    })
}

#[tokio::test]
async fn every_page_is_in_doors_json() {
    let setup = Setup::new().await;
    let listed_pages = listed_pages();
    let (mut shown, mut without_page, mut missing) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let get_doors: Vec<_> = setup.doors.iter().filter(|door| door.method == Method::GET).collect();
    for door in get_doors.iter().filter(|door| !door.path.starts_with("/api/")) {
        let path = fill(&door.path, IdOwner::Own, &setup.own, &setup.foreign);
        let mut has_no_page = true;
        for caller in setup.people.callers(&setup.installation).await {
            let Some(kind) = kind(&caller, door) else { continue };
            let answer = setup.router.clone().oneshot(request(door, &path, &caller)).await.unwrap();
            let is_found = answer.status() == StatusCode::OK;
            has_no_page &= !is_found;
            let content_type = answer.headers().get(header::CONTENT_TYPE);
            if is_found && content_type.is_some_and(|it| it.as_bytes().starts_with(b"text/html")) {
                shown.insert((door.path.clone(), kind));
                if !listed_pages.get(&door.path).is_some_and(|kinds| kinds.contains(kind)) {
                    missing.insert((door.path.clone(), kind));
                }
            }
        }
        if has_no_page {
            without_page.insert(door.path.clone());
        }
    }
    assert!(missing.is_empty(), "pages that are not in the list: {missing:#?}");
    assert!(shown.len() > 100, "{} pages", shown.len());

    // A door without a page is the address of a form, or a known redirect.
    let forms: BTreeSet<_> =
        setup.doors.iter().filter(|door| door.method == Method::POST).map(|door| door.path.as_str()).collect();
    let known = |path: &String| forms.contains(path.as_str()) || REDIRECTS.contains(&path.as_str());
    let unknown: Vec<_> = without_page.iter().filter(|path| !known(path)).collect();
    assert!(unknown.is_empty(), "doors without a page for anyone: {unknown:?}");
    for path in CONDITIONAL_PAGES {
        assert!(listed_pages.contains_key(path), "{path} is missing");
    }

    let paths: BTreeSet<_> = get_doors.iter().map(|door| &door.path).collect();
    let gone: Vec<_> = listed_pages.keys().filter(|door| !paths.contains(door)).collect();
    assert!(gone.is_empty(), "doors that do not exist: {gone:?}");
    println!("{} doors, {} pages for someone, {} without a page", listed_pages.len(), shown.len(), without_page.len());
}
