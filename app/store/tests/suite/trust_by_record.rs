//! Where no customer can be asked, enough kept checks in a row restore trust.

use domain::ids::RecoveryId;
use domain::recovery::{Outcome, Stage, StepDraft};

use crate::fixture::{
    Fixture, acknowledge, broken, kept, learn, not_applicable, remedy, reopen, told_by_a_customer, understand,
};
use crate::harness::TestContext;

both_databases![
    three_kept_checks_after_the_remedy_close_the_recovery,
    checks_between_remedy_and_follow_up_count,
    a_break_restarts_the_count_of_kept_checks,
    a_miss_restarts_the_count_of_kept_checks,
    a_not_applicable_check_neither_counts_nor_restarts_the_count,
    corrected_checks_count_by_their_new_verdict,
    kept_checks_elsewhere_or_before_the_remedy_do_not_count,
    the_record_does_not_restore_trust_for_a_known_customer,
    a_reopened_recovery_counts_kept_checks_again,
];

/// A recovery that waits for kept checks.
async fn watched_recovery(ctx: &TestContext, fixture: &Fixture) -> RecoveryId {
    let id = fixture.log_broken(ctx, broken()).await;
    assert_eq!(fixture.follow_up(ctx, id).await, None, "there is nobody to send a link to");
    fixture.step(ctx, id, learn()).await;
    assert_eq!(kept_count(ctx, fixture, id).await, Some(0));
    id
}

async fn kept_count(ctx: &TestContext, fixture: &Fixture, id: RecoveryId) -> Option<u32> {
    ctx.store.recovery(&fixture.staff, id).await.unwrap().unwrap().kept_in_a_row
}

async fn stage(ctx: &TestContext, fixture: &Fixture, id: RecoveryId) -> Stage {
    ctx.store.recovery(&fixture.staff, id).await.unwrap().unwrap().row.stage
}

const CLOSED: Stage = Stage::Closed(Outcome::RestoredByRecord);

async fn three_kept_checks_after_the_remedy_close_the_recovery(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let id = watched_recovery(ctx, &fixture).await;
    for kept in 1..=2 {
        fixture.keep(ctx).await;
        assert_eq!(
            (kept_count(ctx, &fixture, id).await, stage(ctx, &fixture, id).await),
            (Some(kept), Stage::FollowingUp)
        );
    }
    fixture.keep(ctx).await;
    assert_eq!((kept_count(ctx, &fixture, id).await, stage(ctx, &fixture, id).await), (None, CLOSED));
    let totals = ctx.store.detail(&fixture.home(&ctx.store).await, fixture.guarantee).await.unwrap().totals;
    assert_eq!((totals.restored_by_record, totals.restored), (1, 0), "counted apart");
    let spoke = ctx.store.record_after(fixture.business(), 0).await.unwrap();
    let spoke = spoke.iter().filter(|line| line.entry.body["step"] == "record_spoke").collect::<Vec<_>>();
    assert_eq!((spoke.len(), &spoke[0].entry.body["kept"]), (1, &3.into()));
}

async fn checks_between_remedy_and_follow_up_count(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let id = fixture.log_broken(ctx, broken()).await;
    for draft in [acknowledge(), understand(), remedy(), learn()] {
        fixture.step(ctx, id, draft).await;
    }
    for _ in 0..4 {
        fixture.keep(ctx).await;
    }
    fixture.step(ctx, id, StepDraft::FollowUp).await;
    assert_eq!(stage(ctx, &fixture, id).await, CLOSED);
}

async fn a_break_restarts_the_count_of_kept_checks(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let id = watched_recovery(ctx, &fixture).await;
    fixture.keep(ctx).await;
    fixture.keep(ctx).await;
    fixture.log_broken(ctx, broken()).await;
    assert_eq!(kept_count(ctx, &fixture, id).await, Some(0));
    fixture.keep(ctx).await;
    fixture.keep(ctx).await;
    assert_eq!((kept_count(ctx, &fixture, id).await, stage(ctx, &fixture, id).await), (Some(2), Stage::FollowingUp));
    fixture.keep(ctx).await;
    assert_eq!(stage(ctx, &fixture, id).await, CLOSED);
}

async fn a_miss_restarts_the_count_of_kept_checks(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let id = watched_recovery(ctx, &fixture).await;
    fixture.keep(ctx).await;
    fixture.keep(ctx).await;
    fixture.let_window_miss(ctx).await;
    fixture.keep(ctx).await;
    assert_eq!((kept_count(ctx, &fixture, id).await, stage(ctx, &fixture, id).await), (Some(1), Stage::FollowingUp));
}

async fn a_not_applicable_check_neither_counts_nor_restarts_the_count(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let id = watched_recovery(ctx, &fixture).await;
    for finding in [kept(), not_applicable(), kept(), not_applicable(), not_applicable(), not_applicable()] {
        ctx.minutes(1);
        fixture.log(ctx, finding).await;
    }
    assert_eq!(kept_count(ctx, &fixture, id).await, Some(2));
    fixture.keep(ctx).await;
    assert_eq!(stage(ctx, &fixture, id).await, CLOSED);
}

async fn corrected_checks_count_by_their_new_verdict(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let id = watched_recovery(ctx, &fixture).await;
    let first = fixture.keep(ctx).await;
    let second = fixture.keep(ctx).await;
    fixture.correct(ctx, first, &broken()).await.unwrap().unwrap();
    assert_eq!(kept_count(ctx, &fixture, id).await, Some(1));
    fixture.correct(ctx, second, &not_applicable()).await.unwrap().unwrap();
    assert_eq!(kept_count(ctx, &fixture, id).await, Some(0));
    fixture.keep(ctx).await;
    ctx.minutes(1);
    let wrong = fixture.log(ctx, broken()).await.check;
    fixture.keep(ctx).await;
    assert_eq!(kept_count(ctx, &fixture, id).await, Some(1));
    assert_eq!(stage(ctx, &fixture, id).await, Stage::FollowingUp);
    fixture.correct(ctx, wrong, &kept()).await.unwrap().unwrap();
    assert_eq!(stage(ctx, &fixture, id).await, CLOSED, "three in a row, once the wrong one is mended");
}

async fn kept_checks_elsewhere_or_before_the_remedy_do_not_count(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let both = [fixture.place, fixture.other_place];
    ctx.store.set_guarantee_places(&fixture.owner, fixture.guarantee, &both).await.unwrap().unwrap();
    let id = fixture.log_broken(ctx, broken()).await;
    for _ in 0..5 {
        fixture.keep(ctx).await;
    }
    fixture.follow_up(ctx, id).await;
    fixture.step(ctx, id, learn()).await;
    for _ in 0..5 {
        ctx.minutes(1);
        let elsewhere =
            domain::check::CheckDraft { place: fixture.other_place.to_string(), ..fixture.check(ctx, kept()) };
        ctx.store.log_check(&fixture.staff, elsewhere).await.unwrap();
    }
    assert_eq!((kept_count(ctx, &fixture, id).await, stage(ctx, &fixture, id).await), (Some(0), Stage::FollowingUp));
}

async fn the_record_does_not_restore_trust_for_a_known_customer(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let id = fixture.log_broken(ctx, told_by_a_customer()).await;
    assert!(fixture.follow_up(ctx, id).await.is_some());
    fixture.step(ctx, id, learn()).await;
    for _ in 0..5 {
        fixture.keep(ctx).await;
    }
    assert_eq!((kept_count(ctx, &fixture, id).await, stage(ctx, &fixture, id).await), (None, Stage::FollowingUp));
}

async fn a_reopened_recovery_counts_kept_checks_again(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let id = watched_recovery(ctx, &fixture).await;
    for _ in 0..3 {
        fixture.keep(ctx).await;
    }
    assert_eq!(stage(ctx, &fixture, id).await, CLOSED);
    fixture.step(ctx, id, reopen()).await;
    fixture.follow_up(ctx, id).await;
    fixture.step(ctx, id, learn()).await;
    assert_eq!((kept_count(ctx, &fixture, id).await, stage(ctx, &fixture, id).await), (Some(0), Stage::FollowingUp));
    for _ in 0..3 {
        fixture.keep(ctx).await;
    }
    assert_eq!(stage(ctx, &fixture, id).await, CLOSED);
}
