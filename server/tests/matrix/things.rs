//! What the addresses name: a business's own things, another's, and nobody's.

use app::doors::Door;
use chrono::TimeDelta;
use domain::actor::{Actor, Reach, Role, Who};
use domain::check::{CheckDraft, FindingDraft};
use domain::device::Device;
use domain::guarantee::{Move, Wording, WordingDraft};
use domain::ids::{GuaranteeId, PlaceId};
use domain::invite::Invite;
use domain::person::Email;
use domain::problem::ProblemDraft;
use domain::recovery::{AcknowledgementDraft, RemedyDraft, StepDraft, UnderstandingDraft};
use domain::schedule::{Announcement, Closure};
use domain::text::{Line, Prose};
use domain::token::Token;
use serde_json::json;
use uuid::Uuid;

use store::Origin;

use crate::installation::Installation;
use crate::people::Caller;
use crate::picture::picture;

/// Whose ids stand in the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    Own,
    Foreign,
    Nobodys,
}

/// One of each, by id.
#[derive(Clone)]
pub struct Things {
    business: String,
    problem: String,
    site: String,
    place: String,
    code: String,
    guarantee: String,
    check: String,
    recovery: String,
    obstacle: String,
    /// The check of which a second look is asked.
    doubted: String,
    link: String,
    /// By id, not by its public name.
    home: String,
    person: String,
    invite: String,
    invitation: String,
    /// The owner's own.
    session: String,
    reset: String,
    device: String,
    registration: String,
    token: String,
    passkey: String,
    closure: String,
    /// A picture of what kept looks like.
    photo: String,
}

impl Whose {
    /// Where no id stands in the address there is only one way to ask.
    pub fn of(door: &Door) -> Vec<Self> {
        if door.path.contains('{') { vec![Self::Own, Self::Foreign, Self::Nobodys] } else { vec![Self::Own] }
    }

    /// Whether someone finds it who is let in: what is of their business, and a session if it is their own.
    pub fn is_seen_by(self, caller: &Caller, door: &Door) -> bool {
        // The password is asked for first: without it nobody learns whether there is such a key.
        if door.path.contains("{passkey}") {
            return true;
        }
        // What is at a site is not there for those of another.
        let kind = door.path.trim_start_matches("/api/v1").split('/').nth(1).unwrap();
        let at_a_site = AT_A_SITE.contains(&kind);
        if caller.is_elsewhere && at_a_site {
            return false;
        }
        let theirs = !door.path.contains("{session}") || caller.role == Some(Role::Owner);
        theirs
            && match self {
                Self::Own => caller.is_at_home,
                Self::Foreign => !caller.is_at_home,
                Self::Nobodys => false,
            }
    }
}

/// The kinds of things that are at a site.
const AT_A_SITE: [&str; 11] = [
    "at",
    "check",
    "checks",
    "closures",
    "devices",
    "obstacles",
    "photos",
    "places",
    "recoveries",
    "second-looks",
    "sites",
];

impl Things {
    pub async fn made(installation: &Installation, actor: &Actor, slug: &str) -> Self {
        let store = &installation.store;
        let line = |text| Line::parse(text).unwrap();
        let problem = ProblemDraft { words: "I dread it.".into(), for_whom: "All".into(), ..ProblemDraft::default() };
        let problem = store.add_problem(actor, &problem.parse().unwrap()).await.unwrap();
        let site = store.add_site(actor, &line("Salina")).await.unwrap();
        let place = store.add_place(actor, site, &line("Restroom")).await.unwrap();
        let guarantee = store.add_guarantee(actor, problem, None, &wording(), &[place]).await.unwrap();
        store.move_guarantee(actor, guarantee, Move::Publish).await.unwrap().unwrap();
        let draft = CheckDraft {
            id: store.source().id().to_string(),
            guarantee: guarantee.to_string(),
            place: place.to_string(),
            finding: FindingDraft {
                verdict: "broken".into(),
                reason: "0".into(),
                found_by: "customer".into(),
                obstacle: "tools".into(),
                ..FindingDraft::default()
            },
            ..CheckDraft::default()
        };
        let check = store.log_check(actor, draft).await.unwrap();
        let recovery = check.recovery.unwrap();
        let obstacle = store.obstacles(actor, None, 1).await.unwrap().rows[0].id.to_string();
        let doubted = doubted(installation, actor, (guarantee, place)).await;
        let mut link = None;
        for step in steps(installation) {
            installation.pass(TimeDelta::minutes(7));
            link = store.take_step(actor, recovery, &step).await.unwrap().unwrap();
        }
        let invite = Invite { name: line("Night shift"), role: Role::Staff, reach: Reach::Everywhere };
        let invited = store.invite(actor, &invite).await.unwrap();
        // The only owner: whom nobody can change.
        let Who::Person(owner) = actor.who else { unreachable!() };
        store.begin_session(owner, &Origin::default()).await.unwrap().unwrap();
        let session = store.sessions(owner).await.unwrap()[0].id.to_string();
        let email = store.password_of(owner).await.unwrap().unwrap().0;
        let reset = store.reset_link(&Email::parse(&email).unwrap()).await.unwrap().unwrap().token;
        store.set_pin(actor, owner, &crate::people::hash()).await.unwrap();
        let device = store.add_device(actor, &Device { name: line("Tablet"), site }).await.unwrap();
        let token =
            Token { name: line("Till"), role: Role::Staff, reach: Reach::Everywhere, lasts: TimeDelta::days(1) };
        let token = store.create_token(actor, &token).await.unwrap();
        store.add_passkey(actor, owner, &line("Phone"), slug.as_bytes(), "{}").await.unwrap();
        let passkey = store.passkeys(owner).await.unwrap()[0].id;
        let from = store.now();
        let closure = Closure { from, until: from + TimeDelta::days(1) };
        let reason = Prose::parse("New tiles.").unwrap();
        let closure = Announcement { site, place: None, closure, reason };
        let closure = store.announce_closure(actor, &closure).await.unwrap().to_string();
        store.show_example(actor, guarantee, place, Some(picture(u8::try_from(slug.len()).unwrap()))).await.unwrap();
        let photo = store.examples(actor, guarantee).await.unwrap()[&place].hash.to_string();
        Self {
            photo,
            session,
            reset,
            device: device.id.to_string(),
            registration: device.token,
            token: token.id.to_string(),
            passkey: passkey.to_string(),
            closure,
            home: actor.business.to_string(),
            person: owner.to_string(),
            invite: invited.id.to_string(),
            invitation: invited.token,
            business: slug.to_owned(),
            problem: problem.to_string(),
            site: site.to_string(),
            code: store.place(actor, place).await.unwrap().unwrap().code,
            place: place.to_string(),
            guarantee: guarantee.to_string(),
            check: check.check.to_string(),
            recovery: recovery.to_string(),
            obstacle,
            doubted,
            link: link.unwrap(),
        }
    }

    pub fn missing() -> Self {
        let nobody = Uuid::from_u128(77).to_string();
        Self {
            business: "nobody".to_owned(),
            problem: nobody.clone(),
            site: nobody.clone(),
            place: nobody.clone(),
            code: "ZZZZZZ".to_owned(),
            guarantee: nobody.clone(),
            check: nobody.clone(),
            recovery: nobody.clone(),
            obstacle: nobody.clone(),
            doubted: nobody.clone(),
            link: "0".repeat(64),
            home: nobody.clone(),
            person: nobody.clone(),
            invite: nobody.clone(),
            invitation: "0".repeat(64),
            device: nobody.clone(),
            registration: "0".repeat(64),
            token: nobody.clone(),
            passkey: nobody.clone(),
            closure: nobody.clone(),
            photo: "0".repeat(64),
            session: nobody,
            reset: "0".repeat(64),
        }
    }

    /// The address with these ids in it. A move and a step are of the kind that the rules refuse here.
    pub fn fill(&self, path: &str) -> String {
        let kind = path.trim_start_matches("/api/v1").split('/').nth(1).unwrap();
        let id = match kind {
            "problems" => &self.problem,
            "sites" => &self.site,
            "places" => &self.place,
            "guarantees" => &self.guarantee,
            "checks" => &self.check,
            "recoveries" => &self.recovery,
            "obstacles" => &self.obstacle,
            "second-looks" => &self.doubted,
            "invites" => &self.invite,
            "closures" => &self.closure,
            "businesses" => &self.home,
            _ if path.contains("{id}") => panic!("what is the id in {path}?"),
            _ => "",
        };
        let asset = server::assets::names().style.rsplit('/').next().unwrap();
        let filled = path.replace("{id}", id).replace("{place}", &self.place).replace("{code}", &self.code);
        let link = match kind {
            "join" => &self.invitation,
            "reset" => &self.reset,
            "register" => &self.registration,
            _ => &self.link,
        };
        let filled = filled.replace("{person}", &self.person).replace("{session}", &self.session);
        let filled = filled.replace("{device}", &self.device).replace("{token}", &self.token);
        let filled = filled.replace("{passkey}", &self.passkey).replace("{hash}", &self.photo);
        let filled = filled.replace("{link}", link).replace("{business}", &self.business);
        let filled = filled.replace("{guarantee}", "clean-restrooms").replace("{number}", "1");
        let filled = filled.replace("{verb}", "resume").replace("{step}", "no-answer").replace("{name}", asset);
        assert!(!filled.contains('{'), "what is meant in {filled}?");
        filled
    }
}

/// Keeps the promise until a second look is asked, and says of which check.
async fn doubted(installation: &Installation, actor: &Actor, (guarantee, place): (GuaranteeId, PlaceId)) -> String {
    let store = &installation.store;
    // Whoever made a check is not asked to look again.
    let other = Actor { who: Who::Trialmark, ..actor.clone() };
    for _ in 0..500 {
        installation.pass(TimeDelta::seconds(1));
        let finding = FindingDraft { verdict: "kept".into(), ..FindingDraft::default() };
        let (id, guarantee, place) = (store.source().id().to_string(), guarantee.to_string(), place.to_string());
        let draft = CheckDraft { id, guarantee, place, finding, ..CheckDraft::default() };
        store.log_checks(actor, &[draft]).await.unwrap();
        if let Some(look) = store.second_looks(&other).await.unwrap().first() {
            return look.check.to_string();
        }
    }
    panic!("the dice never fell")
}

/// A body that can be read, and that the rules refuse or that changes nothing where it comes in.
pub fn body(door: &str, path: &str) -> (&'static str, String) {
    let json = json!({});
    let json = match door.trim_start_matches("/api/v1") {
        "/guarantees/{id}/versions" => {
            let mut same = serde_json::to_value(wording_draft()).unwrap();
            for number in ["mark", "acknowledge_minutes", "remedy_minutes", "proof"] {
                same[number] = same[number].as_str().unwrap().parse::<u32>().unwrap().into();
            }
            same
        }
        "/guarantees/{id}/moves" => json!({ "move": "resume" }),
        "/guarantees/{id}/places" => json!([path.split('/').nth(4)]),
        "/checks/{id}/corrections" => json!({ "verdict": "broken", "reason": "0", "why": "As it was." }),
        "/obstacles/{id}/answers" => json!({ "decision": "planned", "words": "Soon." }),
        "/recoveries/{id}/steps" => json!({ "step": "no_answer" }),
        _ => json,
    };
    if door.starts_with("/api/") || door.starts_with("/do/") {
        return ("application/json", json.to_string());
    }
    let form = match door {
        "/guarantees/{id}/wording" => serde_html_form::to_string(wording_draft()).unwrap(),
        "/people/{person}/role" => "role=auditor".to_owned(),
        "/checks/{id}/correct" => "verdict=broken&reason=0&why=As+it+was.".to_owned(),
        _ => String::new(),
    };
    ("application/x-www-form-urlencoded", form)
}

/// As far as the question to the customer.
fn steps(installation: &Installation) -> [StepDraft; 4] {
    let later = (installation.store.now() + TimeDelta::hours(2)).to_rfc3339();
    [
        StepDraft::Acknowledge(AcknowledgementDraft {
            apology: "I am sorry.".into(),
            responsibility: "yes".into(),
            repair: "yes".into(),
            next_update_by: later,
            customer_name: "Ann".into(),
            customer_contact: "ann@example.com".into(),
            ..AcknowledgementDraft::default()
        }),
        StepDraft::Understand(UnderstandingDraft {
            words: "It was wet.".into(),
            severity: "minor".into(),
            preventable: "yes".into(),
            ..UnderstandingDraft::default()
        }),
        StepDraft::Remedy(RemedyDraft {
            correction: "Dried.".into(),
            remedy: "A coffee.".into(),
            ..RemedyDraft::default()
        }),
        StepDraft::FollowUp,
    ]
}

fn wording() -> Wording {
    wording_draft().parse().unwrap()
}

fn wording_draft() -> WordingDraft {
    WordingDraft {
        title: "Clean restrooms".into(),
        promise: "A clean restroom, whenever you stop.".into(),
        criteria: vec!["Floor dry".into()],
        mark: "98".into(),
        remedy: "Your coffee is free.".into(),
        late_remedy: "And the next one too.".into(),
        conditions: String::new(),
        how_to_claim: "Tell anyone.".into(),
        acknowledge_minutes: "60".into(),
        remedy_minutes: "480".into(),
        proof: "3".into(),
    }
}
