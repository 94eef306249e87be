mod crafted;
mod memory;

use std::io::Cursor;

use image::{ImageFormat, Rgb, RgbImage};

use proptest::prelude::*;

use super::*;

const SECRET: &[u8] = b"GPS 39.01 N 94.20 W";

fn drawn(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| Rgb([x * 7, y * 5, x ^ y].map(|value| u8::try_from(value % 256).unwrap())))
}

fn packed(picture: &RgbImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Vec::new();
    picture.write_to(&mut Cursor::new(&mut bytes), format).unwrap();
    bytes
}

/// A picture as a telephone makes it: on its side, and with where it was taken (Exif 2.3, an APP1 segment with a TIFF inside).
fn from_a_phone(width: u32, height: u32) -> Vec<u8> {
    let tiff: &[u8] = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
    let segment = [b"Exif\0\0", tiff, SECRET].concat();
    let length = u16::try_from(segment.len() + 2).unwrap().to_be_bytes();
    let plain = packed(&drawn(width, height), ImageFormat::Jpeg);
    [&plain[..2], &[0xff, 0xe1], &length, &segment, &plain[2..]].concat()
}

/// The head of a PNG that says to be so large, and ends there.
fn boasting(width: u32, height: u32) -> Vec<u8> {
    let mut head = packed(&drawn(1, 1), ImageFormat::Png);
    head[16..20].copy_from_slice(&width.to_be_bytes());
    head[20..24].copy_from_slice(&height.to_be_bytes());
    let sum = crc(&head[12..29]);
    head[29..33].copy_from_slice(&sum.to_be_bytes());
    head
}

/// CRC-32 as PNG has it (ISO 3309).
fn crc(bytes: &[u8]) -> u32 {
    let step = |sum: u32, byte: &u8| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ (0xedb8_8320 & (sum & 1).wrapping_neg()))
    };
    !bytes.iter().fold(!0, step)
}

fn holds(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|window| window == what)
}

#[test]
fn where_it_was_taken_is_gone_and_it_stands_upright() {
    let sent = from_a_phone(40, 20);
    assert!(holds(&sent, SECRET));
    let kept = Picture::read(&sent).unwrap();
    assert!(!holds(&kept.bytes, SECRET) && !holds(&kept.bytes, b"Exif"));
    assert_eq!((kept.width, kept.height), (20, 40));
}

#[test]
fn a_large_picture_becomes_smaller_and_a_small_one_stays() {
    let large = Picture::read(&packed(&drawn(2000, 1000), ImageFormat::Jpeg)).unwrap();
    assert_eq!((large.width, large.height), (1600, 800));
    let small = Picture::read(&packed(&drawn(300, 200), ImageFormat::Png)).unwrap();
    assert_eq!((small.width, small.height), (300, 200));
    assert_eq!(image::guess_format(&small.bytes).unwrap(), ImageFormat::Jpeg);
}

#[test]
fn the_same_picture_has_the_same_hash_whatever_is_said_beside_it() {
    let plain = packed(&drawn(40, 20), ImageFormat::Jpeg);
    let mut tagged = plain.clone();
    tagged.splice(2..2, [&[0xff, 0xfe, 0, 9][..], b"comment"].concat());
    assert_eq!(Picture::read(&plain).unwrap().hash(), Picture::read(&tagged).unwrap().hash());
}

#[test]
fn what_is_a_picture_and_something_else_is_only_a_picture_afterwards() {
    let script = b"<script>alert(1)</script>";
    let mut both = packed(&drawn(40, 20), ImageFormat::Jpeg);
    both.splice(2..2, [&[0xff, 0xfe, 0, 27][..], script].concat());
    both.extend_from_slice(b"PK\x03\x04 and a whole archive");
    let kept = Picture::read(&both).unwrap();
    assert!(!holds(&kept.bytes, script) && !holds(&kept.bytes, b"PK\x03\x04"));
}

#[test]
fn what_is_no_picture_is_refused() {
    let svg = br#"<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>"#;
    let cut = packed(&drawn(400, 200), ImageFormat::Png);
    let others: [&[u8]; 6] = [svg, b"", b"GIF89a\x01\0\x01\0", b"%PDF-1.7", b"\xff\xd8\xff\xe0", &cut[..cut.len() / 2]];
    for sent in others {
        assert_eq!(Picture::read(sent).err(), Some(Fault::NotAPicture), "{:?}", &sent[..sent.len().min(12)]);
    }
}

#[test]
fn what_is_too_large_is_refused_before_it_is_unpacked() {
    assert_eq!(Picture::read(&boasting(20_000, 10_000)).err(), Some(Fault::TooLarge));
    assert_eq!(Picture::read(&boasting(100_000, 100_000)).err(), Some(Fault::TooLarge));
    assert_eq!(Picture::read(&vec![0xff; MOST_BYTES + 1]).err(), Some(Fault::TooLarge));
}

/// The mean of each half of a picture, left and right.
fn halves(bytes: &[u8]) -> [[u8; 3]; 2] {
    let picture = image::load_from_memory(bytes).unwrap().into_rgb8();
    let half = picture.width() / 2;
    [0, half].map(|left| {
        let of = |x: u32| x >= left && x < left + half;
        let pixels: Vec<_> = picture.enumerate_pixels().filter(|(x, ..)| of(*x)).map(|(.., pixel)| pixel.0).collect();
        [0, 1, 2].map(|channel| {
            let sum: usize = pixels.iter().map(|pixel| usize::from(pixel[channel])).sum();
            u8::try_from(sum / pixels.len()).unwrap()
        })
    })
}

#[test]
fn a_smaller_picture_shows_the_same() {
    let shades = [[200, 60, 40], [30, 90, 180]];
    for (width, height) in [(400, 30), (1601, 120), (2000, 32), (640, 2000), (3200, 10), (65_000, 2)] {
        let drawn = RgbImage::from_fn(width, height, |x, _| Rgb(shades[usize::from(x >= width / 2)]));
        for format in [ImageFormat::Png, ImageFormat::Jpeg] {
            let kept = Picture::read(&packed(&drawn, format)).unwrap();
            for bytes in [&kept.bytes, &Picture::small(&kept.bytes).unwrap().bytes] {
                let seen = halves(bytes);
                let far =
                    seen.iter().flatten().zip(shades.iter().flatten()).map(|(one, other)| one.abs_diff(*other)).max();
                assert!(far <= Some(6), "{width} by {height}, {format:?}: {seen:?}");
            }
        }
    }
}

#[test]
fn an_interlaced_picture_is_the_same_as_one_that_is_not() {
    for (width, height) in [(1, 1), (3, 5), (8, 8), (9, 17), (1700, 21), (1, 1900), (5, 2)] {
        for (depth, color) in [(1, 0), (8, 0), (8, 2), (4, 3), (16, 4), (16, 6)] {
            let plain = crafted::Png::new(width, height, depth, color);
            let kept = Picture::read(&plain.bytes()).unwrap();
            assert_eq!(
                kept.bytes,
                Picture::read(&plain.interlaced().bytes()).unwrap().bytes,
                "{width} by {height}, {color}"
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn a_file_that_was_damaged_is_a_picture_or_none(
        png in any::<bool>(), places in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6), cut in any::<prop::sample::Index>()
    ) {
        let mut bytes = if png { packed(&drawn(40, 30), ImageFormat::Png) } else { from_a_phone(40, 30) };
        for (place, byte) in places {
            let at = place.index(bytes.len());
            bytes[at] = byte;
        }
        for sent in [&bytes[..], &bytes[..cut.index(bytes.len())]] {
            if let Ok(kept) = Picture::read(sent) {
                prop_assert!(kept.width.max(kept.height) <= LONG_SIDE);
                prop_assert!(Picture::small(&kept.bytes).is_some());
            }
        }
    }
}
