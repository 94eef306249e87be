//! A share: a part of a whole, kept as two counts, compared with integers and rounded only for display.

use serde::Serialize;

/// 100 % in basis points.
pub const BASIS_POINTS: u32 = 10_000;

/// A part of a whole, as two counts, with `part <= whole` and `whole > 0`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Share {
    part: u64,
    whole: u64,
}

impl Share {
    /// `part` of `whole`. `None` if `whole` is 0 or `part` is larger than `whole`.
    #[must_use]
    pub fn new(part: u64, whole: u64) -> Option<Self> {
        (whole > 0 && part <= whole).then_some(Self { part, whole })
    }

    /// The part, as a count.
    #[must_use]
    pub fn part(&self) -> u64 {
        self.part
    }

    /// The whole, as a count.
    #[must_use]
    pub fn whole(&self) -> u64 {
        self.whole
    }

    /// The share in basis points, rounded half up. Only an exact 0 % or 100 % is shown as such: 99.996 % is shown as
    /// 99.99 %.
    #[must_use]
    pub fn basis_points(&self) -> u32 {
        if self.part == self.whole {
            return BASIS_POINTS;
        }
        if self.part == 0 {
            return 0;
        }
        let (part, whole) = (u128::from(self.part), u128::from(self.whole));
        let rounded = (2 * part * u128::from(BASIS_POINTS) + whole) / (2 * whole);
        u32::try_from(rounded).unwrap_or(BASIS_POINTS).clamp(1, BASIS_POINTS - 1)
    }

    /// Whether the share is at least `basis_points`, without rounding: part × 10 000 ≥ whole × basis points.
    #[must_use]
    pub fn is_at_least(&self, basis_points: u32) -> bool {
        u128::from(self.part) * u128::from(BASIS_POINTS) >= u128::from(self.whole) * u128::from(basis_points)
    }

    /// The 95 % Wilson score interval, rounded outward to basis points.
    ///
    /// With p = part ÷ whole, n = whole and z = 1.96 (the 97.5 % point of the normal distribution):
    /// (p + z²⁄2n ± z √(p(1−p)⁄n + z²⁄4n²)) ÷ (1 + z²⁄n).
    ///
    /// E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
    /// Journal of the American Statistical Association 22 (1927), 209–212.
    #[must_use]
    pub fn wilson(&self) -> Interval {
        const Z: f64 = 1.959_963_984_540_054;
        let n = as_f64(self.whole);
        let p = as_f64(self.part) / n;
        let z2_n = Z * Z / n;
        let centre = p + z2_n / 2.0;
        let margin = (z2_n * (p * (1.0 - p) + z2_n / 4.0)).sqrt();
        let in_bp = |bound: f64| bound / (1.0 + z2_n) * f64::from(BASIS_POINTS);
        let shown = self.basis_points();
        // The share itself is rounded too: the interval must include it as displayed.
        Interval {
            low: as_bp(in_bp(centre - margin).floor()).min(shown),
            high: as_bp(in_bp(centre + margin).ceil()).max(shown),
        }
    }
}

/// Bounds of a share in basis points, `low <= high`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Interval {
    /// Lower bound in basis points.
    pub low: u32,
    /// Upper bound in basis points.
    pub high: u32,
}

#[expect(clippy::cast_precision_loss, reason = "beyond 2^53 checks the interval is far narrower than a basis point")]
fn as_f64(count: u64) -> f64 {
    count as f64
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=10 000 and whole")]
fn as_bp(bound: f64) -> u32 {
    bound.clamp(0.0, f64::from(BASIS_POINTS)) as u32
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    pub fn share(part: u64, whole: u64) -> Share {
        Share::new(part, whole).unwrap()
    }

    pub fn any_share() -> impl Strategy<Value = Share> {
        let whole = prop_oneof![1_u64..200, 1..u64::MAX];
        whole.prop_flat_map(|whole| (0..=whole).prop_map(move |part| share(part, whole)))
    }

    #[test]
    fn a_share_needs_a_whole_no_smaller_than_its_part() {
        assert_eq!(Share::new(0, 0), None);
        assert_eq!(Share::new(2, 1), None);
        assert_eq!(Share::new(1, 1).map(|s| (s.part(), s.whole())), Some((1, 1)));
    }

    #[test]
    fn basis_points_round_half_up_but_never_to_0_or_100_percent() {
        let shown = |part, whole| share(part, whole).basis_points();
        assert_eq!(shown(2, 3), 6667);
        assert_eq!(shown(1, 3), 3333);
        assert_eq!(shown(1, 20_000), 1);
        assert_eq!(shown(3, 20_000), 2);
        assert_eq!(shown(24_999, 25_000), 9999);
        assert_eq!(shown(1, 1_000_000), 1);
        assert_eq!(shown(0, 7), 0);
        assert_eq!(shown(7, 7), 10_000);
        assert_eq!(shown(u64::MAX - 1, u64::MAX), 9999);
    }

    #[test]
    fn is_at_least_compares_without_rounding() {
        assert!(share(98, 100).is_at_least(9800));
        assert!(!share(97_999_999, 100_000_000).is_at_least(9800));
        assert!(share(u64::MAX, u64::MAX).is_at_least(10_000));
        assert!(!share(u64::MAX - 1, u64::MAX).is_at_least(10_000));
    }

    /// R. G. Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17
    /// (1998), 857–872, table I, method 3; rounded there to the nearest, here outward.
    #[test]
    fn wilson_agrees_with_published_intervals() {
        let published = [(81, 263, 2553, 3662), (15, 148, 624, 1605), (0, 20, 0, 1611), (1, 29, 61, 1718)];
        for (part, whole, low, high) in published {
            let ours = share(part, whole).wilson();
            assert!(ours.low <= low && low - ours.low <= 1, "{part} of {whole}: {ours:?}");
            assert!(ours.high >= high && ours.high - high <= 1, "{part} of {whole}: {ours:?}");
        }
    }

    #[test]
    fn wilson_bounds_include_an_exact_0_or_100_percent() {
        assert_eq!(share(10, 10).wilson(), Interval { low: 7224, high: 10_000 });
        assert_eq!(share(0, 10).wilson(), Interval { low: 0, high: 2776 });
    }

    proptest! {
        #[test]
        fn wilson_contains_the_share_and_never_exceeds_100_percent(share in any_share()) {
            let Interval { low, high } = share.wilson();
            prop_assert!(low <= share.basis_points() && share.basis_points() <= high && high <= BASIS_POINTS);
        }

        #[test]
        fn wilson_narrows_as_checks_grow(part in 0_u64..100, times in 2_u64..50) {
            let (few, many) = (share(part, 100).wilson(), share(part * times, 100 * times).wilson());
            prop_assert!(few.low <= many.low && many.high <= few.high);
        }

        #[test]
        fn only_exact_shares_show_as_0_or_100_percent(share in any_share()) {
            prop_assert_eq!(share.basis_points() == BASIS_POINTS, share.part() == share.whole());
            prop_assert_eq!(share.basis_points() == 0, share.part() == 0);
        }
    }
}
