//! The forms of the check screen, one per answer. All of them work without a script.

use domain::breaks::FoundBy;
use domain::check::CheckDraft;
use domain::finding::{Finding, Reason};
use domain::photo::{PhotoPolicy, PhotoRule};
use domain::text::{Line, Prose};
use domain::verdict::Verdict;
use leptos::prelude::*;

use super::choices;
use crate::form::{Area, Choice, PictureField, Select};
use crate::page::FormErrors;
use crate::texts::Texts;

/// The parts of the screen. Each has a fragment address (`#broken`), so that plain links lead from one to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ScreenPart {
    Question,
    Broken,
    NotApplicable,
}

impl ScreenPart {
    /// The part that shows a rejected answer again.
    pub fn of(draft: &CheckDraft) -> Self {
        match Verdict::parse(&draft.finding.verdict) {
            Ok(Verdict::Broken) => Self::Broken,
            Ok(Verdict::NotApplicable) => Self::NotApplicable,
            _ => Self::Question,
        }
    }
}

/// The id of the form that logs *kept*.
const KEPT_FORM_ID: &str = "log-kept";

/// A break that was not for safety, to look up the photo rule of such breaks.
const ORDINARY_BREAK: Finding =
    Finding::Broken { reason: Reason::Other, obstacle: None, found_by: FoundBy::Staff, note: None };

/// What all forms of one check screen have in common.
#[derive(Clone)]
pub(super) struct CheckForms<'s> {
    pub texts: Texts,
    pub action: String,
    pub draft: &'s CheckDraft,
    pub criteria: &'s [Line],
    /// Whether checks of this promise come with photos.
    pub photo_policy: PhotoPolicy,
    pub errors: &'s FormErrors,
    /// The part that was rejected, if any. It is shown alone.
    pub rejected_part: Option<ScreenPart>,
    /// The address of the link back to the question.
    pub back_href: String,
}

impl CheckForms<'_> {
    /// *Kept* takes one tap; every other answer takes two.
    pub fn question_form(&self) -> impl IntoView + use<> {
        let texts = self.texts;
        view! {
            {self.picture_field(ScreenPart::Question, &Finding::Kept)}
            <div class="answer-bar">
                <form id=KEPT_FORM_ID method="post" action=self.action.clone() enctype=self.enctype()>
                    {self.hidden_fields(Verdict::Kept)}
                    <button class="btn big">{texts.text("checks-kept")}<small>{texts.text("checks-kept-more")}</small></button>
                </form>
                <a class="btn stop big" href="#broken">
                    {texts.text("checks-broken")}<small>{texts.text("checks-broken-more")}</small>
                </a>
                <div class="row between">
                    <a class="link" href="#aside">{texts.text("checks-could-not")}</a>
                    <a class="link" href="#safety">{texts.text("checks-for-safety")}</a>
                </div>
            </div>
        }
    }

    /// Asks for the reason, who found the break, and the obstacle.
    pub fn broken_form(&self) -> impl IntoView + use<> {
        let (texts, finding) = (self.texts, &self.draft.finding);
        let criteria: Vec<_> = self.criteria.iter().map(ToString::to_string).collect();
        let (reasons, obstacles) = (choices::reasons(texts, &criteria), choices::obstacles(texts));
        let (found, found_by) = (choices::found_by(texts), choices::found_by_or_staff(&finding.found_by));
        let at = |field: &str| self.fault(ScreenPart::Broken, field);
        view! {
            <section id="broken" class=self.section_class(ScreenPart::Broken) tabindex="-1">
                <h1>{texts.text("checks-what-broke")}</h1>
                <form method="post" action=self.action.clone() enctype=self.enctype()>
                    {self.hidden_fields(Verdict::Broken)}
                    <div class="reasons">
                        <Choice name="reason" label=texts.text("checks-reason") items=reasons value=finding.reason.clone() fault=at("reason") required=true />
                    </div>
                    <div class="reasons">
                        <Choice name="found_by" label=texts.text("checks-found-by") items=found value=found_by fault=at("found_by") />
                    </div>
                    <Select name="obstacle" label=texts.text("checks-obstacle") hint=texts.text("checks-obstacle-hint") items=obstacles value=finding.obstacle.clone() fault=at("obstacle") />
                    {self.picture_field(ScreenPart::Broken, &ORDINARY_BREAK)}
                    {self.note_field("note", "checks-note", false, finding.note.clone(), at("note"))}
                    <button class="btn tall">{texts.text("checks-log-broken")}</button>
                </form>
                {self.back_link()}
            </section>
        }
    }

    /// For a promise broken on purpose, to keep people safe. Asks for nothing but an optional note.
    pub fn safety_form(&self) -> impl IntoView + use<> {
        let texts = self.texts;
        view! {
            <section id="safety" class="answer-panel" tabindex="-1">
                <h1>{texts.text("checks-safety-title")}</h1>
                <p>{texts.text("checks-safety-lead")}</p>
                <form method="post" action=self.action.clone()>
                    {self.hidden_fields(Verdict::Broken)}
                    <input type="hidden" name="reason" value=Reason::Safety.to_string() />
                    <input type="hidden" name="found_by" value=FoundBy::Staff.name() />
                    {self.note_field("safety-note", "checks-safety-note", false, String::new(), None)}
                    <button class="btn tall">{texts.text("checks-log-safety")}</button>
                </form>
                {self.back_link()}
            </section>
        }
    }

    /// For a promise that could not be checked. The note is required.
    pub fn not_applicable_form(&self) -> impl IntoView + use<> {
        let texts = self.texts;
        let fault = self.fault(ScreenPart::NotApplicable, "note");
        let (id, typed) = match self.rejected_part {
            Some(ScreenPart::NotApplicable) => ("note", self.draft.finding.note.clone()),
            _ => ("aside-note", String::new()),
        };
        view! {
            <section id="aside" class=self.section_class(ScreenPart::NotApplicable) tabindex="-1">
                <h1>{texts.text("checks-not-applicable-title")}</h1>
                <p>{texts.text("checks-not-applicable-lead")}</p>
                <form method="post" action=self.action.clone()>
                    {self.hidden_fields(Verdict::NotApplicable)}
                    {self.note_field(id, "checks-not-applicable-note", true, typed, fault)}
                    <button class="btn tall">{texts.text("checks-log-not-applicable")}</button>
                </form>
                {self.back_link()}
            </section>
        }
    }

    fn hidden_fields(&self, verdict: Verdict) -> impl IntoView + use<> {
        let CheckDraft { id, guarantee, place, .. } = self.draft.clone();
        view! {
            <input type="hidden" name="id" value=id />
            <input type="hidden" name="guarantee" value=guarantee />
            <input type="hidden" name="place" value=place />
            <input type="hidden" name="verdict" value=verdict.name() />
        }
    }

    /// The photo field, if the promise takes photos. A photo that is already stored is not asked for again.
    fn picture_field(&self, part: ScreenPart, finding: &Finding) -> Option<impl IntoView + use<>> {
        let (texts, rule) = (self.texts, self.photo_policy.rule_for(finding));
        if rule == PhotoRule::Unwanted {
            return None;
        }
        let stored_photo =
            Some(self.draft.photo.clone()).filter(|photo| !photo.is_empty() && self.rejected_part == Some(part));
        // The photo field stands outside the form that logs *kept*, so it names the form.
        let form = (part == ScreenPart::Question).then_some(KEPT_FORM_ID);
        if let Some(photo) = stored_photo {
            let note = texts.text("photos-kept-here");
            let field = view! { <input type="hidden" name="photo" value=photo form=form /><p class="note">{note}</p> };
            return Some(field.into_any());
        }
        let (id, is_required) =
            (if part == ScreenPart::Broken { "photo-broken" } else { "photo" }, rule == PhotoRule::Needed);
        let hint = texts.text(if is_required { "photos-needed" } else { "photos-welcome" });
        let fault = self.fault(part, "photo");
        Some(
            view! { <PictureField id label=texts.text("photos-take") hint fault required=is_required form /> }
                .into_any(),
        )
    }

    /// Multipart only where photos are possible; all other forms are URL-encoded.
    fn enctype(&self) -> Option<&'static str> {
        (self.photo_policy != PhotoPolicy::Forbidden).then_some("multipart/form-data")
    }

    /// The page has this field once per form, so each has its own id.
    fn note_field(
        &self,
        id: &'static str,
        label: &'static str,
        required: bool,
        typed: String,
        fault: Option<String>,
    ) -> impl IntoView + use<> {
        view! { <Area name="note" id=id label=self.texts.text(label) hint=self.texts.text("checks-note-hint") value=typed fault required max=Prose::MAX /> }
    }

    fn back_link(&self) -> impl IntoView + use<> {
        view! { <a class="link" href=self.back_href.clone()>{self.texts.text("checks-back")}</a> }
    }

    fn section_class(&self, part: ScreenPart) -> &'static str {
        if self.rejected_part == Some(part) { "answer-panel open" } else { "answer-panel" }
    }

    fn fault(&self, part: ScreenPart, field: &str) -> Option<String> {
        self.errors.for_field(self.texts, field).filter(|_| self.rejected_part == Some(part))
    }
}
