//! Names that could be taken for one another. Two people may well have one name: such names are pointed out to whoever
//! chooses by them, and never refused.

use std::collections::HashMap;

use icu_normalizer::ComposingNormalizerBorrowed;
use unicode_security::skeleton;

use crate::alphabet::{Kind, kind};

/// For each of the names another one that looks like it, if there is one, by its position: the same but for case, width,
/// spaces, signs between the letters and what is not seen, or in letters of another script that are drawn alike (the
/// skeletons of UTS #39). A letter with an accent is another letter.
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

/// What a name looks like, in capitals as they are and in small letters: a capital I looks like an l, and its small
/// letter does not.
fn looks(name: &str) -> [String; 2] {
    let plain = ComposingNormalizerBorrowed::new_nfkc().normalize(name).into_owned();
    let drawn = |text: &str| {
        let drawn: String = skeleton(text).flat_map(char::to_lowercase).collect();
        let letters: String = drawn.chars().filter(|c| c.is_alphanumeric() || kind(*c) == Kind::Mark).collect();
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
    fn names_that_could_be_taken_for_one_another_are_found() {
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
    fn names_that_differ_to_the_eye_are_left_alone() {
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
        fn whoever_looks_like_another_is_looked_like(names in prop::collection::vec("[aAаΑIl1 оO0.-]{1,3}", 0..12)) {
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
