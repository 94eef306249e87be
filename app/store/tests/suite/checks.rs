//! Logging checks: stored once, as sent, or not at all.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use domain::check::{CheckDraft, CheckError};
use domain::fault::Fault;
use domain::finding::FindingDraft;
use domain::guarantee::{Stage, Transition};
use domain::ids::{CheckId, GuaranteeId, PlaceId};
use domain::verdict::Verdict;
use store::{Error, Logged};
use uuid::Uuid;

use crate::fixture::{
    Fixture, broken, correction, kept, not_applicable, slug, told_by_a_customer, wording, wording_draft,
};
use crate::harness::TestContext;

both_databases![
    a_repeated_check_gets_the_same_answer_and_is_stored_once,
    a_repeated_check_is_answered_after_a_rewording_and_40_days,
    a_different_check_under_the_same_id_is_refused,
    check_ids_are_unique_only_within_a_business,
    a_batch_of_checks_is_stored_entirely_or_not_at_all,
    a_refused_check_stores_nothing,
    check_pages_continue_correctly_within_one_instant,
    the_second_of_two_checks_in_a_minute_is_kept_and_flagged,
    a_check_keeps_the_wording_version_it_was_judged_by,
    a_check_can_only_be_sent_by_its_author,
    a_wrong_phone_clock_still_gives_the_age_of_a_check,
    a_check_is_accepted_if_the_clock_was_fixed_before_sending,
    the_last_check_reflects_corrections_and_ignores_misses,
];

async fn a_repeated_check_gets_the_same_answer_and_is_stored_once(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    for finding in [kept(), broken(), not_applicable()] {
        let check = fixture.check(ctx, finding);
        let first = ctx.store.log_check(&fixture.staff, check.clone()).await.unwrap();
        assert!(!first.is_repeat);
        ctx.minutes(5);
        let before = ctx.direct_db.everything().await;
        let second = ctx.store.log_check(&fixture.staff, check).await.unwrap();
        assert_eq!(second, store::Logged { is_repeat: true, ..first });
        assert_eq!(ctx.direct_db.everything().await, before);
    }
    assert_eq!((ctx.direct_db.count("checks").await, ctx.direct_db.count("breaks").await), (3, 1));
}

async fn a_repeated_check_is_answered_after_a_rewording_and_40_days(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let at = ctx.store.now().to_rfc3339();
    let check = CheckDraft { at, ..fixture.check(ctx, broken()) };
    let first = ctx.store.log_check(&fixture.staff, check.clone()).await.unwrap();
    let mut draft = wording_draft();
    draft.criteria.truncate(1);
    ctx.store.reword(&fixture.owner, fixture.guarantee, &draft.parse().unwrap()).await.unwrap().unwrap();
    ctx.clock.advance(TimeDelta::days(40));
    ctx.store.transition_guarantee(&fixture.owner, fixture.guarantee, Transition::Suspend).await.unwrap();
    let second = ctx.store.log_check(&fixture.staff, check).await.unwrap();
    assert_eq!(second, store::Logged { is_repeat: true, ..first });
}

async fn a_different_check_under_the_same_id_is_refused(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let check = fixture.check(ctx, kept());
    ctx.store.log_check(&fixture.staff, check.clone()).await.unwrap();
    let before = ctx.direct_db.everything().await;
    for other in [
        CheckDraft { finding: broken(), ..check.clone() },
        CheckDraft { at: ctx.store.now().to_rfc3339(), ..check.clone() },
        CheckDraft { place: fixture.other_place.to_string(), ..check.clone() },
        CheckDraft { guarantee: Uuid::nil().to_string(), ..check.clone() },
        CheckDraft { at: "yesterday".into(), ..check.clone() },
    ] {
        let refused = ctx.store.log_check(&fixture.staff, other.clone()).await.unwrap_err();
        assert!(matches!(refused, Error::Check(CheckError::IdReused)), "{other:?}: {refused:?}");
    }
    assert_eq!(ctx.direct_db.everything().await, before);
}

async fn check_ids_are_unique_only_within_a_business(ctx: &TestContext) {
    let (fixture, other) = (ctx.fixture().await, ctx.other_fixture().await);
    let told = FindingDraft { note: "Ours alone.".into(), obstacle: "tools".into(), ..broken() };
    let findings = [kept(), broken(), not_applicable(), told_by_a_customer(), told];
    for ours in &findings {
        for theirs in &findings {
            let sent = fixture.check(ctx, ours.clone());
            let logged = ctx.store.log_check(&fixture.staff, sent.clone()).await.unwrap();
            let mine = ctx.store.check(&fixture.staff, logged.check).await.unwrap();
            let same_id = CheckDraft { id: sent.id.clone(), ..other.check(ctx, theirs.clone()) };
            for again in [false, true] {
                let answer = ctx.store.log_check(&other.staff, same_id.clone()).await.unwrap();
                assert_eq!((answer.check, answer.is_repeat), (logged.check, again), "{ours:?} {theirs:?}");
                let answer = ctx.store.log_checks(&fixture.staff, std::slice::from_ref(&sent)).await.unwrap();
                assert_eq!(answer, [Logged { is_repeat: true, ..logged }]);
            }
            let turned = if theirs.verdict == "broken" { kept() } else { broken() };
            let corrected = ctx.store.correct_check(&other.owner, logged.check, &correction(&turned, "Wet.")).await;
            assert!(corrected.unwrap().is_some());
            assert_eq!(ctx.store.check(&fixture.staff, logged.check).await.unwrap(), mine, "{ours:?} {theirs:?}");
        }
    }
    let id = fixture.check(ctx, kept()).id;
    let ours = CheckDraft { id: id.clone(), ..fixture.check(ctx, kept()) };
    ctx.store.log_check(&fixture.staff, ours.clone()).await.unwrap();
    for id in [id, Uuid::nil().to_string()] {
        let refused = ctx.store.log_check(&other.staff, CheckDraft { id, ..ours.clone() }).await.unwrap_err();
        let unknown =
            matches!(&refused, Error::Invalid(faults) if faults.of_field("guarantee") == Some(Fault::NotFound));
        assert!(unknown, "the answer is the same whether the id was used or not: {refused:?}");
    }
    for business in [fixture.business(), other.business()] {
        assert!(ctx.store.verify(business).await.unwrap().is_ok());
    }
    let before = ctx.store.checks(&fixture.owner, None, 100).await.unwrap();
    ctx.store.delete_business(&other.owner, "Other Stop").await.unwrap();
    assert_eq!(ctx.store.checks(&fixture.owner, None, 100).await.unwrap(), before);
    assert!(ctx.store.verify(fixture.business()).await.unwrap().is_ok());
}

async fn a_batch_of_checks_is_stored_entirely_or_not_at_all(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let new = |finding| fixture.check(ctx, finding);
    let good = [new(kept()), new(broken())];
    let before = ctx.direct_db.everything().await;
    let one_bad = [good[0].clone(), good[1].clone(), new(domain::finding::FindingDraft::default())];
    assert!(matches!(ctx.store.log_checks(&fixture.staff, &one_bad).await, Err(Error::Invalid(_))));
    assert_eq!(ctx.direct_db.everything().await, before);

    let twice = [good[0].clone(), good[1].clone(), good[0].clone()];
    let logged = ctx.store.log_checks(&fixture.staff, &twice).await.unwrap();
    assert_eq!(logged.iter().map(|logged| logged.is_repeat).collect::<Vec<_>>(), [false, false, true]);
    assert_eq!(ctx.direct_db.count("checks").await, 2);
}

async fn a_refused_check_stores_nothing(ctx: &TestContext) {
    let (fixture, other) = (ctx.fixture().await, ctx.other_fixture().await);
    let (slug, wording, places) = (slug("draft"), wording(), [fixture.place]);
    let draft = ctx.store.add_guarantee(&fixture.owner, fixture.problem, Some(slug), &wording, &places).await.unwrap();
    let check = || fixture.check(ctx, broken());
    let now = ctx.store.now();
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
    let before = ctx.direct_db.everything().await;
    for (check, field, fault) in invalid {
        let refused = ctx.store.log_check(&fixture.staff, check.clone()).await.unwrap_err();
        assert!(
            matches!(&refused, Error::Invalid(faults) if faults.of_field(field) == Some(fault)),
            "{check:?}: {refused:?}"
        );
    }
    let elsewhere = CheckDraft { place: fixture.other_place.to_string(), ..check() };
    let refused = ctx.store.log_check(&fixture.staff, elsewhere).await.unwrap_err();
    assert!(matches!(refused, Error::Check(CheckError::NotPromisedHere)), "{refused:?}");
    assert_eq!(ctx.direct_db.everything().await, before);

    assert_check_refused_at_stage(ctx, &fixture, draft, Stage::Draft).await;
    ctx.store.transition_guarantee(&fixture.owner, fixture.guarantee, Transition::Suspend).await.unwrap();
    assert_check_refused_at_stage(ctx, &fixture, fixture.guarantee, Stage::Suspended).await;
    ctx.store.transition_guarantee(&fixture.owner, fixture.guarantee, Transition::Retire).await.unwrap();
    assert_check_refused_at_stage(ctx, &fixture, fixture.guarantee, Stage::Retired).await;
}

async fn assert_check_refused_at_stage(ctx: &TestContext, fixture: &Fixture, guarantee: GuaranteeId, expected: Stage) {
    let before = ctx.direct_db.everything().await;
    let check = CheckDraft { guarantee: guarantee.to_string(), ..fixture.check(ctx, broken()) };
    let refused = ctx.store.log_check(&fixture.staff, check).await.unwrap_err();
    assert!(matches!(refused, Error::Check(CheckError::NotChecked { stage }) if stage == expected), "{refused:?}");
    assert_eq!(ctx.direct_db.everything().await, before);
}

async fn check_pages_continue_correctly_within_one_instant(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let mut sent = BTreeSet::new();
    for number in 0..23 {
        if number % 7 == 0 {
            ctx.minutes(1);
        }
        sent.insert(fixture.log(ctx, kept()).await.check);
    }
    let (mut seen, mut before): (Vec<(DateTime<Utc>, CheckId)>, _) = (Vec::new(), None);
    loop {
        let page = ctx.store.checks(&fixture.auditor, before, 5).await.unwrap();
        assert!(page.rows.len() <= 5);
        seen.extend(page.rows.iter().map(|row| (row.at, row.id)));
        before = page.before;
        if before.is_none() {
            break;
        }
    }
    assert!(seen.is_sorted_by(|later, earlier| later > earlier));
    for (at, id) in &seen {
        let one = ctx.store.check(&fixture.auditor, *id).await.unwrap().unwrap();
        assert_eq!((one.id, one.at, one.verdict), (*id, *at, Verdict::Kept));
    }
    assert_eq!(seen.into_iter().map(|(_, id)| id).collect::<BTreeSet<_>>(), sent);
    assert_eq!(ctx.store.check(&fixture.auditor, CheckId(Uuid::nil())).await.unwrap(), None);
    let nowhere = ctx.store.checks(&fixture.auditor, Some(CheckId(Uuid::nil())), 5).await.unwrap();
    assert!(nowhere.rows.is_empty() && nowhere.before.is_none());
    assert_eq!(ctx.store.checks(&fixture.auditor, None, -1).await.unwrap().rows.len(), 1);
}

async fn the_last_check_reflects_corrections_and_ignores_misses(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let standing = async || {
        let standings = ctx.store.last_checks(&fixture.staff).await.unwrap();
        assert_eq!(standings.len(), 1);
        assert_eq!((standings[0].guarantee, standings[0].place), (fixture.guarantee, fixture.place));
        standings[0].last
    };
    let looked = async |place: PlaceId| ctx.store.place(&fixture.staff, place).await.unwrap().unwrap().last_check;
    assert_eq!((standing().await, looked(fixture.place).await), (None, None));
    let first = fixture.keep(ctx).await;
    let seen = ctx.store.now();
    assert_eq!((standing().await, looked(fixture.place).await), (Some((Verdict::Kept, seen)), Some(seen)));
    fixture.let_window_miss(ctx).await;
    assert_eq!(standing().await, Some((Verdict::Kept, seen)), "a miss is not a check");
    assert_eq!(looked(fixture.place).await, Some(seen));
    assert_eq!(looked(fixture.other_place).await, None);
    let last = fixture.keep(ctx).await;
    fixture.correct(ctx, last, &broken()).await.unwrap().unwrap();
    fixture.correct(ctx, first, &not_applicable()).await.unwrap().unwrap();
    assert_eq!(standing().await, Some((Verdict::Broken, ctx.store.now())));
}

async fn the_second_of_two_checks_in_a_minute_is_kept_and_flagged(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let draft = fixture.check(ctx, kept());
    let again = CheckDraft { id: ctx.store.source().id().to_string(), ..draft.clone() };
    let (one, other) =
        tokio::join!(ctx.store.log_check(&fixture.staff, draft), ctx.store.log_check(&fixture.manager, again));
    assert!(one.is_ok() && other.is_ok());
    ctx.minutes(2);
    fixture.log(ctx, kept()).await;
    let rows = ctx.store.checks(&fixture.auditor, None, 10).await.unwrap().rows;
    assert_eq!(rows.len(), 3);
    assert!(!rows[0].doubled, "two minutes later");
    assert_eq!(rows.iter().filter(|row| row.doubled).count(), 1);
    fixture.log(ctx, kept()).await;
    let again = ctx.store.checks(&fixture.auditor, None, 1).await.unwrap().rows.remove(0);
    assert!(!again.doubled, "one's own look again");
}

async fn a_check_keeps_the_wording_version_it_was_judged_by(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let judged = CheckDraft { version: "1".into(), ..fixture.check(ctx, broken()) };
    let fewer = wording_draft();
    let fewer = domain::guarantee::WordingDraft { criteria: vec!["All clean".into()], ..fewer }.parse().unwrap();
    ctx.store.reword(&fixture.owner, fixture.guarantee, &fewer).await.unwrap().unwrap();
    let refused = ctx.store.log_check(&fixture.staff, fixture.check(ctx, broken())).await.unwrap_err();
    assert!(matches!(&refused, Error::Invalid(faults) if faults.of_field("reason") == Some(Fault::UnknownChoice)));
    ctx.store.log_check(&fixture.staff, judged.clone()).await.unwrap();
    assert_eq!(ctx.store.checks(&fixture.auditor, None, 1).await.unwrap().rows[0].version, 1);
    for (version, fault) in [("3", Fault::NotFound), ("0", Fault::NotFound), ("one", Fault::NotANumber)] {
        let wrong = CheckDraft { version: version.into(), ..fixture.check(ctx, kept()) };
        let refused = ctx.store.log_check(&fixture.staff, wrong).await.unwrap_err();
        assert!(matches!(&refused, Error::Invalid(faults) if faults.of_field("version") == Some(fault)), "{refused:?}");
    }
}

async fn a_check_can_only_be_sent_by_its_author(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let domain::actor::Principal::Person(sam) = fixture.staff.principal else { unreachable!() };
    let draft = CheckDraft { by: format!("person:{sam}"), ..fixture.check(ctx, kept()) };
    let refused = ctx.store.log_check(&fixture.manager, draft.clone()).await.unwrap_err();
    assert!(matches!(refused, Error::Check(CheckError::OtherAuthor)), "{refused:?}");
    assert!(!ctx.store.log_check(&fixture.staff, draft).await.unwrap().is_repeat);
}

async fn a_wrong_phone_clock_still_gives_the_age_of_a_check(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let draft = CheckDraft {
        at: "2016-01-01T10:00:00Z".into(),
        sent: "2016-01-01T10:20:00Z".into(),
        ..fixture.check(ctx, kept())
    };
    ctx.store.log_check(&fixture.staff, draft.clone()).await.unwrap();
    let row = ctx.store.checks(&fixture.auditor, None, 1).await.unwrap().rows.remove(0);
    assert_eq!((row.at, row.skewed), (ctx.store.now() - TimeDelta::minutes(20), true));
    ctx.minutes(3);
    let later = CheckDraft { sent: "2016-01-01T10:23:00Z".into(), ..draft };
    assert!(ctx.store.log_check(&fixture.staff, later).await.unwrap().is_repeat, "the same check, sent again");
    assert_eq!(ctx.direct_db.texts("SELECT CAST(device_at AS TEXT) FROM checks").await.len(), 1);
}

async fn a_check_is_accepted_if_the_clock_was_fixed_before_sending(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    // By how many minutes the clock was wrong at the tap. It was right when the check was sent, an hour later.
    let off = [-60 * 24 * 40, -4_320, -1_440, -120, -61, -3, 3, 61, 120, 1_440, 4_320, 60 * 24 * 40];
    for off in off {
        let (now, off) = (ctx.store.now(), TimeDelta::minutes(off));
        let (heard, looked) = (now - TimeDelta::minutes(90), now - TimeDelta::minutes(60));
        let draft = CheckDraft {
            at: (looked + off).to_rfc3339(),
            sent: now.to_rfc3339(),
            heard: heard.to_rfc3339(),
            heard_at: (heard + off).to_rfc3339(),
            ..fixture.check(ctx, kept())
        };
        let logged = ctx.store.log_check(&fixture.staff, draft.clone()).await.unwrap();
        let row = ctx.store.check(&fixture.auditor, logged.check).await.unwrap().unwrap();
        assert_eq!((row.at, row.skewed), (looked, true), "{off}");
        // The phone has no time from the server. The check is stored all the same.
        let alone = CheckDraft { heard: String::new(), heard_at: String::new(), ..draft };
        let alone = CheckDraft { id: fixture.check(ctx, kept()).id, ..alone };
        let logged = ctx.store.log_check(&fixture.staff, alone).await.unwrap();
        let row = ctx.store.check(&fixture.auditor, logged.check).await.unwrap().unwrap();
        assert!(row.at <= now && row.at >= now - TimeDelta::days(30), "{off}");
        ctx.minutes(2);
    }
    for column in ["device_at", "device_sent_at"] {
        assert_eq!(
            ctx.direct_db.texts(&format!("SELECT CAST({column} AS TEXT) FROM checks")).await.len(),
            24,
            "{column}"
        );
    }
    for column in ["heard_at", "device_heard_at"] {
        let kept = format!("SELECT CAST({column} AS TEXT) FROM checks WHERE {column} IS NOT NULL");
        assert_eq!(ctx.direct_db.texts(&kept).await.len(), 12, "{column}");
    }
}
