//! The class of each character: a letter, a space, a character with an effect only beside others, or nothing.
//!
//! The tables follow Unicode properties (`Default_Ignorable_Code_Point`, general categories, and UAX #9 for
//! directions). The tests compare them for every character.

use icu_properties::CodePointMapData;
use icu_properties::props::{GeneralCategory, GeneralCategoryGroup};

/// What a character is to a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CharClass {
    /// Visible by itself.
    Letter,
    /// A combining mark, shown on the letter before it.
    Mark,
    Space,
    Break,
    /// Begins an embedding or an override of direction; ended by [`CharClass::PopEmbedding`].
    Embedding,
    PopEmbedding,
    /// Begins an isolate; ended by [`CharClass::PopIsolate`].
    Isolate,
    PopIsolate,
    /// An invisible direction mark, needed in mixed right-to-left text.
    Direction,
    /// Joins or separates the letters beside it.
    Joiner,
    /// Selects a variant of the character before it.
    Variation,
    /// Spells the name of a flag after a black flag.
    Tag,
    /// Invisible, and without it nothing is lost.
    Nothing,
    /// Not allowed in any text.
    Refused,
}

/// The class of a character.
pub(crate) fn kind(c: char) -> CharClass {
    match c {
        '\u{21}'..='\u{7E}' => CharClass::Letter,
        '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => CharClass::Break,
        // The blanks of Braille and Egyptian hieroglyphs separate words like spaces.
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
        | '\u{13442}' => CharClass::Space,
        '\u{202A}' | '\u{202B}' | '\u{202D}' | '\u{202E}' => CharClass::Embedding,
        '\u{202C}' => CharClass::PopEmbedding,
        '\u{2066}'..='\u{2068}' => CharClass::Isolate,
        '\u{2069}' => CharClass::PopIsolate,
        '\u{200E}' | '\u{200F}' | '\u{61C}' => CharClass::Direction,
        '\u{200C}' | '\u{200D}' | '\u{180E}' => CharClass::Joiner,
        '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' | '\u{180B}'..='\u{180D}' | '\u{180F}' => {
            CharClass::Variation
        }
        '\u{E0020}'..='\u{E007F}' => CharClass::Tag,
        // The other default-ignorable characters; the placeholder of an image that was not pasted with its text; a
        // musical note without a head; private use characters, which differ from machine to machine.
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
        | '\u{100000}'..='\u{10FFFD}' => CharClass::Nothing,
        // Interlinear annotation marks, whose text other programs would hide, and noncharacters.
        '\u{FFF9}'..='\u{FFFB}' | '\u{FDD0}'..='\u{FDEF}' => CharClass::Refused,
        c if c.is_control() || u32::from(c) & 0xFFFE == 0xFFFE => CharClass::Refused,
        // Egyptian hieroglyph format controls, which group signs.
        '\u{13430}'..='\u{1343F}' => CharClass::Mark,
        c if c < '\u{300}' => CharClass::Letter,
        c if GeneralCategoryGroup::Mark.contains(CodePointMapData::<GeneralCategory>::new().get(c)) => CharClass::Mark,
        _ => CharClass::Letter,
    }
}

/// Whether no text may contain the character: a control character or a noncharacter.
pub(crate) fn is_refused(c: char) -> bool {
    kind(c) == CharClass::Refused
}

/// Whether it is an embedding, override or isolate of the Unicode Bidirectional Algorithm (UAX #9). These can make a
/// text read differently. Letters of right-to-left scripts do not need them.
pub(crate) fn is_bidi_control(c: char) -> bool {
    matches!(kind(c), CharClass::Embedding | CharClass::PopEmbedding | CharClass::Isolate | CharClass::PopIsolate)
}

/// Letters of right-to-left scripts.
pub(super) fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{591}'..='\u{61B}' | '\u{61D}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FDFF}'
        | '\u{FE70}'..='\u{FEFC}' | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}')
}

/// Characters of scripts whose letters join, from Arabic to Myanmar, and their marks.
pub(super) fn is_joining_script(c: char) -> bool {
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

/// Emoji and other symbols that have variants or join into one picture.
pub(super) fn is_pictorial(c: char) -> bool {
    matches!(c, '\u{A9}' | '\u{AE}' | '\u{203C}' | '\u{2049}' | '\u{2122}' | '\u{2139}' | '\u{2190}'..='\u{27FF}'
        | '\u{2900}'..='\u{2BFF}' | '\u{3030}' | '\u{303D}' | '\u{3297}' | '\u{3299}' | '\u{1F000}'..='\u{1FAFF}')
}
