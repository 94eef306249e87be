//! Invitations: one person each, for a time, for no more than whoever invites may give.

use chrono::TimeDelta;
use domain::actor::{Reach, Role};
use domain::fault::Fault;
use domain::invite::{Invite, LASTS, State};
use domain::member::Refused;
use domain::person::{Entrant, EntrantDraft};
use store::Error;

use store::Origin;

use crate::shop::line;
use crate::world::World;

facts![
    an_invitation_lets_one_person_in_with_its_role,
    an_invitation_is_used_once_whoever_tries_at_the_same_time,
    an_invitation_ends_after_its_time_or_when_it_is_taken_back,
    nobody_invites_above_themselves,
    an_address_that_is_taken_uses_nothing_up,
    who_is_known_already_joins_with_the_same_account,
    only_a_hash_of_the_link_is_kept,
];

fn invite(role: Role) -> Invite {
    Invite { name: line("Night shift"), role, reach: Reach::Everywhere }
}

fn entrant(name: &str) -> Entrant {
    let email = format!("{}@new.example", name.to_lowercase());
    EntrantDraft { name: name.into(), email, password: "a long enough secret".into() }.parse().unwrap()
}

fn over(done: &Result<Option<domain::ids::PersonId>, Error>) -> bool {
    matches!(done, Err(Error::Member(Refused::Over)))
}

async fn an_invitation_lets_one_person_in_with_its_role(world: &World) {
    let (shop, store) = (world.shop().await, &world.store);
    let made = store.invite(&shop.manager, &invite(Role::Staff)).await.unwrap();
    let behind = store.invitation(&made.token).await.unwrap().unwrap();
    assert_eq!((behind.business, behind.role, behind.state), (shop.business(), Role::Staff, State::Open));
    let person = store.enter(&made.token, &entrant("Kim"), "hash").await.unwrap().unwrap();
    let session = store.begin_session_at(person, shop.business(), &Origin::default()).await.unwrap().unwrap();
    let visitor = store.visitor(&session.token).await.unwrap().unwrap();
    assert_eq!((visitor.actor.role, visitor.name.as_str()), (Role::Staff, "Kim"));
    assert_eq!(store.invitation(&made.token).await.unwrap().unwrap().state, State::Used);
    assert!(over(&store.enter(&made.token, &entrant("Lee"), "hash").await));
    assert_eq!(store.invites(&shop.owner, None, 50).await.unwrap().rows[0].state, State::Used);
}

async fn an_invitation_is_used_once_whoever_tries_at_the_same_time(world: &World) {
    let (shop, store) = (world.shop().await, &world.store);
    let members = store.members(&shop.owner).await.unwrap().len();
    let made = store.invite(&shop.owner, &invite(Role::Auditor)).await.unwrap();
    let mut tries = tokio::task::JoinSet::new();
    for number in 0..8 {
        let (store, token) = (store.clone(), made.token.clone());
        tries.spawn(async move { store.enter(&token, &entrant(&format!("Kim{number}")), "hash").await });
    }
    let done = tries.join_all().await;
    assert_eq!(done.iter().filter(|one| one.is_ok()).count(), 1, "{done:?}");
    assert_eq!(done.iter().filter(|one| over(one)).count(), 7, "{done:?}");
    assert_eq!(store.members(&shop.owner).await.unwrap().len(), members + 1);
}

async fn an_invitation_ends_after_its_time_or_when_it_is_taken_back(world: &World) {
    let (shop, store) = (world.shop().await, &world.store);
    let (first, second) = (
        store.invite(&shop.owner, &invite(Role::Staff)).await.unwrap(),
        store.invite(&shop.owner, &invite(Role::Manager)).await.unwrap(),
    );
    store.revoke_invite(&shop.manager, second.id).await.unwrap().unwrap();
    assert!(over(&store.enter(&second.token, &entrant("Kim"), "hash").await));
    let again = store.revoke_invite(&shop.owner, second.id).await;
    assert!(matches!(again, Err(Error::Member(Refused::Over))), "{again:?}");
    world.clock.set(first.expires_at - TimeDelta::milliseconds(1));
    assert_eq!(store.invitation(&first.token).await.unwrap().unwrap().state, State::Open);
    world.clock.set(first.expires_at);
    assert_eq!(store.invitation(&first.token).await.unwrap().unwrap().state, State::RunOut);
    assert!(over(&store.enter(&first.token, &entrant("Kim"), "hash").await));
    assert_eq!(first.expires_at, world.store.now());
    assert_eq!(LASTS, TimeDelta::days(7));
    assert_eq!(store.invitation("nobody's").await.unwrap(), None);
    assert_eq!(store.enter("nobody's", &entrant("Kim"), "hash").await.unwrap(), None);
}

async fn nobody_invites_above_themselves(world: &World) {
    let (shop, store) = (world.shop().await, &world.store);
    for role in [Role::Owner, Role::Auditor] {
        let refused = store.invite(&shop.manager, &invite(role)).await;
        assert!(matches!(refused, Err(Error::Member(Refused::AboveYou { .. }))), "{refused:?}");
    }
    for actor in [&shop.staff, &shop.auditor] {
        assert!(matches!(store.invite(actor, &invite(Role::Staff)).await, Err(Error::NotAllowed(_))));
        assert!(matches!(store.invites(actor, None, 50).await, Err(Error::NotAllowed(_))));
    }
    let owners = store.invite(&shop.owner, &invite(Role::Owner)).await.unwrap();
    let refused = store.revoke_invite(&shop.manager, owners.id).await;
    assert!(matches!(refused, Err(Error::Member(Refused::AboveYou { .. }))), "{refused:?}");
    let other = world.other_shop().await;
    assert_eq!(store.revoke_invite(&other.owner, owners.id).await.unwrap(), None);
    assert!(store.invites(&other.owner, None, 50).await.unwrap().rows.is_empty());
}

async fn an_address_that_is_taken_uses_nothing_up(world: &World) {
    let (shop, store) = (world.shop().await, &world.store);
    let made = store.invite(&shop.owner, &invite(Role::Staff)).await.unwrap();
    let before = world.raw.everything().await;
    let sam = EntrantDraft { name: "Sam".into(), email: "sam@prairie.example".into(), password: "x".repeat(12) };
    let refused = store.enter(&made.token, &sam.parse().unwrap(), "hash").await;
    assert!(matches!(&refused, Err(Error::Invalid(faults)) if faults.at("email") == Some(Fault::Taken)), "{refused:?}");
    assert_eq!(world.raw.everything().await, before);
    store.enter(&made.token, &entrant("Kim"), "hash").await.unwrap().unwrap();
}

async fn who_is_known_already_joins_with_the_same_account(world: &World) {
    let (shop, other, store) = (world.shop().await, world.other_shop().await, &world.store);
    let domain::actor::Who::Person(sam) = shop.staff.who else { unreachable!() };
    let made = store.invite(&other.owner, &invite(Role::Manager)).await.unwrap();
    assert_eq!(store.join(&made.token, sam).await.unwrap(), Some(other.business()));
    let roles: Vec<_> = store.memberships(sam).await.unwrap().iter().map(|one| (one.business, one.role)).collect();
    assert_eq!(roles.len(), 2);
    assert!(roles.contains(&(shop.business(), Role::Staff)) && roles.contains(&(other.business(), Role::Manager)));

    let again = store.invite(&other.owner, &invite(Role::Owner)).await.unwrap();
    let refused = store.join(&again.token, sam).await;
    assert!(matches!(refused, Err(Error::Member(Refused::LetInAlready))), "{refused:?}");
    assert_eq!(store.invitation(&again.token).await.unwrap().unwrap().state, State::Open);

    let first = store.begin_session_at(sam, shop.business(), &Origin::default()).await.unwrap().unwrap();
    let second = store.switch_business(&first.token, sam, other.business(), &Origin::default()).await.unwrap().unwrap();
    assert_eq!(store.visitor(&first.token).await.unwrap(), None, "the token changes with the rights");
    let visitor = store.visitor(&second.token).await.unwrap().unwrap();
    assert_eq!((visitor.actor.business, visitor.actor.role), (other.business(), Role::Manager));
    let domain::actor::Who::Person(olga) = other.owner.who else { unreachable!() };
    assert_eq!(store.switch_business(&second.token, olga, shop.business(), &Origin::default()).await.unwrap(), None);
}

async fn only_a_hash_of_the_link_is_kept(world: &World) {
    let shop = world.shop().await;
    let made = world.store.invite(&shop.owner, &invite(Role::Staff)).await.unwrap();
    assert!(!format!("{:?}", world.raw.everything().await).to_lowercase().contains(&made.token));
}
