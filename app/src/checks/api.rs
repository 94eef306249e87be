//! What the check screen asks of the server.

use domain::check::{CheckDraft, FindingDraft};
use leptos::prelude::*;
use leptos::server_fn::codec::{Json, JsonEncoding};
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

/// A check that is stored: on disk, once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stored {
    pub check: String,
    /// The recovery that a broken promise opened.
    pub recovery: Option<String>,
}

/// Why a check is not stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NotStored {
    /// It was refused, in words: sending it again does not help.
    Rejected(String),
    /// Nobody is signed in any more: it may be sent again after signing in.
    SignedOut,
    /// No answer, or none that can be read: it may work again later.
    Unreachable,
}

/// What a check says now, and why it is corrected.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CorrectionDraft {
    #[serde(flatten)]
    pub finding: FindingDraft,
    pub why: String,
}

impl FromServerFnError for NotStored {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Args(reason) | ServerFnErrorErr::MissingArg(reason) => Self::Rejected(reason),
            _ => Self::Unreachable,
        }
    }
}

/// Logs one check; the same one sent again is answered as the first time.
///
/// # Errors
/// It was refused, or nothing came back.
#[server(prefix = "/do", endpoint = "log-check", input = Json)]
pub async fn log_check(draft: CheckDraft) -> Result<Stored, NotStored> {
    use super::answer::{not_stored, stored};
    use crate::ssr::{fail, me, store};
    let actor = me().map_err(not_stored)?;
    let logged = store().log_check(&actor, draft).await.map_err(|error| not_stored(fail(error)))?;
    Ok(stored(logged))
}

/// Mends a check by adding to it: the original stays in sight.
///
/// # Errors
/// It was refused, or nothing came back.
#[server(prefix = "/do", endpoint = "correct-check", input = Json)]
pub async fn correct_check(check: String, draft: CorrectionDraft) -> Result<Stored, NotStored> {
    use super::answer::{not_stored, stored};
    use super::correct::correct;
    use crate::error::{Error, Refusal};
    use crate::ssr::{fail, me, store};
    use domain::check::Refused;
    let actor = me().map_err(not_stored)?;
    match correct(&store(), &actor, &check, &draft).await {
        // The answer was lost, and the correction is sent again.
        Err(Error::Conflict(Refusal::Check(Refused::Unchanged))) => Ok(Stored { check, recovery: None }),
        logged => logged.map(stored).map_err(|error| not_stored(fail(error))),
    }
}
