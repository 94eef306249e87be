//! What is due: the window that closes first before the others, each counting down.

use domain::window::{State, Window};
use leptos::prelude::*;
use store::{GuaranteeRow, PlaceRow, RoundRow};

use crate::checks::page::address;
use crate::checks::waits;
use crate::checks::when::When;
use crate::recoveries::clocks::words;
use crate::recoveries::countdown::Countdown;

/// The windows that wait for a look, of the promises someone reaches.
pub struct Due {
    lines: Vec<Line>,
}

struct Line {
    window: Window,
    state: State,
    href: String,
    look: String,
    place: String,
    site: String,
    title: String,
}

/// How many of those that come next are listed.
const NEXT: usize = 5;

impl Due {
    pub fn of(when: &When, rounds: Vec<RoundRow>, places: &[PlaceRow], guarantees: &[GuaranteeRow]) -> Self {
        let line = |round: RoundRow| {
            let place = places.iter().find(|place| place.id == round.place)?;
            let guarantee = guarantees.iter().find(|row| row.id == round.guarantee)?;
            let window = round.window?;
            Some(Line {
                window,
                state: window.state(when.now, None),
                href: address(place.id, Some(guarantee.id)),
                look: waits::look(guarantee.id, place.id),
                place: place.name.clone(),
                site: place.site_name.clone(),
                title: guarantee.wording.title.to_string(),
            })
        };
        let mut lines: Vec<_> = rounds.into_iter().filter_map(line).collect();
        lines.sort_by(|one, other| one.window.closes().cmp(&other.window.closes()).then(one.place.cmp(&other.place)));
        Self { lines }
    }

    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// How many wait now.
    pub fn now(&self) -> usize {
        self.lines.iter().filter(|line| line.is_open()).count()
    }

    pub fn view(&self, when: &When) -> impl IntoView + use<> {
        let texts = when.texts;
        let open: Vec<_> = self.lines.iter().filter(|line| line.is_open()).map(|line| line.view(when)).collect();
        let next: Vec<_> =
            self.lines.iter().filter(|line| !line.is_open()).take(NEXT).map(|line| line.view(when)).collect();
        let part = |key: &str, lines: Vec<_>| {
            (!lines.is_empty()).then(|| {
                view! { <section class="card"><h2>{texts.say(key)}</h2><ul class="list rounds">{lines}</ul></section> }
            })
        };
        view! { {part("today-due", open)} {part("today-due-next", next)} }
    }
}

impl Line {
    fn is_open(&self) -> bool {
        matches!(self.state, State::Due | State::Late)
    }

    fn view(&self, when: &When) -> impl IntoView + use<> {
        let texts = when.texts;
        let (key, until) = match self.state {
            State::Ahead => ("today-opens", self.window.opens()),
            State::Late => ("today-late-until", self.window.closes()),
            State::Due | State::Over(_) => ("today-due-by", self.window.due()),
        };
        let label = texts.tell(key, &[("at", when.at(until).into())]);
        let counts = self.is_open().then(|| {
            let (now, due) = (when.now.timestamp_millis(), until.timestamp_millis());
            view! { <Countdown now due label=label.clone() words=words(texts) /> }
        });
        let class = if self.state == State::Late { "unlooked overdue" } else { "unlooked" };
        view! {
            <li class=class data-counts=self.is_open().then_some("due")>
                <a href=self.href.clone()>
                    <span>
                        <b>{self.place.clone()}</b>
                        <small>{self.site.clone()}" · "{self.title.clone()}</small>
                        <small class="last by" data-look=self.look.clone() data-from=self.window.opens().timestamp_millis()>{label.clone()}" "{counts}</small>
                    </span>
                    <span class="go" aria-hidden="true">"›"</span>
                </a>
            </li>
        }
    }
}
