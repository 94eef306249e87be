//! Second looks: requested after a long streak, and given by someone other than the author of the check.

use chrono::{DateTime, Utc};
use domain::actor::Actor;
use domain::audit::AuditEvent;
use domain::correction::{CorrectedTo, Correction};
use domain::ids::{CheckId, GuaranteeId, PlaceId, RecoveryId};
use domain::role::Permission;
use domain::second_look::{SecondLookAnswer, SecondLookDraft, SecondLookOutcome, allow_conclusion};
use uuid::Uuid;

use crate::Store;
use crate::actor_key::actor_key;
use crate::actor_key::parse_actor_key;
use crate::checks::{close, correct, count_criteria, stored};
use crate::db::fetch;
use crate::error::Error;
use crate::site_access::{SiteFilter, in_sites};
use crate::stored_row::StoredRow;

/// A requested second look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecondLook {
    pub check: CheckId,
    pub guarantee: GuaranteeId,
    pub place: PlaceId,
    pub asked_at: DateTime<Utc>,
    pub outcome: Option<SecondLookOutcome>,
    /// Whether the reader made the check. They cannot give the second look themselves.
    pub own: bool,
}

type SecondLookRow = (Uuid, Uuid, Uuid, DateTime<Utc>, Option<String>, bool);

/// Selects second looks at sites that the reader has access to. `$4` is the reader's actor key; `$which` is a further
/// condition and the order.
macro_rules! list {
    ($which:literal) => {
        concat!(
            "SELECT l.check_id, l.guarantee_id, l.place_id, l.asked_at, l.outcome, c.by = $4 FROM second_looks l ",
            "JOIN checks c ON c.business_id = $1 AND c.id = l.check_id WHERE l.business_id = $1 AND ",
            in_sites!("$2", "$3", place "l.place_id"),
            $which
        )
    };
}

/// The result of giving a second look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecondLookGiven {
    Recorded,
    /// The check was corrected to broken, which opened this recovery.
    RecoveryOpened(RecoveryId),
}

impl Store {
    /// The open second looks that the actor may give, the oldest first.
    ///
    /// # Errors
    /// The role does not allow it; the database is unavailable.
    pub async fn second_looks(&self, actor: &Actor) -> Result<Vec<SecondLook>, Error> {
        actor.require(Permission::GiveSecondLooks)?;
        let (business, site_access) = (actor.business.0, SiteFilter::of(actor));
        let sql = list!(" AND l.outcome IS NULL AND c.by <> $4 ORDER BY l.asked_at, l.check_id");
        let mut handle = self.db.read(actor.business).await?;
        let (everywhere, holder, author) = (site_access.all, site_access.holder, actor_key(actor.principal));
        let rows = fetch!(handle.conn(), fetch_all as SecondLookRow, sql, business, everywhere, holder, author)?;
        rows.into_iter().map(SecondLook::try_from).collect()
    }

    /// The second look at a check. `None` if none was requested, or the actor has no access to its site.
    ///
    /// # Errors
    /// The role does not allow it; the database is unavailable.
    pub async fn second_look(&self, actor: &Actor, check: CheckId) -> Result<Option<SecondLook>, Error> {
        actor.require(Permission::GiveSecondLooks)?;
        let (business, site_access) = (actor.business.0, SiteFilter::of(actor));
        let sql = list!(" AND l.check_id = $5");
        let mut handle = self.db.read(actor.business).await?;
        let (everywhere, holder, author) = (site_access.all, site_access.holder, actor_key(actor.principal));
        let row =
            fetch!(handle.conn(), fetch_optional as SecondLookRow, sql, business, everywhere, holder, author, check.0)?;
        row.map(SecondLook::try_from).transpose()
    }

    /// Gives a second look. If the promise was not kept, the check is corrected, and a recovery opens. `None` if no
    /// second look at such a check was requested.
    ///
    /// # Errors
    /// The role does not allow it; it is their own check, or the second look is closed; a field is invalid; the
    /// database is unavailable.
    pub async fn give_second_look(
        &self,
        actor: &Actor,
        check: CheckId,
        draft: &SecondLookDraft,
    ) -> Result<Option<SecondLookGiven>, Error> {
        let mut work = self.unit_of_work(actor, Permission::GiveSecondLooks).await?;
        let Some(original) = stored(&mut work, actor, check).await? else { return Ok(None) };
        let sql = "SELECT l.outcome, c.by FROM second_looks l JOIN checks c ON c.business_id = $1 AND c.id = l.check_id \
            WHERE l.business_id = $1 AND l.check_id = $2";
        let business = work.business.0;
        let asked = fetch!(work.conn(), fetch_optional as (Option<String>, String), sql, business, check.0)?;
        let Some((outcome, made_by)) = asked else { return Ok(None) };
        let outcome = parse_outcome(check.0, outcome)?;
        let made_by = StoredRow("checks", check).read("by", parse_actor_key(&made_by))?;
        allow_conclusion(made_by, outcome, actor.principal)?;
        let said = draft.parse(count_criteria(&mut work, original.version_id).await?)?;
        let recovery = match &said {
            SecondLookAnswer::Overturned { finding, why } => {
                let correction = Correction { to: CorrectedTo::Found(finding.clone()), why: why.clone() };
                correct(&mut work, check, &original, &correction).await?.recovery
            }
            SecondLookAnswer::Agreed | SecondLookAnswer::TooLate => None,
        };
        close(&mut work, check, said.outcome()).await?;
        work.audit(AuditEvent::SecondLookGiven, check.0);
        work.commit().await?;
        Ok(Some(recovery.map_or(SecondLookGiven::Recorded, SecondLookGiven::RecoveryOpened)))
    }
}

fn parse_outcome(check: Uuid, outcome: Option<String>) -> Result<Option<SecondLookOutcome>, Error> {
    let outcome = outcome.map(|name| SecondLookOutcome::parse(&name)).transpose();
    StoredRow("second_looks", check).read("outcome", outcome)
}

impl TryFrom<SecondLookRow> for SecondLook {
    type Error = Error;
    fn try_from((check, guarantee, place, asked_at, outcome, own): SecondLookRow) -> Result<Self, Error> {
        let outcome = parse_outcome(check, outcome)?;
        Ok(Self {
            check: CheckId(check),
            guarantee: GuaranteeId(guarantee),
            place: PlaceId(place),
            asked_at,
            outcome,
            own,
        })
    }
}
