//! Who is bound to some sites sees and does nothing at the others: what is there is not there for them.

use domain::actor::{Actor, Reach, Role, Who};
use domain::check::{CheckDraft, Refused as CheckRefused};
use domain::device::Device;
use domain::fault::Fault;
use domain::ids::{CheckId, PersonId, PlaceId, RecoveryId, SiteId};
use domain::invite::Invite;
use domain::member::Refused;
use domain::person::{Entrant, EntrantDraft, Newcomer};
use domain::place::Code;
use domain::recovery::{AcknowledgementDraft, StepDraft};
use domain::token::Token;
use store::{Error, Origin};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::shop::{
    Shop, acknowledge, answer, broken, kept, learn, line, newcomer, prose, remedy, token, told_by_a_customer,
    understand,
};
use crate::world::World;

facts![
    what_is_at_another_site_is_not_there,
    nor_is_what_was_closed_there,
    nothing_is_done_at_another_site,
    a_check_at_another_site_is_answered_as_if_the_place_did_not_exist,
    checks_that_come_together_are_each_held_to_their_own_reach,
    within_ones_reach_everything_goes_on,
    whoever_is_bound_is_bound_at_once_and_signs_in_anew_to_reach_further,
    only_sites_that_are_there_and_within_reach_are_given,
    owners_and_auditors_are_not_bound,
    a_bound_manager_lets_in_and_changes_only_those_within_their_reach,
    an_invitation_binds_whoever_comes_in_by_it,
    a_reach_in_one_business_says_nothing_about_another,
    one_stands_only_at_devices_within_ones_reach,
];

/// The shop, with a second site where the same is promised, and those who are bound to it.
struct Two {
    shop: Shop,
    site: SiteId,
    place: PlaceId,
    staff: Actor,
    manager: Actor,
    program: Actor,
}

fn person(actor: &Actor) -> PersonId {
    let Who::Person(person) = actor.who else { unreachable!() };
    person
}

/// How someone is known who has just signed in.
async fn signed_in(world: &World, person: PersonId) -> Actor {
    let session = world.store.begin_session(person, &Origin::default()).await.unwrap().unwrap();
    world.store.visitor(&session.token).await.unwrap().unwrap().actor
}

async fn two(world: &World) -> Two {
    let (shop, store) = (world.shop().await, &world.store);
    let site = store.add_site(&shop.owner, &line("Sweetwater")).await.unwrap();
    let place = store.add_place(&shop.owner, site, &line("Counter")).await.unwrap();
    store.promise_at(&shop.owner, shop.guarantee, &[shop.place, place]).await.unwrap().unwrap();
    let bound = async |name: &str, role: &str| {
        let newcomer = Newcomer { reach: Reach::of([site]), ..newcomer(name, role) };
        signed_in(world, store.add_person(&shop.owner, &newcomer, "hash").await.unwrap()).await
    };
    let till = Token { reach: Reach::of([site]), ..token(Role::Manager) };
    let till = store.create_token(&shop.owner, &till).await.unwrap();
    let program = store.bearer(&till.token).await.unwrap().unwrap();
    let (staff, manager) = (bound("Bo", "staff").await, bound("Mo", "manager").await);
    Two { shop, site, place, staff, manager, program }
}

impl Two {
    fn bound(&self) -> [&Actor; 3] {
        [&self.staff, &self.manager, &self.program]
    }

    async fn log(&self, world: &World, place: PlaceId) -> (CheckId, RecoveryId) {
        world.minutes(1);
        let check = CheckDraft { place: place.to_string(), ..self.shop.check(world, told_by_a_customer()) };
        let logged = world.store.log_check(&self.shop.staff, check).await.unwrap();
        (logged.check, logged.recovery.unwrap())
    }

    /// Someone at a shared device of the second site.
    async fn at_device(&self, world: &World) -> Actor {
        let (store, owner) = (&world.store, &self.shop.owner);
        let made = store.add_device(owner, &Device { name: line("Tablet"), site: self.site }).await.unwrap();
        let token = store.register_device(&made.token, &Origin::default()).await.unwrap().unwrap();
        let at = store.at_device(&token).await.unwrap().unwrap();
        let turn = store.begin_turn(&at, person(&self.shop.manager), &Origin::default()).await.unwrap();
        store.recognize(&turn.token).await.unwrap().unwrap().visitor().actor.clone()
    }
}

async fn what_is_at_another_site_is_not_there(world: &World) {
    let (two, store) = (two(world).await, &world.store);
    let (theirs, own) = (two.log(world, two.shop.place).await, two.log(world, two.place).await);
    let broken = store.breaks(&two.shop.owner, None, 10).await.unwrap().rows[1].id;
    let code = store.place(&two.shop.owner, two.shop.place).await.unwrap().unwrap().code;
    let code = Code::parse(&code).unwrap();
    for actor in two.bound() {
        assert!(store.checks(actor, Some(theirs.0), 10).await.unwrap().rows.is_empty());
        assert_eq!(store.check(actor, theirs.0).await.unwrap(), None);
        assert!(store.recovery(actor, theirs.1).await.unwrap().is_none());
        assert!(store.breaks(actor, Some(broken), 10).await.unwrap().rows.is_empty());
        let seen = format!(
            "{:?}{:?}{:?}",
            store.checks(actor, None, 500).await.unwrap(),
            store.breaks(actor, None, 500).await.unwrap(),
            store.open_recoveries(actor).await.unwrap(),
        );
        assert!(seen.contains(&own.0.to_string()) && seen.contains(&own.1.to_string()), "their own is there");
        assert!(!seen.contains(&theirs.0.to_string()) && !seen.contains(&theirs.1.to_string()), "{seen}");
    }
    let at_device = two.at_device(world).await;
    for actor in two.bound().into_iter().chain([&at_device]) {
        assert_eq!(store.place(actor, two.shop.place).await.unwrap(), None);
        assert_eq!(store.place_by_code(actor, &code).await.unwrap(), None);
        let seen = format!(
            "{:?}{:?}{:?}{:?}{:?}",
            store.sites(actor).await.unwrap(),
            store.places(actor).await.unwrap(),
            store.standings(actor).await.unwrap(),
            store.guarantees(actor).await.unwrap(),
            store.guarantee(actor, two.shop.guarantee).await.unwrap(),
        );
        assert!(seen.contains(&two.site.to_string()) && seen.contains(&two.place.to_string()));
        for hidden in [two.shop.site.0, two.shop.place.0, two.shop.other_place.0] {
            assert!(!seen.contains(&hidden.to_string()), "{seen}");
        }
    }
    for row in store.open_recoveries(&two.shop.owner).await.unwrap() {
        assert!(store.recovery(&two.shop.owner, row.id).await.unwrap().is_some(), "who is not bound sees both");
    }
    assert_eq!(store.standings(&two.shop.staff).await.unwrap().len(), 2);
}

async fn nor_is_what_was_closed_there(world: &World) {
    let (two, store) = (two(world).await, &world.store);
    let mut closed = Vec::new();
    for place in [two.shop.place, two.place] {
        let (_, recovery) = two.log(world, place).await;
        let StepDraft::Acknowledge(draft) = acknowledge() else { unreachable!() };
        let named =
            AcknowledgementDraft { customer_name: "Ann".into(), customer_contact: "ann@x.example".into(), ..draft };
        let mut link = None;
        for step in [StepDraft::Acknowledge(named), understand(), remedy(), StepDraft::FollowUp, learn()] {
            link = two.shop.step(world, recovery, step).await.or(link);
        }
        store.answer(&link.unwrap(), &answer("yes", "yes")).await.unwrap().unwrap();
        closed.push(recovery);
    }
    let ids = async |actor| {
        store.closed_recoveries(actor, None, 50).await.unwrap().rows.into_iter().map(|row| row.id).collect::<Vec<_>>()
    };
    assert_eq!(ids(&two.shop.owner).await, [closed[1], closed[0]]);
    for actor in two.bound() {
        assert_eq!(ids(actor).await, [closed[1]]);
        assert!(store.recovery(actor, closed[0]).await.unwrap().is_none());
    }
}

async fn nothing_is_done_at_another_site(world: &World) {
    let (two, store) = (two(world).await, &world.store);
    let (check, recovery) = two.log(world, two.shop.place).await;
    let at_device = two.at_device(world).await;
    let before = world.raw.everything().await;
    for actor in two.bound() {
        assert_eq!(store.correct_check(actor, check, &kept(), &prose("why")).await.unwrap(), None);
        for step in [acknowledge(), remedy()] {
            assert_eq!(store.take_step(actor, recovery, &step).await.unwrap(), None);
        }
    }
    for actor in two.bound().into_iter().chain([&at_device]) {
        let logged = store.log_checks(actor, &[two.shop.check(world, broken())]).await;
        assert!(matches!(&logged, Err(Error::Invalid(faults)) if faults.at("place") == Some(Fault::NotFound)));
    }
    for actor in [&two.manager, &two.program] {
        let place = store.add_place(actor, two.shop.site, &line("Hall")).await;
        assert!(matches!(&place, Err(Error::Invalid(faults)) if faults.at("site") == Some(Fault::NotFound)));
        assert!(matches!(store.add_site(actor, &line("Odessa")).await, Err(Error::NotAllowed(_))));
        let promised = store.promise_at(actor, two.shop.guarantee, &[two.place]).await;
        assert!(matches!(promised, Err(Error::NotAllowed(_))), "a guarantee is the whole business's");
    }
    let mut after = world.raw.everything().await;
    // That it was asked is counted, and nothing else.
    after.insert("record_heads".to_owned(), before["record_heads"].clone());
    assert_eq!(after, before);
}

async fn a_check_at_another_site_is_answered_as_if_the_place_did_not_exist(world: &World) {
    let (two, store) = (two(world).await, &world.store);
    let (hidden, _) = two.log(world, two.shop.place).await;
    let (seen, _) = two.log(world, two.place).await;
    for actor in two.bound() {
        for id in [None, Some(seen), Some(hidden)] {
            let id = id.map_or_else(|| store.source().id(), |id| id.0).to_string();
            let draft = CheckDraft { id, ..two.shop.check(world, told_by_a_customer()) };
            let nowhere = CheckDraft { place: Uuid::from_u128(9).to_string(), ..draft.clone() };
            let answer = async |draft| format!("{:?}", store.log_check(actor, draft).await.unwrap_err());
            let (there, nowhere) = (answer(draft.clone()).await, answer(nowhere).await);
            assert_eq!(there, nowhere, "{draft:?}");
        }
        // Even the very check that is stored there.
        let sent = CheckDraft { id: hidden.to_string(), ..two.shop.check(world, told_by_a_customer()) };
        assert!(store.log_check(&two.shop.staff, sent.clone()).await.unwrap().again);
        let refused = store.log_check(actor, sent).await.unwrap_err();
        assert!(matches!(&refused, Error::Invalid(faults) if faults.at("place") == Some(Fault::NotFound)));
        let used = CheckDraft { id: hidden.to_string(), place: two.place.to_string(), ..two.shop.check(world, kept()) };
        let refused = store.log_check(actor, used).await.unwrap_err();
        assert!(matches!(refused, Error::Check(CheckRefused::OtherBody)), "{refused:?}");
    }
}

async fn checks_that_come_together_are_each_held_to_their_own_reach(world: &World) {
    let two = two(world).await;
    let mut senders = JoinSet::new();
    for number in 0..40 {
        let actor = if number % 2 == 0 { two.shop.staff.clone() } else { two.staff.clone() };
        let place = if number % 4 < 2 { two.shop.place } else { two.place };
        let allowed = number % 2 == 0 || place == two.place;
        let check = CheckDraft { place: place.to_string(), ..two.shop.check(world, kept()) };
        let store = world.store.clone();
        senders.spawn(async move { (allowed, store.log_check(&actor, check).await) });
    }
    for (allowed, answer) in senders.join_all().await {
        assert_eq!(answer.is_ok(), allowed, "{answer:?}");
    }
    assert_eq!(world.raw.count("checks").await, 30);
}

async fn within_ones_reach_everything_goes_on(world: &World) {
    let (two, store) = (two(world).await, &world.store);
    for actor in two.bound() {
        world.minutes(1);
        let check = CheckDraft { place: two.place.to_string(), ..two.shop.check(world, broken()) };
        let logged = store.log_check(actor, check.clone()).await.unwrap();
        assert!(store.log_check(actor, check).await.unwrap().again);
        assert!(store.check(actor, logged.check).await.unwrap().is_some());
        store.take_step(actor, logged.recovery.unwrap(), &acknowledge()).await.unwrap().unwrap();
        assert!(store.recovery(actor, logged.recovery.unwrap()).await.unwrap().is_some());
        store.correct_check(actor, logged.check, &kept(), &prose("It was dry.")).await.unwrap().unwrap();
        let code = store.place(actor, two.place).await.unwrap().unwrap().code;
        assert!(store.place_by_code(actor, &Code::parse(&code).unwrap()).await.unwrap().is_some());
        assert_eq!(store.problems(actor).await.unwrap().len(), 1, "problems are the whole business's");
    }
    store.add_place(&two.manager, two.site, &line("Hall")).await.unwrap();
    assert_eq!(store.places(&two.staff).await.unwrap().len(), 2);
    let check = CheckDraft { place: two.place.to_string(), ..two.shop.check(world, kept()) };
    store.log_check(&two.at_device(world).await, check).await.unwrap();
}

async fn whoever_is_bound_is_bound_at_once_and_signs_in_anew_to_reach_further(world: &World) {
    let (two, store) = (two(world).await, &world.store);
    let sam = person(&two.shop.staff);
    let session = store.begin_session(sam, &Origin::default()).await.unwrap().unwrap();
    let reach = async || store.visitor(&session.token).await.unwrap().map(|visitor| visitor.actor.reach);
    assert_eq!(reach().await, Some(Reach::Everywhere));
    let both = Reach::of([two.site, two.shop.site]);
    for narrower in [both.clone(), Reach::of([two.site])] {
        store.bind(&two.shop.manager, sam, &narrower).await.unwrap().unwrap();
        assert_eq!(reach().await, Some(narrower.clone()), "at once");
        let again = store.bind(&two.shop.manager, sam, &narrower).await;
        assert!(matches!(again, Err(Error::Member(Refused::Unchanged))), "{again:?}");
    }
    let listed = store.members(&two.staff).await.unwrap();
    assert_eq!(listed.iter().find(|member| member.person == sam).unwrap().reach, Reach::of([two.site]));
    store.bind(&two.shop.manager, sam, &both).await.unwrap().unwrap();
    assert_eq!(reach().await, None, "no token outlives a rise in rights");
    assert_eq!(signed_in(world, sam).await.reach, both);
    store.bind(&two.shop.owner, sam, &Reach::Everywhere).await.unwrap().unwrap();
    assert_eq!(signed_in(world, sam).await.reach, Reach::Everywhere);
    for actor in [&two.shop.staff, &two.shop.auditor] {
        assert!(matches!(store.bind(actor, sam, &both).await, Err(Error::NotAllowed(_))));
    }
    assert_eq!(store.bind(&two.shop.owner, PersonId(Uuid::nil()), &both).await.unwrap(), None);
}

async fn only_sites_that_are_there_and_within_reach_are_given(world: &World) {
    let (two, other, store) = (two(world).await, world.other_shop().await, &world.store);
    let (sam, bo) = (person(&two.shop.staff), person(&two.staff));
    let before = world.raw.everything().await;
    let wrong = |done: Result<(), Error>| {
        assert!(
            matches!(&done, Err(Error::Invalid(faults)) if faults.at("sites") == Some(Fault::NotFound)),
            "{done:?}"
        );
    };
    let invite = |reach: &Reach| Invite { name: line("Kim"), role: Role::Staff, reach: reach.clone() };
    for site in [SiteId(Uuid::nil()), other.site] {
        let reach = Reach::of([two.site, site]);
        wrong(store.bind(&two.shop.owner, sam, &reach).await.map(drop));
        wrong(store.invite(&two.shop.owner, &invite(&reach)).await.map(drop));
        let bound = Token { reach: reach.clone(), ..token(Role::Staff) };
        wrong(store.create_token(&two.shop.owner, &bound).await.map(drop));
        let kim = Newcomer { reach, ..newcomer("Kim", "staff") };
        wrong(store.add_person(&two.shop.owner, &kim, "hash").await.map(drop));
    }
    let beyond = Reach::of([two.site, two.shop.site]);
    wrong(store.bind(&two.manager, bo, &beyond).await.map(drop));
    wrong(store.invite(&two.manager, &invite(&beyond)).await.map(drop));
    assert_eq!(world.raw.everything().await, before);
}

async fn owners_and_auditors_are_not_bound(world: &World) {
    let (two, store) = (two(world).await, &world.store);
    let (reach, owner) = (Reach::of([two.site]), &two.shop.owner);
    let refused = |done: Result<(), Error>| {
        let by_role = matches!(&done, Err(Error::Invalid(faults)) if faults.at("reach") == Some(Fault::ReachesAll));
        assert!(by_role, "{done:?}");
    };
    let before = world.raw.everything().await;
    refused(store.bind(owner, person(owner), &reach).await.map(drop));
    refused(store.bind(owner, person(&two.shop.auditor), &reach).await.map(drop));
    for role in [Role::Owner, Role::Auditor] {
        refused(store.create_token(owner, &Token { reach: reach.clone(), ..token(role) }).await.map(drop));
        let invite = Invite { name: line("Kim"), role, reach: reach.clone() };
        refused(store.invite(owner, &invite).await.map(drop));
        let kim = Newcomer { reach: reach.clone(), ..newcomer("Kim", role.name()) };
        refused(store.add_person(owner, &kim, "hash").await.map(drop));
    }
    assert_eq!(world.raw.everything().await, before);

    let bo = person(&two.staff);
    store.appoint(owner, bo, Role::Manager).await.unwrap().unwrap();
    assert_eq!(signed_in(world, bo).await.reach, reach, "still bound");
    store.appoint(owner, bo, Role::Auditor).await.unwrap().unwrap();
    assert_eq!(signed_in(world, bo).await.reach, Reach::Everywhere);
    store.appoint(owner, bo, Role::Staff).await.unwrap().unwrap();
    assert_eq!(signed_in(world, bo).await.reach, Reach::Everywhere, "what was given up does not come back");
    let left = world.raw.number("SELECT COUNT(*) FROM reaches x JOIN members m ON m.person_id = x.holder_id").await;
    assert_eq!(left, 1, "only the manager's");
}

async fn a_bound_manager_lets_in_and_changes_only_those_within_their_reach(world: &World) {
    let (two, store) = (two(world).await, &world.store);
    let (bo, sam) = (person(&two.staff), person(&two.shop.staff));
    let wide = Newcomer { reach: Reach::of([two.site, two.shop.site]), ..newcomer("Wendy", "staff") };
    let wendy = store.add_person(&two.shop.owner, &wide, "hash").await.unwrap();
    let before = world.raw.everything().await;
    let beyond = |done: Result<(), Error>| {
        assert!(matches!(done, Err(Error::Member(Refused::BeyondYou))), "{done:?}");
    };
    for someone in [sam, wendy, person(&two.shop.manager)] {
        beyond(store.dismiss(&two.manager, someone).await.map(drop));
        beyond(store.bind(&two.manager, someone, &Reach::of([two.site])).await.map(drop));
    }
    beyond(store.appoint(&two.manager, wendy, Role::Manager).await.map(drop));
    beyond(store.bind(&two.manager, bo, &Reach::Everywhere).await.map(drop));
    let invite = |reach| Invite { name: line("Kim"), role: Role::Staff, reach };
    beyond(store.invite(&two.manager, &invite(Reach::Everywhere)).await.map(drop));
    let owner = store.appoint(&two.manager, bo, Role::Owner).await;
    assert!(matches!(owner, Err(Error::Member(Refused::AboveYou { .. }))), "{owner:?}");
    assert_eq!(world.raw.everything().await, before);

    let names: Vec<_> = store.members(&two.manager).await.unwrap().into_iter().map(|member| member.name).collect();
    assert_eq!(names.len(), 7, "they know their colleagues: {names:?}");
    let everywhere = store.invite(&two.shop.owner, &invite(Reach::Everywhere)).await.unwrap();
    beyond(store.revoke_invite(&two.manager, everywhere.id).await.map(drop));
    let here = store.invite(&two.manager, &invite(Reach::of([two.site]))).await.unwrap();
    let listed = store.invites(&two.manager, None, 50).await.unwrap().rows;
    assert_eq!(listed.iter().find(|row| row.id == here.id).unwrap().reach, Reach::of([two.site]));
    store.revoke_invite(&two.manager, here.id).await.unwrap().unwrap();
    store.appoint(&two.manager, bo, Role::Manager).await.unwrap().unwrap();
    store.dismiss(&two.manager, bo).await.unwrap().unwrap();
}

fn entrant(name: &str) -> Entrant {
    let email = format!("{}@new.example", name.to_lowercase());
    EntrantDraft { name: name.into(), email, password: "a long enough secret".into() }.parse().unwrap()
}

async fn an_invitation_binds_whoever_comes_in_by_it(world: &World) {
    let (two, store) = (two(world).await, &world.store);
    let reach = Reach::of([two.site]);
    let invite = Invite { name: line("Kim"), role: Role::Staff, reach: reach.clone() };
    let made = store.invite(&two.manager, &invite).await.unwrap();
    let kim = store.enter(&made.token, &entrant("Kim"), "hash").await.unwrap().unwrap();
    assert_eq!(signed_in(world, kim).await.reach, reach);

    store.dismiss(&two.shop.owner, kim).await.unwrap().unwrap();
    let made = store.invite(&two.shop.owner, &Invite { reach: Reach::Everywhere, ..invite.clone() }).await.unwrap();
    assert_eq!(store.join(&made.token, kim).await.unwrap(), Some(two.shop.business()));
    assert_eq!(signed_in(world, kim).await.reach, Reach::Everywhere, "as they are invited now, not as they were");
    store.dismiss(&two.shop.owner, kim).await.unwrap().unwrap();
    let made = store.invite(&two.shop.owner, &invite).await.unwrap();
    store.join(&made.token, kim).await.unwrap();
    assert_eq!(signed_in(world, kim).await.reach, reach);
}

async fn a_reach_in_one_business_says_nothing_about_another(world: &World) {
    let (two, other, store) = (two(world).await, world.other_shop().await, &world.store);
    let bo = person(&two.staff);
    let invite = |reach| Invite { name: line("Bo"), role: Role::Staff, reach };
    let made = store.invite(&other.owner, &invite(Reach::Everywhere)).await.unwrap();
    store.join(&made.token, bo).await.unwrap().unwrap();
    let at = async |business| {
        let session = store.begin_session_at(bo, business, &Origin::default()).await.unwrap().unwrap();
        store.visitor(&session.token).await.unwrap().unwrap().actor
    };
    assert_eq!(at(other.business()).await.reach, Reach::Everywhere);
    assert_eq!(at(two.shop.business()).await.reach, Reach::of([two.site]));
    store.bind(&other.owner, bo, &Reach::of([other.site])).await.unwrap().unwrap();
    assert_eq!(at(two.shop.business()).await.reach, Reach::of([two.site]));
    let there = at(other.business()).await;
    assert_eq!(store.sites(&there).await.unwrap().len(), 1);
    assert_eq!(store.bind(&other.owner, person(&two.manager), &Reach::Everywhere).await.unwrap(), None);
}

async fn one_stands_only_at_devices_within_ones_reach(world: &World) {
    let (two, store) = (two(world).await, &world.store);
    let device = async |site| {
        let made = store.add_device(&two.shop.owner, &Device { name: line("Tablet"), site }).await.unwrap();
        let token = store.register_device(&made.token, &Origin::default()).await.unwrap().unwrap();
        store.at_device(&token).await.unwrap().unwrap()
    };
    let (here, elsewhere) = (device(two.site).await, device(two.shop.site).await);
    for actor in [&two.staff, &two.shop.staff] {
        store.set_pin(actor, person(actor), "hash").await.unwrap();
    }
    let names =
        async |device| store.colleagues(device).await.unwrap().into_iter().map(|one| one.name).collect::<Vec<_>>();
    assert_eq!((names(&here).await, names(&elsewhere).await), (vec!["Bo".into(), "Sam".into()], vec!["Sam".into()]));
    let (bo, sam) = (person(&two.staff), person(&two.shop.staff));
    assert_eq!(store.try_pin(&elsewhere, bo).await.unwrap(), None);
    assert!(store.try_pin(&here, bo).await.unwrap().is_some());

    let turn = store.begin_turn(&elsewhere, sam, &Origin::default()).await.unwrap();
    assert_eq!(
        store.recognize(&turn.token).await.unwrap().unwrap().visitor().actor.clone().reach,
        Reach::of([two.shop.site])
    );
    store.bind(&two.shop.owner, sam, &Reach::of([two.site])).await.unwrap().unwrap();
    assert_eq!(store.recognize(&turn.token).await.unwrap(), None, "bound elsewhere, one stands there no longer");
}
