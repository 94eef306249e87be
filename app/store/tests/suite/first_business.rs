//! The first business of an installation.

use domain::business::BusinessDraft;
use domain::fault::Fault;
use domain::hours::Hours;
use store::Error;

use crate::fixture::{SLUG, business, business_draft, newcomer};
use crate::harness::TestContext;

both_databases![
    the_first_business_is_created_once,
    concurrent_attempts_create_one_first_business,
    an_unknown_time_zone_is_a_fault_of_its_field,
    a_business_can_be_changed_except_its_slug,
    times_are_stored_with_milliseconds,
    migrating_again_changes_nothing,
];

async fn the_first_business_is_created_once(ctx: &TestContext) {
    assert!(ctx.store.has_no_business().await.unwrap());
    let owner = newcomer("Maya Torres", "owner");
    assert!(ctx.store.create_first_business(&business(), &owner, "hash").await.unwrap().is_some());
    assert!(!ctx.store.has_no_business().await.unwrap());
    let before = ctx.direct_db.everything().await;
    assert_eq!(ctx.store.create_first_business(&business(), &owner, "hash").await.unwrap(), None);
    assert_eq!(ctx.direct_db.everything().await, before);
}

async fn concurrent_attempts_create_one_first_business(ctx: &TestContext) {
    let (one, two) = (ctx.another().await, ctx.another().await);
    let founded = |store: store::Store, name: &'static str| async move {
        let draft = BusinessDraft { name: name.into(), slug: name.into(), ..business_draft() };
        let business = draft.parse(Hours::always()).unwrap();
        store.create_first_business(&business, &newcomer(name, "owner"), "hash").await.unwrap().is_some()
    };
    let (one, two, three) =
        tokio::join!(founded(one, "first-shop"), founded(two, "second-shop"), founded(ctx.store.clone(), "third-shop"));
    assert_eq!([one, two, three].into_iter().filter(|founded| *founded).count(), 1);
    assert_eq!((ctx.direct_db.count("businesses").await, ctx.direct_db.count("people").await), (1, 1));
}

async fn an_unknown_time_zone_is_a_fault_of_its_field(ctx: &TestContext) {
    let draft = BusinessDraft { zone: "America/Atlantis".into(), ..business_draft() };
    let nowhere = draft.parse(Hours::always()).unwrap();
    let refused = ctx.store.create_first_business(&nowhere, &newcomer("Maya", "owner"), "hash").await.unwrap_err();
    let Error::Invalid(faults) = refused else { panic!("{refused:?}") };
    assert_eq!(faults.of_field("zone"), Some(Fault::NotAZone));
    assert!(ctx.store.has_no_business().await.unwrap());

    let fixture = ctx.fixture().await;
    let refused = ctx.store.update_business(&fixture.owner, &nowhere).await.unwrap_err();
    assert!(matches!(refused, Error::Invalid(faults) if faults.of_field("zone") == Some(Fault::NotAZone)));
}

async fn a_business_can_be_changed_except_its_slug(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    assert_eq!(fixture.home(&ctx.store).await.business, business());
    let draft = BusinessDraft {
        name: "Prairie Stop & Sons".into(),
        slug: "sons".into(),
        contact_email: String::new(),
        contact_phone: "+1 325 555 0100".into(),
        ..business_draft()
    };
    ctx.store.update_business(&fixture.owner, &draft.parse(Hours::always()).unwrap()).await.unwrap();
    let home = ctx.store.business_by_slug(SLUG).await.unwrap().unwrap();
    assert_eq!(home.business.name.as_str(), "Prairie Stop & Sons");
    assert_eq!((home.business.contact.email, home.business.slug.as_str()), (None, SLUG));
    assert_eq!(ctx.store.business_by_slug("sons").await.unwrap(), None);
}

async fn times_are_stored_with_milliseconds(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    ctx.clock.set(crate::harness::at("2026-11-02T12:00:01.007Z"));
    fixture.log(ctx, crate::fixture::kept()).await;
    let seen = ctx.store.checks(&fixture.staff, None, 10).await.unwrap().rows.remove(0);
    assert_eq!((seen.at, seen.received_at), (ctx.store.now(), ctx.store.now()));
    let entry = ctx.store.record_after(fixture.business(), 0).await.unwrap().pop().unwrap().entry;
    assert_eq!(entry.at, ctx.store.now());
}

async fn migrating_again_changes_nothing(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    fixture.keep(ctx).await;
    let before = ctx.direct_db.everything().await;
    ctx.another().await.migrate().await.unwrap();
    assert_eq!(ctx.direct_db.everything().await, before);
}
