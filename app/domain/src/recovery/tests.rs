use chrono::TimeDelta;
use proptest::prelude::*;

use super::*;
use crate::fault::Fault;
use crate::hours::Hours;
use crate::ids::PersonId;
use crate::text::Prose;

mod turn;

fn now() -> DateTime<Utc> {
    "2026-11-02T12:00:00Z".parse().unwrap()
}

fn staff() -> Principal {
    Principal::Person(PersonId(uuid::Uuid::nil()))
}

fn prose() -> Prose {
    Prose::parse("something").unwrap()
}

fn recovery(found_by: FoundBy, customer_known: bool) -> Recovery {
    let terms = Terms { acknowledge_minutes: 30, remedy_minutes: 240, kept_checks_for_trust: 3 };
    Recovery {
        opened_at: now(),
        found_by,
        customer_known,
        customer_erased_at: None,
        link_open_since: None,
        terms,
        steps: Vec::new(),
    }
}

fn acknowledged() -> Step {
    let next_update_by = Some(now() + TimeDelta::hours(1));
    Step::Acknowledged(Acknowledgement { owner: None, apology: Some(prose()), next_update_by })
}

fn understood() -> Step {
    Step::Understood(Understanding {
        words: prose(),
        severity: Severity::Minor,
        preventable: false,
        cause: None,
        remedy_sought: None,
    })
}

fn remedied() -> Step {
    Step::Remedied(Remedy {
        correction: prose(),
        remedy: Some(prose()),
        gesture: None,
        cost: None,
        received_at: now(),
        proactive: false,
    })
}

fn answered(fixed: FixedAnswer, again: bool) -> Step {
    Step::Answered(Answer { fixed, fair: None, quick: None, respectful: None, honest: None, again, words: None })
}

fn learned() -> Step {
    Step::Learned(Lesson {
        cause: prose(),
        corrective_action: Some(prose()),
        why_none: None,
        heard: true,
        thanked: true,
        supported: true,
    })
}

fn take_steps(mut recovery: Recovery, steps: Vec<Step>) -> Recovery {
    for (hour, step) in (1..).zip(steps) {
        let by = if matches!(step, Step::Answered(_)) { Principal::Customer } else { staff() };
        let taken = recovery.take_step(step, by, now() + TimeDelta::hours(hour)).unwrap();
        recovery.steps.extend(taken);
    }
    recovery
}

fn remedied_for(found_by: FoundBy) -> Recovery {
    take_steps(recovery(found_by, false), vec![acknowledged(), understood(), remedied()])
}

#[test]
fn a_recovery_closes_after_answer_and_lesson_in_any_order() {
    let asked = take_steps(remedied_for(FoundBy::Customer), vec![Step::FollowUpSent]);
    let customer_last = take_steps(asked.clone(), vec![learned(), answered(FixedAnswer::Yes, true)]);
    let process_last = take_steps(asked, vec![answered(FixedAnswer::Yes, true), learned()]);
    assert_eq!(customer_last.stage(), Stage::Closed(Outcome::Restored));
    assert_eq!(process_last.stage(), Stage::Closed(Outcome::Restored));
}

#[test]
fn the_customers_answer_decides_the_outcome() {
    let outcome = |fixed, again| match answered(fixed, again) {
        Step::Answered(answer) => answer.outcome(),
        _ => unreachable!(),
    };
    assert_eq!(outcome(FixedAnswer::Yes, true), Outcome::Restored);
    assert_eq!(outcome(FixedAnswer::Yes, false), Outcome::Partly);
    assert_eq!(outcome(FixedAnswer::Partly, true), Outcome::Partly);
    assert_eq!(outcome(FixedAnswer::No, true), Outcome::NotRestored);
}

#[test]
fn staff_cannot_answer_for_the_customer() {
    let asked = take_steps(remedied_for(FoundBy::Customer), vec![Step::FollowUpSent]);
    assert_eq!(asked.take_step(answered(FixedAnswer::Yes, true), staff(), now()), Err(RecoveryError::NotTheCustomer));
}

#[test]
fn the_record_restores_trust_only_without_a_known_customer() {
    let told = remedied_for(FoundBy::Customer);
    assert_eq!(told.take_step(Step::RecordWatchStarted, staff(), now()), Err(RecoveryError::CustomerKnown));
    let watched = take_steps(remedied_for(FoundBy::Staff), vec![Step::RecordWatchStarted, learned()]);
    let speak = |kept| watched.take_step(Step::RestoredByRecord { kept }, Principal::System, now());
    assert_eq!(speak(2), Err(RecoveryError::TooFewKeptChecks { kept: 2, needed: 3 }));
    assert_eq!(speak(3).unwrap().last().unwrap().step, Step::Closed { outcome: Outcome::RestoredByRecord });
}

#[test]
fn no_answer_is_recorded_only_after_the_time_to_answer() {
    let ended = take_steps(remedied_for(FoundBy::Customer), vec![Step::FollowUpSent, learned()]);
    assert_eq!(ended.take_step(Step::NoAnswer, staff(), now() + TimeDelta::days(99)), Err(RecoveryError::LinkEnded));
    let since = now() + TimeDelta::hours(1);
    let asked = Recovery { link_open_since: Some(since), ..ended };
    let until = since + Recovery::TIME_TO_ANSWER;
    assert_eq!(asked.take_step(Step::NoAnswer, staff(), now()), Err(RecoveryError::StillTimeToAnswer { until }));
    let silent = asked.take_step(Step::NoAnswer, staff(), until).unwrap();
    assert_eq!(silent.last().unwrap().step, Step::Closed { outcome: Outcome::NoAnswer });
}

#[test]
fn a_reopened_recovery_starts_over() {
    let closed = take_steps(
        remedied_for(FoundBy::Customer),
        vec![Step::FollowUpSent, learned(), answered(FixedAnswer::No, true)],
    );
    assert_eq!(closed.stage(), Stage::Closed(Outcome::NotRestored));
    let reopened = take_steps(closed, vec![Step::Reopened { why: prose() }]);
    assert_eq!(reopened.stage(), Stage::Opened);
    assert!(!reopened.has_lesson() && reopened.trust_outcome().is_none());
    let not_good_after_all = take_steps(remedied_for(FoundBy::Staff), vec![Step::Reopened { why: prose() }]);
    assert_eq!(not_good_after_all.stage(), Stage::Opened);
    let early = not_good_after_all.take_step(Step::Reopened { why: prose() }, staff(), now()).unwrap_err();
    assert_eq!(early, RecoveryError::Transition { stage: Stage::Opened, step: "reopened" });
}

/// The same recovery after its customer's data was erased.
fn forgotten(recovery: Recovery) -> Recovery {
    Recovery { customer_erased_at: Some(now() + TimeDelta::hours(3)), ..recovery }
}

#[test]
fn an_erased_customer_is_not_asked_or_answered_for() {
    let remedied = forgotten(remedied_for(FoundBy::Customer));
    for step in [Step::FollowUpSent, Step::RecordWatchStarted] {
        assert_eq!(remedied.take_step(step, staff(), now()), Err(RecoveryError::CustomerErased));
    }
    let told = Step::Updated(Update { told: prose(), next_update_by: None });
    let early = forgotten(take_steps(recovery(FoundBy::Customer, true), vec![acknowledged()]));
    assert_eq!(early.take_step(told, staff(), now()), Err(RecoveryError::CustomerErased));
    let asked = forgotten(take_steps(remedied_for(FoundBy::Customer), vec![Step::FollowUpSent]));
    assert_eq!(
        asked.take_step(answered(FixedAnswer::Yes, true), Principal::Customer, now()),
        Err(RecoveryError::CustomerErased)
    );
    let closed = |recovery: Recovery| take_steps(recovery, vec![Step::NoAnswer, learned()]).stage();
    assert_eq!(closed(remedied), Stage::Closed(Outcome::NoAnswer), "without a follow-up");
    assert_eq!(closed(asked), Stage::Closed(Outcome::NoAnswer), "without waiting for the time to answer");
    let known = remedied_for(FoundBy::Customer).take_step(Step::NoAnswer, staff(), now());
    assert_eq!(
        known,
        Err(RecoveryError::Transition { stage: Stage::Remedied, step: "no_answer" }),
        "nobody else goes unasked"
    );
}

#[test]
fn an_answer_stays_valid_after_the_customer_is_erased() {
    let answered =
        take_steps(remedied_for(FoundBy::Customer), vec![Step::FollowUpSent, answered(FixedAnswer::Yes, true)]);
    let closed = take_steps(forgotten(answered), vec![learned()]);
    assert_eq!(closed.stage(), Stage::Closed(Outcome::Restored));
}

#[test]
fn an_erased_customer_is_owed_no_apology_or_update() {
    let silent = Step::Acknowledged(Acknowledgement { owner: None, apology: None, next_update_by: None });
    assert!(forgotten(recovery(FoundBy::Customer, true)).take_step(silent, staff(), now()).is_ok());
    let hours = Hours::always();
    let clock = |recovery: &Recovery, kind| recovery.deadlines(&hours, &Utc).into_iter().find(|one| one.kind == kind);
    let told = take_steps(recovery(FoundBy::Customer, true), vec![acknowledged()]);
    assert!(clock(&told, DeadlineKind::NextUpdate).is_some_and(|deadline| deadline.is_open()));
    assert_eq!(clock(&forgotten(told), DeadlineKind::NextUpdate), None);
    let asked = take_steps(recovery(FoundBy::Customer, true), vec![acknowledged(), Step::AskedCustomer]);
    let remedy = |recovery: &Recovery| clock(recovery, DeadlineKind::Remedy).unwrap().due;
    assert_eq!(remedy(&asked), None, "the clock waits for the answer");
    assert_eq!(remedy(&forgotten(asked)), Some(now() + TimeDelta::hours(5)), "and runs again when there can be none");
}

#[test]
fn texts_written_after_an_erasure_can_be_erased_too() {
    let early = forgotten(take_steps(recovery(FoundBy::Customer, true), vec![acknowledged()]));
    assert!(!early.can_erase_customer());
    let mut later = early;
    later.steps.extend(later.take_step(understood(), staff(), now() + TimeDelta::hours(9)).unwrap());
    assert!(later.can_erase_customer());
}

#[test]
fn a_remedy_without_a_private_text_leaves_nothing_to_erase() {
    let understood = take_steps(recovery(FoundBy::Customer, true), vec![acknowledged(), understood()]);
    let mut remedied_later = forgotten(understood);
    remedied_later.steps.extend(remedied_later.take_step(remedied(), staff(), now() + TimeDelta::hours(9)).unwrap());
    assert!(!remedied_later.can_erase_customer(), "its gesture was left out");
    assert!(!recovery(FoundBy::Staff, false).can_erase_customer(), "nobody is known");
    assert!(recovery(FoundBy::Customer, false).can_erase_customer(), "whoever told us can be forgotten unnamed");
}

#[test]
fn the_next_update_lies_within_sixty_days() {
    let fault = |by: DateTime<Utc>| {
        let draft = UpdateDraft { told: "The part is ordered.".into(), next_update_by: by.to_rfc3339() };
        draft.parse(&Utc, now()).map_err(|faults| faults.of_field("next_update_by").unwrap())
    };
    assert_eq!(fault(now()), Err(Fault::NotInFuture));
    assert_eq!(fault(now() + TimeDelta::days(61)), Err(Fault::TooFarAhead { days: 60 }));
    assert!(fault(now() + TimeDelta::days(60)).is_ok());
}

#[test]
fn steps_out_of_order_are_refused() {
    let refused = recovery(FoundBy::Staff, false).take_step(remedied(), staff(), now()).unwrap_err();
    assert_eq!(refused, RecoveryError::Transition { stage: Stage::Opened, step: "remedied" });
    let nobody_closes =
        remedied_for(FoundBy::Staff).take_step(Step::Closed { outcome: Outcome::Restored }, staff(), now());
    assert!(nobody_closes.is_err());
}

#[test]
fn an_apology_is_required_only_for_a_customer() {
    let silent = Step::Acknowledged(Acknowledgement { owner: None, apology: None, next_update_by: None });
    assert_eq!(
        recovery(FoundBy::Customer, false).take_step(silent.clone(), staff(), now()),
        Err(RecoveryError::NoApology)
    );
    assert!(recovery(FoundBy::Staff, false).take_step(silent, staff(), now()).is_ok());
}

#[test]
fn deadlines_pause_while_the_customer_is_asked() {
    let hours = Hours::always();
    let due = |recovery: &Recovery| {
        recovery.deadlines(&hours, &Utc).into_iter().find(|deadline| deadline.kind == DeadlineKind::Remedy).unwrap().due
    };
    let running = take_steps(recovery(FoundBy::Customer, false), vec![acknowledged()]);
    assert_eq!(due(&running), Some(now() + TimeDelta::hours(4)));
    let waiting = take_steps(recovery(FoundBy::Customer, false), vec![acknowledged(), Step::AskedCustomer]);
    assert_eq!(due(&waiting), None);
    assert_eq!(waiting.next_deadline(&hours, &Utc).map(|deadline| deadline.kind), Some(DeadlineKind::Remedy));
    let replied = take_steps(
        recovery(FoundBy::Customer, false),
        vec![acknowledged(), Step::AskedCustomer, understood(), Step::CustomerReplied],
    );
    assert_eq!(due(&replied), Some(now() + TimeDelta::hours(6)), "two hours with the customer");
}

#[test]
fn a_missed_deadline_is_recorded_once() {
    let recovery = recovery(FoundBy::Staff, false);
    let deadline = recovery.deadlines(&Hours::always(), &Utc)[0];
    assert!(!deadline.is_late(now() + TimeDelta::minutes(30)) && deadline.is_late(now() + TimeDelta::minutes(31)));
    let late = Step::Late { clock: DeadlineKind::Acknowledge };
    let late_once = take_steps(recovery, vec![late.clone()]);
    assert!(late_once.was_late());
    assert_eq!(late_once.take_step(late, Principal::System, now()), Err(RecoveryError::AnsweredAlready));
}

#[test]
fn the_recovery_paradox_holds_only_for_a_minor_first_break() {
    let first = TierInputs { severity: Severity::Minor, repeated: false, similar: 0, preventable: false };
    assert!(Tier::of(first).paradox_holds());
    assert!(!Tier::of(TierInputs { repeated: true, ..first }).paradox_holds());
    assert_eq!(Tier::of(TierInputs { severity: Severity::LifeEvent, ..first }).level, Level::Grave);
}

fn every_step() -> Vec<Step> {
    vec![
        acknowledged(),
        understood(),
        Step::Updated(Update { told: prose(), next_update_by: None }),
        Step::AskedCustomer,
        Step::CustomerReplied,
        remedied(),
        Step::FollowUpSent,
        Step::RecordWatchStarted,
        answered(FixedAnswer::Yes, true),
        answered(FixedAnswer::No, false),
        Step::RestoredByRecord { kept: 5 },
        Step::NoAnswer,
        learned(),
        Step::Closed { outcome: Outcome::Restored },
        Step::Reopened { why: prose() },
        Step::Late { clock: DeadlineKind::Remedy },
    ]
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![prop::sample::select(every_step()), (0_u32..6).prop_map(|kept| Step::RestoredByRecord { kept })]
}

fn any_principal() -> impl Strategy<Value = Principal> {
    prop_oneof![Just(staff()), Just(Principal::System), Just(Principal::Customer)]
}

proptest! {
    /// Trust is the customer's word, and a recovery closes on three answers: any step, in any order, by any principal.
    #[test]
    fn only_the_customers_answer_restores_trust(
        tries in prop::collection::vec((any_step(), any_principal()), 0..60),
        told in any::<bool>(),
        known in any::<bool>(),
        erase_after in 0..90_usize,
    ) {
        let mut recovery = recovery(if told { FoundBy::Customer } else { FoundBy::Staff }, known);
        let mut at = now();
        for (tried, (step, by)) in tries.into_iter().enumerate() {
            at += TimeDelta::days(3);
            if tried == erase_after && (told || known) {
                recovery.customer_erased_at = Some(at);
            }
            let taken = recovery.take_step(step, by, at).unwrap_or_default();
            if taken.iter().any(|taken| taken.step == Step::FollowUpSent) {
                recovery.link_open_since = Some(at);
            }
            recovery.steps.extend(taken);
            if let Stage::Closed(outcome) = recovery.stage() {
                let word = recovery.current_round().iter().find(|taken| matches!(taken.step, Step::Answered(_)));
                prop_assert!(recovery.has_lesson());
                prop_assert_eq!(outcome == Outcome::RestoredByRecord || outcome == Outcome::NoAnswer, word.is_none());
                prop_assert!(word.is_none_or(|taken| taken.by == Principal::Customer));
                prop_assert!(outcome != Outcome::RestoredByRecord || !(told || known));
            }
        }
    }

    #[test]
    fn a_step_is_restored_from_its_split_texts(step in any_step()) {
        let (bare, texts) = crate::record::split_texts(&step, step.texts()).unwrap();
        prop_assert!(!serde_json::to_string(&bare).unwrap().contains("something"));
        let texts = texts.into_iter().map(|free| (free.field.to_owned(), free.text));
        prop_assert_eq!(crate::record::join_texts::<Step>(bare, texts).unwrap(), step);
    }
}
