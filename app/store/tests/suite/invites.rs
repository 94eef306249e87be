//! Invitations: for one person, for a limited time, with no more rights than the inviter has.

use chrono::TimeDelta;
use domain::fault::Fault;
use domain::invite::{INVITE_TTL, Invite, InviteState};
use domain::member::MemberError;
use domain::person::{NewAccount, NewAccountDraft};
use domain::role::Role;
use domain::site_access::SiteAccess;
use store::Error;

use store::ClientInfo;

use crate::fixture::line;
use crate::harness::TestContext;

both_databases![
    an_invitation_admits_one_person_with_its_role,
    concurrent_attempts_use_an_invitation_once,
    an_invitation_ends_when_it_expires_or_is_revoked,
    nobody_invites_to_a_higher_role,
    a_taken_email_does_not_use_up_the_invitation,
    a_known_person_joins_with_their_existing_account,
    an_invitation_link_is_stored_only_as_a_hash,
];

fn invite(role: Role) -> Invite {
    Invite { name: line("Night shift"), role, site_access: SiteAccess::AllSites }
}

fn new_account(name: &str) -> NewAccount {
    let email = format!("{}@new.example", name.to_lowercase());
    NewAccountDraft { name: name.into(), email, password: "a long enough secret".into() }.parse().unwrap()
}

fn is_closed(done: &Result<Option<domain::ids::PersonId>, Error>) -> bool {
    matches!(done, Err(Error::Member(MemberError::NoLongerOpen)))
}

async fn an_invitation_admits_one_person_with_its_role(ctx: &TestContext) {
    let (fixture, store) = (ctx.fixture().await, &ctx.store);
    let made = store.create_invite(&fixture.manager, &invite(Role::Staff)).await.unwrap();
    let behind = store.invitation(&made.token).await.unwrap().unwrap();
    assert_eq!((behind.business, behind.role, behind.state), (fixture.business(), Role::Staff, InviteState::Open));
    let person = store.join_as_new_person(&made.token, &new_account("Kim"), "hash").await.unwrap().unwrap();
    let session = store.begin_session_in(person, fixture.business(), &ClientInfo::default()).await.unwrap().unwrap();
    let user = store.session_user(&session.token).await.unwrap().unwrap();
    assert_eq!((user.actor.role, user.name.as_str()), (Role::Staff, "Kim"));
    assert_eq!(store.invitation(&made.token).await.unwrap().unwrap().state, InviteState::Used);
    assert!(is_closed(&store.join_as_new_person(&made.token, &new_account("Lee"), "hash").await));
    assert_eq!(store.invites(&fixture.owner, None, 50).await.unwrap().rows[0].state, InviteState::Used);
}

async fn concurrent_attempts_use_an_invitation_once(ctx: &TestContext) {
    let (fixture, store) = (ctx.fixture().await, &ctx.store);
    let members = store.members(&fixture.owner).await.unwrap().len();
    let made = store.create_invite(&fixture.owner, &invite(Role::Auditor)).await.unwrap();
    let mut tries = tokio::task::JoinSet::new();
    for number in 0..8 {
        let (store, token) = (store.clone(), made.token.clone());
        tries.spawn(
            async move { store.join_as_new_person(&token, &new_account(&format!("Kim{number}")), "hash").await },
        );
    }
    let done = tries.join_all().await;
    assert_eq!(done.iter().filter(|one| one.is_ok()).count(), 1, "{done:?}");
    assert_eq!(done.iter().filter(|one| is_closed(one)).count(), 7, "{done:?}");
    assert_eq!(store.members(&fixture.owner).await.unwrap().len(), members + 1);
}

async fn an_invitation_ends_when_it_expires_or_is_revoked(ctx: &TestContext) {
    let (fixture, store) = (ctx.fixture().await, &ctx.store);
    let (first, second) = (
        store.create_invite(&fixture.owner, &invite(Role::Staff)).await.unwrap(),
        store.create_invite(&fixture.owner, &invite(Role::Manager)).await.unwrap(),
    );
    store.revoke_invite(&fixture.manager, second.id).await.unwrap().unwrap();
    assert!(is_closed(&store.join_as_new_person(&second.token, &new_account("Kim"), "hash").await));
    let again = store.revoke_invite(&fixture.owner, second.id).await;
    assert!(matches!(again, Err(Error::Member(MemberError::NoLongerOpen))), "{again:?}");
    ctx.clock.set(first.expires_at - TimeDelta::milliseconds(1));
    assert_eq!(store.invitation(&first.token).await.unwrap().unwrap().state, InviteState::Open);
    ctx.clock.set(first.expires_at);
    assert_eq!(store.invitation(&first.token).await.unwrap().unwrap().state, InviteState::RunOut);
    assert!(is_closed(&store.join_as_new_person(&first.token, &new_account("Kim"), "hash").await));
    assert_eq!(first.expires_at, ctx.store.now());
    assert_eq!(INVITE_TTL, TimeDelta::days(7));
    assert_eq!(store.invitation("nobody's").await.unwrap(), None);
    assert_eq!(store.join_as_new_person("nobody's", &new_account("Kim"), "hash").await.unwrap(), None);
}

async fn nobody_invites_to_a_higher_role(ctx: &TestContext) {
    let (fixture, store) = (ctx.fixture().await, &ctx.store);
    for role in [Role::Owner, Role::Auditor] {
        let refused = store.create_invite(&fixture.manager, &invite(role)).await;
        assert!(matches!(refused, Err(Error::Member(MemberError::RoleTooHigh { .. }))), "{refused:?}");
    }
    for actor in [&fixture.staff, &fixture.auditor] {
        assert!(matches!(store.create_invite(actor, &invite(Role::Staff)).await, Err(Error::NotAllowed(_))));
        assert!(matches!(store.invites(actor, None, 50).await, Err(Error::NotAllowed(_))));
    }
    let owners = store.create_invite(&fixture.owner, &invite(Role::Owner)).await.unwrap();
    let refused = store.revoke_invite(&fixture.manager, owners.id).await;
    assert!(matches!(refused, Err(Error::Member(MemberError::RoleTooHigh { .. }))), "{refused:?}");
    let other = ctx.other_fixture().await;
    assert_eq!(store.revoke_invite(&other.owner, owners.id).await.unwrap(), None);
    assert!(store.invites(&other.owner, None, 50).await.unwrap().rows.is_empty());
}

async fn a_taken_email_does_not_use_up_the_invitation(ctx: &TestContext) {
    let (fixture, store) = (ctx.fixture().await, &ctx.store);
    let made = store.create_invite(&fixture.owner, &invite(Role::Staff)).await.unwrap();
    let before = ctx.direct_db.everything().await;
    let sam = NewAccountDraft { name: "Sam".into(), email: "sam@prairie.example".into(), password: "x".repeat(12) };
    let refused = store.join_as_new_person(&made.token, &sam.parse().unwrap(), "hash").await;
    assert!(
        matches!(&refused, Err(Error::Invalid(faults)) if faults.of_field("email") == Some(Fault::Taken)),
        "{refused:?}"
    );
    assert_eq!(ctx.direct_db.everything().await, before);
    store.join_as_new_person(&made.token, &new_account("Kim"), "hash").await.unwrap().unwrap();
}

async fn a_known_person_joins_with_their_existing_account(ctx: &TestContext) {
    let (fixture, other, store) = (ctx.fixture().await, ctx.other_fixture().await, &ctx.store);
    let domain::actor::Principal::Person(sam) = fixture.staff.principal else { unreachable!() };
    let made = store.create_invite(&other.owner, &invite(Role::Manager)).await.unwrap();
    assert_eq!(store.join_as_known_person(&made.token, sam).await.unwrap(), Some(other.business()));
    let roles: Vec<_> = store.memberships(sam).await.unwrap().iter().map(|one| (one.business, one.role)).collect();
    assert_eq!(roles.len(), 2);
    assert!(roles.contains(&(fixture.business(), Role::Staff)) && roles.contains(&(other.business(), Role::Manager)));

    let again = store.create_invite(&other.owner, &invite(Role::Owner)).await.unwrap();
    let refused = store.join_as_known_person(&again.token, sam).await;
    assert!(matches!(refused, Err(Error::Member(MemberError::AlreadyMember))), "{refused:?}");
    assert_eq!(store.invitation(&again.token).await.unwrap().unwrap().state, InviteState::Open);

    let first = store.begin_session_in(sam, fixture.business(), &ClientInfo::default()).await.unwrap().unwrap();
    let second =
        store.switch_business(&first.token, sam, other.business(), &ClientInfo::default()).await.unwrap().unwrap();
    assert_eq!(store.session_user(&first.token).await.unwrap(), None, "the token changes with the rights");
    let user = store.session_user(&second.token).await.unwrap().unwrap();
    assert_eq!((user.actor.business, user.actor.role), (other.business(), Role::Manager));
    let domain::actor::Principal::Person(olga) = other.owner.principal else { unreachable!() };
    assert_eq!(
        store.switch_business(&second.token, olga, fixture.business(), &ClientInfo::default()).await.unwrap(),
        None
    );
}

async fn an_invitation_link_is_stored_only_as_a_hash(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let made = ctx.store.create_invite(&fixture.owner, &invite(Role::Staff)).await.unwrap();
    assert!(!format!("{:?}", ctx.direct_db.everything().await).to_lowercase().contains(&made.token));
}
