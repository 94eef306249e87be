mod crafted;
mod memory;

use std::io::Cursor;

use image::{ImageFormat, Rgb, RgbImage};

use proptest::prelude::*;

use super::*;

const SECRET: &[u8] = b"GPS 39.01 N 94.20 W";

fn gradient(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| Rgb([x * 7, y * 5, x ^ y].map(|value| u8::try_from(value % 256).unwrap())))
}

fn encoded(picture: &RgbImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Vec::new();
    picture.write_to(&mut Cursor::new(&mut bytes), format).unwrap();
    bytes
}

/// A JPEG as from a phone: rotated, and with a GPS position (Exif 2.3, an APP1 segment with a TIFF inside).
fn phone_jpeg(width: u32, height: u32) -> Vec<u8> {
    let tiff: &[u8] = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
    let segment = [b"Exif\0\0", tiff, SECRET].concat();
    let length = u16::try_from(segment.len() + 2).unwrap().to_be_bytes();
    let plain = encoded(&gradient(width, height), ImageFormat::Jpeg);
    [&plain[..2], &[0xff, 0xe1], &length, &segment, &plain[2..]].concat()
}

/// The header of a PNG with these dimensions, and nothing after it.
fn png_header(width: u32, height: u32) -> Vec<u8> {
    let mut head = encoded(&gradient(1, 1), ImageFormat::Png);
    head[16..20].copy_from_slice(&width.to_be_bytes());
    head[20..24].copy_from_slice(&height.to_be_bytes());
    let sum = crc(&head[12..29]);
    head[29..33].copy_from_slice(&sum.to_be_bytes());
    head
}

/// CRC-32 as in PNG (ISO 3309).
fn crc(bytes: &[u8]) -> u32 {
    let step = |sum: u32, byte: &u8| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ (0xedb8_8320 & (sum & 1).wrapping_neg()))
    };
    !bytes.iter().fold(!0, step)
}

fn contains_bytes(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|window| window == what)
}

#[test]
fn location_metadata_is_removed_and_rotation_is_applied() {
    let sent = phone_jpeg(40, 20);
    assert!(contains_bytes(&sent, SECRET));
    let kept = EncodedPhoto::read(&sent).unwrap();
    assert!(!contains_bytes(&kept.bytes, SECRET) && !contains_bytes(&kept.bytes, b"Exif"));
    assert_eq!((kept.width, kept.height), (20, 40));
}

#[test]
fn a_large_photo_is_scaled_down_and_a_small_one_is_not() {
    let large = EncodedPhoto::read(&encoded(&gradient(2000, 1000), ImageFormat::Jpeg)).unwrap();
    assert_eq!((large.width, large.height), (1600, 800));
    let small = EncodedPhoto::read(&encoded(&gradient(300, 200), ImageFormat::Png)).unwrap();
    assert_eq!((small.width, small.height), (300, 200));
    assert_eq!(image::guess_format(&small.bytes).unwrap(), ImageFormat::Jpeg);
}

#[test]
fn metadata_does_not_change_the_hash_of_a_photo() {
    let plain = encoded(&gradient(40, 20), ImageFormat::Jpeg);
    let mut tagged = plain.clone();
    tagged.splice(2..2, [&[0xff, 0xfe, 0, 9][..], b"comment"].concat());
    assert_eq!(EncodedPhoto::read(&plain).unwrap().hash(), EncodedPhoto::read(&tagged).unwrap().hash());
}

#[test]
fn embedded_scripts_and_archives_are_removed_from_a_photo() {
    let script = b"<script>alert(1)</script>";
    let mut both = encoded(&gradient(40, 20), ImageFormat::Jpeg);
    both.splice(2..2, [&[0xff, 0xfe, 0, 27][..], script].concat());
    both.extend_from_slice(b"PK\x03\x04 and a whole archive");
    let kept = EncodedPhoto::read(&both).unwrap();
    assert!(!contains_bytes(&kept.bytes, script) && !contains_bytes(&kept.bytes, b"PK\x03\x04"));
}

#[test]
fn a_file_that_is_not_a_photo_is_refused() {
    let svg = br#"<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>"#;
    let cut = encoded(&gradient(400, 200), ImageFormat::Png);
    let others: [&[u8]; 6] = [svg, b"", b"GIF89a\x01\0\x01\0", b"%PDF-1.7", b"\xff\xd8\xff\xe0", &cut[..cut.len() / 2]];
    for sent in others {
        assert_eq!(EncodedPhoto::read(sent).err(), Some(Fault::NotAPicture), "{:?}", &sent[..sent.len().min(12)]);
    }
}

#[test]
fn a_photo_that_is_too_large_is_refused_before_decoding() {
    assert_eq!(EncodedPhoto::read(&png_header(20_000, 10_000)).err(), Some(Fault::TooLarge));
    assert_eq!(EncodedPhoto::read(&png_header(100_000, 100_000)).err(), Some(Fault::TooLarge));
    assert_eq!(EncodedPhoto::read(&vec![0xff; MAX_BYTES + 1]).err(), Some(Fault::TooLarge));
}

/// The mean colours of the left and the right half of a picture.
fn mean_colors_of_halves(bytes: &[u8]) -> [[u8; 3]; 2] {
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
fn a_scaled_photo_shows_the_same_image() {
    let shades = [[200, 60, 40], [30, 90, 180]];
    for (width, height) in [(400, 30), (1601, 120), (2000, 32), (640, 2000), (3200, 10), (65_000, 2)] {
        let drawn = RgbImage::from_fn(width, height, |x, _| Rgb(shades[usize::from(x >= width / 2)]));
        for format in [ImageFormat::Png, ImageFormat::Jpeg] {
            let kept = EncodedPhoto::read(&encoded(&drawn, format)).unwrap();
            for bytes in [&kept.bytes, &EncodedPhoto::small(&kept.bytes).unwrap().bytes] {
                let seen = mean_colors_of_halves(bytes);
                let far =
                    seen.iter().flatten().zip(shades.iter().flatten()).map(|(one, other)| one.abs_diff(*other)).max();
                assert!(far <= Some(6), "{width} by {height}, {format:?}: {seen:?}");
            }
        }
    }
}

#[test]
fn an_interlaced_photo_decodes_like_a_plain_one() {
    for (width, height) in [(1, 1), (3, 5), (8, 8), (9, 17), (1700, 21), (1, 1900), (5, 2)] {
        for (depth, color) in [(1, 0), (8, 0), (8, 2), (4, 3), (16, 4), (16, 6)] {
            let plain = crafted::Png::new(width, height, depth, color);
            let kept = EncodedPhoto::read(&plain.bytes()).unwrap();
            assert_eq!(
                kept.bytes,
                EncodedPhoto::read(&plain.interlaced().bytes()).unwrap().bytes,
                "{width} by {height}, {color}"
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn a_damaged_file_decodes_to_a_valid_photo_or_is_refused(
        png in any::<bool>(), places in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6), cut in any::<prop::sample::Index>()
    ) {
        let mut bytes = if png { encoded(&gradient(40, 30), ImageFormat::Png) } else { phone_jpeg(40, 30) };
        for (place, byte) in places {
            let at = place.index(bytes.len());
            bytes[at] = byte;
        }
        for sent in [&bytes[..], &bytes[..cut.index(bytes.len())]] {
            if let Ok(kept) = EncodedPhoto::read(sent) {
                prop_assert!(kept.width.max(kept.height) <= LARGE_SIDE);
                prop_assert!(EncodedPhoto::small(&kept.bytes).is_some());
            }
        }
    }
}
