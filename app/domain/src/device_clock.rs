//! Estimates when a check was made, from the clock of the device.
//!
//! That clock may be wrong, and may be set right before the check is sent.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// The clock readings around one check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockReadings {
    /// The device's clock when the check was made.
    pub at: DateTime<Utc>,
    /// The device's clock when the check was sent.
    pub sent: DateTime<Utc>,
    /// The last time the device received from the server before the check.
    pub heard: Option<ServerTimeSample>,
}

/// One moment on both clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerTimeSample {
    /// The server's time.
    pub server: DateTime<Utc>,
    /// The device's clock at that moment.
    pub device: DateTime<Utc>,
}

/// The estimated time of a check, by the server's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResolvedTime {
    pub at: DateTime<Utc>,
    /// Whether the clocks disagree, so that the device's clock was not simply trusted.
    pub is_skewed: bool,
}

/// The difference that is tolerated between two clocks: phones run slightly fast or slow, and responses take time.
pub const MAX_SKEW: TimeDelta = TimeDelta::minutes(2);

/// The greatest age of a check made offline. After that, nobody can reliably say what was seen.
pub const MAX_AGE: TimeDelta = TimeDelta::days(30);

impl ClockReadings {
    /// Estimates when the check was made. A device is never refused because of its clock: the result lies between the
    /// last time received from the server and `now`, and no further back than [`MAX_AGE`].
    ///
    /// If the clocks agree, the device's time is taken. If they disagree, the check is dated by the time that passed on
    /// the device's clock since it last heard from the server. If that is impossible, it is dated by the time that
    /// passed between the check and sending. The reason: a wrong clock mostly stays wrong until a network sets it
    /// right.
    ///
    /// Two cases cannot be told from these readings:
    /// - A clock that was right when the device heard from the server and right again when it sent, but ran ahead at
    ///   the check by less than the waiting time. This looks like a later check and is taken as one.
    /// - A phone that sleeps between sending and arrival. This looks like a slow clock and is marked as skewed,
    ///   although its clock was right.
    #[must_use]
    pub fn resolve(&self, now: DateTime<Utc>) -> ResolvedTime {
        let skew = MAX_SKEW.num_milliseconds();
        let (now, at, sent) = (now.timestamp_millis(), self.at.timestamp_millis(), self.sent.timestamp_millis());
        let heard = self.heard.map(|heard| (heard.server.timestamp_millis(), heard.device.timestamp_millis()));
        // A sample from the future cannot be real.
        let heard = heard.filter(|(server, _)| *server <= now + skew);
        let earliest = heard.map_or(i64::MIN, |(server, _)| server).max(now - MAX_AGE.num_milliseconds()).min(now);
        let can_be = |instant: &i64| (earliest - skew..=now + skew).contains(instant);
        let agree = (now - sent).abs() <= skew && heard.is_none_or(|(server, device)| (server - device).abs() <= skew);
        let (best, doubtful) = if agree {
            (at, !can_be(&at))
        } else {
            let since_heard = heard.map(|(server, device)| server + (at - device));
            let until_sent = now - (sent - at);
            let best = since_heard.filter(can_be).or(Some(until_sent).filter(can_be));
            (best.or(since_heard).unwrap_or(until_sent), true)
        };
        let at = DateTime::from_timestamp_millis(best.clamp(earliest, now)).unwrap_or_default();
        ResolvedTime { at, is_skewed: doubtful }
    }
}

#[cfg(test)]
mod tests;
