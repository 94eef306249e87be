//! Pictures of checks: when a guarantee asks for one, and the limits on size.

use serde::{Deserialize, Serialize};

use crate::closed_set::closed_set;
use crate::fault::Fault;
use crate::finding::{Finding, Reason};
use crate::text::tidy;

/// Whether checks of a guarantee come with a picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PhotoPolicy {
    /// With every check, kept or broken.
    Required,
    /// With a break, and not with a kept check.
    OnBreak,
    Optional,
    /// No picture is taken, sent or stored. For places where people undress, wash or are ill.
    #[default]
    Forbidden,
}

/// The largest picture file that is accepted, in bytes (6 MiB). This is enough for a phone's camera.
pub const MAX_BYTES: usize = 6 * 1024 * 1024;

/// The most pixels a picture may have, checked before it is decoded: 25 million, which take 75 MB of memory. A JPEG
/// that cannot be decoded line by line takes more memory for each pixel, so its limit may be lower; 7 million always
/// fit.
pub const MAX_PIXELS: u64 = 25_000_000;

/// The longest side that is decoded, in pixels. No JPEG can be longer.
pub const MAX_SIDE: u32 = 65_535;

/// The longer side of the stored picture, in pixels.
pub const LARGE_SIDE: u32 = 1600;

/// The longer side of the small version shown on pages, in pixels.
pub const SMALL_SIDE: u32 = 800;

/// Which of the two stored sizes of a picture is requested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhotoSize {
    Large,
    Small,
}

impl PhotoSize {
    /// The longer side, in pixels.
    #[must_use]
    pub fn side(self) -> u32 {
        match self {
            Self::Large => LARGE_SIDE,
            Self::Small => SMALL_SIDE,
        }
    }
}

closed_set! {
    PhotoPolicy.name {
        Forbidden = "forbidden",
        OnBreak = "on_break",
        Optional = "optional",
        Required = "required",
    }
}

impl PhotoPolicy {
    /// Reads a policy by its name.
    ///
    /// # Errors
    /// [`Fault::UnknownChoice`] if there is no such policy.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        Self::ALL.into_iter().find(|one| one.name() == tidy(text)).ok_or(Fault::UnknownChoice)
    }

    /// Whether a picture is required, allowed or refused with a finding. A break for safety never requires one, because
    /// the person has both hands full. "Not applicable" allows none, because there is nothing to show.
    #[must_use]
    pub fn rule_for(self, finding: &Finding) -> PhotoRule {
        let busy = matches!(finding, Finding::Broken { reason: Reason::Safety, .. });
        match (self, finding) {
            (Self::Forbidden, _) | (Self::OnBreak, Finding::Kept) | (_, Finding::NotApplicable { .. }) => {
                PhotoRule::Unwanted
            }
            (Self::Optional, _) => PhotoRule::Welcome,
            (Self::Required | Self::OnBreak, _) if busy => PhotoRule::Welcome,
            (Self::Required | Self::OnBreak, _) => PhotoRule::Needed,
        }
    }
}

/// Whether one check needs a picture, may have one, or must not have one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhotoRule {
    Needed,
    Welcome,
    Unwanted,
}

/// Checks that a picture of this width and height, in pixels, may be decoded.
///
/// # Errors
/// [`Fault::NotAPicture`] if a side is zero; [`Fault::TooLarge`] if it is larger than [`MAX_PIXELS`] or [`MAX_SIDE`].
pub fn check_dimensions(width: u32, height: u32) -> Result<(), Fault> {
    match u64::from(width) * u64::from(height) {
        0 => Err(Fault::NotAPicture),
        pixels if pixels > MAX_PIXELS || width.max(height) > MAX_SIDE => Err(Fault::TooLarge),
        _ => Ok(()),
    }
}

/// The width and height of a picture scaled down so that its longer side is at most `side` pixels. The proportions are
/// kept, and no side becomes zero.
#[must_use]
pub fn scaled_to(side: u32, width: u32, height: u32) -> (u32, u32) {
    let long = u64::from(width.max(height));
    if long <= u64::from(side) {
        return (width, height);
    }
    let scaled = |length: u32| (u64::from(length) * u64::from(side) + long / 2) / long;
    let scaled = |length| u32::try_from(scaled(length)).unwrap_or(side).max(1);
    (scaled(width), scaled(height))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::breaks::FoundBy;
    use crate::text::Prose;

    fn broken(reason: Reason) -> Finding {
        Finding::Broken { reason, obstacle: None, found_by: FoundBy::Staff, note: None }
    }

    #[test]
    fn the_forbidden_policy_is_the_default_and_allows_no_photo() {
        let aside = Finding::NotApplicable { why: Prose::parse("Closed").unwrap() };
        for finding in [Finding::Kept, broken(Reason::Other), broken(Reason::Safety), aside] {
            assert_eq!(PhotoPolicy::Forbidden.rule_for(&finding), PhotoRule::Unwanted);
        }
        assert_eq!(PhotoPolicy::default(), PhotoPolicy::Forbidden);
    }

    #[test]
    fn the_photo_policy_decides_which_findings_need_a_photo() {
        assert_eq!(PhotoPolicy::Required.rule_for(&Finding::Kept), PhotoRule::Needed);
        assert_eq!(PhotoPolicy::Required.rule_for(&broken(Reason::Criterion(0))), PhotoRule::Needed);
        assert_eq!(PhotoPolicy::OnBreak.rule_for(&broken(Reason::Other)), PhotoRule::Needed);
        assert_eq!(PhotoPolicy::OnBreak.rule_for(&Finding::Kept), PhotoRule::Unwanted);
        assert_eq!(PhotoPolicy::Optional.rule_for(&Finding::Kept), PhotoRule::Welcome);
    }

    #[test]
    fn a_photo_is_never_required_for_a_safety_break() {
        for photos in [PhotoPolicy::Required, PhotoPolicy::OnBreak, PhotoPolicy::Optional] {
            assert_eq!(photos.rule_for(&broken(Reason::Safety)), PhotoRule::Welcome);
        }
    }

    #[test]
    fn a_photo_with_too_many_pixels_is_refused() {
        assert_eq!(check_dimensions(4032, 3024), Ok(()));
        assert_eq!(check_dimensions(5000, 5000), Ok(()));
        assert_eq!(check_dimensions(5000, 5001), Err(Fault::TooLarge));
        assert_eq!(check_dimensions(20_000, 10_000), Err(Fault::TooLarge));
        assert_eq!(check_dimensions(u32::MAX, u32::MAX), Err(Fault::TooLarge));
        assert_eq!(check_dimensions(0, 9), Err(Fault::NotAPicture));
        assert_eq!(check_dimensions(65_535, 1), Ok(()));
        assert_eq!(check_dimensions(65_536, 1), Err(Fault::TooLarge));
        assert_eq!(check_dimensions(1, 25_000_000), Err(Fault::TooLarge));
    }

    #[test]
    fn scaling_keeps_the_aspect_ratio() {
        assert_eq!(scaled_to(1600, 4032, 3024), (1600, 1200));
        assert_eq!(scaled_to(1600, 3024, 4032), (1200, 1600));
        assert_eq!(scaled_to(1600, 2000, 1000), (1600, 800));
        assert_eq!(scaled_to(1600, 1600, 1600), (1600, 1600));
        assert_eq!(scaled_to(1600, 300, 200), (300, 200));
        assert_eq!(scaled_to(1600, 65_535, 1), (1600, 1));
        assert_eq!(scaled_to(800, 1, 65_535), (1, 800));
        assert_eq!(scaled_to(800, 1600, 1067), (800, 534));
    }

    #[test]
    fn photo_policies_parse_from_their_names() {
        for photos in PhotoPolicy::ALL {
            assert_eq!(PhotoPolicy::parse(photos.name()), Ok(photos));
        }
        assert_eq!(PhotoPolicy::parse("always"), Err(Fault::UnknownChoice));
    }
}
