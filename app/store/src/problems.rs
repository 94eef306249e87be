//! The customers' problems that a business solves.

use domain::actor::Actor;
use domain::audit::AuditEvent;
use domain::ids::{BusinessId, ProblemId};
use domain::problem::Problem;
use domain::role::Permission;
use domain::text::Line;
use uuid::Uuid;

use crate::Store;
use crate::db::{Conn, execute, fetch};
use crate::error::Error;
use crate::stored_row::StoredRow;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProblemRow {
    pub id: ProblemId,
    pub problem: Problem,
}

impl Store {
    /// # Errors
    /// The role does not allow it; the database is unavailable.
    pub async fn add_problem(&self, actor: &Actor, problem: &Problem) -> Result<ProblemId, Error> {
        let mut work = self.unit_of_work(actor, Permission::ManageGuarantees).await?;
        let (id, now) = (ProblemId(work.id()), work.now);
        let sql = "INSERT INTO problems (id, business_id, words, for_whom, not_for_whom, created_at) \
            VALUES ($1, $2, $3, $4, $5, $6)";
        let not_for_whom = problem.not_for_whom.as_ref().map(Line::as_str);
        let (words, for_whom) = (problem.words.as_str(), problem.for_whom.as_str());
        execute!(work.conn(), sql, id.0, actor.business.0, words, for_whom, not_for_whom, now)?;
        work.audit(AuditEvent::ProblemAdded, id.0);
        work.commit().await?;
        Ok(id)
    }

    /// # Errors
    /// The database is unavailable.
    pub async fn problems(&self, actor: &Actor) -> Result<Vec<ProblemRow>, Error> {
        actor.require(Permission::ViewInternal)?;
        let mut handle = self.db.read(actor.business).await?;
        problems(handle.conn(), actor.business).await
    }

    /// # Errors
    /// The database is unavailable.
    pub async fn problem(&self, actor: &Actor, id: ProblemId) -> Result<Option<ProblemRow>, Error> {
        Ok(self.problems(actor).await?.into_iter().find(|row| row.id == id))
    }
}

pub(crate) async fn problems(conn: Conn<'_>, business: BusinessId) -> Result<Vec<ProblemRow>, Error> {
    type Row = (Uuid, String, String, Option<String>);
    let sql = "SELECT id, words, for_whom, not_for_whom FROM problems WHERE business_id = $1 ORDER BY created_at, id";
    let row = |(id, words, for_whom, not_for_whom): Row| {
        let stored = StoredRow("problems", id);
        let problem = Problem {
            words: stored.read("words", words.try_into())?,
            for_whom: stored.read("for_whom", for_whom.try_into())?,
            not_for_whom: stored.read("not_for_whom", not_for_whom.map(Line::try_from).transpose())?,
        };
        Ok(ProblemRow { id: ProblemId(id), problem })
    };
    fetch!(conn, fetch_all as Row, sql, business.0)?.into_iter().map(row).collect()
}
