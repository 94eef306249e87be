//! The composed form of a text (Unicode Normalization Form C), by the tables that every browser brings: ours would weigh
//! as much as all other rules together.

use js_sys::JsString;

pub(super) fn composed(text: &str) -> String {
    JsString::from(text).normalize("NFC").into()
}
