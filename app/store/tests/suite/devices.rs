//! Shared devices: registered once, for one site. A PIN session lasts a short while and can only log checks.

use chrono::TimeDelta;
use domain::actor::{Actor, Principal};
use domain::device::{Device, DeviceState};
use domain::fault::Fault;
use domain::ids::{PersonId, SiteId};
use domain::member::MemberError;
use domain::pin::LOCK_DURATION;
use domain::role::Permission;
use store::{ClientInfo, Error, RegisteredDevice};

use crate::fixture::{Fixture, correction, kept, line};
use crate::harness::TestContext;

both_databases![
    a_registration_link_registers_one_device_within_an_hour,
    a_revoked_device_loses_access_immediately,
    only_members_with_a_pin_can_use_a_shared_device,
    a_pin_session_acts_as_its_person_and_expires,
    five_wrong_pins_lock_one_person_on_one_device,
    concurrent_pin_attempts_are_limited_to_five,
    another_business_cannot_use_or_revoke_a_device,
];

fn person(actor: &Actor) -> PersonId {
    let Principal::Person(person) = actor.principal else { unreachable!() };
    person
}

fn tablet(site: SiteId) -> Device {
    Device { name: line("The tablet"), site }
}

async fn registered(ctx: &TestContext, fixture: &Fixture) -> RegisteredDevice {
    let made = ctx.store.add_device(&fixture.manager, &tablet(fixture.site)).await.unwrap();
    let token = ctx.store.register_device(&made.token, &ClientInfo::default()).await.unwrap().unwrap();
    ctx.store.device_by_token(&token).await.unwrap().unwrap()
}

async fn a_registration_link_registers_one_device_within_an_hour(ctx: &TestContext) {
    let (fixture, store) = (ctx.fixture().await, &ctx.store);
    for actor in [&fixture.staff, &fixture.auditor] {
        assert!(matches!(store.add_device(actor, &tablet(fixture.site)).await, Err(Error::NotAllowed(_))));
    }
    let nowhere = store.add_device(&fixture.owner, &tablet(SiteId(uuid::Uuid::nil()))).await;
    assert!(matches!(nowhere, Err(Error::Invalid(faults)) if faults.of_field("site") == Some(Fault::NotFound)));
    let made = store.add_device(&fixture.manager, &tablet(fixture.site)).await.unwrap();
    let state = async || store.devices(&fixture.manager, None, 50).await.unwrap().rows[0].state;
    assert_eq!(state().await, DeviceState::Pending);
    assert_eq!(store.register_device("nobody's", &ClientInfo::default()).await.unwrap(), None);
    let token = store.register_device(&made.token, &ClientInfo::default()).await.unwrap().unwrap();
    assert_eq!(state().await, DeviceState::Registered);
    let at = store.device_by_token(&token).await.unwrap().unwrap();
    assert_eq!((at.id, at.site, at.name.as_str()), (made.id, fixture.site, "The tablet"));
    let again = store.register_device(&made.token, &ClientInfo::default()).await;
    assert!(matches!(again, Err(Error::Member(MemberError::NoLongerOpen))), "{again:?}");
    let late = store.add_device(&fixture.manager, &tablet(fixture.site)).await.unwrap();
    ctx.minutes(60);
    assert_eq!(state().await, DeviceState::Expired);
    let late = store.register_device(&late.token, &ClientInfo::default()).await;
    assert!(matches!(late, Err(Error::Member(MemberError::NoLongerOpen))), "{late:?}");
    let stored = format!("{:?}", ctx.direct_db.everything().await);
    assert!(!stored.contains(&token) && !stored.contains(&made.token), "a secret is stored as it is");
}

async fn a_revoked_device_loses_access_immediately(ctx: &TestContext) {
    let (fixture, store) = (ctx.fixture().await, &ctx.store);
    let made = store.add_device(&fixture.manager, &tablet(fixture.site)).await.unwrap();
    let token = store.register_device(&made.token, &ClientInfo::default()).await.unwrap().unwrap();
    let at = store.device_by_token(&token).await.unwrap().unwrap();
    let turn = store.begin_pin_session(&at, person(&fixture.staff), &ClientInfo::default()).await.unwrap();
    store.revoke_device(&fixture.owner, made.id).await.unwrap().unwrap();
    assert_eq!(store.device_by_token(&token).await.unwrap(), None);
    assert_eq!(store.authenticate(&turn.token).await.unwrap(), None);
    let twice = store.revoke_device(&fixture.owner, made.id).await;
    assert!(matches!(twice, Err(Error::Member(MemberError::NoLongerOpen))), "{twice:?}");
    // A PIN session does not begin if the device was revoked in the meantime.
    let late = store.begin_pin_session(&at, person(&fixture.staff), &ClientInfo::default()).await.unwrap();
    assert_eq!(store.authenticate(&late.token).await.unwrap(), None);
}

async fn only_members_with_a_pin_can_use_a_shared_device(ctx: &TestContext) {
    let (fixture, store) = (ctx.fixture().await, &ctx.store);
    let at = registered(ctx, &fixture).await;
    let names = async || {
        let colleagues = store.device_users(&at).await.unwrap();
        colleagues.into_iter().map(|colleague| colleague.name).collect::<Vec<_>>()
    };
    assert!(names().await.is_empty() && !store.has_pin(person(&fixture.staff)).await.unwrap());
    for actor in [&fixture.staff, &fixture.owner, &fixture.auditor] {
        store.set_pin(actor, person(actor), "hash").await.unwrap();
    }
    assert!(store.has_pin(person(&fixture.staff)).await.unwrap());
    assert_eq!(names().await, ["Maya Torres", "Sam"], "an auditor checks nothing");
    assert_eq!(store.count_pin_attempt(&at, person(&fixture.staff)).await.unwrap(), Some(Ok("hash".to_owned())));
    assert_eq!(store.count_pin_attempt(&at, person(&fixture.auditor)).await.unwrap(), None);
    assert_eq!(store.count_pin_attempt(&at, person(&fixture.manager)).await.unwrap(), None);
    store.remove_member(&fixture.owner, person(&fixture.staff)).await.unwrap().unwrap();
    assert_eq!(names().await, ["Maya Torres"]);
    assert_eq!(store.count_pin_attempt(&at, person(&fixture.staff)).await.unwrap(), None);
}

async fn a_pin_session_acts_as_its_person_and_expires(ctx: &TestContext) {
    let (fixture, store) = (ctx.fixture().await, &ctx.store);
    let at = registered(ctx, &fixture).await;
    let turn = store.begin_pin_session(&at, person(&fixture.owner), &ClientInfo::default()).await.unwrap();
    let actor = store.authenticate(&turn.token).await.unwrap().unwrap().user().actor.clone();
    let may: Vec<_> = Permission::ALL.into_iter().filter(|act| actor.may(*act)).collect();
    assert_eq!(
        (may, actor.principal),
        (vec![Permission::ViewToday, Permission::LogChecks, Permission::CorrectChecks], fixture.owner.principal)
    );
    assert!(actor.can_access(fixture.site) && !actor.can_access(SiteId(uuid::Uuid::nil())));
    let logged = store.log_check(&actor, fixture.check(ctx, kept())).await.unwrap();
    let by = ctx.direct_db.texts("SELECT by FROM checks").await.remove(0);
    assert_eq!(by, format!("person:{}", person(&fixture.owner)));
    let finding = domain::finding::FindingDraft { verdict: "broken".into(), ..Default::default() };
    let others = store.log_check(&fixture.staff, fixture.check(ctx, kept())).await.unwrap();
    let refused = store.correct_check(&actor, others.check, &correction(&finding, "No.")).await;
    assert!(matches!(refused, Err(Error::NotAllowed(_))), "only what is theirs: {refused:?}");
    let finding = domain::finding::FindingDraft { reason: "other".into(), ..finding };
    let mended = store.correct_check(&actor, logged.check, &correction(&finding, "A mistake.")).await.unwrap();
    assert!(mended.is_some_and(|mended| mended.recovery.is_some()));
    assert!(matches!(store.members(&actor).await, Err(Error::NotAllowed(_))));

    // The next PIN session ends this one. A session ends after a quarter of an hour.
    let next = store.begin_pin_session(&at, person(&fixture.staff), &ClientInfo::default()).await.unwrap();
    assert_eq!(store.authenticate(&turn.token).await.unwrap(), None);
    ctx.clock.advance(TimeDelta::minutes(15));
    assert_eq!(store.authenticate(&next.token).await.unwrap(), None);
}

async fn five_wrong_pins_lock_one_person_on_one_device(ctx: &TestContext) {
    let (fixture, store) = (ctx.fixture().await, &ctx.store);
    let (at, other) = (registered(ctx, &fixture).await, registered(ctx, &fixture).await);
    for actor in [&fixture.staff, &fixture.owner] {
        store.set_pin(actor, person(actor), "hash").await.unwrap();
    }
    let sam = person(&fixture.staff);
    for _ in 0..5 {
        assert!(store.count_pin_attempt(&at, sam).await.unwrap().unwrap().is_ok());
        store.audit_wrong_pin(&at, sam, &ClientInfo::default()).await.unwrap();
    }
    let locked = store.count_pin_attempt(&at, sam).await.unwrap().unwrap().unwrap_err();
    assert_eq!(locked.until, store.now() + LOCK_DURATION);
    let until = store.device_users(&at).await.unwrap().into_iter().map(|one| one.locked_until).collect::<Vec<_>>();
    assert_eq!(until, [None, Some(locked.until)]);
    assert!(store.count_pin_attempt(&at, person(&fixture.owner)).await.unwrap().unwrap().is_ok(), "somebody else");
    assert!(store.count_pin_attempt(&other, sam).await.unwrap().unwrap().is_ok(), "somewhere else");
    ctx.clock.advance(LOCK_DURATION);
    assert!(store.count_pin_attempt(&at, sam).await.unwrap().unwrap().is_ok());
    // A right PIN resets the count.
    store.begin_pin_session(&at, sam, &ClientInfo::default()).await.unwrap();
    for _ in 0..5 {
        assert!(store.count_pin_attempt(&at, sam).await.unwrap().unwrap().is_ok());
    }
    assert!(store.count_pin_attempt(&at, sam).await.unwrap().unwrap().is_err());
}

async fn concurrent_pin_attempts_are_limited_to_five(ctx: &TestContext) {
    let (fixture, store) = (ctx.fixture().await, &ctx.store);
    let (at, sam) = (registered(ctx, &fixture).await, person(&fixture.staff));
    store.set_pin(&fixture.staff, sam, "hash").await.unwrap();
    let tries: Vec<_> = (0..20)
        .map(|_| {
            let (store, at) = (store.clone(), at.clone());
            tokio::spawn(async move { store.count_pin_attempt(&at, sam).await.unwrap().unwrap() })
        })
        .collect();
    let mut taken = 0;
    for tried in tries {
        taken += usize::from(tried.await.unwrap().is_ok());
    }
    assert_eq!(taken, 5);
}

async fn another_business_cannot_use_or_revoke_a_device(ctx: &TestContext) {
    let (fixture, store) = (ctx.fixture().await, &ctx.store);
    let other = ctx.other_fixture().await;
    let at = registered(ctx, &fixture).await;
    assert_eq!(store.revoke_device(&other.owner, at.id).await.unwrap(), None);
    let foreign = store.add_device(&other.owner, &tablet(fixture.site)).await;
    assert!(matches!(foreign, Err(Error::Invalid(faults)) if faults.of_field("site") == Some(Fault::NotFound)));
    assert!(store.devices(&other.owner, None, 50).await.unwrap().rows.is_empty());
    store.set_pin(&other.owner, person(&other.owner), "hash").await.unwrap();
    assert!(store.device_users(&at).await.unwrap().is_empty());
    assert_eq!(store.count_pin_attempt(&at, person(&other.owner)).await.unwrap(), None);
}
