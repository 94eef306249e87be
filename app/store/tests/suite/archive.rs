//! A whole business leaves as a file and comes back, in whichever database, as it was.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

use chrono::TimeDelta;
use domain::actor::{Act, Actor, Reach, Role, Who};
use domain::business::BusinessDraft;
use domain::check::FindingDraft;
use domain::customer::Retention;
use domain::guarantee::WordingDraft;
use domain::hours::Hours;
use domain::invite::Invite;
use domain::person::{Email, NewcomerDraft};
use domain::recovery::{AcknowledgementDraft, StepDraft};
use domain::token::Token;
use serde_json::Value;
use sha2::{Digest, Sha256};
use store::{Broken, Error, Imported, Origin, Store, TABLES};
use tokio::task::JoinSet;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::history::live;
use crate::shop::{
    SLUG, Shop, acknowledge, broken, business_draft, kept, line, newcomer, token, told_by_a_customer, wording_draft,
};
use crate::world::World;

facts![
    a_business_is_the_same_in_either_database,
    a_business_without_anything_in_it_travels_too,
    what_people_wrote_travels_in_any_script,
    only_its_owner_takes_a_business_along,
    no_secret_leaves,
    whoever_is_new_sets_a_password_and_comes_in,
    whoever_is_known_here_stays_who_they_are,
    a_business_comes_in_once,
    an_installation_that_a_business_came_to_is_begun,
    a_business_in_use_is_exported_as_of_one_moment,
    a_business_that_left_comes_back,
];

/// A file by its names.
pub type Files = BTreeMap<String, Vec<u8>>;

pub async fn exported(store: &Store, actor: &Actor) -> Vec<u8> {
    let (file, _) = store.export(actor, Cursor::new(Vec::new())).await.unwrap();
    file.into_inner()
}

pub async fn imported(store: &Store, file: &[u8]) -> Result<Imported, Error> {
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

/// How many rows a file has.
pub fn rows(bytes: &[u8]) -> usize {
    bytes.split_inclusive(|byte| *byte == b'\n').filter(|line| line.ends_with(b"\n")).count()
}

/// The same with a manifest that fits what is in it.
pub fn sealed(mut files: Files) -> Vec<u8> {
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

/// A shop with everything in it that there can be.
pub async fn lived_in(world: &World) -> Shop {
    let shop = world.shop().await;
    live(world, &shop, 300).await;
    shop.closes(world).await;
    crate::second_looks::asked(world, &shop).await;
    let found = FindingDraft { obstacle: "tools".into(), note: "No soap.".into(), ..told_by_a_customer() };
    for (name, contact) in [("Jo", "jo@x.example"), ("Al", "al@x.example")] {
        let Some(id) = world.store.log_check(&shop.staff, shop.check(world, found.clone())).await.unwrap().recovery
        else {
            unreachable!()
        };
        let StepDraft::Acknowledge(said) = acknowledge() else { unreachable!() };
        let Who::Person(owner) = shop.manager.who else { unreachable!() };
        let said = AcknowledgementDraft {
            owner: owner.to_string(),
            customer_name: name.into(),
            customer_contact: contact.into(),
            next_update_by: (world.store.now() + TimeDelta::days(1)).to_rfc3339(),
            ..said
        };
        shop.step(world, id, StepDraft::Acknowledge(said)).await;
        if name == "Al" {
            world.store.erase_customer(&shop.owner, id).await.unwrap().unwrap();
        }
    }
    let hindrance = world.store.obstacles(&shop.owner, None, 1).await.unwrap().rows.remove(0).id;
    let answered = crate::obstacles::answer("planned", "Soap comes on Mondays now.");
    world.store.answer_obstacle(&shop.manager, hindrance, &answered).await.unwrap().unwrap();
    let Who::Person(gone) = shop.auditor.who else { unreachable!() };
    world.store.dismiss(&shop.owner, gone).await.unwrap().unwrap();
    let mut business = shop.home(&world.store).await.business;
    business.retention = Retention::parse("7").unwrap();
    world.store.change_business(&shop.owner, &business).await.unwrap();
    world.store.require_factors(&shop.owner, &[Role::Owner]).await.unwrap();
    let Who::Person(sam) = shop.staff.who else { unreachable!() };
    let here = Reach::of([shop.site]);
    shop.pictures(world).await;
    world.store.bind(&shop.owner, sam, &here).await.unwrap().unwrap();
    world.store.create_token(&shop.owner, &Token { reach: here, ..token(Role::Staff) }).await.unwrap();
    shop
}

async fn a_business_is_the_same_in_either_database(world: &World) {
    let shop = lived_in(world).await;
    let file = exported(&world.store, &shop.owner).await;
    let rows = unpacked(&file).values().map(|bytes| rows(bytes)).sum::<usize>();
    assert!(rows > 800, "{rows}");
    let empty: Vec<_> =
        unpacked(&file).into_iter().filter(|(_, bytes)| bytes.is_empty()).map(|(name, _)| name).collect();
    assert_eq!(empty, Vec::<String>::new(), "everything that there can be is in it");
    assert_eq!(self::rows(&unpacked(&file)["reaches.jsonl"]), 1, "a program's stays with the program");
    let verified = world.store.verify(shop.business()).await.unwrap().unwrap();
    let home = shop.home(&world.store).await;
    let shown = format!("{:?}", world.store.charter(home.clone(), None).await.unwrap());
    world.elsewhere(async |there| {
        there.clock.set(world.store.now());
        let brought = imported(&there.store, &file).await.unwrap();
        assert_eq!((brought.business, brought.slug.as_str()), (shop.business(), SLUG));
        assert_eq!(exported(&there.store, &shop.owner).await, file, "byte for byte");
        assert_eq!(there.store.verify(shop.business()).await.unwrap().unwrap(), verified);
        assert_eq!(there.store.home(&shop.owner).await.unwrap(), home);
        assert_eq!(format!("{:?}", there.store.charter(home, None).await.unwrap()), shown);
        let mut logged = JoinSet::new();
        for _ in 0..3 {
            let (store, staff, check) = (there.store.clone(), shop.staff.clone(), shop.check(there, kept()));
            logged.spawn(async move { store.log_check(&staff, check).await.unwrap() });
        }
        logged.join_all().await;
        assert!(there.store.verify(shop.business()).await.unwrap().is_ok(), "and life goes on");
    });
}

async fn a_business_without_anything_in_it_travels_too(world: &World) {
    let owner = newcomer("Maya Torres", "owner");
    let (business, person) = world.store.begin(&crate::shop::business(), &owner, "hash").await.unwrap().unwrap();
    let owner = Actor::of(business, Who::Person(person), Role::Owner);
    let file = exported(&world.store, &owner).await;
    world.elsewhere(async |there| {
        let brought = imported(&there.store, &file).await.unwrap();
        assert_eq!((brought.rows, brought.new_people.as_slice()), (5, &["maya.torres@prairie.example".to_owned()][..]));
        assert_eq!(exported(&there.store, &owner).await, file);
    });
}

/// Names and sentences of all kinds of people.
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

async fn what_people_wrote_travels_in_any_script(world: &World) {
    let shop = world.shop().await;
    for (number, text) in SCRIPTS.into_iter().enumerate() {
        let site = world.store.add_site(&shop.owner, &line(text)).await.unwrap();
        world.store.add_place(&shop.owner, site, &line(text)).await.unwrap();
        let draft = NewcomerDraft {
            name: text.into(),
            email: format!("person-{number}@ärger.example"),
            password: "correct horse battery".into(),
            role: "staff".into(),
        };
        world.store.add_person(&shop.owner, &draft.parse().unwrap(), "hash").await.unwrap();
        let wording = WordingDraft { title: text.into(), remedy: format!("{text}\n{text}"), ..wording_draft() };
        world.store.reword(&shop.owner, shop.guarantee, &wording.parse().unwrap()).await.unwrap().unwrap();
        shop.log(world, FindingDraft { note: text.into(), ..broken() }).await;
        let business = BusinessDraft { name: text.into(), contact_name: text.into(), ..business_draft() };
        world.store.change_business(&shop.owner, &business.parse(Hours::always()).unwrap()).await.unwrap();
    }
    let file = exported(&world.store, &shop.owner).await;
    let sites = world.store.sites(&shop.owner).await.unwrap();
    world.elsewhere(async |there| {
        imported(&there.store, &file).await.unwrap();
        assert_eq!(exported(&there.store, &shop.owner).await, file);
        let mut there = there.store.sites(&shop.owner).await.unwrap();
        let mut here = sites;
        here.sort_by(|one, other| one.name.cmp(&other.name));
        there.sort_by(|one, other| one.name.cmp(&other.name));
        assert_eq!(there, here);
    });
}

async fn only_its_owner_takes_a_business_along(world: &World) {
    let (shop, other) = (world.shop().await, world.other_shop().await);
    for actor in [&shop.owner, &shop.manager, &shop.staff, &shop.auditor] {
        let taken = world.store.export(actor, Cursor::new(Vec::new())).await;
        assert_eq!(taken.is_ok(), actor.role.may(Act::Govern), "{:?}", actor.role);
        assert!(taken.is_ok() || matches!(taken, Err(Error::NotAllowed(_))));
    }
    let files = unpacked(&exported(&world.store, &shop.owner).await);
    let all = files.values().map(|bytes| String::from_utf8_lossy(bytes)).collect::<String>();
    for theirs in [other.business().to_string(), other.guarantee.to_string(), "Olga".to_owned(), "other".to_owned()] {
        assert!(!all.contains(&theirs), "{theirs}");
    }
}

async fn no_secret_leaves(world: &World) {
    let shop = lived_in(world).await;
    let Who::Person(person) = shop.owner.who else { unreachable!() };
    let (store, owner) = (&world.store, &shop.owner);
    let session = store.begin_session(person, &"SECRET device".into()).await.unwrap().unwrap();
    let token = store.create_token(owner, &crate::shop::named_token("SECRET token")).await.unwrap();
    let invited = store
        .invite(owner, &Invite { name: line("SECRET invite"), role: Role::Staff, reach: Reach::Everywhere })
        .await
        .unwrap();
    let reset = store.reset_link(&newcomer("Sam", "staff").email).await.unwrap().unwrap();
    store.change_password(&session.token, "SECRET hash", &"SECRET device".into()).await.unwrap().unwrap();
    let files = unpacked(&exported(store, owner).await);
    let names: Vec<_> = files.keys().map(String::as_str).collect();
    for table in TABLES {
        assert_eq!(
            names.contains(&format!("{}.jsonl", table.name).as_str()),
            table.left_out.is_none(),
            "{}",
            table.name
        );
    }
    let all = files.values().map(|bytes| String::from_utf8_lossy(bytes)).collect::<String>();
    let hashes = ["sessions", "tokens", "invites", "resets", "follow_ups"];
    let hex = if world.raw.is_sqlite() { "LOWER(HEX(token_hash))" } else { "ENCODE(token_hash, 'hex')" };
    for table in hashes {
        let hashes = world.raw.texts(&format!("SELECT {hex} FROM {table}")).await;
        assert!(!hashes.is_empty() && hashes.iter().all(|hash| !all.contains(hash)), "{table}");
    }
    for secret in ["SECRET", "password", &session.token, &token.token, &invited.token, &reset.token] {
        assert!(!all.contains(secret), "{secret}");
    }
}

async fn whoever_is_new_sets_a_password_and_comes_in(world: &World) {
    let shop = world.shop().await;
    let file = exported(&world.store, &shop.owner).await;
    world.elsewhere(async |there| {
        let store = &there.store;
        let brought = imported(store, &file).await.unwrap();
        let addresses = ["maya.torres", "nia", "sam", "ada"].map(|name| format!("{name}@prairie.example"));
        let mut new = brought.new_people.clone();
        new.sort();
        let mut expected = addresses.to_vec();
        expected.sort();
        assert_eq!(new, expected);
        for address in &new {
            let email = Email::parse(address).unwrap();
            let (person, hash) = store.credentials(&email).await.unwrap().remove(0);
            assert_eq!(hash, "", "nobody's password");
            let link = store.reset_link(&email).await.unwrap().unwrap();
            assert_eq!(store.reset_password(&link.token, "new hash", &Origin::default()).await.unwrap(), Some(person));
            let session = store.begin_session(person, &"".into()).await.unwrap().unwrap();
            assert_eq!(store.visitor(&session.token).await.unwrap().unwrap().actor.business, shop.business());
        }
    });
}

async fn whoever_is_known_here_stays_who_they_are(world: &World) {
    let shop = lived_in(world).await;
    let file = exported(&world.store, &shop.owner).await;
    world.elsewhere(async |there| {
        let store = &there.store;
        there.clock.set(world.store.now());
        // Nia has an account there, with another name and a password, in a business of her own.
        let draft = BusinessDraft { slug: "elsewhere".into(), ..business_draft() };
        let mut nia = newcomer("Nia", "owner");
        nia.name = line("Nia Elsewhere");
        let (own, person) =
            store.begin(&draft.parse(Hours::always()).unwrap(), &nia, "their hash").await.unwrap().unwrap();
        let Who::Person(before) = shop.manager.who else { unreachable!() };
        assert_ne!(person, before);
        let brought = imported(store, &file).await.unwrap();
        assert_eq!(brought.new_people.len(), 3);
        assert_eq!(store.credentials(&nia.email).await.unwrap(), [(person, "their hash".to_owned())]);
        let members = store.members(&shop.owner).await.unwrap();
        let known = members.iter().find(|member| member.person == person).unwrap();
        assert_eq!((known.name.as_str(), known.role), ("Nia Elsewhere", Role::Manager));
        let everything = format!("{:?}", there.raw.everything().await).to_lowercase().replace('-', "");
        assert!(!everything.contains(&before.0.simple().to_string()), "nowhere under the other id");
        let open = store.open_recoveries(&shop.owner).await.unwrap();
        let mut owners = Vec::new();
        for row in open {
            let page = store.recovery(&shop.owner, row.id).await.unwrap().unwrap();
            owners.extend(page.recovery.steps.into_iter().filter_map(|taken| match taken.step {
                domain::recovery::Step::Acknowledged(said) => said.owner,
                _ => None,
            }));
        }
        assert_eq!(owners, [person, person], "in what was said, too");
        let belongs: Vec<_> = store.memberships(person).await.unwrap().iter().map(|one| one.business).collect();
        assert!(belongs.contains(&own) && belongs.contains(&shop.business()));
        assert!(store.verify(shop.business()).await.unwrap().is_ok());
    });
}

async fn a_business_comes_in_once(world: &World) {
    let shop = world.shop().await;
    let file = exported(&world.store, &shop.owner).await;
    let before = world.raw.everything().await;
    let again = imported(&world.store, &file).await;
    assert!(matches!(&again, Err(Error::Broken(Broken::Here(what))) if what.contains("Prairie Stop")), "{again:?}");
    assert_eq!(world.raw.everything().await, before);

    world.elsewhere(async |there| {
        there.shop().await;
        let before = there.raw.everything().await;
        let taken = imported(&there.store, &file).await;
        assert!(matches!(&taken, Err(Error::Broken(Broken::Here(what))) if what.contains(SLUG)), "{taken:?}");
        assert_eq!(there.raw.everything().await, before);
    });
}

async fn an_installation_that_a_business_came_to_is_begun(world: &World) {
    let shop = world.shop().await;
    let file = exported(&world.store, &shop.owner).await;
    world.elsewhere(async |there| {
        imported(&there.store, &file).await.unwrap();
        assert!(!there.store.is_empty().await.unwrap());
        let draft = BusinessDraft { slug: "mine-now".into(), ..business_draft() };
        let stranger = newcomer("Stranger", "owner");
        let begun = there.store.begin(&draft.parse(Hours::always()).unwrap(), &stranger, "hash").await.unwrap();
        assert_eq!(begun, None, "nobody else begins it");
    });
}

async fn a_business_in_use_is_exported_as_of_one_moment(world: &World) {
    let shop = world.shop().await;
    let mut busy = JoinSet::new();
    for _ in 0..4 {
        let checks: Vec<_> = (0..25).map(|_| shop.check(world, broken())).collect();
        let (store, staff) = (world.store.clone(), shop.staff.clone());
        busy.spawn(async move {
            for check in checks {
                store.log_check(&staff, check).await.unwrap();
            }
        });
    }
    let mut files = Vec::new();
    for _ in 0..5 {
        files.push(exported(&world.store, &shop.owner).await);
    }
    busy.join_all().await;
    files.push(exported(&world.store, &shop.owner).await);
    let mut before = 0;
    for file in files {
        let checks = rows(&unpacked(&file)["checks.jsonl"]);
        assert!(checks >= before);
        before = checks;
        world.elsewhere(async |there| {
            imported(&there.store, &file).await.unwrap();
        });
    }
    assert_eq!(before, 100);
}

async fn a_business_that_left_comes_back(world: &World) {
    let (shop, store) = (lived_in(world).await, &world.store);
    let file = exported(store, &shop.owner).await;
    let home = shop.home(store).await;
    store.delete_business(&shop.owner, home.business.name.as_str()).await.unwrap();
    imported(store, &file).await.unwrap();
    assert_eq!(exported(store, &shop.owner).await, file);
    let revision = store.revision(shop.business()).await.unwrap();
    shop.keep(world).await;
    assert_ne!(store.revision(shop.business()).await.unwrap(), revision, "pages held ready are dropped again");
}
