//! Checks on their way: first kept on the phone, then sent in order under their one id until there is an answer. They
//! outlive the page, the tab and an update of the app.

use std::cell::{Cell, RefCell};

use domain::check::{CheckDraft, FindingDraft, Verdict};
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::{Deserialize, Serialize};

use super::api::{CorrectionDraft, NotStored, Stored, correct_check, log_check};
use super::focus;
use crate::recoveries::ticking::pause;

#[cfg(not(feature = "hydrate"))]
#[path = "outbox/nowhere.rs"]
pub(super) mod phone;
#[cfg(feature = "hydrate")]
pub(super) mod phone;

/// A check that is not in the record yet. It holds nothing about a customer but what was typed into the note.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Entry {
    pub draft: CheckDraft,
    /// Where and what, to be recognised by.
    pub about: String,
    /// By the phone's clock, in milliseconds.
    pub added: f64,
    /// A picture comes with it, which is kept beside it.
    pub pictured: bool,
    /// It was sent once at least: without an answer nobody knows whether it arrived.
    pub tried: bool,
    /// This is no check, but takes the check of this id back, for this reason.
    pub takes_back: Option<String>,
    /// Why it was refused: kept until somebody has seen it.
    pub refused: Option<String>,
}

/// What the outbox says, in the reader's language; `{}` stands where a number, a time or a name goes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OutboxWords {
    pub one: String,
    pub several: String,
    pub age: String,
    pub signed_out: String,
    pub others: String,
    pub refused: String,
    pub seen: String,
    pub leave: String,
    pub full: String,
    /// Why nothing of theirs is taken any more, where nothing is.
    pub given_up: Option<String>,
}

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

/// With less room than this on the phone it is said before anything is lost, in bytes.
const TIGHT: f64 = 3_000_000.0;

/// How the outbox stands, as the page shows it.
#[derive(Clone, Copy)]
struct Standing {
    entries: RwSignal<Vec<(u32, Entry)>>,
    signed_out: RwSignal<bool>,
}

thread_local! {
    static STANDING: RefCell<Option<Standing>> = const { RefCell::new(None) };
    static SENDING: Cell<bool> = const { Cell::new(false) };
}

/// Whatever waits, and whatever was refused. It sends by itself: when the page opens, when the signal is back, when the page
/// is looked at again, and every half minute.
#[island]
pub fn Outbox(
    /// Whose checks may be sent from here.
    me: String,
    words: OutboxWords,
) -> impl IntoView {
    let standing = Standing { entries: RwSignal::new(Vec::new()), signed_out: RwSignal::new(false) };
    let (tight, now) = (RwSignal::new(false), RwSignal::new(0.0));
    let wake = {
        let me = me.clone();
        move || {
            let me = me.clone();
            spawn_local(async move {
                let _ = flush(&me).await;
            });
        }
    };
    Effect::new({
        let (me, wake, given_up) = (me.clone(), wake.clone(), words.given_up.clone());
        move || {
            STANDING.set(Some(standing));
            now.set(phone::now());
            let (me, given_up) = (me.clone(), given_up.clone());
            spawn_local(async move {
                match given_up {
                    Some(why) => give_up(&me, &why).await,
                    None => stay(&me, now).await,
                }
            });
            spawn_local(async move { tight.set(phone::room().await.is_some_and(|room| room < TIGHT)) });
            let (online, looked_at) = (wake.clone(), wake.clone());
            window_event_listener(ev::online, move |_| online());
            window_event_listener(ev::visibilitychange, move |_| {
                if phone::is_looked_at() {
                    looked_at();
                }
            });
        }
    });
    let leave = words.leave.clone();
    window_event_listener(ev::submit, move |event| {
        let waits = standing.entries.with_untracked(|all| all.iter().filter(|(_, one)| one.refused.is_none()).count());
        if waits > 0 && phone::is_leaving(&event) && !phone::agrees(&leave.replace("{}", &waits.to_string())) {
            event.prevent_default();
        }
    });
    let words = StoredValue::new(words);
    let mine = me.clone();
    let waiting = Memo::new(move |_| {
        let entries = standing.entries.get();
        let (own, others): (Vec<_>, Vec<_>) =
            entries.iter().filter(|(_, one)| one.refused.is_none()).partition(|(_, one)| one.draft.by == mine);
        let oldest = own.iter().map(|(_, one)| one.added).fold(f64::INFINITY, f64::min);
        words.with_value(|words| {
            let count = match own.len() {
                0 => None,
                1 => Some(words.one.clone()),
                many => Some(words.several.replace("{}", &many.to_string())),
            };
            let age = minutes(now.get() - oldest).filter(|_| count.is_some());
            let age = age.map(|minutes| words.age.replace("{}", &minutes.to_string()));
            let out = (count.is_some() && standing.signed_out.get()).then(|| words.signed_out.clone());
            let others = (!others.is_empty()).then(|| words.others.replace("{}", &others.len().to_string()));
            let tight = tight.get().then(|| words.full.clone());
            [count, age, out, others, tight].into_iter().flatten().collect::<Vec<_>>().join(" ")
        })
    });
    let refused = move || {
        let refused = standing.entries.get().into_iter().filter_map(|(key, one)| Some((key, one.about, one.refused?)));
        let each = refused.map(|(key, about, why)| {
            let (title, seen) = words.with_value(|words| (words.refused.replace("{}", &about), words.seen.clone()));
            view! {
                <li class="card grid tight">
                    <b>{title}</b>
                    <span>{why}</span>
                    <button class="btn quiet" on:click=move |_| forget(key)>{seen}</button>
                </li>
            }
        });
        each.collect_view()
    };
    view! {
        <div
            class="outbox"
            role="status"
            data-waiting=move || standing.entries.with(Vec::len).to_string()
            data-says=move || (!waiting.with(String::is_empty)).to_string()
        >
            {move || waiting.get()}
        </div>
        <ul class="refused">{refused}</ul>
    }
}

fn minutes(milliseconds: f64) -> Option<u32> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "minutes since something was tapped")]
    let minutes = (milliseconds / 60_000.0) as u32;
    (milliseconds.is_finite() && minutes > 0).then_some(minutes)
}

/// Sends what waits, again and again, for as long as the page is open: sooner after a try that failed, then less and less.
async fn stay(me: &str, now: RwSignal<f64>) {
    let mut wait = FIRST;
    loop {
        let left = flush(me).await;
        now.set(phone::now());
        pause(if left { wait } else { REST }).await;
        wait = if left { (wait * 2).min(REST) } else { FIRST };
    }
}

/// Says of everything that waits that it is not taken.
async fn give_up(me: &str, why: &str) {
    let entries = phone::all().await.unwrap_or_default();
    for (key, _) in entries.into_iter().filter(|(_, entry)| entry.refused.is_none() && entry.draft.by == me) {
        let _ = phone::change(key, |entry| Entry { refused: Some(why.to_owned()), ..entry }).await;
    }
    show().await;
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

/// What was answered to a check, said once.
fn answered(key: u32) -> Option<Sent> {
    OUTCOMES.with_borrow_mut(|outcomes| {
        outcomes.iter().position(|(one, _)| *one == key).map(|at| outcomes.swap_remove(at).1)
    })
}

thread_local! {
    /// What was answered while nobody asked.
    static OUTCOMES: RefCell<Vec<(u32, Sent)>> = const { RefCell::new(Vec::new()) };
}

async fn send_all(me: &str) -> bool {
    let mut waits = false;
    let Ok(mut entries) = phone::all().await else { return false };
    entries.retain(|(_, entry)| entry.refused.is_none() && entry.draft.by == me);
    if !phone::is_online() {
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
        let verdict = Verdict::NotApplicable.name().to_owned();
        let finding = FindingDraft { verdict, note: why.clone(), ..FindingDraft::default() };
        return correct_check(entry.draft.id.clone(), CorrectionDraft { finding, why }).await;
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
    log_check(CheckDraft { sent: phone::instant(phone::now()), photo, ..draft }).await
}

/// Somebody has seen what became of it.
pub fn forget(key: u32) {
    spawn_local(async move {
        let _ = phone::remove(key).await;
        show().await;
        focus::carry_on(&[".refused li:last-child button", "main"]);
    });
}

async fn show() {
    let entries = phone::all().await.unwrap_or_default();
    STANDING.with_borrow(|standing| {
        if let Some(standing) = standing {
            standing.entries.set(entries);
        }
    });
}
