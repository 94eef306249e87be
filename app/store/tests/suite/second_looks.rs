//! Second looks after a long streak. An overturned check stays visible.

use domain::actor::Actor;
use domain::audit::AuditEvent;
use domain::check::CheckDraft;
use domain::fault::Fault;
use domain::ids::CheckId;
use domain::second_look::{STREAK, SecondLookDraft, SecondLookError, SecondLookOutcome};
use domain::site_access::SiteAccess;
use domain::verdict::Verdict;
use store::{AuditFilter, Error, SecondLookGiven};
use uuid::Uuid;

use crate::fixture::{Fixture, broken, kept, line, not_applicable};
use crate::harness::TestContext;

both_databases![
    a_second_look_is_requested_only_after_a_long_streak,
    a_break_or_miss_restarts_the_streak,
    a_batch_requests_at_most_one_second_look_per_place,
    an_open_second_look_blocks_others_at_its_place,
    a_late_arriving_check_gets_no_second_look,
    an_agreeing_second_look_changes_nothing_but_its_outcome,
    an_overturned_check_is_corrected_and_opens_a_recovery,
    an_invalid_second_look_changes_nothing,
    nobody_is_asked_for_a_second_look_at_their_own_check,
    a_check_corrected_meanwhile_needs_no_second_look,
    a_second_look_is_given_once,
    only_owners_and_managers_of_the_site_see_open_second_looks,
];

/// Logs kept checks until a second look is requested. Returns the check it is about.
pub async fn asked(ctx: &TestContext, fixture: &Fixture) -> CheckId {
    for _ in 0..STREAK * 6 {
        let check = fixture.keep(ctx).await;
        if !ctx.store.second_looks(&fixture.owner).await.unwrap().is_empty() {
            return check;
        }
    }
    panic!("the dice never fell")
}

pub fn second_look_draft(outcome: &str) -> SecondLookDraft {
    SecondLookDraft { outcome: outcome.into(), ..SecondLookDraft::default() }
}

pub fn overturned() -> SecondLookDraft {
    SecondLookDraft {
        reason: "1".into(),
        why: "There was no soap.".into(),
        note: "Empty since noon.".into(),
        ..second_look_draft("overturned")
    }
}

async fn a_second_look_is_requested_only_after_a_long_streak(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    for _ in 1..STREAK {
        fixture.keep(ctx).await;
    }
    assert_eq!(ctx.direct_db.count("second_looks").await, 0);
    let check = asked(ctx, &fixture).await;
    let open = ctx.store.second_looks(&fixture.manager).await.unwrap();
    assert_eq!(open.len(), 1);
    assert_eq!((open[0].check, open[0].guarantee, open[0].place), (check, fixture.guarantee, fixture.place));
    assert_eq!((open[0].asked_at, open[0].outcome, open[0].own), (ctx.store.now(), None, false));
    assert_eq!(ctx.store.second_look(&fixture.owner, check).await.unwrap().unwrap().check, check);
}

async fn a_break_or_miss_restarts_the_streak(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    for _ in 0..6 {
        for _ in 1..STREAK {
            fixture.keep(ctx).await;
        }
        fixture.log_broken(ctx, broken()).await;
    }
    assert_eq!(ctx.direct_db.count("second_looks").await, 0);
    fixture.let_window_miss(ctx).await;
    for _ in 1..STREAK {
        fixture.keep(ctx).await;
    }
    assert_eq!(ctx.direct_db.count("second_looks").await, 0);
    asked(ctx, &fixture).await;
}

async fn a_batch_requests_at_most_one_second_look_per_place(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let start = ctx.store.now();
    let mut asked = 0;
    for turn in 1..=8 {
        ctx.clock.set(start + chrono::TimeDelta::hours(turn * 2));
        let check = |minute| {
            let at = (ctx.store.now() - chrono::TimeDelta::minutes(minute)).to_rfc3339();
            CheckDraft { at, ..fixture.check(ctx, kept()) }
        };
        let checks: Vec<_> = (0..100).rev().map(check).collect();
        ctx.store.log_checks(&fixture.staff, &checks).await.unwrap();
        let open = ctx.store.second_looks(&fixture.owner).await.unwrap();
        assert!(open.iter().all(|look| look.check.to_string() == checks[99].id), "the latest, or one that waits");
        asked += open.len();
        for look in open {
            ctx.store
                .give_second_look(&fixture.owner, look.check, &second_look_draft("agreed"))
                .await
                .unwrap()
                .unwrap();
        }
    }
    assert!(asked <= 8);
}

async fn an_open_second_look_blocks_others_at_its_place(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let check = asked(ctx, &fixture).await;
    for _ in 0..STREAK * 5 {
        fixture.keep(ctx).await;
    }
    assert_eq!(ctx.direct_db.count("second_looks").await, 1);
    ctx.store.give_second_look(&fixture.manager, check, &second_look_draft("too_late")).await.unwrap().unwrap();
    asked(ctx, &fixture).await;
    assert_eq!(ctx.direct_db.count("second_looks").await, 2);
}

async fn a_late_arriving_check_gets_no_second_look(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    for _ in 1..STREAK {
        fixture.keep(ctx).await;
    }
    fixture.let_window_miss(ctx).await;
    fixture.log(ctx, not_applicable()).await;
    for _ in 0..STREAK * 4 {
        let at = (ctx.store.now() - chrono::TimeDelta::hours(1)).to_rfc3339();
        let late = CheckDraft { at, ..fixture.check(ctx, kept()) };
        ctx.store.log_check(&fixture.staff, late).await.unwrap();
    }
    assert_eq!(ctx.direct_db.count("second_looks").await, 0);
}

async fn an_agreeing_second_look_changes_nothing_but_its_outcome(ctx: &TestContext) {
    let (fixture, store) = (ctx.fixture().await, &ctx.store);
    let check = asked(ctx, &fixture).await;
    let entries = ctx.direct_db.count("record").await;
    let given = store.give_second_look(&fixture.manager, check, &second_look_draft("agreed")).await.unwrap().unwrap();
    assert_eq!(given, SecondLookGiven::Recorded);
    let row = store.check(&fixture.staff, check).await.unwrap().unwrap();
    assert_eq!((row.verdict, row.corrected, row.second_look), (Verdict::Kept, None, Some(SecondLookOutcome::Agreed)));
    assert_eq!(ctx.direct_db.count("record").await, entries, "nobody's page says so");
    assert!(store.second_looks(&fixture.manager).await.unwrap().is_empty());
    let filter = AuditFilter { event: Some(AuditEvent::SecondLookGiven), ..AuditFilter::default() };
    let events = store.audit_log(&fixture.owner, &filter, None, 10).await.unwrap().rows;
    assert_eq!(
        events.iter().map(|event| (event.by, event.subject)).collect::<Vec<_>>(),
        [(fixture.manager.principal, Some(check.0))]
    );
}

async fn an_overturned_check_is_corrected_and_opens_a_recovery(ctx: &TestContext) {
    let (fixture, store) = (ctx.fixture().await, &ctx.store);
    let check = asked(ctx, &fixture).await;
    let given = store.give_second_look(&fixture.manager, check, &overturned()).await.unwrap().unwrap();
    let SecondLookGiven::RecoveryOpened(recovery) = given else { panic!("{given:?}") };
    let row = store.check(&fixture.staff, check).await.unwrap().unwrap();
    let stands = (row.verdict, row.corrected, row.second_look);
    assert_eq!(stands, (Verdict::Kept, Some(Verdict::Broken), Some(SecondLookOutcome::Overturned)));
    let page = store.recovery(&fixture.staff, recovery).await.unwrap().unwrap();
    assert_eq!((page.check, page.note.as_deref()), (check, Some("Empty since noon.")));
    let lines = store.record_after(fixture.business(), 0).await.unwrap();
    let correction = lines.iter().rfind(|line| line.entry.kind == "correction").unwrap();
    assert_eq!(correction.texts[0].text, "There was no soap.", "in public, beside what was struck through");
    assert!(store.verify(fixture.business()).await.unwrap().is_ok());
}

async fn an_invalid_second_look_changes_nothing(ctx: &TestContext) {
    let (fixture, store) = (ctx.fixture().await, &ctx.store);
    let check = asked(ctx, &fixture).await;
    let before = ctx.direct_db.everything().await;
    for (draft, field, fault) in [
        (second_look_draft(""), "outcome", Fault::Missing),
        (second_look_draft("corrected"), "outcome", Fault::UnknownChoice),
        (second_look_draft("overturned"), "why", Fault::Missing),
        (SecondLookDraft { reason: "2".into(), ..overturned() }, "reason", Fault::UnknownChoice),
    ] {
        let refused = store.give_second_look(&fixture.manager, check, &draft).await;
        assert!(
            matches!(&refused, Err(Error::Invalid(faults)) if faults.of_field(field) == Some(fault)),
            "{refused:?}"
        );
    }
    let unasked = CheckId(Uuid::from_u128(7));
    assert_eq!(store.give_second_look(&fixture.manager, unasked, &second_look_draft("agreed")).await.unwrap(), None);
    assert_eq!(ctx.direct_db.everything().await, before);
}

async fn nobody_is_asked_for_a_second_look_at_their_own_check(ctx: &TestContext) {
    let store = &ctx.store;
    let fixture = ctx.fixture().await;
    let alone = Fixture { staff: fixture.manager.clone(), ..fixture.clone() };
    let check = asked(ctx, &alone).await;
    assert!(store.second_looks(&fixture.manager).await.unwrap().is_empty());
    assert!(store.second_look(&fixture.manager, check).await.unwrap().unwrap().own);
    for draft in [second_look_draft("agreed"), overturned()] {
        let refused = store.give_second_look(&fixture.manager, check, &draft).await;
        assert!(matches!(refused, Err(Error::SecondLook(SecondLookError::OwnCheck))), "{refused:?}");
    }
    assert_eq!(store.second_looks(&fixture.owner).await.unwrap().len(), 1);
    store.give_second_look(&fixture.owner, check, &second_look_draft("agreed")).await.unwrap().unwrap();
}

async fn a_check_corrected_meanwhile_needs_no_second_look(ctx: &TestContext) {
    let (fixture, store) = (ctx.fixture().await, &ctx.store);
    let check = asked(ctx, &fixture).await;
    fixture.correct(ctx, check, &broken()).await.unwrap().unwrap();
    assert!(store.second_looks(&fixture.manager).await.unwrap().is_empty());
    let look = store.second_look(&fixture.manager, check).await.unwrap().unwrap();
    assert_eq!(look.outcome, Some(SecondLookOutcome::Corrected));
    let refused = store.give_second_look(&fixture.manager, check, &overturned()).await;
    assert!(matches!(refused, Err(Error::SecondLook(SecondLookError::Over))), "{refused:?}");
}

async fn a_second_look_is_given_once(ctx: &TestContext) {
    let (fixture, store) = (ctx.fixture().await, &ctx.store);
    let check = asked(ctx, &fixture).await;
    let (one, other) = (second_look_draft("agreed"), overturned());
    let (one, other) = tokio::join!(
        store.give_second_look(&fixture.manager, check, &one),
        store.give_second_look(&fixture.owner, check, &other)
    );
    let refused =
        [one, other].into_iter().filter(|given| matches!(given, Err(Error::SecondLook(SecondLookError::Over))));
    assert_eq!(refused.count(), 1);
}

async fn only_owners_and_managers_of_the_site_see_open_second_looks(ctx: &TestContext) {
    let (fixture, store) = (ctx.fixture().await, &ctx.store);
    let check = asked(ctx, &fixture).await;
    for actor in [&fixture.staff, &fixture.auditor] {
        assert!(matches!(store.second_looks(actor).await, Err(Error::NotAllowed(_))));
        assert!(matches!(store.second_look(actor, check).await, Err(Error::NotAllowed(_))));
        assert!(matches!(
            store.give_second_look(actor, check, &second_look_draft("agreed")).await,
            Err(Error::NotAllowed(_))
        ));
        assert_eq!(store.check(actor, check).await.unwrap().unwrap().second_look, None);
    }
    let elsewhere = store.add_site(&fixture.owner, &line("Sweetwater")).await.unwrap();
    let domain::actor::Principal::Person(nia) = fixture.manager.principal else { unreachable!() };
    store.set_site_access(&fixture.owner, nia, &SiteAccess::sites([elsewhere])).await.unwrap().unwrap();
    let bound = Actor { site_access: SiteAccess::sites([elsewhere]), ..fixture.manager.clone() };
    for actor in [&bound, &ctx.other_fixture().await.owner] {
        assert!(store.second_looks(actor).await.unwrap().is_empty());
        assert_eq!(store.second_look(actor, check).await.unwrap(), None);
        assert_eq!(store.give_second_look(actor, check, &second_look_draft("agreed")).await.unwrap(), None);
    }
}
