//! The timeline of a recovery: each step with its time and author.

use domain::actor::Principal;
use domain::breaks::FoundBy;
use domain::recovery::{Answer, FixedAnswer, Stage, Step};
use leptos::prelude::*;

use super::names::deadline_key;
use super::view::RecoveryView;
use crate::names::recovery_stage_key;
use crate::texts::Texts;

/// Oldest first.
pub(super) fn card(view: &RecoveryView) -> impl IntoView + use<> {
    let texts = view.texts();
    let (recovery, local_time) = (&view.detail.recovery, &view.local_time);
    let opened_key = match recovery.found_by {
        FoundBy::Staff => "recoveries-did-find",
        FoundBy::Customer => "recoveries-did-hear",
    };
    let first = view! { <li><b>{local_time.date_time(recovery.opened_at)}</b>" "{texts.text(opened_key)}</li> };
    let names = view.detail.steps.iter().map(|line| line.by.clone());
    let items = recovery.steps.iter().zip(names).map(|(taken_step, name)| {
        let notes =
            step_notes(view, &taken_step.step).into_iter().map(|text| view! { <p class="user-text muted">{text}</p> });
        view! {
            <li>
                <b>{local_time.date_time(taken_step.at)}</b>" "{step_text(texts, &taken_step.step)}
                <span class="muted">" · "{actor_name(texts, taken_step.by, name)}</span>
                {notes.collect_view()}
            </li>
        }
    });
    view! {
        <section class="card grid">
            <h3>{texts.text("recoveries-so-far")}</h3>
            <ol class="timeline">{first}{items.collect_view()}</ol>
        </section>
    }
}

/// The author of a step.
fn actor_name(texts: Texts, by: Principal, name: Option<String>) -> String {
    match (by, name) {
        (_, Some(name)) => name,
        (Principal::Person(_), None) => texts.text("recoveries-by-former"),
        (Principal::Token(_), _) => texts.text("recoveries-by-program"),
        (Principal::Customer, _) => texts.text("recoveries-by-customer"),
        (Principal::System, _) => texts.text("app-name"),
    }
}

fn step_text(texts: Texts, step: &Step) -> String {
    match step {
        Step::RestoredByRecord { kept } => {
            texts.text_with("recoveries-did-restore-by-record", &[("kept", (*kept).into())])
        }
        Step::Closed { outcome } => texts.text(recovery_stage_key(Stage::Closed(*outcome))),
        Step::Late { clock } => {
            texts.text_with("recoveries-did-miss", &[("clock", texts.text(deadline_key(*clock)).into())])
        }
        other => texts.text(step_key(other)),
    }
}

fn step_key(step: &Step) -> &'static str {
    match step {
        Step::Acknowledged(_) => "recoveries-did-acknowledge",
        Step::Understood(_) => "recoveries-did-understand",
        Step::Updated(_) => "recoveries-did-update",
        Step::AskedCustomer => "recoveries-did-ask",
        Step::CustomerReplied => "recoveries-did-reply",
        Step::Remedied(_) => "recoveries-did-remedy",
        Step::FollowUpSent => "recoveries-did-follow-up",
        Step::RecordWatchStarted => "recoveries-did-watch",
        Step::Answered(_) => "recoveries-did-answer",
        Step::RestoredByRecord { .. } => "recoveries-did-restore-by-record",
        Step::NoAnswer => "recoveries-did-hear-nothing",
        Step::Learned(_) => "recoveries-did-learn",
        Step::Closed { .. } => "recoveries-step-closed",
        Step::Reopened { .. } => "recoveries-did-reopen",
        Step::Late { .. } => "recoveries-did-miss",
    }
}

/// The texts written for a step.
fn step_notes(view: &RecoveryView, step: &Step) -> Vec<String> {
    let (texts, local_time) = (view.texts(), &view.local_time);
    let until = |at| texts.text_with("recoveries-next-by", &[("at", local_time.date_time(at).into())]);
    let owner = |id| {
        let member = view.members.iter().find(|member| member.person == id);
        member.map(|member| texts.text_with("recoveries-assigned-to", &[("name", member.name.as_str().into())]))
    };
    let lines: Vec<Option<String>> = match step {
        Step::Acknowledged(acknowledgement) => vec![
            acknowledgement.owner.and_then(owner),
            acknowledgement.apology.as_ref().map(ToString::to_string),
            acknowledgement.next_update_by.map(until),
        ],
        Step::Understood(understanding) => vec![understanding.cause.as_ref().map(ToString::to_string)],
        Step::Updated(update) => vec![Some(update.told.to_string()), update.next_update_by.map(until)],
        Step::Remedied(remedy) => vec![
            Some(remedy.correction.to_string()),
            remedy.remedy.as_ref().map(ToString::to_string),
            remedy
                .gesture
                .as_ref()
                .map(|gesture| texts.text_with("recoveries-beyond", &[("gesture", gesture.to_string().into())])),
            remedy.cost.map(|cost| texts.text_with("recoveries-cost-was", &[("cost", texts.money(cost).into())])),
        ],
        Step::Answered(answer) => answer_notes(texts, answer),
        Step::Learned(lesson) => vec![
            Some(lesson.cause.to_string()),
            lesson.corrective_action.as_ref().or(lesson.why_none.as_ref()).map(ToString::to_string),
        ],
        Step::Reopened { why } => vec![Some(why.to_string())],
        _ => Vec::new(),
    };
    lines.into_iter().flatten().collect()
}

fn answer_notes(texts: Texts, answer: &Answer) -> Vec<Option<String>> {
    let fixed_key = match answer.fixed {
        FixedAnswer::Yes => "recoveries-fixed-yes",
        FixedAnswer::Partly => "recoveries-fixed-partly",
        FixedAnswer::No => "recoveries-fixed-no",
    };
    let again_key = if answer.again { "recoveries-again-yes" } else { "recoveries-again-no" };
    vec![
        Some(format!("{} {}", texts.text(fixed_key), texts.text(again_key))),
        answer.words.as_ref().map(ToString::to_string),
    ]
}
