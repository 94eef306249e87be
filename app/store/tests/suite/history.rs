//! A long random history of everything people do, and what must be true of every one.

use chrono::TimeDelta;
use domain::check::{CheckDraft, FindingDraft};
use domain::guarantee::{Move, WordingDraft};
use domain::ids::{CheckId, RecoveryId};
use domain::recovery::{Stage, StepDraft};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use store::Error;

use crate::shop::{
    Shop, acknowledge, answer, broken, kept, learn, not_applicable, remedy, reopen, told_by_a_customer, understand,
    update, wording_draft,
};
use crate::world::World;

facts![tallies_equal_a_recount, break_totals_equal_a_recount, the_level_never_rises_by_not_checking];

/// Something somebody does; the numbers choose among what there is.
#[derive(Clone, Debug)]
pub enum Deed {
    Check { finding: usize, elsewhere: bool, minutes_ago: i64 },
    Conclude,
    Correct { check: usize, finding: usize },
    Step { recovery: usize, step: usize },
    Answer { link: usize, fixed: usize, again: bool },
    NoteLateness,
    Move { verb: usize },
    Reword { number: u32 },
    Wait { minutes: i64 },
}

fn deed() -> impl Strategy<Value = Deed> {
    let minutes_ago = prop_oneof![Just(0), 0..60_i64, 0..40_000_i64];
    prop_oneof![
        8 => (0..4_usize, any::<bool>(), minutes_ago)
            .prop_map(|(finding, elsewhere, minutes_ago)| Deed::Check { finding, elsewhere, minutes_ago }),
        1 => Just(Deed::Conclude),
        6 => (any::<usize>(), 0..4_usize).prop_map(|(check, finding)| Deed::Correct { check, finding }),
        24 => (0..2_usize, 0..25_usize).prop_map(|(recovery, step)| Deed::Step { recovery, step }),
        3 => (0..2_usize, 0..3_usize, any::<bool>())
            .prop_map(|(link, fixed, again)| Deed::Answer { link, fixed, again }),
        1 => Just(Deed::NoteLateness),
        1 => (0..5_usize).prop_map(|verb| Deed::Move { verb }),
        1 => any::<u32>().prop_map(|number| Deed::Reword { number }),
        4 => prop_oneof![8 => 1..20_i64, 1 => 1..20_000_i64].prop_map(|minutes| Deed::Wait { minutes }),
    ]
}

/// Random values, the same every time.
pub fn some<S: Strategy>(count: usize, strategy: &S) -> Vec<S::Value> {
    let mut runner = TestRunner::deterministic();
    (0..count).map(|_| strategy.new_tree(&mut runner).unwrap().current()).collect()
}

/// What a history remembers of itself.
#[derive(Default)]
struct Known {
    checks: Vec<CheckId>,
    recoveries: Vec<RecoveryId>,
    links: Vec<String>,
}

/// Lives through so many deeds. Whatever is refused is refused by a rule.
pub async fn live(world: &World, shop: &Shop, deeds: usize) {
    let both = [shop.place, shop.other_place];
    world.store.promise_at(&shop.owner, shop.guarantee, &both).await.unwrap().unwrap();
    shop.every(world, 720).await;
    let mut known = Known::default();
    let mut done = 0;
    for deed in some(deeds, &deed()) {
        match act(world, shop, &mut known, &deed).await {
            Ok(()) => done += 1,
            Err(Error::Invalid(_) | Error::Guarantee(_) | Error::Check(_) | Error::Recovery(_)) => {}
            Err(error) => panic!("{deed:?}: {error:?}"),
        }
    }
    assert!(done * 2 > deeds, "{done} of {deeds} were possible");
    assert!(!known.links.is_empty() && !known.recoveries.is_empty());
}

async fn act(world: &World, shop: &Shop, known: &mut Known, deed: &Deed) -> Result<(), Error> {
    let findings = [kept(), broken(), told_by_a_customer(), not_applicable()];
    match deed {
        Deed::Check { finding, elsewhere, minutes_ago } => {
            let place = if *elsewhere { shop.other_place } else { shop.place };
            let at = (world.store.now() - TimeDelta::minutes(*minutes_ago)).to_rfc3339();
            let draft = shop.check(world, findings[*finding].clone());
            let draft = CheckDraft { place: place.to_string(), at, ..draft };
            for logged in world.store.log_checks(&shop.staff, &[draft]).await? {
                known.checks.push(logged.check);
                known.recoveries.extend(logged.recovery);
            }
        }
        Deed::Conclude => {
            world.store.conclude(&shop.staff).await?;
            let missed = world.store.checks(&shop.staff, None, 1).await?.rows;
            known.checks.extend(missed.iter().map(|row| row.id));
        }
        Deed::Correct { check, finding } => {
            let Some(check) = known.checks.get(check % known.checks.len().max(1)) else { return Ok(()) };
            let corrected = shop.correct(world, *check, &findings[*finding]).await?;
            known.recoveries.extend(corrected.and_then(|logged| logged.recovery));
        }
        Deed::Step { recovery, step } => {
            let Some(id) = known.recoveries.iter().rev().nth(*recovery) else { return Ok(()) };
            let fitting =
                || async { fitting(world.store.recovery(&shop.staff, *id).await.unwrap().unwrap().row.stage) };
            let step = if let Some(step) = steps().get(*step) { step.clone() } else { fitting().await };
            known.links.extend(world.store.take_step(&shop.staff, *id, &step).await?.unwrap());
        }
        Deed::Answer { link, fixed, again } => {
            let Some(link) = known.links.iter().rev().nth(*link) else { return Ok(()) };
            let answer = answer(["yes", "partly", "no"][*fixed], if *again { "yes" } else { "no" });
            world.store.answer(link, &answer).await?.unwrap();
        }
        Deed::NoteLateness => drop(world.store.note_lateness(&shop.owner).await?),
        Deed::Move { verb } => {
            let verb = if *verb == 0 { Move::Suspend } else { Move::Resume };
            world.store.move_guarantee(&shop.owner, shop.guarantee, verb).await?;
        }
        Deed::Reword { number } => {
            let draft = WordingDraft { promise: format!("A clean restroom, {number} times."), ..wording_draft() };
            world.store.reword(&shop.owner, shop.guarantee, &draft.parse()?).await?;
        }
        Deed::Wait { minutes } => world.minutes(*minutes),
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

/// The step that leads on from a stage.
fn fitting(stage: Stage) -> StepDraft {
    match stage {
        Stage::Opened => acknowledge(),
        Stage::Acknowledged => understand(),
        Stage::Understood => remedy(),
        Stage::Remedied => StepDraft::FollowUp,
        Stage::FollowingUp => learn(),
        Stage::Closed(_) => reopen(),
    }
}

/// What each check says after its corrections.
const EFFECTIVE: &str = "SELECT c.*, COALESCE((SELECT k.verdict FROM corrections k WHERE k.check_id = c.id \
    ORDER BY k.number DESC LIMIT 1), c.verdict) AS stands FROM checks c";

async fn tallies_equal_a_recount(world: &World) {
    let shop = world.shop().await;
    live(world, &shop, 400).await;
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
    let counted = world.raw.texts(counted).await;
    assert_eq!(counted, world.raw.texts(&recount).await);
    assert!(counted.len() > 15, "{} days", counted.len());
    assert!(world.raw.count("corrections").await > 20);
}

async fn break_totals_equal_a_recount(world: &World) {
    let shop = world.shop().await;
    live(world, &shop, 400).await;
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
        expected.push(world.raw.number(&sql).await.unsigned_abs());
    }
    let detail = world.store.detail(&shop.home(&world.store).await, shop.guarantee).await.unwrap();
    let totals = detail.totals;
    let counted = [
        totals.all,
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

async fn the_level_never_rises_by_not_checking(world: &World) {
    let shop = world.shop().await;
    live(world, &shop, 150).await;
    let _ = world.store.move_guarantee(&shop.owner, shop.guarantee, Move::Resume).await;
    let level = async || {
        let charter = world.store.charter(shop.home(&world.store).await, None).await.unwrap();
        let level = charter.guarantees[0].tally(30).level().unwrap();
        f64::from(u32::try_from(level.share.part()).unwrap()) / f64::from(u32::try_from(level.share.whole()).unwrap())
    };
    for finding in [FindingDraft::default(), kept()] {
        if finding.verdict == "kept" {
            shop.log(world, finding).await;
        }
        let mut before = level().await;
        let (store, owner, id) = (&world.store, &shop.owner, shop.guarantee);
        for deed in 0..6 {
            match deed {
                0 | 3 => {
                    world.hours(25);
                    let _ = store.conclude(&shop.staff).await.unwrap();
                }
                1 => drop(store.promise_at(owner, id, &[shop.other_place]).await.unwrap()),
                2 => drop(store.move_guarantee(owner, id, Move::Suspend).await.unwrap()),
                4 => drop(store.move_guarantee(owner, id, Move::Resume).await.unwrap()),
                _ => drop(store.promise_at(owner, id, &[shop.place]).await.unwrap()),
            }
            let after = level().await;
            assert!(after <= before, "deed {deed}: {before} to {after}");
            before = after;
        }
    }
}
