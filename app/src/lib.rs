//! What people see: pages for the owner, the staff and the customer, and the islands in them.
//!
//! With islands the browser needs no page and no route: everything but islands is of the server.

#![expect(
    clippy::must_use_candidate,
    clippy::needless_pass_by_value,
    reason = "components own what they are given, and view! uses what they return"
)]

pub mod checks;
pub mod guarantees;
pub mod recoveries;

#[cfg(feature = "ssr")]
mod account;
#[cfg(feature = "ssr")]
mod alike;
#[cfg(feature = "ssr")]
mod archive;
#[cfg(feature = "ssr")]
mod audit;
#[cfg(feature = "ssr")]
mod begin;
#[cfg(feature = "ssr")]
mod bottle;
#[cfg(feature = "ssr")]
mod browser;
#[cfg(feature = "ssr")]
mod businesses;
#[cfg(feature = "ssr")]
mod client;
#[cfg(feature = "ssr")]
mod cookies;
#[cfg(feature = "ssr")]
mod crawlers;
#[cfg(feature = "ssr")]
mod customers;
#[cfg(feature = "ssr")]
mod days;
#[cfg(feature = "ssr")]
mod devices;
#[cfg(feature = "ssr")]
pub mod doors;
#[cfg(feature = "ssr")]
mod drafts;
#[cfg(feature = "ssr")]
mod error;
#[cfg(feature = "ssr")]
mod factors;
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
pub mod limits;
#[cfg(feature = "ssr")]
mod listed;
#[cfg(feature = "ssr")]
pub mod live;
#[cfg(feature = "ssr")]
pub mod locale;
#[cfg(feature = "ssr")]
mod obstacles;
#[cfg(feature = "ssr")]
mod one_address;
#[cfg(feature = "ssr")]
mod page;
#[cfg(feature = "ssr")]
mod parts;
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
mod public;
#[cfg(feature = "ssr")]
mod qr;
#[cfg(feature = "ssr")]
mod reach;
#[cfg(feature = "ssr")]
mod return_to;
#[cfg(feature = "ssr")]
mod routes;
#[cfg(feature = "ssr")]
mod second_looks;
#[cfg(feature = "ssr")]
mod second_step;
#[cfg(feature = "ssr")]
mod settings;
#[cfg(feature = "ssr")]
mod shown_once;
#[cfg(feature = "ssr")]
mod sign_in;
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
mod visit;

#[cfg(feature = "ssr")]
pub use client::Client;
#[cfg(feature = "ssr")]
pub use error::{Error, Refusal};
#[cfg(feature = "ssr")]
pub use live::EventStream;
#[cfg(feature = "ssr")]
pub use page::{NoScript, Nonce};
#[cfg(feature = "ssr")]
pub use photos::{answer as picture, longest_body};
#[cfg(feature = "ssr")]
pub use routes::{doors, router};
#[cfg(feature = "ssr")]
pub use state::{AssetNames, State};
#[cfg(feature = "ssr")]
pub use visit::any_reader;
