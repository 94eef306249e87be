//! The identity of a person: the one normal form in which e-mail addresses and phone numbers are compared everywhere.

use unicode_normalization::UnicodeNormalization;

use crate::person::Email;

mod countries;
mod phone;

pub use countries::Country;

/// An e-mail address or phone number in its normal form. Two are equal if they reach the same person, however they are
/// written. It is for comparing, not for showing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identity(String);

impl Identity {
    /// The identity of a person who signs in with this address.
    #[must_use]
    pub fn from_email(email: &Email) -> Self {
        Self(normalize_email(email.as_str()).unwrap_or_else(|| email.as_str().to_owned()))
    }

    /// The identity of a customer, from the contact they left: an e-mail address, a phone number as written in the
    /// business's country, or any other text.
    #[must_use]
    pub fn from_contact(contact: &str, country: Option<&Country>) -> Self {
        let text = normalize_text(contact);
        let known = normalize_email(&text).or_else(|| phone::normalize(&text, country));
        Self(known.unwrap_or_else(|| normalize_text(&text.to_lowercase())))
    }

    /// The normal form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An e-mail address with case folded and its domain in ASCII form (UTS #46). `None` if the text is not an address.
fn normalize_email(text: &str) -> Option<String> {
    let text = text.get(..7).filter(|scheme| scheme.eq_ignore_ascii_case("mailto:")).map_or(text, |_| &text[7..]);
    // As copied from an e-mail: the name first, then the address in angle brackets.
    let text = text.strip_suffix('>').and_then(|text| text.rsplit_once('<')).map_or(text, |(_, address)| address);
    let (local, host) = text.rsplit_once('@')?;
    let (local, host) = (local.trim(), host.trim().trim_end_matches('.'));
    let within = |c: char| !c.is_whitespace() && !matches!(c, '@' | '<' | '>' | '"' | ',' | ';' | '/' | ':');
    if local.is_empty() || !local.chars().all(within) || !host.chars().all(within) {
        return None;
    }
    let host = idna::domain_to_ascii(host).unwrap_or_else(|_| host.to_lowercase());
    host.contains('.').then(|| normalize_text(&format!("{}@{host}", local.to_lowercase())))
}

/// The visible part of a text: composed (NFC), without invisible characters, and with each run of white space as one
/// space.
fn normalize_text(text: &str) -> String {
    let seen: String = text.nfc().filter(|c| !is_invisible(*c)).collect();
    // Removing a character may have brought others together that compose.
    let seen: String = seen.nfc().collect();
    seen.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_invisible(c: char) -> bool {
    (c.is_control() && !c.is_whitespace())
        || matches!(
            c,
            '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}'
        )
        || matches!(c, '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}')
        || matches!(c, '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{E0000}'..='\u{E0FFF}')
}

#[cfg(test)]
mod tests;
