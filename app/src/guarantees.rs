//! Guarantees: problems, promises, the versions of their wording, and their stages.

pub mod linter;

#[cfg(feature = "ssr")]
pub(crate) mod page;
