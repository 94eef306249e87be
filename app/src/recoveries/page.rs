//! Walking a recovery on: the page of one, and the steps it takes.

use axum::response::Response;
use domain::actor::Act;
use domain::fault::Fault;
use domain::ids::RecoveryId;
use domain::recovery::StepDraft;
use domain::revision::Revision;
use serde::de::DeserializeOwned;

use super::one::{Scene, link_page};
use super::{forms, list};
use crate::doors::Doors;
use crate::doors::Rule::Member;
use crate::error::Error;
use crate::page::{Trouble, go};
use crate::shown_once::{self, Shown, go_and_show};
use crate::visit::{Inside, Path, Seen};

pub fn doors(doors: Doors) -> Doors {
    doors
        .get("/recoveries", Member(Act::Read), list::show)
        .get("/recoveries/{id}", Member(Act::Read), show)
        .get("/recoveries/{id}/link", Member(Act::Recover), show_link)
        .post("/recoveries/{id}/link", Member(Act::Recover), renew_link)
        .form("/recoveries/{id}/{step}", "/recoveries/{id}", Member(Act::Recover), take)
}

async fn show(inside: Inside, Path(id): Path<String>) -> Result<Response, Error> {
    let scene = Scene::load(&inside, identifier(&id)?).await?;
    let title = scene.title();
    Ok(inside.page(&title, || scene.view(None, &Trouble::default(), &[])))
}

/// One step. A step that was refused comes back on the page as it stands now, with everything that was typed.
async fn take(inside: Inside, Path((id, step)): Path<(String, String)>, body: String) -> Result<Response, Error> {
    let (id, draft) = (identifier(&id)?, draft(&step, &body)?);
    match inside.since(&revision(&body)?).take_step(inside.actor(), id, &draft).await {
        Ok(Some(Some(token))) => Ok(go_and_show(&inside, &link_address(id), &token)),
        Ok(Some(None)) => Ok(go(&format!("/recoveries/{id}"))),
        Ok(None) => Err(Error::NotFound),
        Err(error) => {
            let error = Error::from(error);
            if !matches!(error, Error::Invalid(_) | Error::Conflict(_)) {
                return Err(error);
            }
            let scene = Scene::load(&inside, id).await?;
            let title = scene.title();
            // A step that no longer fits has no form any more: what was typed for it is handed back.
            let homeless = if matches!(error, Error::Conflict(_)) { forms::written(&draft) } else { Vec::new() };
            inside.again(error, &title, |trouble| scene.view(Some(&draft), &trouble, &homeless))
        }
    }
}

/// The customer's link, while the browser of its maker keeps it; then the way to a new one.
async fn show_link(inside: Inside, Path(id): Path<String>, Shown(token): Shown) -> Result<Response, Error> {
    let id = identifier(&id)?;
    let (scene, texts) = (Scene::load(&inside, id).await?, inside.visit.texts);
    if scene.page.recovery.renew_link().is_err() {
        return Ok(go(&format!("/recoveries/{id}")));
    }
    let token = match token {
        Some(token) => {
            let behind = inside.visit.state.store.follow_up(&token).await?;
            behind.filter(|behind| behind.recovery == id && !behind.answered).map(|_| token)
        }
        None => None,
    };
    let title = texts.say("recoveries-link-title");
    Ok(if let Some(token) = token {
        let link = format!("{}/follow-up/{token}", inside.visit.state.base_url);
        inside.page(&title, || link_page(&scene, link))
    } else {
        let (back, headline) = (format!("/recoveries/{id}"), texts.say("recoveries-link-over"));
        let back = (back.as_str(), texts.say("recoveries-link-back"));
        inside.page(&title, || shown_once::over(texts, headline, Some(link_address(id)), back))
    })
}

async fn renew_link(inside: Inside, Path(id): Path<String>) -> Result<Response, Error> {
    let id = identifier(&id)?;
    match inside.visit.state.store.renew_follow_up(inside.actor(), id).await.map_err(Error::from) {
        Ok(Some(token)) => Ok(go_and_show(&inside, &link_address(id), &token)),
        Ok(None) => Err(Error::NotFound),
        Err(error) => {
            let scene = Scene::load(&inside, id).await?;
            inside.again(error, &scene.title(), |trouble| scene.view(None, &trouble, &[]))
        }
    }
}

fn link_address(id: RecoveryId) -> String {
    format!("/recoveries/{id}/link")
}

/// How far the recovery had come when the form was opened.
fn revision(body: &str) -> Result<Revision, Error> {
    let seen: Seen = typed(body)?;
    Ok(Revision::parse(&seen.revision))
}

fn identifier(id: &str) -> Result<RecoveryId, Error> {
    id.parse().map_err(|_| Error::NotFound)
}

/// What a form asks for, by the step in its address.
fn draft(step: &str, body: &str) -> Result<StepDraft, Error> {
    match step {
        "acknowledge" => typed(body).map(StepDraft::Acknowledge),
        "understand" => typed(body).map(StepDraft::Understand),
        "update" => typed(body).map(StepDraft::Update),
        "ask-customer" => Ok(StepDraft::AskCustomer),
        "customer-replied" => Ok(StepDraft::CustomerReplied),
        "remedy" => typed(body).map(StepDraft::Remedy),
        "follow-up" => Ok(StepDraft::FollowUp),
        "learn" => typed(body).map(StepDraft::Learn),
        "no-answer" => Ok(StepDraft::NoAnswer),
        "reopen" => typed(body).map(StepDraft::Reopen),
        _ => Err(Error::NotFound),
    }
}

fn typed<T: DeserializeOwned>(body: &str) -> Result<T, Error> {
    serde_html_form::from_str(body).map_err(|_| Error::invalid("form", Fault::Malformed))
}

#[cfg(test)]
mod tests {
    use domain::recovery::ReopenDraft;

    use super::*;

    #[test]
    fn a_step_is_read_by_its_name_and_no_other() {
        let reopened = draft("reopen", "why=It+broke+again");
        assert_eq!(reopened.unwrap(), StepDraft::Reopen(ReopenDraft { why: "It broke again".into() }));
        assert_eq!(draft("no-answer", "x").unwrap(), StepDraft::NoAnswer);
        for wrong in ["answer", "closed", "late", "record-spoke", "restored", ""] {
            assert!(matches!(draft(wrong, ""), Err(Error::NotFound)), "{wrong}");
        }
        assert!(matches!(draft("reopen", "why=1&why=2"), Err(Error::Invalid(_))));
    }
}
