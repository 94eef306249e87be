//! The record: the append-only, hash-chained public history of a business.
//!
//! The hash of an entry is SHA-256 over its content and the hash of the entry before it (Haber and Stornetta, "How to
//! time-stamp a digital document", 1991). Free text enters only as a salted commitment, so it can be redacted without
//! breaking the chain.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::fault::Fault;

/// A SHA-256 hash, written as 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Hash([u8; 32]);

/// One entry of the record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The number of the entry, from 1 without gaps.
    pub seq: i64,
    pub at: DateTime<Utc>,
    pub kind: String,
    pub body: Value,
    pub prev: Hash,
    pub hash: Hash,
}

/// The end of the chain: the number and hash of the last entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    pub seq: i64,
    pub hash: Hash,
}

/// A free text that was taken out of a value, to be stored beside the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FreeText {
    pub field: &'static str,
    pub text: String,
    /// Whether every reader of the record may see the text.
    pub public: bool,
}

/// What is wrong with a record, with the number of the first entry that does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ChainError {
    #[error("entry {seq} is missing")]
    Missing { seq: i64 },
    #[error("entry {seq} does not follow from the one before it")]
    BrokenLink { seq: i64 },
    #[error("entry {seq} was changed: its content does not match its hash")]
    Changed { seq: i64 },
    #[error("entry {seq} commits to a text that was changed")]
    TextChanged { seq: i64 },
    #[error("entry {seq} tells what cannot be after the entries before it")]
    Contradiction { seq: i64 },
    #[error("the record ends at entry {seq}, but its head says otherwise")]
    HeadMismatch { seq: i64 },
}

impl Hash {
    /// The previous hash of the first entry.
    pub const ZERO: Self = Self([0; 32]);

    /// The SHA-256 hash of these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The 32 bytes of the hash.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// A hash from its bytes.
    ///
    /// # Errors
    /// [`Fault::Malformed`] if there are not exactly 32.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Fault> {
        bytes.try_into().map(Self).map_err(|_| Fault::Malformed)
    }
}

/// The salted commitment to a text: SHA-256 of salt and text. It reveals nothing, and proves the text to a reader who
/// gets text and salt.
#[must_use]
pub fn commitment(salt: &[u8], text: &str) -> Hash {
    Hash(Sha256::new().chain_update(salt).chain_update(text).finalize().into())
}

impl Head {
    /// The head of an empty record.
    pub const START: Self = Self { seq: 0, hash: Hash::ZERO };

    /// Makes the entry that follows this head.
    #[must_use]
    pub fn next_entry(&self, at: DateTime<Utc>, kind: &str, body: Value) -> Entry {
        let (seq, prev) = (self.seq + 1, self.hash);
        let hash = entry_hash(seq, at, kind, &body, &prev);
        Entry { seq, at, kind: kind.to_owned(), body, prev, hash }
    }

    /// Verifies that an entry follows this head, and returns the new head.
    ///
    /// # Errors
    /// [`ChainError::Missing`], [`ChainError::BrokenLink`] or [`ChainError::Changed`].
    pub fn verify_next(&self, entry: &Entry) -> Result<Self, ChainError> {
        let seq = self.seq + 1;
        if entry.seq != seq {
            return Err(ChainError::Missing { seq });
        }
        if entry.prev != self.hash {
            return Err(ChainError::BrokenLink { seq });
        }
        if entry_hash(seq, entry.at, &entry.kind, &entry.body, &entry.prev) != entry.hash {
            return Err(ChainError::Changed { seq });
        }
        Ok(Self { seq, hash: entry.hash })
    }
}

/// SHA-256 over the canonical JSON of the entry without its hash: sorted keys, no white space, times in UTC with
/// milliseconds (the same as RFC 8785 for the values that occur here).
fn entry_hash(seq: i64, at: DateTime<Utc>, kind: &str, body: &Value, prev: &Hash) -> Hash {
    let at = at.to_rfc3339_opts(SecondsFormat::Millis, true);
    let kind = Value::from(kind);
    Hash::of(format!(r#"{{"at":"{at}","body":{body},"kind":{kind},"prev":"{prev}","seq":{seq}}}"#).as_bytes())
}

/// Splits a value into its free texts (`free`: field, whether public) and all other fields.
///
/// # Errors
/// The value does not serialise to a JSON object.
pub fn split_texts(
    value: &impl Serialize,
    free: &[(&'static str, bool)],
) -> Result<(Map<String, Value>, Vec<FreeText>), serde_json::Error> {
    let mut map: Map<String, Value> = serde_json::from_value(serde_json::to_value(value)?)?;
    let mut texts = Vec::new();
    for (field, public) in free {
        let text = match map.remove(*field) {
            Some(Value::String(text)) => text,
            Some(Value::Array(lines)) => lines.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("\n"),
            _ => continue,
        };
        texts.push(FreeText { field, text, public: *public });
    }
    Ok((map, texts))
}

/// Joins the fields and free texts of a value again.
///
/// # Errors
/// They do not deserialise to the value.
pub fn join_texts<T: DeserializeOwned>(
    mut map: Map<String, Value>,
    texts: impl IntoIterator<Item = (String, String)>,
) -> Result<T, serde_json::Error> {
    map.extend(texts.into_iter().map(|(field, text)| (field, Value::String(text))));
    serde_json::from_value(Value::Object(map))
}

impl std::str::FromStr for Hash {
    type Err = Fault;
    fn from_str(text: &str) -> Result<Self, Fault> {
        text.to_owned().try_into()
    }
}

impl TryFrom<String> for Hash {
    type Error = Fault;
    fn try_from(text: String) -> Result<Self, Fault> {
        let digits = text.as_bytes();
        if digits.len() != 64 {
            return Err(Fault::Malformed);
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            let pair = std::str::from_utf8(pair).map_err(|_| Fault::Malformed)?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| Fault::Malformed)?;
        }
        Ok(Self(bytes))
    }
}

impl From<Hash> for String {
    fn from(hash: Hash) -> Self {
        hash.to_string()
    }
}

impl std::fmt::Display for Hash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn chain(bodies: &[u32]) -> Vec<Entry> {
        let at = DateTime::from_timestamp_millis(1_700_000_000_000).unwrap();
        let mut head = Head::START;
        let mut entries = Vec::new();
        for body in bodies {
            let entry = head.next_entry(at, "check", json!({ "n": body }));
            head = head.verify_next(&entry).unwrap();
            entries.push(entry);
        }
        entries
    }

    fn verify_chain(entries: &[Entry]) -> Result<Head, ChainError> {
        entries.iter().try_fold(Head::START, |head, entry| head.verify_next(entry))
    }

    #[test]
    fn a_commitment_depends_on_its_salt() {
        assert_ne!(commitment(b"one", "text"), commitment(b"two", "text"));
        assert_eq!(commitment(b"abc", ""), Hash::of(b"abc"));
    }

    #[test]
    fn a_hash_round_trips_as_hex() {
        let hash = Hash::of(b"");
        let known = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(hash.to_string(), known);
        assert_eq!(Hash::try_from(known.to_owned()), Ok(hash));
        assert_eq!(Hash::try_from("zz".repeat(32)), Err(Fault::Malformed));
        assert_eq!(Hash::try_from("é".repeat(32)), Err(Fault::Malformed));
    }

    proptest! {
        #[test]
        fn an_entry_hash_covers_its_canonical_json_without_the_hash(kind in ".*", text in ".*", millis in 0..4_000_000_000_000_i64) {
            let at = DateTime::from_timestamp_millis(millis).unwrap();
            let entry = Head { seq: 6, hash: Hash::of(b"before") }.next_entry(at, &kind, json!({ "z": text, "a": [1, null] }));
            let mut content = serde_json::to_value(&entry).unwrap();
            content["at"] = at.to_rfc3339_opts(SecondsFormat::Millis, true).into();
            content.as_object_mut().unwrap().remove("hash");
            prop_assert_eq!(entry.hash, Hash::of(content.to_string().as_bytes()));
        }

        #[test]
        fn any_changed_missing_or_swapped_entry_is_found(bodies in prop::collection::vec(any::<u32>(), 2..20), at in any::<prop::sample::Index>()) {
            let entries = chain(&bodies);
            prop_assert!(verify_chain(&entries).is_ok());
            let i = at.index(entries.len());

            let mut changed = entries.clone();
            changed[i].body = json!({ "n": -1 });
            prop_assert_eq!(verify_chain(&changed), Err(ChainError::Changed { seq: entries[i].seq }));

            let mut gone = entries.clone();
            gone.remove(i);
            prop_assert!(i == entries.len() - 1 || verify_chain(&gone).is_err());

            let mut swapped = entries;
            let j = (i + 1) % swapped.len();
            swapped.swap(i, j);
            prop_assert!(verify_chain(&swapped).is_err());
        }
    }
}
