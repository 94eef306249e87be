//! The other possible steps: update or ask the customer, renew the link, note that there is no answer, reopen, erase
//! the customer.

use domain::recovery::{ReopenDraft, Stage, StepDraft, StepRequest, UpdateDraft};
use domain::text::Prose;
use leptos::prelude::*;

use super::view::RecoveryView;
use crate::addresses;
use crate::form::{Area, Field, InputKind};
use crate::page::FormErrors;

/// The other steps that are possible now. They are collapsed, except for one that was just rejected.
pub(super) fn sections(
    view: &RecoveryView,
    submitted: Option<&StepDraft>,
    errors: &FormErrors,
) -> impl IntoView + use<> {
    // Before the follow-up, "no answer" is the main step and has its form there.
    let is_no_answer_secondary = view.can(StepRequest::NoAnswer) && view.stage() == Stage::FollowingUp;
    view! {
        {view.can(StepRequest::AskCustomer).then(|| ask_customer(view))}
        {view.can(StepRequest::CustomerReplied).then(|| customer_replied(view))}
        {view.can(StepRequest::Update).then(|| update(view, submitted, errors))}
        {view.detail.recovery.require_renewable_link().is_ok().then(|| new_link(view))}
        {is_no_answer_secondary.then(|| no_answer(view))}
        {view.can(StepRequest::Reopen).then(|| reopen(view, submitted, errors))}
        {view.can_erase_customer().then(|| erase_link(view))}
    }
}

fn update(view: &RecoveryView, submitted: Option<&StepDraft>, errors: &FormErrors) -> impl IntoView + use<> {
    let texts = view.texts();
    let (open, draft) = match submitted {
        Some(StepDraft::Update(draft)) => (true, draft.clone()),
        _ => (false, UpdateDraft::default()),
    };
    let at = |field: &str| errors.for_field(texts, field);
    view! {
        <details class="card" open=open>
            <summary>{texts.text("recoveries-do-update")}</summary>
            <form method="post" action=view.step_address(StepRequest::Update)>{view.revision()}
                <Area name="told" label=texts.text("recoveries-told") hint=texts.text("recoveries-told-hint") value=draft.told.clone() fault=at("told") required=true max=Prose::MAX />
                <Field name="next_update_by" label=texts.text("recoveries-next-update") kind=InputKind::DateTime value=draft.next_update_by.clone() fault=at("next_update_by") />
                <p><button class="btn">{texts.text("recoveries-update")}</button></p>
            </form>
        </details>
    }
}

/// While a question is with the customer, our deadlines pause.
fn ask_customer(view: &RecoveryView) -> impl IntoView + use<> {
    let texts = view.texts();
    view! {
        <section class="card grid">
            <p>{texts.text("recoveries-question-lead")}</p>
            <form method="post" action=view.step_address(StepRequest::AskCustomer)>{view.revision()}
                <p><button class="btn quiet">{texts.text("recoveries-question")}</button></p>
            </form>
        </section>
    }
}

fn customer_replied(view: &RecoveryView) -> impl IntoView + use<> {
    let texts = view.texts();
    view! {
        <section class="note warn">
            <p>{texts.text("recoveries-replied-lead")}</p>
            <form method="post" action=view.step_address(StepRequest::CustomerReplied)>{view.revision()}
                <p><button class="btn quiet">{texts.text("recoveries-replied")}</button></p>
            </form>
        </section>
    }
}

/// A new link, if the old one was lost, never sent, or has expired.
fn new_link(view: &RecoveryView) -> impl IntoView + use<> {
    let (texts, ended) = (view.texts(), view.detail.recovery.link_open_since.is_none());
    let lead = if ended { "recoveries-link-ended-lead" } else { "recoveries-new-link-lead" };
    view! {
        <details class="card" open=ended>
            <summary>{texts.text("recoveries-do-new-link")}</summary>
            <p>{texts.text(lead)}</p>
            <form method="post" action=addresses::recovery_link(view.detail.row.id)>
                <p><button class="btn quiet">{texts.text("secret-renew")}</button></p>
            </form>
        </details>
    }
}

fn no_answer(view: &RecoveryView) -> impl IntoView + use<> {
    let texts = view.texts();
    let (title, lead) = if view.detail.recovery.customer_erased_at.is_some() {
        ("recoveries-do-forgotten", "recoveries-forgotten-lead")
    } else {
        ("recoveries-do-no-answer", "recoveries-no-answer-lead")
    };
    view! {
        <details class="card">
            <summary>{texts.text(title)}</summary>
            <p>{texts.text(lead)}</p>
            <form method="post" action=view.step_address(StepRequest::NoAnswer)>{view.revision()}
                <p><button class="btn quiet">{texts.text("recoveries-no-answer")}</button></p>
            </form>
        </details>
    }
}

fn reopen(view: &RecoveryView, submitted: Option<&StepDraft>, errors: &FormErrors) -> impl IntoView + use<> {
    let texts = view.texts();
    let (open, draft) = match submitted {
        Some(StepDraft::Reopen(draft)) => (true, draft.clone()),
        _ => (false, ReopenDraft::default()),
    };
    let fault = errors.for_field(texts, "why");
    view! {
        <details class="card" open=open>
            <summary>{texts.text("recoveries-do-reopen")}</summary>
            <p>{texts.text("recoveries-reopen-lead")}</p>
            <form method="post" action=view.step_address(StepRequest::Reopen)>{view.revision()}
                <Area name="why" label=texts.text("recoveries-reopen-why") hint=texts.text("recoveries-inside") value=draft.why fault required=true max=Prose::MAX />
                <p><button class="btn quiet">{texts.text("recoveries-reopen")}</button></p>
            </form>
        </details>
    }
}

/// Possible at every stage: a customer can ask for it at any time.
fn erase_link(view: &RecoveryView) -> impl IntoView + use<> {
    let texts = view.texts();
    view! {
        <details class="card">
            <summary>{texts.text("customers-forget")}</summary>
            <p>{texts.text("customers-forget-lead")}</p>
            <p><a class="btn quiet" href=addresses::erase_customer(view.detail.row.id)>{texts.text("customers-forget-ask")}</a></p>
        </details>
    }
}
