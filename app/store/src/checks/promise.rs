//! What a check is judged by: the promise at a place, and the check that may be stored already.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use domain::actor::Actor;
use domain::guarantee::Stage;
use domain::ids::{BusinessId, CheckId, GuaranteeId, PlaceId, SiteId, VersionId};
use domain::photo::PhotoPolicy;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{ROWS_PER_STATEMENT, fetch, fetch_rows};
use crate::error::Error;
use crate::guarantee_rows;
use crate::schedule_progress::{ZonedSchedule, read_zone};
use crate::site_access::{SiteFilter, in_sites};
use crate::stored_row::StoredRow;
use crate::unit_of_work::UnitOfWork;

/// The promises that a unit of work has loaded. Nobody else can change them until it ends.
#[derive(Default)]
pub(super) struct Promises(HashMap<PromiseKey, Promise>);

/// A business, its guarantee and a place.
pub(super) type PromiseKey = (BusinessId, GuaranteeId, PlaceId);

/// A promise at a place.
#[derive(Clone)]
pub(crate) struct Promise {
    pub guarantee: GuaranteeId,
    pub place: PlaceId,
    pub stage: Stage,
    pub version_id: VersionId,
    pub version: i64,
    pub criteria: usize,
    /// Whether its checks come with photos.
    pub photos: PhotoPolicy,
    /// Whether it is promised at the place.
    pub is_promised_here: bool,
    /// The site of the place; `None` if there is no such place.
    pub site: Option<SiteId>,
    /// The time zone its days are counted in: the site's own, or the business's.
    pub zone: Tz,
    /// Whether a recovery at the place waits for kept checks.
    pub watched: bool,
    /// Its schedule at the place, if it has one.
    pub schedule: Option<Arc<ZonedSchedule>>,
}

#[derive(FromRow)]
struct PromiseRow {
    business_id: Uuid,
    guarantee_id: Uuid,
    place_id: Uuid,
    stage: String,
    version_id: Uuid,
    version: i64,
    criteria: i64,
    photos: String,
    here: bool,
    site: Option<Uuid>,
    watched: bool,
    rule: Option<String>,
    since: Option<DateTime<Utc>>,
    site_zone: Option<String>,
    zone: String,
}

#[derive(FromRow)]
pub(crate) struct StoredCheck {
    pub guarantee_id: Uuid,
    pub version_id: Uuid,
    pub version: i64,
    pub place_id: Uuid,
    pub public: bool,
    pub verdict: String,
    pub in_window: bool,
    pub window_due: Option<DateTime<Utc>>,
    pub day: NaiveDate,
    pub by: String,
    pub fingerprint: Vec<u8>,
    pub break_id: Option<Uuid>,
}

impl Promise {
    /// The promise as the actor sees it: a place they have no access to does not exist.
    pub fn within_access_of(self, actor: &Actor) -> Self {
        let site = self.site.filter(|site| actor.can_access(*site));
        Self { is_promised_here: self.is_promised_here && site.is_some(), site, ..self }
    }
}

impl Promises {
    /// Loads promises in as few statements as possible.
    pub async fn look_up(&mut self, work: &mut UnitOfWork<'_>, keys: &BTreeSet<PromiseKey>) -> Result<(), Error> {
        let keys: Vec<_> = keys.iter().collect();
        for keys in keys.chunks(ROWS_PER_STATEMENT) {
            self.look_up_some(work, keys).await?;
        }
        Ok(())
    }

    async fn look_up_some(&mut self, work: &mut UnitOfWork<'_>, keys: &[&PromiseKey]) -> Result<(), Error> {
        let rows = fetch_rows!(
            work.conn(),
            PromiseRow,
            "WITH asked (business_id, guarantee_id, place_id) AS (",
            ") SELECT asked.business_id, asked.guarantee_id, asked.place_id, g.stage, v.id AS version_id, v.number AS version, v.criteria, g.photos, \
                EXISTS (SELECT 1 FROM promised WHERE business_id = asked.business_id \
                    AND guarantee_id = g.id AND place_id = asked.place_id) AS here, \
                (SELECT site_id FROM places WHERE business_id = asked.business_id AND id = asked.place_id) AS site, \
                EXISTS (SELECT 1 FROM recoveries r JOIN breaks b ON b.business_id = r.business_id AND b.id = r.break_id \
                    WHERE r.business_id = asked.business_id AND r.watched AND r.place_id = asked.place_id \
                    AND b.guarantee_id = g.id) AS watched, \
                o.rule, o.since, b.zone, (SELECT s.zone FROM places p \
                    JOIN sites s ON s.business_id = asked.business_id AND s.id = p.site_id \
                    WHERE p.business_id = asked.business_id AND p.id = asked.place_id) AS site_zone \
                FROM asked JOIN businesses b ON b.id = asked.business_id \
                JOIN guarantees g ON g.business_id = asked.business_id AND g.id = asked.guarantee_id \
                JOIN guarantee_versions v ON v.business_id = g.business_id AND v.guarantee_id = g.id \
                    AND v.number = g.version \
                LEFT JOIN rounds o ON o.business_id = asked.business_id AND o.guarantee_id = g.id \
                    AND o.place_id = asked.place_id",
            keys,
            |key| key.0.0,
            key.1.0,
            key.2.0
        )?;
        for row in rows {
            let (business, guarantee, place) =
                (BusinessId(row.business_id), GuaranteeId(row.guarantee_id), PlaceId(row.place_id));
            let zone = read_zone((business, &row.zone), row.site.unwrap_or_default(), row.site_zone.as_deref())?;
            let stored = StoredRow("guarantees", guarantee);
            let schedule = row.rule.zip(row.since).map(|(rule, since)| {
                let stored = StoredRow("rounds", format!("{guarantee} {place}"));
                stored.read("rule", ZonedSchedule::parse(&rule, since, zone)).map(Arc::new)
            });
            let promise = Promise {
                guarantee,
                place,
                stage: stored.read("stage", guarantee_rows::stage(&row.stage))?,
                version_id: VersionId(row.version_id),
                version: row.version,
                criteria: usize::try_from(row.criteria).unwrap_or_default(),
                photos: stored.read("photos", PhotoPolicy::parse(&row.photos))?,
                is_promised_here: row.here,
                site: row.site.map(SiteId),
                zone,
                watched: row.watched,
                schedule: schedule.transpose()?,
            };
            self.0.insert((business, guarantee, place), promise);
        }
        Ok(())
    }

    /// One promise, loaded now if it was not before.
    pub async fn get(
        &mut self,
        work: &mut UnitOfWork<'_>,
        guarantee: GuaranteeId,
        place: PlaceId,
    ) -> Result<Option<Promise>, Error> {
        let key = (work.business, guarantee, place);
        if !self.0.contains_key(&key) {
            self.look_up(work, &BTreeSet::from([key])).await?;
        }
        Ok(self.0.get(&key).cloned())
    }

    /// Drops a promise, because the unit of work has changed something about it.
    pub fn forget(&mut self, key: &PromiseKey) {
        self.0.remove(key);
    }
}

/// A stored check. `None` if there is none, or the actor has no access to its site.
pub(crate) async fn stored(
    work: &mut UnitOfWork<'_>,
    actor: &Actor,
    id: CheckId,
) -> Result<Option<StoredCheck>, Error> {
    let (business, filter) = (work.business.0, SiteFilter::of(actor));
    let sql = concat!(
        "SELECT guarantee_id, version_id, (SELECT number FROM guarantee_versions WHERE business_id = $1 AND id = version_id) \
                AS version, place_id, public, verdict, in_window, window_due, day, by, fingerprint, break_id \
            FROM checks WHERE business_id = $1 AND id = $2 AND ",
        in_sites!("$3", "$4", place "place_id")
    );
    fetch!(work.conn(), fetch_optional as StoredCheck, sql, business, id.0, filter.all, filter.holder)
}
