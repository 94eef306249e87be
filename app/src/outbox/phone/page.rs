//! The page around the outbox: whether its session is over, and its forms that the phone sends.

use crate::addresses;
use leptos::form::form_data_from_event;
use leptos::prelude::{document, event_target, window};
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{HtmlElement, HtmlFormElement, SubmitEvent};

/// Whether this is the form for signing out.
pub fn is_sign_out(event: &SubmitEvent) -> bool {
    let form: HtmlFormElement = event_target(event);
    form.action().ends_with(addresses::SIGN_OUT)
}

/// Whether the session that the page was made for is over, by time or by signing out.
pub fn is_session_over() -> bool {
    document().document_element().is_some_and(|root| root.has_attribute("data-over"))
}

pub fn confirm(question: &str) -> bool {
    window().confirm_with_message(question).unwrap_or(true)
}

/// A data URL for an image.
pub fn object_url(bytes: &[u8]) -> String {
    let binary: String = bytes.iter().map(|byte| char::from(*byte)).collect();
    ["data:image/jpeg;base64,", &window().btoa(&binary).unwrap_or_default()].concat()
}

/// The promises of one place that were ticked as kept in a form.
pub struct BulkKept {
    form: HtmlFormElement,
    pub place: String,
    pub about: String,
    /// Guarantee, version of the wording, and title.
    pub kept: Vec<[String; 3]>,
}

/// Reads such a form when it is submitted, and keeps the browser from sending it. `None` for any other form, and if
/// nothing is ticked.
pub fn bulk_kept(event: &SubmitEvent) -> Option<BulkKept> {
    let form: HtmlFormElement = event_target(event);
    let [place, about] = ["data-place", "data-about"].map(|name| form.get_attribute(name));
    let data = form_data_from_event(event).ok()?;
    let parse = |value: String| {
        let mut parts = value.split(' ').map(str::to_owned);
        let (guarantee, version) = (parts.next()?, parts.nth(1)?);
        let field = form.query_selector(&format!("[value=\"{value}\"]")).ok()??;
        Some([guarantee, version, field.closest("label").ok()??.text_content()?])
    };
    let (place, about) = (place?, about?);
    let kept: Vec<_> = data.get_all("kept").iter().filter_map(|value| parse(value.as_string()?)).collect();
    if kept.is_empty() {
        return None;
    }
    event.prevent_default();
    Some(BulkKept { form, place, about, kept })
}

impl BulkKept {
    /// Sends the form as the browser would have.
    pub fn send(&self) {
        let _ = self.form.submit();
    }

    /// Replaces the form with a note that all are stored on the phone.
    pub fn show_saved(&self) {
        let notice =
            document().get_element_by_id("together-saved").and_then(|notice| notice.dyn_into::<HtmlElement>().ok());
        if let (Some(notice), Ok(Some(details))) = (notice, self.form.closest("details")) {
            let _ = details.set_attribute("hidden", "");
            let _ = notice.remove_attribute("hidden");
            let _ = notice.focus();
        }
    }
}
