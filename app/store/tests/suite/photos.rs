//! Photos: stored once, belong to one check, and are shown to people with access.

use std::fs;
use std::io::Cursor;
use std::time::{Duration, UNIX_EPOCH};

use chrono::TimeDelta;
use domain::actor::Actor;
use domain::check::{CheckDraft, CheckError};
use domain::fault::Fault;
use domain::finding::FindingDraft;
use domain::ids::DeviceId;
use domain::photo::{PhotoPolicy, PhotoSize};
use domain::record::Hash;
use domain::site_access::SiteAccess;
use image::{ImageFormat, Rgb, RgbImage};
use store::{Error, ImportError};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::archive::{exported, imported, unpacked, with_manifest};
use crate::fixture::{Fixture, acknowledge, broken, correction, kept, not_applicable, told_by_a_customer};
use crate::harness::TestContext;

both_databases![
    a_photo_of_a_check_is_visible_to_all_who_read_checks,
    a_shared_device_shows_no_photos_of_checks,
    a_photo_is_hidden_without_site_access,
    a_photo_is_refused_if_the_policy_forbids_it,
    a_check_without_its_required_photo_is_refused,
    a_photo_belongs_to_one_check_only,
    only_one_of_concurrent_checks_gets_the_photo,
    a_repeated_check_with_its_photo_gets_the_same_answer,
    an_example_photo_is_shown_until_it_is_removed,
    new_and_old_photos_are_available_in_two_sizes,
    an_example_photo_cannot_be_sent_with_a_check,
    the_record_commits_to_a_photo_without_its_hash,
    erasing_a_customer_deletes_the_photo_of_the_break,
    erasing_a_customer_deletes_the_photo_of_a_corrected_check,
    photos_without_a_check_are_deleted_after_a_month,
    a_photo_uploaded_again_counts_as_new,
    deleting_a_business_deletes_its_photo_files,
    photos_are_exported_and_a_changed_one_is_refused,
];

/// A picture that is different for each number.
pub fn picture(number: u8) -> Vec<u8> {
    let byte = |value: u32| u8::try_from(value).unwrap();
    let drawn = RgbImage::from_fn(32, 24, |x, y| Rgb([number.wrapping_mul(37), byte(x * 8), byte(y * 8)]));
    let mut bytes = Vec::new();
    drawn.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).unwrap();
    bytes
}

async fn fixture_with_policy(ctx: &TestContext, photos: PhotoPolicy) -> Fixture {
    let fixture = ctx.fixture().await;
    ctx.store.set_photo_policy(&fixture.owner, fixture.guarantee, photos).await.unwrap().unwrap();
    fixture
}

async fn upload(ctx: &TestContext, fixture: &Fixture, number: u8) -> Hash {
    ctx.store.add_photo(&fixture.staff, fixture.guarantee, picture(number)).await.unwrap()
}

fn with(fixture: &Fixture, ctx: &TestContext, finding: FindingDraft, photo: Hash) -> CheckDraft {
    CheckDraft { photo: photo.to_string(), ..fixture.check(ctx, finding) }
}

/// The names of all photo files.
fn files(ctx: &TestContext) -> Vec<String> {
    let folders = fs::read_dir(&ctx.photos.0).unwrap();
    let files = folders.flat_map(|folder| fs::read_dir(folder.unwrap().path()).unwrap());
    files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect()
}

/// Makes all files old.
fn age_files(ctx: &TestContext) {
    for folder in fs::read_dir(&ctx.photos.0).unwrap() {
        for file in fs::read_dir(folder.unwrap().path()).unwrap() {
            let file = fs::File::options().write(true).open(file.unwrap().path()).unwrap();
            file.set_modified(UNIX_EPOCH + Duration::from_hours(24)).unwrap();
        }
    }
}

async fn a_photo_of_a_check_is_visible_to_all_who_read_checks(ctx: &TestContext) {
    let fixture = fixture_with_policy(ctx, PhotoPolicy::Optional).await;
    let photo = upload(ctx, &fixture, 1).await;
    assert_eq!(
        ctx.store.photo(&fixture.owner, photo, PhotoSize::Large).await.unwrap(),
        None,
        "no check came for it yet"
    );
    let logged = ctx.store.log_check(&fixture.staff, with(&fixture, ctx, kept(), photo)).await.unwrap();
    for actor in [&fixture.owner, &fixture.manager, &fixture.staff, &fixture.auditor] {
        let bytes = ctx.store.photo(actor, photo, PhotoSize::Large).await.unwrap().unwrap();
        assert_eq!(Hash::of(&bytes), photo);
        assert_eq!(image::guess_format(&bytes).unwrap(), ImageFormat::Jpeg);
    }
    let row = ctx.store.check(&fixture.owner, logged.check).await.unwrap().unwrap();
    assert_eq!(row.photo, Some(photo));
    assert_eq!(files(ctx), [format!("{photo}.jpg")]);
}

async fn a_shared_device_shows_no_photos_of_checks(ctx: &TestContext) {
    let fixture = fixture_with_policy(ctx, PhotoPolicy::Optional).await;
    let photo = upload(ctx, &fixture, 1).await;
    let at_device = Actor { device: Some(DeviceId(Uuid::from_u128(7))), ..fixture.staff.clone() };
    ctx.store.log_check(&at_device, with(&fixture, ctx, kept(), photo)).await.unwrap();
    assert_eq!(ctx.store.photo(&at_device, photo, PhotoSize::Large).await.unwrap(), None);
    ctx.store.set_example_photo(&fixture.owner, fixture.guarantee, fixture.place, Some(picture(2))).await.unwrap();
    let example = ctx.store.example_photos(&at_device, fixture.guarantee).await.unwrap()[&fixture.place].hash;
    assert!(
        ctx.store.photo(&at_device, example, PhotoSize::Large).await.unwrap().is_some(),
        "but at what kept looks like"
    );
}

async fn a_photo_is_hidden_without_site_access(ctx: &TestContext) {
    let fixture = fixture_with_policy(ctx, PhotoPolicy::Optional).await;
    let photo = upload(ctx, &fixture, 1).await;
    ctx.store.log_check(&fixture.staff, with(&fixture, ctx, kept(), photo)).await.unwrap();
    ctx.store.set_example_photo(&fixture.owner, fixture.guarantee, fixture.place, Some(picture(2))).await.unwrap();
    let example = ctx.store.example_photos(&fixture.owner, fixture.guarantee).await.unwrap()[&fixture.place].hash;
    let other = ctx.other_fixture().await;
    let bound = Actor { site_access: SiteAccess::sites([]), ..fixture.manager.clone() };
    for actor in [&other.owner, &bound] {
        assert_eq!(ctx.store.photo(actor, photo, PhotoSize::Large).await.unwrap(), None);
        assert_eq!(ctx.store.photo(actor, example, PhotoSize::Large).await.unwrap(), None);
    }
    assert!(ctx.store.example_photos(&bound, fixture.guarantee).await.unwrap().is_empty());
    let draft = CheckDraft { photo: photo.to_string(), ..other.check(ctx, kept()) };
    ctx.store.set_photo_policy(&other.owner, other.guarantee, PhotoPolicy::Optional).await.unwrap().unwrap();
    let refused = ctx.store.log_check(&other.staff, draft).await.unwrap_err();
    assert!(
        matches!(&refused, Error::Invalid(faults) if faults.of_field("photo") == Some(Fault::NotFound)),
        "{refused:?}"
    );
}

async fn a_photo_is_refused_if_the_policy_forbids_it(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let refused = ctx.store.add_photo(&fixture.staff, fixture.guarantee, picture(1)).await.unwrap_err();
    assert!(matches!(refused, Error::Check(CheckError::NoPhotos)), "{refused:?}");
    assert_eq!(files(ctx), Vec::<String>::new());
    // Photos were allowed when it was sent, but not when the check is.
    ctx.store.set_photo_policy(&fixture.owner, fixture.guarantee, PhotoPolicy::Optional).await.unwrap().unwrap();
    let photo = upload(ctx, &fixture, 1).await;
    ctx.store.set_photo_policy(&fixture.owner, fixture.guarantee, PhotoPolicy::Forbidden).await.unwrap().unwrap();
    let refused = ctx.store.log_check(&fixture.staff, with(&fixture, ctx, kept(), photo)).await.unwrap_err();
    assert!(matches!(refused, Error::Check(CheckError::NoPhotos)), "{refused:?}");
}

async fn a_check_without_its_required_photo_is_refused(ctx: &TestContext) {
    let fixture = fixture_with_policy(ctx, PhotoPolicy::Required).await;
    for finding in [kept(), broken()] {
        let refused = ctx.store.log_check(&fixture.staff, fixture.check(ctx, finding)).await.unwrap_err();
        assert!(matches!(&refused, Error::Invalid(faults) if faults.of_field("photo") == Some(Fault::Missing)));
    }
    let unknown = with(&fixture, ctx, kept(), Hash::of(b"nothing"));
    let refused = ctx.store.log_check(&fixture.staff, unknown).await.unwrap_err();
    assert!(matches!(&refused, Error::Invalid(faults) if faults.of_field("photo") == Some(Fault::NotFound)));
    let safety = FindingDraft { reason: "safety".into(), ..broken() };
    for finding in [not_applicable(), safety] {
        ctx.store.log_check(&fixture.staff, fixture.check(ctx, finding)).await.unwrap();
    }
    let photo = upload(ctx, &fixture, 1).await;
    ctx.store.log_check(&fixture.staff, with(&fixture, ctx, kept(), photo)).await.unwrap();
}

async fn a_photo_belongs_to_one_check_only(ctx: &TestContext) {
    let fixture = fixture_with_policy(ctx, PhotoPolicy::Optional).await;
    let photo = upload(ctx, &fixture, 1).await;
    assert_eq!(upload(ctx, &fixture, 1).await, photo, "sent again it is the same");
    ctx.store.log_check(&fixture.staff, with(&fixture, ctx, kept(), photo)).await.unwrap();
    let kept_here = ctx.store.photo(&fixture.staff, photo, PhotoSize::Large).await.unwrap().unwrap();
    let again = ctx.store.add_photo(&fixture.staff, fixture.guarantee, kept_here).await.unwrap();
    assert_eq!(again, photo, "as it was taken from here, too");
    let refused = ctx.store.log_check(&fixture.staff, with(&fixture, ctx, kept(), photo)).await.unwrap_err();
    assert!(matches!(refused, Error::Check(CheckError::PhotoReused)), "{refused:?}");
    let both = [with(&fixture, ctx, kept(), upload(ctx, &fixture, 2).await), fixture.check(ctx, kept())];
    let both = [both[0].clone(), CheckDraft { photo: both[0].photo.clone(), ..both[1].clone() }];
    let refused = ctx.store.log_checks(&fixture.staff, &both).await.unwrap_err();
    assert!(matches!(refused, Error::Check(CheckError::PhotoReused)), "{refused:?}");
    assert_eq!(ctx.direct_db.count("checks").await, 1);
}

async fn only_one_of_concurrent_checks_gets_the_photo(ctx: &TestContext) {
    let fixture = fixture_with_policy(ctx, PhotoPolicy::Optional).await;
    let photo = upload(ctx, &fixture, 1).await;
    let mut logged = JoinSet::new();
    for _ in 0..6 {
        let (store, staff, check) = (ctx.store.clone(), fixture.staff.clone(), with(&fixture, ctx, kept(), photo));
        logged.spawn(async move { store.log_check(&staff, check).await });
    }
    let answers = logged.join_all().await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    let same = |answer: &&Result<_, Error>| matches!(answer, Err(Error::Check(CheckError::PhotoReused)));
    assert_eq!(answers.iter().filter(same).count(), 5);
}

async fn a_repeated_check_with_its_photo_gets_the_same_answer(ctx: &TestContext) {
    let fixture = fixture_with_policy(ctx, PhotoPolicy::Optional).await;
    let check = with(&fixture, ctx, broken(), upload(ctx, &fixture, 1).await);
    let first = ctx.store.log_check(&fixture.staff, check.clone()).await.unwrap();
    upload(ctx, &fixture, 1).await;
    let second = ctx.store.log_check(&fixture.staff, check.clone()).await.unwrap();
    assert_eq!(second, store::Logged { is_repeat: true, ..first });
    let without = CheckDraft { photo: String::new(), ..check };
    let refused = ctx.store.log_check(&fixture.staff, without).await.unwrap_err();
    assert!(matches!(refused, Error::Check(CheckError::IdReused)), "{refused:?}");
}

async fn an_example_photo_is_shown_until_it_is_removed(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let (store, here) = (&ctx.store, (fixture.guarantee, fixture.place));
    store.set_example_photo(&fixture.owner, here.0, here.1, Some(picture(1))).await.unwrap();
    let first = store.example_photos(&fixture.staff, here.0).await.unwrap()[&here.1].hash;
    store.set_example_photo(&fixture.owner, here.0, here.1, Some(picture(2))).await.unwrap();
    let second = store.example_photos(&fixture.staff, here.0).await.unwrap()[&here.1].hash;
    assert_ne!(first, second);
    assert_eq!(store.photo(&fixture.staff, first, PhotoSize::Large).await.unwrap(), None);
    store.set_example_photo(&fixture.owner, here.0, here.1, None).await.unwrap();
    assert!(store.example_photos(&fixture.staff, here.0).await.unwrap().is_empty());
    assert_eq!(store.photo(&fixture.staff, second, PhotoSize::Large).await.unwrap(), None);
    let elsewhere =
        store.set_example_photo(&fixture.owner, here.0, fixture.other_place, Some(picture(3))).await.unwrap_err();
    assert!(matches!(&elsewhere, Error::Invalid(faults) if faults.of_field("place") == Some(Fault::NotFound)));
    let refused = store.set_example_photo(&fixture.staff, here.0, here.1, Some(picture(3))).await.unwrap_err();
    assert!(matches!(refused, Error::NotAllowed(_)), "{refused:?}");
    let svg = store.set_example_photo(&fixture.owner, here.0, here.1, Some(b"<svg/>".to_vec())).await.unwrap_err();
    assert!(matches!(&svg, Error::Invalid(faults) if faults.of_field("photo") == Some(Fault::NotAPicture)));
}

async fn new_and_old_photos_are_available_in_two_sizes(ctx: &TestContext) {
    let (fixture, store) = (ctx.fixture().await, &ctx.store);
    let sides =
        |bytes: Vec<u8>| image::load_from_memory(&bytes).map(|picture| (picture.width(), picture.height())).unwrap();
    let sizes = [
        (2400, 1800, (1600, 1200), (800, 600)),
        (900, 1200, (900, 1200), (600, 800)),
        (640, 480, (640, 480), (640, 480)),
    ];
    for (width, height, large, small) in sizes {
        let mut sent = Vec::new();
        let drawn = RgbImage::from_pixel(width, height, Rgb([90, 120, 200]));
        drawn.write_to(&mut Cursor::new(&mut sent), ImageFormat::Png).unwrap();
        store.set_example_photo(&fixture.owner, fixture.guarantee, fixture.place, Some(sent)).await.unwrap();
        let row = store.example_photos(&fixture.staff, fixture.guarantee).await.unwrap()[&fixture.place];
        assert_eq!((row.width, row.height), large);
        assert_eq!(store.example_photos_at(&fixture.staff, fixture.place).await.unwrap()[&fixture.guarantee], row);
        assert_eq!(store.photo_row(&fixture.staff, row.hash).await.unwrap(), Some(row));
        let of = |size| store.photo(&fixture.staff, row.hash, size);
        assert_eq!(sides(of(PhotoSize::Large).await.unwrap().unwrap()), large);
        assert_eq!(sides(of(PhotoSize::Small).await.unwrap().unwrap()), small);
        // Like a photo from before there were small versions.
        let small_file = files(ctx).into_iter().find(|name| *name == format!("{}.small.jpg", row.hash));
        assert_eq!(small_file.is_some(), large != small);
        for folder in fs::read_dir(&ctx.photos.0).unwrap() {
            let _ = fs::remove_file(folder.unwrap().path().join(format!("{}.small.jpg", row.hash)));
        }
        assert_eq!(sides(of(PhotoSize::Small).await.unwrap().unwrap()), small);
        assert_eq!(files(ctx).into_iter().find(|name| *name == format!("{}.small.jpg", row.hash)), small_file);
    }
    // Both sizes are deleted.
    store.set_example_photo(&fixture.owner, fixture.guarantee, fixture.place, None).await.unwrap();
    age_files(ctx);
    ctx.clock.advance(TimeDelta::days(32));
    store.delete_unused_photos(&fixture.owner).await.unwrap();
    assert_eq!(files(ctx), [""; 0]);
}

async fn an_example_photo_cannot_be_sent_with_a_check(ctx: &TestContext) {
    let fixture = fixture_with_policy(ctx, PhotoPolicy::Required).await;
    ctx.store.set_example_photo(&fixture.owner, fixture.guarantee, fixture.place, Some(picture(1))).await.unwrap();
    let photo = upload(ctx, &fixture, 1).await;
    let refused = ctx.store.log_check(&fixture.staff, with(&fixture, ctx, kept(), photo)).await.unwrap_err();
    assert!(matches!(refused, Error::Check(CheckError::PhotoReused)), "{refused:?}");
}

async fn the_record_commits_to_a_photo_without_its_hash(ctx: &TestContext) {
    let fixture = fixture_with_policy(ctx, PhotoPolicy::Optional).await;
    let photo = upload(ctx, &fixture, 1).await;
    ctx.store.log_check(&fixture.staff, with(&fixture, ctx, kept(), photo)).await.unwrap();
    assert!(ctx.store.verify(fixture.business()).await.unwrap().is_ok());
    let record = format!("{:?}", ctx.direct_db.everything().await["record"]);
    assert!(record.contains("photo"), "{record}");
    assert!(!record.contains(&photo.to_string()));
}

async fn erasing_a_customer_deletes_the_photo_of_the_break(ctx: &TestContext) {
    let fixture = fixture_with_policy(ctx, PhotoPolicy::Optional).await;
    let photo = upload(ctx, &fixture, 1).await;
    let check = with(&fixture, ctx, told_by_a_customer(), photo);
    let logged = ctx.store.log_check(&fixture.staff, check).await.unwrap();
    fixture.step(ctx, logged.recovery.unwrap(), acknowledge()).await;
    let forgotten = ctx.store.erase_customer(&fixture.owner, logged.recovery.unwrap()).await.unwrap().unwrap();
    assert!(forgotten.texts >= 1, "{forgotten:?}");
    assert_eq!(ctx.store.photo(&fixture.owner, photo, PhotoSize::Large).await.unwrap(), None);
    assert_eq!(ctx.store.check(&fixture.owner, logged.check).await.unwrap().unwrap().photo, None);
    age_files(ctx);
    assert_eq!(ctx.store.delete_unused_photos(&fixture.owner).await.unwrap(), 1);
    assert_eq!(files(ctx), Vec::<String>::new());
    assert!(ctx.store.verify(fixture.business()).await.unwrap().is_ok());
}

async fn erasing_a_customer_deletes_the_photo_of_a_corrected_check(ctx: &TestContext) {
    let fixture = fixture_with_policy(ctx, PhotoPolicy::Optional).await;
    let photo = upload(ctx, &fixture, 1).await;
    let logged = ctx.store.log_check(&fixture.staff, with(&fixture, ctx, kept(), photo)).await.unwrap();
    let reason = "A customer saw it before we did.";
    let corrected =
        ctx.store.correct_check(&fixture.staff, logged.check, &correction(&told_by_a_customer(), reason)).await;
    let recovery = corrected.unwrap().unwrap().recovery.unwrap();
    fixture.step(ctx, recovery, acknowledge()).await;
    ctx.store.erase_customer(&fixture.owner, recovery).await.unwrap().unwrap();
    assert_eq!(ctx.store.photo(&fixture.owner, photo, PhotoSize::Large).await.unwrap(), None);
    assert!(ctx.store.erase_customer(&fixture.owner, recovery).await.unwrap().unwrap().already_erased);
    assert!(ctx.store.verify(fixture.business()).await.unwrap().is_ok());
}

async fn photos_without_a_check_are_deleted_after_a_month(ctx: &TestContext) {
    let fixture = fixture_with_policy(ctx, PhotoPolicy::Optional).await;
    let (used, unused) = (upload(ctx, &fixture, 1).await, upload(ctx, &fixture, 2).await);
    ctx.store.log_check(&fixture.staff, with(&fixture, ctx, kept(), used)).await.unwrap();
    ctx.store.set_example_photo(&fixture.owner, fixture.guarantee, fixture.place, Some(picture(3))).await.unwrap();
    age_files(ctx);
    assert_eq!(ctx.store.delete_unused_photos(&fixture.owner).await.unwrap(), 0, "a phone may still be on its way");
    assert!(files(ctx).contains(&format!("{unused}.jpg")));
    ctx.clock.advance(TimeDelta::days(32));
    assert_eq!(ctx.store.delete_unused_photos(&fixture.owner).await.unwrap(), 1);
    assert_eq!(files(ctx).len(), 2);
    assert!(ctx.store.photo(&fixture.owner, used, PhotoSize::Large).await.unwrap().is_some());
}

async fn a_photo_uploaded_again_counts_as_new(ctx: &TestContext) {
    let fixture = fixture_with_policy(ctx, PhotoPolicy::Optional).await;
    let photo = upload(ctx, &fixture, 1).await;
    ctx.clock.advance(TimeDelta::days(32));
    assert_eq!(upload(ctx, &fixture, 1).await, photo);
    age_files(ctx);
    assert_eq!(ctx.store.delete_unused_photos(&fixture.owner).await.unwrap(), 0, "its check may still be on its way");
    ctx.store.log_check(&fixture.staff, with(&fixture, ctx, kept(), photo)).await.unwrap();
}

async fn deleting_a_business_deletes_its_photo_files(ctx: &TestContext) {
    let fixture = fixture_with_policy(ctx, PhotoPolicy::Optional).await;
    upload(ctx, &fixture, 1).await;
    assert_eq!(files(ctx).len(), 1);
    ctx.store.delete_business(&fixture.owner, "Prairie Stop").await.unwrap();
    assert_eq!(files(ctx), Vec::<String>::new());
}

async fn photos_are_exported_and_a_changed_one_is_refused(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    fixture.require_photos(ctx).await;
    let photo = ctx.store.checks(&fixture.owner, None, 1).await.unwrap().rows[0].photo.unwrap();
    let file = exported(&ctx.store, &fixture.owner).await;
    let mut changed = unpacked(&file);
    let lines = String::from_utf8(changed["photos.jsonl"].clone()).unwrap();
    // Its last byte, in the two digits before the end of the text.
    changed.insert("photos.jsonl".to_owned(), lines.replacen("d9\"", "da\"", 1).into());
    let changed = with_manifest(changed);
    ctx.on_other_database(async |there| {
        let refused = imported(&there.store, &changed).await.unwrap_err();
        assert!(
            matches!(&refused, Error::Import(ImportError::InvalidLine { file, .. }) if file == "photos.jsonl"),
            "{refused:?}"
        );
        assert_eq!(files(there), Vec::<String>::new());
        imported(&there.store, &file).await.unwrap();
        assert_eq!(files(there).len(), 2);
        assert!(there.store.photo(&fixture.owner, photo, PhotoSize::Large).await.unwrap().is_some());
        let again = imported(&there.store, &file).await.unwrap_err();
        assert!(matches!(again, Error::Import(ImportError::AlreadyExists(_))), "{again:?}");
        assert!(
            there.store.photo(&fixture.owner, photo, PhotoSize::Large).await.unwrap().is_some(),
            "what is here stays"
        );
    });
}
