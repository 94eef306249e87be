//! Guarantees: created from a problem, reworded in versions, moved between stages.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use domain::actor::Actor;
use domain::audit::AuditEvent;
use domain::fault::{Fault, Faults};
use domain::guarantee::{Stage, Transition, Wording, allow_wording, require_place, transition};
use domain::ids::{GuaranteeId, PlaceId, ProblemId, SiteId};
use domain::record::split_texts;
use domain::replay::{Places, body};
use domain::role::Permission;
use domain::slug::Slug;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::Store;
use crate::actor_key::actor_key;
use crate::db::{execute, fetch};
use crate::edit_state;
use crate::error::Error;
use crate::guarantee_rows::{self, GuaranteeRow, VersionRow, find_guarantee, versions};
use crate::schedules;
use crate::unit_of_work::UnitOfWork;

impl Store {
    /// Creates a guarantee for a problem, as a draft with its first version. Without a slug, one is made from the
    /// title.
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
        let mut work = self.unit_of_work(actor, Permission::ManageGuarantees).await?;
        let sql = "SELECT 1 FROM problems WHERE business_id = $1 AND id = $2";
        if fetch!(work.conn(), fetch_optional as (i32,), sql, actor.business.0, problem.0)?.is_none() {
            return Err(Faults::one("problem", Fault::NotFound).into());
        }
        let (id, now) = (GuaranteeId(work.id()), work.now);
        let sql = "INSERT INTO guarantees (id, business_id, problem_id, slug, stage, public, version, created_at) \
            VALUES ($1, $2, $3, $4, $5, $6, 1, $7)";
        execute!(work.conn(), sql, id.0, actor.business.0, problem.0, slug.as_str(), Stage::Draft.name(), false, now)
            .map_err(|error| error.or_field_taken("guarantees_business_id_slug_key", "slug"))?;
        insert_version(&mut work, id, 1, wording, false).await?;
        promise_at(&mut work, id, places).await?;
        work.audit(AuditEvent::GuaranteeAdded, id.0);
        work.commit().await?;
        Ok(id)
    }

    /// Adds a version of the wording. Earlier results keep theirs. Returns the number of the version; `None` if there
    /// is no such guarantee.
    ///
    /// # Errors
    /// The role or the stage does not allow it; nothing changed; the database is unavailable.
    pub async fn reword(&self, actor: &Actor, id: GuaranteeId, wording: &Wording) -> Result<Option<i64>, Error> {
        let mut work = self.unit_of_work(actor, Permission::ManageGuarantees).await?;
        let Some(current) = find_guarantee(work.conn(), actor, id).await? else {
            return Ok(None);
        };
        work.require_current(&edit_state::wording(&current))?;
        allow_wording(current.stage, &current.wording, wording)?;
        let number = current.version + 1;
        insert_version(&mut work, id, number, wording, current.public).await?;
        let sql = "UPDATE guarantees SET version = $3 WHERE business_id = $1 AND id = $2";
        execute!(work.conn(), sql, actor.business.0, id.0, number)?;
        work.audit(AuditEvent::GuaranteeReworded, id.0);
        work.commit().await?;
        Ok(Some(number))
    }

    /// Moves a guarantee to another stage: try, publish, suspend, resume, retire. Returns the new stage; `None` if
    /// there is no such guarantee. A guarantee that was never published is also retired in private.
    ///
    /// # Errors
    /// The role does not allow it, or the stage does not; the database is unavailable.
    pub async fn transition_guarantee(
        &self,
        actor: &Actor,
        id: GuaranteeId,
        verb: Transition,
    ) -> Result<Option<Stage>, Error> {
        let mut work = self.unit_of_work(actor, Permission::ManageGuarantees).await?;
        let Some(current) = find_guarantee(work.conn(), actor, id).await? else {
            return Ok(None);
        };
        work.require_current(&edit_state::stage(&current))?;
        let stage = transition(current.stage, verb, current.places.len())?;
        schedules::record_missed_so_far(&mut work, actor, id).await?;
        let (row, now, author) = (work.id(), work.now, actor_key(actor.principal));
        let public = current.public || verb == Transition::Publish;
        let sql = "UPDATE guarantees SET stage = $3, public = $4 WHERE business_id = $1 AND id = $2";
        execute!(work.conn(), sql, actor.business.0, id.0, stage.name(), public)?;
        let sql =
            "INSERT INTO guarantee_moves (id, business_id, guarantee_id, verb, at, by) VALUES ($1, $2, $3, $4, $5, $6)";
        execute!(work.conn(), sql, row, actor.business.0, id.0, verb.name(), now, author)?;
        if verb == Transition::Publish {
            let (bare, _) = split_texts(&current.wording, &Wording::FREE_TEXTS).map_err(Error::Serialize)?;
            let sql = "SELECT created_at FROM guarantee_versions WHERE business_id = $1 AND id = $2";
            let version = current.version_id.0;
            let (worded_at,) = fetch!(work.conn(), fetch_one as (DateTime<Utc>,), sql, actor.business.0, version)?;
            work.append_existing("version", version, version_body(bare, id, current.version, worded_at)).await?;
        }
        let mut body = entry_body(Map::new(), id, current.version);
        body.insert("slug".to_owned(), json!(current.slug));
        work.append(public, verb.name(), row, body, Vec::new()).await?;
        if verb == Transition::Publish {
            append_places(&mut work, id).await?;
            schedules::append_schedules(&mut work, id).await?;
        }
        schedules::resume(&mut work, id, stage).await?;
        work.audit(AuditEvent::GuaranteeStageChanged, id.0);
        work.commit().await?;
        Ok(Some(stage))
    }

    /// Sets the places where the guarantee is promised. `None` if there is no such guarantee.
    ///
    /// # Errors
    /// The role does not allow it; no such place; the database is unavailable.
    pub async fn set_guarantee_places(
        &self,
        actor: &Actor,
        id: GuaranteeId,
        places: &[PlaceId],
    ) -> Result<Option<()>, Error> {
        let mut work = self.unit_of_work(actor, Permission::ManageGuarantees).await?;
        let Some(current) = find_guarantee(work.conn(), actor, id).await? else {
            return Ok(None);
        };
        work.require_current(&edit_state::places(&current))?;
        require_place(current.stage, places.len())?;
        schedules::record_missed_so_far(&mut work, actor, id).await?;
        let sql = "DELETE FROM promised WHERE business_id = $1 AND guarantee_id = $2";
        execute!(work.conn(), sql, actor.business.0, id.0)?;
        promise_at(&mut work, id, places).await?;
        if current.public {
            append_places(&mut work, id).await?;
        }
        schedules::resume(&mut work, id, current.stage).await?;
        work.audit(AuditEvent::GuaranteePlacesChanged, id.0);
        work.commit().await?;
        Ok(Some(()))
    }

    /// All guarantees with their current wording, the oldest first.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn guarantees(&self, actor: &Actor) -> Result<Vec<GuaranteeRow>, Error> {
        actor.require(Permission::ViewToday)?;
        let mut handle = self.db.read(actor.business).await?;
        guarantee_rows::guarantees(handle.conn(), actor).await
    }

    /// # Errors
    /// The database is unavailable.
    pub async fn guarantee(&self, actor: &Actor, id: GuaranteeId) -> Result<Option<GuaranteeRow>, Error> {
        actor.require(Permission::ViewToday)?;
        let mut handle = self.db.read(actor.business).await?;
        find_guarantee(handle.conn(), actor, id).await
    }

    /// The versions of a guarantee, newest first.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn versions(&self, actor: &Actor, id: GuaranteeId) -> Result<Vec<VersionRow>, Error> {
        actor.require(Permission::ViewToday)?;
        let mut handle = self.db.read(actor.business).await?;
        versions(handle.conn(), actor.business, id).await
    }
}

/// Stores a version. The wording of a public guarantee enters the record at once, of others when they are published.
async fn insert_version(
    work: &mut UnitOfWork<'_>,
    guarantee: GuaranteeId,
    number: i64,
    wording: &Wording,
    public: bool,
) -> Result<(), Error> {
    let (bare, free) = split_texts(wording, &Wording::FREE_TEXTS).map_err(Error::Serialize)?;
    let (id, now, author) = (work.id(), work.now, actor_key(work.principal));
    let business = work.business.0;
    let criteria = i64::try_from(wording.criteria.len()).unwrap_or(i64::MAX);
    let text = serde_json::to_string(&bare).map_err(Error::Serialize)?;
    let sql = "INSERT INTO guarantee_versions (id, business_id, guarantee_id, number, criteria, bare, created_at, created_by) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    execute!(work.conn(), sql, id, business, guarantee.0, number, criteria, text, now, author)?;
    work.append(public, "version", id, version_body(bare, guarantee, number, now), free).await
}

fn version_body(
    bare: Map<String, Value>,
    guarantee: GuaranteeId,
    version: i64,
    at: DateTime<Utc>,
) -> Map<String, Value> {
    let mut body = entry_body(bare, guarantee, version);
    body.insert("worded_at".to_owned(), json!(at));
    body
}

fn entry_body(mut body: Map<String, Value>, guarantee: GuaranteeId, version: i64) -> Map<String, Value> {
    body.insert("guarantee".to_owned(), json!(guarantee));
    body.insert("version".to_owned(), json!(version));
    body
}

/// Records where the guarantee is promised from now on.
async fn append_places(work: &mut UnitOfWork<'_>, guarantee: GuaranteeId) -> Result<(), Error> {
    let business = work.business.0;
    let sql = "SELECT r.place_id, p.site_id FROM promised r JOIN places p ON p.business_id = $1 AND p.id = r.place_id \
        WHERE r.business_id = $1 AND r.guarantee_id = $2";
    let rows = fetch!(work.conn(), fetch_all as (Uuid, Uuid), sql, business, guarantee.0)?;
    let places = rows.into_iter().map(|(place, site)| (PlaceId(place), SiteId(site))).collect();
    let body = body(&Places { guarantee, places }).map_err(Error::Serialize)?;
    work.append(true, "places", guarantee.0, body, Vec::new()).await
}

async fn promise_at(work: &mut UnitOfWork<'_>, guarantee: GuaranteeId, places: &[PlaceId]) -> Result<(), Error> {
    let business = work.business.0;
    for place in places.iter().collect::<BTreeSet<_>>() {
        let sql = "INSERT INTO promised (business_id, guarantee_id, place_id) \
            SELECT business_id, $2, id FROM places WHERE business_id = $1 AND id = $3";
        if execute!(work.conn(), sql, business, guarantee.0, place.0)? == 0 {
            return Err(Faults::one("places", Fault::NotFound).into());
        }
    }
    Ok(())
}
