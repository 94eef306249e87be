//! What a form asks for, and every bad thing that could be sent instead.

/// What a field takes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text of at most so many characters.
    Text(usize),
    Email,
    /// Never sent back.
    Password,
    Slug,
    Zone,
    Currency,
    /// One of a few, or a box: what is none of them has no place in the form that comes back.
    Choice,
    /// A number from the first to the second.
    Number(i64, i64),
    Money,
    /// Lines of text, one a line.
    Lines,
    /// A moment still to come.
    Coming,
    /// A moment that has been.
    Past,
    /// Opening hours of a day.
    Hours,
    Days,
}

/// A field by its name, what it takes, and whether it is needed.
#[derive(Clone, Copy)]
pub struct Field(pub &'static str, pub Kind, pub bool);

const CONTROL: &str = "abc\u{1}def";
const OVERRIDE: &str = "abc\u{202E}def";

impl Field {
    /// What is wrong with each value, and the value.
    pub fn bad(self) -> Vec<(&'static str, String)> {
        let Self(_, kind, needed) = self;
        let mut all: Vec<(&str, String)> = vec![("emoji", "😀".repeat(10_000))];
        if needed {
            all.push(("empty", String::new()));
            all.push(("blank", "  \t".to_owned()));
            all.push(("unseen", "\u{2060}\u{3164}\u{2800}".to_owned()));
        }
        if !matches!(kind, Kind::Password) {
            all.push(("control", CONTROL.to_owned()));
            all.push(("override", OVERRIDE.to_owned()));
            all.push(("heap", format!("e{}", "\u{301}".repeat(150))));
        }
        let more: &[(&str, &str)] = match kind {
            Kind::Text(_) | Kind::Lines => &[],
            Kind::Email => &[("no address", "nobody"), ("two signs", "a@b@example.com"), ("spaced", "a b@example.com")],
            Kind::Password => &[("short", "too short")],
            Kind::Slug => &[("reserved", "record"), ("spaced", "clean restrooms"), ("short", "a")],
            Kind::Zone => &[("nowhere", "Mars/Olympus"), ("offset", "+01:00")],
            Kind::Currency => &[("unknown", "ZZZ"), ("a word", "dollars")],
            Kind::Choice => &[("unknown", "banana")],
            Kind::Number(..) => &[("a word", "many"), ("huge", "99999999999999999999"), ("negative", "-1")],
            Kind::Money => &[("a word", "a lot"), ("negative", "-1"), ("fraction", "1.005"), ("huge", "1000000001")],
            Kind::Coming => &[("a word", "soon"), ("ten years back", "2016-11-02T12:00"), ("far", "2099-01-01T00:00")],
            Kind::Past => {
                &[("a word", "lately"), ("ten years back", "2016-11-02T12:00"), ("ahead", "2099-01-01T00:00")]
            }
            Kind::Hours => &[("a word", "mornings"), ("no such hour", "25:00-26:00"), ("backwards", "17:00-9:00-")],
            Kind::Days => &[("a word", "Christmas"), ("no such day", "2026-02-30")],
        };
        all.extend(more.iter().map(|(what, value)| (*what, (*value).to_owned())));
        match kind {
            Kind::Text(max) => all.push(("long", "x".repeat(max + 1))),
            Kind::Lines => {
                all.push(("long", format!("fine\n{}", "x".repeat(161))));
                all.push(("many", vec!["line"; 13].join("\n")));
            }
            Kind::Number(min, max) => {
                all.push(("small", (min - 1).to_string()));
                all.push(("large", (max + 1).to_string()));
            }
            _ => {}
        }
        all
    }

    /// Whether what was typed stands in the form that comes back.
    pub fn is_kept(self) -> bool {
        !matches!(self.1, Kind::Choice | Kind::Password)
    }
}
