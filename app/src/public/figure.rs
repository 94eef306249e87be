//! A number above its caption.

use leptos::prelude::*;

pub fn figure(number: String, caption: String) -> impl IntoView + use<> {
    view! { <p><b class="num">{number}</b><span>{caption}</span></p> }
}
