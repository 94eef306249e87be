//! Pictures: what a guarantee asks for, and what may come in at all.

use serde::{Deserialize, Serialize};

use crate::check::{Finding, Reason};
use crate::fault::Fault;
use crate::text::tidy;

/// Whether a check of a guarantee comes with a picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Photos {
    /// With every look, kept or broken.
    Required,
    /// With what is broken, and with nothing else.
    OnBreak,
    Optional,
    /// None is taken, sent or stored: where people undress, wash or are ill.
    #[default]
    Forbidden,
}

/// The largest picture that is taken in, in bytes: what a telephone's camera makes.
pub const MOST_BYTES: usize = 6 * 1024 * 1024;

/// The most pixels, counted before anything is unpacked: 25 million, in memory 75 MB. A JPEG that cannot be unpacked line by
/// line takes more memory for each, so that it may have fewer; 7 million always fit.
pub const MOST_PIXELS: u64 = 25_000_000;

/// The longest side that is unpacked, in pixels: no JPEG can have a longer one.
pub const LONGEST_SIDE: u32 = 65_535;

/// The long side of what is kept, in pixels.
pub const LONG_SIDE: u32 = 1600;

/// The long side of the smaller picture that is shown on pages, in pixels.
pub const SMALL_SIDE: u32 = 800;

/// In which of its two sizes a picture is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    Large,
    Small,
}

impl Size {
    /// The longest that the long side may be, in pixels.
    #[must_use]
    pub fn side(self) -> u32 {
        match self {
            Self::Large => LONG_SIDE,
            Self::Small => SMALL_SIDE,
        }
    }
}

impl Photos {
    pub const ALL: [Self; 4] = [Self::Forbidden, Self::OnBreak, Self::Optional, Self::Required];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::OnBreak => "on_break",
            Self::Optional => "optional",
            Self::Forbidden => "forbidden",
        }
    }

    /// # Errors
    /// None of the four.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        Self::ALL.into_iter().find(|one| one.name() == tidy(text)).ok_or(Fault::UnknownChoice)
    }

    /// Whether a picture may, must or must not come with what was found. Whoever keeps someone safe has both hands full, and
    /// where nothing could be seen there is nothing to show.
    #[must_use]
    pub fn with(self, finding: &Finding) -> Picture {
        let busy = matches!(finding, Finding::Broken { reason: Reason::Safety, .. });
        match (self, finding) {
            (Self::Forbidden, _) | (Self::OnBreak, Finding::Kept) | (_, Finding::NotApplicable { .. }) => {
                Picture::Unwanted
            }
            (Self::Optional, _) => Picture::Welcome,
            (Self::Required | Self::OnBreak, _) if busy => Picture::Welcome,
            (Self::Required | Self::OnBreak, _) => Picture::Needed,
        }
    }
}

/// What a picture is to one check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Picture {
    Needed,
    Welcome,
    Unwanted,
}

/// Whether a picture of this size, in pixels, may be unpacked.
///
/// # Errors
/// It has none, or too many.
pub fn fits(width: u32, height: u32) -> Result<(), Fault> {
    match u64::from(width) * u64::from(height) {
        0 => Err(Fault::NotAPicture),
        pixels if pixels > MOST_PIXELS || width.max(height) > LONGEST_SIDE => Err(Fault::TooLarge),
        _ => Ok(()),
    }
}

/// The width and height of a picture once its long side is at most so long. The shape stays, and no side becomes nothing.
#[must_use]
pub fn within(side: u32, width: u32, height: u32) -> (u32, u32) {
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
    fn where_pictures_are_forbidden_none_comes_with_anything() {
        let aside = Finding::NotApplicable { why: Prose::parse("Closed").unwrap() };
        for finding in [Finding::Kept, broken(Reason::Other), broken(Reason::Safety), aside] {
            assert_eq!(Photos::Forbidden.with(&finding), Picture::Unwanted);
        }
        assert_eq!(Photos::default(), Photos::Forbidden);
    }

    #[test]
    fn a_picture_is_needed_where_the_guarantee_says_so() {
        assert_eq!(Photos::Required.with(&Finding::Kept), Picture::Needed);
        assert_eq!(Photos::Required.with(&broken(Reason::Criterion(0))), Picture::Needed);
        assert_eq!(Photos::OnBreak.with(&broken(Reason::Other)), Picture::Needed);
        assert_eq!(Photos::OnBreak.with(&Finding::Kept), Picture::Unwanted);
        assert_eq!(Photos::Optional.with(&Finding::Kept), Picture::Welcome);
    }

    #[test]
    fn nobody_in_danger_is_asked_for_a_picture() {
        for photos in [Photos::Required, Photos::OnBreak, Photos::Optional] {
            assert_eq!(photos.with(&broken(Reason::Safety)), Picture::Welcome);
        }
    }

    #[test]
    fn two_hundred_million_pixels_are_not_unpacked() {
        assert_eq!(fits(4032, 3024), Ok(()));
        assert_eq!(fits(5000, 5000), Ok(()));
        assert_eq!(fits(5000, 5001), Err(Fault::TooLarge));
        assert_eq!(fits(20_000, 10_000), Err(Fault::TooLarge));
        assert_eq!(fits(u32::MAX, u32::MAX), Err(Fault::TooLarge));
        assert_eq!(fits(0, 9), Err(Fault::NotAPicture));
        assert_eq!(fits(65_535, 1), Ok(()));
        assert_eq!(fits(65_536, 1), Err(Fault::TooLarge));
        assert_eq!(fits(1, 25_000_000), Err(Fault::TooLarge));
    }

    #[test]
    fn a_smaller_picture_has_the_shape_of_the_large_one() {
        assert_eq!(within(1600, 4032, 3024), (1600, 1200));
        assert_eq!(within(1600, 3024, 4032), (1200, 1600));
        assert_eq!(within(1600, 2000, 1000), (1600, 800));
        assert_eq!(within(1600, 1600, 1600), (1600, 1600));
        assert_eq!(within(1600, 300, 200), (300, 200));
        assert_eq!(within(1600, 65_535, 1), (1600, 1));
        assert_eq!(within(800, 1, 65_535), (1, 800));
        assert_eq!(within(800, 1600, 1067), (800, 534));
    }

    #[test]
    fn every_choice_is_known_again_by_its_name() {
        for photos in Photos::ALL {
            assert_eq!(Photos::parse(photos.name()), Ok(photos));
        }
        assert_eq!(Photos::parse("always"), Err(Fault::UnknownChoice));
    }
}
