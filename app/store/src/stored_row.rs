//! Where a stored value comes from. If it cannot be read, the error names the table, the column and the row.

use std::fmt::Display;

use crate::error::Error;

/// A row: its table and its id.
#[derive(Clone, Copy)]
pub(crate) struct StoredRow<I>(pub &'static str, pub I);

impl<I: Display> StoredRow<I> {
    /// The value that was read from a column.
    ///
    /// # Errors
    /// [`Error::Unreadable`] if it could not be read.
    pub fn read<T>(&self, column: &'static str, value: Result<T, impl Display>) -> Result<T, Error> {
        value.map_err(|cause| Error::Unreadable {
            table: self.0,
            row: self.1.to_string(),
            column,
            cause: cause.to_string(),
        })
    }
}
