//! What is said at the terminal. Names, paths and errors come from people and from files: a terminal must show what
//! stands in them, and obey none of it.

use std::fmt::{Display, Write as _};
use std::io::{self, Write};

/// One line for whoever asked for it.
pub fn say(line: impl Display) -> io::Result<()> {
    writeln!(io::stdout(), "{}", shown(&line.to_string()))
}

/// One line about what went wrong.
pub fn complain(line: impl Display) {
    // Nobody is left to hear that nobody hears it.
    let _ = writeln!(io::stderr(), "{}", shown(&line.to_string()));
}

/// Text of one line, with what a terminal would obey written out.
fn shown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if is_obeyed(character) {
            let _ = write!(shown, "\\u{:04x}", u32::from(character));
        } else {
            shown.push(character);
        }
    }
    shown
}

/// Control characters, among them the beginning of every escape code and the end of a line; and what turns the order of
/// characters round.
fn is_obeyed(character: char) -> bool {
    let turns = matches!(
        character,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    );
    turns || character.is_control()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_obeys_nothing() {
        for (text, meant) in [
            ("\u{1b}[31mred\u{1b}[0m", "\\u001b[31mred\\u001b[0m"),
            ("\u{1b}]0;title\u{7}", "\\u001b]0;title\\u0007"),
            ("\u{9b}2J", "\\u009b2J"),
            ("\u{9d}52;c;AA==\u{9c}", "\\u009d52;c;AA==\\u009c"),
            ("done\r\nPassword: none", "done\\u000d\\u000aPassword: none"),
            ("a\u{8}\u{8}b", "a\\u0008\\u0008b"),
            ("a\tb\u{b}c\u{c}d\0", "a\\u0009b\\u000bc\\u000cd\\u0000"),
            ("rub\u{7f}out", "rub\\u007fout"),
            ("\u{85}next", "\\u0085next"),
            ("gpj.\u{202e}exe", "gpj.\\u202eexe"),
            ("\u{2067}turned\u{2069}\u{200f}\u{61c}", "\\u2067turned\\u2069\\u200f\\u061c"),
            ("two\u{2028}lines\u{2029}", "two\\u2028lines\\u2029"),
        ] {
            assert_eq!(shown(text), meant, "{text:?}");
        }
    }

    #[test]
    fn what_people_write_stays_as_it_is() {
        for text in ["Prairie Stop", "Żabka „U Ani”", "名前", "עברית", "👩‍🍳 e\u{301}", "C:\\new\\u001b", ""]
        {
            assert_eq!(shown(text), text);
        }
    }
}
