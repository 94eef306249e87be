//! A list of which older rows stand on the next page: what was asked for, and the way on.

use std::str::FromStr;

use leptos::prelude::*;
use serde::Deserialize;

use crate::error::Error;
use crate::texts::Texts;

/// How many rows a page has.
pub const MOST: i64 = 50;

/// What stands in an address: the last row of the page before, the newest if left out.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    before: Option<String>,
}

impl Wanted {
    /// # Errors
    /// It names nothing.
    pub fn parse<I: FromStr>(&self) -> Result<Option<I>, Error> {
        self.before.as_ref().map(|id| id.parse().map_err(|_| Error::NotFound)).transpose()
    }
}

/// The way to older rows, and back to the newest.
pub fn links(texts: Texts, address: &str, before: Option<String>, is_later: bool) -> Option<impl IntoView + use<>> {
    if before.is_none() && !is_later {
        return None;
    }
    let older = before.map(|last| {
        let to = format!("{address}?before={last}");
        view! { <a class="btn quiet" rel="next" href=to>{texts.say("listed-older")}</a> }
    });
    let newest = is_later.then(|| view! { <a class="link" href=address.to_owned()>{texts.say("listed-newest")}</a> });
    Some(view! { <p class="row">{older} {newest}</p> })
}
