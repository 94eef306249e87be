//! Where no customer can be known, the record may speak for trust: enough kept checks in a row.

use chrono::{DateTime, Utc};
use domain::actor::Who;
use domain::check::Verdict;
use domain::ids::{GuaranteeId, PlaceId, RecoveryId};
use domain::recovery::Step;
use uuid::Uuid;

use super::{load, take};
use crate::db::{Conn, fetch};
use crate::error::Error;
use crate::reaches::Reached;
use crate::work::Work;

/// Where enough kept checks stand in a row, the record speaks for trust at the place.
pub(crate) async fn let_the_record_speak(
    work: &mut Work<'_>,
    guarantee: GuaranteeId,
    place: PlaceId,
) -> Result<(), Error> {
    let business = work.business.0;
    let sql = "SELECT r.id FROM recoveries r JOIN breaks b ON b.business_id = $1 AND b.id = r.break_id \
        WHERE r.business_id = $1 AND r.watched AND b.guarantee_id = $2 AND b.place_id = $3";
    for (id,) in fetch!(work.conn(), fetch_all as (Uuid,), sql, business, guarantee.0, place.0)? {
        let Some(loaded) = load(work, Reached::EVERYWHERE, RecoveryId(id)).await? else { continue };
        let Some(since) = loaded.recovery.watched_since() else { continue };
        let needed = loaded.recovery.terms.proof;
        let kept = kept_in_a_row(work.conn(), business, (guarantee, place), since, needed).await?;
        if kept >= needed {
            take(work, &loaded, Step::RecordSpoke { kept }, Who::Trialmark).await?;
        }
    }
    Ok(())
}

/// How many checks in a row were kept since an instant, counted back to the last that was not, and no further than is
/// needed.
pub(super) async fn kept_in_a_row(
    conn: Conn<'_>,
    business: Uuid,
    (guarantee, place): (GuaranteeId, PlaceId),
    since: DateTime<Utc>,
    needed: u32,
) -> Result<u32, Error> {
    let sql = "SELECT stands FROM (SELECT c.at, COALESCE((SELECT verdict FROM corrections WHERE business_id = $1 AND check_id = c.id \
            ORDER BY number DESC LIMIT 1), c.verdict) AS stands FROM checks c \
            WHERE c.business_id = $1 AND c.guarantee_id = $2 AND c.place_id = $3 AND c.at > $4) AS looks \
        WHERE stands IN ('kept', 'broken', 'missed') ORDER BY at DESC, stands = 'kept' LIMIT $5";
    let rows = fetch!(conn, fetch_all as (String,), sql, business, guarantee.0, place.0, since, i64::from(needed))?;
    let kept = rows.iter().take_while(|(stands,)| stands == Verdict::Kept.name()).count();
    Ok(u32::try_from(kept).unwrap_or(u32::MAX))
}
