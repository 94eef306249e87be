//! The page of a recovery: what happened, its stage, and the next step.

use domain::recovery::{Stage, Step, StepDraft, StepKind, StepRequest, Task, Tier, TierInputs, Turn};
use leptos::prelude::*;
use store::CustomerView;

use super::names::{headline, level_key, outcome_key, severity_key, situation_key};
use super::view::RecoveryView;
use super::{deadlines, forms, other_steps, timeline};
use crate::addresses;
use crate::icons::{KeptIcon, NotApplicableIcon};
use crate::names::{recovery_stage_key, verdict_key};
use crate::page::FormErrors;
use crate::photos::{self, ImageLoading};
use crate::shown_once;
use crate::texts::Texts;

impl RecoveryView {
    pub fn page(
        &self,
        submitted: Option<&StepDraft>,
        errors: &FormErrors,
        unsaved: &[String],
    ) -> impl IntoView + use<> {
        let (texts, row) = (self.texts(), &self.detail.row);
        let label = format!("{} · {}, {} · {}", row.guarantee, row.site, row.place, self.title());
        let next_step = self.may_recover.then(|| self.next_step(submitted, errors));
        let read_only = (!self.may_recover)
            .then(|| view! { <p class="note">{texts.text("recoveries-read-only")}</p> {self.what_happened()} });
        view! {
            <main id="main">
                <p class="row between">
                    <a class="link" href=addresses::RECOVERIES>{texts.text("recoveries-back")}</a>
                    <span class="pill">{deadlines::most_urgent_deadline(&self.local_time, row)}</span>
                </p>
                <div class="grid tight">
                    <p class="label">{label}</p>
                    <h1>{headline(texts, row)}</h1>
                    <p class="muted">{self.intro()}</p>
                </div>
                {self.correction_note()}
                {self.steps()}
                {errors.summary(texts)}
                {self.unsaved_texts(unsaved)}
                <div class="two-columns">
                    <div class="grid">{next_step}{read_only}</div>
                    <aside class="grid" aria-label=texts.text("recoveries-beside")>
                        {timeline::card(self)}
                        {self.tier()}
                        {self.deadlines()}
                        {self.three_answers()}
                    </aside>
                </div>
            </main>
        }
    }

    /// The current situation, and how serious it is.
    fn intro(&self) -> String {
        let texts = self.texts();
        let reopened = self.detail.recovery.steps.iter().any(|taken| taken.step.kind() == StepKind::Reopened);
        let case = texts.text(situation_key(self.stage(), self.detail.row.turn, reopened));
        // Before the recovery is closed, the outcome is known already and only the lesson is missing.
        if let (Turn::Business(Task::Learn), Some(outcome)) =
            (self.detail.row.turn, self.detail.recovery.trust_outcome())
        {
            return format!("{} {case}", texts.text(outcome_key(outcome)));
        }
        let Some(tier) = self.detail.tier.filter(|_| self.stage() == Stage::Understood) else { return case };
        let repeated = if tier.because.repeated { texts.text("recoveries-because-repeated") } else { String::new() };
        format!("{case} {repeated} {}", texts.text(level_key(tier.level)))
    }

    /// That the check was corrected since, and what follows for the recovery.
    fn correction_note(&self) -> Option<impl IntoView + use<>> {
        let (texts, (verdict, why)) = (self.texts(), self.detail.corrected.clone()?);
        let verdict = texts.text(verdict_key(verdict));
        let told = texts.text_with("recoveries-check-corrected", &[("verdict", verdict.into())]);
        Some(view! { <p class="note"><span>{told}" "<span class="user-text">{why}</span></span></p> })
    }

    /// The progress through the steps: done, current, still to come.
    fn steps(&self) -> impl IntoView + use<> {
        let texts = self.texts();
        let current = self.stage().steps_done();
        let label_keys = [
            ("recoveries-step-acknowledge", "recoveries-step-acknowledged"),
            ("recoveries-step-understand", "recoveries-step-understood"),
            ("recoveries-step-solve", "recoveries-step-solved"),
            ("recoveries-step-follow-up", "recoveries-step-followed-up"),
            ("recoveries-step-close", "recoveries-step-closed"),
        ];
        let items: Vec<_> = label_keys.into_iter().enumerate().map(|(number, (to_do, done))| {
            let (class, key) = match number.cmp(&current) {
                std::cmp::Ordering::Less => ("done", done),
                std::cmp::Ordering::Equal => ("now", to_do),
                std::cmp::Ordering::Greater => ("", to_do),
            };
            view! { <li class=class aria-current=(class == "now").then_some("step")><span>{texts.text(key)}</span></li> }
        }).collect();
        view! { <ol class="steps" aria-label=texts.text("recoveries-steps")>{items}</ol> }
    }

    /// The form of the next step, and the other possible steps.
    fn next_step(&self, submitted: Option<&StepDraft>, errors: &FormErrors) -> impl IntoView + use<> {
        let next = match self.stage() {
            Stage::Opened => forms::acknowledge(self, submitted, errors).into_any(),
            Stage::Acknowledged => forms::understand(self, submitted, errors).into_any(),
            Stage::Understood => forms::remedy(self, submitted, errors).into_any(),
            Stage::Remedied => forms::follow_up(self).into_any(),
            Stage::FollowingUp => forms::waiting(self).into_any(),
            Stage::Closed(_) => ().into_any(),
        };
        let can_learn = self.can(StepRequest::Learn);
        view! {
            {next}
            {can_learn.then(|| forms::learn(self, submitted, errors))}
            {self.what_happened()}
            {other_steps::sections(self, submitted, errors)}
        }
    }

    /// The texts typed for a step that is no longer possible, to copy them from.
    fn unsaved_texts(&self, unsaved: &[String]) -> Option<impl IntoView + use<>> {
        let texts = self.texts();
        let items: Vec<_> = unsaved.iter().map(|text| view! { <p class="user-text">{text.clone()}</p> }).collect();
        (!items.is_empty())
            .then(|| view! { <section class="card grid"><h2>{texts.text("recoveries-typed")}</h2>{items}</section> })
    }

    fn what_happened(&self) -> impl IntoView + use<> {
        let (texts, detail) = (self.texts(), &self.detail);
        let found_key = match detail.recovery.found_by {
            domain::breaks::FoundBy::Staff => "recoveries-found-by-us",
            domain::breaks::FoundBy::Customer => "recoveries-found-by-customer",
        };
        let understood = detail.recovery.steps.iter().rev().find_map(|taken| match &taken.step {
            Step::Understood(understanding) => Some(understanding),
            _ => None,
        });
        let line = |key: &str, text: String| view! { <dt>{texts.text(key)}</dt><dd class="user-text">{text}</dd> };
        let photo = self.photo.map(|photo| {
            let image = photos::photo_img(photo, texts.text("photos-look"), ImageLoading::Lazy);
            view! { <a href=addresses::photo(photo.hash)>{image}</a> }
        });
        let sought = understood.and_then(|understanding| understanding.remedy_sought.as_ref());
        view! {
            <section class="card grid">
                <h2>{texts.text("recoveries-what-happened")}</h2>
                <dl class="pairs">
                    {line("recoveries-known", texts.text_with(found_key, &[("at", self.local_time.date_time(detail.row.opened_at).into())]))}
                    {detail.note.clone().map(|note| line("recoveries-note", note))}
                    {self.customer()}
                    {understood.map(|understanding| line("recoveries-words", understanding.words.to_string()))}
                    {sought.map(|sought| line("recoveries-sought", sought.to_string()))}
                    {line("recoveries-promised", detail.wording.promise.to_string())}
                    {line("recoveries-promised-remedy", detail.wording.remedy.to_string())}
                    {detail.row.late.then(|| line("recoveries-promised-late", detail.wording.late_remedy.to_string()))}
                </dl>
                {photo}
                <p class="small muted">{texts.text_with("recoveries-version", &[("version", detail.version.into())])}</p>
            </section>
        }
    }

    /// The affected customer. Those who may erase them can also download the customer's data.
    fn customer(&self) -> Option<impl IntoView + use<>> {
        let (texts, erased_at) = (self.texts(), self.detail.recovery.customer_erased_at);
        let who = match self.detail.customer.as_ref()? {
            CustomerView::Named { name, contact: Some(contact), .. } => format!("{name}, {contact}"),
            CustomerView::Named { name, contact: None, .. } => name.clone(),
            CustomerView::Withheld => texts.text("customers-someone"),
            CustomerView::Erased => {
                let at = erased_at.map(|at| self.local_time.date_time(at)).unwrap_or_default();
                texts.text_with("customers-forgotten", &[("at", at.into())])
            }
        };
        let download = self.may_erase.then(|| {
            let href = addresses::customer_export(self.detail.row.id);
            view! { <a class="link" href=href download>{texts.text("customers-export")}</a> }
        });
        Some(view! {
            <dt>{texts.text("recoveries-customer")}</dt>
            <dd class="grid tight"><span class="user-text">{who}</span>{self.other_recoveries()}{download}</dd>
        })
    }

    /// Other recoveries of the same customer, with the name and contact given there if they differ.
    fn other_recoveries(&self) -> Option<impl IntoView + use<>> {
        let texts = self.texts();
        let Some(CustomerView::Named { name, contact, others }) = &self.detail.customer else { return None };
        let items = others.iter().map(|other| {
            let number = texts.text_with("recoveries-number", &[("number", other.number.to_string().into())]);
            let href = addresses::recovery(other.recovery);
            let other_name = (other.name != *name || other.contact != *contact).then(|| {
                let parts = std::iter::once(other.name.clone()).chain(other.contact.clone());
                view! { <small class="user-text">{parts.collect::<Vec<_>>().join(", ")}</small> }
            });
            view! { <li><a class="link" href=href>{number}</a>" "{other_name}</li> }
        });
        let items = items.collect_view();
        (!others.is_empty()).then(|| {
            view! { <span class="muted">{texts.text("recoveries-same-person")}</span><ul class="list">{items}</ul> }
        })
    }

    /// The tier of the recovery, the reasons for it, and whether trust can end up higher than before.
    fn tier(&self) -> Option<impl IntoView + use<>> {
        let texts = self.texts();
        let tier = self.detail.tier?;
        let paradox_key = if tier.paradox_holds() { "recoveries-paradox-holds" } else { "recoveries-paradox-fails" };
        let reasons = reasons(texts, &tier).into_iter().map(|reason| view! { <li>{reason}</li> }).collect_view();
        Some(view! {
            <section class="card grid small">
                <h3>{texts.text("recoveries-tier")}</h3>
                <p><b>{texts.text(level_key(tier.level))}</b></p>
                <ul>{reasons}</ul>
                <p class="muted">{texts.text(paradox_key)}</p>
            </section>
        })
    }

    fn deadlines(&self) -> impl IntoView + use<> {
        let texts = self.texts();
        view! {
            <section class="card grid small">
                <h3>{texts.text("recoveries-clocks")}</h3>
                {deadlines::all_deadlines(&self.local_time, &self.detail.deadlines, self.detail.row.turn)}
                <p class="muted">{texts.text("recoveries-clocks-how")}</p>
            </section>
        }
    }

    /// A recovery closes on three answers: the customer's, the process's and the employee's.
    fn three_answers(&self) -> impl IntoView + use<> {
        let (texts, recovery) = (self.texts(), &self.detail.recovery);
        let trusted = recovery.trust_outcome().is_some();
        let learned = recovery.has_lesson();
        let record_watch = self.detail.kept_in_a_row.filter(|_| !trusted).map(|kept| {
            let needed = recovery.terms.kept_checks_for_trust;
            view! { <p>{texts.text_with("recoveries-watched", &[("kept", kept.into()), ("needed", needed.into())])}</p> }
        });
        let has_customer = recovery.has_customer() || recovery.customer_erased_at.is_some();
        let first_key = if has_customer { "recoveries-answer-customer" } else { "recoveries-answer-record" };
        let answers =
            [(first_key, trusted), ("recoveries-answer-process", learned), ("recoveries-answer-employee", learned)];
        let items = answers.map(|(key, is_given)| {
            let icon =
                if is_given { view! { <KeptIcon /> }.into_any() } else { view! { <NotApplicableIcon /> }.into_any() };
            let status = texts.text(if is_given { "recoveries-given" } else { "recoveries-missing" });
            view! { <li>{icon}<span>{texts.text(key)}<small class="muted">" "{status}</small></span></li> }
        });
        view! {
            <section class="card grid small">
                <h3>{texts.text("recoveries-to-close")}</h3>
                <ul class="answers">{items}</ul>
                {record_watch}
            </section>
        }
    }
}

/// The reasons for the tier, one sentence each.
fn reasons(texts: Texts, tier: &Tier) -> Vec<String> {
    let TierInputs { severity, repeated, similar, preventable } = tier.because;
    let repeated_key = if repeated { "recoveries-because-repeated" } else { "recoveries-because-first" };
    let preventable_key =
        if preventable { "recoveries-because-preventable" } else { "recoveries-because-unforeseeable" };
    vec![
        texts.text(severity_key(severity)),
        texts.text(repeated_key),
        texts.text_with("recoveries-because-similar", &[("count", similar.into())]),
        texts.text(preventable_key),
    ]
}

/// The customer's private link. It is shown only once.
pub(super) fn link_page(view: &RecoveryView, link: String) -> impl IntoView + use<> {
    let texts = view.texts();
    let customer = view.detail.customer.as_ref().and_then(|customer| match customer.clone() {
        CustomerView::Named { name, contact, .. } => {
            let contact = contact.map(|contact| format!(", {contact}"));
            Some(view! { <p>{texts.text("recoveries-link-to")}" "<b>{name}</b>{contact}</p> })
        }
        CustomerView::Withheld | CustomerView::Erased => None,
    });
    view! {
        <main id="main" class="slim">
            <p class="label">{view.title()}" · "{texts.text(recovery_stage_key(view.stage()))}</p>
            <h1>{texts.text("recoveries-link-title")}</h1>
            {customer}
            <div class="field">
                <label for="secret">{texts.text("recoveries-link")}</label>
                <p class="hint" id="link-hint">{texts.text("recoveries-link-hint")}</p>
                <textarea id="secret" class="token" readonly rows="4" aria-describedby="link-hint">{link}</textarea>
                {shown_once::copy_button(texts)}
            </div>
            <div class="note warn">
                <p>{texts.text("recoveries-link-once")}</p>
                <p>{texts.text("recoveries-link-customer-only")}</p>
            </div>
            <p><a class="btn" href=addresses::recovery(view.detail.row.id)>{texts.text("recoveries-link-done")}</a></p>
        </main>
    }
}
