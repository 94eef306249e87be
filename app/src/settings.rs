//! The settings of a business: name, contact, language, opening hours and retention.

use axum::response::Response;
use domain::business::{Business, BusinessDraft};
use domain::customer::Retention;
use domain::edit_tag::EditTag;
use domain::fault::Faults;
use domain::hours::{Hours, HoursDraft};
use domain::role::Permission;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use store::{BusinessInfo, edit_state};

use crate::addresses;
use crate::archive;
use crate::doors::AccessRule::Member;
use crate::doors::Doors;
use crate::error::Error;
use crate::flash::Flash;
use crate::form::{Area, ChoiceItem, Field, InputKind, Select};
use crate::page::{FormErrors, Submission};
use crate::request_context::{SignedIn, VersionedForm};
use crate::texts::Texts;
use crate::zones::zone_options;
use domain::business::Language;

const WEEKDAYS: [&str; 7] = ["weekday-1", "weekday-2", "weekday-3", "weekday-4", "weekday-5", "weekday-6", "weekday-7"];

pub fn doors(doors: Doors) -> Doors {
    doors.get(addresses::SETTINGS, Member(Permission::Administer), show).post(
        addresses::SETTINGS,
        Member(Permission::Administer),
        change,
    )
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

async fn show(signed_in: SignedIn) -> Result<Response, Error> {
    let info = signed_in.context.state.store.business(signed_in.actor()).await?;
    let draft = SettingsDraft::from(&info.business);
    let title = signed_in.context.texts.text("settings-title");
    Ok(signed_in.page(&title, || page(signed_in.context.texts, &info, &draft, &FormErrors::default())))
}

async fn change(
    signed_in: SignedIn,
    VersionedForm { form, revision }: VersionedForm<SettingsDraft>,
) -> Result<Response, Error> {
    let store = signed_in.store_at(&revision);
    let info = store.business(signed_in.actor()).await?;
    let draft =
        SettingsDraft { business: BusinessDraft { slug: info.business.slug.to_string(), ..form.business }, ..form };
    let changed = match draft.parse(&info.business) {
        Ok(business) => store.update_business(signed_in.actor(), &business).await.map_err(Error::from),
        Err(faults) => Err(faults.into()),
    };
    match changed {
        Ok(()) => Ok(signed_in.saved(addresses::SETTINGS, Flash::SettingsSaved)),
        Err(error) => {
            let (texts, info) = (signed_in.context.texts, store.business(signed_in.actor()).await?);
            let (title, sent) = (texts.text("settings-title"), Submission::new(revision, &draft));
            signed_in
                .rerender_with_current(error, &title, sent, display_value, |errors| page(texts, &info, &draft, &errors))
        }
    }
}

/// How a value of the settings is displayed.
fn display_value(field: &str, value: &str) -> Option<String> {
    (field == "language").then(|| Language::parse(value).ok().map(|language| language.native_name().to_owned()))?
}

impl SettingsDraft {
    /// The business with the typed values. Its public name does not change.
    fn parse(&self, now: &Business) -> Result<Business, Faults> {
        let typed = BusinessDraft { slug: now.slug.to_string(), ..self.business.clone() };
        let hours = self.hours.parse();
        let retention = Retention::parse(&self.forget_after).map_err(|fault| Faults::one("forget_after", fault));
        let business = typed.parse(hours.clone().unwrap_or_else(|_| Hours::always()));
        match (hours, retention, business) {
            (Ok(_), Ok(retention), Ok(business)) => Ok(Business { retention, ..business }),
            (hours, retention, business) => {
                let wrong = business.err().unwrap_or_default().merge(hours.err().unwrap_or_default());
                Err(wrong.merge(retention.err().unwrap_or_default()))
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

fn page(texts: Texts, info: &BusinessInfo, draft: &SettingsDraft, errors: &FormErrors) -> impl IntoView + use<> {
    let Business { name, contact, .. } = &info.business;
    let who = [("person", contact.name.to_string().into()), ("business", name.to_string().into())];
    view! {
        <main id="main" class="slim">
            <div class="grid tight">
                <h1>{texts.text_with("settings-headline", &who)}</h1>
                <p>{texts.text("settings-lead")}</p>
            </div>
            {errors.summary(texts)}
            <form class="settings" method="post" action=addresses::SETTINGS>
                {errors.revision_field(&EditTag::of(&edit_state::business(&info.business)))}
                {business_fields(texts, &draft.business, errors)}
                {contact_fields(texts, &draft.business, errors)}
                {hours_fields(texts, &draft.hours, errors)}
                {retention_field(texts, &draft.forget_after, errors)}
                <p><button class="btn tall">{texts.text("action-save")}</button></p>
            </form>
            <section class="card grid">
                <h2>{texts.text("settings-security")}</h2>
                <ul class="list">
                    <li><a href=addresses::REQUIRED_FACTORS>{texts.text("required-title")}</a></li>
                    <li><a href=addresses::TOKENS>{texts.text("tokens-title")}</a></li>
                    <li><a href=addresses::AUDIT>{texts.text("audit-title")}</a></li>
                </ul>
            </section>
            {archive::settings_section(texts)}
        </main>
    }
}

fn business_fields(texts: Texts, draft: &BusinessDraft, errors: &FormErrors) -> impl IntoView + use<> {
    let BusinessDraft { name, zone, currency, language, .. } = draft.clone();
    let at = |field: &str| errors.for_field(texts, field);
    let languages = Language::ALL.map(|lang| ChoiceItem::new(lang.code(), lang.native_name())).to_vec();
    view! {
        <h2>{texts.text("settings-business")}</h2>
        <Field name="name" label=texts.text("settings-name") hint=texts.text("settings-name-hint") value=name fault=at("name") required=true autocomplete="organization" />
        <Field name="zone" label=texts.text("settings-zone") hint=texts.text("settings-zone-hint") value=zone fault=at("zone") required=true list="zones" autocomplete="off" />
        <datalist id="zones">{zone_options()}</datalist>
        <Field name="currency" label=texts.text("settings-currency") hint=texts.text("settings-currency-hint") value=currency fault=at("currency") required=true autocomplete="off" />
        <Select name="language" label=texts.text("settings-language") hint=texts.text("settings-language-hint") items=languages value=language fault=at("language") required=true />
    }
}

fn contact_fields(texts: Texts, draft: &BusinessDraft, errors: &FormErrors) -> impl IntoView + use<> {
    let BusinessDraft { contact_name, contact_email, contact_phone, .. } = draft.clone();
    let at = |field: &str| errors.for_field(texts, field);
    view! {
        <h2>{texts.text("settings-contact")}</h2>
        <p class="muted">{texts.text("settings-contact-lead")}</p>
        <Field name="contact_name" label=texts.text("settings-contact-name") value=contact_name fault=at("contact_name") required=true autocomplete="name" />
        <Field name="contact_email" label=texts.text("settings-contact-email") kind=InputKind::Email value=contact_email fault=at("contact_email") autocomplete="email" />
        <Field name="contact_phone" label=texts.text("settings-contact-phone") kind=InputKind::Phone value=contact_phone fault=at("contact_phone") autocomplete="tel" />
    }
}

fn hours_fields(texts: Texts, draft: &HoursDraft, errors: &FormErrors) -> impl IntoView + use<> {
    let at = |field: &str| errors.for_field(texts, field);
    let days = HoursDraft::DAYS.into_iter().zip(draft.days()).zip(WEEKDAYS).map(|((name, typed), weekday)| {
        view! { <Field name=name label=texts.text(weekday) value=typed fault=at(name) autocomplete="off" /> }
    });
    view! {
        <h2>{texts.text("settings-hours")}</h2>
        <p class="muted">{texts.text("settings-hours-lead")}</p>
        <p class="hint">{texts.text("settings-hours-hint")}</p>
        <div class="hours">{days.collect_view()}</div>
        <Area name="holidays" label=texts.text("settings-holidays") hint=texts.text("settings-holidays-hint") value=draft.holidays.clone() fault=at("holidays") rows=4 />
    }
}

fn retention_field(texts: Texts, forget_after: &str, errors: &FormErrors) -> impl IntoView + use<> {
    let (value, fault) = (forget_after.to_owned(), errors.for_field(texts, "forget_after"));
    view! {
        <h2>{texts.text("customers-retention")}</h2>
        <p class="muted">{texts.text("customers-retention-lead")}</p>
        <Field name="forget_after" label=texts.text("customers-forget-after") hint=texts.text("customers-forget-after-hint") kind=InputKind::Number value fault required=true autocomplete="off" />
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

    const VALID_FORM: &str = "zone=Europe%2FWarsaw&currency=PLN&language=pl&contact_name=Ada&contact_phone=1&monday=06:00-22:00&forget_after=6";

    #[test]
    fn renaming_a_business_does_not_change_its_slug() {
        let changed = typed(&format!("name=你好&{VALID_FORM}")).parse(&business()).unwrap();
        assert_eq!((changed.name.as_str(), changed.slug.as_str()), ("你好", "prairie-stop"));
        assert_eq!((changed.hours.week()[0].len(), changed.retention.months()), (1, 6));
    }

    #[test]
    fn faults_of_business_and_hours_are_reported_together() {
        let faults = typed("name=&monday=6-22&forget_after=never").parse(&business()).unwrap_err();
        assert_eq!(faults.of_field("name"), Some(Fault::Missing));
        assert_eq!(faults.of_field("monday"), Some(Fault::Malformed));
        assert_eq!(faults.of_field("forget_after"), Some(Fault::NotANumber));
    }

    #[test]
    fn unchanged_settings_can_be_saved() {
        let now = business();
        assert_eq!(SettingsDraft::from(&now).parse(&now), Ok(now));
    }
}
