//! What stood behind a form when somebody opened it: whoever saves what was changed meanwhile hears of it, and nothing is
//! lost.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;
use serde_json::Value;
use thiserror::Error;

use crate::record::Hash;

/// The state of what a form replaces, as whoever filled it in saw it. Where a form is about several rows, each has a part
/// of its own, so that nobody hears of rows that they leave alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Revision(BTreeMap<String, String>);

/// What stands now, where it is not what was seen.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("somebody has changed this since it was read")]
pub struct Stale(pub Value);

/// So many digits tell one state from another.
const DIGITS: usize = 16;

impl Revision {
    /// Of one row, as it stands.
    #[must_use]
    pub fn of(stands: &impl Serialize) -> Self {
        Self::of_each([("", stands)])
    }

    /// Of several rows, each under its own name.
    #[must_use]
    pub fn of_each<'s, K: fmt::Display, V: Serialize + 's>(rows: impl IntoIterator<Item = (K, &'s V)>) -> Self {
        let part = |(name, stands): (K, &V)| {
            let written = serde_json::to_vec(stands).unwrap_or_default();
            (name.to_string(), Hash::of(&written).to_string().chars().take(DIGITS).collect())
        };
        Self(rows.into_iter().map(part).collect())
    }

    /// As a form or a program sends it. What was never given out is what nobody has seen.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let part = |part: &str| {
            let (name, digits) = part.split_once(':').unwrap_or(("", part));
            (name.to_owned(), digits.to_owned())
        };
        Self(text.split_whitespace().map(part).collect())
    }

    /// Whether all that both speak of is the same in both. Rows that were not on the form do not matter, and where nothing was
    /// said anything goes.
    #[must_use]
    pub fn agrees(&self, now: &Self) -> bool {
        let unsaid = |name: &str| self.0.is_empty() || !name.is_empty();
        now.0.iter().all(|(name, digits)| self.0.get(name).map_or_else(|| unsaid(name), |seen| seen == digits))
    }

    /// Lets a change through that was made to what stands, and to nothing older.
    ///
    /// # Errors
    /// Something else stands by now.
    pub fn check(&self, now: &Self, stands: impl FnOnce() -> Value) -> Result<(), Stale> {
        if self.agrees(now) { Ok(()) } else { Err(Stale(stands())) }
    }
}

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = self.0.iter().map(|(name, digits)| match name.as_str() {
            "" => digits.clone(),
            name => format!("{name}:{digits}"),
        });
        f.write_str(&parts.collect::<Vec<_>>().join(" "))
    }
}

/// The fields in which two states differ, with all that the second says in each. The order of several values, and how
/// they were broken into lines, is no difference.
#[must_use]
pub fn differences(typed: &Value, stands: &Value) -> Vec<(String, Vec<String>)> {
    let (Value::Object(typed), Value::Object(stands)) = (typed, stands) else { return Vec::new() };
    let differs = |(field, now): (&String, &Value)| {
        let (typed, now) = (values(typed.get(field)?), values(now));
        (sorted(&typed) != sorted(&now)).then(|| (field.clone(), now))
    };
    stands.iter().filter_map(differs).collect()
}

fn values(of: &Value) -> Vec<String> {
    match of {
        Value::Null => Vec::new(),
        Value::String(text) => text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect(),
        Value::Array(parts) => parts.iter().flat_map(values).collect(),
        other => vec![other.to_string()],
    }
}

fn sorted(values: &[String]) -> Vec<&String> {
    let mut sorted: Vec<_> = values.iter().collect();
    sorted.sort_unstable();
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn a_change_to_what_stands_goes_through_and_to_what_stood_before_does_not() {
        let (old, new) = (json!({ "name": "A", "phone": "1" }), json!({ "name": "A", "phone": "2" }));
        let seen = Revision::parse(&Revision::of(&old).to_string());
        assert_eq!(seen.check(&Revision::of(&old), || old.clone()), Ok(()));
        assert_eq!(seen.check(&Revision::of(&new), || new.clone()), Err(Stale(new)));
    }

    #[test]
    fn rows_that_a_change_leaves_alone_do_not_matter() {
        let (one, other, third) = (json!("a"), json!("b"), json!("c"));
        let seen = Revision::parse(&Revision::of_each([("1", &one), ("2", &other)]).to_string());
        assert!(seen.agrees(&Revision::of_each([("1", &one)])));
        assert!(!seen.agrees(&Revision::of_each([("1", &one), ("2", &third)])));
        assert!(seen.agrees(&Revision::of_each([("3", &third)])), "it was not on the form");
    }

    #[test]
    fn what_differs_is_named_with_what_stands() {
        let typed = json!({ "name": "B", "phone": "1 ", "days": ["monday"], "lines": ["b\r\na"], "more": "x" });
        let stands =
            json!({ "name": "A", "phone": "1", "days": ["monday", "friday"], "lines": ["a", "b"], "public": true });
        let differs = differences(&typed, &stands);
        let named: Vec<_> = differs.iter().map(|(field, values)| (field.as_str(), values.join("+"))).collect();
        assert_eq!(named, [("days", "monday+friday".to_owned()), ("name", "A".to_owned())]);
    }

    #[test]
    fn what_was_never_given_out_agrees_with_nothing() {
        for sent in ["0", "abc", "0123456789abcdef", ":", "*", "é", "a:b:c"] {
            let agrees = Revision::parse(sent).agrees(&Revision::of(&json!(1)));
            assert!(!agrees, "{sent}");
        }
    }

    proptest! {
        #[test]
        fn a_revision_is_read_as_it_was_written(parts in prop::collection::btree_map("[0-9a-f-]{0,36}", "[a-z]{0,9}", 0..5)) {
            let revision = Revision::of_each(parts.iter());
            prop_assert_eq!(Revision::parse(&revision.to_string()), revision);
        }
    }
}
