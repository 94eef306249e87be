//! How much memory reading a picture takes. Each is read in a process of its own.

use std::env::{current_exe, temp_dir, var_os};
use std::fs;
use std::process::Command;
use std::thread::scope;

use domain::photo::MAX_BYTES;

use super::crafted::{Jpeg, Png, Scans, deflated, turned};
use super::*;

/// The most memory that reading a picture may take, in kilobytes.
const MAX_KILOBYTES: u64 = 100_000;

/// The environment variable that makes the test a child process, which reads the file of this name.
const CHILD_FILE_VARIABLE: &str = "TRIALMARK_TEST_READS_PICTURE";

const FULL: &[(u8, u8)] = &[(1, 1), (1, 1), (1, 1)];
const HALVED: &[(u8, u8)] = &[(2, 2), (1, 1), (1, 1)];
const CMYK: &[(u8, u8)] = &[(1, 1), (1, 1), (1, 1), (1, 1)];

const TOO_LARGE: Result<(u32, u32), Fault> = Err(Fault::TooLarge);
const NO_PICTURE: Result<(u32, u32), Fault> = Err(Fault::NotAPicture);

type Case = (&'static str, Vec<u8>, Result<(u32, u32), Fault>);

#[test]
fn decoding_a_photo_takes_at_most_100_mb() {
    if let Some(file) = var_os(CHILD_FILE_VARIABLE) {
        return read_and_print_memory(&fs::read(file).unwrap());
    }
    let cases = [pngs(), jpegs()].concat();
    assert!(cases.iter().all(|(name, bytes, _)| bytes.len() <= MAX_BYTES || panic!("{name}: {} bytes", bytes.len())));
    let (first, second) = cases.split_at(cases.len() / 2);
    let faults = scope(|scope| {
        let other = scope.spawn(|| first.iter().filter_map(child_failure).collect::<Vec<_>>());
        let faults: Vec<_> = second.iter().filter_map(child_failure).collect();
        [other.join().unwrap(), faults].concat()
    });
    assert!(faults.is_empty(), "{faults:#?}");
}

/// Reads one picture. Prints the result and the peak of memory, in kilobytes.
fn read_and_print_memory(sent: &[u8]) {
    fs::write("/proc/self/clear_refs", "5").unwrap();
    let before = kilobytes("VmRSS:");
    let read = EncodedPhoto::read(sent).map(|picture| (picture.width, picture.height));
    println!("={read:?}={}", kilobytes("VmHWM:") - before);
}

fn kilobytes(of: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(of)).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

/// Reads a picture in a child process, and compares the result and the memory.
fn child_failure((name, bytes, expected): &Case) -> Option<String> {
    let file = temp_dir().join(format!("trialmark-picture-{}-{}", std::process::id(), Hash::of(name.as_bytes())));
    fs::write(&file, bytes).unwrap();
    let test = "photos::codec::tests::memory::decoding_a_photo_takes_at_most_100_mb";
    let child = Command::new(current_exe().unwrap())
        .args([test, "--exact", "--nocapture"])
        .env(CHILD_FILE_VARIABLE, &file)
        .output()
        .unwrap();
    fs::remove_file(&file).unwrap();
    let said = String::from_utf8(child.stdout).unwrap();
    let mut parts = said.split('=').skip(1);
    let (Some(read), Some(more)) = (parts.next(), parts.next()) else { return Some(format!("{name}: {said}")) };
    let more: u64 = more.lines().next().unwrap().parse().unwrap();
    println!("{name}: {} bytes, {read}, {more} kB", bytes.len());
    (read != format!("{expected:?}") || more > MAX_KILOBYTES)
        .then(|| format!("{name}: {read} and not {expected:?}, {more} kB"))
}

fn pngs() -> Vec<Case> {
    let bomb = |tag: [u8; 4], head: &[u8], size: usize| {
        Png::new(64, 48, 8, 2).with(tag, [head, &deflated(size)].concat()).bytes()
    };
    let large = |depth, color| Png::new(5000, 5000, depth, color);
    let frame =
        |number: u32| [&number.to_be_bytes()[..], &5000_u32.to_be_bytes(), &5000_u32.to_be_bytes(), &[0; 14]].concat();
    let animated = large(8, 2).with(*b"acTL", vec![0, 0, 0, 200, 0, 0, 0, 0]).with(*b"fcTL", frame(0));
    let mut beyond = Png::new(640, 480, 8, 2);
    beyond.more = 300_000_000;
    let cut = large(8, 2).bytes();
    vec![
        ("a profile of 500 MB", bomb(*b"iCCP", b"p\0\0", 500_000_000), Ok((64, 48))),
        ("a text of 500 MB", bomb(*b"zTXt", b"Comment\0\0", 500_000_000), Ok((64, 48))),
        ("a text in a language of 500 MB", bomb(*b"iTXt", b"Comment\0\x01\0en\0\0", 500_000_000), Ok((64, 48))),
        ("sixteen bits", large(16, 2).bytes(), Ok((1600, 1600))),
        ("sixteen bits, transparent", large(16, 6).bytes(), Ok((1600, 1600))),
        ("sixteen bits, transparent, interlaced", large(16, 6).interlaced().bytes(), Ok((1600, 1600))),
        ("one bit", large(1, 0).bytes(), Ok((1600, 1600))),
        ("a palette, interlaced", large(4, 3).interlaced().bytes(), Ok((1600, 1600))),
        ("grey, transparent", large(8, 4).bytes(), Ok((1600, 1600))),
        ("one row", Png::new(65_535, 1, 16, 6).bytes(), Ok((1600, 1))),
        ("one column, interlaced", Png::new(1, 65_535, 16, 6).interlaced().bytes(), Ok((1, 1600))),
        ("long rows, interlaced", Png::new(65_535, 381, 16, 6).interlaced().bytes(), Ok((1600, 9))),
        ("too long a row", Png::new(25_000_000, 1, 16, 6).bytes(), TOO_LARGE),
        ("says to be huge", Png::new(100_000, 100_000, 8, 2).without_pixels(), TOO_LARGE),
        ("without pixels", large(16, 6).without_pixels(), NO_PICTURE),
        ("cut off", cut[..cut.len() * 9 / 10].to_vec(), NO_PICTURE),
        ("more than its pixels", beyond.bytes(), Ok((640, 480))),
        ("many frames", animated.bytes(), Ok((1600, 1600))),
        ("turned, with much beside", large(8, 2).with(*b"eXIf", turned(6, 5_000_000)).bytes(), Ok((1600, 1600))),
        ("chunks that nobody knows", large(8, 2).with(*b"abCd", vec![0; 5_000_000]).bytes(), Ok((1600, 1600))),
    ]
}

fn jpegs() -> Vec<Case> {
    let large = |samples| Jpeg::new(5000, 5000, samples, Scans::Together);
    let photo = |samples, scans| Jpeg::new(4032, 3024, samples, scans);
    let of_24 = |samples, scans| Jpeg::new(6000, 4000, samples, scans);
    let turned_by = |orientation| [b"Exif\0\0".to_vec(), turned(orientation, 60_000)].concat();
    let many = (0..90).fold(photo(HALVED, Scans::Together), |jpeg, _| jpeg.with(0xe1, turned_by(6)));
    let profiles = (1..=90).fold(photo(HALVED, Scans::Together), |jpeg, number| {
        jpeg.with(0xe2, [b"ICC_PROFILE\0".to_vec(), vec![number, 90], vec![0; 60_000]].concat())
    });
    let whole = of_24(HALVED, Scans::Together).bytes();
    let mut twice = photo(FULL, Scans::Together).bytes();
    twice.splice(2..2, Jpeg::new(4032, 3024, CMYK, Scans::Progressive).bytes()[73..100].to_vec());
    vec![
        ("all there may be", large(FULL).bytes(), Ok((1600, 1600))),
        ("all there may be, grey", large(&[(1, 1)]).bytes(), Ok((1600, 1600))),
        ("all there may be, four inks", large(CMYK).bytes(), Ok((1600, 1600))),
        ("24 million", whole.clone(), Ok((1600, 1067))),
        ("24 million, cut off", whole[..whole.len() / 2].to_vec(), Ok((1600, 1067))),
        ("24 million, progressive", of_24(HALVED, Scans::Progressive).bytes(), TOO_LARGE),
        ("24 million, progressive and fine", of_24(FULL, Scans::Progressive).bytes(), TOO_LARGE),
        ("24 million, progressive, four inks", of_24(CMYK, Scans::Progressive).bytes(), TOO_LARGE),
        ("24 million, one by one", of_24(FULL, Scans::OneByOne).bytes(), TOO_LARGE),
        ("12 million", photo(HALVED, Scans::Together).bytes(), Ok((1600, 1200))),
        ("12 million, progressive", photo(HALVED, Scans::Progressive).bytes(), Ok((1600, 1200))),
        ("12 million, progressive, grey", photo(&[(1, 1)], Scans::Progressive).bytes(), Ok((1600, 1200))),
        (
            "7 million, progressive, four inks",
            Jpeg::new(3000, 2333, CMYK, Scans::Progressive).bytes(),
            Ok((1600, 1244)),
        ),
        ("12 million, one by one", photo(HALVED, Scans::OneByOne).bytes(), Ok((1600, 1200))),
        ("one row", Jpeg::new(65_535, 1, FULL, Scans::Together).bytes(), Ok((1600, 1))),
        ("one column", Jpeg::new(1, 65_535, HALVED, Scans::Progressive).bytes(), Ok((1, 1600))),
        (
            "long rows in large units",
            Jpeg::new(65_535, 300, &[(4, 4), (4, 4), (4, 4)], Scans::Together).bytes(),
            TOO_LARGE,
        ),
        ("says to be huge", Jpeg::new(65_535, 65_535, FULL, Scans::Progressive).bytes()[..200].to_vec(), TOO_LARGE),
        ("many times where it was taken", many.bytes(), Ok((1200, 1600))),
        ("many profiles", profiles.bytes(), Ok((1600, 1200))),
        ("turned", photo(HALVED, Scans::Together).with(0xe1, turned_by(8)).bytes(), Ok((1200, 1600))),
        ("with another frame before its own", twice, NO_PICTURE),
    ]
}
