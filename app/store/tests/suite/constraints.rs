//! Constraints of the databases, and how the store reports them.

use domain::fault::Fault;
use domain::person::NewMember;
use domain::place::TagCode;
use domain::role::Role;
use domain::slug::Slug;
use store::{ClockAndRandom, Error};
use uuid::Uuid;

use crate::fixture::{broken, kept, line, newcomer, wording};
use crate::harness::{Clock, TestContext};

both_databases![
    a_duplicate_value_is_a_fault_of_its_field,
    a_break_is_not_stored_without_its_recovery,
    a_recovery_is_not_stored_without_its_break,
    neither_break_nor_recovery_is_deleted_alone,
    a_broken_check_is_not_stored_without_a_break_of_its_own,
    every_tag_code_belongs_to_one_place,
    a_new_place_never_gets_a_tag_code_of_another_business,
    a_replaced_tag_never_gets_a_code_of_another_business,
    a_tag_code_that_another_business_once_had_can_be_replaced,
    a_role_listed_twice_as_needing_a_second_step_is_stored_once,
];

async fn a_duplicate_value_is_a_fault_of_its_field(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let before = ctx.direct_db.everything().await;
    let taken = |refused: Error, field: &str| {
        assert!(
            matches!(&refused, Error::Invalid(faults) if faults.of_field(field) == Some(Fault::Taken)),
            "{refused:?}"
        );
    };
    let store = &ctx.store;
    taken(store.add_site(&fixture.owner, &line("Abilene")).await.unwrap_err(), "name");
    taken(store.add_place(&fixture.owner, fixture.site, &line("Restroom 1")).await.unwrap_err(), "name");
    let slug = Some(Slug::parse("clean-restrooms").unwrap());
    let places = [fixture.place];
    for slug in [slug, None] {
        taken(
            store.add_guarantee(&fixture.owner, fixture.problem, slug, &wording(), &places).await.unwrap_err(),
            "slug",
        );
    }
    let again = NewMember { name: line("Someone Else"), ..newcomer("Sam", "staff") };
    taken(store.add_person(&fixture.owner, &again, "hash").await.unwrap_err(), "email");
    assert_eq!(ctx.direct_db.everything().await, before);

    let elsewhere = store.add_site(&fixture.owner, &line("Sweetwater")).await.unwrap();
    assert!(store.add_place(&fixture.owner, elsewhere, &line("Restroom 1")).await.is_ok());
}

/// Copies a row of a break or a recovery, with some columns changed.
async fn copy_row_with(ctx: &TestContext, table: &str, changes: &[(&str, String)]) -> Result<u64, sqlx::Error> {
    let columns = match table {
        "breaks" => {
            "id, business_id, guarantee_id, version_id, place_id, check_id, public, reason, found_by, known_at, recovery_id"
        }
        _ => "id, business_id, break_id, number, opened_at, stage, watched",
    };
    let value = |column: &str| {
        let change = changes.iter().find(|(changed, _)| *changed == column);
        change.map_or_else(|| column.to_owned(), |(_, value)| value.clone())
    };
    let values = columns.split(", ").map(value).collect::<Vec<_>>().join(", ");
    ctx.direct_db.run(&format!("INSERT INTO {table} ({columns}) SELECT {values} FROM {table} LIMIT 1")).await
}

async fn a_break_is_not_stored_without_its_recovery(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    fixture.log(ctx, broken()).await;
    let before = ctx.direct_db.everything().await;
    let (new, nobody) = (ctx.direct_db.id(Uuid::from_u128(1)), ctx.direct_db.id(Uuid::from_u128(2)));
    let alone = copy_row_with(ctx, "breaks", &[("id", new.clone()), ("recovery_id", nobody)]).await;
    assert!(alone.is_err());
    let with_that_of_another = copy_row_with(ctx, "breaks", &[("id", new)]).await;
    assert!(with_that_of_another.is_err());
    assert_eq!(ctx.direct_db.everything().await, before);
}

async fn a_recovery_is_not_stored_without_its_break(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    fixture.log(ctx, broken()).await;
    let before = ctx.direct_db.everything().await;
    let (new, nothing) = (ctx.direct_db.id(Uuid::from_u128(1)), ctx.direct_db.id(Uuid::from_u128(2)));
    let number = ("number", "99".to_owned());
    let alone = copy_row_with(ctx, "recoveries", &[("id", new.clone()), ("break_id", nothing), number.clone()]).await;
    assert!(alone.is_err());
    let for_that_of_another = copy_row_with(ctx, "recoveries", &[("id", new), number]).await;
    assert!(for_that_of_another.is_err());
    assert_eq!(ctx.direct_db.everything().await, before);
}

async fn neither_break_nor_recovery_is_deleted_alone(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    fixture.log(ctx, broken()).await;
    fixture.log(ctx, broken()).await;
    let before = ctx.direct_db.everything().await;
    let nobody = ctx.direct_db.id(Uuid::from_u128(2));
    for sql in [
        "DELETE FROM recoveries".to_owned(),
        "DELETE FROM breaks".to_owned(),
        format!("UPDATE breaks SET recovery_id = {nobody}"),
        format!("UPDATE recoveries SET break_id = {nobody}"),
        "UPDATE recoveries SET break_id = (SELECT id FROM breaks ORDER BY id LIMIT 1)".to_owned(),
        "DELETE FROM recoveries; DELETE FROM breaks".to_owned(),
    ] {
        assert!(ctx.direct_db.run(&sql).await.is_err(), "{sql}");
    }
    assert_eq!(ctx.direct_db.everything().await, before);
}

async fn a_broken_check_is_not_stored_without_a_break_of_its_own(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    fixture.log(ctx, broken()).await;
    let check = fixture.log(ctx, kept()).await.check;
    let before = ctx.direct_db.everything().await;
    let (check, nothing) = (ctx.direct_db.id(check.0), ctx.direct_db.id(Uuid::from_u128(2)));
    for sql in [
        format!("UPDATE checks SET verdict = 'broken' WHERE id = {check}"),
        format!("UPDATE checks SET verdict = 'broken', break_id = {nothing} WHERE id = {check}"),
        format!("UPDATE checks SET verdict = 'broken', break_id = (SELECT id FROM breaks) WHERE id = {check}"),
        "UPDATE checks SET break_id = NULL".to_owned(),
        "UPDATE checks SET verdict = 'kept'".to_owned(),
        format!("UPDATE checks SET verdict = 'fine' WHERE id = {check}"),
    ] {
        assert!(ctx.direct_db.run(&sql).await.is_err(), "{sql}");
    }
    assert_eq!(ctx.direct_db.everything().await, before);
}

async fn every_tag_code_belongs_to_one_place(ctx: &TestContext) {
    let (fixture, other) = (ctx.fixture().await, ctx.other_fixture().await);
    let code = ctx.store.place(&fixture.staff, fixture.place).await.unwrap().unwrap().code;
    let theirs = ctx.direct_db.id(other.place.0);
    assert!(ctx.direct_db.run(&format!("UPDATE places SET code = '{code}' WHERE id = {theirs}")).await.is_err());
    let code = TagCode::parse(&code).unwrap();
    assert_eq!(
        ctx.store.place_by_code(&fixture.staff, &code).await.unwrap().map(|place| place.id),
        Some(fixture.place)
    );
    assert_eq!(ctx.store.place_by_code(&other.staff, &code).await.unwrap(), None);
}

async fn a_new_place_never_gets_a_tag_code_of_another_business(ctx: &TestContext) {
    let (fixture, other) = (ctx.fixture().await, ctx.other_fixture().await);
    let code = ctx.store.place(&fixture.staff, fixture.place).await.unwrap().unwrap().code;
    let random = Clock::new();
    let draws = (0..100).find(|_| TagCode::from_bytes(&random.bytes()).as_str() == code).unwrap();
    ctx.minutes(1);
    // One draw for the id, and the next for the code.
    ctx.clock.rewind(draws - 1);
    let place = ctx.store.add_place(&other.owner, other.site, &line("Restroom 3")).await.unwrap();
    let given = ctx.store.place(&other.owner, place).await.unwrap().unwrap().code;
    assert_eq!(given, TagCode::from_bytes(&random.bytes()).as_str(), "it is thrown again");
}

async fn a_replaced_tag_never_gets_a_code_of_another_business(ctx: &TestContext) {
    let (fixture, other) = (ctx.fixture().await, ctx.other_fixture().await);
    let code = ctx.store.place(&fixture.staff, fixture.place).await.unwrap().unwrap().code;
    let random = Clock::new();
    let drawn = (0..100).find(|_| TagCode::from_bytes(&random.bytes()).as_str() == code).unwrap();
    ctx.minutes(1);
    ctx.clock.rewind(drawn);
    let given = ctx.store.replace_tag(&other.owner, other.place).await.unwrap().unwrap();
    assert_eq!(given, TagCode::from_bytes(&random.bytes()), "it is drawn again");
    let code = TagCode::parse(&code).unwrap();
    assert_eq!(
        ctx.store.place_by_code(&fixture.staff, &code).await.unwrap().map(|place| place.id),
        Some(fixture.place)
    );
}

async fn a_tag_code_that_another_business_once_had_can_be_replaced(ctx: &TestContext) {
    let (fixture, other) = (ctx.fixture().await, ctx.other_fixture().await);
    let theirs = ctx.direct_db.id(other.place.0);
    let sql = "INSERT INTO old_codes (code, business_id, place_id, until) SELECT t.code, p.business_id, p.id, p.created_at \
        FROM places p JOIN places t ON t.id";
    ctx.direct_db.change(&format!("{sql} = {} WHERE p.id = {theirs}", ctx.direct_db.id(fixture.place.0))).await;
    let before = ctx.store.place(&fixture.staff, fixture.place).await.unwrap().unwrap().code;
    let given = ctx.store.replace_tag(&fixture.owner, fixture.place).await.unwrap().unwrap();
    assert_ne!(given.as_str(), before);
}

async fn a_role_listed_twice_as_needing_a_second_step_is_stored_once(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    ctx.store.require_factors(&fixture.owner, &[Role::Manager, Role::Owner, Role::Manager]).await.unwrap();
    assert_eq!(ctx.store.required_factors(&fixture.owner).await.unwrap(), [Role::Manager, Role::Owner]);
}
