//! What people made that gives access: it carries no more than its maker may give now, whatever becomes of them.

mod events;
mod history;

use chrono::TimeDelta;
use domain::actor::{Actor, Reach, Role, Who};
use domain::device::{Device, State as DeviceState};
use domain::grant::Made;
use domain::ids::{DeviceId, InviteId, PersonId, PlaceId, RecoveryId, SiteId, TokenId};
use domain::invite::{Invite, State};
use domain::member::{Refused, Rights};
use domain::person::{Entrant, EntrantDraft};
use domain::token::Token;
use store::{AuditFilter, Error, Origin};
use uuid::Uuid;

use crate::shop::{Shop, answer, line, newcomer, told_by_a_customer};
use crate::world::World;

facts![
    what_is_taken_over_stays_when_its_maker_goes,
    nobody_takes_over_or_ends_what_they_could_not_make,
    nothing_of_another_business_is_taken_over,
    what_a_program_made_ends_with_it_and_with_its_maker,
    a_renewed_link_is_whose_renewed_it,
    what_was_not_settled_is_refused_when_it_is_used,
    what_an_older_program_left_behind_is_settled_at_the_start,
    one_sees_what_somebody_made_as_far_as_one_could_make_it,
    long_lists_come_in_pages_and_each_row_once,
];

/// Something that was made, with what opens it.
#[derive(Clone, Debug)]
pub struct Thing {
    pub made: Made,
    secret: String,
}

/// What it still does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Does {
    Nothing,
    /// It lets somebody act so far.
    Act(Rights),
    /// It is a device of a site, or will be one.
    Stand(SiteId),
    /// A customer can answer by it.
    Answer,
}

fn person(actor: &Actor) -> PersonId {
    let Who::Person(person) = actor.who else { unreachable!() };
    person
}

fn rights(role: Role, reach: Reach) -> Rights {
    Rights { role, reach }
}

fn entrant(number: u64) -> Entrant {
    let draft = EntrantDraft {
        name: format!("Kim {number}"),
        email: format!("kim{number}@new.example"),
        password: "a long enough secret".into(),
    };
    draft.parse().unwrap()
}

/// A shop with two sites where the same is promised.
struct Two {
    shop: Shop,
    sites: [SiteId; 2],
    places: [PlaceId; 2],
}

impl Two {
    async fn new(world: &World) -> Self {
        let (shop, store) = (world.shop().await, &world.store);
        let site = store.add_site(&shop.owner, &line("Sweetwater")).await.unwrap();
        let place = store.add_place(&shop.owner, site, &line("Counter")).await.unwrap();
        store.promise_at(&shop.owner, shop.guarantee, &[shop.place, place]).await.unwrap().unwrap();
        Self { sites: [shop.site, site], places: [shop.place, place], shop }
    }

    /// Somebody new, everywhere.
    async fn somebody(&self, world: &World, name: &str, role: Role) -> Actor {
        let newcomer = newcomer(name, role.name());
        let id = world.store.add_person(&self.shop.owner, &newcomer, "hash").await.unwrap();
        Actor::of(self.shop.business(), Who::Person(id), role)
    }

    /// A recovery of a customer at a place, as far as the remedy.
    async fn remedied(&self, world: &World, place: PlaceId) -> RecoveryId {
        let shop = Shop { place, ..self.shop.clone() };
        let id = shop.breaks(world, told_by_a_customer()).await;
        for draft in [crate::shop::acknowledge(), crate::shop::understand(), crate::shop::remedy()] {
            shop.step(world, id, draft).await;
        }
        id
    }
}

impl Thing {
    pub async fn invitation(world: &World, by: &Actor, of: Rights) -> Result<Self, Error> {
        let invite = Invite { name: line("Somebody"), role: of.role, reach: of.reach };
        let made = world.store.invite(by, &invite).await?;
        Ok(Self { made: Made::Invitation(made.id), secret: made.token })
    }

    pub async fn token(world: &World, by: &Actor, of: Rights) -> Result<Self, Error> {
        let token = Token { name: line("Till"), role: of.role, reach: of.reach, lasts: TimeDelta::days(700) };
        let made = world.store.create_token(by, &token).await?;
        Ok(Self { made: Made::Token(made.id), secret: made.token })
    }

    /// The link of a device; with `registered` the device itself.
    pub async fn device(world: &World, by: &Actor, site: SiteId, registered: bool) -> Result<Self, Error> {
        let made = world.store.add_device(by, &Device { name: line("The tablet"), site }).await?;
        let secret = if registered {
            world.store.register_device(&made.token, &Origin::default()).await?.unwrap()
        } else {
            made.token
        };
        Ok(Self { made: Made::Device(made.id), secret })
    }

    pub async fn customer_link(world: &World, by: &Actor, recovery: RecoveryId) -> Result<Self, Error> {
        let step = domain::recovery::StepDraft::FollowUp;
        let secret = world.store.take_step(by, recovery, &step).await?.unwrap().unwrap();
        Ok(Self { made: Made::CustomerLink(recovery), secret })
    }

    /// What it does, asked without using it up.
    pub async fn does(&self, world: &World, owner: &Actor) -> Does {
        let store = &world.store;
        match self.made {
            Made::Invitation(id) => {
                let behind = store.invitation(&self.secret).await.unwrap();
                let is_open = behind.is_some_and(|behind| behind.state == State::Open);
                let row = store.invite_of(owner, id).await.unwrap().unwrap();
                if is_open { Does::Act(rights(row.role, row.reach)) } else { Does::Nothing }
            }
            Made::Token(_) => {
                let actor = store.bearer(&self.secret).await.unwrap();
                actor.map_or(Does::Nothing, |actor| Does::Act(actor.rights()))
            }
            Made::Device(id) => {
                let waits = store.device_invitation(&self.secret).await.unwrap();
                let waits = waits.is_some_and(|behind| behind.state == DeviceState::Awaited);
                let stands = store.at_device(&self.secret).await.unwrap().is_some();
                let site = store.device_of(owner, id).await.unwrap().unwrap().site;
                if waits || stands { Does::Stand(site) } else { Does::Nothing }
            }
            Made::CustomerLink(_) => {
                let behind = store.follow_up(&self.secret).await.unwrap();
                if behind.is_some_and(|behind| !behind.answered) { Does::Answer } else { Does::Nothing }
            }
        }
    }

    /// Uses it: whether that was let happen.
    pub async fn is_used(&self, world: &World, number: u64) -> bool {
        let store = &world.store;
        match self.made {
            Made::Invitation(_) => match store.enter(&self.secret, &entrant(number), "hash").await {
                Ok(entered) => entered.is_some(),
                Err(Error::Member(Refused::Over)) => false,
                Err(error) => panic!("{error:?}"),
            },
            Made::Token(_) => store.bearer(&self.secret).await.unwrap().is_some(),
            Made::Device(_) => {
                let is_link = store.device_invitation(&self.secret).await.unwrap().is_some();
                match store.register_device(&self.secret, &Origin::default()).await {
                    Ok(Some(_)) => true,
                    Ok(None) if !is_link => store.at_device(&self.secret).await.unwrap().is_some(),
                    Ok(None) => panic!("a link that is there opens something, or is over"),
                    Err(Error::Member(Refused::Over)) => false,
                    Err(error) => panic!("{error:?}"),
                }
            }
            Made::CustomerLink(_) => match store.answer(&self.secret, &answer("yes", "yes")).await {
                Ok(answered) => answered.is_some(),
                Err(Error::Recovery(domain::recovery::Refused::AnsweredAlready)) => false,
                Err(error) => panic!("{error:?}"),
            },
        }
    }
}

/// One thing of each kind, made by an owner.
async fn one_of_each(world: &World, two: &Two, maker: &Actor) -> [Thing; 5] {
    let everywhere = |role| rights(role, Reach::Everywhere);
    let recovery = two.remedied(world, two.places[0]).await;
    [
        Thing::invitation(world, maker, everywhere(Role::Owner)).await.unwrap(),
        Thing::token(world, maker, everywhere(Role::Manager)).await.unwrap(),
        Thing::device(world, maker, two.sites[0], false).await.unwrap(),
        Thing::device(world, maker, two.sites[0], true).await.unwrap(),
        Thing::customer_link(world, maker, recovery).await.unwrap(),
    ]
}

async fn what_is_taken_over_stays_when_its_maker_goes(world: &World) {
    let (two, store) = (Two::new(world).await, &world.store);
    let owner = &two.shop.owner;
    for (number, all_at_once) in [true, false].into_iter().enumerate() {
        let una = two.somebody(world, &format!("Una {number}"), Role::Owner).await;
        let kept = one_of_each(world, &two, &una).await;
        if all_at_once {
            store.take_over(owner, person(&una), None).await.unwrap().unwrap();
        } else {
            for thing in &kept {
                store.take_over(owner, person(&una), Some(thing.made)).await.unwrap().unwrap();
            }
        }
        let lost = one_of_each(world, &two, &una).await;
        store.dismiss(owner, person(&una)).await.unwrap().unwrap();
        for thing in &kept {
            assert_ne!(thing.does(world, owner).await, Does::Nothing, "{thing:?}");
        }
        for thing in &lost {
            assert_eq!(thing.does(world, owner).await, Does::Nothing, "{thing:?}");
        }
        for (at, thing) in kept.iter().enumerate() {
            assert!(thing.is_used(world, u64::try_from(number * 10 + at).unwrap()).await, "{thing:?}");
        }
        for thing in &lost {
            assert!(!thing.is_used(world, 99).await, "{thing:?}");
        }
    }
    let deeds = store.audit(owner, &AuditFilter::default(), None, 200).await.unwrap().rows;
    let count = |name: &str| deeds.iter().filter(|row| row.deed.name() == name).count();
    assert_eq!(count("grant_taken_over"), 10);
    assert_eq!((count("invite_revoked"), count("token_revoked"), count("link_ended")), (2, 2, 2));
    assert_eq!(count("device_revoked"), 4);
}

async fn nobody_takes_over_or_ends_what_they_could_not_make(world: &World) {
    let (two, store) = (Two::new(world).await, &world.store);
    let una = two.somebody(world, "Una", Role::Owner).await;
    let things = one_of_each(world, &two, &una).await;
    let bound = Actor { reach: Reach::of([two.sites[1]]), ..two.shop.manager.clone() };
    let before = world.raw.everything().await;
    for actor in [&two.shop.staff, &two.shop.auditor] {
        for which in things.iter().map(|thing| Some(thing.made)).chain([None]) {
            let over = store.take_over(actor, person(&una), which).await;
            let ended = store.end_made(actor, person(&una), which).await;
            assert!(matches!(over, Err(Error::NotAllowed(_))) && matches!(ended, Err(Error::NotAllowed(_))));
        }
    }
    // An owner's invitation is above a manager, her token not even in sight.
    let over = store.take_over(&two.shop.manager, person(&una), Some(things[0].made)).await;
    assert!(matches!(over, Err(Error::Member(Refused::AboveYou { role: Role::Owner }))), "{over:?}");
    let ended = store.end_made(&two.shop.manager, person(&una), Some(things[0].made)).await;
    assert!(matches!(ended, Err(Error::Member(Refused::AboveYou { .. }))), "{ended:?}");
    assert_eq!(store.take_over(&two.shop.manager, person(&una), Some(things[1].made)).await.unwrap(), None);
    assert_eq!(store.end_made(&two.shop.manager, person(&una), Some(things[1].made)).await.unwrap(), None);
    // What is at another site is not there.
    for thing in &things[2..] {
        assert_eq!(store.take_over(&bound, person(&una), Some(thing.made)).await.unwrap(), None, "{thing:?}");
        assert_eq!(store.end_made(&bound, person(&una), Some(thing.made)).await.unwrap(), None, "{thing:?}");
    }
    // Nor is what somebody else made, or nobody.
    for which in things.iter().map(|thing| thing.made).chain([Made::Token(TokenId(Uuid::nil()))]) {
        let of_another = store.take_over(&two.shop.owner, person(&two.shop.manager), Some(which)).await.unwrap();
        assert_eq!(of_another, None, "{which:?}");
    }
    assert_eq!(store.take_over(&two.shop.owner, PersonId(Uuid::nil()), None).await.unwrap(), None);
    let own = store.take_over(&una, person(&una), Some(things[0].made)).await;
    assert!(matches!(own, Err(Error::Member(Refused::Unchanged))), "{own:?}");
    let program = Actor { who: Who::Token(TokenId(Uuid::from_u128(5))), ..two.shop.owner.clone() };
    let by_a_program = store.take_over(&program, person(&una), None).await;
    assert!(matches!(by_a_program, Err(Error::NotAllowed(_))), "{by_a_program:?}");
    assert_eq!(world.raw.everything().await, before, "nothing has changed");
    // All of it is all that they could make.
    store.end_made(&two.shop.manager, person(&una), None).await.unwrap().unwrap();
    let left: Vec<_> = store.made(&two.shop.owner, person(&una)).await.unwrap().unwrap().rows;
    assert_eq!(left.iter().map(|row| row.made).collect::<Vec<_>>(), [things[0].made, things[1].made]);
}

async fn nothing_of_another_business_is_taken_over(world: &World) {
    let (two, store) = (Two::new(world).await, &world.store);
    let other = world.other_shop().await;
    let una = two.somebody(world, "Una", Role::Owner).await;
    let things = one_of_each(world, &two, &una).await;
    let before = world.raw.everything().await;
    for which in things.iter().map(|thing| Some(thing.made)).chain([None]) {
        assert_eq!(store.take_over(&other.owner, person(&una), which).await.unwrap(), None, "{which:?}");
        assert_eq!(store.end_made(&other.owner, person(&una), which).await.unwrap(), None, "{which:?}");
        // Nor under the name of somebody of one's own.
        let own = store.take_over(&other.owner, person(&other.manager), which).await.unwrap();
        assert_eq!(own, which.is_none().then_some(()), "{which:?}");
    }
    assert_eq!(store.made(&other.owner, person(&una)).await.unwrap(), None);
    let mut after = world.raw.everything().await;
    // Works that changed nothing follow one another all the same.
    after.insert("record_heads".to_owned(), before["record_heads"].clone());
    assert_eq!(after, before);
}

async fn what_a_program_made_ends_with_it_and_with_its_maker(world: &World) {
    let (two, store) = (Two::new(world).await, &world.store);
    let owner = &two.shop.owner;
    for (number, ending) in ["taken back", "dismissed", "demoted", "ended"].into_iter().enumerate() {
        let una = two.somebody(world, &format!("Una {number}"), Role::Owner).await;
        let outer = Thing::token(world, &una, rights(Role::Owner, Reach::Everywhere)).await.unwrap();
        let program = store.bearer(&outer.secret).await.unwrap().unwrap();
        let inner = Thing::token(world, &program, rights(Role::Owner, Reach::Everywhere)).await.unwrap();
        let within = store.bearer(&inner.secret).await.unwrap().unwrap();
        let mut things = one_of_each(world, &two, &within).await.to_vec();
        things.extend(one_of_each(world, &two, &program).await);
        for thing in &things {
            assert_ne!(thing.does(world, owner).await, Does::Nothing, "{thing:?}");
        }
        let Made::Token(id) = outer.made else { unreachable!() };
        match ending {
            "taken back" => store.revoke_token(owner, id).await.unwrap().unwrap(),
            "dismissed" => store.dismiss(owner, person(&una)).await.unwrap().unwrap(),
            "demoted" => store.appoint(owner, person(&una), Role::Manager).await.unwrap().unwrap(),
            _ => store.end_made(owner, person(&una), Some(outer.made)).await.unwrap().unwrap(),
        }
        things.extend([outer, inner]);
        let (links, things): (Vec<_>, Vec<_>) =
            things.into_iter().partition(|thing| matches!(thing.made, Made::CustomerLink(_)));
        let is_here = matches!(ending, "taken back" | "ended");
        for link in &links {
            let does = link.does(world, owner).await;
            assert_eq!(does == Does::Answer, is_here, "{ending}: a customer's link passes to whoever made the program");
        }
        if is_here {
            store.dismiss(owner, person(&una)).await.unwrap().unwrap();
        }
        for thing in things.iter().chain(&links) {
            assert_eq!(thing.does(world, owner).await, Does::Nothing, "{ending}: {thing:?}");
            assert!(!thing.is_used(world, 7).await, "{ending}: {thing:?}");
        }
    }
}

async fn a_renewed_link_is_whose_renewed_it(world: &World) {
    let (two, store) = (Two::new(world).await, &world.store);
    let (owner, manager) = (&two.shop.owner, &two.shop.manager);
    let una = two.somebody(world, "Una", Role::Owner).await;
    let invitation = Thing::invitation(world, &una, rights(Role::Staff, Reach::Everywhere)).await.unwrap();
    let device = Thing::device(world, &una, two.sites[0], false).await.unwrap();
    let recovery = two.remedied(world, two.places[0]).await;
    Thing::customer_link(world, &una, recovery).await.unwrap();
    let (Made::Invitation(invite), Made::Device(tablet)) = (invitation.made, device.made) else { unreachable!() };
    let renewed = [
        Thing { secret: store.renew_invite(manager, invite).await.unwrap().unwrap().token, ..invitation },
        Thing { secret: store.renew_device(manager, tablet).await.unwrap().unwrap().token, ..device },
        Thing {
            secret: store.renew_follow_up(manager, recovery).await.unwrap().unwrap(),
            made: Made::CustomerLink(recovery),
        },
    ];
    store.dismiss(owner, person(&una)).await.unwrap().unwrap();
    for thing in &renewed {
        assert_ne!(thing.does(world, owner).await, Does::Nothing, "{thing:?}");
    }
    store.dismiss(owner, person(manager)).await.unwrap().unwrap();
    for thing in &renewed {
        assert_eq!(thing.does(world, owner).await, Does::Nothing, "{thing:?}");
    }
}

/// Takes somebody's rights behind the store's back: as a row that somebody forged, or an older program left.
async fn removed_unsettled(world: &World, two: &Two, who: &Actor) {
    let (business, person) = (world.raw.id(two.shop.business().0), world.raw.id(person(who).0));
    let sql =
        format!("UPDATE members SET removed_at = created_at WHERE business_id = {business} AND person_id = {person}");
    world.raw.change(&sql).await;
}

async fn what_was_not_settled_is_refused_when_it_is_used(world: &World) {
    let (two, store) = (Two::new(world).await, &world.store);
    let una = two.somebody(world, "Una", Role::Owner).await;
    let things = one_of_each(world, &two, &una).await;
    let at = store.at_device(&things[3].secret).await.unwrap().unwrap();
    let turn = store.begin_turn(&at, person(&two.shop.staff), &Origin::default()).await.unwrap();
    assert!(store.recognize(&turn.token).await.unwrap().is_some());
    removed_unsettled(world, &two, &una).await;
    for thing in &things[..4] {
        assert_eq!(thing.does(world, &two.shop.owner).await, Does::Nothing, "{thing:?}");
        assert!(!thing.is_used(world, 3).await, "{thing:?}");
    }
    assert_eq!(store.recognize(&turn.token).await.unwrap(), None, "whoever stands at it is out");
    let sam = person(&two.shop.staff);
    let joined = store.join(&things[0].secret, sam).await;
    assert!(matches!(joined, Err(Error::Member(Refused::Over))), "{joined:?}");
}

async fn what_an_older_program_left_behind_is_settled_at_the_start(world: &World) {
    let (two, store) = (Two::new(world).await, &world.store);
    let una = two.somebody(world, "Una", Role::Owner).await;
    let things = one_of_each(world, &two, &una).await;
    let kept = one_of_each(world, &two, &two.shop.owner).await;
    removed_unsettled(world, &two, &una).await;
    store.migrate().await.unwrap();
    for thing in &things {
        assert_eq!(thing.does(world, &two.shop.owner).await, Does::Nothing, "{thing:?}");
    }
    let owners = store.made(&two.shop.owner, person(&two.shop.owner)).await.unwrap().unwrap().rows;
    assert_eq!(owners.len(), kept.len());
    let before = world.raw.everything().await;
    store.migrate().await.unwrap();
    assert_eq!(world.raw.everything().await, before, "and once");
}

async fn one_sees_what_somebody_made_as_far_as_one_could_make_it(world: &World) {
    let (two, store) = (Two::new(world).await, &world.store);
    let una = two.somebody(world, "Una", Role::Owner).await;
    let things = one_of_each(world, &two, &una).await;
    let far = Thing::device(world, &una, two.sites[1], true).await.unwrap();
    let kinds = async |actor: &Actor| {
        let rows = store.made(actor, person(&una)).await.unwrap().unwrap().rows;
        let mut kinds: Vec<_> = rows.into_iter().map(|row| (row.made, row.is_theirs)).collect();
        kinds.sort_unstable();
        kinds
    };
    let mut all: Vec<_> = things.iter().chain([&far]).map(|thing| (thing.made, true)).collect();
    all.sort_unstable();
    assert_eq!(kinds(&two.shop.owner).await, all);
    let managers: Vec<_> = all
        .iter()
        .filter(|(made, _)| !matches!(made, Made::Token(_)))
        .map(|(made, _)| (*made, !matches!(made, Made::Invitation(_))))
        .collect();
    assert_eq!(kinds(&two.shop.manager).await, managers);
    let bound = Actor { reach: Reach::of([two.sites[1]]), ..two.shop.manager.clone() };
    assert_eq!(kinds(&bound).await, [(things[0].made, false), (far.made, true)]);
    for actor in [&two.shop.staff, &two.shop.auditor] {
        assert!(matches!(store.made(actor, person(&una)).await, Err(Error::NotAllowed(_))));
        assert!(matches!(store.made_counts(actor).await, Err(Error::NotAllowed(_))));
    }
    assert_eq!(store.made_counts(&two.shop.owner).await.unwrap()[&person(&una)], things.len() + 1);
    world.hours(2);
    let late = kinds(&two.shop.owner).await;
    assert!(!late.contains(&(things[2].made, true)) && late.len() == all.len() - 1, "a link that has run out is none");
    store.dismiss(&two.shop.owner, person(&una)).await.unwrap().unwrap();
    assert_eq!(kinds(&two.shop.owner).await, [], "the page is there, and empty");
    assert_eq!(store.made_counts(&two.shop.owner).await.unwrap().get(&person(&una)), None);
}

async fn long_lists_come_in_pages_and_each_row_once(world: &World) {
    let (two, store) = (Two::new(world).await, &world.store);
    let (owner, mut made) = (&two.shop.owner, [Vec::new(), Vec::new(), Vec::new()]);
    for number in 0..23 {
        // Some of them at the same instant.
        if number % 3 == 0 {
            world.minutes(1);
        }
        let staff = rights(Role::Staff, Reach::Everywhere);
        made[0].push(id_of(Thing::invitation(world, owner, staff.clone()).await.unwrap().made));
        made[1].push(id_of(Thing::token(world, owner, staff).await.unwrap().made));
        made[2].push(id_of(Thing::device(world, owner, two.sites[number % 2], false).await.unwrap().made));
    }
    let bound = Actor { reach: Reach::of([two.sites[1]]), ..two.shop.manager.clone() };
    store.bind(owner, person(&bound), &bound.reach).await.unwrap().unwrap();
    for most in [1, 5, 23, 200] {
        let (mut listed, mut before) = ([Vec::new(), Vec::new(), Vec::new(), Vec::new()], [None; 4]);
        for page in 0..25 {
            let more = |at: usize| page == 0 || before[at].is_some();
            let mut next = [None; 4];
            if more(0) {
                let page = store.invites(owner, before[0].map(InviteId), most).await.unwrap();
                listed[0].extend(page.rows.iter().map(|row| row.id.0));
                next[0] = page.before.map(|id| id.0);
            }
            if more(1) {
                let page = store.tokens(owner, before[1].map(TokenId), most).await.unwrap();
                listed[1].extend(page.rows.iter().map(|row| row.id.0));
                next[1] = page.before.map(|id| id.0);
            }
            for (at, actor) in [(2, owner), (3, &bound)] {
                if more(at) {
                    let page = store.devices(actor, before[at].map(DeviceId), most).await.unwrap();
                    listed[at].extend(page.rows.iter().map(|row| row.id.0));
                    next[at] = page.before.map(|id| id.0);
                }
            }
            before = next;
        }
        assert_eq!(before, [None; 4], "{most}");
        let near: Vec<_> = made[2].iter().skip(1).step_by(2).copied().collect();
        for (listed, made) in listed.iter_mut().zip(made.iter().chain([&near])) {
            let mut made = made.clone();
            made.sort_unstable();
            listed.sort_unstable();
            assert_eq!(*listed, made, "{most}");
        }
    }
    let nowhere = Some(Uuid::from_u128(7));
    assert!(store.invites(owner, nowhere.map(InviteId), 5).await.unwrap().rows.is_empty());
    assert!(store.tokens(owner, nowhere.map(TokenId), 5).await.unwrap().rows.is_empty());
    assert!(store.devices(owner, nowhere.map(DeviceId), 5).await.unwrap().rows.is_empty());
    assert_eq!(store.token_of(owner, TokenId(made[1][0])).await.unwrap().unwrap().id.0, made[1][0]);
    assert_eq!(store.token_of(owner, TokenId(made[0][0])).await.unwrap(), None);
}

/// The id of what was made.
fn id_of(made: Made) -> Uuid {
    match made {
        Made::Invitation(InviteId(id))
        | Made::Token(TokenId(id))
        | Made::Device(DeviceId(id))
        | Made::CustomerLink(RecoveryId(id)) => id,
    }
}
