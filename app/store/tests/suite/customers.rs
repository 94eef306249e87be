//! Customers: seen only by people who handle recoveries, erased for good, and given what is known about them.

mod identity;

use chrono::{DateTime, Months, TimeDelta, Utc};
use domain::customer::Retention;
use domain::finding::FindingDraft;
use domain::ids::RecoveryId;
use domain::recovery::{AcknowledgementDraft, FollowUpDraft, Outcome, RecoveryError, Stage, StepDraft, UpdateDraft};
use proptest::prelude::*;
use store::{CustomerView, Error, RecoveryFilter};
use tokio::task::JoinSet;

use crate::fixture::{
    Fixture, acknowledge, answer, broken, learn, line, remedy, reopen, told_by_a_customer, understand,
};
use crate::harness::{TestContext, at};
use crate::random_history::sample;

both_databases![
    only_people_who_handle_recoveries_see_the_customer,
    an_erased_customer_leaves_no_private_text,
    an_erasure_entry_has_only_the_number_of_texts,
    erasing_a_customer_twice_changes_nothing,
    a_second_erasure_removes_texts_written_since,
    erasing_a_customer_keeps_all_counts,
    erasing_a_customer_ends_their_follow_up_link,
    an_open_recovery_of_an_erased_customer_ends_without_answer,
    an_erased_customer_who_returns_is_a_new_customer,
    an_unnamed_customer_can_be_erased,
    unnamed_customers_are_erased_after_the_retention_period,
    a_customer_export_is_complete_and_names_no_staff,
    only_owners_and_managers_erase_and_export_customers,
    customers_are_erased_only_after_the_retention_period,
    concurrent_jobs_erase_each_customer_once,
    constraints_forbid_data_on_an_erased_customer,
];

fn acknowledge_naming(name: &str, contact: &str) -> StepDraft {
    let StepDraft::Acknowledge(draft) = acknowledge() else { unreachable!() };
    StepDraft::Acknowledge(AcknowledgementDraft {
        apology: "SAID apology".into(),
        customer_name: name.into(),
        customer_contact: contact.into(),
        ..draft
    })
}

fn updated() -> StepDraft {
    StepDraft::Update(UpdateDraft { told: "SAID update".into(), next_update_by: String::new() })
}

/// A recovery of a break that Jo reported, with these steps taken. Also returns the link, if a step makes one.
async fn recovery_with_steps(
    ctx: &TestContext,
    fixture: &Fixture,
    steps: &[StepDraft],
) -> (RecoveryId, Option<String>) {
    let finding = FindingDraft { note: "SAID note".into(), ..told_by_a_customer() };
    let id = fixture.log_broken(ctx, finding).await;
    let mut link = None;
    for draft in [&[acknowledge_naming("Jo SAID", "jo@SAID.example")], steps].concat() {
        link = fixture.step(ctx, id, draft).await.or(link);
    }
    (id, link)
}

fn steps_to_the_follow_up() -> Vec<StepDraft> {
    vec![updated(), understand(), remedy(), StepDraft::FollowUp]
}

/// A recovery with every step, reopened, and a second one of the same customer.
async fn repeated_recovery(ctx: &TestContext, fixture: &Fixture) -> RecoveryId {
    let (id, link) = recovery_with_steps(ctx, fixture, &steps_to_the_follow_up()).await;
    let words = FollowUpDraft { words: "SAID answer".into(), ..answer("no", "yes") };
    ctx.store.answer_follow_up(&link.unwrap(), &words).await.unwrap().unwrap();
    for draft in [learn(), reopen()] {
        fixture.step(ctx, id, draft).await;
    }
    recovery_with_steps(ctx, fixture, &[]).await;
    id
}

async fn stage(ctx: &TestContext, fixture: &Fixture, id: RecoveryId) -> Stage {
    ctx.store.recovery(&fixture.staff, id).await.unwrap().unwrap().row.stage
}

async fn only_people_who_handle_recoveries_see_the_customer(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let (id, _) = recovery_with_steps(ctx, &fixture, &[understand()]).await;
    let seen = async |actor| ctx.store.recovery(actor, id).await.unwrap().unwrap();
    let jo =
        CustomerView::Named { name: "Jo SAID".into(), contact: Some("jo@SAID.example".into()), others: Vec::new() };
    for actor in [&fixture.owner, &fixture.manager, &fixture.staff] {
        assert_eq!(seen(actor).await.customer, Some(jo.clone()), "{:?}", actor.role);
    }
    let page = seen(&fixture.auditor).await;
    assert_eq!(page.customer, Some(CustomerView::Withheld));
    let page = format!("{page:?}");
    assert!(!page.contains("Jo") && page.contains("There was no soap."), "what was said is still theirs to read");
}

async fn an_erased_customer_leaves_no_private_text(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let id = repeated_recovery(ctx, &fixture).await;
    let said =
        ["SAID", "There was no soap.", "A clean sink.", "A cookie.", "It happened again.", "The delivery was late."];
    let kept = ["Soap was put out.", "A coffee.", "Nobody counted the soap.", "It is counted on Mondays."];
    let before = format!("{:?}", ctx.direct_db.everything().await);
    assert!(said.iter().chain(&kept).all(|text| before.contains(text)));
    let forgotten = ctx.store.erase_customer(&fixture.manager, id).await.unwrap().unwrap();
    assert_eq!((forgotten.texts, forgotten.already_erased), (11, false), "of two recoveries");
    let after = format!("{:?}", ctx.direct_db.everything().await);
    for text in said {
        assert!(!after.contains(text), "{text}");
    }
    for text in kept {
        assert!(after.contains(text), "{text} is public");
    }
    let page = ctx.store.recovery(&fixture.owner, id).await.unwrap().unwrap();
    assert_eq!((page.customer, page.recovery.customer_erased_at), (Some(CustomerView::Erased), Some(forgotten.at)));
    assert!(ctx.store.verify(fixture.business()).await.unwrap().is_ok());
}

async fn an_erasure_entry_has_only_the_number_of_texts(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let id = repeated_recovery(ctx, &fixture).await;
    let verified = ctx.store.verify(fixture.business()).await.unwrap().unwrap();
    ctx.store.erase_customer(&fixture.owner, id).await.unwrap().unwrap();
    let lines = ctx.store.record_after(fixture.business(), verified.entries).await.unwrap();
    assert_eq!(lines.len(), 1);
    assert_eq!(
        (lines[0].entry.kind.as_str(), lines[0].entry.body.to_string()),
        ("redaction", r#"{"redacted":11}"#.into())
    );
    assert!(lines[0].texts.is_empty());
    let after = ctx.store.verify(fixture.business()).await.unwrap().unwrap();
    assert_eq!((after.entries, after.texts), (verified.entries + 1, verified.texts - 11));

    let trial = ctx
        .store
        .add_guarantee(&fixture.owner, fixture.problem, None, &trial_wording(), &[fixture.place])
        .await
        .unwrap();
    ctx.store.transition_guarantee(&fixture.owner, trial, domain::guarantee::Transition::Try).await.unwrap().unwrap();
    let draft = domain::check::CheckDraft { guarantee: trial.to_string(), ..fixture.check(ctx, told_by_a_customer()) };
    let private = ctx.store.log_check(&fixture.staff, draft).await.unwrap().recovery.unwrap();
    fixture.step(ctx, private, acknowledge_naming("Al SAID", "")).await;
    let entries = ctx.store.verify(fixture.business()).await.unwrap().unwrap().entries;
    let forgotten = ctx.store.erase_customer(&fixture.owner, private).await.unwrap().unwrap();
    assert_eq!(forgotten.texts, 1);
    let verified = ctx.store.verify(fixture.business()).await.unwrap().unwrap();
    assert_eq!(verified.entries, entries, "what was never public is not announced");
}

fn trial_wording() -> domain::guarantee::Wording {
    let draft = crate::fixture::wording_draft();
    domain::guarantee::WordingDraft { title: "On trial".into(), ..draft }.parse().unwrap()
}

async fn erasing_a_customer_twice_changes_nothing(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let (id, _) = recovery_with_steps(ctx, &fixture, &[understand()]).await;
    let first = ctx.store.erase_customer(&fixture.owner, id).await.unwrap().unwrap();
    let before = ctx.direct_db.everything().await;
    ctx.hours(1);
    let second = ctx.store.erase_customer(&fixture.manager, id).await.unwrap().unwrap();
    assert_eq!((second.at, second.texts, second.already_erased), (first.at, 0, true));
    assert_eq!(ctx.direct_db.everything().await, before);
}

async fn a_second_erasure_removes_texts_written_since(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let (id, _) = recovery_with_steps(ctx, &fixture, &[]).await;
    let first = ctx.store.erase_customer(&fixture.owner, id).await.unwrap().unwrap();
    fixture.step(ctx, id, understand()).await;
    let second = ctx.store.erase_customer(&fixture.owner, id).await.unwrap().unwrap();
    assert_eq!((second.texts, second.already_erased), (3, false));
    assert!(second.at > first.at && !format!("{:?}", ctx.direct_db.everything().await).contains("There was no soap."));
    let before = ctx.direct_db.everything().await;
    assert!(ctx.store.erase_customer(&fixture.owner, id).await.unwrap().unwrap().already_erased);
    assert_eq!(ctx.direct_db.everything().await, before);
    assert!(ctx.store.verify(fixture.business()).await.unwrap().is_ok());
}

async fn erasing_a_customer_keeps_all_counts(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let id = repeated_recovery(ctx, &fixture).await;
    let later = ctx.store.open_recoveries(&fixture.owner, RecoveryFilter::All, None, 200).await.unwrap().rows;
    let second = later.iter().find(|row| row.id != id).unwrap().id;
    fixture.step(ctx, second, understand()).await;
    let tier = async || ctx.store.recovery(&fixture.owner, second).await.unwrap().unwrap().tier.unwrap();
    assert!(tier().await.because.repeated);
    let home = fixture.home(&ctx.store).await;
    let counted = async || {
        let detail = ctx.store.detail(&home, fixture.guarantee).await.unwrap();
        let charter = ctx.store.charter(home.clone(), None).await.unwrap();
        (detail.totals, detail.corrections, format!("{:?}", charter.guarantees[0].days), tier().await.because)
    };
    let before = counted().await;
    ctx.store.erase_customer(&fixture.owner, id).await.unwrap().unwrap();
    assert_eq!(counted().await, before);
}

async fn erasing_a_customer_ends_their_follow_up_link(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let (id, link) = recovery_with_steps(ctx, &fixture, &steps_to_the_follow_up()).await;
    let link = link.unwrap();
    ctx.store.erase_customer(&fixture.owner, id).await.unwrap().unwrap();
    assert!(ctx.store.follow_up(&link).await.unwrap().unwrap().answered);
    let refused = ctx.store.answer_follow_up(&link, &answer("yes", "yes")).await;
    assert!(matches!(refused, Err(Error::Recovery(RecoveryError::AnsweredAlready))), "{refused:?}");
    fixture.step(ctx, id, StepDraft::NoAnswer).await;
    fixture.step(ctx, id, learn()).await;
    assert_eq!(stage(ctx, &fixture, id).await, Stage::Closed(Outcome::NoAnswer));
    assert!(ctx.store.verify(fixture.business()).await.unwrap().is_ok());
}

async fn an_open_recovery_of_an_erased_customer_ends_without_answer(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let (id, _) = recovery_with_steps(ctx, &fixture, &[]).await;
    ctx.store.erase_customer(&fixture.owner, id).await.unwrap().unwrap();
    let asked = ctx.store.take_step(&fixture.staff, id, &StepDraft::AskCustomer).await;
    assert!(matches!(asked, Err(Error::Recovery(RecoveryError::CustomerErased))), "{asked:?}");
    for draft in [understand(), remedy(), StepDraft::FollowUp] {
        assert_eq!(fixture.step(ctx, id, draft).await, None, "no link is made for nobody");
    }
    fixture.step(ctx, id, learn()).await;
    assert_eq!(stage(ctx, &fixture, id).await, Stage::Closed(Outcome::NoAnswer));
}

async fn an_erased_customer_who_returns_is_a_new_customer(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let (id, _) = recovery_with_steps(ctx, &fixture, &[understand(), remedy()]).await;
    ctx.store.erase_customer(&fixture.owner, id).await.unwrap().unwrap();
    for draft in
        [StepDraft::FollowUp, reopen(), acknowledge_naming("Jo again", "jo@SAID.example"), understand(), remedy()]
    {
        fixture.step(ctx, id, draft).await;
    }
    let link = fixture.step(ctx, id, StepDraft::FollowUp).await.unwrap();
    ctx.store.answer_follow_up(&link, &answer("yes", "yes")).await.unwrap().unwrap();
    let page = ctx.store.recovery(&fixture.owner, id).await.unwrap().unwrap();
    let contact = Some("jo@SAID.example".to_owned());
    assert_eq!(page.customer, Some(CustomerView::Named { name: "Jo again".into(), contact, others: Vec::new() }));
    assert!(!page.tier.unwrap().because.repeated, "nobody knows that it is the same person");
}

async fn an_unnamed_customer_can_be_erased(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let told = fixture.log_broken(ctx, FindingDraft { note: "SAID note".into(), ..told_by_a_customer() }).await;
    for draft in [acknowledge(), understand()] {
        fixture.step(ctx, told, draft).await;
    }
    assert_eq!(ctx.store.erase_customer(&fixture.owner, told).await.unwrap().unwrap().texts, 5);
    assert!(ctx.store.erase_customer(&fixture.owner, told).await.unwrap().unwrap().already_erased);
    assert!(!format!("{:?}", ctx.direct_db.everything().await).contains("There was no soap."));

    let found = fixture.log_broken(ctx, broken()).await;
    let before = ctx.direct_db.everything().await;
    assert_eq!(ctx.store.erase_customer(&fixture.owner, found).await.unwrap(), None, "nobody is known here");
    assert_eq!(ctx.store.erase_customer(&fixture.owner, RecoveryId(uuid::Uuid::nil())).await.unwrap(), None);
    assert_eq!(ctx.direct_db.everything().await, before);
}

async fn unnamed_customers_are_erased_after_the_retention_period(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let told = fixture.log_broken(ctx, FindingDraft { note: "SAID note".into(), ..told_by_a_customer() }).await;
    for draft in [acknowledge(), understand(), remedy(), learn(), StepDraft::FollowUp] {
        if let Some(link) = fixture.step(ctx, told, draft).await {
            ctx.store.answer_follow_up(&link, &answer("yes", "yes")).await.unwrap().unwrap();
        }
    }
    assert_eq!(ctx.store.erase_expired_customers(&fixture.manager).await.unwrap(), 0);
    ctx.clock.advance(TimeDelta::days(400));
    assert_eq!(ctx.store.erase_expired_customers(&fixture.manager).await.unwrap(), 1);
    assert!(!format!("{:?}", ctx.direct_db.everything().await).contains("SAID"));

    // What is written after that goes when its own time is over.
    let StepDraft::Acknowledge(said) = acknowledge() else { unreachable!() };
    let silent = StepDraft::Acknowledge(AcknowledgementDraft { next_update_by: String::new(), ..said });
    for draft in [reopen(), silent, understand(), remedy(), learn(), StepDraft::FollowUp] {
        fixture.step(ctx, told, draft).await;
    }
    assert!(format!("{:?}", ctx.direct_db.everything().await).contains("There was no soap."));
    assert_eq!(ctx.store.erase_expired_customers(&fixture.manager).await.unwrap(), 0);
    ctx.clock.advance(TimeDelta::days(400));
    assert_eq!(ctx.store.erase_expired_customers(&fixture.manager).await.unwrap(), 1);
    assert_eq!(ctx.store.erase_expired_customers(&fixture.manager).await.unwrap(), 0, "once");
    assert!(!format!("{:?}", ctx.direct_db.everything().await).contains("There was no soap."));
    assert!(ctx.store.verify(fixture.business()).await.unwrap().is_ok());
}

async fn a_customer_export_is_complete_and_names_no_staff(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let id = repeated_recovery(ctx, &fixture).await;
    let file = ctx.store.export_customer(&fixture.manager, id).await.unwrap().unwrap();
    let text = serde_json::to_string(&file).unwrap();
    let said = ["Jo SAID", "jo@SAID.example", "SAID note", "SAID apology", "SAID update", "SAID answer", "A cookie."];
    let done = ["There was no soap.", "A clean sink.", "Soap was put out.", "A coffee.", "It happened again."];
    let more = ["Clean restrooms", "Abilene", "Restroom 1", "\"fixed\":\"no\"", "\"by\":\"customer\"", "Prairie Stop"];
    for part in said.iter().chain(&done).chain(&more) {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert_eq!(file.recoveries.len(), 2);
    for inside in ["Sam", "Nia", "person", "heard", "owner"] {
        assert!(!text.contains(inside), "{inside}: {text}");
    }
}

async fn only_owners_and_managers_erase_and_export_customers(ctx: &TestContext) {
    let (fixture, other) = (ctx.fixture().await, ctx.other_fixture().await);
    let (id, _) = recovery_with_steps(ctx, &fixture, &[]).await;
    let (store, contact) = (&ctx.store, line("jo@SAID.example"));
    let before = ctx.direct_db.everything().await;
    for actor in [&fixture.staff, &fixture.auditor] {
        assert!(matches!(store.erase_customer(actor, id).await, Err(Error::NotAllowed(_))));
        assert!(matches!(store.erase_contact(actor, &contact).await, Err(Error::NotAllowed(_))));
        assert!(matches!(store.export_customer(actor, id).await, Err(Error::NotAllowed(_))));
        assert!(matches!(store.export_contact(actor, &contact).await, Err(Error::NotAllowed(_))));
        assert!(matches!(store.erase_expired_customers(actor).await, Err(Error::NotAllowed(_))));
    }
    assert_eq!(store.erase_customer(&other.owner, id).await.unwrap(), None);
    assert_eq!(store.erase_contact(&other.owner, &contact).await.unwrap(), None);
    assert!(store.export_customer(&other.owner, id).await.unwrap().is_none());
    assert!(store.export_contact(&other.owner, &contact).await.unwrap().is_none());
    assert_eq!(ctx.direct_db.everything().await, before);
}

/// An event in the life of a customer, and the number of days after it.
fn any_customer_event() -> impl Strategy<Value = (u8, i64)> {
    (0..4_u8, 1..50_i64)
}

async fn closed_recovery(ctx: &TestContext, fixture: &Fixture, contact: &str) -> RecoveryId {
    let id = fixture.log_broken(ctx, told_by_a_customer()).await;
    let StepDraft::Acknowledge(said) = acknowledge_naming("Jo", contact) else { unreachable!() };
    let next_update_by = (ctx.store.now() + TimeDelta::days(1)).to_rfc3339();
    for draft in [
        StepDraft::Acknowledge(AcknowledgementDraft { next_update_by, ..said }),
        understand(),
        remedy(),
        learn(),
        StepDraft::FollowUp,
    ] {
        if let Some(link) = fixture.step(ctx, id, draft).await {
            ctx.store.answer_follow_up(&link, &answer("yes", "yes")).await.unwrap().unwrap();
        }
    }
    id
}

async fn customers_are_erased_only_after_the_retention_period(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let mut business = fixture.home(&ctx.store).await.business;
    business.retention = Retention::parse("2").unwrap();
    ctx.store.update_business(&fixture.owner, &business).await.unwrap();
    assert_eq!(fixture.home(&ctx.store).await.business.retention.months(), 2);
    let mut lives: Vec<(String, RecoveryId, Option<DateTime<Utc>>)> = Vec::new();
    let mut forgotten = 0;
    for (number, (what, days)) in sample(60, &any_customer_event()).into_iter().enumerate() {
        match (what, lives.last_mut()) {
            (0, Some((contact, id, over))) if over.is_some() => {
                let again = closed_recovery(ctx, &fixture, contact).await;
                (*id, *over) = (again, Some(ctx.store.now()));
            }
            (1, Some((_, id, over))) if over.is_some() => {
                fixture.step(ctx, *id, reopen()).await;
                *over = None;
            }
            _ => {
                let contact = format!("jo-{number}@x.example");
                let id = closed_recovery(ctx, &fixture, &contact).await;
                lives.push((contact, id, Some(ctx.store.now())));
            }
        }
        ctx.clock.advance(TimeDelta::days(days));
        let due = |over: &Option<DateTime<Utc>>| over.is_some_and(|at| at + Months::new(2) <= ctx.store.now());
        let expected = lives.iter().filter(|(.., over)| due(over)).count();
        assert_eq!(ctx.store.erase_expired_customers(&fixture.manager).await.unwrap(), expected, "step {number}");
        assert_eq!(ctx.store.erase_expired_customers(&fixture.manager).await.unwrap(), 0, "once");
        lives.retain(|(.., over)| !due(over));
        forgotten += expected;
        let remembered = ctx.direct_db.texts("SELECT contact FROM customers WHERE erased_at IS NULL ORDER BY 1").await;
        let mut known: Vec<_> = lives.iter().map(|(contact, ..)| contact.clone()).collect();
        known.sort();
        assert_eq!(remembered, known, "step {number}");
    }
    assert!(forgotten > 15 && !lives.is_empty(), "{forgotten}");
    assert!(ctx.store.verify(fixture.business()).await.unwrap().is_ok());
}

async fn concurrent_jobs_erase_each_customer_once(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    for number in 0..12 {
        closed_recovery(ctx, &fixture, &format!("jo-{number}@x.example")).await;
    }
    ctx.clock.set(at("2027-12-01T12:00:00Z"));
    let mut jobs = JoinSet::new();
    for store in [ctx.store.clone(), ctx.another().await, ctx.store.clone()] {
        let actor = fixture.owner.clone();
        jobs.spawn(async move { store.erase_expired_customers(&actor).await.unwrap() });
    }
    assert_eq!(jobs.join_all().await.iter().sum::<usize>(), 12);
    assert_eq!(ctx.direct_db.number("SELECT COUNT(*) FROM record WHERE kind = 'redaction'").await, 12);
    assert!(ctx.store.verify(fixture.business()).await.unwrap().is_ok());
}

#[test]
fn the_sqlite_file_has_no_text_of_an_erased_customer() {
    crate::harness::on_sqlite(async |ctx: &TestContext| {
        let fixture = ctx.fixture().await;
        let id = repeated_recovery(ctx, &fixture).await;
        let file = ctx.url.strip_prefix("sqlite:").unwrap();
        let holds = async |word: &str| {
            ctx.direct_db.run_alone("PRAGMA wal_checkpoint(TRUNCATE)").await;
            let bytes = std::fs::read(file).unwrap();
            bytes.windows(word.len()).any(|window| window == word.as_bytes())
        };
        assert!(holds("jo@SAID.example").await && holds("SAID apology").await);
        ctx.store.erase_customer(&fixture.owner, id).await.unwrap().unwrap();
        for word in ["SAID", "There was no soap.", "A clean sink.", "A cookie."] {
            assert!(!holds(word).await, "{word}");
        }
    });
}

async fn constraints_forbid_data_on_an_erased_customer(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let (id, _) = recovery_with_steps(ctx, &fixture, &[]).await;
    ctx.store.erase_customer(&fixture.owner, id).await.unwrap().unwrap();
    for change in ["name = 'Jo'", "contact = 'jo@x.example'", "erased_by = NULL", "erased_at = NULL"] {
        assert!(ctx.direct_db.run(&format!("UPDATE customers SET {change}")).await.is_err(), "{change}");
    }
    for months in [0, 121, -1] {
        assert!(
            ctx.direct_db.run(&format!("UPDATE businesses SET forget_after = {months}")).await.is_err(),
            "{months}"
        );
    }
}
