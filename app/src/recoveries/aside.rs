//! What else can be done with a recovery: tell the customer, ask them, note their silence, begin again.

use domain::recovery::{ReopenDraft, Stage, Step, StepDraft, UpdateDraft};
use domain::text::Prose;
use leptos::prelude::*;

use super::one::Scene;
use crate::form::{Area, Field, Kind};
use crate::page::Trouble;

/// The secondary steps of the present stage, folded away unless one of them was just refused.
pub(super) fn others(scene: &Scene, typed: Option<&StepDraft>, trouble: &Trouble) -> impl IntoView + use<> {
    let customer = scene.page.recovery.has_customer();
    let under_way = matches!(scene.stage(), Stage::Acknowledged | Stage::Understood);
    let after = matches!(scene.stage(), Stage::Remedied | Stage::FollowingUp | Stage::Closed(_));
    view! {
        {(under_way && customer).then(|| question(scene))}
        {(under_way && scene.page.recovery.forgotten_at.is_none()).then(|| update(scene, typed, trouble))}
        {scene.page.recovery.renew_link().is_ok().then(|| new_link(scene))}
        {silent(scene).then(|| no_answer(scene))}
        {after.then(|| reopen(scene, typed, trouble))}
        {scene.may_forget().then(|| forget(scene))}
    }
}

/// The customer was asked how it is and has not answered.
fn silent(scene: &Scene) -> bool {
    let asked = scene.page.recovery.round().iter().any(|taken| taken.step == Step::FollowUpSent);
    let recovery = &scene.page.recovery;
    let could_answer = recovery.link_open_since.is_some() || recovery.forgotten_at.is_some();
    scene.stage() == Stage::FollowingUp && asked && could_answer && recovery.verdict_on_trust().is_none()
}

fn update(scene: &Scene, typed: Option<&StepDraft>, trouble: &Trouble) -> impl IntoView + use<> {
    let texts = scene.texts();
    let (open, draft) = match typed {
        Some(StepDraft::Update(draft)) => (true, draft.clone()),
        _ => (false, UpdateDraft::default()),
    };
    let at = |field: &str| trouble.at(texts, field);
    view! {
        <details class="card" open=open>
            <summary>{texts.say("recoveries-do-update")}</summary>
            <form method="post" action=scene.address("update")>{scene.revision()}
                <Area name="told" label=texts.say("recoveries-told") hint=texts.say("recoveries-told-hint") value=draft.told.clone() fault=at("told") required=true max=Prose::MAX />
                <Field name="next_update_by" label=texts.say("recoveries-next-update") kind=Kind::Moment value=draft.next_update_by.clone() fault=at("next_update_by") />
                <p><button class="btn">{texts.say("recoveries-update")}</button></p>
            </form>
        </details>
    }
}

/// While a question is with the customer, our clocks wait.
fn question(scene: &Scene) -> impl IntoView + use<> {
    let texts = scene.texts();
    let (step, lead, button) = if scene.page.recovery.awaits_customer() {
        ("customer-replied", "recoveries-replied-lead", "recoveries-replied")
    } else {
        ("ask-customer", "recoveries-question-lead", "recoveries-question")
    };
    let class = if scene.page.recovery.awaits_customer() { "note warn" } else { "card grid" };
    view! {
        <section class=class>
            <p>{texts.say(lead)}</p>
            <form method="post" action=scene.address(step)>{scene.revision()}<p><button class="btn quiet">{texts.say(button)}</button></p></form>
        </section>
    }
}

/// The link was lost on the way, or never sent; or it has ended.
fn new_link(scene: &Scene) -> impl IntoView + use<> {
    let (texts, ended) = (scene.texts(), scene.page.recovery.link_open_since.is_none());
    let lead = if ended { "recoveries-link-ended-lead" } else { "recoveries-new-link-lead" };
    view! {
        <details class="card" open=ended>
            <summary>{texts.say("recoveries-do-new-link")}</summary>
            <p>{texts.say(lead)}</p>
            <form method="post" action=scene.address("link")>
                <p><button class="btn quiet">{texts.say("shown-new")}</button></p>
            </form>
        </details>
    }
}

fn no_answer(scene: &Scene) -> impl IntoView + use<> {
    let texts = scene.texts();
    let (title, lead) = if scene.page.recovery.forgotten_at.is_some() {
        ("recoveries-do-forgotten", "recoveries-forgotten-lead")
    } else {
        ("recoveries-do-no-answer", "recoveries-no-answer-lead")
    };
    view! {
        <details class="card">
            <summary>{texts.say(title)}</summary>
            <p>{texts.say(lead)}</p>
            <form method="post" action=scene.address("no-answer")>{scene.revision()}
                <p><button class="btn quiet">{texts.say("recoveries-no-answer")}</button></p>
            </form>
        </details>
    }
}

fn reopen(scene: &Scene, typed: Option<&StepDraft>, trouble: &Trouble) -> impl IntoView + use<> {
    let texts = scene.texts();
    let (open, draft) = match typed {
        Some(StepDraft::Reopen(draft)) => (true, draft.clone()),
        _ => (false, ReopenDraft::default()),
    };
    let fault = trouble.at(texts, "why");
    view! {
        <details class="card" open=open>
            <summary>{texts.say("recoveries-do-reopen")}</summary>
            <p>{texts.say("recoveries-reopen-lead")}</p>
            <form method="post" action=scene.address("reopen")>{scene.revision()}
                <Area name="why" label=texts.say("recoveries-reopen-why") hint=texts.say("recoveries-inside") value=draft.why fault required=true max=Prose::MAX />
                <p><button class="btn quiet">{texts.say("recoveries-reopen")}</button></p>
            </form>
        </details>
    }
}

/// A person's request wins, whatever the stage.
fn forget(scene: &Scene) -> impl IntoView + use<> {
    let texts = scene.texts();
    view! {
        <details class="card">
            <summary>{texts.say("customers-forget")}</summary>
            <p>{texts.say("customers-forget-lead")}</p>
            <p><a class="btn quiet" href=scene.address("forget")>{texts.say("customers-forget-ask")}</a></p>
        </details>
    }
}
