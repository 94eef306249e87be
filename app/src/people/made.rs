//! What somebody made that gives access: it ends with their rights, unless somebody else takes it over.

use axum::response::Response;
use domain::actor::Act;
use domain::fault::Fault;
use domain::grant::{Grant, Made};
use domain::ids::PersonId;
use domain::member::Rights;
use leptos::prelude::*;
use serde::Deserialize;
use store::{MadeBy, MadeRow, SiteRow};

use super::role_key;
use crate::checks::when::When;
use crate::doors::Doors;
use crate::doors::Rule::Member;
use crate::error::Error;
use crate::page::{Trouble, go};
use crate::reach::named;
use crate::texts::Texts;
use crate::visit::{Form, Inside, Path};

pub(super) fn doors(doors: Doors) -> Doors {
    let (page, invite) = ("/people/{person}/made", Member(Act::Invite));
    doors.get(page, invite, show).form("/people/{person}/made/take-over", page, invite, take_over).form(
        "/people/{person}/made/end",
        page,
        invite,
        end,
    )
}

pub(super) fn address(person: PersonId) -> String {
    format!("/people/{person}/made")
}

/// One of the things, or all of them.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Chosen {
    made: String,
}

const ALL: &str = "all";

impl Chosen {
    fn parse(&self) -> Result<Option<Made>, Fault> {
        if self.made == ALL { Ok(None) } else { Made::parse(&self.made).map(Some) }
    }
}

async fn show(inside: Inside, Path(person): Path<PersonId>) -> Result<Response, Error> {
    let page = Page::load(&inside, person).await?;
    Ok(inside.page(&page.title(), || page.view(&Trouble::default())))
}

async fn take_over(
    inside: Inside,
    Path(person): Path<PersonId>,
    Form(chosen): Form<Chosen>,
) -> Result<Response, Error> {
    let done = match chosen.parse() {
        Ok(which) => inside.visit.state.store.take_over(inside.actor(), person, which).await.map_err(Error::from),
        Err(fault) => Err(Error::invalid("made", fault)),
    };
    settled(&inside, person, done).await
}

async fn end(inside: Inside, Path(person): Path<PersonId>, Form(chosen): Form<Chosen>) -> Result<Response, Error> {
    let done = match chosen.parse() {
        Ok(which) => inside.visit.state.store.end_made(inside.actor(), person, which).await.map_err(Error::from),
        Err(fault) => Err(Error::invalid("made", fault)),
    };
    settled(&inside, person, done).await
}

async fn settled(inside: &Inside, person: PersonId, done: Result<Option<()>, Error>) -> Result<Response, Error> {
    match done {
        Ok(Some(())) => Ok(go(&address(person))),
        Ok(None) => Err(Error::NotFound),
        Err(error) => {
            let page = Page::load(inside, person).await?;
            inside.again(error, &page.title(), |trouble| page.view(&trouble))
        }
    }
}

struct Page {
    person: PersonId,
    made: MadeBy,
    sites: Vec<SiteRow>,
    when: When,
    is_own: bool,
}

impl Page {
    async fn load(inside: &Inside, person: PersonId) -> Result<Self, Error> {
        let (store, actor) = (&inside.visit.state.store, inside.actor());
        let made = store.made(actor, person).await?.ok_or(Error::NotFound)?;
        let when = When::of(inside.visit.texts, &store.home(actor).await?, store.now());
        Ok(Self { person, made, sites: store.sites(actor).await?, when, is_own: inside.visitor.person == person })
    }

    fn texts(&self) -> Texts {
        self.when.texts
    }

    fn title(&self) -> String {
        self.texts().tell("made-title", &[("name", self.made.name.clone().into())])
    }

    fn view(&self, trouble: &Trouble) -> impl IntoView + use<> {
        let (texts, name) = (self.texts(), [("name", self.made.name.clone().into())]);
        let lead = if self.is_own { texts.say("made-lead-own") } else { texts.tell("made-lead", &name) };
        let each = self.made.rows.iter().map(|row| self.row(row)).collect_view();
        let listed = if self.made.rows.is_empty() {
            view! { <section class="empty"><p>{texts.say("made-nothing")}</p></section> }.into_any()
        } else {
            view! { <section class="card"><ul class="list">{each}</ul></section> }.into_any()
        };
        let several = self.made.rows.iter().filter(|row| row.is_theirs).count() > 1;
        let all = several.then(|| {
            let over = (!self.is_own).then(|| self.button("take-over", ALL, "made-take-over-all", None, "btn"));
            view! { <div class="row">{over} {self.button("end", ALL, "made-end-all", None, "btn stop")}</div> }
        });
        view! {
            <main id="main">
                <div class="grid tight">
                    <h1>{self.title()}</h1>
                    <p>{lead}</p>
                </div>
                {trouble.summary(texts)}
                {listed}
                {all}
                <p><a class="link" href="/people">{texts.say("invites-back")}</a></p>
            </main>
        }
    }

    fn row(&self, row: &MadeRow) -> impl IntoView + use<> {
        let (texts, made) = (self.texts(), row.made.to_string());
        let since = [("at", self.when.at(row.made_at).into())];
        let mut says = vec![self.what(&row.grant), texts.tell("made-since", &since)];
        says.extend(row.expires_at.map(|until| texts.tell("made-until", &[("until", self.when.at(until).into())])));
        let doing = row.is_theirs.then(|| {
            let over =
                (!self.is_own).then(|| self.button("take-over", &made, "made-take-over", Some(&row.name), "link"));
            view! { {over} {self.button("end", &made, "made-end", Some(&row.name), "link")} }
        });
        view! { <li><span>{row.name.clone()}<small>{says.join(" · ")}</small></span>{doing}</li> }
    }

    /// What it is, and what it lets somebody do where.
    fn what(&self, grant: &Grant) -> String {
        let texts = self.texts();
        let rightful = |key: &str, rights: &Rights| {
            let says = [texts.say(key), texts.say(role_key(rights.role))];
            says.into_iter().chain(named(texts, &rights.reach, &self.sites)).collect::<Vec<_>>()
        };
        let at_a_site =
            |key: &str| vec![texts.say(key)].into_iter().chain(named(texts, &grant.reach(), &self.sites)).collect();
        let says = match grant {
            Grant::Invitation(rights) => rightful("made-invitation", rights),
            Grant::Token(rights) => rightful("made-token", rights),
            Grant::Device(_) => at_a_site("made-device"),
            Grant::CustomerLink(_) => at_a_site("made-customer-link"),
        };
        says.join(" · ")
    }

    fn button(
        &self,
        verb: &str,
        made: &str,
        key: &'static str,
        whose: Option<&str>,
        class: &'static str,
    ) -> impl IntoView + use<> {
        let (to, label, made) = (format!("{}/{verb}", address(self.person)), self.texts().say(key), made.to_owned());
        let said = whose.map(|name| format!("{label}: {name}"));
        view! { <form method="post" action=to><button class=class name="made" value=made aria-label=said>{label}</button></form> }
    }
}
