//! Rights: a role, and the sites it applies to.

use crate::fault::Fault;
use crate::ids::SiteId;
use crate::role::{Permission, Role};
use crate::site_access::SiteAccess;

/// A role in a business, and the sites it applies to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rights {
    pub role: Role,
    pub site_access: SiteAccess,
}

impl Rights {
    /// Whether these rights allow an action at a site.
    #[must_use]
    pub fn may_at(&self, act: Permission, site: SiteId) -> bool {
        self.role.may(act) && self.site_access.covers(&SiteAccess::sites([site]))
    }

    /// Rights with this role and site access.
    ///
    /// # Errors
    /// [`Fault::RoleHasAllSites`] if the access is limited to sites and the role always covers all sites.
    pub fn new(role: Role, reach: SiteAccess) -> Result<Self, Fault> {
        let fits = reach.is_all_sites() || role.may_have_sites();
        if fits { Ok(Self { role, site_access: reach }) } else { Err(Fault::RoleHasAllSites) }
    }

    /// Whether these rights allow an action at some site. A business-wide action needs access to all sites.
    #[must_use]
    pub fn may(&self, act: Permission) -> bool {
        self.role.may(act) && (self.site_access.is_all_sites() || !act.is_business_wide())
    }
}
