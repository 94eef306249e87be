//! Open requests on the board: obstacles to answer, and second looks to give.

use domain::role::Permission;
use domain::second_look::STREAK;
use leptos::prelude::*;
use store::{GuaranteeRow, PlaceRow, SecondLook};

use crate::addresses;
use crate::error::Error;
use crate::request_context::SignedIn;
use crate::texts::Texts;

pub struct OpenRequests {
    texts: Texts,
    obstacles: u64,
    /// Each with its place and its promise.
    second_looks: Vec<(SecondLook, String, String)>,
}

impl OpenRequests {
    pub async fn load(signed_in: &SignedIn, places: &[PlaceRow], guarantees: &[GuaranteeRow]) -> Result<Self, Error> {
        let (store, actor) = (&signed_in.context.state.store, signed_in.actor());
        let obstacles =
            if signed_in.may(Permission::AnswerObstacles) { store.count_unanswered_obstacles(actor).await? } else { 0 };
        let second_looks =
            if signed_in.may(Permission::GiveSecondLooks) { store.second_looks(actor).await? } else { Vec::new() };
        let second_looks = second_looks.into_iter().filter_map(|look| {
            let place = places.iter().find(|place| place.id == look.place)?;
            let guarantee = guarantees.iter().find(|row| row.id == look.guarantee)?;
            let place = format!("{}, {}", place.site_name, place.name);
            Some((look, place, guarantee.wording.title.to_string()))
        });
        Ok(Self { texts: signed_in.context.texts, obstacles, second_looks: second_looks.collect() })
    }

    pub fn view(&self) -> impl IntoView + use<> {
        view! { {self.obstacles_note()} {self.second_looks_card()} }
    }

    /// One sentence with a link to the board of obstacles.
    fn obstacles_note(&self) -> Option<impl IntoView + use<>> {
        let text = self.texts.text_with("today-obstacles", &[("count", self.obstacles.into())]);
        (self.obstacles > 0).then(|| view! { <p class="note"><a href=addresses::OBSTACLES>{text}</a></p> })
    }

    fn second_looks_card(&self) -> Option<impl IntoView + use<>> {
        let texts = self.texts;
        let items: Vec<_> = self
            .second_looks
            .iter()
            .map(|(look, place, promise)| {
                let place = [("count", STREAK.into()), ("place", place.as_str().into())];
                view! {
                    <li>
                        <span>
                            <a href=addresses::second_look(look.check)>{texts.text_with("today-second-look", &place)}</a>
                            <small>{promise.clone()}</small>
                        </span>
                    </li>
                }
            })
            .collect();
        (!items.is_empty()).then(|| {
            view! {
                <section class="card grid">
                    <h2>{texts.text("today-second-looks")}</h2>
                    <ul class="list detailed-list">{items}</ul>
                </section>
            }
        })
    }
}
