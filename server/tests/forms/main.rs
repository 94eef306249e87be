//! Tests of the forms, as a browser without JavaScript sends them, through the whole server.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod addresses;
mod archive;
mod audit;
mod bad_values;
mod browser;
mod checks;
mod cookies;
mod credentials;
mod flash;
mod form;
mod grants;
#[path = "../installation/mod.rs"]
mod installation;
mod live;
mod normalization;
mod numbered_pages;
mod obstacles;
mod owner;
mod phone;
mod photos;
#[path = "../installation/picture.rs"]
mod picture;
mod rate_limits;
mod recoveries;
mod rejoining;
#[path = "../installation/response_checks.rs"]
mod response_checks;
mod revisions;
mod schedules;
mod second_looks;
mod shown_once;
mod site_access;
mod unavailable;
