//! Free texts, which are stored apart from their owners so that they can be redacted.

use std::collections::HashMap;

use domain::fault::Fault;
use domain::ids::BusinessId;
use domain::record::join_texts;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::db::{Conn, fetch};
use crate::error::Error;
use crate::stored_row::StoredRow;

/// Shown in place of a redacted text.
const REDACTED: &str = "—";

pub(crate) type Texts = HashMap<Uuid, Vec<(String, String)>>;

/// An owner, and all its texts in one value.
pub(crate) type PackedTexts = (Uuid, String);

/// Selects the texts of an owner as one value, because each row crosses from the thread of the database to that of the
/// request: the field, the length of the text in characters, and the text. A redacted text has the length -1.
macro_rules! packed_texts {
    ($texts:literal) => {
        concat!(
            "string_agg(",
            $texts,
            ".field || ' ' || COALESCE(length(",
            $texts,
            ".body), -1) || ' ' || COALESCE(",
            $texts,
            ".body, ''), '')"
        )
    };
}
pub(crate) use packed_texts;

/// The texts of each owner, each with its field.
pub(crate) fn by_owner(rows: Vec<PackedTexts>) -> Result<Texts, Error> {
    rows.into_iter().map(|(owner, packed)| Ok((owner, of_owner(owner, &packed)?))).collect()
}

/// The packed texts of an owner, each with its field.
pub(crate) fn of_owner(owner: Uuid, packed: &str) -> Result<Vec<(String, String)>, Error> {
    StoredRow("texts", owner).read("body", unpack(packed).ok_or(Fault::Malformed))
}

fn unpack(mut packed: &str) -> Option<Vec<(String, String)>> {
    let mut texts = Vec::new();
    while !packed.is_empty() {
        let (field, rest) = packed.split_once(' ')?;
        let (length, rest) = rest.split_once(' ')?;
        let length: i64 = length.parse().ok()?;
        let characters = usize::try_from(length.max(0)).ok()?;
        let end = rest.char_indices().map(|(at, _)| at).chain([rest.len()]).nth(characters)?;
        let (body, rest) = rest.split_at(end);
        texts.push((field.to_owned(), if length < 0 { REDACTED } else { body }.to_owned()));
        packed = rest;
    }
    Some(texts)
}

/// The texts of one owner, each with its field.
pub(crate) async fn load(conn: Conn<'_>, business: BusinessId, owner: Uuid) -> Result<Vec<(String, String)>, Error> {
    let sql = concat!(
        "SELECT t.owner_id, ",
        packed_texts!("t"),
        " FROM texts t WHERE t.business_id = $1 AND t.owner_id = $2 GROUP BY t.owner_id"
    );
    let rows = fetch!(conn, fetch_all as PackedTexts, sql, business.0, owner)?;
    Ok(by_owner(rows)?.remove(&owner).unwrap_or_default())
}

/// Assembles a value from its JSON without texts, and its texts.
pub(crate) fn assemble<T: DeserializeOwned>(
    stored: &StoredRow<Uuid>,
    bare: &str,
    texts: Vec<(String, String)>,
) -> Result<T, Error> {
    stored.read("bare", serde_json::from_str(bare).and_then(|bare| join_texts(bare, texts)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_texts_are_unpacked_or_refused() {
        let texts = |packed| unpack(packed).map(|texts| texts.into_iter().collect::<Vec<_>>());
        let pair = |field: &str, body: &str| (field.to_owned(), body.to_owned());
        let all = [pair("words", "Zażółć 7 💧\nline"), pair("cause", ""), pair("remedy", REDACTED), pair("why", "x")];
        assert_eq!(texts("words 15 Zażółć 7 💧\nlinecause 0 remedy -1 why 1 x"), Some(all.to_vec()));
        assert_eq!(texts(""), Some(vec![]));
        for wrong in ["words", "words 3", "words x y", "words 3 ab", "words 1 ab", "words  a"] {
            assert_eq!(texts(wrong), None, "{wrong}");
        }
    }
}
