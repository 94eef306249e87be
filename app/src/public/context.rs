//! The language, the business and the time of a public page.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use store::BusinessInfo;

use crate::addresses;
use crate::texts::Texts;

/// What all parts of a public page need to be rendered.
pub struct PublicContext<'p> {
    pub texts: Texts,
    pub info: &'p BusinessInfo,
    pub now: DateTime<Utc>,
}

impl PublicContext<'_> {
    pub fn business_name(&self) -> &str {
        self.info.business.name.as_str()
    }

    /// The address of the charter.
    pub fn charter_address(&self) -> String {
        addresses::charter(&self.info.business.slug)
    }

    /// The language of the business's own texts, if the page is in another one.
    pub fn foreign_language(&self) -> Option<&'static str> {
        let language = self.info.business.language.code();
        (language != self.texts.lang().code()).then_some(language)
    }

    /// `17 November 2026, 9:40`, in the business's time zone.
    pub fn date_time(&self, instant: DateTime<Utc>) -> String {
        self.texts.full_date_time(self.local(instant))
    }

    /// `17 November 2026`, in the business's time zone.
    pub fn date(&self, instant: DateTime<Utc>) -> String {
        self.texts.date(self.local(instant).date())
    }

    /// How long ago it was, or the date and time once a day has passed.
    pub fn time_ago(&self, instant: DateTime<Utc>) -> String {
        let span = self.now - instant;
        if span < TimeDelta::hours(24) { self.texts.ago(span) } else { self.date_time(instant) }
    }

    fn local(&self, instant: DateTime<Utc>) -> NaiveDateTime {
        instant.with_timezone(&self.info.zone).naive_local()
    }
}
