//! How an installation begins.

use domain::business::BusinessDraft;
use domain::fault::Fault;
use domain::hours::Hours;
use store::Error;

use crate::shop::{SLUG, business, business_draft, newcomer};
use crate::world::World;

facts![
    founding_happens_once,
    founding_happens_once_even_when_many_try,
    a_zone_that_does_not_exist_is_a_fault_of_its_field,
    what_was_founded_can_be_read_and_changed_but_not_its_slug,
    milliseconds_survive,
    migrating_again_changes_nothing,
];

async fn founding_happens_once(world: &World) {
    assert!(world.store.is_empty().await.unwrap());
    let owner = newcomer("Maya Torres", "owner");
    assert!(world.store.begin(&business(), &owner, "hash").await.unwrap().is_some());
    assert!(!world.store.is_empty().await.unwrap());
    let before = world.raw.everything().await;
    assert_eq!(world.store.begin(&business(), &owner, "hash").await.unwrap(), None);
    assert_eq!(world.raw.everything().await, before);
}

async fn founding_happens_once_even_when_many_try(world: &World) {
    let (one, two) = (world.another().await, world.another().await);
    let founded = |store: store::Store, name: &'static str| async move {
        let draft = BusinessDraft { name: name.into(), slug: name.into(), ..business_draft() };
        let business = draft.parse(Hours::always()).unwrap();
        store.begin(&business, &newcomer(name, "owner"), "hash").await.unwrap().is_some()
    };
    let (one, two, three) = tokio::join!(
        founded(one, "first-shop"),
        founded(two, "second-shop"),
        founded(world.store.clone(), "third-shop")
    );
    assert_eq!([one, two, three].into_iter().filter(|founded| *founded).count(), 1);
    assert_eq!((world.raw.count("businesses").await, world.raw.count("people").await), (1, 1));
}

async fn a_zone_that_does_not_exist_is_a_fault_of_its_field(world: &World) {
    let draft = BusinessDraft { zone: "America/Atlantis".into(), ..business_draft() };
    let nowhere = draft.parse(Hours::always()).unwrap();
    let refused = world.store.begin(&nowhere, &newcomer("Maya", "owner"), "hash").await.unwrap_err();
    let Error::Invalid(faults) = refused else { panic!("{refused:?}") };
    assert_eq!(faults.at("zone"), Some(Fault::NotAZone));
    assert!(world.store.is_empty().await.unwrap());

    let shop = world.shop().await;
    let refused = world.store.change_business(&shop.owner, &nowhere).await.unwrap_err();
    assert!(matches!(refused, Error::Invalid(faults) if faults.at("zone") == Some(Fault::NotAZone)));
}

async fn what_was_founded_can_be_read_and_changed_but_not_its_slug(world: &World) {
    let shop = world.shop().await;
    assert_eq!(shop.home(&world.store).await.business, business());
    let draft = BusinessDraft {
        name: "Prairie Stop & Sons".into(),
        slug: "sons".into(),
        contact_email: String::new(),
        contact_phone: "+1 325 555 0100".into(),
        ..business_draft()
    };
    world.store.change_business(&shop.owner, &draft.parse(Hours::always()).unwrap()).await.unwrap();
    let home = world.store.business_by_slug(SLUG).await.unwrap().unwrap();
    assert_eq!(home.business.name.as_str(), "Prairie Stop & Sons");
    assert_eq!((home.business.contact.email, home.business.slug.as_str()), (None, SLUG));
    assert_eq!(world.store.business_by_slug("sons").await.unwrap(), None);
}

async fn milliseconds_survive(world: &World) {
    let shop = world.shop().await;
    world.clock.set(crate::world::at("2026-11-02T12:00:01.007Z"));
    shop.log(world, crate::shop::kept()).await;
    let seen = world.store.checks(&shop.staff, None, 10).await.unwrap().rows.remove(0);
    assert_eq!((seen.at, seen.received_at), (world.store.now(), world.store.now()));
    let entry = world.store.record_after(shop.business(), 0).await.unwrap().pop().unwrap().entry;
    assert_eq!(entry.at, world.store.now());
}

async fn migrating_again_changes_nothing(world: &World) {
    let shop = world.shop().await;
    shop.keep(world).await;
    let before = world.raw.everything().await;
    world.another().await.migrate().await.unwrap();
    assert_eq!(world.raw.everything().await, before);
}
