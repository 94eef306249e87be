//! A table of fates: each thing that can be made, and whatever can become of its maker.

use domain::actor::{Actor, Reach, Role};
use domain::ids::PersonId;
use domain::member::Rights;

use super::{Does, Thing, Two, person, rights};
use crate::world::World;

facts![what_a_manager_made_meets_its_fate, what_an_owner_made_meets_its_fate];

/// What becomes of its maker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Event {
    Dismissed,
    Leaves,
    Appointed(Role),
    /// Is bound to the first site, or the second, or both.
    Bound(&'static [usize]),
}

/// What can be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    /// For a role, everywhere or at these sites.
    Invitation(Role, Option<&'static [usize]>),
    Token(Role, Option<&'static [usize]>),
    /// Of the first site or the second.
    DeviceLink(usize),
    Device(usize),
    CustomerLink(usize),
}

/// What becomes of it: it goes on as it is, for these sites only, or ends.
#[derive(Clone, Copy, Debug)]
enum Fate {
    On,
    At(&'static [usize]),
    Over,
}

use Event::{Appointed, Bound, Dismissed, Leaves};
use Fate::{At, On, Over};
use Role::{Auditor, Manager, Owner, Staff};
use What::{CustomerLink, Device, DeviceLink, Invitation, Token};

const FIRST: &[usize] = &[0];
const SECOND: &[usize] = &[1];
const BOTH: &[usize] = &[0, 1];

/// What becomes of what a manager made who was not bound.
const MANAGER: [Event; 8] = [
    Dismissed,
    Leaves,
    Appointed(Staff),
    Appointed(Auditor),
    Appointed(Owner),
    Bound(FIRST),
    Bound(SECOND),
    Bound(BOTH),
];
const BY_A_MANAGER: &[(What, [Fate; 8])] = &[
    (Invitation(Staff, None), [Over, Over, Over, Over, On, At(FIRST), At(SECOND), At(BOTH)]),
    (Invitation(Manager, None), [Over, Over, Over, Over, On, At(FIRST), At(SECOND), At(BOTH)]),
    (Invitation(Staff, Some(BOTH)), [Over, Over, Over, Over, On, At(FIRST), At(SECOND), On]),
    (Invitation(Staff, Some(FIRST)), [Over, Over, Over, Over, On, On, Over, On]),
    (Invitation(Manager, Some(SECOND)), [Over, Over, Over, Over, On, Over, On, On]),
    (DeviceLink(0), [Over, Over, Over, Over, On, On, Over, On]),
    (DeviceLink(1), [Over, Over, Over, Over, On, Over, On, On]),
    (Device(0), [Over, Over, Over, Over, On, On, Over, On]),
    (Device(1), [Over, Over, Over, Over, On, Over, On, On]),
    (CustomerLink(0), [Over, Over, On, Over, On, On, Over, On]),
    (CustomerLink(1), [Over, Over, On, Over, On, Over, On, On]),
];

/// And of what an owner made.
const OWNER: [Event; 5] = [Dismissed, Leaves, Appointed(Manager), Appointed(Staff), Appointed(Auditor)];
const BY_AN_OWNER: &[(What, [Fate; 5])] = &[
    (Invitation(Owner, None), [Over, Over, Over, Over, Over]),
    (Invitation(Auditor, None), [Over, Over, Over, Over, Over]),
    (Invitation(Manager, None), [Over, Over, On, Over, Over]),
    (Invitation(Staff, Some(FIRST)), [Over, Over, On, Over, Over]),
    (Token(Owner, None), [Over, Over, Over, Over, Over]),
    (Token(Manager, None), [Over, Over, Over, Over, Over]),
    (Token(Staff, Some(SECOND)), [Over, Over, Over, Over, Over]),
    (Token(Auditor, None), [Over, Over, Over, Over, Over]),
    (DeviceLink(0), [Over, Over, On, Over, Over]),
    (Device(1), [Over, Over, On, Over, Over]),
    (CustomerLink(0), [Over, Over, On, On, Over]),
];

async fn what_a_manager_made_meets_its_fate(world: &World) {
    let two = Two::new(world).await;
    for (row, (what, fates)) in BY_A_MANAGER.iter().enumerate() {
        for (column, (event, fate)) in MANAGER.iter().zip(fates).enumerate() {
            meets(world, &two, (Manager, format!("Mo {row} {column}")), *what, *event, *fate).await;
        }
    }
}

async fn what_an_owner_made_meets_its_fate(world: &World) {
    let two = Two::new(world).await;
    for (row, (what, fates)) in BY_AN_OWNER.iter().enumerate() {
        for (column, (event, fate)) in OWNER.iter().zip(fates).enumerate() {
            meets(world, &two, (Owner, format!("Una {row} {column}")), *what, *event, *fate).await;
        }
    }
}

async fn meets(world: &World, two: &Two, (role, name): (Role, String), what: What, event: Event, fate: Fate) {
    let (maker, owner, said) =
        (two.somebody(world, &name, role).await, &two.shop.owner, format!("{what:?}, {event:?}"));
    let thing = make(world, two, &maker, what).await;
    let before = thing.does(world, owner).await;
    assert_ne!(before, Does::Nothing, "{said}");
    happens(world, two, &maker, event).await;
    let expected = match (fate, before) {
        (Over, _) => Does::Nothing,
        (On, before) => before,
        (At(sites), Does::Act(of)) => Does::Act(Rights { reach: at(two, sites), ..of }),
        (At(_), before) => panic!("{said}: {before:?} is of one site"),
    };
    assert_eq!(thing.does(world, owner).await, expected, "{said}");
    let number = world.raw.count("people").await.unsigned_abs();
    assert_eq!(thing.is_used(world, number).await, expected != Does::Nothing, "{said}");
    if let (What::Invitation(..), Does::Act(given)) = (what, expected) {
        let members = world.store.members(owner).await.unwrap();
        let entered = members.iter().find(|member| member.email == format!("kim{number}@new.example")).unwrap();
        assert_eq!(rights(entered.role, entered.reach.clone()), given, "{said}: what it was cut to is what is given");
    }
}

fn at(two: &Two, sites: &[usize]) -> Reach {
    Reach::of(sites.iter().map(|site| two.sites[*site]))
}

async fn make(world: &World, two: &Two, maker: &Actor, what: What) -> Thing {
    let of = |role, sites: Option<&[usize]>| rights(role, sites.map_or(Reach::Everywhere, |sites| at(two, sites)));
    let made = match what {
        Invitation(role, sites) => Thing::invitation(world, maker, of(role, sites)).await,
        Token(role, sites) => Thing::token(world, maker, of(role, sites)).await,
        DeviceLink(site) => Thing::device(world, maker, two.sites[site], false).await,
        Device(site) => Thing::device(world, maker, two.sites[site], true).await,
        CustomerLink(site) => {
            let recovery = two.remedied(world, two.places[site]).await;
            Thing::customer_link(world, maker, recovery).await
        }
    };
    made.unwrap()
}

async fn happens(world: &World, two: &Two, maker: &Actor, event: Event) {
    let (store, owner, id): (_, _, PersonId) = (&world.store, &two.shop.owner, person(maker));
    match event {
        Dismissed => store.dismiss(owner, id).await.unwrap().unwrap(),
        Leaves => store.leave(maker).await.unwrap(),
        Appointed(role) => store.appoint(owner, id, role).await.unwrap().unwrap(),
        Bound(sites) => store.bind(owner, id, &at(two, sites)).await.unwrap().unwrap(),
    }
}
