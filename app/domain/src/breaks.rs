//! One promise not kept. A break never stands alone: it is born with its recovery.

use serde::{Deserialize, Serialize};

use crate::fault::Fault;
use crate::text::tidy;

/// Who saw it first. *Found by us first* is the first staff number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FoundBy {
    Staff,
    Customer,
}

impl FoundBy {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Staff => "staff",
            Self::Customer => "customer",
        }
    }

    /// # Errors
    /// Neither of the two.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        [Self::Staff, Self::Customer].into_iter().find(|one| one.name() == tidy(text)).ok_or(Fault::UnknownChoice)
    }
}
