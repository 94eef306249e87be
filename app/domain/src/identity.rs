//! Who somebody is, by the address or number they are reached at: one normal form, by which people are compared everywhere.

use unicode_normalization::UnicodeNormalization;

use crate::person::Email;

mod countries;
mod phone;

pub use countries::Country;

/// An address or number in its one normal form: equal where it reaches the same person, however it is written. For
/// comparing, not for showing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identity(String);

impl Identity {
    /// By an address that somebody signs in with.
    #[must_use]
    pub fn of_address(email: &Email) -> Self {
        Self(mail(email.as_str()).unwrap_or_else(|| email.as_str().to_owned()))
    }

    /// By what a customer left: an address, a phone number as it is written in the business's country, or anything else.
    #[must_use]
    pub fn of_contact(contact: &str, country: Option<&Country>) -> Self {
        let text = plain(contact);
        let known = mail(&text).or_else(|| phone::normal(&text, country));
        Self(known.unwrap_or_else(|| plain(&text.to_lowercase())))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An address: case folded, its domain as the domain name system writes it (UTS #46). None if it is none.
fn mail(text: &str) -> Option<String> {
    let text = text.get(..7).filter(|scheme| scheme.eq_ignore_ascii_case("mailto:")).map_or(text, |_| &text[7..]);
    // As it is copied from a letter: the name ahead of it, the address in angle brackets.
    let text = text.strip_suffix('>').and_then(|text| text.rsplit_once('<')).map_or(text, |(_, address)| address);
    let (local, host) = text.rsplit_once('@')?;
    let (local, host) = (local.trim(), host.trim().trim_end_matches('.'));
    let within = |c: char| !c.is_whitespace() && !matches!(c, '@' | '<' | '>' | '"' | ',' | ';' | '/' | ':');
    if local.is_empty() || !local.chars().all(within) || !host.chars().all(within) {
        return None;
    }
    let host = idna::domain_to_ascii(host).unwrap_or_else(|_| host.to_lowercase());
    host.contains('.').then(|| plain(&format!("{}@{host}", local.to_lowercase())))
}

/// What is read of a text: composed (NFC), without what shows nothing, and with one space where there are some of any kind.
fn plain(text: &str) -> String {
    let seen: String = text.nfc().filter(|c| !shows_nothing(*c)).collect();
    // What is gone may have stood between what composes.
    let seen: String = seen.nfc().collect();
    seen.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn shows_nothing(c: char) -> bool {
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
