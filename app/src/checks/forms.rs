//! The forms of the check screen: one decision each, and all of them work without a script.

use domain::breaks::FoundBy;
use domain::check::{CheckDraft, Finding, Reason, Verdict};
use domain::obstacle::Obstacle;
use domain::photo::{Photos, Picture};
use domain::text::{Line, Prose};
use leptos::prelude::*;

use crate::form::{Area, Choice, Item, PictureField, Select};
use crate::page::Trouble;
use crate::texts::Texts;

/// The parts of the screen. Each has an address within the page, so that going from one to the other needs nothing but
/// a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Ask,
    Broken,
    Aside,
}

impl Part {
    /// Where a rejected answer is mended.
    pub fn of(draft: &CheckDraft) -> Self {
        match Verdict::parse(&draft.finding.verdict) {
            Ok(Verdict::Broken) => Self::Broken,
            Ok(Verdict::NotApplicable) => Self::Aside,
            _ => Self::Ask,
        }
    }
}

/// The id of the form by which kept is logged.
const KEPT: &str = "log-kept";

/// Broken as it mostly is: not to keep anyone safe.
const BROKEN: Finding = Finding::Broken { reason: Reason::Other, obstacle: None, found_by: FoundBy::Staff, note: None };

/// What every form of one screen sends along.
#[derive(Clone)]
pub(super) struct Asked<'s> {
    pub texts: Texts,
    pub action: String,
    pub draft: &'s CheckDraft,
    pub criteria: &'s [Line],
    /// Whether checks come with pictures here.
    pub photos: Photos,
    pub trouble: &'s Trouble,
    /// The part that was rejected and is shown alone, if one was.
    pub rejected: Option<Part>,
    /// Where the way back leads.
    pub back: String,
}

impl Asked<'_> {
    /// Kept in one tap; the other answers lie behind one more.
    pub fn answers(&self) -> impl IntoView + use<> {
        let texts = self.texts;
        view! {
            {self.picture(Part::Ask, &Finding::Kept)}
            <div class="acts">
                <form id=KEPT method="post" action=self.action.clone() enctype=self.enctype()>
                    {self.hidden(Verdict::Kept)}
                    <button class="btn big">{texts.say("checks-kept")}<small>{texts.say("checks-kept-more")}</small></button>
                </form>
                <a class="btn stop big" href="#broken">
                    {texts.say("checks-broken")}<small>{texts.say("checks-broken-more")}</small>
                </a>
                <div class="row between">
                    <a class="link" href="#aside">{texts.say("checks-could-not")}</a>
                    <a class="link" href="#safety">{texts.say("checks-for-safety")}</a>
                </div>
            </div>
        }
    }

    /// What was not as promised, who saw it, and what stood in the way.
    pub fn broken(&self) -> impl IntoView + use<> {
        let (texts, finding) = (self.texts, &self.draft.finding);
        let criteria = self.criteria.iter().enumerate().map(|(at, line)| Item::new(at.to_string(), line.as_str()));
        let others = [("safety", "checks-reason-safety"), ("other", "checks-reason-other")];
        let reasons: Vec<_> = criteria.chain(others.map(|(value, key)| Item::new(value, texts.say(key)))).collect();
        let found = [(FoundBy::Staff, "checks-found-by-us"), (FoundBy::Customer, "checks-found-by-customer")];
        let found = found.map(|(by, key)| Item::new(by.name(), texts.say(key))).to_vec();
        let nothing = Item::new("", texts.say("checks-obstacle-none"));
        let obstacles = Obstacle::ALL.map(|one| Item::new(one.name(), texts.say(obstacle_key(one))));
        let obstacles: Vec<_> = [nothing].into_iter().chain(obstacles).collect();
        let found_by =
            if finding.found_by.is_empty() { FoundBy::Staff.name().to_owned() } else { finding.found_by.clone() };
        let at = |field: &str| self.fault(Part::Broken, field);
        view! {
            <section id="broken" class=self.class(Part::Broken) tabindex="-1">
                <h1>{texts.say("checks-what-broke")}</h1>
                <form method="post" action=self.action.clone() enctype=self.enctype()>
                    {self.hidden(Verdict::Broken)}
                    <div class="reasons">
                        <Choice name="reason" label=texts.say("checks-reason") items=reasons value=finding.reason.clone() fault=at("reason") required=true />
                    </div>
                    <div class="reasons">
                        <Choice name="found_by" label=texts.say("checks-found-by") items=found value=found_by fault=at("found_by") />
                    </div>
                    <Select name="obstacle" label=texts.say("checks-obstacle") hint=texts.say("checks-obstacle-hint") items=obstacles value=finding.obstacle.clone() fault=at("obstacle") />
                    {self.picture(Part::Broken, &BROKEN)}
                    {self.note("note", "checks-note", false, finding.note.clone(), at("note"))}
                    <button class="btn tall">{texts.say("checks-log-broken")}</button>
                </form>
                {self.way_back()}
            </section>
        }
    }

    /// Broken on purpose: nothing is asked but, if wanted, what was in danger.
    pub fn safety(&self) -> impl IntoView + use<> {
        let texts = self.texts;
        view! {
            <section id="safety" class="part" tabindex="-1">
                <h1>{texts.say("checks-safety-title")}</h1>
                <p>{texts.say("checks-safety-lead")}</p>
                <form method="post" action=self.action.clone()>
                    {self.hidden(Verdict::Broken)}
                    <input type="hidden" name="reason" value="safety" />
                    <input type="hidden" name="found_by" value=FoundBy::Staff.name() />
                    {self.note("safety-note", "checks-safety-note", false, String::new(), None)}
                    <button class="btn tall">{texts.say("checks-log-safety")}</button>
                </form>
                {self.way_back()}
            </section>
        }
    }

    /// It could not be checked: then it takes a reason.
    pub fn aside(&self) -> impl IntoView + use<> {
        let texts = self.texts;
        let fault = self.fault(Part::Aside, "note");
        let (id, typed) = match self.rejected {
            Some(Part::Aside) => ("note", self.draft.finding.note.clone()),
            _ => ("aside-note", String::new()),
        };
        view! {
            <section id="aside" class=self.class(Part::Aside) tabindex="-1">
                <h1>{texts.say("checks-aside-title")}</h1>
                <p>{texts.say("checks-aside-lead")}</p>
                <form method="post" action=self.action.clone()>
                    {self.hidden(Verdict::NotApplicable)}
                    {self.note(id, "checks-aside-note", true, typed, fault)}
                    <button class="btn tall">{texts.say("checks-log-aside")}</button>
                </form>
                {self.way_back()}
            </section>
        }
    }

    fn hidden(&self, verdict: Verdict) -> impl IntoView + use<> {
        let CheckDraft { id, guarantee, place, .. } = self.draft.clone();
        view! {
            <input type="hidden" name="id" value=id />
            <input type="hidden" name="guarantee" value=guarantee />
            <input type="hidden" name="place" value=place />
            <input type="hidden" name="verdict" value=verdict.name() />
        }
    }

    /// A picture, where one may come. One that was taken already is not taken again.
    fn picture(&self, part: Part, finding: &Finding) -> Option<impl IntoView + use<>> {
        let (texts, with) = (self.texts, self.photos.with(finding));
        if with == Picture::Unwanted {
            return None;
        }
        let taken = Some(self.draft.photo.clone()).filter(|photo| !photo.is_empty() && self.rejected == Some(part));
        // Kept is logged by a form of its own, under the thumb.
        let form = (part == Part::Ask).then_some(KEPT);
        if let Some(photo) = taken {
            let said = texts.say("photos-kept-here");
            let taken = view! { <input type="hidden" name="photo" value=photo form=form /><p class="note">{said}</p> };
            return Some(taken.into_any());
        }
        let (id, needed) = (if part == Part::Broken { "photo-broken" } else { "photo" }, with == Picture::Needed);
        let hint = texts.say(if needed { "photos-needed" } else { "photos-welcome" });
        let fault = self.fault(part, "photo");
        Some(view! { <PictureField id label=texts.say("photos-take") hint fault required=needed form /> }.into_any())
    }

    /// Pictures travel in parts; whoever takes none sends what they always sent.
    fn enctype(&self) -> Option<&'static str> {
        (self.photos != Photos::Forbidden).then_some("multipart/form-data")
    }

    /// The same field stands in several forms of the page, each under an id of its own.
    fn note(
        &self,
        id: &'static str,
        label: &'static str,
        required: bool,
        typed: String,
        fault: Option<String>,
    ) -> impl IntoView + use<> {
        view! { <Area name="note" id=id label=self.texts.say(label) hint=self.texts.say("checks-note-hint") value=typed fault required max=Prose::MAX /> }
    }

    fn way_back(&self) -> impl IntoView + use<> {
        view! { <a class="link" href=self.back.clone()>{self.texts.say("checks-back")}</a> }
    }

    fn class(&self, part: Part) -> &'static str {
        if self.rejected == Some(part) { "part open" } else { "part" }
    }

    fn fault(&self, part: Part, field: &str) -> Option<String> {
        self.trouble.at(self.texts, field).filter(|_| self.rejected == Some(part))
    }
}

pub(crate) fn obstacle_key(obstacle: Obstacle) -> &'static str {
    match obstacle {
        Obstacle::Tools => "checks-obstacle-tools",
        Obstacle::Policy => "checks-obstacle-policy",
        Obstacle::Staffing => "checks-obstacle-staffing",
        Obstacle::Training => "checks-obstacle-training",
        Obstacle::Supplier => "checks-obstacle-supplier",
        Obstacle::OtherDepartment => "checks-obstacle-other-department",
    }
}
