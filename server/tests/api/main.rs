//! The interface for programs, tried as programs use it: real requests against a real database.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod addresses;
mod answered;
mod bad_input;
mod checks;
mod customers;
mod description;
mod documents;
mod fields;
#[path = "../installation/mod.rs"]
mod installation;
mod lists;
mod photos;
#[path = "../installation/picture.rs"]
mod picture;
mod reaches;
mod recoveries;
mod revisions;
mod roles;
mod schema;
mod things;
mod too_many;
mod whole_loop;
mod world;
