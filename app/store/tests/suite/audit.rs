//! Who did what, when, from where: written with the deed or not at all, and read by the owner alone.

use chrono::TimeDelta;
use domain::actor::{Actor, Role, Who};
use domain::deed::Deed;
use domain::ids::PersonId;
use store::{AuditFilter, AuditRow, Error, Origin};

use crate::shop::{line, token};
use crate::world::World;

facts![
    a_deed_says_who_when_and_from_where,
    what_is_refused_leaves_no_deed_behind,
    deeds_are_found_by_hand_kind_and_day,
    deeds_come_page_by_page,
    signing_in_and_failing_to_are_deeds_where_one_is_let_in,
    addresses_are_forgotten_after_half_a_year,
    nobody_but_an_owner_reads_it_and_no_other_business,
];

fn person(actor: &Actor) -> PersonId {
    let Who::Person(person) = actor.who else { unreachable!() };
    person
}

fn from(actor: &Actor, address: &str) -> Actor {
    Actor { from: Some(address.parse().unwrap()), ..actor.clone() }
}

async fn all(world: &World, actor: &Actor, filter: &AuditFilter) -> Vec<AuditRow> {
    world.store.audit(actor, filter, None, 1000).await.unwrap().rows
}

async fn a_deed_says_who_when_and_from_where(world: &World) {
    let shop = world.shop().await;
    world.minutes(1);
    let site = world.store.add_site(&from(&shop.manager, "203.0.113.7"), &line("Odessa")).await.unwrap();
    let row = all(world, &shop.owner, &AuditFilter::default()).await.remove(0);
    assert_eq!((row.deed, row.by, row.at), (Deed::SiteAdded, shop.manager.who, world.store.now()));
    assert_eq!((row.about, row.about_name.as_deref()), (Some(site.0), Some("Odessa")));
    assert_eq!((row.by_name.as_deref(), row.address.as_deref()), (Some("Nia"), Some("203.0.113.7")));
}

async fn what_is_refused_leaves_no_deed_behind(world: &World) {
    let shop = world.shop().await;
    let before = all(world, &shop.owner, &AuditFilter::default()).await.len();
    world.store.add_site(&shop.owner, &line("Abilene")).await.unwrap_err();
    world.store.appoint(&shop.manager, person(&shop.owner), Role::Staff).await.unwrap_err();
    assert_eq!(all(world, &shop.owner, &AuditFilter::default()).await.len(), before);
}

async fn deeds_are_found_by_hand_kind_and_day(world: &World) {
    let (shop, store) = (world.shop().await, &world.store);
    let began = store.now();
    world.hours(48);
    store.add_site(&shop.owner, &line("Odessa")).await.unwrap();
    let made = store.create_token(&shop.owner, &token(Role::Manager)).await.unwrap();
    let program = store.bearer(&made.token).await.unwrap().unwrap();
    world.hours(48);
    store.add_site(&program, &line("Hays")).await.unwrap();
    let count = async |filter: AuditFilter| all(world, &shop.owner, &filter).await.len();
    let sites = AuditFilter { deed: Some(Deed::SiteAdded), ..AuditFilter::default() };
    let in_all = count(sites.clone()).await;
    assert!(in_all >= 3, "{in_all}");
    let later = AuditFilter { from: Some(began + TimeDelta::hours(1)), ..sites.clone() };
    assert_eq!(count(later.clone()).await, 2);
    assert_eq!(count(AuditFilter { until: Some(began + TimeDelta::hours(72)), ..later.clone() }).await, 1);
    assert_eq!(count(AuditFilter { by: Some(made.id.0), ..later.clone() }).await, 1);
    assert_eq!(count(AuditFilter { by: Some(person(&shop.owner).0), ..later }).await, 1);
    assert_eq!(count(AuditFilter { by: Some(person(&shop.auditor).0), ..sites }).await, 0);
}

async fn deeds_come_page_by_page(world: &World) {
    let (shop, store) = (world.shop().await, &world.store);
    for number in 0..7 {
        store.add_site(&shop.owner, &line(&format!("Site {number}"))).await.unwrap();
    }
    let filter = AuditFilter { deed: Some(Deed::SiteAdded), ..AuditFilter::default() };
    let (mut seen, mut before) = (Vec::new(), None);
    loop {
        let page = store.audit(&shop.owner, &filter, before, 3).await.unwrap();
        seen.extend(page.rows.iter().map(|row| row.id));
        before = page.before;
        if before.is_none() {
            break;
        }
    }
    let at_once: Vec<_> = all(world, &shop.owner, &filter).await.iter().map(|row| row.id).collect();
    assert_eq!(seen, at_once);
    let nobodys = store.audit(&shop.owner, &filter, Some(uuid::Uuid::nil()), 3).await.unwrap();
    assert!(nobodys.rows.is_empty());
}

async fn signing_in_and_failing_to_are_deeds_where_one_is_let_in(world: &World) {
    let (shop, store) = (world.shop().await, &world.store);
    let sam = person(&shop.staff);
    let origin = Origin::of("Firefox, Linux", Some("2001:db8::7".parse().unwrap()));
    store.note_wrong_password(sam, &origin).await.unwrap();
    world.minutes(1);
    let session = store.begin_session(sam, &origin).await.unwrap().unwrap();
    let listed = store.sessions(sam).await.unwrap().remove(0);
    world.minutes(1);
    store.end_session(&session.token, &origin).await.unwrap();
    store.end_session(&session.token, &origin).await.unwrap();
    let filter = AuditFilter { by: Some(sam.0), ..AuditFilter::default() };
    let rows = all(world, &shop.owner, &filter).await;
    let deeds: Vec<_> = rows.iter().rev().map(|row| row.deed).collect();
    assert_eq!(deeds, [Deed::SignInFailed, Deed::SignedIn, Deed::SignedOut]);
    assert!(rows.iter().all(|row| row.address.as_deref() == Some("2001:db8::7")));
    assert_eq!(listed.device, "Firefox, Linux");
}

async fn addresses_are_forgotten_after_half_a_year(world: &World) {
    let (shop, store) = (world.shop().await, &world.store);
    store.add_site(&from(&shop.owner, "203.0.113.7"), &line("Odessa")).await.unwrap();
    world.hours(24 * 180);
    store.add_site(&from(&shop.owner, "203.0.113.8"), &line("Hays")).await.unwrap();
    assert_eq!(store.forget_addresses(&shop.owner).await.unwrap(), 0);
    world.minutes(1);
    assert_eq!(store.forget_addresses(&shop.owner).await.unwrap(), 1);
    let rows = all(world, &shop.owner, &AuditFilter::default()).await;
    let known: Vec<_> = rows.iter().filter_map(|row| row.address.as_deref()).collect();
    assert_eq!(known, ["203.0.113.8"]);
}

async fn nobody_but_an_owner_reads_it_and_no_other_business(world: &World) {
    let (shop, store) = (world.shop().await, &world.store);
    for actor in [&shop.manager, &shop.staff, &shop.auditor] {
        assert!(matches!(store.audit(actor, &AuditFilter::default(), None, 10).await, Err(Error::NotAllowed(_))));
    }
    let other = world.other_shop().await;
    let ours: Vec<_> = all(world, &shop.owner, &AuditFilter::default()).await.iter().map(|row| row.id).collect();
    let theirs = all(world, &other.owner, &AuditFilter::default()).await;
    assert!(!theirs.is_empty() && theirs.iter().all(|row| !ours.contains(&row.id)));
}
