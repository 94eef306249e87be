//! Output to the terminal. Names, paths and errors come from people and files, so control characters in them are escaped: a
//! terminal must not execute them.

use std::fmt::{Display, Write as _};
use std::io::{self, Write};

/// Prints one line to standard output.
pub fn print_line(line: impl Display) -> io::Result<()> {
    writeln!(io::stdout(), "{}", escaped(&line.to_string()))
}

/// Prints one line to standard error.
pub fn print_error(line: impl Display) {
    // There is nowhere to report that this failed.
    let _ = writeln!(io::stderr(), "{}", escaped(&line.to_string()));
}

/// The text with control characters escaped, so that it stays on one line.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if is_control(character) {
            let _ = write!(escaped, "\\u{:04x}", u32::from(character));
        } else {
            escaped.push(character);
        }
    }
    escaped
}

/// Control characters, which include line breaks and the start of every escape sequence; and characters that change the
/// direction of text.
fn is_control(character: char) -> bool {
    let changes_direction = matches!(
        character,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    );
    changes_direction || character.is_control()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_escaped() {
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
            assert_eq!(escaped(text), meant, "{text:?}");
        }
    }

    #[test]
    fn other_text_stays_unchanged() {
        for text in ["Prairie Stop", "Żabka „U Ani”", "名前", "עברית", "👩‍🍳 e\u{301}", "C:\\new\\u001b", ""]
        {
            assert_eq!(escaped(text), text);
        }
    }
}
