//! The day: what is the case, who waits, and what is to be looked at.

mod asked;
mod board;
mod due;

use axum::response::Response;
use domain::actor::{Act, Role};
use leptos::prelude::*;
use store::{GuaranteeRow, PlaceRow, Standing};

use crate::checks::code::code_form;
use crate::checks::list::icon;
use crate::checks::page::{address, last_look};
use crate::checks::waits;
use crate::checks::when::When;
use crate::doors::Doors;
use crate::doors::Rule::MemberOrTurn;
use crate::error::Error;
use crate::live;
use crate::texts::Texts;
use crate::visit::Inside;

use asked::Asked;
use board::board;
use due::Due;

pub fn doors(doors: Doors) -> Doors {
    doors.get("/today", MemberOrTurn(Act::Look), today).get("/floor", MemberOrTurn(Act::Look), floor)
}

/// So many looks may wait on a phone before the headline counts no further.
const FORESEEN: usize = 40;

/// Those who answer for the promises see how they stand first; those on the floor what is to be looked at.
async fn today(inside: Inside) -> Result<Response, Error> {
    let live = live::script(&inside.visit, inside.actor().business).await?;
    let rounds = Rounds::load(&inside).await?;
    let title = inside.visit.texts.say("today-title");
    if inside.actor().role == Role::Staff || !inside.may(Act::Read) {
        return Ok(inside.page(&title, || view! { {rounds.page()} {live} }));
    }
    let asked = Asked::load(&inside, &rounds.places, &rounds.guarantees).await?;
    let board = board(&inside, asked).await?;
    Ok(inside.page(&title, || view! { <main id="main"><div id="board" class="grid loose" data-live>{board.view()}</div>{rounds.section()}</main> {live} }))
}

/// The round alone: what a phone keeps at hand without a network. It names no customer, whoever asks.
async fn floor(inside: Inside) -> Result<Response, Error> {
    let live = live::script(&inside.visit, inside.actor().business).await?;
    let rounds = Rounds::load(&inside).await?;
    Ok(inside.page(&inside.visit.texts.say("today-title"), || view! { {rounds.page()} {live} }))
}

/// Every promise at every place, and when it was last looked at.
struct Rounds {
    when: When,
    places: Vec<PlaceRow>,
    guarantees: Vec<GuaranteeRow>,
    standings: Vec<Standing>,
    due: Due,
    may_read: bool,
}

impl Rounds {
    async fn load(inside: &Inside) -> Result<Self, Error> {
        let (store, actor) = (&inside.visit.state.store, inside.actor());
        let home = store.home(actor).await?;
        let when = When::of(inside.visit.texts, &home, store.now());
        let (places, guarantees) = (store.places(actor).await?, store.guarantees(actor).await?);
        let due = Due::of(&when, store.rounds(actor).await?, &places, &guarantees);
        let standings = store.standings(actor).await?;
        Ok(Self { when, places, guarantees, standings, due, may_read: inside.may(Act::Read) })
    }

    fn texts(&self) -> Texts {
        self.when.texts
    }

    fn is_done(&self, standing: &Standing) -> bool {
        standing.last.is_some_and(|(_, at)| self.when.is_today(at))
    }

    /// How much is left to be looked at: what is due now, or of all promises today.
    fn left(&self) -> usize {
        if self.due.is_empty() {
            self.standings.iter().filter(|one| !self.is_done(one)).count()
        } else {
            self.due.now()
        }
    }

    /// The same in words, if so much were left.
    fn headline(&self, left: usize) -> String {
        let texts = self.texts();
        match (self.due.is_empty(), self.standings.len(), left) {
            (false, _, 0) => texts.say("today-nothing-due"),
            (false, _, count) => texts.tell("today-due-now", &[("count", count.into())]),
            (true, 0, _) => texts.say("today-nothing"),
            (true, _, 0) => texts.say("today-all-done"),
            (true, all, left) => texts.tell("today-left", &[("left", left.into()), ("all", all.into())]),
        }
    }

    /// What it says while some of it waits on the phone: as it is now last, and before it with one less each.
    fn headlines(&self) -> Option<String> {
        let left = self.left();
        let each: Vec<_> = (left.saturating_sub(FORESEEN)..=left).map(|left| self.headline(left)).collect();
        serde_json::to_string(&each).ok().filter(|_| left > 0)
    }

    /// The whole page of those on the floor.
    fn page(&self) -> impl IntoView + use<> {
        let texts = self.texts();
        view! {
            <main id="main" class="slim">
                // Where a phone without a network ends up with a code it does not know.
                <p id="elsewhere" class="note elsewhere" tabindex="-1">{texts.say("today-elsewhere")}</p>
                // And where a form ends up that cannot be sent.
                <p id="unsent" class="note warn elsewhere" role="alert" tabindex="-1">{texts.say("today-unsent")}</p>
                <div id="rounds" class="grid" data-live>
                    <div class="grid tight">
                        <p class="label">{texts.weekday(self.when.today())}</p>
                        <h1 data-headlines=self.headlines()>{self.headline(self.left())}</h1>
                    </div>
                    {self.due.view(&self.when)}
                    <h2 class="hide">{texts.say("today-rounds")}</h2>
                    {self.sites()}
                </div>
                {self.foot()}
            </main>
        }
    }

    /// The same below the board.
    fn section(&self) -> impl IntoView + use<> {
        let texts = self.texts();
        view! {
            <section class="grid">
                <div id="rounds" class="grid" data-live>
                    <h2>{texts.say("today-rounds")}</h2>
                    <p class="soft" data-headlines=self.headlines()>{self.headline(self.left())}</p>
                    {self.due.view(&self.when)}
                    {self.sites()}
                </div>
                {self.foot()}
            </section>
        }
    }

    fn foot(&self) -> impl IntoView + use<> {
        let texts = self.texts();
        view! {
            <section class="card">{code_form(texts, "", None)}</section>
            {self.may_read.then(|| view! { <p><a class="link" href="/checks">{texts.say("today-checks")}</a></p> })}
        }
    }

    fn sites(&self) -> impl IntoView + use<> {
        let sites = self.places.chunk_by(|one, next| one.site == next.site);
        let each: Vec<_> = sites.filter_map(|places| self.site(places)).collect();
        view! { <div class="sites">{each}</div> }
    }

    fn site(&self, places: &[PlaceRow]) -> Option<impl IntoView + use<>> {
        let lines: Vec<_> = places.iter().flat_map(|place| self.place(place)).collect();
        let name = places.first()?.site_name.clone();
        (!lines.is_empty())
            .then(|| view! { <section class="card"><h3>{name}</h3><ul class="list rounds">{lines}</ul></section> })
    }

    /// One tap to the check of each promise at the place.
    fn place(&self, place: &PlaceRow) -> Vec<impl IntoView + use<>> {
        let here = self.standings.iter().filter(|standing| standing.place == place.id);
        here.filter_map(|standing| {
            let guarantee = self.guarantees.iter().find(|row| row.id == standing.guarantee)?;
            let done = self.is_done(standing);
            let class = if done { "looked" } else { "unlooked" };
            let counts = (!done && self.due.is_empty()).then_some("rounds");
            let sign = standing.last.map(|(verdict, _)| icon(verdict));
            Some(view! {
                <li class=class data-counts=counts>
                    <a href=address(place.id, Some(guarantee.id)) data-code=place.code.clone()>
                        <span>
                            <b>{place.name.clone()}</b>
                            <small>{guarantee.wording.title.to_string()}</small>
                            <small class="last" data-look=waits::look(guarantee.id, place.id)>{sign}{last_look(&self.when, standing.last)}</small>
                        </span>
                        <span class="go" aria-hidden="true">"›"</span>
                    </a>
                </li>
            })
        })
        .collect()
    }
}
