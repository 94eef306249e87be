//! How phone numbers are written in each country, and which country a time zone is in.
//!
//! `countries.txt` has one line for each country: calling code, trunk prefix (dialled before a number within the
//! country), international prefix (dialled to call abroad), the fewest and the most digits of a number, and time zones.
//! The numbers come from the metadata of libphonenumber, the time zones from the tz database. If several countries
//! share a calling code, the main one comes first.

const ALL: &str = include_str!("countries.txt");

/// How phone numbers are written in a country.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Country {
    pub(super) code: &'static str,
    pub(super) trunk_prefix: &'static str,
    pub(super) international_prefix: &'static str,
    min_digits: usize,
    most: usize,
    zones: &'static str,
}

impl Country {
    /// The country of a time zone, if known.
    #[must_use]
    pub fn of_zone(zone: &str) -> Option<Self> {
        all().find(|country| country.zones.split(' ').any(|known| known == zone))
    }

    /// The country of a number that begins with its calling code.
    pub(super) fn called(digits: &str) -> Option<Self> {
        all().find(|country| digits.starts_with(country.code))
    }

    /// Whether a national number of the country can have this many digits.
    pub(super) fn has(&self, number: &str) -> bool {
        (self.min_digits..=self.most).contains(&number.len())
    }
}

fn all() -> impl Iterator<Item = Country> {
    ALL.lines().filter_map(|line| {
        let mut parts = line.split('|');
        let mut next = || parts.next();
        Some(Country {
            code: next()?,
            trunk_prefix: next()?,
            international_prefix: next()?,
            min_digits: next()?.parse().ok()?,
            most: next()?.parse().ok()?,
            zones: next()?,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_country_line_parses_and_time_zones_are_unique() {
        assert_eq!(all().count(), ALL.lines().count());
        let mut zones: Vec<_> = all().flat_map(|country| country.zones.split(' ')).collect();
        let known = zones.len();
        zones.sort_unstable();
        zones.dedup();
        assert_eq!(zones.len(), known);
        for zone in zones {
            assert!(zone.parse::<chrono_tz::Tz>().is_ok(), "{zone}");
        }
    }

    #[test]
    fn no_calling_code_is_a_prefix_of_another() {
        for one in all() {
            assert!(all().all(|other| one.code == other.code || !other.code.starts_with(one.code)), "{one:?}");
            assert!(
                one.min_digits <= one.most && !one.code.is_empty() && !one.international_prefix.is_empty(),
                "{one:?}"
            );
        }
    }

    #[test]
    fn the_country_follows_from_the_time_zone() {
        let code = |zone: &str| Country::of_zone(zone).map(|country| country.code);
        let known = [
            ("Europe/Warsaw", "48"),
            ("Poland", "48"),
            ("America/Chicago", "1"),
            ("US/Central", "1"),
            ("Europe/London", "44"),
            ("Asia/Calcutta", "91"),
            ("Europe/Kiev", "380"),
        ];
        for (zone, expected) in known {
            assert_eq!(code(zone), Some(expected), "{zone}");
        }
        assert_eq!((code("UTC"), code("Etc/GMT+3"), code("Nowhere")), (None, None, None));
    }
}
