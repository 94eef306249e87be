//! Instants as they are written for others.

use chrono::{DateTime, SecondsFormat, Utc};

/// RFC 3339, in UTC, to the millisecond.
pub(crate) fn written(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}
