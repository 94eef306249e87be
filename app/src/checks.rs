//! Checks: the check screen, what was checked so far, and mending a mistake.

pub mod api;
mod focus;
pub mod outbox;
pub mod screen;

#[cfg(feature = "ssr")]
mod answer;
#[cfg(feature = "ssr")]
pub(crate) mod code;
#[cfg(feature = "ssr")]
mod correct;
#[cfg(feature = "ssr")]
pub(crate) mod forms;
#[cfg(feature = "ssr")]
pub(crate) mod list;
#[cfg(feature = "ssr")]
pub(crate) mod page;
#[cfg(feature = "ssr")]
mod thanks;
#[cfg(feature = "ssr")]
pub(crate) mod waits;
#[cfg(feature = "ssr")]
pub(crate) mod when;
