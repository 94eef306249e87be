//! A page of a list that may be long, and where the next one begins.

/// A page of rows, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed<R, I> {
    pub rows: Vec<R>,
    /// The row before which the next page begins, if there is one.
    pub before: Option<I>,
}

/// The most rows that a page holds.
const MOST: i64 = 200;

pub(crate) fn at_most(most: i64) -> i64 {
    most.clamp(1, MOST)
}

impl<R, I> Listed<R, I> {
    pub(crate) fn nothing() -> Self {
        Self { rows: Vec::new(), before: None }
    }

    /// A page of so many at most; where it is full there may be more.
    pub(crate) fn page(rows: Vec<R>, most: i64, id: impl FnOnce(&R) -> I) -> Self {
        let is_full = i64::try_from(rows.len()).is_ok_and(|length| length == most);
        Self { before: rows.last().filter(|_| is_full).map(id), rows }
    }
}
