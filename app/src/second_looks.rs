//! A second look: the check that is asked about, and three honest answers.

use axum::response::Response;
use domain::actor::Act;
use domain::ids::CheckId;
use domain::second_look::{Outcome, STREAK, SaidDraft};
use domain::text::Prose;
use leptos::prelude::*;
use store::{CheckRow, SecondLook};

use crate::checks::list::{Named, icon};
use crate::checks::page::verdict_key;
use crate::doors::Doors;
use crate::doors::Rule::Member;
use crate::error::Error;
use crate::form::{Area, Choice, Item, Select};
use crate::page::{Trouble, go};
use crate::texts::Texts;
use crate::visit::{Form, Inside, Path};

pub fn doors(doors: Doors) -> Doors {
    doors.get("/second-looks/{id}", Member(Act::Review), show).post("/second-looks/{id}", Member(Act::Review), give)
}

/// Where a second look is given.
pub fn address(check: CheckId) -> String {
    format!("/second-looks/{check}")
}

async fn show(inside: Inside, Path(id): Path<String>) -> Result<Response, Error> {
    let asked = Asked::load(&inside, &id).await?;
    let title = asked.texts().say("looks-title");
    Ok(inside.page(&title, || asked.page(&SaidDraft::default(), &Trouble::default())))
}

async fn give(inside: Inside, Path(id): Path<String>, Form(draft): Form<SaidDraft>) -> Result<Response, Error> {
    let check: CheckId = id.parse().map_err(|_| Error::NotFound)?;
    match inside.visit.state.store.give_second_look(inside.actor(), check, &draft).await.map_err(Error::from) {
        Ok(Some(Some(recovery))) => Ok(go(&format!("/recoveries/{recovery}"))),
        Ok(Some(None)) => Ok(go("/today")),
        Ok(None) => Err(Error::NotFound),
        Err(error) => {
            let asked = Asked::load(&inside, &id).await?;
            let title = asked.texts().say("looks-title");
            inside.again(error, &title, |trouble| asked.page(&draft, &trouble))
        }
    }
}

/// What came of a second look that somebody gave, for the list of checks.
pub fn outcome_key(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Agreed => "looks-agreed",
        Outcome::Overturned => "looks-overturned",
        Outcome::TooLate => "looks-too-late",
        Outcome::Corrected => "looks-corrected",
    }
}

/// A second look with the check it is about.
struct Asked {
    look: SecondLook,
    check: CheckRow,
    named: Named,
}

impl Asked {
    async fn load(inside: &Inside, id: &str) -> Result<Self, Error> {
        let (store, actor) = (&inside.visit.state.store, inside.actor());
        let id: CheckId = id.parse().map_err(|_| Error::NotFound)?;
        let look = store.second_look(actor, id).await?.ok_or(Error::NotFound)?;
        let check = store.check(actor, id).await?.ok_or(Error::NotFound)?;
        Ok(Self { look, check, named: Named::load(inside).await? })
    }

    fn texts(&self) -> Texts {
        self.named.when.texts
    }

    fn page(&self, draft: &SaidDraft, trouble: &Trouble) -> impl IntoView + use<> {
        let (texts, when, check) = (self.texts(), &self.named.when, &self.check);
        let stands = check.corrected.unwrap_or(check.verdict);
        let criteria: Vec<_> = self.named.criteria(check).into_iter().map(|line| view! { <li>{line}</li> }).collect();
        let criteria = (!criteria.is_empty()).then(|| view! { <ul class="look card">{criteria}</ul> });
        let over = self.look.outcome.map(|outcome| view! { <p class="note">{texts.say(outcome_key(outcome))}</p> });
        let own = (over.is_none() && self.look.own).then(|| view! { <p class="note">{texts.say("looks-own")}</p> });
        let form = (over.is_none() && own.is_none()).then(|| self.form(draft, trouble));
        view! {
            <main id="main" class="slim">
                <p><a class="link" href="/today">{texts.say("checks-today")}</a></p>
                <p class="label">{self.named.place(check)}" · "{self.named.title(check)}</p>
                <h1>{texts.say("looks-headline")}</h1>
                <p>{texts.tell("looks-lead", &[("count", STREAK.into())])}</p>
                <p class="row">{icon(stands)} <b>{texts.say(verdict_key(stands))}</b>
                    <time datetime=check.at.to_rfc3339()>{when.at(check.at)}</time>
                    <span class="soft">{when.ago(check.at)}</span></p>
                {criteria}
                {trouble.summary(texts)}
                {over}
                {own}
                {form}
            </main>
        }
    }

    fn form(&self, draft: &SaidDraft, trouble: &Trouble) -> impl IntoView + use<> {
        let (texts, SaidDraft { outcome, reason, why, note }) = (self.texts(), draft.clone());
        let at = |field: &str| trouble.at(texts, field);
        let outcomes = Outcome::SAID.map(|one| {
            let (label, hint) = said_keys(one);
            Item::new(one.name(), texts.say(label)).hint(texts.say(hint))
        });
        let criteria = self.named.criteria(&self.check).into_iter().enumerate();
        let criteria = criteria.map(|(position, line)| Item::new(position.to_string(), line));
        let more = [("", "checks-choose"), ("safety", "checks-reason-safety"), ("other", "checks-reason-other")];
        let [choose, safety, other] = more.map(|(value, key)| Item::new(value, texts.say(key)));
        let reasons: Vec<_> = [choose].into_iter().chain(criteria).chain([safety, other]).collect();
        view! {
            <form class="card grid" method="post" action=address(self.look.check)>
                <Choice name="outcome" label=texts.say("looks-outcome") items=outcomes.to_vec() value=outcome fault=at("outcome") required=true />
                <fieldset class="field grid">
                    <legend>{texts.say("looks-if-overturned")}</legend>
                    <p class="hint">{texts.say("checks-correct-lead")}</p>
                    <Select name="reason" label=texts.say("checks-reason") items=reasons value=reason fault=at("reason") />
                    <Area name="why" label=texts.say("looks-why") hint=texts.say("checks-public-hint") value=why fault=at("why") max=Prose::MAX />
                    <Area name="note" label=texts.say("checks-correct-note") hint=texts.say("checks-note-hint") value=note fault=at("note") max=Prose::MAX />
                </fieldset>
                <p><button class="btn tall">{texts.say("looks-save")}</button></p>
            </form>
        }
    }
}

/// An answer as it is given, and what follows from it.
fn said_keys(outcome: Outcome) -> (&'static str, &'static str) {
    match outcome {
        Outcome::Agreed => ("looks-say-agreed", "looks-say-agreed-hint"),
        Outcome::Overturned => ("looks-say-overturned", "looks-say-overturned-hint"),
        Outcome::TooLate | Outcome::Corrected => ("looks-say-too-late", "looks-say-too-late-hint"),
    }
}
