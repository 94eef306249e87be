//! How phone numbers are written in each country, and which country a time zone is in.
//!
//! `countries.txt` has a line for each: its calling code, what is dialled inside it ahead of a number, what is dialled to call
//! abroad, how many digits its numbers have at least and at most, and its time zones. The numbers are from libphonenumber's
//! metadata, the zones from the tz database. Where several share a calling code, the one it is mainly of comes first.

const ALL: &str = include_str!("countries.txt");

/// How numbers are written in a country.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Country {
    pub(super) code: &'static str,
    pub(super) trunk: &'static str,
    pub(super) abroad: &'static str,
    least: usize,
    most: usize,
    zones: &'static str,
}

impl Country {
    /// The country of a time zone, where it is known.
    #[must_use]
    pub fn of_zone(zone: &str) -> Option<Self> {
        all().find(|country| country.zones.split(' ').any(|known| known == zone))
    }

    /// The country that a number with its calling code is of.
    pub(super) fn called(digits: &str) -> Option<Self> {
        all().find(|country| digits.starts_with(country.code))
    }

    /// Whether its numbers have so many digits.
    pub(super) fn has(&self, number: &str) -> bool {
        (self.least..=self.most).contains(&number.len())
    }
}

fn all() -> impl Iterator<Item = Country> {
    ALL.lines().filter_map(|line| {
        let mut parts = line.split('|');
        let mut next = || parts.next();
        Some(Country {
            code: next()?,
            trunk: next()?,
            abroad: next()?,
            least: next()?.parse().ok()?,
            most: next()?.parse().ok()?,
            zones: next()?,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_read_and_every_zone_is_of_one_country() {
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
    fn calling_codes_are_no_beginnings_of_one_another() {
        for one in all() {
            assert!(all().all(|other| one.code == other.code || !other.code.starts_with(one.code)), "{one:?}");
            assert!(one.least <= one.most && !one.code.is_empty() && !one.abroad.is_empty(), "{one:?}");
        }
    }

    #[test]
    fn a_business_is_in_the_country_of_its_zone() {
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
