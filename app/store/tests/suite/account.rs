//! The export of a person: everything about them, and nothing about anyone else.

use domain::actor::{Actor, Principal};
use domain::business::BusinessDraft;
use domain::device::Device;
use domain::guarantee::Transition;
use domain::hours::Hours;
use domain::ids::PersonId;
use domain::invite::Invite;
use domain::recovery::{AcknowledgementDraft, StepDraft};
use domain::role::Role;
use domain::site_access::SiteAccess;
use domain::slug::Slug;

use crate::fixture::{acknowledge, broken, business_draft, correction, kept, line, told_by_a_customer, wording};
use crate::harness::TestContext;

both_databases![
    a_person_export_has_all_their_actions_and_nothing_of_others,
    a_person_export_has_no_secrets,
    a_person_export_covers_all_their_businesses,
    an_unknown_person_has_no_export,
];

fn person(actor: &Actor) -> PersonId {
    let Principal::Person(person) = actor.principal else { unreachable!() };
    person
}

async fn a_person_export_has_all_their_actions_and_nothing_of_others(ctx: &TestContext) {
    let (fixture, store) = (ctx.fixture().await, &ctx.store);
    let nia = &fixture.manager;
    let check = store.log_check(nia, fixture.check(ctx, told_by_a_customer())).await.unwrap();
    fixture.keep(ctx).await;
    let StepDraft::Acknowledge(draft) = acknowledge() else { unreachable!() };
    let named = AcknowledgementDraft { customer_name: "Jo".into(), ..draft };
    store.take_step(nia, check.recovery.unwrap(), &StepDraft::Acknowledge(named)).await.unwrap().unwrap();
    store.erase_customer(nia, check.recovery.unwrap()).await.unwrap().unwrap();
    let corrected = store.correct_check(nia, check.check, &correction(&kept(), "The wrong door.")).await;
    corrected.unwrap().unwrap();
    let slug = Slug::parse("on-trial").unwrap();
    let trial = store.add_guarantee(nia, fixture.problem, Some(slug), &wording(), &[fixture.place]).await.unwrap();
    store.transition_guarantee(nia, trial, Transition::Try).await.unwrap().unwrap();
    let invited = store
        .create_invite(nia, &Invite { name: line("Kim"), role: Role::Staff, site_access: SiteAccess::AllSites })
        .await
        .unwrap();
    let tablet = Device { name: line("The tablet"), site: fixture.site };
    let device = store.add_device(nia, &tablet).await.unwrap();
    store.log_check(&fixture.staff, fixture.check(ctx, broken())).await.unwrap();

    let file = store.export_person(person(nia)).await.unwrap().unwrap();
    assert_eq!((file.name.as_str(), file.email.as_str()), ("Nia", "nia@prairie.example"));
    let [business] = &file.businesses[..] else { panic!("{file:?}") };
    assert_eq!(
        (business.slug.as_str(), business.role.as_str(), &business.removed_at),
        (crate::fixture::SLUG, "manager", &None)
    );
    let did: Vec<_> = business.did.iter().map(|did| did.what).collect();
    let kinds =
        ["check", "correction", "recovery_step", "guarantee_move", "wording", "invitation", "device", "erasure"];
    assert_eq!(did, kinds, "one of each, and none of what the others did");
    assert_eq!(
        (business.did[0].id, business.did[5].id, business.did[6].id),
        (check.check.0, invited.id.0, device.id.0)
    );
    assert_eq!(business.did[0].at, "2026-11-02T12:00:00.250Z");
}

async fn a_person_export_has_no_secrets(ctx: &TestContext) {
    let (fixture, store) = (ctx.fixture().await, &ctx.store);
    let session = store.begin_session(person(&fixture.owner), &"Firefox, Linux".into()).await.unwrap().unwrap();
    let invited = store
        .create_invite(
            &fixture.owner,
            &Invite { name: line("Kim"), role: Role::Staff, site_access: SiteAccess::AllSites },
        )
        .await
        .unwrap();
    let file = store.export_person(person(&fixture.owner)).await.unwrap().unwrap();
    assert_eq!((file.sessions.len(), file.sessions[0].device.as_str()), (1, "Firefox, Linux"));
    let text = serde_json::to_string(&file).unwrap();
    for secret in [session.token.as_str(), invited.token.as_str(), "hash", "token", "password"] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
}

async fn a_person_export_covers_all_their_businesses(ctx: &TestContext) {
    let (fixture, store) = (ctx.fixture().await, &ctx.store);
    let draft = BusinessDraft { name: "Second".into(), slug: "second".into(), ..business_draft() };
    ctx.minutes(1);
    let second = store.create_business(&fixture.owner, &draft.parse(Hours::always()).unwrap()).await.unwrap();
    let there = Actor { business: second, ..fixture.owner.clone() };
    store
        .create_invite(&there, &Invite { name: line("Kim"), role: Role::Staff, site_access: SiteAccess::AllSites })
        .await
        .unwrap();
    store.remove_member(&fixture.owner, person(&fixture.staff)).await.unwrap().unwrap();
    let file = store.export_person(person(&fixture.owner)).await.unwrap().unwrap();
    let slugs: Vec<_> = file.businesses.iter().map(|one| (one.slug.as_str(), one.did.last().unwrap().what)).collect();
    assert_eq!(slugs, [("prairie-stop", "wording"), ("second", "invitation")]);
    let gone = store.export_person(person(&fixture.staff)).await.unwrap().unwrap();
    assert!(gone.businesses[0].removed_at.is_some(), "where they are let in no longer, too");
}

async fn an_unknown_person_has_no_export(ctx: &TestContext) {
    ctx.fixture().await;
    assert!(ctx.store.export_person(PersonId(uuid::Uuid::nil())).await.unwrap().is_none());
}
