use proptest::prelude::*;
use serde_json::json;
use uuid::Uuid;

use super::*;
use crate::verdict::Verdict;

const GUARANTEE: GuaranteeId = GuaranteeId(Uuid::from_u128(1));
const PLACE: Uuid = Uuid::from_u128(2);

fn at(minutes: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_780_000_000 + minutes * 60, 0).unwrap()
}

#[expect(clippy::needless_pass_by_value, reason = "it is made where it is told")]
fn fact(kind: &str, body: Value) -> Fact {
    Fact::read(kind, &body).unwrap()
}

fn business_fact() -> Fact {
    let hours = crate::hours::Hours::always();
    fact("business", json!({ "slug": "shop", "zone": "Europe/Warsaw", "currency": "PLN", "hours": hours }))
}

fn published() -> Vec<Fact> {
    vec![
        business_fact(),
        fact("version", json!({ "guarantee": GUARANTEE, "version": 1, "mark": 9500 })),
        fact("publish", json!({ "guarantee": GUARANTEE, "version": 1, "slug": "clean" })),
        fact("places", json!({ "guarantee": GUARANTEE, "places": { PLACE.to_string(): PLACE } })),
    ]
}

fn check(number: u128, verdict: Verdict, due: bool, minutes: i64, day: Option<NaiveDate>) -> Fact {
    let due = due.then(|| at(minutes));
    let said = json!({ "check": Uuid::from_u128(number), "guarantee": GUARANTEE, "version": 1, "place": PLACE,
        "at": at(minutes), "verdict": verdict, "due": due, "day": day });
    fact("check", said)
}

fn corrected(number: u128, was: Verdict, verdict: Verdict, counted: Option<Counted>) -> Fact {
    let mut said = json!({ "check": Uuid::from_u128(number), "was": was, "verdict": verdict });
    let counted = counted.map(|counted| body(&counted).unwrap()).unwrap_or_default();
    said.as_object_mut().unwrap().extend(counted);
    fact("correction", said)
}

fn counted(facts: &[Fact]) -> Result<ReplayState, ChainError> {
    replay(facts.iter().enumerate().map(|(minute, fact)| (at(i64::try_from(minute).unwrap()), fact)))
}

fn verdict() -> impl Strategy<Value = Verdict> {
    prop_oneof![Just(Verdict::Kept), Just(Verdict::Broken), Just(Verdict::NotApplicable), Just(Verdict::Missed)]
}

/// Checks, each with the verdict it was corrected to, if any.
fn checks() -> impl Strategy<Value = Vec<(Verdict, bool, i64, Option<Verdict>)>> {
    prop::collection::vec((verdict(), any::<bool>(), 0..20_000_i64, prop::option::of(verdict())), 1..60)
}

fn history(checks: &[(Verdict, bool, i64, Option<Verdict>)], says_days: bool) -> Vec<Fact> {
    let mut facts = published();
    if !says_days {
        facts.remove(0);
    }
    for (number, (verdict, due, minutes, correction)) in (10..).zip(checks) {
        let day = at(*minutes).date_naive();
        facts.push(check(number, *verdict, *due, *minutes, says_days.then_some(day)));
        if let Some(other) = correction.filter(|other| other != verdict) {
            let counted = Counted { guarantee: GUARANTEE, day, in_window: *due };
            facts.push(corrected(number, *verdict, other, says_days.then_some(counted)));
        }
    }
    facts
}

proptest! {
    #[test]
    fn tallies_equal_the_corrected_checks(checks in checks()) {
        let figures = counted(&history(&checks, true)).unwrap();
        let mut expected = BTreeMap::<_, Tally>::new();
        for (verdict, due, minutes, correction) in &checks {
            let stands = correction.unwrap_or(*verdict);
            *expected.entry((GUARANTEE, at(*minutes).date_naive())).or_default() += Tally::of(stands, *due);
        }
        prop_assert_eq!(&figures.tallies, &expected);
        prop_assert_eq!(figures.checks, checks.len() as u64);
        prop_assert!(figures.is_backfilled);
    }

    #[test]
    fn a_backfill_gives_the_same_tallies_as_the_entries_before_it(checks in checks(), later in checks()) {
        let mut whole = history(&checks, true);
        whole.remove(0);
        let figures = counted(&whole).unwrap();
        let Fact::Business(business) = business_fact() else { unreachable!() };
        let promised = SealedGuarantee { places: [(PlaceId(PLACE), SiteId(PLACE))].into(), ..SealedGuarantee::default() };
        let sealed = figures.backfill(business, BTreeMap::new(), [(GUARANTEE, promised)].into());
        let seal = fact("seal", serde_json::to_value(&sealed).unwrap());
        let after = history(&later, true).split_off(published().len());
        let with = |before: Vec<Fact>| counted(&[before, vec![seal.clone()], after.clone()].concat());
        let (full, bare) = (with(whole).unwrap(), with(history(&checks, false)).unwrap());
        prop_assert_eq!(&full.tallies, &bare.tallies);
        prop_assert!(bare.is_backfilled);
        // If the days are known, a backfill with other counts is refused.
        let mut other = sealed;
        let tallies = &mut other.guarantees.get_mut(&GUARANTEE).unwrap().tallies;
        tallies.first_entry().unwrap().get_mut()[0] += 1;
        let forged = fact("seal", serde_json::to_value(&other).unwrap());
        let mut facts = history(&checks, true);
        facts.remove(0);
        facts.push(forged);
        prop_assert_eq!(counted(&facts), Err(ChainError::Contradiction { seq: i64::try_from(facts.len()).unwrap() }));
    }

    #[test]
    fn the_recovery_stage_follows_from_its_steps(steps in prop::collection::vec(prop::sample::select(StepKind::ALL.to_vec()), 0..30)) {
        let opened = json!({ "break": PLACE, "recovery": PLACE, "check": PLACE, "guarantee": GUARANTEE, "place": PLACE,
            "found_by": "staff" });
        let mut facts = published();
        facts.push(fact("break", opened));
        let (mut stage, mut late) = (recovery::Stage::Opened, false);
        for step in steps {
            let outcome = (step == StepKind::Closed).then_some(Outcome::Partly);
            let told = fact("recovery", json!({ "recovery": PLACE, "step": step.name(), "outcome": outcome }));
            let with = [facts.clone(), vec![told]].concat();
            match stage.after(step, outcome) {
                None => prop_assert!(counted(&with).is_err()),
                Some(next) => {
                    (stage, facts, late) = (next, with, late || step == StepKind::Late);
                }
            }
        }
        let figures = counted(&facts).unwrap();
        let recovered = figures.recoveries[&RecoveryId(PLACE)];
        prop_assert_eq!(recovered.stage, stage);
        let totals = figures.guarantees[&GUARANTEE].totals.unwrap();
        prop_assert_eq!((totals.breaks, totals.found_by_staff, totals.late), (1, 1, i64::from(late)));
        prop_assert_eq!(totals.partly, i64::from(stage.outcome().is_some()));
    }
}

/// A fact that cannot follow is reported with the number of its entry.
#[test]
fn an_impossible_fact_is_reported() {
    let today = at(0).date_naive();
    let day = Some(today);
    let kept = check(9, Verdict::Kept, false, 0, day);
    let counts = |day: NaiveDate| Counted { guarantee: GUARANTEE, day, in_window: false };
    let nobody = Uuid::from_u128(99);
    let cases = vec![
        ("a check of what was never published", vec![business_fact(), kept.clone()]),
        ("a check without its day", vec![check(9, Verdict::Kept, false, 0, None)]),
        (
            "a day far from its check",
            vec![check(9, Verdict::Kept, false, 0, day.map(|day| day + chrono::Days::new(2)))],
        ),
        (
            "a day long before its check",
            vec![check(9, Verdict::Kept, false, 0, day.map(|day| day - chrono::Days::new(2)))],
        ),
        ("a correction of nothing", vec![corrected(9, Verdict::Kept, Verdict::Broken, Some(counts(today)))]),
        ("a correction without its day", vec![kept.clone(), corrected(9, Verdict::Kept, Verdict::Broken, None)]),
        (
            "a correction of another verdict",
            vec![kept.clone(), corrected(9, Verdict::Broken, Verdict::Kept, Some(counts(today)))],
        ),
        ("a version again", vec![fact("version", json!({ "guarantee": GUARANTEE, "version": 1 }))]),
        ("published again", vec![fact("publish", json!({ "guarantee": GUARANTEE, "slug": "clean" }))]),
        ("resumed without a pause", vec![fact("resume", json!({ "guarantee": GUARANTEE, "slug": "clean" }))]),
        ("another name", vec![fact("suspend", json!({ "guarantee": GUARANTEE, "slug": "other" }))]),
        ("a step of no recovery", vec![fact("recovery", json!({ "recovery": nobody, "step": "late" }))]),
        ("an end of no closure", vec![fact("reopened", json!({ "closure": nobody }))]),
        ("places of nothing", vec![fact("places", json!({ "guarantee": nobody, "places": {} }))]),
        ("a schedule of nothing", vec![fact("schedule", json!({ "guarantee": nobody, "place": PLACE }))]),
    ];
    for (what, more) in cases {
        let facts = if matches!(more[0], Fact::Business(_)) { more } else { [published(), more].concat() };
        assert_eq!(
            counted(&facts),
            Err(ChainError::Contradiction { seq: i64::try_from(facts.len()).unwrap() }),
            "{what}"
        );
    }
    let twice = [published(), vec![business_fact(), kept]].concat();
    assert!(counted(&twice).is_ok(), "what a business goes by may change");
}

#[test]
fn an_unknown_or_malformed_entry_is_refused() {
    for (kind, body) in [
        ("gift", json!({})),
        ("check", json!({})),
        ("check", json!(null)),
        ("check", json!([])),
        ("publish", json!({})),
        ("seal", json!({ "business": {} })),
        ("business", json!({ "zone": 7 })),
        ("recovery", json!({ "step": "late" })),
        ("redaction", json!({ "redacted": -1 })),
        ("", json!({})),
    ] {
        assert!(Fact::read(kind, &body).is_err(), "{kind}: {body}");
    }
}

#[test]
fn a_fact_exposes_only_its_public_texts() {
    let step = |step: &str| fact("recovery", json!({ "recovery": PLACE, "step": step }));
    let check = check(9, Verdict::Kept, false, 0, None);
    for (fact, field, shown) in [
        (&check, "note", Some(false)),
        (&check, "photo", Some(false)),
        (&check, "why", None),
        (&corrected(9, Verdict::Kept, Verdict::Broken, None), "why", Some(true)),
        (&step("remedied"), "correction", Some(true)),
        (&step("remedied"), "gesture", Some(false)),
        (&step("remedied"), "apology", None),
        (&step("acknowledged"), "apology", Some(false)),
        (&step("answered"), "details", Some(false)),
        (&step("learned"), "cause", Some(true)),
        (&step("understood"), "cause", Some(false)),
        (&published()[1], "title", Some(true)),
        (&published()[2], "title", None),
    ] {
        assert_eq!(fact.shows(field), shown, "{field} of {fact:?}");
    }
}
