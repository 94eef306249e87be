//! The second sign-in factors of a person, as they are stored.

use chrono::{DateTime, Utc};
use domain::factor::Factors;
use domain::ids::{PasskeyId, PersonId};

use crate::db::{Conn, execute, fetch};
use crate::error::Error;

/// Stores that a passkey has signed. `false` if it is not this person's.
pub(crate) async fn passkey_used(
    conn: Conn<'_>,
    person: PersonId,
    id: PasskeyId,
    credential: &str,
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    let sql = "UPDATE passkeys SET credential = $3, used_at = $4 WHERE person_id = $1 AND id = $2";
    Ok(execute!(conn, sql, person.0, id.0, credential, now)? == 1)
}

pub(crate) async fn factors(conn: Conn<'_>, person: PersonId) -> Result<Factors, Error> {
    let sql = "SELECT EXISTS (SELECT 1 FROM authenticators WHERE person_id = $1 AND secret IS NOT NULL), \
        (SELECT COUNT(*) FROM passkeys WHERE person_id = $1), \
        (SELECT COUNT(*) FROM recovery_codes WHERE person_id = $1 AND used_at IS NULL)";
    let (authenticator, passkeys, codes) = fetch!(conn, fetch_one as (bool, i64, i64), sql, person.0)?;
    let count = |count: i64| usize::try_from(count).unwrap_or_default();
    Ok(Factors { authenticator, passkeys: count(passkeys), recovery_codes: count(codes) })
}
