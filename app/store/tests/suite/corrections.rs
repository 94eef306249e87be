//! Correcting: something is added, nothing is changed.

use domain::check::{Refused, Verdict};
use domain::guarantee::Move;
use store::Error;

use crate::shop::{broken, kept, not_applicable, prose, told_by_a_customer};
use crate::world::World;

facts![
    the_original_stays_byte_for_byte,
    a_correction_that_changes_nothing_is_refused,
    the_last_of_many_corrections_stands_even_within_one_instant,
    a_correction_to_broken_opens_a_recovery_with_its_own_note,
    a_break_that_was_corrected_stays_and_says_so,
    a_correction_counts_in_the_day_and_the_zone_of_its_check,
];

async fn the_original_stays_byte_for_byte(world: &World) {
    let shop = world.shop().await;
    let logged = shop.log(world, broken()).await;
    let tables = ["checks", "breaks", "recoveries"];
    let mut before = Vec::new();
    for table in tables {
        before.push(world.raw.rows(table).await);
    }
    let entries = world.raw.rows("record").await;
    world.minutes(1);
    shop.correct(world, logged.check, &kept()).await.unwrap().unwrap();
    for (table, before) in tables.iter().zip(before) {
        assert_eq!(world.raw.rows(table).await, before);
    }
    assert!(entries.iter().all(|entry| !entry.is_empty()));
    let after = world.raw.rows("record").await;
    assert!(entries.iter().all(|entry| after.contains(entry)) && after.len() == entries.len() + 1);
    let row = world.store.checks(&shop.auditor, None, 10).await.unwrap().rows.remove(0);
    assert_eq!((row.verdict, row.corrected), (Verdict::Broken, Some(Verdict::Kept)));
    let line = world.store.record_after(shop.business(), 0).await.unwrap().pop().unwrap();
    assert_eq!((line.entry.kind.as_str(), line.texts[0].text.as_str()), ("correction", "I tapped the wrong one."));
    assert_eq!((&line.entry.body["was"], &line.entry.body["verdict"]), (&"broken".into(), &"kept".into()));
}

async fn a_correction_that_changes_nothing_is_refused(world: &World) {
    let shop = world.shop().await;
    let logged = shop.log(world, kept()).await;
    let before = world.raw.everything().await;
    let refused = shop.correct(world, logged.check, &kept()).await.unwrap_err();
    assert!(matches!(refused, Error::Check(Refused::Unchanged)));
    let refused =
        shop.correct(world, logged.check, &domain::check::FindingDraft { reason: "7".into(), ..broken() }).await;
    assert!(matches!(refused, Err(Error::Invalid(_))));
    assert_eq!(world.raw.everything().await, before);
}

async fn the_last_of_many_corrections_stands_even_within_one_instant(world: &World) {
    let shop = world.shop().await;
    let logged = shop.log(world, kept()).await;
    for _ in 0..4 {
        for finding in [broken(), not_applicable(), kept()] {
            let corrected = shop.correct(world, logged.check, &finding).await.unwrap().unwrap();
            let row = world.store.checks(&shop.auditor, None, 10).await.unwrap().rows.remove(0);
            assert_eq!((row.verdict, row.corrected), (Verdict::Kept, Some(corrected.verdict)));
        }
    }
    assert_eq!((world.raw.count("corrections").await, world.raw.count("breaks").await), (12, 4));
    let home = shop.home(&world.store).await;
    assert_eq!(world.store.detail(&home, shop.guarantee).await.unwrap().corrections, 12);
}

async fn a_correction_to_broken_opens_a_recovery_with_its_own_note(world: &World) {
    let shop = world.shop().await;
    let check = shop.keep(world).await;
    let finding = domain::check::FindingDraft { note: "The soap was empty.".into(), ..told_by_a_customer() };
    world.store.move_guarantee(&shop.owner, shop.guarantee, Move::Suspend).await.unwrap();
    let corrected = shop.correct(world, check, &finding).await.unwrap().unwrap();
    let page = world.store.recovery(&shop.staff, corrected.recovery.unwrap()).await.unwrap().unwrap();
    assert_eq!((page.check, page.note.as_deref()), (check, Some("The soap was empty.")));
    assert_eq!(page.row.criterion.as_deref(), Some("Soap and towels"));
}

async fn a_break_that_was_corrected_stays_and_says_so(world: &World) {
    let shop = world.shop().await;
    let logged = shop.log(world, broken()).await;
    let home = shop.home(&world.store).await;
    let corrected = async || {
        let public = world.store.detail(&home, shop.guarantee).await.unwrap().breaks;
        let public: Vec<_> = public.iter().map(|line| line.corrected).collect();
        let inside = world.store.breaks(&shop.auditor, None, 10).await.unwrap().rows;
        assert_eq!(inside.iter().map(|row| row.corrected).collect::<Vec<_>>(), public);
        public
    };
    assert_eq!(corrected().await, [false]);
    world.minutes(1);
    shop.correct(world, logged.check, &kept()).await.unwrap();
    assert_eq!(corrected().await, [true]);
    world.minutes(1);
    shop.correct(world, logged.check, &broken()).await.unwrap();
    assert_eq!(corrected().await, [false, true]);
}

async fn a_correction_counts_in_the_day_and_the_zone_of_its_check(world: &World) {
    let shop = world.shop().await;
    world.clock.set(crate::world::at("2026-11-03T04:30:00Z"));
    let logged = shop.log(world, broken()).await;
    let mut business = crate::shop::business();
    business.zone = crate::shop::line("Asia/Tokyo");
    world.store.change_business(&shop.owner, &business).await.unwrap();
    world.store.correct_check(&shop.staff, logged.check, &kept(), &prose("It was the next room.")).await.unwrap();
    let counted = world.raw.texts("SELECT CAST(day AS TEXT) || ' ' || kept || ' ' || broken FROM tallies").await;
    assert_eq!(counted, ["2026-11-02 1 0"]);
}
