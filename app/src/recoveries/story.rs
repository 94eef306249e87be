//! What has been done so far: each step with who and when.

use domain::actor::Who;
use domain::breaks::FoundBy;
use domain::recovery::{Answer, Fixed, Stage, Step};
use leptos::prelude::*;

use super::names::{clock_key, stage_key};
use super::one::Scene;
use crate::texts::Texts;

/// Oldest first, as it was lived.
pub(super) fn view(scene: &Scene) -> impl IntoView + use<> {
    let texts = scene.texts();
    let (recovery, when) = (&scene.page.recovery, &scene.when);
    let began = match recovery.found_by {
        FoundBy::Staff => "recoveries-did-find",
        FoundBy::Customer => "recoveries-did-hear",
    };
    let first = view! { <li><b>{when.at(recovery.opened_at)}</b>" "{texts.say(began)}</li> };
    let names = scene.page.steps.iter().map(|line| line.by.clone());
    let each = recovery.steps.iter().zip(names).map(|(taken, name)| {
        let said = quoted(scene, &taken.step).into_iter().map(|text| view! { <p class="typed soft">{text}</p> });
        view! {
            <li>
                <b>{when.at(taken.at)}</b>" "{what(texts, &taken.step)}
                <span class="soft">" · "{hand(texts, taken.by, name)}</span>
                {said.collect_view()}
            </li>
        }
    });
    view! {
        <section class="card grid">
            <h3>{texts.say("recoveries-so-far")}</h3>
            <ol class="told">{first}{each.collect_view()}</ol>
        </section>
    }
}

/// Whose hand it was.
fn hand(texts: Texts, by: Who, name: Option<String>) -> String {
    match (by, name) {
        (_, Some(name)) => name,
        (Who::Person(_), None) => texts.say("recoveries-by-former"),
        (Who::Token(_), _) => texts.say("recoveries-by-program"),
        (Who::Customer, _) => texts.say("recoveries-by-customer"),
        (Who::Trialmark, _) => texts.say("app-name"),
    }
}

fn what(texts: Texts, step: &Step) -> String {
    match step {
        Step::RecordSpoke { kept } => texts.tell("recoveries-did-prove", &[("kept", (*kept).into())]),
        Step::Closed { outcome } => texts.say(stage_key(Stage::Closed(*outcome))),
        Step::Late { clock } => texts.tell("recoveries-did-miss", &[("clock", texts.say(clock_key(*clock)).into())]),
        other => texts.say(step_key(other)),
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
        Step::RecordWatched => "recoveries-did-watch",
        Step::Answered(_) => "recoveries-did-answer",
        Step::RecordSpoke { .. } => "recoveries-did-prove",
        Step::NoAnswer => "recoveries-did-hear-nothing",
        Step::Learned(_) => "recoveries-did-learn",
        Step::Closed { .. } => "recoveries-step-closed",
        Step::Reopened { .. } => "recoveries-did-reopen",
        Step::Late { .. } => "recoveries-did-miss",
    }
}

/// What was written down with the step.
fn quoted(scene: &Scene, step: &Step) -> Vec<String> {
    let (texts, when) = (scene.texts(), &scene.when);
    let until = |at| texts.tell("recoveries-next-by", &[("at", when.at(at).into())]);
    let owner = |id| {
        let member = scene.members.iter().find(|member| member.person == id);
        member.map(|member| texts.tell("recoveries-has-it", &[("name", member.name.as_str().into())]))
    };
    let lines: Vec<Option<String>> = match step {
        Step::Acknowledged(said) => vec![
            said.owner.and_then(owner),
            said.apology.as_ref().map(ToString::to_string),
            said.next_update_by.map(until),
        ],
        Step::Understood(said) => vec![said.cause.as_ref().map(ToString::to_string)],
        Step::Updated(said) => vec![Some(said.told.to_string()), said.next_update_by.map(until)],
        Step::Remedied(given) => vec![
            Some(given.correction.to_string()),
            given.remedy.as_ref().map(ToString::to_string),
            given
                .gesture
                .as_ref()
                .map(|gesture| texts.tell("recoveries-beyond", &[("gesture", gesture.to_string().into())])),
            given.cost.map(|cost| texts.tell("recoveries-cost-was", &[("cost", texts.money(cost).into())])),
        ],
        Step::Answered(answer) => answers(texts, answer),
        Step::Learned(lesson) => vec![
            Some(lesson.cause.to_string()),
            lesson.corrective_action.as_ref().or(lesson.why_none.as_ref()).map(ToString::to_string),
        ],
        Step::Reopened { why } => vec![Some(why.to_string())],
        _ => Vec::new(),
    };
    lines.into_iter().flatten().collect()
}

fn answers(texts: Texts, answer: &Answer) -> Vec<Option<String>> {
    let fixed = match answer.fixed {
        Fixed::Yes => "recoveries-fixed-yes",
        Fixed::Partly => "recoveries-fixed-partly",
        Fixed::No => "recoveries-fixed-no",
    };
    let again = if answer.again { "recoveries-again-yes" } else { "recoveries-again-no" };
    vec![Some(format!("{} {}", texts.say(fixed), texts.say(again))), answer.words.as_ref().map(ToString::to_string)]
}
