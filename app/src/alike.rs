//! Names on one screen that could be taken for one another: said beside each, in words.

use std::collections::HashMap;

use domain::likeness::alike;
use leptos::prelude::*;
use uuid::Uuid;

use crate::form::Item;
use crate::texts::Texts;

/// For whoever has such a name, the other one.
pub(crate) struct Alike(HashMap<Uuid, String>);

impl Alike {
    /// Among these people, programs or things, by their ids.
    pub fn among<'n>(named: impl IntoIterator<Item = (Uuid, &'n str)>) -> Self {
        let (ids, names): (Vec<_>, Vec<_>) = named.into_iter().unzip();
        let found = alike(&names).into_iter().zip(ids);
        Self(found.filter_map(|(other, id)| Some((id, names[other?].to_owned()))).collect())
    }

    /// Stands after the name.
    pub fn note(&self, texts: Texts, id: Uuid) -> Option<impl IntoView + use<>> {
        self.says(texts, id).map(|says| view! { " " <small class="alike">{says}</small> })
    }

    /// In a list to choose from there is room for words only.
    pub fn item(&self, texts: Texts, id: Uuid, name: &str) -> Item {
        let label = self.says(texts, id).map_or_else(|| name.to_owned(), |says| format!("{name} ({says})"));
        Item::new(id.to_string(), label)
    }

    fn says(&self, texts: Texts, id: Uuid) -> Option<String> {
        self.0.get(&id).map(|other| texts.tell("people-alike", &[("name", other.clone().into())]))
    }
}
