//! Group commit: checks that arrive at the same time are written together and answered one by one.

use std::collections::BTreeSet;

use domain::fault::Fault;
use domain::finding::FindingDraft;
use domain::verdict::Verdict;
use store::Error;
use tokio::task::JoinSet;

use crate::fixture::{broken, kept};
use crate::harness::TestContext;

both_databases![
    the_same_check_from_32_senders_is_stored_once,
    checks_committed_together_get_their_own_answers,
    a_failed_check_does_not_fail_others_in_its_group,
    a_check_is_stored_even_if_its_sender_disconnects,
    a_deleted_business_does_not_fail_others_in_its_group,
    a_refused_check_changes_nothing_of_its_business,
];

async fn the_same_check_from_32_senders_is_stored_once(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    for finding in [kept(), broken()] {
        let check = fixture.check(ctx, finding);
        let others = [ctx.store.clone(), ctx.another().await];
        let mut senders = JoinSet::new();
        for sender in 0..32 {
            // Half of them through another program on the same database.
            let (store, check, staff) = (others[sender % 2].clone(), check.clone(), fixture.staff.clone());
            senders.spawn(async move { store.log_check(&staff, check).await.unwrap() });
        }
        let answers = senders.join_all().await;
        assert_eq!(answers.iter().filter(|logged| !logged.is_repeat).count(), 1);
        let recoveries: BTreeSet<_> = answers.iter().map(|logged| logged.recovery).collect();
        assert_eq!(recoveries.len(), 1, "all hear of the same recovery");
    }
    assert_eq!((ctx.direct_db.count("checks").await, ctx.direct_db.count("recoveries").await), (2, 1));
    assert!(ctx.store.verify(fixture.business()).await.unwrap().is_ok());
}

async fn checks_committed_together_get_their_own_answers(ctx: &TestContext) {
    let (fixture, other) = (ctx.fixture().await, ctx.other_fixture().await);
    let mut senders = JoinSet::new();
    for number in 0..60 {
        let from = if number % 10 == 9 { &other } else { &fixture };
        let finding = match number % 3 {
            0 => kept(),
            1 => broken(),
            _ => FindingDraft { reason: "9".into(), ..broken() },
        };
        let (store, check, staff) = (ctx.store.clone(), from.check(ctx, finding), from.staff.clone());
        senders.spawn(async move { (number % 3, store.log_check(&staff, check).await) });
    }
    for (kind, answer) in senders.join_all().await {
        match (kind, answer) {
            (0, Ok(logged)) => assert_eq!((logged.verdict, logged.recovery), (Verdict::Kept, None)),
            (1, Ok(logged)) => assert!(logged.verdict == Verdict::Broken && logged.recovery.is_some()),
            (2, Err(Error::Invalid(faults))) => assert_eq!(faults.of_field("reason"), Some(Fault::UnknownChoice)),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((ctx.direct_db.count("checks").await, ctx.direct_db.count("breaks").await), (40, 20));
    for fixture in [fixture, other] {
        assert!(ctx.store.verify(fixture.business()).await.unwrap().is_ok());
    }
}

async fn a_failed_check_does_not_fail_others_in_its_group(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let refuse = if ctx.direct_db.is_sqlite() {
        "CREATE TRIGGER refuse BEFORE INSERT ON checks WHEN NEW.reason = '0' BEGIN SELECT RAISE(ABORT, 'no'); END"
    } else {
        "ALTER TABLE checks ADD CHECK (reason IS NULL OR reason <> '0')"
    };
    ctx.direct_db.run_alone(refuse).await;
    let mut senders = JoinSet::new();
    for number in 0..40 {
        let finding = if number % 8 == 3 { FindingDraft { reason: "0".into(), ..broken() } } else { kept() };
        let (store, check, staff) = (ctx.store.clone(), fixture.check(ctx, finding), fixture.staff.clone());
        senders.spawn(async move { (number % 8 == 3, store.log_check(&staff, check).await) });
    }
    for (bad, answer) in senders.join_all().await {
        assert!(if bad { matches!(answer, Err(Error::Database(_))) } else { answer.is_ok() }, "{answer:?}");
    }
    assert_eq!((ctx.direct_db.count("checks").await, ctx.direct_db.count("breaks").await), (35, 0));
    assert!(ctx.store.verify(fixture.business()).await.unwrap().is_ok());
}

async fn a_check_is_stored_even_if_its_sender_disconnects(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let check = fixture.check(ctx, kept());
    let before = ctx.store.revision(fixture.business()).await.unwrap();
    tokio::select! {
        biased;
        _ = ctx.store.log_check(&fixture.staff, check.clone()) => panic!("it was answered at once"),
        () = std::future::ready(()) => {}
    }
    while ctx.store.revision(fixture.business()).await.unwrap() == before {
        tokio::task::yield_now().await;
    }
    let again = ctx.store.log_check(&fixture.staff, check).await.unwrap();
    assert!(again.is_repeat, "the page changed because it is stored");
}

async fn a_deleted_business_does_not_fail_others_in_its_group(ctx: &TestContext) {
    let (fixture, gone) = (ctx.fixture().await, ctx.other_fixture().await);
    ctx.store.delete_business(&gone.owner, "Other Stop").await.unwrap();
    let mut senders = JoinSet::new();
    for number in 0..40 {
        let from = if number % 8 == 3 { &gone } else { &fixture };
        let (store, check, staff) = (ctx.store.clone(), from.check(ctx, kept()), from.staff.clone());
        senders.spawn(async move { (number % 8 == 3, store.log_check(&staff, check).await) });
    }
    for (is_gone, answer) in senders.join_all().await {
        assert!(if is_gone { matches!(answer, Err(Error::Gone)) } else { answer.is_ok() }, "{answer:?}");
    }
    assert_eq!(ctx.direct_db.count("checks").await, 35);
    assert!(ctx.store.verify(fixture.business()).await.unwrap().is_ok());
}

async fn a_refused_check_changes_nothing_of_its_business(ctx: &TestContext) {
    let (fixture, other) = (ctx.fixture().await, ctx.other_fixture().await);
    let before = ctx.store.revision(other.business()).await.unwrap();
    let mut senders = JoinSet::new();
    for number in 0..60 {
        let (from, finding) = match number % 3 {
            0 => (&other, FindingDraft { reason: "9".into(), ..broken() }),
            _ => (&fixture, kept()),
        };
        let (store, check, staff) = (ctx.store.clone(), from.check(ctx, finding), from.staff.clone());
        senders.spawn(async move { store.log_check(&staff, check).await.is_ok() });
    }
    assert_eq!(senders.join_all().await.iter().filter(|logged| **logged).count(), 40);
    assert_eq!(ctx.store.revision(other.business()).await.unwrap(), before, "its cached pages stay valid");
}
