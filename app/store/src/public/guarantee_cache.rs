//! Public guarantees with the tallies of their last days, kept in memory: most pages are rendered anew because a single
//! guarantee was checked, so that the tallies of the others need not be read and parsed again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, NaiveDate, Utc};
use domain::problem::Problem;
use sqlx::FromRow;
use uuid::Uuid;

use super::PublicGuarantee;

/// The guarantees by their ids, each with what it was made from.
#[derive(Default)]
pub(crate) struct GuaranteeCache(Mutex<HashMap<Uuid, (Source, Arc<PublicGuarantee>)>>);

/// All that a public guarantee is made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Source {
    pub row: GuaranteeRow,
    pub problem: Problem,
    pub today: NaiveDate,
}

/// The row of a guarantee with its current version.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub(super) struct GuaranteeRow {
    pub id: Uuid,
    pub problem_id: Uuid,
    pub slug: String,
    pub stage: String,
    pub version: i64,
    pub version_id: Uuid,
    pub bare: String,
    /// The texts of the version, packed.
    pub texts: Option<String>,
    pub last_check: Option<DateTime<Utc>>,
    /// The sum of the change ids of the shown tallies. It changes with each of them.
    pub changes: i64,
}

/// More than the guarantees of a hundred businesses, in 6 MB. If it is exceeded, the cache is emptied.
const MAX_GUARANTEES: usize = 1_000;

impl GuaranteeCache {
    /// The guarantee, if it was made from the same.
    pub(super) fn find(&self, source: &Source) -> Option<Arc<PublicGuarantee>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known
            .get(&source.row.id)
            .filter(|(made_from, _)| made_from == source)
            .map(|(_, guarantee)| Arc::clone(guarantee))
    }

    pub(super) fn insert(&self, source: Source, guarantee: Arc<PublicGuarantee>) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MAX_GUARANTEES && !known.contains_key(&source.row.id) {
            known.clear();
        }
        known.insert(source.row.id, (source, guarantee));
    }
}
