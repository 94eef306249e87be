//! What the phone remembers and can do: its database, its clock, its dice.

use idb::builder::{DatabaseBuilder, ObjectStoreBuilder};
use idb::{Database, KeyRange, ObjectStore, Query, Transaction, TransactionMode};
use leptos::prelude::{document, window};
use leptos::wasm_bindgen::{JsCast, JsValue};
use leptos::web_sys::js_sys::{Date, Reflect, Uint8Array};
use uuid::Builder;
use web_sys::{StorageEstimate, VisibilityState};

use super::Entry;

mod camera;
mod network;
mod page;

pub use camera::picture_in;
pub use network::{heard, listen, send, send_picture};
pub use page::{agrees, is_leaving, is_over, kept_together, shown};

/// There is no room, or nothing may be kept here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoRoom;

impl From<idb::Error> for NoRoom {
    fn from(_: idb::Error) -> Self {
        Self
    }
}

const NAME: &str = "trialmark";
const CHECKS: &str = "checks";

/// Where the tabs of a browser tell each other that what is kept has changed.
pub const CHANGED: &str = "outbox";

/// Tells the other tabs.
pub fn tell_tabs() {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.set_item(CHANGED, &new_id());
    }
}

/// Keeps it after all others, with its picture. The number both are kept under.
pub async fn add(entry: &Entry, picture: Option<&[u8]>) -> Result<u32, NoRoom> {
    let (transaction, checks) = begin(TransactionMode::ReadWrite).await?;
    let key = added(&checks, entry).await?;
    if let Some(picture) = picture {
        checks.put(&Uint8Array::from(picture), Some(&beside(key)))?.await?;
    }
    done(transaction).await?;
    Ok(key)
}

/// Keeps several after all others, in their order: all of them or none. The numbers they are kept under.
pub async fn add_all(entries: &[Entry]) -> Result<Vec<u32>, NoRoom> {
    let (transaction, checks) = begin(TransactionMode::ReadWrite).await?;
    let mut keys = Vec::with_capacity(entries.len());
    for entry in entries {
        match added(&checks, entry).await {
            Ok(key) => keys.push(key),
            Err(no_room) => {
                transaction.abort()?.await?;
                return Err(no_room);
            }
        }
    }
    done(transaction).await?;
    Ok(keys)
}

/// The picture that is kept under a number.
pub async fn picture(key: u32) -> Option<Vec<u8>> {
    let (_transaction, checks) = begin(TransactionMode::ReadOnly).await.ok()?;
    let kept = checks.get(Query::Key(beside(key))).ok()?.await.ok()??;
    Some(kept.dyn_into::<Uint8Array>().ok()?.to_vec())
}

/// Changes it where it is kept, and says what it is now; None if it is here no longer: another tab was quicker, or somebody
/// has taken it back.
pub async fn change(key: u32, change: impl FnOnce(Entry) -> Entry) -> Result<Option<Entry>, NoRoom> {
    let (transaction, checks) = begin(TransactionMode::ReadWrite).await?;
    let Some(entry) = found(&checks, key).await? else { return Ok(None) };
    let entry = change(entry);
    checks.put(&written(&entry)?, Some(&key.into()))?.await?;
    done(transaction).await?;
    Ok(Some(entry))
}

/// Puts another in its place, with the picture that comes with it by now: the one given, or else the one that is kept there.
pub async fn replace(key: u32, entry: &Entry, picture: Option<&[u8]>) -> Result<(), NoRoom> {
    let (transaction, checks) = begin(TransactionMode::ReadWrite).await?;
    checks.put(&written(entry)?, Some(&key.into()))?.await?;
    if let Some(picture) = picture {
        checks.put(&Uint8Array::from(picture), Some(&beside(key)))?.await?;
    } else if !entry.pictured {
        checks.delete(Query::Key(beside(key)))?.await?;
    }
    done(transaction).await
}

/// Removes it if it was never sent. Whether it was so.
pub async fn remove_untried(key: u32) -> Result<bool, NoRoom> {
    let (transaction, checks) = begin(TransactionMode::ReadWrite).await?;
    let untried = found(&checks, key).await?.is_some_and(|entry| !entry.tried);
    if untried {
        delete(&checks, key).await?;
    }
    done(transaction).await?;
    Ok(untried)
}

/// All that is kept, in order. What cannot be read is left alone.
pub async fn all() -> Result<Vec<(u32, Entry)>, NoRoom> {
    let (transaction, checks) = begin(TransactionMode::ReadOnly).await?;
    let numbers = || Ok::<_, NoRoom>(Some(Query::KeyRange(KeyRange::upper_bound(&f64::INFINITY.into(), None)?)));
    let keys = checks.get_all_keys(numbers()?, None)?.await?;
    let values = checks.get_all(numbers()?, None)?.await?;
    transaction.await?;
    let read =
        |(key, value): (&JsValue, JsValue)| Some((number(key)?, serde_json::from_str(&value.as_string()?).ok()?));
    Ok(keys.iter().zip(values).filter_map(read).collect())
}

pub async fn remove(key: u32) -> Result<(), NoRoom> {
    let (transaction, checks) = begin(TransactionMode::ReadWrite).await?;
    delete(&checks, key).await?;
    done(transaction).await
}

async fn added(checks: &ObjectStore, entry: &Entry) -> Result<u32, NoRoom> {
    number(&checks.add(&written(entry)?, None)?.await?).ok_or(NoRoom)
}

/// With its picture.
async fn delete(checks: &ObjectStore, key: u32) -> Result<(), NoRoom> {
    checks.delete(Query::Key(key.into()))?.await?;
    Ok(checks.delete(Query::Key(beside(key)))?.await?)
}

/// Where the picture of a check is kept: in the same place, under a name, which comes after all numbers.
fn beside(key: u32) -> JsValue {
    format!("picture {key}").into()
}

async fn found(checks: &ObjectStore, key: u32) -> Result<Option<Entry>, NoRoom> {
    let value = checks.get(Query::Key(key.into()))?.await?;
    Ok(value.and_then(|value| serde_json::from_str(&value.as_string()?).ok()))
}

/// Nothing is kept before the phone has said so at the end: where there is no room, all of it is taken back only then.
async fn done(transaction: Transaction) -> Result<(), NoRoom> {
    if transaction.commit()?.await?.is_committed() { Ok(()) } else { Err(NoRoom) }
}

async fn begin(mode: TransactionMode) -> Result<(Transaction, ObjectStore), NoRoom> {
    let database = open().await?;
    let transaction = database.transaction(&[CHECKS], mode)?;
    let checks = transaction.object_store(CHECKS)?;
    Ok((transaction, checks))
}

async fn open() -> Result<Database, NoRoom> {
    let checks = ObjectStoreBuilder::new(CHECKS).auto_increment(true);
    Ok(DatabaseBuilder::new(NAME).version(1).add_object_store(checks).build().await?)
}

fn written(entry: &Entry) -> Result<JsValue, NoRoom> {
    serde_json::to_string(entry).map(|text| JsValue::from_str(&text)).map_err(|_| NoRoom)
}

fn number(key: &JsValue) -> Option<u32> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the browser counts from 1")]
    key.as_f64().map(|key| key as u32)
}

/// How many bytes may still be kept here, as far as the browser says.
pub async fn room() -> Option<f64> {
    let promise = window().navigator().storage().estimate().ok()?;
    let estimate: StorageEstimate = wasm_bindgen_futures::JsFuture::from(promise).await.ok()?.unchecked_into();
    let figure = |name: &str| Reflect::get(&estimate, &name.into()).ok()?.as_f64();
    Some(figure("quota")? - figure("usage")?)
}

/// Milliseconds since 1970, by the phone's clock.
pub fn now() -> f64 {
    Date::now()
}

/// The same in words (RFC 3339).
pub fn instant(milliseconds: f64) -> String {
    Date::new(&milliseconds.into()).to_iso_string().into()
}

/// An id for a check, in the order of the phone's clock (RFC 9562, version 7).
pub fn new_id() -> String {
    let mut random = [0; 10];
    if let Ok(crypto) = window().crypto() {
        let _ = crypto.get_random_values_with_u8_array(&mut random);
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "milliseconds of this century")]
    Builder::from_unix_timestamp_millis(now() as u64, &random).into_uuid().to_string()
}

/// Whether there may be a network: where there is none, nothing is even tried.
pub fn is_online() -> bool {
    window().navigator().on_line()
}

pub fn is_looked_at() -> bool {
    document().visibility_state() == VisibilityState::Visible
}
