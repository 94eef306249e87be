//! What the databases themselves refuse, behind the store's back and before it.

use domain::fault::Fault;
use domain::person::Newcomer;
use domain::place::Code;
use domain::slug::Slug;
use store::{Error, Source};
use uuid::Uuid;

use crate::shop::{broken, kept, line, newcomer, wording};
use crate::world::{Clock, World};

facts![
    what_is_taken_is_a_fault_of_its_field,
    a_break_is_not_stored_without_its_recovery,
    a_recovery_is_not_stored_without_its_break,
    neither_is_taken_away_alone,
    a_broken_check_is_not_stored_without_a_break_of_its_own,
    every_code_is_of_one_place,
    a_code_that_another_business_has_is_not_given_again,
];

async fn what_is_taken_is_a_fault_of_its_field(world: &World) {
    let shop = world.shop().await;
    let before = world.raw.everything().await;
    let taken = |refused: Error, field: &str| {
        assert!(matches!(&refused, Error::Invalid(faults) if faults.at(field) == Some(Fault::Taken)), "{refused:?}");
    };
    let store = &world.store;
    taken(store.add_site(&shop.owner, &line("Abilene")).await.unwrap_err(), "name");
    taken(store.add_place(&shop.owner, shop.site, &line("Restroom 1")).await.unwrap_err(), "name");
    let slug = Some(Slug::parse("clean-restrooms").unwrap());
    let places = [shop.place];
    for slug in [slug, None] {
        taken(store.add_guarantee(&shop.owner, shop.problem, slug, &wording(), &places).await.unwrap_err(), "slug");
    }
    let again = Newcomer { name: line("Someone Else"), ..newcomer("Sam", "staff") };
    taken(store.add_person(&shop.owner, &again, "hash").await.unwrap_err(), "email");
    assert_eq!(world.raw.everything().await, before);

    let elsewhere = store.add_site(&shop.owner, &line("Sweetwater")).await.unwrap();
    assert!(store.add_place(&shop.owner, elsewhere, &line("Restroom 1")).await.is_ok());
}

/// A copy of a break's or recovery's row with some columns changed.
async fn copy(world: &World, table: &str, changes: &[(&str, String)]) -> Result<u64, sqlx::Error> {
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
    world.raw.run(&format!("INSERT INTO {table} ({columns}) SELECT {values} FROM {table} LIMIT 1")).await
}

async fn a_break_is_not_stored_without_its_recovery(world: &World) {
    let shop = world.shop().await;
    shop.log(world, broken()).await;
    let before = world.raw.everything().await;
    let (new, nobody) = (world.raw.id(Uuid::from_u128(1)), world.raw.id(Uuid::from_u128(2)));
    let alone = copy(world, "breaks", &[("id", new.clone()), ("recovery_id", nobody)]).await;
    assert!(alone.is_err());
    let with_that_of_another = copy(world, "breaks", &[("id", new)]).await;
    assert!(with_that_of_another.is_err());
    assert_eq!(world.raw.everything().await, before);
}

async fn a_recovery_is_not_stored_without_its_break(world: &World) {
    let shop = world.shop().await;
    shop.log(world, broken()).await;
    let before = world.raw.everything().await;
    let (new, nothing) = (world.raw.id(Uuid::from_u128(1)), world.raw.id(Uuid::from_u128(2)));
    let number = ("number", "99".to_owned());
    let alone = copy(world, "recoveries", &[("id", new.clone()), ("break_id", nothing), number.clone()]).await;
    assert!(alone.is_err());
    let for_that_of_another = copy(world, "recoveries", &[("id", new), number]).await;
    assert!(for_that_of_another.is_err());
    assert_eq!(world.raw.everything().await, before);
}

async fn neither_is_taken_away_alone(world: &World) {
    let shop = world.shop().await;
    shop.log(world, broken()).await;
    shop.log(world, broken()).await;
    let before = world.raw.everything().await;
    let nobody = world.raw.id(Uuid::from_u128(2));
    for sql in [
        "DELETE FROM recoveries".to_owned(),
        "DELETE FROM breaks".to_owned(),
        format!("UPDATE breaks SET recovery_id = {nobody}"),
        format!("UPDATE recoveries SET break_id = {nobody}"),
        "UPDATE recoveries SET break_id = (SELECT id FROM breaks ORDER BY id LIMIT 1)".to_owned(),
        "DELETE FROM recoveries; DELETE FROM breaks".to_owned(),
    ] {
        assert!(world.raw.run(&sql).await.is_err(), "{sql}");
    }
    assert_eq!(world.raw.everything().await, before);
}

async fn a_broken_check_is_not_stored_without_a_break_of_its_own(world: &World) {
    let shop = world.shop().await;
    shop.log(world, broken()).await;
    let check = shop.log(world, kept()).await.check;
    let before = world.raw.everything().await;
    let (check, nothing) = (world.raw.id(check.0), world.raw.id(Uuid::from_u128(2)));
    for sql in [
        format!("UPDATE checks SET verdict = 'broken' WHERE id = {check}"),
        format!("UPDATE checks SET verdict = 'broken', break_id = {nothing} WHERE id = {check}"),
        format!("UPDATE checks SET verdict = 'broken', break_id = (SELECT id FROM breaks) WHERE id = {check}"),
        "UPDATE checks SET break_id = NULL".to_owned(),
        "UPDATE checks SET verdict = 'kept'".to_owned(),
        format!("UPDATE checks SET verdict = 'fine' WHERE id = {check}"),
    ] {
        assert!(world.raw.run(&sql).await.is_err(), "{sql}");
    }
    assert_eq!(world.raw.everything().await, before);
}

async fn every_code_is_of_one_place(world: &World) {
    let (shop, other) = (world.shop().await, world.other_shop().await);
    let code = world.store.place(&shop.staff, shop.place).await.unwrap().unwrap().code;
    let theirs = world.raw.id(other.place.0);
    assert!(world.raw.run(&format!("UPDATE places SET code = '{code}' WHERE id = {theirs}")).await.is_err());
    let code = Code::parse(&code).unwrap();
    assert_eq!(world.store.place_by_code(&shop.staff, &code).await.unwrap().map(|place| place.id), Some(shop.place));
    assert_eq!(world.store.place_by_code(&other.staff, &code).await.unwrap(), None);
}

async fn a_code_that_another_business_has_is_not_given_again(world: &World) {
    let (shop, other) = (world.shop().await, world.other_shop().await);
    let code = world.store.place(&shop.staff, shop.place).await.unwrap().unwrap().code;
    let dice = Clock::new();
    let thrown = (0..100).find(|_| Code::from_bytes(&dice.bytes()).as_str() == code).unwrap();
    world.minutes(1);
    // One throw for the id, and the next for the code.
    world.clock.rewind(thrown - 1);
    let place = world.store.add_place(&other.owner, other.site, &line("Restroom 3")).await.unwrap();
    let given = world.store.place(&other.owner, place).await.unwrap().unwrap().code;
    assert_eq!(given, Code::from_bytes(&dice.bytes()).as_str(), "it is thrown again");
}
