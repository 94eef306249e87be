//! The shared device: a phone or tablet registered for one site by a link, used only for logging and correcting checks.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;

use crate::fault::{Fault, Faults};
use crate::ids::SiteId;
use crate::member::MemberError;
use crate::text::{Line, is_blank, tidy};

/// How long the link that registers a device is valid.
pub const LINK_TTL: TimeDelta = TimeDelta::hours(1);

/// How long a person stays identified at a device after they typed their PIN.
pub const PIN_SESSION_TTL: TimeDelta = TimeDelta::minutes(15);

/// A device about to be registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// The name people use, such as "the tablet at the counter".
    pub name: Line,
    pub site: SiteId,
}

/// Input for a [`Device`], as text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct DeviceDraft {
    pub name: String,
    pub site: String,
}

/// The state of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceState {
    /// Its registration link was not opened yet.
    Pending,
    /// Nobody opened the link in time.
    Expired,
    Registered,
    Revoked,
}

/// The stored facts that decide the state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeviceLifecycle {
    pub link_expires_at: DateTime<Utc>,
    pub registered: bool,
    pub revoked: bool,
}

impl DeviceDraft {
    /// Parses the draft.
    ///
    /// # Errors
    /// The [`Faults`] of every invalid field.
    pub fn parse(&self) -> Result<Device, Faults> {
        let mut faults = Faults::default();
        let name = faults.collect("name", Line::parse(&self.name));
        let site = faults.collect("site", site(&self.site));
        match (name, site) {
            (Some(name), Some(site)) => Ok(Device { name, site }),
            _ => Err(faults),
        }
    }
}

fn site(text: &str) -> Result<SiteId, Fault> {
    if is_blank(text) { Err(Fault::Missing) } else { tidy(text).parse().map_err(|_| Fault::NotFound) }
}

impl DeviceLifecycle {
    /// The state at `now`.
    #[must_use]
    pub fn state(self, now: DateTime<Utc>) -> DeviceState {
        match self {
            Self { revoked: true, .. } => DeviceState::Revoked,
            Self { registered: true, .. } => DeviceState::Registered,
            Self { link_expires_at, .. } if link_expires_at <= now => DeviceState::Expired,
            _ => DeviceState::Pending,
        }
    }

    /// Requires that the device may get a new registration link. The new link ends the old one.
    ///
    /// # Errors
    /// [`MemberError::NoLongerOpen`] if it was registered or revoked.
    pub fn renew(self) -> Result<(), MemberError> {
        if self.registered || self.revoked { Err(MemberError::NoLongerOpen) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_device_needs_a_name_and_a_site() {
        let faults = DeviceDraft::default().parse().unwrap_err();
        assert_eq!((faults.of_field("name"), faults.of_field("site")), (Some(Fault::Missing), Some(Fault::Missing)));
        let faults = DeviceDraft { name: "Counter".into(), site: "here".into() }.parse().unwrap_err();
        assert_eq!(faults.of_field("site"), Some(Fault::NotFound));
        let site: SiteId = "01930000-0000-7000-8000-000000000001".parse().unwrap();
        let device = DeviceDraft { name: " Counter ".into(), site: site.to_string() }.parse().unwrap();
        assert_eq!((device.name.as_str(), device.site), ("Counter", site));
    }

    proptest! {
        #[test]
        fn revocation_overrides_every_other_device_state(registered: bool, revoked: bool, left in -10_i64..10) {
            let now = DateTime::UNIX_EPOCH;
            let course = DeviceLifecycle { link_expires_at: now + TimeDelta::seconds(left), registered, revoked };
            let state = course.state(now);
            prop_assert_eq!(course.renew().is_ok(), !registered && !revoked);
            prop_assert_eq!(state == DeviceState::Revoked, revoked);
            prop_assert_eq!(state == DeviceState::Registered, registered && !revoked);
            prop_assert_eq!(state == DeviceState::Pending, !registered && !revoked && left > 0);
        }
    }
}
