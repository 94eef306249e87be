//! Errors and their HTTP status, in one table for pages, islands and REST.

use std::io::ErrorKind;

use axum::response::{IntoResponse, Response};
use domain::edit_tag::Stale;
use domain::fault::{Fault, Faults};
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
    Conflict(#[from] Conflict),
    #[error("this was tried too often; in {seconds} seconds it may be tried again")]
    RateLimited { seconds: u64 },
    #[error("the database is unavailable")]
    Unavailable,
    #[error("something failed on our side")]
    Internal,
}

/// A command that the rules refuse, with the reason.
#[derive(Clone, Debug, Error)]
pub enum Conflict {
    #[error(transparent)]
    Guarantee(#[from] guarantee::GuaranteeError),
    #[error(transparent)]
    Check(#[from] check::CheckError),
    #[error(transparent)]
    Recovery(#[from] recovery::RecoveryError),
    #[error(transparent)]
    Member(#[from] member::MemberError),
    #[error(transparent)]
    Obstacle(#[from] obstacle::ObstacleError),
    #[error(transparent)]
    SecondLook(#[from] second_look::SecondLookError),
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
            Self::RateLimited { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The number of seconds after which a retry makes sense.
    #[must_use]
    pub fn retry_after(&self) -> Option<u64> {
        match self {
            Self::RateLimited { seconds } => Some(*seconds),
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

/// The error is attached to the response. A middleware that knows the reader's language renders it.
impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}
