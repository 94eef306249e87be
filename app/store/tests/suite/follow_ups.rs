//! The customer's private link: it works once, and staff cannot use it.

use domain::recovery::{FollowUpDraft, RecoveryError, StepDraft};
use store::Error;
use tokio::task::JoinSet;

use crate::fixture::{acknowledge, answer, learn, remedy, reopen, told_by_a_customer, understand};
use crate::harness::TestContext;

both_databases![
    a_follow_up_link_shows_the_remedy_and_the_contact,
    a_follow_up_link_works_once,
    concurrent_answers_use_a_follow_up_link_once,
    an_invalid_answer_does_not_use_up_the_follow_up_link,
    an_unknown_follow_up_link_finds_nothing,
    reopening_ends_the_earlier_follow_up_link,
    a_renewed_follow_up_link_ends_the_previous_one,
    no_follow_up_link_is_renewed_without_an_open_question,
    staff_cannot_answer_for_the_customer,
    a_follow_up_link_is_stored_only_as_a_hash,
];

async fn a_follow_up_link_shows_the_remedy_and_the_contact(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let id = fixture.log_broken(ctx, told_by_a_customer()).await;
    let link = fixture.follow_up(ctx, id).await.unwrap();
    let shown = ctx.store.follow_up(&link).await.unwrap().unwrap();
    assert_eq!((shown.business, shown.recovery, shown.answered), (fixture.business(), id, false));
    assert_eq!((shown.business_name.as_str(), shown.contact_name.as_str()), ("Prairie Stop", "Maya Torres"));
    let contact = ctx.store.business(&fixture.owner).await.unwrap().business.contact;
    assert_eq!(shown.contact_email.as_deref(), contact.email.as_ref().map(domain::person::Email::as_str));
    assert_eq!(shown.contact_phone.as_deref(), contact.phone.as_ref().map(domain::text::Line::as_str));
    assert!(shown.contact_email.is_some() || shown.contact_phone.is_some());
    let recovery = ctx.store.recovery(&fixture.staff, id).await.unwrap().unwrap();
    assert_eq!((&shown.promise, &shown.site), (&recovery.wording.promise.to_string(), &recovery.row.site));
    assert_eq!(shown.place, recovery.row.place);
    assert_eq!((shown.correction.as_deref(), shown.remedy.as_deref()), (Some("Soap was put out."), Some("A coffee.")));
}

async fn a_follow_up_link_works_once(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let id = fixture.log_broken(ctx, told_by_a_customer()).await;
    let link = fixture.follow_up(ctx, id).await.unwrap();
    ctx.store.answer_follow_up(&link, &answer("no", "no")).await.unwrap().unwrap();
    let before = ctx.direct_db.everything().await;
    let refused = ctx.store.answer_follow_up(&link, &answer("yes", "yes")).await.unwrap_err();
    assert!(matches!(refused, Error::Recovery(RecoveryError::AnsweredAlready)));
    assert!(ctx.store.follow_up(&link).await.unwrap().unwrap().answered);
    assert_eq!(ctx.direct_db.everything().await, before);
}

async fn concurrent_answers_use_a_follow_up_link_once(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let id = fixture.log_broken(ctx, told_by_a_customer()).await;
    let link = fixture.follow_up(ctx, id).await.unwrap();
    let stores = [ctx.store.clone(), ctx.another().await];
    let mut senders = JoinSet::new();
    for sender in 0..8 {
        let (store, link) = (stores[sender % 2].clone(), link.clone());
        senders.spawn(async move { store.answer_follow_up(&link, &answer("yes", "yes")).await.is_ok() });
    }
    assert_eq!(senders.join_all().await.into_iter().filter(|answered| *answered).count(), 1);
    let page = ctx.store.recovery(&fixture.staff, id).await.unwrap().unwrap();
    assert_eq!(page.recovery.steps.iter().filter(|taken| taken.step.name() == "answered").count(), 1);
}

async fn an_invalid_answer_does_not_use_up_the_follow_up_link(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let id = fixture.log_broken(ctx, told_by_a_customer()).await;
    let link = fixture.follow_up(ctx, id).await.unwrap();
    let before = ctx.direct_db.everything().await;
    for draft in [
        FollowUpDraft::default(),
        answer("perhaps", "yes"),
        FollowUpDraft { words: "\u{0}".into(), ..answer("yes", "yes") },
    ] {
        assert!(matches!(ctx.store.answer_follow_up(&link, &draft).await, Err(Error::Invalid(_))));
    }
    assert_eq!(ctx.direct_db.everything().await, before);
    ctx.store.answer_follow_up(&link, &answer("yes", "yes")).await.unwrap().unwrap();
}

async fn an_unknown_follow_up_link_finds_nothing(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let id = fixture.log_broken(ctx, told_by_a_customer()).await;
    fixture.follow_up(ctx, id).await.unwrap();
    for link in ["", "0", &"a".repeat(64), &"é".repeat(100)] {
        assert_eq!(ctx.store.follow_up(link).await.unwrap(), None);
        assert_eq!(ctx.store.answer_follow_up(link, &answer("yes", "yes")).await.unwrap(), None);
    }
}

async fn reopening_ends_the_earlier_follow_up_link(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let id = fixture.log_broken(ctx, told_by_a_customer()).await;
    let link = fixture.follow_up(ctx, id).await.unwrap();
    fixture.step(ctx, id, reopen()).await;
    assert!(ctx.store.follow_up(&link).await.unwrap().unwrap().answered);
    let refused = ctx.store.answer_follow_up(&link, &answer("yes", "yes")).await.unwrap_err();
    assert!(matches!(refused, Error::Recovery(RecoveryError::Transition { .. })), "{refused:?}");
    let second = fixture.follow_up(ctx, id).await.unwrap();
    assert_ne!(link, second);
    ctx.store.answer_follow_up(&second, &answer("yes", "yes")).await.unwrap().unwrap();
    assert!(matches!(
        ctx.store.answer_follow_up(&link, &answer("no", "no")).await,
        Err(Error::Recovery(RecoveryError::AnsweredAlready))
    ));
}

async fn a_renewed_follow_up_link_ends_the_previous_one(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let id = fixture.log_broken(ctx, told_by_a_customer()).await;
    let first = fixture.follow_up(ctx, id).await.unwrap();
    let second = ctx.store.renew_follow_up(&fixture.staff, id).await.unwrap().unwrap();
    assert!(ctx.store.follow_up(&first).await.unwrap().unwrap().answered, "it says that it is no longer open");
    let ended = ctx.store.answer_follow_up(&first, &answer("yes", "yes")).await.unwrap_err();
    assert!(matches!(ended, Error::Recovery(RecoveryError::AnsweredAlready)), "{ended:?}");
    let everything = format!("{:?}", ctx.direct_db.everything().await).to_lowercase();
    assert!(!everything.contains(&second), "it is kept only as a hash");
    ctx.store.answer_follow_up(&second, &answer("no", "no")).await.unwrap().unwrap();
    let over = ctx.store.renew_follow_up(&fixture.staff, id).await.unwrap_err();
    assert!(matches!(over, Error::Recovery(RecoveryError::AnsweredAlready)), "{over:?}");
}

async fn no_follow_up_link_is_renewed_without_an_open_question(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let id = fixture.log_broken(ctx, told_by_a_customer()).await;
    for draft in [acknowledge(), understand(), remedy()] {
        let before = ctx.direct_db.everything().await;
        let refused = ctx.store.renew_follow_up(&fixture.staff, id).await.unwrap_err();
        assert!(matches!(refused, Error::Recovery(RecoveryError::NoOpenQuestion)), "{refused:?}");
        assert_eq!(ctx.direct_db.everything().await, before);
        fixture.step(ctx, id, draft).await;
    }
}

async fn staff_cannot_answer_for_the_customer(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let id = fixture.log_broken(ctx, told_by_a_customer()).await;
    for draft in [acknowledge(), understand(), remedy(), StepDraft::FollowUp, learn()] {
        fixture.step(ctx, id, draft).await;
    }
    // Staff have no draft for an answer. They can only record that none came, after some time.
    assert!(serde_json::from_str::<StepDraft>(r#"{"step":"answered","fixed":"yes","again":"yes"}"#).is_err());
    assert!(serde_json::from_str::<StepDraft>(r#"{"step":"record_spoke","kept":"100"}"#).is_err());
    assert!(serde_json::from_str::<StepDraft>(r#"{"step":"closed","outcome":"restored"}"#).is_err());
    assert!(ctx.store.take_step(&fixture.owner, id, &StepDraft::NoAnswer).await.is_err());
}

async fn a_follow_up_link_is_stored_only_as_a_hash(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let id = fixture.log_broken(ctx, told_by_a_customer()).await;
    let link = fixture.follow_up(ctx, id).await.unwrap();
    assert_eq!(link.len(), 64);
    let everything = format!("{:?}", ctx.direct_db.everything().await).to_lowercase();
    assert!(!everything.contains(&link));
}
