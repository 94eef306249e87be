//! What those who answer for the promises are asked today: to answer what stood in the way, and to go and see.

use domain::actor::Act;
use domain::second_look::STREAK;
use leptos::prelude::*;
use store::{GuaranteeRow, PlaceRow, SecondLook};

use crate::error::Error;
use crate::obstacles::BOARD;
use crate::second_looks;
use crate::texts::Texts;
use crate::visit::Inside;

pub struct Asked {
    texts: Texts,
    obstacles: u64,
    /// Each with the place and the promise.
    looks: Vec<(SecondLook, String, String)>,
}

impl Asked {
    pub async fn load(inside: &Inside, places: &[PlaceRow], guarantees: &[GuaranteeRow]) -> Result<Self, Error> {
        let (store, actor) = (&inside.visit.state.store, inside.actor());
        let obstacles = if inside.may(Act::Answer) { store.obstacles_waiting(actor).await? } else { 0 };
        let looks = if inside.may(Act::Review) { store.second_looks(actor).await? } else { Vec::new() };
        let named = looks.into_iter().filter_map(|look| {
            let place = places.iter().find(|place| place.id == look.place)?;
            let guarantee = guarantees.iter().find(|row| row.id == look.guarantee)?;
            let place = format!("{}, {}", place.site_name, place.name);
            Some((look, place, guarantee.wording.title.to_string()))
        });
        Ok(Self { texts: inside.visit.texts, obstacles, looks: named.collect() })
    }

    pub fn view(&self) -> impl IntoView + use<> {
        view! { {self.waiting()} {self.second_looks()} }
    }

    /// In one sentence, which leads there.
    fn waiting(&self) -> Option<impl IntoView + use<>> {
        let said = self.texts.tell("today-obstacles", &[("count", self.obstacles.into())]);
        (self.obstacles > 0).then(|| view! { <p class="note"><a href=BOARD>{said}</a></p> })
    }

    fn second_looks(&self) -> Option<impl IntoView + use<>> {
        let texts = self.texts;
        let each: Vec<_> = self
            .looks
            .iter()
            .map(|(look, place, promise)| {
                let place = [("count", STREAK.into()), ("place", place.as_str().into())];
                view! {
                    <li>
                        <span>
                            <a href=second_looks::address(look.check)>{texts.tell("today-second-look", &place)}</a>
                            <small>{promise.clone()}</small>
                        </span>
                    </li>
                }
            })
            .collect();
        (!each.is_empty()).then(|| {
            view! {
                <section class="card grid">
                    <h2>{texts.say("today-second-looks")}</h2>
                    <ul class="list waits">{each}</ul>
                </section>
            }
        })
    }
}
