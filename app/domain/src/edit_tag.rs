//! Edit tags (optimistic locking): they show whether the data behind a form changed after the form was opened.
//!
//! A change made meanwhile by another person is noticed, so nothing is overwritten.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;
use serde_json::Value;
use thiserror::Error;

use crate::record::Hash;

/// The state of the rows that a form replaces, as seen when it was opened. A form about several rows has one part for
/// each, so changes to rows that the person leaves alone do not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EditTag(BTreeMap<String, String>);

/// The data has changed since the form was opened. It holds the current data as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("somebody has changed this since it was read")]
pub struct Stale(pub Value);

/// How many hexadecimal digits of the SHA-256 hash a tag keeps.
const HASH_DIGITS: usize = 16;

impl EditTag {
    /// The tag of one row.
    #[must_use]
    pub fn of(stands: &impl Serialize) -> Self {
        Self::of_each([("", stands)])
    }

    /// The tag of several rows, each under its own name.
    #[must_use]
    pub fn of_each<'s, K: fmt::Display, V: Serialize + 's>(rows: impl IntoIterator<Item = (K, &'s V)>) -> Self {
        let part = |(name, stands): (K, &V)| {
            let written = serde_json::to_vec(stands).unwrap_or_default();
            (name.to_string(), Hash::of(&written).to_string().chars().take(HASH_DIGITS).collect())
        };
        Self(rows.into_iter().map(part).collect())
    }

    /// Parses a tag from a form or an API call. An empty text gives an empty tag. A text that was never issued as a tag
    /// matches no state.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let part = |part: &str| {
            let (name, digits) = part.split_once(':').unwrap_or(("", part));
            (name.to_owned(), digits.to_owned())
        };
        Self(text.split_whitespace().map(part).collect())
    }

    /// Whether the rows that are in both tags are unchanged. Rows that were not on the form are ignored, and an empty
    /// tag matches everything.
    #[must_use]
    pub fn matches(&self, now: &Self) -> bool {
        let unsaid = |name: &str| self.0.is_empty() || !name.is_empty();
        now.0.iter().all(|(name, digits)| self.0.get(name).map_or_else(|| unsaid(name), |seen| seen == digits))
    }

    /// Requires that the data has not changed since the form was opened. `now` is the current tag; `stands` gives the
    /// current data.
    ///
    /// # Errors
    /// [`Stale`] with the current data, if it has changed.
    pub fn require_current(&self, now: &Self, stands: impl FnOnce() -> Value) -> Result<(), Stale> {
        if self.matches(now) { Ok(()) } else { Err(Stale(stands())) }
    }
}

impl fmt::Display for EditTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = self.0.iter().map(|(name, digits)| match name.as_str() {
            "" => digits.clone(),
            name => format!("{name}:{digits}"),
        });
        f.write_str(&parts.collect::<Vec<_>>().join(" "))
    }
}

/// The fields in which the typed data and the current data differ, each with the current values. The order of several
/// values, and their line breaks, make no difference.
#[must_use]
pub fn field_differences(typed: &Value, stands: &Value) -> Vec<(String, Vec<String>)> {
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
    fn an_edit_of_the_current_state_passes_and_a_stale_one_fails() {
        let (old, new) = (json!({ "name": "A", "phone": "1" }), json!({ "name": "A", "phone": "2" }));
        let seen = EditTag::parse(&EditTag::of(&old).to_string());
        assert_eq!(seen.require_current(&EditTag::of(&old), || old.clone()), Ok(()));
        assert_eq!(seen.require_current(&EditTag::of(&new), || new.clone()), Err(Stale(new)));
    }

    #[test]
    fn only_the_rows_being_changed_are_compared() {
        let (one, other, third) = (json!("a"), json!("b"), json!("c"));
        let seen = EditTag::parse(&EditTag::of_each([("1", &one), ("2", &other)]).to_string());
        assert!(seen.matches(&EditTag::of_each([("1", &one)])));
        assert!(!seen.matches(&EditTag::of_each([("1", &one), ("2", &third)])));
        assert!(seen.matches(&EditTag::of_each([("3", &third)])), "it was not on the form");
    }

    #[test]
    fn differing_fields_are_reported_with_current_values() {
        let typed = json!({ "name": "B", "phone": "1 ", "days": ["monday"], "lines": ["b\r\na"], "more": "x" });
        let stands =
            json!({ "name": "A", "phone": "1", "days": ["monday", "friday"], "lines": ["a", "b"], "public": true });
        let differs = field_differences(&typed, &stands);
        let named: Vec<_> = differs.iter().map(|(field, values)| (field.as_str(), values.join("+"))).collect();
        assert_eq!(named, [("days", "monday+friday".to_owned()), ("name", "A".to_owned())]);
    }

    #[test]
    fn an_unknown_edit_tag_matches_nothing() {
        for sent in ["0", "abc", "0123456789abcdef", ":", "*", "é", "a:b:c"] {
            let agrees = EditTag::parse(sent).matches(&EditTag::of(&json!(1)));
            assert!(!agrees, "{sent}");
        }
    }

    proptest! {
        #[test]
        fn an_edit_tag_round_trips(parts in prop::collection::btree_map("[0-9a-f-]{0,36}", "[a-z]{0,9}", 0..5)) {
            let revision = EditTag::of_each(parts.iter());
            prop_assert_eq!(EditTag::parse(&revision.to_string()), revision);
        }
    }
}
