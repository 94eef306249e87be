//! People who sign in.

use serde::{Deserialize, Serialize};

use crate::actor::{Reach, Role};
use crate::fault::{Fault, Faults};
use crate::text::Line;

/// An address good enough to recognise a person by: something, one `@`, a domain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email(String);

/// A password as typed: never shown, never stored as it is.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

/// Someone let in with a role.
#[derive(Clone, Debug)]
pub struct Newcomer {
    pub name: Line,
    pub email: Email,
    pub password: Password,
    pub role: Role,
    pub reach: Reach,
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct NewcomerDraft {
    pub name: String,
    pub email: String,
    pub password: String,
    pub role: String,
}

/// Someone new, who comes in by an invitation.
#[derive(Clone, Debug)]
pub struct Entrant {
    pub name: Line,
    pub email: Email,
    pub password: Password,
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct EntrantDraft {
    pub name: String,
    pub email: String,
    pub password: String,
}

impl EntrantDraft {
    /// # Errors
    /// Every field that is not as it must be.
    pub fn parse(&self) -> Result<Entrant, Faults> {
        let mut faults = Faults::default();
        let name = faults.take("name", Line::parse(&self.name));
        let email = faults.take("email", Email::parse(&self.email));
        let password = faults.take("password", Password::parse(&self.password));
        match (name, email, password) {
            (Some(name), Some(email), Some(password)) => Ok(Entrant { name, email, password }),
            _ => Err(faults),
        }
    }
}

impl NewcomerDraft {
    /// # Errors
    /// Every field that is not as it must be.
    pub fn parse(&self) -> Result<Newcomer, Faults> {
        let mut faults = Faults::default();
        let name = faults.take("name", Line::parse(&self.name));
        let email = faults.take("email", Email::parse(&self.email));
        let password = faults.take("password", Password::parse(&self.password));
        let role = faults.take("role", Role::parse(&self.role));
        match (name, email, password, role) {
            (Some(name), Some(email), Some(password), Some(role)) => {
                Ok(Newcomer { name, email, password, role, reach: Reach::Everywhere })
            }
            _ => Err(faults),
        }
    }
}

impl Email {
    /// The longest address SMTP carries (RFC 5321, 4.5.3.1.3, without its brackets).
    const MAX: usize = 254;

    /// # Errors
    /// Missing, too long, or not of the form of an address. Case is folded: nobody has two boxes that differ by it.
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

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Password {
    pub const MIN: usize = 12;
    pub const MAX: usize = 200;

    /// # Errors
    /// Missing, shorter than [`Password::MIN`] or longer than [`Password::MAX`] characters.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        match text.chars().count() {
            0 => Err(Fault::Missing),
            n if n < Self::MIN => Err(Fault::TooShort { min: Self::MIN }),
            n if n > Self::MAX => Err(Fault::TooLong { max: Self::MAX }),
            _ => Ok(Self(text.to_owned())),
        }
    }

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
    fn addresses_are_folded_and_must_look_like_one() {
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
