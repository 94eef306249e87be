//! The server around the application: the command line, connections, limits and what every answer carries.

#![deny(clippy::print_stdout, clippy::print_stderr)]

pub mod api;
pub mod assets;
pub mod clock;
pub mod commands;
pub mod connections;
mod database;
mod demo;
mod failure;
mod files;
mod headers;
mod health;
mod jobs;
pub mod proxies;
mod refusals;
mod risks;
pub mod serve;
mod settings;
mod terminal;

pub use database::open;
pub use failure::Failure;
