//! Checks an imported business: every reference stays within it, and every value can be read.

use domain::actor::{Actor, Principal};
use domain::ids::{BusinessId, GuaranteeId, RecoveryId};
use domain::role::Role;
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::manifest::FORMAT_VERSION;
use crate::business_info::load_business;
use crate::db::{DbHandle, fetch};
use crate::error::Error;
use crate::import_error::ImportError;
use crate::problems::problems;
use crate::site_access::SiteFilter;
use crate::tables::Table;
use crate::{guarantee_rows, recoveries};

pub(super) async fn check(handle: &mut DbHandle, business: BusinessId) -> Result<(), Error> {
    references(handle, business).await?;
    readable(handle, business).await.map_err(|error| match error {
        Error::Unreadable { .. } => ImportError::Inconsistent(error.to_string()).into(),
        Error::Gone => ImportError::Inconsistent("the business itself is missing".to_owned()).into(),
        other => other,
    })
}

/// Foreign keys ensure that a referenced row exists, but not that it belongs to the same business. The business itself
/// may be referenced, too.
async fn references(handle: &mut DbHandle, business: BusinessId) -> Result<(), Error> {
    for table in Table::in_version(FORMAT_VERSION).filter(|table| table.business_column() == Some("business_id")) {
        for column in table.columns {
            let within = column.references.iter().filter(|to| !matches!(**to, "businesses" | "people"));
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
            if fetch!(handle.conn(), fetch_optional as (i32,), sql, business.0)?.is_some() {
                return Err(
                    ImportError::Inconsistent(format!("{name} in {own} names what is not of this business")).into()
                );
            }
        }
    }
    Ok(())
}

/// Reads everything as pages will read it.
async fn readable(handle: &mut DbHandle, business: BusinessId) -> Result<(), Error> {
    let all = |name: &str| AssertSqlSafe(format!("SELECT id FROM {name} WHERE business_id = $1 ORDER BY id"));
    load_business(handle.conn(), business).await?;
    problems(handle.conn(), business).await?;
    let sql = "SELECT 1 FROM members WHERE business_id = $1 AND role = 'owner' AND removed_at IS NULL LIMIT 1";
    if fetch!(handle.conn(), fetch_optional as (i32,), sql, business.0)?.is_none() {
        return Err(ImportError::Inconsistent("nobody owns it".to_owned()).into());
    }
    let everywhere = Actor::new(business, Principal::System, Role::Owner);
    for (id,) in fetch!(handle.conn(), fetch_all as (Uuid,), all("guarantees"), business.0)? {
        let unworded = || ImportError::Inconsistent(format!("the guarantee {id} has no wording"));
        guarantee_rows::find_guarantee(handle.conn(), &everywhere, GuaranteeId(id)).await?.ok_or_else(unworded)?;
        guarantee_rows::versions(handle.conn(), business, GuaranteeId(id)).await?;
    }
    for (id,) in fetch!(handle.conn(), fetch_all as (Uuid,), all("recoveries"), business.0)? {
        let unread = || ImportError::Inconsistent(format!("the recovery {id} has no break"));
        recoveries::recovery_report(handle.conn(), business, SiteFilter::ALL, RecoveryId(id))
            .await?
            .ok_or_else(unread)?;
    }
    Ok(())
}
