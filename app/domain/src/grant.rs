//! What people make that opens something to others carries no more than its maker may give now.

use std::fmt;

use crate::actor::{Act, Reach};
use crate::fault::Fault;
use crate::ids::{DeviceId, InviteId, RecoveryId, SiteId, TokenId};
use crate::member::{Refused, Rights};
use crate::text::tidy;

/// Something made by someone that lets others, or programs, do something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Grant {
    /// An open invitation, for whoever has its link.
    Invitation(Rights),
    /// A program's token.
    Token(Rights),
    /// A shared device of a site, or the link that is to make one.
    Device(SiteId),
    /// The link by which a customer answers about a recovery at a site.
    CustomerLink(SiteId),
}

/// What becomes of it when the rights of its maker change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    Keep,
    /// It goes on for these sites only.
    Narrow(Reach),
    End,
}

/// Which of the things that somebody made is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Made {
    Invitation(InviteId),
    Token(TokenId),
    Device(DeviceId),
    CustomerLink(RecoveryId),
}

impl Grant {
    /// What one must be allowed to do to make it.
    #[must_use]
    pub fn needs(&self) -> Act {
        match self {
            Self::Invitation(_) | Self::Device(_) => Act::Invite,
            Self::Token(_) => Act::Govern,
            Self::CustomerLink(_) => Act::Recover,
        }
    }

    #[must_use]
    pub fn reach(&self) -> Reach {
        match self {
            Self::Invitation(rights) | Self::Token(rights) => rights.reach.clone(),
            Self::Device(site) | Self::CustomerLink(site) => Reach::of([*site]),
        }
    }

    /// What becomes of it, by what its maker may do now; nothing, where they are let in no longer.
    #[must_use]
    pub fn fate(&self, maker: Option<&Rights>) -> Fate {
        let Some(maker) = maker.filter(|maker| self.is_made_by(maker)) else { return Fate::End };
        let reach = self.reach();
        match maker.reach.common(&reach) {
            Some(common) if common == reach => Fate::Keep,
            Some(common) if self.may_be_narrowed() => Fate::Narrow(common),
            _ => Fate::End,
        }
    }

    /// Whether it may be used as it stands.
    #[must_use]
    pub fn holds(&self, maker: Option<&Rights>) -> bool {
        self.fate(maker) == Fate::Keep
    }

    /// Whether someone with these rights may end it, or take it over: they could make it themselves.
    ///
    /// # Errors
    /// It is for a role above theirs, or reaches further.
    pub fn give(&self, by: &Rights) -> Result<(), Refused> {
        match self {
            Self::Invitation(rights) | Self::Token(rights) => by.give(rights),
            Self::Device(_) | Self::CustomerLink(_) if by.reach.covers(&self.reach()) => Ok(()),
            Self::Device(_) | Self::CustomerLink(_) => Err(Refused::BeyondYou),
        }
    }

    /// Whether such a thing could be made with these rights, somewhere.
    fn is_made_by(&self, maker: &Rights) -> bool {
        let may_give = match self {
            Self::Invitation(rights) | Self::Token(rights) => maker.role.may_give(rights.role),
            Self::Device(_) | Self::CustomerLink(_) => true,
        };
        maker.may(self.needs()) && may_give
    }

    fn may_be_narrowed(&self) -> bool {
        match self {
            Self::Invitation(rights) | Self::Token(rights) => rights.role.may_be_bound(),
            Self::Device(_) | Self::CustomerLink(_) => false,
        }
    }
}

/// As it is named in a form.
impl fmt::Display for Made {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invitation(id) => write!(f, "invitation:{id}"),
            Self::Token(id) => write!(f, "token:{id}"),
            Self::Device(id) => write!(f, "device:{id}"),
            Self::CustomerLink(id) => write!(f, "customer-link:{id}"),
        }
    }
}

impl Made {
    /// # Errors
    /// It names nothing.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let text = tidy(text);
        if text.is_empty() {
            return Err(Fault::Missing);
        }
        let (kind, id) = text.split_once(':').ok_or(Fault::NotFound)?;
        let unknown = |_| Fault::NotFound;
        match kind {
            "invitation" => id.parse().map(Self::Invitation).map_err(unknown),
            "token" => id.parse().map(Self::Token).map_err(unknown),
            "device" => id.parse().map(Self::Device).map_err(unknown),
            "customer-link" => id.parse().map(Self::CustomerLink).map_err(unknown),
            _ => Err(Fault::NotFound),
        }
    }
}

#[cfg(test)]
mod tests;
