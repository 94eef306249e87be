//! One recovery: what happened, how far it is, and the one thing to do next.

use domain::actor::Act;
use domain::ids::{RecoveryId, SiteId};
use domain::recovery::{Circumstances, Stage, Step, StepDraft, Tier};
use domain::revision::Revision;
use leptos::prelude::*;
use store::{Customer, Home, Member, PhotoRow, RecoveryPage, stands};

use super::names::{case_key, headline, level_key, severity_key, stage_key};
use super::{aside, clocks, forms, story};
use crate::checks::when::When;
use crate::error::Error;
use crate::icons::{AsideIcon, KeptIcon};
use crate::page::Trouble;
use crate::photos::{self, Loaded};
use crate::shown_once;
use crate::texts::Texts;
use crate::visit::Inside;

/// A recovery with what its page needs beside it.
pub(super) struct Scene {
    pub when: When,
    pub home: Home,
    pub page: RecoveryPage,
    pub members: Vec<Member>,
    /// Where it was broken.
    site: Option<SiteId>,
    /// The picture that came with the check, if one did.
    photo: Option<PhotoRow>,
    /// Who looks at it, as forms name a person.
    pub me: String,
    may_recover: bool,
    may_erase: bool,
}

impl Scene {
    pub async fn load(inside: &Inside, id: RecoveryId) -> Result<Self, Error> {
        let (store, actor) = (&inside.visit.state.store, inside.actor());
        let page = store.recovery(actor, id).await?.ok_or(Error::NotFound)?;
        let home = store.home(actor).await?;
        let photo = match store.check(actor, page.check).await?.and_then(|check| check.photo) {
            Some(hash) => store.photo_row(actor, hash).await?,
            None => None,
        };
        let places = store.places(actor).await?;
        let site = places.iter().find(|place| place.id == page.row.place_id).map(|place| place.site);
        Ok(Self {
            photo,
            site,
            when: When::of(inside.visit.texts, &home, store.now()),
            members: store.members(actor).await?,
            me: inside.visitor.person.to_string(),
            may_recover: inside.may(Act::Recover),
            may_erase: inside.may(Act::Erase),
            home,
            page,
        })
    }

    /// Whoever may take it on.
    pub fn recoverers(&self) -> impl Iterator<Item = &Member> {
        let may = |member: &&Member| self.site.is_some_and(|site| member.rights().allow(Act::Recover, site));
        self.members.iter().filter(may)
    }

    pub fn texts(&self) -> Texts {
        self.when.texts
    }

    pub fn stage(&self) -> Stage {
        self.page.row.stage
    }

    pub fn title(&self) -> String {
        self.texts().tell("recoveries-number", &[("number", self.page.row.number.to_string().into())])
    }

    /// Where a step of this recovery is sent to.
    pub fn address(&self, step: &str) -> String {
        format!("/recoveries/{}/{step}", self.page.row.id)
    }

    /// How far it has come, for the forms of its steps to carry. A step is added and replaces nothing: a draft of one goes by
    /// the page it is finished on.
    pub fn revision(&self) -> impl IntoView + use<> {
        let revision = Revision::of(&stands::steps(&self.page.recovery)).to_string();
        view! { <input type="hidden" name="revision" value=revision data-now /> }
    }

    /// Whether there is a customer to be forgotten by whoever looks.
    pub fn may_forget(&self) -> bool {
        let (page, recovery) = (&self.page, &self.page.recovery);
        let known = page.customer.is_some() || recovery.has_customer();
        self.may_erase && known && (recovery.forgotten_at.is_none() || recovery.has_private_words())
    }

    pub fn view(&self, typed: Option<&StepDraft>, trouble: &Trouble, homeless: &[String]) -> impl IntoView + use<> {
        let (texts, row) = (self.texts(), &self.page.row);
        let about = format!("{} · {}, {} · {}", row.guarantee, row.site, row.place, self.title());
        let doing = self.may_recover.then(|| self.doing(typed, trouble));
        let reading = (!self.may_recover)
            .then(|| view! { <p class="note">{texts.say("recoveries-read-only")}</p> {self.what_happened()} });
        view! {
            <main id="main">
                <p class="row between">
                    <a class="link" href="/recoveries">{texts.say("recoveries-back")}</a>
                    <span class="pill">{clocks::pressing(&self.when, row)}</span>
                </p>
                <div class="grid tight">
                    <p class="label">{about}</p>
                    <h1>{headline(texts, row)}</h1>
                    <p class="soft">{self.lead()}</p>
                </div>
                {self.steps()}
                {trouble.summary(texts)}
                {self.handed_back(homeless)}
                <div class="two">
                    <div class="grid">{doing}{reading}</div>
                    <aside class="grid" aria-label=texts.say("recoveries-beside")>
                        {story::view(self)}
                        {self.tier()}
                        {self.deadlines()}
                        {self.three_answers()}
                    </aside>
                </div>
            </main>
        }
    }

    /// What the case is now, and how serious.
    fn lead(&self) -> String {
        let texts = self.texts();
        let case = texts.say(case_key(self.stage()));
        let Some(tier) = self.page.tier.filter(|_| self.stage() == Stage::Understood) else { return case };
        let again = if tier.because.repeated { texts.say("recoveries-because-repeated") } else { String::new() };
        format!("{case} {again} {}", texts.say(level_key(tier.level)))
    }

    /// The way through: done, now, still to come.
    fn steps(&self) -> impl IntoView + use<> {
        let texts = self.texts();
        let at = match self.stage() {
            Stage::Opened => 0,
            Stage::Acknowledged => 1,
            Stage::Understood => 2,
            Stage::Remedied | Stage::FollowingUp => 3,
            Stage::Closed(_) => 5,
        };
        let names = [
            ("recoveries-step-acknowledge", "recoveries-step-acknowledged"),
            ("recoveries-step-understand", "recoveries-step-understood"),
            ("recoveries-step-solve", "recoveries-step-solved"),
            ("recoveries-step-follow-up", "recoveries-step-followed-up"),
            ("recoveries-step-close", "recoveries-step-closed"),
        ];
        let each: Vec<_> = names.into_iter().enumerate().map(|(number, (to_do, done))| {
            let (class, key) = match number.cmp(&at) {
                std::cmp::Ordering::Less => ("done", done),
                std::cmp::Ordering::Equal => ("now", to_do),
                std::cmp::Ordering::Greater => ("", to_do),
            };
            view! { <li class=class aria-current=(class == "now").then_some("step")><span>{texts.say(key)}</span></li> }
        }).collect();
        view! { <ol class="steps" aria-label=texts.say("recoveries-steps")>{each}</ol> }
    }

    /// The next step, and what else can be done at this stage.
    fn doing(&self, typed: Option<&StepDraft>, trouble: &Trouble) -> impl IntoView + use<> {
        let next = match self.stage() {
            Stage::Opened => forms::acknowledge(self, typed, trouble).into_any(),
            Stage::Acknowledged => forms::understand(self, typed, trouble).into_any(),
            Stage::Understood => forms::remedy(self, typed, trouble).into_any(),
            Stage::Remedied => forms::follow_up(self).into_any(),
            Stage::FollowingUp => forms::wait(self).into_any(),
            Stage::Closed(_) => ().into_any(),
        };
        let learning =
            matches!(self.stage(), Stage::Remedied | Stage::FollowingUp) && !self.page.recovery.has_learned();
        view! {
            {next}
            {learning.then(|| forms::learn(self, typed, trouble))}
            {self.what_happened()}
            {aside::others(self, typed, trouble)}
        }
    }

    /// What was typed for a step that no longer fits is not lost: it can be copied from here.
    fn handed_back(&self, homeless: &[String]) -> Option<impl IntoView + use<>> {
        let texts = self.texts();
        let each: Vec<_> = homeless.iter().map(|text| view! { <p class="typed">{text.clone()}</p> }).collect();
        (!each.is_empty())
            .then(|| view! { <section class="card grid"><h2>{texts.say("recoveries-typed")}</h2>{each}</section> })
    }

    fn what_happened(&self) -> impl IntoView + use<> {
        let (texts, page) = (self.texts(), &self.page);
        let found = match page.recovery.found_by {
            domain::breaks::FoundBy::Staff => "recoveries-found-by-us",
            domain::breaks::FoundBy::Customer => "recoveries-found-by-customer",
        };
        let understood = page.recovery.steps.iter().rev().find_map(|taken| match &taken.step {
            Step::Understood(said) => Some(said),
            _ => None,
        });
        let line = |key: &str, text: String| view! { <dt>{texts.say(key)}</dt><dd class="typed">{text}</dd> };
        let photo = self.photo.map(|photo| {
            let shown = photos::shown(photo, texts.say("photos-look"), Loaded::WhenNear);
            view! { <a href=photos::address(photo.hash)>{shown}</a> }
        });
        let sought = understood.and_then(|said| said.remedy_sought.as_ref());
        view! {
            <section class="card grid">
                <h2>{texts.say("recoveries-what-happened")}</h2>
                <dl class="pairs">
                    {line("recoveries-known", texts.tell(found, &[("at", self.when.at(page.row.opened_at).into())]))}
                    {page.note.clone().map(|note| line("recoveries-note", note))}
                    {self.customer()}
                    {understood.map(|said| line("recoveries-words", said.words.to_string()))}
                    {sought.map(|sought| line("recoveries-sought", sought.to_string()))}
                    {line("recoveries-promised", page.wording.promise.to_string())}
                    {line("recoveries-promised-remedy", page.wording.remedy.to_string())}
                    {page.row.late.then(|| line("recoveries-promised-late", page.wording.late_remedy.to_string()))}
                </dl>
                {photo}
                <p class="small soft">{texts.tell("recoveries-version", &[("version", page.version.into())])}</p>
            </section>
        }
    }

    /// Who was failed, and for those who may the way to hand them what is known.
    fn customer(&self) -> Option<impl IntoView + use<>> {
        let (texts, forgotten_at) = (self.texts(), self.page.recovery.forgotten_at);
        let who = match self.page.customer.as_ref()? {
            Customer::Named { name, contact: Some(contact), .. } => format!("{name}, {contact}"),
            Customer::Named { name, contact: None, .. } => name.clone(),
            Customer::Withheld => texts.say("customers-someone"),
            Customer::Forgotten => {
                let at = forgotten_at.map(|at| self.when.at(at)).unwrap_or_default();
                texts.tell("customers-forgotten", &[("at", at.into())])
            }
        };
        let file = self.may_erase.then(|| {
            let to = self.address("customer.json");
            view! { <a class="link" href=to download>{texts.say("customers-hand-over")}</a> }
        });
        Some(view! {
            <dt>{texts.say("recoveries-customer")}</dt>
            <dd class="grid tight"><span class="typed">{who}</span>{self.same_person()}{file}</dd>
        })
    }

    /// Where else we failed the same person, with what they were called there if it was something else.
    fn same_person(&self) -> Option<impl IntoView + use<>> {
        let texts = self.texts();
        let Some(Customer::Named { name, contact, others }) = &self.page.customer else { return None };
        let each = others.iter().map(|other| {
            let number = texts.tell("recoveries-number", &[("number", other.number.to_string().into())]);
            let to = format!("/recoveries/{}", other.recovery);
            let written = (other.name != *name || other.contact != *contact).then(|| {
                let parts = std::iter::once(other.name.clone()).chain(other.contact.clone());
                view! { <small class="typed">{parts.collect::<Vec<_>>().join(", ")}</small> }
            });
            view! { <li><a class="link" href=to>{number}</a>" "{written}</li> }
        });
        let each = each.collect_view();
        (!others.is_empty()).then(|| {
            view! { <span class="soft">{texts.say("recoveries-same-person")}</span><ul class="list">{each}</ul> }
        })
    }

    /// How much answer this calls for, why, and whether it can win trust back beyond where it was.
    fn tier(&self) -> Option<impl IntoView + use<>> {
        let texts = self.texts();
        let tier = self.page.tier?;
        let paradox = if tier.paradox_holds() { "recoveries-paradox-holds" } else { "recoveries-paradox-fails" };
        let reasons = reasons(texts, &tier).into_iter().map(|reason| view! { <li>{reason}</li> }).collect_view();
        Some(view! {
            <section class="card grid small">
                <h3>{texts.say("recoveries-tier")}</h3>
                <p><b>{texts.say(level_key(tier.level))}</b></p>
                <ul>{reasons}</ul>
                <p class="soft">{texts.say(paradox)}</p>
            </section>
        })
    }

    fn deadlines(&self) -> impl IntoView + use<> {
        let texts = self.texts();
        let closed = self.stage().outcome().is_some();
        view! {
            <section class="card grid small">
                <h3>{texts.say("recoveries-clocks")}</h3>
                {clocks::all(&self.when, &self.page.clocks, closed)}
                <p class="soft">{texts.say("recoveries-clocks-how")}</p>
            </section>
        }
    }

    /// A recovery closes on three answers: the customer's, the process's and the employee's.
    fn three_answers(&self) -> impl IntoView + use<> {
        let (texts, recovery) = (self.texts(), &self.page.recovery);
        let trusted = recovery.verdict_on_trust().is_some();
        let learned = recovery.has_learned();
        let watched = self.page.kept_in_a_row.filter(|_| !trusted).map(|kept| {
            let needed = recovery.terms.proof;
            view! { <p>{texts.tell("recoveries-watched", &[("kept", kept.into()), ("needed", needed.into())])}</p> }
        });
        let told = recovery.has_customer() || recovery.forgotten_at.is_some();
        let first = if told { "recoveries-answer-customer" } else { "recoveries-answer-record" };
        let answers =
            [(first, trusted), ("recoveries-answer-process", learned), ("recoveries-answer-employee", learned)];
        let each = answers.map(|(key, given)| {
            let icon = if given { view! { <KeptIcon /> }.into_any() } else { view! { <AsideIcon /> }.into_any() };
            let stands = texts.say(if given { "recoveries-given" } else { "recoveries-missing" });
            view! { <li>{icon}<span>{texts.say(key)}<small class="soft">" "{stands}</small></span></li> }
        });
        view! {
            <section class="card grid small">
                <h3>{texts.say("recoveries-to-close")}</h3>
                <ul class="answers">{each}</ul>
                {watched}
            </section>
        }
    }
}

/// What made the tier, each in a sentence.
fn reasons(texts: Texts, tier: &Tier) -> Vec<String> {
    let Circumstances { severity, repeated, similar, preventable } = tier.because;
    let again = if repeated { "recoveries-because-repeated" } else { "recoveries-because-first" };
    let foreseen = if preventable { "recoveries-because-preventable" } else { "recoveries-because-unforeseeable" };
    vec![
        texts.say(severity_key(severity)),
        texts.say(again),
        texts.tell("recoveries-because-similar", &[("count", similar.into())]),
        texts.say(foreseen),
    ]
}

/// The customer's private address, the one time it is shown.
pub(super) fn link_page(scene: &Scene, link: String) -> impl IntoView + use<> {
    let texts = scene.texts();
    let customer = scene.page.customer.as_ref().and_then(|customer| match customer.clone() {
        Customer::Named { name, contact, .. } => {
            let contact = contact.map(|contact| format!(", {contact}"));
            Some(view! { <p>{texts.say("recoveries-link-to")}" "<b>{name}</b>{contact}</p> })
        }
        Customer::Withheld | Customer::Forgotten => None,
    });
    view! {
        <main id="main" class="slim">
            <p class="label">{scene.title()}" · "{texts.say(stage_key(scene.stage()))}</p>
            <h1>{texts.say("recoveries-link-title")}</h1>
            {customer}
            <div class="field">
                <label for="secret">{texts.say("recoveries-link")}</label>
                <p class="hint" id="link-hint">{texts.say("recoveries-link-hint")}</p>
                <textarea id="secret" class="token" readonly rows="4" aria-describedby="link-hint">{link}</textarea>
                {shown_once::copy_button(texts)}
            </div>
            <div class="note warn">
                <p>{texts.say("recoveries-link-once")}</p>
                <p>{texts.say("recoveries-link-customer-only")}</p>
            </div>
            <p><a class="btn" href=format!("/recoveries/{}", scene.page.row.id)>{texts.say("recoveries-link-done")}</a></p>
        </main>
    }
}
