//! What each character is to a text: a letter, a space, something that is seen only beside its neighbours, or nothing.
//!
//! The tables follow Unicode's properties (`Default_Ignorable_Code_Point`, general categories, UAX #9 for directions); the
//! tests hold them against these for every character.

use icu_properties::CodePointMapData;
use icu_properties::props::{GeneralCategory, GeneralCategoryGroup};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// It is seen by itself.
    Letter,
    /// A combining mark: it is seen on the letter before it.
    Mark,
    Space,
    Break,
    /// Begins an embedding or an override of direction; [`Kind::PopEmbedding`] ends it.
    Embedding,
    PopEmbedding,
    /// Begins an isolate; [`Kind::PopIsolate`] ends it.
    Isolate,
    PopIsolate,
    /// An invisible letter with a direction, which right-to-left texts need between others.
    Direction,
    /// Joins or parts the letters beside it.
    Joiner,
    /// Chooses another form of the character before it.
    Variation,
    /// Spells the name of a flag after a black flag.
    Tag,
    /// It is not seen, and nothing is lost without it.
    Nothing,
    /// It cannot stand in a text.
    Refused,
}

pub(crate) fn kind(c: char) -> Kind {
    match c {
        '\u{21}'..='\u{7E}' => Kind::Letter,
        '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Kind::Break,
        // The blanks of Braille and of Egyptian stand between words as a space does.
        ' '
        | '\t'
        | '\u{A0}'
        | '\u{1680}'
        | '\u{2000}'..='\u{200A}'
        | '\u{202F}'
        | '\u{205F}'
        | '\u{2800}'
        | '\u{3000}'
        | '\u{13441}'
        | '\u{13442}' => Kind::Space,
        '\u{202A}' | '\u{202B}' | '\u{202D}' | '\u{202E}' => Kind::Embedding,
        '\u{202C}' => Kind::PopEmbedding,
        '\u{2066}'..='\u{2068}' => Kind::Isolate,
        '\u{2069}' => Kind::PopIsolate,
        '\u{200E}' | '\u{200F}' | '\u{61C}' => Kind::Direction,
        '\u{200C}' | '\u{200D}' | '\u{180E}' => Kind::Joiner,
        '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' | '\u{180B}'..='\u{180D}' | '\u{180F}' => Kind::Variation,
        '\u{E0020}'..='\u{E007F}' => Kind::Tag,
        // The rest of what Unicode calls ignorable; the place of a picture that was not pasted with its text; a musical
        // note without a head; characters of private use, which are another thing on every machine.
        '\u{AD}'
        | '\u{34F}'
        | '\u{115F}'
        | '\u{1160}'
        | '\u{17B4}'
        | '\u{17B5}'
        | '\u{200B}'
        | '\u{2060}'..='\u{2065}'
        | '\u{206A}'..='\u{206F}'
        | '\u{3164}'
        | '\u{FEFF}'
        | '\u{FFA0}'
        | '\u{FFF0}'..='\u{FFF8}'
        | '\u{1BCA0}'..='\u{1BCA3}'
        | '\u{1D173}'..='\u{1D17A}'
        | '\u{E0000}'..='\u{E0FFF}'
        | '\u{FFFC}'
        | '\u{1D159}'
        | '\u{E000}'..='\u{F8FF}'
        | '\u{F0000}'..='\u{FFFFD}'
        | '\u{100000}'..='\u{10FFFD}' => Kind::Nothing,
        // Notes between the lines, by the marks that other programs would leave out, and codes that are no characters.
        '\u{FFF9}'..='\u{FFFB}' | '\u{FDD0}'..='\u{FDEF}' => Kind::Refused,
        c if c.is_control() || u32::from(c) & 0xFFFE == 0xFFFE => Kind::Refused,
        // Joins Egyptian signs to groups.
        '\u{13430}'..='\u{1343F}' => Kind::Mark,
        c if c < '\u{300}' => Kind::Letter,
        c if GeneralCategoryGroup::Mark.contains(CodePointMapData::<GeneralCategory>::new().get(c)) => Kind::Mark,
        _ => Kind::Letter,
    }
}

/// No text holds it: a control character, or a code that is no character.
pub(crate) fn is_refused(c: char) -> bool {
    kind(c) == Kind::Refused
}

/// The embeddings, overrides and isolates of the Unicode Bidirectional Algorithm (UAX #9): they can make a text read as
/// another one. Letters of right-to-left scripts need none of them.
pub(crate) fn embeds(c: char) -> bool {
    matches!(kind(c), Kind::Embedding | Kind::PopEmbedding | Kind::Isolate | Kind::PopIsolate)
}

/// Letters that run from right to left.
pub(super) fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{591}'..='\u{61B}' | '\u{61D}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FDFF}'
        | '\u{FE70}'..='\u{FEFC}' | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}')
}

/// Characters of scripts whose letters join, from Arabic to Myanmar, and their marks.
pub(super) fn joins(c: char) -> bool {
    matches!(c, '\u{600}'..='\u{61B}' | '\u{61D}'..='\u{109F}' | '\u{1780}'..='\u{17B3}' | '\u{17B6}'..='\u{180A}'
        | '\u{1810}'..='\u{18AF}' | '\u{1A20}'..='\u{1CFF}' | '\u{A800}'..='\u{ABFF}' | '\u{FB50}'..='\u{FDCF}'
        | '\u{FDF0}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}' | '\u{10A00}'..='\u{11FFF}' | '\u{1E900}'..='\u{1E95F}')
}

pub(super) fn is_mongolian(c: char) -> bool {
    matches!(c, '\u{1820}'..='\u{18AA}')
}

/// Chinese characters, kana and their punctuation.
pub(super) fn is_ideographic(c: char) -> bool {
    matches!(c, '\u{3001}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF01}'..='\u{FF60}'
        | '\u{20000}'..='\u{3FFFD}')
}

/// Emoji and other signs that have more than one form, or join to one picture.
pub(super) fn is_pictorial(c: char) -> bool {
    matches!(c, '\u{A9}' | '\u{AE}' | '\u{203C}' | '\u{2049}' | '\u{2122}' | '\u{2139}' | '\u{2190}'..='\u{27FF}'
        | '\u{2900}'..='\u{2BFF}' | '\u{3030}' | '\u{303D}' | '\u{3297}' | '\u{3299}' | '\u{1F000}'..='\u{1FAFF}')
}
