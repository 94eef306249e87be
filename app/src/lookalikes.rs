//! Warnings beside names on one screen that could be mistaken for each other.

use std::collections::HashMap;

use domain::confusables::alike;
use leptos::prelude::*;
use uuid::Uuid;

use crate::form::ChoiceItem;
use crate::texts::Texts;

/// For each such name, by id, the name it could be mistaken for.
pub(crate) struct LookalikeNames(HashMap<Uuid, String>);

impl LookalikeNames {
    /// Compares the names of people, programs or things.
    pub fn among<'n>(named: impl IntoIterator<Item = (Uuid, &'n str)>) -> Self {
        let (ids, names): (Vec<_>, Vec<_>) = named.into_iter().unzip();
        let found = alike(&names).into_iter().zip(ids);
        Self(found.filter_map(|(other, id)| Some((id, names[other?].to_owned()))).collect())
    }

    /// The warning, shown after the name.
    pub fn note(&self, texts: Texts, id: Uuid) -> Option<impl IntoView + use<>> {
        self.warning(texts, id).map(|warning| view! { " " <small class="alike">{warning}</small> })
    }

    /// A choice of a drop-down list, with the warning in its label.
    pub fn choice(&self, texts: Texts, id: Uuid, name: &str) -> ChoiceItem {
        let label = self.warning(texts, id).map_or_else(|| name.to_owned(), |warning| format!("{name} ({warning})"));
        ChoiceItem::new(id.to_string(), label)
    }

    fn warning(&self, texts: Texts, id: Uuid) -> Option<String> {
        self.0.get(&id).map(|other| texts.text_with("people-lookalike", &[("name", other.clone().into())]))
    }
}
