//! Whatever becomes of somebody: what they made carries no more than they could give, and loses no more than it must.

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::actor::Role;

fn site(number: u128) -> SiteId {
    SiteId(Uuid::from_u128(number))
}

fn at(sites: &[u128]) -> Reach {
    Reach::of(sites.iter().copied().map(site))
}

fn rights(role: Role, reach: Reach) -> Rights {
    Rights { role, reach }
}

fn everywhere(role: Role) -> Rights {
    rights(role, Reach::Everywhere)
}

fn any_reach() -> impl Strategy<Value = Reach> {
    let sites = prop::collection::vec(0..4_u128, 1..4);
    prop_oneof![Just(Reach::Everywhere), sites.prop_map(|sites| at(&sites))]
}

fn any_rights() -> impl Strategy<Value = Rights> {
    let rights = |(role, reach)| Rights::of(role, reach).ok();
    (prop::sample::select(Role::ALL.to_vec()), any_reach()).prop_filter_map("a role that is not bound", rights)
}

fn any_grant() -> impl Strategy<Value = Grant> {
    prop_oneof![
        any_rights().prop_map(Grant::Invitation),
        any_rights().prop_map(Grant::Token),
        (0..4_u128).prop_map(|number| Grant::Device(site(number))),
        (0..4_u128).prop_map(|number| Grant::CustomerLink(site(number))),
    ]
}

/// What is left of it.
fn left(grant: &Grant, fate: Fate) -> Option<Grant> {
    match (grant, fate) {
        (_, Fate::End) => None,
        (grant, Fate::Keep) => Some(grant.clone()),
        (Grant::Invitation(of), Fate::Narrow(reach)) => Some(Grant::Invitation(rights(of.role, reach))),
        (Grant::Token(of), Fate::Narrow(reach)) => Some(Grant::Token(rights(of.role, reach))),
        (Grant::Device(_) | Grant::CustomerLink(_), Fate::Narrow(_)) => panic!("a site is one or none"),
    }
}

/// The acts that it allows, each with the sites where it allows them.
fn allows(grant: &Grant) -> Rights {
    match grant {
        Grant::Invitation(rights) | Grant::Token(rights) => rights.clone(),
        Grant::Device(site) | Grant::CustomerLink(site) => rights(Role::Staff, Reach::of([*site])),
    }
}

proptest! {
    #[test]
    fn what_is_left_is_no_more_than_its_maker_could_make_now(grant in any_grant(), maker in any_rights()) {
        let Some(left) = left(&grant, grant.fate(Some(&maker))) else { return Ok(()) };
        prop_assert!(maker.may(left.needs()));
        prop_assert!(left.give(&maker).is_ok());
        prop_assert!(left.holds(Some(&maker)));
        let (made, now) = (allows(&grant), allows(&left));
        prop_assert!(maker.reach.covers(&now.reach) && made.reach.covers(&now.reach) && made.role == now.role);
        for act in Act::ALL {
            prop_assert!(!now.role.may(act) || maker.role.may(act), "{:?}", act);
        }
        prop_assert!(Rights::of(now.role, now.reach).is_ok(), "it can be stored");
    }

    #[test]
    fn whatever_its_maker_could_make_now_stays_as_it_is(grant in any_grant(), maker in any_rights()) {
        let could = maker.may(grant.needs()) && grant.give(&maker).is_ok();
        prop_assert_eq!(grant.holds(Some(&maker)), could);
        prop_assert_eq!(grant.fate(None), Fate::End, "whoever is let in no longer gives nothing");
    }

    #[test]
    fn no_site_is_lost_that_its_maker_still_reaches(of in any_rights(), maker in any_rights()) {
        let grant = Grant::Invitation(of.clone());
        if !maker.may(Act::Invite) || !maker.role.may_give(of.role) {
            prop_assert_eq!(grant.fate(Some(&maker)), Fate::End);
            return Ok(());
        }
        let reaches = |reach: &Reach, number| reach.covers(&at(&[number]));
        let left = left(&grant, grant.fate(Some(&maker)));
        for number in 0..4 {
            let both = reaches(&of.reach, number) && reaches(&maker.reach, number);
            let stays = left.as_ref().is_some_and(|left| reaches(&left.reach(), number));
            // A role that reaches everything is not bound: it ends.
            prop_assert_eq!(stays, both && (of.role.may_be_bound() || maker.reach.is_everywhere()), "{}", number);
        }
    }

    #[test]
    fn one_change_after_another_leaves_no_more_than_the_last_alone(
        grant in any_grant(),
        makers in prop::collection::vec(any_rights(), 1..5),
    ) {
        let mut now = Some(grant.clone());
        for maker in &makers {
            now = now.and_then(|now| left(&now, now.fate(Some(maker))));
            let again = now.as_ref().map(|now| now.fate(Some(maker)));
            prop_assert!(again.is_none_or(|again| again == Fate::Keep), "what was settled is settled");
        }
        let last = makers.last().and_then(|maker| left(&grant, grant.fate(Some(maker))));
        if let Some(now) = now {
            let last = last.map(|last| allows(&last));
            prop_assert!(last.is_some_and(|last| last.role == allows(&now).role && last.reach.covers(&now.reach())));
        }
    }

    #[test]
    fn whatever_is_typed_names_a_thing_or_nothing(text: String, number: u128) {
        let id = Uuid::from_u128(number);
        for made in [
            Made::Invitation(id.into()),
            Made::Token(id.into()),
            Made::Device(id.into()),
            Made::CustomerLink(id.into()),
        ] {
            prop_assert_eq!(Made::parse(&format!(" {made} ")), Ok(made));
        }
        prop_assert!(Made::parse(&text).is_err());
    }
}

#[test]
fn each_thing_meets_its_fate() {
    let (owner, manager, staff) = (everywhere(Role::Owner), everywhere(Role::Manager), everywhere(Role::Staff));
    let bound = |role, sites: &[u128]| rights(role, at(sites));
    let invited = |role, sites: &[u128]| Grant::Invitation(bound(role, sites));
    let nobody = None;
    for (what, grant, maker, fate) in [
        ("an owner's invitation, the owner dismissed", Grant::Invitation(owner.clone()), nobody, Fate::End),
        ("and a manager now", Grant::Invitation(owner.clone()), Some(&manager), Fate::End),
        ("and an owner still", Grant::Invitation(owner.clone()), Some(&owner), Fate::Keep),
        (
            "an invitation of staff, its maker a manager now",
            Grant::Invitation(staff.clone()),
            Some(&manager),
            Fate::Keep,
        ),
        ("and staff now", Grant::Invitation(staff.clone()), Some(&staff), Fate::End),
        ("and an auditor now", Grant::Invitation(staff.clone()), Some(&everywhere(Role::Auditor)), Fate::End),
        (
            "everywhere, its maker bound now",
            Grant::Invitation(staff.clone()),
            Some(&bound(Role::Manager, &[1, 2])),
            Fate::Narrow(at(&[1, 2])),
        ),
        (
            "at two sites, its maker at one",
            invited(Role::Staff, &[1, 2]),
            Some(&bound(Role::Manager, &[2, 3])),
            Fate::Narrow(at(&[2])),
        ),
        ("at a site that its maker lost", invited(Role::Staff, &[1]), Some(&bound(Role::Manager, &[2])), Fate::End),
        (
            "at a site that its maker kept",
            invited(Role::Manager, &[1]),
            Some(&bound(Role::Manager, &[1, 2])),
            Fate::Keep,
        ),
        ("a token of staff, its maker a manager now", Grant::Token(staff.clone()), Some(&manager), Fate::End),
        ("a token of an owner, its maker gone", Grant::Token(owner.clone()), nobody, Fate::End),
        (
            "a token of staff at a site, its maker an owner",
            Grant::Token(bound(Role::Staff, &[1])),
            Some(&owner),
            Fate::Keep,
        ),
        ("a device, its maker gone", Grant::Device(site(1)), nobody, Fate::End),
        ("a device, its maker staff now", Grant::Device(site(1)), Some(&staff), Fate::End),
        ("a device, its maker at that site", Grant::Device(site(1)), Some(&bound(Role::Manager, &[1])), Fate::Keep),
        ("a device, its maker at another site", Grant::Device(site(1)), Some(&bound(Role::Manager, &[2])), Fate::End),
        ("a customer's link, its maker gone", Grant::CustomerLink(site(1)), nobody, Fate::End),
        (
            "a customer's link, its maker an auditor",
            Grant::CustomerLink(site(1)),
            Some(&everywhere(Role::Auditor)),
            Fate::End,
        ),
        ("a customer's link, its maker staff", Grant::CustomerLink(site(1)), Some(&staff), Fate::Keep),
        (
            "a customer's link, its maker elsewhere",
            Grant::CustomerLink(site(1)),
            Some(&bound(Role::Staff, &[2])),
            Fate::End,
        ),
    ] {
        assert_eq!(grant.fate(maker), fate, "{what}");
    }
}
