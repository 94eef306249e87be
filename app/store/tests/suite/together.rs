//! Checks that come at the same time: written together, answered one by one.

use std::collections::BTreeSet;

use domain::check::{FindingDraft, Verdict};
use domain::fault::Fault;
use store::Error;
use tokio::task::JoinSet;

use crate::shop::{broken, kept};
use crate::world::World;

facts![
    the_same_check_from_32_senders_is_stored_once,
    checks_that_come_together_keep_their_own_answers,
    one_that_cannot_be_written_takes_no_other_with_it,
    a_check_whose_sender_went_away_is_stored_and_shown,
];

async fn the_same_check_from_32_senders_is_stored_once(world: &World) {
    let shop = world.shop().await;
    for finding in [kept(), broken()] {
        let check = shop.check(world, finding);
        let others = [world.store.clone(), world.another().await];
        let mut senders = JoinSet::new();
        for sender in 0..32 {
            // Half of them through another program on the same database.
            let (store, check, staff) = (others[sender % 2].clone(), check.clone(), shop.staff.clone());
            senders.spawn(async move { store.log_check(&staff, check).await.unwrap() });
        }
        let answers = senders.join_all().await;
        assert_eq!(answers.iter().filter(|logged| !logged.again).count(), 1);
        let recoveries: BTreeSet<_> = answers.iter().map(|logged| logged.recovery).collect();
        assert_eq!(recoveries.len(), 1, "all hear of the same recovery");
    }
    assert_eq!((world.raw.count("checks").await, world.raw.count("recoveries").await), (2, 1));
    assert!(world.store.verify(shop.business()).await.unwrap().is_ok());
}

async fn checks_that_come_together_keep_their_own_answers(world: &World) {
    let (shop, other) = (world.shop().await, world.other_shop().await);
    let mut senders = JoinSet::new();
    for number in 0..60 {
        let from = if number % 10 == 9 { &other } else { &shop };
        let finding = match number % 3 {
            0 => kept(),
            1 => broken(),
            _ => FindingDraft { reason: "9".into(), ..broken() },
        };
        let (store, check, staff) = (world.store.clone(), from.check(world, finding), from.staff.clone());
        senders.spawn(async move { (number % 3, store.log_check(&staff, check).await) });
    }
    for (kind, answer) in senders.join_all().await {
        match (kind, answer) {
            (0, Ok(logged)) => assert_eq!((logged.verdict, logged.recovery), (Verdict::Kept, None)),
            (1, Ok(logged)) => assert!(logged.verdict == Verdict::Broken && logged.recovery.is_some()),
            (2, Err(Error::Invalid(faults))) => assert_eq!(faults.at("reason"), Some(Fault::UnknownChoice)),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((world.raw.count("checks").await, world.raw.count("breaks").await), (40, 20));
    for shop in [shop, other] {
        assert!(world.store.verify(shop.business()).await.unwrap().is_ok());
    }
}

async fn one_that_cannot_be_written_takes_no_other_with_it(world: &World) {
    let shop = world.shop().await;
    let refuse = if world.raw.is_sqlite() {
        "CREATE TRIGGER refuse BEFORE INSERT ON checks WHEN NEW.reason = '0' BEGIN SELECT RAISE(ABORT, 'no'); END"
    } else {
        "ALTER TABLE checks ADD CHECK (reason IS NULL OR reason <> '0')"
    };
    world.raw.run_alone(refuse).await;
    let mut senders = JoinSet::new();
    for number in 0..40 {
        let finding = if number % 8 == 3 { FindingDraft { reason: "0".into(), ..broken() } } else { kept() };
        let (store, check, staff) = (world.store.clone(), shop.check(world, finding), shop.staff.clone());
        senders.spawn(async move { (number % 8 == 3, store.log_check(&staff, check).await) });
    }
    for (bad, answer) in senders.join_all().await {
        assert!(if bad { matches!(answer, Err(Error::Database(_))) } else { answer.is_ok() }, "{answer:?}");
    }
    assert_eq!((world.raw.count("checks").await, world.raw.count("breaks").await), (35, 0));
    assert!(world.store.verify(shop.business()).await.unwrap().is_ok());
}

async fn a_check_whose_sender_went_away_is_stored_and_shown(world: &World) {
    let shop = world.shop().await;
    let check = shop.check(world, kept());
    let before = world.store.revision(shop.business()).await.unwrap();
    tokio::select! {
        biased;
        _ = world.store.log_check(&shop.staff, check.clone()) => panic!("it was answered at once"),
        () = std::future::ready(()) => {}
    }
    while world.store.revision(shop.business()).await.unwrap() == before {
        tokio::task::yield_now().await;
    }
    let again = world.store.log_check(&shop.staff, check).await.unwrap();
    assert!(again.again, "the page changed because it is stored");
}
