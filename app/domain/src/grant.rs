//! Grants: things people make that give access to others. A grant never allows more than its maker may give now.

use std::fmt;

use crate::fault::Fault;
use crate::ids::{DeviceId, InviteId, RecoveryId, SiteId, TokenId};
use crate::member::MemberError;
use crate::rights::Rights;
use crate::role::Permission;
use crate::site_access::SiteAccess;
use crate::text::tidy;

/// Something a person made that lets other people or programs act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Grant {
    /// An open invitation, for the person who has its link.
    Invitation(Rights),
    /// An API token for a program.
    Token(Rights),
    /// A shared device at a site, or the link that registers one.
    Device(SiteId),
    /// The link by which a customer answers about a recovery at a site.
    CustomerLink(SiteId),
}

/// What happens to a grant when the rights of its maker change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GrantFate {
    Keep,
    /// It now covers only these sites.
    Narrow(SiteAccess),
    End,
}

/// The id of a grant, with its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GrantId {
    Invitation(InviteId),
    Token(TokenId),
    Device(DeviceId),
    CustomerLink(RecoveryId),
}

impl Grant {
    /// The permission needed to make it.
    #[must_use]
    pub fn needs(&self) -> Permission {
        match self {
            Self::Invitation(_) | Self::Device(_) => Permission::Invite,
            Self::Token(_) => Permission::Administer,
            Self::CustomerLink(_) => Permission::HandleRecoveries,
        }
    }

    /// The sites it covers.
    #[must_use]
    pub fn reach(&self) -> SiteAccess {
        match self {
            Self::Invitation(rights) | Self::Token(rights) => rights.site_access.clone(),
            Self::Device(site) | Self::CustomerLink(site) => SiteAccess::sites([*site]),
        }
    }

    /// What happens to the grant, given the current rights of its maker. `None`: the maker is no longer a member.
    #[must_use]
    pub fn after_maker_change(&self, maker: Option<&Rights>) -> GrantFate {
        let Some(maker) = maker.filter(|maker| self.is_made_by(maker)) else { return GrantFate::End };
        let reach = self.reach();
        match maker.site_access.intersection(&reach) {
            Some(common) if common == reach => GrantFate::Keep,
            Some(common) if self.may_be_narrowed() => GrantFate::Narrow(common),
            _ => GrantFate::End,
        }
    }

    /// Whether it may be used unchanged, given the current rights of its maker.
    #[must_use]
    pub fn is_valid(&self, maker: Option<&Rights>) -> bool {
        self.after_maker_change(maker) == GrantFate::Keep
    }

    /// Requires that a person with these rights may end the grant or take it over, because they could make it
    /// themselves.
    ///
    /// # Errors
    /// [`MemberError::RoleTooHigh`], or [`MemberError::SitesOutOfReach`] if it covers more sites than theirs.
    pub fn require_manageable_by(&self, by: &Rights) -> Result<(), MemberError> {
        match self {
            Self::Invitation(rights) | Self::Token(rights) => by.give(rights),
            Self::Device(_) | Self::CustomerLink(_) if by.site_access.covers(&self.reach()) => Ok(()),
            Self::Device(_) | Self::CustomerLink(_) => Err(MemberError::SitesOutOfReach),
        }
    }

    /// Whether a grant of this kind and role could be made with these rights at some site.
    fn is_made_by(&self, maker: &Rights) -> bool {
        let may_give = match self {
            Self::Invitation(rights) | Self::Token(rights) => maker.role.may_give(rights.role),
            Self::Device(_) | Self::CustomerLink(_) => true,
        };
        maker.may(self.needs()) && may_give
    }

    fn may_be_narrowed(&self) -> bool {
        match self {
            Self::Invitation(rights) | Self::Token(rights) => rights.role.may_have_sites(),
            Self::Device(_) | Self::CustomerLink(_) => false,
        }
    }
}

/// `kind:id`, as sent by a form.
impl fmt::Display for GrantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invitation(id) => write!(f, "invitation:{id}"),
            Self::Token(id) => write!(f, "token:{id}"),
            Self::Device(id) => write!(f, "device:{id}"),
            Self::CustomerLink(id) => write!(f, "customer-link:{id}"),
        }
    }
}

impl GrantId {
    /// Parses `kind:id`, as sent by a form.
    ///
    /// # Errors
    /// [`Fault::Missing`], or [`Fault::NotFound`] if the kind is unknown or the id is malformed.
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
