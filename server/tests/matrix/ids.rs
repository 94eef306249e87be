//! The ids in the addresses: of the own business, of another one, and unknown ones.

use app::doors::Door;
use chrono::TimeDelta;
use domain::actor::{Actor, Principal};
use domain::check::CheckDraft;
use domain::device::Device;
use domain::finding::FindingDraft;
use domain::guarantee::{Transition, Wording, WordingDraft};
use domain::ids::{GuaranteeId, PlaceId};
use domain::invite::Invite;
use domain::person::Email;
use domain::problem::ProblemDraft;
use domain::recovery::{AcknowledgementDraft, RemedyDraft, StepDraft, UnderstandingDraft};
use domain::role::Role;
use domain::schedule::{Closure, ClosureAnnouncement};
use domain::site_access::SiteAccess;
use domain::text::{Line, Prose};
use domain::token::Token;
use serde_json::json;
use uuid::Uuid;

use store::ClientInfo;

use crate::callers::Caller;
use crate::installation::Installation;
use crate::picture::picture;

/// Whose ids an address contains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdOwner {
    Own,
    Foreign,
    Unknown,
}

/// The id of one row of each kind.
#[derive(Clone)]
pub struct Ids {
    business: String,
    problem: String,
    site: String,
    place: String,
    code: String,
    guarantee: String,
    check: String,
    recovery: String,
    obstacle: String,
    /// The check that a second look is asked for.
    second_look_check: String,
    link: String,
    /// The id of the business; `business` is its public name.
    business_id: String,
    person: String,
    invite: String,
    invitation_token: String,
    /// A session of the owner.
    session: String,
    reset_token: String,
    device: String,
    registration_token: String,
    token: String,
    passkey: String,
    closure: String,
    /// An example photo.
    photo: String,
}

impl IdOwner {
    /// All variants, or one where the address has no id.
    pub fn variants(door: &Door) -> Vec<Self> {
        if door.path.contains('{') { vec![Self::Own, Self::Foreign, Self::Unknown] } else { vec![Self::Own] }
    }

    /// Whether a caller with access finds the row: it belongs to their business, and a session is their own.
    pub fn is_visible_to(self, caller: &Caller, door: &Door) -> bool {
        // The password is checked first, so that nobody learns without it whether there is such a passkey.
        if door.path.contains("{passkey}") {
            return true;
        }
        // For members limited to another site, the row does not exist.
        let kind = door.path.trim_start_matches("/api/v1").split('/').nth(1).unwrap();
        let at_a_site = SITE_RESOURCES.contains(&kind);
        if caller.is_at_other_site && at_a_site {
            return false;
        }
        let is_own_session = !door.path.contains("{session}") || caller.role == Some(Role::Owner);
        is_own_session
            && match self {
                Self::Own => caller.is_of_own_business,
                Self::Foreign => !caller.is_of_own_business,
                Self::Unknown => false,
            }
    }
}

/// The resources that belong to a site.
const SITE_RESOURCES: [&str; 11] = [
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

impl Ids {
    pub async fn create(installation: &Installation, actor: &Actor, slug: &str) -> Self {
        let store = &installation.store;
        let line = |text| Line::parse(text).unwrap();
        let problem = ProblemDraft { words: "I dread it.".into(), for_whom: "All".into(), ..ProblemDraft::default() };
        let problem = store.add_problem(actor, &problem.parse().unwrap()).await.unwrap();
        let site = store.add_site(actor, &line("Salina")).await.unwrap();
        let place = store.add_place(actor, site, &line("Restroom")).await.unwrap();
        let guarantee = store.add_guarantee(actor, problem, None, &wording(), &[place]).await.unwrap();
        store.transition_guarantee(actor, guarantee, Transition::Publish).await.unwrap().unwrap();
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
        let second_look_check = check_for_second_look(installation, actor, (guarantee, place)).await;
        let mut link = None;
        for step in recovery_steps(installation) {
            installation.advance(TimeDelta::minutes(7));
            link = store.take_step(actor, recovery, &step).await.unwrap().unwrap().link();
        }
        let invite = Invite { name: line("Night shift"), role: Role::Staff, site_access: SiteAccess::AllSites };
        let invited = store.create_invite(actor, &invite).await.unwrap();
        // The only owner, whom nobody can remove.
        let Principal::Person(owner) = actor.principal else { unreachable!() };
        store.begin_session(owner, &ClientInfo::default()).await.unwrap().unwrap();
        let session = store.sessions(owner).await.unwrap()[0].id.to_string();
        let email = store.password_of(owner).await.unwrap().unwrap().0;
        let reset_token = store.create_password_reset(&Email::parse(&email).unwrap()).await.unwrap().unwrap().token;
        store.set_pin(actor, owner, &crate::callers::hash()).await.unwrap();
        let device = store.add_device(actor, &Device { name: line("Tablet"), site }).await.unwrap();
        let token = Token {
            name: line("Till"),
            role: Role::Staff,
            site_access: SiteAccess::AllSites,
            lifetime: TimeDelta::days(1),
        };
        let token = store.create_token(actor, &token).await.unwrap();
        store.add_passkey(actor, owner, &line("Phone"), slug.as_bytes(), "{}").await.unwrap();
        let passkey = store.passkeys(owner).await.unwrap()[0].id;
        let from = store.now();
        let closure = Closure { from, until: from + TimeDelta::days(1) };
        let reason = Prose::parse("New tiles.").unwrap();
        let closure = ClosureAnnouncement { site, place: None, closure, reason };
        let closure = store.announce_closure(actor, &closure).await.unwrap().to_string();
        store
            .set_example_photo(actor, guarantee, place, Some(picture(u8::try_from(slug.len()).unwrap())))
            .await
            .unwrap();
        let photo = store.example_photos(actor, guarantee).await.unwrap()[&place].hash.to_string();
        Self {
            photo,
            session,
            reset_token,
            device: device.id.to_string(),
            registration_token: device.token,
            token: token.id.to_string(),
            passkey: passkey.to_string(),
            closure,
            business_id: actor.business.to_string(),
            person: owner.to_string(),
            invite: invited.id.to_string(),
            invitation_token: invited.token,
            business: slug.to_owned(),
            problem: problem.to_string(),
            site: site.to_string(),
            code: store.place(actor, place).await.unwrap().unwrap().code,
            place: place.to_string(),
            guarantee: guarantee.to_string(),
            check: check.check.to_string(),
            recovery: recovery.to_string(),
            obstacle,
            second_look_check,
            link: link.unwrap(),
        }
    }

    pub fn unknown() -> Self {
        let unknown = Uuid::from_u128(77).to_string();
        Self {
            business: "nobody".to_owned(),
            problem: unknown.clone(),
            site: unknown.clone(),
            place: unknown.clone(),
            code: "ZZZZZZ".to_owned(),
            guarantee: unknown.clone(),
            check: unknown.clone(),
            recovery: unknown.clone(),
            obstacle: unknown.clone(),
            second_look_check: unknown.clone(),
            link: "0".repeat(64),
            business_id: unknown.clone(),
            person: unknown.clone(),
            invite: unknown.clone(),
            invitation_token: "0".repeat(64),
            device: unknown.clone(),
            registration_token: "0".repeat(64),
            token: unknown.clone(),
            passkey: unknown.clone(),
            closure: unknown.clone(),
            photo: "0".repeat(64),
            session: unknown,
            reset_token: "0".repeat(64),
        }
    }

    /// The path with these ids. The move and the recovery step are ones that the rules refuse here.
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
            "second-looks" => &self.second_look_check,
            "invites" => &self.invite,
            "closures" => &self.closure,
            "businesses" => &self.business_id,
            _ if path.contains("{id}") => panic!("unknown kind of id in {path}"),
            _ => "",
        };
        let asset = server::assets::names().style.rsplit('/').next().unwrap();
        let filled = path.replace("{id}", id).replace("{place}", &self.place).replace("{code}", &self.code);
        let link = match kind {
            "join" => &self.invitation_token,
            "reset" => &self.reset_token,
            "register" => &self.registration_token,
            _ => &self.link,
        };
        let filled = filled.replace("{person}", &self.person).replace("{session}", &self.session);
        let filled = filled.replace("{device}", &self.device).replace("{token}", &self.token);
        let filled = filled.replace("{passkey}", &self.passkey).replace("{hash}", &self.photo);
        let filled = filled.replace("{link}", link).replace("{business}", &self.business);
        let filled = filled.replace("{guarantee}", "clean-restrooms").replace("{number}", "1");
        let filled = filled.replace("{verb}", "resume").replace("{step}", "no-answer").replace("{name}", asset);
        assert!(!filled.contains('{'), "unknown placeholder in {filled}");
        filled
    }
}

/// Logs kept checks until a second look is asked for, and returns that check.
async fn check_for_second_look(
    installation: &Installation,
    actor: &Actor,
    (guarantee, place): (GuaranteeId, PlaceId),
) -> String {
    let store = &installation.store;
    // The maker of a check is not asked for a second look.
    let other = Actor { principal: Principal::System, ..actor.clone() };
    for _ in 0..500 {
        installation.advance(TimeDelta::seconds(1));
        let finding = FindingDraft { verdict: "kept".into(), ..FindingDraft::default() };
        let (id, guarantee, place) = (store.source().id().to_string(), guarantee.to_string(), place.to_string());
        let draft = CheckDraft { id, guarantee, place, finding, ..CheckDraft::default() };
        store.log_checks(actor, &[draft]).await.unwrap();
        if let Some(look) = store.second_looks(&other).await.unwrap().first() {
            return look.check.to_string();
        }
    }
    panic!("no second look was asked for")
}

/// The content type and a valid body. The rules refuse it, or it changes nothing.
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

/// The steps of a recovery up to the follow-up.
fn recovery_steps(installation: &Installation) -> [StepDraft; 4] {
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
