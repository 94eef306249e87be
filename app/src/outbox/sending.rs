//! Sends pending checks, undoes them and keeps their outcomes.

use std::cell::{Cell, RefCell};

use domain::check::CheckDraft;
use domain::correction::CorrectionDraft;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{OutboxEntry, OutboxState, phone};
use crate::addresses;
use crate::focus;
use crate::outbox::protocol::{CheckSent, CorrectionSent, NotStored, Stored};
use crate::timer::pause;

/// The result of sending a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendOutcome {
    Stored(Stored),
    Refused(String),
    Queued,
}

/// The pause when nothing is pending, and the longest one between retries.
const IDLE_DELAY_MS: u32 = 30_000;

/// The pause after the first failure.
const FIRST_RETRY_MS: u32 = 2_000;

/// How often a call waits before it asks again whether another one is still sending.
const SENDING_POLL_MS: u32 = 50;

/// How often a screen asks whether its check has an answer.
const POLL_INTERVAL_MS: u32 = 250;

thread_local! {
    static STATE: RefCell<Option<OutboxState>> = const { RefCell::new(None) };
    static SENDING: Cell<bool> = const { Cell::new(false) };
    /// Answers that nobody has asked for yet.
    static OUTCOMES: RefCell<Vec<(u32, SendOutcome)>> = const { RefCell::new(Vec::new()) };
}

/// Connects the sender with the state that the page shows.
pub(super) fn set_state(state: OutboxState) {
    STATE.set(Some(state));
}

/// Sends pending checks for as long as the page is open. After a failure it retries soon, then less and less often.
pub(super) async fn run(actor_key: &str, now: RwSignal<f64>) {
    let mut wait = FIRST_RETRY_MS;
    loop {
        let has_pending = flush(actor_key).await;
        now.set(phone::now());
        pause(if has_pending { wait } else { IDLE_DELAY_MS }).await;
        wait = if has_pending { (wait * 2).min(IDLE_DELAY_MS) } else { FIRST_RETRY_MS };
    }
}

/// Marks all pending checks of this actor as refused.
pub(super) async fn reject_all(actor_key: &str, why: &str) {
    let entries = phone::all().await.unwrap_or_default();
    for (key, _) in entries.into_iter().filter(|(_, entry)| entry.refused.is_none() && entry.draft.by == actor_key) {
        let _ = phone::change(key, |entry| OutboxEntry { refused: Some(why.to_owned()), ..entry }).await;
    }
    refresh_and_notify().await;
}

/// Assigns checks that were made while nobody was signed in to the person who is signed in now.
pub(super) fn take_ownership(actor_key: String) {
    spawn_local(async move {
        let entries = phone::all().await.unwrap_or_default();
        for (key, _) in entries.into_iter().filter(|(_, entry)| entry.draft.by.is_empty()) {
            let mine = |entry: OutboxEntry| OutboxEntry {
                draft: CheckDraft { by: actor_key.clone(), ..entry.draft },
                ..entry
            };
            let _ = phone::change(key, mine).await;
        }
        let _ = flush(&actor_key).await;
    });
}

/// Stores a check with its picture on the phone, to be sent, and returns its key.
///
/// # Errors
/// There is no room, or storage is not allowed.
pub async fn enqueue(entry: &OutboxEntry, picture: Option<&[u8]>) -> Result<u32, phone::StorageError> {
    let key = phone::add(entry, picture).await?;
    refresh_and_notify().await;
    Ok(key)
}

/// Stores several checks, all or none.
///
/// # Errors
/// There is no room for all of them, or storage is not allowed.
pub async fn enqueue_all(entries: &[OutboxEntry]) -> Result<Vec<u32>, phone::StorageError> {
    let keys = phone::add_all(entries).await?;
    refresh_and_notify().await;
    Ok(keys)
}

/// Undoes a check. One that was never sent is removed. Otherwise a retraction follows it, whether it is pending,
/// being sent, or stored already. Returns whether it was never sent.
///
/// # Errors
/// Nothing can be stored here, so it is not undone.
pub async fn undo(key: u32, entry: OutboxEntry, why: String) -> Result<bool, phone::StorageError> {
    let never_sent = phone::remove_unsent(key).await?;
    if !never_sent {
        let retraction = OutboxEntry { added: phone::now(), retracts: Some(why), has_picture: false, ..entry };
        phone::add(&retraction, None).await?;
    }
    refresh_and_notify().await;
    Ok(never_sent)
}

/// Sends pending checks in order, and returns whether some are left. While another call is sending, nothing is sent and the
/// answer is yes.
pub async fn flush(actor_key: &str) -> bool {
    if SENDING.replace(true) {
        return true;
    }
    let has_pending = send_all(actor_key).await;
    SENDING.set(false);
    refresh_and_notify().await;
    has_pending
}

/// The outcome of one check after an attempt to send it.
pub async fn outcome_of(key: u32, actor_key: &str) -> SendOutcome {
    while SENDING.get() {
        pause(SENDING_POLL_MS).await;
    }
    if let Some(outcome) = take_outcome(key) {
        return outcome;
    }
    let _ = flush(actor_key).await;
    take_outcome(key).unwrap_or(SendOutcome::Queued)
}

/// Waits until a check is no longer pending, and returns its outcome; `None` if it is gone without one here: another tab has
/// sent it, or it was undone or deleted.
pub async fn wait_for_outcome(key: u32) -> Option<SendOutcome> {
    loop {
        let entry = STATE.with_borrow(|state| {
            let of_key = |entries: &Vec<(u32, OutboxEntry)>| {
                entries.iter().find(|(one, _)| *one == key).map(|(_, entry)| entry.clone())
            };
            state.map(|state| state.entries.with_untracked(of_key))
        });
        match entry {
            Some(None) => return take_outcome(key),
            Some(Some(OutboxEntry { refused: Some(why), .. })) => {
                return Some(take_outcome(key).unwrap_or(SendOutcome::Refused(why)));
            }
            _ => pause(POLL_INTERVAL_MS).await,
        }
    }
}

/// The outcome of a check, returned once.
fn take_outcome(key: u32) -> Option<SendOutcome> {
    OUTCOMES.with_borrow_mut(|outcomes| {
        outcomes.iter().position(|(one, _)| *one == key).map(|at| outcomes.swap_remove(at).1)
    })
}

async fn send_all(actor_key: &str) -> bool {
    let mut has_pending = false;
    let Ok(mut entries) = phone::all().await else { return false };
    entries.retain(|(_, entry)| entry.refused.is_none() && entry.draft.by == actor_key);
    // Offline nothing can be sent. When the session is over, somebody else may be signed in here.
    if !phone::is_online() || phone::is_session_over() {
        return !entries.is_empty();
    }
    for (key, entry) in entries {
        let signed_out = |is| STATE.with_borrow(|state| state.map(|state| state.signed_out.set(is)));
        // Another tab may have sent it meanwhile, or somebody may have undone it. If nothing can be written, it is
        // sent anyway.
        let entry = match phone::change(key, |entry| OutboxEntry { was_sent: true, ..entry }).await {
            Ok(Some(entry)) if entry.refused.is_none() => entry,
            Ok(_) => continue,
            Err(_) => entry,
        };
        match send_one(key, &entry).await {
            Ok(stored) => {
                signed_out(false);
                OUTCOMES.with_borrow_mut(|outcomes| outcomes.push((key, SendOutcome::Stored(stored))));
                let _ = phone::remove(key).await;
            }
            Err(NotStored::Rejected(why)) => {
                OUTCOMES.with_borrow_mut(|outcomes| outcomes.push((key, SendOutcome::Refused(why.clone()))));
                let _ = phone::change(key, |entry| OutboxEntry { refused: Some(why), ..entry }).await;
            }
            // The checks after it wait too, to keep the order.
            Err(NotStored::SignedOut) => {
                signed_out(true);
                return true;
            }
            Err(NotStored::Unreachable) => {
                has_pending = true;
                break;
            }
        }
    }
    has_pending
}

async fn send_one(key: u32, entry: &OutboxEntry) -> Result<Stored, NotStored> {
    if let Some(why) = entry.retracts.clone() {
        return correct(entry.draft.id.clone(), CorrectionDraft::take_back(why)).await;
    }
    let picture = if entry.has_picture { Some(phone::picture(key).await.ok_or(NotStored::Unreachable)?) } else { None };
    post(entry.draft.clone(), picture.as_deref()).await
}

/// Sends one check, after its picture. Both can be sent again and get the same answer.
///
/// # Errors
/// One of the two was refused, or there was no answer.
pub async fn post(draft: CheckDraft, picture: Option<&[u8]>) -> Result<Stored, NotStored> {
    let photo = match picture {
        Some(picture) => phone::send_picture(&draft.guarantee, picture).await?,
        None => draft.photo.clone(),
    };
    let draft = CheckDraft { sent: phone::instant(phone::now()), photo, ..draft };
    phone::send(addresses::PHONE_LOG, &CheckSent { draft }).await
}

/// Corrects a check. The original stays visible.
///
/// # Errors
/// It was refused, or there was no answer.
pub async fn correct(check: String, draft: CorrectionDraft) -> Result<Stored, NotStored> {
    phone::send(addresses::PHONE_CORRECT, &CorrectionSent { check, draft }).await
}

/// Removes a refused check.
pub fn dismiss(key: u32) {
    spawn_local(async move {
        let _ = phone::remove(key).await;
        refresh_and_notify().await;
        focus::restore_focus(&[".refused li:last-child .forget", "main"]);
    });
}

/// Updates the state, and notifies the other tabs if it has changed.
pub(super) async fn refresh_and_notify() {
    if refresh().await {
        phone::notify_tabs();
    }
}

/// Updates the state, and returns whether it has changed.
pub(super) async fn refresh() -> bool {
    let found = phone::all().await.unwrap_or_default();
    STATE.with_borrow(|state| {
        state.filter(|state| state.entries.with_untracked(|shown| *shown != found)).is_some_and(|state| {
            state.entries.set(found);
            true
        })
    })
}
