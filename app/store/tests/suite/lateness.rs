//! Missing a deadline of our own is itself logged: once, in public.

use chrono::TimeDelta;
use domain::guarantee::Move;
use domain::recovery::StepDraft;
use tokio::task::JoinSet;

use crate::shop::{Shop, acknowledge, broken, learn, remedy, reopen, told_by_a_customer, understand, wording};
use crate::world::World;

facts![
    lateness_is_noted_once_for_each_deadline,
    lateness_is_noted_once_even_by_many_at_the_same_time,
    what_is_in_time_or_closed_is_not_late,
    a_reopened_recovery_can_be_late_again_and_counts_once,
    lateness_on_trial_stays_private,
];

async fn late_entries(world: &World, shop: &Shop) -> Vec<String> {
    let lines = world.store.record_after(shop.business(), 0).await.unwrap();
    let late = lines.iter().filter(|line| line.entry.body["step"] == "late");
    late.map(|line| line.entry.body["clock"].as_str().unwrap().to_owned()).collect()
}

async fn lateness_is_noted_once_for_each_deadline(world: &World) {
    let shop = world.shop().await;
    let id = shop.breaks(world, told_by_a_customer()).await;
    assert_eq!(world.store.note_lateness(&shop.owner).await.unwrap(), 0);
    world.minutes(31);
    assert_eq!(world.store.note_lateness(&shop.owner).await.unwrap(), 1);
    assert_eq!(world.store.note_lateness(&shop.owner).await.unwrap(), 0);
    world.minutes(240);
    assert_eq!(world.store.note_lateness(&shop.owner).await.unwrap(), 1);
    assert_eq!(late_entries(world, &shop).await, ["acknowledge", "remedy"]);
    let row = world.store.recovery(&shop.staff, id).await.unwrap().unwrap().row;
    assert!(row.late);
    let detail = world.store.detail(&shop.home(&world.store).await, shop.guarantee).await.unwrap();
    assert_eq!((detail.totals.late, detail.breaks[0].late), (1, true), "one recovery, two deadlines");
    assert!(world.store.verify(shop.business()).await.unwrap().is_ok());
}

async fn lateness_is_noted_once_even_by_many_at_the_same_time(world: &World) {
    let shop = world.shop().await;
    for _ in 0..3 {
        shop.breaks(world, broken()).await;
    }
    world.hours(5);
    let stores = [world.store.clone(), world.another().await];
    let mut jobs = JoinSet::new();
    for job in 0..6 {
        let (store, owner) = (stores[job % 2].clone(), shop.owner.clone());
        jobs.spawn(async move { store.note_lateness(&owner).await.unwrap() });
    }
    assert_eq!(jobs.join_all().await.into_iter().sum::<usize>(), 6);
    assert_eq!(late_entries(world, &shop).await.len(), 6);
    assert!(world.store.verify(shop.business()).await.unwrap().is_ok());
}

async fn what_is_in_time_or_closed_is_not_late(world: &World) {
    let shop = world.shop().await;
    let id = shop.breaks(world, broken()).await;
    for draft in [acknowledge(), understand(), remedy(), StepDraft::FollowUp, learn()] {
        shop.step(world, id, draft).await;
    }
    for _ in 0..3 {
        shop.keep(world).await;
    }
    world.clock.advance(TimeDelta::days(90));
    assert_eq!(world.store.note_lateness(&shop.owner).await.unwrap(), 0);
    assert!(late_entries(world, &shop).await.is_empty());
}

async fn a_reopened_recovery_can_be_late_again_and_counts_once(world: &World) {
    let shop = world.shop().await;
    let id = shop.breaks(world, broken()).await;
    world.minutes(31);
    world.store.note_lateness(&shop.owner).await.unwrap();
    shop.follow_up(world, id).await;
    shop.step(world, id, reopen()).await;
    world.minutes(31);
    assert_eq!(world.store.note_lateness(&shop.owner).await.unwrap(), 1);
    assert_eq!(late_entries(world, &shop).await, ["acknowledge", "acknowledge"]);
    let totals = world.store.detail(&shop.home(&world.store).await, shop.guarantee).await.unwrap().totals;
    assert_eq!((totals.late, totals.all), (1, 1));
}

async fn lateness_on_trial_stays_private(world: &World) {
    let shop = world.shop().await;
    let slug = domain::slug::Slug::parse("on-trial").unwrap();
    let trial =
        world.store.add_guarantee(&shop.owner, shop.problem, Some(slug), &wording(), &[shop.place]).await.unwrap();
    world.store.move_guarantee(&shop.owner, trial, Move::Try).await.unwrap();
    let check = domain::check::CheckDraft { guarantee: trial.to_string(), ..shop.check(world, broken()) };
    let id = world.store.log_check(&shop.staff, check).await.unwrap().recovery.unwrap();
    world.hours(5);
    let before = world.raw.rows("record").await;
    assert_eq!(world.store.note_lateness(&shop.owner).await.unwrap(), 2);
    assert!(world.store.recovery(&shop.staff, id).await.unwrap().unwrap().row.late);
    assert_eq!(world.raw.rows("record").await, before);
}
