//! When a promise must be checked. A schedule can be set for some of its places or for all.

use axum::response::Response;
use domain::edit_tag::EditTag;
use domain::fault::Faults;
use domain::ids::{self, GuaranteeId, PlaceId};
use domain::schedule::{DAYS, Recurrence, Schedule, ScheduleDraft};
use leptos::prelude::*;
use store::{GuaranteeRow, PlaceRow, Store, edit_state};

use super::{BackLink, parse_id, place_checkboxes};
use crate::addresses;
use crate::error::Error;
use crate::flash::Flash;
use crate::form::{Choice, ChoiceItem, Field, InputKind};
use crate::page::{FormErrors, Submission};
use crate::request_context::{Path, SignedIn, VersionedForm};
use crate::texts::Texts;

/// The choices of the field, with the keys of their labels.
const RHYTHM_CHOICES: [(&str, &str); 3] =
    [("every", "schedules-every"), ("at", "schedules-at"), ("none", "schedules-none")];

/// What the page of schedules shows.
struct SchedulePage {
    row: GuaranteeRow,
    places: Vec<PlaceRow>,
    schedules: Vec<(PlaceId, Schedule)>,
}

impl SchedulePage {
    async fn load(signed_in: &SignedIn, id: GuaranteeId) -> Result<Self, Error> {
        let (row, places) = place_checkboxes::load_with_places(signed_in, id).await?;
        let schedules = signed_in.context.state.store.schedules(signed_in.actor(), id).await?;
        Ok(Self { row, places, schedules })
    }

    /// Covers each place by itself, so that two people can change the schedules of different places at once.
    fn revision(&self) -> EditTag {
        let places: Vec<_> = self.places.iter().map(|place| place.id).collect();
        EditTag::of_each(&edit_state::schedules(&places, &self.schedules))
    }
}

pub async fn show(signed_in: SignedIn, Path(id): Path<String>) -> Result<Response, Error> {
    let id = parse_id(&id)?;
    let page = SchedulePage::load(&signed_in, id).await?;
    let chosen = ScheduleDraft {
        places: page.row.places.iter().map(ToString::to_string).collect(),
        ..ScheduleDraft::from(page.schedules.first().map(|(_, schedule)| schedule))
    };
    let title = signed_in.context.texts.text("schedules-title");
    Ok(signed_in.page(&title, || schedule_page(&signed_in, &page, &chosen, &FormErrors::default())))
}

pub async fn set_schedule(
    signed_in: SignedIn,
    Path(id): Path<String>,
    VersionedForm { form: chosen, revision }: VersionedForm<ScheduleDraft>,
) -> Result<Response, Error> {
    let id = parse_id(&id)?;
    match save_schedule(&signed_in, &signed_in.store_at(&revision), id, &chosen).await {
        Ok(()) => Ok(signed_in.saved(&addresses::guarantee(id), Flash::ScheduleSaved)),
        Err(error) => {
            let page = SchedulePage::load(&signed_in, id).await?;
            let title = signed_in.context.texts.text("schedules-title");
            let (texts, sent) = (signed_in.context.texts, Submission::new(revision, &chosen));
            let display_value = |field: &str, value: &str| display_value(texts, field, value);
            signed_in.rerender_with_current(error, &title, sent, display_value, |errors| {
                schedule_page(&signed_in, &page, &chosen, &errors)
            })
        }
    }
}

/// How a value of the form is displayed.
fn display_value(texts: Texts, field: &str, value: &str) -> Option<String> {
    match field {
        "rhythm" => RHYTHM_CHOICES.iter().find(|(name, _)| *name == value).map(|(_, key)| texts.text(key)),
        "days" => DAYS.iter().find(|(name, _)| *name == value).map(|(_, day)| texts.weekday_name(*day)),
        _ => None,
    }
}

async fn save_schedule(
    signed_in: &SignedIn,
    store: &Store,
    id: GuaranteeId,
    chosen: &ScheduleDraft,
) -> Result<(), Error> {
    let mut faults = Faults::default();
    let places = faults.collect("places", ids::parse_all(&chosen.places));
    let schedule = match (places, chosen.parse()) {
        (Some(places), Ok(schedule)) => (places, schedule),
        (_, Err(more)) => return Err(faults.merge(more).into()),
        (None, Ok(_)) => return Err(faults.into()),
    };
    let (places, schedule) = schedule;
    let result = store.set_schedule(signed_in.actor(), id, &places, schedule.as_ref()).await?;
    result.ok_or(Error::NotFound)
}

fn schedule_page(
    signed_in: &SignedIn,
    page: &SchedulePage,
    chosen: &ScheduleDraft,
    errors: &FormErrors,
) -> impl IntoView + use<> {
    let (texts, SchedulePage { row, places, .. }) = (signed_in.context.texts, page);
    let draft = chosen.clone();
    let at = |field: &str| errors.for_field(texts, field);
    let rhythms = RHYTHM_CHOICES.map(|(value, key)| ChoiceItem::new(value, texts.text(key))).to_vec();
    let days = DAYS.map(|(name, day)| {
        let checked = draft.days.iter().any(|one| one == name);
        let id = (name == DAYS[0].0).then_some("days");
        view! {
            <label class="pick">
                <input type="checkbox" id=id name="days" value=name checked=checked />
                <span>{texts.weekday_name(day)}</span>
            </label>
        }
    });
    let no_day = at("days").map(|fault| {
        crate::render::FieldLabels::note("days", "days", &texts.text("schedules-days"));
        view! { <p class="fault" id="days-fault"><crate::icons::BrokenIcon />{fault}</p> }
    });
    view! {
        <main id="main" class="slim">
            <BackLink to=addresses::guarantee(row.id) label=row.wording.title.to_string() />
            <h1>{texts.text("schedules-title")}</h1>
            <p>{texts.text("schedules-lead")}</p>
            {errors.summary(texts)}
            <form method="post" action=addresses::guarantee_schedule(row.id) class="schedule" data-draft="browser">
                {errors.revision_field(&page.revision())}
                <Choice name="rhythm" label=texts.text("schedules-rhythm") items=rhythms value=draft.rhythm fault=at("rhythm") required=true />
                <div class="grid of-every">
                    <Field name="every" kind=InputKind::Number label=texts.text("schedules-minutes") hint=texts.text("schedules-minutes-hint") value=draft.every fault=at("every") max=4 />
                    <Field name="within" label=texts.text("schedules-within") hint=texts.text("schedules-within-hint") value=draft.within fault=at("within") max=13 autocomplete="off" />
                </div>
                <div class="grid of-at">
                    <Field name="times" label=texts.text("schedules-times") hint=texts.text("schedules-times-hint") value=draft.times fault=at("times") max=400 autocomplete="off" />
                    <Field name="lead" kind=InputKind::Number label=texts.text("schedules-lead-time") hint=texts.text("schedules-lead-time-hint") value=draft.lead fault=at("lead") max=3 />
                </div>
                <div class="grid of-any">
                    <fieldset class="field">
                        <legend>{texts.text("schedules-days")}</legend>
                        <div class="picks weekdays">{days}</div>
                        {no_day}
                    </fieldset>
                    <Field name="grace" kind=InputKind::Number label=texts.text("schedules-grace") hint=texts.text("schedules-grace-hint") value=draft.grace fault=at("grace") max=3 />
                </div>
                {place_checkboxes::checkboxes(texts, places, &chosen.places, errors)}
                <p><button class="btn">{texts.text("schedules-save")}</button></p>
            </form>
        </main>
    }
}

/// The schedules of a guarantee. Places with the same schedule are listed together.
pub fn list(texts: Texts, schedules: &[(PlaceRow, Schedule)]) -> impl IntoView + use<> {
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    for (place, schedule) in schedules {
        let (description, place) = (describe(texts, schedule), format!("{}, {}", place.site_name, place.name));
        match groups.iter_mut().find(|(known, _)| *known == description) {
            Some((_, places)) => places.push(place),
            None => groups.push((description, vec![place])),
        }
    }
    let each = groups
        .into_iter()
        .map(|(description, places)| view! { <li>{description}<small>{places.join("; ")}</small></li> });
    view! { <ul class="list stacked">{each.collect_view()}</ul> }
}

/// Describes a schedule in a sentence.
pub fn describe(texts: Texts, schedule: &Schedule) -> String {
    let rhythm = match &schedule.rhythm {
        Recurrence::Every { minutes, within } => {
            let values =
                [("minutes", u64::from(*minutes).into()), ("within", within.to_string().replace('-', "–").into())];
            texts.text_with("schedules-summary-every", &values)
        }
        Recurrence::At { times, .. } => {
            let times = times.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            texts.text_with("schedules-summary-at", &[("times", times.into())])
        }
    };
    let on: Vec<_> = DAYS.iter().filter(|(_, day)| schedule.days.contains(*day)).collect();
    if on.len() == DAYS.len() {
        return texts.text_with("schedules-summary-daily", &[("rhythm", rhythm.into())]);
    }
    let days = on.into_iter().map(|(_, day)| texts.weekday_name(*day)).collect::<Vec<_>>().join(", ");
    texts.text_with("schedules-summary-on", &[("rhythm", rhythm.into()), ("days", days.into())])
}
