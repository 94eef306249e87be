//! The types of form fields, and bad values of each type.

/// The type of a field.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum FieldType {
    /// Text with this maximum length.
    Text(usize),
    Email,
    /// Never shown again.
    Password,
    Slug,
    Zone,
    Currency,
    /// A choice or a checkbox. An unknown value cannot be shown again.
    Choice,
    /// A number in this range.
    Number(i64, i64),
    Money,
    /// Lines of text.
    Lines,
    /// An instant in the future.
    Future,
    /// An instant in the past.
    Past,
    /// Opening hours of a day.
    Hours,
    Days,
}

/// A field: its name, its type, and whether it is required.
#[derive(Clone, Copy)]
pub struct Field(pub &'static str, pub FieldType, pub bool);

const CONTROL: &str = "abc\u{1}def";
const OVERRIDE: &str = "abc\u{202E}def";

impl Field {
    /// Bad values, each with what is wrong with it.
    pub fn bad_values(self) -> Vec<(&'static str, String)> {
        let Self(_, kind, is_required) = self;
        let mut all: Vec<(&str, String)> = vec![("emoji", "😀".repeat(10_000))];
        if is_required {
            all.push(("empty", String::new()));
            all.push(("blank", "  \t".to_owned()));
            all.push(("unseen", "\u{2060}\u{3164}\u{2800}".to_owned()));
        }
        if !matches!(kind, FieldType::Password) {
            all.push(("control", CONTROL.to_owned()));
            all.push(("override", OVERRIDE.to_owned()));
            all.push(("heap", format!("e{}", "\u{301}".repeat(150))));
        }
        let more: &[(&str, &str)] = match kind {
            FieldType::Text(_) | FieldType::Lines => &[],
            FieldType::Email => {
                &[("no address", "nobody"), ("two signs", "a@b@example.com"), ("spaced", "a b@example.com")]
            }
            FieldType::Password => &[("short", "too short")],
            FieldType::Slug => &[("reserved", "record"), ("spaced", "clean restrooms"), ("short", "a")],
            FieldType::Zone => &[("nowhere", "Mars/Olympus"), ("offset", "+01:00")],
            FieldType::Currency => &[("unknown", "ZZZ"), ("a word", "dollars")],
            FieldType::Choice => &[("unknown", "banana")],
            FieldType::Number(..) => &[("a word", "many"), ("huge", "99999999999999999999"), ("negative", "-1")],
            FieldType::Money => {
                &[("a word", "a lot"), ("negative", "-1"), ("fraction", "1.005"), ("huge", "1000000001")]
            }
            FieldType::Future => {
                &[("a word", "soon"), ("ten years back", "2016-11-02T12:00"), ("far", "2099-01-01T00:00")]
            }
            FieldType::Past => {
                &[("a word", "lately"), ("ten years back", "2016-11-02T12:00"), ("ahead", "2099-01-01T00:00")]
            }
            FieldType::Hours => {
                &[("a word", "mornings"), ("no such hour", "25:00-26:00"), ("backwards", "17:00-9:00-")]
            }
            FieldType::Days => &[("a word", "Christmas"), ("no such day", "2026-02-30")],
        };
        all.extend(more.iter().map(|(what, value)| (*what, (*value).to_owned())));
        match kind {
            FieldType::Text(max) => all.push(("long", "x".repeat(max + 1))),
            FieldType::Lines => {
                all.push(("long", format!("fine\n{}", "x".repeat(161))));
                all.push(("many", vec!["line"; 13].join("\n")));
            }
            FieldType::Number(min, max) => {
                all.push(("small", (min - 1).to_string()));
                all.push(("large", (max + 1).to_string()));
            }
            _ => {}
        }
        all
    }

    /// Whether the rejected form contains what was typed.
    pub fn is_shown_again(self) -> bool {
        !matches!(self.1, FieldType::Choice | FieldType::Password)
    }
}
