//! The server around the application: the command line, connections, limits and what every answer carries.

#![deny(clippy::print_stdout, clippy::print_stderr)]

pub mod api;
pub mod assets;
pub mod clock;
mod command_error;
pub mod commands;
pub mod connections;
mod database;
mod demo;
mod headers;
mod health;
mod jobs;
mod middleware_error;
mod open_files;
pub mod peer;
pub mod proxies;
mod risks;
pub mod serve;
mod settings;
mod terminal;

pub use command_error::CommandError;
pub use database::open;
