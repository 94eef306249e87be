//! Second looks: asked in the transaction that ends a long streak, and concluded by somebody else than made the check.

use chrono::{DateTime, Utc};
use domain::actor::{Act, Actor};
use domain::check::{Correction, Verdict};
use domain::deed::Deed;
use domain::ids::{CheckId, GuaranteeId, PlaceId, RecoveryId};
use domain::second_look::{Outcome, Said, SaidDraft, Seen, WITHIN, conclude, is_drawn, is_due};
use uuid::Uuid;

use crate::Store;
use crate::checks::{criteria, mend, stored};
use crate::db::{fetch, run};
use crate::error::Error;
use crate::reaches::{Reached, within};
use crate::work::{Work, by, who};

/// A second look that was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecondLook {
    pub check: CheckId,
    pub guarantee: GuaranteeId,
    pub place: PlaceId,
    pub asked_at: DateTime<Utc>,
    pub outcome: Option<Outcome>,
    /// Whether it is the check of whoever asks, who cannot look again for themselves.
    pub own: bool,
}

type SecondLookRow = (Uuid, Uuid, Uuid, DateTime<Utc>, Option<String>, bool);

/// Second looks within someone's reach, and which of them. `$4` is the hand of whoever asks.
macro_rules! list {
    ($which:literal) => {
        concat!(
            "SELECT l.check_id, l.guarantee_id, l.place_id, l.asked_at, l.outcome, c.by = $4 FROM second_looks l ",
            "JOIN checks c ON c.business_id = $1 AND c.id = l.check_id WHERE l.business_id = $1 AND ",
            within!("$2", "$3", place "l.place_id"),
            $which
        )
    };
}

impl Store {
    /// The second looks within reach that somebody may give now: the oldest first.
    ///
    /// # Errors
    /// The role does not allow it; the database is unavailable.
    pub async fn second_looks(&self, actor: &Actor) -> Result<Vec<SecondLook>, Error> {
        actor.permit(Act::Review)?;
        let (business, reach) = (actor.business.0, Reached::by(actor));
        let sql = list!(" AND l.outcome IS NULL AND c.by <> $4 ORDER BY l.asked_at, l.check_id");
        let mut held = self.db.read(actor.business).await?;
        let (everywhere, holder, hand) = (reach.everywhere, reach.holder, by(actor.who));
        let rows = fetch!(held.conn(), fetch_all as SecondLookRow, sql, business, everywhere, holder, hand)?;
        rows.into_iter().map(SecondLook::try_from).collect()
    }

    /// The second look that was asked of a check. None if none was within reach.
    ///
    /// # Errors
    /// The role does not allow it; the database is unavailable.
    pub async fn second_look(&self, actor: &Actor, check: CheckId) -> Result<Option<SecondLook>, Error> {
        actor.permit(Act::Review)?;
        let (business, reach) = (actor.business.0, Reached::by(actor));
        let sql = list!(" AND l.check_id = $5");
        let mut held = self.db.read(actor.business).await?;
        let (everywhere, holder, hand) = (reach.everywhere, reach.holder, by(actor.who));
        let row =
            fetch!(held.conn(), fetch_optional as SecondLookRow, sql, business, everywhere, holder, hand, check.0)?;
        row.map(SecondLook::try_from).transpose()
    }

    /// Says what somebody else found. Where it was not as promised the check is corrected with it, and a recovery opens,
    /// which is the answer. None if no second look was asked of such a check.
    ///
    /// # Errors
    /// The role does not allow it; it is their own check, or concluded already; a field is wrong; the database is
    /// unavailable.
    pub async fn give_second_look(
        &self,
        actor: &Actor,
        check: CheckId,
        draft: &SaidDraft,
    ) -> Result<Option<Option<RecoveryId>>, Error> {
        let mut work = self.work(actor, Act::Review).await?;
        let Some(original) = stored(&mut work, actor, check).await? else { return Ok(None) };
        let sql = "SELECT l.outcome, c.by FROM second_looks l JOIN checks c ON c.business_id = $1 AND c.id = l.check_id \
            WHERE l.business_id = $1 AND l.check_id = $2";
        let business = work.business.0;
        let asked = fetch!(work.conn(), fetch_optional as (Option<String>, String), sql, business, check.0)?;
        let Some((outcome, made_by)) = asked else { return Ok(None) };
        let outcome = outcome.map(|name| Outcome::parse(&name)).transpose()?;
        conclude(who(&made_by)?, outcome, actor.who)?;
        let said = draft.parse(criteria(&mut work, original.version_id).await?)?;
        let recovery = match &said {
            Said::Overturned { finding, why } => {
                let correction = Correction::Found(finding.clone());
                mend(&mut work, check, &original, &correction, why).await?.recovery
            }
            Said::Agreed | Said::TooLate => None,
        };
        close(&mut work, check, said.outcome()).await?;
        work.note(Deed::SecondLookGiven, check.0);
        work.commit().await?;
        Ok(Some(recovery))
    }
}

/// Asks a second look of a check just stored, where it ends a long streak and the dice say so. They are thrown first: nine
/// of ten checks cost no question.
pub(crate) async fn ask(
    work: &mut Work<'_>,
    guarantee: GuaranteeId,
    place: PlaceId,
    check: CheckId,
) -> Result<(), Error> {
    let [a, b, c, d, ..] = work.bytes();
    if !is_drawn(u32::from_le_bytes([a, b, c, d]).into()) {
        return Ok(());
    }
    let (business, now) = (work.business.0, work.now);
    let sql =
        "SELECT 1 FROM second_looks WHERE business_id = $1 AND guarantee_id = $2 AND place_id = $3 AND outcome IS NULL";
    let open = fetch!(work.conn(), fetch_optional as (i32,), sql, business, guarantee.0, place.0)?.is_some();
    let back = back(work, guarantee, place).await?;
    if is_due(check, &back, open) {
        let sql = "INSERT INTO second_looks (check_id, business_id, guarantee_id, place_id, asked_at) \
            VALUES ($1, $2, $3, $4, $5)";
        run!(work.conn(), sql, check.0, business, guarantee.0, place.0, now)?;
    }
    Ok(())
}

/// What was seen of a promise at a place, the latest first: as far back as a streak may reach.
async fn back(work: &mut Work<'_>, guarantee: GuaranteeId, place: PlaceId) -> Result<Vec<Seen>, Error> {
    let (business, most) = (work.business.0, i64::try_from(WITHIN).unwrap_or(i64::MAX));
    let sql = "SELECT c.id, COALESCE((SELECT verdict FROM corrections WHERE business_id = $1 AND check_id = c.id \
            ORDER BY number DESC LIMIT 1), c.verdict), \
            EXISTS (SELECT 1 FROM second_looks WHERE business_id = $1 AND check_id = c.id) \
        FROM checks c WHERE c.business_id = $1 AND c.guarantee_id = $2 AND c.place_id = $3 \
        ORDER BY c.at DESC LIMIT $4";
    let rows = fetch!(work.conn(), fetch_all as (Uuid, String, bool), sql, business, guarantee.0, place.0, most)?;
    let seen = |(id, verdict, asked): (Uuid, String, bool)| {
        Ok(Seen { check: CheckId(id), verdict: Verdict::parse(&verdict)?, asked })
    };
    rows.into_iter().map(seen).collect()
}

/// Concludes the second look of a check, where one is open.
pub(crate) async fn close(work: &mut Work<'_>, check: CheckId, outcome: Outcome) -> Result<(), Error> {
    let sql = "UPDATE second_looks SET outcome = $3, concluded_at = $4, concluded_by = $5 \
        WHERE business_id = $1 AND check_id = $2 AND outcome IS NULL";
    let (business, now, hand) = (work.business.0, work.now, by(work.by));
    run!(work.conn(), sql, business, check.0, outcome.name(), now, hand)?;
    Ok(())
}

impl TryFrom<SecondLookRow> for SecondLook {
    type Error = Error;
    fn try_from((check, guarantee, place, asked_at, outcome, own): SecondLookRow) -> Result<Self, Error> {
        let outcome = outcome.map(|name| Outcome::parse(&name)).transpose()?;
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
