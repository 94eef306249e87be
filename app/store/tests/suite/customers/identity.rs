//! One customer is known by one contact, however it is written.

use domain::business::BusinessDraft;
use domain::hours::Hours;
use store::CustomerView;

use super::acknowledge_naming;
use crate::fixture::{business_draft, line, told_by_a_customer, understand};
use crate::harness::TestContext;

both_databases![
    a_contact_is_found_in_any_notation,
    the_migration_merges_customers_with_equal_contacts,
    the_same_digits_are_another_contact_in_another_country,
];

async fn a_contact_is_found_in_any_notation(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    for contact in ["Jo@Ärger.example", "jo@ärger.example", "someone@else.example"] {
        let id = fixture.log_broken(ctx, told_by_a_customer()).await;
        fixture.step(ctx, id, acknowledge_naming("Jo", contact)).await;
    }
    let contact = line("JO@ÄRGER.example");
    let file = ctx.store.export_contact(&fixture.owner, &contact).await.unwrap().unwrap();
    assert_eq!((file.recoveries.len(), file.other_contacts.len()), (2, 0));
    let forgotten = ctx.store.erase_contact(&fixture.owner, &contact).await.unwrap().unwrap();
    assert_eq!((forgotten.texts, forgotten.already_erased), (2, false));
    assert_eq!(ctx.direct_db.number("SELECT COUNT(*) FROM customers WHERE erased_at IS NULL").await, 1);
    let before = ctx.direct_db.everything().await;
    assert_eq!(ctx.store.erase_contact(&fixture.owner, &contact).await.unwrap(), None);
    assert!(ctx.store.export_contact(&fixture.owner, &contact).await.unwrap().is_none());
    assert_eq!(ctx.direct_db.everything().await, before);
}

/// Two spellings of one contact, which an earlier program took for two people.
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

async fn the_migration_merges_customers_with_equal_contacts(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let store = &ctx.store;
    for (number, spellings) in SPELLINGS.iter().enumerate() {
        let mut failed = Vec::new();
        for (which, spelling) in spellings.iter().enumerate() {
            let (id, stand_in) =
                (fixture.log_broken(ctx, told_by_a_customer()).await, format!("{number}-{which}@old.example"));
            for step in [acknowledge_naming(&format!("Jo {which}"), &stand_in), understand()] {
                fixture.step(ctx, id, step).await;
            }
            let sql = "UPDATE customers SET identity = NULL";
            ctx.direct_db.change(&format!("{sql}, contact = '{spelling}' WHERE contact = '{stand_in}'")).await;
            failed.push(id);
            ctx.minutes(1);
        }
        let repeated =
            async |id| store.recovery(&fixture.owner, id).await.unwrap().unwrap().tier.unwrap().because.repeated;
        assert!(!repeated(failed[1]).await, "{spellings:?}");
        store.migrate().await.unwrap();
        assert_eq!((repeated(failed[0]).await, repeated(failed[1]).await), (false, true), "{spellings:?}");
        let Some(CustomerView::Named { others, .. }) =
            store.recovery(&fixture.staff, failed[1]).await.unwrap().unwrap().customer
        else {
            panic!("{spellings:?}")
        };
        assert_eq!(
            others.iter().map(|other| (other.recovery, other.name.as_str())).collect::<Vec<_>>(),
            [(failed[0], "Jo 0")]
        );
        // A third recovery with the contact belongs to the same person.
        let third = fixture.log_broken(ctx, told_by_a_customer()).await;
        fixture.step(ctx, third, acknowledge_naming("Jo", spellings[1])).await;
        for file in [
            store.export_customer(&fixture.owner, failed[0]).await.unwrap(),
            store.export_customer(&fixture.owner, failed[1]).await.unwrap(),
            store.export_contact(&fixture.owner, &line(spellings[0])).await.unwrap(),
            store.export_contact(&fixture.owner, &line(spellings[1])).await.unwrap(),
        ] {
            let file = file.unwrap();
            assert_eq!((file.recoveries.len(), file.other_contacts.len()), (3, 1), "{spellings:?}");
        }
        let forgotten = if number % 2 == 0 {
            store.erase_contact(&fixture.owner, &line(spellings[0])).await
        } else {
            store.erase_customer(&fixture.owner, failed[1]).await
        };
        assert!(forgotten.unwrap().unwrap().texts >= 3, "{spellings:?}");
        let left =
            "SELECT COUNT(*) FROM customers WHERE erased_at IS NULL OR contact IS NOT NULL OR identity IS NOT NULL";
        assert_eq!(ctx.direct_db.number(left).await, 0, "{spellings:?}");
    }
    assert!(store.verify(fixture.business()).await.unwrap().is_ok());
}

async fn the_same_digits_are_another_contact_in_another_country(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    for contact in ["600 777 0011", "+48 600 777 0011"] {
        let id = fixture.log_broken(ctx, told_by_a_customer()).await;
        fixture.step(ctx, id, acknowledge_naming("Jo", contact)).await;
    }
    let known = async || {
        let file = ctx.store.export_contact(&fixture.owner, &line("600-777-0011")).await.unwrap().unwrap();
        file.recoveries.len()
    };
    assert_eq!(known().await, 1, "a number in America");
    let warsaw = BusinessDraft { zone: "Europe/Warsaw".into(), ..business_draft() };
    ctx.store.update_business(&fixture.owner, &warsaw.parse(Hours::always()).unwrap()).await.unwrap();
    assert_eq!(known().await, 2, "a number in Poland");
}
