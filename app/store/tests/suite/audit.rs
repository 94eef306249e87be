//! The audit log: written together with the action, and read by owners only.

use chrono::TimeDelta;
use chrono_tz::Tz;
use domain::actor::{Actor, Principal};
use domain::audit::AuditEvent;
use domain::hours::{day_bounds, parse_day};
use domain::ids::PersonId;
use domain::role::Role;
use store::{AuditFilter, AuditRow, ClientInfo, Error};

use crate::fixture::{line, token};
use crate::harness::TestContext;

both_databases![
    the_audit_log_can_be_filtered_by_any_valid_day,
    an_audit_event_has_its_author_time_and_address,
    a_refused_action_writes_no_audit_event,
    audit_events_are_filtered_by_person_kind_and_day,
    audit_events_are_paginated,
    sign_ins_and_failures_are_audited_in_the_persons_businesses,
    audit_ip_addresses_are_purged_after_180_days,
    only_owners_read_the_audit_log_of_their_business,
];

fn person(actor: &Actor) -> PersonId {
    let Principal::Person(person) = actor.principal else { unreachable!() };
    person
}

fn from(actor: &Actor, address: &str) -> Actor {
    Actor { ip: Some(address.parse().unwrap()), ..actor.clone() }
}

async fn all(ctx: &TestContext, actor: &Actor, filter: &AuditFilter) -> Vec<AuditRow> {
    ctx.store.audit_log(actor, filter, None, 1000).await.unwrap().rows
}

async fn an_audit_event_has_its_author_time_and_address(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    ctx.minutes(1);
    let site = ctx.store.add_site(&from(&fixture.manager, "203.0.113.7"), &line("Odessa")).await.unwrap();
    let row = all(ctx, &fixture.owner, &AuditFilter::default()).await.remove(0);
    assert_eq!((row.event, row.by, row.at), (AuditEvent::SiteAdded, fixture.manager.principal, ctx.store.now()));
    assert_eq!((row.subject, row.subject_name.as_deref()), (Some(site.0), Some("Odessa")));
    assert_eq!((row.by_name.as_deref(), row.address.as_deref()), (Some("Nia"), Some("203.0.113.7")));
}

async fn a_refused_action_writes_no_audit_event(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let before = all(ctx, &fixture.owner, &AuditFilter::default()).await.len();
    ctx.store.add_site(&fixture.owner, &line("Abilene")).await.unwrap_err();
    ctx.store.set_role(&fixture.manager, person(&fixture.owner), Role::Staff).await.unwrap_err();
    assert_eq!(all(ctx, &fixture.owner, &AuditFilter::default()).await.len(), before);
}

async fn audit_events_are_filtered_by_person_kind_and_day(ctx: &TestContext) {
    let (fixture, store) = (ctx.fixture().await, &ctx.store);
    let began = store.now();
    ctx.hours(48);
    store.add_site(&fixture.owner, &line("Odessa")).await.unwrap();
    let made = store.create_token(&fixture.owner, &token(Role::Manager)).await.unwrap();
    let program = store.actor_by_token(&made.token).await.unwrap().unwrap();
    ctx.hours(48);
    store.add_site(&program, &line("Hays")).await.unwrap();
    let count = async |filter: AuditFilter| all(ctx, &fixture.owner, &filter).await.len();
    let sites = AuditFilter { event: Some(AuditEvent::SiteAdded), ..AuditFilter::default() };
    let in_all = count(sites.clone()).await;
    assert!(in_all >= 3, "{in_all}");
    let later = AuditFilter { from: Some(began + TimeDelta::hours(1)), ..sites.clone() };
    assert_eq!(count(later.clone()).await, 2);
    assert_eq!(count(AuditFilter { until: Some(began + TimeDelta::hours(72)), ..later.clone() }).await, 1);
    assert_eq!(count(AuditFilter { by: Some(made.id.0), ..later.clone() }).await, 1);
    assert_eq!(count(AuditFilter { by: Some(person(&fixture.owner).0), ..later }).await, 1);
    assert_eq!(count(AuditFilter { by: Some(person(&fixture.auditor).0), ..sites }).await, 0);
}

async fn audit_events_are_paginated(ctx: &TestContext) {
    let (fixture, store) = (ctx.fixture().await, &ctx.store);
    for number in 0..7 {
        store.add_site(&fixture.owner, &line(&format!("Site {number}"))).await.unwrap();
    }
    let filter = AuditFilter { event: Some(AuditEvent::SiteAdded), ..AuditFilter::default() };
    let (mut seen, mut before) = (Vec::new(), None);
    loop {
        let page = store.audit_log(&fixture.owner, &filter, before, 3).await.unwrap();
        seen.extend(page.rows.iter().map(|row| row.id));
        before = page.before;
        if before.is_none() {
            break;
        }
    }
    let at_once: Vec<_> = all(ctx, &fixture.owner, &filter).await.iter().map(|row| row.id).collect();
    assert_eq!(seen, at_once);
    let nobodys = store.audit_log(&fixture.owner, &filter, Some(uuid::Uuid::nil()), 3).await.unwrap();
    assert!(nobodys.rows.is_empty());
}

async fn sign_ins_and_failures_are_audited_in_the_persons_businesses(ctx: &TestContext) {
    let (fixture, store) = (ctx.fixture().await, &ctx.store);
    let sam = person(&fixture.staff);
    let origin = ClientInfo::of("Firefox, Linux", Some("2001:db8::7".parse().unwrap()));
    store.audit_wrong_password(sam, &origin).await.unwrap();
    ctx.minutes(1);
    let session = store.begin_session(sam, &origin).await.unwrap().unwrap();
    let listed = store.sessions(sam).await.unwrap().remove(0);
    ctx.minutes(1);
    store.end_session(&session.token, &origin).await.unwrap();
    store.end_session(&session.token, &origin).await.unwrap();
    let filter = AuditFilter { by: Some(sam.0), ..AuditFilter::default() };
    let rows = all(ctx, &fixture.owner, &filter).await;
    let events: Vec<_> = rows.iter().rev().map(|row| row.event).collect();
    assert_eq!(events, [AuditEvent::SignInFailed, AuditEvent::SignedIn, AuditEvent::SignedOut]);
    assert!(rows.iter().all(|row| row.address.as_deref() == Some("2001:db8::7")));
    assert_eq!(listed.device, "Firefox, Linux");
}

async fn audit_ip_addresses_are_purged_after_180_days(ctx: &TestContext) {
    let (fixture, store) = (ctx.fixture().await, &ctx.store);
    store.add_site(&from(&fixture.owner, "203.0.113.7"), &line("Odessa")).await.unwrap();
    ctx.hours(24 * 180);
    store.add_site(&from(&fixture.owner, "203.0.113.8"), &line("Hays")).await.unwrap();
    assert_eq!(store.purge_audit_addresses(&fixture.owner).await.unwrap(), 0);
    ctx.minutes(1);
    assert_eq!(store.purge_audit_addresses(&fixture.owner).await.unwrap(), 1);
    let rows = all(ctx, &fixture.owner, &AuditFilter::default()).await;
    let known: Vec<_> = rows.iter().filter_map(|row| row.address.as_deref()).collect();
    assert_eq!(known, ["203.0.113.8"]);
}

async fn only_owners_read_the_audit_log_of_their_business(ctx: &TestContext) {
    let (fixture, store) = (ctx.fixture().await, &ctx.store);
    for actor in [&fixture.manager, &fixture.staff, &fixture.auditor] {
        assert!(matches!(store.audit_log(actor, &AuditFilter::default(), None, 10).await, Err(Error::NotAllowed(_))));
    }
    let other = ctx.other_fixture().await;
    let ours: Vec<_> = all(ctx, &fixture.owner, &AuditFilter::default()).await.iter().map(|row| row.id).collect();
    let theirs = all(ctx, &other.owner, &AuditFilter::default()).await;
    assert!(!theirs.is_empty() && theirs.iter().all(|row| !ours.contains(&row.id)));
}

async fn the_audit_log_can_be_filtered_by_any_valid_day(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let count = async |filter: AuditFilter| all(ctx, &fixture.owner, &filter).await.len();
    let recorded = count(AuditFilter::default()).await;
    assert!(recorded > 0);
    for zone in ["Etc/GMT+12", "Pacific/Kiritimati"] {
        let zone: Tz = zone.parse().unwrap();
        let day = |text: &str| day_bounds(&zone, parse_day(text).unwrap());
        let ((begin, end), (last, beyond)) = (day("0001-01-01"), day("9998-12-31"));
        let between = |from, until| AuditFilter { from: Some(from), until: Some(until), ..AuditFilter::default() };
        assert_eq!(count(between(begin, beyond)).await, recorded);
        assert_eq!(count(between(begin, end)).await, 0);
        assert_eq!(count(between(last, beyond)).await, 0);
    }
}
