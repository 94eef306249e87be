//! A long random history of people who come, go, rise, fall and make things: whatever happened, nothing that anybody made
//! carries more than its maker may give now.

use std::collections::BTreeMap;

use domain::actor::{Act, Actor, Reach, Role, Who};
use domain::grant::Made;
use domain::ids::{PersonId, RecoveryId};
use domain::member::Rights;
use proptest::prelude::*;
use store::Error;

use super::{Does, Thing, Two, entrant, id_of};
use crate::history::some;
use crate::world::World;

facts![after_any_history_nothing_carries_more_than_its_maker_may_give_now];

const STEPS: usize = 260;

/// Something somebody does; the numbers choose among what there is.
#[derive(Clone, Copy, Debug)]
enum Step {
    Invite(usize, usize),
    Token(usize, usize),
    Device(usize, bool),
    CustomerLink,
    Enter(usize),
    Appoint(usize, usize),
    Bind(usize, usize),
    Dismiss(usize),
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
        6 => (number(), number()).prop_map(|(role, reach)| Step::Invite(role, reach)),
        4 => (number(), number()).prop_map(|(role, reach)| Step::Token(role, reach)),
        4 => (number(), any::<bool>()).prop_map(|(site, registered)| Step::Device(site, registered)),
        3 => Just(Step::CustomerLink),
        3 => number().prop_map(Step::Enter),
        4 => (number(), number()).prop_map(|(whom, role)| Step::Appoint(whom, role)),
        4 => (number(), number()).prop_map(|(whom, reach)| Step::Bind(whom, reach)),
        1 => number().prop_map(Step::Dismiss),
        1 => Just(Step::Leave),
        3 => (number(), which()).prop_map(|(whose, which)| Step::TakeOver(whose, which)),
        1 => (number(), which()).prop_map(|(whose, which)| Step::End(whose, which)),
        2 => number().prop_map(Step::Renew),
        1 => number().prop_map(Step::Revoke),
    ];
    (number(), step)
}

/// Everything that was ever made, and the recoveries that wait for a link.
struct Story {
    two: Two,
    things: Vec<Thing>,
    waiting: Vec<RecoveryId>,
    entered: u64,
}

async fn after_any_history_nothing_carries_more_than_its_maker_may_give_now(world: &World) {
    let two = Two::new(world).await;
    let mut story = Story { two, things: Vec::new(), waiting: Vec::new(), entered: 0 };
    for number in 0..12 {
        let place = story.two.places[number % 2];
        story.waiting.push(story.two.remedied(world, place).await);
    }
    let (mut done, mut held, mut ended) = (0, BTreeMap::<&str, usize>::new(), 0);
    for (hand, step) in some(STEPS, &step()) {
        let members = members(world, &story.two).await;
        // The one who never changes is there so that somebody always is.
        let actor = members[hand % members.len()].clone();
        match story.act(world, &members, &actor, step).await {
            Ok(()) => done += 1,
            Err(Error::NotAllowed(_) | Error::Member(_) | Error::Invalid(_) | Error::Recovery(_)) => {}
            Err(error) => panic!("{step:?}: {error:?}"),
        }
        let now = story.holds(world, step).await;
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

/// Those who are let in now, each as they act.
async fn members(world: &World, two: &Two) -> Vec<Actor> {
    let members = world.store.members(&two.shop.owner).await.unwrap();
    let actor = |member: store::Member| {
        let actor = Actor::of(two.shop.business(), Who::Person(member.person), member.role);
        Actor { reach: member.reach, ..actor }
    };
    members.into_iter().map(actor).collect()
}

fn id(actor: &Actor) -> PersonId {
    super::person(actor)
}

impl Story {
    fn reach(&self, number: usize) -> Reach {
        match number % 4 {
            0 => Reach::of([self.two.sites[0]]),
            1 => Reach::of([self.two.sites[1]]),
            2 => Reach::of(self.two.sites),
            _ => Reach::Everywhere,
        }
    }

    fn rights(&self, role: usize, reach: usize) -> Rights {
        let role = Role::ALL[role % 4];
        let reach = if role.may_be_bound() { self.reach(reach) } else { Reach::Everywhere };
        Rights { role, reach }
    }

    async fn act(&mut self, world: &World, members: &[Actor], actor: &Actor, step: Step) -> Result<(), Error> {
        let store = &world.store;
        // Nobody touches the owner who was there first.
        let first = &self.two.shop.owner;
        let others: Vec<_> = members.iter().filter(|one| one.who != first.who).collect();
        let whom = |number: usize| others.get(number % others.len().max(1)).map(|one| id(one));
        match step {
            Step::Invite(role, reach) => {
                self.things.push(Thing::invitation(world, actor, self.rights(role, reach)).await?);
            }
            Step::Token(role, reach) => self.things.push(Thing::token(world, actor, self.rights(role, reach)).await?),
            Step::Device(site, registered) => {
                let site = self.two.sites[site % 2];
                self.things.push(Thing::device(world, actor, site, registered).await?);
            }
            Step::CustomerLink => {
                let Some(recovery) = self.waiting.last().copied() else { return Ok(()) };
                if store.recovery(actor, recovery).await?.is_none() {
                    return Ok(());
                }
                self.things.push(Thing::customer_link(world, actor, recovery).await?);
                self.waiting.pop();
            }
            Step::Enter(number) => {
                let invitations = self.things.iter().filter(|thing| matches!(thing.made, Made::Invitation(_)));
                let invitations: Vec<_> = invitations.collect();
                let Some(thing) = invitations.get(number % invitations.len().max(1)) else { return Ok(()) };
                self.entered += 1;
                store.enter(&thing.secret, &entrant(self.entered), "hash").await?;
            }
            Step::Appoint(number, role) => {
                let Some(whom) = whom(number) else { return Ok(()) };
                store.appoint(actor, whom, Role::ALL[role % 4]).await?;
            }
            Step::Bind(number, reach) => {
                let Some(whom) = whom(number) else { return Ok(()) };
                store.bind(actor, whom, &self.reach(reach)).await?;
            }
            Step::Dismiss(number) => {
                let Some(whom) = whom(number).filter(|_| others.len() > 3) else { return Ok(()) };
                store.dismiss(actor, whom).await?;
            }
            Step::Leave if actor.who == first.who || others.len() < 4 => {}
            Step::Leave => store.leave(actor).await?,
            Step::TakeOver(number, which) => {
                let Some(whose) = whom(number) else { return Ok(()) };
                let which = which.map(|which| self.thing(which)).transpose()?;
                store.take_over(actor, whose, which).await?;
            }
            Step::End(number, which) => {
                let Some(whose) = whom(number) else { return Ok(()) };
                let which = which.map(|which| self.thing(which)).transpose()?;
                store.end_made(actor, whose, which).await?;
            }
            Step::Renew(number) => {
                let made = self.thing(number)?;
                let secret = match made {
                    Made::Invitation(id) => store.renew_invite(actor, id).await?.map(|made| made.token),
                    Made::Device(id) => store.renew_device(actor, id).await?.map(|made| made.token),
                    Made::CustomerLink(id) => store.renew_follow_up(actor, id).await?,
                    Made::Token(_) => None,
                };
                self.things.extend(secret.map(|secret| Thing { made, secret }));
            }
            Step::Revoke(number) => match self.thing(number)? {
                Made::Invitation(id) => drop(store.revoke_invite(actor, id).await?),
                Made::Device(id) => drop(store.revoke_device(actor, id).await?),
                Made::Token(id) => drop(store.revoke_token(actor, id).await?),
                Made::CustomerLink(_) => {}
            },
        }
        Ok(())
    }

    fn thing(&self, number: usize) -> Result<Made, Error> {
        let thing = self.things.get(number % self.things.len().max(1)).map(|thing| thing.made);
        thing.ok_or_else(|| domain::fault::Faults::one("made", domain::fault::Fault::NotFound).into())
    }

    /// Holds everything that was ever made against what its maker may do now. How much has ended, and how much of each kind
    /// is in use.
    async fn holds(&self, world: &World, after: Step) -> (usize, BTreeMap<&'static str, usize>) {
        let owner = &self.two.shop.owner;
        let members = world.store.members(owner).await.unwrap();
        let (mut ended, mut used) = (0, BTreeMap::new());
        for thing in &self.things {
            let does = thing.does(world, owner).await;
            if does == Does::Nothing {
                ended += 1;
                continue;
            }
            let maker = self.maker(world, thing.made).await;
            let maker = members.iter().find(|member| format!("person:{}", member.person) == maker);
            let said = format!("after {after:?}: {thing:?} does {does:?}, made by {maker:?}");
            let maker = maker.unwrap_or_else(|| panic!("{said}"));
            let (role, reach) = (maker.role, &maker.reach);
            let kind = match (&does, thing.made) {
                (Does::Act(given), Made::Invitation(_)) => {
                    assert!(role.may(Act::Invite) && role.may_give(given.role) && reach.covers(&given.reach), "{said}");
                    "invitation"
                }
                (Does::Act(_), _) => {
                    assert!(role == Role::Owner, "{said}");
                    "token"
                }
                (Does::Stand(site), _) => {
                    assert!(role.may(Act::Invite) && reach.covers(&Reach::of([*site])), "{said}");
                    "device"
                }
                (Does::Answer, _) => {
                    let site = world.store.recovery(owner, RecoveryId(id_of(thing.made))).await.unwrap().unwrap();
                    let sites = world.store.sites(owner).await.unwrap();
                    let site = sites.iter().find(|one| one.name == site.row.site).unwrap().id;
                    assert!(role.may(Act::Recover) && reach.covers(&Reach::of([site])), "{said}");
                    "link"
                }
                (Does::Nothing, _) => unreachable!(),
            };
            *used.entry(kind).or_insert(0) += 1;
        }
        (ended, used)
    }

    /// In whose name it stands.
    async fn maker(&self, world: &World, made: Made) -> String {
        let (table, key) = match made {
            Made::Invitation(_) => ("invites", "id"),
            Made::Token(_) => ("tokens", "id"),
            Made::Device(_) => ("devices", "id"),
            Made::CustomerLink(_) => ("follow_ups", "used_at IS NULL AND recovery_id"),
        };
        let id = world.raw.id(id_of(made));
        world.raw.texts(&format!("SELECT made_by FROM {table} WHERE {key} = {id}")).await.remove(0)
    }
}
