//! A long random history of members who join, leave, change their rights and make grants: no grant ever gives more than
//! its maker may give now.

use std::collections::BTreeMap;

use domain::actor::{Actor, Principal};
use domain::grant::GrantId;
use domain::ids::{PersonId, RecoveryId};
use domain::rights::Rights;
use domain::role::{Permission, Role};
use domain::site_access::SiteAccess;
use proptest::prelude::*;
use store::Error;

use super::pages::id_of;
use super::{GrantEffect, TestGrant, TwoSites, new_account};
use crate::harness::TestContext;
use crate::random_history::sample;

both_databases![no_grant_ever_exceeds_its_makers_current_rights];

const STEPS: usize = 260;

/// An action. The numbers choose among what exists.
#[derive(Clone, Copy, Debug)]
enum Step {
    Invite(usize, usize),
    Token(usize, usize),
    Device(usize, bool),
    CustomerLink,
    Join(usize),
    ChangeRole(usize, usize),
    ChangeSiteAccess(usize, usize),
    RemoveMember(usize),
    Leave,
    TakeOver(usize, Option<usize>),
    End(usize, Option<usize>),
    Renew(usize),
    Revoke(usize),
}

fn step() -> impl Strategy<Value = (usize, Step)> {
    let number = || any::<usize>();
    let which = || prop::option::of(any::<usize>());
    let step = prop_oneof![
        6 => (number(), number()).prop_map(|(role, site_access)| Step::Invite(role, site_access)),
        4 => (number(), number()).prop_map(|(role, site_access)| Step::Token(role, site_access)),
        4 => (number(), any::<bool>()).prop_map(|(site, registered)| Step::Device(site, registered)),
        3 => Just(Step::CustomerLink),
        3 => number().prop_map(Step::Join),
        4 => (number(), number()).prop_map(|(whom, role)| Step::ChangeRole(whom, role)),
        4 => (number(), number()).prop_map(|(whom, site_access)| Step::ChangeSiteAccess(whom, site_access)),
        1 => number().prop_map(Step::RemoveMember),
        1 => Just(Step::Leave),
        3 => (number(), which()).prop_map(|(whose, which)| Step::TakeOver(whose, which)),
        1 => (number(), which()).prop_map(|(whose, which)| Step::End(whose, which)),
        2 => number().prop_map(Step::Renew),
        1 => number().prop_map(Step::Revoke),
    ];
    (number(), step)
}

/// All grants ever made, and the recoveries that have no link yet.
struct GrantHistory {
    two: TwoSites,
    things: Vec<TestGrant>,
    waiting: Vec<RecoveryId>,
    entered: u64,
}

async fn no_grant_ever_exceeds_its_makers_current_rights(ctx: &TestContext) {
    let two = TwoSites::new(ctx).await;
    let mut story = GrantHistory { two, things: Vec::new(), waiting: Vec::new(), entered: 0 };
    for number in 0..12 {
        let place = story.two.places[number % 2];
        story.waiting.push(story.two.remedied_recovery(ctx, place).await);
    }
    let (mut done, mut held, mut ended) = (0, BTreeMap::<&str, usize>::new(), 0);
    for (author, step) in sample(STEPS, &step()) {
        let members = members(ctx, &story.two).await;
        // One owner never changes, so that there always is one.
        let actor = members[author % members.len()].clone();
        match story.act(ctx, &members, &actor, step).await {
            Ok(()) => done += 1,
            Err(Error::NotAllowed(_) | Error::Member(_) | Error::Invalid(_) | Error::Recovery(_)) => {}
            Err(error) => panic!("{step:?}: {error:?}"),
        }
        let now = story.check_grants(ctx, step).await;
        for (kind, count) in now.1 {
            let most = held.entry(kind).or_default();
            *most = (*most).max(count);
        }
        ended = now.0;
    }
    assert!(done * 3 > STEPS, "{done} of {STEPS} were possible");
    assert!(held.len() == 4 && held.values().all(|most| *most > 1), "each kind was in use: {held:?}");
    assert!(ended > 20, "{ended} of {} ended", story.things.len());
}

/// The current members as actors.
async fn members(ctx: &TestContext, two: &TwoSites) -> Vec<Actor> {
    let members = ctx.store.members(&two.fixture.owner).await.unwrap();
    let actor = |member: store::Member| {
        let actor = Actor::new(two.fixture.business(), Principal::Person(member.person), member.role);
        Actor { site_access: member.site_access, ..actor }
    };
    members.into_iter().map(actor).collect()
}

fn id(actor: &Actor) -> PersonId {
    super::person(actor)
}

impl GrantHistory {
    fn site_access(&self, number: usize) -> SiteAccess {
        match number % 4 {
            0 => SiteAccess::sites([self.two.sites[0]]),
            1 => SiteAccess::sites([self.two.sites[1]]),
            2 => SiteAccess::sites(self.two.sites),
            _ => SiteAccess::AllSites,
        }
    }

    fn rights(&self, role: usize, site_access: usize) -> Rights {
        let role = Role::ALL[role % 4];
        let site_access = if role.may_have_sites() { self.site_access(site_access) } else { SiteAccess::AllSites };
        Rights { role, site_access }
    }

    async fn act(&mut self, ctx: &TestContext, members: &[Actor], actor: &Actor, step: Step) -> Result<(), Error> {
        let store = &ctx.store;
        // The first owner is never changed.
        let first = &self.two.fixture.owner;
        let others: Vec<_> = members.iter().filter(|one| one.principal != first.principal).collect();
        let whom = |number: usize| others.get(number % others.len().max(1)).map(|one| id(one));
        match step {
            Step::Invite(role, site_access) => {
                self.things.push(TestGrant::invitation(ctx, actor, self.rights(role, site_access)).await?);
            }
            Step::Token(role, site_access) => {
                self.things.push(TestGrant::token(ctx, actor, self.rights(role, site_access)).await?);
            }
            Step::Device(site, registered) => {
                let site = self.two.sites[site % 2];
                self.things.push(TestGrant::device(ctx, actor, site, registered).await?);
            }
            Step::CustomerLink => {
                let Some(recovery) = self.waiting.last().copied() else { return Ok(()) };
                if store.recovery(actor, recovery).await?.is_none() {
                    return Ok(());
                }
                self.things.push(TestGrant::customer_link(ctx, actor, recovery).await?);
                self.waiting.pop();
            }
            Step::Join(number) => {
                let invitations = self.things.iter().filter(|thing| matches!(thing.made, GrantId::Invitation(_)));
                let invitations: Vec<_> = invitations.collect();
                let Some(thing) = invitations.get(number % invitations.len().max(1)) else { return Ok(()) };
                self.entered += 1;
                store.join_as_new_person(&thing.secret, &new_account(self.entered), "hash").await?;
            }
            Step::ChangeRole(number, role) => {
                let Some(whom) = whom(number) else { return Ok(()) };
                store.set_role(actor, whom, Role::ALL[role % 4]).await?;
            }
            Step::ChangeSiteAccess(number, site_access) => {
                let Some(whom) = whom(number) else { return Ok(()) };
                store.set_site_access(actor, whom, &self.site_access(site_access)).await?;
            }
            Step::RemoveMember(number) => {
                let Some(whom) = whom(number).filter(|_| others.len() > 3) else { return Ok(()) };
                store.remove_member(actor, whom).await?;
            }
            Step::Leave if actor.principal == first.principal || others.len() < 4 => {}
            Step::Leave => store.leave(actor).await?,
            Step::TakeOver(number, which) => {
                let Some(whose) = whom(number) else { return Ok(()) };
                let which = which.map(|which| self.thing(which)).transpose()?;
                store.take_over_grants(actor, whose, which).await?;
            }
            Step::End(number, which) => {
                let Some(whose) = whom(number) else { return Ok(()) };
                let which = which.map(|which| self.thing(which)).transpose()?;
                store.revoke_grants(actor, whose, which).await?;
            }
            Step::Renew(number) => {
                let made = self.thing(number)?;
                let secret = match made {
                    GrantId::Invitation(id) => store.renew_invite(actor, id).await?.map(|made| made.token),
                    GrantId::Device(id) => store.renew_device_link(actor, id).await?.map(|made| made.token),
                    GrantId::CustomerLink(id) => store.renew_follow_up(actor, id).await?,
                    GrantId::Token(_) => None,
                };
                self.things.extend(secret.map(|secret| TestGrant { made, secret }));
            }
            Step::Revoke(number) => match self.thing(number)? {
                GrantId::Invitation(id) => drop(store.revoke_invite(actor, id).await?),
                GrantId::Device(id) => drop(store.revoke_device(actor, id).await?),
                GrantId::Token(id) => drop(store.revoke_token(actor, id).await?),
                GrantId::CustomerLink(_) => {}
            },
        }
        Ok(())
    }

    fn thing(&self, number: usize) -> Result<GrantId, Error> {
        let thing = self.things.get(number % self.things.len().max(1)).map(|thing| thing.made);
        thing.ok_or_else(|| domain::fault::Faults::one("made", domain::fault::Fault::NotFound).into())
    }

    /// Compares all grants with the rights of their makers. Returns how many have ended, and how many of each kind are
    /// active.
    async fn check_grants(&self, ctx: &TestContext, after: Step) -> (usize, BTreeMap<&'static str, usize>) {
        let owner = &self.two.fixture.owner;
        let members = ctx.store.members(owner).await.unwrap();
        let (mut ended, mut used) = (0, BTreeMap::new());
        for thing in &self.things {
            let effect = thing.effect(ctx, owner).await;
            if effect == GrantEffect::Nothing {
                ended += 1;
                continue;
            }
            let maker = self.maker(ctx, thing.made).await;
            let maker = members.iter().find(|member| format!("person:{}", member.person) == maker);
            let said = format!("after {after:?}: {thing:?} effect {effect:?}, made by {maker:?}");
            let maker = maker.unwrap_or_else(|| panic!("{said}"));
            let (role, site_access) = (maker.role, &maker.site_access);
            let kind = match (&effect, thing.made) {
                (GrantEffect::Act(given), GrantId::Invitation(_)) => {
                    assert!(
                        role.may(Permission::Invite)
                            && role.may_give(given.role)
                            && site_access.covers(&given.site_access),
                        "{said}"
                    );
                    "invitation"
                }
                (GrantEffect::Act(_), _) => {
                    assert!(role == Role::Owner, "{said}");
                    "token"
                }
                (GrantEffect::UseDevice(site), _) => {
                    assert!(role.may(Permission::Invite) && site_access.covers(&SiteAccess::sites([*site])), "{said}");
                    "device"
                }
                (GrantEffect::Answer, _) => {
                    let site = ctx.store.recovery(owner, RecoveryId(id_of(thing.made))).await.unwrap().unwrap();
                    let sites = ctx.store.sites(owner).await.unwrap();
                    let site = sites.iter().find(|one| one.name == site.row.site).unwrap().id;
                    assert!(
                        role.may(Permission::HandleRecoveries) && site_access.covers(&SiteAccess::sites([site])),
                        "{said}"
                    );
                    "link"
                }
                (GrantEffect::Nothing, _) => unreachable!(),
            };
            *used.entry(kind).or_insert(0) += 1;
        }
        (ended, used)
    }

    /// Its current maker.
    async fn maker(&self, ctx: &TestContext, made: GrantId) -> String {
        let (table, key) = match made {
            GrantId::Invitation(_) => ("invites", "id"),
            GrantId::Token(_) => ("tokens", "id"),
            GrantId::Device(_) => ("devices", "id"),
            GrantId::CustomerLink(_) => ("follow_ups", "used_at IS NULL AND recovery_id"),
        };
        let id = ctx.direct_db.id(id_of(made));
        ctx.direct_db.texts(&format!("SELECT made_by FROM {table} WHERE {key} = {id}")).await.remove(0)
    }
}
