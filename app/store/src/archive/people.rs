//! The people of a business that comes from elsewhere. Whoever has the same address here is the same person, and keeps the
//! password and the name they have here; whoever is new sets a password by a private link before they come in.

use std::collections::{HashMap, HashSet};

use domain::actor::Who;
use domain::identity::Identity;
use domain::ids::PersonId;
use domain::person::Email;
use serde_json::Value;
use uuid::Uuid;

use super::cell::Cell;
use super::column::{Column, Names};
use crate::db::{Conn, run};
use crate::error::Error;
use crate::people;
use crate::work::{by, who};

/// Nobody's password: no password has this hash.
const NOBODYS: &str = "";

/// Who they are here.
#[derive(Default)]
pub(super) struct People {
    here: HashMap<Uuid, Uuid>,
    /// Whoever is named as a member.
    members: HashSet<Uuid>,
    /// The addresses of those who are new here.
    pub new: Vec<String>,
}

impl People {
    /// Finds someone here, or makes them known. None if the row is not one of a person.
    pub async fn meet(&mut self, mut conn: Conn<'_>, row: Vec<Cell>) -> Result<Option<()>, Error> {
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
        // Two accounts of one address stay two.
        let met = |here: &Uuid| self.here.values().any(|met| met == here);
        let known = people::with_address(conn.again(), &address).await?.filter(|here| !met(here));
        if known.is_none() {
            let sql = "INSERT INTO people (id, email, identity, twin, name, password_hash, language, created_at) \
                VALUES ($1, $2, $3, (SELECT COUNT(*) FROM people WHERE identity = $3), $4, $5, $6, $7)";
            let identity = Identity::of_address(&address);
            run!(conn, sql, id, &email, identity.as_str(), name, NOBODYS, language, since)?;
            self.new.push(email);
        }
        let here = known.unwrap_or(id);
        Ok(self.here.insert(id, here).is_none().then_some(()))
    }

    /// A value with everyone in it named as they are here. None if it names somebody who does not come along.
    pub fn named(&mut self, column: &Column, cell: Cell) -> Option<Cell> {
        match (column.names, cell) {
            (Names::Person, Cell::Id(Some(id))) => {
                self.members.insert(id);
                Some(Cell::Id(Some(*self.here.get(&id)?)))
            }
            (Names::Holder, Cell::Id(Some(id))) => Some(Cell::Id(Some(*self.here.get(&id)?))),
            (Names::Hand, Cell::Text(Some(text))) => Some(Cell::Text(Some(self.hand(text)?))),
            (Names::Owner, Cell::Text(Some(bare))) => Some(Cell::Text(Some(self.owner(bare)?))),
            (_, cell) => Some(cell),
        }
    }

    fn hand(&self, text: String) -> Option<String> {
        match who(&text).ok()? {
            Who::Person(PersonId(id)) => Some(by(Who::Person(PersonId(*self.here.get(&id)?)))),
            _ => Some(text),
        }
    }

    fn owner(&self, bare: String) -> Option<String> {
        let mut step: Value = serde_json::from_str(&bare).ok()?;
        let Some(owner) = step.get("owner").and_then(Value::as_str) else { return Some(bare) };
        let here = self.here.get(&owner.parse::<Uuid>().ok()?)?.to_string();
        if owner == here {
            return Some(bare);
        }
        step["owner"] = here.into();
        Some(step.to_string())
    }

    /// Whether everyone who came along is a member.
    pub fn all_belong(&self) -> bool {
        self.here.len() == self.members.len()
    }
}
