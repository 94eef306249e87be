//! Personal data and private texts stay out of the record. Public texts are stored beside it with a commitment.

use domain::business::{Business, BusinessDraft};
use domain::finding::FindingDraft;
use domain::guarantee::{Transition, WordingDraft};
use domain::hours::Hours;
use domain::person::{NewMember, NewMemberDraft};
use domain::problem::ProblemDraft;
use domain::recovery::{
    AcknowledgementDraft, FollowUpDraft, LessonDraft, RemedyDraft, ReopenDraft, StepDraft, UnderstandingDraft,
    UpdateDraft,
};

use crate::fixture::{Fixture, broken, business_draft, correction, line, wording_draft};
use crate::harness::TestContext;

both_databases![
    nothing_private_enters_the_record,
    public_texts_are_stored_beside_their_commitments,
    the_record_identifies_no_person
];

fn newcomer() -> NewMember {
    let draft = NewMemberDraft {
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

/// Stores every kind of text, each recognisable. All steps occur.
async fn fixture_with_marked_texts(ctx: &TestContext) -> Fixture {
    let mut fixture = ctx.fixture().await;
    let (store, owner) = (&ctx.store, fixture.owner.clone());
    store.update_business(&owner, &business()).await.unwrap();
    store.add_person(&owner, &newcomer(), "PRIVATE hash").await.unwrap();
    store.create_token(&owner, &crate::fixture::named_token("PRIVATE token")).await.unwrap();
    let site = store.add_site(&owner, &line("PRIVATE site")).await.unwrap();
    fixture.place = store.add_place(&owner, site, &line("PRIVATE place")).await.unwrap();
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
    fixture.guarantee = store.add_guarantee(&owner, problem, None, &wording, &[fixture.place]).await.unwrap();
    store.transition_guarantee(&owner, fixture.guarantee, Transition::Publish).await.unwrap();

    let not_applicable =
        FindingDraft { verdict: "not_applicable".into(), note: "PRIVATE why not".into(), ..FindingDraft::default() };
    let check = fixture.log(ctx, not_applicable.clone()).await.check;
    let found = FindingDraft { note: "PRIVATE corrected note".into(), obstacle: "staffing".into(), ..broken() };
    store.correct_check(&fixture.staff, check, &correction(&found, "PUBLIC why corrected")).await.unwrap();
    let note =
        FindingDraft { note: "PRIVATE note".into(), found_by: "customer".into(), obstacle: "tools".into(), ..broken() };
    let id = fixture.log_broken(ctx, note).await;
    ctx.hours(5);
    store.record_missed_deadlines(&owner).await.unwrap();
    for draft in steps_with_marked_texts() {
        if let Some(link) = fixture.step(ctx, id, draft).await {
            let words = "PRIVATE answer".into();
            let answer = FollowUpDraft {
                fixed: "partly".into(),
                again: "no".into(),
                words,
                fair: "no".into(),
                ..FollowUpDraft::default()
            };
            store.answer_follow_up(&link, &answer).await.unwrap().unwrap();
        }
    }
    assert!(store.verify(fixture.business()).await.unwrap().is_ok());
    fixture
}

fn steps_with_marked_texts() -> Vec<StepDraft> {
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
    let mut steps_with_marked_texts = round.to_vec();
    steps_with_marked_texts.extend([StepDraft::FollowUp, learn("PUBLIC action", ""), reopen]);
    steps_with_marked_texts.extend(round);
    steps_with_marked_texts.extend([learn("", "PUBLIC why none"), StepDraft::FollowUp]);
    steps_with_marked_texts
}

async fn published(ctx: &TestContext, fixture: &Fixture) -> String {
    let (mut all, mut seq) = (String::new(), 0);
    loop {
        let lines = ctx.store.record_after(fixture.business(), seq).await.unwrap();
        let Some(last) = lines.last() else { return all };
        seq = last.entry.seq;
        for line in lines {
            all.push_str(&serde_json::to_string(&line).unwrap());
            all.push('\n');
        }
    }
}

async fn nothing_private_enters_the_record(ctx: &TestContext) {
    let fixture = fixture_with_marked_texts(ctx).await;
    let (published, kept) = (published(ctx, &fixture).await, format!("{:?}", ctx.direct_db.rows("record").await));
    let more = ["cost", "765432"];
    for text in [published, kept] {
        for private in
            ["private", "severity", "life_event", "preventable", "staffing", "tools", "fair"].iter().chain(&more)
        {
            assert!(!text.to_lowercase().contains(private), "{private}");
        }
    }
    let everything = format!("{:?}", ctx.direct_db.everything().await);
    let private =
        ["note", "why not", "corrected note", "apology", "story", "cause so far", "remedy sought", "told", "gesture"];
    let more =
        ["why reopened", "answer", "customer", "customer contact", "staff name", "contact", "place", "site", "words"];
    for marker in private.iter().chain(&more) {
        assert!(everything.contains(&format!("PRIVATE {marker}")), "{marker} was stored, where it belongs");
    }
}

async fn public_texts_are_stored_beside_their_commitments(ctx: &TestContext) {
    let fixture = fixture_with_marked_texts(ctx).await;
    let published = published(ctx, &fixture).await;
    let kept = format!("{:?}", ctx.direct_db.rows("record").await);
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
    let hex = if ctx.direct_db.is_sqlite() { "LOWER(HEX(salt))" } else { "ENCODE(salt, 'hex')" };
    for (public, shown) in [("public", true), ("NOT public", false)] {
        let salts = ctx.direct_db.texts(&format!("SELECT {hex} FROM texts WHERE seq IS NOT NULL AND {public}")).await;
        assert!(salts.len() > 10 && salts.iter().all(|salt| published.contains(salt) == shown));
    }
}

async fn the_record_identifies_no_person(ctx: &TestContext) {
    let fixture = fixture_with_marked_texts(ctx).await;
    let published = published(ctx, &fixture).await;
    let ids = if ctx.direct_db.is_sqlite() { "LOWER(HEX(id))" } else { "REPLACE(id::text, '-', '')" };
    for table in ["people", "customers", "tokens", "businesses"] {
        let ids = ctx.direct_db.texts(&format!("SELECT {ids} FROM {table}")).await;
        assert!(!ids.is_empty());
        assert!(ids.iter().all(|id| !published.replace('-', "").contains(id)), "{table}");
    }
}
