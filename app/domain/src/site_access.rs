//! Site access: all sites of a business, or some of them with everything at them.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::fault::{Fault, Faults};
use crate::ids::SiteId;
use crate::text::tidy;

/// The sites that someone's rights apply to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SiteAccess {
    AllSites,
    /// Only these sites.
    Sites(Arc<[SiteId]>),
}

/// Input for a [`SiteAccess`], as text: the choice, and the ids of the sites.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SiteAccessDraft {
    pub reach: String,
    pub sites: Vec<String>,
}

impl SiteAccess {
    /// Access to these sites, sorted and without duplicates, so equal sets are equal values.
    #[must_use]
    pub fn sites(sites: impl IntoIterator<Item = SiteId>) -> Self {
        let mut sites: Vec<_> = sites.into_iter().collect();
        sites.sort_unstable();
        sites.dedup();
        Self::Sites(sites.into())
    }

    /// Whether it covers the whole business.
    #[must_use]
    pub fn is_all_sites(&self) -> bool {
        *self == Self::AllSites
    }

    /// Whether it includes all of `other`.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::AllSites, _) => true,
            (Self::Sites(_), Self::AllSites) => false,
            (Self::Sites(these), Self::Sites(those)) => those.iter().all(|site| these.contains(site)),
        }
    }

    /// The access that both have in common. `None` if they share no site.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Option<Self> {
        match (self, other) {
            (Self::AllSites, reach) | (reach, Self::AllSites) => Some(reach.clone()),
            (Self::Sites(these), Self::Sites(those)) => {
                let both: Vec<_> = these.iter().copied().filter(|site| those.contains(site)).collect();
                (!both.is_empty()).then(|| Self::sites(both))
            }
        }
    }
}

impl From<&SiteAccess> for SiteAccessDraft {
    fn from(reach: &SiteAccess) -> Self {
        match reach {
            SiteAccess::AllSites => Self { reach: CHOICE_ALL_SITES.to_owned(), sites: Vec::new() },
            SiteAccess::Sites(sites) => {
                Self { reach: CHOICE_SITES.to_owned(), sites: sites.iter().map(ToString::to_string).collect() }
            }
        }
    }
}

impl SiteAccessDraft {
    /// Parses the draft; see [`parse`].
    ///
    /// # Errors
    /// As for [`parse`].
    pub fn parse(&self) -> Result<SiteAccess, Faults> {
        parse(&self.reach, &self.sites)
    }
}

/// The choice of all sites in a form.
pub const CHOICE_ALL_SITES: &str = "everywhere";
/// The choice of some sites in a form.
pub const CHOICE_SITES: &str = "sites";

/// Parses a choice of sites. If nothing is given, it means all sites.
///
/// # Errors
/// [`Fault::UnknownChoice`] for `reach`; for `sites`, [`Fault::Missing`] if none is chosen, or [`Fault::NotFound`] if
/// one is not an id.
pub fn parse(reach: &str, sites: &[String]) -> Result<SiteAccess, Faults> {
    match tidy(reach).as_str() {
        CHOICE_ALL_SITES => return Ok(SiteAccess::AllSites),
        "" if sites.is_empty() => return Ok(SiteAccess::AllSites),
        "" | CHOICE_SITES => {}
        _ => return Err(Faults::one("reach", Fault::UnknownChoice)),
    }
    if sites.is_empty() {
        return Err(Faults::one("sites", Fault::Missing));
    }
    let sites = sites.iter().map(|id| tidy(id).parse().map_err(|_| Fault::NotFound));
    sites.collect::<Result<Vec<_>, _>>().map(SiteAccess::sites).map_err(|fault| Faults::one("sites", fault))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn site(number: u128) -> SiteId {
        SiteId(Uuid::from_u128(number))
    }

    fn any_site_access() -> impl Strategy<Value = SiteAccess> {
        prop_oneof![
            Just(SiteAccess::AllSites),
            prop::collection::vec(0..5_u128, 0..4).prop_map(|sites| SiteAccess::sites(sites.into_iter().map(site))),
        ]
    }

    #[test]
    fn site_access_parses_to_all_sites_or_named_sites() {
        let draft = |reach: &str, sites: &[&str]| SiteAccessDraft {
            reach: reach.into(),
            sites: sites.iter().map(ToString::to_string).collect(),
        };
        let (one, two) = (site(1).to_string(), site(2).to_string());
        assert_eq!(draft("", &[]).parse(), Ok(SiteAccess::AllSites));
        assert_eq!(draft("everywhere", &[&one]).parse(), Ok(SiteAccess::AllSites));
        for reach in ["", "sites"] {
            assert_eq!(draft(reach, &[&two, &one, &two]).parse(), Ok(SiteAccess::sites([site(1), site(2)])));
        }
        assert_eq!(draft("sites", &[]).parse(), Err(Faults::one("sites", Fault::Missing)));
        assert_eq!(draft("sites", &[&one, "Salina"]).parse(), Err(Faults::one("sites", Fault::NotFound)));
        assert_eq!(draft("nowhere", &[&one]).parse(), Err(Faults::one("reach", Fault::UnknownChoice)));
    }

    proptest! {
        #[test]
        fn site_access_covers_another_if_it_has_all_its_sites(one in any_site_access(), other in any_site_access()) {
            let reaches = |reach: &SiteAccess, number| match reach {
                SiteAccess::AllSites => true,
                SiteAccess::Sites(sites) => sites.contains(&site(number)),
            };
            let everywhere = one.is_all_sites() || !other.is_all_sites();
            let each = (0..5).all(|number| !reaches(&other, number) || reaches(&one, number));
            prop_assert_eq!(one.covers(&other), everywhere && each);
            prop_assert_eq!(one.covers(&other) && other.covers(&one), one == other);
        }

        #[test]
        fn an_intersection_has_exactly_the_common_sites(one in any_site_access(), other in any_site_access()) {
            let reaches = |reach: &SiteAccess, number| match reach {
                SiteAccess::AllSites => true,
                SiteAccess::Sites(sites) => sites.contains(&site(number)),
            };
            let common = one.intersection(&other);
            for number in 0..6 {
                let both = reaches(&one, number) && reaches(&other, number);
                prop_assert_eq!(common.as_ref().is_some_and(|common| reaches(common, number)), both, "{}", number);
            }
            prop_assert_eq!(common, other.intersection(&one));
        }
    }
}
