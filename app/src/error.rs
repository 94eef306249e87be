//! Why there is no answer, and which status that is: one table for pages, islands and REST.

use std::io::ErrorKind;

use axum::response::{IntoResponse, Response};
use domain::fault::{Fault, Faults};
use domain::revision::Stale;
use domain::{check, guarantee, member, obstacle, recovery, second_look};
use http::StatusCode;
use thiserror::Error;

#[derive(Clone, Debug, Error)]
pub enum Error {
    #[error(transparent)]
    Invalid(#[from] Faults),
    #[error("there is nothing here")]
    NotFound,
    #[error("the business is no longer here")]
    Gone,
    #[error("this role may not do this")]
    Forbidden,
    #[error("nobody is signed in")]
    Unauthenticated,
    #[error(transparent)]
    Conflict(#[from] Refusal),
    #[error("this was tried too often; in {seconds} seconds it may be tried again")]
    TooMany { seconds: u64 },
    #[error("the database is unavailable")]
    Unavailable,
    #[error("something failed on our side")]
    Internal,
}

/// A move that the rules refuse, with their reason.
#[derive(Clone, Debug, Error)]
pub enum Refusal {
    #[error(transparent)]
    Guarantee(#[from] guarantee::Refused),
    #[error(transparent)]
    Check(#[from] check::Refused),
    #[error(transparent)]
    Recovery(#[from] recovery::Refused),
    #[error(transparent)]
    Member(#[from] member::Refused),
    #[error(transparent)]
    Obstacle(#[from] obstacle::Refused),
    #[error(transparent)]
    SecondLook(#[from] second_look::Refused),
    #[error(transparent)]
    Stale(#[from] Stale),
}

impl Error {
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::NotFound | Self::Gone => StatusCode::NOT_FOUND,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::Unauthenticated => StatusCode::UNAUTHORIZED,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// When the same is worth another try, in seconds.
    #[must_use]
    pub fn retry_after(&self) -> Option<u64> {
        match self {
            Self::TooMany { seconds } => Some(*seconds),
            Self::Unavailable => Some(5),
            _ => None,
        }
    }

    #[must_use]
    pub fn invalid(field: &'static str, fault: Fault) -> Self {
        Self::Invalid(Faults::one(field, fault))
    }
}

/// The cause is logged here, once, and never shown.
impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::NotAllowed(_) => Self::Forbidden,
            store::Error::Invalid(faults) => Self::Invalid(faults),
            store::Error::Guarantee(refused) => Self::Conflict(refused.into()),
            store::Error::Check(refused) => Self::Conflict(refused.into()),
            store::Error::Recovery(refused) => Self::Conflict(refused.into()),
            store::Error::Member(refused) => Self::Conflict(refused.into()),
            store::Error::Obstacle(refused) => Self::Conflict(refused.into()),
            store::Error::Stale(stale) => Self::Conflict(stale.into()),
            store::Error::SecondLook(refused) => Self::Conflict(refused.into()),
            store::Error::Gone => Self::Gone,
            store::Error::Unavailable(cause) => {
                tracing::warn!(%cause, "the database is unavailable");
                Self::Unavailable
            }
            store::Error::File(cause) if cause.kind() == ErrorKind::StorageFull => {
                tracing::warn!(%cause, "there is no room on the disk");
                Self::Unavailable
            }
            other => {
                tracing::error!(cause = ?other, "a request failed");
                Self::Internal
            }
        }
    }
}

/// The error travels with the response; whoever knows the reader's language makes a page of it.
impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}
