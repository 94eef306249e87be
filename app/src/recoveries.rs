//! Recoveries: who waits longest, and the way through one of them.

pub mod countdown;

#[cfg(feature = "ssr")]
mod aside;
#[cfg(feature = "ssr")]
pub(crate) mod clocks;
#[cfg(feature = "ssr")]
mod forms;
#[cfg(feature = "ssr")]
pub(crate) mod list;
#[cfg(feature = "ssr")]
mod names;
#[cfg(feature = "ssr")]
mod one;
#[cfg(feature = "ssr")]
pub(crate) mod page;
#[cfg(feature = "ssr")]
mod story;
#[cfg(not(feature = "hydrate"))]
#[path = "recoveries/still.rs"]
pub mod ticking;
#[cfg(feature = "hydrate")]
pub mod ticking;

#[cfg(feature = "ssr")]
pub use names::stage_key;
