//! A shared phone or tablet: registered for one site by a link, good for logging checks and nothing else.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;

use crate::fault::{Fault, Faults};
use crate::ids::SiteId;
use crate::member::Refused;
use crate::text::{Line, is_blank, tidy};

/// How long the link that makes a device of a tablet can be used.
pub const LINK_LASTS: TimeDelta = TimeDelta::hours(1);

/// How long someone who typed their PIN is believed to stand there.
pub const TURN_LASTS: TimeDelta = TimeDelta::minutes(15);

/// A device about to be registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// As people call it: the tablet at the counter.
    pub name: Line,
    pub site: SiteId,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct DeviceDraft {
    pub name: String,
    pub site: String,
}

/// What has become of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Its link waits to be opened.
    Awaited,
    /// Nobody opened the link in time.
    RunOut,
    Registered,
    Revoked,
}

/// The facts from which the state follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Course {
    pub link_expires_at: DateTime<Utc>,
    pub registered: bool,
    pub revoked: bool,
}

impl DeviceDraft {
    /// # Errors
    /// Every field that is not as it must be.
    pub fn parse(&self) -> Result<Device, Faults> {
        let mut faults = Faults::default();
        let name = faults.take("name", Line::parse(&self.name));
        let site = faults.take("site", site(&self.site));
        match (name, site) {
            (Some(name), Some(site)) => Ok(Device { name, site }),
            _ => Err(faults),
        }
    }
}

fn site(text: &str) -> Result<SiteId, Fault> {
    if is_blank(text) { Err(Fault::Missing) } else { tidy(text).parse().map_err(|_| Fault::NotFound) }
}

impl Course {
    #[must_use]
    pub fn state(self, now: DateTime<Utc>) -> State {
        match self {
            Self { revoked: true, .. } => State::Revoked,
            Self { registered: true, .. } => State::Registered,
            Self { link_expires_at, .. } if link_expires_at <= now => State::RunOut,
            _ => State::Awaited,
        }
    }

    /// Whether it may be given a new link, so that the one before ends.
    ///
    /// # Errors
    /// A tablet was registered with it, or it was revoked.
    pub fn renew(self) -> Result<(), Refused> {
        if self.registered || self.revoked { Err(Refused::Over) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_device_has_a_name_and_a_site() {
        let faults = DeviceDraft::default().parse().unwrap_err();
        assert_eq!((faults.at("name"), faults.at("site")), (Some(Fault::Missing), Some(Fault::Missing)));
        let faults = DeviceDraft { name: "Counter".into(), site: "here".into() }.parse().unwrap_err();
        assert_eq!(faults.at("site"), Some(Fault::NotFound));
        let site: SiteId = "01930000-0000-7000-8000-000000000001".parse().unwrap();
        let device = DeviceDraft { name: " Counter ".into(), site: site.to_string() }.parse().unwrap();
        assert_eq!((device.name.as_str(), device.site), ("Counter", site));
    }

    proptest! {
        #[test]
        fn a_revoked_device_is_never_anything_else(registered: bool, revoked: bool, left in -10_i64..10) {
            let now = DateTime::UNIX_EPOCH;
            let course = Course { link_expires_at: now + TimeDelta::seconds(left), registered, revoked };
            let state = course.state(now);
            prop_assert_eq!(course.renew().is_ok(), !registered && !revoked);
            prop_assert_eq!(state == State::Revoked, revoked);
            prop_assert_eq!(state == State::Registered, registered && !revoked);
            prop_assert_eq!(state == State::Awaited, !registered && !revoked && left > 0);
        }
    }
}
