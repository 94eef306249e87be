//! Due and upcoming checks with countdowns, sorted by the end of their window.

use domain::window::{Window, WindowState};
use leptos::prelude::*;
use store::{GuaranteeRow, PlaceRow, ScheduledPromise};

use crate::addresses;
use crate::local_time::LocalTime;
use crate::outbox::pending_checks;
use crate::recoveries::countdown::Countdown;
use crate::recoveries::deadlines::countdown_texts;

/// The windows without a check, of the promises the user may check.
pub struct DueChecks {
    lines: Vec<DueLine>,
}

struct DueLine {
    window: Window,
    state: WindowState,
    href: String,
    reference: String,
    place: String,
    site: String,
    title: String,
}

/// How many upcoming checks are listed.
const MAX_UPCOMING: usize = 5;

impl DueChecks {
    pub fn of(
        local_time: &LocalTime,
        scheduled: Vec<ScheduledPromise>,
        places: &[PlaceRow],
        guarantees: &[GuaranteeRow],
    ) -> Self {
        let line = |promise: ScheduledPromise| {
            let place = places.iter().find(|place| place.id == promise.place)?;
            let guarantee = guarantees.iter().find(|row| row.id == promise.guarantee)?;
            let window = promise.window?;
            Some(DueLine {
                window,
                state: window.state(local_time.now, None),
                href: addresses::check_guarantee(place.id, guarantee.id),
                reference: pending_checks::check_reference(guarantee.id, place.id),
                place: place.name.clone(),
                site: place.site_name.clone(),
                title: guarantee.wording.title.to_string(),
            })
        };
        let mut lines: Vec<_> = scheduled.into_iter().filter_map(line).collect();
        lines.sort_by(|one, other| one.window.closes().cmp(&other.window.closes()).then(one.place.cmp(&other.place)));
        Self { lines }
    }

    pub fn view(&self, local_time: &LocalTime) -> impl IntoView + use<> {
        let texts = local_time.texts;
        let open: Vec<_> = self.lines.iter().filter(|line| line.is_open()).map(|line| line.view(local_time)).collect();
        let next: Vec<_> = self
            .lines
            .iter()
            .filter(|line| !line.is_open())
            .take(MAX_UPCOMING)
            .map(|line| line.view(local_time))
            .collect();
        let card = |key: &str, lines: Vec<_>| {
            (!lines.is_empty()).then(|| {
                view! { <section class="card"><h2>{texts.text(key)}</h2><ul class="list rounds">{lines}</ul></section> }
            })
        };
        view! { {card("today-due", open)} {card("today-due-next", next)} }
    }
}

impl DueLine {
    fn is_open(&self) -> bool {
        matches!(self.state, WindowState::Due | WindowState::Late)
    }

    fn view(&self, local_time: &LocalTime) -> impl IntoView + use<> {
        let texts = local_time.texts;
        let (key, until) = match self.state {
            WindowState::Ahead => ("today-opens", self.window.opens()),
            WindowState::Late => ("today-late-until", self.window.closes()),
            WindowState::Due | WindowState::Over(_) => ("today-due-by", self.window.due()),
        };
        let label = texts.text_with(key, &[("at", local_time.date_time(until).into())]);
        let countdown = self.is_open().then(|| {
            let (now, due) = (local_time.now.timestamp_millis(), until.timestamp_millis());
            view! { <Countdown now due label=label.clone() texts=countdown_texts(texts) /> }
        });
        let class = if self.state == WindowState::Late { "unchecked overdue" } else { "unchecked" };
        view! {
            <li class=class data-counts=self.is_open().then_some("due")>
                <a href=self.href.clone()>
                    <span>
                        <b>{self.place.clone()}</b>
                        <small>{self.site.clone()}" · "{self.title.clone()}</small>
                        <small class="last by" data-look=self.reference.clone() data-from=self.window.opens().timestamp_millis()>{label.clone()}" "{countdown}</small>
                    </span>
                    <span class="chevron" aria-hidden="true">"›"</span>
                </a>
            </li>
        }
    }
}
