//! Guarantees: the problem first, then the promise, its wording in versions, and where it stands.

pub mod linter;

#[cfg(feature = "ssr")]
pub(crate) mod page;
