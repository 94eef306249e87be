//! Phone numbers in their normal form: a plus, the calling code and the digits (as in E.164).

use super::countries::Country;

/// Numbers with fewer digits cannot be called from outside.
const MIN_DIGITS: usize = 5;

/// No country has numbers with more digits. E.164 allows 15, but some numbers are dialled with more.
const MAX_DIGITS: usize = 20;

/// Labels that may come before a number.
const LABELS: [&str; 8] = ["telephone", "telefon", "phone", "mobile", "tel", "mob", "kom", "t:"];

/// What may separate a number from its extension.
const EXTENSIONS: [&str; 10] = [";ext=", "extension", "wewnętrzny", "durchwahl", "ext", "wewn", "wew", "доб", "x", "#"];

/// The digit zero in the scripts in which people write numbers.
const ZERO_DIGITS: [char; 12] = [
    '0', '\u{660}', '\u{6F0}', '\u{7C0}', '\u{966}', '\u{9E6}', '\u{A66}', '\u{AE6}', '\u{BE6}', '\u{E50}', '\u{17E0}',
    '\u{FF10}',
];

/// A phone number in its normal form. The extension is kept, because one switchboard serves several people. A number
/// without a calling code belongs to `country`. `None` if the text is not a phone number.
pub(super) fn normalize(text: &str, country: Option<&Country>) -> Option<String> {
    let text = text.to_lowercase();
    let text = LABELS.iter().find_map(|label| text.strip_prefix(label)).unwrap_or(&text);
    let (number, extension) = match EXTENSIONS.iter().find_map(|mark| text.split_once(mark)) {
        Some((number, extension)) => (number, Some(digits(extension)?)),
        None => (text, None),
    };
    let abroad = number.trim_start_matches(separates).starts_with(['+', '＋']);
    let digits = digits(number).filter(|digits| (MIN_DIGITS..=MAX_DIGITS).contains(&digits.len()))?;
    let digits = if abroad {
        from_international(digits.trim_start_matches("00"))
    } else if let Some(country) = country {
        from_national(&digits, country)
    } else {
        match digits.strip_prefix("00") {
            Some(abroad) => from_international(abroad),
            None => digits,
        }
    };
    Some(match extension {
        Some(extension) => format!("{digits};ext={extension}"),
        None => digits,
    })
}

/// A number that begins with the calling code. An extra trunk prefix is removed: `+44 (0)20` becomes `+44 20`.
fn from_international(digits: &str) -> String {
    let Some(country) = Country::called(digits) else { return format!("+{digits}") };
    let rest = &digits[country.code.len()..];
    let inside = rest.strip_prefix(country.trunk_prefix).filter(|_| !country.trunk_prefix.is_empty());
    // If the trunk prefix is 0, no national number begins with 0.
    let inside = inside.filter(|inside| country.has(inside) && (country.trunk_prefix == "0" || !country.has(rest)));
    format!("+{}{}", country.code, inside.unwrap_or(rest))
}

/// A number as written in its own country.
fn from_national(digits: &str, country: &Country) -> String {
    if let Some(abroad) = digits.strip_prefix(country.international_prefix)
        && Country::called(abroad).is_some_and(|there| there.has(&abroad[there.code.len()..]))
    {
        return from_international(abroad);
    }
    // `00` is the international prefix nearly everywhere.
    if let Some(abroad) = digits.strip_prefix("00") {
        return from_international(abroad);
    }
    let inside = digits
        .strip_prefix(country.trunk_prefix)
        .filter(|inside| !country.trunk_prefix.is_empty() && country.has(inside));
    // With the calling code, but without the plus.
    let whole = digits.strip_prefix(country.code).filter(|rest| country.has(rest));
    let whole = whole.filter(|_| !country.trunk_prefix.is_empty() || !country.has(digits));
    format!("+{}{}", country.code, inside.or(whole).unwrap_or(digits))
}

/// The digits of a text that has only digits and separators. `None` otherwise.
fn digits(text: &str) -> Option<String> {
    let text = text.trim_matches(separates).trim_start_matches(['+', '＋']);
    let digits: Option<String> = text.chars().filter(|c| !separates(*c)).map(digit).collect();
    digits.filter(|digits| !digits.is_empty())
}

fn digit(c: char) -> Option<char> {
    let value = ZERO_DIGITS
        .iter()
        .find_map(|nought| u32::from(c).checked_sub(u32::from(*nought)).filter(|value| *value < 10))?;
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
