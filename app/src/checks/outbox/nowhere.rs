//! On the server there is no phone.

#![expect(
    clippy::unused_async,
    clippy::unused_self,
    reason = "in the browser it takes its time, and what it is called on"
)]

use leptos::web_sys::{FormData, SubmitEvent};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Entry;
use crate::checks::api::NotStored;

/// Nothing can be kept here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoRoom;

/// The browser cannot read a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unreadable;

pub const CHANGED: &str = "";

pub fn tell_tabs() {}

pub async fn add(_: &Entry, _: Option<&[u8]>) -> Result<u32, NoRoom> {
    Err(NoRoom)
}

pub async fn add_all(_: &[Entry]) -> Result<Vec<u32>, NoRoom> {
    Err(NoRoom)
}

pub async fn change(_: u32, _: impl FnOnce(Entry) -> Entry) -> Result<Option<Entry>, NoRoom> {
    Err(NoRoom)
}

pub async fn replace(_: u32, _: &Entry, _: Option<&[u8]>) -> Result<(), NoRoom> {
    Err(NoRoom)
}

pub async fn picture(_: u32) -> Option<Vec<u8>> {
    None
}

pub async fn picture_in(_: &FormData) -> Result<Option<Vec<u8>>, Unreadable> {
    Ok(None)
}

pub async fn send<T: DeserializeOwned>(_: &str, _: &impl Serialize) -> Result<T, NotStored> {
    Err(NotStored::Unreachable)
}

pub async fn listen() {}

pub fn heard() -> [String; 2] {
    <[String; 2]>::default()
}

pub async fn send_picture(_: &str, _: &[u8]) -> Result<String, NotStored> {
    Err(NotStored::Unreachable)
}

pub async fn remove_untried(_: u32) -> Result<bool, NoRoom> {
    Err(NoRoom)
}

pub async fn all() -> Result<Vec<(u32, Entry)>, NoRoom> {
    Err(NoRoom)
}

pub async fn remove(_: u32) -> Result<(), NoRoom> {
    Err(NoRoom)
}

pub async fn room() -> Option<f64> {
    None
}

pub fn now() -> f64 {
    0.0
}

pub fn instant(_: f64) -> String {
    String::new()
}

pub fn new_id() -> String {
    String::new()
}

pub fn is_online() -> bool {
    false
}

pub fn is_looked_at() -> bool {
    false
}

pub fn is_leaving(_: &SubmitEvent) -> bool {
    false
}

pub fn agrees(_: &str) -> bool {
    true
}

pub fn is_over() -> bool {
    false
}

pub fn shown(_: &[u8]) -> String {
    String::new()
}

pub struct KeptTogether {
    pub place: String,
    pub about: String,
    pub kept: Vec<[String; 3]>,
}

pub fn kept_together(_: &SubmitEvent) -> Option<KeptTogether> {
    None
}

impl KeptTogether {
    pub fn send(&self) {}

    pub fn say_saved(&self) {}
}
