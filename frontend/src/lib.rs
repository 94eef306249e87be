//! What the browser loads. It hydrates the islands of a page.

/// Named so that the islands are linked in.
pub use app;

#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
