//! Members: changed roles, immediate removal, and never a business without an owner.

use domain::actor::{Actor, Principal};
use domain::ids::PersonId;
use domain::member::MemberError;
use domain::role::Role;
use store::{ClientInfo, Error};

use crate::fixture::{acknowledge, broken, business, newcomer};
use crate::harness::TestContext;

both_databases![
    members_are_listed_by_name,
    a_role_change_needs_permission_and_applies_immediately,
    a_removed_member_is_signed_out_and_keeps_their_name,
    a_business_keeps_its_last_owner,
    members_of_another_business_cannot_be_changed,
    a_second_business_has_its_own_owner_and_record,
];

fn person(actor: &Actor) -> PersonId {
    let Principal::Person(person) = actor.principal else { unreachable!() };
    person
}

async fn members_are_listed_by_name(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    ctx.store.add_person(&fixture.owner, &newcomer("Bea", "manager"), "hash").await.unwrap();
    let members = ctx.store.members(&fixture.auditor).await.unwrap();
    let names: Vec<_> = members.iter().map(|member| member.name.as_str()).collect();
    assert_eq!(names, ["Ada", "Bea", "Maya Torres", "Nia", "Sam"]);
    assert_eq!((members[1].role, members[1].email.as_str()), (Role::Manager, "bea@prairie.example"));
}

async fn a_role_change_needs_permission_and_applies_immediately(ctx: &TestContext) {
    let (fixture, store) = (ctx.fixture().await, &ctx.store);
    let sam = person(&fixture.staff);
    let session = store.begin_session(sam, &ClientInfo::default()).await.unwrap().unwrap();
    store.set_role(&fixture.manager, sam, Role::Manager).await.unwrap().unwrap();
    assert_eq!(store.session_user(&session.token).await.unwrap(), None, "no token outlives a rise in rights");
    let session = store.begin_session(sam, &ClientInfo::default()).await.unwrap().unwrap();
    assert_eq!(store.session_user(&session.token).await.unwrap().unwrap().actor.role, Role::Manager);
    let unchanged = store.set_role(&fixture.manager, sam, Role::Manager).await;
    assert!(matches!(unchanged, Err(Error::Member(MemberError::Unchanged))), "{unchanged:?}");
    for (whom, to) in
        [(sam, Role::Owner), (person(&fixture.auditor), Role::Staff), (person(&fixture.owner), Role::Staff)]
    {
        let refused = store.set_role(&fixture.manager, whom, to).await;
        assert!(matches!(refused, Err(Error::Member(MemberError::RoleTooHigh { .. }))), "{refused:?}");
    }
    store.set_role(&fixture.owner, sam, Role::Staff).await.unwrap().unwrap();
    assert_eq!(
        store.session_user(&session.token).await.unwrap().unwrap().actor.role,
        Role::Staff,
        "it outlives a fall"
    );
    for actor in [&fixture.staff, &fixture.auditor] {
        assert!(matches!(store.set_role(actor, sam, Role::Staff).await, Err(Error::NotAllowed(_))));
        assert!(matches!(store.remove_member(actor, sam).await, Err(Error::NotAllowed(_))));
    }
}

async fn a_removed_member_is_signed_out_and_keeps_their_name(ctx: &TestContext) {
    let (fixture, store) = (ctx.fixture().await, &ctx.store);
    let sam = person(&fixture.staff);
    let tabs = [
        store.begin_session(sam, &ClientInfo::default()).await.unwrap().unwrap(),
        store.begin_session(sam, &ClientInfo::default()).await.unwrap().unwrap(),
    ];
    let recovery = fixture.log_broken(ctx, broken()).await;
    store.take_step(&fixture.staff, recovery, &acknowledge()).await.unwrap().unwrap();
    store.remove_member(&fixture.manager, sam).await.unwrap().unwrap();
    for tab in &tabs {
        assert_eq!(store.session_user(&tab.token).await.unwrap(), None);
    }
    assert_eq!(store.begin_session(sam, &ClientInfo::default()).await.unwrap(), None);
    assert!(store.members(&fixture.owner).await.unwrap().iter().all(|member| member.person != sam));
    assert_eq!(store.remove_member(&fixture.manager, sam).await.unwrap(), None);
    let page = store.recovery(&fixture.owner, recovery).await.unwrap().unwrap();
    assert_eq!(page.steps[0].by.as_deref(), Some("Sam"));
}

async fn a_business_keeps_its_last_owner(ctx: &TestContext) {
    let (fixture, store) = (ctx.fixture().await, &ctx.store);
    let owner = person(&fixture.owner);
    let last =
        |done: Result<(), Error>| assert!(matches!(done, Err(Error::Member(MemberError::LastOwner))), "{done:?}");
    let before = ctx.direct_db.everything().await;
    last(store.leave(&fixture.owner).await);
    last(store.remove_member(&fixture.owner, owner).await.map(drop));
    last(store.set_role(&fixture.owner, owner, Role::Auditor).await.map(drop));
    assert_eq!(ctx.direct_db.everything().await, before);
    store.set_role(&fixture.owner, person(&fixture.manager), Role::Owner).await.unwrap().unwrap();
    store.leave(&fixture.owner).await.unwrap();
    let now_owner = Actor { role: Role::Owner, ..fixture.manager.clone() };
    last(store.leave(&now_owner).await);
    store.leave(&fixture.staff).await.unwrap();
    assert_eq!(store.memberships(owner).await.unwrap(), []);
}

async fn members_of_another_business_cannot_be_changed(ctx: &TestContext) {
    let (fixture, other, store) = (ctx.fixture().await, ctx.other_fixture().await, &ctx.store);
    let before = ctx.direct_db.everything().await;
    let sam = person(&fixture.staff);
    assert_eq!(store.set_role(&other.owner, sam, Role::Auditor).await.unwrap(), None);
    assert_eq!(store.remove_member(&other.owner, sam).await.unwrap(), None);
    assert_eq!(store.begin_session_in(sam, other.business(), &ClientInfo::default()).await.unwrap(), None);
    assert_eq!(ctx.direct_db.everything().await, before);
}

async fn a_second_business_has_its_own_owner_and_record(ctx: &TestContext) {
    let (fixture, store) = (ctx.fixture().await, &ctx.store);
    let another = |slug: &str| {
        let mut business = business();
        business.slug = domain::slug::Slug::parse(slug).unwrap();
        business
    };
    let id = store.create_business(&fixture.owner, &another("creek-stop")).await.unwrap();
    let there = Actor { business: id, ..fixture.owner.clone() };
    assert_eq!(store.members(&there).await.unwrap().len(), 1);
    assert!(store.verify(id).await.unwrap().is_ok());
    assert!(store.sites(&there).await.unwrap().is_empty());
    let taken = store.create_business(&fixture.owner, &another("creek-stop")).await;
    assert!(matches!(&taken, Err(Error::Invalid(faults)) if faults.of_field("slug").is_some()), "{taken:?}");
    let refused = store.create_business(&fixture.manager, &another("hill-stop")).await;
    assert!(matches!(refused, Err(Error::NotAllowed(_))), "{refused:?}");
}
