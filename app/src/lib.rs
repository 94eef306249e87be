//! The pages for owners, staff and customers, and the islands in them.
//!
//! In the browser only the islands are compiled. Everything else needs the feature `ssr`.

#![expect(
    clippy::must_use_candidate,
    clippy::needless_pass_by_value,
    reason = "components own what they are given, and view! uses what they return"
)]

pub mod addresses;
pub mod checks;
mod focus;
pub mod guarantees;
pub mod outbox;
pub mod recoveries;
#[cfg(not(feature = "hydrate"))]
#[path = "timer_server.rs"]
mod timer;
#[cfg(feature = "hydrate")]
mod timer;

#[cfg(feature = "ssr")]
mod account;
#[cfg(feature = "ssr")]
mod archive;
#[cfg(feature = "ssr")]
mod audit;
#[cfg(feature = "ssr")]
mod begin;
#[cfg(feature = "ssr")]
mod bottle;
#[cfg(feature = "ssr")]
mod businesses;
#[cfg(feature = "ssr")]
mod canonical_address;
#[cfg(feature = "ssr")]
mod client_address;
#[cfg(feature = "ssr")]
mod cookies;
#[cfg(feature = "ssr")]
mod crawlers;
#[cfg(feature = "ssr")]
mod cursor_pages;
#[cfg(feature = "ssr")]
mod customers;
#[cfg(feature = "ssr")]
mod day_chart;
#[cfg(feature = "ssr")]
mod devices;
#[cfg(feature = "ssr")]
pub mod doors;
#[cfg(feature = "ssr")]
mod drafts;
#[cfg(feature = "ssr")]
mod error;
#[cfg(feature = "ssr")]
pub mod event_streams;
#[cfg(feature = "ssr")]
mod factors;
#[cfg(feature = "ssr")]
mod flash;
#[cfg(feature = "ssr")]
mod follow_up;
#[cfg(feature = "ssr")]
mod form;
#[cfg(feature = "ssr")]
mod hashing;
#[cfg(feature = "ssr")]
mod icons;
#[cfg(feature = "ssr")]
mod invites;
#[cfg(feature = "ssr")]
mod legacy_cookies;
#[cfg(feature = "ssr")]
pub mod live;
#[cfg(feature = "ssr")]
mod local_time;
#[cfg(feature = "ssr")]
pub mod locale;
#[cfg(feature = "ssr")]
mod lookalikes;
#[cfg(feature = "ssr")]
mod names;
#[cfg(feature = "ssr")]
mod numbered_pages;
#[cfg(feature = "ssr")]
mod obstacles;
#[cfg(feature = "ssr")]
mod page;
#[cfg(feature = "ssr")]
mod page_cache;
#[cfg(feature = "ssr")]
mod passkeys;
#[cfg(feature = "ssr")]
pub mod password;
#[cfg(feature = "ssr")]
mod people;
#[cfg(feature = "ssr")]
mod photos;
#[cfg(feature = "ssr")]
mod places;
#[cfg(feature = "ssr")]
mod promise_status;
#[cfg(feature = "ssr")]
mod public;
#[cfg(feature = "ssr")]
mod qr;
#[cfg(feature = "ssr")]
pub mod rate_limits;
#[cfg(feature = "ssr")]
mod render;
#[cfg(feature = "ssr")]
mod request_context;
#[cfg(feature = "ssr")]
mod return_to;
#[cfg(feature = "ssr")]
mod routes;
#[cfg(feature = "ssr")]
mod script_policy;
#[cfg(feature = "ssr")]
mod second_looks;
#[cfg(feature = "ssr")]
mod second_step;
#[cfg(feature = "ssr")]
mod session;
#[cfg(feature = "ssr")]
mod settings;
#[cfg(feature = "ssr")]
mod shown_once;
#[cfg(feature = "ssr")]
mod sign_in;
#[cfg(feature = "ssr")]
mod site_access;
#[cfg(feature = "ssr")]
mod sites;
#[cfg(feature = "ssr")]
mod spreadsheet;
#[cfg(feature = "ssr")]
mod state;
#[cfg(feature = "ssr")]
pub mod texts;
#[cfg(feature = "ssr")]
mod today;
#[cfg(feature = "ssr")]
mod tokens;
#[cfg(feature = "ssr")]
mod user_agent;
#[cfg(feature = "ssr")]
mod webauthn;
#[cfg(feature = "ssr")]
mod zones;

#[cfg(feature = "ssr")]
pub use client_address::ClientAddress;
#[cfg(feature = "ssr")]
pub use error::{Conflict, Error};
#[cfg(feature = "ssr")]
pub use live::EventStream;
#[cfg(feature = "ssr")]
pub use photos::photo_response;
#[cfg(feature = "ssr")]
pub use request_context::preferred_language;
#[cfg(feature = "ssr")]
pub use routes::{doors, router};
#[cfg(feature = "ssr")]
pub use script_policy::{NoScript, Nonce};
#[cfg(feature = "ssr")]
pub use state::{AppState, AssetNames};
