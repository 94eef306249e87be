//! Instants in export files for people.

use chrono::{DateTime, SecondsFormat, Utc};

/// RFC 3339, in UTC, to the millisecond.
pub(crate) fn format_timestamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}
