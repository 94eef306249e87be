//! The browser's storage, clock and random numbers.

use idb::builder::{DatabaseBuilder, ObjectStoreBuilder};
use idb::{Database, KeyRange, ObjectStore, Query, Transaction, TransactionMode};
use leptos::prelude::{document, window};
use leptos::wasm_bindgen::{JsCast, JsValue};
use leptos::web_sys::js_sys::{Date, Reflect, Uint8Array};
use uuid::Builder;
use web_sys::{StorageEstimate, VisibilityState};

use super::OutboxEntry;

mod camera;
mod network;
mod page;

pub use camera::picture_in;
pub use network::{send, send_picture, sync_clock};
pub use page::{bulk_kept, confirm, is_session_over, is_sign_out, object_url};

/// There is no room, or storage is not allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StorageError;

impl From<idb::Error> for StorageError {
    fn from(_: idb::Error) -> Self {
        Self
    }
}

const DATABASE_NAME: &str = "trialmark";
const STORE_NAME: &str = "checks";

/// The key in local storage through which tabs notify each other of changes.
pub const CHANGED_KEY: &str = "outbox";

pub fn notify_tabs() {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.set_item(CHANGED_KEY, &new_id());
    }
}

/// Appends an entry with its picture, and returns its key.
pub async fn add(entry: &OutboxEntry, picture: Option<&[u8]>) -> Result<u32, StorageError> {
    let (transaction, checks) = begin_transaction(TransactionMode::ReadWrite).await?;
    let key = insert(&checks, entry).await?;
    if let Some(picture) = picture {
        checks.put(&Uint8Array::from(picture), Some(&picture_slot(key)))?.await?;
    }
    commit(transaction).await?;
    Ok(key)
}

/// Appends several entries in order, all or none, and returns their keys.
pub async fn add_all(entries: &[OutboxEntry]) -> Result<Vec<u32>, StorageError> {
    let (transaction, checks) = begin_transaction(TransactionMode::ReadWrite).await?;
    let mut keys = Vec::with_capacity(entries.len());
    for entry in entries {
        match insert(&checks, entry).await {
            Ok(key) => keys.push(key),
            Err(no_room) => {
                transaction.abort()?.await?;
                return Err(no_room);
            }
        }
    }
    commit(transaction).await?;
    Ok(keys)
}

/// The picture of an entry.
pub async fn picture(key: u32) -> Option<Vec<u8>> {
    let (_transaction, checks) = begin_transaction(TransactionMode::ReadOnly).await.ok()?;
    let kept = checks.get(Query::Key(picture_slot(key))).ok()?.await.ok()??;
    Some(kept.dyn_into::<Uint8Array>().ok()?.to_vec())
}

/// Changes an entry and returns the new value; `None` if it is gone, because another tab has sent it or somebody has
/// undone it.
pub async fn change(
    key: u32,
    change: impl FnOnce(OutboxEntry) -> OutboxEntry,
) -> Result<Option<OutboxEntry>, StorageError> {
    let (transaction, checks) = begin_transaction(TransactionMode::ReadWrite).await?;
    let Some(entry) = get_entry(&checks, key).await? else { return Ok(None) };
    let entry = change(entry);
    checks.put(&to_js(&entry)?, Some(&key.into()))?.await?;
    commit(transaction).await?;
    Ok(Some(entry))
}

/// Replaces an entry. A new picture replaces the stored one, which is deleted if the entry no longer has a picture.
pub async fn replace(key: u32, entry: &OutboxEntry, picture: Option<&[u8]>) -> Result<(), StorageError> {
    let (transaction, checks) = begin_transaction(TransactionMode::ReadWrite).await?;
    checks.put(&to_js(entry)?, Some(&key.into()))?.await?;
    if let Some(picture) = picture {
        checks.put(&Uint8Array::from(picture), Some(&picture_slot(key)))?.await?;
    } else if !entry.has_picture {
        checks.delete(Query::Key(picture_slot(key)))?.await?;
    }
    commit(transaction).await
}

/// Removes an entry that was never sent, and returns whether it did.
pub async fn remove_unsent(key: u32) -> Result<bool, StorageError> {
    let (transaction, checks) = begin_transaction(TransactionMode::ReadWrite).await?;
    let untried = get_entry(&checks, key).await?.is_some_and(|entry| !entry.was_sent);
    if untried {
        delete(&checks, key).await?;
    }
    commit(transaction).await?;
    Ok(untried)
}

/// All entries in order. Unreadable ones are skipped and stay.
pub async fn all() -> Result<Vec<(u32, OutboxEntry)>, StorageError> {
    let (transaction, checks) = begin_transaction(TransactionMode::ReadOnly).await?;
    let numbers = || Ok::<_, StorageError>(Some(Query::KeyRange(KeyRange::upper_bound(&f64::INFINITY.into(), None)?)));
    let keys = checks.get_all_keys(numbers()?, None)?.await?;
    let values = checks.get_all(numbers()?, None)?.await?;
    transaction.await?;
    let read =
        |(key, value): (&JsValue, JsValue)| Some((key_number(key)?, serde_json::from_str(&value.as_string()?).ok()?));
    Ok(keys.iter().zip(values).filter_map(read).collect())
}

pub async fn remove(key: u32) -> Result<(), StorageError> {
    let (transaction, checks) = begin_transaction(TransactionMode::ReadWrite).await?;
    delete(&checks, key).await?;
    commit(transaction).await
}

async fn insert(checks: &ObjectStore, entry: &OutboxEntry) -> Result<u32, StorageError> {
    key_number(&checks.add(&to_js(entry)?, None)?.await?).ok_or(StorageError)
}

/// Together with its picture.
async fn delete(checks: &ObjectStore, key: u32) -> Result<(), StorageError> {
    checks.delete(Query::Key(key.into()))?.await?;
    Ok(checks.delete(Query::Key(picture_slot(key)))?.await?)
}

/// The key of an entry's picture. Keys that are strings sort after all numbers.
fn picture_slot(key: u32) -> JsValue {
    format!("picture {key}").into()
}

async fn get_entry(checks: &ObjectStore, key: u32) -> Result<Option<OutboxEntry>, StorageError> {
    let value = checks.get(Query::Key(key.into()))?.await?;
    Ok(value.and_then(|value| serde_json::from_str(&value.as_string()?).ok()))
}

/// Nothing is stored until the commit succeeds. If there is no room, only the commit fails.
async fn commit(transaction: Transaction) -> Result<(), StorageError> {
    if transaction.commit()?.await?.is_committed() { Ok(()) } else { Err(StorageError) }
}

async fn begin_transaction(mode: TransactionMode) -> Result<(Transaction, ObjectStore), StorageError> {
    let database = open().await?;
    let transaction = database.transaction(&[STORE_NAME], mode)?;
    let checks = transaction.object_store(STORE_NAME)?;
    Ok((transaction, checks))
}

async fn open() -> Result<Database, StorageError> {
    let checks = ObjectStoreBuilder::new(STORE_NAME).auto_increment(true);
    Ok(DatabaseBuilder::new(DATABASE_NAME).version(1).add_object_store(checks).build().await?)
}

fn to_js(entry: &OutboxEntry) -> Result<JsValue, StorageError> {
    serde_json::to_string(entry).map(|text| JsValue::from_str(&text)).map_err(|_| StorageError)
}

fn key_number(key: &JsValue) -> Option<u32> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the browser counts from 1")]
    key.as_f64().map(|key| key as u32)
}

/// The free space in bytes, as far as the browser tells.
pub async fn free_space() -> Option<f64> {
    let promise = window().navigator().storage().estimate().ok()?;
    let estimate: StorageEstimate = wasm_bindgen_futures::JsFuture::from(promise).await.ok()?.unchecked_into();
    let figure = |name: &str| Reflect::get(&estimate, &name.into()).ok()?.as_f64();
    Some(figure("quota")? - figure("usage")?)
}

/// Milliseconds since 1970, by the phone's clock.
pub fn now() -> f64 {
    Date::now()
}

/// In RFC 3339 format.
pub fn instant(milliseconds: f64) -> String {
    Date::new(&milliseconds.into()).to_iso_string().into()
}

/// A time-ordered id (UUID version 7, RFC 9562) by the phone's clock.
pub fn new_id() -> String {
    let mut random = [0; 10];
    if let Ok(crypto) = window().crypto() {
        let _ = crypto.get_random_values_with_u8_array(&mut random);
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "milliseconds of this century")]
    Builder::from_unix_timestamp_millis(now() as u64, &random).into_uuid().to_string()
}

/// Whether there may be a network. If not, nothing is sent.
pub fn is_online() -> bool {
    window().navigator().on_line()
}

pub fn is_visible() -> bool {
    document().visibility_state() == VisibilityState::Visible
}
