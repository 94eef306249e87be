//! What a business says about itself: its name, who answers for it, and when it is open.

use axum::extract::RawQuery;
use axum::response::Response;
use domain::actor::Act;
use domain::business::{Business, BusinessDraft};
use domain::customer::Retention;
use domain::fault::Faults;
use domain::hours::{Hours, HoursDraft};
use domain::revision::Revision;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use store::{Home, stands};

use crate::archive;
use crate::doors::Doors;
use crate::doors::Rule::Member;
use crate::error::Error;
use crate::form::{Area, Field, Item, Kind, Select};
use crate::page::{Sent, Trouble, go};
use crate::texts::Texts;
use crate::visit::{Inside, Replacing};
use domain::business::Language;

/// The zones most businesses count their days in; any other name of the tz database may be typed.
const ZONES: [&str; 48] = [
    "Africa/Cairo",
    "Africa/Johannesburg",
    "Africa/Lagos",
    "Africa/Nairobi",
    "America/Anchorage",
    "America/Argentina/Buenos_Aires",
    "America/Bogota",
    "America/Chicago",
    "America/Denver",
    "America/Halifax",
    "America/Los_Angeles",
    "America/Mexico_City",
    "America/New_York",
    "America/Phoenix",
    "America/Santiago",
    "America/Sao_Paulo",
    "America/St_Johns",
    "America/Toronto",
    "America/Vancouver",
    "Asia/Bangkok",
    "Asia/Dubai",
    "Asia/Hong_Kong",
    "Asia/Jakarta",
    "Asia/Jerusalem",
    "Asia/Karachi",
    "Asia/Kolkata",
    "Asia/Manila",
    "Asia/Seoul",
    "Asia/Shanghai",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Atlantic/Reykjavik",
    "Australia/Brisbane",
    "Australia/Perth",
    "Australia/Sydney",
    "Europe/Athens",
    "Europe/Berlin",
    "Europe/Dublin",
    "Europe/Istanbul",
    "Europe/Kyiv",
    "Europe/Lisbon",
    "Europe/London",
    "Europe/Madrid",
    "Europe/Paris",
    "Europe/Stockholm",
    "Europe/Warsaw",
    "Pacific/Auckland",
    "Pacific/Honolulu",
];

/// The names of the weekdays, Monday first.
const WEEKDAYS: [&str; 7] = ["weekday-1", "weekday-2", "weekday-3", "weekday-4", "weekday-5", "weekday-6", "weekday-7"];

/// Stands in the address after what was typed has been stored.
const SAVED: &str = "saved";

pub fn doors(doors: Doors) -> Doors {
    doors.get("/settings", Member(Act::Govern), show).post("/settings", Member(Act::Govern), change)
}

#[derive(Clone, Serialize, Deserialize)]
struct SettingsDraft {
    #[serde(flatten)]
    business: BusinessDraft,
    #[serde(flatten)]
    hours: HoursDraft,
    #[serde(default)]
    forget_after: String,
}

async fn show(inside: Inside, RawQuery(query): RawQuery) -> Result<Response, Error> {
    let home = inside.visit.state.store.home(inside.actor()).await?;
    let draft = SettingsDraft::from(&home.business);
    let saved = query.as_deref() == Some(SAVED);
    let title = inside.visit.texts.say("settings-title");
    Ok(inside.page(&title, || page(inside.visit.texts, &home, &draft, saved, &Trouble::default())))
}

async fn change(inside: Inside, Replacing { form, seen }: Replacing<SettingsDraft>) -> Result<Response, Error> {
    let store = inside.since(&seen);
    let home = store.home(inside.actor()).await?;
    let draft =
        SettingsDraft { business: BusinessDraft { slug: home.business.slug.to_string(), ..form.business }, ..form };
    let changed = match draft.parse(&home.business) {
        Ok(business) => store.change_business(inside.actor(), &business).await.map_err(Error::from),
        Err(faults) => Err(faults.into()),
    };
    match changed {
        Ok(()) => Ok(go(&format!("/settings?{SAVED}"))),
        Err(error) => {
            let (texts, home) = (inside.visit.texts, store.home(inside.actor()).await?);
            let (title, sent) = (texts.say("settings-title"), Sent::new(seen, &draft));
            inside.again_beside(error, &title, sent, word, |trouble| page(texts, &home, &draft, false, &trouble))
        }
    }
}

/// How a value of the settings is shown.
fn word(field: &str, value: &str) -> Option<String> {
    (field == "language").then(|| Language::parse(value).ok().map(|language| language.own_name().to_owned()))?
}

impl SettingsDraft {
    /// The business as it is to be; its public name stays what it is.
    fn parse(&self, now: &Business) -> Result<Business, Faults> {
        let typed = BusinessDraft { slug: now.slug.to_string(), ..self.business.clone() };
        let hours = self.hours.parse();
        let retention = Retention::parse(&self.forget_after).map_err(|fault| Faults::one("forget_after", fault));
        let business = typed.parse(hours.clone().unwrap_or_else(|_| Hours::always()));
        match (hours, retention, business) {
            (Ok(_), Ok(retention), Ok(business)) => Ok(Business { retention, ..business }),
            (hours, retention, business) => {
                let wrong = business.err().unwrap_or_default().and(hours.err().unwrap_or_default());
                Err(wrong.and(retention.err().unwrap_or_default()))
            }
        }
    }
}

impl From<&Business> for SettingsDraft {
    fn from(business: &Business) -> Self {
        let forget_after = business.retention.months().to_string();
        Self { business: business.into(), hours: (&business.hours).into(), forget_after }
    }
}

fn page(texts: Texts, home: &Home, draft: &SettingsDraft, saved: bool, trouble: &Trouble) -> impl IntoView + use<> {
    let Business { name, contact, .. } = &home.business;
    let who = [("person", contact.name.to_string().into()), ("business", name.to_string().into())];
    let saved = saved.then(|| view! { <p class="note" role="status">{texts.say("settings-saved")}</p> });
    view! {
        <main id="main" class="slim">
            <div class="grid tight">
                <h1>{texts.tell("settings-headline", &who)}</h1>
                <p>{texts.say("settings-lead")}</p>
            </div>
            {saved}
            {trouble.summary(texts)}
            <form class="settings" method="post" action="/settings">
                {trouble.revision(&Revision::of(&stands::business(&home.business)))}
                {business(texts, &draft.business, trouble)}
                {contact_fields(texts, &draft.business, trouble)}
                {hours(texts, &draft.hours, trouble)}
                {retention(texts, &draft.forget_after, trouble)}
                <p><button class="btn tall">{texts.say("action-save")}</button></p>
            </form>
            <section class="card grid">
                <h2>{texts.say("settings-walls")}</h2>
                <ul class="list">
                    <li><a href="/settings/second-step">{texts.say("required-title")}</a></li>
                    <li><a href="/tokens">{texts.say("tokens-title")}</a></li>
                    <li><a href="/audit">{texts.say("audit-title")}</a></li>
                </ul>
            </section>
            {archive::section(texts)}
        </main>
    }
}

fn business(texts: Texts, draft: &BusinessDraft, trouble: &Trouble) -> impl IntoView + use<> {
    let BusinessDraft { name, zone, currency, language, .. } = draft.clone();
    let at = |field: &str| trouble.at(texts, field);
    let languages = Language::ALL.map(|lang| Item::new(lang.code(), lang.own_name())).to_vec();
    let zones = ZONES.map(|zone| view! { <option value=zone></option> }).collect_view();
    view! {
        <h2>{texts.say("settings-business")}</h2>
        <Field name="name" label=texts.say("settings-name") hint=texts.say("settings-name-hint") value=name fault=at("name") required=true autocomplete="organization" />
        <Field name="zone" label=texts.say("settings-zone") hint=texts.say("settings-zone-hint") value=zone fault=at("zone") required=true list="zones" autocomplete="off" />
        <datalist id="zones">{zones}</datalist>
        <Field name="currency" label=texts.say("settings-currency") hint=texts.say("settings-currency-hint") value=currency fault=at("currency") required=true autocomplete="off" />
        <Select name="language" label=texts.say("settings-language") hint=texts.say("settings-language-hint") items=languages value=language fault=at("language") required=true />
    }
}

fn contact_fields(texts: Texts, draft: &BusinessDraft, trouble: &Trouble) -> impl IntoView + use<> {
    let BusinessDraft { contact_name, contact_email, contact_phone, .. } = draft.clone();
    let at = |field: &str| trouble.at(texts, field);
    view! {
        <h2>{texts.say("settings-contact")}</h2>
        <p class="soft">{texts.say("settings-contact-lead")}</p>
        <Field name="contact_name" label=texts.say("settings-contact-name") value=contact_name fault=at("contact_name") required=true autocomplete="name" />
        <Field name="contact_email" label=texts.say("settings-contact-email") kind=Kind::Email value=contact_email fault=at("contact_email") autocomplete="email" />
        <Field name="contact_phone" label=texts.say("settings-contact-phone") kind=Kind::Phone value=contact_phone fault=at("contact_phone") autocomplete="tel" />
    }
}

fn hours(texts: Texts, draft: &HoursDraft, trouble: &Trouble) -> impl IntoView + use<> {
    let at = |field: &str| trouble.at(texts, field);
    let days = HoursDraft::DAYS.into_iter().zip(draft.days()).zip(WEEKDAYS).map(|((name, typed), weekday)| {
        view! { <Field name=name label=texts.say(weekday) value=typed fault=at(name) autocomplete="off" /> }
    });
    view! {
        <h2>{texts.say("settings-hours")}</h2>
        <p class="soft">{texts.say("settings-hours-lead")}</p>
        <p class="hint">{texts.say("settings-hours-hint")}</p>
        <div class="hours">{days.collect_view()}</div>
        <Area name="holidays" label=texts.say("settings-holidays") hint=texts.say("settings-holidays-hint") value=draft.holidays.clone() fault=at("holidays") rows=4 />
    }
}

fn retention(texts: Texts, forget_after: &str, trouble: &Trouble) -> impl IntoView + use<> {
    let (value, fault) = (forget_after.to_owned(), trouble.at(texts, "forget_after"));
    view! {
        <h2>{texts.say("customers-retention")}</h2>
        <p class="soft">{texts.say("customers-retention-lead")}</p>
        <Field name="forget_after" label=texts.say("customers-forget-after") hint=texts.say("customers-forget-after-hint") kind=Kind::Number value fault required=true autocomplete="off" />
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::fault::Fault;

    fn typed(form: &str) -> SettingsDraft {
        serde_html_form::from_str(form).unwrap()
    }

    fn business() -> Business {
        let draft = BusinessDraft {
            name: "Prairie Stop".into(),
            slug: "prairie-stop".into(),
            zone: "America/Chicago".into(),
            currency: "USD".into(),
            language: "en".into(),
            contact_name: "Ada Lind".into(),
            contact_email: "ada@prairie.example".into(),
            ..BusinessDraft::default()
        };
        draft.parse(Hours::always()).unwrap()
    }

    const WHOLE: &str = "zone=Europe%2FWarsaw&currency=PLN&language=pl&contact_name=Ada&contact_phone=1&monday=06:00-22:00&forget_after=6";

    #[test]
    fn a_new_name_leaves_the_public_one_alone() {
        let changed = typed(&format!("name=你好&{WHOLE}")).parse(&business()).unwrap();
        assert_eq!((changed.name.as_str(), changed.slug.as_str()), ("你好", "prairie-stop"));
        assert_eq!((changed.hours.week()[0].len(), changed.retention.months()), (1, 6));
    }

    #[test]
    fn faults_of_business_and_hours_come_together() {
        let faults = typed("name=&monday=6-22&forget_after=never").parse(&business()).unwrap_err();
        assert_eq!(faults.at("name"), Some(Fault::Missing));
        assert_eq!(faults.at("monday"), Some(Fault::Malformed));
        assert_eq!(faults.at("forget_after"), Some(Fault::NotANumber));
    }

    #[test]
    fn what_is_shown_can_be_sent_back_as_it_is() {
        let now = business();
        assert_eq!(SettingsDraft::from(&now).parse(&now), Ok(now));
    }

    #[test]
    fn every_zone_offered_exists() {
        for zone in ZONES {
            assert!(zone.parse::<chrono_tz::Tz>().is_ok(), "{zone}");
        }
    }
}
