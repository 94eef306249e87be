//! Guarantees: made from a problem, worded in versions, moved from stage to stage.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use domain::actor::{Act, Actor};
use domain::deed::Deed;
use domain::fault::{Fault, Faults};
use domain::guarantee::{Move, Stage, Wording, decide, relocate, reword};
use domain::ids::{BusinessId, GuaranteeId, PlaceId, ProblemId, SiteId, VersionId};
use domain::photo::Photos;
use domain::record::part;
use domain::recount::{Places, body};
use domain::slug::Slug;
use serde_json::{Map, Value, json};
use sqlx::FromRow;
use uuid::Uuid;

use crate::Store;
use crate::db::{Conn, fetch, run};
use crate::error::Error;
use crate::reaches::{Reached, within};
use crate::schedules;
use crate::stands;
use crate::texts::{self, TextRow};
use crate::work::{Work, by};

/// A guarantee with its current wording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuaranteeRow {
    pub id: GuaranteeId,
    pub problem: ProblemId,
    pub slug: String,
    pub stage: Stage,
    /// Published once, and on view ever since.
    pub public: bool,
    pub version: i64,
    pub version_id: VersionId,
    pub wording: Wording,
    /// Whether its checks come with pictures.
    pub photos: Photos,
    /// Where it is promised, as far as whoever asks reaches.
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

impl Store {
    /// Makes a guarantee from a problem, as a draft with its first version. Without a slug, one is made from the title.
    ///
    /// # Errors
    /// The role does not allow it; no such problem or place; the slug is taken; the database is unavailable.
    pub async fn add_guarantee(
        &self,
        actor: &Actor,
        problem: ProblemId,
        slug: Option<Slug>,
        wording: &Wording,
        places: &[PlaceId],
    ) -> Result<GuaranteeId, Error> {
        let slug = slug.or_else(|| Slug::suggest(wording.title.as_str()));
        let slug = slug.ok_or_else(|| Faults::one("slug", Fault::Missing))?;
        let mut work = self.work(actor, Act::Define).await?;
        let sql = "SELECT 1 FROM problems WHERE business_id = $1 AND id = $2";
        if fetch!(work.conn(), fetch_optional as (i32,), sql, actor.business.0, problem.0)?.is_none() {
            return Err(Faults::one("problem", Fault::NotFound).into());
        }
        let (id, now) = (GuaranteeId(work.id()), work.now);
        let sql = "INSERT INTO guarantees (id, business_id, problem_id, slug, stage, public, version, created_at) \
            VALUES ($1, $2, $3, $4, $5, $6, 1, $7)";
        run!(work.conn(), sql, id.0, actor.business.0, problem.0, slug.as_str(), Stage::Draft.name(), false, now)
            .map_err(|error| error.taken("guarantees_business_id_slug_key", "slug"))?;
        version(&mut work, id, 1, wording, false).await?;
        promise_at(&mut work, id, places).await?;
        work.note(Deed::GuaranteeAdded, id.0);
        work.commit().await?;
        Ok(id)
    }

    /// Gives the guarantee a new version of its wording; earlier results keep theirs. The number of the new version;
    /// None if there is no such guarantee.
    ///
    /// # Errors
    /// The role or the stage does not allow it; nothing changed; the database is unavailable.
    pub async fn reword(&self, actor: &Actor, id: GuaranteeId, wording: &Wording) -> Result<Option<i64>, Error> {
        let mut work = self.work(actor, Act::Define).await?;
        let Some(current) = one(work.conn(), actor, id).await? else {
            return Ok(None);
        };
        work.unchanged(&stands::wording(&current))?;
        reword(current.stage, &current.wording, wording)?;
        let number = current.version + 1;
        version(&mut work, id, number, wording, current.public).await?;
        let sql = "UPDATE guarantees SET version = $3 WHERE business_id = $1 AND id = $2";
        run!(work.conn(), sql, actor.business.0, id.0, number)?;
        work.note(Deed::GuaranteeReworded, id.0);
        work.commit().await?;
        Ok(Some(number))
    }

    /// Moves a guarantee on: try, publish, suspend, resume, retire. The stage it comes to; None if there is none. What was
    /// never published is retired in private, too.
    ///
    /// # Errors
    /// The role does not allow it, or the move does not start at its stage; the database is unavailable.
    pub async fn move_guarantee(&self, actor: &Actor, id: GuaranteeId, verb: Move) -> Result<Option<Stage>, Error> {
        let mut work = self.work(actor, Act::Define).await?;
        let Some(current) = one(work.conn(), actor, id).await? else {
            return Ok(None);
        };
        work.unchanged(&stands::stage(&current))?;
        let stage = decide(current.stage, verb, current.places.len())?;
        schedules::settle(&mut work, actor, id).await?;
        let (row, now, hand) = (work.id(), work.now, by(actor.who));
        let public = current.public || verb == Move::Publish;
        let sql = "UPDATE guarantees SET stage = $3, public = $4 WHERE business_id = $1 AND id = $2";
        run!(work.conn(), sql, actor.business.0, id.0, stage.name(), public)?;
        let sql =
            "INSERT INTO guarantee_moves (id, business_id, guarantee_id, verb, at, by) VALUES ($1, $2, $3, $4, $5, $6)";
        run!(work.conn(), sql, row, actor.business.0, id.0, verb.name(), now, hand)?;
        if verb == Move::Publish {
            let (bare, _) = part(&current.wording, &Wording::TEXTS)?;
            let sql = "SELECT created_at FROM guarantee_versions WHERE business_id = $1 AND id = $2";
            let version = current.version_id.0;
            let (worded_at,) = fetch!(work.conn(), fetch_one as (DateTime<Utc>,), sql, actor.business.0, version)?;
            work.announce("version", version, worded(bare, id, current.version, worded_at)).await?;
        }
        let mut body = entry(Map::new(), id, current.version);
        body.insert("slug".to_owned(), json!(current.slug));
        work.append(public, verb.name(), row, body, Vec::new()).await?;
        if verb == Move::Publish {
            tell_places(&mut work, id).await?;
            schedules::tell(&mut work, id).await?;
        }
        schedules::resume(&mut work, id, stage).await?;
        work.note(Deed::GuaranteeMoved, id.0);
        work.commit().await?;
        Ok(Some(stage))
    }

    /// Says at which places the guarantee is promised: at these and no others. None if there is no such guarantee.
    ///
    /// # Errors
    /// The role does not allow it; no such place; the database is unavailable.
    pub async fn promise_at(&self, actor: &Actor, id: GuaranteeId, places: &[PlaceId]) -> Result<Option<()>, Error> {
        let mut work = self.work(actor, Act::Define).await?;
        let Some(current) = one(work.conn(), actor, id).await? else {
            return Ok(None);
        };
        work.unchanged(&stands::places(&current))?;
        relocate(current.stage, places.len())?;
        schedules::settle(&mut work, actor, id).await?;
        let sql = "DELETE FROM promised WHERE business_id = $1 AND guarantee_id = $2";
        run!(work.conn(), sql, actor.business.0, id.0)?;
        promise_at(&mut work, id, places).await?;
        if current.public {
            tell_places(&mut work, id).await?;
        }
        schedules::resume(&mut work, id, current.stage).await?;
        work.note(Deed::GuaranteeRelocated, id.0);
        work.commit().await?;
        Ok(Some(()))
    }

    /// All guarantees, with their current wording, in the order they were made.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn guarantees(&self, actor: &Actor) -> Result<Vec<GuaranteeRow>, Error> {
        actor.permit(Act::Look)?;
        let mut held = self.db.read(actor.business).await?;
        let sql = "SELECT id FROM guarantees WHERE business_id = $1 ORDER BY created_at, id";
        let ids = fetch!(held.conn(), fetch_all as (Uuid,), sql, actor.business.0)?;
        let mut rows = Vec::with_capacity(ids.len());
        for (id,) in ids {
            rows.extend(one(held.conn(), actor, GuaranteeId(id)).await?);
        }
        Ok(rows)
    }

    /// # Errors
    /// The database is unavailable.
    pub async fn guarantee(&self, actor: &Actor, id: GuaranteeId) -> Result<Option<GuaranteeRow>, Error> {
        actor.permit(Act::Look)?;
        let mut held = self.db.read(actor.business).await?;
        one(held.conn(), actor, id).await
    }

    /// The versions of a guarantee, newest first.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn versions(&self, actor: &Actor, id: GuaranteeId) -> Result<Vec<VersionRow>, Error> {
        actor.permit(Act::Look)?;
        let mut held = self.db.read(actor.business).await?;
        versions(held.conn(), actor.business, id).await
    }
}

pub(crate) async fn versions(
    mut conn: Conn<'_>,
    business: BusinessId,
    id: GuaranteeId,
) -> Result<Vec<VersionRow>, Error> {
    type Row = (Uuid, i64, String, DateTime<Utc>);
    let sql = "SELECT id, number, bare, created_at FROM guarantee_versions \
        WHERE business_id = $1 AND guarantee_id = $2 ORDER BY number DESC";
    let rows = fetch!(conn.again(), fetch_all as Row, sql, business.0, id.0)?;
    let sql = "SELECT t.owner_id, t.field, t.body FROM texts t JOIN guarantee_versions v ON v.id = t.owner_id \
        WHERE t.business_id = $1 AND v.business_id = $1 AND v.guarantee_id = $2";
    let mut texts = texts::by_owner(fetch!(conn.again(), fetch_all as TextRow, sql, business.0, id.0)?);
    let version = |(id, number, bare, created_at): Row| {
        let wording = texts::whole(&bare, texts.remove(&id).unwrap_or_default())?;
        Ok(VersionRow { id: VersionId(id), number, wording, created_at })
    };
    rows.into_iter().map(version).collect()
}

/// The versions that were ever in force in public, newest first: those that the record has.
pub(crate) async fn public_versions(
    mut conn: Conn<'_>,
    business: BusinessId,
    id: GuaranteeId,
) -> Result<Vec<VersionRow>, Error> {
    let sql = "SELECT DISTINCT v.id FROM guarantee_versions v JOIN texts t ON t.owner_id = v.id \
        WHERE v.business_id = $1 AND v.guarantee_id = $2 AND t.business_id = $1 AND t.seq IS NOT NULL";
    let public = fetch!(conn.again(), fetch_all as (Uuid,), sql, business.0, id.0)?;
    let mut versions = versions(conn, business, id).await?;
    versions.retain(|version| public.contains(&(version.id.0,)));
    Ok(versions)
}

/// One guarantee as it stands, with those of its places that someone reaches.
pub(crate) async fn one(mut conn: Conn<'_>, actor: &Actor, id: GuaranteeId) -> Result<Option<GuaranteeRow>, Error> {
    let (business, by) = (actor.business, Reached::by(actor));
    let sql = "SELECT g.id, g.problem_id, g.slug, g.stage, g.public, g.version, v.id AS version_id, v.bare, g.photos FROM guarantees g \
        JOIN guarantee_versions v ON v.business_id = $1 AND v.guarantee_id = g.id AND v.number = g.version \
        WHERE g.business_id = $1 AND g.id = $2";
    let Some(row) = fetch!(conn.again(), fetch_optional as CurrentRow, sql, business.0, id.0)? else {
        return Ok(None);
    };
    let sql = concat!(
        "SELECT r.place_id FROM promised r WHERE r.business_id = $1 AND r.guarantee_id = $2 AND ",
        within!("$3", "$4", place "r.place_id"),
        " ORDER BY r.place_id"
    );
    let places = fetch!(conn.again(), fetch_all as (Uuid,), sql, business.0, id.0, by.everywhere, by.holder)?;
    let texts = texts::of(conn, business, row.version_id).await?;
    Ok(Some(GuaranteeRow {
        id: GuaranteeId(row.id),
        problem: ProblemId(row.problem_id),
        slug: row.slug,
        stage: stage(&row.stage)?,
        public: row.public,
        version: row.version,
        version_id: VersionId(row.version_id),
        wording: texts::whole(&row.bare, texts)?,
        photos: Photos::parse(&row.photos)?,
        places: places.into_iter().map(|(id,)| PlaceId(id)).collect(),
    }))
}

pub(crate) fn stage(name: &str) -> Result<Stage, Error> {
    Ok(serde_json::from_value(Value::from(name))?)
}

/// Writes a version. Once the guarantee is public its wording enters the record at once, before that when it is
/// published.
async fn version(
    work: &mut Work<'_>,
    guarantee: GuaranteeId,
    number: i64,
    wording: &Wording,
    public: bool,
) -> Result<(), Error> {
    let (bare, free) = part(wording, &Wording::TEXTS)?;
    let (id, now, hand) = (work.id(), work.now, by(work.by));
    let business = work.business.0;
    let criteria = i64::try_from(wording.criteria.len()).unwrap_or(i64::MAX);
    let text = serde_json::to_string(&bare)?;
    let sql = "INSERT INTO guarantee_versions (id, business_id, guarantee_id, number, criteria, bare, created_at, created_by) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    run!(work.conn(), sql, id, business, guarantee.0, number, criteria, text, now, hand)?;
    work.append(public, "version", id, worded(bare, guarantee, number, now), free).await
}

fn worded(bare: Map<String, Value>, guarantee: GuaranteeId, version: i64, at: DateTime<Utc>) -> Map<String, Value> {
    let mut body = entry(bare, guarantee, version);
    body.insert("worded_at".to_owned(), json!(at));
    body
}

fn entry(mut body: Map<String, Value>, guarantee: GuaranteeId, version: i64) -> Map<String, Value> {
    body.insert("guarantee".to_owned(), json!(guarantee));
    body.insert("version".to_owned(), json!(version));
    body
}

/// Tells in the record where the guarantee is promised from now on.
async fn tell_places(work: &mut Work<'_>, guarantee: GuaranteeId) -> Result<(), Error> {
    let business = work.business.0;
    let sql = "SELECT r.place_id, p.site_id FROM promised r JOIN places p ON p.business_id = $1 AND p.id = r.place_id \
        WHERE r.business_id = $1 AND r.guarantee_id = $2";
    let rows = fetch!(work.conn(), fetch_all as (Uuid, Uuid), sql, business, guarantee.0)?;
    let places = rows.into_iter().map(|(place, site)| (PlaceId(place), SiteId(site))).collect();
    work.append(true, "places", guarantee.0, body(&Places { guarantee, places })?, Vec::new()).await
}

async fn promise_at(work: &mut Work<'_>, guarantee: GuaranteeId, places: &[PlaceId]) -> Result<(), Error> {
    let business = work.business.0;
    for place in places.iter().collect::<BTreeSet<_>>() {
        let sql = "INSERT INTO promised (business_id, guarantee_id, place_id) \
            SELECT business_id, $2, id FROM places WHERE business_id = $1 AND id = $3";
        if run!(work.conn(), sql, business, guarantee.0, place.0)? == 0 {
            return Err(Faults::one("places", Fault::NotFound).into());
        }
    }
    Ok(())
}
