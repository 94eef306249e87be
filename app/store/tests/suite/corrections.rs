//! Corrections are added, and nothing is changed.

use domain::check::CheckError;
use domain::finding::FindingDraft;
use domain::guarantee::Transition;
use domain::verdict::Verdict;
use store::Error;

use crate::fixture::{broken, correction, kept, not_applicable, told_by_a_customer};
use crate::harness::TestContext;

both_databases![
    corrections_of_a_break_apply_by_order_and_not_by_time,
    a_correction_leaves_the_original_rows_unchanged,
    a_correction_that_changes_nothing_is_refused,
    the_last_correction_counts_even_within_one_instant,
    a_correction_to_broken_opens_a_recovery_with_its_own_note,
    a_corrected_break_stays_listed_as_corrected,
    a_repeated_correction_gets_the_same_answer,
    a_missed_check_cannot_be_corrected,
    a_correction_counts_on_the_original_day_of_its_check,
];

async fn a_correction_leaves_the_original_rows_unchanged(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let logged = fixture.log(ctx, broken()).await;
    let tables = ["checks", "breaks", "recoveries"];
    let mut before = Vec::new();
    for table in tables {
        before.push(ctx.direct_db.rows(table).await);
    }
    let entries = ctx.direct_db.rows("record").await;
    ctx.minutes(1);
    fixture.correct(ctx, logged.check, &kept()).await.unwrap().unwrap();
    for (table, before) in tables.iter().zip(before) {
        assert_eq!(ctx.direct_db.rows(table).await, before);
    }
    assert!(entries.iter().all(|entry| !entry.is_empty()));
    let after = ctx.direct_db.rows("record").await;
    assert!(entries.iter().all(|entry| after.contains(entry)) && after.len() == entries.len() + 1);
    let row = ctx.store.checks(&fixture.auditor, None, 10).await.unwrap().rows.remove(0);
    assert_eq!((row.verdict, row.corrected), (Verdict::Broken, Some(Verdict::Kept)));
    let line = ctx.store.record_after(fixture.business(), 0).await.unwrap().pop().unwrap();
    assert_eq!((line.entry.kind.as_str(), line.texts[0].text.as_str()), ("correction", "I tapped the wrong one."));
    assert_eq!((&line.entry.body["was"], &line.entry.body["verdict"]), (&"broken".into(), &"kept".into()));
}

async fn a_correction_that_changes_nothing_is_refused(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let logged = fixture.log(ctx, kept()).await;
    let before = ctx.direct_db.everything().await;
    let refused = fixture.correct(ctx, logged.check, &kept()).await.unwrap_err();
    assert!(matches!(refused, Error::Check(CheckError::Unchanged)));
    let refused =
        fixture.correct(ctx, logged.check, &domain::finding::FindingDraft { reason: "7".into(), ..broken() }).await;
    assert!(matches!(refused, Err(Error::Invalid(_))));
    assert_eq!(ctx.direct_db.everything().await, before);
}

async fn the_last_correction_counts_even_within_one_instant(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let logged = fixture.log(ctx, kept()).await;
    for _ in 0..4 {
        for finding in [broken(), not_applicable(), kept()] {
            let corrected = fixture.correct(ctx, logged.check, &finding).await.unwrap().unwrap();
            let row = ctx.store.checks(&fixture.auditor, None, 10).await.unwrap().rows.remove(0);
            assert_eq!((row.verdict, row.corrected), (Verdict::Kept, Some(corrected.verdict)));
        }
    }
    assert_eq!((ctx.direct_db.count("corrections").await, ctx.direct_db.count("breaks").await), (12, 4));
    let home = fixture.home(&ctx.store).await;
    assert_eq!(ctx.store.detail(&home, fixture.guarantee).await.unwrap().corrections, 12);
}

async fn a_correction_to_broken_opens_a_recovery_with_its_own_note(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let check = fixture.keep(ctx).await;
    let finding = domain::finding::FindingDraft { note: "The soap was empty.".into(), ..told_by_a_customer() };
    ctx.store.transition_guarantee(&fixture.owner, fixture.guarantee, Transition::Suspend).await.unwrap();
    let corrected = fixture.correct(ctx, check, &finding).await.unwrap().unwrap();
    let page = ctx.store.recovery(&fixture.staff, corrected.recovery.unwrap()).await.unwrap().unwrap();
    assert_eq!((page.check, page.note.as_deref()), (check, Some("The soap was empty.")));
    assert_eq!(page.row.criterion.as_deref(), Some("Soap and towels"));
}

async fn a_corrected_break_stays_listed_as_corrected(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let logged = fixture.log(ctx, broken()).await;
    let home = fixture.home(&ctx.store).await;
    let corrected = async || {
        let public = ctx.store.detail(&home, fixture.guarantee).await.unwrap().breaks;
        let public: Vec<_> = public.iter().map(|line| line.corrected).collect();
        let inside = ctx.store.breaks(&fixture.auditor, None, 10).await.unwrap().rows;
        assert_eq!(inside.iter().map(|row| row.corrected).collect::<Vec<_>>(), public);
        public
    };
    assert_eq!(corrected().await, [false]);
    ctx.minutes(1);
    fixture.correct(ctx, logged.check, &kept()).await.unwrap();
    assert_eq!(corrected().await, [true]);
    ctx.minutes(1);
    fixture.correct(ctx, logged.check, &broken()).await.unwrap();
    assert_eq!(corrected().await, [false, true]);
}

async fn a_repeated_correction_gets_the_same_answer(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let check = fixture.log(ctx, kept()).await.check;
    let first = fixture.correct(ctx, check, &broken()).await.unwrap().unwrap();
    let before = ctx.direct_db.everything().await;
    let again = fixture.correct(ctx, check, &broken()).await.unwrap().unwrap();
    assert_eq!((again.verdict, again.recovery, again.is_repeat), (first.verdict, first.recovery, true));
    assert!(first.recovery.is_some() && !first.is_repeat);
    assert_eq!(ctx.direct_db.everything().await, before, "nothing was stored again");
    for (by, why) in [(&fixture.staff, "Another reason."), (&fixture.manager, "I tapped the wrong one.")] {
        let refused = ctx.store.correct_check(by, check, &correction(&broken(), why)).await.unwrap_err();
        assert!(matches!(refused, Error::Check(CheckError::Unchanged)), "{refused:?}");
    }
}

async fn a_missed_check_cannot_be_corrected(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    fixture.let_window_miss(ctx).await;
    let missed = ctx.store.checks(&fixture.owner, None, 10).await.unwrap().rows[0].id;
    for finding in [kept(), not_applicable(), broken()] {
        let correction = correction(&finding, "It was clean.");
        let refused = ctx.store.correct_check(&fixture.owner, missed, &correction).await.unwrap_err();
        assert!(matches!(refused, Error::Check(CheckError::Missed)), "{refused:?}");
    }
    let choices = ctx.store.check_to_correct(&fixture.owner, missed).await.unwrap().unwrap().choices();
    assert!(choices.is_empty());
}

async fn a_correction_counts_on_the_original_day_of_its_check(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    ctx.clock.set(crate::harness::at("2026-11-03T04:30:00Z"));
    let logged = fixture.log(ctx, broken()).await;
    let mut business = crate::fixture::business();
    business.zone = crate::fixture::line("Asia/Tokyo");
    ctx.store.update_business(&fixture.owner, &business).await.unwrap();
    ctx.store.correct_check(&fixture.staff, logged.check, &correction(&kept(), "It was the next room.")).await.unwrap();
    let counted = ctx.direct_db.texts("SELECT CAST(day AS TEXT) || ' ' || kept || ' ' || broken FROM tallies").await;
    assert_eq!(counted, ["2026-11-02 1 0"]);
}

async fn corrections_of_a_break_apply_by_order_and_not_by_time(ctx: &TestContext) {
    let (fixture, store) = (ctx.fixture().await, &ctx.store);
    let home = store.business(&fixture.owner).await.unwrap();
    let finding = FindingDraft { obstacle: "tools".into(), ..broken() };
    let check = fixture.log(ctx, finding.clone()).await.check;
    let corrected = async || {
        let listed = store.breaks(&fixture.staff, None, 10).await.unwrap().rows.into_iter().map(|row| row.corrected);
        let detail = store.detail(&home, fixture.guarantee).await.unwrap();
        let public: Vec<_> = detail.breaks.into_iter().map(|line| line.corrected).collect();
        assert_eq!(listed.collect::<Vec<_>>(), public);
        assert_eq!(store.verify(fixture.business()).await.unwrap().map(|_| ()), Ok(()));
        public.into_iter().filter(|corrected| *corrected).count()
    };
    assert_eq!(corrected().await, 0);
    ctx.minutes(-60);
    fixture.correct(ctx, check, &kept()).await.unwrap().unwrap();
    assert_eq!(corrected().await, 1, "by a clock that was put back");
    fixture.correct(ctx, check, &finding).await.unwrap().unwrap();
    assert_eq!(corrected().await, 1, "the second break stands");
    ctx.minutes(-60);
    fixture.correct(ctx, check, &kept()).await.unwrap().unwrap();
    assert_eq!(corrected().await, 2);
    ctx.minutes(-60);
    fixture.correct(ctx, check, &not_applicable()).await.unwrap().unwrap();
    assert_eq!(corrected().await, 2, "an obstacle left the board with the first correction after its break");
}
