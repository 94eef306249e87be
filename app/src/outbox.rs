//! The outbox: checks are stored on the phone first, then sent in order, each under its own id, until they have an
//! answer. It survives reloads, closed tabs and updates of the app.

use domain::check::CheckDraft;
use domain::fault::{Fault, Faults};
use domain::text::{MAX_COMBINING_MARKS, Prose};
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::{Deserialize, Serialize};

mod bulk;
#[cfg(feature = "ssr")]
pub(crate) mod pending_checks;
pub mod protocol;
mod refused;
mod sending;

#[cfg(not(feature = "hydrate"))]
#[path = "outbox/phone_server.rs"]
pub(crate) mod phone;
#[cfg(feature = "hydrate")]
pub(crate) mod phone;

pub use sending::{SendOutcome, correct, dismiss, enqueue, flush, outcome_of, post, undo, wait_for_outcome};

use refused::RefusedCheck;
use sending::{refresh, refresh_and_notify, reject_all, run, set_state, take_ownership};

/// A check that is not stored on the server yet. It holds no customer data except what was typed into the note.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct OutboxEntry {
    /// `by` names the author. It is empty if nobody was signed in.
    pub draft: CheckDraft,
    /// The promise and place, for display.
    #[serde(rename = "about")]
    pub label: String,
    /// In milliseconds, by the phone's clock.
    pub added: f64,
    /// A picture belongs to it, which is stored beside it.
    #[serde(rename = "pictured")]
    pub has_picture: bool,
    /// It has been sent at least once. Without an answer it is unknown whether it arrived.
    #[serde(rename = "tried")]
    pub was_sent: bool,
    /// This entry is not a check but a retraction of the check with this id; the text is its reason.
    #[serde(rename = "takes_back")]
    pub retracts: Option<String>,
    /// Why the server refused it. It stays until somebody sends it again or deletes it.
    pub refused: Option<String>,
}

/// The texts of the outbox, in the reader's language. `{}` stands for a number, a duration or a name.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OutboxTexts {
    pub one_pending: String,
    pub several_pending: String,
    pub oldest_age: String,
    pub signed_out: String,
    pub others_pending: String,
    pub unowned: String,
    pub take_ownership: String,
    pub refused: String,
    /// Kept, broken and not applicable, in this order.
    pub verdicts: [String; 3],
    pub edit: String,
    pub note: String,
    pub picture: String,
    pub remove_picture: String,
    pub send_again: String,
    pub delete: String,
    pub unreadable: String,
    pub confirm_sign_out: String,
    pub storage_full: String,
    /// One for each of [`FAULTS`].
    pub faults: Vec<String>,
    /// Set if this person's checks are no longer accepted: the reason.
    pub rejection_reason: Option<String>,
}

/// The faults a check can have. They are reported before the screen says "saved".
pub const FAULTS: [Fault; 6] = [
    Fault::Missing,
    Fault::UnknownChoice,
    Fault::TooLong { max: Prose::MAX },
    Fault::ControlCharacter,
    Fault::DirectionOverride,
    Fault::TooManyMarks { max: MAX_COMBINING_MARKS },
];

/// The faults as text; `texts` has one for each of [`FAULTS`].
pub fn fault_texts(faults: &Faults, texts: &[String]) -> String {
    let text_of = |fault: Fault| FAULTS.iter().position(|known| *known == fault).and_then(|at| texts.get(at));
    let messages: Vec<_> = faults.all().iter().filter_map(|entry| text_of(entry.fault)).map(String::as_str).collect();
    messages.join(" ")
}

/// With less free space than this, the outbox warns before anything is lost.
const LOW_SPACE_BYTES: f64 = 3_000_000.0;

/// The state of the outbox, as the page shows it.
#[derive(Clone, Copy)]
struct OutboxState {
    entries: RwSignal<Vec<(u32, OutboxEntry)>>,
    signed_out: RwSignal<bool>,
}

/// Shows pending and refused checks. It sends when the page opens, when the network returns, when the page becomes
/// visible, and every half minute.
#[island]
pub fn Outbox(
    /// The actor whose checks may be sent from here.
    actor_key: String,
    texts: OutboxTexts,
) -> impl IntoView {
    let state = OutboxState { entries: RwSignal::new(Vec::new()), signed_out: RwSignal::new(false) };
    let (is_low_on_space, now) = (RwSignal::new(false), RwSignal::new(0.0));
    let (actor_key, texts) = (StoredValue::new(actor_key), StoredValue::new(texts));
    let is_own = move |entry: &OutboxEntry| actor_key.with_value(|key| entry.draft.by == *key);
    let send_now = move || {
        spawn_local(async move {
            let _ = flush(&actor_key.get_value()).await;
        });
    };
    Effect::new(move || {
        set_state(state);
        now.set(phone::now());
        spawn_local(async move {
            match texts.with_value(|texts| texts.rejection_reason.clone()) {
                Some(why) => reject_all(&actor_key.get_value(), &why).await,
                None => run(&actor_key.get_value(), now).await,
            }
        });
        spawn_local(async move {
            is_low_on_space.set(phone::free_space().await.is_some_and(|room| room < LOW_SPACE_BYTES));
            if phone::is_online() {
                phone::sync_clock().await;
            }
        });
        window_event_listener(ev::online, move |_| send_now());
        listen_to_tabs();
        window_event_listener(ev::visibilitychange, move |_| {
            if phone::is_visible() {
                send_now();
            }
        });
    });
    window_event_listener(ev::submit, move |event| {
        let is_pending = |entry: &OutboxEntry| entry.refused.is_none() && is_own(entry);
        let pending_count =
            state.entries.with_untracked(|all| all.iter().filter(|(_, entry)| is_pending(entry)).count());
        let question = texts.with_value(|texts| texts.confirm_sign_out.replace("{}", &pending_count.to_string()));
        if pending_count > 0 && phone::is_sign_out(&event) && !phone::confirm(&question) {
            event.prevent_default();
        }
        bulk::handle_submit(&event, actor_key.get_value());
    });
    let summary = Memo::new(move |_| {
        state.entries.with(|entries| {
            let pending = || entries.iter().map(|(_, entry)| entry).filter(|entry| entry.refused.is_none());
            let own = || pending().filter(|entry| is_own(entry));
            let (all, own_count) = (pending().count(), own().count());
            let unowned = pending().filter(|entry| entry.draft.by.is_empty()).count();
            let oldest = own().map(|entry| entry.added).fold(f64::INFINITY, f64::min);
            texts.with_value(|texts| {
                let number = |text: &str, count: usize| Some(text.replace("{}", &count.to_string()));
                let count = match own_count {
                    0 => None,
                    1 => Some(texts.one_pending.clone()),
                    count => number(&texts.several_pending, count),
                };
                let oldest_age = minutes(now.get() - oldest).filter(|_| count.is_some());
                let oldest_age = oldest_age.map(|minutes| texts.oldest_age.replace("{}", &minutes.to_string()));
                let signed_out_text = (count.is_some() && state.signed_out.get()).then(|| texts.signed_out.clone());
                let others_pending = match all - own_count - unowned {
                    0 => None,
                    count => number(&texts.others_pending, count),
                };
                let unowned = if unowned == 0 { None } else { number(&texts.unowned, unowned) };
                let storage_warning = is_low_on_space.get().then(|| texts.storage_full.clone());
                let sentences = [count, oldest_age, signed_out_text, others_pending, unowned, storage_warning];
                sentences.into_iter().flatten().collect::<Vec<_>>().join(" ")
            })
        })
    });
    let refused = move || {
        let is_refused = |entry: &OutboxEntry| entry.refused.is_some() && is_own(entry);
        state.entries.with(|all| all.iter().filter(|(_, entry)| is_refused(entry)).cloned().collect::<Vec<_>>())
    };
    let has_unowned =
        Memo::new(move |_| state.entries.with(|all| all.iter().any(|(_, entry)| entry.draft.by.is_empty())));
    view! {
        <div
            class="outbox"
            role="status"
            data-waiting=move || state.entries.with(Vec::len).to_string()
            data-says=move || (!summary.with(String::is_empty)).to_string()
            data-looks=move || state.entries.with(|all| pending_checks(all))
        >
            {move || summary.get()}
        </div>
        <Show when=move || has_unowned.get()>
            <p class="unclaimed">
                <button class="btn quiet" on:click=move |_| take_ownership(actor_key.get_value())>
                    {texts.with_value(|texts| texts.take_ownership.clone())}
                </button>
            </p>
        </Show>
        <ul class="refused">
            <For each=refused key=|(key, entry)| (*key, entry.refused.clone()) let((key, entry))>
                <RefusedCheck key entry actor_key texts />
            </For>
        </ul>
    }
}

/// Another tab may have sent what is shown here.
fn listen_to_tabs() {
    window_event_listener(ev::storage, |event| {
        if event.key().as_deref() == Some(phone::CHANGED_KEY) {
            spawn_local(async {
                refresh().await;
            });
        }
    });
}

/// The pending checks for the script that shows them on other pages: guarantee, place, verdict and time (milliseconds
/// by the phone's clock). Retracted checks are left out.
fn pending_checks(entries: &[(u32, OutboxEntry)]) -> String {
    let is_check = |entry: &OutboxEntry| entry.refused.is_none() && entry.retracts.is_none();
    let is_retracted = |id: &str| entries.iter().any(|(_, entry)| entry.retracts.is_some() && entry.draft.id == id);
    let each = entries.iter().map(|(_, entry)| entry).filter(|entry| is_check(entry) && !is_retracted(&entry.draft.id));
    let line = |entry: &OutboxEntry| {
        #[expect(clippy::cast_possible_truncation, reason = "milliseconds of this century")]
        let added = entry.added as i64;
        [&entry.draft.guarantee, &entry.draft.place, &entry.draft.finding.verdict, &added.to_string()]
            .map(String::as_str)
            .join(" ")
    };
    each.map(line).collect::<Vec<_>>().join(";")
}

fn minutes(milliseconds: f64) -> Option<u32> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "minutes since something was tapped")]
    let minutes = (milliseconds / 60_000.0) as u32;
    (milliseconds.is_finite() && minutes > 0).then_some(minutes)
}

#[cfg(test)]
mod tests;
