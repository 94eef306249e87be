//! Whatever happens to its maker, a grant allows no more than they could give, and loses no more than it must.

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::role::Role;

fn site(number: u128) -> SiteId {
    SiteId(Uuid::from_u128(number))
}

fn at(sites: &[u128]) -> SiteAccess {
    SiteAccess::sites(sites.iter().copied().map(site))
}

fn rights(role: Role, reach: SiteAccess) -> Rights {
    Rights { role, site_access: reach }
}

fn everywhere(role: Role) -> Rights {
    rights(role, SiteAccess::AllSites)
}

fn any_site_access() -> impl Strategy<Value = SiteAccess> {
    let sites = prop::collection::vec(0..4_u128, 1..4);
    prop_oneof![Just(SiteAccess::AllSites), sites.prop_map(|sites| at(&sites))]
}

fn any_rights() -> impl Strategy<Value = Rights> {
    let rights = |(role, reach)| Rights::new(role, reach).ok();
    (prop::sample::select(Role::ALL.to_vec()), any_site_access()).prop_filter_map("a role that is not bound", rights)
}

fn any_grant() -> impl Strategy<Value = Grant> {
    prop_oneof![
        any_rights().prop_map(Grant::Invitation),
        any_rights().prop_map(Grant::Token),
        (0..4_u128).prop_map(|number| Grant::Device(site(number))),
        (0..4_u128).prop_map(|number| Grant::CustomerLink(site(number))),
    ]
}

/// What remains of a grant.
fn left(grant: &Grant, fate: GrantFate) -> Option<Grant> {
    match (grant, fate) {
        (_, GrantFate::End) => None,
        (grant, GrantFate::Keep) => Some(grant.clone()),
        (Grant::Invitation(of), GrantFate::Narrow(reach)) => Some(Grant::Invitation(rights(of.role, reach))),
        (Grant::Token(of), GrantFate::Narrow(reach)) => Some(Grant::Token(rights(of.role, reach))),
        (Grant::Device(_) | Grant::CustomerLink(_), GrantFate::Narrow(_)) => panic!("a site is one or none"),
    }
}

/// The rights that a grant gives.
fn allows(grant: &Grant) -> Rights {
    match grant {
        Grant::Invitation(rights) | Grant::Token(rights) => rights.clone(),
        Grant::Device(site) | Grant::CustomerLink(site) => rights(Role::Staff, SiteAccess::sites([*site])),
    }
}

proptest! {
    #[test]
    fn a_remaining_grant_never_exceeds_its_makers_rights(grant in any_grant(), maker in any_rights()) {
        let Some(left) = left(&grant, grant.after_maker_change(Some(&maker))) else { return Ok(()) };
        prop_assert!(maker.may(left.needs()));
        prop_assert!(left.require_manageable_by(&maker).is_ok());
        prop_assert!(left.is_valid(Some(&maker)));
        let (made, now) = (allows(&grant), allows(&left));
        prop_assert!(maker.site_access.covers(&now.site_access) && made.site_access.covers(&now.site_access) && made.role == now.role);
        for act in Permission::ALL {
            prop_assert!(!now.role.may(act) || maker.role.may(act), "{:?}", act);
        }
        prop_assert!(Rights::new(now.role, now.site_access).is_ok(), "it can be stored");
    }

    #[test]
    fn a_grant_its_maker_could_still_make_stays_valid(grant in any_grant(), maker in any_rights()) {
        let could = maker.may(grant.needs()) && grant.require_manageable_by(&maker).is_ok();
        prop_assert_eq!(grant.is_valid(Some(&maker)), could);
        prop_assert_eq!(grant.after_maker_change(None), GrantFate::End, "whoever is let in no longer gives nothing");
    }

    #[test]
    fn an_invitation_keeps_the_sites_its_maker_can_access(of in any_rights(), maker in any_rights()) {
        let grant = Grant::Invitation(of.clone());
        if !maker.may(Permission::Invite) || !maker.role.may_give(of.role) {
            prop_assert_eq!(grant.after_maker_change(Some(&maker)), GrantFate::End);
            return Ok(());
        }
        let reaches = |reach: &SiteAccess, number| reach.covers(&at(&[number]));
        let left = left(&grant, grant.after_maker_change(Some(&maker)));
        for number in 0..4 {
            let both = reaches(&of.site_access, number) && reaches(&maker.site_access, number);
            let stays = left.as_ref().is_some_and(|left| reaches(&left.reach(), number));
            // A role that always covers all sites cannot be narrowed, so the grant ends.
            prop_assert_eq!(stays, both && (of.role.may_have_sites() || maker.site_access.is_all_sites()), "{}", number);
        }
    }

    #[test]
    fn successive_maker_changes_leave_no_more_than_the_last_one(
        grant in any_grant(),
        makers in prop::collection::vec(any_rights(), 1..5),
    ) {
        let mut now = Some(grant.clone());
        for maker in &makers {
            now = now.and_then(|now| left(&now, now.after_maker_change(Some(maker))));
            let again = now.as_ref().map(|now| now.after_maker_change(Some(maker)));
            prop_assert!(again.is_none_or(|again| again == GrantFate::Keep), "what was settled is settled");
        }
        let last = makers.last().and_then(|maker| left(&grant, grant.after_maker_change(Some(maker))));
        if let Some(now) = now {
            let last = last.map(|last| allows(&last));
            prop_assert!(last.is_some_and(|last| last.role == allows(&now).role && last.site_access.covers(&now.reach())));
        }
    }

    #[test]
    fn a_grant_id_round_trips_and_other_text_is_refused(text: String, number: u128) {
        let id = Uuid::from_u128(number);
        for made in [
            GrantId::Invitation(id.into()),
            GrantId::Token(id.into()),
            GrantId::Device(id.into()),
            GrantId::CustomerLink(id.into()),
        ] {
            prop_assert_eq!(GrantId::parse(&format!(" {made} ")), Ok(made));
        }
        prop_assert!(GrantId::parse(&text).is_err());
    }
}

#[test]
fn a_maker_change_keeps_narrows_or_ends_each_grant() {
    let (owner, manager, staff) = (everywhere(Role::Owner), everywhere(Role::Manager), everywhere(Role::Staff));
    let bound = |role, sites: &[u128]| rights(role, at(sites));
    let invited = |role, sites: &[u128]| Grant::Invitation(bound(role, sites));
    let nobody = None;
    for (what, grant, maker, fate) in [
        ("an owner's invitation, the owner dismissed", Grant::Invitation(owner.clone()), nobody, GrantFate::End),
        ("and a manager now", Grant::Invitation(owner.clone()), Some(&manager), GrantFate::End),
        ("and an owner still", Grant::Invitation(owner.clone()), Some(&owner), GrantFate::Keep),
        (
            "an invitation of staff, its maker a manager now",
            Grant::Invitation(staff.clone()),
            Some(&manager),
            GrantFate::Keep,
        ),
        ("and staff now", Grant::Invitation(staff.clone()), Some(&staff), GrantFate::End),
        ("and an auditor now", Grant::Invitation(staff.clone()), Some(&everywhere(Role::Auditor)), GrantFate::End),
        (
            "everywhere, its maker bound now",
            Grant::Invitation(staff.clone()),
            Some(&bound(Role::Manager, &[1, 2])),
            GrantFate::Narrow(at(&[1, 2])),
        ),
        (
            "at two sites, its maker at one",
            invited(Role::Staff, &[1, 2]),
            Some(&bound(Role::Manager, &[2, 3])),
            GrantFate::Narrow(at(&[2])),
        ),
        (
            "at a site that its maker lost",
            invited(Role::Staff, &[1]),
            Some(&bound(Role::Manager, &[2])),
            GrantFate::End,
        ),
        (
            "at a site that its maker kept",
            invited(Role::Manager, &[1]),
            Some(&bound(Role::Manager, &[1, 2])),
            GrantFate::Keep,
        ),
        ("a token of staff, its maker a manager now", Grant::Token(staff.clone()), Some(&manager), GrantFate::End),
        ("a token of an owner, its maker gone", Grant::Token(owner.clone()), nobody, GrantFate::End),
        (
            "a token of staff at a site, its maker an owner",
            Grant::Token(bound(Role::Staff, &[1])),
            Some(&owner),
            GrantFate::Keep,
        ),
        ("a device, its maker gone", Grant::Device(site(1)), nobody, GrantFate::End),
        ("a device, its maker staff now", Grant::Device(site(1)), Some(&staff), GrantFate::End),
        (
            "a device, its maker at that site",
            Grant::Device(site(1)),
            Some(&bound(Role::Manager, &[1])),
            GrantFate::Keep,
        ),
        (
            "a device, its maker at another site",
            Grant::Device(site(1)),
            Some(&bound(Role::Manager, &[2])),
            GrantFate::End,
        ),
        ("a customer's link, its maker gone", Grant::CustomerLink(site(1)), nobody, GrantFate::End),
        (
            "a customer's link, its maker an auditor",
            Grant::CustomerLink(site(1)),
            Some(&everywhere(Role::Auditor)),
            GrantFate::End,
        ),
        ("a customer's link, its maker staff", Grant::CustomerLink(site(1)), Some(&staff), GrantFate::Keep),
        (
            "a customer's link, its maker elsewhere",
            Grant::CustomerLink(site(1)),
            Some(&bound(Role::Staff, &[2])),
            GrantFate::End,
        ),
    ] {
        assert_eq!(grant.after_maker_change(maker), fate, "{what}");
    }
}
