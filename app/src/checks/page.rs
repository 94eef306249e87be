//! The check screen: one promise at one place, one answer.

use std::collections::HashMap;

use axum::response::Response;
use chrono::{DateTime, Utc};
use domain::check::{self, CheckDraft};
use domain::check_queue::{QueuedPromise, next_check};
use domain::fault::Fault;
use domain::finding::{Finding, FindingDraft};
use domain::ids::{GuaranteeId, PlaceId};
use domain::photo::PhotoRule;
use domain::role::Permission;
use domain::verdict::Verdict;
use leptos::prelude::*;
use serde::Deserialize;
use store::{GuaranteeRow, LastCheck, PhotoRow, PlaceRow};

use super::forms::{CheckForms, ScreenPart};
use super::logged;
use super::queue::queue;
use super::screen::{CheckScreen, NextCheck, ScreenTexts};
use crate::addresses;
use crate::doors::AccessRule::MemberOrPinSession;
use crate::doors::Doors;
use crate::error::{Conflict, Error};
use crate::icons::BrokenIcon;
use crate::local_time::LocalTime;
use crate::names::verdict_key;
use crate::outbox::pending_checks;
use crate::page::{FormErrors, redirect};
use crate::photos::{self, FormWithPicture, ImageLoading};
use crate::render::FieldLabels;
use crate::request_context::{Form, Path, Query, SignedIn};
use crate::texts::Texts;

pub(super) fn doors(doors: Doors) -> Doors {
    doors
        .get(addresses::CHECK, MemberOrPinSession(Permission::ViewToday), show)
        .post(addresses::CHECK, MemberOrPinSession(Permission::LogChecks).with_pictures(), log)
        .form(addresses::LOG_TOGETHER, addresses::CHECK, MemberOrPinSession(Permission::LogChecks), log_bulk)
}

/// The query of a place's page: a chosen promise, or the check that was just logged.
#[derive(Default, Deserialize)]
#[serde(default)]
struct CheckScreenQuery {
    guarantee: String,
    logged: String,
    recovery: String,
    /// How many checks were just logged in bulk.
    #[serde(rename = "together")]
    bulk_logged: usize,
}

/// The promises logged as kept in bulk. Each value has the ids of the guarantee and of the new check, and the version
/// of the wording.
#[derive(Default, Deserialize)]
#[serde(default)]
struct BulkKeptForm {
    kept: Vec<String>,
}

async fn show(
    signed_in: SignedIn,
    Path(place): Path<String>,
    Query(query): Query<CheckScreenQuery>,
) -> Result<Response, Error> {
    let screen = CheckScreenPage::load(&signed_in, &place).await?;
    let Some(guarantee) = screen.requested_promise(&query.guarantee)? else {
        let title = screen.place_label();
        return Ok(signed_in.page(&title, || screen.promise_list(query.bulk_logged, &FormErrors::default())));
    };
    if let Some(logged) = logged::find_just_logged(&signed_in, &query.logged, &query.recovery).await? {
        let (next, address) =
            (screen.next_check(guarantee.id), addresses::check_guarantee(screen.place.id, guarantee.id));
        return Ok(logged::thanks_page(&signed_in, screen.place_label(), logged, next, address));
    }
    let draft = screen.empty_draft(guarantee);
    let title = screen.title(guarantee);
    Ok(signed_in.page(&title, || screen.view(guarantee, &draft, &FormErrors::default(), None)))
}

async fn log(
    signed_in: SignedIn,
    Path(place): Path<String>,
    submitted: FormWithPicture<CheckDraft>,
) -> Result<Response, Error> {
    let mut draft = CheckDraft { place, at: String::new(), ..submitted.form };
    let store = &signed_in.context.state.store;
    let logged = match store_picture(&signed_in, &mut draft, submitted.picture).await {
        Ok(()) => store.log_check(signed_in.actor(), draft.clone()).await.map_err(Error::from),
        Err(error) => Err(error),
    };
    match logged {
        Ok(logged) => {
            Ok(redirect(&addresses::check_logged(draft.place, draft.guarantee, logged.check, logged.recovery)))
        }
        Err(error) => {
            let screen = CheckScreenPage::load(&signed_in, &draft.place).await?;
            let guarantee = screen.requested_promise(&draft.guarantee)?.ok_or_else(|| error.clone())?;
            match &error {
                Error::Conflict(Conflict::Check(check::CheckError::IdReused)) => draft.id.clone_from(&screen.check_id),
                // A new photo is needed.
                Error::Conflict(Conflict::Check(check::CheckError::PhotoReused | check::CheckError::NoPhotos)) => {
                    draft.photo.clear();
                }
                _ => {}
            }
            let (title, part) = (screen.title(guarantee), ScreenPart::of(&draft));
            signed_in.rerender(error, &title, |errors| screen.view(guarantee, &draft, &errors, Some(part)))
        }
    }
}

/// Stores the photo before the check, so that it need not be taken again if the check is rejected.
async fn store_picture(signed_in: &SignedIn, draft: &mut CheckDraft, picture: Option<Vec<u8>>) -> Result<(), Error> {
    let Some(picture) = picture else { return Ok(()) };
    let guarantee = draft.guarantee()?;
    draft.photo = signed_in.context.state.store.add_photo(signed_in.actor(), guarantee, picture).await?.to_string();
    Ok(())
}

/// Logs several promises of a place as kept. Each gets its own check.
async fn log_bulk(
    signed_in: SignedIn,
    Path(place): Path<String>,
    Form(form): Form<BulkKeptForm>,
) -> Result<Response, Error> {
    let finding = FindingDraft { verdict: Verdict::Kept.name().to_owned(), ..FindingDraft::default() };
    let draft = |kept: &String| {
        let mut parts = kept.split(' ').map(str::to_owned);
        let [guarantee, id, version] = std::array::from_fn(|_| parts.next().unwrap_or_default());
        CheckDraft { id, guarantee, version, place: place.clone(), finding: finding.clone(), ..CheckDraft::default() }
    };
    let drafts: Vec<_> = form.kept.iter().map(draft).collect();
    let logged = if drafts.is_empty() {
        Err(Error::invalid("kept", Fault::Missing))
    } else {
        signed_in.context.state.store.log_checks(signed_in.actor(), &drafts).await.map_err(Error::from)
    };
    match logged {
        Ok(logged) => Ok(redirect(&addresses::logged_together(place, logged.len()))),
        Err(error) => {
            let screen = CheckScreenPage::load(&signed_in, &place).await?;
            signed_in.rerender(error, &screen.place_label(), |errors| screen.promise_list(0, &errors))
        }
    }
}

/// A place, the promises there, and the queue of checks at its site.
struct CheckScreenPage {
    local_time: LocalTime,
    place: PlaceRow,
    places: Vec<PlaceRow>,
    guarantees: Vec<GuaranteeRow>,
    last_checks: Vec<LastCheck>,
    /// The promises at all places, to find the next check.
    queue: Vec<QueuedPromise>,
    /// The id of the next check.
    check_id: String,
    /// Ids for checks logged in bulk, one per promise.
    bulk_check_ids: Vec<String>,
    may_check: bool,
    screen_texts: ScreenTexts,
    /// The author of checks made on this screen.
    actor_key: String,
    /// Example photos of a kept promise.
    examples: HashMap<GuaranteeId, PhotoRow>,
}

impl CheckScreenPage {
    async fn load(signed_in: &SignedIn, place: &str) -> Result<Self, Error> {
        let (store, actor) = (&signed_in.context.state.store, signed_in.actor());
        let id: PlaceId = place.parse().map_err(|_| Error::NotFound)?;
        let places = store.places(actor).await?;
        let place = places.iter().find(|place| place.id == id).cloned().ok_or(Error::NotFound)?;
        let business = store.business(actor).await?;
        let guarantees = store.guarantees(actor).await?;
        let last_checks = store.last_checks(actor).await?;
        Ok(Self {
            local_time: LocalTime::of(signed_in.context.texts, &business, store.now()),
            bulk_check_ids: guarantees.iter().map(|_| store.source().id().to_string()).collect(),
            guarantees,
            queue: queue(&last_checks, &store.scheduled_promises(actor).await?),
            last_checks,
            check_id: store.source().id().to_string(),
            may_check: signed_in.may(Permission::LogChecks),
            screen_texts: logged::screen_texts(signed_in),
            actor_key: signed_in.actor_key(),
            examples: store.example_photos_at(actor, id).await?,
            place,
            places,
        })
    }

    fn texts(&self) -> Texts {
        self.local_time.texts
    }

    fn place_label(&self) -> String {
        format!("{} · {}", self.place.site_name, self.place.name)
    }

    fn title(&self, guarantee: &GuaranteeRow) -> String {
        format!("{} · {}", guarantee.wording.title, self.place.name)
    }

    /// The promises that are checked at this place now.
    fn promises_here(&self) -> impl Iterator<Item = &GuaranteeRow> {
        self.guarantees.iter().filter(|row| row.stage.is_checked() && row.places.contains(&self.place.id))
    }

    /// The requested promise, or the only one at the place. None if the user has to choose.
    fn requested_promise(&self, guarantee: &str) -> Result<Option<&GuaranteeRow>, Error> {
        if guarantee.is_empty() {
            let mut promises = self.promises_here();
            return Ok(promises.next().filter(|_| promises.next().is_none()));
        }
        let id: GuaranteeId = guarantee.parse().map_err(|_| Error::NotFound)?;
        self.promises_here().find(|row| row.id == id).map(Some).ok_or(Error::NotFound)
    }

    fn empty_draft(&self, guarantee: &GuaranteeRow) -> CheckDraft {
        CheckDraft {
            id: self.check_id.clone(),
            guarantee: guarantee.id.to_string(),
            place: self.place.id.to_string(),
            ..CheckDraft::default()
        }
    }

    /// The most urgent check at this site, except for the promise just checked.
    fn next_check(&self, guarantee: GuaranteeId) -> Option<NextCheck> {
        let site_place = |id: PlaceId| self.places.iter().find(|place| place.id == id && place.site == self.place.site);
        let others = self.queue.iter().filter(|queued| (queued.guarantee, queued.place) != (guarantee, self.place.id));
        let at_site = others.filter(|queued| site_place(queued.place).is_some());
        let next = next_check(at_site, &self.local_time.zone, self.local_time.now)?;
        let (place, row) = (site_place(next.place)?, self.guarantees.iter().find(|row| row.id == next.guarantee)?);
        let label = format!("{} · {}", place.name, row.wording.title);
        Some(NextCheck { href: addresses::check_guarantee(place.id, row.id), label })
    }

    fn last_check_line(&self, guarantee: GuaranteeId) -> String {
        let is_here = |check: &&LastCheck| check.guarantee == guarantee && check.place == self.place.id;
        last_check_text(&self.local_time, self.last_checks.iter().find(is_here).and_then(|check| check.last))
    }

    /// The example photo of a kept promise.
    fn example_figure(&self, guarantee: GuaranteeId) -> Option<impl IntoView + use<>> {
        let example = photos::photo_img(*self.examples.get(&guarantee)?, String::new(), ImageLoading::Eager);
        let caption = self.texts().text("photos-example");
        Some(view! { <figure>{example}<figcaption class="small muted">{caption}</figcaption></figure> })
    }

    /// The promises at this place, to choose from.
    fn promise_list(&self, bulk_count: usize, errors: &FormErrors) -> impl IntoView + use<> {
        let texts = self.texts();
        let thanks = (bulk_count > 0).then(|| {
            view! { <p class="check-status" role="status">{texts.text_with("checks-several-done", &[("count", bulk_count.into())])}</p> }
        });
        let bulk_form = (self.may_check && self.bulk_promises().count() > 1).then(|| self.bulk_form(errors));
        let items: Vec<_> = self.promises_here().map(|row| {
            let (href, last) = (addresses::check_guarantee(self.place.id, row.id), self.last_check_line(row.id));
            let reference = pending_checks::check_reference(row.id, self.place.id);
            view! {
                <li>
                    <a href=href><span>{row.wording.title.to_string()}<small data-look=reference>{last}</small></span><span class="link" aria-hidden="true">"›"</span></a>
                </li>
            }
        }).collect();
        let title_key = if items.is_empty() { "checks-nothing-here" } else { "checks-which" };
        view! {
            <main id="main" class="phone">
                <p><a class="link" href=addresses::TODAY>{texts.text("checks-today")}</a></p>
                <p class="label">{self.place_label()}</p>
                {thanks}
                {errors.summary(texts)}
                <h1>{texts.text(title_key)}</h1>
                {(!items.is_empty()).then(|| view! { <ul class="list rounds">{items}</ul> })}
                {bulk_form}
            </main>
        }
    }

    /// The promises that can be logged as kept in bulk: those that need no photo.
    fn bulk_promises(&self) -> impl Iterator<Item = &GuaranteeRow> {
        self.promises_here().filter(|row| row.photos.rule_for(&Finding::Kept) != PhotoRule::Needed)
    }

    /// All promises are ticked at first.
    fn bulk_form(&self, errors: &FormErrors) -> impl IntoView + use<> {
        let texts = self.texts();
        let fault = errors.for_field(texts, "kept");
        let open = fault.is_some();
        if open {
            FieldLabels::note("kept", "kept", &texts.text("checks-several-which"));
        }
        let mut first = Some("kept");
        let checkboxes = self.bulk_promises().zip(&self.bulk_check_ids).map(|(row, id)| {
            let value = format!("{} {id} {}", row.id, row.version);
            view! {
                <label class="pick">
                    <input type="checkbox" id=first.take() name="kept" value=value checked />
                    <span>{row.wording.title.to_string()}</span>
                </label>
            }
        });
        view! {
            <p id="together-saved" class="check-status" data-state="saved" tabindex="-1" hidden>{texts.text("checks-saved")}</p>
            <details class="card" open=open>
                <summary>{texts.text("checks-several")}</summary>
                <form method="post" action=addresses::log_together(self.place.id) data-place=self.place.id.to_string() data-about=self.place_label()>
                    <fieldset class="field reasons">
                        <legend>{texts.text("checks-several-which")}</legend>
                        <div class="picks">{checkboxes.collect_view()}</div>
                        {fault.map(|fault| view! { <p class="fault" id="kept-fault"><BrokenIcon />{fault}</p> })}
                    </fieldset>
                    <button class="btn tall">{texts.text("checks-several-do")}</button>
                </form>
            </details>
        }
    }

    fn view(
        &self,
        guarantee: &GuaranteeRow,
        draft: &CheckDraft,
        errors: &FormErrors,
        rejected: Option<ScreenPart>,
    ) -> impl IntoView + use<> {
        let (texts, wording) = (self.texts(), &guarantee.wording);
        let address = addresses::check_guarantee(self.place.id, guarantee.id);
        let action = addresses::check(self.place.id);
        let back_href = if rejected.is_some() { address.clone() } else { "#ask".to_owned() };
        let photo_policy = guarantee.photos;
        let forms = CheckForms {
            texts,
            action,
            draft,
            criteria: &wording.criteria,
            photo_policy,
            errors,
            rejected_part: rejected,
            back_href,
        };
        let criteria: Vec<_> = wording.criteria.iter().map(|line| view! { <li>{line.to_string()}</li> }).collect();
        let has_others = self.promises_here().count() > 1;
        let others_link = has_others
            .then(|| view! { <a class="link" href=addresses::check(self.place.id)>{texts.text("checks-others")}</a> });
        let question_section = view! {
            <section id="ask" class="ask" tabindex="-1">
                <p class="label">{self.place_label()}</p>
                <h1>{wording.promise.to_string()}</h1>
                <p class="muted" data-look=pending_checks::check_reference(guarantee.id, self.place.id)>{self.last_check_line(guarantee.id)}</p>
                <ul class="checklist card">{criteria}</ul>
                {self.example_figure(guarantee.id)}
                {self.may_check.then(|| forms.question_form())}
                {(!self.may_check).then(|| view! { <p class="note">{texts.text("checks-read-only")}</p> })}
            </section>
        };
        let parts = match rejected {
            Some(ScreenPart::Broken) => forms.broken_form().into_any(),
            Some(ScreenPart::NotApplicable) => forms.not_applicable_form().into_any(),
            _ => view! { {question_section} {self.may_check.then(|| view! { {forms.broken_form()} {forms.safety_form()} {forms.not_applicable_form()} })} }
                .into_any(),
        };
        let (actor_key, label, next) = (self.actor_key.clone(), self.title(guarantee), self.next_check(guarantee.id));
        view! {
            <main id="main" class="phone">
                <p class="row between"><a class="link" href=addresses::TODAY>{texts.text("checks-today")}</a>{others_link}</p>
                {errors.summary(texts)}
                <CheckScreen actor_key label version=guarantee.version criteria_count=wording.criteria.len() photo_policy=photo_policy.name() address texts=self.screen_texts.clone() next>{parts}</CheckScreen>
            </main>
        }
    }
}

/// The last check of a promise, as text.
pub(crate) fn last_check_text(local_time: &LocalTime, last: Option<(Verdict, DateTime<Utc>)>) -> String {
    let texts = local_time.texts;
    let Some((verdict, at)) = last else { return texts.text("checks-never") };
    texts.text_with(
        "checks-last",
        &[("verdict", texts.text(verdict_key(verdict)).into()), ("ago", local_time.ago(at).into())],
    )
}
