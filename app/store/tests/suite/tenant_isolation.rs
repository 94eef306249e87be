//! One business never sees another's data, and a role never does what it may not.

use chrono::{DateTime, TimeDelta, Utc};
use domain::actor::Actor;
use domain::check::CheckDraft;
use domain::guarantee::Transition;
use domain::ids::{BreakId, CheckId, PlaceId, RecoveryId, SiteId};
use domain::place::TagCode;
use domain::recovery::StepDraft;
use domain::role::{Permission, Role};
use domain::schedule::{Closure, ClosureAnnouncement};
use domain::slug::Slug;
use store::{Error, RecoveryFilter};

use crate::fixture::{
    Fixture, acknowledge, broken, business, correction, kept, learn, line, newcomer, problem, prose, remedy, reopen,
    told_by_a_customer, understand, update, wording, wording_draft,
};
use crate::harness::TestContext;

both_databases![also without rls:
    ids_of_another_business_change_nothing,
    ids_of_another_business_show_nothing,
    auditors_change_nothing,
    every_action_is_refused_to_roles_without_permission,
    nobody_acts_for_a_business_that_does_not_exist,
];

/// The data of one business: a check with a private note, a recovery with a named customer.
pub struct Secrets {
    pub check: CheckId,
    recovery: RecoveryId,
    pub obstacle: BreakId,
    link: String,
    code: TagCode,
}

pub async fn secrets(ctx: &TestContext, fixture: &Fixture) -> Secrets {
    let finding =
        domain::finding::FindingDraft { note: "SECRET note".into(), obstacle: "tools".into(), ..told_by_a_customer() };
    let logged = fixture.log(ctx, finding).await;
    let recovery = logged.recovery.unwrap();
    let StepDraft::Acknowledge(draft) = acknowledge() else { unreachable!() };
    let named = domain::recovery::AcknowledgementDraft {
        customer_name: "SECRET name".into(),
        customer_contact: "SECRET contact".into(),
        ..draft
    };
    let mut link = None;
    for draft in [StepDraft::Acknowledge(named), understand(), remedy(), StepDraft::FollowUp] {
        link = fixture.step(ctx, recovery, draft).await;
    }
    let code = ctx.store.place(&fixture.staff, fixture.place).await.unwrap().unwrap().code;
    let obstacle = ctx.store.obstacles(&fixture.staff, None, 1).await.unwrap().rows[0].id;
    Secrets { check: logged.check, recovery, obstacle, link: link.unwrap(), code: TagCode::parse(&code).unwrap() }
}

/// Everything an actor can try on the data of another business. Returns for each attempt whether it was refused.
async fn try_everything(
    ctx: &TestContext,
    actor: &Actor,
    of: &Fixture,
    secrets: &Secrets,
) -> Vec<(&'static str, Permission, Result<bool, Error>)> {
    let store = &ctx.store;
    let other_wording = domain::guarantee::WordingDraft { mark: "90".into(), ..wording_draft() }.parse().unwrap();
    let slug = || Some(Slug::parse("brand-new").unwrap());
    let check = of.check(ctx, kept());
    let new = of.check(ctx, broken());
    let places = [of.place];
    let mut tried = vec![
        ("log_check", Permission::LogChecks, store.log_check(actor, check).await.map(|_| true)),
        ("log_checks", Permission::LogChecks, store.log_checks(actor, &[new]).await.map(|_| true)),
        (
            "schedule",
            Permission::ManageGuarantees,
            store.set_schedule(actor, of.guarantee, &places, None).await.map(|done| done.is_some()),
        ),
        (
            "zone_site",
            Permission::ManageGuarantees,
            store.set_site_zone(actor, of.site, Some("UTC")).await.map(|done| done.is_some()),
        ),
        (
            "announce_closure",
            Permission::ManagePlaces,
            store.announce_closure(actor, &closure_at(of.site, of.place, store.now())).await.map(|_| true),
        ),
        (
            "correct_check",
            Permission::LogChecks,
            store
                .correct_check(actor, secrets.check, &correction(&kept(), "why"))
                .await
                .map(|corrected| corrected.is_some()),
        ),
        (
            "add_guarantee",
            Permission::ManageGuarantees,
            store.add_guarantee(actor, of.problem, slug(), &wording(), &[]).await.map(|_| true),
        ),
        (
            "reword",
            Permission::ManageGuarantees,
            store.reword(actor, of.guarantee, &other_wording).await.map(|number| number.is_some()),
        ),
        (
            "promise_at",
            Permission::ManageGuarantees,
            store.set_guarantee_places(actor, of.guarantee, &places).await.map(|done| done.is_some()),
        ),
        (
            "answer_obstacle",
            Permission::AnswerObstacles,
            store
                .answer_obstacle(actor, secrets.obstacle, &crate::obstacles::answer("done", "Bought."))
                .await
                .map(|done| done.is_some()),
        ),
        (
            "give_second_look",
            Permission::GiveSecondLooks,
            store
                .give_second_look(actor, secrets.check, &crate::second_looks::second_look_draft("agreed"))
                .await
                .map(|done| done.is_some()),
        ),
        (
            "add_place",
            Permission::ManageGuarantees,
            store.add_place(actor, of.site, &line("A new place")).await.map(|_| true),
        ),
    ];
    for verb in Transition::ALL {
        let moved = store.transition_guarantee(actor, of.guarantee, verb).await;
        tried.push(("move_guarantee", Permission::ManageGuarantees, moved.map(|stage| stage.is_some())));
    }
    let steps = [
        acknowledge(),
        update(),
        StepDraft::AskCustomer,
        StepDraft::CustomerReplied,
        learn(),
        StepDraft::NoAnswer,
        reopen(),
    ];
    for step in steps {
        let taken = store.take_step(actor, secrets.recovery, &step).await;
        tried.push(("take_step", Permission::HandleRecoveries, taken.map(|link| link.is_some())));
    }
    tried
}

async fn ids_of_another_business_change_nothing(ctx: &TestContext) {
    let (fixture, other) = (ctx.fixture().await, ctx.other_fixture().await);
    let secrets = secrets(ctx, &fixture).await;
    let before = ctx.direct_db.everything().await;
    for (name, _, done) in try_everything(ctx, &other.owner, &fixture, &secrets).await {
        assert!(matches!(done, Ok(false) | Err(Error::Invalid(_))), "{name}: {done:?}");
    }
    // Its own promise at the other's place, and the other's promise at its own place.
    for (guarantee, place) in [(other.guarantee, fixture.place), (fixture.guarantee, other.place)] {
        let (guarantee, place) = (guarantee.to_string(), place.to_string());
        let check = CheckDraft { guarantee, place, ..other.check(ctx, broken()) };
        assert!(matches!(ctx.store.log_check(&other.owner, check).await, Err(Error::Invalid(_))));
    }
    ctx.hours(5);
    assert_eq!(ctx.store.record_missed_deadlines(&other.owner).await.unwrap(), 0);
    assert_eq!(ctx.direct_db.everything().await, before);
}

async fn ids_of_another_business_show_nothing(ctx: &TestContext) {
    let (fixture, other) = (ctx.fixture().await, ctx.other_fixture().await);
    let secrets = secrets(ctx, &fixture).await;
    let (store, actor) = (&ctx.store, &other.owner);
    assert_eq!(store.guarantee(actor, fixture.guarantee).await.unwrap(), None);
    assert!(store.versions(actor, fixture.guarantee).await.unwrap().is_empty());
    assert_eq!(store.problem(actor, fixture.problem).await.unwrap(), None);
    assert_eq!(store.place(actor, fixture.place).await.unwrap(), None);
    assert_eq!(store.place_by_code(actor, &secrets.code).await.unwrap(), None);
    assert!(store.recovery(actor, secrets.recovery).await.unwrap().is_none());
    assert!(store.checks(actor, Some(secrets.check), 10).await.unwrap().rows.is_empty());
    assert_eq!(store.check(actor, secrets.check).await.unwrap(), None);
    assert_eq!(store.obstacle(actor, secrets.obstacle).await.unwrap(), None);
    assert!(store.obstacles(actor, Some(secrets.obstacle), 10).await.unwrap().rows.is_empty());
    assert_eq!(store.second_look(actor, secrets.check).await.unwrap(), None);
    let broken = store.breaks(&fixture.owner, None, 10).await.unwrap().rows[0].id;
    assert!(store.breaks(actor, Some(broken), 10).await.unwrap().rows.is_empty());
    let home = store.business(actor).await.unwrap();
    let behind = store.detail(&home, fixture.guarantee).await.unwrap();
    assert!(
        behind.breaks.is_empty() && behind.versions.is_empty() && behind.places.is_empty() && behind.totals.breaks == 0
    );

    let seen = format!(
        "{:?}{:?}{:?}{:?}{:?}{:?}{:?}{:?}{:?}{:?}{:?}{:?}{:?}{:?}{:?}",
        store.obstacles(actor, None, 500).await.unwrap(),
        store.second_looks(actor).await.unwrap(),
        store.members(actor).await.unwrap(),
        store.sites(actor).await.unwrap(),
        store.places(actor).await.unwrap(),
        store.problems(actor).await.unwrap(),
        store.guarantees(actor).await.unwrap(),
        store.last_checks(actor).await.unwrap(),
        store.checks(actor, None, 500).await.unwrap(),
        store.breaks(actor, None, 500).await.unwrap(),
        store.open_recoveries(actor, RecoveryFilter::All, None, 200).await.unwrap().rows,
        store.closed_recoveries(actor, RecoveryFilter::All, None, 50).await.unwrap().rows,
        store.charter(home.clone(), None).await.unwrap(),
        store.charter(home, Some("prairie-stop")).await.unwrap(),
        store.record_after(actor.business, 0).await.unwrap(),
    );
    let ids = [
        fixture.guarantee.0,
        fixture.place.0,
        fixture.other_place.0,
        fixture.site.0,
        fixture.problem.0,
        secrets.check.0,
        secrets.recovery.0,
        secrets.obstacle.0,
    ];
    assert!(seen.contains(&other.guarantee.to_string()));
    for hidden in
        ids.map(|id| id.to_string()).into_iter().chain(["SECRET".to_owned(), secrets.link, "Prairie Stop".to_owned()])
    {
        assert!(!seen.contains(&hidden), "{hidden}");
    }
}

async fn auditors_change_nothing(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let secrets = secrets(ctx, &fixture).await;
    ctx.hours(5);
    let before = ctx.direct_db.everything().await;
    for (name, _, done) in try_everything(ctx, &fixture.auditor, &fixture, &secrets).await {
        assert!(matches!(done, Err(Error::NotAllowed(_))), "{name}: {done:?}");
    }
    let (store, auditor) = (&ctx.store, &fixture.auditor);
    let refused = [
        store.record_missed_deadlines(auditor).await.map(|_| ()),
        store.add_site(auditor, &line("Sweetwater")).await.map(|_| ()),
        store.add_problem(auditor, &problem()).await.map(|_| ()),
        store.add_person(auditor, &newcomer("New", "owner"), "hash").await.map(|_| ()),
        store.update_business(auditor, &business()).await,
        store.create_token(auditor, &crate::fixture::token(Role::Owner)).await.map(|_| ()),
    ];
    assert!(refused.iter().all(|refused| matches!(refused, Err(Error::NotAllowed(_)))), "{refused:?}");
    assert_eq!(ctx.direct_db.everything().await, before);
    assert!(store.recovery(auditor, secrets.recovery).await.unwrap().is_some(), "but they read everything");
}

async fn every_action_is_refused_to_roles_without_permission(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let secrets = secrets(ctx, &fixture).await;
    for actor in [&fixture.owner, &fixture.manager, &fixture.staff, &fixture.auditor] {
        for (name, act, done) in try_everything(ctx, actor, &fixture, &secrets).await {
            let forbidden = matches!(done, Err(Error::NotAllowed(_)));
            assert_eq!(forbidden, !actor.role.may(act), "{name} by {:?}: {done:?}", actor.role);
        }
        let site = ctx.store.add_site(actor, &line(actor.role.name())).await;
        assert_eq!(site.is_ok(), actor.role.may(Permission::ManageGuarantees));
        let token = ctx.store.create_token(actor, &crate::fixture::token(Role::Staff)).await;
        assert_eq!(token.is_ok(), actor.role.may(Permission::Administer));
        let changed = ctx.store.update_business(actor, &business()).await;
        assert_eq!(changed.is_ok(), actor.role.may(Permission::Administer));
    }
}

async fn nobody_acts_for_a_business_that_does_not_exist(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let nobody = Actor { business: domain::ids::BusinessId(uuid::Uuid::nil()), ..fixture.owner.clone() };
    let before = ctx.direct_db.everything().await;
    assert!(ctx.store.add_site(&nobody, &line("Nowhere")).await.is_err());
    assert!(ctx.store.log_check(&nobody, fixture.check(ctx, kept())).await.is_err());
    assert!(ctx.store.sites(&nobody).await.unwrap().is_empty());
    assert_eq!(ctx.direct_db.everything().await, before);
}

fn closure_at(site: SiteId, place: PlaceId, now: DateTime<Utc>) -> ClosureAnnouncement {
    let closure = Closure { from: now, until: now + TimeDelta::hours(1) };
    ClosureAnnouncement { site, place: Some(place), closure, reason: prose("New tiles.") }
}
