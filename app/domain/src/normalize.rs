//! Normalises incoming text.
//!
//! Invisible characters are removed, characters that scripts need are kept, and everything is written in one form.

mod kind;
#[cfg(not(target_arch = "wasm32"))]
mod nfc;
#[cfg(target_arch = "wasm32")]
#[path = "normalize/nfc_browser.rs"]
mod nfc;

pub(crate) use kind::{CharClass, is_bidi_control, is_refused, kind};

use nfc::composed;

/// The text on one line, in composed form (NFC). Every kind of space or line break becomes a single space, blanks at
/// the ends are removed, and so are invisible characters that have no effect. Characters that no text may contain are
/// kept, so that they can be refused.
#[must_use]
pub fn tidy(text: &str) -> String {
    let seen = normalize(text);
    seen.split([' ', '\n']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Whether nothing visible is in the text.
#[must_use]
pub fn is_blank(text: &str) -> bool {
    tidy(text).is_empty()
}

/// The lines of a text, with any kind of line break.
#[must_use]
pub fn lines(text: &str) -> Vec<String> {
    let broken: String =
        text.replace("\r\n", "\n").chars().map(|c| if kind(c) == CharClass::Break { '\n' } else { c }).collect();
    broken.lines().map(str::to_owned).collect()
}

/// Like [`tidy`], but line breaks are kept as `\n`, as are spaces within a line and at its beginning.
pub(crate) fn paragraphs(text: &str) -> String {
    let seen = normalize(text);
    seen.split('\n').map(str::trim_end).collect::<Vec<_>>().join("\n").trim().to_owned()
}

/// The length of the longest run of combining marks.
pub(crate) fn longest_run_of_marks(text: &str) -> usize {
    let (mut run, mut longest) = (0, 0);
    for c in text.chars() {
        match kind(c) {
            CharClass::Mark | CharClass::Variation => run += 1,
            CharClass::Joiner => {}
            _ => run = 0,
        }
        longest = longest.max(run);
    }
    longest
}

/// The visible part of a text, in composed form. Removing a character can bring others together that compose, and
/// composing can make a joiner unnecessary, so this repeats until nothing changes.
fn normalize(text: &str) -> String {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\n')) {
        return text.to_owned();
    }
    let mut text = composed(text);
    loop {
        let next = composed(&strip_invisible(&text.chars().collect::<Vec<_>>()));
        if next == text {
            return text;
        }
        text = next;
    }
}

fn strip_invisible(typed: &[char]) -> String {
    let unpaired = unpaired(typed);
    let right_to_left = typed.iter().any(|c| kind::is_right_to_left(*c));
    let mut kept = Kept::default();
    let mut at = 0;
    while let Some(&c) = typed.get(at) {
        let next = typed.get(at + 1).copied();
        match kind(c) {
            CharClass::Letter | CharClass::Refused => kept.push(c),
            CharClass::Space => kept.push(' '),
            CharClass::Break if c == '\r' && next == Some('\n') => {}
            CharClass::Break => kept.push('\n'),
            CharClass::Mark if kept.carries() => kept.push(c),
            CharClass::Joiner if kept.needs_joiner(c, next) => kept.push(c),
            CharClass::Variation if kept.needs_selector(c, next) => kept.push(c),
            CharClass::Direction if right_to_left && kept.begun && !kept.ends_in_direction_mark() => kept.push(c),
            CharClass::Embedding | CharClass::Isolate if unpaired[at] && kept.begun => kept.push(c),
            CharClass::Tag => {
                if let Some(flag) = kept.flag(&typed[at..]) {
                    kept.text.extend(flag);
                    at += flag.len() - 1;
                }
            }
            _ => {}
        }
        at += 1;
    }
    let ends = |c: char| c == ' ' || kind(c) == CharClass::Direction;
    kept.text.split('\n').map(|line| line.trim_end_matches(ends)).collect::<Vec<_>>().join("\n")
}

/// The text kept so far.
#[derive(Default)]
struct Kept {
    text: String,
    /// Whether the current line has anything on it.
    begun: bool,
}

impl Kept {
    fn push(&mut self, c: char) {
        self.begun = c != '\n' && (self.begun || c != ' ');
        self.text.push(c);
    }

    fn last(&self) -> Option<char> {
        self.text.chars().next_back()
    }

    /// Whether there is a character for a mark to attach to.
    fn carries(&self) -> bool {
        self.last().is_some_and(|last| !matches!(last, ' ' | '\n')) && !self.ends_in_direction_mark()
    }

    /// Whether the last character is a direction mark.
    fn ends_in_direction_mark(&self) -> bool {
        self.last().is_some_and(|last| kind(last) == CharClass::Direction)
    }

    /// Whether a joiner has an effect between the kept text and the next character: after a virama, between letters
    /// that join, or between emoji.
    fn needs_joiner(&self, joiner: char, next: Option<char>) -> bool {
        let Some(last) = self.last() else { return false };
        let next = next.filter(|next| matches!(kind(*next), CharClass::Letter | CharClass::Mark));
        let among = |is: fn(char) -> bool| is(last) && next.is_some_and(is);
        match joiner {
            '\u{180E}' => among(kind::is_mongolian),
            '\u{200D}' if next.is_some_and(kind::is_pictorial) => kind::is_pictorial(last) || last == '\u{FE0F}',
            _ => among(kind::is_joining_script) || (kind::is_joining_script(last) && kind(last) == CharClass::Mark),
        }
    }

    /// Whether the last kept character has the variant that this selector chooses.
    fn needs_selector(&self, selector: char, next: Option<char>) -> bool {
        let Some(last) = self.last() else { return false };
        match selector {
            '\u{FE0E}' | '\u{FE0F}' if matches!(last, '0'..='9' | '#' | '*') => next == Some('\u{20E3}'),
            '\u{FE0E}' | '\u{FE0F}' => kind::is_pictorial(last),
            '\u{FE00}'..='\u{FE0D}' => {
                kind::is_ideographic(last)
                    || matches!(last, '\u{1000}'..='\u{109F}' | '\u{A840}'..='\u{A877}' | '\u{2205}'..='\u{2AFF}')
            }
            '\u{E0100}'..='\u{E01EF}' => kind::is_ideographic(last),
            _ => kind::is_mongolian(last),
        }
    }

    /// The tag characters that spell one of the three flags of England, Scotland and Wales, if a black flag comes
    /// before them.
    fn flag<'a>(&self, tags: &'a [char]) -> Option<&'a [char]> {
        if self.last() != Some('\u{1F3F4}') {
            return None;
        }
        let spelled = |name: &str| {
            let tag = |c: char| char::from_u32(0xE0000 + u32::from(c));
            name.chars().map(tag).eq(tags.iter().take(name.len()).map(|c| Some(*c)))
        };
        ["gbeng\u{7F}", "gbsct\u{7F}", "gbwls\u{7F}"]
            .into_iter()
            .find(|name| spelled(name))
            .map(|name| &tags[..name.len()])
    }
}

/// Which characters change the direction of text without a matching end on the same line. A complete pair around a
/// pasted number has no effect and is dropped, and so is an end without a beginning. A beginning without an end is
/// kept, to be refused, unless nothing comes before it on the line.
fn unpaired(typed: &[char]) -> Vec<bool> {
    let mut unpaired = vec![false; typed.len()];
    let (mut open, mut isolates): (Vec<(usize, CharClass)>, usize) = (Vec::new(), 0);
    for (at, c) in typed.iter().enumerate() {
        match kind(*c) {
            CharClass::Break => {
                for (at, _) in open.drain(..) {
                    unpaired[at] = true;
                }
                isolates = 0;
            }
            CharClass::Embedding => open.push((at, CharClass::Embedding)),
            CharClass::Isolate => {
                open.push((at, CharClass::Isolate));
                isolates += 1;
            }
            CharClass::PopEmbedding => {
                open.pop_if(|(_, opener)| *opener == CharClass::Embedding);
            }
            // It also ends the embeddings inside the isolate.
            CharClass::PopIsolate if isolates > 0 => {
                while open.pop().is_some_and(|(_, opener)| opener == CharClass::Embedding) {}
                isolates -= 1;
            }
            _ => {}
        }
    }
    for (at, _) in open {
        unpaired[at] = true;
    }
    unpaired
}
