//! The queue of open recoveries: its order, its pages and its counts follow from the recoveries, whatever happens to them.

use chrono::TimeDelta;
use domain::actor::{Actor, Principal};
use domain::hours::Hours;
use domain::ids::{GuaranteeId, RecoveryId};
use domain::recovery::StepDraft;
use store::{QueueCounts, QueuePosition, RecoveryFilter, RecoveryRow};

use crate::fixture::{Fixture, acknowledge, broken, business_draft, learn, told_by_a_customer, understand};
use crate::harness::TestContext;
use crate::random_history::run_history;

both_databases![
    counts_and_order_follow_from_the_recoveries,
    pages_have_each_recovery_once_while_others_close,
    the_late_are_listed_apart,
    changed_opening_hours_change_the_queue,
    our_turn_comes_when_the_link_ends_or_the_customer_is_erased,
    recoveries_of_an_older_program_are_queued,
    a_position_is_parsed_or_refused,
];

/// All pages of open recoveries, of so many rows.
async fn all_pages(ctx: &TestContext, actor: &Actor, filter: RecoveryFilter, limit: i64) -> Vec<RecoveryRow> {
    let (mut rows, mut from) = (Vec::new(), None);
    loop {
        let page = ctx.store.open_recoveries(actor, filter, from, limit).await.unwrap();
        assert!(page.rows.len() <= usize::try_from(limit).unwrap());
        rows.extend(page.rows);
        from = page.next;
        if from.is_none() {
            return rows;
        }
    }
}

/// The counts, from the rows themselves.
fn counted(ctx: &TestContext, rows: &[RecoveryRow]) -> QueueCounts {
    let count = |is: &dyn Fn(&RecoveryRow) -> bool| u64::try_from(rows.iter().filter(|row| is(row)).count()).unwrap();
    let now = ctx.store.now();
    QueueCounts {
        open: count(&|_| true),
        ours: count(&|row| row.turn.task().is_some()),
        overdue: count(&|row| row.next_deadline.is_some_and(|deadline| deadline.is_late(now))),
    }
}

async fn assert_consistent(ctx: &TestContext, fixture: &Fixture) -> QueueCounts {
    let rows = all_pages(ctx, &fixture.auditor, RecoveryFilter::All, 3).await;
    let due = |row: &RecoveryRow| {
        let due = row.next_deadline.and_then(|deadline| deadline.due);
        (due.is_none(), due, row.id)
    };
    assert!(rows.is_sorted_by_key(due), "the most urgent first");
    let counts = ctx.store.count_open_recoveries(&fixture.auditor).await.unwrap();
    assert_eq!(counts, counted(ctx, &rows));
    let open = ctx.direct_db.number("SELECT COUNT(*) FROM recoveries WHERE stage <> 'closed'").await;
    assert_eq!(i64::try_from(counts.open).unwrap(), open);
    assert!(ctx.store.verify(fixture.business()).await.unwrap().is_ok());
    counts
}

async fn counts_and_order_follow_from_the_recoveries(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    run_history(ctx, &fixture, 300).await;
    let before = assert_consistent(ctx, &fixture).await;
    assert!(before.open > 3, "{before:?}");
    let id = fixture.log_broken(ctx, told_by_a_customer()).await;
    fixture.follow_up(ctx, id).await.unwrap();
    let asked = assert_consistent(ctx, &fixture).await;
    // Nobody does anything, and still it becomes our turn, and deadlines pass.
    ctx.hours(24 * 7 - 1);
    let waiting = assert_consistent(ctx, &fixture).await;
    ctx.hours(1);
    let silent = assert_consistent(ctx, &fixture).await;
    assert_eq!((waiting.open, silent.open), (asked.open, asked.open));
    assert_eq!(silent.ours, waiting.ours + 1, "the customer's time to answer is over");
}

async fn pages_have_each_recovery_once_while_others_close(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let mut opened = Vec::new();
    for number in 0..9 {
        // Three by three within one instant.
        ctx.minutes(i64::from(number % 3 == 0));
        opened.push(fixture.log_broken(ctx, broken()).await);
    }
    let page = async |from| ctx.store.open_recoveries(&fixture.auditor, RecoveryFilter::All, from, 4).await.unwrap();
    let ids = |rows: &[RecoveryRow]| rows.iter().map(|row| row.id).collect::<Vec<_>>();
    let first = page(None).await;
    // The last row of the first page moves back, the one before it closes.
    let moved = first.rows[3].id;
    fixture.step(ctx, moved, acknowledge()).await;
    let closed = first.rows[2].id;
    fixture.follow_up(ctx, closed).await;
    for _ in 0..3 {
        fixture.keep(ctx).await;
    }
    fixture.step(ctx, closed, learn()).await;
    let second = page(first.next).await;
    let third = page(second.next).await;
    assert_eq!(ids(&first.rows), opened[..4]);
    assert_eq!(ids(&second.rows), opened[4..8]);
    assert_eq!(ids(&third.rows), [opened[8], moved], "it is seen again where it is now");
    assert_eq!(third.next, None);
}

async fn the_late_are_listed_apart(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let recorded = fixture.log_broken(ctx, told_by_a_customer()).await;
    ctx.minutes(31);
    ctx.store.record_missed_deadlines(&fixture.owner).await.unwrap();
    fixture.step(ctx, recorded, acknowledge()).await;
    let overdue = fixture.log_broken(ctx, broken()).await;
    ctx.minutes(31);
    let timely = fixture.log_broken(ctx, broken()).await;
    let late = async || -> Vec<RecoveryId> {
        all_pages(ctx, &fixture.auditor, RecoveryFilter::Late, 1).await.iter().map(|row| row.id).collect()
    };
    assert_eq!(late().await, [overdue, recorded]);
    assert_eq!(ctx.store.count_open_recoveries(&fixture.auditor).await.unwrap().overdue, 1);
    for id in [timely, overdue] {
        fixture.follow_up(ctx, id).await;
        for _ in 0..3 {
            fixture.keep(ctx).await;
        }
        ctx.store.record_missed_deadlines(&fixture.owner).await.unwrap();
        fixture.step(ctx, id, learn()).await;
    }
    assert_eq!(late().await, [recorded]);
    let closed = async |filter| ctx.store.closed_recoveries(&fixture.auditor, filter, None, 9).await.unwrap().rows;
    assert_eq!(closed(RecoveryFilter::All).await.len(), 2);
    let late_and_closed = closed(RecoveryFilter::Late).await;
    assert!(late_and_closed.iter().all(|row| row.late) && late_and_closed.len() < 2, "{late_and_closed:?}");
    assert!(ctx.store.verify(fixture.business()).await.unwrap().is_ok());
}

async fn changed_opening_hours_change_the_queue(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    fixture.log_broken(ctx, broken()).await;
    let second = fixture.log_broken(ctx, told_by_a_customer()).await;
    fixture.step(ctx, second, acknowledge()).await;
    let deadlines = async || {
        let rows = all_pages(ctx, &fixture.auditor, RecoveryFilter::All, 9).await;
        rows.iter().map(|row| row.next_deadline.and_then(|deadline| deadline.due)).collect::<Vec<_>>()
    };
    let before = deadlines().await;
    let closed_for_good = r#"{"week":[[],[],[],[],[],[],[]],"holidays":[]}"#;
    let business = business_draft().parse(serde_json::from_str::<Hours>(closed_for_good).unwrap()).unwrap();
    ctx.store.update_business(&fixture.owner, &business).await.unwrap();
    assert_ne!(deadlines().await, before);
    assert_consistent(ctx, &fixture).await;
    let business = business_draft().parse(Hours::always()).unwrap();
    ctx.store.update_business(&fixture.owner, &business).await.unwrap();
    assert_consistent(ctx, &fixture).await;
}

async fn our_turn_comes_when_the_link_ends_or_the_customer_is_erased(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let ours = async || assert_consistent(ctx, &fixture).await.ours;
    let answered = fixture.log_broken(ctx, told_by_a_customer()).await;
    fixture.follow_up(ctx, answered).await.unwrap();
    assert_eq!(ours().await, 0);
    ctx.store.renew_follow_up(&fixture.staff, answered).await.unwrap().unwrap();
    assert_eq!(ours().await, 0);
    let Principal::Person(person) = fixture.staff.principal else { unreachable!() };
    ctx.store.revoke_grants(&fixture.owner, person, None).await.unwrap().unwrap();
    assert_eq!(ours().await, 1, "the link has ended");
    ctx.store.renew_follow_up(&fixture.owner, answered).await.unwrap().unwrap();
    assert_eq!(ours().await, 0);
    ctx.store.erase_customer(&fixture.owner, answered).await.unwrap().unwrap();
    assert_eq!(ours().await, 1, "nobody can be asked any more");
    let asked = fixture.log_broken(ctx, told_by_a_customer()).await;
    for step in [acknowledge(), understand(), StepDraft::AskCustomer] {
        fixture.step(ctx, asked, step).await;
    }
    assert_consistent(ctx, &fixture).await;
}

async fn recoveries_of_an_older_program_are_queued(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    run_history(ctx, &fixture, 200).await;
    let before = ctx.direct_db.everything().await;
    ctx.direct_db
        .run("UPDATE recoveries SET due_at = NULL, our_turn_from = NULL, missed_from = NULL, late = FALSE, place_id = NULL")
        .await
        .unwrap();
    assert!(ctx.store.verify(fixture.business()).await.unwrap().is_err());
    ctx.store.migrate().await.unwrap();
    assert_eq!(ctx.direct_db.everything().await, before);
    assert_consistent(ctx, &fixture).await;
}

async fn a_position_is_parsed_or_refused(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    for _ in 0..2 {
        fixture.log_broken(ctx, broken()).await;
    }
    let page = ctx.store.open_recoveries(&fixture.auditor, RecoveryFilter::All, None, 1).await.unwrap();
    let position = page.next.unwrap();
    assert_eq!(position.to_string().parse(), Ok(position));
    let id = GuaranteeId(uuid::Uuid::max());
    let far = [i64::MIN, -1, 253_402_300_800_000, i64::MAX].map(|due| format!("{due}_{id}"));
    let wrong = ["", "_", "1", "1_", &format!("_{id}"), &format!("x_{id}"), &format!("1_{id}_"), "1_x"];
    for text in wrong.into_iter().chain(far.iter().map(String::as_str)) {
        assert!(text.parse::<QueuePosition>().is_err(), "{text}");
    }
    let end = format!("253402300799000_{id}").parse().unwrap();
    let after_all = ctx.store.open_recoveries(&fixture.auditor, RecoveryFilter::All, Some(end), 1).await.unwrap();
    assert!(after_all.rows.is_empty() && after_all.next.is_none());
    ctx.clock.advance(TimeDelta::days(1));
    assert_consistent(ctx, &fixture).await;
}
