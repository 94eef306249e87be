//! Whether a business that has come in fits together: every reference stays within it, everything can be read, and its
//! record verifies.

use chrono::{DateTime, Utc};
use domain::actor::{Actor, Role, Who};
use domain::ids::{BusinessId, GuaranteeId, RecoveryId};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::Broken;
use super::manifest::VERSION;
use super::tables::Table;
use crate::businesses::home;
use crate::db::{Held, fetch};
use crate::error::Error;
use crate::problems::problems;
use crate::reaches::Reached;
use crate::record::Verified;
use crate::{guarantees, record, recoveries};

pub(super) async fn check(held: &mut Held, business: BusinessId, now: DateTime<Utc>) -> Result<Verified, Error> {
    references(held, business).await?;
    readable(held, business).await.map_err(|error| match error {
        Error::Unreadable(why) => Broken::Unsound(why).into(),
        Error::Gone => Broken::Unsound("the business itself is missing".to_owned()).into(),
        other => other,
    })?;
    Ok(record::verify(held, business, now).await?)
}

/// The database sees to it that what is named exists; that it is not another's has to be asked. The business itself may be
/// named, too.
async fn references(held: &mut Held, business: BusinessId) -> Result<(), Error> {
    for table in Table::carried(VERSION).filter(|table| table.business() == Some("business_id")) {
        for column in table.columns {
            let within = column.refers.iter().filter(|to| !matches!(**to, "businesses" | "people"));
            let none = |to: &&str| {
                let (name, own) = (column.name, table.name);
                format!(" AND NOT EXISTS (SELECT 1 FROM {to} WHERE business_id = $1 AND {to}.id = {own}.{name})")
            };
            let none: String = within.map(none).collect();
            if none.is_empty() {
                continue;
            }
            let (own, name) = (table.name, column.name);
            let sql = format!("SELECT 1 FROM {own} WHERE business_id = $1 AND {name} <> $1{none} LIMIT 1");
            let sql = AssertSqlSafe(sql);
            if fetch!(held.conn(), fetch_optional as (i32,), sql, business.0)?.is_some() {
                return Err(Broken::Unsound(format!("{name} in {own} names what is not of this business")).into());
            }
        }
    }
    Ok(())
}

/// Reads all of it as it will be read.
async fn readable(held: &mut Held, business: BusinessId) -> Result<(), Error> {
    let all = |name: &str| AssertSqlSafe(format!("SELECT id FROM {name} WHERE business_id = $1 ORDER BY id"));
    home(held.conn(), business).await?;
    problems(held.conn(), business).await?;
    let sql = "SELECT 1 FROM members WHERE business_id = $1 AND role = 'owner' AND removed_at IS NULL LIMIT 1";
    if fetch!(held.conn(), fetch_optional as (i32,), sql, business.0)?.is_none() {
        return Err(Broken::Unsound("nobody owns it".to_owned()).into());
    }
    let everywhere = Actor::of(business, Who::Trialmark, Role::Owner);
    for (id,) in fetch!(held.conn(), fetch_all as (Uuid,), all("guarantees"), business.0)? {
        let unworded = || Error::Unreadable(format!("the guarantee {id} has no wording"));
        guarantees::one(held.conn(), &everywhere, GuaranteeId(id)).await?.ok_or_else(unworded)?;
        guarantees::versions(held.conn(), business, GuaranteeId(id)).await?;
    }
    for (id,) in fetch!(held.conn(), fetch_all as (Uuid,), all("recoveries"), business.0)? {
        let unread = || Error::Unreadable(format!("the recovery {id} has no break"));
        recoveries::handed(held.conn(), business, Reached::EVERYWHERE, RecoveryId(id)).await?.ok_or_else(unread)?;
    }
    Ok(())
}
