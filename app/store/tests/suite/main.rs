//! The tests of the store, each written once for both databases.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[macro_use]
mod harness;
mod direct_db;
mod fixture;

mod account;
mod archive;
mod archive_invalid;
mod archive_tables;
mod audit;
mod backfill;
mod business_deletion;
mod checks;
mod constraints;
mod corrections;
mod customers;
mod devices;
mod export_compat;
mod factors;
mod first_business;
mod follow_ups;
mod grants;
mod group_commit;
mod guarantees;
mod invites;
mod lateness;
mod local_days;
mod members;
mod migrations;
mod obstacles;
mod people;
mod photos;
mod privacy;
mod query_plans;
mod random_history;
mod readiness;
mod record;
mod record_times;
mod recoveries;
mod recovery_queue;
mod revisions;
mod schedules;
mod second_looks;
mod site_access;
mod tampering;
mod tenant_isolation;
mod tenant_rls;
mod tokens;
mod trust_by_record;
mod unavailable;
mod unreadable;
