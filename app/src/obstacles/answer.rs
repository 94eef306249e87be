//! One thing that stood in the way, with everything that was answered, and the form for one more answer.

use axum::response::Response;
use domain::actor::Act;
use domain::ids::BreakId;
use domain::obstacle::{AnswerDraft, Decision};
use domain::revision::Revision;
use domain::text::{Prose, is_blank};
use leptos::prelude::*;
use store::{ObstacleRow, stands};

use super::{BOARD, Known, decision_key, said};
use crate::checks::forms::obstacle_key;
use crate::doors::Doors;
use crate::doors::Rule::Member;
use crate::error::Error;
use crate::form::{Area, Choice, Item};
use crate::page::{Sent, Trouble, go};
use crate::visit::{Inside, Path, Replacing};

pub(super) fn doors(doors: Doors) -> Doors {
    doors.get("/obstacles/{id}", Member(Act::Read), show).post("/obstacles/{id}", Member(Act::Answer), answer)
}

async fn show(inside: Inside, Path(id): Path<String>) -> Result<Response, Error> {
    let row = find(&inside, &id).await?;
    let known = Known::load(&inside).await?;
    let title = known.when.texts.say(obstacle_key(row.obstacle));
    Ok(inside.page(&title, || page(&known, &row, &AnswerDraft::default(), &Trouble::default())))
}

async fn answer(
    inside: Inside,
    Path(id): Path<String>,
    Replacing { form: draft, seen }: Replacing<AnswerDraft>,
) -> Result<Response, Error> {
    let given = match draft.parse() {
        Ok(answer) => inside.since(&seen).answer_obstacle(inside.actor(), known(&id)?, &answer).await,
        Err(faults) => Err(faults.into()),
    };
    match given.map_err(Error::from) {
        Ok(Some(())) => Ok(go(BOARD)),
        Ok(None) => Err(Error::NotFound),
        Err(error) => {
            let row = find(&inside, &id).await?;
            let known = Known::load(&inside).await?;
            let title = known.when.texts.say(obstacle_key(row.obstacle));
            let (texts, sent) = (known.when.texts, Sent::new(seen, &draft));
            let word = |field: &str, value: &str| match field {
                "decision" => Decision::parse(value).ok().map(|decision| texts.say(decision_key(decision))),
                _ => None,
            };
            inside.again_beside(error, &title, sent, word, |trouble| page(&known, &row, &draft, &trouble))
        }
    }
}

fn known(id: &str) -> Result<BreakId, Error> {
    id.parse().map_err(|_| Error::NotFound)
}

async fn find(inside: &Inside, id: &str) -> Result<ObstacleRow, Error> {
    inside.visit.state.store.obstacle(inside.actor(), known(id)?).await?.ok_or(Error::NotFound)
}

fn page(known: &Known, row: &ObstacleRow, draft: &AnswerDraft, trouble: &Trouble) -> impl IntoView + use<> {
    let texts = known.when.texts;
    let given: Vec<_> = row.answers.iter().map(|given| said(known, given)).collect();
    let given = (!given.is_empty()).then(|| {
        view! { <section class="card grid"><h2>{texts.say("obstacles-given")}</h2>{given}</section> }
    });
    let left = row.left.then(|| view! { <p class="note">{texts.say("obstacles-left")}</p> });
    let form = known.may_answer.then(|| form(known, row, draft, trouble));
    view! {
        <main id="main" class="slim">
            <p><a class="link" href=BOARD>{texts.say("obstacles-to-board")}</a></p>
            <p class="label">{known.about(row)}</p>
            <h1>{texts.say(obstacle_key(row.obstacle))}</h1>
            {trouble.summary(texts)}
            {left}
            {form}
            {given}
        </main>
    }
}

/// Where the check was corrected since, what was typed is still there to be taken along.
fn form(known: &Known, row: &ObstacleRow, draft: &AnswerDraft, trouble: &Trouble) -> Option<AnyView> {
    let texts = known.when.texts;
    if row.left {
        let typed = (!is_blank(&draft.words)).then(|| view! { <p class="typed say">{draft.words.clone()}</p> });
        return typed.map(IntoAny::into_any);
    }
    let now = Revision::of(&stands::answer(row.answers.first().map(|given| &given.answer)));
    let at = |field: &str| trouble.at(texts, field);
    let hints = ["obstacles-done-hint", "obstacles-planned-hint", "obstacles-not-now-hint"];
    let decisions = Decision::ALL
        .into_iter()
        .zip(hints)
        .map(|(decision, hint)| Item::new(decision.name(), texts.say(decision_key(decision))).hint(texts.say(hint)));
    let (items, AnswerDraft { decision, words }) = (decisions.collect::<Vec<_>>(), draft.clone());
    let form = view! {
        <form class="card grid" method="post" action=format!("{BOARD}/{}", row.id)>
            {trouble.revision(&now)}
            <p class="soft">{texts.say("obstacles-answer-lead")}</p>
            <Choice name="decision" label=texts.say("obstacles-decision") items value=decision fault=at("decision") required=true />
            <Area name="words" label=texts.say("obstacles-words") hint=texts.say("obstacles-words-hint") value=words fault=at("words") required=true max=Prose::MAX />
            <p><button class="btn tall">{texts.say("obstacles-save")}</button></p>
        </form>
    };
    Some(form.into_any())
}
