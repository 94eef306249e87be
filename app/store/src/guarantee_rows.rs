//! Reading guarantees: with their current wording, and all versions.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::actor::Actor;
use domain::guarantee::{Stage, Wording};
use domain::ids::{BusinessId, GuaranteeId, PlaceId, ProblemId, VersionId};
use domain::photo::PhotoPolicy;
use serde_json::Value;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{Conn, fetch};
use crate::error::Error;
use crate::site_access::{SiteFilter, in_sites};
use crate::stored_row::StoredRow;
use crate::texts::{self, PackedTexts, packed_texts};

/// A guarantee with its current wording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuaranteeRow {
    pub id: GuaranteeId,
    pub problem: ProblemId,
    pub slug: String,
    pub stage: Stage,
    /// Whether it was ever published.
    pub public: bool,
    pub version: i64,
    pub version_id: VersionId,
    pub wording: Wording,
    /// Whether its checks come with photos.
    pub photos: PhotoPolicy,
    /// The places where it is promised, as far as the reader has access.
    pub places: Vec<PlaceId>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionRow {
    pub id: VersionId,
    pub number: i64,
    pub wording: Wording,
    pub created_at: DateTime<Utc>,
}

#[derive(FromRow)]
struct CurrentRow {
    id: Uuid,
    problem_id: Uuid,
    slug: String,
    stage: String,
    public: bool,
    version: i64,
    version_id: Uuid,
    bare: String,
    photos: String,
}

pub(crate) async fn versions(
    mut conn: Conn<'_>,
    business: BusinessId,
    id: GuaranteeId,
) -> Result<Vec<VersionRow>, Error> {
    type Row = (Uuid, i64, String, DateTime<Utc>);
    let sql = "SELECT id, number, bare, created_at FROM guarantee_versions \
        WHERE business_id = $1 AND guarantee_id = $2 ORDER BY number DESC";
    let rows = fetch!(conn.reborrow(), fetch_all as Row, sql, business.0, id.0)?;
    let sql = concat!(
        "SELECT t.owner_id, ",
        packed_texts!("t"),
        " FROM texts t JOIN guarantee_versions v ON v.id = t.owner_id \
            WHERE t.business_id = $1 AND v.business_id = $1 AND v.guarantee_id = $2 GROUP BY t.owner_id"
    );
    let mut texts = texts::by_owner(fetch!(conn.reborrow(), fetch_all as PackedTexts, sql, business.0, id.0)?)?;
    let version = |(id, number, bare, created_at): Row| {
        let stored = StoredRow("guarantee_versions", id);
        let wording = texts::assemble(&stored, &bare, texts.remove(&id).unwrap_or_default())?;
        Ok(VersionRow { id: VersionId(id), number, wording, created_at })
    };
    rows.into_iter().map(version).collect()
}

/// The versions that were ever public, newest first: those in the record.
pub(crate) async fn public_versions(
    mut conn: Conn<'_>,
    business: BusinessId,
    id: GuaranteeId,
) -> Result<Vec<VersionRow>, Error> {
    let sql = "SELECT DISTINCT v.id FROM guarantee_versions v JOIN texts t ON t.owner_id = v.id \
        WHERE v.business_id = $1 AND v.guarantee_id = $2 AND t.business_id = $1 AND t.seq IS NOT NULL";
    let public = fetch!(conn.reborrow(), fetch_all as (Uuid,), sql, business.0, id.0)?;
    let mut versions = versions(conn, business, id).await?;
    versions.retain(|version| public.contains(&(version.id.0,)));
    Ok(versions)
}

/// Selects guarantees with their current wording. `$which` is a further condition and the order.
macro_rules! current {
    ($which:literal) => {
        concat!(
            "SELECT g.id, g.problem_id, g.slug, g.stage, g.public, g.version, v.id AS version_id, v.bare, g.photos \
                FROM guarantees g \
                JOIN guarantee_versions v ON v.business_id = $1 AND v.guarantee_id = g.id AND v.number = g.version \
                WHERE g.business_id = $1",
            $which
        )
    };
}

/// All guarantees of the actor's business, the oldest first, with those of their places that the actor has access to.
pub(crate) async fn guarantees(mut conn: Conn<'_>, actor: &Actor) -> Result<Vec<GuaranteeRow>, Error> {
    let (business, filter) = (actor.business.0, SiteFilter::of(actor));
    let sql = current!(" ORDER BY g.created_at, g.id");
    let rows = fetch!(conn.reborrow(), fetch_all as CurrentRow, sql, business)?;
    let sql = concat!(
        // The order of the tables is fixed: SQLite would go through the places of all businesses.
        "SELECT r.guarantee_id, r.place_id FROM guarantees g CROSS JOIN promised r \
            WHERE g.business_id = $1 AND r.business_id = $1 AND r.guarantee_id = g.id AND ",
        in_sites!("$2", "$3", place "r.place_id"),
        " ORDER BY r.place_id"
    );
    let mut places: HashMap<Uuid, Vec<PlaceId>> = HashMap::new();
    for (guarantee, place) in
        fetch!(conn.reborrow(), fetch_all as (Uuid, Uuid), sql, business, filter.all, filter.holder)?
    {
        places.entry(guarantee).or_default().push(PlaceId(place));
    }
    let sql = concat!(
        "SELECT t.owner_id, ",
        packed_texts!("t"),
        " FROM guarantees g \
            JOIN guarantee_versions v ON v.business_id = $1 AND v.guarantee_id = g.id AND v.number = g.version \
            JOIN texts t ON t.business_id = $1 AND t.owner_id = v.id WHERE g.business_id = $1 GROUP BY t.owner_id"
    );
    let mut texts = texts::by_owner(fetch!(conn, fetch_all as PackedTexts, sql, business)?)?;
    let row = |row: CurrentRow| {
        let (places, texts) = (places.remove(&row.id), texts.remove(&row.version_id));
        row.with(places.unwrap_or_default(), texts.unwrap_or_default())
    };
    rows.into_iter().map(row).collect()
}

/// A guarantee, with those of its places that the actor has access to.
pub(crate) async fn find_guarantee(
    mut conn: Conn<'_>,
    actor: &Actor,
    id: GuaranteeId,
) -> Result<Option<GuaranteeRow>, Error> {
    let (business, filter) = (actor.business, SiteFilter::of(actor));
    let sql = current!(" AND g.id = $2");
    let Some(row) = fetch!(conn.reborrow(), fetch_optional as CurrentRow, sql, business.0, id.0)? else {
        return Ok(None);
    };
    let sql = concat!(
        "SELECT r.place_id FROM promised r WHERE r.business_id = $1 AND r.guarantee_id = $2 AND ",
        in_sites!("$3", "$4", place "r.place_id"),
        " ORDER BY r.place_id"
    );
    let places = fetch!(conn.reborrow(), fetch_all as (Uuid,), sql, business.0, id.0, filter.all, filter.holder)?;
    let texts = texts::load(conn, business, row.version_id).await?;
    row.with(places.into_iter().map(|(id,)| PlaceId(id)).collect(), texts).map(Some)
}

impl CurrentRow {
    fn with(self, places: Vec<PlaceId>, texts: Vec<(String, String)>) -> Result<GuaranteeRow, Error> {
        let stored = StoredRow("guarantees", self.id);
        Ok(GuaranteeRow {
            id: GuaranteeId(self.id),
            problem: ProblemId(self.problem_id),
            slug: self.slug,
            stage: stored.read("stage", stage(&self.stage))?,
            public: self.public,
            version: self.version,
            version_id: VersionId(self.version_id),
            wording: texts::assemble(&StoredRow("guarantee_versions", self.version_id), &self.bare, texts)?,
            photos: stored.read("photos", PhotoPolicy::parse(&self.photos))?,
            places,
        })
    }
}

pub(crate) fn stage(name: &str) -> Result<Stage, serde_json::Error> {
    serde_json::from_value(Value::from(name))
}
