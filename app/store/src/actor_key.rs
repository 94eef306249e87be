//! The key under which the author of an action is stored.

use domain::actor::Principal;
use domain::fault::Fault;

/// `person:…`, `token:…`, `customer` or `trialmark`.
#[must_use]
pub fn actor_key(who: Principal) -> String {
    match who {
        Principal::Person(id) => format!("person:{id}"),
        Principal::Token(id) => format!("token:{id}"),
        Principal::Customer => "customer".to_owned(),
        Principal::System => "trialmark".to_owned(),
    }
}

/// # Errors
/// [`Fault::Malformed`] if it is no actor key.
pub(crate) fn parse_actor_key(key: &str) -> Result<Principal, Fault> {
    match key.split_once(':') {
        Some(("person", id)) => id.parse().map(Principal::Person).map_err(|_| Fault::Malformed),
        Some(("token", id)) => id.parse().map(Principal::Token).map_err(|_| Fault::Malformed),
        None if key == "customer" => Ok(Principal::Customer),
        None if key == "trialmark" => Ok(Principal::System),
        _ => Err(Fault::Malformed),
    }
}
