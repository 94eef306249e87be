//! What is kept, normalised, dropped and refused in pasted text.

use icu_properties::CodePointMapData;
use icu_properties::CodePointSetData;
use icu_properties::props::{DefaultIgnorableCodePoint, GeneralCategory, GeneralCategoryGroup, NoncharacterCodePoint};
use proptest::prelude::*;

use super::*;
use crate::normalize::{CharClass, kind};

fn line(text: &str) -> Result<String, Fault> {
    Line::parse(text).map(String::from)
}

fn prose(text: &str) -> Result<String, Fault> {
    Prose::parse(text).map(String::from)
}

#[test]
fn invisible_characters_and_extra_spaces_are_removed() {
    let tidied = [
        ("\u{202D}+48 600 100 200\u{202C}", "+48 600 100 200"),
        ("\u{202D}+48 600 100 200", "+48 600 100 200"),
        ("+48 600 100 200\u{202C}", "+48 600 100 200"),
        ("\u{202A}\u{202A}+48\u{202C} 600\u{202C}", "+48 600"),
        ("Call \u{202A}+48 600\u{202C} now", "Call +48 600 now"),
        ("Call \u{2068}Anna\u{2069} now", "Call Anna now"),
        ("\u{2066}a \u{202B}b\u{2069} c", "a b c"),
        ("600 100\u{202C}, ask for Anna", "600 100, ask for Anna"),
        ("\u{200E}Anna\u{200F}", "Anna"),
        ("An\u{200E}na", "Anna"),
        ("+48\u{A0}600\u{202F}777\u{2009}001", "+48 600 777 001"),
        ("a\tb", "a b"),
        ("\t a \t b \t", "a b"),
        ("a \u{3000} b", "a b"),
        ("a\r\nb", "a b"),
        ("a\rb\u{2028}c\u{2029}d\u{85}e\u{B}f\u{C}g", "a b c d e f g"),
        ("\u{FEFF}Anna", "Anna"),
        ("An\u{200B}na", "Anna"),
        ("An\u{2060}na", "Anna"),
        ("An\u{AD}na", "Anna"),
        ("An\u{34F}na", "Anna"),
        ("An\u{200C}n\u{200D}a", "Anna"),
        ("An\u{FE0F}na\u{FE00}", "Anna"),
        ("An\u{E0061}na\u{E007F}", "Anna"),
        ("An\u{180E}na\u{180B}", "Anna"),
        ("\u{F0B7} Anna\u{FFFC}", "Anna"),
        ("\u{301}Anna", "Anna"),
        ("An \u{301}na", "An na"),
        ("cafe\u{301}", "café"),
        ("Zaz\u{307}o\u{301}łc\u{301}", "Zażółć"),
        ("\u{1112}\u{1161}\u{11AB}", "한"),
        ("\u{212B}", "Å"),
        ("A\u{200B}\u{30A}", "Å"),
        ("⠓⠊\u{2800}⠓⠊", "⠓⠊ ⠓⠊"),
    ];
    for (pasted, expected) in tidied {
        assert_eq!(line(pasted).as_deref(), Ok(expected), "{pasted:?}");
    }
}

#[test]
fn joiners_needed_by_scripts_and_emoji_are_kept() {
    let kept = [
        "می\u{200C}خواهم",
        "नमस्ते",
        "क\u{94D}\u{200D}",
        "क\u{94D}\u{200C}ष",
        "ක\u{DCA}\u{200D}රිය",
        "র\u{200D}\u{9CD}য",
        "अन\u{94D}\u{200D} है",
        "👩\u{200D}🚒",
        "👩🏽\u{200D}❤\u{FE0F}\u{200D}👨🏻",
        "❤\u{FE0F}\u{200D}🔥",
        "🏳\u{FE0F}\u{200D}🌈",
        "☎\u{FE0E}",
        "1\u{FE0F}\u{20E3}",
        "🏴\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}",
        "🇵🇱",
        "葛\u{E0100}城市",
        "ᠠ\u{180E}ᠠ\u{180B}",
        "שלום עולם",
        "C++\u{200F} שלום",
        "עברית\u{200F}! abc",
        "Việt Nam",
        "ཧ\u{F90}\u{FB5}\u{FA8}\u{FB3}\u{FBA}\u{FBB}\u{F82}",
        "ဩဂုတ်",
        "กรุงเทพฯ",
        "한국어",
        "日本語、です",
        "Łódź – „Zażółć” 100 %",
        "e̊",
    ];
    for text in kept {
        assert_eq!(line(text).as_deref(), Ok(text), "{text:?}");
    }
}

#[test]
fn a_text_without_visible_characters_is_missing() {
    let blank = [
        "",
        " ",
        "\t",
        "\r\n",
        "\u{A0}",
        "\u{3000}",
        "\u{200B}",
        "\u{200B}\u{200B} \u{2060}",
        "\u{2060}",
        "\u{FEFF}",
        "\u{AD}",
        "\u{3164}",
        "\u{FFA0}",
        "\u{115F}",
        "\u{1160}",
        "\u{115F}\u{1160}",
        "\u{2800}",
        "\u{2800} \u{2800}",
        "\u{17B4}",
        "\u{17B5}",
        "\u{180E}",
        "\u{180B}",
        "\u{34F}",
        "\u{200C}",
        "\u{200D}",
        "\u{200E}",
        "\u{200F}",
        "\u{61C}",
        "\u{202A}\u{202C}",
        "\u{202E}",
        "\u{2066}\u{2069}",
        "\u{2069}",
        "\u{E0041}\u{E0042}\u{E007F}",
        "\u{E0001}",
        "\u{E0FFF}",
        "\u{FE0F}",
        "\u{E0100}",
        "\u{301}",
        "\u{301}\u{301} \u{302}",
        "\u{20E3}",
        "\u{20DD}",
        "\u{93E}",
        "\u{FFFC}",
        "\u{1D159}",
        "\u{1D173}",
        "\u{2061}",
        "\u{206F}",
        "\u{E000}",
        "\u{F8FF}",
        "\u{10FFFD}",
        "\u{13441}",
        "\u{13430}",
        "\u{1BCA0}",
        "\u{16FE4}",
    ];
    for text in blank {
        assert_eq!(line(text), Err(Fault::Missing), "{text:?}");
        assert_eq!(prose(text), Err(Fault::Missing), "{text:?}");
        assert!(is_blank(text), "{text:?}");
    }
    for seen in ["a", "1", "·", "👍", "한", "ـ", "\u{601}", "\u{FFFD}", "٣", "。", "🇵"] {
        assert!(!is_blank(seen) && line(seen).is_ok(), "{seen:?}");
    }
}

#[test]
fn hostile_characters_are_refused_with_the_reason() {
    let marks = |many: usize| format!("e{}", "\u{301}".repeat(many));
    let controls = [
        "a\u{0}b",
        "\u{0}",
        "a\u{1B}[31mb",
        "a\u{7F}",
        "a\u{8}b",
        "a\u{9B}b",
        "a\u{1C}b",
        "a\u{FFFE}",
        "a\u{FDD0}b",
        "a\u{1FFFF}",
        "\u{FFF9}a\u{FFFA}b\u{FFFB}",
    ];
    for text in controls {
        assert_eq!(line(text), Err(Fault::ControlCharacter), "{text:?}");
        assert_eq!(prose(text), Err(Fault::ControlCharacter), "{text:?}");
    }
    for text in [
        "abc\u{202E}def",
        "abc\u{202D}def",
        "a\u{202A}b\u{202B}c\u{202C}",
        "abc\u{2067}def",
        "a\u{2068}b\u{202C}c",
        "a \u{202E}b\nc\u{202C}",
    ] {
        assert_eq!(prose(text), Err(Fault::DirectionOverride), "{text:?}");
    }
    // The first mark composes with its letter.
    assert!(line(&marks(MAX_COMBINING_MARKS + 1)).is_ok());
    for many in [MAX_COMBINING_MARKS + 2, 31, 150] {
        assert_eq!(line(&marks(many)), Err(Fault::TooManyMarks { max: MAX_COMBINING_MARKS }), "{many}");
    }
    for heap in ["e\u{488}".to_owned() + &"\u{488}\u{200B}".repeat(11), "ن".to_owned() + &"\u{64B}\u{200D}".repeat(11)]
    {
        assert_eq!(line(&heap), Err(Fault::TooManyMarks { max: MAX_COMBINING_MARKS }), "{heap:?}");
    }
    assert_eq!(line(&"😀".repeat(10_000)), Err(Fault::TooLong { max: Line::MAX }));
}

#[test]
fn prose_keeps_line_breaks_normalized_to_newlines() {
    assert_eq!(prose("a\r\nb\rc\u{B}d\u{2028}e\u{85}f").as_deref(), Ok("a\nb\nc\nd\ne\nf"));
    assert_eq!(prose("\n\n a \t\n\n  - b\u{A0}\n").as_deref(), Ok("a\n\n  - b"));
    assert_eq!(prose("\u{202B}a\u{202C}\n\u{202A}b\nc\u{200E}\nd").as_deref(), Ok("a\nb\nc\nd"));
    assert_eq!(lines("a\r\nb\rc\u{2028}d"), ["a", "b", "c", "d"]);
}

#[test]
fn stored_text_is_read_byte_for_byte() {
    for text in [
        "An\u{200B}na",
        "a  b",
        "cafe\u{301}",
        "\u{2060}",
        "a\u{2028}b",
        "e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}",
    ] {
        assert_eq!(Line::try_from(text.to_owned()).map(String::from).as_deref(), Ok(text), "{text:?}");
        let written = serde_json::to_string(text).unwrap();
        assert_eq!(serde_json::from_str::<Prose>(&written).unwrap().as_str(), text);
    }
    assert_eq!(Line::try_from("a\nb".to_owned()), Err(Fault::ControlCharacter));
    assert_eq!(Line::try_from(" a".to_owned()), Err(Fault::Malformed));
    assert_eq!(Prose::try_from("a\u{202E}b".to_owned()), Err(Fault::DirectionOverride));
    assert_eq!(Prose::try_from(String::new()), Err(Fault::Missing));
}

#[test]
fn character_classes_match_the_unicode_data() {
    let category = CodePointMapData::<GeneralCategory>::new();
    let ignorable = CodePointSetData::new::<DefaultIgnorableCodePoint>();
    let noncharacter = CodePointSetData::new::<NoncharacterCodePoint>();
    for c in '\0'..=char::MAX {
        let (kind, category) = (kind(c), category.get(c));
        let at = u32::from(c);
        if ignorable.contains(c) {
            assert!(
                !matches!(kind, CharClass::Letter | CharClass::Space | CharClass::Break | CharClass::Refused),
                "U+{at:04X} {kind:?}"
            );
        }
        match category {
            GeneralCategory::SpaceSeparator => assert_eq!(kind, CharClass::Space, "U+{at:04X}"),
            GeneralCategory::LineSeparator | GeneralCategory::ParagraphSeparator => assert_eq!(kind, CharClass::Break),
            GeneralCategory::Control => {
                assert!(matches!(kind, CharClass::Refused | CharClass::Break | CharClass::Space), "U+{at:04X}");
            }
            GeneralCategory::PrivateUse => assert_eq!(kind, CharClass::Nothing, "U+{at:04X}"),
            _ if noncharacter.contains(c) => assert_eq!(kind, CharClass::Refused, "U+{at:04X}"),
            _ if GeneralCategoryGroup::Mark.contains(category) && !ignorable.contains(c) => {
                assert_eq!(kind, CharClass::Mark, "U+{at:04X}");
            }
            _ => {}
        }
        assert_eq!(kind == CharClass::Break || c.is_control(), c.is_control() || matches!(c, '\u{2028}' | '\u{2029}'));
    }
}

/// Letters of many scripts, and all the characters that may hide among them, in any order.
fn pasted() -> impl Strategy<Value = String> {
    let hidden = "\u{200B}\u{200C}\u{200D}\u{200E}\u{200F}\u{61C}\u{202A}\u{202B}\u{202C}\u{202D}\u{202E}\u{2066}\u{2067}\u{2068}\u{2069}\
        \u{FE00}\u{FE0E}\u{FE0F}\u{E0100}\u{180B}\u{180E}\u{34F}\u{AD}\u{E0067}\u{E007F}\u{301}\u{307}\u{3099}\u{93C}\u{94D}\u{20E3}\
        \u{A0}\u{2028}\t\r\n ";
    let seen = "aeAo1#ńकनমমيلא葛か한ᄒ\u{1161}ᠠက😀👩❤🏴〈\u{2329}\u{2126}\u{2ADC}\u{958}\u{FB1D}";
    let characters: Vec<char> = hidden.chars().chain(seen.chars()).collect();
    prop::collection::vec(prop::sample::select(characters), 0..24).prop_map(String::from_iter)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn accepted_text_has_a_maximum_length_and_round_trips(text in prop_oneof![any::<String>(), pasted()]) {
        if let Ok(line) = Line::parse(&text) {
            prop_assert!(line.as_str().chars().count() <= Line::MAX);
            prop_assert_eq!(Line::parse(line.as_str()), Ok(line.clone()), "parsed again");
            prop_assert_eq!(Line::try_from(line.to_string()), Ok(line.clone()), "stored and read");
            prop_assert!(!line.as_str().chars().any(|c| c.is_control() || is_bidi_control(c) || kind(c) == CharClass::Nothing));
        }
        if let Ok(prose) = Prose::parse(&text) {
            prop_assert_eq!(Prose::parse(prose.as_str()), Ok(prose.clone()), "parsed again");
            prop_assert_eq!(Prose::try_from(prose.to_string()), Ok(prose.clone()), "stored and read");
        }
        prop_assert_eq!(is_blank(&text), Prose::parse(&text) == Err(Fault::Missing));
    }

    #[test]
    fn composed_and_decomposed_text_are_equal(text in "[a-zżółćéüñà가-힣が-ど ]{1,30}") {
        let apart = icu_normalizer::DecomposingNormalizerBorrowed::new_nfd().normalize(&text).into_owned();
        prop_assert_eq!(Line::parse(&apart), Line::parse(&text));
    }
}
