//! The customer's private link: it works once, and only in the customer's hand.

use domain::recovery::{AnswerDraft, Refused, StepDraft};
use store::Error;
use tokio::task::JoinSet;

use crate::shop::{acknowledge, answer, learn, remedy, reopen, told_by_a_customer, understand};
use crate::world::World;

facts![
    the_link_shows_what_was_done_and_whom_to_ask,
    the_link_works_once,
    the_link_works_once_for_many_at_the_same_time,
    a_faulty_answer_leaves_the_link_as_it_was,
    a_link_nobody_was_given_opens_nothing,
    a_link_of_an_earlier_round_is_worth_nothing_before_the_next_follow_up,
    a_new_link_ends_the_one_before_it,
    there_is_no_new_link_where_nobody_is_asked,
    staff_cannot_answer,
    the_link_is_kept_only_as_a_hash,
];

async fn the_link_shows_what_was_done_and_whom_to_ask(world: &World) {
    let shop = world.shop().await;
    let id = shop.breaks(world, told_by_a_customer()).await;
    let link = shop.follow_up(world, id).await.unwrap();
    let shown = world.store.follow_up(&link).await.unwrap().unwrap();
    assert_eq!((shown.business, shown.recovery, shown.answered), (shop.business(), id, false));
    assert_eq!((shown.business_name.as_str(), shown.contact_name.as_str()), ("Prairie Stop", "Maya Torres"));
    let contact = world.store.home(&shop.owner).await.unwrap().business.contact;
    assert_eq!(shown.contact_email.as_deref(), contact.email.as_ref().map(domain::person::Email::as_str));
    assert_eq!(shown.contact_phone.as_deref(), contact.phone.as_ref().map(domain::text::Line::as_str));
    assert!(shown.contact_email.is_some() || shown.contact_phone.is_some());
    let recovery = world.store.recovery(&shop.staff, id).await.unwrap().unwrap();
    assert_eq!((&shown.promise, &shown.site), (&recovery.wording.promise.to_string(), &recovery.row.site));
    assert_eq!(shown.place, recovery.row.place);
    assert_eq!((shown.correction.as_deref(), shown.remedy.as_deref()), (Some("Soap was put out."), Some("A coffee.")));
}

async fn the_link_works_once(world: &World) {
    let shop = world.shop().await;
    let id = shop.breaks(world, told_by_a_customer()).await;
    let link = shop.follow_up(world, id).await.unwrap();
    world.store.answer(&link, &answer("no", "no")).await.unwrap().unwrap();
    let before = world.raw.everything().await;
    let refused = world.store.answer(&link, &answer("yes", "yes")).await.unwrap_err();
    assert!(matches!(refused, Error::Recovery(Refused::AnsweredAlready)));
    assert!(world.store.follow_up(&link).await.unwrap().unwrap().answered);
    assert_eq!(world.raw.everything().await, before);
}

async fn the_link_works_once_for_many_at_the_same_time(world: &World) {
    let shop = world.shop().await;
    let id = shop.breaks(world, told_by_a_customer()).await;
    let link = shop.follow_up(world, id).await.unwrap();
    let stores = [world.store.clone(), world.another().await];
    let mut senders = JoinSet::new();
    for sender in 0..8 {
        let (store, link) = (stores[sender % 2].clone(), link.clone());
        senders.spawn(async move { store.answer(&link, &answer("yes", "yes")).await.is_ok() });
    }
    assert_eq!(senders.join_all().await.into_iter().filter(|answered| *answered).count(), 1);
    let page = world.store.recovery(&shop.staff, id).await.unwrap().unwrap();
    assert_eq!(page.recovery.steps.iter().filter(|taken| taken.step.name() == "answered").count(), 1);
}

async fn a_faulty_answer_leaves_the_link_as_it_was(world: &World) {
    let shop = world.shop().await;
    let id = shop.breaks(world, told_by_a_customer()).await;
    let link = shop.follow_up(world, id).await.unwrap();
    let before = world.raw.everything().await;
    for draft in [
        AnswerDraft::default(),
        answer("perhaps", "yes"),
        AnswerDraft { words: "\u{0}".into(), ..answer("yes", "yes") },
    ] {
        assert!(matches!(world.store.answer(&link, &draft).await, Err(Error::Invalid(_))));
    }
    assert_eq!(world.raw.everything().await, before);
    world.store.answer(&link, &answer("yes", "yes")).await.unwrap().unwrap();
}

async fn a_link_nobody_was_given_opens_nothing(world: &World) {
    let shop = world.shop().await;
    let id = shop.breaks(world, told_by_a_customer()).await;
    shop.follow_up(world, id).await.unwrap();
    for link in ["", "0", &"a".repeat(64), &"é".repeat(100)] {
        assert_eq!(world.store.follow_up(link).await.unwrap(), None);
        assert_eq!(world.store.answer(link, &answer("yes", "yes")).await.unwrap(), None);
    }
}

async fn a_link_of_an_earlier_round_is_worth_nothing_before_the_next_follow_up(world: &World) {
    let shop = world.shop().await;
    let id = shop.breaks(world, told_by_a_customer()).await;
    let link = shop.follow_up(world, id).await.unwrap();
    shop.step(world, id, reopen()).await;
    assert!(world.store.follow_up(&link).await.unwrap().unwrap().answered);
    let refused = world.store.answer(&link, &answer("yes", "yes")).await.unwrap_err();
    assert!(matches!(refused, Error::Recovery(Refused::Move { .. })), "{refused:?}");
    let second = shop.follow_up(world, id).await.unwrap();
    assert_ne!(link, second);
    world.store.answer(&second, &answer("yes", "yes")).await.unwrap().unwrap();
    assert!(matches!(
        world.store.answer(&link, &answer("no", "no")).await,
        Err(Error::Recovery(Refused::AnsweredAlready))
    ));
}

async fn a_new_link_ends_the_one_before_it(world: &World) {
    let shop = world.shop().await;
    let id = shop.breaks(world, told_by_a_customer()).await;
    let first = shop.follow_up(world, id).await.unwrap();
    let second = world.store.renew_follow_up(&shop.staff, id).await.unwrap().unwrap();
    assert!(world.store.follow_up(&first).await.unwrap().unwrap().answered, "it says that it is no longer open");
    let ended = world.store.answer(&first, &answer("yes", "yes")).await.unwrap_err();
    assert!(matches!(ended, Error::Recovery(Refused::AnsweredAlready)), "{ended:?}");
    let everything = format!("{:?}", world.raw.everything().await).to_lowercase();
    assert!(!everything.contains(&second), "it is kept only as a hash");
    world.store.answer(&second, &answer("no", "no")).await.unwrap().unwrap();
    let over = world.store.renew_follow_up(&shop.staff, id).await.unwrap_err();
    assert!(matches!(over, Error::Recovery(Refused::AnsweredAlready)), "{over:?}");
}

async fn there_is_no_new_link_where_nobody_is_asked(world: &World) {
    let shop = world.shop().await;
    let id = shop.breaks(world, told_by_a_customer()).await;
    for draft in [acknowledge(), understand(), remedy()] {
        let before = world.raw.everything().await;
        let refused = world.store.renew_follow_up(&shop.staff, id).await.unwrap_err();
        assert!(matches!(refused, Error::Recovery(Refused::NothingAsked)), "{refused:?}");
        assert_eq!(world.raw.everything().await, before);
        shop.step(world, id, draft).await;
    }
}

async fn staff_cannot_answer(world: &World) {
    let shop = world.shop().await;
    let id = shop.breaks(world, told_by_a_customer()).await;
    for draft in [acknowledge(), understand(), remedy(), StepDraft::FollowUp, learn()] {
        shop.step(world, id, draft).await;
    }
    // There is no draft of an answer for staff at all; silence is the nearest they have, and it has its time.
    assert!(serde_json::from_str::<StepDraft>(r#"{"step":"answered","fixed":"yes","again":"yes"}"#).is_err());
    assert!(serde_json::from_str::<StepDraft>(r#"{"step":"record_spoke","kept":"100"}"#).is_err());
    assert!(serde_json::from_str::<StepDraft>(r#"{"step":"closed","outcome":"restored"}"#).is_err());
    assert!(world.store.take_step(&shop.owner, id, &StepDraft::NoAnswer).await.is_err());
}

async fn the_link_is_kept_only_as_a_hash(world: &World) {
    let shop = world.shop().await;
    let id = shop.breaks(world, told_by_a_customer()).await;
    let link = shop.follow_up(world, id).await.unwrap();
    assert_eq!(link.len(), 64);
    let everything = format!("{:?}", world.raw.everything().await).to_lowercase();
    assert!(!everything.contains(&link));
}
