//! A business that is deleted: everything of it, and everyone who then belongs to none.

use domain::actor::{Act, Actor};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::Store;
use crate::archive::{Of, TABLES};
use crate::businesses::home;
use crate::db::{fetch, run};
use crate::dialect;
use crate::error::Error;
use crate::work::Work;

impl Store {
    /// Deletes the actor's business, whose name was typed to say that it is meant. What is being done in it at the same
    /// time is stored before and goes with it, or is refused as gone.
    ///
    /// # Errors
    /// The role does not allow it; another name was typed; the database is unavailable.
    pub async fn delete_business(&self, actor: &Actor, typed: &str) -> Result<(), Error> {
        let (store, actor, typed) = (self.clone(), actor.clone(), typed.to_owned());
        // It may take longer than somebody waits for an answer: that ends their waiting and nothing else.
        let deleted = tokio::spawn(async move {
            store.delete(&actor, &typed).await?;
            store.clear_photos(actor.business).await
        });
        deleted.await.unwrap_or(Err(Error::Unavailable(sqlx::Error::WorkerCrashed)))
    }

    async fn delete(&self, actor: &Actor, typed: &str) -> Result<(), Error> {
        let mut work = self.work(actor, Act::Govern).await?;
        home(work.conn(), actor.business).await?.business.confirm(typed)?;
        let people = held_fast(&mut work).await?;
        let business = actor.business.0;
        for table in TABLES.iter().rev() {
            if let (Some(column), false) = (table.business(), table.of == Of::Businesses) {
                let sql = AssertSqlSafe(format!("DELETE FROM {} WHERE {column} = $1", table.name));
                run!(work.conn(), sql, business)?;
            }
        }
        run!(work.conn(), "DELETE FROM businesses WHERE id = $1", business)?;
        work.leave().await?;
        for person in people {
            remove(&mut work, person).await?;
        }
        // Where nothing is left one can begin anew.
        run!(work.conn(), "DELETE FROM founding WHERE NOT EXISTS (SELECT 1 FROM businesses)")?;
        work.commit().await
    }
}

/// The people of the business. Until the end nobody begins anything new in the business or with them.
async fn held_fast(work: &mut Work<'_>) -> Result<Vec<Uuid>, Error> {
    let (business, suffix) = (work.business.0, dialect::for_update(&work.conn()));
    let sql = AssertSqlSafe(format!("SELECT id FROM businesses WHERE id = $1{suffix}"));
    fetch!(work.conn(), fetch_all as (Uuid,), sql, business)?;
    let whose = "SELECT id FROM people WHERE id IN (SELECT person_id FROM members WHERE business_id = $1) ORDER BY id";
    let sql = AssertSqlSafe(format!("{whose}{suffix}"));
    let people = fetch!(work.conn(), fetch_all as (Uuid,), sql, business)?;
    Ok(people.into_iter().map(|(id,)| id).collect())
}

/// Lets someone go who belongs to no business any more; nor do they stand in what was done in another.
async fn remove(work: &mut Work<'_>, person: Uuid) -> Result<(), Error> {
    let sql = "SELECT 1 FROM members WHERE person_id = $1 LIMIT 1";
    if fetch!(work.conn(), fetch_optional as (i32,), sql, person)?.is_some() {
        return Ok(());
    }
    for table in TABLES.iter().rev().filter(|table| matches!(table.of, Of::Person | Of::Both)) {
        let sql = AssertSqlSafe(format!("DELETE FROM {} WHERE person_id = $1", table.name));
        run!(work.conn(), sql, person)?;
    }
    run!(work.conn(), "DELETE FROM people WHERE id = $1", person)?;
    Ok(())
}
