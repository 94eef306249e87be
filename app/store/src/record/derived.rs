//! Compares the tables that are derived from the record with a replay of the record. No row may be missing or
//! unexpected.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::guarantee::{Stage, Transition};
use domain::ids::{BreakId, BusinessId, GuaranteeId};
use domain::measure::Tally;
use domain::recovery::{Outcome, StepKind};
use domain::replay::{ReplayState, ReplayedGuarantee, ReplayedRecovery, Totals};
use domain::verdict::Verdict;
use serde_json::{Value, json};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::table_rows::{TableRow, all_rows, rows_by_id, rows_with_ids};
use super::{BATCH, VerifyError, queue};
use crate::db::{DbHandle, fetch};
use crate::error::Error;
use crate::mismatch::Mismatch;
use crate::schedule_progress::NEXT_WINDOW_LOOKAHEAD;
use crate::stored_row::StoredRow;
use crate::verdict_sql::{corrections_after_break, current_verdict};

/// How far the progress of a schedule may be ahead of the last entry: clocks of two installations differ.
const SKEW: TimeDelta = TimeDelta::days(1);

type Days = BTreeMap<NaiveDate, Tally>;

pub(super) async fn check(
    handle: &mut DbHandle,
    business: BusinessId,
    figures: &ReplayState,
) -> Result<(), VerifyError> {
    counts(handle, business, figures).await?;
    let promised = check_guarantees(handle, business, figures).await?;
    places(handle, business, figures).await?;
    rounds(handle, business, figures).await?;
    closures(handle, business, figures).await?;
    tallies(handle, business, figures, &promised).await?;
    totals(handle, business, figures).await?;
    recoveries(handle, business).await?;
    queue::check(handle, business).await?;
    texts(handle, business, figures).await?;
    check_duplicates(handle, business).await
}

/// Compares the numbers of public rows with those of entries.
async fn counts(handle: &mut DbHandle, business: BusinessId, figures: &ReplayState) -> Result<(), VerifyError> {
    let breaks = u64::try_from(figures.recoveries.len()).unwrap_or(u64::MAX);
    let tables = [
        ("checks", "FROM checks x WHERE x.business_id = $1 AND x.public", "check", figures.checks),
        (
            "corrections",
            "FROM corrections x JOIN checks c ON c.business_id = $1 AND c.id = x.check_id \
                WHERE x.business_id = $1 AND c.public",
            "correction",
            figures.corrections,
        ),
        ("breaks", "FROM breaks x WHERE x.business_id = $1 AND x.public", "break", breaks),
        (
            "recovery_steps",
            "FROM recovery_steps x JOIN breaks b ON b.business_id = $1 AND b.recovery_id = x.recovery_id \
                WHERE x.business_id = $1 AND b.public",
            "recovery",
            figures.steps,
        ),
    ];
    for (table, from, kind, expected) in tables {
        let sql = AssertSqlSafe(format!("SELECT CAST(COUNT(*) AS BIGINT) {from}"));
        let (count,) = fetch!(handle.conn(), fetch_one as (i64,), sql, business.0)?;
        if u64::try_from(count) != Ok(expected) {
            return Err(unnamed(handle, business, table, from, kind).await?.into());
        }
    }
    Ok(())
}

/// The most likely row without an entry: one whose time is that of no entry of its kind, or else the last one.
async fn unnamed(
    handle: &mut DbHandle,
    business: BusinessId,
    table: &'static str,
    from: &str,
    kind: &str,
) -> Result<Mismatch, Error> {
    let at = match table {
        "checks" => "received_at",
        "breaks" => "known_at",
        _ => "at",
    };
    let sql = format!(
        "SELECT x.id {from} ORDER BY x.{at} IN (SELECT r.at FROM record r WHERE r.business_id = $1 AND r.kind = $2), \
            x.{at} DESC, x.id DESC LIMIT 1"
    );
    let row = fetch!(handle.conn(), fetch_optional as (Uuid,), AssertSqlSafe(sql), business.0, kind)?;
    Ok(Mismatch::Added { table, row: row.map(|(id,)| id.to_string()).unwrap_or_default() })
}

/// Compares guarantees: those that were ever public with the record, the others with their transitions. Returns the ids
/// of all.
async fn check_guarantees(
    handle: &mut DbHandle,
    business: BusinessId,
    figures: &ReplayState,
) -> Result<BTreeSet<Uuid>, VerifyError> {
    let versions = by_guarantee(all_rows(handle, business, "guarantee_versions").await?);
    let mut moves = by_guarantee(all_rows(handle, business, "guarantee_moves").await?);
    let mut left: BTreeSet<_> = figures.guarantees.keys().copied().collect();
    let mut known = BTreeSet::new();
    for row in all_rows(handle, business, "guarantees").await? {
        let id = row.id("id").unwrap_or_default();
        let latest = versions.get(&id).and_then(|rows| rows.iter().filter_map(|row| row.get("number").as_i64()).max());
        row.require("version", json!(latest))?;
        left.remove(&GuaranteeId(id));
        known.insert(id);
        let moves = moves.remove(&id).unwrap_or_default();
        if let Some(ReplayedGuarantee { stage: Some(stage), slug, version, .. }) =
            figures.guarantees.get(&GuaranteeId(id))
        {
            row.require("public", true)?;
            row.require("stage", stage.name())?;
            row.require("slug", slug.as_str())?;
            row.require("version", *version)?;
        } else {
            row.require("public", false)?;
            row.require("stage", replay_moves(&moves)?.0.name())?;
        }
    }
    match left.first() {
        Some(id) => Err(Mismatch::Removed { table: "guarantees", row: id.to_string() }.into()),
        None => Ok(known),
    }
}

/// The stage after these transitions, and since when the guarantee is checked. Transitions at the same instant are
/// replayed in an order in which each was possible.
fn replay_moves(moves: &[TableRow]) -> Result<(Stage, Option<DateTime<Utc>>), Mismatch> {
    let mut left = Vec::with_capacity(moves.len());
    for row in moves {
        let verb = Transition::parse(row.text("verb")).map_err(|_| row.mismatch("verb"))?;
        left.push((instant(row, "at")?, Transition::ALL.iter().position(|other| *other == verb), verb, row));
    }
    left.sort_by_key(|(at, order, ..)| (*at, *order));
    let (mut stage, mut checked) = (Stage::Draft, None);
    while let Some((now, ..)) = left.first() {
        let possible =
            |(at, _, verb, _): &(DateTime<Utc>, _, Transition, &TableRow)| at == now && stage.after(*verb).is_ok();
        let next = left.iter().position(possible).ok_or_else(|| left[0].3.mismatch("verb"))?;
        let (at, _, verb, row) = left.remove(next);
        let after = stage.after(verb).map_err(|_| row.mismatch("verb"))?;
        if after.is_checked() && !stage.is_checked() {
            checked = Some(at);
        }
        stage = after;
    }
    Ok((stage, checked))
}

fn by_guarantee(rows: Vec<TableRow>) -> BTreeMap<Uuid, Vec<TableRow>> {
    let mut sorted = BTreeMap::<_, Vec<_>>::new();
    for row in rows {
        if let Some(id) = row.id("guarantee_id") {
            sorted.entry(id).or_default().push(row);
        }
    }
    sorted
}

/// Compares time zones, opening hours, sites, and the places of public guarantees: what days and windows depend on.
async fn places(handle: &mut DbHandle, business: BusinessId, figures: &ReplayState) -> Result<(), VerifyError> {
    let Some(info) = &figures.business else { return Ok(()) };
    for row in all_rows(handle, business, "businesses").await? {
        row.require("slug", info.slug.as_str())?;
        row.require("zone", info.zone.as_str())?;
        row.require("currency", info.currency.as_str())?;
        if row.json("hours") != serde_json::to_value(&info.hours).map_err(Error::Serialize)? {
            return Err(row.mismatch("hours").into());
        }
    }
    let mut sites = figures.sites.clone();
    for row in all_rows(handle, business, "sites").await? {
        let id = row.id("id").unwrap_or_default().into();
        row.require("zone", json!(sites.remove(&id).ok_or_else(|| row.unexpected())?))?;
    }
    if let Some((id, _)) = sites.first_key_value() {
        return Err(Mismatch::Removed { table: "sites", row: id.to_string() }.into());
    }
    let of: BTreeMap<_, _> =
        all_rows(handle, business, "places").await?.into_iter().filter_map(|row| Some((row.id("id")?, row))).collect();
    let mut promised = by_guarantee(all_rows(handle, business, "promised").await?);
    for (guarantee, public) in &figures.guarantees {
        let mut places = public.places.clone();
        for row in promised.remove(&guarantee.0).unwrap_or_default() {
            let id = row.id("place_id").unwrap_or_default();
            let site = places.remove(&id.into()).ok_or_else(|| row.unexpected())?;
            of.get(&id).ok_or_else(|| row.mismatch("place_id"))?.require("site_id", site.to_string())?;
        }
        if let Some((place, _)) = places.first_key_value() {
            return Err(Mismatch::Removed { table: "promised", row: format!("{guarantee} {place}") }.into());
        }
    }
    Ok(())
}

/// Compares the schedules of public guarantees, and the progress of all.
async fn rounds(handle: &mut DbHandle, business: BusinessId, figures: &ReplayState) -> Result<(), VerifyError> {
    let mut entered = BTreeMap::new();
    for (guarantee, moves) in by_guarantee(all_rows(handle, business, "guarantee_moves").await?) {
        entered.insert(guarantee, replay_moves(&moves)?);
    }
    let mut decided = BTreeMap::new();
    for row in all_rows(handle, business, "schedules").await? {
        let of = (row.text("guarantee_id").to_owned(), row.text("place_id").to_owned());
        let last: &mut DateTime<Utc> = decided.entry(of).or_default();
        *last = instant(&row, "at")?.max(*last);
    }
    let mut rounds = by_guarantee(all_rows(handle, business, "rounds").await?);
    for row in rounds.values().flatten() {
        let (stage, checked) =
            row.id("guarantee_id").and_then(|id| entered.get(&id)).copied().unwrap_or((Stage::Draft, None));
        let of = (row.text("guarantee_id").to_owned(), row.text("place_id").to_owned());
        let since = decided.get(&of).copied().max(checked);
        row.require("since", json!(since))?;
        // The progress changes all the time and is not in the record. It must not be ahead of it.
        let until = instant(row, "concluded_until")?;
        if Some(until) < since || until > figures.last + SKEW {
            return Err(row.mismatch("concluded_until").into());
        }
        let next = if stage.is_checked() { Some(instant(row, "next_at")?) } else { None };
        if next.is_some_and(|next| next > until + NEXT_WINDOW_LOOKAHEAD)
            || (next.is_none() && !row.get("next_at").is_null())
        {
            return Err(row.mismatch("next_at").into());
        }
    }
    if figures.business.is_some() {
        for (guarantee, public) in &figures.guarantees {
            let mut schedules = public.schedules.clone();
            for row in rounds.remove(&guarantee.0).unwrap_or_default() {
                let place = row.id("place_id").unwrap_or_default().into();
                let schedule = schedules.remove(&place).ok_or_else(|| row.unexpected())?;
                if row.json("rule") != schedule {
                    return Err(row.mismatch("rule").into());
                }
            }
            if let Some((place, _)) = schedules.first_key_value() {
                return Err(Mismatch::Removed { table: "rounds", row: format!("{guarantee} {place}") }.into());
            }
        }
    }
    Ok(())
}

fn instant(row: &TableRow, column: &'static str) -> Result<DateTime<Utc>, Mismatch> {
    row.text(column).parse().map_err(|_| row.mismatch(column))
}

async fn closures(handle: &mut DbHandle, business: BusinessId, figures: &ReplayState) -> Result<(), VerifyError> {
    let mut closures = figures.closures.clone();
    for row in all_rows(handle, business, "closures").await? {
        let id = row.id("id").unwrap_or_default().into();
        let (from, until) = closures.remove(&id).ok_or_else(|| row.unexpected())?;
        row.require("from_at", json!(from))?;
        row.require("until_at", json!(until))?;
    }
    match closures.first_key_value() {
        Some((id, _)) => Err(Mismatch::Removed { table: "closures", row: id.to_string() }.into()),
        None => Ok(()),
    }
}

/// Compares daily tallies: public ones with the record, private ones with a count of private checks.
async fn tallies(
    handle: &mut DbHandle,
    business: BusinessId,
    figures: &ReplayState,
    guarantees: &BTreeSet<Uuid>,
) -> Result<(), VerifyError> {
    let mut private = private_tallies(handle, business).await?;
    for guarantee in guarantees {
        let id = GuaranteeId(*guarantee);
        let days = figures.tallies.range((id, NaiveDate::MIN)..=(id, NaiveDate::MAX));
        let mut public: Days = days.map(|((_, day), tally)| (*day, *tally)).collect();
        let mut private = private.remove(guarantee).unwrap_or_default();
        for row in rows_with_ids(handle, business, "tallies", "guarantee_id", &[*guarantee]).await? {
            let days = if *row.get("public") == json!(true) { &mut public } else { &mut private };
            let day = row.text("day").parse().map_err(|_| row.mismatch("day"))?;
            let tally = days.remove(&day).ok_or_else(|| row.unexpected())?;
            let counts = [
                ("kept", tally.kept),
                ("broken", tally.broken),
                ("not_applicable", tally.not_applicable),
                ("due_kept", tally.due_kept),
                ("due_broken", tally.due_broken),
                ("missed", tally.missed),
            ];
            for (column, count) in counts {
                row.require(column, count)?;
            }
        }
        for (public, days) in [(true, public), (false, private)] {
            if let Some((day, _)) = days.first_key_value() {
                return Err(Mismatch::Removed { table: "tallies", row: format!("{guarantee} {public} {day}") }.into());
            }
        }
    }
    Ok(())
}

async fn private_tallies(handle: &mut DbHandle, business: BusinessId) -> Result<BTreeMap<Uuid, Days>, Error> {
    let sql = concat!(
        "SELECT c.guarantee_id, c.day, c.in_window, ",
        current_verdict!("$1", "c"),
        " AS stands, CAST(COUNT(*) AS BIGINT) \
        FROM checks c WHERE c.business_id = $1 AND NOT c.public GROUP BY c.guarantee_id, c.day, c.in_window, stands"
    );
    let mut private = BTreeMap::<_, Days>::new();
    for (guarantee, day, in_window, stands, count) in
        fetch!(handle.conn(), fetch_all as (Uuid, NaiveDate, bool, String, i64), sql, business.0)?
    {
        let stored = StoredRow("checks", format!("of guarantee {guarantee} on {day}"));
        let verdict = stored.read("verdict", Verdict::parse(&stands))?;
        let tally = Tally::of(verdict, in_window).times(u64::try_from(count).unwrap_or_default());
        *private.entry(guarantee).or_default().entry(day).or_default() += tally;
    }
    Ok(private)
}

async fn totals(handle: &mut DbHandle, business: BusinessId, figures: &ReplayState) -> Result<(), VerifyError> {
    let totals = figures.guarantees.iter().filter_map(|(id, public)| Some((id.0, public.totals?)));
    let mut totals: BTreeMap<_, _> = totals.collect();
    for row in all_rows(handle, business, "break_totals").await? {
        let id = row.id("guarantee_id").unwrap_or_default();
        let Totals {
            breaks,
            found_by_staff,
            late,
            corrections,
            restored,
            restored_by_record,
            partly,
            not_restored,
            no_answer,
        } = totals.remove(&id).ok_or_else(|| row.unexpected())?;
        let counts = [
            ("breaks", breaks),
            ("found_by_staff", found_by_staff),
            ("late", late),
            ("corrections", corrections),
            ("restored", restored),
            ("restored_by_record", restored_by_record),
            ("partly", partly),
            ("not_restored", not_restored),
            ("no_answer", no_answer),
        ];
        for (column, count) in counts {
            row.require(column, count)?;
        }
    }
    match totals.first_key_value() {
        Some((id, _)) => Err(Mismatch::Removed { table: "break_totals", row: id.to_string() }.into()),
        None => Ok(()),
    }
}

/// Compares every recovery, public or private, with a replay of its steps.
async fn recoveries(handle: &mut DbHandle, business: BusinessId) -> Result<(), VerifyError> {
    let mut after = Uuid::nil();
    loop {
        let sql = "SELECT id FROM recoveries WHERE business_id = $1 AND id > $2 ORDER BY id LIMIT $3";
        let ids = fetch!(handle.conn(), fetch_all as (Uuid,), sql, business.0, after, BATCH)?;
        let ids: Vec<_> = ids.into_iter().map(|(id,)| id).collect();
        let Some(last) = ids.last() else { return Ok(()) };
        after = *last;
        let mut breaks = rows_by_id(handle, business, "breaks", "recovery_id", &ids).await?;
        let mut steps = rows_by_id(handle, business, "recovery_steps", "recovery_id", &ids).await?;
        for row in rows_with_ids(handle, business, "recoveries", "id", &ids).await? {
            let id = row.id("id").unwrap_or_default();
            let opened = breaks.remove(&id).and_then(|mut rows| rows.pop()).ok_or_else(|| row.mismatch("break_id"))?;
            row.require("break_id", opened.get("id").clone())?;
            row.require("opened_at", opened.get("known_at").clone())?;
            let recovered = stepped(&opened, steps.remove(&id).unwrap_or_default())?;
            row.require("stage", recovered.stage.name())?;
            row.require("outcome", json!(recovered.stage.outcome()))?;
            row.require("closed_at", json!(recovered.closed_at))?;
            row.require("watched", recovered.is_watched())?;
        }
    }
}

fn stepped(opened: &TableRow, mut steps: Vec<TableRow>) -> Result<ReplayedRecovery, Mismatch> {
    let id = |column| opened.id(column).unwrap_or_default();
    let mut recovered = ReplayedRecovery::opened(BreakId(id("id")), GuaranteeId(id("guarantee_id")));
    steps.sort_by_key(|row| row.get("number").as_i64());
    for row in steps {
        row.require("number", recovered.steps + 1)?;
        let bare = row.json("bare");
        if bare["step"] != *row.get("step") {
            return Err(row.mismatch("bare"));
        }
        let outcome = bare.get("outcome").and_then(Value::as_str);
        let outcome = outcome.and_then(|name| Outcome::ALL.into_iter().find(|outcome| outcome.name() == name));
        let at = instant(&row, "at")?;
        let step = StepKind::parse(row.text("step")).ok();
        step.and_then(|step| recovered.step(at, step, outcome)).ok_or_else(|| row.mismatch("step"))?;
    }
    Ok(recovered)
}

/// Checks that public rows have no texts that the record does not commit to, and that the record counts all redacted
/// texts.
async fn texts(handle: &mut DbHandle, business: BusinessId, figures: &ReplayState) -> Result<(), VerifyError> {
    let sql = "SELECT t.owner_id, t.field FROM texts t WHERE t.business_id = $1 AND t.seq IS NULL AND ( \
            EXISTS (SELECT 1 FROM texts o WHERE o.business_id = $1 AND o.owner_id = t.owner_id AND o.seq IS NOT NULL) \
            OR EXISTS (SELECT 1 FROM checks c WHERE c.business_id = $1 AND c.id = t.owner_id AND c.public) \
            OR EXISTS (SELECT 1 FROM closures c WHERE c.business_id = $1 AND c.id = t.owner_id) \
            OR EXISTS (SELECT 1 FROM corrections k JOIN checks c ON c.business_id = $1 AND c.id = k.check_id \
                WHERE k.business_id = $1 AND k.id = t.owner_id AND c.public) \
            OR EXISTS (SELECT 1 FROM recovery_steps s JOIN breaks b ON b.business_id = $1 AND b.recovery_id = s.recovery_id \
                WHERE s.business_id = $1 AND s.id = t.owner_id AND b.public)) LIMIT 1";
    if let Some((owner, field)) = fetch!(handle.conn(), fetch_optional as (Uuid, String), sql, business.0)? {
        return Err(Mismatch::Added { table: "texts", row: format!("{owner} {field}") }.into());
    }
    let sql = "SELECT owner_id, field, CAST(COUNT(*) OVER () AS BIGINT) FROM texts \
        WHERE business_id = $1 AND seq IS NOT NULL AND body IS NULL ORDER BY seq DESC LIMIT 1";
    let removed = fetch!(handle.conn(), fetch_optional as (Uuid, String, i64), sql, business.0)?;
    match removed {
        Some((owner, field, count)) if u64::try_from(count).is_ok_and(|count| count > figures.redacted) => {
            Err(Mismatch::Row { table: "texts", row: format!("{owner} {field}"), column: "body" }.into())
        }
        _ => Ok(()),
    }
}

/// Compares rows that repeat values of other rows: a break those of its check, an obstacle those of both.
async fn check_duplicates(handle: &mut DbHandle, business: BusinessId) -> Result<(), VerifyError> {
    let repeated = [
        (
            "breaks",
            "guarantee_id",
            "SELECT b.id FROM breaks b JOIN checks c ON c.business_id = $1 AND c.id = b.check_id WHERE b.business_id = $1 \
                AND (b.guarantee_id <> c.guarantee_id OR b.place_id <> c.place_id OR b.version_id <> c.version_id \
                    OR b.public <> c.public) LIMIT 1",
        ),
        (
            "obstacles",
            "known_at",
            "SELECT o.id FROM obstacles o JOIN breaks b ON b.business_id = $1 AND b.id = o.id WHERE o.business_id = $1 \
                AND (o.guarantee_id <> b.guarantee_id OR o.place_id <> b.place_id OR o.check_id <> b.check_id \
                    OR o.known_at <> b.known_at) LIMIT 1",
        ),
        (
            "obstacles",
            "id",
            "SELECT c.break_id FROM checks c WHERE c.business_id = $1 AND c.obstacle IS NOT NULL AND c.break_id IS NOT NULL \
                AND NOT EXISTS (SELECT 1 FROM obstacles o WHERE o.business_id = $1 AND o.id = c.break_id) LIMIT 1",
        ),
        (
            "obstacles",
            "obstacle",
            "SELECT o.id FROM obstacles o JOIN checks c ON c.business_id = $1 AND c.break_id = o.id \
                WHERE o.business_id = $1 AND c.obstacle IS DISTINCT FROM o.obstacle LIMIT 1",
        ),
        (
            "obstacles",
            "answered_at",
            "SELECT o.id FROM obstacles o WHERE o.business_id = $1 AND o.answered_at IS DISTINCT FROM \
                (SELECT MAX(a.at) FROM obstacle_answers a WHERE a.business_id = $1 AND a.obstacle_id = o.id) LIMIT 1",
        ),
        (
            "obstacles",
            "left_at",
            concat!(
                "SELECT o.id FROM obstacles o WHERE o.business_id = $1 AND o.left_at IS DISTINCT FROM (SELECT k.at",
                corrections_after_break!("$1", "o.id", "o.check_id"),
                " ORDER BY k.number LIMIT 1) LIMIT 1"
            ),
        ),
        (
            "second_looks",
            "guarantee_id",
            "SELECT l.check_id FROM second_looks l JOIN checks c ON c.business_id = $1 AND c.id = l.check_id \
                WHERE l.business_id = $1 AND (l.guarantee_id <> c.guarantee_id OR l.place_id <> c.place_id) LIMIT 1",
        ),
    ];
    for (table, column, sql) in repeated {
        if let Some((id,)) = fetch!(handle.conn(), fetch_optional as (Uuid,), sql, business.0)? {
            return Err(Mismatch::Row { table, row: id.to_string(), column }.into());
        }
    }
    Ok(())
}
