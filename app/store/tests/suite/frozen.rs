//! Files that were exported by this version and by earlier ones come in: one of each is kept in `tests/frozen`.

use std::path::PathBuf;

use domain::check::CheckDraft;
use domain::guarantee::{Move, WordingDraft};
use domain::ids::PlaceId;
use serde_json::{Value, json};
use store::{Broken, Error, TABLES, Table};

use crate::archive::{Files, exported, imported, lived_in, packed, rows, sealed, unpacked};
use crate::shop::{Shop, broken, kept, line, not_applicable, told_by_a_customer, wording_draft};
use crate::world::World;

facts![
    a_file_of_each_version_comes_in_whole,
    what_came_later_is_not_missed_in_an_older_file,
    an_older_file_has_all_that_there_was_then_and_nothing_else,
    a_file_of_a_newer_version_is_refused_with_what_to_do,
    a_database_that_an_older_program_wrote_is_sealed_once_when_this_one_starts,
    a_file_of_today_is_ready_to_be_kept,
];

/// The version that is written today.
const TODAY: u64 = 2;

pub fn frozen(version: u64) -> Option<Vec<u8>> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/frozen");
    std::fs::read(folder.join(format!("version-{version}.zip"))).ok()
}

/// Those that are kept, each with its version.
fn all_frozen() -> Vec<(u64, Vec<u8>)> {
    let kept: Vec<_> = (1..=TODAY).filter_map(|version| Some((version, frozen(version)?))).collect();
    assert!(kept.iter().map(|(version, _)| *version).eq(1..=kept.len() as u64), "none is missing in between");
    assert!(kept.len() as u64 + 1 >= TODAY, "every version but today's is kept");
    kept
}

/// The same file, said to be of another version.
fn of_version(files: &Files, version: impl Into<Value>) -> Vec<u8> {
    let mut files = files.clone();
    let mut manifest: Value = serde_json::from_slice(&files["manifest.json"]).unwrap();
    manifest["version"] = version.into();
    let there = |listed: &Value| files.contains_key(listed["name"].as_str().unwrap());
    let listed = manifest["files"].as_array().unwrap().iter().filter(|listed| there(listed)).cloned().collect();
    manifest["files"] = Value::Array(listed);
    files.insert("manifest.json".to_owned(), serde_json::to_vec(&manifest).unwrap());
    sealed(files)
}

/// What a file of an earlier version would have held of it.
fn as_of(version: u64, files: &Files) -> Vec<u8> {
    let mut files = files.clone();
    for table in TABLES.iter().filter(|table| table.left_out.is_none()) {
        if table.since > version {
            files.remove(&format!("{}.jsonl", table.name));
            continue;
        }
        let later: Vec<_> = table.columns.iter().filter(|column| column.since > version).collect();
        let bytes = files.get_mut(&format!("{}.jsonl", table.name)).unwrap();
        let less = bytes.split_inclusive(|byte| *byte == b'\n').flat_map(|line| {
            let mut row: Value = serde_json::from_slice(line).unwrap();
            for column in &later {
                row.as_object_mut().unwrap().remove(column.name).unwrap();
            }
            format!("{row}\n").into_bytes()
        });
        *bytes = less.collect();
    }
    of_version(&files, version)
}

async fn a_file_of_each_version_comes_in_whole(world: &World) {
    for (version, file) in all_frozen() {
        let files = unpacked(&file);
        for (name, bytes) in &files {
            assert!(!bytes.is_empty(), "everything that there could be is in the file of version {version}: {name}");
        }
        let brought = imported(&world.store, &file).await.unwrap();
        for table in TABLES.iter().filter(|table| table.since <= version && table.left_out.is_none()) {
            let there = world.raw.count(table.name).await;
            let then = rows(&files[&format!("{}.jsonl", table.name)]);
            // What seals the record is added.
            let more = if ["record", "texts"].contains(&table.name) { there - 1 } else { there };
            assert!([there, more].contains(&i64::try_from(then).unwrap()), "{} of version {version}", table.name);
        }
        assert!(world.store.verify(brought.business).await.unwrap().is_ok(), "version {version}");
        let owner = owner(world, brought.business).await;
        let home = world.store.home(&owner).await.unwrap();
        let shown = format!("{:?}", world.store.charter(home.clone(), None).await.unwrap());
        let again = exported(&world.store, &owner).await;
        let now = world.store.now();
        world.elsewhere(async |there| {
            there.clock.set(now);
            imported(&there.store, &again).await.unwrap();
            assert_eq!(exported(&there.store, &owner).await, again, "from then on it is like any other");
            assert_eq!(format!("{:?}", there.store.charter(home, None).await.unwrap()), shown);
        });
        world.store.delete_business(&owner, "Prairie Stop").await.unwrap();
    }
}

pub async fn owner(world: &World, business: domain::ids::BusinessId) -> domain::actor::Actor {
    use domain::actor::{Actor, Role, Who};
    let trialmark = Actor::of(business, Who::Trialmark, Role::Owner);
    let members = world.store.members(&trialmark).await.unwrap();
    let owner = members.into_iter().find(|member| member.role == Role::Owner).unwrap();
    Actor::of(business, Who::Person(owner.person), Role::Owner)
}

async fn what_came_later_is_not_missed_in_an_older_file(world: &World) {
    let shop = lived(world).await;
    let files = unpacked(&exported(&world.store, &shop.owner).await);
    let now = world.store.now();
    for version in 1..=TODAY {
        let older = as_of(version, &files);
        world.elsewhere(async |there| {
            there.clock.set(now);
            let brought = imported(&there.store, &older).await.unwrap();
            assert!(there.store.verify(brought.business).await.unwrap().is_ok(), "version {version}");
        });
    }
}

async fn an_older_file_has_all_that_there_was_then_and_nothing_else(world: &World) {
    let before = world.raw.everything().await;
    let mut tried = 0;
    for (version, file) in all_frozen() {
        let files = unpacked(&file);
        let carried = |table: &&Table| table.left_out.is_none();
        for table in TABLES.iter().filter(carried) {
            let (name, mut other) = (format!("{}.jsonl", table.name), files.clone());
            let there = other.remove(&name).is_some();
            assert_eq!(there, table.since <= version, "{name}");
            let refused = if there {
                imported(&world.store, &of_version(&other, version)).await
            } else {
                other.insert(name.clone(), Vec::new());
                imported(&world.store, &packed(&other)).await
            };
            let said = match &refused {
                Err(Error::Broken(Broken::Missing { file })) if there => *file == name,
                Err(Error::Broken(Broken::Stray { file })) if !there => *file == name,
                _ => false,
            };
            assert!(said, "{name} in version {version}: {refused:?}");
            tried += 1;
        }
    }
    assert!(tried > 25, "{tried}");
    assert_eq!(world.raw.everything().await, before);
}

async fn a_file_of_a_newer_version_is_refused_with_what_to_do(world: &World) {
    let (_, file) = all_frozen().remove(0);
    let (files, before) = (unpacked(&file), world.raw.everything().await);
    for newer in [TODAY + 1, TODAY + 2, 10, 99, 1_000_000, u64::MAX] {
        let refused = imported(&world.store, &of_version(&files, newer)).await;
        assert!(
            matches!(&refused, Err(Error::Broken(Broken::Version { found, known: TODAY })) if *found == newer),
            "{newer}: {refused:?}"
        );
        let Err(said) = refused else { unreachable!() };
        for word in [&newer.to_string(), "newer Trialmark", "Update this Trialmark", "import the file again"] {
            assert!(said.to_string().contains(word), "{said}");
        }
    }
    for none in [json!(0), json!(-1), json!(1.5), json!("1"), json!(null), json!([1]), json!(true), json!({})] {
        let refused = imported(&world.store, &of_version(&files, none.clone())).await;
        assert!(matches!(&refused, Err(Error::Broken(Broken::Manifest(_)))), "{none}: {refused:?}");
    }
    assert_eq!(world.raw.everything().await, before);
}

async fn a_database_that_an_older_program_wrote_is_sealed_once_when_this_one_starts(world: &World) {
    let business = imported(&world.store, &frozen(1).unwrap()).await.unwrap().business;
    let last = world.raw.number("SELECT MAX(seq) FROM record").await;
    // As the older program left it.
    let left = format!(
        "UPDATE record_heads SET seq = {before}, hash = (SELECT hash FROM record WHERE seq = {before}), sealed = FALSE; \
        DELETE FROM texts WHERE seq = {last}; DELETE FROM record WHERE seq = {last}",
        before = last - 1
    );
    world.raw.run(&left).await.unwrap();
    let before = world.store.verify(business).await.unwrap().unwrap();
    assert_eq!((before.entries, before.is_sealed), (last - 1, false));
    let (one, other) = (world.another().await, world.another().await);
    let (one, other) = tokio::join!(one.migrate(), other.migrate());
    one.and(other).unwrap();
    let sealed = world.store.verify(business).await.unwrap().unwrap();
    assert_eq!((sealed.entries, sealed.is_sealed), (last, true));
    let everything = world.raw.everything().await;
    world.store.migrate().await.unwrap();
    assert_eq!(world.raw.everything().await, everything, "once");

    // Whatever does not fit is left for verifying to say: the program starts all the same.
    world.raw.run(&left).await.unwrap();
    world.raw.run("UPDATE checks SET verdict = 'not_applicable' WHERE public AND verdict = 'kept'").await.unwrap();
    let everything = world.raw.everything().await;
    world.another().await.migrate().await.unwrap();
    assert_eq!(world.raw.everything().await, everything);
    assert!(world.store.verify(business).await.unwrap().is_err());
}

/// As soon as files of a version are out of the house, one is copied from here to `tests/frozen`.
async fn a_file_of_today_is_ready_to_be_kept(world: &World) {
    let shop = lived(world).await;
    let file = exported(&world.store, &shop.owner).await;
    assert!(file.len() < 600_000, "{} bytes", file.len());
    for (name, bytes) in unpacked(&file) {
        assert!(!bytes.is_empty(), "{name}: live through whatever it takes");
    }
    let database = if world.raw.is_sqlite() { "sqlite" } else { "postgres" };
    let ready = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("version-{TODAY}-{database}.zip"));
    std::fs::write(ready, file).unwrap();
}

/// A business with every kind of row, public and not, by days of several zones.
pub async fn lived(world: &World) -> Shop {
    let (shop, store) = (lived_in(world).await, &world.store);
    let place = |draft: CheckDraft, place: PlaceId| CheckDraft { place: place.to_string(), ..draft };
    let add = async |title: &str| {
        let draft = WordingDraft { title: title.into(), ..wording_draft() };
        store
            .add_guarantee(&shop.owner, shop.problem, None, &draft.parse().unwrap(), &[shop.place, shop.other_place])
            .await
            .unwrap()
    };
    // Checked in private and never published.
    let trial = Shop { guarantee: add("Fresh coffee").await, ..shop.clone() };
    store.move_guarantee(&shop.owner, trial.guarantee, Move::Try).await.unwrap().unwrap();
    trial.every(world, 360).await;
    for finding in [kept(), broken(), not_applicable()] {
        trial.log(world, finding).await;
        world.minutes(7);
    }
    let draft = WordingDraft {
        title: "Fresh coffee".into(),
        promise: "Coffee no older than an hour.".into(),
        ..wording_draft()
    };
    store.reword(&shop.owner, trial.guarantee, &draft.parse().unwrap()).await.unwrap().unwrap();
    world.hours(30);
    store.conclude(&shop.staff).await.unwrap();
    let check = trial.log(world, kept()).await.check;
    trial.correct(world, check, &broken()).await.unwrap();
    // Tried, then published, then suspended and retired.
    let moved = Shop { guarantee: add("Pumps that work").await, ..shop.clone() };
    store.move_guarantee(&shop.owner, moved.guarantee, Move::Try).await.unwrap().unwrap();
    let private = moved.log(world, kept()).await.check;
    store.move_guarantee(&shop.owner, moved.guarantee, Move::Publish).await.unwrap().unwrap();
    moved.log(world, kept()).await;
    store.log_check(&shop.staff, place(moved.check(world, broken()), shop.other_place)).await.unwrap();
    moved.correct(world, private, &broken()).await.unwrap();
    // Days by other zones.
    store.zone_site(&shop.owner, shop.site, Some("Asia/Tokyo")).await.unwrap().unwrap();
    world.hours(5);
    moved.log(world, kept()).await;
    let mut business = shop.home(store).await.business;
    business.zone = line("Europe/Warsaw");
    store.change_business(&shop.owner, &business).await.unwrap();
    moved.log(world, kept()).await;
    store
        .reword(
            &shop.owner,
            moved.guarantee,
            &WordingDraft { title: "Pumps that work".into(), mark: "90".into(), ..wording_draft() }.parse().unwrap(),
        )
        .await
        .unwrap()
        .unwrap();
    store.promise_at(&shop.owner, moved.guarantee, &[shop.place]).await.unwrap().unwrap();
    moved.log(world, told_by_a_customer()).await;
    shop.closes(world).await;
    let closed = store.closures(&shop.owner).await.unwrap();
    store.reopen(&shop.owner, closed[0].id).await.unwrap().unwrap();
    for verb in [Move::Suspend, Move::Retire] {
        world.hours(1);
        store.move_guarantee(&shop.owner, moved.guarantee, verb).await.unwrap().unwrap();
    }
    shop.every(world, 720).await;
    world.hours(40);
    store.conclude(&shop.staff).await.unwrap();
    store.note_lateness(&shop.owner).await.unwrap();
    shop
}
