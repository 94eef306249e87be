//! The check screen: one promise at one place, one decision.

use std::collections::HashMap;

use axum::response::Response;
use chrono::{DateTime, Utc};
use domain::actor::Act;
use domain::check::{self, CheckDraft, Finding, FindingDraft, Verdict};
use domain::fault::Fault;
use domain::ids::{GuaranteeId, PlaceId};
use domain::photo::Picture;
use leptos::prelude::*;
use serde::Deserialize;
use store::{GuaranteeRow, PhotoRow, PlaceRow, Standing};

use super::forms::{Asked, Part};
use super::screen::{CheckScreen, Next, Words};
use super::when::When;
use super::{answer, code, correct, list, thanks, waits};
use crate::doors::Doors;
use crate::doors::Rule::MemberOrTurn;
use crate::error::{Error, Refusal};
use crate::form::Labels;
use crate::icons::BrokenIcon;
use crate::page::{Trouble, go};
use crate::photos::{self, Loaded, Pictured};
use crate::texts::Texts;
use crate::visit::{Form, Inside, Path, Query};

pub fn doors(doors: Doors) -> Doors {
    doors
        .get("/check/{place}", MemberOrTurn(Act::Look), show)
        .post("/check/{place}", MemberOrTurn(Act::Check), log)
        .form("/check/{place}/together", "/check/{place}", MemberOrTurn(Act::Check), together)
        .of(answer::doors)
        .of(code::doors)
        .of(list::doors)
        .of(correct::doors)
}

/// What of a place is wanted: a promise, or the thanks for a check just logged.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Wanted {
    guarantee: String,
    logged: String,
    recovery: String,
    /// How many were kept together.
    together: usize,
}

/// Promises that were kept together: each by its id, that of its check, and the version of its wording.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Together {
    kept: Vec<String>,
}

async fn show(inside: Inside, Path(place): Path<String>, Query(wanted): Query<Wanted>) -> Result<Response, Error> {
    let screen = Screen::load(&inside, &place).await?;
    let Some(guarantee) = screen.promise(&wanted.guarantee)? else {
        let title = screen.name();
        return Ok(inside.page(&title, || screen.choice(wanted.together, &Trouble::default())));
    };
    if let Some(logged) = thanks::just_logged(&inside, &wanted.logged, &wanted.recovery).await? {
        let (next, here) = (screen.next(guarantee.id), address(screen.place.id, Some(guarantee.id)));
        return Ok(thanks::page(&inside, screen.name(), logged, next, here));
    }
    let draft = screen.blank(guarantee);
    let title = screen.title(guarantee);
    Ok(inside.page(&title, || screen.view(guarantee, &draft, &Trouble::default(), None)))
}

async fn log(inside: Inside, Path(place): Path<String>, sent: Pictured<CheckDraft>) -> Result<Response, Error> {
    let mut draft = CheckDraft { place, at: String::new(), ..sent.form };
    let store = &inside.visit.state.store;
    let logged = match pictured(&inside, &mut draft, sent.picture).await {
        Ok(()) => store.log_check(inside.actor(), draft.clone()).await.map_err(Error::from),
        Err(error) => Err(error),
    };
    match logged {
        Ok(logged) => {
            let recovery = logged.recovery.map(|id| format!("&recovery={id}")).unwrap_or_default();
            Ok(go(&format!("/check/{}?guarantee={}&logged={}{recovery}", draft.place, draft.guarantee, logged.check)))
        }
        Err(error) => {
            let screen = Screen::load(&inside, &draft.place).await?;
            let guarantee = screen.promise(&draft.guarantee)?.ok_or_else(|| error.clone())?;
            match &error {
                Error::Conflict(Refusal::Check(check::Refused::OtherBody)) => draft.id.clone_from(&screen.fresh),
                // Another has to be taken.
                Error::Conflict(Refusal::Check(check::Refused::SamePhoto | check::Refused::NoPhotos)) => {
                    draft.photo.clear();
                }
                _ => {}
            }
            let (title, part) = (screen.title(guarantee), Part::of(&draft));
            inside.again(error, &title, |trouble| screen.view(guarantee, &draft, &trouble, Some(part)))
        }
    }
}

/// Keeps the picture that came with a check: whatever else is wrong, it need not be taken again.
async fn pictured(inside: &Inside, draft: &mut CheckDraft, picture: Option<Vec<u8>>) -> Result<(), Error> {
    let Some(picture) = picture else { return Ok(()) };
    let guarantee = draft.guarantee()?;
    draft.photo = inside.visit.state.store.keep_photo(inside.actor(), guarantee, picture).await?.to_string();
    Ok(())
}

/// Several promises of a place in one tap; each is a check of its own.
async fn together(inside: Inside, Path(place): Path<String>, Form(sent): Form<Together>) -> Result<Response, Error> {
    let finding = FindingDraft { verdict: Verdict::Kept.name().to_owned(), ..FindingDraft::default() };
    let draft = |kept: &String| {
        let mut parts = kept.split(' ').map(str::to_owned);
        let [guarantee, id, version] = std::array::from_fn(|_| parts.next().unwrap_or_default());
        CheckDraft { id, guarantee, version, place: place.clone(), finding: finding.clone(), ..CheckDraft::default() }
    };
    let drafts: Vec<_> = sent.kept.iter().map(draft).collect();
    let logged = if drafts.is_empty() {
        Err(Error::invalid("kept", Fault::Missing))
    } else {
        inside.visit.state.store.log_checks(inside.actor(), &drafts).await.map_err(Error::from)
    };
    match logged {
        Ok(logged) => Ok(go(&format!("/check/{place}?together={}", logged.len()))),
        Err(error) => {
            let screen = Screen::load(&inside, &place).await?;
            inside.again(error, &screen.name(), |trouble| screen.choice(0, &trouble))
        }
    }
}

/// Where a promise at a place is checked.
pub(crate) fn address(place: PlaceId, guarantee: Option<GuaranteeId>) -> String {
    match guarantee {
        Some(guarantee) => format!("/check/{place}?guarantee={guarantee}"),
        None => format!("/check/{place}"),
    }
}

/// A place with what is promised there, and what its site has to be looked at next.
struct Screen {
    when: When,
    place: PlaceRow,
    places: Vec<PlaceRow>,
    guarantees: Vec<GuaranteeRow>,
    standings: Vec<Standing>,
    /// An id for the next check.
    fresh: String,
    /// Others, one for each promise of the place.
    more: Vec<String>,
    may_check: bool,
    words: Words,
    /// Whose checks are made here.
    me: String,
    /// What kept looks like here, for the promises that show it.
    examples: HashMap<GuaranteeId, PhotoRow>,
}

impl Screen {
    async fn load(inside: &Inside, place: &str) -> Result<Self, Error> {
        let (store, actor) = (&inside.visit.state.store, inside.actor());
        let id: PlaceId = place.parse().map_err(|_| Error::NotFound)?;
        let places = store.places(actor).await?;
        let place = places.iter().find(|place| place.id == id).cloned().ok_or(Error::NotFound)?;
        let home = store.home(actor).await?;
        let guarantees = store.guarantees(actor).await?;
        Ok(Self {
            when: When::of(inside.visit.texts, &home, store.now()),
            more: guarantees.iter().map(|_| store.source().id().to_string()).collect(),
            guarantees,
            standings: store.standings(actor).await?,
            fresh: store.source().id().to_string(),
            may_check: inside.may(Act::Check),
            words: thanks::words(inside),
            me: inside.hand(),
            examples: store.examples_at(actor, id).await?,
            place,
            places,
        })
    }

    fn texts(&self) -> Texts {
        self.when.texts
    }

    fn name(&self) -> String {
        format!("{} · {}", self.place.site_name, self.place.name)
    }

    fn title(&self, guarantee: &GuaranteeRow) -> String {
        format!("{} · {}", guarantee.wording.title, self.place.name)
    }

    /// What is checked at the place now.
    fn here(&self) -> impl Iterator<Item = &GuaranteeRow> {
        self.guarantees.iter().filter(|row| row.stage.is_checked() && row.places.contains(&self.place.id))
    }

    /// The promise that is asked for, or the only one there is; none where it must be chosen first.
    fn promise(&self, wanted: &str) -> Result<Option<&GuaranteeRow>, Error> {
        if wanted.is_empty() {
            let mut here = self.here();
            return Ok(here.next().filter(|_| here.next().is_none()));
        }
        let id: GuaranteeId = wanted.parse().map_err(|_| Error::NotFound)?;
        self.here().find(|row| row.id == id).map(Some).ok_or(Error::NotFound)
    }

    fn blank(&self, guarantee: &GuaranteeRow) -> CheckDraft {
        CheckDraft {
            id: self.fresh.clone(),
            guarantee: guarantee.id.to_string(),
            place: self.place.id.to_string(),
            ..CheckDraft::default()
        }
    }

    /// What was looked at longest ago at this site, of all but the promise just checked.
    fn next(&self, guarantee: GuaranteeId) -> Option<Next> {
        let site = |id: PlaceId| self.places.iter().find(|place| place.id == id && place.site == self.place.site);
        let others = self.standings.iter().filter(|one| (one.guarantee, one.place) != (guarantee, self.place.id));
        let oldest = others.filter(|one| site(one.place).is_some()).min_by_key(|one| one.last.map(|(_, at)| at))?;
        let (place, row) = (site(oldest.place)?, self.guarantees.iter().find(|row| row.id == oldest.guarantee)?);
        let label = format!("{} · {}", place.name, row.wording.title);
        Some(Next { href: address(place.id, Some(row.id)), label })
    }

    fn last(&self, guarantee: GuaranteeId) -> String {
        let here = |one: &&Standing| one.guarantee == guarantee && one.place == self.place.id;
        last_look(&self.when, self.standings.iter().find(here).and_then(|standing| standing.last))
    }

    /// What kept looks like.
    fn example(&self, guarantee: GuaranteeId) -> Option<impl IntoView + use<>> {
        let example = photos::shown(*self.examples.get(&guarantee)?, String::new(), Loaded::AtOnce);
        let said = self.texts().say("photos-example");
        Some(view! { <figure>{example}<figcaption class="small soft">{said}</figcaption></figure> })
    }

    /// Which of the promises at this place.
    fn choice(&self, together: usize, trouble: &Trouble) -> impl IntoView + use<> {
        let texts = self.texts();
        let thanks = (together > 0).then(|| {
            view! { <p class="said" role="status">{texts.tell("checks-together-done", &[("count", together.into())])}</p> }
        });
        let several = (self.may_check && self.together().count() > 1).then(|| self.several(trouble));
        let each: Vec<_> = self.here().map(|row| {
            let (to, last) = (address(self.place.id, Some(row.id)), self.last(row.id));
            let look = waits::look(row.id, self.place.id);
            view! {
                <li>
                    <a href=to><span>{row.wording.title.to_string()}<small data-look=look>{last}</small></span><span class="link" aria-hidden="true">"›"</span></a>
                </li>
            }
        }).collect();
        let question = if each.is_empty() { "checks-nothing-here" } else { "checks-which" };
        view! {
            <main id="main" class="phone">
                <p><a class="link" href="/today">{texts.say("checks-today")}</a></p>
                <p class="label">{self.name()}</p>
                {thanks}
                {trouble.summary(texts)}
                <h1>{texts.say(question)}</h1>
                {(!each.is_empty()).then(|| view! { <ul class="list rounds">{each}</ul> })}
                {several}
            </main>
        }
    }

    /// What can be kept without a look of its own: where a picture is needed, each is taken by itself.
    fn together(&self) -> impl Iterator<Item = &GuaranteeRow> {
        self.here().filter(|row| row.photos.with(&Finding::Kept) != Picture::Needed)
    }

    /// All of them kept, unless one is unticked.
    fn several(&self, trouble: &Trouble) -> impl IntoView + use<> {
        let texts = self.texts();
        let fault = trouble.at(texts, "kept");
        let open = fault.is_some();
        if open {
            Labels::note("kept", "kept", &texts.say("checks-together-which"));
        }
        let mut first = Some("kept");
        let each = self.together().zip(&self.more).map(|(row, id)| {
            let value = format!("{} {id} {}", row.id, row.version);
            view! {
                <label class="pick">
                    <input type="checkbox" id=first.take() name="kept" value=value checked />
                    <span>{row.wording.title.to_string()}</span>
                </label>
            }
        });
        view! {
            <p id="together-saved" class="said" data-state="saved" tabindex="-1" hidden>{texts.say("checks-saved")}</p>
            <details class="card" open=open>
                <summary>{texts.say("checks-together")}</summary>
                <form method="post" action=format!("/check/{}/together", self.place.id) data-place=self.place.id.to_string() data-about=self.name()>
                    <fieldset class="field reasons">
                        <legend>{texts.say("checks-together-which")}</legend>
                        <div class="picks">{each.collect_view()}</div>
                        {fault.map(|fault| view! { <p class="fault" id="kept-fault"><BrokenIcon />{fault}</p> })}
                    </fieldset>
                    <button class="btn tall">{texts.say("checks-together-do")}</button>
                </form>
            </details>
        }
    }

    fn view(
        &self,
        guarantee: &GuaranteeRow,
        draft: &CheckDraft,
        trouble: &Trouble,
        rejected: Option<Part>,
    ) -> impl IntoView + use<> {
        let (texts, wording) = (self.texts(), &guarantee.wording);
        let here = address(self.place.id, Some(guarantee.id));
        let action = format!("/check/{}", self.place.id);
        let back = if rejected.is_some() { here.clone() } else { "#ask".to_owned() };
        let photos = guarantee.photos;
        let asked = Asked { texts, action, draft, criteria: &wording.criteria, photos, trouble, rejected, back };
        let criteria: Vec<_> = wording.criteria.iter().map(|line| view! { <li>{line.to_string()}</li> }).collect();
        let several = self.here().count() > 1;
        let all = several
            .then(|| view! { <a class="link" href=address(self.place.id, None)>{texts.say("checks-others")}</a> });
        let ask = view! {
            <section id="ask" class="ask" tabindex="-1">
                <p class="label">{self.name()}</p>
                <h1>{wording.promise.to_string()}</h1>
                <p class="soft" data-look=waits::look(guarantee.id, self.place.id)>{self.last(guarantee.id)}</p>
                <ul class="look card">{criteria}</ul>
                {self.example(guarantee.id)}
                {self.may_check.then(|| asked.answers())}
                {(!self.may_check).then(|| view! { <p class="note">{texts.say("checks-read-only")}</p> })}
            </section>
        };
        let parts = match rejected {
            Some(Part::Broken) => asked.broken().into_any(),
            Some(Part::Aside) => asked.aside().into_any(),
            _ => view! { {ask} {self.may_check.then(|| view! { {asked.broken()} {asked.safety()} {asked.aside()} })} }
                .into_any(),
        };
        let (me, about, next) = (self.me.clone(), self.title(guarantee), self.next(guarantee.id));
        view! {
            <main id="main" class="phone">
                <p class="row between"><a class="link" href="/today">{texts.say("checks-today")}</a>{all}</p>
                {trouble.summary(texts)}
                <CheckScreen me about version=guarantee.version criteria=wording.criteria.len() photos=photos.name() here words=self.words.clone() next>{parts}</CheckScreen>
            </main>
        }
    }
}

/// The last look at a promise, in words.
pub(crate) fn last_look(when: &When, last: Option<(Verdict, DateTime<Utc>)>) -> String {
    let texts = when.texts;
    let Some((verdict, at)) = last else { return texts.say("checks-never") };
    texts.tell("checks-last", &[("verdict", texts.say(verdict_key(verdict)).into()), ("ago", when.ago(at).into())])
}

pub(crate) fn verdict_key(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Kept => "verdict-kept",
        Verdict::Broken => "verdict-broken",
        Verdict::Missed => "verdict-missed",
        Verdict::NotApplicable => "verdict-not-applicable",
        Verdict::Void => "verdict-void",
        Verdict::TakenBack => "verdict-taken-back",
    }
}
