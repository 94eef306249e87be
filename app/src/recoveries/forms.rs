//! The form for the next step, with advice on what to say.

use domain::recovery::{
    AcknowledgementDraft, LessonDraft, Recovery, RemedyDraft, Severity, Step, StepDraft, StepRequest, Task, Turn,
    UnderstandingDraft,
};
use domain::text::{Line, Prose, is_blank};
use leptos::prelude::*;
use store::CustomerView;

use super::names::severity_key;
use super::view::RecoveryView;
use crate::form::{Area, Checkbox, Choice, ChoiceItem, Field, InputKind, Select};
use crate::lookalikes::LookalikeNames;
use crate::page::FormErrors;
use crate::texts::Texts;

/// The texts typed for a step, to show them when the step is no longer possible.
pub(super) fn typed_texts(draft: &StepDraft) -> Vec<String> {
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

/// The apology, the owner of the recovery, and the customer's contact.
pub(super) fn acknowledge(
    view: &RecoveryView,
    submitted: Option<&StepDraft>,
    errors: &FormErrors,
) -> impl IntoView + use<> {
    let (texts, has_customer) = (view.texts(), view.detail.recovery.has_customer());
    let draft = match submitted {
        Some(StepDraft::Acknowledge(draft)) => draft.clone(),
        _ => AcknowledgementDraft {
            owner: view.own_id.clone(),
            next_update_by: if has_customer {
                view.local_time.input_value(view.local_time.now + Recovery::USUAL_UPDATE_WITHIN)
            } else {
                String::new()
            },
            ..AcknowledgementDraft::default()
        },
    };
    let lookalikes = LookalikeNames::among(view.recoverers().map(|member| (member.person.0, member.name.as_str())));
    let recoverers =
        view.recoverers().map(|member| lookalikes.choice(texts, member.person.0, &member.name)).collect::<Vec<_>>();
    let at = |field: &str| errors.for_field(texts, field);
    // A customer who was erased and gets in touch again is entered as a new one.
    let is_customer_known = view.detail.customer.as_ref().is_some_and(|customer| *customer != CustomerView::Erased);
    let customer_fields = (!is_customer_known).then(|| view! {
        <fieldset class="field grid">
            <legend>{texts.text("recoveries-who")}</legend>
            <p class="hint">{texts.text("recoveries-who-hint")}</p>
            <Field name="customer_name" label=texts.text("recoveries-customer-name") hint=texts.text("recoveries-personal") value=draft.customer_name.clone() fault=at("customer_name") max=Line::MAX autocomplete="off" />
            <Field name="customer_contact" label=texts.text("recoveries-customer-contact") hint=texts.text("recoveries-customer-contact-hint") value=draft.customer_contact.clone() fault=at("customer_contact") max=Line::MAX autocomplete="off" />
        </fieldset>
    });
    let apology_hint = if has_customer { "recoveries-apology-hint" } else { "recoveries-apology-hint-unknown" };
    view! {
        <section class="card grid">
            <h2>{texts.text("recoveries-do-acknowledge")}</h2>
            {guide(texts, "recoveries-say-acknowledge", "recoveries-not-acknowledge")}
            <form method="post" action=view.step_address(StepRequest::Acknowledge)>{view.revision()}
                <Select name="owner" label=texts.text("recoveries-owner") hint=texts.text("recoveries-owner-hint") items=recoverers value=draft.owner.clone() fault=at("owner") />
                {customer_fields}
                <Area name="apology" label=texts.text("recoveries-apology") hint=texts.text(apology_hint) value=draft.apology.clone() fault=at("apology") required=has_customer max=Prose::MAX />
                <div class="grid tight">
                    <Checkbox name="responsibility" label=texts.text("recoveries-responsibility") checked=!draft.responsibility.is_empty() fault=at("responsibility") required=has_customer />
                    <Checkbox name="repair" label=texts.text("recoveries-repair") checked=!draft.repair.is_empty() fault=at("repair") required=has_customer />
                </div>
                <Field name="next_update_by" label=texts.text("recoveries-next-update") hint=texts.text("recoveries-next-update-hint") kind=InputKind::DateTime value=draft.next_update_by.clone() fault=at("next_update_by") required=has_customer />
                <p><button class="btn tall">{texts.text("recoveries-acknowledge")}</button></p>
            </form>
        </section>
    }
}

/// What happened in the customer's words, and the remedy they ask for.
pub(super) fn understand(
    view: &RecoveryView,
    submitted: Option<&StepDraft>,
    errors: &FormErrors,
) -> impl IntoView + use<> {
    let texts = view.texts();
    let draft = match submitted {
        Some(StepDraft::Understand(draft)) => draft.clone(),
        _ => UnderstandingDraft::default(),
    };
    let has_customer = view.detail.recovery.has_customer();
    let severities =
        Severity::ALL.map(|severity| ChoiceItem::new(severity.name(), texts.text(severity_key(severity)))).to_vec();
    let answers = [("yes", "recoveries-yes"), ("no", "recoveries-no")];
    let answers = answers.map(|(value, key)| ChoiceItem::new(value, texts.text(key))).to_vec();
    let at = |field: &str| errors.for_field(texts, field);
    let (label_key, hint_key) = if has_customer {
        ("recoveries-in-words", "recoveries-words-hint")
    } else {
        ("recoveries-in-our-words", "recoveries-inside")
    };
    let sought = has_customer.then(|| view! {
        <Area name="remedy_sought" label=texts.text("recoveries-fair") hint=texts.text("recoveries-fair-hint") value=draft.remedy_sought.clone() fault=at("remedy_sought") max=Prose::MAX />
    });
    view! {
        <section class="card grid">
            <h2>{texts.text("recoveries-do-understand")}</h2>
            {guide(texts, "recoveries-say-understand", "recoveries-not-understand")}
            <form method="post" action=view.step_address(StepRequest::Understand)>{view.revision()}
                <Area name="words" label=texts.text(label_key) hint=texts.text(hint_key) value=draft.words.clone() fault=at("words") required=true max=Prose::MAX rows=4 />
                {sought}
                <Choice name="severity" label=texts.text("recoveries-severity") items=severities value=draft.severity.clone() fault=at("severity") required=true />
                <Choice name="preventable" label=texts.text("recoveries-preventable") items=answers value=draft.preventable.clone() fault=at("preventable") required=true />
                <Area name="cause" label=texts.text("recoveries-cause-so-far") hint=texts.text("recoveries-cause-so-far-hint") value=draft.cause.clone() fault=at("cause") max=Prose::MAX />
                <p><button class="btn tall">{texts.text("recoveries-understand")}</button></p>
            </form>
        </section>
    }
}

/// The correction, the remedy, and a gesture beyond it.
pub(super) fn remedy(view: &RecoveryView, submitted: Option<&StepDraft>, errors: &FormErrors) -> impl IntoView + use<> {
    let texts = view.texts();
    let draft = match submitted {
        Some(StepDraft::Remedy(draft)) => draft.clone(),
        _ => RemedyDraft::default(),
    };
    let has_customer = view.detail.recovery.has_customer();
    let sought = view.detail.recovery.current_round().iter().rev().find_map(|taken| match &taken.step {
        Step::Understood(understanding) => understanding.remedy_sought.clone().filter(|_| has_customer),
        _ => None,
    });
    let sought =
        sought.map(|sought| view! { <p><b>{texts.text("recoveries-asked-for")}</b>" "{sought.to_string()}</p> });
    let wording = &view.detail.wording;
    let owed = format!("{} {}", texts.text("recoveries-we-promised"), wording.remedy);
    let owed_late =
        view.detail.row.late.then(|| format!("{} {}", texts.text("recoveries-and-late"), wording.late_remedy));
    let currency = view.info.business.currency.code().to_owned();
    let at = |field: &str| errors.for_field(texts, field);
    let public_hint = texts.text("recoveries-public");
    let remedy_fields = has_customer.then(|| view! {
        <Area name="remedy" label=texts.text("recoveries-remedy") hint=public_hint.clone() value=draft.remedy.clone() fault=at("remedy") required=true max=Prose::MAX />
        <Area name="gesture" label=texts.text("recoveries-gesture") hint=texts.text("recoveries-gesture-hint") value=draft.gesture.clone() fault=at("gesture") max=Prose::MAX rows=2 />
        <Checkbox name="proactive" label=texts.text("recoveries-proactive") checked=!draft.proactive.is_empty() fault=at("proactive") />
    });
    view! {
        <section class="card grid">
            <h2>{texts.text("recoveries-do-remedy")}</h2>
            {sought}
            <p class="muted">{owed}{owed_late.map(|late| format!(" {late}"))}</p>
            {guide(texts, "recoveries-say-remedy", "recoveries-not-remedy")}
            <form method="post" action=view.step_address(StepRequest::Remedy)>{view.revision()}
                <Area name="correction" label=texts.text("recoveries-correction") hint=public_hint.clone() value=draft.correction.clone() fault=at("correction") required=true max=Prose::MAX />
                {remedy_fields}
                <Field name="cost" label=texts.text_with("recoveries-cost", &[("currency", currency.into())]) hint=texts.text("recoveries-cost-hint") kind=InputKind::Number value=draft.cost.clone() fault=at("cost") max=16 />
                <Field name="received_at" label=texts.text("recoveries-received") hint=texts.text("recoveries-received-hint") kind=InputKind::DateTime value=draft.received_at.clone() fault=at("received_at") />
                <p><button class="btn tall">{texts.text("recoveries-give")}</button></p>
            </form>
        </section>
    }
}

/// Asks the customer whether trust is restored. Without a known customer the record is watched instead; for an erased
/// one it is noted that there is no answer.
pub(super) fn follow_up(view: &RecoveryView) -> impl IntoView + use<> {
    let texts = view.texts();
    let (title, lead, button) = if view.detail.recovery.customer_erased_at.is_some() {
        ("recoveries-do-forgotten", "recoveries-forgotten-lead", "recoveries-no-answer")
    } else if view.detail.recovery.has_customer() {
        ("recoveries-do-ask", "recoveries-ask-lead", "recoveries-make-link")
    } else {
        ("recoveries-do-watch", "recoveries-watch-lead", "recoveries-watch")
    };
    let args = [("count", view.detail.recovery.terms.kept_checks_for_trust.into())];
    let guidance = view
        .detail
        .recovery
        .has_customer()
        .then(|| guide(texts, "recoveries-say-follow-up", "recoveries-not-follow-up"));
    view! {
        <section class="card grid">
            <h2>{texts.text(title)}</h2>
            {guidance}
            <p>{texts.text_with(lead, &args)}</p>
            <form method="post" action=view.step_address(StepRequest::FollowUp)>{view.revision()}
                <p><button class="btn tall">{texts.text(button)}</button></p>
            </form>
        </section>
    }
}

/// What the recovery waits for: the customer, the record, or us. Members cannot set "trust restored".
pub(super) fn waiting(view: &RecoveryView) -> impl IntoView + use<> {
    let (texts, recovery) = (view.texts(), &view.detail.recovery);
    let title = match view.detail.row.turn {
        Turn::Business(_) => "recoveries-turn-ours-title",
        Turn::Customer | Turn::Record | Turn::Closed => "recoveries-waits",
    };
    let text = match view.detail.row.turn {
        Turn::Record => {
            let kept = view.detail.kept_in_a_row.unwrap_or_default();
            let values = [("kept", kept.into()), ("needed", recovery.terms.kept_checks_for_trust.into())];
            texts.text_with("recoveries-watched", &values)
        }
        Turn::Business(Task::Learn) => texts.text("recoveries-wait-lesson"),
        Turn::Business(Task::RenewLink) => texts.text("recoveries-link-ended-lead"),
        Turn::Business(_) if recovery.customer_erased_at.is_some() => texts.text("recoveries-wait-forgotten"),
        Turn::Business(_) => texts.text("recoveries-no-answer-lead"),
        Turn::Customer | Turn::Closed => texts.text("recoveries-wait-customer"),
    };
    view! { <section class="note"><h2>{texts.text(title)}</h2><p>{text}</p></section> }
}

/// The cause and the corrective action, and the support for the employee.
pub(super) fn learn(view: &RecoveryView, submitted: Option<&StepDraft>, errors: &FormErrors) -> impl IntoView + use<> {
    let texts = view.texts();
    let draft = match submitted {
        Some(StepDraft::Learn(draft)) => draft.clone(),
        _ => LessonDraft::default(),
    };
    let at = |field: &str| errors.for_field(texts, field);
    let public_hint = texts.text("recoveries-public");
    let if_none = format!("{} {public_hint}", texts.text("recoveries-why-none-hint"));
    view! {
        <section class="card grid">
            <h2>{texts.text("recoveries-do-learn")}</h2>
            {guide(texts, "recoveries-say-learn", "recoveries-not-learn")}
            <form method="post" action=view.step_address(StepRequest::Learn)>{view.revision()}
                <Area name="cause" label=texts.text("recoveries-cause") hint=public_hint.clone() value=draft.cause.clone() fault=at("cause") required=true max=Prose::MAX />
                <Area name="corrective_action" label=texts.text("recoveries-action") hint=public_hint value=draft.corrective_action.clone() fault=at("corrective_action") max=Prose::MAX />
                <Area name="why_none" label=texts.text("recoveries-why-none") hint=if_none value=draft.why_none.clone() fault=at("why_none") max=Prose::MAX rows=2 />
                <fieldset class="field">
                    <legend>{texts.text("recoveries-employee")}</legend>
                    <Checkbox name="heard" label=texts.text("recoveries-heard") checked=!draft.heard.is_empty() fault=at("heard") required=true />
                    <Checkbox name="thanked" label=texts.text("recoveries-thanked") checked=!draft.thanked.is_empty() fault=at("thanked") required=true />
                    <Checkbox name="supported" label=texts.text("recoveries-supported") checked=!draft.supported.is_empty() fault=at("supported") />
                </fieldset>
                <p><button class="btn tall">{texts.text("recoveries-learn")}</button></p>
            </form>
        </section>
    }
}

/// What to say, and what not to say.
fn guide(texts: Texts, say: &str, not: &str) -> impl IntoView + use<> {
    view! {
        <div class="guide">
            <p><b>{texts.text("recoveries-say")}</b>" "{texts.text(say)}</p>
            <p class="guide-avoid"><b>{texts.text("recoveries-not")}</b>" "{texts.text(not)}</p>
        </div>
    }
}
