//! Request headers of somebody who is signed in, and of a program.

use std::error::Error;

use chrono::TimeDelta;
use domain::actor::{Actor, Principal};
use domain::role::Role;
use domain::site_access::SiteAccess;
use domain::text::Line;
use domain::token::Token;
use store::{ClientInfo, Store};

/// The cookie of a new session of the owner.
pub async fn cookie(store: &Store, owner: &Actor) -> Result<String, Box<dyn Error>> {
    let Principal::Person(person) = owner.principal else { return Err("the owner is a person".into()) };
    store.migrate().await?;
    let session = store.begin_session(person, &ClientInfo::default()).await?.ok_or("no session")?;
    Ok(format!("cookie: trialmark-{}={}\r\n", store.installation(), session.token))
}

/// The header of a program of the owner.
pub async fn bearer(store: &Store, owner: &Actor) -> Result<String, Box<dyn Error>> {
    let (name, lifetime) = (Line::parse("bench")?, TimeDelta::days(1));
    let token = Token { name, role: Role::Manager, site_access: SiteAccess::AllSites, lifetime };
    Ok(format!("authorization: Bearer {}\r\n", store.create_token(owner, &token).await?.token))
}
