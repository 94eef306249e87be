//! Deletes a business, and the people who are then members of none.

use domain::actor::Actor;
use domain::role::Permission;
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::Store;
use crate::business_info::load_business;
use crate::db::{execute, fetch};
use crate::error::Error;
use crate::tables::{RowOwner, TABLES};
use crate::unit_of_work::UnitOfWork;

impl Store {
    /// Deletes the actor's business. Its name must be typed as a confirmation. Work that runs at the same time is
    /// either stored first and deleted too, or answered with [`Error::Gone`].
    ///
    /// # Errors
    /// The role does not allow it; another name was typed; the database is unavailable.
    pub async fn delete_business(&self, actor: &Actor, typed: &str) -> Result<(), Error> {
        let (store, actor, typed) = (self.clone(), actor.clone(), typed.to_owned());
        // A task of its own, because it must not stop halfway when the client disconnects.
        let deleted = tokio::spawn(async move {
            store.delete(&actor, &typed).await?;
            store.delete_business_photos(actor.business).await
        });
        deleted.await.unwrap_or(Err(Error::Unavailable(sqlx::Error::WorkerCrashed)))
    }

    async fn delete(&self, actor: &Actor, typed: &str) -> Result<(), Error> {
        let mut work = self.unit_of_work(actor, Permission::Administer).await?;
        load_business(work.conn(), actor.business).await?.business.require_name(typed)?;
        let people = lock_people(&mut work).await?;
        let business = actor.business.0;
        for table in TABLES.iter().rev() {
            if let (Some(column), false) = (table.business_column(), table.owner == RowOwner::BusinessItself) {
                let sql = AssertSqlSafe(format!("DELETE FROM {} WHERE {column} = $1", table.name));
                execute!(work.conn(), sql, business)?;
            }
        }
        execute!(work.conn(), "DELETE FROM businesses WHERE id = $1", business)?;
        work.leave_tenant().await?;
        for person in people {
            delete_if_unattached(&mut work, person).await?;
        }
        // An empty installation can be set up again.
        execute!(work.conn(), "DELETE FROM founding WHERE NOT EXISTS (SELECT 1 FROM businesses)")?;
        work.commit().await
    }
}

/// Locks the business and its people until the end of the transaction, and returns the people.
async fn lock_people(work: &mut UnitOfWork<'_>) -> Result<Vec<Uuid>, Error> {
    let (business, suffix) = (work.business.0, work.conn().for_update());
    let sql = AssertSqlSafe(format!("SELECT id FROM businesses WHERE id = $1{suffix}"));
    fetch!(work.conn(), fetch_all as (Uuid,), sql, business)?;
    let whose = "SELECT id FROM people WHERE id IN (SELECT person_id FROM members WHERE business_id = $1) ORDER BY id";
    let sql = AssertSqlSafe(format!("{whose}{suffix}"));
    let people = fetch!(work.conn(), fetch_all as (Uuid,), sql, business)?;
    Ok(people.into_iter().map(|(id,)| id).collect())
}

/// Deletes a person who is and was a member of no other business.
async fn delete_if_unattached(work: &mut UnitOfWork<'_>, person: Uuid) -> Result<(), Error> {
    let sql = "SELECT 1 FROM members WHERE person_id = $1 LIMIT 1";
    if fetch!(work.conn(), fetch_optional as (i32,), sql, person)?.is_some() {
        return Ok(());
    }
    for table in
        TABLES.iter().rev().filter(|table| matches!(table.owner, RowOwner::Person | RowOwner::BusinessAndPerson))
    {
        let sql = AssertSqlSafe(format!("DELETE FROM {} WHERE person_id = $1", table.name));
        execute!(work.conn(), sql, person)?;
    }
    execute!(work.conn(), "DELETE FROM people WHERE id = $1", person)?;
    Ok(())
}
