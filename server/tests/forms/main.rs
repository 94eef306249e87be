//! The forms that people fill in, tried as a browser without scripts sends them, through the whole server.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod addresses;
#[path = "../installation/answer.rs"]
mod answer;
mod archive;
mod audit;
mod bad;
mod browser;
mod cookies;
mod doors;
mod floor;
mod form;
#[path = "../installation/mod.rs"]
mod installation;
mod live;
mod made;
mod obstacles;
mod owner;
mod parts;
mod pasted;
mod phone;
mod photos;
#[path = "../installation/picture.rs"]
mod picture;
mod reaches;
mod recoveries;
mod returning;
mod revisions;
mod schedules;
mod second_looks;
mod shown_once;
mod too_many;
mod unavailable;
