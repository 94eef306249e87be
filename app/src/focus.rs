//! Keyboard focus after its element has been removed from the page, so that keyboard and screen-reader users continue
//! with what follows.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement};

/// After the page has changed: if no visible element has the focus, moves it to the first visible element among these
/// selectors.
pub fn restore_focus(selectors: &'static [&'static str]) {
    request_animation_frame(move || {
        let active = document().active_element().and_then(visible_element);
        if active.is_some_and(|active| document().body().as_ref() != Some(&active)) {
            return;
        }
        let mut found = selectors.iter().filter_map(|selector| document().query_selector(selector).ok().flatten());
        let Some(next) = found.find_map(visible_element) else { return };
        // An element outside the tab order needs a `tabindex` to take the focus.
        if next.tab_index() < 0 && !next.has_attribute("tabindex") {
            let _ = next.set_attribute("tabindex", "-1");
        }
        let _ = next.focus();
    });
}

fn visible_element(element: Element) -> Option<HtmlElement> {
    let element = element.dyn_into::<HtmlElement>().ok()?;
    (element.offset_height() > 0).then_some(element)
}
