#[cfg(feature = "ssr")]
pub(crate) mod page;
