//! Walking a recovery on: the page of one, and the steps it takes.

use axum::response::Response;
use domain::actor::Act;
use domain::fault::Fault;
use domain::ids::RecoveryId;
use domain::recovery::StepDraft;
use serde::de::DeserializeOwned;

use super::one::{Scene, link_page};
use super::{forms, list};
use crate::doors::Doors;
use crate::doors::Rule::Member;
use crate::error::Error;
use crate::page::{Trouble, go};
use crate::visit::{Inside, Path};

pub fn doors(doors: Doors) -> Doors {
    doors.get("/recoveries", Member(Act::Read), list::show).get("/recoveries/{id}", Member(Act::Read), show).post(
        "/recoveries/{id}/{step}",
        Member(Act::Recover),
        take,
    )
}

async fn show(inside: Inside, Path(id): Path<String>) -> Result<Response, Error> {
    let scene = Scene::load(&inside, identifier(&id)?).await?;
    let title = scene.title();
    Ok(inside.page(&title, || scene.view(None, &Trouble::default(), &[])))
}

/// One step. A step that was refused comes back on the page as it stands now, with everything that was typed.
async fn take(inside: Inside, Path((id, step)): Path<(String, String)>, body: String) -> Result<Response, Error> {
    let (id, draft) = (identifier(&id)?, draft(&step, &body)?);
    match inside.visit.state.store.take_step(inside.actor(), id, &draft).await {
        Ok(Some(Some(token))) => {
            let scene = Scene::load(&inside, id).await?;
            let link = format!("{}/follow-up/{token}", inside.visit.state.base_url);
            let title = inside.visit.texts.say("recoveries-link-title");
            Ok(inside.page(&title, || link_page(&scene, link)))
        }
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
