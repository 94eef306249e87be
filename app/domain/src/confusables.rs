//! Finds names that look alike.
//!
//! Two people may have the same name. Such names are pointed out to the person who chooses among them, and never
//! refused.

use std::collections::HashMap;

use icu_normalizer::ComposingNormalizerBorrowed;
use unicode_security::skeleton;

use crate::normalize::{CharClass, kind};

/// For each name, the position of another name that looks like it, if there is one. Names look alike if they differ
/// only in case, width, spaces, punctuation and invisible characters, or in letters of other scripts with the same
/// shape (skeletons of UTS #39). A letter with an accent is a different letter.
#[must_use]
pub fn alike(names: &[&str]) -> Vec<Option<usize>> {
    let mut seen: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, name) in names.iter().enumerate() {
        for looks in looks(name) {
            seen.entry(looks).or_default().push(at);
        }
    }
    let other = |at: usize, name: &str| {
        let others = looks(name).into_iter().filter_map(|looks| seen.get(&looks));
        others.flat_map(|alike| alike.iter().take(3)).copied().find(|other| *other != at)
    };
    names.iter().enumerate().map(|(at, name)| other(at, name)).collect()
}

/// What a name looks like, as written and in lower case. Both are needed: a capital I looks like an l, but its lower
/// case does not.
fn looks(name: &str) -> [String; 2] {
    let plain = ComposingNormalizerBorrowed::new_nfkc().normalize(name).into_owned();
    let drawn = |text: &str| {
        let drawn: String = skeleton(text).flat_map(char::to_lowercase).collect();
        let letters: String = drawn.chars().filter(|c| c.is_alphanumeric() || kind(*c) == CharClass::Mark).collect();
        if letters.is_empty() { drawn } else { letters }
    };
    [drawn(&plain), drawn(&plain.to_lowercase())]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn are_alike(one: &str, other: &str) -> bool {
        alike(&[one, other]) == [Some(1), Some(0)]
    }

    #[test]
    fn confusable_names_are_found() {
        let pairs = [
            ("Nia", "Nia"),
            ("Nia", "nia"),
            ("Nia", "NIA"),
            ("Nia", "Niа"),
            ("Nia", "Nіa"),
            ("Nia", "Ｎｉａ"),
            ("Nia", "N i a"),
            ("Nia Hart", "NiaHart"),
            ("Nia Hart", "Nia-Hart"),
            ("Nia", "Nia."),
            ("Nia", "N\u{200B}ia"),
            ("Nia", "Nia\u{2060}"),
            ("Ian", "lan"),
            ("IAN", "lan"),
            ("Oleg", "0leg"),
            ("Anna", "Αnna"),
            ("Paul", "Раul"),
            ("Ann", "𝐀nn"),
            ("Bob", "Воb"),
            ("corn", "com"),
            ("Zoë", "Zoe\u{308}"),
            ("Łódź", "łódź"),
            ("Hart, June", "Hart June"),
        ];
        for (one, other) in pairs {
            assert!(are_alike(one, other), "{one:?} {other:?}");
        }
    }

    #[test]
    fn visibly_different_names_are_not_confusable() {
        let pairs = [
            ("Nia", "Mia"),
            ("Łukasz", "Lukasz"),
            ("José", "Jose"),
            ("Zoë", "Zoe"),
            ("Jan", "Jana"),
            ("Anna", "Анна"),
            ("Restroom 1", "Restroom 2"),
            ("👩", "👨"),
            ("山田", "山本"),
            ("Ola", "Ala"),
        ];
        for (one, other) in pairs {
            assert_eq!(alike(&[one, other]), [None, None], "{one:?} {other:?}");
        }
        assert_eq!(alike(&["Ann", "Bob", "ann"]), [Some(2), None, Some(0)]);
        assert_eq!(alike(&[]), []);
    }

    proptest! {
        #[test]
        fn confusable_names_are_reported_in_both_directions(names in prop::collection::vec("[aAаΑIl1 оO0.-]{1,3}", 0..12)) {
            let names: Vec<_> = names.iter().map(String::as_str).collect();
            let found = alike(&names);
            for (at, other) in found.iter().enumerate() {
                if let Some(other) = other {
                    prop_assert!(*other != at && found[*other].is_some());
                } else {
                    prop_assert!(names.iter().enumerate().all(|(place, name)| place == at || *name != names[at]));
                }
            }
        }
    }
}
