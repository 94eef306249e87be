//! A recovery from its opening to its closing.

use chrono::TimeDelta;
use domain::actor::{Actor, Principal};
use domain::fault::Fault;
use domain::person::NewMember;
use domain::recovery::{AcknowledgementDraft, Outcome, Recovery, RecoveryError, Stage, StepDraft};
use domain::role::Role;
use domain::site_access::SiteAccess;
use store::{CustomerView, Error, RecoveryDetail, RecoveryFilter, StepLine};

use crate::fixture::{
    Fixture, acknowledge, answer, broken, learn, line, newcomer, remedy, reopen, told_by_a_customer, understand, update,
};
use crate::harness::TestContext;

both_databases![
    a_recovery_goes_through_every_step_to_restored,
    the_customers_answer_decides_the_outcome,
    no_answer_closes_a_recovery_only_after_the_time_to_answer,
    no_answer_requires_an_open_follow_up_link,
    a_reopened_recovery_needs_a_new_answer,
    a_step_out_of_order_changes_nothing,
    two_breaks_with_one_contact_have_one_customer,
    the_owner_of_a_recovery_is_a_member_with_access,
    recoveries_are_listed_by_deadline_and_by_closing_time,
    pages_of_breaks_have_each_row_once,
];

async fn page(ctx: &TestContext, fixture: &Fixture, id: domain::ids::RecoveryId) -> RecoveryDetail {
    ctx.store.recovery(&fixture.staff, id).await.unwrap().unwrap()
}

async fn a_recovery_goes_through_every_step_to_restored(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let id = fixture.log_broken(ctx, told_by_a_customer()).await;
    let walk = [
        (acknowledge(), Stage::Acknowledged),
        (update(), Stage::Acknowledged),
        (understand(), Stage::Understood),
        (StepDraft::AskCustomer, Stage::Understood),
        (StepDraft::CustomerReplied, Stage::Understood),
        (remedy(), Stage::Remedied),
        (StepDraft::FollowUp, Stage::FollowingUp),
    ];
    let mut link = None;
    for (draft, stage) in walk {
        link = fixture.step(ctx, id, draft).await;
        let page = page(ctx, &fixture, id).await;
        assert_eq!((page.row.stage, page.recovery.stage()), (stage, stage));
    }
    ctx.store.answer_follow_up(&link.unwrap(), &answer("yes", "yes")).await.unwrap().unwrap();
    assert_eq!(page(ctx, &fixture, id).await.row.stage, Stage::FollowingUp, "process and employee have not answered");
    fixture.step(ctx, id, learn()).await;

    let page = page(ctx, &fixture, id).await;
    assert_eq!(page.row.stage, Stage::Closed(Outcome::Restored));
    assert_eq!(
        (page.row.number, page.row.guarantee.as_str(), page.row.place.as_str()),
        (1, "Clean restrooms", "Restroom 1")
    );
    assert_eq!(page.steps.len(), 10);
    let named = |line: &StepLine| line.by.as_deref() == Some("Sam");
    assert!(
        page.steps
            .iter()
            .zip(&page.recovery.steps)
            .all(|(line, taken)| named(line) == (taken.by == fixture.staff.principal))
    );
    assert!(page.recovery.steps.iter().any(|taken| taken.by == Principal::Customer));
    let detail = ctx.store.detail(&fixture.home(&ctx.store).await, fixture.guarantee).await.unwrap();
    let line = &detail.breaks[0];
    assert_eq!((line.correction.as_deref(), line.remedy.as_deref()), (Some("Soap was put out."), Some("A coffee.")));
    assert_eq!(line.cause.as_deref(), Some("Nobody counted the soap."), "the public cause, not the private guess");
    assert_eq!((detail.totals.restored, detail.totals.found_by_staff, detail.totals.breaks), (1, 0, 1));
}

async fn the_customers_answer_decides_the_outcome(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let words = [
        ("yes", "yes", Outcome::Restored),
        ("yes", "no", Outcome::Partly),
        ("partly", "yes", Outcome::Partly),
        ("no", "yes", Outcome::NotRestored),
        ("no", "no", Outcome::NotRestored),
    ];
    for (fixed, again, outcome) in words {
        let id = fixture.log_broken(ctx, told_by_a_customer()).await;
        let link = fixture.follow_up(ctx, id).await.unwrap();
        fixture.step(ctx, id, learn()).await;
        ctx.store.answer_follow_up(&link, &answer(fixed, again)).await.unwrap().unwrap();
        assert_eq!(page(ctx, &fixture, id).await.row.stage, Stage::Closed(outcome));
    }
    let totals = ctx.store.detail(&fixture.home(&ctx.store).await, fixture.guarantee).await.unwrap().totals;
    assert_eq!((totals.restored, totals.partly, totals.not_restored, totals.closed()), (1, 2, 2, 5));
}

async fn no_answer_closes_a_recovery_only_after_the_time_to_answer(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let id = fixture.log_broken(ctx, told_by_a_customer()).await;
    let link = fixture.follow_up(ctx, id).await.unwrap();
    fixture.step(ctx, id, learn()).await;
    let refused = ctx.store.take_step(&fixture.staff, id, &StepDraft::NoAnswer).await.unwrap_err();
    assert!(matches!(refused, Error::Recovery(RecoveryError::StillTimeToAnswer { .. })), "{refused:?}");
    ctx.clock.advance(Recovery::TIME_TO_ANSWER);
    fixture.step(ctx, id, StepDraft::NoAnswer).await;
    assert_eq!(page(ctx, &fixture, id).await.row.stage, Stage::Closed(Outcome::NoAnswer));
    assert!(ctx.store.follow_up(&link).await.unwrap().unwrap().answered);
    let totals = ctx.store.detail(&fixture.home(&ctx.store).await, fixture.guarantee).await.unwrap().totals;
    assert_eq!((totals.no_answer, totals.restored), (1, 0));
}

async fn no_answer_requires_an_open_follow_up_link(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let id = fixture.log_broken(ctx, told_by_a_customer()).await;
    let lee = ctx.store.add_person(&fixture.owner, &newcomer("Lee Sender", "manager"), "hash").await.unwrap();
    let sender = Actor::new(fixture.business(), Principal::Person(lee), Role::Manager);
    for draft in [acknowledge(), understand(), remedy()] {
        fixture.step(ctx, id, draft).await;
    }
    ctx.store.take_step(&sender, id, &StepDraft::FollowUp).await.unwrap().unwrap();
    fixture.step(ctx, id, learn()).await;
    ctx.store.remove_member(&fixture.owner, lee).await.unwrap().unwrap();
    ctx.clock.advance(Recovery::TIME_TO_ANSWER);
    let no_answer = async || ctx.store.take_step(&fixture.staff, id, &StepDraft::NoAnswer).await;
    let refused = no_answer().await.unwrap_err();
    assert!(matches!(refused, Error::Recovery(RecoveryError::LinkEnded)), "{refused:?}");
    let link = ctx.store.renew_follow_up(&fixture.staff, id).await.unwrap().unwrap();
    ctx.clock.advance(Recovery::TIME_TO_ANSWER - TimeDelta::minutes(1));
    let refused = no_answer().await.unwrap_err();
    assert!(matches!(refused, Error::Recovery(RecoveryError::StillTimeToAnswer { .. })), "{refused:?}");
    ctx.store.answer_follow_up(&link, &answer("yes", "yes")).await.unwrap().unwrap();
    assert_eq!(page(ctx, &fixture, id).await.row.stage, Stage::Closed(Outcome::Restored));
    assert!(ctx.store.verify(fixture.business()).await.unwrap().is_ok());
}

async fn a_reopened_recovery_needs_a_new_answer(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let id = fixture.log_broken(ctx, told_by_a_customer()).await;
    let link = fixture.follow_up(ctx, id).await.unwrap();
    ctx.store.answer_follow_up(&link, &answer("yes", "yes")).await.unwrap().unwrap();
    fixture.step(ctx, id, learn()).await;
    fixture.step(ctx, id, reopen()).await;
    let open = page(ctx, &fixture, id).await;
    assert_eq!((open.row.stage, open.recovery.trust_outcome()), (Stage::Opened, None));
    let totals = async || ctx.store.detail(&fixture.home(&ctx.store).await, fixture.guarantee).await.unwrap().totals;
    assert_eq!((totals().await.restored, totals().await.closed()), (0, 0), "trust is taken back");
    let link = fixture.follow_up(ctx, id).await.unwrap();
    fixture.step(ctx, id, learn()).await;
    ctx.store.answer_follow_up(&link, &answer("no", "no")).await.unwrap().unwrap();
    assert_eq!(page(ctx, &fixture, id).await.row.stage, Stage::Closed(Outcome::NotRestored));
    assert_eq!((totals().await.breaks, totals().await.not_restored, totals().await.closed()), (1, 1, 1));
}

async fn a_step_out_of_order_changes_nothing(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let id = fixture.log_broken(ctx, told_by_a_customer()).await;
    let before = ctx.direct_db.everything().await;
    for draft in [understand(), update(), remedy(), StepDraft::FollowUp, learn(), StepDraft::NoAnswer, reopen()] {
        let refused = ctx.store.take_step(&fixture.staff, id, &draft).await.unwrap_err();
        assert!(
            matches!(refused, Error::Recovery(RecoveryError::Transition { stage: Stage::Opened, .. })),
            "{draft:?}: {refused:?}"
        );
    }
    let no_apology = StepDraft::Acknowledge(AcknowledgementDraft {
        customer_name: "Jo".into(),
        customer_contact: "jo@x.example".into(),
        ..AcknowledgementDraft::default()
    });
    assert!(matches!(ctx.store.take_step(&fixture.staff, id, &no_apology).await, Err(Error::Invalid(_))));
    let unknown = domain::ids::RecoveryId(uuid::Uuid::nil());
    assert_eq!(ctx.store.take_step(&fixture.staff, unknown, &acknowledge()).await.unwrap(), None);
    assert_eq!(ctx.direct_db.everything().await, before);
}

fn from(name: &str, contact: &str) -> StepDraft {
    let StepDraft::Acknowledge(draft) = acknowledge() else { unreachable!() };
    StepDraft::Acknowledge(AcknowledgementDraft {
        customer_name: name.into(),
        customer_contact: contact.into(),
        ..draft
    })
}

async fn two_breaks_with_one_contact_have_one_customer(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let mut tiers = Vec::new();
    for name in ["Jo", "Jo Brown"] {
        let id = fixture.log_broken(ctx, broken()).await;
        fixture.step(ctx, id, from(name, "jo@x.example")).await;
        fixture.step(ctx, id, understand()).await;
        let page = page(ctx, &fixture, id).await;
        assert!(
            matches!(page.customer, Some(CustomerView::Named { contact: Some(contact), .. }) if contact == "jo@x.example")
        );
        tiers.push(page.tier.unwrap().because);
    }
    assert_eq!(tiers.iter().map(|tier| (tier.repeated, tier.similar)).collect::<Vec<_>>(), [(false, 0), (true, 1)]);
    assert_eq!(ctx.direct_db.count("customers").await, 1);
    let id = fixture.log_broken(ctx, broken()).await;
    fixture.step(ctx, id, from("Jo", "")).await;
    assert_eq!(ctx.direct_db.count("customers").await, 2, "without a contact nobody can say who it is");
}

async fn the_owner_of_a_recovery_is_a_member_with_access(ctx: &TestContext) {
    let (fixture, other) = (ctx.fixture().await, ctx.other_fixture().await);
    let id = fixture.log_broken(ctx, broken()).await;
    let Principal::Person(stranger) = other.owner.principal else { unreachable!() };
    let owned_by = |person: String| {
        StepDraft::Acknowledge(AcknowledgementDraft { owner: person, ..AcknowledgementDraft::default() })
    };
    let before = ctx.direct_db.everything().await;
    let refused = ctx.store.take_step(&fixture.staff, id, &owned_by(stranger.to_string())).await.unwrap_err();
    assert!(matches!(refused, Error::Invalid(faults) if faults.of_field("owner") == Some(Fault::NotFound)));
    assert_eq!(ctx.direct_db.everything().await, before);
    // Who can do nothing about it, or not there.
    let elsewhere = ctx.store.add_site(&fixture.owner, &line("Elsewhere")).await.unwrap();
    let far = NewMember { site_access: SiteAccess::sites([elsewhere]), ..newcomer("Fay Bound", "staff") };
    let far = ctx.store.add_person(&fixture.owner, &far, "hash").await.unwrap();
    let Principal::Person(reader) = fixture.auditor.principal else { unreachable!() };
    for person in [reader, far] {
        let refused = ctx.store.take_step(&fixture.staff, id, &owned_by(person.to_string())).await.unwrap_err();
        assert!(matches!(refused, Error::Invalid(faults) if faults.of_field("owner") == Some(Fault::NotFound)));
    }
    let Principal::Person(ours) = fixture.manager.principal else { unreachable!() };
    fixture.step(ctx, id, owned_by(ours.to_string())).await;
}

async fn recoveries_are_listed_by_deadline_and_by_closing_time(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let (slow, quick) = (fixture.log_broken(ctx, broken()).await, fixture.log_broken(ctx, told_by_a_customer()).await);
    let third = fixture.log_broken(ctx, broken()).await;
    fixture.step(ctx, slow, from("Jo", "jo@x.example")).await;
    let open = ctx.store.open_recoveries(&fixture.auditor, RecoveryFilter::All, None, 200).await.unwrap().rows;
    assert_eq!(
        open.iter().map(|row| row.id).collect::<Vec<_>>(),
        [quick, third, slow],
        "by the clock that presses most"
    );
    for id in [third, quick] {
        if id == quick {
            let link = fixture.follow_up(ctx, id).await.unwrap();
            ctx.store.answer_follow_up(&link, &answer("yes", "yes")).await.unwrap().unwrap();
        } else {
            fixture.follow_up(ctx, id).await;
            for _ in 0..3 {
                fixture.keep(ctx).await;
            }
        }
        ctx.clock.advance(TimeDelta::hours(1));
        fixture.step(ctx, id, learn()).await;
    }
    let closed = ctx.store.closed_recoveries(&fixture.auditor, RecoveryFilter::All, None, 50).await.unwrap().rows;
    assert_eq!(closed.iter().map(|row| row.id).collect::<Vec<_>>(), [quick, third]);
    let page = async |before, most| {
        let page = ctx.store.closed_recoveries(&fixture.auditor, RecoveryFilter::All, before, most).await.unwrap();
        (page.rows.iter().map(|row| row.id).collect::<Vec<_>>(), page.before)
    };
    assert_eq!(page(None, 1).await, (vec![quick], Some(quick)));
    assert_eq!(page(Some(quick), 1).await, (vec![third], Some(third)));
    assert_eq!(page(Some(third), 1).await, (vec![], None));
    assert_eq!(page(None, 2).await, (vec![quick, third], Some(third)));
    assert_eq!(page(None, 3).await, (vec![quick, third], None));
    assert_eq!(page(Some(slow), 3).await, (vec![], None), "one that is open stands in no page of these");
    assert_eq!(
        ctx.store.open_recoveries(&fixture.auditor, RecoveryFilter::All, None, 200).await.unwrap().rows.len(),
        1
    );
}

async fn pages_of_breaks_have_each_row_once(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let mut opened = Vec::new();
    for number in 0..7 {
        let finding = if number == 3 { told_by_a_customer() } else { broken() };
        // Two by two within one instant.
        ctx.minutes(number % 2);
        opened.push(fixture.log(ctx, finding).await.recovery.unwrap());
    }
    let (mut seen, mut before) = (Vec::new(), None);
    loop {
        let page = ctx.store.breaks(&fixture.auditor, before, 2).await.unwrap();
        seen.extend(page.rows);
        before = page.before;
        if before.is_none() {
            break;
        }
    }
    assert!(seen.is_sorted_by(|later, earlier| (later.known_at, later.id) > (earlier.known_at, earlier.id)));
    let mut recoveries: Vec<_> = seen.iter().map(|row| row.recovery).collect();
    recoveries.sort();
    opened.sort();
    assert_eq!(recoveries, opened);
    assert!(seen.iter().all(|row| (row.version, row.place, row.stage) == (1, fixture.place, Stage::Opened)));
    let told = seen.iter().filter(|row| row.found_by == domain::breaks::FoundBy::Customer);
    assert_eq!(told.count(), 1);
}
