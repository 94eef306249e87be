//! Today's page: the status of the promises, open requests, and the checks to make.

mod board;
mod due_checks;
mod open_requests;

use axum::response::Response;
use domain::check_queue::{CheckSchedule, Need, QueuedPromise, count_missing};
use domain::role::Permission;
use leptos::prelude::*;
use store::{GuaranteeRow, LastCheck, PlaceRow};

use crate::addresses;
use crate::checks::code::code_form;
use crate::checks::list::verdict_icon;
use crate::checks::page::last_check_text;
use crate::checks::queue::queue;
use crate::doors::AccessRule::MemberOrPinSession;
use crate::doors::Doors;
use crate::error::Error;
use crate::live;
use crate::local_time::LocalTime;
use crate::outbox::pending_checks;
use crate::request_context::SignedIn;
use crate::texts::Texts;

use board::DayBoard;
use due_checks::DueChecks;
use open_requests::OpenRequests;

pub fn doors(doors: Doors) -> Doors {
    doors.get(addresses::TODAY, MemberOrPinSession(Permission::ViewToday), today).get(
        addresses::OFFLINE_CHECKS,
        MemberOrPinSession(Permission::ViewToday),
        floor,
    )
}

/// The headline is prepared for at most this many checks pending on a phone.
const MAX_PENDING_HEADLINES: usize = 40;

/// Today's page: the board, for those who see it, and the checks.
async fn today(signed_in: SignedIn) -> Result<Response, Error> {
    let live = live::live_script(&signed_in.context, signed_in.actor().business).await?;
    let checks = DailyChecks::load(&signed_in).await?;
    let title = signed_in.context.texts.text("today-title");
    if !signed_in.actor().sees_board() {
        return Ok(signed_in.page(&title, || view! { {checks.page()} {live} }));
    }
    let requests = OpenRequests::load(&signed_in, &checks.places, &checks.guarantees).await?;
    let board = DayBoard::load(&signed_in, &checks.guarantees, requests).await?;
    Ok(signed_in.page(&title, || view! { <main id="main"><div id="board" class="grid loose" data-live>{board.view()}</div>{checks.section()}</main> {live} }))
}

/// The list of checks alone, which phones keep for offline use. It names no customer, whoever requests it.
async fn floor(signed_in: SignedIn) -> Result<Response, Error> {
    let live = live::live_script(&signed_in.context, signed_in.actor().business).await?;
    let checks = DailyChecks::load(&signed_in).await?;
    Ok(signed_in.page(&signed_in.context.texts.text("today-title"), || view! { {checks.page()} {live} }))
}

/// Every promise at every place, and when it was last checked.
struct DailyChecks {
    local_time: LocalTime,
    places: Vec<PlaceRow>,
    guarantees: Vec<GuaranteeRow>,
    last_checks: Vec<LastCheck>,
    /// The same promises as a queue, to count the missing checks.
    queue: Vec<QueuedPromise>,
    due_checks: DueChecks,
    may_view_checks: bool,
}

impl DailyChecks {
    async fn load(signed_in: &SignedIn) -> Result<Self, Error> {
        let (store, actor) = (&signed_in.context.state.store, signed_in.actor());
        let business = store.business(actor).await?;
        let local_time = LocalTime::of(signed_in.context.texts, &business, store.now());
        let (places, guarantees) = (store.places(actor).await?, store.guarantees(actor).await?);
        let (scheduled, last_checks) = (store.scheduled_promises(actor).await?, store.last_checks(actor).await?);
        let queue = queue(&last_checks, &scheduled);
        let due_checks = DueChecks::of(&local_time, scheduled, &places, &guarantees);
        Ok(Self {
            local_time,
            places,
            guarantees,
            last_checks,
            queue,
            due_checks,
            may_view_checks: signed_in.may(Permission::ViewInternal),
        })
    }

    fn texts(&self) -> Texts {
        self.local_time.texts
    }

    fn need(&self, promise: &LastCheck) -> Option<Need> {
        let queued =
            self.queue.iter().find(|queued| (queued.guarantee, queued.place) == (promise.guarantee, promise.place))?;
        Some(queued.need(&self.local_time.zone, self.local_time.now))
    }

    /// How many checks are missing now.
    fn missing(&self) -> usize {
        count_missing(&self.queue, &self.local_time.zone, self.local_time.now)
    }

    /// The headline for this many missing checks.
    fn headline(&self, missing: usize) -> String {
        let texts = self.texts();
        let scheduled = self.queue.iter().filter(|queued| queued.schedule != CheckSchedule::None).count();
        match (scheduled, self.queue.len(), missing) {
            (_, 0, _) => texts.text("today-nothing"),
            (0, _, 0) => texts.text("today-all-done"),
            (0, all, missing) => texts.text_with("today-left", &[("left", missing.into()), ("all", all.into())]),
            (_, _, 0) => texts.text("today-nothing-due"),
            (scheduled, all, missing) if scheduled == all => {
                texts.text_with("today-due-now", &[("count", missing.into())])
            }
            (_, _, missing) => texts.text_with("today-to-check", &[("count", missing.into())]),
        }
    }

    /// The headlines while checks are pending on the phone. The last one is the current one; each one before it has
    /// one check less.
    fn headlines(&self) -> Option<String> {
        let missing = self.missing();
        let headlines: Vec<_> =
            (missing.saturating_sub(MAX_PENDING_HEADLINES)..=missing).map(|missing| self.headline(missing)).collect();
        serde_json::to_string(&headlines).ok().filter(|_| missing > 0)
    }

    /// The whole page, for users without the board.
    fn page(&self) -> impl IntoView + use<> {
        let texts = self.texts();
        view! {
            <main id="main" class="slim">
                // Phones that are offline come here after scanning an unknown code.
                <p id="elsewhere" class="note target-only" tabindex="-1">{texts.text("today-code-unknown")}</p>
                // Phones that are offline come here after a form that could not be sent.
                <p id="unsent" class="note warn target-only" role="alert" tabindex="-1">{texts.text("today-unsent")}</p>
                <div id="rounds" class="grid" data-live>
                    <div class="grid tight">
                        <p class="label">{texts.weekday_and_date(self.local_time.today())}</p>
                        <h1 data-headlines=self.headlines()>{self.headline(self.missing())}</h1>
                    </div>
                    {self.due_checks.view(&self.local_time)}
                    <h2 class="visually-hidden">{texts.text("today-rounds")}</h2>
                    {self.site_cards()}
                </div>
                {self.footer()}
            </main>
        }
    }

    /// The checks below the board.
    fn section(&self) -> impl IntoView + use<> {
        let texts = self.texts();
        view! {
            <section class="grid">
                <div id="rounds" class="grid" data-live>
                    <h2>{texts.text("today-rounds")}</h2>
                    <p class="muted" data-headlines=self.headlines()>{self.headline(self.missing())}</p>
                    {self.due_checks.view(&self.local_time)}
                    {self.site_cards()}
                </div>
                {self.footer()}
            </section>
        }
    }

    fn footer(&self) -> impl IntoView + use<> {
        let texts = self.texts();
        view! {
            <section class="card">{code_form(texts, "", None)}</section>
            {self.may_view_checks.then(|| view! { <p><a class="link" href=addresses::CHECKS>{texts.text("today-checks")}</a></p> })}
        }
    }

    fn site_cards(&self) -> impl IntoView + use<> {
        let sites = self.places.chunk_by(|one, next| one.site == next.site);
        let cards: Vec<_> = sites.filter_map(|places| self.site_card(places)).collect();
        view! { <div class="sites">{cards}</div> }
    }

    fn site_card(&self, places: &[PlaceRow]) -> Option<impl IntoView + use<>> {
        let items: Vec<_> = places.iter().flat_map(|place| self.place_items(place)).collect();
        let name = places.first()?.site_name.clone();
        (!items.is_empty())
            .then(|| view! { <section class="card"><h3>{name}</h3><ul class="list rounds">{items}</ul></section> })
    }

    /// A link to the check screen for each promise at the place.
    fn place_items(&self, place: &PlaceRow) -> Vec<impl IntoView + use<>> {
        let promises_here = self.last_checks.iter().filter(|promise| promise.place == place.id);
        promises_here.filter_map(|promise| {
            let guarantee = self.guarantees.iter().find(|row| row.id == promise.guarantee)?;
            let is_checked_today = promise.last.is_some_and(|(_, at)| self.local_time.is_today(at));
            let class = if is_checked_today { "is-checked" } else { "unchecked" };
            // A check whose window is open is counted in the list of due checks.
            let counted_in = matches!(self.need(promise), Some(Need::UncheckedToday { .. })).then_some("rounds");
            let icon = promise.last.map(|(verdict, _)| verdict_icon(verdict));
            Some(view! {
                <li class=class data-counts=counted_in>
                    <a href=addresses::check_guarantee(place.id, guarantee.id) data-code=place.code.clone()>
                        <span>
                            <b>{place.name.clone()}</b>
                            <small>{guarantee.wording.title.to_string()}</small>
                            <small class="last" data-look=pending_checks::check_reference(guarantee.id, place.id)>{icon}{last_check_text(&self.local_time, promise.last)}</small>
                        </span>
                        <span class="chevron" aria-hidden="true">"›"</span>
                    </a>
                </li>
            })
        })
        .collect()
    }
}
