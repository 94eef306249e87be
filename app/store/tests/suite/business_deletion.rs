//! A deleted business leaves nothing behind, and parallel work in it gets a clear error.

use domain::actor::{Actor, Principal};
use domain::business::BusinessDraft;
use domain::device::Device;
use domain::fault::Fault;
use domain::hours::Hours;
use domain::ids::PersonId;
use domain::invite::Invite;
use domain::member::MemberError;
use domain::role::{Permission, Role};
use domain::site_access::SiteAccess;
use store::{ClientInfo, Error, RecoveryFilter, Store};
use tokio::task::JoinSet;

use crate::fixture::{
    Fixture, acknowledge, broken, business, business_draft, kept, line, newcomer, told_by_a_customer,
};
use crate::harness::TestContext;
use crate::random_history::run_history;

both_databases![
    a_lookup_of_a_business_deleted_meanwhile_finds_nothing,
    a_deleted_business_leaves_no_rows_in_any_table,
    deleting_a_business_leaves_others_unchanged,
    only_people_without_another_business_are_deleted,
    only_the_owner_deletes_a_business_and_must_type_its_name,
    access_to_a_deleted_business_is_refused_as_gone,
    a_first_business_can_be_created_after_a_deletion,
    concurrent_checks_precede_a_deletion_or_are_refused,
    concurrent_actions_precede_a_deletion_or_are_refused,
];

const NAME: &str = "Prairie Stop";

fn person(actor: &Actor) -> PersonId {
    let Principal::Person(person) = actor.principal else { unreachable!() };
    person
}

/// Puts a row in every table of a business, with secrets.
async fn fill_every_table(ctx: &TestContext, fixture: &Fixture) {
    let (store, owner) = (&ctx.store, &fixture.owner);
    run_history(ctx, fixture, 200).await;
    fixture.announce_closure(ctx).await;
    fixture.require_photos(ctx).await;
    crate::second_looks::asked(ctx, fixture).await;
    fixture.log(ctx, crate::obstacles::broken_with_obstacle("tools")).await;
    let hindrance = store.obstacles(owner, None, 1).await.unwrap().rows.remove(0).id;
    store.answer_obstacle(owner, hindrance, &crate::obstacles::answer("done", "Bought.")).await.unwrap().unwrap();
    store.begin_session(person(owner), &"".into()).await.unwrap().unwrap();
    store.create_token(owner, &crate::fixture::named_token("till")).await.unwrap();
    let invited = store
        .create_invite(owner, &Invite { name: line("Kim"), role: Role::Staff, site_access: SiteAccess::AllSites })
        .await
        .unwrap();
    store.join_as_known_person(&invited.token, person(&fixture.auditor)).await.unwrap_err();
    store
        .create_invite(owner, &Invite { name: line("Kim"), role: Role::Staff, site_access: SiteAccess::AllSites })
        .await
        .unwrap();
    store.create_password_reset(&newcomer("Sam", "staff").email).await.unwrap().unwrap();
    store.remove_member(owner, person(&fixture.auditor)).await.unwrap().unwrap();
    let again = store
        .create_invite(owner, &Invite { name: line("Ada"), role: Role::Auditor, site_access: SiteAccess::AllSites })
        .await
        .unwrap();
    store.join_as_known_person(&again.token, person(&fixture.auditor)).await.unwrap().unwrap();
    let (sam, at) = (person(&fixture.staff), Device { name: line("Tablet"), site: fixture.site });
    store.offer_authenticator(sam).await.unwrap();
    store.add_passkey(&fixture.staff, sam, &line("Phone"), b"key", "{}").await.unwrap();
    store.challenge(Some(sam), "{}").await.unwrap();
    store.begin_sign_in(sam).await.unwrap();
    store.require_factors(owner, &[Role::Owner]).await.unwrap();
    store.set_pin(&fixture.staff, sam, "hash").await.unwrap();
    let made = store.add_device(owner, &at).await.unwrap();
    let device = store.register_device(&made.token, &"".into()).await.unwrap().unwrap();
    let device = store.device_by_token(&device).await.unwrap().unwrap();
    store.count_pin_attempt(&device, sam).await.unwrap().unwrap().unwrap();
}

async fn a_deleted_business_leaves_no_rows_in_any_table(ctx: &TestContext) {
    let empty = ctx.direct_db.everything().await;
    let fixture = ctx.fixture().await;
    fill_every_table(ctx, &fixture).await;
    let full = ctx.direct_db.everything().await;
    let without: Vec<_> = full.iter().filter(|(_, rows)| rows.is_empty()).map(|(table, _)| table.as_str()).collect();
    assert_eq!(without, ["customers"], "a table without rows proves nothing");
    ctx.store.delete_business(&fixture.owner, NAME).await.unwrap();
    assert_eq!(ctx.direct_db.everything().await, empty);
}

async fn deleting_a_business_leaves_others_unchanged(ctx: &TestContext) {
    let (fixture, other) = (ctx.fixture().await, ctx.other_fixture().await);
    fill_every_table(ctx, &fixture).await;
    let id = other.log_broken(ctx, told_by_a_customer()).await;
    other.follow_up(ctx, id).await.unwrap();
    other.log(ctx, broken()).await;
    let before = ctx.direct_db.everything().await;
    ctx.store.delete_business(&fixture.owner, NAME).await.unwrap();
    let after = ctx.direct_db.everything().await;
    for (table, rows) in &after {
        assert!(rows.iter().all(|row| before[table].contains(row)), "{table} has nothing new");
    }
    assert!(ctx.store.verify(other.business()).await.unwrap().is_ok());
    assert_eq!(ctx.store.members(&other.owner).await.unwrap().len(), 4);
    assert_eq!(ctx.store.recovery(&other.owner, id).await.unwrap().unwrap().steps.len(), 4);
    other.keep(ctx).await;
    assert!(!ctx.store.has_no_business().await.unwrap());
}

async fn only_people_without_another_business_are_deleted(ctx: &TestContext) {
    let (fixture, store) = (ctx.fixture().await, &ctx.store);
    let draft = BusinessDraft { name: "Second".into(), slug: "second".into(), ..business_draft() };
    let second = store.create_business(&fixture.owner, &draft.parse(Hours::always()).unwrap()).await.unwrap();
    let there = Actor { business: second, ..fixture.owner.clone() };
    for whom in [&fixture.staff, &fixture.manager] {
        let invited = store
            .create_invite(
                &there,
                &Invite { name: line("Join us"), role: Role::Staff, site_access: SiteAccess::AllSites },
            )
            .await
            .unwrap();
        store.join_as_known_person(&invited.token, person(whom)).await.unwrap().unwrap();
    }
    // Nia was a member there, and what she did there keeps her name.
    store.remove_member(&there, person(&fixture.manager)).await.unwrap().unwrap();
    let [here, elsewhere] = [fixture.business(), second];
    let session = store.begin_session_in(person(&fixture.staff), here, &"".into()).await.unwrap().unwrap();
    let other_session = store.begin_session_in(person(&fixture.staff), elsewhere, &"".into()).await.unwrap().unwrap();
    store.delete_business(&fixture.owner, NAME).await.unwrap();
    assert_eq!(store.session_user(&session.token).await.unwrap(), None, "signed out here");
    assert_eq!(
        store.session_user(&other_session.token).await.unwrap().unwrap().actor.business,
        elsewhere,
        "and not there"
    );
    let mut left = ctx.direct_db.texts("SELECT name FROM people").await;
    left.sort();
    assert_eq!(left, ["Maya Torres", "Nia", "Sam"], "Ada belongs to nothing any more");
    assert_eq!(store.memberships(person(&fixture.owner)).await.unwrap().len(), 1);
}

async fn only_the_owner_deletes_a_business_and_must_type_its_name(ctx: &TestContext) {
    let (fixture, other) = (ctx.fixture().await, ctx.other_fixture().await);
    let before = ctx.direct_db.everything().await;
    for actor in [&fixture.manager, &fixture.staff, &fixture.auditor] {
        assert!(!actor.role.may(Permission::Administer));
        assert!(matches!(ctx.store.delete_business(actor, NAME).await, Err(Error::NotAllowed(_))));
    }
    for (typed, fault) in [
        ("", Fault::Missing),
        ("  ", Fault::Missing),
        ("prairie stop", Fault::Wrong),
        ("Prairie-Stop", Fault::Wrong),
        ("Other Stop", Fault::Wrong),
        ("Prairie Stop\u{0}", Fault::Wrong),
        ("\u{202E}potS eiriarP", Fault::Wrong),
    ] {
        let refused = ctx.store.delete_business(&fixture.owner, typed).await;
        assert!(
            matches!(&refused, Err(Error::Invalid(faults)) if faults.of_field("name") == Some(fault)),
            "{typed:?}: {refused:?}"
        );
    }
    assert!(ctx.store.delete_business(&other.owner, NAME).await.is_err());
    assert_eq!(ctx.direct_db.everything().await, before);
    ctx.store.delete_business(&fixture.owner, "  Prairie Stop ").await.unwrap();
}

async fn access_to_a_deleted_business_is_refused_as_gone(ctx: &TestContext) {
    let (fixture, store) = (ctx.fixture().await, &ctx.store);
    ctx.other_fixture().await;
    let id = fixture.log_broken(ctx, told_by_a_customer()).await;
    let link = fixture.follow_up(ctx, id).await.unwrap();
    let token = store.create_token(&fixture.owner, &crate::fixture::named_token("till")).await.unwrap();
    let invited = store
        .create_invite(
            &fixture.owner,
            &Invite { name: line("Kim"), role: Role::Staff, site_access: SiteAccess::AllSites },
        )
        .await
        .unwrap();
    let home = fixture.home(store).await;
    let revision = store.revision(fixture.business()).await.unwrap();
    store.delete_business(&fixture.owner, NAME).await.unwrap();

    let gone =
        |what: &str, answer: Result<(), Error>| assert!(matches!(answer, Err(Error::Gone)), "{what}: {answer:?}");
    gone("log_check", store.log_check(&fixture.staff, fixture.check(ctx, kept())).await.map(drop));
    gone("take_step", store.take_step(&fixture.staff, id, &acknowledge()).await.map(drop));
    gone("add_site", store.add_site(&fixture.owner, &line("Odessa")).await.map(drop));
    gone("change_business", store.update_business(&fixture.owner, &business()).await);
    gone("delete_business", store.delete_business(&fixture.owner, NAME).await);
    gone("home", store.business(&fixture.staff).await.map(drop));
    gone("recovery", store.recovery(&fixture.staff, id).await.map(drop));
    gone("open_recoveries", store.open_recoveries(&fixture.staff, RecoveryFilter::All, None, 200).await.map(drop));
    gone("note_lateness", store.record_missed_deadlines(&fixture.owner).await.map(drop));
    gone("forget_customers", store.erase_expired_customers(&fixture.owner).await.map(drop));
    gone("charter", store.charter(home, None).await.map(drop));
    gone("export", store.export(&fixture.owner, std::io::Cursor::new(Vec::new())).await.map(drop));
    assert!(store.business_by_slug(crate::fixture::SLUG).await.unwrap().is_none());
    assert!(
        store.follow_up(&link).await.unwrap().is_none() && store.actor_by_token(&token.token).await.unwrap().is_none()
    );
    assert!(store.invitation(&invited.token).await.unwrap().is_none());
    assert!(store.sites(&fixture.staff).await.unwrap().is_empty());
    assert!(store.credentials(&newcomer("Sam", "staff").email).await.unwrap().is_empty());
    assert!(store.record_after(fixture.business(), 0).await.unwrap().is_empty());
    let ready = store.revision(fixture.business()).await;
    assert!(ready.is_err() || ready.is_ok_and(|now| now != revision), "no page held ready is shown again");
}

async fn a_first_business_can_be_created_after_a_deletion(ctx: &TestContext) {
    let (fixture, store) = (ctx.fixture().await, &ctx.store);
    store.delete_business(&fixture.owner, NAME).await.unwrap();
    assert!(store.has_no_business().await.unwrap());
    let again = ctx.fixture().await;
    assert_ne!(again.business(), fixture.business());
    again.keep(ctx).await;
    assert!(store.verify(again.business()).await.unwrap().is_ok());
}

async fn concurrent_checks_precede_a_deletion_or_are_refused(ctx: &TestContext) {
    let empty = ctx.direct_db.everything().await;
    let fixture = ctx.fixture().await;
    let stores = [ctx.store.clone(), ctx.another().await];
    let mut senders = JoinSet::new();
    for sender in 0..20 {
        let checks: Vec<_> =
            (0..15).map(|turn| fixture.check(ctx, if turn % 5 == 0 { broken() } else { kept() })).collect();
        let (store, staff) = (stores[sender % 2].clone(), fixture.staff.clone());
        senders.spawn(async move {
            let (mut stored, mut refused) = (0, 0);
            for check in checks {
                match store.log_check(&staff, check).await {
                    Ok(_) if refused == 0 => stored += 1,
                    Err(Error::Gone) => refused += 1,
                    other => panic!("{other:?}"),
                }
            }
            (stored, refused)
        });
    }
    while ctx.direct_db.count("checks").await < 20 {
        tokio::task::yield_now().await;
    }
    ctx.store.delete_business(&fixture.owner, NAME).await.unwrap();
    let (mut stored, mut refused) = (0, 0);
    for (some, others) in senders.join_all().await {
        (stored, refused) = (stored + some, refused + others);
    }
    assert!(stored >= 20 && refused > 0 && stored + refused == 300, "{stored} stored, {refused} refused");
    assert_eq!(ctx.direct_db.everything().await, empty);
}

/// Whether it worked, or failed with a clear error.
fn told<T>(what: &str, answer: Result<T, Error>) {
    // One of two transactions in a deadlock must try again. An invitation to a deleted business is not open any more.
    if let Err(error) = answer
        && !matches!(error, Error::Gone | Error::Unavailable(_) | Error::Member(MemberError::NoLongerOpen))
    {
        panic!("{what}: {error:?}");
    }
}

/// What people without a session and programs do, over and over.
async fn work_concurrently(store: Store, fixture: Fixture, links: Vec<String>, turn: usize) {
    let sam = newcomer("Sam", "staff").email;
    for (number, link) in links.into_iter().enumerate() {
        match turn % 6 {
            0 => told("begin_session", store.begin_session(person(&fixture.staff), &"".into()).await),
            1 => told(
                "begin_session_at",
                store.begin_session_in(person(&fixture.manager), fixture.business(), &"".into()).await,
            ),
            2 => told("reset_link", store.create_password_reset(&sam).await),
            3 => {
                let entrant = domain::person::NewAccountDraft {
                    name: "New".into(),
                    email: format!("new-{turn}-{number}@x.example"),
                    password: "correct horse battery".into(),
                };
                told("enter", store.join_as_new_person(&link, &entrant.parse().unwrap(), "hash").await);
            }
            4 => told("charter", reader(&store, &fixture).await),
            _ => told(
                "invite",
                store
                    .create_invite(
                        &fixture.owner,
                        &Invite { name: line("Kim"), role: Role::Staff, site_access: SiteAccess::AllSites },
                    )
                    .await,
            ),
        }
    }
}

async fn reader(store: &Store, fixture: &Fixture) -> Result<(), Error> {
    let home = store.business(&fixture.owner).await?;
    store.revision(fixture.business()).await?;
    store.charter(home, None).await?;
    store.open_recoveries(&fixture.owner, RecoveryFilter::All, None, 200).await?;
    Ok(())
}

async fn concurrent_actions_precede_a_deletion_or_are_refused(ctx: &TestContext) {
    let empty = ctx.direct_db.everything().await;
    let fixture = ctx.fixture().await;
    let mut tasks = JoinSet::new();
    for turn in 0..12 {
        let mut links = Vec::new();
        for _ in 0..12 {
            let invite = Invite { name: line("Kim"), role: Role::Staff, site_access: SiteAccess::AllSites };
            links.push(ctx.store.create_invite(&fixture.owner, &invite).await.unwrap().token);
        }
        tasks.spawn(work_concurrently(ctx.store.clone(), fixture.clone(), links, turn));
    }
    while ctx.direct_db.count("sessions").await < 3 {
        tokio::task::yield_now().await;
    }
    while let Err(Error::Unavailable(_)) = ctx.store.delete_business(&fixture.owner, NAME).await {}
    tasks.join_all().await;
    assert_eq!(ctx.direct_db.everything().await, empty);
}

/// The business is deleted between two statements that need it: its row is taken away alone.
async fn a_lookup_of_a_business_deleted_meanwhile_finds_nothing(ctx: &TestContext) {
    let (fixture, store) = (ctx.fixture().await, &ctx.store);
    let device = |name: &str| Device { name: line(name), site: fixture.site };
    let waiting = store.add_device(&fixture.owner, &device("Till")).await.unwrap();
    let registered = store.add_device(&fixture.owner, &device("Door")).await.unwrap();
    let token = store.register_device(&registered.token, &ClientInfo::default()).await.unwrap().unwrap();
    assert!(store.device_link(&waiting.token).await.unwrap().is_some());
    assert!(store.device_by_token(&token).await.unwrap().is_some());
    let delete = format!("DELETE FROM businesses WHERE id = {}", ctx.direct_db.id(fixture.business().0));
    let sql = if ctx.direct_db.is_sqlite() {
        format!("PRAGMA foreign_keys = OFF; {delete}; PRAGMA foreign_keys = ON")
    } else {
        format!("SET session_replication_role = replica; {delete}; SET session_replication_role = DEFAULT")
    };
    ctx.direct_db.run_alone(&sql).await;
    assert_eq!(store.device_link(&waiting.token).await.unwrap(), None);
    assert_eq!(store.device_by_token(&token).await.unwrap(), None);
    let contact = line("anna@example.com");
    assert!(matches!(store.export_contact(&fixture.owner, &contact).await, Err(Error::Gone)));
    assert!(matches!(store.erase_contact(&fixture.owner, &contact).await, Err(Error::Gone)));
}
