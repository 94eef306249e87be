//! The list by which a browser looks at every page (`end2end/doors.json`), held against the doors: no page is missing in it, for
//! whomever it is shown to.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use app::doors::Counts;
use serde::Deserialize;

use crate::*;

/// Some addresses behind a door, and the kinds of people that look at them.
#[derive(Deserialize)]
struct Listed {
    door: String,
    #[serde(rename = "as")]
    kinds: Vec<String>,
}

/// Doors that have led everyone on when they were asked here, and have a page at other times. Each is listed.
const LATER: [&str; 2] = ["/account/authenticator", "/account/recovery-codes"];

/// Addresses that people type or scan, which lead on to a page: never one themselves.
const WAYS: [&str; 1] = ["/at/{code}"];

fn listed() -> BTreeMap<String, BTreeSet<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../end2end/doors.json");
    let all: Vec<Listed> = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let mut listed = BTreeMap::<String, BTreeSet<String>>::new();
    for Listed { door, kinds } in all {
        listed.entry(door).or_default().extend(kinds);
    }
    listed
}

/// What the list calls a caller at a door; nothing where a program asks. Who does not count there is nobody.
fn kind(caller: &Caller, door: &Door) -> Option<&'static str> {
    let Counts { session, turn, device, half_way, .. } = door.rule.counts();
    Some(match (&caller.proof, caller.role) {
        (Proof::Token(_), _) => return None,
        (Proof::HalfWay(_), _) if half_way => "half-way",
        (Proof::Device(_), _) if device => "device",
        (Proof::Turn(..), _) if turn || device => "turn",
        (Proof::Session(_), Some(_)) if session && caller.must_set_up => "incomplete",
        (Proof::Session(_), Some(role)) if session => role.name(),
        _ => "nobody",
    })
}

#[tokio::test]
async fn every_page_is_in_the_list_of_those_that_are_looked_at() {
    let house = House::new().await;
    let listed = listed();
    let (mut shown, mut silent, mut missing) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let looks: Vec<_> = house.doors.iter().filter(|door| door.method == Method::GET).collect();
    for door in looks.iter().filter(|door| !door.path.starts_with("/api/")) {
        let path = fill(&door.path, Whose::Own, &house.own, &house.foreign);
        let mut is_silent = true;
        for caller in house.people.callers(&house.installation).await {
            let Some(kind) = kind(&caller, door) else { continue };
            let answer = house.router.clone().oneshot(ask(door, &path, &caller)).await.unwrap();
            let is_found = answer.status() == StatusCode::OK;
            is_silent &= !is_found;
            let said = answer.headers().get(header::CONTENT_TYPE);
            if is_found && said.is_some_and(|said| said.as_bytes().starts_with(b"text/html")) {
                shown.insert((door.path.clone(), kind));
                if !listed.get(&door.path).is_some_and(|kinds| kinds.contains(kind)) {
                    missing.insert((door.path.clone(), kind));
                }
            }
        }
        if is_silent {
            silent.insert(door.path.clone());
        }
    }
    assert!(missing.is_empty(), "pages that nobody looks at: {missing:#?}");
    assert!(shown.len() > 100, "{} pages", shown.len());

    // A door that led everyone on is the address of a form, or known to.
    let forms: BTreeSet<_> =
        house.doors.iter().filter(|door| door.method == Method::POST).map(|door| door.path.as_str()).collect();
    let known = |path: &String| forms.contains(path.as_str()) || WAYS.contains(&path.as_str());
    let unknown: Vec<_> = silent.iter().filter(|path| !known(path)).collect();
    assert!(unknown.is_empty(), "nobody was shown anything at {unknown:?}");
    for path in LATER {
        assert!(listed.contains_key(path), "{path} has a page at times");
    }

    let paths: BTreeSet<_> = looks.iter().map(|door| &door.path).collect();
    let gone: Vec<_> = listed.keys().filter(|door| !paths.contains(door)).collect();
    assert!(gone.is_empty(), "no such doors: {gone:?}");
    println!("{} doors, {} pages for someone, {} that lead on", listed.len(), shown.len(), silent.len());
}
