//! Compares record entries with the rows that they name.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use domain::ids::BusinessId;
use domain::record::{ChainError, Entry};
use domain::recovery::Step;
use domain::replay::{
    Broken, Checked, Closed, Corrected, Counted, Fact, Moved, ReplayState, Scheduled, Stepped, happened, is_local_day,
};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::EntryText;
use super::table_rows::{TableRow, all_rows, display_value, rows_by_id, rows_with_ids};
use crate::db::DbHandle;
use crate::error::Error;
use crate::mismatch::Mismatch;

/// An entry with its parsed fact and the texts beside it.
pub(super) struct ParsedEntry {
    pub entry: Entry,
    pub fact: Fact,
    pub texts: Vec<EntryText>,
}

/// The rows that a batch of entries names.
pub(super) struct NamedRows {
    checks: BTreeMap<Uuid, Vec<TableRow>>,
    /// By check.
    corrections: BTreeMap<Uuid, Vec<TableRow>>,
    breaks: BTreeMap<Uuid, Vec<TableRow>>,
    recoveries: BTreeMap<Uuid, Vec<TableRow>>,
    /// By recovery.
    steps: BTreeMap<Uuid, Vec<TableRow>>,
    schedules: Vec<TableRow>,
}

/// The rows of small tables, read once.
pub(super) struct SmallTables {
    versions: Vec<TableRow>,
    moves: Vec<TableRow>,
    closures: BTreeMap<Uuid, TableRow>,
}

/// The private fields of a step: neither texts with a commitment of their own, nor fields of the entry. Without the
/// owner, whose id differs between installations.
pub(crate) fn private_details(bare: &Map<String, Value>) -> Map<String, Value> {
    let is_private = |key: &str| key != "owner" && !Step::RECORDED.contains(&key);
    bare.iter().filter(|(key, _)| is_private(key)).map(|(key, value)| (key.clone(), value.clone())).collect()
}

impl SmallTables {
    pub async fn read(handle: &mut DbHandle, business: BusinessId) -> Result<Self, Error> {
        let closures = all_rows(handle, business, "closures").await?.into_iter();
        Ok(Self {
            versions: all_rows(handle, business, "guarantee_versions").await?,
            moves: all_rows(handle, business, "guarantee_moves").await?,
            closures: closures.filter_map(|row| Some((row.id("id")?, row))).collect(),
        })
    }

    /// Whether a row belongs to this version of the guarantee.
    fn is_version(&self, named: &TableRow, guarantee: &Value, number: i64) -> bool {
        let of = |row: &&TableRow| row.get("id") == named.get("version_id");
        let found = self.versions.iter().find(of);
        found.is_some_and(|row| row.get("guarantee_id") == guarantee && *row.get("number") == json!(number))
    }
}

impl NamedRows {
    pub async fn read(handle: &mut DbHandle, business: BusinessId, parsed: &[ParsedEntry]) -> Result<Self, Error> {
        let (mut checks, mut corrected, mut places) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        let (mut breaks, mut recoveries, mut stepped) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for parsed in parsed {
            match &parsed.fact {
                Fact::Checked(fact) => drop(checks.insert(fact.check.0)),
                Fact::Corrected(fact) => {
                    checks.insert(fact.check.0);
                    corrected.insert(fact.check.0);
                }
                Fact::Broken(fact) => {
                    breaks.insert(fact.id.0);
                    recoveries.insert(fact.recovery.0);
                }
                Fact::Stepped(fact) => drop(stepped.insert(fact.recovery.0)),
                Fact::Scheduled(fact) => drop(places.insert(fact.place.0)),
                _ => {}
            }
        }
        let ids = |ids: BTreeSet<Uuid>| ids.into_iter().collect::<Vec<_>>();
        let mut corrections = rows_by_id(handle, business, "corrections", "check_id", &ids(corrected)).await?;
        for corrections in corrections.values_mut() {
            corrections.sort_by_key(|row| row.get("number").as_i64());
        }
        Ok(Self {
            checks: rows_by_id(handle, business, "checks", "id", &ids(checks)).await?,
            corrections,
            breaks: rows_by_id(handle, business, "breaks", "id", &ids(breaks)).await?,
            recoveries: rows_by_id(handle, business, "recoveries", "id", &ids(recoveries)).await?,
            steps: rows_by_id(handle, business, "recovery_steps", "recovery_id", &ids(stepped)).await?,
            schedules: rows_with_ids(handle, business, "schedules", "place_id", &ids(places)).await?,
        })
    }

    /// The row that an entry names, if it names one, after comparing it with the entry.
    pub fn named<'r>(
        &'r self,
        small_tables: &'r SmallTables,
        figures: &ReplayState,
        parsed: &ParsedEntry,
    ) -> Result<Option<&'r TableRow>, Mismatch> {
        let at = happened(parsed.entry.at, &parsed.entry.body);
        let row = match &parsed.fact {
            Fact::Checked(fact) => self.checked(small_tables, parsed, fact, at)?,
            Fact::Corrected(fact) => self.corrected(parsed, fact, at)?,
            Fact::Broken(fact) => self.broken(small_tables, fact, at)?,
            Fact::Stepped(fact) => self.stepped(figures, parsed, fact, at)?,
            Fact::Version(fact) => version(small_tables, parsed, &json!(fact.guarantee), fact.version)?,
            Fact::Moved(verb, fact) => moved(small_tables, verb.name(), fact, at)?,
            Fact::Scheduled(fact) => self.scheduled(fact, at)?,
            Fact::Closed(fact) => closed(small_tables, fact, at)?,
            _ => return Ok(None),
        };
        Ok(Some(row))
    }

    /// The fact, completed from the rows if an older program wrote the entry.
    pub fn completed(&self, fact: &Fact) -> Fact {
        let row = |id: Uuid| self.checks.get(&id).and_then(|rows| rows.first());
        match fact {
            Fact::Checked(fact) if fact.day.is_none() => {
                let day = row(fact.check.0).and_then(|row| row.text("day").parse().ok());
                Fact::Checked(Checked { day, ..fact.clone() })
            }
            Fact::Corrected(fact) if fact.counted.is_none() => {
                let counted = row(fact.check.0).and_then(|row| {
                    let (guarantee, day) = (row.text("guarantee_id").parse().ok()?, row.text("day").parse().ok()?);
                    Some(Counted { guarantee, day, in_window: row.get("in_window").as_bool()? })
                });
                Fact::Corrected(Corrected { counted, ..fact.clone() })
            }
            other => other.clone(),
        }
    }

    fn checked(
        &self,
        small_tables: &SmallTables,
        parsed: &ParsedEntry,
        fact: &Checked,
        at: DateTime<Utc>,
    ) -> Result<&TableRow, Mismatch> {
        let row = find_row(&self.checks, fact.check.0, "checks")?;
        row.require("public", true)?;
        row.require("guarantee_id", fact.guarantee.to_string())?;
        row.require("place_id", fact.place.to_string())?;
        if !small_tables.is_version(row, &json!(fact.guarantee), fact.version) {
            return Err(row.mismatch("version_id"));
        }
        row.require("verdict", fact.verdict.name())?;
        row.require("reason", json!(fact.reason))?;
        row.require("found_by", json!(fact.found_by))?;
        row.require("break_id", json!(fact.opened))?;
        row.require("in_window", fact.due.is_some())?;
        row.require("window_due", json!(fact.due))?;
        row.require("at", json!(fact.at))?;
        row.require("received_at", json!(at))?;
        match (fact.day, row.text("day").parse::<NaiveDate>()) {
            (Some(day), _) => row.require("day", json!(day))?,
            // An older entry does not contain the day. It must at least be possible in some time zone.
            (None, Ok(day)) if is_local_day(day, fact.at) => {}
            _ => return Err(row.mismatch("day")),
        }
        match parsed.text("photo") {
            None => row.require("photo", Value::Null)?,
            Some(EntryText { body: Some(hash), .. }) => row.require("photo", hash.as_str())?,
            Some(_) => {}
        }
        Ok(row)
    }

    fn corrected(&self, parsed: &ParsedEntry, fact: &Corrected, at: DateTime<Utc>) -> Result<&TableRow, Mismatch> {
        let check = find_row(&self.checks, fact.check.0, "checks")?;
        let rows = self.corrections.get(&fact.check.0).map(Vec::as_slice).unwrap_or_default();
        let before = |place: usize| place.checked_sub(1).map_or(check, |before| &rows[before]).get("verdict");
        // Entries of older programs have no id of the correction. It is found by its time and its verdicts.
        let is_named = |(place, row): &(usize, &TableRow)| match fact.correction {
            Some(id) => *row.get("id") == json!(id),
            None => {
                *row.get("at") == json!(at)
                    && *row.get("verdict") == json!(fact.verdict)
                    && *before(*place) == json!(fact.was)
            }
        };
        let found = rows.iter().enumerate().find(is_named);
        let missing = || Mismatch::Removed { table: "corrections", row: format!("of check {}", fact.check) };
        let (place, row) = found.ok_or_else(missing)?;
        row.require("number", place + 1)?;
        if *before(place) != json!(fact.was) {
            return Err(ChainError::Contradiction { seq: parsed.entry.seq }.into());
        }
        row.require("verdict", fact.verdict.name())?;
        row.require("at", json!(at))?;
        row.require("break_id", json!(fact.opened))?;
        row.require("instead", json!(fact.instead))?;
        if let Some(Counted { guarantee, day, in_window }) = fact.counted {
            check.require("guarantee_id", guarantee.to_string())?;
            check.require("day", json!(day))?;
            check.require("in_window", in_window)?;
        }
        Ok(row)
    }

    fn broken(&self, small_tables: &SmallTables, fact: &Broken, at: DateTime<Utc>) -> Result<&TableRow, Mismatch> {
        let row = find_row(&self.breaks, fact.id.0, "breaks")?;
        row.require("public", true)?;
        row.require("recovery_id", fact.recovery.to_string())?;
        row.require("check_id", fact.check.to_string())?;
        row.require("guarantee_id", fact.guarantee.to_string())?;
        row.require("place_id", fact.place.to_string())?;
        row.require("found_by", fact.found_by.name())?;
        row.require("known_at", json!(at))?;
        if fact.reason.is_some() {
            row.require("reason", json!(fact.reason))?;
        }
        if fact.version.is_some_and(|number| !small_tables.is_version(row, &json!(fact.guarantee), number)) {
            return Err(row.mismatch("version_id"));
        }
        let recovery = find_row(&self.recoveries, fact.recovery.0, "recoveries")?;
        recovery.require("break_id", fact.id.to_string())?;
        recovery.require("opened_at", json!(at))?;
        Ok(row)
    }

    fn stepped(
        &self,
        figures: &ReplayState,
        parsed: &ParsedEntry,
        fact: &Stepped,
        at: DateTime<Utc>,
    ) -> Result<&TableRow, Mismatch> {
        let number = figures.recoveries.get(&fact.recovery).map_or(1, |recovered| recovered.steps + 1);
        let rows = self.steps.get(&fact.recovery.0).map(Vec::as_slice).unwrap_or_default();
        let found = rows.iter().find(|row| *row.get("number") == json!(number));
        let missing = || Mismatch::Removed { table: "recovery_steps", row: format!("{number} of {}", fact.recovery) };
        let row = found.ok_or_else(missing)?;
        row.require("step", fact.step.name())?;
        row.require("at", json!(at))?;
        let Value::Object(bare) = row.json("bare") else { return Err(row.mismatch("bare")) };
        let matches_entry = |key: &&str| bare.get(*key).filter(|value| !value.is_null()) == parsed.entry.body.get(*key);
        if !Step::RECORDED.iter().all(matches_entry) {
            return Err(row.mismatch("bare"));
        }
        let private = private_details(&bare);
        let as_committed = match parsed.text(Step::DETAILS) {
            // Entries of older programs do not commit to it; the backfill does.
            None => private.is_empty() || !figures.is_backfilled,
            Some(EntryText { body: Some(body), .. }) => {
                serde_json::from_str::<Value>(body).ok() == Some(Value::Object(private))
            }
            Some(_) => true,
        };
        if as_committed { Ok(row) } else { Err(row.mismatch("bare")) }
    }

    fn scheduled(&self, fact: &Scheduled, at: DateTime<Utc>) -> Result<&TableRow, Mismatch> {
        let at = json!(fact.at.unwrap_or(at));
        let of = |row: &&TableRow| {
            row.id("place_id") == Some(fact.place.0)
                && row.id("guarantee_id") == Some(fact.guarantee.0)
                && *row.get("at") == at
        };
        let mut decided = self.schedules.iter().filter(of).peekable();
        let missing = format!("of {} at {}, {}", fact.guarantee, fact.place, display_value(&at));
        let first = *decided.peek().ok_or(Mismatch::Removed { table: "schedules", row: missing })?;
        decided.find(|row| row.json("rule") == fact.schedule).ok_or_else(|| first.mismatch("rule"))
    }
}

impl ParsedEntry {
    pub fn text(&self, field: &str) -> Option<&EntryText> {
        self.texts.iter().find(|text| text.field == field)
    }

    /// Checks that the texts beside the entry belong to the row that it names, and are public or private as such texts
    /// must be.
    pub fn check_texts(&self, owner: Option<Uuid>) -> Result<(), Mismatch> {
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

fn find_row<'r>(
    rows: &'r BTreeMap<Uuid, Vec<TableRow>>,
    id: Uuid,
    table: &'static str,
) -> Result<&'r TableRow, Mismatch> {
    let row = rows.get(&id).and_then(|rows| rows.first());
    row.ok_or_else(|| Mismatch::Removed { table, row: id.to_string() })
}

fn version<'r>(
    small_tables: &'r SmallTables,
    parsed: &ParsedEntry,
    guarantee: &Value,
    number: i64,
) -> Result<&'r TableRow, Mismatch> {
    let is_named = |row: &&TableRow| row.get("guarantee_id") == guarantee && *row.get("number") == json!(number);
    let missing =
        || Mismatch::Removed { table: "guarantee_versions", row: format!("{number} of {}", display_value(guarantee)) };
    let row = small_tables.versions.iter().find(is_named).ok_or_else(missing)?;
    let mut bare = parsed.entry.body.as_object().cloned().unwrap_or_default();
    let worded_at = bare.remove("worded_at");
    for key in ["guarantee", "version", "texts", "happened_at"] {
        bare.remove(key);
    }
    row.require("bare", Value::Object(bare).to_string())?;
    if let Some(worded_at) = worded_at {
        row.require("created_at", worded_at)?;
    }
    if let Some(EntryText { body: Some(criteria), .. }) = parsed.text("criteria") {
        row.require("criteria", criteria.lines().count())?;
    }
    Ok(row)
}

fn moved<'r>(
    small_tables: &'r SmallTables,
    verb: &str,
    fact: &Moved,
    at: DateTime<Utc>,
) -> Result<&'r TableRow, Mismatch> {
    let of = |row: &&TableRow| row.id("guarantee_id") == Some(fact.guarantee.0) && *row.get("at") == json!(at);
    let mut candidates = small_tables.moves.iter().filter(of).peekable();
    let missing = Mismatch::Removed { table: "guarantee_moves", row: format!("{verb} of {}", fact.guarantee) };
    let first = *candidates.peek().ok_or(missing)?;
    candidates.find(|row| row.text("verb") == verb).ok_or_else(|| first.mismatch("verb"))
}

fn closed<'r>(small_tables: &'r SmallTables, fact: &Closed, at: DateTime<Utc>) -> Result<&'r TableRow, Mismatch> {
    let missing = || Mismatch::Removed { table: "closures", row: fact.closure.to_string() };
    let row = small_tables.closures.get(&fact.closure.0).ok_or_else(missing)?;
    row.require("site_id", fact.site.to_string())?;
    row.require("place_id", json!(fact.place))?;
    row.require("created_at", json!(at))?;
    Ok(row)
}
