//! Pages of long lists.

/// A page of rows, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<R, I> {
    pub rows: Vec<R>,
    /// The last row of this page, if there may be a next page.
    pub next_before: Option<I>,
}

/// The most rows in a page.
const MAX_PAGE: i64 = 200;

pub(crate) fn clamp_limit(limit: i64) -> i64 {
    limit.clamp(1, MAX_PAGE)
}

impl<R, I> Page<R, I> {
    pub(crate) fn empty() -> Self {
        Self { rows: Vec::new(), next_before: None }
    }

    /// A page of at most `limit` rows. If it is full, there may be a next page.
    pub(crate) fn new(rows: Vec<R>, limit: i64, id: impl FnOnce(&R) -> I) -> Self {
        let is_full = i64::try_from(rows.len()).is_ok_and(|length| length == limit);
        Self { next_before: rows.last().filter(|_| is_full).map(id), rows }
    }
}
