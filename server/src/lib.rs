//! The server around the application: the command line, connections, limits and what every answer carries.

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
pub mod serve;
mod settings;

pub use database::open;
pub use failure::Failure;
pub use settings::Settings;
