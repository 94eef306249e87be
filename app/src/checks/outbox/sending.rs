//! How what waits is sent, taken back, and answered.

use std::cell::{Cell, RefCell};

use domain::check::CheckDraft;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{Entry, Standing, phone};
use crate::checks::api::{CORRECT, CheckSent, CorrectionDraft, CorrectionSent, LOG, NotStored, Stored};
use crate::checks::focus;
use crate::recoveries::ticking::pause;

/// What came of sending a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent {
    Stored(Stored),
    Refused(String),
    /// Still on the phone.
    Waits,
}

/// How long the outbox rests when there is nothing to do, and at most between two tries.
const REST: u32 = 30_000;

/// How long it waits after the first try that failed.
const FIRST: u32 = 2_000;

/// How often a screen looks whether its check is still on the way.
const LOOK: u32 = 250;

thread_local! {
    static STANDING: RefCell<Option<Standing>> = const { RefCell::new(None) };
    static SENDING: Cell<bool> = const { Cell::new(false) };
    /// What was answered while nobody asked.
    static OUTCOMES: RefCell<Vec<(u32, Sent)>> = const { RefCell::new(Vec::new()) };
}

/// Shows from now on how the outbox stands.
pub(super) fn watch(standing: Standing) {
    STANDING.set(Some(standing));
}

/// Sends what waits, again and again, for as long as the page is open: sooner after a try that failed, then less and less.
pub(super) async fn stay(me: &str, now: RwSignal<f64>) {
    let mut wait = FIRST;
    loop {
        let left = flush(me).await;
        now.set(phone::now());
        pause(if left { wait } else { REST }).await;
        wait = if left { (wait * 2).min(REST) } else { FIRST };
    }
}

/// Says of everything that waits that it is not taken.
pub(super) async fn give_up(me: &str, why: &str) {
    let entries = phone::all().await.unwrap_or_default();
    for (key, _) in entries.into_iter().filter(|(_, entry)| entry.refused.is_none() && entry.draft.by == me) {
        let _ = phone::change(key, |entry| Entry { refused: Some(why.to_owned()), ..entry }).await;
    }
    show().await;
}

/// Whoever is signed in takes what was made here while nobody was, as theirs.
pub(super) fn claim(me: String) {
    spawn_local(async move {
        let entries = phone::all().await.unwrap_or_default();
        for (key, _) in entries.into_iter().filter(|(_, entry)| entry.draft.by.is_empty()) {
            let mine = |entry: Entry| Entry { draft: CheckDraft { by: me.clone(), ..entry.draft }, ..entry };
            let _ = phone::change(key, mine).await;
        }
        let _ = flush(&me).await;
    });
}

/// Keeps a check on the phone with its picture, to be sent. Its key there.
///
/// # Errors
/// There is no room, or nothing may be kept there.
pub async fn keep(entry: &Entry, picture: Option<&[u8]>) -> Result<u32, phone::NoRoom> {
    let key = phone::add(entry, picture).await?;
    show().await;
    Ok(key)
}

/// The same for several: all of them or none.
///
/// # Errors
/// There is no room for all of them, or nothing may be kept there.
pub async fn keep_all(entries: &[Entry]) -> Result<Vec<u32>, phone::NoRoom> {
    let keys = phone::add_all(entries).await?;
    show().await;
    Ok(keys)
}

/// Takes back a check that was kept under this key: as if it had not been tapped, where it was never sent; else by a
/// correction that follows it, whether it waits, is just being sent, or is stored by now. Whether it was never sent.
///
/// # Errors
/// Nothing can be kept here: it is not taken back.
pub async fn take_back(key: u32, entry: Entry, why: String) -> Result<bool, phone::NoRoom> {
    let never_sent = phone::remove_untried(key).await?;
    if !never_sent {
        let taking_back = Entry { added: phone::now(), takes_back: Some(why), pictured: false, ..entry };
        phone::add(&taking_back, None).await?;
    }
    show().await;
    Ok(never_sent)
}

/// Sends what waits, in order. Whether something still does.
pub async fn flush(me: &str) -> bool {
    if SENDING.replace(true) {
        return true;
    }
    let left = send_all(me).await;
    SENDING.set(false);
    show().await;
    left
}

/// What became of one check, once it has been tried.
pub async fn became(key: u32, me: &str) -> Sent {
    while SENDING.get() {
        pause(50).await;
    }
    if let Some(outcome) = answered(key) {
        return outcome;
    }
    let _ = flush(me).await;
    answered(key).unwrap_or(Sent::Waits)
}

/// Waits until a check is on its way no more, and says what was answered; None if another tab has sent it.
pub async fn settled(key: u32) -> Option<Sent> {
    loop {
        let here = STANDING.with_borrow(|standing| {
            let of_key =
                |entries: &Vec<(u32, Entry)>| entries.iter().find(|(one, _)| *one == key).map(|(_, it)| it.clone());
            standing.map(|standing| standing.entries.with_untracked(of_key))
        });
        match here {
            Some(None) => return answered(key),
            Some(Some(Entry { refused: Some(why), .. })) => return Some(answered(key).unwrap_or(Sent::Refused(why))),
            _ => pause(LOOK).await,
        }
    }
}

/// What was answered to a check, said once.
fn answered(key: u32) -> Option<Sent> {
    OUTCOMES.with_borrow_mut(|outcomes| {
        outcomes.iter().position(|(one, _)| *one == key).map(|at| outcomes.swap_remove(at).1)
    })
}

async fn send_all(me: &str) -> bool {
    let mut waits = false;
    let Ok(mut entries) = phone::all().await else { return false };
    entries.retain(|(_, entry)| entry.refused.is_none() && entry.draft.by == me);
    // Once they are gone, somebody else may be signed in here.
    if !phone::is_online() || phone::is_over() {
        return !entries.is_empty();
    }
    for (key, entry) in entries {
        let signed_out = |is| STANDING.with_borrow(|standing| standing.map(|standing| standing.signed_out.set(is)));
        // Another tab may have sent it meanwhile, or somebody taken it back; where nothing can be written, it is sent all the same.
        let entry = match phone::change(key, |entry| Entry { tried: true, ..entry }).await {
            Ok(Some(entry)) if entry.refused.is_none() => entry,
            Ok(_) => continue,
            Err(_) => entry,
        };
        match send_one(key, &entry).await {
            Ok(stored) => {
                signed_out(false);
                OUTCOMES.with_borrow_mut(|outcomes| outcomes.push((key, Sent::Stored(stored))));
                let _ = phone::remove(key).await;
            }
            Err(NotStored::Rejected(why)) => {
                OUTCOMES.with_borrow_mut(|outcomes| outcomes.push((key, Sent::Refused(why.clone()))));
                let _ = phone::change(key, |entry| Entry { refused: Some(why), ..entry }).await;
            }
            // What comes after it waits, too: the order is kept.
            Err(NotStored::SignedOut) => {
                signed_out(true);
                return true;
            }
            Err(NotStored::Unreachable) => {
                waits = true;
                break;
            }
        }
    }
    waits
}

async fn send_one(key: u32, entry: &Entry) -> Result<Stored, NotStored> {
    if let Some(why) = entry.takes_back.clone() {
        return correct(entry.draft.id.clone(), CorrectionDraft::taking_back(why)).await;
    }
    let picture = if entry.pictured { Some(phone::picture(key).await.ok_or(NotStored::Unreachable)?) } else { None };
    post(entry.draft.clone(), picture.as_deref()).await
}

/// Sends one check, after the picture that comes with it. Sent again, both are answered as the first time.
///
/// # Errors
/// One of the two was refused, or nothing came back.
pub async fn post(draft: CheckDraft, picture: Option<&[u8]>) -> Result<Stored, NotStored> {
    let photo = match picture {
        Some(picture) => phone::send_picture(&draft.guarantee, picture).await?,
        None => draft.photo.clone(),
    };
    let draft = CheckDraft { sent: phone::instant(phone::now()), photo, ..draft };
    phone::send(LOG, &CheckSent { draft }).await
}

/// Mends a check by adding to it: the original stays in sight.
///
/// # Errors
/// It was refused, or nothing came back.
pub async fn correct(check: String, draft: CorrectionDraft) -> Result<Stored, NotStored> {
    phone::send(CORRECT, &CorrectionSent { check, draft }).await
}

/// Somebody has seen what became of it.
pub fn forget(key: u32) {
    spawn_local(async move {
        let _ = phone::remove(key).await;
        show().await;
        focus::carry_on(&[".refused li:last-child .forget", "main"]);
    });
}

/// Shows how the outbox stands, and lets the other tabs know where that is new.
pub(super) async fn show() {
    if look().await {
        phone::tell_tabs();
    }
}

/// Shows how the outbox stands. Whether that is new here.
pub(super) async fn look() -> bool {
    let found = phone::all().await.unwrap_or_default();
    STANDING.with_borrow(|standing| {
        standing.filter(|standing| standing.entries.with_untracked(|shown| *shown != found)).is_some_and(|standing| {
            standing.entries.set(found);
            true
        })
    })
}
