//! The business that makes the promises.

use serde::{Deserialize, Serialize};

use crate::actor::{Reach, Role};
use crate::customer::Retention;
use crate::fault::{Fault, Faults, optional};
use crate::hours::Hours;
use crate::money::Currency;
use crate::person::{Email, Newcomer, Password};
use crate::slug::Slug;
use crate::text::{Line, is_blank, tidy};

/// The languages people read here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    En,
    Pl,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Business {
    pub slug: Slug,
    pub name: Line,
    /// The name of a zone in the tz database; whether it exists is known where that database is.
    pub zone: Line,
    pub currency: Currency,
    pub language: Language,
    pub contact: Contact,
    pub hours: Hours,
    /// When customers are forgotten.
    pub retention: Retention,
}

/// The person who answers for the promises, by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    pub name: Line,
    pub email: Option<Email>,
    pub phone: Option<Line>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct BusinessDraft {
    pub name: String,
    pub slug: String,
    pub zone: String,
    pub currency: String,
    pub language: String,
    pub contact_name: String,
    pub contact_email: String,
    pub contact_phone: String,
}

/// The first page of an installation: a business, and the person who owns it and answers for its promises.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct BeginDraft {
    #[serde(flatten)]
    pub business: BusinessDraft,
    /// What the owner signs in with: not shown to customers.
    pub email: String,
    pub password: String,
}

impl BeginDraft {
    /// A business that is always open, until its owner says otherwise.
    ///
    /// # Errors
    /// Every field that is not as it must be.
    pub fn parse(&self) -> Result<(Business, Newcomer), Faults> {
        let mut faults = Faults::default();
        let email = faults.take("email", Email::parse(&self.email));
        let password = faults.take("password", Password::parse(&self.password));
        match (self.business.parse(Hours::always()), email, password) {
            (Ok(business), Some(email), Some(password)) => {
                let name = business.contact.name.clone();
                Ok((business, Newcomer { name, email, password, role: Role::Owner, reach: Reach::Everywhere }))
            }
            (Err(more), ..) => Err(more.and(faults)),
            _ => Err(faults),
        }
    }
}

impl Language {
    pub const ALL: [Self; 2] = [Self::En, Self::Pl];

    /// The language tag (BCP 47).
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Pl => "pl",
        }
    }

    /// What its speakers call it.
    #[must_use]
    pub fn own_name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Pl => "Polski",
        }
    }

    /// # Errors
    /// Not the code of a language Trialmark speaks.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        Self::ALL.into_iter().find(|language| language.code() == tidy(text)).ok_or(Fault::UnknownChoice)
    }
}

impl BusinessDraft {
    /// With the opening hours it has so far, and customers remembered for a year. Without a slug, one is made from the
    /// name.
    ///
    /// # Errors
    /// Every field that is not as it must be; a contact without an address or a number.
    pub fn parse(&self, hours: Hours) -> Result<Business, Faults> {
        let mut faults = Faults::default();
        let name = faults.take("name", Line::parse(&self.name));
        let slug = faults.take("slug", self.slug());
        let zone = faults.take("zone", Line::parse(&self.zone));
        let currency = faults.take("currency", Currency::parse(&self.currency));
        let language = faults.take("language", Language::parse(&self.language));
        let contact = faults.take("contact_name", Line::parse(&self.contact_name));
        let email = faults.take("contact_email", optional(&self.contact_email, Email::parse));
        let phone = faults.take("contact_phone", optional(&self.contact_phone, Line::parse));
        if email == Some(None) && phone == Some(None) {
            faults.take("contact_email", Err::<(), _>(Fault::Missing));
        }
        match (name, slug, zone, currency, language, contact, email, phone) {
            (
                Some(name),
                Some(slug),
                Some(zone),
                Some(currency),
                Some(language),
                Some(contact),
                Some(email),
                Some(phone),
            ) if faults.is_empty() => {
                let contact = Contact { name: contact, email, phone };
                let retention = Retention::default();
                Ok(Business { slug, name, zone, currency, language, contact, hours, retention })
            }
            _ => Err(faults),
        }
    }

    fn slug(&self) -> Result<Slug, Fault> {
        if is_blank(&self.slug) { Slug::suggest(&self.name).ok_or(Fault::Missing) } else { Slug::parse(&self.slug) }
    }
}

impl Business {
    /// Whether this is the business that is meant: what cannot be undone is only done to the one whose name was typed.
    ///
    /// # Errors
    /// Another name, or none.
    pub fn confirm(&self, typed: &str) -> Result<(), Faults> {
        let fault = match tidy(typed).as_str() {
            "" => Fault::Missing,
            // Typed again it comes tidied, however it was stored.
            name if name == tidy(self.name.as_str()) => return Ok(()),
            _ => Fault::Wrong,
        };
        Err(Faults::one("name", fault))
    }
}

impl From<&Business> for BusinessDraft {
    fn from(business: &Business) -> Self {
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        Self {
            name: business.name.to_string(),
            slug: business.slug.to_string(),
            zone: business.zone.to_string(),
            currency: business.currency.code().to_owned(),
            language: business.language.code().to_owned(),
            contact_name: business.contact.name.to_string(),
            contact_email: text(business.contact.email.as_ref().map(Email::as_str)),
            contact_phone: text(business.contact.phone.as_ref().map(Line::as_str)),
        }
    }
}
