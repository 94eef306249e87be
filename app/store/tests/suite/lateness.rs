//! Missing a deadline of our own is itself logged: once, in public.

use chrono::TimeDelta;
use domain::guarantee::Transition;
use domain::recovery::StepDraft;
use tokio::task::JoinSet;

use crate::fixture::{Fixture, acknowledge, broken, learn, remedy, reopen, told_by_a_customer, understand, wording};
use crate::harness::TestContext;

both_databases![
    each_missed_deadline_is_recorded_once,
    a_deadline_that_was_met_late_is_recorded_too,
    concurrent_jobs_record_each_missed_deadline_once,
    a_timely_or_closed_recovery_is_not_late,
    a_reopened_recovery_can_be_late_again_and_counts_once,
    a_missed_deadline_on_trial_stays_private,
];

async fn late_entries(ctx: &TestContext, fixture: &Fixture) -> Vec<String> {
    let lines = ctx.store.record_after(fixture.business(), 0).await.unwrap();
    let late = lines.iter().filter(|line| line.entry.body["step"] == "late");
    late.map(|line| line.entry.body["clock"].as_str().unwrap().to_owned()).collect()
}

async fn each_missed_deadline_is_recorded_once(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let id = fixture.log_broken(ctx, told_by_a_customer()).await;
    assert_eq!(ctx.store.record_missed_deadlines(&fixture.owner).await.unwrap(), 0);
    ctx.minutes(31);
    assert_eq!(ctx.store.record_missed_deadlines(&fixture.owner).await.unwrap(), 1);
    assert_eq!(ctx.store.record_missed_deadlines(&fixture.owner).await.unwrap(), 0);
    ctx.minutes(240);
    assert_eq!(ctx.store.record_missed_deadlines(&fixture.owner).await.unwrap(), 1);
    assert_eq!(late_entries(ctx, &fixture).await, ["acknowledge", "remedy"]);
    let row = ctx.store.recovery(&fixture.staff, id).await.unwrap().unwrap().row;
    assert!(row.late);
    let detail = ctx.store.detail(&fixture.home(&ctx.store).await, fixture.guarantee).await.unwrap();
    assert_eq!((detail.totals.late, detail.breaks[0].late), (1, true), "one recovery, two deadlines");
    assert!(ctx.store.verify(fixture.business()).await.unwrap().is_ok());
}

async fn a_deadline_that_was_met_late_is_recorded_too(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let id = fixture.log_broken(ctx, told_by_a_customer()).await;
    ctx.minutes(31);
    fixture.step(ctx, id, acknowledge()).await;
    assert_eq!(ctx.store.record_missed_deadlines(&fixture.owner).await.unwrap(), 1);
    assert_eq!(late_entries(ctx, &fixture).await, ["acknowledge"]);
    assert_eq!(ctx.store.record_missed_deadlines(&fixture.owner).await.unwrap(), 0);
    assert!(ctx.store.verify(fixture.business()).await.unwrap().is_ok());
}

async fn concurrent_jobs_record_each_missed_deadline_once(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    for _ in 0..3 {
        fixture.log_broken(ctx, broken()).await;
    }
    ctx.hours(5);
    let stores = [ctx.store.clone(), ctx.another().await];
    let mut jobs = JoinSet::new();
    for job in 0..6 {
        let (store, owner) = (stores[job % 2].clone(), fixture.owner.clone());
        jobs.spawn(async move { store.record_missed_deadlines(&owner).await.unwrap() });
    }
    assert_eq!(jobs.join_all().await.into_iter().sum::<usize>(), 6);
    assert_eq!(late_entries(ctx, &fixture).await.len(), 6);
    assert!(ctx.store.verify(fixture.business()).await.unwrap().is_ok());
}

async fn a_timely_or_closed_recovery_is_not_late(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let id = fixture.log_broken(ctx, broken()).await;
    for draft in [acknowledge(), understand(), remedy(), StepDraft::FollowUp, learn()] {
        fixture.step(ctx, id, draft).await;
    }
    for _ in 0..3 {
        fixture.keep(ctx).await;
    }
    ctx.clock.advance(TimeDelta::days(90));
    assert_eq!(ctx.store.record_missed_deadlines(&fixture.owner).await.unwrap(), 0);
    assert!(late_entries(ctx, &fixture).await.is_empty());
}

async fn a_reopened_recovery_can_be_late_again_and_counts_once(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let id = fixture.log_broken(ctx, broken()).await;
    ctx.minutes(31);
    ctx.store.record_missed_deadlines(&fixture.owner).await.unwrap();
    fixture.follow_up(ctx, id).await;
    fixture.step(ctx, id, reopen()).await;
    ctx.minutes(31);
    assert_eq!(ctx.store.record_missed_deadlines(&fixture.owner).await.unwrap(), 1);
    assert_eq!(late_entries(ctx, &fixture).await, ["acknowledge", "acknowledge"]);
    let totals = ctx.store.detail(&fixture.home(&ctx.store).await, fixture.guarantee).await.unwrap().totals;
    assert_eq!((totals.late, totals.breaks), (1, 1));
}

async fn a_missed_deadline_on_trial_stays_private(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let slug = domain::slug::Slug::parse("on-trial").unwrap();
    let trial = ctx
        .store
        .add_guarantee(&fixture.owner, fixture.problem, Some(slug), &wording(), &[fixture.place])
        .await
        .unwrap();
    ctx.store.transition_guarantee(&fixture.owner, trial, Transition::Try).await.unwrap();
    let check = domain::check::CheckDraft { guarantee: trial.to_string(), ..fixture.check(ctx, broken()) };
    let id = ctx.store.log_check(&fixture.staff, check).await.unwrap().recovery.unwrap();
    ctx.hours(5);
    let before = ctx.direct_db.rows("record").await;
    assert_eq!(ctx.store.record_missed_deadlines(&fixture.owner).await.unwrap(), 2);
    assert!(ctx.store.recovery(&fixture.staff, id).await.unwrap().unwrap().row.late);
    assert_eq!(ctx.direct_db.rows("record").await, before);
}
