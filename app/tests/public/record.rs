//! The record can be taken away and checked by a stranger, with nothing but what the page says.

use domain::record::{Hash, commitment};
use serde_json::Value;

use crate::world::World;

#[tokio::test]
async fn every_record_hash_can_be_recomputed_from_the_download() {
    let world = World::new().await;
    world.kept(700).await;
    let recovery = world.broken().await;
    world.advance_to_follow_up(recovery).await;
    let file = world.get("/p/corner-shop/record.jsonl").await;
    assert_eq!(file.header("content-type"), "application/jsonl; charset=utf-8");
    let (mut seq, mut prev, mut opened) = (0, "0".repeat(64), 0);
    for line in file.text().lines() {
        let mut entry: Value = serde_json::from_str(line).unwrap();
        let fields = entry.as_object_mut().unwrap();
        let (hash, texts) = (fields.remove("hash").unwrap(), fields.remove("texts"));
        seq += 1;
        assert_eq!((&fields["seq"], &fields["prev"]), (&Value::from(seq), &Value::from(prev)));
        for text in texts.iter().flat_map(|texts| texts.as_array().unwrap()) {
            let salt: Vec<u8> = decode_hex(text["salt"].as_str().unwrap());
            let field = text["field"].as_str().unwrap();
            let committed = commitment(&salt, text["text"].as_str().unwrap()).to_string();
            assert_eq!(fields["body"]["texts"][field], Value::from(committed));
            opened += 1;
        }
        assert_eq!(hash, Value::from(Hash::of(entry.to_string().as_bytes()).to_string()));
        prev = hash.as_str().unwrap().to_owned();
    }
    assert!(seq > 700 && opened >= 7);
    let page = world.get("/p/corner-shop/record").await.text();
    assert!(page.contains(&prev) && page.contains(&format!("The record of Corner Shop has {seq} entries.")));
}

#[tokio::test]
async fn the_latest_record_entries_are_described_in_words() {
    let world = World::new().await;
    world.kept(2).await;
    let recovery = world.broken().await;
    world.advance_to_follow_up(recovery).await;
    let page = world.get("/p/corner-shop/record").await.text();
    for part in [
        "Version 1 of the wording: Clean floor",
        "Published: Clean floor",
        "Checked and kept: Clean floor",
        "Checked and broken: Clean floor",
        "A promise was broken, and its recovery began: Clean floor",
        "A recovery was acknowledged",
        "In a recovery, the customer was asked whether trust is restored",
    ] {
        assert!(page.contains(part), "{part}");
    }
    assert!(!page.contains("An entry of another kind"));
}

fn decode_hex(hex: &str) -> Vec<u8> {
    let digit = |c: u8| u8::try_from(char::from(c).to_digit(16).unwrap()).unwrap();
    hex.as_bytes().chunks(2).map(|pair| digit(pair[0]) * 16 + digit(pair[1])).collect()
}
