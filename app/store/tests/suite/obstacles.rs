//! Obstacles: added with a break, answered, and removed when the check is corrected.

use domain::actor::Actor;
use domain::audit::AuditEvent;
use domain::finding::FindingDraft;
use domain::ids::BreakId;
use domain::obstacle::{Answer, AnswerDraft, Decision, Obstacle, ObstacleError};
use domain::site_access::SiteAccess;
use store::{AuditFilter, Error, ObstacleRow};
use uuid::Uuid;

use crate::direct_db::DirectDb;
use crate::fixture::{Fixture, broken, kept, line};
use crate::harness::TestContext;

both_databases![
    an_obstacle_is_listed_without_naming_who_logged_it,
    unanswered_obstacles_come_first_then_the_latest_answered,
    obstacle_answers_are_added_and_the_newest_comes_first,
    a_correction_removes_the_obstacle_and_refuses_answers,
    a_correction_to_broken_adds_its_obstacle,
    pages_of_obstacles_have_each_row_once,
    a_thousand_stands_for_all_counts_above,
    only_owners_and_managers_answer_obstacles_at_their_sites,
    an_obstacle_answer_is_an_audit_event,
    the_migration_adds_obstacles_logged_earlier,
];

pub fn broken_with_obstacle(obstacle: &str) -> FindingDraft {
    FindingDraft { obstacle: obstacle.into(), note: "Sam was alone at the grill.".into(), ..broken() }
}

pub fn answer(decision: &str, words: &str) -> Answer {
    AnswerDraft { decision: decision.into(), words: words.into() }.parse().unwrap()
}

async fn board(ctx: &TestContext, actor: &Actor) -> Vec<ObstacleRow> {
    ctx.store.obstacles(actor, None, 100).await.unwrap().rows
}

async fn ids(ctx: &TestContext, actor: &Actor) -> Vec<BreakId> {
    board(ctx, actor).await.iter().map(|row| row.id).collect()
}

/// Logs a break with an obstacle, a minute later.
async fn log_obstacle(ctx: &TestContext, fixture: &Fixture, obstacle: &str) -> BreakId {
    fixture.log_broken(ctx, broken_with_obstacle(obstacle)).await;
    board(ctx, &fixture.owner).await.remove(0).id
}

async fn an_obstacle_is_listed_without_naming_who_logged_it(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    fixture.log(ctx, broken()).await;
    fixture.log(ctx, kept()).await;
    assert!(board(ctx, &fixture.staff).await.is_empty(), "nothing stood in the way");
    let logged = fixture.log(ctx, broken_with_obstacle("staffing")).await;
    let rows = board(ctx, &fixture.staff).await;
    assert_eq!(rows.len(), 1);
    let row = &rows[0];
    assert_eq!((row.obstacle, row.guarantee, row.place), (Obstacle::Staffing, fixture.guarantee, fixture.place));
    assert_eq!((row.known_at, row.left, row.answers.len()), (ctx.store.now(), false, 0));
    let domain::actor::Principal::Person(sam) = fixture.staff.principal else { unreachable!() };
    let shown = format!("{rows:?}");
    for hidden in [sam.to_string(), logged.check.to_string(), "Sam".to_owned()] {
        assert!(!shown.contains(&hidden), "{shown}");
    }
}

async fn unanswered_obstacles_come_first_then_the_latest_answered(ctx: &TestContext) {
    let (fixture, store) = (ctx.fixture().await, &ctx.store);
    let mut all = Vec::new();
    for obstacle in ["tools", "policy", "supplier", "training"] {
        all.push(log_obstacle(ctx, &fixture, obstacle).await);
    }
    assert_eq!(store.count_unanswered_obstacles(&fixture.auditor).await.unwrap(), 4);
    for id in [all[3], all[0]] {
        ctx.minutes(1);
        store.answer_obstacle(&fixture.owner, id, &answer("planned", "Soon.")).await.unwrap().unwrap();
    }
    assert_eq!(ids(ctx, &fixture.auditor).await, [all[2], all[1], all[0], all[3]]);
    assert_eq!(store.count_unanswered_obstacles(&fixture.auditor).await.unwrap(), 2);
}

async fn obstacle_answers_are_added_and_the_newest_comes_first(ctx: &TestContext) {
    let (fixture, store) = (ctx.fixture().await, &ctx.store);
    let id = log_obstacle(ctx, &fixture, "tools").await;
    for (decision, words) in [("not_now", "No money this month."), ("planned", "In March."), ("done", "It is here.")] {
        store.answer_obstacle(&fixture.manager, id, &answer(decision, words)).await.unwrap().unwrap();
    }
    let row = store.obstacle(&fixture.staff, id).await.unwrap().unwrap();
    let decisions: Vec<_> = row.answers.iter().map(|given| given.answer.decision).collect();
    assert_eq!(decisions, [Decision::Done, Decision::Planned, Decision::NotNow]);
    assert_eq!(row.answers[0].answer.words.as_str(), "It is here.");
    assert_eq!(board(ctx, &fixture.staff).await, [row]);
}

async fn a_correction_removes_the_obstacle_and_refuses_answers(ctx: &TestContext) {
    let (fixture, store) = (ctx.fixture().await, &ctx.store);
    let logged = fixture.log(ctx, broken_with_obstacle("tools")).await;
    let id = board(ctx, &fixture.owner).await[0].id;
    fixture.correct(ctx, logged.check, &kept()).await.unwrap().unwrap();
    assert!(board(ctx, &fixture.owner).await.is_empty());
    assert_eq!(store.count_unanswered_obstacles(&fixture.owner).await.unwrap(), 0);
    assert!(store.obstacle(&fixture.owner, id).await.unwrap().unwrap().left, "whoever has it open is told");
    let before = ctx.direct_db.everything().await;
    let refused = store.answer_obstacle(&fixture.owner, id, &answer("done", "Bought.")).await;
    assert!(matches!(refused, Err(Error::Obstacle(ObstacleError::OffTheBoard))), "{refused:?}");
    assert_eq!(ctx.direct_db.everything().await, before);
}

async fn a_correction_to_broken_adds_its_obstacle(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let check = fixture.keep(ctx).await;
    fixture.correct(ctx, check, &broken_with_obstacle("supplier")).await.unwrap().unwrap();
    assert_eq!(board(ctx, &fixture.staff).await[0].obstacle, Obstacle::Supplier);
    fixture.correct(ctx, check, &kept()).await.unwrap().unwrap();
    fixture.correct(ctx, check, &broken_with_obstacle("tools")).await.unwrap().unwrap();
    let rows = board(ctx, &fixture.staff).await;
    assert_eq!(rows.iter().map(|row| row.obstacle).collect::<Vec<_>>(), [Obstacle::Tools], "as it stands now");
}

async fn pages_of_obstacles_have_each_row_once(ctx: &TestContext) {
    let (fixture, store) = (ctx.fixture().await, &ctx.store);
    for number in 0..11 {
        fixture.log(ctx, broken_with_obstacle("tools")).await;
        ctx.minutes(number % 2);
    }
    let whole = ids(ctx, &fixture.owner).await;
    for id in &whole[6..] {
        store.answer_obstacle(&fixture.owner, *id, &answer("planned", "Soon.")).await.unwrap().unwrap();
    }
    let whole = ids(ctx, &fixture.owner).await;
    assert_eq!(whole.len(), 11);
    for most in [1, 3, 5, 6, 11] {
        let (mut seen, mut before) = (Vec::new(), None);
        loop {
            let page = store.obstacles(&fixture.auditor, before, most).await.unwrap();
            assert!(page.rows.len() <= usize::try_from(most).unwrap());
            seen.extend(page.rows.iter().map(|row| row.id));
            before = page.before;
            if before.is_none() {
                break;
            }
        }
        assert_eq!(seen, whole, "by {most}");
    }
    let nowhere = store.obstacles(&fixture.owner, Some(BreakId(Uuid::nil())), 5).await.unwrap();
    assert!(nowhere.rows.is_empty() && nowhere.before.is_none());
}

async fn a_thousand_stands_for_all_counts_above(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let drafts: Vec<_> = (0..1001).map(|_| fixture.check(ctx, broken_with_obstacle("tools"))).collect();
    for (drafts, expected) in [(&drafts[..999], 999), (&drafts[999..], 1000)] {
        ctx.store.log_checks(&fixture.staff, drafts).await.unwrap();
        assert_eq!(ctx.store.count_unanswered_obstacles(&fixture.owner).await.unwrap(), expected);
    }
}

async fn only_owners_and_managers_answer_obstacles_at_their_sites(ctx: &TestContext) {
    let (fixture, store) = (ctx.fixture().await, &ctx.store);
    let id = log_obstacle(ctx, &fixture, "tools").await;
    let given = answer("done", "Bought.");
    for actor in [&fixture.staff, &fixture.auditor] {
        assert_eq!(ids(ctx, actor).await, [id]);
        assert!(matches!(store.answer_obstacle(actor, id, &given).await, Err(Error::NotAllowed(_))));
    }
    let elsewhere = store.add_site(&fixture.owner, &line("Sweetwater")).await.unwrap();
    let domain::actor::Principal::Person(nia) = fixture.manager.principal else { unreachable!() };
    store.set_site_access(&fixture.owner, nia, &SiteAccess::sites([elsewhere])).await.unwrap().unwrap();
    let bound = Actor { site_access: SiteAccess::sites([elsewhere]), ..fixture.manager.clone() };
    assert!(ids(ctx, &bound).await.is_empty());
    assert_eq!(store.count_unanswered_obstacles(&bound).await.unwrap(), 0);
    assert_eq!(store.obstacle(&bound, id).await.unwrap(), None);
    assert!(store.obstacles(&bound, Some(id), 5).await.unwrap().rows.is_empty());
    let before = ctx.direct_db.count("obstacle_answers").await;
    assert_eq!(store.answer_obstacle(&bound, id, &given).await.unwrap(), None);
    let other = ctx.other_fixture().await;
    assert_eq!(store.answer_obstacle(&other.owner, id, &given).await.unwrap(), None);
    assert_eq!(ctx.direct_db.count("obstacle_answers").await, before);
    store.set_site_access(&fixture.owner, nia, &SiteAccess::sites([elsewhere, fixture.site])).await.unwrap().unwrap();
    let both = Actor { site_access: SiteAccess::sites([elsewhere, fixture.site]), ..fixture.manager.clone() };
    store.answer_obstacle(&both, id, &given).await.unwrap().unwrap();
}

async fn an_obstacle_answer_is_an_audit_event(ctx: &TestContext) {
    let (fixture, store) = (ctx.fixture().await, &ctx.store);
    let id = log_obstacle(ctx, &fixture, "tools").await;
    store.answer_obstacle(&fixture.manager, id, &answer("done", "Bought.")).await.unwrap().unwrap();
    let filter = AuditFilter { event: Some(AuditEvent::ObstacleAnswered), ..AuditFilter::default() };
    let events = store.audit_log(&fixture.owner, &filter, None, 10).await.unwrap().rows;
    assert_eq!(events.len(), 1);
    assert_eq!((events[0].by, events[0].subject, events[0].at), (fixture.manager.principal, Some(id.0), store.now()));
}

async fn the_migration_adds_obstacles_logged_earlier(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    fixture.log(ctx, broken()).await;
    fixture.log(ctx, broken_with_obstacle("tools")).await;
    let mistaken = fixture.log(ctx, broken_with_obstacle("staffing")).await;
    ctx.minutes(1);
    fixture.correct(ctx, mistaken.check, &kept()).await.unwrap().unwrap();
    let before = ctx.direct_db.rows("obstacles").await;
    assert_eq!(before.len(), 2);
    // As the owner of the tables, who does not bypass row-level security.
    let owner = DirectDb::open(&ctx.url).await;
    let folder = if owner.is_sqlite() { "sqlite" } else { "postgres" };
    let migration = std::fs::read_to_string(format!("../../migrations/{folder}/0026_obstacles.sql")).unwrap();
    let (_, logged_before) = migration.split_once("-- What was logged before there was a board.").unwrap();
    ctx.direct_db.run("DELETE FROM obstacles").await.unwrap();
    if !owner.is_sqlite() {
        // The table gets row-level security at the end of the migration.
        owner.run("ALTER TABLE obstacles NO FORCE ROW LEVEL SECURITY").await.unwrap();
    }
    owner.run(logged_before).await.unwrap();
    assert_eq!(ctx.direct_db.rows("obstacles").await, before);
    assert_eq!(board(ctx, &fixture.staff).await.len(), 1);
}
