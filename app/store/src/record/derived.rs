//! What follows from the record, held against the tables that keep it at hand: nothing is missing there, and nothing more.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::check::Verdict;
use domain::guarantee::{Move, Stage};
use domain::ids::{BreakId, BusinessId, GuaranteeId};
use domain::measure::Tally;
use domain::recount::{Figures, Promised, Recovered, Totals};
use domain::recovery::Outcome;
use serde_json::{Value, json};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::rows::{Row, all, by, naming};
use super::{BATCH, Failed, Mismatch};
use crate::db::{Held, fetch};
use crate::error::Error;
use crate::schedules::AHEAD;

/// So far may the clocks of two installations be apart, and this one's ahead of the last entry while it goes through windows.
const SKEW: TimeDelta = TimeDelta::days(1);

type Days = BTreeMap<NaiveDate, Tally>;

pub(super) async fn check(held: &mut Held, business: BusinessId, figures: &Figures) -> Result<(), Failed> {
    counts(held, business, figures).await?;
    let promised = promises(held, business, figures).await?;
    places(held, business, figures).await?;
    rounds(held, business, figures).await?;
    closures(held, business, figures).await?;
    tallies(held, business, figures, &promised).await?;
    totals(held, business, figures).await?;
    recoveries(held, business).await?;
    texts(held, business, figures).await?;
    inside(held, business).await
}

/// Public rows that no entry names.
async fn counts(held: &mut Held, business: BusinessId, figures: &Figures) -> Result<(), Failed> {
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
        let (there,) = fetch!(held.conn(), fetch_one as (i64,), sql, business.0)?;
        if u64::try_from(there) != Ok(expected) {
            return Err(unnamed(held, business, table, from, kind).await?.into());
        }
    }
    Ok(())
}

/// Which of the rows it is: those that share their time with no entry of their kind come first, then the last ones.
async fn unnamed(
    held: &mut Held,
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
    let row = fetch!(held.conn(), fetch_optional as (Uuid,), AssertSqlSafe(sql), business.0, kind)?;
    Ok(Mismatch::Added { table, row: row.map(|(id,)| id.to_string()).unwrap_or_default() })
}

/// The guarantees: those that were ever public as the record has them, the others as they were moved. All there are.
async fn promises(held: &mut Held, business: BusinessId, figures: &Figures) -> Result<BTreeSet<Uuid>, Failed> {
    let versions = by_guarantee(all(held, business, "guarantee_versions").await?);
    let mut moves = by_guarantee(all(held, business, "guarantee_moves").await?);
    let mut left: BTreeSet<_> = figures.guarantees.keys().copied().collect();
    let mut known = BTreeSet::new();
    for row in all(held, business, "guarantees").await? {
        let id = row.id("id").unwrap_or_default();
        let latest = versions.get(&id).and_then(|rows| rows.iter().filter_map(|row| row.get("number").as_i64()).max());
        row.must("version", json!(latest))?;
        left.remove(&GuaranteeId(id));
        known.insert(id);
        let moves = moves.remove(&id).unwrap_or_default();
        if let Some(Promised { stage: Some(stage), slug, version, .. }) = figures.guarantees.get(&GuaranteeId(id)) {
            row.must("public", true)?;
            row.must("stage", stage.name())?;
            row.must("slug", slug.as_str())?;
            row.must("version", *version)?;
        } else {
            row.must("public", false)?;
            row.must("stage", moved(&moves)?.0.name())?;
        }
    }
    match left.first() {
        Some(id) => Err(Mismatch::Removed { table: "guarantees", row: id.to_string() }.into()),
        None => Ok(known),
    }
}

/// The stage that moves come to, and since when there is something to check. Moves of one instant came in the order of
/// their kinds, as far as each was possible.
fn moved(moves: &[Row]) -> Result<(Stage, Option<DateTime<Utc>>), Mismatch> {
    let mut left = Vec::with_capacity(moves.len());
    for row in moves {
        let verb = Move::parse(row.text("verb")).map_err(|_| row.differs("verb"))?;
        left.push((instant(row, "at")?, Move::ALL.iter().position(|other| *other == verb), verb, row));
    }
    left.sort_by_key(|(at, order, ..)| (*at, *order));
    let (mut stage, mut checked) = (Stage::Draft, None);
    while let Some((now, ..)) = left.first() {
        let possible = |(at, _, verb, _): &(DateTime<Utc>, _, Move, &Row)| at == now && stage.after(*verb).is_ok();
        let next = left.iter().position(possible).ok_or_else(|| left[0].3.differs("verb"))?;
        let (at, _, verb, row) = left.remove(next);
        let after = stage.after(verb).map_err(|_| row.differs("verb"))?;
        if after.is_checked() && !stage.is_checked() {
            checked = Some(at);
        }
        stage = after;
    }
    Ok((stage, checked))
}

fn by_guarantee(rows: Vec<Row>) -> BTreeMap<Uuid, Vec<Row>> {
    let mut sorted = BTreeMap::<_, Vec<_>>::new();
    for row in rows {
        if let Some(id) = row.id("guarantee_id") {
            sorted.entry(id).or_default().push(row);
        }
    }
    sorted
}

/// Zones and hours, sites, and where public guarantees are promised: what every day and every window goes by.
async fn places(held: &mut Held, business: BusinessId, figures: &Figures) -> Result<(), Failed> {
    let Some(home) = &figures.business else { return Ok(()) };
    for row in all(held, business, "businesses").await? {
        row.must("slug", home.slug.as_str())?;
        row.must("zone", home.zone.as_str())?;
        row.must("currency", home.currency.as_str())?;
        if row.json("hours") != serde_json::to_value(&home.hours)? {
            return Err(row.differs("hours").into());
        }
    }
    let mut sites = figures.sites.clone();
    for row in all(held, business, "sites").await? {
        let id = row.id("id").unwrap_or_default().into();
        row.must("zone", json!(sites.remove(&id).ok_or_else(|| row.added())?))?;
    }
    if let Some((id, _)) = sites.first_key_value() {
        return Err(Mismatch::Removed { table: "sites", row: id.to_string() }.into());
    }
    let of: BTreeMap<_, _> =
        all(held, business, "places").await?.into_iter().filter_map(|row| Some((row.id("id")?, row))).collect();
    let mut promised = by_guarantee(all(held, business, "promised").await?);
    for (guarantee, public) in &figures.guarantees {
        let mut places = public.places.clone();
        for row in promised.remove(&guarantee.0).unwrap_or_default() {
            let id = row.id("place_id").unwrap_or_default();
            let site = places.remove(&id.into()).ok_or_else(|| row.added())?;
            of.get(&id).ok_or_else(|| row.differs("place_id"))?.must("site_id", site.to_string())?;
        }
        if let Some((place, _)) = places.first_key_value() {
            return Err(Mismatch::Removed { table: "promised", row: format!("{guarantee} {place}") }.into());
        }
    }
    Ok(())
}

/// What is looked at when, of public guarantees; and since when, of all.
async fn rounds(held: &mut Held, business: BusinessId, figures: &Figures) -> Result<(), Failed> {
    let mut entered = BTreeMap::new();
    for (guarantee, moves) in by_guarantee(all(held, business, "guarantee_moves").await?) {
        entered.insert(guarantee, moved(&moves)?);
    }
    let mut decided = BTreeMap::new();
    for row in all(held, business, "schedules").await? {
        let of = (row.text("guarantee_id").to_owned(), row.text("place_id").to_owned());
        let last: &mut DateTime<Utc> = decided.entry(of).or_default();
        *last = instant(&row, "at")?.max(*last);
    }
    let mut rounds = by_guarantee(all(held, business, "rounds").await?);
    for row in rounds.values().flatten() {
        let (stage, checked) =
            row.id("guarantee_id").and_then(|id| entered.get(&id)).copied().unwrap_or((Stage::Draft, None));
        let of = (row.text("guarantee_id").to_owned(), row.text("place_id").to_owned());
        let since = decided.get(&of).copied().max(checked);
        row.must("since", json!(since))?;
        // How far they were gone through is the work of a moment; it may not be ahead of time.
        let until = instant(row, "concluded_until")?;
        if Some(until) < since || until > figures.last + SKEW {
            return Err(row.differs("concluded_until").into());
        }
        let next = if stage.is_checked() { Some(instant(row, "next_at")?) } else { None };
        if next.is_some_and(|next| next > until + AHEAD) || (next.is_none() && !row.get("next_at").is_null()) {
            return Err(row.differs("next_at").into());
        }
    }
    if figures.business.is_some() {
        for (guarantee, public) in &figures.guarantees {
            let mut schedules = public.schedules.clone();
            for row in rounds.remove(&guarantee.0).unwrap_or_default() {
                let place = row.id("place_id").unwrap_or_default().into();
                let schedule = schedules.remove(&place).ok_or_else(|| row.added())?;
                if row.json("rule") != schedule {
                    return Err(row.differs("rule").into());
                }
            }
            if let Some((place, _)) = schedules.first_key_value() {
                return Err(Mismatch::Removed { table: "rounds", row: format!("{guarantee} {place}") }.into());
            }
        }
    }
    Ok(())
}

fn instant(row: &Row, column: &'static str) -> Result<DateTime<Utc>, Mismatch> {
    row.text(column).parse().map_err(|_| row.differs(column))
}

async fn closures(held: &mut Held, business: BusinessId, figures: &Figures) -> Result<(), Failed> {
    let mut closures = figures.closures.clone();
    for row in all(held, business, "closures").await? {
        let id = row.id("id").unwrap_or_default().into();
        let (from, until) = closures.remove(&id).ok_or_else(|| row.added())?;
        row.must("from_at", json!(from))?;
        row.must("until_at", json!(until))?;
    }
    match closures.first_key_value() {
        Some((id, _)) => Err(Mismatch::Removed { table: "closures", row: id.to_string() }.into()),
        None => Ok(()),
    }
}

/// The days: those in public as the record has them, the others as the checks come to that were made in private.
async fn tallies(
    held: &mut Held,
    business: BusinessId,
    figures: &Figures,
    guarantees: &BTreeSet<Uuid>,
) -> Result<(), Failed> {
    let mut private = private(held, business).await?;
    for guarantee in guarantees {
        let id = GuaranteeId(*guarantee);
        let days = figures.tallies.range((id, NaiveDate::MIN)..=(id, NaiveDate::MAX));
        let mut public: Days = days.map(|((_, day), tally)| (*day, *tally)).collect();
        let mut private = private.remove(guarantee).unwrap_or_default();
        for row in naming(held, business, "tallies", "guarantee_id", &[*guarantee]).await? {
            let days = if *row.get("public") == json!(true) { &mut public } else { &mut private };
            let day = row.text("day").parse().map_err(|_| row.differs("day"))?;
            let tally = days.remove(&day).ok_or_else(|| row.added())?;
            let counts = [
                ("kept", tally.kept),
                ("broken", tally.broken),
                ("not_applicable", tally.not_applicable),
                ("due_kept", tally.due_kept),
                ("due_broken", tally.due_broken),
                ("missed", tally.missed),
            ];
            for (column, count) in counts {
                row.must(column, count)?;
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

async fn private(held: &mut Held, business: BusinessId) -> Result<BTreeMap<Uuid, Days>, Error> {
    let sql = "SELECT c.guarantee_id, c.day, c.in_window, COALESCE((SELECT k.verdict FROM corrections k \
            WHERE k.business_id = $1 AND k.check_id = c.id ORDER BY k.number DESC LIMIT 1), c.verdict) AS stands, \
            CAST(COUNT(*) AS BIGINT) \
        FROM checks c WHERE c.business_id = $1 AND NOT c.public GROUP BY c.guarantee_id, c.day, c.in_window, stands";
    let mut private = BTreeMap::<_, Days>::new();
    for (guarantee, day, in_window, stands, count) in
        fetch!(held.conn(), fetch_all as (Uuid, NaiveDate, bool, String, i64), sql, business.0)?
    {
        let tally = Tally::of(Verdict::parse(&stands)?, in_window).times(u64::try_from(count).unwrap_or_default());
        *private.entry(guarantee).or_default().entry(day).or_default() += tally;
    }
    Ok(private)
}

async fn totals(held: &mut Held, business: BusinessId, figures: &Figures) -> Result<(), Failed> {
    let totals = figures.guarantees.iter().filter_map(|(id, public)| Some((id.0, public.totals?)));
    let mut totals: BTreeMap<_, _> = totals.collect();
    for row in all(held, business, "break_totals").await? {
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
        } = totals.remove(&id).ok_or_else(|| row.added())?;
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
            row.must(column, count)?;
        }
    }
    match totals.first_key_value() {
        Some((id, _)) => Err(Mismatch::Removed { table: "break_totals", row: id.to_string() }.into()),
        None => Ok(()),
    }
}

/// Every recovery, in public or not, stands where its steps have led.
async fn recoveries(held: &mut Held, business: BusinessId) -> Result<(), Failed> {
    let mut after = Uuid::nil();
    loop {
        let sql = "SELECT id FROM recoveries WHERE business_id = $1 AND id > $2 ORDER BY id LIMIT $3";
        let ids = fetch!(held.conn(), fetch_all as (Uuid,), sql, business.0, after, BATCH)?;
        let ids: Vec<_> = ids.into_iter().map(|(id,)| id).collect();
        let Some(last) = ids.last() else { return Ok(()) };
        after = *last;
        let mut breaks = by(held, business, "breaks", "recovery_id", &ids).await?;
        let mut steps = by(held, business, "recovery_steps", "recovery_id", &ids).await?;
        for row in naming(held, business, "recoveries", "id", &ids).await? {
            let id = row.id("id").unwrap_or_default();
            let opened = breaks.remove(&id).and_then(|mut rows| rows.pop()).ok_or_else(|| row.differs("break_id"))?;
            row.must("break_id", opened.get("id").clone())?;
            row.must("opened_at", opened.get("known_at").clone())?;
            let recovered = stepped(&opened, steps.remove(&id).unwrap_or_default())?;
            row.must("stage", recovered.stage.name())?;
            row.must("outcome", json!(recovered.stage.outcome()))?;
            row.must("closed_at", json!(recovered.closed_at))?;
            row.must("watched", recovered.is_watched())?;
        }
    }
}

fn stepped(opened: &Row, mut steps: Vec<Row>) -> Result<Recovered, Mismatch> {
    let id = |column| opened.id(column).unwrap_or_default();
    let mut recovered = Recovered::opened(BreakId(id("id")), GuaranteeId(id("guarantee_id")));
    steps.sort_by_key(|row| row.get("number").as_i64());
    for row in steps {
        row.must("number", recovered.steps + 1)?;
        let bare = row.json("bare");
        if bare["step"] != *row.get("step") {
            return Err(row.differs("bare"));
        }
        let outcome = bare.get("outcome").and_then(Value::as_str);
        let outcome = outcome.and_then(|name| Outcome::ALL.into_iter().find(|outcome| outcome.name() == name));
        let at = instant(&row, "at")?;
        recovered.step(at, row.text("step"), outcome).ok_or_else(|| row.differs("step"))?;
    }
    Ok(recovered)
}

/// Nothing stands beside what is public but what the record commits to; and what was removed is counted in it.
async fn texts(held: &mut Held, business: BusinessId, figures: &Figures) -> Result<(), Failed> {
    let sql = "SELECT t.owner_id, t.field FROM texts t WHERE t.business_id = $1 AND t.seq IS NULL AND ( \
            EXISTS (SELECT 1 FROM texts o WHERE o.business_id = $1 AND o.owner_id = t.owner_id AND o.seq IS NOT NULL) \
            OR EXISTS (SELECT 1 FROM checks c WHERE c.business_id = $1 AND c.id = t.owner_id AND c.public) \
            OR EXISTS (SELECT 1 FROM closures c WHERE c.business_id = $1 AND c.id = t.owner_id) \
            OR EXISTS (SELECT 1 FROM corrections k JOIN checks c ON c.business_id = $1 AND c.id = k.check_id \
                WHERE k.business_id = $1 AND k.id = t.owner_id AND c.public) \
            OR EXISTS (SELECT 1 FROM recovery_steps s JOIN breaks b ON b.business_id = $1 AND b.recovery_id = s.recovery_id \
                WHERE s.business_id = $1 AND s.id = t.owner_id AND b.public)) LIMIT 1";
    if let Some((owner, field)) = fetch!(held.conn(), fetch_optional as (Uuid, String), sql, business.0)? {
        return Err(Mismatch::Added { table: "texts", row: format!("{owner} {field}") }.into());
    }
    let sql = "SELECT owner_id, field, CAST(COUNT(*) OVER () AS BIGINT) FROM texts \
        WHERE business_id = $1 AND seq IS NOT NULL AND body IS NULL ORDER BY seq DESC LIMIT 1";
    let removed = fetch!(held.conn(), fetch_optional as (Uuid, String, i64), sql, business.0)?;
    match removed {
        Some((owner, field, count)) if u64::try_from(count).is_ok_and(|count| count > figures.redacted) => {
            Err(Mismatch::Row { table: "texts", row: format!("{owner} {field}"), column: "body" }.into())
        }
        _ => Ok(()),
    }
}

/// Rows that repeat what other rows say: a break that of its check, what is told inside that of both.
async fn inside(held: &mut Held, business: BusinessId) -> Result<(), Failed> {
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
            "SELECT o.id FROM obstacles o WHERE o.business_id = $1 AND o.left_at IS DISTINCT FROM (SELECT MIN(k.at) \
                FROM corrections k WHERE k.business_id = $1 AND k.check_id = o.check_id AND k.number > COALESCE( \
                    (SELECT n.number FROM corrections n WHERE n.business_id = $1 AND n.break_id = o.id), 0)) LIMIT 1",
        ),
        (
            "second_looks",
            "guarantee_id",
            "SELECT l.check_id FROM second_looks l JOIN checks c ON c.business_id = $1 AND c.id = l.check_id \
                WHERE l.business_id = $1 AND (l.guarantee_id <> c.guarantee_id OR l.place_id <> c.place_id) LIMIT 1",
        ),
    ];
    for (table, column, sql) in repeated {
        if let Some((id,)) = fetch!(held.conn(), fetch_optional as (Uuid,), sql, business.0)? {
            return Err(Mismatch::Row { table, row: id.to_string(), column }.into());
        }
    }
    Ok(())
}
