//! A stored value that cannot be read is an error that names its table, its column and its row. It is never taken for
//! what somebody has just sent.

use domain::business::BusinessDraft;
use domain::fault::Fault;
use domain::hours::Hours;
use store::Error;

use crate::fixture::{Fixture, acknowledge, broken, business_draft};
use crate::harness::TestContext;

both_databases![
    an_unreadable_value_is_reported_with_its_location,
    a_stored_unknown_time_zone_is_reported_with_its_location,
    a_submitted_unknown_time_zone_is_a_fault_of_its_field,
];

fn unreadable_location<T: std::fmt::Debug>(outcome: Result<T, Error>) -> (&'static str, &'static str, String) {
    match outcome {
        Err(Error::Unreadable { table, column, row, .. }) => (table, column, row),
        other => panic!("{other:?}"),
    }
}

async fn an_unreadable_value_is_reported_with_its_location(ctx: &TestContext) {
    let (fixture, store) = (ctx.fixture().await, &ctx.store);
    let recovery = fixture.log_broken(ctx, broken()).await;
    fixture.step(ctx, recovery, acknowledge()).await;
    let break_id = store.recovery(&fixture.staff, recovery).await.unwrap().unwrap().row.opened_by;
    let version = store.guarantee(&fixture.staff, fixture.guarantee).await.unwrap().unwrap().version_id;

    ctx.direct_db.run("UPDATE breaks SET reason = 'because'").await.unwrap();
    let found = unreadable_location(store.recovery(&fixture.staff, recovery).await);
    assert_eq!(found, ("breaks", "reason", break_id.to_string()));
    assert_eq!(unreadable_location(store.breaks(&fixture.staff, None, 10).await), found);
    ctx.direct_db.run("UPDATE breaks SET reason = 'other'").await.unwrap();

    ctx.direct_db.run("UPDATE recovery_steps SET by = 'nobody'").await.unwrap();
    let (table, column, _) = unreadable_location(store.recovery(&fixture.staff, recovery).await);
    assert_eq!((table, column), ("recovery_steps", "by"));

    ctx.direct_db.run("UPDATE guarantee_versions SET bare = '{'").await.unwrap();
    let found = unreadable_location(store.guarantee(&fixture.staff, fixture.guarantee).await);
    assert_eq!(found, ("guarantee_versions", "bare", version.to_string()));

    ctx.direct_db.run("UPDATE audit SET deed = 'danced'").await.unwrap();
    let (table, column, _) =
        unreadable_location(store.audit_log(&fixture.owner, &store::AuditFilter::default(), None, 10).await);
    assert_eq!((table, column), ("audit", "deed"));
}

async fn a_stored_unknown_time_zone_is_reported_with_its_location(ctx: &TestContext) {
    let (fixture, store) = (ctx.fixture().await, &ctx.store);
    let home = store.business(&fixture.owner).await.unwrap();
    fixture.schedule_every(ctx, 5).await;
    let site = || ("sites", "zone", fixture.site.to_string());
    ctx.direct_db.run("UPDATE sites SET zone = 'Mars/Olympus'").await.unwrap();
    assert_eq!(unreadable_location(store.charter(home, None).await), site());
    assert_eq!(unreadable_location(store.scheduled_promises(&fixture.staff).await), site());
    assert_eq!(
        unreadable_location(store.log_check(&fixture.staff, fixture.check(ctx, crate::fixture::kept())).await),
        site()
    );
    ctx.minutes(10);
    assert_eq!(unreadable_location(store.record_missed(&fixture.staff).await), site());

    ctx.direct_db.run("UPDATE sites SET zone = NULL").await.unwrap();
    ctx.direct_db.run("UPDATE businesses SET zone = 'Mars/Olympus'").await.unwrap();
    let business = || ("businesses", "zone", fixture.business().to_string());
    assert_eq!(unreadable_location(store.business(&fixture.owner).await), business());
    assert_eq!(unreadable_location(store.businesses().await), business());
    assert_eq!(unreadable_location(store.business_by_slug(crate::fixture::SLUG).await), business());
    assert_eq!(unreadable_location(store.record_missed(&fixture.staff).await), business());
    assert_eq!(
        unreadable_location(store.update_business(&fixture.owner, &crate::fixture::business()).await),
        business()
    );
}

async fn a_submitted_unknown_time_zone_is_a_fault_of_its_field(ctx: &TestContext) {
    let Fixture { owner, site, .. } = ctx.fixture().await;
    let draft = BusinessDraft { zone: "Mars/Olympus".into(), slug: "olympus".into(), ..business_draft() };
    let business = draft.parse(Hours::always()).unwrap();
    for refused in [
        ctx.store.create_business(&owner, &business).await.map(|_| ()),
        ctx.store.update_business(&owner, &business).await,
        ctx.store.set_site_zone(&owner, site, Some("Mars/Olympus")).await.map(|_| ()),
    ] {
        assert!(
            matches!(&refused, Err(Error::Invalid(faults)) if faults.of_field("zone") == Some(Fault::NotAZone)),
            "{refused:?}"
        );
    }
}
