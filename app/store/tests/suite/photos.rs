//! Pictures: kept once, with one check, and shown to those who may see them.

use std::fs;
use std::io::Cursor;
use std::time::{Duration, UNIX_EPOCH};

use chrono::TimeDelta;
use domain::actor::{Actor, Reach};
use domain::check::{CheckDraft, FindingDraft, Refused};
use domain::fault::Fault;
use domain::ids::DeviceId;
use domain::photo::{Photos, Size};
use domain::record::Hash;
use image::{ImageFormat, Rgb, RgbImage};
use store::{Broken, Error};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::archive::{exported, imported, sealed, unpacked};
use crate::shop::{Shop, acknowledge, broken, kept, not_applicable, prose, told_by_a_customer};
use crate::world::World;

facts![
    a_picture_comes_with_its_check_and_is_seen_by_those_who_read_checks,
    at_a_shared_device_nobody_looks_at_pictures_of_checks,
    nobody_out_of_reach_sees_a_picture,
    where_pictures_are_forbidden_none_is_stored,
    a_picture_that_is_needed_must_come,
    the_same_picture_comes_with_one_check_only,
    of_two_checks_at_once_one_has_the_picture,
    a_check_sent_again_with_its_picture_is_answered_as_the_first_time,
    what_kept_looks_like_is_shown_until_it_is_taken_away,
    a_picture_is_there_in_two_sizes_and_an_older_one_as_well,
    what_shows_kept_is_no_proof,
    the_record_commits_to_a_picture_and_does_not_name_it,
    a_picture_goes_with_the_customer_whom_it_may_show,
    a_picture_goes_with_the_customer_also_where_only_a_correction_says_broken,
    what_no_check_came_for_is_swept_away,
    what_is_sent_again_after_long_is_new_again,
    no_file_outlives_its_business,
    a_picture_leaves_with_its_business_and_none_comes_in_its_stead,
];

/// A picture that differs from every other of another number.
pub fn picture(number: u8) -> Vec<u8> {
    let byte = |value: u32| u8::try_from(value).unwrap();
    let drawn = RgbImage::from_fn(32, 24, |x, y| Rgb([number.wrapping_mul(37), byte(x * 8), byte(y * 8)]));
    let mut bytes = Vec::new();
    drawn.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).unwrap();
    bytes
}

async fn pictured(world: &World, photos: Photos) -> Shop {
    let shop = world.shop().await;
    world.store.choose_photos(&shop.owner, shop.guarantee, photos).await.unwrap().unwrap();
    shop
}

async fn keep(world: &World, shop: &Shop, number: u8) -> Hash {
    world.store.keep_photo(&shop.staff, shop.guarantee, picture(number)).await.unwrap()
}

fn with(shop: &Shop, world: &World, finding: FindingDraft, photo: Hash) -> CheckDraft {
    CheckDraft { photo: photo.to_string(), ..shop.check(world, finding) }
}

/// The names of all files of pictures.
fn files(world: &World) -> Vec<String> {
    let folders = fs::read_dir(&world.photos.0).unwrap();
    let files = folders.flat_map(|folder| fs::read_dir(folder.unwrap().path()).unwrap());
    files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect()
}

/// As if all files had been there for ever.
fn settle(world: &World) {
    for folder in fs::read_dir(&world.photos.0).unwrap() {
        for file in fs::read_dir(folder.unwrap().path()).unwrap() {
            let file = fs::File::options().write(true).open(file.unwrap().path()).unwrap();
            file.set_modified(UNIX_EPOCH + Duration::from_hours(24)).unwrap();
        }
    }
}

async fn a_picture_comes_with_its_check_and_is_seen_by_those_who_read_checks(world: &World) {
    let shop = pictured(world, Photos::Optional).await;
    let photo = keep(world, &shop, 1).await;
    assert_eq!(world.store.photo(&shop.owner, photo, Size::Large).await.unwrap(), None, "no check came for it yet");
    let logged = world.store.log_check(&shop.staff, with(&shop, world, kept(), photo)).await.unwrap();
    for actor in [&shop.owner, &shop.manager, &shop.staff, &shop.auditor] {
        let bytes = world.store.photo(actor, photo, Size::Large).await.unwrap().unwrap();
        assert_eq!(Hash::of(&bytes), photo);
        assert_eq!(image::guess_format(&bytes).unwrap(), ImageFormat::Jpeg);
    }
    let row = world.store.check(&shop.owner, logged.check).await.unwrap().unwrap();
    assert_eq!(row.photo, Some(photo));
    assert_eq!(files(world), [format!("{photo}.jpg")]);
}

async fn at_a_shared_device_nobody_looks_at_pictures_of_checks(world: &World) {
    let shop = pictured(world, Photos::Optional).await;
    let photo = keep(world, &shop, 1).await;
    let at_device = Actor { device: Some(DeviceId(Uuid::from_u128(7))), ..shop.staff.clone() };
    world.store.log_check(&at_device, with(&shop, world, kept(), photo)).await.unwrap();
    assert_eq!(world.store.photo(&at_device, photo, Size::Large).await.unwrap(), None);
    world.store.show_example(&shop.owner, shop.guarantee, shop.place, Some(picture(2))).await.unwrap();
    let example = world.store.examples(&at_device, shop.guarantee).await.unwrap()[&shop.place].hash;
    assert!(
        world.store.photo(&at_device, example, Size::Large).await.unwrap().is_some(),
        "but at what kept looks like"
    );
}

async fn nobody_out_of_reach_sees_a_picture(world: &World) {
    let shop = pictured(world, Photos::Optional).await;
    let photo = keep(world, &shop, 1).await;
    world.store.log_check(&shop.staff, with(&shop, world, kept(), photo)).await.unwrap();
    world.store.show_example(&shop.owner, shop.guarantee, shop.place, Some(picture(2))).await.unwrap();
    let example = world.store.examples(&shop.owner, shop.guarantee).await.unwrap()[&shop.place].hash;
    let other = world.other_shop().await;
    let bound = Actor { reach: Reach::of([]), ..shop.manager.clone() };
    for actor in [&other.owner, &bound] {
        assert_eq!(world.store.photo(actor, photo, Size::Large).await.unwrap(), None);
        assert_eq!(world.store.photo(actor, example, Size::Large).await.unwrap(), None);
    }
    assert!(world.store.examples(&bound, shop.guarantee).await.unwrap().is_empty());
    let draft = CheckDraft { photo: photo.to_string(), ..other.check(world, kept()) };
    world.store.choose_photos(&other.owner, other.guarantee, Photos::Optional).await.unwrap().unwrap();
    let refused = world.store.log_check(&other.staff, draft).await.unwrap_err();
    assert!(matches!(&refused, Error::Invalid(faults) if faults.at("photo") == Some(Fault::NotFound)), "{refused:?}");
}

async fn where_pictures_are_forbidden_none_is_stored(world: &World) {
    let shop = world.shop().await;
    let refused = world.store.keep_photo(&shop.staff, shop.guarantee, picture(1)).await.unwrap_err();
    assert!(matches!(refused, Error::Check(Refused::NoPhotos)), "{refused:?}");
    assert_eq!(files(world), Vec::<String>::new());
    // It was allowed as the picture was sent, and is no longer as the check is.
    world.store.choose_photos(&shop.owner, shop.guarantee, Photos::Optional).await.unwrap().unwrap();
    let photo = keep(world, &shop, 1).await;
    world.store.choose_photos(&shop.owner, shop.guarantee, Photos::Forbidden).await.unwrap().unwrap();
    let refused = world.store.log_check(&shop.staff, with(&shop, world, kept(), photo)).await.unwrap_err();
    assert!(matches!(refused, Error::Check(Refused::NoPhotos)), "{refused:?}");
}

async fn a_picture_that_is_needed_must_come(world: &World) {
    let shop = pictured(world, Photos::Required).await;
    for finding in [kept(), broken()] {
        let refused = world.store.log_check(&shop.staff, shop.check(world, finding)).await.unwrap_err();
        assert!(matches!(&refused, Error::Invalid(faults) if faults.at("photo") == Some(Fault::Missing)));
    }
    let unknown = with(&shop, world, kept(), Hash::of(b"nothing"));
    let refused = world.store.log_check(&shop.staff, unknown).await.unwrap_err();
    assert!(matches!(&refused, Error::Invalid(faults) if faults.at("photo") == Some(Fault::NotFound)));
    let safety = FindingDraft { reason: "safety".into(), ..broken() };
    for finding in [not_applicable(), safety] {
        world.store.log_check(&shop.staff, shop.check(world, finding)).await.unwrap();
    }
    let photo = keep(world, &shop, 1).await;
    world.store.log_check(&shop.staff, with(&shop, world, kept(), photo)).await.unwrap();
}

async fn the_same_picture_comes_with_one_check_only(world: &World) {
    let shop = pictured(world, Photos::Optional).await;
    let photo = keep(world, &shop, 1).await;
    assert_eq!(keep(world, &shop, 1).await, photo, "sent again it is the same");
    world.store.log_check(&shop.staff, with(&shop, world, kept(), photo)).await.unwrap();
    let kept_here = world.store.photo(&shop.staff, photo, Size::Large).await.unwrap().unwrap();
    let again = world.store.keep_photo(&shop.staff, shop.guarantee, kept_here).await.unwrap();
    assert_eq!(again, photo, "as it was taken from here, too");
    let refused = world.store.log_check(&shop.staff, with(&shop, world, kept(), photo)).await.unwrap_err();
    assert!(matches!(refused, Error::Check(Refused::SamePhoto)), "{refused:?}");
    let both = [with(&shop, world, kept(), keep(world, &shop, 2).await), shop.check(world, kept())];
    let both = [both[0].clone(), CheckDraft { photo: both[0].photo.clone(), ..both[1].clone() }];
    let refused = world.store.log_checks(&shop.staff, &both).await.unwrap_err();
    assert!(matches!(refused, Error::Check(Refused::SamePhoto)), "{refused:?}");
    assert_eq!(world.raw.count("checks").await, 1);
}

async fn of_two_checks_at_once_one_has_the_picture(world: &World) {
    let shop = pictured(world, Photos::Optional).await;
    let photo = keep(world, &shop, 1).await;
    let mut logged = JoinSet::new();
    for _ in 0..6 {
        let (store, staff, check) = (world.store.clone(), shop.staff.clone(), with(&shop, world, kept(), photo));
        logged.spawn(async move { store.log_check(&staff, check).await });
    }
    let answers = logged.join_all().await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    let same = |answer: &&Result<_, Error>| matches!(answer, Err(Error::Check(Refused::SamePhoto)));
    assert_eq!(answers.iter().filter(same).count(), 5);
}

async fn a_check_sent_again_with_its_picture_is_answered_as_the_first_time(world: &World) {
    let shop = pictured(world, Photos::Optional).await;
    let check = with(&shop, world, broken(), keep(world, &shop, 1).await);
    let first = world.store.log_check(&shop.staff, check.clone()).await.unwrap();
    keep(world, &shop, 1).await;
    let second = world.store.log_check(&shop.staff, check.clone()).await.unwrap();
    assert_eq!(second, store::Logged { again: true, ..first });
    let without = CheckDraft { photo: String::new(), ..check };
    let refused = world.store.log_check(&shop.staff, without).await.unwrap_err();
    assert!(matches!(refused, Error::Check(Refused::OtherBody)), "{refused:?}");
}

async fn what_kept_looks_like_is_shown_until_it_is_taken_away(world: &World) {
    let shop = world.shop().await;
    let (store, here) = (&world.store, (shop.guarantee, shop.place));
    store.show_example(&shop.owner, here.0, here.1, Some(picture(1))).await.unwrap();
    let first = store.examples(&shop.staff, here.0).await.unwrap()[&here.1].hash;
    store.show_example(&shop.owner, here.0, here.1, Some(picture(2))).await.unwrap();
    let second = store.examples(&shop.staff, here.0).await.unwrap()[&here.1].hash;
    assert_ne!(first, second);
    assert_eq!(store.photo(&shop.staff, first, Size::Large).await.unwrap(), None);
    store.show_example(&shop.owner, here.0, here.1, None).await.unwrap();
    assert!(store.examples(&shop.staff, here.0).await.unwrap().is_empty());
    assert_eq!(store.photo(&shop.staff, second, Size::Large).await.unwrap(), None);
    let elsewhere = store.show_example(&shop.owner, here.0, shop.other_place, Some(picture(3))).await.unwrap_err();
    assert!(matches!(&elsewhere, Error::Invalid(faults) if faults.at("place") == Some(Fault::NotFound)));
    let refused = store.show_example(&shop.staff, here.0, here.1, Some(picture(3))).await.unwrap_err();
    assert!(matches!(refused, Error::NotAllowed(_)), "{refused:?}");
    let svg = store.show_example(&shop.owner, here.0, here.1, Some(b"<svg/>".to_vec())).await.unwrap_err();
    assert!(matches!(&svg, Error::Invalid(faults) if faults.at("photo") == Some(Fault::NotAPicture)));
}

async fn a_picture_is_there_in_two_sizes_and_an_older_one_as_well(world: &World) {
    let (shop, store) = (world.shop().await, &world.store);
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
        store.show_example(&shop.owner, shop.guarantee, shop.place, Some(sent)).await.unwrap();
        let row = store.examples(&shop.staff, shop.guarantee).await.unwrap()[&shop.place];
        assert_eq!((row.width, row.height), large);
        assert_eq!(store.examples_at(&shop.staff, shop.place).await.unwrap()[&shop.guarantee], row);
        assert_eq!(store.photo_row(&shop.staff, row.hash).await.unwrap(), Some(row));
        let of = |size| store.photo(&shop.staff, row.hash, size);
        assert_eq!(sides(of(Size::Large).await.unwrap().unwrap()), large);
        assert_eq!(sides(of(Size::Small).await.unwrap().unwrap()), small);
        // As one that is from before there were two.
        let small_file = files(world).into_iter().find(|name| *name == format!("{}.small.jpg", row.hash));
        assert_eq!(small_file.is_some(), large != small);
        for folder in fs::read_dir(&world.photos.0).unwrap() {
            let _ = fs::remove_file(folder.unwrap().path().join(format!("{}.small.jpg", row.hash)));
        }
        assert_eq!(sides(of(Size::Small).await.unwrap().unwrap()), small);
        assert_eq!(files(world).into_iter().find(|name| *name == format!("{}.small.jpg", row.hash)), small_file);
    }
    // What is swept away goes in both sizes.
    store.show_example(&shop.owner, shop.guarantee, shop.place, None).await.unwrap();
    settle(world);
    world.clock.advance(TimeDelta::days(32));
    store.sweep_photos(&shop.owner).await.unwrap();
    assert_eq!(files(world), [""; 0]);
}

async fn what_shows_kept_is_no_proof(world: &World) {
    let shop = pictured(world, Photos::Required).await;
    world.store.show_example(&shop.owner, shop.guarantee, shop.place, Some(picture(1))).await.unwrap();
    let photo = keep(world, &shop, 1).await;
    let refused = world.store.log_check(&shop.staff, with(&shop, world, kept(), photo)).await.unwrap_err();
    assert!(matches!(refused, Error::Check(Refused::SamePhoto)), "{refused:?}");
}

async fn the_record_commits_to_a_picture_and_does_not_name_it(world: &World) {
    let shop = pictured(world, Photos::Optional).await;
    let photo = keep(world, &shop, 1).await;
    world.store.log_check(&shop.staff, with(&shop, world, kept(), photo)).await.unwrap();
    assert!(world.store.verify(shop.business()).await.unwrap().is_ok());
    let record = format!("{:?}", world.raw.everything().await["record"]);
    assert!(record.contains("photo"), "{record}");
    assert!(!record.contains(&photo.to_string()));
}

async fn a_picture_goes_with_the_customer_whom_it_may_show(world: &World) {
    let shop = pictured(world, Photos::Optional).await;
    let photo = keep(world, &shop, 1).await;
    let check = with(&shop, world, told_by_a_customer(), photo);
    let logged = world.store.log_check(&shop.staff, check).await.unwrap();
    shop.step(world, logged.recovery.unwrap(), acknowledge()).await;
    let forgotten = world.store.erase_customer(&shop.owner, logged.recovery.unwrap()).await.unwrap().unwrap();
    assert!(forgotten.texts >= 1, "{forgotten:?}");
    assert_eq!(world.store.photo(&shop.owner, photo, Size::Large).await.unwrap(), None);
    assert_eq!(world.store.check(&shop.owner, logged.check).await.unwrap().unwrap().photo, None);
    settle(world);
    assert_eq!(world.store.sweep_photos(&shop.owner).await.unwrap(), 1);
    assert_eq!(files(world), Vec::<String>::new());
    assert!(world.store.verify(shop.business()).await.unwrap().is_ok());
}

async fn a_picture_goes_with_the_customer_also_where_only_a_correction_says_broken(world: &World) {
    let shop = pictured(world, Photos::Optional).await;
    let photo = keep(world, &shop, 1).await;
    let logged = world.store.log_check(&shop.staff, with(&shop, world, kept(), photo)).await.unwrap();
    let reason = prose("A customer saw it before we did.");
    let corrected = world.store.correct_check(&shop.staff, logged.check, &told_by_a_customer(), &reason).await;
    let recovery = corrected.unwrap().unwrap().recovery.unwrap();
    shop.step(world, recovery, acknowledge()).await;
    world.store.erase_customer(&shop.owner, recovery).await.unwrap().unwrap();
    assert_eq!(world.store.photo(&shop.owner, photo, Size::Large).await.unwrap(), None);
    assert!(world.store.erase_customer(&shop.owner, recovery).await.unwrap().unwrap().again);
    assert!(world.store.verify(shop.business()).await.unwrap().is_ok());
}

async fn what_no_check_came_for_is_swept_away(world: &World) {
    let shop = pictured(world, Photos::Optional).await;
    let (used, unused) = (keep(world, &shop, 1).await, keep(world, &shop, 2).await);
    world.store.log_check(&shop.staff, with(&shop, world, kept(), used)).await.unwrap();
    world.store.show_example(&shop.owner, shop.guarantee, shop.place, Some(picture(3))).await.unwrap();
    settle(world);
    assert_eq!(world.store.sweep_photos(&shop.owner).await.unwrap(), 0, "a phone may still be on its way");
    assert!(files(world).contains(&format!("{unused}.jpg")));
    world.clock.advance(TimeDelta::days(32));
    assert_eq!(world.store.sweep_photos(&shop.owner).await.unwrap(), 1);
    assert_eq!(files(world).len(), 2);
    assert!(world.store.photo(&shop.owner, used, Size::Large).await.unwrap().is_some());
}

async fn what_is_sent_again_after_long_is_new_again(world: &World) {
    let shop = pictured(world, Photos::Optional).await;
    let photo = keep(world, &shop, 1).await;
    world.clock.advance(TimeDelta::days(32));
    assert_eq!(keep(world, &shop, 1).await, photo);
    settle(world);
    assert_eq!(world.store.sweep_photos(&shop.owner).await.unwrap(), 0, "its check may still be on its way");
    world.store.log_check(&shop.staff, with(&shop, world, kept(), photo)).await.unwrap();
}

async fn no_file_outlives_its_business(world: &World) {
    let shop = pictured(world, Photos::Optional).await;
    keep(world, &shop, 1).await;
    assert_eq!(files(world).len(), 1);
    world.store.delete_business(&shop.owner, "Prairie Stop").await.unwrap();
    assert_eq!(files(world), Vec::<String>::new());
}

async fn a_picture_leaves_with_its_business_and_none_comes_in_its_stead(world: &World) {
    let shop = world.shop().await;
    shop.pictures(world).await;
    let photo = world.store.checks(&shop.owner, None, 1).await.unwrap().rows[0].photo.unwrap();
    let file = exported(&world.store, &shop.owner).await;
    let mut changed = unpacked(&file);
    let lines = String::from_utf8(changed["photos.jsonl"].clone()).unwrap();
    // Its last byte, in the two digits before the end of the text.
    changed.insert("photos.jsonl".to_owned(), lines.replacen("d9\"", "da\"", 1).into());
    let changed = sealed(changed);
    world.elsewhere(async |there| {
        let refused = imported(&there.store, &changed).await.unwrap_err();
        assert!(matches!(&refused, Error::Broken(Broken::Line { file, .. }) if file == "photos.jsonl"), "{refused:?}");
        assert_eq!(files(there), Vec::<String>::new());
        imported(&there.store, &file).await.unwrap();
        assert_eq!(files(there).len(), 2);
        assert!(there.store.photo(&shop.owner, photo, Size::Large).await.unwrap().is_some());
        let again = imported(&there.store, &file).await.unwrap_err();
        assert!(matches!(again, Error::Broken(Broken::Here(_))), "{again:?}");
        assert!(there.store.photo(&shop.owner, photo, Size::Large).await.unwrap().is_some(), "what is here stays");
    });
}
