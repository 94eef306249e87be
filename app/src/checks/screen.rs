//! The check screen: sends answers without leaving the page, and keeps them on the phone while the network is bad.

use domain::check::{CheckDraft, PhotoMismatch, accept_photo};
use domain::correction::CorrectionDraft;
use domain::fault::Faults;
use domain::finding::FindingDraft;
use domain::photo::PhotoPolicy;
use domain::verdict::Verdict;
use leptos::ev;
use leptos::form::form_data_from_event;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::web_sys::{FormData, HtmlFormElement, SubmitEvent};
use serde::{Deserialize, Serialize};

use crate::addresses;
use crate::focus;
use crate::outbox::protocol::{NotStored, Stored};
use crate::outbox::{
    OutboxEntry, SendOutcome, correct, dismiss, enqueue, fault_texts, flush, outcome_of, phone, post, undo,
    wait_for_outcome,
};
use crate::timer::{pause, server_time_reading};

mod progress;

use progress::Progress;

/// The texts of the check screen, in the reader's language.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ScreenTexts {
    pub sending: String,
    pub waiting: String,
    pub saved: String,
    pub send_now: String,
    pub rejected: String,
    /// For a photo that the phone cannot read.
    pub unreadable: String,
    pub kept: String,
    pub broken: String,
    pub not_applicable: String,
    /// One for each of [`crate::outbox::FAULTS`].
    pub faults: Vec<String>,
    /// None for users who may not correct checks.
    pub undo: Option<String>,
    pub undone: String,
    /// The reason of the correction. It is public, beside the struck-through check.
    pub undo_reason: String,
    pub next_steps: NextStepTexts,
}

/// The texts of [`NextSteps`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NextStepTexts {
    /// None for users who may not correct checks.
    pub correct: Option<String>,
    /// None for users who may not see recoveries.
    pub recovery: Option<String>,
    /// Shown if the answer named an obstacle.
    pub obstacle_noted: String,
    /// The link to the board of obstacles. None for users who may not see it.
    pub obstacle_board: Option<String>,
    pub next: String,
    pub check_again: String,
    pub today: String,
}

/// The next promise to check.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NextCheck {
    pub href: String,
    pub label: String,
}

/// How long an answer can be undone with one tap.
const UNDO_WINDOW_MS: u32 = 10_000;

/// Where the focus goes after an answer: to the message, otherwise to the question.
const FOCUS_TARGETS: [&str; 2] = [".check-status h1", "#ask"];

/// After this time without an answer the network counts as slow.
const SLOW_AFTER_MS: u32 = 1_500;

/// The children are plain forms that work without a script. The island sends them without leaving the page.
#[island]
pub fn CheckScreen(
    /// The author of the checks.
    actor_key: String,
    /// The promise and the place, as the outbox shows them.
    label: String,
    /// The version of the wording on the screen.
    version: i64,
    /// How many criteria the wording has.
    criteria_count: usize,
    /// Whether checks of this promise come with photos.
    #[prop(into)]
    photo_policy: String,
    /// The address of this screen.
    address: String,
    texts: ScreenTexts,
    next: Option<NextCheck>,
    children: Children,
) -> impl IntoView {
    let screen = ScreenState {
        actor_key: StoredValue::new(actor_key),
        label: StoredValue::new(label),
        version: StoredValue::new(version),
        criteria_count: StoredValue::new(criteria_count),
        photo_policy: StoredValue::new(PhotoPolicy::parse(&photo_policy).unwrap_or_default()),
        progress: RwSignal::new(Progress::Asking),
        retry_now: RwSignal::new(false),
        can_undo: RwSignal::new(false),
        entry: StoredValue::new(OutboxEntry::default()),
        has_obstacle: StoredValue::new(false),
        texts: StoredValue::new(texts.clone()),
    };
    let ScreenState { progress, retry_now, can_undo, .. } = screen;
    // The button that was tapped is no longer on the screen, so keyboards and screen readers need a new focus.
    Effect::new(move || {
        let (is_over, is_taken_back) = progress.with(|now| (now.is_over(), now.is_taken_back()));
        if is_over || is_taken_back {
            focus::restore_focus(&FOCUS_TARGETS);
        }
        // The message is above the question.
        if is_taken_back {
            request_animation_frame(|| window().scroll_to_with_x_and_y(0.0, 0.0));
        }
    });
    window_event_listener(ev::online, move |_| retry_now.set(true));
    window_event_listener(ev::hashchange, |_| focus::restore_focus(&FOCUS_TARGETS));
    window_event_listener(ev::beforeunload, move |event| {
        if progress.with_untracked(Progress::is_under_way) {
            event.prevent_default();
        }
    });
    let message = move || {
        let (message, is_over) = progress.with(|now| (screen.texts.with_value(|texts| now.text(texts)), now.is_over()));
        if is_over { view! { <h1 tabindex="-1">{message}</h1> }.into_any() } else { message.into_any() }
    };
    let send_now_label = texts.send_now.clone();
    let retry_button = move || {
        let send_now_label = send_now_label.clone();
        (progress.get() == Progress::Waiting).then(
            || view! { <button class="btn quiet" on:click=move |_| retry_now.set(true)>{send_now_label}</button> },
        )
    };
    let next_steps = move || match progress.get() {
        Progress::Stored(verdict, stored) => {
            let texts = screen.texts.get_value();
            let check = stored.check.clone();
            let undo_label = texts.undo.clone();
            let undo_button = undo_label.map(|undo_label| {
                view! {
                    <Show when=move || can_undo.get()>
                        <button class="btn quiet" on:click={
                            let check = check.clone();
                            move |_| screen.undo_stored(check.clone())
                        }>{undo_label.clone()}</button>
                    </Show>
                }
            });
            let content = view! {
                <div class="grid">
                    {undo_button.filter(|_| verdict == Verdict::Kept)}
                    <NextSteps texts=texts.next_steps stored has_obstacle=screen.has_obstacle.get_value() next=next.clone() address=address.clone() />
                </div>
            };
            Some(content.into_any())
        }
        Progress::Saved(verdict, key) => {
            let texts = screen.texts.get_value();
            let undo_label = texts.undo.clone().filter(|_| verdict == Verdict::Kept);
            let undo_button = undo_label.map(|undo_label| {
                view! {
                    <Show when=move || can_undo.get()>
                        <button class="btn quiet" on:click=move |_| screen.undo_queued(key)>{undo_label.clone()}</button>
                    </Show>
                }
            });
            let content = view! {
                <div class="grid">
                    {undo_button}
                    <NextSteps texts=NextStepTexts { correct: None, recovery: None, obstacle_board: None, ..texts.next_steps } stored=Stored::default() has_obstacle=screen.has_obstacle.get_value() next=next.clone() address=address.clone() />
                </div>
            };
            Some(content.into_any())
        }
        _ => None,
    };
    view! {
        <div class="check-status" role="status" data-state=move || progress.with(Progress::name)>{message}</div>
        {retry_button}
        {next_steps}
        <div
            class="screen"
            hidden=move || progress.with(Progress::is_over)
            aria-busy=move || progress.with(Progress::is_under_way).to_string()
            on:submit=move |event| screen.submit(&event)
        >
            {children()}
        </div>
    }
}

/// The links after a check: to the recovery, to the next check, and to a correction.
#[component]
pub fn NextSteps(
    texts: NextStepTexts,
    stored: Stored,
    /// Whether the answer named an obstacle.
    has_obstacle: bool,
    next: Option<NextCheck>,
    address: String,
) -> impl IntoView {
    let correct = texts.correct.map(|correct| {
        view! { <a class="link" href=addresses::correct_check(stored.check)>{correct}</a> }
    });
    let recovery = stored.recovery.zip(texts.recovery).map(|(id, recovery)| {
        view! { <a class="btn tall" href=addresses::recovery(id)>{recovery}</a> }
    });
    let obstacle_note = has_obstacle.then(|| {
        let board =
            texts.obstacle_board.map(|board| view! { " " <a class="link" href=addresses::OBSTACLES>{board}</a> });
        view! { <p class="note"><span>{texts.obstacle_noted}{board}</span></p> }
    });
    let next = next.map(|next| {
        view! { <a class="btn tall next" href=next.href><span>{texts.next}<small>{next.label}</small></span></a> }
    });
    view! {
        {obstacle_note}
        {recovery}
        {next}
        <a class="btn quiet" href=address>{texts.check_again}</a>
        <p class="row between">
            <a class="link" href=addresses::TODAY>{texts.today}</a>
            {correct}
        </p>
    }
}

/// The state of the screen. All fields are handles, so it is cheap to copy.
#[derive(Clone, Copy)]
struct ScreenState {
    actor_key: StoredValue<String>,
    label: StoredValue<String>,
    version: StoredValue<i64>,
    criteria_count: StoredValue<usize>,
    photo_policy: StoredValue<PhotoPolicy>,
    progress: RwSignal<Progress>,
    /// Set to end a wait for the next attempt.
    retry_now: RwSignal<bool>,
    /// Whether the last answer can still be undone with one tap.
    can_undo: RwSignal<bool>,
    /// The last answer.
    entry: StoredValue<OutboxEntry>,
    /// Whether the last answer named an obstacle.
    has_obstacle: StoredValue<bool>,
    texts: StoredValue<ScreenTexts>,
}

impl ScreenState {
    /// Sends a form. If its data cannot be read, the browser submits it in the normal way.
    fn submit(self, event: &SubmitEvent) {
        let Ok(data) = form_data_from_event(event) else { return };
        event.prevent_default();
        if self.progress.with_untracked(Progress::is_under_way) {
            return;
        }
        self.progress.set(Progress::Sending);
        let now = phone::now();
        let [heard, heard_at] = server_time_reading();
        let draft = CheckDraft {
            id: phone::new_id(),
            at: phone::instant(now),
            heard,
            heard_at,
            // After the session has ended, the author is unknown.
            by: if phone::is_session_over() { String::new() } else { self.actor_key.get_value() },
            version: self.version.get_value().to_string(),
            ..read_draft(&data)
        };
        self.has_obstacle.set_value(!draft.finding.obstacle.is_empty());
        let form: HtmlFormElement = event_target(event);
        spawn_local(async move {
            let Ok(picture) = phone::picture_in(&data).await else {
                let unreadable = self.texts.with_value(|texts| texts.unreadable.clone());
                return self.progress.set(Progress::Rejected(unreadable));
            };
            let (label, has_picture) = (self.label.get_value(), picture.is_some());
            if let Err(reason) = self.validate(&draft, has_picture) {
                return self.progress.set(Progress::Rejected(reason));
            }
            let entry = OutboxEntry { draft: draft.clone(), label, added: now, has_picture, ..OutboxEntry::default() };
            self.entry.set_value(entry.clone());
            let is_accepted = match enqueue(&entry, picture.as_deref()).await {
                Ok(key) => self.send(key, &draft).await,
                // The phone cannot store anything, so the page has to stay open until the check is sent.
                Err(_) => self.send_until_stored(draft, picture.as_deref()).await,
            };
            if is_accepted {
                form.reset();
                let _ = location().set_hash("");
            }
        });
    }

    /// Applies the server's rules before the screen says "saved".
    fn validate(self, draft: &CheckDraft, has_picture: bool) -> Result<(), String> {
        let messages = |faults: &Faults| self.texts.with_value(|texts| fault_texts(faults, &texts.faults));
        let finding = draft.finding.parse(self.criteria_count.get_value()).map_err(|faults| messages(&faults))?;
        match accept_photo(self.photo_policy.get_value(), &finding, has_picture || !draft.photo.is_empty()) {
            Err(PhotoMismatch::Missing(faults)) => Err(messages(&faults)),
            _ => Ok(()),
        }
    }

    /// Sends a check that is in the outbox. After a moment the screen says "saved", however slow the network is.
    /// Returns whether the check was accepted.
    async fn send(self, key: u32, draft: &CheckDraft) -> bool {
        let verdict = Verdict::parse(&draft.finding.verdict).unwrap_or(Verdict::Kept);
        self.progress.set(Progress::Sending);
        spawn_local(async move {
            pause(SLOW_AFTER_MS).await;
            if self.progress.get_untracked() == Progress::Sending {
                self.progress.set(Progress::Saved(verdict, key));
                self.offer_undo().await;
            }
        });
        let outcome = outcome_of(key, &self.actor_key.get_value()).await;
        let (sending, saved) = (Progress::Sending, Progress::Saved(verdict, key));
        // The user has gone on to something else.
        if ![&sending, &saved].contains(&&self.progress.get_untracked()) {
            return true;
        }
        match outcome {
            SendOutcome::Stored(stored) => {
                self.progress.set(Progress::Stored(verdict, stored));
                spawn_local(self.offer_undo());
                true
            }
            // The screen already said "saved". The check stays in the outbox, which shows it with everything that was
            // entered.
            SendOutcome::Refused(_) if self.progress.get_untracked() != sending => {
                self.progress.set(Progress::Asking);
                true
            }
            SendOutcome::Refused(reason) => {
                // The reason is shown here, and the form still has everything that was entered.
                dismiss(key);
                self.progress.set(Progress::Rejected(reason));
                false
            }
            SendOutcome::Queued => {
                if self.progress.get_untracked() == Progress::Sending {
                    self.progress.set(Progress::Saved(verdict, key));
                    spawn_local(self.offer_undo());
                }
                spawn_local(self.watch_saved(key, verdict));
                true
            }
        }
    }

    /// Follows a saved check for as long as the screen is open.
    async fn watch_saved(self, key: u32, verdict: Verdict) {
        let outcome = wait_for_outcome(key).await;
        if self.progress.get_untracked() != Progress::Saved(verdict, key) {
            return;
        }
        // Without an outcome, another tab has sent it. Then it is stored, and only its id is known.
        let check = self.entry.with_value(|entry| entry.draft.id.clone());
        match outcome.unwrap_or(SendOutcome::Stored(Stored { check, recovery: None })) {
            SendOutcome::Stored(stored) => {
                self.progress.set(Progress::Stored(verdict, stored));
                if self.can_undo.get_untracked() {
                    self.offer_undo().await;
                }
            }
            SendOutcome::Refused(_) => self.progress.set(Progress::Asking),
            SendOutcome::Queued => {}
        }
    }

    /// Undoes a mistaken *kept* that is still in the outbox.
    fn undo_queued(self, key: u32) {
        self.hide_undo();
        spawn_local(async move {
            let why = self.texts.with_value(|texts| texts.undo_reason.clone());
            match undo(key, self.entry.get_value(), why).await {
                Ok(true) => self.progress.set(Progress::NeverSent),
                Ok(false) => {
                    self.progress.set(Progress::TakenBack);
                    flush(&self.actor_key.get_value()).await;
                }
                Err(_) => self.can_undo.set(true),
            }
        });
    }

    /// Sends a check, under the same id each time, until there is an answer. Returns whether it is stored.
    async fn send_until_stored(self, draft: CheckDraft, picture: Option<&[u8]>) -> bool {
        let verdict = Verdict::parse(&draft.finding.verdict).unwrap_or(Verdict::Kept);
        self.progress.set(Progress::Sending);
        spawn_local(self.show_delay());
        let mut delay = 1_000;
        loop {
            match post(draft.clone(), picture).await {
                Ok(stored) => {
                    self.progress.set(Progress::Stored(verdict, stored));
                    spawn_local(self.offer_undo());
                    return true;
                }
                Err(NotStored::Rejected(reason)) => {
                    self.progress.set(Progress::Rejected(reason));
                    return false;
                }
                Err(NotStored::Unreachable | NotStored::SignedOut) => {
                    self.progress.set(Progress::Waiting);
                    self.wait_for_retry(delay).await;
                    delay = (delay * 2).min(30_000);
                }
            }
        }
    }

    async fn show_delay(self) {
        pause(SLOW_AFTER_MS).await;
        if self.progress.get_untracked() == Progress::Sending {
            self.progress.set(Progress::Waiting);
        }
    }

    /// Waits until the time is over, the network is back, or the user taps "send now".
    async fn wait_for_retry(self, milliseconds: u32) {
        const STEP: u32 = 250;
        self.retry_now.set(false);
        for _ in 0..milliseconds / STEP {
            if self.retry_now.get_untracked() {
                break;
            }
            pause(STEP).await;
        }
    }

    async fn offer_undo(self) {
        let progress = self.progress.get_untracked();
        self.can_undo.set(true);
        pause(UNDO_WINDOW_MS).await;
        if self.progress.get_untracked() == progress {
            self.hide_undo();
        }
    }

    /// If the focus is on the button that disappears, it moves to the message.
    fn hide_undo(self) {
        self.can_undo.set(false);
        focus::restore_focus(&FOCUS_TARGETS);
    }

    /// Undoes a mistaken *kept* with a correction. The check stays visible, struck through.
    fn undo_stored(self, check: String) {
        self.hide_undo();
        let why = self.texts.with_value(|texts| texts.undo_reason.clone());
        spawn_local(async move {
            match correct(check, CorrectionDraft::take_back(why)).await {
                Ok(_) => self.progress.set(Progress::TakenBack),
                Err(NotStored::Rejected(reason)) => self.progress.set(Progress::Rejected(reason)),
                Err(NotStored::Unreachable | NotStored::SignedOut) => self.can_undo.set(true),
            }
        });
    }
}

/// Reads the fields of a form.
fn read_draft(data: &FormData) -> CheckDraft {
    let field = |name: &str| data.get(name).as_string().unwrap_or_default();
    let finding = FindingDraft {
        verdict: field("verdict"),
        reason: field("reason"),
        obstacle: field("obstacle"),
        found_by: field("found_by"),
        note: field("note"),
    };
    let (guarantee, place, photo) = (field("guarantee"), field("place"), field("photo"));
    CheckDraft { guarantee, place, photo, finding, ..CheckDraft::default() }
}
