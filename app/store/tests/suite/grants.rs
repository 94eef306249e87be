//! Grants never give more than their maker may give now.

mod events;
mod history;
mod pages;

use chrono::TimeDelta;
use domain::actor::{Actor, Principal};
use domain::device::{Device, DeviceState};
use domain::grant::GrantId;
use domain::ids::{PersonId, PlaceId, RecoveryId, SiteId, TokenId};
use domain::invite::{Invite, InviteState};
use domain::member::MemberError;
use domain::person::{NewAccount, NewAccountDraft};
use domain::rights::Rights;
use domain::role::Role;
use domain::site_access::SiteAccess;
use domain::token::Token;
use store::{AuditFilter, ClientInfo, Error};
use uuid::Uuid;

use crate::fixture::{Fixture, answer, line, newcomer, told_by_a_customer};
use crate::harness::TestContext;

both_databases![
    reassigned_grants_stay_when_their_maker_is_removed,
    nobody_takes_over_or_ends_grants_beyond_their_rights,
    grants_of_another_business_cannot_be_taken_over,
    grants_of_a_program_end_with_its_token_or_its_maker,
    a_renewed_link_belongs_to_the_person_who_renewed_it,
    a_grant_of_a_removed_member_is_refused_on_use,
    migrating_ends_grants_of_members_removed_earlier,
    a_grant_list_depends_on_the_rights_of_the_viewer,
];

/// A grant with its secret.
#[derive(Clone, Debug)]
pub struct TestGrant {
    pub made: GrantId,
    secret: String,
}

/// What a grant still gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GrantEffect {
    Nothing,
    /// Access with these rights.
    Act(Rights),
    /// A device of a site.
    UseDevice(SiteId),
    /// The customer can answer.
    Answer,
}

fn person(actor: &Actor) -> PersonId {
    let Principal::Person(person) = actor.principal else { unreachable!() };
    person
}

fn rights(role: Role, site_access: SiteAccess) -> Rights {
    Rights { role, site_access }
}

fn new_account(number: u64) -> NewAccount {
    let draft = NewAccountDraft {
        name: format!("Kim {number}"),
        email: format!("kim{number}@new.example"),
        password: "a long enough secret".into(),
    };
    draft.parse().unwrap()
}

/// The example with a second site where the same is promised.
struct TwoSites {
    fixture: Fixture,
    sites: [SiteId; 2],
    places: [PlaceId; 2],
}

impl TwoSites {
    async fn new(ctx: &TestContext) -> Self {
        let (fixture, store) = (ctx.fixture().await, &ctx.store);
        let site = store.add_site(&fixture.owner, &line("Sweetwater")).await.unwrap();
        let place = store.add_place(&fixture.owner, site, &line("Counter")).await.unwrap();
        store.set_guarantee_places(&fixture.owner, fixture.guarantee, &[fixture.place, place]).await.unwrap().unwrap();
        Self { sites: [fixture.site, site], places: [fixture.place, place], fixture }
    }

    /// A new member with access to all sites.
    async fn somebody(&self, ctx: &TestContext, name: &str, role: Role) -> Actor {
        let newcomer = newcomer(name, role.name());
        let id = ctx.store.add_person(&self.fixture.owner, &newcomer, "hash").await.unwrap();
        Actor::new(self.fixture.business(), Principal::Person(id), role)
    }

    /// A recovery at a place with a customer, up to the remedy.
    async fn remedied_recovery(&self, ctx: &TestContext, place: PlaceId) -> RecoveryId {
        let fixture = Fixture { place, ..self.fixture.clone() };
        let id = fixture.log_broken(ctx, told_by_a_customer()).await;
        for draft in [crate::fixture::acknowledge(), crate::fixture::understand(), crate::fixture::remedy()] {
            fixture.step(ctx, id, draft).await;
        }
        id
    }
}

impl TestGrant {
    pub async fn invitation(ctx: &TestContext, by: &Actor, of: Rights) -> Result<Self, Error> {
        let invite = Invite { name: line("Somebody"), role: of.role, site_access: of.site_access };
        let made = ctx.store.create_invite(by, &invite).await?;
        Ok(Self { made: GrantId::Invitation(made.id), secret: made.token })
    }

    pub async fn token(ctx: &TestContext, by: &Actor, of: Rights) -> Result<Self, Error> {
        let token =
            Token { name: line("Till"), role: of.role, site_access: of.site_access, lifetime: TimeDelta::days(700) };
        let made = ctx.store.create_token(by, &token).await?;
        Ok(Self { made: GrantId::Token(made.id), secret: made.token })
    }

    /// The link of a device, or the registered device.
    pub async fn device(ctx: &TestContext, by: &Actor, site: SiteId, registered: bool) -> Result<Self, Error> {
        let made = ctx.store.add_device(by, &Device { name: line("The tablet"), site }).await?;
        let secret = if registered {
            ctx.store.register_device(&made.token, &ClientInfo::default()).await?.unwrap()
        } else {
            made.token
        };
        Ok(Self { made: GrantId::Device(made.id), secret })
    }

    pub async fn customer_link(ctx: &TestContext, by: &Actor, recovery: RecoveryId) -> Result<Self, Error> {
        let step = domain::recovery::StepDraft::FollowUp;
        let secret = ctx.store.take_step(by, recovery, &step).await?.unwrap().link().unwrap();
        Ok(Self { made: GrantId::CustomerLink(recovery), secret })
    }

    /// What the grant gives, without using it up.
    pub async fn effect(&self, ctx: &TestContext, owner: &Actor) -> GrantEffect {
        let store = &ctx.store;
        match self.made {
            GrantId::Invitation(id) => {
                let behind = store.invitation(&self.secret).await.unwrap();
                let is_open = behind.is_some_and(|behind| behind.state == InviteState::Open);
                let row = store.invite_by_id(owner, id).await.unwrap().unwrap();
                if is_open { GrantEffect::Act(rights(row.role, row.site_access)) } else { GrantEffect::Nothing }
            }
            GrantId::Token(_) => {
                let actor = store.actor_by_token(&self.secret).await.unwrap();
                actor.map_or(GrantEffect::Nothing, |actor| GrantEffect::Act(actor.rights()))
            }
            GrantId::Device(id) => {
                let waits = store.device_link(&self.secret).await.unwrap();
                let waits = waits.is_some_and(|behind| behind.state == DeviceState::Pending);
                let stands = store.device_by_token(&self.secret).await.unwrap().is_some();
                let site = store.device(owner, id).await.unwrap().unwrap().site;
                if waits || stands { GrantEffect::UseDevice(site) } else { GrantEffect::Nothing }
            }
            GrantId::CustomerLink(_) => {
                let behind = store.follow_up(&self.secret).await.unwrap();
                if behind.is_some_and(|behind| !behind.answered) { GrantEffect::Answer } else { GrantEffect::Nothing }
            }
        }
    }

    /// Uses the grant. Returns whether that worked.
    pub async fn try_to_use(&self, ctx: &TestContext, number: u64) -> bool {
        let store = &ctx.store;
        match self.made {
            GrantId::Invitation(_) => {
                match store.join_as_new_person(&self.secret, &new_account(number), "hash").await {
                    Ok(entered) => entered.is_some(),
                    Err(Error::Member(MemberError::NoLongerOpen)) => false,
                    Err(error) => panic!("{error:?}"),
                }
            }
            GrantId::Token(_) => store.actor_by_token(&self.secret).await.unwrap().is_some(),
            GrantId::Device(_) => {
                let is_link = store.device_link(&self.secret).await.unwrap().is_some();
                match store.register_device(&self.secret, &ClientInfo::default()).await {
                    Ok(Some(_)) => true,
                    Ok(None) if !is_link => store.device_by_token(&self.secret).await.unwrap().is_some(),
                    Ok(None) => panic!("a link that is there opens something, or is over"),
                    Err(Error::Member(MemberError::NoLongerOpen)) => false,
                    Err(error) => panic!("{error:?}"),
                }
            }
            GrantId::CustomerLink(_) => match store.answer_follow_up(&self.secret, &answer("yes", "yes")).await {
                Ok(answered) => answered.is_some(),
                Err(Error::Recovery(domain::recovery::RecoveryError::AnsweredAlready)) => false,
                Err(error) => panic!("{error:?}"),
            },
        }
    }
}

/// A grant of each kind, made by an owner.
async fn grant_of_each_kind(ctx: &TestContext, two: &TwoSites, maker: &Actor) -> [TestGrant; 5] {
    let everywhere = |role| rights(role, SiteAccess::AllSites);
    let recovery = two.remedied_recovery(ctx, two.places[0]).await;
    [
        TestGrant::invitation(ctx, maker, everywhere(Role::Owner)).await.unwrap(),
        TestGrant::token(ctx, maker, everywhere(Role::Manager)).await.unwrap(),
        TestGrant::device(ctx, maker, two.sites[0], false).await.unwrap(),
        TestGrant::device(ctx, maker, two.sites[0], true).await.unwrap(),
        TestGrant::customer_link(ctx, maker, recovery).await.unwrap(),
    ]
}

async fn reassigned_grants_stay_when_their_maker_is_removed(ctx: &TestContext) {
    let (two, store) = (TwoSites::new(ctx).await, &ctx.store);
    let owner = &two.fixture.owner;
    for (number, all_at_once) in [true, false].into_iter().enumerate() {
        let una = two.somebody(ctx, &format!("Una {number}"), Role::Owner).await;
        let kept = grant_of_each_kind(ctx, &two, &una).await;
        if all_at_once {
            store.take_over_grants(owner, person(&una), None).await.unwrap().unwrap();
        } else {
            for thing in &kept {
                store.take_over_grants(owner, person(&una), Some(thing.made)).await.unwrap().unwrap();
            }
        }
        let lost = grant_of_each_kind(ctx, &two, &una).await;
        store.remove_member(owner, person(&una)).await.unwrap().unwrap();
        for thing in &kept {
            assert_ne!(thing.effect(ctx, owner).await, GrantEffect::Nothing, "{thing:?}");
        }
        for thing in &lost {
            assert_eq!(thing.effect(ctx, owner).await, GrantEffect::Nothing, "{thing:?}");
        }
        for (at, thing) in kept.iter().enumerate() {
            assert!(thing.try_to_use(ctx, u64::try_from(number * 10 + at).unwrap()).await, "{thing:?}");
        }
        for thing in &lost {
            assert!(!thing.try_to_use(ctx, 99).await, "{thing:?}");
        }
    }
    let events = store.audit_log(owner, &AuditFilter::default(), None, 200).await.unwrap().rows;
    let count = |name: &str| events.iter().filter(|row| row.event.name() == name).count();
    assert_eq!(count("grant_taken_over"), 10);
    assert_eq!((count("invite_revoked"), count("token_revoked"), count("link_ended")), (2, 2, 2));
    assert_eq!(count("device_revoked"), 4);
}

async fn nobody_takes_over_or_ends_grants_beyond_their_rights(ctx: &TestContext) {
    let (two, store) = (TwoSites::new(ctx).await, &ctx.store);
    let una = two.somebody(ctx, "Una", Role::Owner).await;
    let things = grant_of_each_kind(ctx, &two, &una).await;
    let bound = Actor { site_access: SiteAccess::sites([two.sites[1]]), ..two.fixture.manager.clone() };
    let before = ctx.direct_db.everything().await;
    for actor in [&two.fixture.staff, &two.fixture.auditor] {
        for which in things.iter().map(|thing| Some(thing.made)).chain([None]) {
            let over = store.take_over_grants(actor, person(&una), which).await;
            let ended = store.revoke_grants(actor, person(&una), which).await;
            assert!(matches!(over, Err(Error::NotAllowed(_))) && matches!(ended, Err(Error::NotAllowed(_))));
        }
    }
    // A manager sees the invitation of an owner, but not the token.
    let over = store.take_over_grants(&two.fixture.manager, person(&una), Some(things[0].made)).await;
    assert!(matches!(over, Err(Error::Member(MemberError::RoleTooHigh { role: Role::Owner }))), "{over:?}");
    let ended = store.revoke_grants(&two.fixture.manager, person(&una), Some(things[0].made)).await;
    assert!(matches!(ended, Err(Error::Member(MemberError::RoleTooHigh { .. }))), "{ended:?}");
    assert_eq!(store.take_over_grants(&two.fixture.manager, person(&una), Some(things[1].made)).await.unwrap(), None);
    assert_eq!(store.revoke_grants(&two.fixture.manager, person(&una), Some(things[1].made)).await.unwrap(), None);
    // Grants at other sites do not exist for them.
    for thing in &things[2..] {
        assert_eq!(store.take_over_grants(&bound, person(&una), Some(thing.made)).await.unwrap(), None, "{thing:?}");
        assert_eq!(store.revoke_grants(&bound, person(&una), Some(thing.made)).await.unwrap(), None, "{thing:?}");
    }
    // A grant of someone else, or of nobody.
    for which in things.iter().map(|thing| thing.made).chain([GrantId::Token(TokenId(Uuid::nil()))]) {
        let of_another =
            store.take_over_grants(&two.fixture.owner, person(&two.fixture.manager), Some(which)).await.unwrap();
        assert_eq!(of_another, None, "{which:?}");
    }
    assert_eq!(store.take_over_grants(&two.fixture.owner, PersonId(Uuid::nil()), None).await.unwrap(), None);
    let own = store.take_over_grants(&una, person(&una), Some(things[0].made)).await;
    assert!(matches!(own, Err(Error::Member(MemberError::Unchanged))), "{own:?}");
    let program = Actor { principal: Principal::Token(TokenId(Uuid::from_u128(5))), ..two.fixture.owner.clone() };
    let by_a_program = store.take_over_grants(&program, person(&una), None).await;
    assert!(matches!(by_a_program, Err(Error::NotAllowed(_))), "{by_a_program:?}");
    assert_eq!(ctx.direct_db.everything().await, before, "nothing has changed");
    // Without a choice, only what the actor could make themselves is revoked.
    store.revoke_grants(&two.fixture.manager, person(&una), None).await.unwrap().unwrap();
    let left: Vec<_> = store.grants_of(&two.fixture.owner, person(&una)).await.unwrap().unwrap().rows;
    assert_eq!(left.iter().map(|row| row.id).collect::<Vec<_>>(), [things[0].made, things[1].made]);
}

async fn grants_of_another_business_cannot_be_taken_over(ctx: &TestContext) {
    let (two, store) = (TwoSites::new(ctx).await, &ctx.store);
    let other = ctx.other_fixture().await;
    let una = two.somebody(ctx, "Una", Role::Owner).await;
    let things = grant_of_each_kind(ctx, &two, &una).await;
    let before = ctx.direct_db.everything().await;
    for which in things.iter().map(|thing| Some(thing.made)).chain([None]) {
        assert_eq!(store.take_over_grants(&other.owner, person(&una), which).await.unwrap(), None, "{which:?}");
        assert_eq!(store.revoke_grants(&other.owner, person(&una), which).await.unwrap(), None, "{which:?}");
        // Nor under the id of a member of their own.
        let own = store.take_over_grants(&other.owner, person(&other.manager), which).await.unwrap();
        assert_eq!(own, which.is_none().then_some(()), "{which:?}");
    }
    assert_eq!(store.grants_of(&other.owner, person(&una)).await.unwrap(), None);
    let mut after = ctx.direct_db.everything().await;
    // A unit of work raises the revision even if it changes nothing.
    after.insert("record_heads".to_owned(), before["record_heads"].clone());
    assert_eq!(after, before);
}

async fn grants_of_a_program_end_with_its_token_or_its_maker(ctx: &TestContext) {
    let (two, store) = (TwoSites::new(ctx).await, &ctx.store);
    let owner = &two.fixture.owner;
    for (number, ending) in ["taken back", "dismissed", "demoted", "ended"].into_iter().enumerate() {
        let una = two.somebody(ctx, &format!("Una {number}"), Role::Owner).await;
        let outer = TestGrant::token(ctx, &una, rights(Role::Owner, SiteAccess::AllSites)).await.unwrap();
        let program = store.actor_by_token(&outer.secret).await.unwrap().unwrap();
        let inner = TestGrant::token(ctx, &program, rights(Role::Owner, SiteAccess::AllSites)).await.unwrap();
        let within = store.actor_by_token(&inner.secret).await.unwrap().unwrap();
        let mut things = grant_of_each_kind(ctx, &two, &within).await.to_vec();
        things.extend(grant_of_each_kind(ctx, &two, &program).await);
        for thing in &things {
            assert_ne!(thing.effect(ctx, owner).await, GrantEffect::Nothing, "{thing:?}");
        }
        let GrantId::Token(id) = outer.made else { unreachable!() };
        match ending {
            "taken back" => store.revoke_token(owner, id).await.unwrap().unwrap(),
            "dismissed" => store.remove_member(owner, person(&una)).await.unwrap().unwrap(),
            "demoted" => store.set_role(owner, person(&una), Role::Manager).await.unwrap().unwrap(),
            _ => store.revoke_grants(owner, person(&una), Some(outer.made)).await.unwrap().unwrap(),
        }
        things.extend([outer, inner]);
        let (links, things): (Vec<_>, Vec<_>) =
            things.into_iter().partition(|thing| matches!(thing.made, GrantId::CustomerLink(_)));
        let is_here = matches!(ending, "taken back" | "ended");
        for link in &links {
            let effect = link.effect(ctx, owner).await;
            assert_eq!(
                effect == GrantEffect::Answer,
                is_here,
                "{ending}: a customer's link passes to whoever made the program"
            );
        }
        if is_here {
            store.remove_member(owner, person(&una)).await.unwrap().unwrap();
        }
        for thing in things.iter().chain(&links) {
            assert_eq!(thing.effect(ctx, owner).await, GrantEffect::Nothing, "{ending}: {thing:?}");
            assert!(!thing.try_to_use(ctx, 7).await, "{ending}: {thing:?}");
        }
    }
}

async fn a_renewed_link_belongs_to_the_person_who_renewed_it(ctx: &TestContext) {
    let (two, store) = (TwoSites::new(ctx).await, &ctx.store);
    let (owner, manager) = (&two.fixture.owner, &two.fixture.manager);
    let una = two.somebody(ctx, "Una", Role::Owner).await;
    let invitation = TestGrant::invitation(ctx, &una, rights(Role::Staff, SiteAccess::AllSites)).await.unwrap();
    let device = TestGrant::device(ctx, &una, two.sites[0], false).await.unwrap();
    let recovery = two.remedied_recovery(ctx, two.places[0]).await;
    TestGrant::customer_link(ctx, &una, recovery).await.unwrap();
    let (GrantId::Invitation(invite), GrantId::Device(tablet)) = (invitation.made, device.made) else { unreachable!() };
    let renewed = [
        TestGrant { secret: store.renew_invite(manager, invite).await.unwrap().unwrap().token, ..invitation },
        TestGrant { secret: store.renew_device_link(manager, tablet).await.unwrap().unwrap().token, ..device },
        TestGrant {
            secret: store.renew_follow_up(manager, recovery).await.unwrap().unwrap(),
            made: GrantId::CustomerLink(recovery),
        },
    ];
    store.remove_member(owner, person(&una)).await.unwrap().unwrap();
    for thing in &renewed {
        assert_ne!(thing.effect(ctx, owner).await, GrantEffect::Nothing, "{thing:?}");
    }
    store.remove_member(owner, person(manager)).await.unwrap().unwrap();
    for thing in &renewed {
        assert_eq!(thing.effect(ctx, owner).await, GrantEffect::Nothing, "{thing:?}");
    }
}

/// Ends a membership directly in the database, without ending the grants, as an older program would have.
async fn remove_member_directly(ctx: &TestContext, two: &TwoSites, who: &Actor) {
    let (business, person) = (ctx.direct_db.id(two.fixture.business().0), ctx.direct_db.id(person(who).0));
    let sql =
        format!("UPDATE members SET removed_at = created_at WHERE business_id = {business} AND person_id = {person}");
    ctx.direct_db.change(&sql).await;
}

async fn a_grant_of_a_removed_member_is_refused_on_use(ctx: &TestContext) {
    let (two, store) = (TwoSites::new(ctx).await, &ctx.store);
    let una = two.somebody(ctx, "Una", Role::Owner).await;
    let things = grant_of_each_kind(ctx, &two, &una).await;
    let at = store.device_by_token(&things[3].secret).await.unwrap().unwrap();
    let turn = store.begin_pin_session(&at, person(&two.fixture.staff), &ClientInfo::default()).await.unwrap();
    assert!(store.authenticate(&turn.token).await.unwrap().is_some());
    remove_member_directly(ctx, &two, &una).await;
    for thing in &things[..4] {
        assert_eq!(thing.effect(ctx, &two.fixture.owner).await, GrantEffect::Nothing, "{thing:?}");
        assert!(!thing.try_to_use(ctx, 3).await, "{thing:?}");
    }
    assert_eq!(store.authenticate(&turn.token).await.unwrap(), None, "whoever stands at it is out");
    let sam = person(&two.fixture.staff);
    let joined = store.join_as_known_person(&things[0].secret, sam).await;
    assert!(matches!(joined, Err(Error::Member(MemberError::NoLongerOpen))), "{joined:?}");
}

async fn migrating_ends_grants_of_members_removed_earlier(ctx: &TestContext) {
    let (two, store) = (TwoSites::new(ctx).await, &ctx.store);
    let una = two.somebody(ctx, "Una", Role::Owner).await;
    let things = grant_of_each_kind(ctx, &two, &una).await;
    let kept = grant_of_each_kind(ctx, &two, &two.fixture.owner).await;
    remove_member_directly(ctx, &two, &una).await;
    store.migrate().await.unwrap();
    for thing in &things {
        assert_eq!(thing.effect(ctx, &two.fixture.owner).await, GrantEffect::Nothing, "{thing:?}");
    }
    let owners = store.grants_of(&two.fixture.owner, person(&two.fixture.owner)).await.unwrap().unwrap().rows;
    assert_eq!(owners.len(), kept.len());
    let before = ctx.direct_db.everything().await;
    store.migrate().await.unwrap();
    assert_eq!(ctx.direct_db.everything().await, before, "and once");
}

async fn a_grant_list_depends_on_the_rights_of_the_viewer(ctx: &TestContext) {
    let (two, store) = (TwoSites::new(ctx).await, &ctx.store);
    let una = two.somebody(ctx, "Una", Role::Owner).await;
    let things = grant_of_each_kind(ctx, &two, &una).await;
    let far = TestGrant::device(ctx, &una, two.sites[1], true).await.unwrap();
    let kinds = async |actor: &Actor| {
        let rows = store.grants_of(actor, person(&una)).await.unwrap().unwrap().rows;
        let mut kinds: Vec<_> = rows.into_iter().map(|row| (row.id, row.is_manageable)).collect();
        kinds.sort_unstable();
        kinds
    };
    let mut all: Vec<_> = things.iter().chain([&far]).map(|thing| (thing.made, true)).collect();
    all.sort_unstable();
    assert_eq!(kinds(&two.fixture.owner).await, all);
    let managers: Vec<_> = all
        .iter()
        .filter(|(made, _)| !matches!(made, GrantId::Token(_)))
        .map(|(made, _)| (*made, !matches!(made, GrantId::Invitation(_))))
        .collect();
    assert_eq!(kinds(&two.fixture.manager).await, managers);
    let bound = Actor { site_access: SiteAccess::sites([two.sites[1]]), ..two.fixture.manager.clone() };
    assert_eq!(kinds(&bound).await, [(things[0].made, false), (far.made, true)]);
    for actor in [&two.fixture.staff, &two.fixture.auditor] {
        assert!(matches!(store.grants_of(actor, person(&una)).await, Err(Error::NotAllowed(_))));
        assert!(matches!(store.grant_counts(actor).await, Err(Error::NotAllowed(_))));
    }
    assert_eq!(store.grant_counts(&two.fixture.owner).await.unwrap()[&person(&una)], things.len() + 1);
    ctx.hours(2);
    let late = kinds(&two.fixture.owner).await;
    assert!(!late.contains(&(things[2].made, true)) && late.len() == all.len() - 1, "a link that has run out is none");
    store.remove_member(&two.fixture.owner, person(&una)).await.unwrap().unwrap();
    assert_eq!(kinds(&two.fixture.owner).await, [], "the page is there, and empty");
    assert_eq!(store.grant_counts(&two.fixture.owner).await.unwrap().get(&person(&una)), None);
}
