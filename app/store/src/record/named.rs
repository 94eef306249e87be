//! What an entry names, held against the rows that it names.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use domain::ids::BusinessId;
use domain::record::{Entry, Misfit};
use domain::recount::{
    Broken, Checked, Closed, Corrected, Counted, Fact, Figures, Moved, Scheduled, Stepped, happened, is_local_day,
};
use domain::recovery::Step;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::rows::{Row, all, by, naming, shown};
use super::{Beside, Mismatch};
use crate::db::Held;
use crate::error::Error;

/// An entry with what it tells and the texts beside it.
pub(super) struct Told {
    pub entry: Entry,
    pub fact: Fact,
    pub texts: Vec<Beside>,
}

/// The rows that some entries name.
pub(super) struct Batch {
    checks: BTreeMap<Uuid, Vec<Row>>,
    /// By the check that they correct.
    corrections: BTreeMap<Uuid, Vec<Row>>,
    breaks: BTreeMap<Uuid, Vec<Row>>,
    recoveries: BTreeMap<Uuid, Vec<Row>>,
    /// By their recovery.
    steps: BTreeMap<Uuid, Vec<Row>>,
    schedules: Vec<Row>,
}

/// The rows of which there are few, read once.
pub(super) struct Few {
    versions: Vec<Row>,
    moves: Vec<Row>,
    closures: BTreeMap<Uuid, Row>,
}

/// What of a step is private: neither a text that is committed to by itself, nor told in the entry. Who has the recovery
/// may have another id elsewhere.
pub(crate) fn details(bare: &Map<String, Value>) -> Map<String, Value> {
    let is_private = |key: &str| key != "owner" && !Step::RECORDED.contains(&key);
    bare.iter().filter(|(key, _)| is_private(key)).map(|(key, value)| (key.clone(), value.clone())).collect()
}

impl Few {
    pub async fn read(held: &mut Held, business: BusinessId) -> Result<Self, Error> {
        let closures = all(held, business, "closures").await?.into_iter();
        Ok(Self {
            versions: all(held, business, "guarantee_versions").await?,
            moves: all(held, business, "guarantee_moves").await?,
            closures: closures.filter_map(|row| Some((row.id("id")?, row))).collect(),
        })
    }

    /// Whether a row names this version of the guarantee.
    fn is_version(&self, named: &Row, guarantee: &Value, number: i64) -> bool {
        let of = |row: &&Row| row.get("id") == named.get("version_id");
        let found = self.versions.iter().find(of);
        found.is_some_and(|row| row.get("guarantee_id") == guarantee && *row.get("number") == json!(number))
    }
}

impl Batch {
    pub async fn read(held: &mut Held, business: BusinessId, told: &[Told]) -> Result<Self, Error> {
        let (mut checks, mut corrected, mut places) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        let (mut breaks, mut recoveries, mut stepped) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for told in told {
            match &told.fact {
                Fact::Checked(said) => drop(checks.insert(said.check.0)),
                Fact::Corrected(said) => {
                    checks.insert(said.check.0);
                    corrected.insert(said.check.0);
                }
                Fact::Broken(said) => {
                    breaks.insert(said.id.0);
                    recoveries.insert(said.recovery.0);
                }
                Fact::Stepped(said) => drop(stepped.insert(said.recovery.0)),
                Fact::Scheduled(said) => drop(places.insert(said.place.0)),
                _ => {}
            }
        }
        let ids = |ids: BTreeSet<Uuid>| ids.into_iter().collect::<Vec<_>>();
        let mut corrections = by(held, business, "corrections", "check_id", &ids(corrected)).await?;
        for corrections in corrections.values_mut() {
            corrections.sort_by_key(|row| row.get("number").as_i64());
        }
        Ok(Self {
            checks: by(held, business, "checks", "id", &ids(checks)).await?,
            corrections,
            breaks: by(held, business, "breaks", "id", &ids(breaks)).await?,
            recoveries: by(held, business, "recoveries", "id", &ids(recoveries)).await?,
            steps: by(held, business, "recovery_steps", "recovery_id", &ids(stepped)).await?,
            schedules: naming(held, business, "schedules", "place_id", &ids(places)).await?,
        })
    }

    /// The row that an entry names, if it names one: it is as the entry says.
    pub fn named<'r>(&'r self, few: &'r Few, figures: &Figures, told: &Told) -> Result<Option<&'r Row>, Mismatch> {
        let at = happened(told.entry.at, &told.entry.body);
        let row = match &told.fact {
            Fact::Checked(said) => self.checked(few, told, said, at)?,
            Fact::Corrected(said) => self.corrected(told, said, at)?,
            Fact::Broken(said) => self.broken(few, said, at)?,
            Fact::Stepped(said) => self.stepped(figures, told, said, at)?,
            Fact::Version(said) => version(few, told, &json!(said.guarantee), said.version)?,
            Fact::Moved(verb, said) => moved(few, verb.name(), said, at)?,
            Fact::Scheduled(said) => self.scheduled(said, at)?,
            Fact::Closed(said) => closed(few, said, at)?,
            _ => return Ok(None),
        };
        Ok(Some(row))
    }

    /// The same fact with what an entry of an older program does not say.
    pub fn completed(&self, fact: &Fact) -> Fact {
        let row = |id: Uuid| self.checks.get(&id).and_then(|rows| rows.first());
        match fact {
            Fact::Checked(said) if said.day.is_none() => {
                let day = row(said.check.0).and_then(|row| row.text("day").parse().ok());
                Fact::Checked(Checked { day, ..said.clone() })
            }
            Fact::Corrected(said) if said.counted.is_none() => {
                let counted = row(said.check.0).and_then(|row| {
                    let (guarantee, day) = (row.text("guarantee_id").parse().ok()?, row.text("day").parse().ok()?);
                    Some(Counted { guarantee, day, in_window: row.get("in_window").as_bool()? })
                });
                Fact::Corrected(Corrected { counted, ..said.clone() })
            }
            other => other.clone(),
        }
    }

    fn checked(&self, few: &Few, told: &Told, said: &Checked, at: DateTime<Utc>) -> Result<&Row, Mismatch> {
        let row = one(&self.checks, said.check.0, "checks")?;
        row.must("public", true)?;
        row.must("guarantee_id", said.guarantee.to_string())?;
        row.must("place_id", said.place.to_string())?;
        if !few.is_version(row, &json!(said.guarantee), said.version) {
            return Err(row.differs("version_id"));
        }
        row.must("verdict", said.verdict.name())?;
        row.must("reason", json!(said.reason))?;
        row.must("found_by", json!(said.found_by))?;
        row.must("break_id", json!(said.opened))?;
        row.must("in_window", said.due.is_some())?;
        row.must("window_due", json!(said.due))?;
        row.must("at", json!(said.at))?;
        row.must("received_at", json!(at))?;
        match (said.day, row.text("day").parse::<NaiveDate>()) {
            (Some(day), _) => row.must("day", json!(day))?,
            // Where the entry does not say it, it is at least a day that it can have been somewhere.
            (None, Ok(day)) if is_local_day(day, said.at) => {}
            _ => return Err(row.differs("day")),
        }
        match told.text("photo") {
            None => row.must("photo", Value::Null)?,
            Some(Beside { body: Some(hash), .. }) => row.must("photo", hash.as_str())?,
            Some(_) => {}
        }
        Ok(row)
    }

    fn corrected(&self, told: &Told, said: &Corrected, at: DateTime<Utc>) -> Result<&Row, Mismatch> {
        let check = one(&self.checks, said.check.0, "checks")?;
        let rows = self.corrections.get(&said.check.0).map(Vec::as_slice).unwrap_or_default();
        let before = |place: usize| place.checked_sub(1).map_or(check, |before| &rows[before]).get("verdict");
        // Entries of an older program do not say which row it is: what it says of the verdicts tells.
        let is_it = |(place, row): &(usize, &Row)| match said.correction {
            Some(id) => *row.get("id") == json!(id),
            None => {
                *row.get("at") == json!(at)
                    && *row.get("verdict") == json!(said.verdict)
                    && *before(*place) == json!(said.was)
            }
        };
        let found = rows.iter().enumerate().find(is_it);
        let gone = || Mismatch::Removed { table: "corrections", row: format!("of check {}", said.check) };
        let (place, row) = found.ok_or_else(gone)?;
        row.must("number", place + 1)?;
        if *before(place) != json!(said.was) {
            return Err(Misfit::Untrue { seq: told.entry.seq }.into());
        }
        row.must("verdict", said.verdict.name())?;
        row.must("at", json!(at))?;
        row.must("break_id", json!(said.opened))?;
        row.must("instead", json!(said.instead))?;
        if let Some(Counted { guarantee, day, in_window }) = said.counted {
            check.must("guarantee_id", guarantee.to_string())?;
            check.must("day", json!(day))?;
            check.must("in_window", in_window)?;
        }
        Ok(row)
    }

    fn broken(&self, few: &Few, said: &Broken, at: DateTime<Utc>) -> Result<&Row, Mismatch> {
        let row = one(&self.breaks, said.id.0, "breaks")?;
        row.must("public", true)?;
        row.must("recovery_id", said.recovery.to_string())?;
        row.must("check_id", said.check.to_string())?;
        row.must("guarantee_id", said.guarantee.to_string())?;
        row.must("place_id", said.place.to_string())?;
        row.must("found_by", said.found_by.name())?;
        row.must("known_at", json!(at))?;
        if said.reason.is_some() {
            row.must("reason", json!(said.reason))?;
        }
        if said.version.is_some_and(|number| !few.is_version(row, &json!(said.guarantee), number)) {
            return Err(row.differs("version_id"));
        }
        let recovery = one(&self.recoveries, said.recovery.0, "recoveries")?;
        recovery.must("break_id", said.id.to_string())?;
        recovery.must("opened_at", json!(at))?;
        Ok(row)
    }

    fn stepped(&self, figures: &Figures, told: &Told, said: &Stepped, at: DateTime<Utc>) -> Result<&Row, Mismatch> {
        let number = figures.recoveries.get(&said.recovery).map_or(1, |recovered| recovered.steps + 1);
        let rows = self.steps.get(&said.recovery.0).map(Vec::as_slice).unwrap_or_default();
        let found = rows.iter().find(|row| *row.get("number") == json!(number));
        let gone = || Mismatch::Removed { table: "recovery_steps", row: format!("{number} of {}", said.recovery) };
        let row = found.ok_or_else(gone)?;
        row.must("step", said.step.as_str())?;
        row.must("at", json!(at))?;
        let Value::Object(bare) = row.json("bare") else { return Err(row.differs("bare")) };
        let told_of = |key: &&str| bare.get(*key).filter(|value| !value.is_null()) == told.entry.body.get(*key);
        if !Step::RECORDED.iter().all(told_of) {
            return Err(row.differs("bare"));
        }
        let private = details(&bare);
        let as_committed = match told.text(Step::DETAILS) {
            // Entries of an older program do not commit to it: their seal does.
            None => private.is_empty() || !figures.is_sealed,
            Some(Beside { body: Some(body), .. }) => {
                serde_json::from_str::<Value>(body).ok() == Some(Value::Object(private))
            }
            Some(_) => true,
        };
        if as_committed { Ok(row) } else { Err(row.differs("bare")) }
    }

    fn scheduled(&self, said: &Scheduled, at: DateTime<Utc>) -> Result<&Row, Mismatch> {
        let at = json!(said.at.unwrap_or(at));
        let of = |row: &&Row| {
            row.id("place_id") == Some(said.place.0)
                && row.id("guarantee_id") == Some(said.guarantee.0)
                && *row.get("at") == at
        };
        let mut decided = self.schedules.iter().filter(of).peekable();
        let gone = format!("of {} at {}, {}", said.guarantee, said.place, shown(&at));
        let first = *decided.peek().ok_or(Mismatch::Removed { table: "schedules", row: gone })?;
        decided.find(|row| row.json("rule") == said.schedule).ok_or_else(|| first.differs("rule"))
    }
}

impl Told {
    pub fn text(&self, field: &str) -> Option<&Beside> {
        self.texts.iter().find(|text| text.field == field)
    }

    /// The texts beside the entry are those of the row that it names, and shown or not as such texts are.
    pub fn owns_its_texts(&self, owner: Option<Uuid>) -> Result<(), Mismatch> {
        for text in &self.texts {
            let differs =
                |column| Mismatch::Row { table: "texts", row: format!("{} {}", text.owner_id, text.field), column };
            if Some(text.owner_id) != owner {
                return Err(differs("owner_id"));
            }
            match self.fact.shows(&text.field) {
                Some(public) if public == text.public => {}
                Some(_) => return Err(differs("public")),
                None => return Err(differs("field")),
            }
        }
        Ok(())
    }
}

fn one<'r>(rows: &'r BTreeMap<Uuid, Vec<Row>>, id: Uuid, table: &'static str) -> Result<&'r Row, Mismatch> {
    let row = rows.get(&id).and_then(|rows| rows.first());
    row.ok_or_else(|| Mismatch::Removed { table, row: id.to_string() })
}

fn version<'r>(few: &'r Few, told: &Told, guarantee: &Value, number: i64) -> Result<&'r Row, Mismatch> {
    let is_it = |row: &&Row| row.get("guarantee_id") == guarantee && *row.get("number") == json!(number);
    let gone = || Mismatch::Removed { table: "guarantee_versions", row: format!("{number} of {}", shown(guarantee)) };
    let row = few.versions.iter().find(is_it).ok_or_else(gone)?;
    let mut bare = told.entry.body.as_object().cloned().unwrap_or_default();
    let worded_at = bare.remove("worded_at");
    for key in ["guarantee", "version", "texts", "happened_at"] {
        bare.remove(key);
    }
    row.must("bare", Value::Object(bare).to_string())?;
    if let Some(worded_at) = worded_at {
        row.must("created_at", worded_at)?;
    }
    if let Some(Beside { body: Some(criteria), .. }) = told.text("criteria") {
        row.must("criteria", criteria.lines().count())?;
    }
    Ok(row)
}

fn moved<'r>(few: &'r Few, verb: &str, said: &Moved, at: DateTime<Utc>) -> Result<&'r Row, Mismatch> {
    let of = |row: &&Row| row.id("guarantee_id") == Some(said.guarantee.0) && *row.get("at") == json!(at);
    let mut then = few.moves.iter().filter(of).peekable();
    let gone = Mismatch::Removed { table: "guarantee_moves", row: format!("{verb} of {}", said.guarantee) };
    let first = *then.peek().ok_or(gone)?;
    then.find(|row| row.text("verb") == verb).ok_or_else(|| first.differs("verb"))
}

fn closed<'r>(few: &'r Few, said: &Closed, at: DateTime<Utc>) -> Result<&'r Row, Mismatch> {
    let gone = || Mismatch::Removed { table: "closures", row: said.closure.to_string() };
    let row = few.closures.get(&said.closure.0).ok_or_else(gone)?;
    row.must("site_id", said.site.to_string())?;
    row.must("place_id", json!(said.place))?;
    row.must("created_at", json!(at))?;
    Ok(row)
}
