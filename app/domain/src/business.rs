//! The business that makes the promises.

use serde::{Deserialize, Serialize};

use crate::closed_set::closed_set;
use crate::customer::Retention;
use crate::fault::{Fault, Faults, parse_optional};
use crate::hours::Hours;
use crate::money::Currency;
use crate::person::{Email, NewMember, Password};
use crate::role::Role;
use crate::site_access::SiteAccess;
use crate::slug::Slug;
use crate::text::{Line, is_blank, tidy};

/// The languages of the user interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    En,
    Pl,
}

/// A business: its public name and address, time zone, opening hours and settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Business {
    pub slug: Slug,
    pub name: Line,
    /// The name of a time zone in the tz database. Whether it exists is checked elsewhere, where that database is
    /// available.
    pub zone: Line,
    pub currency: Currency,
    pub language: Language,
    pub contact: Contact,
    pub hours: Hours,
    /// How long customers' data is kept.
    pub retention: Retention,
}

/// The person who answers for the promises, named in public.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    pub name: Line,
    pub email: Option<Email>,
    pub phone: Option<Line>,
}

/// Input for a [`Business`], as text.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct BusinessDraft {
    pub name: String,
    /// The slug. Blank means that one is made from the name.
    pub slug: String,
    pub zone: String,
    pub currency: String,
    pub language: String,
    pub contact_name: String,
    pub contact_email: String,
    pub contact_phone: String,
}

/// The form that sets up an installation: a business, and its owner, who is also its contact.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct FirstBusinessDraft {
    #[serde(flatten)]
    pub business: BusinessDraft,
    /// The owner's sign-in address. It is not shown to customers.
    pub email: String,
    pub password: String,
}

impl FirstBusinessDraft {
    /// Parses the business and its owner. The business is always open until the owner sets its hours.
    ///
    /// # Errors
    /// The [`Faults`] of every invalid field.
    pub fn parse(&self) -> Result<(Business, NewMember), Faults> {
        let mut faults = Faults::default();
        let email = faults.collect("email", Email::parse(&self.email));
        let password = faults.collect("password", Password::parse(&self.password));
        match (self.business.parse(Hours::always()), email, password) {
            (Ok(business), Some(email), Some(password)) => {
                let name = business.contact.name.clone();
                Ok((
                    business,
                    NewMember { name, email, password, role: Role::Owner, site_access: SiteAccess::AllSites },
                ))
            }
            (Err(more), ..) => Err(more.merge(faults)),
            _ => Err(faults),
        }
    }
}

closed_set! { Language.code { En = "en", Pl = "pl" } }

impl Language {
    /// The name of the language in the language itself.
    #[must_use]
    pub fn native_name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Pl => "Polski",
        }
    }

    /// The currency that a new business in this language most likely uses, as a suggestion.
    #[must_use]
    pub fn likely_currency(self) -> &'static str {
        match self {
            Self::En => "USD",
            Self::Pl => "PLN",
        }
    }

    /// Reads a language by its code.
    ///
    /// # Errors
    /// [`Fault::UnknownChoice`] if there is no such language.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        Self::ALL.into_iter().find(|language| language.code() == tidy(text)).ok_or(Fault::UnknownChoice)
    }
}

impl BusinessDraft {
    /// Parses the business, with these opening hours and the default [`Retention`] of 12 months. If the slug is blank,
    /// it is made from the name.
    ///
    /// # Errors
    /// The [`Faults`] of every invalid field. The contact needs an e-mail address or a phone number.
    pub fn parse(&self, hours: Hours) -> Result<Business, Faults> {
        let mut faults = Faults::default();
        let name = faults.collect("name", Line::parse(&self.name));
        let slug = faults.collect("slug", self.slug());
        let zone = faults.collect("zone", Line::parse(&self.zone));
        let currency = faults.collect("currency", Currency::parse(&self.currency));
        let language = faults.collect("language", Language::parse(&self.language));
        let contact = faults.collect("contact_name", Line::parse(&self.contact_name));
        let email = faults.collect("contact_email", parse_optional(&self.contact_email, Email::parse));
        let phone = faults.collect("contact_phone", parse_optional(&self.contact_phone, Line::parse));
        if email == Some(None) && phone == Some(None) {
            faults.collect("contact_email", Err::<(), _>(Fault::Missing));
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
    /// Requires that the name of this business was typed, as a confirmation before something that cannot be undone.
    ///
    /// # Errors
    /// [`Fault::Missing`], or [`Fault::Wrong`] if it is another name.
    pub fn require_name(&self, typed: &str) -> Result<(), Faults> {
        let fault = match tidy(typed).as_str() {
            "" => Fault::Missing,
            // The typed name is tidied, so the stored one is tidied too before they are compared.
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
