//! On the server there is no phone. This has the same functions as `phone.rs`.

#![expect(
    clippy::unused_async,
    clippy::unused_self,
    reason = "in the browser it takes its time, and what it is called on"
)]

use leptos::web_sys::{FormData, SubmitEvent};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::OutboxEntry;
use crate::outbox::protocol::NotStored;

/// Storage is not available.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StorageError;

/// The browser cannot read a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnreadablePicture;

pub const CHANGED_KEY: &str = "";

pub fn notify_tabs() {}

pub async fn add(_: &OutboxEntry, _: Option<&[u8]>) -> Result<u32, StorageError> {
    Err(StorageError)
}

pub async fn add_all(_: &[OutboxEntry]) -> Result<Vec<u32>, StorageError> {
    Err(StorageError)
}

pub async fn change(_: u32, _: impl FnOnce(OutboxEntry) -> OutboxEntry) -> Result<Option<OutboxEntry>, StorageError> {
    Err(StorageError)
}

pub async fn replace(_: u32, _: &OutboxEntry, _: Option<&[u8]>) -> Result<(), StorageError> {
    Err(StorageError)
}

pub async fn picture(_: u32) -> Option<Vec<u8>> {
    None
}

pub async fn picture_in(_: &FormData) -> Result<Option<Vec<u8>>, UnreadablePicture> {
    Ok(None)
}

pub async fn send<T: DeserializeOwned>(_: &str, _: &impl Serialize) -> Result<T, NotStored> {
    Err(NotStored::Unreachable)
}

pub async fn sync_clock() {}

pub async fn send_picture(_: &str, _: &[u8]) -> Result<String, NotStored> {
    Err(NotStored::Unreachable)
}

pub async fn remove_unsent(_: u32) -> Result<bool, StorageError> {
    Err(StorageError)
}

pub async fn all() -> Result<Vec<(u32, OutboxEntry)>, StorageError> {
    Err(StorageError)
}

pub async fn remove(_: u32) -> Result<(), StorageError> {
    Err(StorageError)
}

pub async fn free_space() -> Option<f64> {
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

pub fn is_visible() -> bool {
    false
}

pub fn is_sign_out(_: &SubmitEvent) -> bool {
    false
}

pub fn confirm(_: &str) -> bool {
    true
}

pub fn is_session_over() -> bool {
    false
}

pub fn object_url(_: &[u8]) -> String {
    String::new()
}

pub struct BulkKept {
    pub place: String,
    pub about: String,
    pub kept: Vec<[String; 3]>,
}

pub fn bulk_kept(_: &SubmitEvent) -> Option<BulkKept> {
    None
}

impl BulkKept {
    pub fn send(&self) {}

    pub fn show_saved(&self) {}
}
