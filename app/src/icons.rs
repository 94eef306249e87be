//! Icons, drawn as strokes. They always have a text beside them.

use leptos::prelude::*;

/// An icon of 16 × 16 units in the colour of the surrounding text.
#[component]
fn Icon(class: &'static str, strokes: &'static str) -> impl IntoView {
    view! {
        <svg class=class viewBox="0 0 16 16" aria-hidden="true">
            <path d=strokes />
        </svg>
    }
}

/// Kept: a tick.
#[component]
pub fn KeptIcon() -> impl IntoView {
    view! { <Icon class="icon kept" strokes="m2 8.5 4 4 8-9" /> }
}

/// Broken: a square with a crack through it.
#[component]
pub fn BrokenIcon() -> impl IntoView {
    view! { <Icon class="icon broken" strokes="M2 2h12v12H2zM9.5 2 6 7l4 2-3.5 5" /> }
}

/// Missed: a circle.
#[component]
pub fn MissedIcon() -> impl IntoView {
    view! { <Icon class="icon missed" strokes="M8 2a6 6 0 1 1 0 12A6 6 0 1 1 8 2" /> }
}

/// Not applicable: a dash.
#[component]
pub fn NotApplicableIcon() -> impl IntoView {
    view! { <Icon class="icon aside" strokes="M3 8h10" /> }
}

/// A clock.
#[component]
pub fn ClockIcon() -> impl IntoView {
    view! { <Icon class="icon" strokes="M8 2a6 6 0 1 1 0 12A6 6 0 1 1 8 2M8 5v3.5l2.5 1.5" /> }
}

/// A person.
#[component]
pub fn PersonIcon() -> impl IntoView {
    view! { <Icon class="icon" strokes="M8 2a3 3 0 1 1 0 6 3 3 0 1 1 0-6M2 14.5c0-6 12-6 12 0" /> }
}

/// An arrow to the right.
#[component]
pub fn ArrowIcon() -> impl IntoView {
    view! { <Icon class="icon" strokes="M2 8h12M9.5 3.5 14 8l-4.5 4.5" /> }
}
