//! What stands in the way is put up, answered by those who can change it, and taken down with the check.

use domain::actor::{Actor, Reach};
use domain::check::FindingDraft;
use domain::deed::Deed;
use domain::ids::BreakId;
use domain::obstacle::{Answer, AnswerDraft, Decision, Obstacle, Refused};
use store::{AuditFilter, Error, ObstacleRow};
use uuid::Uuid;

use crate::raw::Raw;
use crate::shop::{Shop, broken, kept, line};
use crate::world::World;

facts![
    what_stood_in_the_way_stands_on_the_board_and_says_nothing_of_who_logged_it,
    what_waits_comes_first_and_what_was_answered_last_after_it,
    answers_are_added_and_the_newest_stands,
    a_corrected_check_leaves_the_board_and_takes_no_answer,
    a_correction_to_broken_puts_up_what_it_says_stood_in_the_way,
    the_pages_of_the_board_hold_everything_once,
    owners_and_managers_answer_within_their_reach_and_everyone_inside_reads,
    an_answer_is_a_deed,
    what_was_logged_before_there_was_a_board_stands_on_it,
];

pub fn hindered(obstacle: &str) -> FindingDraft {
    FindingDraft { obstacle: obstacle.into(), note: "Sam was alone at the grill.".into(), ..broken() }
}

pub fn answer(decision: &str, words: &str) -> Answer {
    AnswerDraft { decision: decision.into(), words: words.into() }.parse().unwrap()
}

async fn board(world: &World, actor: &Actor) -> Vec<ObstacleRow> {
    world.store.obstacles(actor, None, 100).await.unwrap().rows
}

async fn ids(world: &World, actor: &Actor) -> Vec<BreakId> {
    board(world, actor).await.iter().map(|row| row.id).collect()
}

/// Puts something up, a minute after the last thing that happened.
async fn put_up(world: &World, shop: &Shop, obstacle: &str) -> BreakId {
    shop.breaks(world, hindered(obstacle)).await;
    board(world, &shop.owner).await.remove(0).id
}

async fn what_stood_in_the_way_stands_on_the_board_and_says_nothing_of_who_logged_it(world: &World) {
    let shop = world.shop().await;
    shop.log(world, broken()).await;
    shop.log(world, kept()).await;
    assert!(board(world, &shop.staff).await.is_empty(), "nothing stood in the way");
    let logged = shop.log(world, hindered("staffing")).await;
    let rows = board(world, &shop.staff).await;
    assert_eq!(rows.len(), 1);
    let row = &rows[0];
    assert_eq!((row.obstacle, row.guarantee, row.place), (Obstacle::Staffing, shop.guarantee, shop.place));
    assert_eq!((row.known_at, row.left, row.answers.len()), (world.store.now(), false, 0));
    let domain::actor::Who::Person(sam) = shop.staff.who else { unreachable!() };
    let shown = format!("{rows:?}");
    for hidden in [sam.to_string(), logged.check.to_string(), "Sam".to_owned()] {
        assert!(!shown.contains(&hidden), "{shown}");
    }
}

async fn what_waits_comes_first_and_what_was_answered_last_after_it(world: &World) {
    let (shop, store) = (world.shop().await, &world.store);
    let mut all = Vec::new();
    for obstacle in ["tools", "policy", "supplier", "training"] {
        all.push(put_up(world, &shop, obstacle).await);
    }
    assert_eq!(store.obstacles_waiting(&shop.auditor).await.unwrap(), 4);
    for id in [all[3], all[0]] {
        world.minutes(1);
        store.answer_obstacle(&shop.owner, id, &answer("planned", "Soon.")).await.unwrap().unwrap();
    }
    assert_eq!(ids(world, &shop.auditor).await, [all[2], all[1], all[0], all[3]]);
    assert_eq!(store.obstacles_waiting(&shop.auditor).await.unwrap(), 2);
}

async fn answers_are_added_and_the_newest_stands(world: &World) {
    let (shop, store) = (world.shop().await, &world.store);
    let id = put_up(world, &shop, "tools").await;
    for (decision, words) in [("not_now", "No money this month."), ("planned", "In March."), ("done", "It is here.")] {
        store.answer_obstacle(&shop.manager, id, &answer(decision, words)).await.unwrap().unwrap();
    }
    let row = store.obstacle(&shop.staff, id).await.unwrap().unwrap();
    let decisions: Vec<_> = row.answers.iter().map(|given| given.answer.decision).collect();
    assert_eq!(decisions, [Decision::Done, Decision::Planned, Decision::NotNow]);
    assert_eq!(row.answers[0].answer.words.as_str(), "It is here.");
    assert_eq!(board(world, &shop.staff).await, [row]);
}

async fn a_corrected_check_leaves_the_board_and_takes_no_answer(world: &World) {
    let (shop, store) = (world.shop().await, &world.store);
    let logged = shop.log(world, hindered("tools")).await;
    let id = board(world, &shop.owner).await[0].id;
    shop.correct(world, logged.check, &kept()).await.unwrap().unwrap();
    assert!(board(world, &shop.owner).await.is_empty());
    assert_eq!(store.obstacles_waiting(&shop.owner).await.unwrap(), 0);
    assert!(store.obstacle(&shop.owner, id).await.unwrap().unwrap().left, "whoever has it open is told");
    let before = world.raw.everything().await;
    let refused = store.answer_obstacle(&shop.owner, id, &answer("done", "Bought.")).await;
    assert!(matches!(refused, Err(Error::Obstacle(Refused::Left))), "{refused:?}");
    assert_eq!(world.raw.everything().await, before);
}

async fn a_correction_to_broken_puts_up_what_it_says_stood_in_the_way(world: &World) {
    let shop = world.shop().await;
    let check = shop.keep(world).await;
    shop.correct(world, check, &hindered("supplier")).await.unwrap().unwrap();
    assert_eq!(board(world, &shop.staff).await[0].obstacle, Obstacle::Supplier);
    shop.correct(world, check, &kept()).await.unwrap().unwrap();
    shop.correct(world, check, &hindered("tools")).await.unwrap().unwrap();
    let rows = board(world, &shop.staff).await;
    assert_eq!(rows.iter().map(|row| row.obstacle).collect::<Vec<_>>(), [Obstacle::Tools], "as it stands now");
}

async fn the_pages_of_the_board_hold_everything_once(world: &World) {
    let (shop, store) = (world.shop().await, &world.store);
    for number in 0..11 {
        shop.log(world, hindered("tools")).await;
        world.minutes(number % 2);
    }
    let whole = ids(world, &shop.owner).await;
    for id in &whole[6..] {
        store.answer_obstacle(&shop.owner, *id, &answer("planned", "Soon.")).await.unwrap().unwrap();
    }
    let whole = ids(world, &shop.owner).await;
    assert_eq!(whole.len(), 11);
    for most in [1, 3, 5, 6, 11] {
        let (mut seen, mut before) = (Vec::new(), None);
        loop {
            let page = store.obstacles(&shop.auditor, before, most).await.unwrap();
            assert!(page.rows.len() <= usize::try_from(most).unwrap());
            seen.extend(page.rows.iter().map(|row| row.id));
            before = page.before;
            if before.is_none() {
                break;
            }
        }
        assert_eq!(seen, whole, "by {most}");
    }
    let nowhere = store.obstacles(&shop.owner, Some(BreakId(Uuid::nil())), 5).await.unwrap();
    assert!(nowhere.rows.is_empty() && nowhere.before.is_none());
}

async fn owners_and_managers_answer_within_their_reach_and_everyone_inside_reads(world: &World) {
    let (shop, store) = (world.shop().await, &world.store);
    let id = put_up(world, &shop, "tools").await;
    let given = answer("done", "Bought.");
    for actor in [&shop.staff, &shop.auditor] {
        assert_eq!(ids(world, actor).await, [id]);
        assert!(matches!(store.answer_obstacle(actor, id, &given).await, Err(Error::NotAllowed(_))));
    }
    let elsewhere = store.add_site(&shop.owner, &line("Sweetwater")).await.unwrap();
    let domain::actor::Who::Person(nia) = shop.manager.who else { unreachable!() };
    store.bind(&shop.owner, nia, &Reach::of([elsewhere])).await.unwrap().unwrap();
    let bound = Actor { reach: Reach::of([elsewhere]), ..shop.manager.clone() };
    assert!(ids(world, &bound).await.is_empty());
    assert_eq!(store.obstacles_waiting(&bound).await.unwrap(), 0);
    assert_eq!(store.obstacle(&bound, id).await.unwrap(), None);
    assert!(store.obstacles(&bound, Some(id), 5).await.unwrap().rows.is_empty());
    let before = world.raw.count("obstacle_answers").await;
    assert_eq!(store.answer_obstacle(&bound, id, &given).await.unwrap(), None);
    let other = world.other_shop().await;
    assert_eq!(store.answer_obstacle(&other.owner, id, &given).await.unwrap(), None);
    assert_eq!(world.raw.count("obstacle_answers").await, before);
    store.bind(&shop.owner, nia, &Reach::of([elsewhere, shop.site])).await.unwrap().unwrap();
    let both = Actor { reach: Reach::of([elsewhere, shop.site]), ..shop.manager.clone() };
    store.answer_obstacle(&both, id, &given).await.unwrap().unwrap();
}

async fn an_answer_is_a_deed(world: &World) {
    let (shop, store) = (world.shop().await, &world.store);
    let id = put_up(world, &shop, "tools").await;
    store.answer_obstacle(&shop.manager, id, &answer("done", "Bought.")).await.unwrap().unwrap();
    let filter = AuditFilter { deed: Some(Deed::ObstacleAnswered), ..AuditFilter::default() };
    let deeds = store.audit(&shop.owner, &filter, None, 10).await.unwrap().rows;
    assert_eq!(deeds.len(), 1);
    assert_eq!((deeds[0].by, deeds[0].about, deeds[0].at), (shop.manager.who, Some(id.0), store.now()));
}

async fn what_was_logged_before_there_was_a_board_stands_on_it(world: &World) {
    let shop = world.shop().await;
    shop.log(world, broken()).await;
    shop.log(world, hindered("tools")).await;
    let mistaken = shop.log(world, hindered("staffing")).await;
    world.minutes(1);
    shop.correct(world, mistaken.check, &kept()).await.unwrap().unwrap();
    let before = world.raw.rows("obstacles").await;
    assert_eq!(before.len(), 2);
    // As whoever owns the tables does it, who sees over no wall.
    let owner = Raw::open(&world.url).await;
    let folder = if owner.is_sqlite() { "sqlite" } else { "postgres" };
    let migration = std::fs::read_to_string(format!("../../migrations/{folder}/0026_obstacles.sql")).unwrap();
    let (_, logged_before) = migration.split_once("-- What was logged before there was a board.").unwrap();
    world.raw.run("DELETE FROM obstacles").await.unwrap();
    if !owner.is_sqlite() {
        // The table's own wall is raised at the end of the migration.
        owner.run("ALTER TABLE obstacles NO FORCE ROW LEVEL SECURITY").await.unwrap();
    }
    owner.run(logged_before).await.unwrap();
    assert_eq!(world.raw.rows("obstacles").await, before);
    assert_eq!(board(world, &shop.staff).await.len(), 1);
}
