//! Maps the people in an export file to people of this installation. Someone with the same address here is the same
//! person, and keeps their name and password. New people set a password by a private link before they can sign in.

use std::collections::{HashMap, HashSet};

use domain::actor::Principal;
use domain::identity::Identity;
use domain::ids::PersonId;
use domain::person::Email;
use serde_json::Value;
use uuid::Uuid;

use crate::actor_key::actor_key;
use crate::actor_key::parse_actor_key;
use crate::db::{Conn, execute};
use crate::error::Error;
use crate::people;
use crate::tables::Cell;
use crate::tables::{Column, PersonRef};

/// No password has this hash.
const UNUSABLE_HASH: &str = "";

/// From ids in the file to ids here.
#[derive(Default)]
pub(super) struct PersonMapping {
    local_ids: HashMap<Uuid, Uuid>,
    /// Who is named as a member.
    members: HashSet<Uuid>,
    /// The addresses of new people.
    pub new: Vec<String>,
}

impl PersonMapping {
    /// Finds a person here, or adds them. `None` if the row is not that of a person, or the person occurred before.
    pub async fn add(&mut self, mut conn: Conn<'_>, row: Vec<Cell>) -> Result<Option<()>, Error> {
        let Ok(
            [
                Cell::Id(Some(id)),
                Cell::Text(Some(email)),
                Cell::Text(Some(name)),
                Cell::Text(language),
                Cell::Instant(Some(since)),
            ],
        ) = <[Cell; 5]>::try_from(row)
        else {
            return Ok(None);
        };
        let Ok(address) = Email::parse(&email) else { return Ok(None) };
        // Two accounts with one address stay two.
        let is_taken = |here: &Uuid| self.local_ids.values().any(|is_taken| is_taken == here);
        let known = people::find_by_email(conn.reborrow(), &address).await?.filter(|here| !is_taken(here));
        if known.is_none() {
            let sql = "INSERT INTO people (id, email, identity, twin, name, password_hash, language, created_at) \
                VALUES ($1, $2, $3, (SELECT COUNT(*) FROM people WHERE identity = $3), $4, $5, $6, $7)";
            let identity = Identity::from_email(&address);
            execute!(conn, sql, id, &email, identity.as_str(), name, UNUSABLE_HASH, language, since)?;
            self.new.push(email);
        }
        let here = known.unwrap_or(id);
        Ok(self.local_ids.insert(id, here).is_none().then_some(()))
    }

    /// A value with the ids of this installation. `None` if it names a person who is not in the file.
    pub fn remap(&mut self, column: &Column, cell: Cell) -> Option<Cell> {
        match (column.person_ref, cell) {
            (PersonRef::Person, Cell::Id(Some(id))) => {
                self.members.insert(id);
                Some(Cell::Id(Some(*self.local_ids.get(&id)?)))
            }
            (PersonRef::Holder, Cell::Id(Some(id))) => Some(Cell::Id(Some(*self.local_ids.get(&id)?))),
            (PersonRef::ActorKey, Cell::Text(Some(text))) => Some(Cell::Text(Some(self.remap_actor_key(text)?))),
            (PersonRef::Owner, Cell::Text(Some(bare))) => Some(Cell::Text(Some(self.owner(bare)?))),
            (_, cell) => Some(cell),
        }
    }

    fn remap_actor_key(&self, text: String) -> Option<String> {
        match parse_actor_key(&text).ok()? {
            Principal::Person(PersonId(id)) => Some(actor_key(Principal::Person(PersonId(*self.local_ids.get(&id)?)))),
            _ => Some(text),
        }
    }

    fn owner(&self, bare: String) -> Option<String> {
        let mut step: Value = serde_json::from_str(&bare).ok()?;
        let Some(owner) = step.get("owner").and_then(Value::as_str) else { return Some(bare) };
        let here = self.local_ids.get(&owner.parse::<Uuid>().ok()?)?.to_string();
        if owner == here {
            return Some(bare);
        }
        step["owner"] = here.into();
        Some(step.to_string())
    }

    /// Whether every person in the file is a member.
    pub fn all_are_members(&self) -> bool {
        self.local_ids.len() == self.members.len()
    }
}
