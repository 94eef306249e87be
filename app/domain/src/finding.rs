//! The finding: what a person found at a check, with the reason of a break.

use serde::{Deserialize, Serialize};

use crate::breaks::FoundBy;
use crate::fault::{Fault, Faults, parse_optional};
use crate::obstacle::Obstacle;
use crate::text::{Prose, tidy};
use crate::verdict::Verdict;

/// Why a promise counts as broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "reason", content = "criterion")]
pub enum Reason {
    /// The criterion that was not met, by its position in the wording, from 0.
    Criterion(u32),
    /// Broken on purpose to keep someone safe: an honourable verdict.
    Safety,
    Other,
}

/// What a person found at a check. `NotApplicable` means that the promise could not apply, and `why` gives the reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "verdict")]
pub enum Finding {
    Kept,
    Broken { reason: Reason, obstacle: Option<Obstacle>, found_by: FoundBy, note: Option<Prose> },
    NotApplicable { why: Prose },
}

/// Input for a [`Finding`], as text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FindingDraft {
    pub verdict: String,
    /// `safety`, `other`, or the position of the criterion that was not met, from 0.
    pub reason: String,
    pub obstacle: String,
    pub found_by: String,
    pub note: String,
}

impl Reason {
    /// Every reason for a wording with this many criteria, in the order in which they are offered.
    pub fn all(criteria: usize) -> impl Iterator<Item = Self> {
        let positions = 0..u32::try_from(criteria).unwrap_or(u32::MAX);
        positions.map(Self::Criterion).chain(Self::BESIDE_CRITERIA)
    }

    /// Parses `safety`, `other`, or the position of a criterion.
    ///
    /// # Errors
    /// [`Fault::Missing`], or [`Fault::UnknownChoice`] if it is none of these.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let text = tidy(text);
        match Self::BESIDE_CRITERIA.into_iter().find(|reason| reason.to_string() == text) {
            _ if text.is_empty() => Err(Fault::Missing),
            Some(reason) => Ok(reason),
            None => text.parse().map(Self::Criterion).map_err(|_| Fault::UnknownChoice),
        }
    }
}

/// The reasons that are possible whatever the criteria, each with its stable name. One left out does not compile.
macro_rules! reasons_beside_criteria {
    ($($reason:ident = $word:literal),+ $(,)?) => {
        impl Reason {
            /// The reasons that are possible whatever the criteria.
            pub const BESIDE_CRITERIA: [Self; [$($word),+].len()] = [$(Self::$reason),+];
        }

        /// The stable name, as stored, recorded and sent.
        impl std::fmt::Display for Reason {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match self {
                    Self::Criterion(position) => position.fmt(f),
                    $(Self::$reason => f.write_str($word)),+
                }
            }
        }
    };
}

reasons_beside_criteria! {
    Safety = "safety",
    Other = "other",
}

impl Finding {
    /// The verdict of this finding.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        match self {
            Self::Kept => Verdict::Kept,
            Self::Broken { .. } => Verdict::Broken,
            Self::NotApplicable { .. } => Verdict::NotApplicable,
        }
    }

    /// The free text of the finding. It is stored beside the record, never in it.
    #[must_use]
    pub fn note(&self) -> Option<&Prose> {
        match self {
            Self::Kept => None,
            Self::Broken { note, .. } => note.as_ref(),
            Self::NotApplicable { why } => Some(why),
        }
    }
}

impl FindingDraft {
    /// The verdicts that a person can report. A miss is recorded by the schedule; the others come from corrections.
    pub const VERDICTS: [Verdict; 3] = [Verdict::Kept, Verdict::Broken, Verdict::NotApplicable];

    /// Parses the finding against a wording with this many criteria. A break needs a reason; "not applicable" needs a
    /// note.
    ///
    /// # Errors
    /// The [`Faults`] of every invalid field.
    pub fn parse(&self, criteria: usize) -> Result<Finding, Faults> {
        let mut faults = Faults::default();
        let finding = match tidy(&self.verdict).as_str() {
            "" => Err(Fault::Missing),
            text => Verdict::parse(text),
        };
        let parsed = match faults.collect("verdict", finding) {
            Some(Verdict::Kept) => Some(Finding::Kept),
            Some(Verdict::Broken) => self.broken(criteria, &mut faults),
            Some(Verdict::NotApplicable) => {
                faults.collect("note", Prose::parse(&self.note)).map(|why| Finding::NotApplicable { why })
            }
            // These verdicts cannot be reported: a miss follows from the schedule, the others from a correction.
            Some(Verdict::Missed | Verdict::Void | Verdict::TakenBack) => {
                faults.collect("verdict", Err(Fault::UnknownChoice))
            }
            None => None,
        };
        parsed.ok_or(faults)
    }

    fn broken(&self, criteria: usize, faults: &mut Faults) -> Option<Finding> {
        let reason =
            faults.collect("reason", Reason::parse(&self.reason).and_then(|reason| check_position(reason, criteria)));
        let obstacle = faults.collect("obstacle", parse_optional(&self.obstacle, Obstacle::parse));
        let found_by = faults.collect("found_by", parse_optional(&self.found_by, FoundBy::parse));
        let note = faults.collect("note", parse_optional(&self.note, Prose::parse));
        let found_by = found_by?.unwrap_or(FoundBy::Staff);
        Some(Finding::Broken { reason: reason?, obstacle: obstacle?, found_by, note: note? })
    }
}

fn check_position(reason: Reason, criteria: usize) -> Result<Reason, Fault> {
    match reason {
        Reason::Criterion(position) if position as usize >= criteria => Err(Fault::UnknownChoice),
        other => Ok(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(reason: &str) -> FindingDraft {
        FindingDraft { verdict: "broken".into(), reason: reason.into(), ..FindingDraft::default() }
    }

    #[test]
    fn a_broken_verdict_needs_a_reason_from_the_wording() {
        assert!(broken("1").parse(2).is_ok());
        assert_eq!(broken("2").parse(2).unwrap_err().of_field("reason"), Some(Fault::UnknownChoice));
        assert_eq!(broken("").parse(2).unwrap_err().of_field("reason"), Some(Fault::Missing));
        assert!(broken("safety").parse(0).is_ok());
    }

    #[test]
    fn reasons_round_trip_through_their_names() {
        let all: Vec<_> = Reason::all(2).collect();
        assert_eq!(all, [Reason::Criterion(0), Reason::Criterion(1), Reason::Safety, Reason::Other]);
        for reason in all {
            assert_eq!(Reason::parse(&reason.to_string()), Ok(reason));
        }
        assert_eq!(Reason::parse("worn"), Err(Fault::UnknownChoice));
    }

    #[test]
    fn missed_void_and_taken_back_cannot_be_reported() {
        for verdict in ["missed", "void", "taken_back"] {
            let missed = FindingDraft { verdict: verdict.into(), ..FindingDraft::default() };
            assert_eq!(missed.parse(1).unwrap_err().of_field("verdict"), Some(Fault::UnknownChoice));
        }
    }
}
