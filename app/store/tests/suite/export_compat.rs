//! Files of this version and of earlier ones can be imported: one of each is kept in `tests/frozen`.

use std::path::PathBuf;

use domain::check::CheckDraft;
use domain::guarantee::{Transition, WordingDraft};
use domain::ids::PlaceId;
use serde_json::{Value, json};
use store::{Error, ImportError, TABLES, Table};

use crate::archive::{Files, exported, fixture_with_every_row_kind, imported, packed, rows, unpacked, with_manifest};
use crate::fixture::{Fixture, broken, kept, line, not_applicable, told_by_a_customer, wording_draft};
use crate::harness::TestContext;

both_databases![
    an_export_of_each_version_is_imported_completely,
    an_older_export_may_lack_later_tables_and_columns,
    an_older_export_has_exactly_the_tables_of_its_version,
    an_export_of_a_newer_version_is_refused_with_advice,
    an_older_database_is_backfilled_once_at_start,
    a_current_export_is_written_to_the_target_folder,
];

/// The current version.
const CURRENT_VERSION: u64 = 2;

pub fn frozen(version: u64) -> Option<Vec<u8>> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/frozen");
    std::fs::read(folder.join(format!("version-{version}.zip"))).ok()
}

/// The kept files with their versions.
fn all_frozen_exports() -> Vec<(u64, Vec<u8>)> {
    let kept: Vec<_> = (1..=CURRENT_VERSION).filter_map(|version| Some((version, frozen(version)?))).collect();
    assert!(kept.iter().map(|(version, _)| *version).eq(1..=kept.len() as u64), "none is missing in between");
    assert!(kept.len() as u64 + 1 >= CURRENT_VERSION, "every version but today's is kept");
    kept
}

/// The archive with another version in its manifest.
fn with_manifest_version(files: &Files, version: impl Into<Value>) -> Vec<u8> {
    let mut files = files.clone();
    let mut manifest: Value = serde_json::from_slice(&files["manifest.json"]).unwrap();
    manifest["version"] = version.into();
    let there = |listed: &Value| files.contains_key(listed["name"].as_str().unwrap());
    let listed = manifest["files"].as_array().unwrap().iter().filter(|listed| there(listed)).cloned().collect();
    manifest["files"] = Value::Array(listed);
    files.insert("manifest.json".to_owned(), serde_json::to_vec(&manifest).unwrap());
    with_manifest(files)
}

/// The archive as an earlier version would have written it.
fn as_written_by(version: u64, files: &Files) -> Vec<u8> {
    let mut files = files.clone();
    for table in TABLES.iter().filter(|table| table.not_exported.is_none()) {
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
    with_manifest_version(&files, version)
}

async fn an_export_of_each_version_is_imported_completely(ctx: &TestContext) {
    for (version, file) in all_frozen_exports() {
        let files = unpacked(&file);
        for (name, bytes) in &files {
            assert!(!bytes.is_empty(), "everything that there could be is in the file of version {version}: {name}");
        }
        let imported_business = imported(&ctx.store, &file).await.unwrap();
        for table in TABLES.iter().filter(|table| table.since <= version && table.not_exported.is_none()) {
            let there = ctx.direct_db.count(table.name).await;
            let then = rows(&files[&format!("{}.jsonl", table.name)]);
            // Import adds the backfill.
            let more = if ["record", "texts"].contains(&table.name) { there - 1 } else { there };
            assert!([there, more].contains(&i64::try_from(then).unwrap()), "{} of version {version}", table.name);
        }
        assert!(ctx.store.verify(imported_business.business).await.unwrap().is_ok(), "version {version}");
        let owner = owner(ctx, imported_business.business).await;
        let home = ctx.store.business(&owner).await.unwrap();
        let shown = format!("{:?}", ctx.store.charter(home.clone(), None).await.unwrap());
        let again = exported(&ctx.store, &owner).await;
        let now = ctx.store.now();
        ctx.on_other_database(async |there| {
            there.clock.set(now);
            imported(&there.store, &again).await.unwrap();
            assert_eq!(exported(&there.store, &owner).await, again, "from then on it is like any other");
            assert_eq!(format!("{:?}", there.store.charter(home, None).await.unwrap()), shown);
        });
        ctx.store.delete_business(&owner, "Prairie Stop").await.unwrap();
    }
}

pub async fn owner(ctx: &TestContext, business: domain::ids::BusinessId) -> domain::actor::Actor {
    use domain::actor::{Actor, Principal};
    use domain::role::Role;
    let trialmark = Actor::new(business, Principal::System, Role::Owner);
    let members = ctx.store.members(&trialmark).await.unwrap();
    let owner = members.into_iter().find(|member| member.role == Role::Owner).unwrap();
    Actor::new(business, Principal::Person(owner.person), Role::Owner)
}

async fn an_older_export_may_lack_later_tables_and_columns(ctx: &TestContext) {
    let fixture = fixture_with_full_history(ctx).await;
    let files = unpacked(&exported(&ctx.store, &fixture.owner).await);
    let now = ctx.store.now();
    for version in 1..=CURRENT_VERSION {
        let older = as_written_by(version, &files);
        ctx.on_other_database(async |there| {
            there.clock.set(now);
            let imported_business = imported(&there.store, &older).await.unwrap();
            assert!(there.store.verify(imported_business.business).await.unwrap().is_ok(), "version {version}");
        });
    }
}

async fn an_older_export_has_exactly_the_tables_of_its_version(ctx: &TestContext) {
    let before = ctx.direct_db.everything().await;
    let mut tried = 0;
    for (version, file) in all_frozen_exports() {
        let files = unpacked(&file);
        let carried = |table: &&Table| table.not_exported.is_none();
        for table in TABLES.iter().filter(carried) {
            let (name, mut other) = (format!("{}.jsonl", table.name), files.clone());
            let there = other.remove(&name).is_some();
            assert_eq!(there, table.since <= version, "{name}");
            let refused = if there {
                imported(&ctx.store, &with_manifest_version(&other, version)).await
            } else {
                other.insert(name.clone(), Vec::new());
                imported(&ctx.store, &packed(&other)).await
            };
            let said = match &refused {
                Err(Error::Import(ImportError::MissingFile { file })) if there => *file == name,
                Err(Error::Import(ImportError::UnexpectedFile { file })) if !there => *file == name,
                _ => false,
            };
            assert!(said, "{name} in version {version}: {refused:?}");
            tried += 1;
        }
    }
    assert!(tried > 25, "{tried}");
    assert_eq!(ctx.direct_db.everything().await, before);
}

async fn an_export_of_a_newer_version_is_refused_with_advice(ctx: &TestContext) {
    let (_, file) = all_frozen_exports().remove(0);
    let (files, before) = (unpacked(&file), ctx.direct_db.everything().await);
    for newer in [CURRENT_VERSION + 1, CURRENT_VERSION + 2, 10, 99, 1_000_000, u64::MAX] {
        let refused = imported(&ctx.store, &with_manifest_version(&files, newer)).await;
        assert!(
            matches!(&refused, Err(Error::Import(ImportError::UnsupportedVersion { found, known: CURRENT_VERSION })) if *found == newer),
            "{newer}: {refused:?}"
        );
        let Err(said) = refused else { unreachable!() };
        for word in [&newer.to_string(), "newer Trialmark", "Update this Trialmark", "import the file again"] {
            assert!(said.to_string().contains(word), "{said}");
        }
    }
    for none in [json!(0), json!(-1), json!(1.5), json!("1"), json!(null), json!([1]), json!(true), json!({})] {
        let refused = imported(&ctx.store, &with_manifest_version(&files, none.clone())).await;
        assert!(matches!(&refused, Err(Error::Import(ImportError::Manifest(_)))), "{none}: {refused:?}");
    }
    assert_eq!(ctx.direct_db.everything().await, before);
}

async fn an_older_database_is_backfilled_once_at_start(ctx: &TestContext) {
    let business = imported(&ctx.store, &frozen(1).unwrap()).await.unwrap().business;
    let last = ctx.direct_db.number("SELECT MAX(seq) FROM record").await;
    // As the older program left it.
    let left = format!(
        "UPDATE record_heads SET seq = {before}, hash = (SELECT hash FROM record WHERE seq = {before}), sealed = FALSE; \
        DELETE FROM texts WHERE seq = {last}; DELETE FROM record WHERE seq = {last}",
        before = last - 1
    );
    ctx.direct_db.run(&left).await.unwrap();
    let before = ctx.store.verify(business).await.unwrap().unwrap();
    assert_eq!((before.entries, before.is_sealed), (last - 1, false));
    let (one, other) = (ctx.another().await, ctx.another().await);
    let (one, other) = tokio::join!(one.migrate(), other.migrate());
    one.and(other).unwrap();
    let sealed = ctx.store.verify(business).await.unwrap().unwrap();
    assert_eq!((sealed.entries, sealed.is_sealed), (last, true));
    let everything = ctx.direct_db.everything().await;
    ctx.store.migrate().await.unwrap();
    assert_eq!(ctx.direct_db.everything().await, everything, "once");

    // A record that does not verify is left as it is, and the program starts all the same.
    ctx.direct_db.run(&left).await.unwrap();
    ctx.direct_db.run("UPDATE checks SET verdict = 'not_applicable' WHERE public AND verdict = 'kept'").await.unwrap();
    let everything = ctx.direct_db.everything().await;
    ctx.another().await.migrate().await.unwrap();
    assert_eq!(ctx.direct_db.everything().await, everything);
    assert!(ctx.store.verify(business).await.unwrap().is_err());
}

/// Once files of a version have been released, one is copied from here to `tests/frozen`.
async fn a_current_export_is_written_to_the_target_folder(ctx: &TestContext) {
    let fixture = fixture_with_full_history(ctx).await;
    let file = exported(&ctx.store, &fixture.owner).await;
    assert!(file.len() < 600_000, "{} bytes", file.len());
    for (name, bytes) in unpacked(&file) {
        assert!(!bytes.is_empty(), "{name}: live through whatever it takes");
    }
    let database = if ctx.direct_db.is_sqlite() { "sqlite" } else { "postgres" };
    let ready = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("version-{CURRENT_VERSION}-{database}.zip"));
    std::fs::write(ready, file).unwrap();
}

/// The example with every kind of row, public and private, in several time zones.
pub async fn fixture_with_full_history(ctx: &TestContext) -> Fixture {
    let (fixture, store) = (fixture_with_every_row_kind(ctx).await, &ctx.store);
    let place = |draft: CheckDraft, place: PlaceId| CheckDraft { place: place.to_string(), ..draft };
    let add = async |title: &str| {
        let draft = WordingDraft { title: title.into(), ..wording_draft() };
        store
            .add_guarantee(
                &fixture.owner,
                fixture.problem,
                None,
                &draft.parse().unwrap(),
                &[fixture.place, fixture.other_place],
            )
            .await
            .unwrap()
    };
    // Checked in private and never published.
    let trial = Fixture { guarantee: add("Fresh coffee").await, ..fixture.clone() };
    store.transition_guarantee(&fixture.owner, trial.guarantee, Transition::Try).await.unwrap().unwrap();
    trial.schedule_every(ctx, 360).await;
    for finding in [kept(), broken(), not_applicable()] {
        trial.log(ctx, finding).await;
        ctx.minutes(7);
    }
    let draft = WordingDraft {
        title: "Fresh coffee".into(),
        promise: "Coffee no older than an hour.".into(),
        ..wording_draft()
    };
    store.reword(&fixture.owner, trial.guarantee, &draft.parse().unwrap()).await.unwrap().unwrap();
    ctx.hours(30);
    store.record_missed(&fixture.staff).await.unwrap();
    let check = trial.log(ctx, kept()).await.check;
    trial.correct(ctx, check, &broken()).await.unwrap();
    // Tried, then published, then suspended and retired.
    let moved = Fixture { guarantee: add("Pumps that work").await, ..fixture.clone() };
    store.transition_guarantee(&fixture.owner, moved.guarantee, Transition::Try).await.unwrap().unwrap();
    let private = moved.log(ctx, kept()).await.check;
    store.transition_guarantee(&fixture.owner, moved.guarantee, Transition::Publish).await.unwrap().unwrap();
    moved.log(ctx, kept()).await;
    store.log_check(&fixture.staff, place(moved.check(ctx, broken()), fixture.other_place)).await.unwrap();
    moved.correct(ctx, private, &broken()).await.unwrap();
    // Days by other zones.
    store.set_site_zone(&fixture.owner, fixture.site, Some("Asia/Tokyo")).await.unwrap().unwrap();
    ctx.hours(5);
    moved.log(ctx, kept()).await;
    let mut business = fixture.home(store).await.business;
    business.zone = line("Europe/Warsaw");
    store.update_business(&fixture.owner, &business).await.unwrap();
    moved.log(ctx, kept()).await;
    store
        .reword(
            &fixture.owner,
            moved.guarantee,
            &WordingDraft { title: "Pumps that work".into(), mark: "90".into(), ..wording_draft() }.parse().unwrap(),
        )
        .await
        .unwrap()
        .unwrap();
    store.set_guarantee_places(&fixture.owner, moved.guarantee, &[fixture.place]).await.unwrap().unwrap();
    moved.log(ctx, told_by_a_customer()).await;
    fixture.announce_closure(ctx).await;
    let closed = store.closures(&fixture.owner).await.unwrap();
    store.end_closure(&fixture.owner, closed[0].id).await.unwrap().unwrap();
    for verb in [Transition::Suspend, Transition::Retire] {
        ctx.hours(1);
        store.transition_guarantee(&fixture.owner, moved.guarantee, verb).await.unwrap().unwrap();
    }
    fixture.schedule_every(ctx, 720).await;
    ctx.hours(40);
    store.record_missed(&fixture.staff).await.unwrap();
    store.record_missed_deadlines(&fixture.owner).await.unwrap();
    fixture
}
