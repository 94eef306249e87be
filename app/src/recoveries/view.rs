//! The data of a recovery's pages.

use domain::edit_tag::EditTag;
use domain::ids::{RecoveryId, SiteId};
use domain::recovery::{Stage, StepRequest};
use domain::role::Permission;
use leptos::prelude::*;
use store::{BusinessInfo, Member, PhotoRow, RecoveryDetail, edit_state};

use crate::addresses;
use crate::error::Error;
use crate::local_time::LocalTime;
use crate::request_context::SignedIn;
use crate::texts::Texts;

/// A recovery with everything its pages need.
pub(super) struct RecoveryView {
    pub local_time: LocalTime,
    pub info: BusinessInfo,
    pub detail: RecoveryDetail,
    pub members: Vec<Member>,
    /// The site of the break.
    pub site: Option<SiteId>,
    /// The photo of the check, if it has one.
    pub photo: Option<PhotoRow>,
    /// The signed-in user's id, as forms send it.
    pub own_id: String,
    pub may_recover: bool,
    pub may_erase: bool,
}

impl RecoveryView {
    pub async fn load(signed_in: &SignedIn, id: RecoveryId) -> Result<Self, Error> {
        let (store, actor) = (&signed_in.context.state.store, signed_in.actor());
        let detail = store.recovery(actor, id).await?.ok_or(Error::NotFound)?;
        let info = store.business(actor).await?;
        let photo = match store.check(actor, detail.check).await?.and_then(|check| check.photo) {
            Some(hash) => store.photo_row(actor, hash).await?,
            None => None,
        };
        let places = store.places(actor).await?;
        let site = places.iter().find(|place| place.id == detail.row.place_id).map(|place| place.site);
        Ok(Self {
            photo,
            site,
            local_time: LocalTime::of(signed_in.context.texts, &info, store.now()),
            members: store.members(actor).await?,
            own_id: signed_in.user.person.to_string(),
            may_recover: signed_in.may(Permission::HandleRecoveries),
            may_erase: signed_in.may(Permission::EraseCustomers),
            info,
            detail,
        })
    }

    /// The members who may own this recovery.
    pub fn recoverers(&self) -> impl Iterator<Item = &Member> {
        let can_recover =
            |member: &&Member| self.site.is_some_and(|site| member.rights().may_at(Permission::HandleRecoveries, site));
        self.members.iter().filter(can_recover)
    }

    pub fn texts(&self) -> Texts {
        self.local_time.texts
    }

    pub fn stage(&self) -> Stage {
        self.detail.row.stage
    }

    pub fn title(&self) -> String {
        self.texts().text_with("recoveries-number", &[("number", self.detail.row.number.to_string().into())])
    }

    /// The revision of the recovery, as a hidden field for its step forms. `data-now` keeps it out of saved drafts: a
    /// step overwrites nothing, so a restored draft may use the current revision.
    pub fn revision(&self) -> impl IntoView + use<> {
        let revision = EditTag::of(&edit_state::steps(&self.detail.recovery)).to_string();
        view! { <input type="hidden" name="revision" value=revision data-now /> }
    }

    /// Whether the signed-in user may erase the customer's data, and there is some to erase.
    pub fn can_erase_customer(&self) -> bool {
        self.may_erase && self.detail.recovery.can_erase_customer()
    }

    /// Whether the step is possible now.
    pub fn can(&self, request: StepRequest) -> bool {
        self.detail.recovery.can(request, self.local_time.now)
    }

    /// The address that a step's form is sent to.
    pub fn step_address(&self, request: StepRequest) -> String {
        addresses::recovery_step(self.detail.row.id, request.slug())
    }
}
