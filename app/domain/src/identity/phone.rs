//! Phone numbers, however they are written, as digits that begin with a plus and the country.

use super::countries::Country;

/// Fewer digits are no number that a stranger could call.
const LEAST: usize = 5;

/// More are in no country (E.164 has 15; some are dialled with more).
const MOST: usize = 20;

/// What stands ahead of a number and is not of it.
const LABELS: [&str; 8] = ["telephone", "telefon", "phone", "mobile", "tel", "mob", "kom", "t:"];

/// What stands between a number and its extension.
const EXTENSIONS: [&str; 10] = [";ext=", "extension", "wewnętrzny", "durchwahl", "ext", "wewn", "wew", "доб", "x", "#"];

/// The noughts of the decimal digits that people write numbers in.
const NOUGHTS: [char; 12] = [
    '0', '\u{660}', '\u{6F0}', '\u{7C0}', '\u{966}', '\u{9E6}', '\u{A66}', '\u{AE6}', '\u{BE6}', '\u{E50}', '\u{17E0}',
    '\u{FF10}',
];

/// A number in its normal form, with its extension if it has one: behind one switchboard sit several people. A number
/// without its country is one of the country it was written in. None if the text is no number.
pub(super) fn normal(text: &str, country: Option<&Country>) -> Option<String> {
    let text = text.to_lowercase();
    let text = LABELS.iter().find_map(|label| text.strip_prefix(label)).unwrap_or(&text);
    let (number, extension) = match EXTENSIONS.iter().find_map(|mark| text.split_once(mark)) {
        Some((number, extension)) => (number, Some(digits(extension)?)),
        None => (text, None),
    };
    let abroad = number.trim_start_matches(separates).starts_with(['+', '＋']);
    let digits = digits(number).filter(|digits| (LEAST..=MOST).contains(&digits.len()))?;
    let digits = if abroad {
        with_country(digits.trim_start_matches("00"))
    } else if let Some(country) = country {
        within(&digits, country)
    } else {
        match digits.strip_prefix("00") {
            Some(abroad) => with_country(abroad),
            None => digits,
        }
    };
    Some(match extension {
        Some(extension) => format!("{digits};ext={extension}"),
        None => digits,
    })
}

/// What begins with the country's own digits, without the one that is dialled inside it: `+44 (0)20` is `+44 20`.
fn with_country(digits: &str) -> String {
    let Some(country) = Country::called(digits) else { return format!("+{digits}") };
    let rest = &digits[country.code.len()..];
    let inside = rest.strip_prefix(country.trunk).filter(|_| !country.trunk.is_empty());
    // Where nought is dialled inside the country, none of its numbers begins with one.
    let inside = inside.filter(|inside| country.has(inside) && (country.trunk == "0" || !country.has(rest)));
    format!("+{}{}", country.code, inside.unwrap_or(rest))
}

/// A number as it is written in a country.
fn within(digits: &str, country: &Country) -> String {
    if let Some(abroad) = digits.strip_prefix(country.abroad)
        && Country::called(abroad).is_some_and(|there| there.has(&abroad[there.code.len()..]))
    {
        return with_country(abroad);
    }
    // What is dialled to call abroad nearly everywhere.
    if let Some(abroad) = digits.strip_prefix("00") {
        return with_country(abroad);
    }
    let inside = digits.strip_prefix(country.trunk).filter(|inside| !country.trunk.is_empty() && country.has(inside));
    // Who has forgotten the plus.
    let whole = digits.strip_prefix(country.code).filter(|rest| country.has(rest));
    let whole = whole.filter(|_| !country.trunk.is_empty() || !country.has(digits));
    format!("+{}{}", country.code, inside.or(whole).unwrap_or(digits))
}

/// The digits of a text, if there is nothing else in it but what separates them.
fn digits(text: &str) -> Option<String> {
    let text = text.trim_matches(separates).trim_start_matches(['+', '＋']);
    let digits: Option<String> = text.chars().filter(|c| !separates(*c)).map(digit).collect();
    digits.filter(|digits| !digits.is_empty())
}

fn digit(c: char) -> Option<char> {
    let value =
        NOUGHTS.iter().find_map(|nought| u32::from(c).checked_sub(u32::from(*nought)).filter(|value| *value < 10))?;
    char::from_digit(value, 10)
}

fn separates(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '-' | '.' | ':' | '=' | '/' | '(' | ')' | '[' | ']' | '_' | '·' | '•' | '−' | '－' | '（' | '）' | '⁄'
        )
        || matches!(c, '\u{2010}'..='\u{2015}')
}
