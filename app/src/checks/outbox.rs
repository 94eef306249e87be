//! Checks on their way: first kept on the phone, then sent in order under their one id until there is an answer. They
//! outlive the page, the tab and an update of the app.

use domain::check::CheckDraft;
use domain::fault::{Fault, Faults};
use domain::text::{MOST_MARKS, Prose};
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::{Deserialize, Serialize};

mod refused;
mod sending;
mod together;

#[cfg(not(feature = "hydrate"))]
#[path = "outbox/nowhere.rs"]
pub(super) mod phone;
#[cfg(feature = "hydrate")]
pub(super) mod phone;

pub use sending::{Sent, became, correct, flush, forget, keep, post, settled, take_back};

use refused::Refused;
use sending::{claim, give_up, look, show, stay, watch};

/// A check that is not in the record yet. It holds nothing about a customer but what was typed into the note.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Entry {
    /// Whose it is says `by`; nobody's, where it was made while nobody was signed in.
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
    /// Why it was refused: kept until somebody has sent it again or deleted it.
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
    pub nobodys: String,
    pub claim: String,
    pub refused: String,
    /// What a check says: kept, broken, not applicable, in this order.
    pub verdicts: [String; 3],
    pub edit: String,
    pub note: String,
    pub picture: String,
    pub without: String,
    pub again: String,
    pub delete: String,
    pub unreadable: String,
    pub leave: String,
    pub full: String,
    /// One for each of [`FAULTS`].
    pub faults: Vec<String>,
    /// Why nothing of theirs is taken any more, where nothing is.
    pub given_up: Option<String>,
}

/// What can be wrong with what was entered into a check. It is said before the check is called saved.
pub const FAULTS: [Fault; 6] = [
    Fault::Missing,
    Fault::UnknownChoice,
    Fault::TooLong { max: Prose::MAX },
    Fault::ControlCharacter,
    Fault::DirectionOverride,
    Fault::TooManyMarks { max: MOST_MARKS },
];

/// The same in words, of which there is one for each of [`FAULTS`].
pub fn in_words(faults: &Faults, words: &[String]) -> String {
    let word = |fault: Fault| FAULTS.iter().position(|known| *known == fault).and_then(|at| words.get(at));
    let said: Vec<_> = faults.all().iter().filter_map(|one| word(one.fault)).map(String::as_str).collect();
    said.join(" ")
}

/// With less room than this on the phone it is said before anything is lost, in bytes.
const TIGHT: f64 = 3_000_000.0;

/// How the outbox stands, as the page shows it.
#[derive(Clone, Copy)]
struct Standing {
    entries: RwSignal<Vec<(u32, Entry)>>,
    signed_out: RwSignal<bool>,
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
    let (me, words) = (StoredValue::new(me), StoredValue::new(words));
    let wake = move || {
        spawn_local(async move {
            let _ = flush(&me.get_value()).await;
        });
    };
    Effect::new(move || {
        watch(standing);
        now.set(phone::now());
        spawn_local(async move {
            match words.with_value(|words| words.given_up.clone()) {
                Some(why) => give_up(&me.get_value(), &why).await,
                None => stay(&me.get_value(), now).await,
            }
        });
        spawn_local(async move {
            tight.set(phone::room().await.is_some_and(|room| room < TIGHT));
            if phone::is_online() {
                phone::listen().await;
            }
        });
        window_event_listener(ev::online, move |_| wake());
        hear_tabs();
        window_event_listener(ev::visibilitychange, move |_| {
            if phone::is_looked_at() {
                wake();
            }
        });
    });
    window_event_listener(ev::submit, move |event| {
        let own = |one: &Entry| one.refused.is_none() && me.with_value(|me| one.draft.by == *me);
        let waits = standing.entries.with_untracked(|all| all.iter().filter(|(_, one)| own(one)).count());
        let question = words.with_value(|words| words.leave.replace("{}", &waits.to_string()));
        if waits > 0 && phone::is_leaving(&event) && !phone::agrees(&question) {
            event.prevent_default();
        }
        together::submit(&event, me.get_value());
    });
    let waiting = Memo::new(move |_| {
        standing.entries.with(|entries| {
            let waiting = || entries.iter().map(|(_, one)| one).filter(|one| one.refused.is_none());
            let own = || waiting().filter(|one| me.with_value(|me| one.draft.by == *me));
            let (all, own_count) = (waiting().count(), own().count());
            let nobodys = waiting().filter(|one| one.draft.by.is_empty()).count();
            let oldest = own().map(|one| one.added).fold(f64::INFINITY, f64::min);
            words.with_value(|words| {
                let number = |text: &str, count: usize| Some(text.replace("{}", &count.to_string()));
                let count = match own_count {
                    0 => None,
                    1 => Some(words.one.clone()),
                    many => number(&words.several, many),
                };
                let age = minutes(now.get() - oldest).filter(|_| count.is_some());
                let age = age.map(|minutes| words.age.replace("{}", &minutes.to_string()));
                let out = (count.is_some() && standing.signed_out.get()).then(|| words.signed_out.clone());
                let others = match all - own_count - nobodys {
                    0 => None,
                    others => number(&words.others, others),
                };
                let nobodys = if nobodys == 0 { None } else { number(&words.nobodys, nobodys) };
                let tight = tight.get().then(|| words.full.clone());
                [count, age, out, others, nobodys, tight].into_iter().flatten().collect::<Vec<_>>().join(" ")
            })
        })
    });
    let refused = move || {
        let mine = |one: &Entry| one.refused.is_some() && me.with_value(|me| one.draft.by == *me);
        standing.entries.with(|all| all.iter().filter(|(_, one)| mine(one)).cloned().collect::<Vec<_>>())
    };
    let unclaimed = Memo::new(move |_| standing.entries.with(|all| all.iter().any(|(_, one)| one.draft.by.is_empty())));
    view! {
        <div
            class="outbox"
            role="status"
            data-waiting=move || standing.entries.with(Vec::len).to_string()
            data-says=move || (!waiting.with(String::is_empty)).to_string()
            data-looks=move || standing.entries.with(|all| looks(all))
        >
            {move || waiting.get()}
        </div>
        <Show when=move || unclaimed.get()>
            <p class="claim">
                <button class="btn quiet" on:click=move |_| claim(me.get_value())>
                    {words.with_value(|words| words.claim.clone())}
                </button>
            </p>
        </Show>
        <ul class="refused">
            <For each=refused key=|(key, one)| (*key, one.refused.clone()) let((key, entry))>
                <Refused key entry me words />
            </For>
        </ul>
    }
}

/// Another tab may have sent what is shown here.
fn hear_tabs() {
    window_event_listener(ev::storage, |event| {
        if event.key().as_deref() == Some(phone::CHANGED) {
            spawn_local(async {
                look().await;
            });
        }
    });
}

/// The looks that wait, for whoever draws them over a page: guarantee, place, verdict and when, by the phone's clock in
/// milliseconds. What is taken back is none.
fn looks(entries: &[(u32, Entry)]) -> String {
    let is_look = |entry: &Entry| entry.refused.is_none() && entry.takes_back.is_none();
    let taken_back = |id: &str| entries.iter().any(|(_, one)| one.takes_back.is_some() && one.draft.id == id);
    let each = entries.iter().map(|(_, one)| one).filter(|one| is_look(one) && !taken_back(&one.draft.id));
    let line = |one: &Entry| {
        #[expect(clippy::cast_possible_truncation, reason = "milliseconds of this century")]
        let added = one.added as i64;
        [&one.draft.guarantee, &one.draft.place, &one.draft.finding.verdict, &added.to_string()]
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
