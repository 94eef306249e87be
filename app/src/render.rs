//! How a view becomes HTML, and how its fields report their labels.

use std::sync::{Arc, Mutex, PoisonError};

use hydration_context::SsrSharedContext;
use leptos::prelude::*;
use leptos::reactive::owner::Owner;

/// Renders a view in one go. All data must be loaded already.
pub fn render<V: IntoView>(view: impl FnOnce() -> V) -> String {
    let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new_islands())));
    let html = owner.with(|| {
        provide_context(FieldLabels::default());
        view().into_view().to_html()
    });
    owner.cleanup();
    html
}

/// Name, id and label of each rejected field, recorded while the page is rendered.
#[derive(Clone, Default)]
pub struct FieldLabels(Arc<Mutex<Vec<[String; 3]>>>);

impl FieldLabels {
    /// Records a field that has a fault, for the summary above the form.
    pub fn note(name: &str, id: &str, label: &str) {
        if let Some(Self(labels)) = use_context::<Self>() {
            let mut labels = labels.lock().unwrap_or_else(PoisonError::into_inner);
            labels.push([name, id, label].map(ToOwned::to_owned));
        }
    }

    /// The id and the label of a field.
    pub fn of(&self, name: &str) -> Option<(String, String)> {
        let labels = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = labels.iter().find(|[field, ..]| field == name).cloned();
        found.map(|[_, id, label]| (id, label))
    }
}
