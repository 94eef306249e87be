//! The composed form of a text (Unicode Normalization Form C, UAX #15) in the browser.
//!
//! It uses the browser's own tables, because ours would be as large as all other rules together.

use js_sys::JsString;

pub(super) fn composed(text: &str) -> String {
    JsString::from(text).normalize("NFC").into()
}
