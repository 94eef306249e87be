//! Trust by record: where no customer can be known, enough kept checks in a row close a recovery.

use chrono::{DateTime, Utc};
use domain::actor::Principal;
use domain::ids::{GuaranteeId, PlaceId, RecoveryId};
use domain::recovery::Step;
use domain::verdict::Verdict;
use uuid::Uuid;

use super::apply_step;
use crate::db::{Conn, fetch};
use crate::error::Error;
use crate::recovery_rows::load;
use crate::site_access::SiteFilter;
use crate::unit_of_work::UnitOfWork;
use crate::verdict_sql::current_verdict;

/// Closes the recoveries at a place that have enough kept checks in a row.
pub(crate) async fn close_if_record_proves(
    work: &mut UnitOfWork<'_>,
    guarantee: GuaranteeId,
    place: PlaceId,
) -> Result<(), Error> {
    let business = work.business.0;
    let sql = "SELECT r.id FROM recoveries r JOIN breaks b ON b.business_id = $1 AND b.id = r.break_id \
        WHERE r.business_id = $1 AND r.watched AND r.place_id = $3 AND b.guarantee_id = $2";
    for (id,) in fetch!(work.conn(), fetch_all as (Uuid,), sql, business, guarantee.0, place.0)? {
        let Some(loaded) = load(work, SiteFilter::ALL, RecoveryId(id)).await? else { continue };
        let Some(since) = loaded.recovery.watched_since() else { continue };
        let needed = loaded.recovery.terms.kept_checks_for_trust;
        let kept = kept_in_a_row(work.conn(), business, (guarantee, place), since, needed).await?;
        if kept >= needed {
            apply_step(work, &loaded, Step::RestoredByRecord { kept }, Principal::System).await?;
        }
    }
    Ok(())
}

/// The number of kept checks in a row since an instant, up to `needed`.
pub(super) async fn kept_in_a_row(
    conn: Conn<'_>,
    business: Uuid,
    (guarantee, place): (GuaranteeId, PlaceId),
    since: DateTime<Utc>,
    needed: u32,
) -> Result<u32, Error> {
    let sql = concat!(
        "SELECT stands FROM (SELECT c.at, ",
        current_verdict!("$1", "c"),
        " AS stands FROM checks c \
            WHERE c.business_id = $1 AND c.guarantee_id = $2 AND c.place_id = $3 AND c.at > $4) AS looks \
        WHERE stands IN ('kept', 'broken', 'missed') ORDER BY at DESC, stands = 'kept' LIMIT $5"
    );
    let rows = fetch!(conn, fetch_all as (String,), sql, business, guarantee.0, place.0, since, i64::from(needed))?;
    let kept = rows.iter().take_while(|(stands,)| stands == Verdict::Kept.name()).count();
    Ok(u32::try_from(kept).unwrap_or(u32::MAX))
}
