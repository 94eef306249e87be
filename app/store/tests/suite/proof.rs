//! Where nobody can be asked, so many kept checks in a row speak for trust.

use domain::ids::RecoveryId;
use domain::recovery::{Outcome, Stage, StepDraft};

use crate::shop::{
    Shop, acknowledge, broken, kept, learn, not_applicable, remedy, reopen, told_by_a_customer, understand,
};
use crate::world::World;

facts![
    three_kept_checks_after_the_remedy_close_it,
    checks_between_remedy_and_follow_up_count,
    a_break_in_between_starts_the_count_again,
    a_miss_in_between_starts_the_count_again,
    what_did_not_apply_neither_counts_nor_breaks_the_row,
    corrections_count_as_what_they_say,
    kept_checks_elsewhere_or_before_the_remedy_prove_nothing,
    the_record_does_not_speak_for_a_customer,
    a_reopened_recovery_is_proved_anew,
];

/// A recovery with a lesson, whose record is watched; how many kept checks in a row it has.
async fn watched(world: &World, shop: &Shop) -> RecoveryId {
    let id = shop.breaks(world, broken()).await;
    assert_eq!(shop.follow_up(world, id).await, None, "there is nobody to send a link to");
    shop.step(world, id, learn()).await;
    assert_eq!(in_a_row(world, shop, id).await, Some(0));
    id
}

async fn in_a_row(world: &World, shop: &Shop, id: RecoveryId) -> Option<u32> {
    world.store.recovery(&shop.staff, id).await.unwrap().unwrap().kept_in_a_row
}

async fn stage(world: &World, shop: &Shop, id: RecoveryId) -> Stage {
    world.store.recovery(&shop.staff, id).await.unwrap().unwrap().row.stage
}

const CLOSED: Stage = Stage::Closed(Outcome::RestoredByRecord);

async fn three_kept_checks_after_the_remedy_close_it(world: &World) {
    let shop = world.shop().await;
    let id = watched(world, &shop).await;
    for kept in 1..=2 {
        shop.keep(world).await;
        assert_eq!((in_a_row(world, &shop, id).await, stage(world, &shop, id).await), (Some(kept), Stage::FollowingUp));
    }
    shop.keep(world).await;
    assert_eq!((in_a_row(world, &shop, id).await, stage(world, &shop, id).await), (None, CLOSED));
    let totals = world.store.detail(&shop.home(&world.store).await, shop.guarantee).await.unwrap().totals;
    assert_eq!((totals.restored_by_record, totals.restored), (1, 0), "counted apart");
    let spoke = world.store.record_after(shop.business(), 0).await.unwrap();
    let spoke = spoke.iter().filter(|line| line.entry.body["step"] == "record_spoke").collect::<Vec<_>>();
    assert_eq!((spoke.len(), &spoke[0].entry.body["kept"]), (1, &3.into()));
}

async fn checks_between_remedy_and_follow_up_count(world: &World) {
    let shop = world.shop().await;
    let id = shop.breaks(world, broken()).await;
    for draft in [acknowledge(), understand(), remedy(), learn()] {
        shop.step(world, id, draft).await;
    }
    for _ in 0..4 {
        shop.keep(world).await;
    }
    shop.step(world, id, StepDraft::FollowUp).await;
    assert_eq!(stage(world, &shop, id).await, CLOSED);
}

async fn a_break_in_between_starts_the_count_again(world: &World) {
    let shop = world.shop().await;
    let id = watched(world, &shop).await;
    shop.keep(world).await;
    shop.keep(world).await;
    shop.breaks(world, broken()).await;
    assert_eq!(in_a_row(world, &shop, id).await, Some(0));
    shop.keep(world).await;
    shop.keep(world).await;
    assert_eq!((in_a_row(world, &shop, id).await, stage(world, &shop, id).await), (Some(2), Stage::FollowingUp));
    shop.keep(world).await;
    assert_eq!(stage(world, &shop, id).await, CLOSED);
}

async fn a_miss_in_between_starts_the_count_again(world: &World) {
    let shop = world.shop().await;
    let id = watched(world, &shop).await;
    shop.keep(world).await;
    shop.keep(world).await;
    shop.misses(world).await;
    shop.keep(world).await;
    assert_eq!((in_a_row(world, &shop, id).await, stage(world, &shop, id).await), (Some(1), Stage::FollowingUp));
}

async fn what_did_not_apply_neither_counts_nor_breaks_the_row(world: &World) {
    let shop = world.shop().await;
    let id = watched(world, &shop).await;
    for finding in [kept(), not_applicable(), kept(), not_applicable(), not_applicable(), not_applicable()] {
        world.minutes(1);
        shop.log(world, finding).await;
    }
    assert_eq!(in_a_row(world, &shop, id).await, Some(2));
    shop.keep(world).await;
    assert_eq!(stage(world, &shop, id).await, CLOSED);
}

async fn corrections_count_as_what_they_say(world: &World) {
    let shop = world.shop().await;
    let id = watched(world, &shop).await;
    let first = shop.keep(world).await;
    let second = shop.keep(world).await;
    shop.correct(world, first, &broken()).await.unwrap().unwrap();
    assert_eq!(in_a_row(world, &shop, id).await, Some(1));
    shop.correct(world, second, &not_applicable()).await.unwrap().unwrap();
    assert_eq!(in_a_row(world, &shop, id).await, Some(0));
    shop.keep(world).await;
    world.minutes(1);
    let wrong = shop.log(world, broken()).await.check;
    shop.keep(world).await;
    assert_eq!(in_a_row(world, &shop, id).await, Some(1));
    assert_eq!(stage(world, &shop, id).await, Stage::FollowingUp);
    shop.correct(world, wrong, &kept()).await.unwrap().unwrap();
    assert_eq!(stage(world, &shop, id).await, CLOSED, "three in a row, once the wrong one is mended");
}

async fn kept_checks_elsewhere_or_before_the_remedy_prove_nothing(world: &World) {
    let shop = world.shop().await;
    let both = [shop.place, shop.other_place];
    world.store.promise_at(&shop.owner, shop.guarantee, &both).await.unwrap().unwrap();
    let id = shop.breaks(world, broken()).await;
    for _ in 0..5 {
        shop.keep(world).await;
    }
    shop.follow_up(world, id).await;
    shop.step(world, id, learn()).await;
    for _ in 0..5 {
        world.minutes(1);
        let elsewhere = domain::check::CheckDraft { place: shop.other_place.to_string(), ..shop.check(world, kept()) };
        world.store.log_check(&shop.staff, elsewhere).await.unwrap();
    }
    assert_eq!((in_a_row(world, &shop, id).await, stage(world, &shop, id).await), (Some(0), Stage::FollowingUp));
}

async fn the_record_does_not_speak_for_a_customer(world: &World) {
    let shop = world.shop().await;
    let id = shop.breaks(world, told_by_a_customer()).await;
    assert!(shop.follow_up(world, id).await.is_some());
    shop.step(world, id, learn()).await;
    for _ in 0..5 {
        shop.keep(world).await;
    }
    assert_eq!((in_a_row(world, &shop, id).await, stage(world, &shop, id).await), (None, Stage::FollowingUp));
}

async fn a_reopened_recovery_is_proved_anew(world: &World) {
    let shop = world.shop().await;
    let id = watched(world, &shop).await;
    for _ in 0..3 {
        shop.keep(world).await;
    }
    assert_eq!(stage(world, &shop, id).await, CLOSED);
    shop.step(world, id, reopen()).await;
    shop.follow_up(world, id).await;
    shop.step(world, id, learn()).await;
    assert_eq!((in_a_row(world, &shop, id).await, stage(world, &shop, id).await), (Some(0), Stage::FollowingUp));
    for _ in 0..3 {
        shop.keep(world).await;
    }
    assert_eq!(stage(world, &shop, id).await, CLOSED);
}
