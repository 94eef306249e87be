//! Paging by cursor: a list, newest first, with a link to older rows.

use std::str::FromStr;

use leptos::prelude::*;
use serde::Deserialize;

use crate::addresses;
use crate::error::Error;
use crate::texts::Texts;

/// Rows per page.
pub const PAGE_SIZE: i64 = 50;

/// The last row of the page before; without it, the list starts at the newest.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct CursorQuery {
    before: Option<String>,
}

impl CursorQuery {
    /// # Errors
    /// The cursor is not a valid id.
    pub fn parse<I: FromStr>(&self) -> Result<Option<I>, Error> {
        self.before.as_ref().map(|id| id.parse().map_err(|_| Error::NotFound)).transpose()
    }
}

/// Links to older rows and back to the newest.
pub fn links(texts: Texts, address: &str, before: Option<String>, is_later: bool) -> Option<impl IntoView + use<>> {
    if before.is_none() && !is_later {
        return None;
    }
    let older = before.map(|last| {
        let to = addresses::older_rows(address, last);
        view! { <a class="btn quiet" rel="next" href=to>{texts.text("list-older")}</a> }
    });
    let newest = is_later.then(|| view! { <a class="link" href=address.to_owned()>{texts.text("list-newest")}</a> });
    Some(view! { <p class="row">{older} {newest}</p> })
}
