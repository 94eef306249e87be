//! Export and import of a whole business, within and between both databases.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

use chrono::TimeDelta;
use domain::actor::{Actor, Principal};
use domain::business::BusinessDraft;
use domain::customer::Retention;
use domain::finding::FindingDraft;
use domain::guarantee::WordingDraft;
use domain::hours::Hours;
use domain::invite::Invite;
use domain::person::{Email, NewMemberDraft};
use domain::recovery::{AcknowledgementDraft, StepDraft};
use domain::role::{Permission, Role};
use domain::site_access::SiteAccess;
use domain::token::Token;
use serde_json::Value;
use sha2::{Digest, Sha256};
use store::{ClientInfo, Error, ImportError, ImportSummary, RecoveryFilter, Store, TABLES};
use tokio::task::JoinSet;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::fixture::{
    Fixture, SLUG, acknowledge, broken, business_draft, kept, line, newcomer, not_applicable, token,
    told_by_a_customer, wording_draft,
};
use crate::harness::TestContext;
use crate::random_history::run_history;

both_databases![
    a_business_moves_unchanged_to_the_other_database,
    an_empty_business_can_be_exported_and_imported,
    text_in_any_script_survives_export_and_import,
    only_owners_export_their_business,
    an_export_contains_no_secrets,
    imported_people_set_a_password_to_sign_in,
    an_import_keeps_the_account_of_a_known_person,
    a_business_is_imported_once,
    an_import_counts_as_the_first_business,
    an_export_is_a_consistent_snapshot_during_writes,
    a_deleted_business_can_be_imported_again,
    a_cache_does_not_take_an_imported_business_for_the_deleted_one,
];

/// The files of an archive by their names.
pub type Files = BTreeMap<String, Vec<u8>>;

pub async fn exported(store: &Store, actor: &Actor) -> Vec<u8> {
    let (file, _) = store.export(actor, Cursor::new(Vec::new())).await.unwrap();
    file.into_inner()
}

pub async fn imported(store: &Store, file: &[u8]) -> Result<ImportSummary, Error> {
    store.import(Cursor::new(file.to_vec())).await
}

pub fn unpacked(file: &[u8]) -> Files {
    let mut zip = ZipArchive::new(Cursor::new(file)).unwrap();
    let mut files = Files::new();
    for place in 0..zip.len() {
        let mut entry = zip.by_index(place).unwrap();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        files.insert(entry.name().unwrap().into_owned(), bytes);
    }
    files
}

pub fn packed(files: &Files) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// The number of rows in a file.
pub fn rows(bytes: &[u8]) -> usize {
    bytes.split_inclusive(|byte| *byte == b'\n').filter(|line| line.ends_with(b"\n")).count()
}

/// The archive with a manifest that matches its files.
pub fn with_manifest(mut files: Files) -> Vec<u8> {
    let mut manifest: Value = serde_json::from_slice(&files["manifest.json"]).unwrap();
    for listed in manifest["files"].as_array_mut().unwrap() {
        let bytes = files.get(listed["name"].as_str().unwrap()).cloned().unwrap_or_default();
        listed["rows"] = rows(&bytes).into();
        listed["bytes"] = bytes.len().into();
        listed["sha256"] = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect::<String>().into();
    }
    files.insert("manifest.json".to_owned(), serde_json::to_vec(&manifest).unwrap());
    packed(&files)
}

/// The example with every kind of row.
pub async fn fixture_with_every_row_kind(ctx: &TestContext) -> Fixture {
    let fixture = ctx.fixture().await;
    run_history(ctx, &fixture, 300).await;
    fixture.announce_closure(ctx).await;
    crate::second_looks::asked(ctx, &fixture).await;
    let found = FindingDraft { obstacle: "tools".into(), note: "No soap.".into(), ..told_by_a_customer() };
    for (name, contact) in [("Jo", "jo@x.example"), ("Al", "al@x.example")] {
        let Some(id) = ctx.store.log_check(&fixture.staff, fixture.check(ctx, found.clone())).await.unwrap().recovery
        else {
            unreachable!()
        };
        let StepDraft::Acknowledge(said) = acknowledge() else { unreachable!() };
        let Principal::Person(owner) = fixture.manager.principal else { unreachable!() };
        let said = AcknowledgementDraft {
            owner: owner.to_string(),
            customer_name: name.into(),
            customer_contact: contact.into(),
            next_update_by: (ctx.store.now() + TimeDelta::days(1)).to_rfc3339(),
            ..said
        };
        fixture.step(ctx, id, StepDraft::Acknowledge(said)).await;
        if name == "Al" {
            ctx.store.erase_customer(&fixture.owner, id).await.unwrap().unwrap();
        }
    }
    let hindrance = ctx.store.obstacles(&fixture.owner, None, 1).await.unwrap().rows.remove(0).id;
    let answered = crate::obstacles::answer("planned", "Soap comes on Mondays now.");
    ctx.store.answer_obstacle(&fixture.manager, hindrance, &answered).await.unwrap().unwrap();
    let Principal::Person(gone) = fixture.auditor.principal else { unreachable!() };
    ctx.store.remove_member(&fixture.owner, gone).await.unwrap().unwrap();
    let mut business = fixture.home(&ctx.store).await.business;
    business.retention = Retention::parse("7").unwrap();
    ctx.store.update_business(&fixture.owner, &business).await.unwrap();
    ctx.store.require_factors(&fixture.owner, &[Role::Owner]).await.unwrap();
    let Principal::Person(sam) = fixture.staff.principal else { unreachable!() };
    let here = SiteAccess::sites([fixture.site]);
    fixture.require_photos(ctx).await;
    ctx.store.set_site_access(&fixture.owner, sam, &here).await.unwrap().unwrap();
    ctx.store.create_token(&fixture.owner, &Token { site_access: here, ..token(Role::Staff) }).await.unwrap();
    fixture
}

async fn a_business_moves_unchanged_to_the_other_database(ctx: &TestContext) {
    let fixture = fixture_with_every_row_kind(ctx).await;
    let file = exported(&ctx.store, &fixture.owner).await;
    let rows = unpacked(&file).values().map(|bytes| rows(bytes)).sum::<usize>();
    assert!(rows > 800, "{rows}");
    let empty: Vec<_> =
        unpacked(&file).into_iter().filter(|(_, bytes)| bytes.is_empty()).map(|(name, _)| name).collect();
    assert_eq!(empty, Vec::<String>::new(), "everything that there can be is in it");
    assert_eq!(self::rows(&unpacked(&file)["reaches.jsonl"]), 1, "a program's stays with the program");
    let verified = ctx.store.verify(fixture.business()).await.unwrap().unwrap();
    let home = fixture.home(&ctx.store).await;
    let shown = format!("{:?}", ctx.store.charter(home.clone(), None).await.unwrap());
    ctx.on_other_database(async |there| {
        there.clock.set(ctx.store.now());
        let imported_business = imported(&there.store, &file).await.unwrap();
        assert_eq!((imported_business.business, imported_business.slug.as_str()), (fixture.business(), SLUG));
        assert_eq!(exported(&there.store, &fixture.owner).await, file, "byte for byte");
        assert_eq!(there.store.verify(fixture.business()).await.unwrap().unwrap(), verified);
        assert_eq!(there.store.business(&fixture.owner).await.unwrap(), home);
        assert_eq!(format!("{:?}", there.store.charter(home, None).await.unwrap()), shown);
        let mut logged = JoinSet::new();
        for _ in 0..3 {
            let (store, staff, check) = (there.store.clone(), fixture.staff.clone(), fixture.check(there, kept()));
            logged.spawn(async move { store.log_check(&staff, check).await.unwrap() });
        }
        logged.join_all().await;
        assert!(there.store.verify(fixture.business()).await.unwrap().is_ok(), "and life goes on");
    });
}

async fn an_empty_business_can_be_exported_and_imported(ctx: &TestContext) {
    let owner = newcomer("Maya Torres", "owner");
    let (business, person) =
        ctx.store.create_first_business(&crate::fixture::business(), &owner, "hash").await.unwrap().unwrap();
    let owner = Actor::new(business, Principal::Person(person), Role::Owner);
    let file = exported(&ctx.store, &owner).await;
    ctx.on_other_database(async |there| {
        let imported_business = imported(&there.store, &file).await.unwrap();
        assert_eq!(
            (imported_business.rows, imported_business.new_people.as_slice()),
            (5, &["maya.torres@prairie.example".to_owned()][..])
        );
        assert_eq!(exported(&there.store, &owner).await, file);
    });
}

/// Names and sentences in many scripts.
const SCRIPTS: [&str; 8] = [
    "Łazienki są czyste, żółć i gęś",
    "洗手间总是干净的",
    "المراحيض نظيفة دائماً",
    "השירותים תמיד נקיים",
    "शौचालय हमेशा साफ",
    "👩‍👩‍👧‍👦 🧻 🚻 🏳️‍🌈",
    "e\u{301}\u{200d}Z\u{335}\u{336}a\u{0300}",
    "𝕮𝖑𝖊𝖆𝖓 \u{1F1F5}\u{1F1F1} ﷽ \u{FEFF}x\u{E000}\u{10FFFD}\\\"'<&>",
];

async fn text_in_any_script_survives_export_and_import(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    for (number, text) in SCRIPTS.into_iter().enumerate() {
        let site = ctx.store.add_site(&fixture.owner, &line(text)).await.unwrap();
        ctx.store.add_place(&fixture.owner, site, &line(text)).await.unwrap();
        let draft = NewMemberDraft {
            name: text.into(),
            email: format!("person-{number}@ärger.example"),
            password: "correct horse battery".into(),
            role: "staff".into(),
        };
        ctx.store.add_person(&fixture.owner, &draft.parse().unwrap(), "hash").await.unwrap();
        let wording = WordingDraft { title: text.into(), remedy: format!("{text}\n{text}"), ..wording_draft() };
        ctx.store.reword(&fixture.owner, fixture.guarantee, &wording.parse().unwrap()).await.unwrap().unwrap();
        fixture.log(ctx, FindingDraft { note: text.into(), ..broken() }).await;
        let business = BusinessDraft { name: text.into(), contact_name: text.into(), ..business_draft() };
        ctx.store.update_business(&fixture.owner, &business.parse(Hours::always()).unwrap()).await.unwrap();
    }
    let file = exported(&ctx.store, &fixture.owner).await;
    let sites = ctx.store.sites(&fixture.owner).await.unwrap();
    ctx.on_other_database(async |there| {
        imported(&there.store, &file).await.unwrap();
        assert_eq!(exported(&there.store, &fixture.owner).await, file);
        let mut there = there.store.sites(&fixture.owner).await.unwrap();
        let mut here = sites;
        here.sort_by(|one, other| one.name.cmp(&other.name));
        there.sort_by(|one, other| one.name.cmp(&other.name));
        assert_eq!(there, here);
    });
}

async fn only_owners_export_their_business(ctx: &TestContext) {
    let (fixture, other) = (ctx.fixture().await, ctx.other_fixture().await);
    for actor in [&fixture.owner, &fixture.manager, &fixture.staff, &fixture.auditor] {
        let taken = ctx.store.export(actor, Cursor::new(Vec::new())).await;
        assert_eq!(taken.is_ok(), actor.role.may(Permission::Administer), "{:?}", actor.role);
        assert!(taken.is_ok() || matches!(taken, Err(Error::NotAllowed(_))));
    }
    let files = unpacked(&exported(&ctx.store, &fixture.owner).await);
    let all = files.values().map(|bytes| String::from_utf8_lossy(bytes)).collect::<String>();
    for theirs in [other.business().to_string(), other.guarantee.to_string(), "Olga".to_owned(), "other".to_owned()] {
        assert!(!all.contains(&theirs), "{theirs}");
    }
}

async fn an_export_contains_no_secrets(ctx: &TestContext) {
    let fixture = fixture_with_every_row_kind(ctx).await;
    let Principal::Person(person) = fixture.owner.principal else { unreachable!() };
    let (store, owner) = (&ctx.store, &fixture.owner);
    let session = store.begin_session(person, &"SECRET device".into()).await.unwrap().unwrap();
    let token = store.create_token(owner, &crate::fixture::named_token("SECRET token")).await.unwrap();
    let invited = store
        .create_invite(
            owner,
            &Invite { name: line("SECRET invite"), role: Role::Staff, site_access: SiteAccess::AllSites },
        )
        .await
        .unwrap();
    let reset = store.create_password_reset(&newcomer("Sam", "staff").email).await.unwrap().unwrap();
    store.change_password(&session.token, "SECRET hash", &"SECRET device".into()).await.unwrap().unwrap();
    let files = unpacked(&exported(store, owner).await);
    let names: Vec<_> = files.keys().map(String::as_str).collect();
    for table in TABLES {
        assert_eq!(
            names.contains(&format!("{}.jsonl", table.name).as_str()),
            table.not_exported.is_none(),
            "{}",
            table.name
        );
    }
    let all = files.values().map(|bytes| String::from_utf8_lossy(bytes)).collect::<String>();
    let hashes = ["sessions", "tokens", "invites", "resets", "follow_ups"];
    let hex = if ctx.direct_db.is_sqlite() { "LOWER(HEX(token_hash))" } else { "ENCODE(token_hash, 'hex')" };
    for table in hashes {
        let hashes = ctx.direct_db.texts(&format!("SELECT {hex} FROM {table}")).await;
        assert!(!hashes.is_empty() && hashes.iter().all(|hash| !all.contains(hash)), "{table}");
    }
    for secret in ["SECRET", "password", &session.token, &token.token, &invited.token, &reset.token] {
        assert!(!all.contains(secret), "{secret}");
    }
}

async fn imported_people_set_a_password_to_sign_in(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let file = exported(&ctx.store, &fixture.owner).await;
    ctx.on_other_database(async |there| {
        let store = &there.store;
        let imported_business = imported(store, &file).await.unwrap();
        let addresses = ["maya.torres", "nia", "sam", "ada"].map(|name| format!("{name}@prairie.example"));
        let mut new = imported_business.new_people.clone();
        new.sort();
        let mut expected = addresses.to_vec();
        expected.sort();
        assert_eq!(new, expected);
        for address in &new {
            let email = Email::parse(address).unwrap();
            let (person, hash) = store.credentials(&email).await.unwrap().remove(0);
            assert_eq!(hash, "", "nobody's password");
            let link = store.create_password_reset(&email).await.unwrap().unwrap();
            assert_eq!(
                store.reset_password(&link.token, "new hash", &ClientInfo::default()).await.unwrap(),
                Some(person)
            );
            let session = store.begin_session(person, &"".into()).await.unwrap().unwrap();
            assert_eq!(store.session_user(&session.token).await.unwrap().unwrap().actor.business, fixture.business());
        }
    });
}

async fn an_import_keeps_the_account_of_a_known_person(ctx: &TestContext) {
    let fixture = fixture_with_every_row_kind(ctx).await;
    let file = exported(&ctx.store, &fixture.owner).await;
    ctx.on_other_database(async |there| {
        let store = &there.store;
        there.clock.set(ctx.store.now());
        // Nia has an account there, with another name and a password, in a business of her own.
        let draft = BusinessDraft { slug: "elsewhere".into(), ..business_draft() };
        let mut nia = newcomer("Nia", "owner");
        nia.name = line("Nia Elsewhere");
        let (own, person) = store
            .create_first_business(&draft.parse(Hours::always()).unwrap(), &nia, "their hash")
            .await
            .unwrap()
            .unwrap();
        let Principal::Person(before) = fixture.manager.principal else { unreachable!() };
        assert_ne!(person, before);
        let imported_business = imported(store, &file).await.unwrap();
        assert_eq!(imported_business.new_people.len(), 3);
        assert_eq!(store.credentials(&nia.email).await.unwrap(), [(person, "their hash".to_owned())]);
        let members = store.members(&fixture.owner).await.unwrap();
        let known = members.iter().find(|member| member.person == person).unwrap();
        assert_eq!((known.name.as_str(), known.role), ("Nia Elsewhere", Role::Manager));
        let everything = format!("{:?}", there.direct_db.everything().await).to_lowercase().replace('-', "");
        assert!(!everything.contains(&before.0.simple().to_string()), "nowhere under the other id");
        let open = store.open_recoveries(&fixture.owner, RecoveryFilter::All, None, 200).await.unwrap().rows;
        let mut owners = Vec::new();
        for row in open {
            let page = store.recovery(&fixture.owner, row.id).await.unwrap().unwrap();
            owners.extend(page.recovery.steps.into_iter().filter_map(|taken| match taken.step {
                domain::recovery::Step::Acknowledged(said) => said.owner,
                _ => None,
            }));
        }
        assert_eq!(owners, [person, person], "in what was said, too");
        let belongs: Vec<_> = store.memberships(person).await.unwrap().iter().map(|one| one.business).collect();
        assert!(belongs.contains(&own) && belongs.contains(&fixture.business()));
        assert!(store.verify(fixture.business()).await.unwrap().is_ok());
    });
}

async fn a_business_is_imported_once(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let file = exported(&ctx.store, &fixture.owner).await;
    let before = ctx.direct_db.everything().await;
    let again = imported(&ctx.store, &file).await;
    assert!(
        matches!(&again, Err(Error::Import(ImportError::AlreadyExists(what))) if what.contains("Prairie Stop")),
        "{again:?}"
    );
    assert_eq!(ctx.direct_db.everything().await, before);

    ctx.on_other_database(async |there| {
        there.fixture().await;
        let before = there.direct_db.everything().await;
        let taken = imported(&there.store, &file).await;
        assert!(
            matches!(&taken, Err(Error::Import(ImportError::AlreadyExists(what))) if what.contains(SLUG)),
            "{taken:?}"
        );
        assert_eq!(there.direct_db.everything().await, before);
    });
}

async fn an_import_counts_as_the_first_business(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let file = exported(&ctx.store, &fixture.owner).await;
    ctx.on_other_database(async |there| {
        imported(&there.store, &file).await.unwrap();
        assert!(!there.store.has_no_business().await.unwrap());
        let draft = BusinessDraft { slug: "mine-now".into(), ..business_draft() };
        let stranger = newcomer("Stranger", "owner");
        let begun =
            there.store.create_first_business(&draft.parse(Hours::always()).unwrap(), &stranger, "hash").await.unwrap();
        assert_eq!(begun, None, "nobody else begins it");
    });
}

async fn an_export_is_a_consistent_snapshot_during_writes(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let mut busy = JoinSet::new();
    for _ in 0..4 {
        let checks: Vec<_> = (0..25).map(|_| fixture.check(ctx, broken())).collect();
        let (store, staff) = (ctx.store.clone(), fixture.staff.clone());
        busy.spawn(async move {
            for check in checks {
                store.log_check(&staff, check).await.unwrap();
            }
        });
    }
    let mut files = Vec::new();
    for _ in 0..5 {
        files.push(exported(&ctx.store, &fixture.owner).await);
    }
    busy.join_all().await;
    files.push(exported(&ctx.store, &fixture.owner).await);
    let mut before = 0;
    for file in files {
        let checks = rows(&unpacked(&file)["checks.jsonl"]);
        assert!(checks >= before);
        before = checks;
        ctx.on_other_database(async |there| {
            imported(&there.store, &file).await.unwrap();
        });
    }
    assert_eq!(before, 100);
}

async fn a_deleted_business_can_be_imported_again(ctx: &TestContext) {
    let (fixture, store) = (fixture_with_every_row_kind(ctx).await, &ctx.store);
    let file = exported(store, &fixture.owner).await;
    let home = fixture.home(store).await;
    store.delete_business(&fixture.owner, home.business.name.as_str()).await.unwrap();
    imported(store, &file).await.unwrap();
    assert_eq!(exported(store, &fixture.owner).await, file);
    let revision = store.revision(fixture.business()).await.unwrap();
    fixture.keep(ctx).await;
    assert_ne!(store.revision(fixture.business()).await.unwrap(), revision, "pages held ready are dropped again");
}

async fn a_cache_does_not_take_an_imported_business_for_the_deleted_one(ctx: &TestContext) {
    let (fixture, store) = (ctx.fixture().await, &ctx.store);
    let check = fixture.log(ctx, kept()).await.check;
    let kept_file = exported(store, &fixture.owner).await;
    fixture.correct(ctx, check, &not_applicable()).await.unwrap();
    let corrected_file = exported(store, &fixture.owner).await;
    let home = fixture.home(store).await;
    // The copies differ only in their tallies.
    for (file, expected) in [(kept_file, 1), (corrected_file, 0)] {
        store.delete_business(&fixture.owner, home.business.name.as_str()).await.unwrap();
        imported(store, &file).await.unwrap();
        let charter = store.charter(home.clone(), None).await.unwrap();
        let guarantee = &charter.guarantees[0];
        assert_eq!((guarantee.tally(1).kept, guarantee.last_check), (expected, Some(store.now())));
    }
}
