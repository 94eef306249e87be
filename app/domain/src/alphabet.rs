//! One alphabet for every text that is sent: what the eye does not see goes, what scripts need stays, and the rest is
//! written one way.

mod kind;
#[cfg(not(target_arch = "wasm32"))]
mod nfc;
#[cfg(target_arch = "wasm32")]
#[path = "alphabet/nfc_browser.rs"]
mod nfc;

pub(crate) use kind::{Kind, embeds, is_refused, kind};

use nfc::composed;

/// A text on one line, in its composed form (NFC): spaces of every kind are single spaces and line breaks are spaces too,
/// invisible characters are gone where they show nothing, and nothing blank stands at its ends. What no text may hold is
/// still in it, to be refused.
#[must_use]
pub fn tidy(text: &str) -> String {
    let seen = seen(text);
    seen.split([' ', '\n']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Whether there is nothing to be seen in a text.
#[must_use]
pub fn is_blank(text: &str) -> bool {
    tidy(text).is_empty()
}

/// The lines of a text, whatever breaks them.
#[must_use]
pub fn lines(text: &str) -> Vec<String> {
    let broken: String =
        text.replace("\r\n", "\n").chars().map(|c| if kind(c) == Kind::Break { '\n' } else { c }).collect();
    broken.lines().map(str::to_owned).collect()
}

/// Like [`tidy`], but line breaks stand, as `\n`, and so do the spaces inside and at the beginning of a line.
pub(crate) fn paragraphs(text: &str) -> String {
    let seen = seen(text);
    seen.split('\n').map(str::trim_end).collect::<Vec<_>>().join("\n").trim().to_owned()
}

/// How many combining marks follow one another at the most.
pub(crate) fn longest_run_of_marks(text: &str) -> usize {
    let (mut run, mut longest) = (0, 0);
    for c in text.chars() {
        match kind(c) {
            Kind::Mark | Kind::Variation => run += 1,
            Kind::Joiner => {}
            _ => run = 0,
        }
        longest = longest.max(run);
    }
    longest
}

/// What is seen of a text, composed. What goes may bring together what composes, and what is composed may need less.
fn seen(text: &str) -> String {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\n')) {
        return text.to_owned();
    }
    let mut text = composed(text);
    loop {
        let next = composed(&kept(&text.chars().collect::<Vec<_>>()));
        if next == text {
            return text;
        }
        text = next;
    }
}

fn kept(typed: &[char]) -> String {
    let unpaired = unpaired(typed);
    let right_to_left = typed.iter().any(|c| kind::is_right_to_left(*c));
    let mut kept = Kept::default();
    let mut at = 0;
    while let Some(&c) = typed.get(at) {
        let next = typed.get(at + 1).copied();
        match kind(c) {
            Kind::Letter | Kind::Refused => kept.push(c),
            Kind::Space => kept.push(' '),
            Kind::Break if c == '\r' && next == Some('\n') => {}
            Kind::Break => kept.push('\n'),
            Kind::Mark if kept.carries() => kept.push(c),
            Kind::Joiner if kept.joins(c, next) => kept.push(c),
            Kind::Variation if kept.varies(c, next) => kept.push(c),
            Kind::Direction if right_to_left && kept.begun && !kept.turns() => kept.push(c),
            Kind::Embedding | Kind::Isolate if unpaired[at] && kept.begun => kept.push(c),
            Kind::Tag => {
                if let Some(flag) = kept.flag(&typed[at..]) {
                    kept.text.extend(flag);
                    at += flag.len() - 1;
                }
            }
            _ => {}
        }
        at += 1;
    }
    let ends = |c: char| c == ' ' || kind(c) == Kind::Direction;
    kept.text.split('\n').map(|line| line.trim_end_matches(ends)).collect::<Vec<_>>().join("\n")
}

/// What is kept so far.
#[derive(Default)]
struct Kept {
    text: String,
    /// Whether there is anything on this line.
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

    /// Whether there is something for a mark to stand on.
    fn carries(&self) -> bool {
        self.last().is_some_and(|last| !matches!(last, ' ' | '\n')) && !self.turns()
    }

    /// Whether a direction mark stands last.
    fn turns(&self) -> bool {
        self.last().is_some_and(|last| kind(last) == Kind::Direction)
    }

    /// Whether a joiner shows between what is kept and what comes: after a mark that ends a syllable (a virama), between
    /// letters that join, and between emoji.
    fn joins(&self, joiner: char, next: Option<char>) -> bool {
        let Some(last) = self.last() else { return false };
        let next = next.filter(|next| matches!(kind(*next), Kind::Letter | Kind::Mark));
        let among = |is: fn(char) -> bool| is(last) && next.is_some_and(is);
        match joiner {
            '\u{180E}' => among(kind::is_mongolian),
            '\u{200D}' if next.is_some_and(kind::is_pictorial) => kind::is_pictorial(last) || last == '\u{FE0F}',
            _ => among(kind::joins) || (kind::joins(last) && kind(last) == Kind::Mark),
        }
    }

    /// Whether what is kept has the form that a selector chooses.
    fn varies(&self, selector: char, next: Option<char>) -> bool {
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

    /// The tags of one of the three flags that are spelled with them, where a black flag goes before.
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

/// Which characters turn the direction of text without one on the same line that turns it back. A pair around a pasted
/// number is dropped and changes nothing, and so is an end without a beginning; a beginning without its end is to be
/// refused, unless nothing stands before it.
fn unpaired(typed: &[char]) -> Vec<bool> {
    let mut unpaired = vec![false; typed.len()];
    let (mut open, mut isolates): (Vec<(usize, Kind)>, usize) = (Vec::new(), 0);
    for (at, c) in typed.iter().enumerate() {
        match kind(*c) {
            Kind::Break => {
                for (at, _) in open.drain(..) {
                    unpaired[at] = true;
                }
                isolates = 0;
            }
            Kind::Embedding => open.push((at, Kind::Embedding)),
            Kind::Isolate => {
                open.push((at, Kind::Isolate));
                isolates += 1;
            }
            Kind::PopEmbedding => {
                open.pop_if(|(_, opener)| *opener == Kind::Embedding);
            }
            // It ends the embeddings inside it as well.
            Kind::PopIsolate if isolates > 0 => {
                while open.pop().is_some_and(|(_, opener)| opener == Kind::Embedding) {}
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
