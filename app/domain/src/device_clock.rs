//! When somebody looked, as far as the clock of their phone can tell: it may be wrong, and be set right before the check is
//! sent.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// What the clocks showed around one look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Readings {
    /// The device's clock at the look.
    pub at: DateTime<Utc>,
    /// The device's clock as the check was sent.
    pub sent: DateTime<Utc>,
    /// The time as the device had last heard it from the server before the look.
    pub heard: Option<Heard>,
}

/// One moment on two clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heard {
    /// What the server said.
    pub server: DateTime<Utc>,
    /// What the device's clock showed then.
    pub device: DateTime<Utc>,
}

/// When it was, by our clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dated {
    pub at: DateTime<Utc>,
    /// Whether the clocks disagree, so that the device's was not simply believed.
    pub doubtful: bool,
}

/// By so much clocks may differ without a word: phones run a little fast, and answers take their time.
pub const SKEW: TimeDelta = TimeDelta::minutes(2);

/// A check made offline may arrive late, but not so late that nobody could say what was seen.
pub const OLDEST: TimeDelta = TimeDelta::days(30);

impl Readings {
    /// When it was. A device is never refused: the answer lies between the last time it heard from the server and now, and no
    /// further back than [`OLDEST`]. Where the clocks disagree, it is dated by how much time passed on the device's own clock
    /// since it last heard from the server, and if that cannot be, by how much passed until it was sent: a clock that goes
    /// wrong mostly goes on being wrong until there is a network that sets it right.
    ///
    /// What nobody can tell from these readings: a clock that was right when the device heard from the server and right again
    /// when it sent, but ahead at the look by less than the check waited. That is a later look by all that is known, and is
    /// taken as one. On the other side, a phone that sleeps between sending and arriving looks like one whose clock is slow,
    /// and is called doubtful although its clock was right.
    #[must_use]
    pub fn date(&self, now: DateTime<Utc>) -> Dated {
        let skew = SKEW.num_milliseconds();
        let (now, at, sent) = (now.timestamp_millis(), self.at.timestamp_millis(), self.sent.timestamp_millis());
        let heard = self.heard.map(|heard| (heard.server.timestamp_millis(), heard.device.timestamp_millis()));
        // Nobody has heard what the server will say later.
        let heard = heard.filter(|(server, _)| *server <= now + skew);
        let earliest = heard.map_or(i64::MIN, |(server, _)| server).max(now - OLDEST.num_milliseconds()).min(now);
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
        Dated { at, doubtful }
    }
}

#[cfg(test)]
mod tests;
