//! What anyone sees: through the router, on a store of its own.
#![cfg(feature = "ssr")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod cache;
mod follow_up;
mod pages;
mod private;
mod record;
mod world;
