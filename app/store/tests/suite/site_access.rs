//! People who are bound to some sites neither see nor do anything at others.

use domain::actor::{Actor, Principal};
use domain::check::{CheckDraft, CheckError as CheckRefused};
use domain::device::Device;
use domain::fault::Fault;
use domain::ids::{CheckId, PersonId, PlaceId, RecoveryId, SiteId};
use domain::invite::Invite;
use domain::member::MemberError;
use domain::person::{NewAccount, NewAccountDraft, NewMember};
use domain::place::TagCode;
use domain::recovery::{AcknowledgementDraft, StepDraft};
use domain::role::Role;
use domain::site_access::SiteAccess;
use domain::token::Token;
use store::{ClientInfo, Error, RecoveryFilter};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::fixture::{
    Fixture, acknowledge, answer, broken, correction, kept, learn, line, newcomer, remedy, token, told_by_a_customer,
    understand,
};
use crate::harness::TestContext;

both_databases![
    rows_at_another_site_are_hidden,
    closed_recoveries_at_another_site_are_hidden,
    no_action_is_possible_at_another_site,
    a_check_at_another_site_is_refused_like_an_unknown_place,
    concurrent_checks_are_each_limited_to_their_own_sites,
    everything_works_at_an_accessible_site,
    narrowing_applies_immediately_and_widening_ends_the_session,
    only_existing_and_accessible_sites_can_be_given,
    owners_and_auditors_cannot_be_limited_to_sites,
    a_limited_manager_manages_only_members_of_their_sites,
    people_who_join_get_the_site_access_of_the_invitation,
    site_access_is_separate_in_each_business,
    people_use_only_shared_devices_at_their_sites,
];

/// The example with a second site where the same is promised, and people who are bound to it.
struct TwoSites {
    fixture: Fixture,
    site: SiteId,
    place: PlaceId,
    staff: Actor,
    manager: Actor,
    program: Actor,
}

fn person(actor: &Actor) -> PersonId {
    let Principal::Person(person) = actor.principal else { unreachable!() };
    person
}

/// The actor of a person who has just signed in.
async fn signed_in(ctx: &TestContext, person: PersonId) -> Actor {
    let session = ctx.store.begin_session(person, &ClientInfo::default()).await.unwrap().unwrap();
    ctx.store.session_user(&session.token).await.unwrap().unwrap().actor
}

async fn two(ctx: &TestContext) -> TwoSites {
    let (fixture, store) = (ctx.fixture().await, &ctx.store);
    let site = store.add_site(&fixture.owner, &line("Sweetwater")).await.unwrap();
    let place = store.add_place(&fixture.owner, site, &line("Counter")).await.unwrap();
    store.set_guarantee_places(&fixture.owner, fixture.guarantee, &[fixture.place, place]).await.unwrap().unwrap();
    let bound = async |name: &str, role: &str| {
        let newcomer = NewMember { site_access: SiteAccess::sites([site]), ..newcomer(name, role) };
        signed_in(ctx, store.add_person(&fixture.owner, &newcomer, "hash").await.unwrap()).await
    };
    let till = Token { site_access: SiteAccess::sites([site]), ..token(Role::Manager) };
    let till = store.create_token(&fixture.owner, &till).await.unwrap();
    let program = store.actor_by_token(&till.token).await.unwrap().unwrap();
    let (staff, manager) = (bound("Bo", "staff").await, bound("Mo", "manager").await);
    TwoSites { fixture, site, place, staff, manager, program }
}

impl TwoSites {
    fn bound(&self) -> [&Actor; 3] {
        [&self.staff, &self.manager, &self.program]
    }

    async fn log(&self, ctx: &TestContext, place: PlaceId) -> (CheckId, RecoveryId) {
        ctx.minutes(1);
        let check = CheckDraft { place: place.to_string(), ..self.fixture.check(ctx, told_by_a_customer()) };
        let logged = ctx.store.log_check(&self.fixture.staff, check).await.unwrap();
        (logged.check, logged.recovery.unwrap())
    }

    /// A person at a shared device of the second site.
    async fn at_device(&self, ctx: &TestContext) -> Actor {
        let (store, owner) = (&ctx.store, &self.fixture.owner);
        let made = store.add_device(owner, &Device { name: line("Tablet"), site: self.site }).await.unwrap();
        let token = store.register_device(&made.token, &ClientInfo::default()).await.unwrap().unwrap();
        let at = store.device_by_token(&token).await.unwrap().unwrap();
        let turn = store.begin_pin_session(&at, person(&self.fixture.manager), &ClientInfo::default()).await.unwrap();
        store.authenticate(&turn.token).await.unwrap().unwrap().user().actor.clone()
    }
}

async fn rows_at_another_site_are_hidden(ctx: &TestContext) {
    let (two, store) = (two(ctx).await, &ctx.store);
    let (theirs, own) = (two.log(ctx, two.fixture.place).await, two.log(ctx, two.place).await);
    let broken = store.breaks(&two.fixture.owner, None, 10).await.unwrap().rows[1].id;
    let code = store.place(&two.fixture.owner, two.fixture.place).await.unwrap().unwrap().code;
    let code = TagCode::parse(&code).unwrap();
    for actor in two.bound() {
        assert!(store.checks(actor, Some(theirs.0), 10).await.unwrap().rows.is_empty());
        assert_eq!(store.check(actor, theirs.0).await.unwrap(), None);
        assert!(store.recovery(actor, theirs.1).await.unwrap().is_none());
        assert!(store.breaks(actor, Some(broken), 10).await.unwrap().rows.is_empty());
        let seen = format!(
            "{:?}{:?}{:?}",
            store.checks(actor, None, 500).await.unwrap(),
            store.breaks(actor, None, 500).await.unwrap(),
            store.open_recoveries(actor, RecoveryFilter::All, None, 200).await.unwrap().rows,
        );
        assert!(seen.contains(&own.0.to_string()) && seen.contains(&own.1.to_string()), "their own is there");
        assert!(!seen.contains(&theirs.0.to_string()) && !seen.contains(&theirs.1.to_string()), "{seen}");
    }
    let at_device = two.at_device(ctx).await;
    for actor in two.bound().into_iter().chain([&at_device]) {
        assert_eq!(store.place(actor, two.fixture.place).await.unwrap(), None);
        assert_eq!(store.place_by_code(actor, &code).await.unwrap(), None);
        let seen = format!(
            "{:?}{:?}{:?}{:?}{:?}",
            store.sites(actor).await.unwrap(),
            store.places(actor).await.unwrap(),
            store.last_checks(actor).await.unwrap(),
            store.guarantees(actor).await.unwrap(),
            store.guarantee(actor, two.fixture.guarantee).await.unwrap(),
        );
        assert!(seen.contains(&two.site.to_string()) && seen.contains(&two.place.to_string()));
        for hidden in [two.fixture.site.0, two.fixture.place.0, two.fixture.other_place.0] {
            assert!(!seen.contains(&hidden.to_string()), "{seen}");
        }
    }
    for row in store.open_recoveries(&two.fixture.owner, RecoveryFilter::All, None, 200).await.unwrap().rows {
        assert!(store.recovery(&two.fixture.owner, row.id).await.unwrap().is_some(), "who is not bound sees both");
    }
    assert_eq!(store.last_checks(&two.fixture.staff).await.unwrap().len(), 2);
}

async fn closed_recoveries_at_another_site_are_hidden(ctx: &TestContext) {
    let (two, store) = (two(ctx).await, &ctx.store);
    let mut closed = Vec::new();
    for place in [two.fixture.place, two.place] {
        let (_, recovery) = two.log(ctx, place).await;
        let StepDraft::Acknowledge(draft) = acknowledge() else { unreachable!() };
        let named =
            AcknowledgementDraft { customer_name: "Ann".into(), customer_contact: "ann@x.example".into(), ..draft };
        let mut link = None;
        for step in [StepDraft::Acknowledge(named), understand(), remedy(), StepDraft::FollowUp, learn()] {
            link = two.fixture.step(ctx, recovery, step).await.or(link);
        }
        store.answer_follow_up(&link.unwrap(), &answer("yes", "yes")).await.unwrap().unwrap();
        closed.push(recovery);
    }
    let ids = async |actor| {
        store
            .closed_recoveries(actor, RecoveryFilter::All, None, 50)
            .await
            .unwrap()
            .rows
            .into_iter()
            .map(|row| row.id)
            .collect::<Vec<_>>()
    };
    assert_eq!(ids(&two.fixture.owner).await, [closed[1], closed[0]]);
    for actor in two.bound() {
        assert_eq!(ids(actor).await, [closed[1]]);
        assert!(store.recovery(actor, closed[0]).await.unwrap().is_none());
    }
}

async fn no_action_is_possible_at_another_site(ctx: &TestContext) {
    let (two, store) = (two(ctx).await, &ctx.store);
    let (check, recovery) = two.log(ctx, two.fixture.place).await;
    let at_device = two.at_device(ctx).await;
    let before = ctx.direct_db.everything().await;
    for actor in two.bound() {
        assert_eq!(store.correct_check(actor, check, &correction(&kept(), "why")).await.unwrap(), None);
        for step in [acknowledge(), remedy()] {
            assert_eq!(store.take_step(actor, recovery, &step).await.unwrap(), None);
        }
    }
    for actor in two.bound().into_iter().chain([&at_device]) {
        let logged = store.log_checks(actor, &[two.fixture.check(ctx, broken())]).await;
        assert!(matches!(&logged, Err(Error::Invalid(faults)) if faults.of_field("place") == Some(Fault::NotFound)));
    }
    for actor in [&two.manager, &two.program] {
        let place = store.add_place(actor, two.fixture.site, &line("Hall")).await;
        assert!(matches!(&place, Err(Error::Invalid(faults)) if faults.of_field("site") == Some(Fault::NotFound)));
        assert!(matches!(store.add_site(actor, &line("Odessa")).await, Err(Error::NotAllowed(_))));
        let promised = store.set_guarantee_places(actor, two.fixture.guarantee, &[two.place]).await;
        assert!(matches!(promised, Err(Error::NotAllowed(_))), "a guarantee is the whole business's");
    }
    let mut after = ctx.direct_db.everything().await;
    // Only the revision is counted.
    after.insert("record_heads".to_owned(), before["record_heads"].clone());
    assert_eq!(after, before);
}

async fn a_check_at_another_site_is_refused_like_an_unknown_place(ctx: &TestContext) {
    let (two, store) = (two(ctx).await, &ctx.store);
    let (hidden, _) = two.log(ctx, two.fixture.place).await;
    let (seen, _) = two.log(ctx, two.place).await;
    for actor in two.bound() {
        for id in [None, Some(seen), Some(hidden)] {
            let id = id.map_or_else(|| store.source().id(), |id| id.0).to_string();
            let draft = CheckDraft { id, ..two.fixture.check(ctx, told_by_a_customer()) };
            let nowhere = CheckDraft { place: Uuid::from_u128(9).to_string(), ..draft.clone() };
            let answer = async |draft| format!("{:?}", store.log_check(actor, draft).await.unwrap_err());
            let (there, nowhere) = (answer(draft.clone()).await, answer(nowhere).await);
            assert_eq!(there, nowhere, "{draft:?}");
        }
        // Even a repetition of a stored check.
        let sent = CheckDraft { id: hidden.to_string(), ..two.fixture.check(ctx, told_by_a_customer()) };
        assert!(store.log_check(&two.fixture.staff, sent.clone()).await.unwrap().is_repeat);
        let refused = store.log_check(actor, sent).await.unwrap_err();
        assert!(matches!(&refused, Error::Invalid(faults) if faults.of_field("place") == Some(Fault::NotFound)));
        let used =
            CheckDraft { id: hidden.to_string(), place: two.place.to_string(), ..two.fixture.check(ctx, kept()) };
        let refused = store.log_check(actor, used).await.unwrap_err();
        assert!(matches!(refused, Error::Check(CheckRefused::IdReused)), "{refused:?}");
    }
}

async fn concurrent_checks_are_each_limited_to_their_own_sites(ctx: &TestContext) {
    let two = two(ctx).await;
    let mut senders = JoinSet::new();
    for number in 0..40 {
        let actor = if number % 2 == 0 { two.fixture.staff.clone() } else { two.staff.clone() };
        let place = if number % 4 < 2 { two.fixture.place } else { two.place };
        let allowed = number % 2 == 0 || place == two.place;
        let check = CheckDraft { place: place.to_string(), ..two.fixture.check(ctx, kept()) };
        let store = ctx.store.clone();
        senders.spawn(async move { (allowed, store.log_check(&actor, check).await) });
    }
    for (allowed, answer) in senders.join_all().await {
        assert_eq!(answer.is_ok(), allowed, "{answer:?}");
    }
    assert_eq!(ctx.direct_db.count("checks").await, 30);
}

async fn everything_works_at_an_accessible_site(ctx: &TestContext) {
    let (two, store) = (two(ctx).await, &ctx.store);
    for actor in two.bound() {
        ctx.minutes(1);
        let check = CheckDraft { place: two.place.to_string(), ..two.fixture.check(ctx, broken()) };
        let logged = store.log_check(actor, check.clone()).await.unwrap();
        assert!(store.log_check(actor, check).await.unwrap().is_repeat);
        assert!(store.check(actor, logged.check).await.unwrap().is_some());
        store.take_step(actor, logged.recovery.unwrap(), &acknowledge()).await.unwrap().unwrap();
        assert!(store.recovery(actor, logged.recovery.unwrap()).await.unwrap().is_some());
        store.correct_check(actor, logged.check, &correction(&kept(), "It was dry.")).await.unwrap().unwrap();
        let code = store.place(actor, two.place).await.unwrap().unwrap().code;
        assert!(store.place_by_code(actor, &TagCode::parse(&code).unwrap()).await.unwrap().is_some());
        assert_eq!(store.problems(actor).await.unwrap().len(), 1, "problems are the whole business's");
    }
    store.add_place(&two.manager, two.site, &line("Hall")).await.unwrap();
    assert_eq!(store.places(&two.staff).await.unwrap().len(), 2);
    let check = CheckDraft { place: two.place.to_string(), ..two.fixture.check(ctx, kept()) };
    store.log_check(&two.at_device(ctx).await, check).await.unwrap();
}

async fn narrowing_applies_immediately_and_widening_ends_the_session(ctx: &TestContext) {
    let (two, store) = (two(ctx).await, &ctx.store);
    let sam = person(&two.fixture.staff);
    let session = store.begin_session(sam, &ClientInfo::default()).await.unwrap().unwrap();
    let site_access = async || store.session_user(&session.token).await.unwrap().map(|user| user.actor.site_access);
    assert_eq!(site_access().await, Some(SiteAccess::AllSites));
    let both = SiteAccess::sites([two.site, two.fixture.site]);
    for narrower in [both.clone(), SiteAccess::sites([two.site])] {
        store.set_site_access(&two.fixture.manager, sam, &narrower).await.unwrap().unwrap();
        assert_eq!(site_access().await, Some(narrower.clone()), "at once");
        let again = store.set_site_access(&two.fixture.manager, sam, &narrower).await;
        assert!(matches!(again, Err(Error::Member(MemberError::Unchanged))), "{again:?}");
    }
    let listed = store.members(&two.staff).await.unwrap();
    assert_eq!(listed.iter().find(|member| member.person == sam).unwrap().site_access, SiteAccess::sites([two.site]));
    store.set_site_access(&two.fixture.manager, sam, &both).await.unwrap().unwrap();
    assert_eq!(site_access().await, None, "no token outlives a rise in rights");
    assert_eq!(signed_in(ctx, sam).await.site_access, both);
    store.set_site_access(&two.fixture.owner, sam, &SiteAccess::AllSites).await.unwrap().unwrap();
    assert_eq!(signed_in(ctx, sam).await.site_access, SiteAccess::AllSites);
    for actor in [&two.fixture.staff, &two.fixture.auditor] {
        assert!(matches!(store.set_site_access(actor, sam, &both).await, Err(Error::NotAllowed(_))));
    }
    assert_eq!(store.set_site_access(&two.fixture.owner, PersonId(Uuid::nil()), &both).await.unwrap(), None);
}

async fn only_existing_and_accessible_sites_can_be_given(ctx: &TestContext) {
    let (two, other, store) = (two(ctx).await, ctx.other_fixture().await, &ctx.store);
    let (sam, bo) = (person(&two.fixture.staff), person(&two.staff));
    let before = ctx.direct_db.everything().await;
    let wrong = |done: Result<(), Error>| {
        assert!(
            matches!(&done, Err(Error::Invalid(faults)) if faults.of_field("sites") == Some(Fault::NotFound)),
            "{done:?}"
        );
    };
    let invite =
        |site_access: &SiteAccess| Invite { name: line("Kim"), role: Role::Staff, site_access: site_access.clone() };
    for site in [SiteId(Uuid::nil()), other.site] {
        let site_access = SiteAccess::sites([two.site, site]);
        wrong(store.set_site_access(&two.fixture.owner, sam, &site_access).await.map(drop));
        wrong(store.create_invite(&two.fixture.owner, &invite(&site_access)).await.map(drop));
        let bound = Token { site_access: site_access.clone(), ..token(Role::Staff) };
        wrong(store.create_token(&two.fixture.owner, &bound).await.map(drop));
        let kim = NewMember { site_access, ..newcomer("Kim", "staff") };
        wrong(store.add_person(&two.fixture.owner, &kim, "hash").await.map(drop));
    }
    let beyond = SiteAccess::sites([two.site, two.fixture.site]);
    wrong(store.set_site_access(&two.manager, bo, &beyond).await.map(drop));
    wrong(store.create_invite(&two.manager, &invite(&beyond)).await.map(drop));
    assert_eq!(ctx.direct_db.everything().await, before);
}

async fn owners_and_auditors_cannot_be_limited_to_sites(ctx: &TestContext) {
    let (two, store) = (two(ctx).await, &ctx.store);
    let (site_access, owner) = (SiteAccess::sites([two.site]), &two.fixture.owner);
    let refused = |done: Result<(), Error>| {
        let by_role =
            matches!(&done, Err(Error::Invalid(faults)) if faults.of_field("reach") == Some(Fault::RoleHasAllSites));
        assert!(by_role, "{done:?}");
    };
    let before = ctx.direct_db.everything().await;
    refused(store.set_site_access(owner, person(owner), &site_access).await.map(drop));
    refused(store.set_site_access(owner, person(&two.fixture.auditor), &site_access).await.map(drop));
    for role in [Role::Owner, Role::Auditor] {
        refused(store.create_token(owner, &Token { site_access: site_access.clone(), ..token(role) }).await.map(drop));
        let invite = Invite { name: line("Kim"), role, site_access: site_access.clone() };
        refused(store.create_invite(owner, &invite).await.map(drop));
        let kim = NewMember { site_access: site_access.clone(), ..newcomer("Kim", role.name()) };
        refused(store.add_person(owner, &kim, "hash").await.map(drop));
    }
    assert_eq!(ctx.direct_db.everything().await, before);

    let bo = person(&two.staff);
    store.set_role(owner, bo, Role::Manager).await.unwrap().unwrap();
    assert_eq!(signed_in(ctx, bo).await.site_access, site_access, "still bound");
    store.set_role(owner, bo, Role::Auditor).await.unwrap().unwrap();
    assert_eq!(signed_in(ctx, bo).await.site_access, SiteAccess::AllSites);
    store.set_role(owner, bo, Role::Staff).await.unwrap().unwrap();
    assert_eq!(signed_in(ctx, bo).await.site_access, SiteAccess::AllSites, "what was given up does not come back");
    let left = ctx.direct_db.number("SELECT COUNT(*) FROM reaches x JOIN members m ON m.person_id = x.holder_id").await;
    assert_eq!(left, 1, "only the manager's");
}

async fn a_limited_manager_manages_only_members_of_their_sites(ctx: &TestContext) {
    let (two, store) = (two(ctx).await, &ctx.store);
    let (bo, sam) = (person(&two.staff), person(&two.fixture.staff));
    let wide = NewMember { site_access: SiteAccess::sites([two.site, two.fixture.site]), ..newcomer("Wendy", "staff") };
    let wendy = store.add_person(&two.fixture.owner, &wide, "hash").await.unwrap();
    let before = ctx.direct_db.everything().await;
    let beyond = |done: Result<(), Error>| {
        assert!(matches!(done, Err(Error::Member(MemberError::SitesOutOfReach))), "{done:?}");
    };
    for someone in [sam, wendy, person(&two.fixture.manager)] {
        beyond(store.remove_member(&two.manager, someone).await.map(drop));
        beyond(store.set_site_access(&two.manager, someone, &SiteAccess::sites([two.site])).await.map(drop));
    }
    beyond(store.set_role(&two.manager, wendy, Role::Manager).await.map(drop));
    beyond(store.set_site_access(&two.manager, bo, &SiteAccess::AllSites).await.map(drop));
    let invite = |site_access| Invite { name: line("Kim"), role: Role::Staff, site_access };
    beyond(store.create_invite(&two.manager, &invite(SiteAccess::AllSites)).await.map(drop));
    let owner = store.set_role(&two.manager, bo, Role::Owner).await;
    assert!(matches!(owner, Err(Error::Member(MemberError::RoleTooHigh { .. }))), "{owner:?}");
    assert_eq!(ctx.direct_db.everything().await, before);

    let names: Vec<_> = store.members(&two.manager).await.unwrap().into_iter().map(|member| member.name).collect();
    assert_eq!(names.len(), 7, "they know their colleagues: {names:?}");
    let everywhere = store.create_invite(&two.fixture.owner, &invite(SiteAccess::AllSites)).await.unwrap();
    beyond(store.revoke_invite(&two.manager, everywhere.id).await.map(drop));
    let here = store.create_invite(&two.manager, &invite(SiteAccess::sites([two.site]))).await.unwrap();
    let listed = store.invites(&two.manager, None, 50).await.unwrap().rows;
    assert_eq!(listed.iter().find(|row| row.id == here.id).unwrap().site_access, SiteAccess::sites([two.site]));
    store.revoke_invite(&two.manager, here.id).await.unwrap().unwrap();
    store.set_role(&two.manager, bo, Role::Manager).await.unwrap().unwrap();
    store.remove_member(&two.manager, bo).await.unwrap().unwrap();
}

fn new_account(name: &str) -> NewAccount {
    let email = format!("{}@new.example", name.to_lowercase());
    NewAccountDraft { name: name.into(), email, password: "a long enough secret".into() }.parse().unwrap()
}

async fn people_who_join_get_the_site_access_of_the_invitation(ctx: &TestContext) {
    let (two, store) = (two(ctx).await, &ctx.store);
    let site_access = SiteAccess::sites([two.site]);
    let invite = Invite { name: line("Kim"), role: Role::Staff, site_access: site_access.clone() };
    let made = store.create_invite(&two.manager, &invite).await.unwrap();
    let kim = store.join_as_new_person(&made.token, &new_account("Kim"), "hash").await.unwrap().unwrap();
    assert_eq!(signed_in(ctx, kim).await.site_access, site_access);

    store.remove_member(&two.fixture.owner, kim).await.unwrap().unwrap();
    let made = store
        .create_invite(&two.fixture.owner, &Invite { site_access: SiteAccess::AllSites, ..invite.clone() })
        .await
        .unwrap();
    assert_eq!(store.join_as_known_person(&made.token, kim).await.unwrap(), Some(two.fixture.business()));
    assert_eq!(
        signed_in(ctx, kim).await.site_access,
        SiteAccess::AllSites,
        "as they are invited now, not as they were"
    );
    store.remove_member(&two.fixture.owner, kim).await.unwrap().unwrap();
    let made = store.create_invite(&two.fixture.owner, &invite).await.unwrap();
    store.join_as_known_person(&made.token, kim).await.unwrap();
    assert_eq!(signed_in(ctx, kim).await.site_access, site_access);
}

async fn site_access_is_separate_in_each_business(ctx: &TestContext) {
    let (two, other, store) = (two(ctx).await, ctx.other_fixture().await, &ctx.store);
    let bo = person(&two.staff);
    let invite = |site_access| Invite { name: line("Bo"), role: Role::Staff, site_access };
    let made = store.create_invite(&other.owner, &invite(SiteAccess::AllSites)).await.unwrap();
    store.join_as_known_person(&made.token, bo).await.unwrap().unwrap();
    let at = async |business| {
        let session = store.begin_session_in(bo, business, &ClientInfo::default()).await.unwrap().unwrap();
        store.session_user(&session.token).await.unwrap().unwrap().actor
    };
    assert_eq!(at(other.business()).await.site_access, SiteAccess::AllSites);
    assert_eq!(at(two.fixture.business()).await.site_access, SiteAccess::sites([two.site]));
    store.set_site_access(&other.owner, bo, &SiteAccess::sites([other.site])).await.unwrap().unwrap();
    assert_eq!(at(two.fixture.business()).await.site_access, SiteAccess::sites([two.site]));
    let there = at(other.business()).await;
    assert_eq!(store.sites(&there).await.unwrap().len(), 1);
    assert_eq!(store.set_site_access(&other.owner, person(&two.manager), &SiteAccess::AllSites).await.unwrap(), None);
}

async fn people_use_only_shared_devices_at_their_sites(ctx: &TestContext) {
    let (two, store) = (two(ctx).await, &ctx.store);
    let device = async |site| {
        let made = store.add_device(&two.fixture.owner, &Device { name: line("Tablet"), site }).await.unwrap();
        let token = store.register_device(&made.token, &ClientInfo::default()).await.unwrap().unwrap();
        store.device_by_token(&token).await.unwrap().unwrap()
    };
    let (here, elsewhere) = (device(two.site).await, device(two.fixture.site).await);
    for actor in [&two.staff, &two.fixture.staff] {
        store.set_pin(actor, person(actor), "hash").await.unwrap();
    }
    let names =
        async |device| store.device_users(device).await.unwrap().into_iter().map(|one| one.name).collect::<Vec<_>>();
    assert_eq!((names(&here).await, names(&elsewhere).await), (vec!["Bo".into(), "Sam".into()], vec!["Sam".into()]));
    let (bo, sam) = (person(&two.staff), person(&two.fixture.staff));
    assert_eq!(store.count_pin_attempt(&elsewhere, bo).await.unwrap(), None);
    assert!(store.count_pin_attempt(&here, bo).await.unwrap().is_some());

    let turn = store.begin_pin_session(&elsewhere, sam, &ClientInfo::default()).await.unwrap();
    assert_eq!(
        store.authenticate(&turn.token).await.unwrap().unwrap().user().actor.clone().site_access,
        SiteAccess::sites([two.fixture.site])
    );
    store.set_site_access(&two.fixture.owner, sam, &SiteAccess::sites([two.site])).await.unwrap().unwrap();
    assert_eq!(store.authenticate(&turn.token).await.unwrap(), None, "bound elsewhere, one stands there no longer");
}
