//! Personal data and private words stay out of the record; what is public stands beside its commitment.

use domain::business::{Business, BusinessDraft};
use domain::check::FindingDraft;
use domain::guarantee::{Move, WordingDraft};
use domain::hours::Hours;
use domain::person::{Newcomer, NewcomerDraft};
use domain::problem::ProblemDraft;
use domain::recovery::{
    AcknowledgementDraft, AnswerDraft, LessonDraft, RemedyDraft, ReopenDraft, StepDraft, UnderstandingDraft,
    UpdateDraft,
};

use crate::shop::{Shop, broken, business_draft, line, prose, wording_draft};
use crate::world::World;

facts![
    nothing_private_enters_the_record,
    what_is_public_stands_beside_its_commitment,
    no_person_can_be_told_from_the_record
];

fn newcomer() -> Newcomer {
    let draft = NewcomerDraft {
        name: "PRIVATE staff name".into(),
        email: "private-staff@mail.example".into(),
        password: "PRIVATE password".into(),
        role: "staff".into(),
    };
    draft.parse().unwrap()
}

fn business() -> Business {
    let draft = BusinessDraft {
        contact_name: "PRIVATE contact".into(),
        contact_email: "private-contact@mail.example".into(),
        contact_phone: "PRIVATE phone".into(),
        ..business_draft()
    };
    draft.parse(Hours::always()).unwrap()
}

/// Every text there is, marked as what it is. The steps walk twice, so that every step occurs.
async fn marked(world: &World) -> Shop {
    let mut shop = world.shop().await;
    let (store, owner) = (&world.store, shop.owner.clone());
    store.change_business(&owner, &business()).await.unwrap();
    store.add_person(&owner, &newcomer(), "PRIVATE hash").await.unwrap();
    store.create_token(&owner, &crate::shop::named_token("PRIVATE token")).await.unwrap();
    let site = store.add_site(&owner, &line("PRIVATE site")).await.unwrap();
    shop.place = store.add_place(&owner, site, &line("PRIVATE place")).await.unwrap();
    let (words, for_whom, not_for_whom) = ("PRIVATE words".into(), "PRIVATE whom".into(), "PRIVATE not".into());
    let problem = ProblemDraft { words, for_whom, not_for_whom }.parse().unwrap();
    let problem = store.add_problem(&owner, &problem).await.unwrap();
    let wording = WordingDraft {
        title: "PUBLIC title".into(),
        promise: "PUBLIC promise".into(),
        criteria: vec!["PUBLIC criterion".into(), "PUBLIC other criterion".into()],
        remedy: "PUBLIC remedy".into(),
        late_remedy: "PUBLIC late remedy".into(),
        conditions: "PUBLIC conditions".into(),
        how_to_claim: "PUBLIC how to claim".into(),
        ..wording_draft()
    };
    let wording = wording.parse().unwrap();
    shop.guarantee = store.add_guarantee(&owner, problem, None, &wording, &[shop.place]).await.unwrap();
    store.move_guarantee(&owner, shop.guarantee, Move::Publish).await.unwrap();

    let not_applicable =
        FindingDraft { verdict: "not_applicable".into(), note: "PRIVATE why not".into(), ..FindingDraft::default() };
    let check = shop.log(world, not_applicable.clone()).await.check;
    let found = FindingDraft { note: "PRIVATE corrected note".into(), obstacle: "staffing".into(), ..broken() };
    store.correct_check(&shop.staff, check, &found, &prose("PUBLIC why corrected")).await.unwrap();
    let note =
        FindingDraft { note: "PRIVATE note".into(), found_by: "customer".into(), obstacle: "tools".into(), ..broken() };
    let id = shop.breaks(world, note).await;
    world.hours(5);
    store.note_lateness(&owner).await.unwrap();
    for draft in walk() {
        if let Some(link) = shop.step(world, id, draft).await {
            let words = "PRIVATE answer".into();
            let answer = AnswerDraft {
                fixed: "partly".into(),
                again: "no".into(),
                words,
                fair: "no".into(),
                ..AnswerDraft::default()
            };
            store.answer(&link, &answer).await.unwrap().unwrap();
        }
    }
    assert!(store.verify(shop.business()).await.unwrap().is_ok());
    shop
}

fn walk() -> Vec<StepDraft> {
    let acknowledge = StepDraft::Acknowledge(AcknowledgementDraft {
        apology: "PRIVATE apology".into(),
        responsibility: "yes".into(),
        repair: "yes".into(),
        next_update_by: "2026-11-20T10:00:00Z".into(),
        customer_name: "PRIVATE customer".into(),
        customer_contact: "PRIVATE customer contact".into(),
        ..AcknowledgementDraft::default()
    });
    let understand = StepDraft::Understand(UnderstandingDraft {
        words: "PRIVATE story".into(),
        severity: "life_event".into(),
        preventable: "yes".into(),
        cause: "PRIVATE cause so far".into(),
        remedy_sought: "PRIVATE remedy sought".into(),
    });
    let update = StepDraft::Update(UpdateDraft { told: "PRIVATE told".into(), next_update_by: String::new() });
    let remedy = StepDraft::Remedy(RemedyDraft {
        correction: "PUBLIC correction".into(),
        remedy: "PUBLIC given remedy".into(),
        gesture: "PRIVATE gesture".into(),
        cost: "7654.32".into(),
        ..RemedyDraft::default()
    });
    let learn = |action: &str, none: &str| {
        StepDraft::Learn(LessonDraft {
            cause: "PUBLIC cause".into(),
            corrective_action: action.into(),
            why_none: none.into(),
            heard: "yes".into(),
            thanked: "yes".into(),
            supported: "yes".into(),
        })
    };
    let reopen = StepDraft::Reopen(ReopenDraft { why: "PRIVATE why reopened".into() });
    let round = [acknowledge.clone(), update, StepDraft::AskCustomer, StepDraft::CustomerReplied, understand, remedy];
    let mut walk = round.to_vec();
    walk.extend([StepDraft::FollowUp, learn("PUBLIC action", ""), reopen]);
    walk.extend(round);
    walk.extend([learn("", "PUBLIC why none"), StepDraft::FollowUp]);
    walk
}

async fn published(world: &World, shop: &Shop) -> String {
    let (mut all, mut seq) = (String::new(), 0);
    loop {
        let lines = world.store.record_after(shop.business(), seq).await.unwrap();
        let Some(last) = lines.last() else { return all };
        seq = last.entry.seq;
        for line in lines {
            all.push_str(&serde_json::to_string(&line).unwrap());
            all.push('\n');
        }
    }
}

async fn nothing_private_enters_the_record(world: &World) {
    let shop = marked(world).await;
    let (published, kept) = (published(world, &shop).await, format!("{:?}", world.raw.rows("record").await));
    let more = ["cost", "765432"];
    for text in [published, kept] {
        for private in
            ["private", "severity", "life_event", "preventable", "staffing", "tools", "fair"].iter().chain(&more)
        {
            assert!(!text.to_lowercase().contains(private), "{private}");
        }
    }
    let everything = format!("{:?}", world.raw.everything().await);
    let private =
        ["note", "why not", "corrected note", "apology", "story", "cause so far", "remedy sought", "told", "gesture"];
    let more =
        ["why reopened", "answer", "customer", "customer contact", "staff name", "contact", "place", "site", "words"];
    for marker in private.iter().chain(&more) {
        assert!(everything.contains(&format!("PRIVATE {marker}")), "{marker} was stored, where it belongs");
    }
}

async fn what_is_public_stands_beside_its_commitment(world: &World) {
    let shop = marked(world).await;
    let published = published(world, &shop).await;
    let kept = format!("{:?}", world.raw.rows("record").await);
    assert!(!kept.contains("PUBLIC"), "the entries hold commitments, no text");
    for public in [
        "title",
        "promise",
        "criterion",
        "other criterion",
        "remedy",
        "late remedy",
        "conditions",
        "how to claim",
        "why corrected",
        "correction",
        "given remedy",
        "cause",
        "action",
        "why none",
    ] {
        assert!(published.contains(&format!("PUBLIC {public}")), "{public}");
    }
    let hex = if world.raw.is_sqlite() { "LOWER(HEX(salt))" } else { "ENCODE(salt, 'hex')" };
    for (public, shown) in [("public", true), ("NOT public", false)] {
        let salts = world.raw.texts(&format!("SELECT {hex} FROM texts WHERE seq IS NOT NULL AND {public}")).await;
        assert!(salts.len() > 10 && salts.iter().all(|salt| published.contains(salt) == shown));
    }
}

async fn no_person_can_be_told_from_the_record(world: &World) {
    let shop = marked(world).await;
    let published = published(world, &shop).await;
    let ids = if world.raw.is_sqlite() { "LOWER(HEX(id))" } else { "REPLACE(id::text, '-', '')" };
    for table in ["people", "customers", "tokens", "businesses"] {
        let ids = world.raw.texts(&format!("SELECT {ids} FROM {table}")).await;
        assert!(!ids.is_empty());
        assert!(ids.iter().all(|id| !published.replace('-', "").contains(id)), "{table}");
    }
}
