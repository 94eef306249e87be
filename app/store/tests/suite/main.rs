//! What must hold of the store, told once for both databases.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[macro_use]
mod world;
mod raw;
mod shop;

mod account;
mod archive;
mod archive_broken;
mod archive_tables;
mod audit;
mod checks;
mod constraints;
mod corrections;
mod customers;
mod days;
mod devices;
mod factors;
mod follow_ups;
mod forged;
mod founding;
mod frozen;
mod grants;
mod guarantees;
mod history;
mod invites;
mod lateness;
mod members;
mod migrations;
mod obstacles;
mod people;
mod photos;
mod plans;
mod privacy;
mod proof;
mod reaches;
mod readiness;
mod record;
mod recoveries;
mod removal;
mod revisions;
mod schedules;
mod second_looks;
mod strangers;
mod together;
mod tokens;
mod unavailable;
mod walls;
