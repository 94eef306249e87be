//! The page around the outbox: who it is for, and the forms on it that are sent from the phone.

use leptos::form::form_data_from_event;
use leptos::prelude::{document, event_target, window};
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{HtmlElement, HtmlFormElement, SubmitEvent};

/// Whether a form that is sent is the one by which people sign out.
pub fn is_leaving(event: &SubmitEvent) -> bool {
    let form: HtmlFormElement = event_target(event);
    form.action().ends_with("/sign-out")
}

/// Whether whoever the page was made for is gone: their turn is over, or they have signed out.
pub fn is_over() -> bool {
    document().document_element().is_some_and(|root| root.has_attribute("data-over"))
}

/// Asks before something is done.
pub fn agrees(question: &str) -> bool {
    window().confirm_with_message(question).unwrap_or(true)
}

/// A picture as an image shows it.
pub fn shown(bytes: &[u8]) -> String {
    let binary: String = bytes.iter().map(|byte| char::from(*byte)).collect();
    ["data:image/jpeg;base64,", &window().btoa(&binary).unwrap_or_default()].concat()
}

/// The promises of one place that are kept, as its form says.
pub struct KeptTogether {
    form: HtmlFormElement,
    pub place: String,
    pub about: String,
    /// Each with the version of its wording, and its title.
    pub kept: Vec<[String; 3]>,
}

/// The same from a form that is just being sent, which is kept from the browser. None from any other form, and from one in
/// which nothing is ticked.
pub fn kept_together(event: &SubmitEvent) -> Option<KeptTogether> {
    let form: HtmlFormElement = event_target(event);
    let [place, about] = ["data-place", "data-about"].map(|name| form.get_attribute(name));
    let data = form_data_from_event(event).ok()?;
    let picked = |value: String| {
        let mut parts = value.split(' ').map(str::to_owned);
        let (guarantee, version) = (parts.next()?, parts.nth(1)?);
        let field = form.query_selector(&format!("[value=\"{value}\"]")).ok()??;
        Some([guarantee, version, field.closest("label").ok()??.text_content()?])
    };
    let (place, about) = (place?, about?);
    let kept: Vec<_> = data.get_all("kept").iter().filter_map(|value| picked(value.as_string()?)).collect();
    if kept.is_empty() {
        return None;
    }
    event.prevent_default();
    Some(KeptTogether { form, place, about, kept })
}

impl KeptTogether {
    /// Sends the form as the browser would have.
    pub fn send(&self) {
        let _ = self.form.submit();
    }

    /// Says that all of it is on the phone, instead of asking again.
    pub fn say_saved(&self) {
        let said = document().get_element_by_id("together-saved").and_then(|said| said.dyn_into::<HtmlElement>().ok());
        if let (Some(said), Ok(Some(asked))) = (said, self.form.closest("details")) {
            let _ = asked.set_attribute("hidden", "");
            let _ = said.remove_attribute("hidden");
            let _ = said.focus();
        }
    }
}
