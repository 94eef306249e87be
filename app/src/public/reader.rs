//! Who reads, in which words, and what the clocks of the business show.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use store::Home;

use crate::texts::Texts;

/// A reader of one business's pages.
pub struct Reader<'p> {
    pub texts: Texts,
    pub home: &'p Home,
    pub now: DateTime<Utc>,
}

impl Reader<'_> {
    pub fn business(&self) -> &str {
        self.home.business.name.as_str()
    }

    /// The address of everything the business promises.
    pub fn charter(&self) -> String {
        format!("/p/{}", self.home.business.slug)
    }

    /// The language of the business's own words, where the page speaks another.
    pub fn theirs(&self) -> Option<&'static str> {
        let theirs = self.home.business.language.code();
        (theirs != self.texts.lang().code()).then_some(theirs)
    }

    /// `17 November 2026, 9:40`, by the clocks of the business.
    pub fn moment(&self, at: DateTime<Utc>) -> String {
        self.texts.full_moment(self.local(at))
    }

    /// `17 November 2026`, by the calendar of the business.
    pub fn day(&self, at: DateTime<Utc>) -> String {
        self.texts.day(self.local(at).date())
    }

    /// How long ago it was, as long as that says more than a date.
    pub fn since(&self, at: DateTime<Utc>) -> String {
        let span = self.now - at;
        if span < TimeDelta::hours(24) { self.texts.ago(span) } else { self.moment(at) }
    }

    fn local(&self, at: DateTime<Utc>) -> NaiveDateTime {
        at.with_timezone(&self.home.zone).naive_local()
    }
}
