//! Free texts, which are stored apart from their owners so that they can be redacted.

use std::collections::HashMap;

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
pub(crate) type TextRow = (Uuid, String, Option<String>);

pub(crate) fn by_owner(rows: Vec<TextRow>) -> Texts {
    let mut texts = Texts::new();
    for (owner, field, body) in rows {
        texts.entry(owner).or_default().push((field, body.unwrap_or_else(|| REDACTED.to_owned())));
    }
    texts
}

/// The texts of one owner, each with its field.
pub(crate) async fn load(conn: Conn<'_>, business: BusinessId, owner: Uuid) -> Result<Vec<(String, String)>, Error> {
    let sql = "SELECT owner_id, field, body FROM texts WHERE business_id = $1 AND owner_id = $2";
    let rows = fetch!(conn, fetch_all as TextRow, sql, business.0, owner)?;
    Ok(by_owner(rows).remove(&owner).unwrap_or_default())
}

/// Assembles a value from its JSON without texts, and its texts.
pub(crate) fn assemble<T: DeserializeOwned>(
    stored: &StoredRow<Uuid>,
    bare: &str,
    texts: Vec<(String, String)>,
) -> Result<T, Error> {
    stored.read("bare", serde_json::from_str(bare).and_then(|bare| join_texts(bare, texts)))
}
