//! Logging checks: once, as sent, or not at all.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use domain::check::{CheckDraft, FindingDraft, Refused, Verdict};
use domain::fault::Fault;
use domain::guarantee::{Move, Stage};
use domain::ids::{CheckId, GuaranteeId, PlaceId};
use store::{Error, Logged};
use uuid::Uuid;

use crate::shop::{Shop, broken, kept, not_applicable, prose, slug, told_by_a_customer, wording, wording_draft};
use crate::world::World;

facts![
    a_check_sent_again_is_answered_as_the_first_time_and_stored_once,
    a_check_sent_again_is_answered_even_after_the_wording_changed_and_a_month_passed,
    another_body_under_the_same_id_is_refused,
    another_businesss_ids_are_as_free_as_any,
    many_logged_in_one_go_are_all_stored_or_none,
    nothing_is_half_stored_of_a_check_that_is_refused,
    the_list_goes_on_where_it_stopped_even_within_one_instant,
    two_who_look_in_the_same_minute_are_both_kept_and_the_second_says_so,
    a_check_carries_the_wording_it_was_judged_by,
    a_check_is_sent_by_whoever_made_it,
    a_phone_whose_clock_is_off_is_believed_in_how_long_ago_it_was,
    a_phone_whose_clock_was_set_right_on_the_way_is_never_refused,
    the_standing_is_the_last_look_after_corrections,
];

async fn a_check_sent_again_is_answered_as_the_first_time_and_stored_once(world: &World) {
    let shop = world.shop().await;
    for finding in [kept(), broken(), not_applicable()] {
        let check = shop.check(world, finding);
        let first = world.store.log_check(&shop.staff, check.clone()).await.unwrap();
        assert!(!first.again);
        world.minutes(5);
        let before = world.raw.everything().await;
        let second = world.store.log_check(&shop.staff, check).await.unwrap();
        assert_eq!(second, store::Logged { again: true, ..first });
        assert_eq!(world.raw.everything().await, before);
    }
    assert_eq!((world.raw.count("checks").await, world.raw.count("breaks").await), (3, 1));
}

async fn a_check_sent_again_is_answered_even_after_the_wording_changed_and_a_month_passed(world: &World) {
    let shop = world.shop().await;
    let at = world.store.now().to_rfc3339();
    let check = CheckDraft { at, ..shop.check(world, broken()) };
    let first = world.store.log_check(&shop.staff, check.clone()).await.unwrap();
    let mut draft = wording_draft();
    draft.criteria.truncate(1);
    world.store.reword(&shop.owner, shop.guarantee, &draft.parse().unwrap()).await.unwrap().unwrap();
    world.clock.advance(TimeDelta::days(40));
    world.store.move_guarantee(&shop.owner, shop.guarantee, Move::Suspend).await.unwrap();
    let second = world.store.log_check(&shop.staff, check).await.unwrap();
    assert_eq!(second, store::Logged { again: true, ..first });
}

async fn another_body_under_the_same_id_is_refused(world: &World) {
    let shop = world.shop().await;
    let check = shop.check(world, kept());
    world.store.log_check(&shop.staff, check.clone()).await.unwrap();
    let before = world.raw.everything().await;
    for other in [
        CheckDraft { finding: broken(), ..check.clone() },
        CheckDraft { at: world.store.now().to_rfc3339(), ..check.clone() },
        CheckDraft { place: shop.other_place.to_string(), ..check.clone() },
        CheckDraft { guarantee: Uuid::nil().to_string(), ..check.clone() },
        CheckDraft { at: "yesterday".into(), ..check.clone() },
    ] {
        let refused = world.store.log_check(&shop.staff, other.clone()).await.unwrap_err();
        assert!(matches!(refused, Error::Check(Refused::OtherBody)), "{other:?}: {refused:?}");
    }
    assert_eq!(world.raw.everything().await, before);
}

async fn another_businesss_ids_are_as_free_as_any(world: &World) {
    let (shop, other) = (world.shop().await, world.other_shop().await);
    let told = FindingDraft { note: "Ours alone.".into(), obstacle: "tools".into(), ..broken() };
    let findings = [kept(), broken(), not_applicable(), told_by_a_customer(), told];
    for ours in &findings {
        for theirs in &findings {
            let sent = shop.check(world, ours.clone());
            let logged = world.store.log_check(&shop.staff, sent.clone()).await.unwrap();
            let mine = world.store.check(&shop.staff, logged.check).await.unwrap();
            let same_id = CheckDraft { id: sent.id.clone(), ..other.check(world, theirs.clone()) };
            for again in [false, true] {
                let answer = world.store.log_check(&other.staff, same_id.clone()).await.unwrap();
                assert_eq!((answer.check, answer.again), (logged.check, again), "{ours:?} {theirs:?}");
                let answer = world.store.log_checks(&shop.staff, std::slice::from_ref(&sent)).await.unwrap();
                assert_eq!(answer, [Logged { again: true, ..logged }]);
            }
            let turned = if theirs.verdict == "broken" { kept() } else { broken() };
            let corrected = world.store.correct_check(&other.owner, logged.check, &turned, &prose("Wet.")).await;
            assert!(corrected.unwrap().is_some());
            assert_eq!(world.store.check(&shop.staff, logged.check).await.unwrap(), mine, "{ours:?} {theirs:?}");
        }
    }
    let id = shop.check(world, kept()).id;
    let ours = CheckDraft { id: id.clone(), ..shop.check(world, kept()) };
    world.store.log_check(&shop.staff, ours.clone()).await.unwrap();
    for id in [id, Uuid::nil().to_string()] {
        let refused = world.store.log_check(&other.staff, CheckDraft { id, ..ours.clone() }).await.unwrap_err();
        let unknown = matches!(&refused, Error::Invalid(faults) if faults.at("guarantee") == Some(Fault::NotFound));
        assert!(unknown, "the answer is the same whether the id was used or not: {refused:?}");
    }
    for business in [shop.business(), other.business()] {
        assert!(world.store.verify(business).await.unwrap().is_ok());
    }
    let before = world.store.checks(&shop.owner, None, 100).await.unwrap();
    world.store.delete_business(&other.owner, "Other Stop").await.unwrap();
    assert_eq!(world.store.checks(&shop.owner, None, 100).await.unwrap(), before);
    assert!(world.store.verify(shop.business()).await.unwrap().is_ok());
}

async fn many_logged_in_one_go_are_all_stored_or_none(world: &World) {
    let shop = world.shop().await;
    let new = |finding| shop.check(world, finding);
    let good = [new(kept()), new(broken())];
    let before = world.raw.everything().await;
    let one_bad = [good[0].clone(), good[1].clone(), new(domain::check::FindingDraft::default())];
    assert!(matches!(world.store.log_checks(&shop.staff, &one_bad).await, Err(Error::Invalid(_))));
    assert_eq!(world.raw.everything().await, before);

    let twice = [good[0].clone(), good[1].clone(), good[0].clone()];
    let logged = world.store.log_checks(&shop.staff, &twice).await.unwrap();
    assert_eq!(logged.iter().map(|logged| logged.again).collect::<Vec<_>>(), [false, false, true]);
    assert_eq!(world.raw.count("checks").await, 2);
}

async fn nothing_is_half_stored_of_a_check_that_is_refused(world: &World) {
    let (shop, other) = (world.shop().await, world.other_shop().await);
    let (slug, wording, places) = (slug("draft"), wording(), [shop.place]);
    let draft = world.store.add_guarantee(&shop.owner, shop.problem, Some(slug), &wording, &places).await.unwrap();
    let check = || shop.check(world, broken());
    let now = world.store.now();
    let invalid: [(CheckDraft, &str, Fault); 8] = [
        (CheckDraft { at: (now + TimeDelta::minutes(3)).to_rfc3339(), ..check() }, "at", Fault::InFuture),
        (CheckDraft { at: (now - TimeDelta::days(3652)).to_rfc3339(), ..check() }, "at", Fault::TooOld),
        (CheckDraft { at: "-262143-01-01T00:00:00Z".into(), ..check() }, "at", Fault::Malformed),
        (CheckDraft { guarantee: other.guarantee.to_string(), ..check() }, "guarantee", Fault::NotFound),
        (CheckDraft { guarantee: "x".into(), ..check() }, "guarantee", Fault::Malformed),
        (CheckDraft { place: other.place.to_string(), ..check() }, "place", Fault::NotFound),
        (CheckDraft { place: String::new(), ..check() }, "place", Fault::Missing),
        (CheckDraft { id: "1".into(), ..check() }, "id", Fault::Malformed),
    ];
    let before = world.raw.everything().await;
    for (check, field, fault) in invalid {
        let refused = world.store.log_check(&shop.staff, check.clone()).await.unwrap_err();
        assert!(
            matches!(&refused, Error::Invalid(faults) if faults.at(field) == Some(fault)),
            "{check:?}: {refused:?}"
        );
    }
    let elsewhere = CheckDraft { place: shop.other_place.to_string(), ..check() };
    let refused = world.store.log_check(&shop.staff, elsewhere).await.unwrap_err();
    assert!(matches!(refused, Error::Check(Refused::NotHere)), "{refused:?}");
    assert_eq!(world.raw.everything().await, before);

    refused_at(world, &shop, draft, Stage::Draft).await;
    world.store.move_guarantee(&shop.owner, shop.guarantee, Move::Suspend).await.unwrap();
    refused_at(world, &shop, shop.guarantee, Stage::Suspended).await;
    world.store.move_guarantee(&shop.owner, shop.guarantee, Move::Retire).await.unwrap();
    refused_at(world, &shop, shop.guarantee, Stage::Retired).await;
}

async fn refused_at(world: &World, shop: &Shop, guarantee: GuaranteeId, expected: Stage) {
    let before = world.raw.everything().await;
    let check = CheckDraft { guarantee: guarantee.to_string(), ..shop.check(world, broken()) };
    let refused = world.store.log_check(&shop.staff, check).await.unwrap_err();
    assert!(matches!(refused, Error::Check(Refused::NotChecked { stage }) if stage == expected), "{refused:?}");
    assert_eq!(world.raw.everything().await, before);
}

async fn the_list_goes_on_where_it_stopped_even_within_one_instant(world: &World) {
    let shop = world.shop().await;
    let mut sent = BTreeSet::new();
    for number in 0..23 {
        if number % 7 == 0 {
            world.minutes(1);
        }
        sent.insert(shop.log(world, kept()).await.check);
    }
    let (mut seen, mut before): (Vec<(DateTime<Utc>, CheckId)>, _) = (Vec::new(), None);
    loop {
        let page = world.store.checks(&shop.auditor, before, 5).await.unwrap();
        assert!(page.rows.len() <= 5);
        seen.extend(page.rows.iter().map(|row| (row.at, row.id)));
        before = page.before;
        if before.is_none() {
            break;
        }
    }
    assert!(seen.is_sorted_by(|later, earlier| later > earlier));
    for (at, id) in &seen {
        let one = world.store.check(&shop.auditor, *id).await.unwrap().unwrap();
        assert_eq!((one.id, one.at, one.verdict), (*id, *at, Verdict::Kept));
    }
    assert_eq!(seen.into_iter().map(|(_, id)| id).collect::<BTreeSet<_>>(), sent);
    assert_eq!(world.store.check(&shop.auditor, CheckId(Uuid::nil())).await.unwrap(), None);
    let nowhere = world.store.checks(&shop.auditor, Some(CheckId(Uuid::nil())), 5).await.unwrap();
    assert!(nowhere.rows.is_empty() && nowhere.before.is_none());
    assert_eq!(world.store.checks(&shop.auditor, None, -1).await.unwrap().rows.len(), 1);
}

async fn the_standing_is_the_last_look_after_corrections(world: &World) {
    let shop = world.shop().await;
    let standing = async || {
        let standings = world.store.standings(&shop.staff).await.unwrap();
        assert_eq!(standings.len(), 1);
        assert_eq!((standings[0].guarantee, standings[0].place), (shop.guarantee, shop.place));
        standings[0].last
    };
    let looked = async |place: PlaceId| world.store.place(&shop.staff, place).await.unwrap().unwrap().last_check;
    assert_eq!((standing().await, looked(shop.place).await), (None, None));
    let first = shop.keep(world).await;
    let seen = world.store.now();
    assert_eq!((standing().await, looked(shop.place).await), (Some((Verdict::Kept, seen)), Some(seen)));
    shop.misses(world).await;
    assert_eq!(standing().await.map(|(verdict, _)| verdict), Some(Verdict::Missed));
    assert_eq!(looked(shop.place).await, Some(seen), "nobody looked");
    assert_eq!(looked(shop.other_place).await, None);
    let last = shop.keep(world).await;
    shop.correct(world, last, &broken()).await.unwrap().unwrap();
    shop.correct(world, first, &not_applicable()).await.unwrap().unwrap();
    assert_eq!(standing().await, Some((Verdict::Broken, world.store.now())));
}

async fn two_who_look_in_the_same_minute_are_both_kept_and_the_second_says_so(world: &World) {
    let shop = world.shop().await;
    let draft = shop.check(world, kept());
    let again = CheckDraft { id: world.store.source().id().to_string(), ..draft.clone() };
    let (one, other) =
        tokio::join!(world.store.log_check(&shop.staff, draft), world.store.log_check(&shop.manager, again));
    assert!(one.is_ok() && other.is_ok());
    world.minutes(2);
    shop.log(world, kept()).await;
    let rows = world.store.checks(&shop.auditor, None, 10).await.unwrap().rows;
    assert_eq!(rows.len(), 3);
    assert!(!rows[0].doubled, "two minutes later");
    assert_eq!(rows.iter().filter(|row| row.doubled).count(), 1);
    shop.log(world, kept()).await;
    let again = world.store.checks(&shop.auditor, None, 1).await.unwrap().rows.remove(0);
    assert!(!again.doubled, "one's own look again");
}

async fn a_check_carries_the_wording_it_was_judged_by(world: &World) {
    let shop = world.shop().await;
    let judged = CheckDraft { version: "1".into(), ..shop.check(world, broken()) };
    let fewer = wording_draft();
    let fewer = domain::guarantee::WordingDraft { criteria: vec!["All clean".into()], ..fewer }.parse().unwrap();
    world.store.reword(&shop.owner, shop.guarantee, &fewer).await.unwrap().unwrap();
    let refused = world.store.log_check(&shop.staff, shop.check(world, broken())).await.unwrap_err();
    assert!(matches!(&refused, Error::Invalid(faults) if faults.at("reason") == Some(Fault::UnknownChoice)));
    world.store.log_check(&shop.staff, judged.clone()).await.unwrap();
    assert_eq!(world.store.checks(&shop.auditor, None, 1).await.unwrap().rows[0].version, 1);
    for (version, fault) in [("3", Fault::NotFound), ("0", Fault::NotFound), ("one", Fault::NotANumber)] {
        let wrong = CheckDraft { version: version.into(), ..shop.check(world, kept()) };
        let refused = world.store.log_check(&shop.staff, wrong).await.unwrap_err();
        assert!(matches!(&refused, Error::Invalid(faults) if faults.at("version") == Some(fault)), "{refused:?}");
    }
}

async fn a_check_is_sent_by_whoever_made_it(world: &World) {
    let shop = world.shop().await;
    let domain::actor::Who::Person(sam) = shop.staff.who else { unreachable!() };
    let draft = CheckDraft { by: format!("person:{sam}"), ..shop.check(world, kept()) };
    let refused = world.store.log_check(&shop.manager, draft.clone()).await.unwrap_err();
    assert!(matches!(refused, Error::Check(Refused::NotYours)), "{refused:?}");
    assert!(!world.store.log_check(&shop.staff, draft).await.unwrap().again);
}

async fn a_phone_whose_clock_is_off_is_believed_in_how_long_ago_it_was(world: &World) {
    let shop = world.shop().await;
    let draft = CheckDraft {
        at: "2016-01-01T10:00:00Z".into(),
        sent: "2016-01-01T10:20:00Z".into(),
        ..shop.check(world, kept())
    };
    world.store.log_check(&shop.staff, draft.clone()).await.unwrap();
    let row = world.store.checks(&shop.auditor, None, 1).await.unwrap().rows.remove(0);
    assert_eq!((row.at, row.skewed), (world.store.now() - TimeDelta::minutes(20), true));
    world.minutes(3);
    let later = CheckDraft { sent: "2016-01-01T10:23:00Z".into(), ..draft };
    assert!(world.store.log_check(&shop.staff, later).await.unwrap().again, "the same check, sent again");
    assert_eq!(world.raw.texts("SELECT CAST(device_at AS TEXT) FROM checks").await.len(), 1);
}

async fn a_phone_whose_clock_was_set_right_on_the_way_is_never_refused(world: &World) {
    let shop = world.shop().await;
    // How far its clock was off when it was tapped, in minutes; it was right when it was sent, an hour later.
    let off = [-60 * 24 * 40, -4_320, -1_440, -120, -61, -3, 3, 61, 120, 1_440, 4_320, 60 * 24 * 40];
    for off in off {
        let (now, off) = (world.store.now(), TimeDelta::minutes(off));
        let (heard, looked) = (now - TimeDelta::minutes(90), now - TimeDelta::minutes(60));
        let draft = CheckDraft {
            at: (looked + off).to_rfc3339(),
            sent: now.to_rfc3339(),
            heard: heard.to_rfc3339(),
            heard_at: (heard + off).to_rfc3339(),
            ..shop.check(world, kept())
        };
        let logged = world.store.log_check(&shop.staff, draft.clone()).await.unwrap();
        let row = world.store.check(&shop.auditor, logged.check).await.unwrap().unwrap();
        assert_eq!((row.at, row.skewed), (looked, true), "{off}");
        // It never heard from the server: it is taken all the same.
        let alone = CheckDraft { heard: String::new(), heard_at: String::new(), ..draft };
        let alone = CheckDraft { id: shop.check(world, kept()).id, ..alone };
        let logged = world.store.log_check(&shop.staff, alone).await.unwrap();
        let row = world.store.check(&shop.auditor, logged.check).await.unwrap().unwrap();
        assert!(row.at <= now && row.at >= now - TimeDelta::days(30), "{off}");
        world.minutes(2);
    }
    for column in ["device_at", "device_sent_at"] {
        assert_eq!(world.raw.texts(&format!("SELECT CAST({column} AS TEXT) FROM checks")).await.len(), 24, "{column}");
    }
    for column in ["heard_at", "device_heard_at"] {
        let kept = format!("SELECT CAST({column} AS TEXT) FROM checks WHERE {column} IS NOT NULL");
        assert_eq!(world.raw.texts(&kept).await.len(), 12, "{column}");
    }
}
