//! The types of fields in documents, and bad values of each type.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::rows::unknown;
use crate::world::World;

/// The type of a field.
#[derive(Clone, Copy)]
pub enum FieldType {
    /// Text with this maximum length.
    Text(usize),
    /// A list of lines.
    Lines,
    /// One of a set of words.
    Choice,
    /// An id that the program creates.
    NewId,
    /// The id of a row of the business. The function gives the id of a row of another business.
    Reference(fn(&World) -> String),
    /// The id of a person of the business.
    Person,
    /// Ids of places.
    Places,
    /// An instant that has passed.
    PastInstant,
    /// An instant to come.
    FutureInstant,
    Slug,
    /// A number in this range.
    Number(i64, i64),
    Answer,
    Amount,
}

/// A field: its name, its type, and whether it is required.
pub struct Field(pub &'static str, pub FieldType, pub bool);

/// A bad value, and the path and code of the expected error.
pub struct BadValue {
    pub what: &'static str,
    pub value: Value,
    pub field: String,
    pub code: &'static str,
}

const RTL: &str = "abc\u{202E}def";
const CONTROL: &str = "abc\u{0}def";

fn emoji() -> Value {
    "😀".repeat(10_000).into()
}

impl Field {
    /// Every bad value for this field, with the expected error.
    pub fn bad_values(&self, world: &World) -> Vec<BadValue> {
        let Self(name, kind, needed) = self;
        let bad = |what, value: Value, code| BadValue { what, value, field: (*name).to_owned(), code };
        let mut all = vec![bad("wrong type: an object", json!({ "a": 1 }), "malformed")];
        if *needed && !matches!(kind, FieldType::Answer | FieldType::Number(..) | FieldType::Lines) {
            all.push(bad("empty", json!(""), "missing"));
            all.push(bad("blank", json!("  \t"), "missing"));
            all.push(bad("unseen", json!("\u{2060}\u{3164}\u{2800}"), "missing"));
        }
        if !matches!(kind, FieldType::Number(..)) {
            all.push(bad("wrong type: a number", json!(7), "malformed"));
        }
        all.extend(kind.bad_values(world).into_iter().map(|(what, value, code)| bad(what, value, code)));
        if matches!(kind, FieldType::Lines | FieldType::Places) {
            let inner =
                |value| BadValue { what: "wrong type inside", value, field: format!("{name}[1]"), code: "malformed" };
            all.push(inner(json!([world.own.place, 7])));
            all.push(inner(json!([world.own.place, [["deep"]]])));
        }
        all
    }
}

type Case = (&'static str, Value, &'static str);

impl FieldType {
    fn bad_values(self, world: &World) -> Vec<Case> {
        let every = |code| {
            vec![
                ("unknown", json!("banana"), code),
                ("control", json!(CONTROL), code),
                ("override", json!(RTL), code),
                ("emoji", emoji(), code),
            ]
        };
        match self {
            Self::Text(max) => bad_texts(max).to_vec(),
            Self::Lines => {
                let inside = |(what, value, code)| (what, json!(["fine", value]), code);
                let mut all: Vec<Case> = bad_texts(160).into_iter().map(inside).collect();
                all.extend([("empty", json!([]), "missing"), ("many", json!(vec!["line"; 13]), "too_many")]);
                all
            }
            Self::Choice => every("unknown_choice"),
            Self::NewId => every("malformed"),
            Self::Person => [every("malformed"), vec![("unknown id", json!(unknown()), "not_found")]].concat(),
            FieldType::Reference(foreign) => {
                let ids =
                    [("unknown id", json!(unknown()), "not_found"), ("foreign id", json!(foreign(world)), "not_found")];
                [every("malformed"), ids.to_vec()].concat()
            }
            Self::Places => {
                let inside = |(what, value, code)| (what, json!([world.own.place, value]), code);
                let ids = [json!(unknown()), json!(world.foreign.place)].map(|id| ("not here", id, "not_found"));
                every("malformed").into_iter().chain(ids).map(inside).collect()
            }
            Self::PastInstant => [every("malformed"), instants(world, "in_future", "too_old")].concat(),
            Self::FutureInstant => [every("malformed"), instants(world, "too_far_ahead", "not_in_future")].concat(),
            Self::Slug => vec![
                ("taken", json!("clean-restrooms"), "taken"),
                ("reserved", json!("record"), "reserved"),
                ("long", json!("a".repeat(41)), "too_long"),
                ("short", json!("a"), "too_short"),
                ("spaced", json!("clean restrooms"), "malformed"),
                ("control", json!(CONTROL), "malformed"),
                ("override", json!(RTL), "malformed"),
                ("emoji", emoji(), "too_long"),
            ],
            Self::Number(min, max) => vec![
                ("missing", json!(null), "missing"),
                ("small", json!(min - 1), "out_of_range"),
                ("large", json!(max + 1), "out_of_range"),
                ("wrong type: a text", json!("many"), "malformed"),
                ("broken", json!(7.123), "not_a_number"),
                ("huge", json!(1e300), "not_a_number"),
            ],
            Self::Answer => {
                vec![("wrong type: a text", json!("yes"), "malformed"), ("wrong type: a number", json!(1), "malformed")]
            }
            Self::Amount => vec![
                ("words", json!("a lot"), "not_a_number"),
                ("negative", json!("-1"), "not_a_number"),
                ("fraction", json!("1.005"), "not_a_number"),
                ("huge", json!("1000000001"), "out_of_range"),
                ("longer", json!("9".repeat(400)), "out_of_range"),
                ("control", json!(CONTROL), "not_a_number"),
                ("emoji", emoji(), "not_a_number"),
            ],
        }
    }
}

fn bad_texts(max: usize) -> [Case; 5] {
    [
        ("heap", json!(format!("e{}", "\u{301}".repeat(150))), "too_many_marks"),
        ("long", json!("x".repeat(max + 1)), "too_long"),
        ("control", json!(CONTROL), "control_character"),
        ("override", json!(RTL), "direction_override"),
        ("emoji", emoji(), "too_long"),
    ]
}

/// Instants that lie too far ahead and too far back, with their codes.
fn instants(world: &World, ahead: &'static str, back: &'static str) -> Vec<Case> {
    vec![
        ("in the future", json!(world.time(TimeDelta::days(100))), ahead),
        ("ten years back", json!(world.time(TimeDelta::days(-3650))), back),
        ("year 9999", json!("9999-12-31T23:59:59Z"), ahead),
        ("year 0", json!("0000-01-01T00:00:00+14:00"), back),
        ("no such day", json!("2026-02-30T00:00:00Z"), "malformed"),
    ]
}
