//! Change counts: a cached page is valid as long as nothing has changed.

use std::time::Duration;

use crate::fixture::{broken, business, kept, line};
use crate::harness::TestContext;

both_databases![
    every_change_is_a_new_revision,
    a_refused_change_keeps_the_revision,
    each_business_has_its_own_revision
];

async fn every_change_is_a_new_revision(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let mut last = ctx.store.revision(fixture.business()).await.unwrap();
    for change in 0..6 {
        match change {
            0 => drop(fixture.log(ctx, kept()).await),
            1 => drop(fixture.log_broken(ctx, broken()).await),
            2 => ctx.store.update_business(&fixture.owner, &business()).await.unwrap(),
            3 => drop(ctx.store.add_site(&fixture.owner, &line("Sweetwater")).await.unwrap()),
            4 => {
                ctx.store
                    .set_guarantee_places(&fixture.owner, fixture.guarantee, &[fixture.other_place])
                    .await
                    .unwrap();
            }
            _ => {
                ctx.hours(5);
                ctx.store.record_missed_deadlines(&fixture.owner).await.unwrap();
            }
        }
        let next = ctx.store.revision(fixture.business()).await.unwrap();
        assert_ne!(next, last, "change {change}");
        assert_eq!(ctx.store.clone().revision(fixture.business()).await.unwrap(), next);
        last = next;
    }
    if !ctx.direct_db.is_sqlite() {
        ctx.another().await.add_site(&fixture.owner, &line("Big Spring")).await.unwrap();
        assert_ne!(ctx.store.revision(fixture.business()).await.unwrap(), last, "another program changed something");
    }
}

#[test]
fn postgres_notifies_another_instance_of_changes() {
    crate::harness::on_postgres(async |ctx| {
        let fixture = ctx.fixture().await;
        let other = ctx.another().await;
        let mut changes = other.changes(fixture.business());
        let hearing = other.clone();
        let hearing = tokio::spawn(async move { hearing.listen_for_changes().await });
        // Notifications before it listens are lost.
        tokio::time::sleep(Duration::from_millis(300)).await;
        for _ in 0..3 {
            fixture.keep(ctx).await;
            tokio::time::timeout(Duration::from_mins(1), changes.next()).await.expect("it was not heard");
        }
        hearing.abort();
    });
}

async fn a_refused_change_keeps_the_revision(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let before = ctx.store.revision(fixture.business()).await.unwrap();
    let draft = fixture.check(ctx, domain::finding::FindingDraft::default());
    assert!(ctx.store.log_check(&fixture.staff, draft).await.is_err());
    assert!(ctx.store.add_site(&fixture.owner, &line("Abilene")).await.is_err());
    assert!(ctx.store.add_site(&fixture.auditor, &line("Odessa")).await.is_err());
    assert_eq!(ctx.store.revision(fixture.business()).await.unwrap(), before);
}

async fn each_business_has_its_own_revision(ctx: &TestContext) {
    let (fixture, other) = (ctx.fixture().await, ctx.other_fixture().await);
    let before = ctx.store.revision(other.business()).await.unwrap();
    fixture.keep(ctx).await;
    assert_eq!(ctx.store.revision(other.business()).await.unwrap(), before);
}
