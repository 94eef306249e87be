//! A page that was made ready is shown again only while nothing has changed.

use std::time::Duration;

use crate::shop::{broken, business, kept, line};
use crate::world::World;

facts![every_change_is_a_new_revision, what_is_refused_is_none, each_business_has_its_own];

async fn every_change_is_a_new_revision(world: &World) {
    let shop = world.shop().await;
    let mut last = world.store.revision(shop.business()).await.unwrap();
    for change in 0..6 {
        match change {
            0 => drop(shop.log(world, kept()).await),
            1 => drop(shop.breaks(world, broken()).await),
            2 => world.store.change_business(&shop.owner, &business()).await.unwrap(),
            3 => drop(world.store.add_site(&shop.owner, &line("Sweetwater")).await.unwrap()),
            4 => drop(world.store.promise_at(&shop.owner, shop.guarantee, &[shop.other_place]).await.unwrap()),
            _ => {
                world.hours(5);
                world.store.note_lateness(&shop.owner).await.unwrap();
            }
        }
        let next = world.store.revision(shop.business()).await.unwrap();
        assert_ne!(next, last, "change {change}");
        assert_eq!(world.store.clone().revision(shop.business()).await.unwrap(), next);
        last = next;
    }
    if !world.raw.is_sqlite() {
        world.another().await.add_site(&shop.owner, &line("Big Spring")).await.unwrap();
        assert_ne!(world.store.revision(shop.business()).await.unwrap(), last, "another program changed something");
    }
}

#[test]
fn what_one_program_changes_another_hears_within_a_second() {
    crate::world::on_postgres(async |world| {
        let shop = world.shop().await;
        let other = world.another().await;
        let mut changes = other.changes(shop.business());
        let hearing = other.clone();
        let hearing = tokio::spawn(async move { hearing.hear().await });
        // Until it listens, nothing is told to it.
        tokio::time::sleep(Duration::from_millis(300)).await;
        for _ in 0..3 {
            shop.keep(world).await;
            tokio::time::timeout(Duration::from_mins(1), changes.next()).await.expect("it was not heard");
        }
        hearing.abort();
    });
}

async fn what_is_refused_is_none(world: &World) {
    let shop = world.shop().await;
    let before = world.store.revision(shop.business()).await.unwrap();
    let draft = shop.check(world, domain::check::FindingDraft::default());
    assert!(world.store.log_check(&shop.staff, draft).await.is_err());
    assert!(world.store.add_site(&shop.owner, &line("Abilene")).await.is_err());
    assert!(world.store.add_site(&shop.auditor, &line("Odessa")).await.is_err());
    assert_eq!(world.store.revision(shop.business()).await.unwrap(), before);
}

async fn each_business_has_its_own(world: &World) {
    let (shop, other) = (world.shop().await, world.other_shop().await);
    let before = world.store.revision(other.business()).await.unwrap();
    shop.keep(world).await;
    assert_eq!(world.store.revision(other.business()).await.unwrap(), before);
}
