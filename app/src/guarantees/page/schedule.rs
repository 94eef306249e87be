//! When a promise is to be looked at: chosen for some of its places, or for all of them.

use axum::response::Response;
use domain::fault::Faults;
use domain::ids::{GuaranteeId, PlaceId};
use domain::revision::Revision;
use domain::schedule::{DAYS, Rhythm, Schedule, ScheduleDraft};
use leptos::prelude::*;
use store::{GuaranteeRow, PlaceRow, Store, stands};

use super::{Back, named, places};
use crate::error::Error;
use crate::form::{Choice, Field, Item, Kind};
use crate::page::{Sent, Trouble, go};
use crate::texts::Texts;
use crate::visit::{Inside, Path, Replacing};

/// How often, by name, with the key of its label.
const RHYTHMS: [(&str, &str); 3] = [("every", "schedules-every"), ("at", "schedules-at"), ("none", "schedules-none")];

/// What the page shows.
struct Whole {
    row: GuaranteeRow,
    places: Vec<PlaceRow>,
    schedules: Vec<(PlaceId, Schedule)>,
}

impl Whole {
    async fn load(inside: &Inside, id: GuaranteeId) -> Result<Self, Error> {
        let (row, places) = places::promised_at(inside, id).await?;
        let schedules = inside.visit.state.store.schedules(inside.actor(), id).await?;
        Ok(Self { row, places, schedules })
    }

    /// Each place has a schedule of its own: who chooses for one leaves the others alone.
    fn revision(&self) -> Revision {
        let places: Vec<_> = self.places.iter().map(|place| place.id).collect();
        Revision::of_each(&stands::schedules(&places, &self.schedules))
    }
}

pub async fn ask(inside: Inside, Path(id): Path<String>) -> Result<Response, Error> {
    let id = named(&id)?;
    let whole = Whole::load(&inside, id).await?;
    let chosen = ScheduleDraft {
        places: whole.row.places.iter().map(ToString::to_string).collect(),
        ..ScheduleDraft::from(whole.schedules.first().map(|(_, schedule)| schedule))
    };
    let title = inside.visit.texts.say("schedules-title");
    Ok(inside.page(&title, || page(&inside, &whole, &chosen, &Trouble::default())))
}

pub async fn choose(
    inside: Inside,
    Path(id): Path<String>,
    Replacing { form: chosen, seen }: Replacing<ScheduleDraft>,
) -> Result<Response, Error> {
    let id = named(&id)?;
    match schedule(&inside, &inside.since(&seen), id, &chosen).await {
        Ok(()) => Ok(go(&format!("/guarantees/{id}"))),
        Err(error) => {
            let whole = Whole::load(&inside, id).await?;
            let title = inside.visit.texts.say("schedules-title");
            let (texts, sent) = (inside.visit.texts, Sent::new(seen, &chosen));
            let word = |field: &str, value: &str| word(texts, field, value);
            inside.again_beside(error, &title, sent, word, |trouble| page(&inside, &whole, &chosen, &trouble))
        }
    }
}

/// How a value of a schedule is shown.
fn word(texts: Texts, field: &str, value: &str) -> Option<String> {
    match field {
        "rhythm" => RHYTHMS.iter().find(|(name, _)| *name == value).map(|(_, key)| texts.say(key)),
        "days" => DAYS.iter().find(|(name, _)| *name == value).map(|(_, day)| texts.weekday_name(*day)),
        _ => None,
    }
}

async fn schedule(inside: &Inside, store: &Store, id: GuaranteeId, chosen: &ScheduleDraft) -> Result<(), Error> {
    let mut faults = Faults::default();
    let places = faults.take("places", places::parse(&chosen.places));
    let schedule = match (places, chosen.parse()) {
        (Some(places), Ok(schedule)) => (places, schedule),
        (_, Err(more)) => return Err(faults.and(more).into()),
        (None, Ok(_)) => return Err(faults.into()),
    };
    let (places, schedule) = schedule;
    let done = store.schedule(inside.actor(), id, &places, schedule.as_ref()).await?;
    done.ok_or(Error::NotFound)
}

fn page(inside: &Inside, whole: &Whole, chosen: &ScheduleDraft, trouble: &Trouble) -> impl IntoView + use<> {
    let (texts, Whole { row, places, .. }) = (inside.visit.texts, whole);
    let draft = chosen.clone();
    let at = |field: &str| trouble.at(texts, field);
    let rhythms = RHYTHMS.map(|(value, key)| Item::new(value, texts.say(key))).to_vec();
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
        crate::form::Labels::note("days", "days", &texts.say("schedules-days"));
        view! { <p class="fault" id="days-fault"><crate::icons::BrokenIcon />{fault}</p> }
    });
    view! {
        <main id="main" class="slim">
            <Back to=format!("/guarantees/{}", row.id) label=row.wording.title.to_string() />
            <h1>{texts.say("schedules-title")}</h1>
            <p>{texts.say("schedules-lead")}</p>
            {trouble.summary(texts)}
            <form method="post" action=format!("/guarantees/{}/schedule", row.id) class="schedule" data-draft="browser">
                {trouble.revision(&whole.revision())}
                <Choice name="rhythm" label=texts.say("schedules-rhythm") items=rhythms value=draft.rhythm fault=at("rhythm") required=true />
                <div class="grid of-every">
                    <Field name="every" kind=Kind::Number label=texts.say("schedules-minutes") hint=texts.say("schedules-minutes-hint") value=draft.every fault=at("every") max=4 />
                    <Field name="within" label=texts.say("schedules-within") hint=texts.say("schedules-within-hint") value=draft.within fault=at("within") max=13 autocomplete="off" />
                </div>
                <div class="grid of-at">
                    <Field name="times" label=texts.say("schedules-times") hint=texts.say("schedules-times-hint") value=draft.times fault=at("times") max=400 autocomplete="off" />
                    <Field name="lead" kind=Kind::Number label=texts.say("schedules-lead-time") hint=texts.say("schedules-lead-time-hint") value=draft.lead fault=at("lead") max=3 />
                </div>
                <div class="grid of-any">
                    <fieldset class="field">
                        <legend>{texts.say("schedules-days")}</legend>
                        <div class="picks weekdays">{days}</div>
                        {no_day}
                    </fieldset>
                    <Field name="grace" kind=Kind::Number label=texts.say("schedules-grace") hint=texts.say("schedules-grace-hint") value=draft.grace fault=at("grace") max=3 />
                </div>
                {places::picks(texts, places, &chosen.places, trouble)}
                <p><button class="btn">{texts.say("schedules-save")}</button></p>
            </form>
        </main>
    }
}

/// The schedules of a guarantee, as they stand: what is the same at several places is said once.
pub fn as_they_stand(texts: Texts, schedules: &[(PlaceRow, Schedule)]) -> impl IntoView + use<> {
    let mut said: Vec<(String, Vec<String>)> = Vec::new();
    for (place, schedule) in schedules {
        let (words, place) = (in_words(texts, schedule), format!("{}, {}", place.site_name, place.name));
        match said.iter_mut().find(|(known, _)| *known == words) {
            Some((_, places)) => places.push(place),
            None => said.push((words, vec![place])),
        }
    }
    let each = said.into_iter().map(|(words, places)| view! { <li>{words}<small>{places.join("; ")}</small></li> });
    view! { <ul class="list stacked">{each.collect_view()}</ul> }
}

/// A schedule in a sentence.
pub fn in_words(texts: Texts, schedule: &Schedule) -> String {
    let rhythm = match &schedule.rhythm {
        Rhythm::Every { minutes, within } => {
            let values =
                [("minutes", u64::from(*minutes).into()), ("within", within.to_string().replace('-', "–").into())];
            texts.tell("schedules-say-every", &values)
        }
        Rhythm::At { times, .. } => {
            let times = times.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            texts.tell("schedules-say-at", &[("times", times.into())])
        }
    };
    let on: Vec<_> = DAYS.iter().filter(|(_, day)| schedule.days.has(*day)).collect();
    if on.len() == DAYS.len() {
        return texts.tell("schedules-say-daily", &[("rhythm", rhythm.into())]);
    }
    let days = on.into_iter().map(|(_, day)| texts.weekday_name(*day)).collect::<Vec<_>>().join(", ");
    texts.tell("schedules-say-on", &[("rhythm", rhythm.into()), ("days", days.into())])
}
