//! Tests of the REST interface: real requests against a real database.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod addresses;
mod bad_input;
mod bad_values;
mod checks;
mod customers;
mod description;
mod documents;
#[path = "../installation/mod.rs"]
mod installation;
mod lists;
mod photos;
#[path = "../installation/picture.rs"]
mod picture;
mod rate_limits;
mod recoveries;
mod response;
mod revisions;
mod roles;
mod rows;
mod schema;
mod site_access;
mod whole_loop;
mod world;
