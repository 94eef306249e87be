//! The handlers of a recovery's page and its steps.

use axum::response::Response;
use domain::edit_tag::EditTag;
use domain::fault::Fault;
use domain::ids::RecoveryId;
use domain::recovery::{StepDraft, StepRequest};
use domain::role::Permission;
use serde::de::DeserializeOwned;

use super::show::link_page;
use super::view::RecoveryView;
use super::{forms, list};
use store::StepTaken;

use crate::addresses;
use crate::doors::AccessRule::Member;
use crate::doors::Doors;
use crate::error::Error;
use crate::flash::Flash;
use crate::page::{FormErrors, redirect};
use crate::request_context::{Path, RevisionField, SignedIn};
use crate::shown_once::{self, ShownSecret, redirect_to_shown_once};

pub fn doors(doors: Doors) -> Doors {
    doors
        .get(addresses::RECOVERIES, Member(Permission::ViewInternal), list::show)
        .get(addresses::RECOVERY, Member(Permission::ViewInternal), show)
        .get(addresses::RECOVERY_LINK, Member(Permission::HandleRecoveries), show_link)
        .post(addresses::RECOVERY_LINK, Member(Permission::HandleRecoveries), renew_link)
        .form(addresses::RECOVERY_STEP, addresses::RECOVERY, Member(Permission::HandleRecoveries), take_step)
}

async fn show(signed_in: SignedIn, Path(id): Path<String>) -> Result<Response, Error> {
    let view = RecoveryView::load(&signed_in, parse_id(&id)?).await?;
    let title = view.title();
    Ok(signed_in.page(&title, || view.page(None, &FormErrors::default(), &[])))
}

/// Takes one step. If it is rejected, the page shows the current state and everything that was typed.
async fn take_step(
    signed_in: SignedIn,
    Path((id, step)): Path<(String, String)>,
    body: String,
) -> Result<Response, Error> {
    let (id, draft) = (parse_id(&id)?, parse_step(&step, &body)?);
    match signed_in.store_at(&revision(&body)?).take_step(signed_in.actor(), id, &draft).await {
        Ok(Some(StepTaken::LinkMade(token))) => {
            Ok(redirect_to_shown_once(&signed_in, &addresses::recovery_link(id), &token))
        }
        Ok(Some(StepTaken::Recorded)) => Ok(signed_in.saved(&addresses::recovery(id), Flash::StepSaved)),
        Ok(None) => Err(Error::NotFound),
        Err(error) => {
            let error = Error::from(error);
            if !matches!(error, Error::Invalid(_) | Error::Conflict(_)) {
                return Err(error);
            }
            let view = RecoveryView::load(&signed_in, id).await?;
            let title = view.title();
            // A step that is no longer possible has no form, so its texts are shown above the page.
            let unsaved = if matches!(error, Error::Conflict(_)) { forms::typed_texts(&draft) } else { Vec::new() };
            signed_in.rerender(error, &title, |errors| view.page(Some(&draft), &errors, &unsaved))
        }
    }
}

/// Shows the customer's link while the secret's cookie lasts; afterwards offers a new link.
async fn show_link(
    signed_in: SignedIn,
    Path(id): Path<String>,
    ShownSecret(token): ShownSecret,
) -> Result<Response, Error> {
    let id = parse_id(&id)?;
    let (view, texts) = (RecoveryView::load(&signed_in, id).await?, signed_in.context.texts);
    if view.detail.recovery.require_renewable_link().is_err() {
        return Ok(redirect(&addresses::recovery(id)));
    }
    let token = match token {
        Some(token) => {
            let follow_up = signed_in.context.state.store.follow_up(&token).await?;
            follow_up.filter(|follow_up| follow_up.recovery == id && !follow_up.answered).map(|_| token)
        }
        None => None,
    };
    let title = texts.text("recoveries-link-title");
    Ok(if let Some(token) = token {
        let link = format!("{}{}", signed_in.context.state.base_url, addresses::follow_up(token));
        signed_in.page(&title, || link_page(&view, link))
    } else {
        let (back, headline) = (addresses::recovery(id), texts.text("recoveries-link-not-shown"));
        let back = (back.as_str(), texts.text("recoveries-link-back"));
        signed_in.page(&title, || shown_once::expired_page(texts, headline, Some(addresses::recovery_link(id)), back))
    })
}

async fn renew_link(signed_in: SignedIn, Path(id): Path<String>) -> Result<Response, Error> {
    let id = parse_id(&id)?;
    match signed_in.context.state.store.renew_follow_up(signed_in.actor(), id).await.map_err(Error::from) {
        Ok(Some(token)) => Ok(redirect_to_shown_once(&signed_in, &addresses::recovery_link(id), &token)),
        Ok(None) => Err(Error::NotFound),
        Err(error) => {
            let view = RecoveryView::load(&signed_in, id).await?;
            signed_in.rerender(error, &view.title(), |errors| view.page(None, &errors, &[]))
        }
    }
}

/// The revision of the recovery when the form was opened.
fn revision(body: &str) -> Result<EditTag, Error> {
    let field: RevisionField = parse_form(body)?;
    Ok(EditTag::parse(&field.revision))
}

fn parse_id(id: &str) -> Result<RecoveryId, Error> {
    id.parse().map_err(|_| Error::NotFound)
}

/// Parses a step from its name in the address and its form.
fn parse_step(step: &str, body: &str) -> Result<StepDraft, Error> {
    let request = StepRequest::ALL.into_iter().find(|request| request.slug() == step).ok_or(Error::NotFound)?;
    match request {
        StepRequest::Acknowledge => parse_form(body).map(StepDraft::Acknowledge),
        StepRequest::Understand => parse_form(body).map(StepDraft::Understand),
        StepRequest::Update => parse_form(body).map(StepDraft::Update),
        StepRequest::AskCustomer => Ok(StepDraft::AskCustomer),
        StepRequest::CustomerReplied => Ok(StepDraft::CustomerReplied),
        StepRequest::Remedy => parse_form(body).map(StepDraft::Remedy),
        StepRequest::FollowUp => Ok(StepDraft::FollowUp),
        StepRequest::Learn => parse_form(body).map(StepDraft::Learn),
        StepRequest::NoAnswer => Ok(StepDraft::NoAnswer),
        StepRequest::Reopen => parse_form(body).map(StepDraft::Reopen),
    }
}

fn parse_form<T: DeserializeOwned>(body: &str) -> Result<T, Error> {
    serde_html_form::from_str(body).map_err(|_| Error::invalid("form", Fault::Malformed))
}

#[cfg(test)]
mod tests {
    use domain::recovery::ReopenDraft;

    use super::*;

    #[test]
    fn recovery_steps_are_parsed_by_slug_and_others_not_found() {
        let reopened = parse_step("reopen", "why=It+broke+again");
        assert_eq!(reopened.unwrap(), StepDraft::Reopen(ReopenDraft { why: "It broke again".into() }));
        assert_eq!(parse_step("no-answer", "x").unwrap(), StepDraft::NoAnswer);
        for wrong in ["answer", "closed", "late", "record-spoke", "restored", ""] {
            assert!(matches!(parse_step(wrong, ""), Err(Error::NotFound)), "{wrong}");
        }
        assert!(matches!(parse_step("reopen", "why=1&why=2"), Err(Error::Invalid(_))));
    }
}
