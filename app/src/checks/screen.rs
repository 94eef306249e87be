//! The check screen comes to life: an answer in one tap, said at once, and nothing lost when the signal is bad.

use domain::check::{CheckDraft, FindingDraft, Unfit, Verdict, accept_photo};
use domain::fault::Faults;
use domain::photo::Photos;
use leptos::ev;
use leptos::form::form_data_from_event;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::web_sys::{FormData, HtmlFormElement, SubmitEvent};
use serde::{Deserialize, Serialize};

use super::api::{CorrectionDraft, NotStored, Stored};
use super::focus;
use super::outbox::{Entry, Sent, became, correct, flush, forget, in_words, keep, phone, post, settled, take_back};
use crate::recoveries::ticking::pause;

mod progress;

use progress::Progress;

/// What the screen says, in the reader's language.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Words {
    pub sending: String,
    pub waiting: String,
    pub saved: String,
    pub send_now: String,
    pub rejected: String,
    /// Of a picture that the phone cannot read.
    pub unreadable: String,
    pub kept: String,
    pub broken: String,
    pub aside: String,
    /// One for each of what can be wrong ([`super::outbox::FAULTS`]).
    pub faults: Vec<String>,
    /// None where checks cannot be corrected.
    pub undo: Option<String>,
    pub undone: String,
    /// Why it was taken back: this stands in public beside the struck-through check.
    pub undo_reason: String,
    pub after: AfterWords,
}

/// What can be done after a check.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AfterWords {
    /// None where checks cannot be corrected.
    pub correct: Option<String>,
    /// None where recoveries cannot be read.
    pub recovery: Option<String>,
    /// What becomes of what stood in the way, where something did.
    pub hindered: String,
    /// None where the board of it cannot be read.
    pub board: Option<String>,
    pub next: String,
    pub again: String,
    pub today: String,
}

/// What to look at next: the address, and what is there.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Next {
    pub href: String,
    pub label: String,
}

/// How long a mistaken tap can be taken back in one tap.
const UNDO: u32 = 10_000;

/// What there is when an answer was opened, left or given: that it is said, else the question.
const WHERE_IT_GOES_ON: [&str; 2] = [".said h1", "#ask"];

/// When a weak signal is called one.
const PATIENCE: u32 = 1_500;

/// What stands inside are plain forms that work by themselves; this sends them without leaving the page.
#[island]
pub fn CheckScreen(
    /// Whose checks these are.
    me: String,
    /// Where and what, to be recognised by.
    about: String,
    /// The version of the wording that is shown.
    version: i64,
    /// How many criteria it has.
    criteria: usize,
    /// Whether checks come with pictures.
    #[prop(into)]
    photos: String,
    /// The address of this screen.
    here: String,
    words: Words,
    next: Option<Next>,
    children: Children,
) -> impl IntoView {
    let screen = Screen {
        me: StoredValue::new(me),
        about: StoredValue::new(about),
        version: StoredValue::new(version),
        criteria: StoredValue::new(criteria),
        photos: StoredValue::new(Photos::parse(&photos).unwrap_or_default()),
        progress: RwSignal::new(Progress::Asking),
        hurry: RwSignal::new(false),
        undo: RwSignal::new(false),
        entry: StoredValue::new(Entry::default()),
        hindered: StoredValue::new(false),
        words: StoredValue::new(words.clone()),
    };
    let Screen { progress, hurry, undo, .. } = screen;
    // What was tapped is gone from the screen: whoever goes by keys or by ear goes on with what is there instead.
    Effect::new(move || {
        let (is_over, is_asked_again) = progress.with(|now| (now.is_over(), now.is_asked_again()));
        if is_over || is_asked_again {
            focus::carry_on(&WHERE_IT_GOES_ON);
        }
        // What became of the tap is said above the question.
        if is_asked_again {
            request_animation_frame(|| window().scroll_to_with_x_and_y(0.0, 0.0));
        }
    });
    window_event_listener(ev::online, move |_| hurry.set(true));
    window_event_listener(ev::hashchange, |_| focus::carry_on(&WHERE_IT_GOES_ON));
    window_event_listener(ev::beforeunload, move |event| {
        if progress.with_untracked(Progress::is_under_way) {
            event.prevent_default();
        }
    });
    let said = move || {
        let (said, is_over) = progress.with(|now| (screen.words.with_value(|words| now.said(words)), now.is_over()));
        if is_over { view! { <h1 tabindex="-1">{said}</h1> }.into_any() } else { said.into_any() }
    };
    let urge = words.send_now.clone();
    let waiting = move || {
        let urge = urge.clone();
        (progress.get() == Progress::Waiting)
            .then(|| view! { <button class="btn quiet" on:click=move |_| hurry.set(true)>{urge}</button> })
    };
    let after = move || match progress.get() {
        Progress::Stored(verdict, stored) => {
            let words = screen.words.get_value();
            let taking_back = stored.check.clone();
            let undoing = words.undo.clone();
            let mistake = undoing.map(|undoing| {
                view! {
                    <Show when=move || undo.get()>
                        <button class="btn quiet" on:click={
                            let check = taking_back.clone();
                            move |_| screen.take_back(check.clone())
                        }>{undoing.clone()}</button>
                    </Show>
                }
            });
            let shown = view! {
                <div class="grid">
                    {mistake.filter(|_| verdict == Verdict::Kept)}
                    <After words=words.after stored hindered=screen.hindered.get_value() next=next.clone() here=here.clone() />
                </div>
            };
            Some(shown.into_any())
        }
        Progress::Saved(verdict, key) => {
            let words = screen.words.get_value();
            let undoing = words.undo.clone().filter(|_| verdict == Verdict::Kept);
            let mistake = undoing.map(|undoing| {
                view! {
                    <Show when=move || undo.get()>
                        <button class="btn quiet" on:click=move |_| screen.unsend(key)>{undoing.clone()}</button>
                    </Show>
                }
            });
            let shown = view! {
                <div class="grid">
                    {mistake}
                    <After words=AfterWords { correct: None, recovery: None, board: None, ..words.after } stored=Stored::default() hindered=screen.hindered.get_value() next=next.clone() here=here.clone() />
                </div>
            };
            Some(shown.into_any())
        }
        _ => None,
    };
    view! {
        <div class="said" role="status" data-state=move || progress.with(Progress::name)>{said}</div>
        {waiting}
        {after}
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

/// What can be done after a check: to its recovery, to the next place, or to mend a mistake.
#[component]
pub fn After(
    words: AfterWords,
    stored: Stored,
    /// Whether it was said what stood in the way.
    hindered: bool,
    next: Option<Next>,
    here: String,
) -> impl IntoView {
    let correct = words.correct.map(|correct| {
        view! { <a class="link" href=format!("/checks/{}/correct", stored.check)>{correct}</a> }
    });
    let recovery = stored.recovery.zip(words.recovery).map(|(id, recovery)| {
        view! { <a class="btn tall" href=format!("/recoveries/{id}")>{recovery}</a> }
    });
    let hindered = hindered.then(|| {
        let board = words.board.map(|board| view! { " " <a class="link" href="/obstacles">{board}</a> });
        view! { <p class="note"><span>{words.hindered}{board}</span></p> }
    });
    let next = next.map(|next| {
        view! { <a class="btn tall next" href=next.href><span>{words.next}<small>{next.label}</small></span></a> }
    });
    view! {
        {hindered}
        {recovery}
        {next}
        <a class="btn quiet" href=here>{words.again}</a>
        <p class="row between">
            <a class="link" href="/today">{words.today}</a>
            {correct}
        </p>
    }
}

/// The screen's state; every part of it is a handle.
#[derive(Clone, Copy)]
struct Screen {
    me: StoredValue<String>,
    about: StoredValue<String>,
    version: StoredValue<i64>,
    criteria: StoredValue<usize>,
    photos: StoredValue<Photos>,
    progress: RwSignal<Progress>,
    /// Whether to try again without waiting longer.
    hurry: RwSignal<bool>,
    /// Whether the last answer can be taken back in one tap.
    undo: RwSignal<bool>,
    /// What was tapped last.
    entry: StoredValue<Entry>,
    /// Whether the last answer says what stood in the way.
    hindered: StoredValue<bool>,
    words: StoredValue<Words>,
}

impl Screen {
    /// Sends one of the forms. What cannot be read is left to the browser, which sends it as a form.
    fn submit(self, event: &SubmitEvent) {
        let Ok(data) = form_data_from_event(event) else { return };
        event.prevent_default();
        if self.progress.with_untracked(Progress::is_under_way) {
            return;
        }
        self.progress.set(Progress::Sending);
        let now = phone::now();
        let [heard, heard_at] = phone::heard();
        let draft = CheckDraft {
            id: phone::new_id(),
            at: phone::instant(now),
            heard,
            heard_at,
            // Whoever taps when nobody is signed in any more is somebody else.
            by: if phone::is_over() { String::new() } else { self.me.get_value() },
            version: self.version.get_value().to_string(),
            ..draft(&data)
        };
        self.hindered.set_value(!draft.finding.obstacle.is_empty());
        let form: HtmlFormElement = event_target(event);
        spawn_local(async move {
            let Ok(picture) = phone::picture_in(&data).await else {
                let unreadable = self.words.with_value(|words| words.unreadable.clone());
                return self.progress.set(Progress::Rejected(unreadable));
            };
            let (about, pictured) = (self.about.get_value(), picture.is_some());
            if let Err(wrong) = self.check(&draft, pictured) {
                return self.progress.set(Progress::Rejected(wrong));
            }
            let entry = Entry { draft: draft.clone(), about, added: now, pictured, ..Entry::default() };
            self.entry.set_value(entry.clone());
            let done = match keep(&entry, picture.as_deref()).await {
                Ok(key) => self.send(key, &draft).await,
                // Nothing can be kept on this phone: it is sent from here, and has to stay open.
                Err(_) => self.deliver(draft, picture.as_deref()).await,
            };
            if done {
                form.reset();
                let _ = location().set_hash("");
            }
        });
    }

    /// What the server would refuse is said before anything is called saved: by the same rules, in the same words.
    fn check(self, draft: &CheckDraft, pictured: bool) -> Result<(), String> {
        let wrong = |faults: &Faults| self.words.with_value(|words| in_words(faults, &words.faults));
        let finding = draft.finding.parse(self.criteria.get_value()).map_err(|faults| wrong(&faults))?;
        match accept_photo(self.photos.get_value(), &finding, pictured || !draft.photo.is_empty()) {
            Err(Unfit::Missing(faults)) => Err(wrong(&faults)),
            _ => Ok(()),
        }
    }

    /// Sends what is kept on the phone already; whoever made it goes on after a moment, whatever the signal. Whether it
    /// is on its way.
    async fn send(self, key: u32, draft: &CheckDraft) -> bool {
        let verdict = Verdict::parse(&draft.finding.verdict).unwrap_or(Verdict::Kept);
        self.progress.set(Progress::Sending);
        spawn_local(async move {
            pause(PATIENCE).await;
            if self.progress.get_untracked() == Progress::Sending {
                self.progress.set(Progress::Saved(verdict, key));
                self.offer_undo().await;
            }
        });
        let sent = became(key, &self.me.get_value()).await;
        let (sending, saved) = (Progress::Sending, Progress::Saved(verdict, key));
        // Whoever has gone on to something else is not called back.
        if ![&sending, &saved].contains(&&self.progress.get_untracked()) {
            return true;
        }
        match sent {
            Sent::Stored(stored) => {
                self.progress.set(Progress::Stored(verdict, stored));
                spawn_local(self.offer_undo());
                true
            }
            // It was called saved by then: it stays on the phone, and the page shows it with all that was entered.
            Sent::Refused(_) if self.progress.get_untracked() != sending => {
                self.progress.set(Progress::Asking);
                true
            }
            Sent::Refused(reason) => {
                // It is said here, and what was entered is still there.
                forget(key);
                self.progress.set(Progress::Rejected(reason));
                false
            }
            Sent::Waits => {
                if self.progress.get_untracked() == Progress::Sending {
                    self.progress.set(Progress::Saved(verdict, key));
                    spawn_local(self.offer_undo());
                }
                spawn_local(self.follow(key, verdict));
                true
            }
        }
    }

    /// Says what became of a check that was saved, for as long as the screen is open.
    async fn follow(self, key: u32, verdict: Verdict) {
        let sent = settled(key).await;
        if self.progress.get_untracked() != Progress::Saved(verdict, key) {
            return;
        }
        // Another tab may have sent it: then it is stored, and this one knows no more.
        let check = self.entry.with_value(|entry| entry.draft.id.clone());
        match sent.unwrap_or(Sent::Stored(Stored { check, recovery: None })) {
            Sent::Stored(stored) => {
                self.progress.set(Progress::Stored(verdict, stored));
                if self.undo.get_untracked() {
                    self.offer_undo().await;
                }
            }
            Sent::Refused(_) => self.progress.set(Progress::Asking),
            Sent::Waits => {}
        }
    }

    /// Takes back a mistaken *kept* that was kept on the phone.
    fn unsend(self, key: u32) {
        self.withdraw_undo();
        spawn_local(async move {
            let why = self.words.with_value(|words| words.undo_reason.clone());
            match take_back(key, self.entry.get_value(), why).await {
                Ok(true) => self.progress.set(Progress::NeverSent),
                Ok(false) => {
                    self.progress.set(Progress::TakenBack);
                    flush(&self.me.get_value()).await;
                }
                Err(_) => self.undo.set(true),
            }
        });
    }

    /// Sends a check under its one id until there is an answer. Whether it is stored.
    async fn deliver(self, draft: CheckDraft, picture: Option<&[u8]>) -> bool {
        let verdict = Verdict::parse(&draft.finding.verdict).unwrap_or(Verdict::Kept);
        self.progress.set(Progress::Sending);
        spawn_local(self.admit_delay());
        let mut wait = 1_000;
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
                    self.rest(wait).await;
                    wait = (wait * 2).min(30_000);
                }
            }
        }
    }

    async fn admit_delay(self) {
        pause(PATIENCE).await;
        if self.progress.get_untracked() == Progress::Sending {
            self.progress.set(Progress::Waiting);
        }
    }

    /// Waits, unless the signal comes back or somebody taps.
    async fn rest(self, milliseconds: u32) {
        const STEP: u32 = 250;
        self.hurry.set(false);
        for _ in 0..milliseconds / STEP {
            if self.hurry.get_untracked() {
                break;
            }
            pause(STEP).await;
        }
    }

    async fn offer_undo(self) {
        let progress = self.progress.get_untracked();
        self.undo.set(true);
        pause(UNDO).await;
        if self.progress.get_untracked() == progress {
            self.withdraw_undo();
        }
    }

    /// Whoever is at the button that goes stays at what it was about.
    fn withdraw_undo(self) {
        self.undo.set(false);
        focus::carry_on(&WHERE_IT_GOES_ON);
    }

    /// Takes back a mistaken *kept* by a correction: what was logged stays in sight, struck through.
    fn take_back(self, check: String) {
        self.withdraw_undo();
        let why = self.words.with_value(|words| words.undo_reason.clone());
        spawn_local(async move {
            match correct(check, CorrectionDraft::taking_back(why)).await {
                Ok(_) => self.progress.set(Progress::TakenBack),
                Err(NotStored::Rejected(reason)) => self.progress.set(Progress::Rejected(reason)),
                Err(NotStored::Unreachable | NotStored::SignedOut) => self.undo.set(true),
            }
        });
    }
}

/// What a form says.
fn draft(data: &FormData) -> CheckDraft {
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
