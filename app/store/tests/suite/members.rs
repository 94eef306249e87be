//! Who belongs to a business: another role, out at once, and never without an owner.

use domain::actor::{Actor, Role, Who};
use domain::ids::PersonId;
use domain::member::Refused;
use store::{Error, Origin};

use crate::shop::{acknowledge, broken, business, newcomer};
use crate::world::World;

facts![
    members_are_listed_by_name,
    a_role_is_given_by_those_above_and_counts_at_once,
    whoever_is_dismissed_is_out_at_once_and_keeps_their_name,
    a_business_keeps_its_last_owner,
    another_businesss_people_are_not_ours_to_change,
    one_more_business_has_its_own_owner_and_record,
];

fn person(actor: &Actor) -> PersonId {
    let Who::Person(person) = actor.who else { unreachable!() };
    person
}

async fn members_are_listed_by_name(world: &World) {
    let shop = world.shop().await;
    world.store.add_person(&shop.owner, &newcomer("Bea", "manager"), "hash").await.unwrap();
    let members = world.store.members(&shop.auditor).await.unwrap();
    let names: Vec<_> = members.iter().map(|member| member.name.as_str()).collect();
    assert_eq!(names, ["Ada", "Bea", "Maya Torres", "Nia", "Sam"]);
    assert_eq!((members[1].role, members[1].email.as_str()), (Role::Manager, "bea@prairie.example"));
}

async fn a_role_is_given_by_those_above_and_counts_at_once(world: &World) {
    let (shop, store) = (world.shop().await, &world.store);
    let sam = person(&shop.staff);
    let session = store.begin_session(sam, &Origin::default()).await.unwrap().unwrap();
    store.appoint(&shop.manager, sam, Role::Manager).await.unwrap().unwrap();
    assert_eq!(store.visitor(&session.token).await.unwrap(), None, "no token outlives a rise in rights");
    let session = store.begin_session(sam, &Origin::default()).await.unwrap().unwrap();
    assert_eq!(store.visitor(&session.token).await.unwrap().unwrap().actor.role, Role::Manager);
    let unchanged = store.appoint(&shop.manager, sam, Role::Manager).await;
    assert!(matches!(unchanged, Err(Error::Member(Refused::Unchanged))), "{unchanged:?}");
    for (whom, to) in [(sam, Role::Owner), (person(&shop.auditor), Role::Staff), (person(&shop.owner), Role::Staff)] {
        let refused = store.appoint(&shop.manager, whom, to).await;
        assert!(matches!(refused, Err(Error::Member(Refused::AboveYou { .. }))), "{refused:?}");
    }
    store.appoint(&shop.owner, sam, Role::Staff).await.unwrap().unwrap();
    assert_eq!(store.visitor(&session.token).await.unwrap().unwrap().actor.role, Role::Staff, "it outlives a fall");
    for actor in [&shop.staff, &shop.auditor] {
        assert!(matches!(store.appoint(actor, sam, Role::Staff).await, Err(Error::NotAllowed(_))));
        assert!(matches!(store.dismiss(actor, sam).await, Err(Error::NotAllowed(_))));
    }
}

async fn whoever_is_dismissed_is_out_at_once_and_keeps_their_name(world: &World) {
    let (shop, store) = (world.shop().await, &world.store);
    let sam = person(&shop.staff);
    let tabs = [
        store.begin_session(sam, &Origin::default()).await.unwrap().unwrap(),
        store.begin_session(sam, &Origin::default()).await.unwrap().unwrap(),
    ];
    let recovery = shop.breaks(world, broken()).await;
    store.take_step(&shop.staff, recovery, &acknowledge()).await.unwrap().unwrap();
    store.dismiss(&shop.manager, sam).await.unwrap().unwrap();
    for tab in &tabs {
        assert_eq!(store.visitor(&tab.token).await.unwrap(), None);
    }
    assert_eq!(store.begin_session(sam, &Origin::default()).await.unwrap(), None);
    assert!(store.members(&shop.owner).await.unwrap().iter().all(|member| member.person != sam));
    assert_eq!(store.dismiss(&shop.manager, sam).await.unwrap(), None);
    let page = store.recovery(&shop.owner, recovery).await.unwrap().unwrap();
    assert_eq!(page.steps[0].by.as_deref(), Some("Sam"));
}

async fn a_business_keeps_its_last_owner(world: &World) {
    let (shop, store) = (world.shop().await, &world.store);
    let owner = person(&shop.owner);
    let last = |done: Result<(), Error>| assert!(matches!(done, Err(Error::Member(Refused::LastOwner))), "{done:?}");
    let before = world.raw.everything().await;
    last(store.leave(&shop.owner).await);
    last(store.dismiss(&shop.owner, owner).await.map(drop));
    last(store.appoint(&shop.owner, owner, Role::Auditor).await.map(drop));
    assert_eq!(world.raw.everything().await, before);
    store.appoint(&shop.owner, person(&shop.manager), Role::Owner).await.unwrap().unwrap();
    store.leave(&shop.owner).await.unwrap();
    let now_owner = Actor { role: Role::Owner, ..shop.manager.clone() };
    last(store.leave(&now_owner).await);
    store.leave(&shop.staff).await.unwrap();
    assert_eq!(store.memberships(owner).await.unwrap(), []);
}

async fn another_businesss_people_are_not_ours_to_change(world: &World) {
    let (shop, other, store) = (world.shop().await, world.other_shop().await, &world.store);
    let before = world.raw.everything().await;
    let sam = person(&shop.staff);
    assert_eq!(store.appoint(&other.owner, sam, Role::Auditor).await.unwrap(), None);
    assert_eq!(store.dismiss(&other.owner, sam).await.unwrap(), None);
    assert_eq!(store.begin_session_at(sam, other.business(), &Origin::default()).await.unwrap(), None);
    assert_eq!(world.raw.everything().await, before);
}

async fn one_more_business_has_its_own_owner_and_record(world: &World) {
    let (shop, store) = (world.shop().await, &world.store);
    let another = |slug: &str| {
        let mut business = business();
        business.slug = domain::slug::Slug::parse(slug).unwrap();
        business
    };
    let id = store.begin_another(&shop.owner, &another("creek-stop")).await.unwrap();
    let there = Actor { business: id, ..shop.owner.clone() };
    assert_eq!(store.members(&there).await.unwrap().len(), 1);
    assert!(store.verify(id).await.unwrap().is_ok());
    assert!(store.sites(&there).await.unwrap().is_empty());
    let taken = store.begin_another(&shop.owner, &another("creek-stop")).await;
    assert!(matches!(&taken, Err(Error::Invalid(faults)) if faults.at("slug").is_some()), "{taken:?}");
    let refused = store.begin_another(&shop.manager, &another("hill-stop")).await;
    assert!(matches!(refused, Err(Error::NotAllowed(_))), "{refused:?}");
}
