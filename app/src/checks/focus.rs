//! Where the focus goes when what had it is gone from the page: whoever goes by keys or by ear goes on with what follows.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement};

/// Once the page has changed: if nothing that is shown has the focus, the first of these that is shown gets it.
pub fn carry_on(selectors: &'static [&'static str]) {
    request_animation_frame(move || {
        let active = document().active_element().and_then(shown);
        if active.is_some_and(|active| document().body().as_ref() != Some(&active)) {
            return;
        }
        let mut found = selectors.iter().filter_map(|selector| document().query_selector(selector).ok().flatten());
        let Some(next) = found.find_map(shown) else { return };
        // What nobody goes to by keys can still be gone on from.
        if next.tab_index() < 0 && !next.has_attribute("tabindex") {
            let _ = next.set_attribute("tabindex", "-1");
        }
        let _ = next.focus();
    });
}

fn shown(element: Element) -> Option<HtmlElement> {
    let element = element.dyn_into::<HtmlElement>().ok()?;
    (element.offset_height() > 0).then_some(element)
}
