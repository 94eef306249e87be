//! A day is the business's own, through daylight-saving changes too.

use chrono::{NaiveDate, TimeDelta};
use domain::hours::day_bounds;
use domain::measure::Tally;
use store::SHOWN_DAYS;

use crate::shop::kept;
use crate::world::{World, at};

facts![
    checks_count_in_the_local_day_on_days_of_23_and_25_hours,
    the_public_sees_every_one_of_ninety_days,
    sums_come_over_places_as_whole_numbers,
];

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

async fn checks_count_in_the_local_day_on_days_of_23_and_25_hours(world: &World) {
    let shop = world.shop().await;
    let zone = shop.home(&world.store).await.zone;
    // Chicago springs forward on 14 March 2027 and fell back on 1 November 2026.
    for (date, hours) in [(day("2026-11-01"), 25), (day("2027-03-14"), 23)] {
        let (from, until) = day_bounds(&zone, date);
        assert_eq!(until - from, TimeDelta::hours(hours));
        let mut instant = from - TimeDelta::hours(1);
        while instant < until + TimeDelta::hours(1) {
            world.clock.set(instant);
            shop.log(world, kept()).await;
            instant += TimeDelta::hours(1);
        }
        let charter = world.store.charter(shop.home(&world.store).await, None).await.unwrap();
        let kept = |date: NaiveDate| charter.guarantees[0].days.iter().find(|one| one.date == date).unwrap().tally.kept;
        assert_eq!(kept(date), hours.unsigned_abs());
        assert_eq!((kept(date.pred_opt().unwrap()), kept(date.succ_opt().unwrap())), (1, 1));
    }
}

async fn the_public_sees_every_one_of_ninety_days(world: &World) {
    let shop = world.shop().await;
    world.clock.set(at("2026-11-02T04:30:00Z"));
    shop.log(world, kept()).await;
    let charter = world.store.charter(shop.home(&world.store).await, None).await.unwrap();
    let days = &charter.guarantees[0].days;
    assert_eq!((charter.today, days.len()), (day("2026-11-01"), usize::try_from(SHOWN_DAYS).unwrap()));
    assert!(days.is_sorted_by(|one, next| one.date.succ_opt() == Some(next.date)));
    assert_eq!(days.last().map(|last| (last.date, last.tally.kept)), Some((charter.today, 1)));
    assert_eq!(charter.guarantees[0].last_check, Some(world.store.now()));
    world.clock.advance(TimeDelta::days(i64::try_from(SHOWN_DAYS).unwrap()));
    let charter = world.store.charter(shop.home(&world.store).await, Some("clean-restrooms")).await.unwrap();
    assert_eq!(charter.guarantees[0].tally(90), Tally::default());
    assert!(world.store.charter(charter.home, Some("other")).await.unwrap().guarantees.is_empty());
}

async fn sums_come_over_places_as_whole_numbers(world: &World) {
    let shop = world.shop().await;
    let both = [shop.place, shop.other_place];
    world.store.promise_at(&shop.owner, shop.guarantee, &both).await.unwrap().unwrap();
    for place in both {
        let check = domain::check::CheckDraft { place: place.to_string(), ..shop.check(world, kept()) };
        world.store.log_check(&shop.staff, check).await.unwrap();
    }
    let charter = world.store.charter(shop.home(&world.store).await, None).await.unwrap();
    assert_eq!(charter.guarantees[0].tally(30), Tally { kept: 2, ..Tally::default() });
}
