//! The form for the next step, with what helps to say it well.

use chrono::TimeDelta;
use domain::recovery::{AcknowledgementDraft, LessonDraft, RemedyDraft, Severity, Step, StepDraft, UnderstandingDraft};
use domain::text::{Line, Prose, is_blank};
use leptos::prelude::*;
use store::Customer;

use super::names::severity_key;
use super::one::Scene;
use crate::alike::Alike;
use crate::form::{Area, Checkbox, Choice, Field, Item, Kind, Select};
use crate::page::Trouble;
use crate::texts::Texts;

/// What the words in a step's form are, where they have to be handed back.
pub(super) fn written(draft: &StepDraft) -> Vec<String> {
    let texts = match draft {
        StepDraft::Acknowledge(draft) => vec![&draft.apology, &draft.customer_name, &draft.customer_contact],
        StepDraft::Understand(draft) => vec![&draft.words, &draft.cause, &draft.remedy_sought],
        StepDraft::Update(draft) => vec![&draft.told],
        StepDraft::Remedy(draft) => vec![&draft.correction, &draft.remedy, &draft.gesture, &draft.cost],
        StepDraft::Learn(draft) => vec![&draft.cause, &draft.corrective_action, &draft.why_none],
        StepDraft::Reopen(draft) => vec![&draft.why],
        StepDraft::AskCustomer | StepDraft::CustomerReplied | StepDraft::FollowUp | StepDraft::NoAnswer => Vec::new(),
    };
    texts.into_iter().filter(|text| !is_blank(text)).cloned().collect()
}

/// We know, we are sorry, and somebody has it.
pub(super) fn acknowledge(scene: &Scene, typed: Option<&StepDraft>, trouble: &Trouble) -> impl IntoView + use<> {
    let (texts, known) = (scene.texts(), scene.page.recovery.has_customer());
    let draft = match typed {
        Some(StepDraft::Acknowledge(draft)) => draft.clone(),
        _ => AcknowledgementDraft {
            owner: scene.me.clone(),
            next_update_by: if known { scene.when.field(scene.when.now + TimeDelta::hours(2)) } else { String::new() },
            ..AcknowledgementDraft::default()
        },
    };
    let alike = Alike::among(scene.recoverers().map(|member| (member.person.0, member.name.as_str())));
    let people = scene.recoverers().map(|member| alike.item(texts, member.person.0, &member.name)).collect::<Vec<_>>();
    let at = |field: &str| trouble.at(texts, field);
    // Whoever was forgotten and tells us again is someone new.
    let named = scene.page.customer.as_ref().is_some_and(|customer| *customer != Customer::Forgotten);
    let who = (!named).then(|| view! {
        <fieldset class="field grid">
            <legend>{texts.say("recoveries-who")}</legend>
            <p class="hint">{texts.say("recoveries-who-hint")}</p>
            <Field name="customer_name" label=texts.say("recoveries-customer-name") hint=texts.say("recoveries-personal") value=draft.customer_name.clone() fault=at("customer_name") max=Line::MAX autocomplete="off" />
            <Field name="customer_contact" label=texts.say("recoveries-customer-contact") hint=texts.say("recoveries-customer-contact-hint") value=draft.customer_contact.clone() fault=at("customer_contact") max=Line::MAX autocomplete="off" />
        </fieldset>
    });
    let apology_hint = if known { "recoveries-apology-hint" } else { "recoveries-apology-hint-unknown" };
    view! {
        <section class="card grid">
            <h2>{texts.say("recoveries-do-acknowledge")}</h2>
            {coach(texts, "recoveries-say-acknowledge", "recoveries-not-acknowledge")}
            <form method="post" action=scene.address("acknowledge")>{scene.revision()}
                <Select name="owner" label=texts.say("recoveries-owner") hint=texts.say("recoveries-owner-hint") items=people value=draft.owner.clone() fault=at("owner") />
                {who}
                <Area name="apology" label=texts.say("recoveries-apology") hint=texts.say(apology_hint) value=draft.apology.clone() fault=at("apology") required=known max=Prose::MAX />
                <div class="grid tight">
                    <Checkbox name="responsibility" label=texts.say("recoveries-responsibility") checked=!draft.responsibility.is_empty() fault=at("responsibility") required=known />
                    <Checkbox name="repair" label=texts.say("recoveries-repair") checked=!draft.repair.is_empty() fault=at("repair") required=known />
                </div>
                <Field name="next_update_by" label=texts.say("recoveries-next-update") hint=texts.say("recoveries-next-update-hint") kind=Kind::Moment value=draft.next_update_by.clone() fault=at("next_update_by") required=known />
                <p><button class="btn tall">{texts.say("recoveries-acknowledge")}</button></p>
            </form>
        </section>
    }
}

/// What happened, read back, and what they would call fair.
pub(super) fn understand(scene: &Scene, typed: Option<&StepDraft>, trouble: &Trouble) -> impl IntoView + use<> {
    let texts = scene.texts();
    let draft = match typed {
        Some(StepDraft::Understand(draft)) => draft.clone(),
        _ => UnderstandingDraft::default(),
    };
    let known = scene.page.recovery.has_customer();
    let severities = Severity::ALL.map(|one| Item::new(one.name(), texts.say(severity_key(one)))).to_vec();
    let answers = [("yes", "recoveries-yes"), ("no", "recoveries-no")];
    let answers = answers.map(|(value, key)| Item::new(value, texts.say(key))).to_vec();
    let at = |field: &str| trouble.at(texts, field);
    let (words, hint) = if known {
        ("recoveries-in-words", "recoveries-words-hint")
    } else {
        ("recoveries-in-our-words", "recoveries-inside")
    };
    let sought = known.then(|| view! {
        <Area name="remedy_sought" label=texts.say("recoveries-fair") hint=texts.say("recoveries-fair-hint") value=draft.remedy_sought.clone() fault=at("remedy_sought") max=Prose::MAX />
    });
    view! {
        <section class="card grid">
            <h2>{texts.say("recoveries-do-understand")}</h2>
            {coach(texts, "recoveries-say-understand", "recoveries-not-understand")}
            <form method="post" action=scene.address("understand")>{scene.revision()}
                <Area name="words" label=texts.say(words) hint=texts.say(hint) value=draft.words.clone() fault=at("words") required=true max=Prose::MAX rows=4 />
                {sought}
                <Choice name="severity" label=texts.say("recoveries-severity") items=severities value=draft.severity.clone() fault=at("severity") required=true />
                <Choice name="preventable" label=texts.say("recoveries-preventable") items=answers value=draft.preventable.clone() fault=at("preventable") required=true />
                <Area name="cause" label=texts.say("recoveries-cause-so-far") hint=texts.say("recoveries-cause-so-far-hint") value=draft.cause.clone() fault=at("cause") max=Prose::MAX />
                <p><button class="btn tall">{texts.say("recoveries-understand")}</button></p>
            </form>
        </section>
    }
}

/// Make it right, then one step further.
pub(super) fn remedy(scene: &Scene, typed: Option<&StepDraft>, trouble: &Trouble) -> impl IntoView + use<> {
    let texts = scene.texts();
    let draft = match typed {
        Some(StepDraft::Remedy(draft)) => draft.clone(),
        _ => RemedyDraft::default(),
    };
    let known = scene.page.recovery.has_customer();
    let sought = scene.page.recovery.round().iter().rev().find_map(|taken| match &taken.step {
        Step::Understood(said) => said.remedy_sought.clone().filter(|_| known),
        _ => None,
    });
    let sought =
        sought.map(|sought| view! { <p><b>{texts.say("recoveries-asked-for")}</b>" "{sought.to_string()}</p> });
    let wording = &scene.page.wording;
    let owed = format!("{} {}", texts.say("recoveries-we-promised"), wording.remedy);
    let owed_late =
        scene.page.row.late.then(|| format!("{} {}", texts.say("recoveries-and-late"), wording.late_remedy));
    let currency = scene.home.business.currency.code().to_owned();
    let at = |field: &str| trouble.at(texts, field);
    let public = texts.say("recoveries-public");
    let given = known.then(|| view! {
        <Area name="remedy" label=texts.say("recoveries-remedy") hint=public.clone() value=draft.remedy.clone() fault=at("remedy") required=true max=Prose::MAX />
        <Area name="gesture" label=texts.say("recoveries-gesture") hint=texts.say("recoveries-gesture-hint") value=draft.gesture.clone() fault=at("gesture") max=Prose::MAX rows=2 />
        <Checkbox name="proactive" label=texts.say("recoveries-proactive") checked=!draft.proactive.is_empty() fault=at("proactive") />
    });
    view! {
        <section class="card grid">
            <h2>{texts.say("recoveries-do-remedy")}</h2>
            {sought}
            <p class="soft">{owed}{owed_late.map(|late| format!(" {late}"))}</p>
            {coach(texts, "recoveries-say-remedy", "recoveries-not-remedy")}
            <form method="post" action=scene.address("remedy")>{scene.revision()}
                <Area name="correction" label=texts.say("recoveries-correction") hint=public.clone() value=draft.correction.clone() fault=at("correction") required=true max=Prose::MAX />
                {given}
                <Field name="cost" label=texts.tell("recoveries-cost", &[("currency", currency.into())]) hint=texts.say("recoveries-cost-hint") kind=Kind::Number value=draft.cost.clone() fault=at("cost") max=16 />
                <Field name="received_at" label=texts.say("recoveries-received") hint=texts.say("recoveries-received-hint") kind=Kind::Moment value=draft.received_at.clone() fault=at("received_at") />
                <p><button class="btn tall">{texts.say("recoveries-give")}</button></p>
            </form>
        </section>
    }
}

/// Out of sight is not out of mind: ask, or watch the record where nobody can be known. Of whom is forgotten, note that
/// there is no answer.
pub(super) fn follow_up(scene: &Scene) -> impl IntoView + use<> {
    let texts = scene.texts();
    let (title, lead, button) = if scene.page.recovery.forgotten_at.is_some() {
        ("recoveries-do-forgotten", "recoveries-forgotten-lead", "recoveries-no-answer")
    } else if scene.page.recovery.has_customer() {
        ("recoveries-do-ask", "recoveries-ask-lead", "recoveries-make-link")
    } else {
        ("recoveries-do-watch", "recoveries-watch-lead", "recoveries-watch")
    };
    let proof = [("count", scene.page.recovery.terms.proof.into())];
    let coached = scene
        .page
        .recovery
        .has_customer()
        .then(|| coach(texts, "recoveries-say-follow-up", "recoveries-not-follow-up"));
    view! {
        <section class="card grid">
            <h2>{texts.say(title)}</h2>
            {coached}
            <p>{texts.tell(lead, &proof)}</p>
            <form method="post" action=scene.address("follow-up")>{scene.revision()}
                <p><button class="btn tall">{texts.say(button)}</button></p>
            </form>
        </section>
    }
}

/// It is with the customer now, or with the record. Nobody here can say it is all right.
pub(super) fn wait(scene: &Scene) -> impl IntoView + use<> {
    let (texts, recovery) = (scene.texts(), &scene.page.recovery);
    let text = match (recovery.verdict_on_trust(), scene.page.kept_in_a_row) {
        (Some(_), _) => texts.say("recoveries-wait-lesson"),
        (None, Some(kept)) => {
            let values = [("kept", kept.into()), ("needed", recovery.terms.proof.into())];
            texts.tell("recoveries-watched", &values)
        }
        (None, None) if recovery.forgotten_at.is_some() => texts.say("recoveries-wait-forgotten"),
        (None, None) => texts.say("recoveries-wait-customer"),
    };
    view! { <section class="note"><h2>{texts.say("recoveries-waits")}</h2><p>{text}</p></section> }
}

/// Write it down for the future: the process's answer and the employee's.
pub(super) fn learn(scene: &Scene, typed: Option<&StepDraft>, trouble: &Trouble) -> impl IntoView + use<> {
    let texts = scene.texts();
    let draft = match typed {
        Some(StepDraft::Learn(draft)) => draft.clone(),
        _ => LessonDraft::default(),
    };
    let at = |field: &str| trouble.at(texts, field);
    let public = texts.say("recoveries-public");
    let if_none = format!("{} {public}", texts.say("recoveries-why-none-hint"));
    view! {
        <section class="card grid">
            <h2>{texts.say("recoveries-do-learn")}</h2>
            {coach(texts, "recoveries-say-learn", "recoveries-not-learn")}
            <form method="post" action=scene.address("learn")>{scene.revision()}
                <Area name="cause" label=texts.say("recoveries-cause") hint=public.clone() value=draft.cause.clone() fault=at("cause") required=true max=Prose::MAX />
                <Area name="corrective_action" label=texts.say("recoveries-action") hint=public value=draft.corrective_action.clone() fault=at("corrective_action") max=Prose::MAX />
                <Area name="why_none" label=texts.say("recoveries-why-none") hint=if_none value=draft.why_none.clone() fault=at("why_none") max=Prose::MAX rows=2 />
                <fieldset class="field">
                    <legend>{texts.say("recoveries-employee")}</legend>
                    <Checkbox name="heard" label=texts.say("recoveries-heard") checked=!draft.heard.is_empty() fault=at("heard") required=true />
                    <Checkbox name="thanked" label=texts.say("recoveries-thanked") checked=!draft.thanked.is_empty() fault=at("thanked") required=true />
                    <Checkbox name="supported" label=texts.say("recoveries-supported") checked=!draft.supported.is_empty() fault=at("supported") />
                </fieldset>
                <p><button class="btn tall">{texts.say("recoveries-learn")}</button></p>
            </form>
        </section>
    }
}

/// What to say, and what not.
fn coach(texts: Texts, say: &str, not: &str) -> impl IntoView + use<> {
    view! {
        <div class="say">
            <p><b>{texts.say("recoveries-say")}</b>" "{texts.say(say)}</p>
            <p class="not"><b>{texts.say("recoveries-not")}</b>" "{texts.say(not)}</p>
        </div>
    }
}
