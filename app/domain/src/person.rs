//! People who sign in: their e-mail address and password.

use serde::{Deserialize, Serialize};

use crate::fault::{Fault, Faults};
use crate::role::Role;
use crate::site_access::SiteAccess;
use crate::text::Line;

/// An e-mail address by which a person is recognised: something, one `@`, a domain with a dot. Case is folded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email(String);

/// A password as typed. It is never shown, and never stored in plain text.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

/// A new member with a role.
#[derive(Clone, Debug)]
pub struct NewMember {
    pub name: Line,
    pub email: Email,
    pub password: Password,
    pub role: Role,
    pub site_access: SiteAccess,
}

/// Input for a [`NewMember`], as text.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct NewMemberDraft {
    pub name: String,
    pub email: String,
    pub password: String,
    pub role: String,
}

/// A new account for a person who accepts an invitation.
#[derive(Clone, Debug)]
pub struct NewAccount {
    pub name: Line,
    pub email: Email,
    pub password: Password,
}

/// Input for a [`NewAccount`], as text.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct NewAccountDraft {
    pub name: String,
    pub email: String,
    pub password: String,
}

impl NewAccountDraft {
    /// Parses the draft.
    ///
    /// # Errors
    /// The [`Faults`] of every invalid field.
    pub fn parse(&self) -> Result<NewAccount, Faults> {
        let mut faults = Faults::default();
        let name = faults.collect("name", Line::parse(&self.name));
        let email = faults.collect("email", Email::parse(&self.email));
        let password = faults.collect("password", Password::parse(&self.password));
        match (name, email, password) {
            (Some(name), Some(email), Some(password)) => Ok(NewAccount { name, email, password }),
            _ => Err(faults),
        }
    }
}

impl NewMemberDraft {
    /// Parses the draft. The new member has access to all sites.
    ///
    /// # Errors
    /// The [`Faults`] of every invalid field.
    pub fn parse(&self) -> Result<NewMember, Faults> {
        let mut faults = Faults::default();
        let name = faults.collect("name", Line::parse(&self.name));
        let email = faults.collect("email", Email::parse(&self.email));
        let password = faults.collect("password", Password::parse(&self.password));
        let role = faults.collect("role", Role::parse(&self.role));
        match (name, email, password, role) {
            (Some(name), Some(email), Some(password), Some(role)) => {
                Ok(NewMember { name, email, password, role, site_access: SiteAccess::AllSites })
            }
            _ => Err(faults),
        }
    }
}

impl Email {
    /// The longest address that SMTP allows, in characters (RFC 5321, section 4.5.3.1.3, without the angle brackets).
    const MAX: usize = 254;

    /// Parses an address. Case is folded, because no two mailboxes differ by case in practice.
    ///
    /// # Errors
    /// The faults of [`Line::parse`], or [`Fault::NotAnEmail`].
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let line = Line::parse(text).map_err(|fault| match fault {
            Fault::TooLong { .. } => Fault::TooLong { max: Line::MAX.min(Self::MAX) },
            other => other,
        })?;
        let text = line.as_str().to_lowercase();
        let (local, host) = text.split_once('@').ok_or(Fault::NotAnEmail)?;
        let plain = |c: char| !c.is_whitespace() && !matches!(c, '@' | '<' | '>' | '"' | ',' | ';');
        let dotted = host.split('.').count() > 1 && host.split('.').all(|label| !label.is_empty());
        if local.is_empty() || !dotted || !local.chars().all(plain) || !host.chars().all(plain) {
            return Err(Fault::NotAnEmail);
        }
        Ok(Self(text))
    }

    /// The address in lower case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Password {
    /// The shortest password, in characters. Length matters more than composition rules (NIST SP 800-63B).
    pub const MIN: usize = 12;
    /// The longest password, in characters. NIST SP 800-63B asks for at least 64.
    pub const MAX: usize = 200;

    /// Takes a password exactly as typed.
    ///
    /// # Errors
    /// [`Fault::Missing`]; [`Fault::TooShort`] or [`Fault::TooLong`] if it has fewer than [`Password::MIN`] or more
    /// than [`Password::MAX`] characters.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        match text.chars().count() {
            0 => Err(Fault::Missing),
            n if n < Self::MIN => Err(Fault::TooShort { min: Self::MIN }),
            n if n > Self::MAX => Err(Fault::TooLong { max: Self::MAX }),
            _ => Ok(Self(text.to_owned())),
        }
    }

    /// The UTF-8 bytes, as they are hashed.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(…)")
    }
}

impl TryFrom<String> for Email {
    type Error = Fault;
    fn try_from(text: String) -> Result<Self, Fault> {
        Self::parse(&text)
    }
}

impl From<Email> for String {
    fn from(email: Email) -> Self {
        email.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn email_addresses_are_lowercased_and_validated() {
        assert_eq!(Email::parse(" Maya@Prairie.Example ").unwrap().as_str(), "maya@prairie.example");
        for wrong in ["maya", "@x.y", "a@b", "a b@c.d", "a@b..c", "a@@b.c"] {
            assert_eq!(Email::parse(wrong), Err(Fault::NotAnEmail), "{wrong}");
        }
    }

    #[test]
    fn a_password_is_long_and_never_printed() {
        assert_eq!(Password::parse("short"), Err(Fault::TooShort { min: 12 }));
        let password = Password::parse("correct horse battery").unwrap();
        assert_eq!(format!("{password:?}"), "Password(…)");
    }
}
