//! What happens to each kind of grant when the rights of its maker change.

use domain::actor::Actor;
use domain::ids::PersonId;
use domain::rights::Rights;
use domain::role::Role;
use domain::site_access::SiteAccess;

use super::{GrantEffect, TestGrant, TwoSites, person, rights};
use crate::harness::TestContext;

both_databases![grants_of_a_manager_follow_changes_of_their_rights, grants_of_an_owner_follow_changes_of_their_rights];

/// What happens to the maker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Event {
    Removed,
    Left,
    RoleChanged(Role),
    /// Gets access to the first site, the second, or both.
    SiteAccessChanged(&'static [usize]),
}

/// A kind of grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    /// For a role, at all sites or at these.
    Invitation(Role, Option<&'static [usize]>),
    Token(Role, Option<&'static [usize]>),
    /// At the first site or the second.
    DeviceLink(usize),
    Device(usize),
    CustomerLink(usize),
}

/// What happens to the grant.
#[derive(Clone, Copy, Debug)]
enum Expected {
    Kept,
    At(&'static [usize]),
    Ended,
}

use Event::{Left, Removed, RoleChanged, SiteAccessChanged};
use Expected::{At, Ended, Kept};
use Role::{Auditor, Manager, Owner, Staff};
use What::{CustomerLink, Device, DeviceLink, Invitation, Token};

const FIRST: &[usize] = &[0];
const SECOND: &[usize] = &[1];
const BOTH: &[usize] = &[0, 1];

/// The grants of a manager with access to all sites.
const MANAGER_EVENTS: [Event; 8] = [
    Removed,
    Left,
    RoleChanged(Staff),
    RoleChanged(Auditor),
    RoleChanged(Owner),
    SiteAccessChanged(FIRST),
    SiteAccessChanged(SECOND),
    SiteAccessChanged(BOTH),
];
const MANAGER_GRANTS: &[(What, [Expected; 8])] = &[
    (Invitation(Staff, None), [Ended, Ended, Ended, Ended, Kept, At(FIRST), At(SECOND), At(BOTH)]),
    (Invitation(Manager, None), [Ended, Ended, Ended, Ended, Kept, At(FIRST), At(SECOND), At(BOTH)]),
    (Invitation(Staff, Some(BOTH)), [Ended, Ended, Ended, Ended, Kept, At(FIRST), At(SECOND), Kept]),
    (Invitation(Staff, Some(FIRST)), [Ended, Ended, Ended, Ended, Kept, Kept, Ended, Kept]),
    (Invitation(Manager, Some(SECOND)), [Ended, Ended, Ended, Ended, Kept, Ended, Kept, Kept]),
    (DeviceLink(0), [Ended, Ended, Ended, Ended, Kept, Kept, Ended, Kept]),
    (DeviceLink(1), [Ended, Ended, Ended, Ended, Kept, Ended, Kept, Kept]),
    (Device(0), [Ended, Ended, Ended, Ended, Kept, Kept, Ended, Kept]),
    (Device(1), [Ended, Ended, Ended, Ended, Kept, Ended, Kept, Kept]),
    (CustomerLink(0), [Ended, Ended, Kept, Ended, Kept, Kept, Ended, Kept]),
    (CustomerLink(1), [Ended, Ended, Kept, Ended, Kept, Ended, Kept, Kept]),
];

/// The grants of an owner.
const OWNER_EVENTS: [Event; 5] = [Removed, Left, RoleChanged(Manager), RoleChanged(Staff), RoleChanged(Auditor)];
const OWNER_GRANTS: &[(What, [Expected; 5])] = &[
    (Invitation(Owner, None), [Ended, Ended, Ended, Ended, Ended]),
    (Invitation(Auditor, None), [Ended, Ended, Ended, Ended, Ended]),
    (Invitation(Manager, None), [Ended, Ended, Kept, Ended, Ended]),
    (Invitation(Staff, Some(FIRST)), [Ended, Ended, Kept, Ended, Ended]),
    (Token(Owner, None), [Ended, Ended, Ended, Ended, Ended]),
    (Token(Manager, None), [Ended, Ended, Ended, Ended, Ended]),
    (Token(Staff, Some(SECOND)), [Ended, Ended, Ended, Ended, Ended]),
    (Token(Auditor, None), [Ended, Ended, Ended, Ended, Ended]),
    (DeviceLink(0), [Ended, Ended, Kept, Ended, Ended]),
    (Device(1), [Ended, Ended, Kept, Ended, Ended]),
    (CustomerLink(0), [Ended, Ended, Kept, Kept, Ended]),
];

async fn grants_of_a_manager_follow_changes_of_their_rights(ctx: &TestContext) {
    let two = TwoSites::new(ctx).await;
    for (row, (what, fates)) in MANAGER_GRANTS.iter().enumerate() {
        for (column, (event, fate)) in MANAGER_EVENTS.iter().zip(fates).enumerate() {
            assert_grant_after(ctx, &two, (Manager, format!("Mo {row} {column}")), *what, *event, *fate).await;
        }
    }
}

async fn grants_of_an_owner_follow_changes_of_their_rights(ctx: &TestContext) {
    let two = TwoSites::new(ctx).await;
    for (row, (what, fates)) in OWNER_GRANTS.iter().enumerate() {
        for (column, (event, fate)) in OWNER_EVENTS.iter().zip(fates).enumerate() {
            assert_grant_after(ctx, &two, (Owner, format!("Una {row} {column}")), *what, *event, *fate).await;
        }
    }
}

async fn assert_grant_after(
    ctx: &TestContext,
    two: &TwoSites,
    (role, name): (Role, String),
    what: What,
    event: Event,
    fate: Expected,
) {
    let (maker, owner, said) =
        (two.somebody(ctx, &name, role).await, &two.fixture.owner, format!("{what:?}, {event:?}"));
    let thing = make(ctx, two, &maker, what).await;
    let before = thing.effect(ctx, owner).await;
    assert_ne!(before, GrantEffect::Nothing, "{said}");
    apply_event(ctx, two, &maker, event).await;
    let expected = match (fate, before) {
        (Ended, _) => GrantEffect::Nothing,
        (Kept, before) => before,
        (At(sites), GrantEffect::Act(of)) => GrantEffect::Act(Rights { site_access: at(two, sites), ..of }),
        (At(_), before) => panic!("{said}: {before:?} is of one site"),
    };
    assert_eq!(thing.effect(ctx, owner).await, expected, "{said}");
    let number = ctx.direct_db.count("people").await.unsigned_abs();
    assert_eq!(thing.try_to_use(ctx, number).await, expected != GrantEffect::Nothing, "{said}");
    if let (What::Invitation(..), GrantEffect::Act(given)) = (what, expected) {
        let members = ctx.store.members(owner).await.unwrap();
        let entered = members.iter().find(|member| member.email == format!("kim{number}@new.example")).unwrap();
        assert_eq!(
            rights(entered.role, entered.site_access.clone()),
            given,
            "{said}: what it was cut to is what is given"
        );
    }
}

fn at(two: &TwoSites, sites: &[usize]) -> SiteAccess {
    SiteAccess::sites(sites.iter().map(|site| two.sites[*site]))
}

async fn make(ctx: &TestContext, two: &TwoSites, maker: &Actor, what: What) -> TestGrant {
    let of = |role, sites: Option<&[usize]>| rights(role, sites.map_or(SiteAccess::AllSites, |sites| at(two, sites)));
    let made = match what {
        Invitation(role, sites) => TestGrant::invitation(ctx, maker, of(role, sites)).await,
        Token(role, sites) => TestGrant::token(ctx, maker, of(role, sites)).await,
        DeviceLink(site) => TestGrant::device(ctx, maker, two.sites[site], false).await,
        Device(site) => TestGrant::device(ctx, maker, two.sites[site], true).await,
        CustomerLink(site) => {
            let recovery = two.remedied_recovery(ctx, two.places[site]).await;
            TestGrant::customer_link(ctx, maker, recovery).await
        }
    };
    made.unwrap()
}

async fn apply_event(ctx: &TestContext, two: &TwoSites, maker: &Actor, event: Event) {
    let (store, owner, id): (_, _, PersonId) = (&ctx.store, &two.fixture.owner, person(maker));
    match event {
        Removed => store.remove_member(owner, id).await.unwrap().unwrap(),
        Left => store.leave(maker).await.unwrap(),
        RoleChanged(role) => store.set_role(owner, id, role).await.unwrap().unwrap(),
        SiteAccessChanged(sites) => store.set_site_access(owner, id, &at(two, sites)).await.unwrap().unwrap(),
    }
}
