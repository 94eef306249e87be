//! Recoveries: the work queue, and the page of one recovery.

pub mod countdown;

#[cfg(feature = "ssr")]
pub(crate) mod deadlines;
#[cfg(feature = "ssr")]
mod forms;
#[cfg(feature = "ssr")]
pub(crate) mod list;
#[cfg(feature = "ssr")]
mod names;
#[cfg(feature = "ssr")]
mod other_steps;
#[cfg(feature = "ssr")]
pub(crate) mod page;
#[cfg(feature = "ssr")]
mod show;
#[cfg(feature = "ssr")]
mod timeline;
#[cfg(feature = "ssr")]
mod view;
