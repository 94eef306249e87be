//! Checks: the check screen, the list of checks, and corrections.

pub mod screen;

#[cfg(feature = "ssr")]
pub(crate) mod choices;
#[cfg(feature = "ssr")]
pub(crate) mod code;
#[cfg(feature = "ssr")]
mod correct;
#[cfg(feature = "ssr")]
pub(crate) mod forms;
#[cfg(feature = "ssr")]
pub(crate) mod list;
#[cfg(feature = "ssr")]
mod logged;
#[cfg(feature = "ssr")]
pub(crate) mod page;
#[cfg(feature = "ssr")]
mod phone_endpoints;
#[cfg(feature = "ssr")]
pub(crate) mod queue;

#[cfg(feature = "ssr")]
use crate::doors::Doors;

#[cfg(feature = "ssr")]
pub(crate) fn doors(doors: Doors) -> Doors {
    doors.merge(page::doors).merge(phone_endpoints::doors).merge(code::doors).merge(list::doors).merge(correct::doors)
}
