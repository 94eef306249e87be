//! Free texts, which stand beside what they were said in until they are redacted.

use std::collections::HashMap;

use domain::ids::BusinessId;
use domain::record::join;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::db::{Conn, fetch};
use crate::error::Error;

/// What stands where a text was redacted.
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

/// The texts of one owner, by their fields.
pub(crate) async fn of(conn: Conn<'_>, business: BusinessId, owner: Uuid) -> Result<Vec<(String, String)>, Error> {
    let sql = "SELECT owner_id, field, body FROM texts WHERE business_id = $1 AND owner_id = $2";
    let rows = fetch!(conn, fetch_all as TextRow, sql, business.0, owner)?;
    Ok(by_owner(rows).remove(&owner).unwrap_or_default())
}

/// A value put together again from its bare JSON and its texts.
pub(crate) fn whole<T: DeserializeOwned>(bare: &str, texts: Vec<(String, String)>) -> Result<T, Error> {
    Ok(join(serde_json::from_str(bare)?, texts)?)
}
