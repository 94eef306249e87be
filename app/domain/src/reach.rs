//! How far someone's rights reach: all of the business, or some of its sites and what is at them.

use serde::{Deserialize, Serialize};

use crate::actor::Reach;
use crate::fault::{Fault, Faults};
use crate::ids::SiteId;
use crate::text::tidy;

/// A reach as chosen in a form: everywhere, or at these sites.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReachDraft {
    pub reach: String,
    pub sites: Vec<String>,
}

impl Reach {
    /// Each site once, in their order: two reaches of the same sites are the same.
    #[must_use]
    pub fn of(sites: impl IntoIterator<Item = SiteId>) -> Self {
        let mut sites: Vec<_> = sites.into_iter().collect();
        sites.sort_unstable();
        sites.dedup();
        Self::Sites(sites.into())
    }

    #[must_use]
    pub fn is_everywhere(&self) -> bool {
        *self == Self::Everywhere
    }

    /// Whether nothing of the other lies outside it.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Everywhere, _) => true,
            (Self::Sites(_), Self::Everywhere) => false,
            (Self::Sites(these), Self::Sites(those)) => those.iter().all(|site| these.contains(site)),
        }
    }

    /// How far both reach; None where they have no site in common.
    #[must_use]
    pub fn common(&self, other: &Self) -> Option<Self> {
        match (self, other) {
            (Self::Everywhere, reach) | (reach, Self::Everywhere) => Some(reach.clone()),
            (Self::Sites(these), Self::Sites(those)) => {
                let both: Vec<_> = these.iter().copied().filter(|site| those.contains(site)).collect();
                (!both.is_empty()).then(|| Self::of(both))
            }
        }
    }
}

impl From<&Reach> for ReachDraft {
    fn from(reach: &Reach) -> Self {
        match reach {
            Reach::Everywhere => Self { reach: EVERYWHERE.to_owned(), sites: Vec::new() },
            Reach::Sites(sites) => {
                Self { reach: SITES.to_owned(), sites: sites.iter().map(ToString::to_string).collect() }
            }
        }
    }
}

impl ReachDraft {
    /// # Errors
    /// As for [`parse`].
    pub fn parse(&self) -> Result<Reach, Faults> {
        parse(&self.reach, &self.sites)
    }
}

/// The two choices of a form.
pub const EVERYWHERE: &str = "everywhere";
pub const SITES: &str = "sites";

/// A reach as chosen. Where nothing is said about it, it is everywhere.
///
/// # Errors
/// Neither of the two choices; no site is chosen; one of them is none.
pub fn parse(reach: &str, sites: &[String]) -> Result<Reach, Faults> {
    match tidy(reach).as_str() {
        EVERYWHERE => return Ok(Reach::Everywhere),
        "" if sites.is_empty() => return Ok(Reach::Everywhere),
        "" | SITES => {}
        _ => return Err(Faults::one("reach", Fault::UnknownChoice)),
    }
    if sites.is_empty() {
        return Err(Faults::one("sites", Fault::Missing));
    }
    let sites = sites.iter().map(|id| tidy(id).parse().map_err(|_| Fault::NotFound));
    sites.collect::<Result<Vec<_>, _>>().map(Reach::of).map_err(|fault| Faults::one("sites", fault))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn site(number: u128) -> SiteId {
        SiteId(Uuid::from_u128(number))
    }

    fn any_reach() -> impl Strategy<Value = Reach> {
        prop_oneof![
            Just(Reach::Everywhere),
            prop::collection::vec(0..5_u128, 0..4).prop_map(|sites| Reach::of(sites.into_iter().map(site))),
        ]
    }

    #[test]
    fn a_reach_is_everywhere_or_at_sites_that_are_named() {
        let draft = |reach: &str, sites: &[&str]| ReachDraft {
            reach: reach.into(),
            sites: sites.iter().map(ToString::to_string).collect(),
        };
        let (one, two) = (site(1).to_string(), site(2).to_string());
        assert_eq!(draft("", &[]).parse(), Ok(Reach::Everywhere));
        assert_eq!(draft("everywhere", &[&one]).parse(), Ok(Reach::Everywhere));
        for reach in ["", "sites"] {
            assert_eq!(draft(reach, &[&two, &one, &two]).parse(), Ok(Reach::of([site(1), site(2)])));
        }
        assert_eq!(draft("sites", &[]).parse(), Err(Faults::one("sites", Fault::Missing)));
        assert_eq!(draft("sites", &[&one, "Salina"]).parse(), Err(Faults::one("sites", Fault::NotFound)));
        assert_eq!(draft("nowhere", &[&one]).parse(), Err(Faults::one("reach", Fault::UnknownChoice)));
    }

    proptest! {
        #[test]
        fn one_reach_covers_another_whose_sites_it_all_has(one in any_reach(), other in any_reach()) {
            let reaches = |reach: &Reach, number| match reach {
                Reach::Everywhere => true,
                Reach::Sites(sites) => sites.contains(&site(number)),
            };
            let everywhere = one.is_everywhere() || !other.is_everywhere();
            let each = (0..5).all(|number| !reaches(&other, number) || reaches(&one, number));
            prop_assert_eq!(one.covers(&other), everywhere && each);
            prop_assert_eq!(one.covers(&other) && other.covers(&one), one == other);
        }

        #[test]
        fn what_two_reach_in_common_both_reach_and_nothing_else(one in any_reach(), other in any_reach()) {
            let reaches = |reach: &Reach, number| match reach {
                Reach::Everywhere => true,
                Reach::Sites(sites) => sites.contains(&site(number)),
            };
            let common = one.common(&other);
            for number in 0..6 {
                let both = reaches(&one, number) && reaches(&other, number);
                prop_assert_eq!(common.as_ref().is_some_and(|common| reaches(common, number)), both, "{}", number);
            }
            prop_assert_eq!(common, other.common(&one));
        }
    }
}
