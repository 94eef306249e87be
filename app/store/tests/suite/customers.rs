//! Customers: seen by those who recover, forgotten for good, and told what is known of them.

use chrono::{DateTime, Months, TimeDelta, Utc};
use domain::business::BusinessDraft;
use domain::check::FindingDraft;
use domain::customer::Retention;
use domain::hours::Hours;
use domain::ids::RecoveryId;
use domain::recovery::{AcknowledgementDraft, AnswerDraft, Outcome, Refused, Stage, StepDraft, UpdateDraft};
use proptest::prelude::*;
use store::{Customer, Error};
use tokio::task::JoinSet;

use crate::history::some;
use crate::shop::{
    Shop, acknowledge, answer, broken, business_draft, learn, line, remedy, reopen, told_by_a_customer, understand,
};
use crate::world::{World, at};

facts![
    only_those_who_recover_see_who_it_was,
    whoever_is_forgotten_leaves_no_word_behind,
    the_record_says_how_many_texts_went_and_of_nobody,
    forgetting_twice_changes_nothing_and_says_so,
    what_is_written_afterwards_is_forgotten_when_it_is_asked_for_again,
    what_was_counted_stays_counted,
    an_open_link_of_whoever_is_forgotten_ends,
    a_recovery_under_way_ends_without_an_answer,
    whoever_comes_back_is_someone_new,
    whoever_was_never_named_is_forgotten_too,
    a_contact_is_found_however_it_is_written,
    whoever_left_one_contact_in_two_spellings_is_one_person,
    the_same_digits_reach_somebody_else_in_another_country,
    what_is_known_is_handed_over_whole_and_names_no_staff,
    only_owners_and_managers_of_the_business_forget_and_hand_over,
    customers_are_forgotten_when_their_time_is_over_and_not_before,
    customers_are_forgotten_once_by_however_many,
    a_database_keeps_nothing_of_whoever_is_forgotten,
];

fn named(name: &str, contact: &str) -> StepDraft {
    let StepDraft::Acknowledge(draft) = acknowledge() else { unreachable!() };
    StepDraft::Acknowledge(AcknowledgementDraft {
        apology: "SAID apology".into(),
        customer_name: name.into(),
        customer_contact: contact.into(),
        ..draft
    })
}

fn updated() -> StepDraft {
    StepDraft::Update(UpdateDraft { told: "SAID update".into(), next_update_by: String::new() })
}

/// A break that Jo told us about, as far as these steps lead; the link, if they lead so far.
async fn failed(world: &World, shop: &Shop, steps: &[StepDraft]) -> (RecoveryId, Option<String>) {
    let finding = FindingDraft { note: "SAID note".into(), ..told_by_a_customer() };
    let id = shop.breaks(world, finding).await;
    let mut link = None;
    for draft in [&[named("Jo SAID", "jo@SAID.example")], steps].concat() {
        link = shop.step(world, id, draft).await.or(link);
    }
    (id, link)
}

fn to_the_link() -> Vec<StepDraft> {
    vec![updated(), understand(), remedy(), StepDraft::FollowUp]
}

/// Everything from the break to the answer, the lesson and a second round.
async fn failed_twice(world: &World, shop: &Shop) -> RecoveryId {
    let (id, link) = failed(world, shop, &to_the_link()).await;
    let words = AnswerDraft { words: "SAID answer".into(), ..answer("no", "yes") };
    world.store.answer(&link.unwrap(), &words).await.unwrap().unwrap();
    for draft in [learn(), reopen()] {
        shop.step(world, id, draft).await;
    }
    failed(world, shop, &[]).await;
    id
}

async fn stage(world: &World, shop: &Shop, id: RecoveryId) -> Stage {
    world.store.recovery(&shop.staff, id).await.unwrap().unwrap().row.stage
}

async fn only_those_who_recover_see_who_it_was(world: &World) {
    let shop = world.shop().await;
    let (id, _) = failed(world, &shop, &[understand()]).await;
    let seen = async |actor| world.store.recovery(actor, id).await.unwrap().unwrap();
    let jo = Customer::Named { name: "Jo SAID".into(), contact: Some("jo@SAID.example".into()), others: Vec::new() };
    for actor in [&shop.owner, &shop.manager, &shop.staff] {
        assert_eq!(seen(actor).await.customer, Some(jo.clone()), "{:?}", actor.role);
    }
    let page = seen(&shop.auditor).await;
    assert_eq!(page.customer, Some(Customer::Withheld));
    let page = format!("{page:?}");
    assert!(!page.contains("Jo") && page.contains("There was no soap."), "what was said is still theirs to read");
}

async fn whoever_is_forgotten_leaves_no_word_behind(world: &World) {
    let shop = world.shop().await;
    let id = failed_twice(world, &shop).await;
    let said =
        ["SAID", "There was no soap.", "A clean sink.", "A cookie.", "It happened again.", "The delivery was late."];
    let kept = ["Soap was put out.", "A coffee.", "Nobody counted the soap.", "It is counted on Mondays."];
    let before = format!("{:?}", world.raw.everything().await);
    assert!(said.iter().chain(&kept).all(|text| before.contains(text)));
    let forgotten = world.store.erase_customer(&shop.manager, id).await.unwrap().unwrap();
    assert_eq!((forgotten.texts, forgotten.again), (11, false), "of two recoveries");
    let after = format!("{:?}", world.raw.everything().await);
    for text in said {
        assert!(!after.contains(text), "{text}");
    }
    for text in kept {
        assert!(after.contains(text), "{text} is public");
    }
    let page = world.store.recovery(&shop.owner, id).await.unwrap().unwrap();
    assert_eq!((page.customer, page.recovery.forgotten_at), (Some(Customer::Forgotten), Some(forgotten.at)));
    assert!(world.store.verify(shop.business()).await.unwrap().is_ok());
}

async fn the_record_says_how_many_texts_went_and_of_nobody(world: &World) {
    let shop = world.shop().await;
    let id = failed_twice(world, &shop).await;
    let verified = world.store.verify(shop.business()).await.unwrap().unwrap();
    world.store.erase_customer(&shop.owner, id).await.unwrap().unwrap();
    let lines = world.store.record_after(shop.business(), verified.entries).await.unwrap();
    assert_eq!(lines.len(), 1);
    assert_eq!(
        (lines[0].entry.kind.as_str(), lines[0].entry.body.to_string()),
        ("redaction", r#"{"redacted":11}"#.into())
    );
    assert!(lines[0].texts.is_empty());
    let after = world.store.verify(shop.business()).await.unwrap().unwrap();
    assert_eq!((after.entries, after.texts), (verified.entries + 1, verified.texts - 11));

    let trial = world.store.add_guarantee(&shop.owner, shop.problem, None, &in_private(), &[shop.place]).await.unwrap();
    world.store.move_guarantee(&shop.owner, trial, domain::guarantee::Move::Try).await.unwrap().unwrap();
    let draft = domain::check::CheckDraft { guarantee: trial.to_string(), ..shop.check(world, told_by_a_customer()) };
    let private = world.store.log_check(&shop.staff, draft).await.unwrap().recovery.unwrap();
    shop.step(world, private, named("Al SAID", "")).await;
    let entries = world.store.verify(shop.business()).await.unwrap().unwrap().entries;
    let forgotten = world.store.erase_customer(&shop.owner, private).await.unwrap().unwrap();
    assert_eq!(forgotten.texts, 1);
    let verified = world.store.verify(shop.business()).await.unwrap().unwrap();
    assert_eq!(verified.entries, entries, "what was never public is not announced");
}

fn in_private() -> domain::guarantee::Wording {
    let draft = crate::shop::wording_draft();
    domain::guarantee::WordingDraft { title: "On trial".into(), ..draft }.parse().unwrap()
}

async fn forgetting_twice_changes_nothing_and_says_so(world: &World) {
    let shop = world.shop().await;
    let (id, _) = failed(world, &shop, &[understand()]).await;
    let first = world.store.erase_customer(&shop.owner, id).await.unwrap().unwrap();
    let before = world.raw.everything().await;
    world.hours(1);
    let second = world.store.erase_customer(&shop.manager, id).await.unwrap().unwrap();
    assert_eq!((second.at, second.texts, second.again), (first.at, 0, true));
    assert_eq!(world.raw.everything().await, before);
}

async fn what_is_written_afterwards_is_forgotten_when_it_is_asked_for_again(world: &World) {
    let shop = world.shop().await;
    let (id, _) = failed(world, &shop, &[]).await;
    let first = world.store.erase_customer(&shop.owner, id).await.unwrap().unwrap();
    shop.step(world, id, understand()).await;
    let second = world.store.erase_customer(&shop.owner, id).await.unwrap().unwrap();
    assert_eq!((second.texts, second.again), (3, false));
    assert!(second.at > first.at && !format!("{:?}", world.raw.everything().await).contains("There was no soap."));
    let before = world.raw.everything().await;
    assert!(world.store.erase_customer(&shop.owner, id).await.unwrap().unwrap().again);
    assert_eq!(world.raw.everything().await, before);
    assert!(world.store.verify(shop.business()).await.unwrap().is_ok());
}

async fn what_was_counted_stays_counted(world: &World) {
    let shop = world.shop().await;
    let id = failed_twice(world, &shop).await;
    let later = world.store.open_recoveries(&shop.owner).await.unwrap();
    let second = later.iter().find(|row| row.id != id).unwrap().id;
    shop.step(world, second, understand()).await;
    let tier = async || world.store.recovery(&shop.owner, second).await.unwrap().unwrap().tier.unwrap();
    assert!(tier().await.because.repeated);
    let home = shop.home(&world.store).await;
    let counted = async || {
        let detail = world.store.detail(&home, shop.guarantee).await.unwrap();
        let charter = world.store.charter(home.clone(), None).await.unwrap();
        (detail.totals, detail.corrections, format!("{:?}", charter.guarantees[0].days), tier().await.because)
    };
    let before = counted().await;
    world.store.erase_customer(&shop.owner, id).await.unwrap().unwrap();
    assert_eq!(counted().await, before);
}

async fn an_open_link_of_whoever_is_forgotten_ends(world: &World) {
    let shop = world.shop().await;
    let (id, link) = failed(world, &shop, &to_the_link()).await;
    let link = link.unwrap();
    world.store.erase_customer(&shop.owner, id).await.unwrap().unwrap();
    assert!(world.store.follow_up(&link).await.unwrap().unwrap().answered);
    let refused = world.store.answer(&link, &answer("yes", "yes")).await;
    assert!(matches!(refused, Err(Error::Recovery(Refused::AnsweredAlready))), "{refused:?}");
    shop.step(world, id, StepDraft::NoAnswer).await;
    shop.step(world, id, learn()).await;
    assert_eq!(stage(world, &shop, id).await, Stage::Closed(Outcome::NoAnswer));
    assert!(world.store.verify(shop.business()).await.unwrap().is_ok());
}

async fn a_recovery_under_way_ends_without_an_answer(world: &World) {
    let shop = world.shop().await;
    let (id, _) = failed(world, &shop, &[]).await;
    world.store.erase_customer(&shop.owner, id).await.unwrap().unwrap();
    let asked = world.store.take_step(&shop.staff, id, &StepDraft::AskCustomer).await;
    assert!(matches!(asked, Err(Error::Recovery(Refused::Forgotten))), "{asked:?}");
    for draft in [understand(), remedy(), StepDraft::FollowUp] {
        assert_eq!(shop.step(world, id, draft).await, None, "no link is made for nobody");
    }
    shop.step(world, id, learn()).await;
    assert_eq!(stage(world, &shop, id).await, Stage::Closed(Outcome::NoAnswer));
}

async fn whoever_comes_back_is_someone_new(world: &World) {
    let shop = world.shop().await;
    let (id, _) = failed(world, &shop, &[understand(), remedy()]).await;
    world.store.erase_customer(&shop.owner, id).await.unwrap().unwrap();
    for draft in [StepDraft::FollowUp, reopen(), named("Jo again", "jo@SAID.example"), understand(), remedy()] {
        shop.step(world, id, draft).await;
    }
    let link = shop.step(world, id, StepDraft::FollowUp).await.unwrap();
    world.store.answer(&link, &answer("yes", "yes")).await.unwrap().unwrap();
    let page = world.store.recovery(&shop.owner, id).await.unwrap().unwrap();
    let contact = Some("jo@SAID.example".to_owned());
    assert_eq!(page.customer, Some(Customer::Named { name: "Jo again".into(), contact, others: Vec::new() }));
    assert!(!page.tier.unwrap().because.repeated, "nobody knows that it is the same person");
}

async fn whoever_was_never_named_is_forgotten_too(world: &World) {
    let shop = world.shop().await;
    let told = shop.breaks(world, FindingDraft { note: "SAID note".into(), ..told_by_a_customer() }).await;
    for draft in [acknowledge(), understand()] {
        shop.step(world, told, draft).await;
    }
    assert_eq!(world.store.erase_customer(&shop.owner, told).await.unwrap().unwrap().texts, 5);
    assert!(world.store.erase_customer(&shop.owner, told).await.unwrap().unwrap().again);
    assert!(!format!("{:?}", world.raw.everything().await).contains("There was no soap."));

    let found = shop.breaks(world, broken()).await;
    let before = world.raw.everything().await;
    assert_eq!(world.store.erase_customer(&shop.owner, found).await.unwrap(), None, "nobody is known here");
    assert_eq!(world.store.erase_customer(&shop.owner, RecoveryId(uuid::Uuid::nil())).await.unwrap(), None);
    assert_eq!(world.raw.everything().await, before);
}

async fn a_contact_is_found_however_it_is_written(world: &World) {
    let shop = world.shop().await;
    for contact in ["Jo@Ärger.example", "jo@ärger.example", "someone@else.example"] {
        let id = shop.breaks(world, told_by_a_customer()).await;
        shop.step(world, id, named("Jo", contact)).await;
    }
    let contact = line("JO@ÄRGER.example");
    let file = world.store.contact_file(&shop.owner, &contact).await.unwrap().unwrap();
    assert_eq!((file.recoveries.len(), file.also.len()), (2, 0));
    let forgotten = world.store.erase_contact(&shop.owner, &contact).await.unwrap().unwrap();
    assert_eq!((forgotten.texts, forgotten.again), (2, false));
    assert_eq!(world.raw.number("SELECT COUNT(*) FROM customers WHERE erased_at IS NULL").await, 1);
    let before = world.raw.everything().await;
    assert_eq!(world.store.erase_contact(&shop.owner, &contact).await.unwrap(), None);
    assert!(world.store.contact_file(&shop.owner, &contact).await.unwrap().is_none());
    assert_eq!(world.raw.everything().await, before);
}

async fn what_is_known_is_handed_over_whole_and_names_no_staff(world: &World) {
    let shop = world.shop().await;
    let id = failed_twice(world, &shop).await;
    let file = world.store.customer_file(&shop.manager, id).await.unwrap().unwrap();
    let text = serde_json::to_string(&file).unwrap();
    let said = ["Jo SAID", "jo@SAID.example", "SAID note", "SAID apology", "SAID update", "SAID answer", "A cookie."];
    let done = ["There was no soap.", "A clean sink.", "Soap was put out.", "A coffee.", "It happened again."];
    let more = ["Clean restrooms", "Abilene", "Restroom 1", "\"fixed\":\"no\"", "\"by\":\"customer\"", "Prairie Stop"];
    for part in said.iter().chain(&done).chain(&more) {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert_eq!(file.recoveries.len(), 2);
    for inside in ["Sam", "Nia", "person", "heard", "owner"] {
        assert!(!text.contains(inside), "{inside}: {text}");
    }
}

async fn only_owners_and_managers_of_the_business_forget_and_hand_over(world: &World) {
    let (shop, other) = (world.shop().await, world.other_shop().await);
    let (id, _) = failed(world, &shop, &[]).await;
    let (store, contact) = (&world.store, line("jo@SAID.example"));
    let before = world.raw.everything().await;
    for actor in [&shop.staff, &shop.auditor] {
        assert!(matches!(store.erase_customer(actor, id).await, Err(Error::NotAllowed(_))));
        assert!(matches!(store.erase_contact(actor, &contact).await, Err(Error::NotAllowed(_))));
        assert!(matches!(store.customer_file(actor, id).await, Err(Error::NotAllowed(_))));
        assert!(matches!(store.contact_file(actor, &contact).await, Err(Error::NotAllowed(_))));
        assert!(matches!(store.forget_customers(actor).await, Err(Error::NotAllowed(_))));
    }
    assert_eq!(store.erase_customer(&other.owner, id).await.unwrap(), None);
    assert_eq!(store.erase_contact(&other.owner, &contact).await.unwrap(), None);
    assert!(store.customer_file(&other.owner, id).await.unwrap().is_none());
    assert!(store.contact_file(&other.owner, &contact).await.unwrap().is_none());
    assert_eq!(world.raw.everything().await, before);
}

/// What may happen to a customer's recovery, and for how many days nothing does.
fn any_life() -> impl Strategy<Value = (u8, i64)> {
    (0..4_u8, 1..50_i64)
}

async fn closed(world: &World, shop: &Shop, contact: &str) -> RecoveryId {
    let id = shop.breaks(world, told_by_a_customer()).await;
    let StepDraft::Acknowledge(said) = named("Jo", contact) else { unreachable!() };
    let next_update_by = (world.store.now() + TimeDelta::days(1)).to_rfc3339();
    for draft in [
        StepDraft::Acknowledge(AcknowledgementDraft { next_update_by, ..said }),
        understand(),
        remedy(),
        learn(),
        StepDraft::FollowUp,
    ] {
        if let Some(link) = shop.step(world, id, draft).await {
            world.store.answer(&link, &answer("yes", "yes")).await.unwrap().unwrap();
        }
    }
    id
}

async fn customers_are_forgotten_when_their_time_is_over_and_not_before(world: &World) {
    let shop = world.shop().await;
    let mut business = shop.home(&world.store).await.business;
    business.retention = Retention::parse("2").unwrap();
    world.store.change_business(&shop.owner, &business).await.unwrap();
    assert_eq!(shop.home(&world.store).await.business.retention.months(), 2);
    let mut lives: Vec<(String, RecoveryId, Option<DateTime<Utc>>)> = Vec::new();
    let mut forgotten = 0;
    for (number, (what, days)) in some(60, &any_life()).into_iter().enumerate() {
        match (what, lives.last_mut()) {
            (0, Some((contact, id, over))) if over.is_some() => {
                let again = closed(world, &shop, contact).await;
                (*id, *over) = (again, Some(world.store.now()));
            }
            (1, Some((_, id, over))) if over.is_some() => {
                shop.step(world, *id, reopen()).await;
                *over = None;
            }
            _ => {
                let contact = format!("jo-{number}@x.example");
                let id = closed(world, &shop, &contact).await;
                lives.push((contact, id, Some(world.store.now())));
            }
        }
        world.clock.advance(TimeDelta::days(days));
        let due = |over: &Option<DateTime<Utc>>| over.is_some_and(|at| at + Months::new(2) <= world.store.now());
        let expected = lives.iter().filter(|(.., over)| due(over)).count();
        assert_eq!(world.store.forget_customers(&shop.manager).await.unwrap(), expected, "step {number}");
        assert_eq!(world.store.forget_customers(&shop.manager).await.unwrap(), 0, "once");
        lives.retain(|(.., over)| !due(over));
        forgotten += expected;
        let remembered = world.raw.texts("SELECT contact FROM customers WHERE erased_at IS NULL ORDER BY 1").await;
        let mut known: Vec<_> = lives.iter().map(|(contact, ..)| contact.clone()).collect();
        known.sort();
        assert_eq!(remembered, known, "step {number}");
    }
    assert!(forgotten > 15 && !lives.is_empty(), "{forgotten}");
    assert!(world.store.verify(shop.business()).await.unwrap().is_ok());
}

async fn customers_are_forgotten_once_by_however_many(world: &World) {
    let shop = world.shop().await;
    for number in 0..12 {
        closed(world, &shop, &format!("jo-{number}@x.example")).await;
    }
    world.clock.set(at("2027-12-01T12:00:00Z"));
    let mut jobs = JoinSet::new();
    for store in [world.store.clone(), world.another().await, world.store.clone()] {
        let actor = shop.owner.clone();
        jobs.spawn(async move { store.forget_customers(&actor).await.unwrap() });
    }
    assert_eq!(jobs.join_all().await.iter().sum::<usize>(), 12);
    assert_eq!(world.raw.number("SELECT COUNT(*) FROM record WHERE kind = 'redaction'").await, 12);
    assert!(world.store.verify(shop.business()).await.unwrap().is_ok());
}

#[test]
fn the_file_itself_keeps_no_word_of_whoever_is_forgotten() {
    crate::world::on_sqlite(async |world: &World| {
        let shop = world.shop().await;
        let id = failed_twice(world, &shop).await;
        let file = world.url.strip_prefix("sqlite:").unwrap();
        let holds = async |word: &str| {
            world.raw.run_alone("PRAGMA wal_checkpoint(TRUNCATE)").await;
            let bytes = std::fs::read(file).unwrap();
            bytes.windows(word.len()).any(|window| window == word.as_bytes())
        };
        assert!(holds("jo@SAID.example").await && holds("SAID apology").await);
        world.store.erase_customer(&shop.owner, id).await.unwrap().unwrap();
        for word in ["SAID", "There was no soap.", "A clean sink.", "A cookie."] {
            assert!(!holds(word).await, "{word}");
        }
    });
}

async fn a_database_keeps_nothing_of_whoever_is_forgotten(world: &World) {
    let shop = world.shop().await;
    let (id, _) = failed(world, &shop, &[]).await;
    world.store.erase_customer(&shop.owner, id).await.unwrap().unwrap();
    for change in ["name = 'Jo'", "contact = 'jo@x.example'", "erased_by = NULL", "erased_at = NULL"] {
        assert!(world.raw.run(&format!("UPDATE customers SET {change}")).await.is_err(), "{change}");
    }
    for months in [0, 121, -1] {
        assert!(world.raw.run(&format!("UPDATE businesses SET forget_after = {months}")).await.is_err(), "{months}");
    }
}

/// What two customers left that an earlier program took for two people.
const SPELLINGS: [[&str; 2]; 12] = [
    ["+1 555 201 0101", "+1\u{A0}555\u{A0}201\u{A0}0101"],
    ["(555) 201-0102", "+15552010102"],
    ["001 555 201 0103", "555.201.0103"],
    ["1-555-201-0104", "tel:+1-555-201-0104"],
    ["555 201 0105 ext. 7", "+1 555 201 0105 x7"],
    ["+48 600 777 001", "011 48 600777001"],
    ["+48 600 777 002", "+48\u{2011}600\u{2011}777\u{2011}002"],
    ["Someone@Example.com", "someone@example.com"],
    ["Some One <some.one@example.com>", "mailto:SOME.ONE@example.com"],
    ["jo@bücher.example", "jo@xn--bcher-kva.example"],
    ["zoë@example.com", "zoe\u{308}@example.com"],
    ["Room 12, Miss Dana", "room 12,\u{A0}miss dana"],
];

async fn whoever_left_one_contact_in_two_spellings_is_one_person(world: &World) {
    let shop = world.shop().await;
    let store = &world.store;
    for (number, spellings) in SPELLINGS.iter().enumerate() {
        let mut failed = Vec::new();
        for (which, spelling) in spellings.iter().enumerate() {
            let (id, stand_in) =
                (shop.breaks(world, told_by_a_customer()).await, format!("{number}-{which}@old.example"));
            for step in [named(&format!("Jo {which}"), &stand_in), understand()] {
                shop.step(world, id, step).await;
            }
            let sql = "UPDATE customers SET identity = NULL";
            world.raw.change(&format!("{sql}, contact = '{spelling}' WHERE contact = '{stand_in}'")).await;
            failed.push(id);
            world.minutes(1);
        }
        let repeated =
            async |id| store.recovery(&shop.owner, id).await.unwrap().unwrap().tier.unwrap().because.repeated;
        assert!(!repeated(failed[1]).await, "{spellings:?}");
        store.migrate().await.unwrap();
        assert_eq!((repeated(failed[0]).await, repeated(failed[1]).await), (false, true), "{spellings:?}");
        let Some(Customer::Named { others, .. }) =
            store.recovery(&shop.staff, failed[1]).await.unwrap().unwrap().customer
        else {
            panic!("{spellings:?}")
        };
        assert_eq!(
            others.iter().map(|other| (other.recovery, other.name.as_str())).collect::<Vec<_>>(),
            [(failed[0], "Jo 0")]
        );
        // Whoever comes a third time is nobody new.
        let third = shop.breaks(world, told_by_a_customer()).await;
        shop.step(world, third, named("Jo", spellings[1])).await;
        for file in [
            store.customer_file(&shop.owner, failed[0]).await.unwrap(),
            store.customer_file(&shop.owner, failed[1]).await.unwrap(),
            store.contact_file(&shop.owner, &line(spellings[0])).await.unwrap(),
            store.contact_file(&shop.owner, &line(spellings[1])).await.unwrap(),
        ] {
            let file = file.unwrap();
            assert_eq!((file.recoveries.len(), file.also.len()), (3, 1), "{spellings:?}");
        }
        let forgotten = if number % 2 == 0 {
            store.erase_contact(&shop.owner, &line(spellings[0])).await
        } else {
            store.erase_customer(&shop.owner, failed[1]).await
        };
        assert!(forgotten.unwrap().unwrap().texts >= 3, "{spellings:?}");
        let left =
            "SELECT COUNT(*) FROM customers WHERE erased_at IS NULL OR contact IS NOT NULL OR identity IS NOT NULL";
        assert_eq!(world.raw.number(left).await, 0, "{spellings:?}");
    }
    assert!(store.verify(shop.business()).await.unwrap().is_ok());
}

async fn the_same_digits_reach_somebody_else_in_another_country(world: &World) {
    let shop = world.shop().await;
    for contact in ["600 777 0011", "+48 600 777 0011"] {
        let id = shop.breaks(world, told_by_a_customer()).await;
        shop.step(world, id, named("Jo", contact)).await;
    }
    let known = async || {
        let file = world.store.contact_file(&shop.owner, &line("600-777-0011")).await.unwrap().unwrap();
        file.recoveries.len()
    };
    assert_eq!(known().await, 1, "a number in America");
    let warsaw = BusinessDraft { zone: "Europe/Warsaw".into(), ..business_draft() };
    world.store.change_business(&shop.owner, &warsaw.parse(Hours::always()).unwrap()).await.unwrap();
    assert_eq!(known().await, 2, "a number in Poland");
}
