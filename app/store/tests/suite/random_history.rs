//! Long random histories, and what must be true of all.

use chrono::TimeDelta;
use domain::check::CheckDraft;
use domain::finding::FindingDraft;
use domain::guarantee::{Transition, WordingDraft};
use domain::ids::{CheckId, RecoveryId};
use domain::recovery::{Stage, StepDraft};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use store::{Error, Store};

use crate::fixture::{
    Fixture, acknowledge, answer, broken, kept, learn, not_applicable, remedy, reopen, told_by_a_customer, understand,
    update, wording_draft,
};
use crate::harness::TestContext;

both_databases![
    tallies_equal_a_recount,
    break_totals_equal_a_recount,
    missed_checks_never_raise_the_level,
    a_cached_guarantee_shows_every_change,
];

/// An action. The numbers choose among what exists.
#[derive(Clone, Debug)]
pub enum Action {
    Check { finding: usize, elsewhere: bool, minutes_ago: i64 },
    RecordMissed,
    Correct { check: usize, finding: usize },
    Step { recovery: usize, step: usize },
    Answer { link: usize, fixed: usize, again: bool },
    RecordMissedDeadlines,
    Move { verb: usize },
    Reword { number: u32 },
    Wait { minutes: i64 },
}

fn action() -> impl Strategy<Value = Action> {
    let minutes_ago = prop_oneof![Just(0), 0..60_i64, 0..40_000_i64];
    prop_oneof![
        8 => (0..4_usize, any::<bool>(), minutes_ago)
            .prop_map(|(finding, elsewhere, minutes_ago)| Action::Check { finding, elsewhere, minutes_ago }),
        1 => Just(Action::RecordMissed),
        6 => (any::<usize>(), 0..4_usize).prop_map(|(check, finding)| Action::Correct { check, finding }),
        24 => (0..2_usize, 0..25_usize).prop_map(|(recovery, step)| Action::Step { recovery, step }),
        3 => (0..2_usize, 0..3_usize, any::<bool>())
            .prop_map(|(link, fixed, again)| Action::Answer { link, fixed, again }),
        1 => Just(Action::RecordMissedDeadlines),
        1 => (0..5_usize).prop_map(|verb| Action::Move { verb }),
        1 => any::<u32>().prop_map(|number| Action::Reword { number }),
        4 => prop_oneof![8 => 1..20_i64, 1 => 1..20_000_i64].prop_map(|minutes| Action::Wait { minutes }),
    ]
}

/// Random values, the same every time.
pub fn sample<S: Strategy>(count: usize, strategy: &S) -> Vec<S::Value> {
    let mut runner = TestRunner::deterministic();
    (0..count).map(|_| strategy.new_tree(&mut runner).unwrap().current()).collect()
}

/// The state of a history.
#[derive(Default)]
struct Known {
    checks: Vec<CheckId>,
    recoveries: Vec<RecoveryId>,
    links: Vec<String>,
}

/// Runs so many actions. An action may only fail by a rule.
pub async fn run_history(ctx: &TestContext, fixture: &Fixture, events: usize) {
    run_watched_history(ctx, fixture, events, async || {}).await;
}

/// The same, and does something after each action.
async fn run_watched_history(ctx: &TestContext, fixture: &Fixture, events: usize, after: impl AsyncFn()) {
    let both = [fixture.place, fixture.other_place];
    ctx.store.set_guarantee_places(&fixture.owner, fixture.guarantee, &both).await.unwrap().unwrap();
    fixture.schedule_every(ctx, 720).await;
    let mut known = Known::default();
    let mut done = 0;
    for event in sample(events, &action()) {
        match perform(ctx, fixture, &mut known, &event).await {
            Ok(()) => done += 1,
            Err(Error::Invalid(_) | Error::Guarantee(_) | Error::Check(_) | Error::Recovery(_)) => {}
            Err(error) => panic!("{event:?}: {error:?}"),
        }
        after().await;
    }
    assert!(done * 2 > events, "{done} of {events} were possible");
    assert!(!known.links.is_empty() && !known.recoveries.is_empty());
}

async fn perform(ctx: &TestContext, fixture: &Fixture, known: &mut Known, event: &Action) -> Result<(), Error> {
    let findings = [kept(), broken(), told_by_a_customer(), not_applicable()];
    match event {
        Action::Check { finding, elsewhere, minutes_ago } => {
            let place = if *elsewhere { fixture.other_place } else { fixture.place };
            let at = (ctx.store.now() - TimeDelta::minutes(*minutes_ago)).to_rfc3339();
            let draft = fixture.check(ctx, findings[*finding].clone());
            let draft = CheckDraft { place: place.to_string(), at, ..draft };
            for logged in ctx.store.log_checks(&fixture.staff, &[draft]).await? {
                known.checks.push(logged.check);
                known.recoveries.extend(logged.recovery);
            }
        }
        Action::RecordMissed => {
            ctx.store.record_missed(&fixture.staff).await?;
            let missed = ctx.store.checks(&fixture.staff, None, 1).await?.rows;
            known.checks.extend(missed.iter().map(|row| row.id));
        }
        Action::Correct { check, finding } => {
            let Some(check) = known.checks.get(check % known.checks.len().max(1)) else { return Ok(()) };
            let corrected = fixture.correct(ctx, *check, &findings[*finding]).await?;
            known.recoveries.extend(corrected.and_then(|logged| logged.recovery));
        }
        Action::Step { recovery, step } => {
            let Some(id) = known.recoveries.iter().rev().nth(*recovery) else { return Ok(()) };
            let next_step =
                || async { next_step(ctx.store.recovery(&fixture.staff, *id).await.unwrap().unwrap().row.stage) };
            let step = if let Some(step) = steps().get(*step) { step.clone() } else { next_step().await };
            known.links.extend(ctx.store.take_step(&fixture.staff, *id, &step).await?.unwrap().link());
        }
        Action::Answer { link, fixed, again } => {
            let Some(link) = known.links.iter().rev().nth(*link) else { return Ok(()) };
            let answer = answer(["yes", "partly", "no"][*fixed], if *again { "yes" } else { "no" });
            ctx.store.answer_follow_up(link, &answer).await?.unwrap();
        }
        Action::RecordMissedDeadlines => drop(ctx.store.record_missed_deadlines(&fixture.owner).await?),
        Action::Move { verb } => {
            let verb = if *verb == 0 { Transition::Suspend } else { Transition::Resume };
            ctx.store.transition_guarantee(&fixture.owner, fixture.guarantee, verb).await?;
        }
        Action::Reword { number } => {
            let draft = WordingDraft { promise: format!("A clean restroom, {number} times."), ..wording_draft() };
            ctx.store.reword(&fixture.owner, fixture.guarantee, &draft.parse()?).await?;
        }
        Action::Wait { minutes } => ctx.minutes(*minutes),
    }
    Ok(())
}

fn steps() -> [StepDraft; 10] {
    [
        acknowledge(),
        understand(),
        update(),
        StepDraft::AskCustomer,
        StepDraft::CustomerReplied,
        remedy(),
        StepDraft::FollowUp,
        learn(),
        StepDraft::NoAnswer,
        reopen(),
    ]
}

/// The next step from a stage.
fn next_step(stage: Stage) -> StepDraft {
    match stage {
        Stage::Opened => acknowledge(),
        Stage::Acknowledged => understand(),
        Stage::Understood => remedy(),
        Stage::Remedied => StepDraft::FollowUp,
        Stage::FollowingUp => learn(),
        Stage::Closed(_) => reopen(),
    }
}

/// The verdict of each check after its corrections.
const EFFECTIVE: &str = "SELECT c.*, COALESCE((SELECT k.verdict FROM corrections k WHERE k.check_id = c.id \
    ORDER BY k.number DESC LIMIT 1), c.verdict) AS stands FROM checks c";

async fn tallies_equal_a_recount(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    run_history(ctx, &fixture, 400).await;
    let sum = |what: &str| format!("SUM(CASE WHEN {what} THEN 1 ELSE 0 END)");
    let counts = [
        sum("stands = 'kept'"),
        sum("stands = 'broken'"),
        sum("stands = 'not_applicable'"),
        sum("stands = 'kept' AND in_window"),
        sum("stands = 'broken' AND in_window"),
        sum("stands = 'missed'"),
    ];
    let counts = counts.join(" || ' ' || ");
    let recount = format!(
        "SELECT CAST(day AS TEXT) || ' ' || {counts} FROM ({EFFECTIVE}) AS e \
         GROUP BY guarantee_id, public, day ORDER BY 1"
    );
    let counted = "SELECT CAST(day AS TEXT) || ' ' || kept || ' ' || broken || ' ' || not_applicable || ' ' || due_kept \
        || ' ' || due_broken || ' ' || missed FROM tallies ORDER BY 1";
    let counted = ctx.direct_db.texts(counted).await;
    assert_eq!(counted, ctx.direct_db.texts(&recount).await);
    assert!(counted.len() > 15, "{} days", counted.len());
    assert!(ctx.direct_db.count("corrections").await > 20);
}

async fn break_totals_equal_a_recount(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    run_history(ctx, &fixture, 400).await;
    let recovered = |what: &str| {
        format!("SELECT COUNT(*) FROM breaks b JOIN recoveries r ON r.id = b.recovery_id WHERE b.public AND {what}")
    };
    let outcome = |name: &str| recovered(&format!("r.outcome = '{name}'"));
    let late = recovered("EXISTS (SELECT 1 FROM recovery_steps s WHERE s.recovery_id = r.id AND s.step = 'late')");
    let recount = [
        recovered("TRUE"),
        recovered("b.found_by = 'staff'"),
        late,
        "SELECT COUNT(*) FROM corrections k JOIN checks c ON c.id = k.check_id WHERE c.public".to_owned(),
        outcome("restored"),
        outcome("restored_by_record"),
        outcome("partly"),
        outcome("not_restored"),
        outcome("no_answer"),
    ];
    let mut expected = Vec::new();
    for sql in recount {
        expected.push(ctx.direct_db.number(&sql).await.unsigned_abs());
    }
    let detail = ctx.store.detail(&fixture.home(&ctx.store).await, fixture.guarantee).await.unwrap();
    let totals = detail.totals;
    let counted = [
        totals.breaks,
        totals.found_by_staff,
        totals.late,
        detail.corrections.unsigned_abs(),
        totals.restored,
        totals.restored_by_record,
        totals.partly,
        totals.not_restored,
        totals.no_answer,
    ];
    assert_eq!(counted.to_vec(), expected);
    assert!(totals.closed() > 0 && totals.late > 0, "{totals:?}");
}

async fn missed_checks_never_raise_the_level(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    run_history(ctx, &fixture, 150).await;
    let _ = ctx.store.transition_guarantee(&fixture.owner, fixture.guarantee, Transition::Resume).await;
    let level = async || {
        let charter = ctx.store.charter(fixture.home(&ctx.store).await, None).await.unwrap();
        let level = charter.guarantees[0].tally(30).level().unwrap();
        f64::from(u32::try_from(level.share.part()).unwrap()) / f64::from(u32::try_from(level.share.whole()).unwrap())
    };
    for finding in [FindingDraft::default(), kept()] {
        if finding.verdict == "kept" {
            fixture.log(ctx, finding).await;
        }
        let mut before = level().await;
        let (store, owner, id) = (&ctx.store, &fixture.owner, fixture.guarantee);
        for event in 0..6 {
            match event {
                0 | 3 => {
                    ctx.hours(25);
                    let _ = store.record_missed(&fixture.staff).await.unwrap();
                }
                1 => drop(store.set_guarantee_places(owner, id, &[fixture.other_place]).await.unwrap()),
                2 => drop(store.transition_guarantee(owner, id, Transition::Suspend).await.unwrap()),
                4 => drop(store.transition_guarantee(owner, id, Transition::Resume).await.unwrap()),
                _ => drop(store.set_guarantee_places(owner, id, &[fixture.place]).await.unwrap()),
            }
            let after = level().await;
            assert!(after <= before, "deed {event}: {before} to {after}");
            before = after;
        }
    }
}

async fn a_cached_guarantee_shows_every_change(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let charter =
        async |store: &Store| format!("{:?}", store.charter(fixture.home(store).await, None).await.unwrap().guarantees);
    run_watched_history(ctx, &fixture, 120, async || {
        assert_eq!(
            charter(&ctx.store).await,
            charter(&ctx.another().await).await,
            "as a program shows it that has cached nothing"
        );
    })
    .await;
}
