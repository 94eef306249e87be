//! The rows as HTML: the document that the app makes, written line by line.

use std::borrow::Cow;
use std::fmt::{Error, Write};

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use domain::measure::{Rating, Share, Tally};

use super::HandWritten;
use super::format::{escape, moment, number, percent, short, span};
use super::rows::{BreakRow, Rows};

type Written = Result<(), Error>;

pub fn page(state: &HandWritten, rows: &Rows, now: DateTime<Utc>) -> Result<String, Error> {
    let mut html = String::with_capacity(48 * 1024);
    let html = &mut html;
    head(html, state, rows)?;
    hero(html, rows)?;
    measures(html, rows, now)?;
    promise(html, rows)?;
    breaks(html, rows)?;
    versions(html, rows)?;
    method(html, rows)?;
    Ok(std::mem::take(html))
}

fn head(html: &mut String, state: &HandWritten, rows: &Rows) -> Written {
    let (name, slug) = (escape(&rows.business.name), &rows.business.slug);
    let (title, promise, said) = (text(rows, "title"), text(rows, "promise"), standing(rows));
    let (base, path) = (&state.base_url, format!("/p/{slug}/{}", rows.guarantee.slug));
    let (style, icon) = (state.style, state.icon);
    write!(
        html,
        r##"<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>{title} · {name}</title><link rel="stylesheet" href="{style}"><link rel="icon" type="image/svg+xml" href="{icon}"><meta name="description" content="{promise} {said}"><link rel="canonical" href="{base}{path}"><meta property="og:type" content="website"><meta property="og:title" content="{title} · {name}"><meta property="og:description" content="{promise} {said}"><meta property="og:url" content="{base}{path}"></head><body><a href="#main" class="skip">Skip to the content</a><div class="wrap"><header class="top"><a href="/p/{slug}" class="brand">{name}</a><form method="post" action="/language" aria-label="Language" class="row"><input type="hidden" name="to" value="{path}"><button name="language" value="en" lang="en" aria-current="true" class="link">English</button><button name="language" value="pl" lang="pl" class="link">Polski</button></form></header>"##
    )
}

fn hero(html: &mut String, rows: &Rows) -> Written {
    let sum = sum(rows, 30);
    let (mark, (level, share)) = (percent(rows.bare.mark), level(&sum));
    let (part, whole) = share.map_or((0, 0), |share| (share.part(), share.whole()));
    let (part, whole, title, promise) = (number(part), number(whole), text(rows, "title"), text(rows, "promise"));
    let fill = 130 - share.map_or(0, |share| share.basis_points() / 100);
    write!(
        html,
        r#"<main id="main" class="grid loose"><div class="hero"><svg viewBox="0 0 92 150" height="150" role="img" aria-label="Level {level}, mark at {mark}" class="bottle"><path d="M18 130V34A18 18 0 0 1 22.8 {fill}H69.2A18 18 0 0 1 74 34V130a14 14 0 0 1-14 14H32a14 14 0 0 1-14-14z" class="fill"></path><path d="M18 33.6h56" class="halo"></path><path d="M36 6v10A18 18 0 0 0 18 34v96a14 14 0 0 0 14 14h28a14 14 0 0 0 14-14V34A18 18 0 0 0 56 16V6M33 6h26" class="glass"></path><path d="M9 33.6h74" class="mark"></path></svg><div class="grid tight"><p class="label">We guarantee · <span>{title}</span></p><h1>{promise}</h1><p class="level"><b class="num">{level}</b><span>kept rate, last 30 days<small>kept ÷ (kept + broken) = {part} ÷ {whole}</small></span><span class="at">mark at {mark}</span></p></div></div>"#
    )
}

fn measures(html: &mut String, rows: &Rows, now: DateTime<Utc>) -> Written {
    let (said, Tally { kept, broken, missed, .. }) = (standing(rows), sum(rows, 90));
    let said_of_days = format!(
        "The last 90 days: {} kept, {} broken, {} due and not checked.",
        number(kept),
        number(broken),
        number(missed)
    );
    let ago = rows.guarantee.last_check.map_or_else(|| "never".to_owned(), |at| span(now - at) + " ago");
    write!(
        html,
        r#"<section class="card grid"><div class="row between"><h2>{said}</h2><p class="pill">{CLOCK}last check: {ago}</p></div><figure class="day-chart"><svg viewBox="0 0 718 46" preserveAspectRatio="none" role="img" aria-label="{said_of_days}" class="day-strip">"#
    )?;
    let bar = |html: &mut String, class, drawn: fn(&Tally) -> Option<(u64, u64)>| {
        write!(html, r#"<path d=""#)?;
        for (day, (_, tally)) in rows.days.iter().enumerate() {
            if let Some((from, to)) = drawn(tally) {
                write!(html, "M{} {from}V{to}", day * 8 + 3)?;
            }
        }
        write!(html, r#"" class="{class}"></path>"#)
    };
    bar(html, "k", |tally| {
        (tally.kept > 0).then_some((if tally.missed > 0 { 6 } else { 0 }, if tally.broken > 0 { 37 } else { 46 }))
    })?;
    bar(html, "b", |tally| (tally.broken > 0).then_some((40, 46)))?;
    bar(html, "m", |tally| (tally.missed > 0).then_some((0, 6)))?;
    write!(html, "{KEY}<h3>The last 30 days in figures</h3><div class=\"figures\">")?;
    figures(html, &sum(rows, 30))?;
    write!(
        html,
        r#"</div><div><p class="small muted">{said_of_days}</p><details><summary>The same days as a table</summary><div role="group" aria-label="{said_of_days}" tabindex="0" class="scroll"><table class="num"><thead><tr><th scope="col">Day</th><th scope="col">kept</th><th scope="col">broken</th><th scope="col">missed</th></tr></thead><tbody>"#
    )?;
    for (day, Tally { kept, broken, missed, .. }) in rows.days.iter().rev() {
        let (date, month) = (day.day(), short(*day));
        write!(html, "<tr><th>{date} {month}</th><td>{kept}</td><td>{broken}</td><td>{missed}</td></tr>")?;
    }
    write!(html, "</tbody></table></div></details></div></section>{WAYS}")
}

fn figures(html: &mut String, sum: &Tally) -> Written {
    if let Rating::Rated { share, interval } = sum.kept_rate() {
        let (rate, part, whole) = (percent(share.basis_points()), number(share.part()), number(share.whole()));
        let (low, high) = (percent(interval.low), percent(interval.high));
        write!(
            html,
            r#"<p><b class="num">{rate}</b><span>kept rate: kept ÷ (kept + broken) = {part} ÷ {whole}</span></p><p><b class="num">{low}–{high}</b><span>where the true kept rate probably lies (95 % Wilson interval)</span></p>"#
        )?;
    }
    let due = [("coverage: checks made", sum.coverage()), ("strict kept rate: kept when due", sum.strict_kept_rate())];
    for (name, share) in due.into_iter().filter_map(|(name, share)| Some((name, share?))) {
        let (rate, part, whole) = (percent(share.basis_points()), number(share.part()), number(share.whole()));
        write!(html, r#"<p><b class="num">{rate}</b><span>{name} ÷ checks due = {part} ÷ {whole}</span></p>"#)?;
    }
    Ok(())
}

fn promise(html: &mut String, rows: &Rows) -> Written {
    if let Some((_, words, for_whom, not_for_whom)) = &rows.problem {
        let (words, for_whom) = (escape(words), escape(for_whom));
        write!(
            html,
            r#"<section class="grid"><h2>The problem we solve</h2><blockquote class="user-text">{words}</blockquote><dl class="pairs"><dt>For</dt><dd>{for_whom}</dd>"#
        )?;
        if let Some(whom) = not_for_whom {
            write!(html, "<dt>Not for</dt><dd>{}</dd>", escape(whom))?;
        }
        write!(html, "</dl></section>")?;
    }
    let (remedy, claim) = (text(rows, "remedy"), text(rows, "how_to_claim"));
    let (late, conditions) = (text(rows, "late_remedy"), text(rows, "conditions"));
    let terms = &rows.bare.terms;
    let [answer, good] =
        [terms.acknowledge_minutes, terms.remedy_minutes].map(|minutes| span(TimeDelta::minutes(minutes)));
    write!(
        html,
        r#"<div class="two-columns even"><section class="card grid"><h2>If we break it</h2><p class="user-text">{remedy}</p><h3 id="claim">How to claim</h3><p class="user-text">{claim}</p><h3>If we are late with that</h3><p>We answer within {answer} and make it good within {good}, counted in our opening hours.</p><p class="user-text">{late}</p><h3>Conditions</h3><p class="user-text">{conditions}</p></section><section class="card grid"><h2>What “kept” looks like</h2><ul class="criteria">"#
    )?;
    for criterion in criteria(rows) {
        write!(
            html,
            r#"<li><svg viewBox="0 0 16 16" aria-hidden="true" class="icon kept"><path d="m2 8.5 4 4 8-9"></path></svg><span>{}</span></li>"#,
            escape(criterion)
        )?;
    }
    write!(html, r#"</ul><h3>Where we promise it</h3><ul class="unstyled">"#)?;
    for places in rows.places.chunk_by(|(_, one, _), (_, next, _)| one == next) {
        let names = places.iter().map(|(_, _, place)| escape(place)).collect::<Vec<_>>().join(", ");
        write!(html, "<li>{}: {names}</li>", escape(&places[0].1))?;
    }
    write!(html, "</ul></section></div>")
}

fn breaks(html: &mut String, rows: &Rows) -> Written {
    let totals = &rows.totals;
    let closed = totals.restored + totals.restored_by_record + totals.partly + totals.not_restored + totals.no_answer;
    let of = |part: i64, whole: i64| {
        let [part, whole] = [part, whole].map(|count| u64::try_from(count).unwrap_or_default());
        (part, whole, Share::new(part, whole).map_or_else(String::new, |share| percent(share.basis_points())))
    };
    write!(
        html,
        r#"<section id="breaks" class="card grid"><h2>When we broke it, and what we did</h2><div class="figures">"#
    )?;
    for (name, (part, whole, rate)) in [
        ("found by us first: found by staff ÷ all breaks", of(totals.found_by_staff, totals.breaks)),
        ("trust restored, in the customer’s own word: restored ÷ closed", of(totals.restored, closed)),
        ("where we missed a deadline of our own: late ÷ all breaks", of(totals.late, totals.breaks)),
    ] {
        write!(html, r#"<p><b class="num">{part} of {whole}</b><span>{name} = {rate}</span></p>"#)?;
    }
    write!(html, r#"</div><ul class="other-outcomes">"#)?;
    for (name, count) in [
        ("restored by the record", totals.restored_by_record),
        ("partly restored", totals.partly),
        ("not restored", totals.not_restored),
        ("no answer", totals.no_answer),
        ("still open", totals.breaks - closed),
    ] {
        write!(html, r#"<li>{name} <b class="num">{count}</b></li>"#)?;
    }
    write!(html, "</ul><div>")?;
    for broken in &rows.breaks {
        entry(html, rows, broken)?;
    }
    let (slug, shown, all) = (&rows.business.slug, rows.breaks.len(), totals.breaks);
    write!(
        html,
        r#"</div><p class="small"><a href="/p/{slug}/record">The last {shown} of {all} are shown. The record holds them all.</a></p></section>"#
    )
}

fn entry(html: &mut String, rows: &Rows, broken: &BreakRow) -> Written {
    let steps = rows.steps.get(&broken.recovery_id).map_or(&[][..], Vec::as_slice);
    let after = |name: &str, words: &str| {
        let at = steps.iter().rev().find(|(step, ..)| step == name);
        at.map(|(.., at)| format!(" · {words} after {}", span(*at - broken.known_at)))
    };
    // When we promised to be heard from again stands in the steps' JSON.
    let promised = steps.iter().rev().find_map(|(_, bare, _)| {
        let bare: serde_json::Value = serde_json::from_str(bare).ok()?;
        bare.get("next_update_by")?.as_str()?.parse::<DateTime<Utc>>().ok()
    });
    let waiting = matches!(broken.stage.as_str(), "acknowledged" | "understood");
    let next = promised.filter(|_| waiting).map(|at| format!(" · next update by {}", moment(rows.zone, at)));
    let criterion =
        broken.reason.parse().ok().and_then(|number: usize| criteria(rows).nth(number)).unwrap_or("something else");
    let (criterion, site, place) = (escape(criterion), escape(&broken.site), escape(&broken.place));
    let found = if broken.found_by == "staff" { "found by us" } else { "found by a customer" };
    let how = match (broken.stage.as_str(), broken.outcome.as_deref()) {
        (_, Some("restored")) => "trust restored",
        (_, Some("restored_by_record")) => "restored by the record",
        (_, Some(_)) => "closed",
        (stage, None) => stage,
    };
    let when = moment(rows.zone, broken.known_at);
    let acknowledged = after("acknowledged", "acknowledged").unwrap_or_default();
    let (remedied, next) = (after("remedied", "made good").unwrap_or_default(), next.unwrap_or_default());
    let [open, close] = if broken.corrected { ["<s>", "</s>"] } else { ["", ""] };
    write!(
        html,
        r#"<article class="break"><div class="row between"><h3>{open}Not kept: <span>{criterion}</span>{close}</h3><span class="pill">{CLOCK}{how}</span></div><p class="small muted"><span>{site}, {place}</span> · {when} · {found}{acknowledged}{remedied}{next}</p>"#
    )?;
    if steps.iter().any(|(step, ..)| step == "late") {
        write!(html, r#"<p class="missed-deadline">We were late with this.</p>"#)?;
    }
    if let Some(said) = rows.said.get(&broken.recovery_id) {
        write!(html, r#"<dl class="pairs">"#)?;
        for (field, name) in [
            ("correction", "What we did at once"),
            ("remedy", "What we gave"),
            ("cause", "Why it happened"),
            ("corrective_action", "What we changed"),
        ] {
            if let Some(said) = said.get(field) {
                write!(html, r#"<dt>{name}</dt><dd class="user-text">{}</dd>"#, escape(said))?;
            }
        }
        write!(html, "</dl>")?;
    }
    write!(html, "</article>")
}

fn versions(html: &mut String, rows: &Rows) -> Written {
    write!(
        html,
        r#"<section class="grid tight"><h2>The wording, and how it changed</h2><details><summary>All versions</summary><div class="grid">"#
    )?;
    for (_, number, _, at) in &rows.versions {
        write!(html, r#"<div class="grid tight"><h3>Version {number}, {}</h3></div>"#, moment(rows.zone, *at))?;
    }
    write!(html, "</div></details></section>")
}

fn method(html: &mut String, rows: &Rows) -> Written {
    let business = &rows.business;
    let (name, slug, zone) = (escape(&business.name), &business.slug, rows.zone);
    let (entries, corrections) = (rows.entries, rows.totals.corrections);
    let contact = escape(&business.contact_name);
    let phone = escape(business.contact_phone.as_deref().unwrap_or_default());
    let email = escape(business.contact_email.as_deref().unwrap_or_default());
    let method = include_str!("method.html");
    write!(
        html,
        r#"{method}<p>A day is a calendar day here ({zone}). Corrections so far: {corrections}.</p><h3>The record</h3><p>{name} keeps this record itself: it has {entries} entries. The entries form a chain, so that none can be changed or removed unseen.</p><p><a href="/p/{slug}/record">Download the record and check it yourself</a></p></section></main><footer class="small muted"><p class="answers-for">{contact} answers for these promises. <a href="tel:{phone}">{phone}</a> <a href="mailto:{email}">{email}</a></p><p>{name} keeps this record itself. It has {entries} entries, and none of them can be changed unseen. <a href="/p/{slug}/record">See the record</a></p></footer></div></body></html>"#
    )
}

fn standing(rows: &Rows) -> String {
    let (level, share) = level(&sum(rows, 30));
    let holds = share.is_some_and(|share| share.is_at_least(rows.bare.mark));
    let verdict = if holds { "The promise holds" } else { "The promise is below its mark" };
    format!("{verdict}: found kept at {level} of the checks, with the mark at {}.", percent(rows.bare.mark))
}

fn sum(rows: &Rows, days: usize) -> Tally {
    rows.days.iter().rev().take(days).map(|(_, tally)| *tally).sum()
}

fn level(sum: &Tally) -> (String, Option<Share>) {
    let share = sum.level().map(|level| level.share);
    (share.map_or_else(|| "unknown".to_owned(), |share| percent(share.basis_points())), share)
}

fn text<'r>(rows: &'r Rows, field: &str) -> Cow<'r, str> {
    escape(rows.wording.get(field).map_or("", String::as_str))
}

fn criteria(rows: &Rows) -> impl Iterator<Item = &str> {
    rows.wording.get("criteria").map_or("", String::as_str).lines()
}

const CLOCK: &str = r#"<svg viewBox="0 0 16 16" aria-hidden="true" class="icon"><path d="M8 2a6 6 0 1 1 0 12A6 6 0 1 1 8 2M8 5v3.5l2.5 1.5"></path></svg>"#;
const KEY: &str = r#"</svg><figcaption><span>89 days ago</span><span class="legend"><span><svg viewBox="0 0 6 46" preserveAspectRatio="none" aria-hidden="true" class="day-strip"><path d="M0 23h6" class="f"></path></svg>kept</span><span><svg viewBox="0 0 6 46" preserveAspectRatio="none" aria-hidden="true" class="day-strip"><path d="M3 0V28" class="k"></path><path d="M3 31V46" class="b"></path></svg>broken</span><span><svg viewBox="0 0 6 46" preserveAspectRatio="none" aria-hidden="true" class="day-strip"><path d="M3 0V46" class="m"></path></svg>missed</span><span><svg viewBox="0 0 6 46" preserveAspectRatio="none" aria-hidden="true" class="day-strip"><path d="M0 45h6" class="n"></path></svg>nothing due</span></span><span>today</span></figcaption></figure>"#;
const WAYS: &str = r##"<p class="row cta"><a href="#claim" class="btn tall">How to claim</a><a href="#method" class="btn quiet tall">How we check</a></p>"##;
