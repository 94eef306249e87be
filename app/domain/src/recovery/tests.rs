use std::collections::BTreeSet;

use chrono::TimeDelta;
use proptest::prelude::*;

use super::*;
use crate::hours::Hours;
use crate::ids::PersonId;
use crate::text::Prose;

fn now() -> DateTime<Utc> {
    "2026-11-02T12:00:00Z".parse().unwrap()
}

fn staff() -> Who {
    Who::Person(PersonId(uuid::Uuid::nil()))
}

fn prose() -> Prose {
    Prose::parse("something").unwrap()
}

fn recovery(found_by: FoundBy, customer_known: bool) -> Recovery {
    let terms = Terms { acknowledge_minutes: 30, remedy_minutes: 240, proof: 3 };
    Recovery {
        opened_at: now(),
        found_by,
        customer_known,
        forgotten_at: None,
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

fn answered(fixed: Fixed, again: bool) -> Step {
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

fn walk(mut recovery: Recovery, steps: Vec<Step>) -> Recovery {
    for (hour, step) in (1..).zip(steps) {
        let by = if matches!(step, Step::Answered(_)) { Who::Customer } else { staff() };
        let taken = recovery.take(step, by, now() + TimeDelta::hours(hour)).unwrap();
        recovery.steps.extend(taken);
    }
    recovery
}

fn remedied_for(found_by: FoundBy) -> Recovery {
    walk(recovery(found_by, false), vec![acknowledged(), understood(), remedied()])
}

#[test]
fn a_recovery_closes_on_the_third_answer_whichever_it_is() {
    let asked = walk(remedied_for(FoundBy::Customer), vec![Step::FollowUpSent]);
    let customer_last = walk(asked.clone(), vec![learned(), answered(Fixed::Yes, true)]);
    let process_last = walk(asked, vec![answered(Fixed::Yes, true), learned()]);
    assert_eq!(customer_last.stage(), Stage::Closed(Outcome::Restored));
    assert_eq!(process_last.stage(), Stage::Closed(Outcome::Restored));
}

#[test]
fn the_outcome_is_what_the_customer_says() {
    let outcome = |fixed, again| match answered(fixed, again) {
        Step::Answered(answer) => answer.outcome(),
        _ => unreachable!(),
    };
    assert_eq!(outcome(Fixed::Yes, true), Outcome::Restored);
    assert_eq!(outcome(Fixed::Yes, false), Outcome::Partly);
    assert_eq!(outcome(Fixed::Partly, true), Outcome::Partly);
    assert_eq!(outcome(Fixed::No, true), Outcome::NotRestored);
}

#[test]
fn staff_cannot_answer_for_the_customer() {
    let asked = walk(remedied_for(FoundBy::Customer), vec![Step::FollowUpSent]);
    assert_eq!(asked.take(answered(Fixed::Yes, true), staff(), now()), Err(Refused::NotTheCustomer));
}

#[test]
fn the_record_speaks_only_where_no_customer_can_be_known() {
    let told = remedied_for(FoundBy::Customer);
    assert_eq!(told.take(Step::RecordWatched, staff(), now()), Err(Refused::AskTheCustomer));
    let watched = walk(remedied_for(FoundBy::Staff), vec![Step::RecordWatched, learned()]);
    let speak = |kept| watched.take(Step::RecordSpoke { kept }, Who::Trialmark, now());
    assert_eq!(speak(2), Err(Refused::TooLittleRecord { kept: 2, needed: 3 }));
    assert_eq!(speak(3).unwrap().last().unwrap().step, Step::Closed { outcome: Outcome::RestoredByRecord });
}

#[test]
fn silence_is_its_own_outcome_and_not_a_quick_one() {
    let ended = walk(remedied_for(FoundBy::Customer), vec![Step::FollowUpSent, learned()]);
    assert_eq!(ended.take(Step::NoAnswer, staff(), now() + TimeDelta::days(99)), Err(Refused::LinkEnded));
    let since = now() + TimeDelta::hours(1);
    let asked = Recovery { link_open_since: Some(since), ..ended };
    let until = since + Recovery::TIME_TO_ANSWER;
    assert_eq!(asked.take(Step::NoAnswer, staff(), now()), Err(Refused::StillTimeToAnswer { until }));
    let silent = asked.take(Step::NoAnswer, staff(), until).unwrap();
    assert_eq!(silent.last().unwrap().step, Step::Closed { outcome: Outcome::NoAnswer });
}

#[test]
fn reopened_means_asked_anew() {
    let closed = walk(remedied_for(FoundBy::Customer), vec![Step::FollowUpSent, learned(), answered(Fixed::No, true)]);
    assert_eq!(closed.stage(), Stage::Closed(Outcome::NotRestored));
    let reopened = walk(closed, vec![Step::Reopened { why: prose() }]);
    assert_eq!(reopened.stage(), Stage::Opened);
    assert!(!reopened.has_learned() && reopened.verdict_on_trust().is_none());
    let not_good_after_all = walk(remedied_for(FoundBy::Staff), vec![Step::Reopened { why: prose() }]);
    assert_eq!(not_good_after_all.stage(), Stage::Opened);
    let early = not_good_after_all.take(Step::Reopened { why: prose() }, staff(), now()).unwrap_err();
    assert_eq!(early, Refused::Move { stage: Stage::Opened, step: "reopened" });
}

/// The same, after its customer was forgotten.
fn forgotten(recovery: Recovery) -> Recovery {
    Recovery { forgotten_at: Some(now() + TimeDelta::hours(3)), ..recovery }
}

#[test]
fn of_whom_is_forgotten_nobody_asks_and_nothing_speaks_for_them() {
    let remedied = forgotten(remedied_for(FoundBy::Customer));
    for step in [Step::FollowUpSent, Step::RecordWatched] {
        assert_eq!(remedied.take(step, staff(), now()), Err(Refused::Forgotten));
    }
    let told = Step::Updated(Update { told: prose(), next_update_by: None });
    let early = forgotten(walk(recovery(FoundBy::Customer, true), vec![acknowledged()]));
    assert_eq!(early.take(told, staff(), now()), Err(Refused::Forgotten));
    let asked = forgotten(walk(remedied_for(FoundBy::Customer), vec![Step::FollowUpSent]));
    assert_eq!(asked.take(answered(Fixed::Yes, true), Who::Customer, now()), Err(Refused::Forgotten));
    let closed = |recovery: Recovery| walk(recovery, vec![Step::NoAnswer, learned()]).stage();
    assert_eq!(closed(remedied), Stage::Closed(Outcome::NoAnswer), "without a follow-up");
    assert_eq!(closed(asked), Stage::Closed(Outcome::NoAnswer), "without waiting for the time to answer");
    let known = remedied_for(FoundBy::Customer).take(Step::NoAnswer, staff(), now());
    assert_eq!(known, Err(Refused::Move { stage: Stage::Remedied, step: "no_answer" }), "nobody else goes unasked");
}

#[test]
fn what_the_customer_had_answered_stands_when_they_are_forgotten() {
    let answered = walk(remedied_for(FoundBy::Customer), vec![Step::FollowUpSent, answered(Fixed::Yes, true)]);
    let closed = walk(forgotten(answered), vec![learned()]);
    assert_eq!(closed.stage(), Stage::Closed(Outcome::Restored));
}

#[test]
fn to_whom_is_forgotten_no_apology_and_no_word_is_owed() {
    let silent = Step::Acknowledged(Acknowledgement { owner: None, apology: None, next_update_by: None });
    assert!(forgotten(recovery(FoundBy::Customer, true)).take(silent, staff(), now()).is_ok());
    let hours = Hours::always();
    let clock = |recovery: &Recovery, kind| recovery.clocks(&hours, &Utc).into_iter().find(|one| one.kind == kind);
    let told = walk(recovery(FoundBy::Customer, true), vec![acknowledged()]);
    assert!(clock(&told, ClockKind::NextUpdate).is_some_and(|clock| clock.is_open()));
    assert_eq!(clock(&forgotten(told), ClockKind::NextUpdate), None);
    let asked = walk(recovery(FoundBy::Customer, true), vec![acknowledged(), Step::AskedCustomer]);
    let remedy = |recovery: &Recovery| clock(recovery, ClockKind::Remedy).unwrap().due;
    assert_eq!(remedy(&asked), None, "the clock waits for the answer");
    assert_eq!(remedy(&forgotten(asked)), Some(now() + TimeDelta::hours(5)), "and runs again when there can be none");
}

#[test]
fn what_is_written_after_a_customer_was_forgotten_can_be_forgotten_too() {
    let early = forgotten(walk(recovery(FoundBy::Customer, true), vec![acknowledged()]));
    assert!(!early.has_private_words());
    let mut later = early;
    later.steps.extend(later.take(understood(), staff(), now() + TimeDelta::hours(9)).unwrap());
    assert!(later.has_private_words());
}

#[test]
fn every_text_of_a_step_is_public_or_goes_with_the_customer() {
    let steps = every_step();
    let texts = steps.iter().flat_map(|step| step.texts().iter().map(|(field, public)| (step.name(), *field, *public)));
    let private: BTreeSet<_> = texts.filter(|(.., public)| !public).map(|(step, field, _)| (step, field)).collect();
    assert_eq!(private, BTreeSet::from(crate::customer::FORGOTTEN));
}

#[test]
fn steps_out_of_order_are_refused_by_name() {
    let refused = recovery(FoundBy::Staff, false).take(remedied(), staff(), now()).unwrap_err();
    assert_eq!(refused, Refused::Move { stage: Stage::Opened, step: "remedied" });
    let nobody_closes = remedied_for(FoundBy::Staff).take(Step::Closed { outcome: Outcome::Restored }, staff(), now());
    assert!(nobody_closes.is_err());
}

#[test]
fn an_apology_is_owed_to_a_customer_and_to_nobody_else() {
    let silent = Step::Acknowledged(Acknowledgement { owner: None, apology: None, next_update_by: None });
    assert_eq!(recovery(FoundBy::Customer, false).take(silent.clone(), staff(), now()), Err(Refused::NoApology));
    assert!(recovery(FoundBy::Staff, false).take(silent, staff(), now()).is_ok());
}

#[test]
fn clocks_wait_while_the_customer_has_the_question() {
    let hours = Hours::always();
    let due = |recovery: &Recovery| {
        recovery.clocks(&hours, &Utc).into_iter().find(|clock| clock.kind == ClockKind::Remedy).unwrap().due
    };
    let running = walk(recovery(FoundBy::Customer, false), vec![acknowledged()]);
    assert_eq!(due(&running), Some(now() + TimeDelta::hours(4)));
    let waiting = walk(recovery(FoundBy::Customer, false), vec![acknowledged(), Step::AskedCustomer]);
    assert_eq!(due(&waiting), None);
    assert_eq!(waiting.pressing(&hours, &Utc).map(|clock| clock.kind), Some(ClockKind::Remedy));
    let replied = walk(
        recovery(FoundBy::Customer, false),
        vec![acknowledged(), Step::AskedCustomer, understood(), Step::CustomerReplied],
    );
    assert_eq!(due(&replied), Some(now() + TimeDelta::hours(6)), "two hours with the customer");
}

#[test]
fn a_late_clock_says_so_once() {
    let recovery = recovery(FoundBy::Staff, false);
    let clock = recovery.clocks(&Hours::always(), &Utc)[0];
    assert!(!clock.is_late(now() + TimeDelta::minutes(30)) && clock.is_late(now() + TimeDelta::minutes(31)));
    let late = Step::Late { clock: ClockKind::Acknowledge };
    let late_once = walk(recovery, vec![late.clone()]);
    assert!(late_once.was_late());
    assert_eq!(late_once.take(late, Who::Trialmark, now()), Err(Refused::AnsweredAlready));
}

#[test]
fn the_paradox_holds_only_for_a_first_small_unforeseeable_failure() {
    let first = Circumstances { severity: Severity::Minor, repeated: false, similar: 0, preventable: false };
    assert!(Tier::of(first).paradox_holds());
    assert!(!Tier::of(Circumstances { repeated: true, ..first }).paradox_holds());
    assert_eq!(Tier::of(Circumstances { severity: Severity::LifeEvent, ..first }).level, Level::Grave);
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
        Step::RecordWatched,
        answered(Fixed::Yes, true),
        answered(Fixed::No, false),
        Step::RecordSpoke { kept: 5 },
        Step::NoAnswer,
        learned(),
        Step::Closed { outcome: Outcome::Restored },
        Step::Reopened { why: prose() },
        Step::Late { clock: ClockKind::Remedy },
    ]
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![prop::sample::select(every_step()), (0_u32..6).prop_map(|kept| Step::RecordSpoke { kept })]
}

fn any_hand() -> impl Strategy<Value = Who> {
    prop_oneof![Just(staff()), Just(Who::Trialmark), Just(Who::Customer)]
}

proptest! {
    /// Rules 5 and 7: whatever is tried, in whatever order, by whomever.
    #[test]
    fn trust_is_only_ever_the_customers_word(
        tries in prop::collection::vec((any_step(), any_hand()), 0..60),
        told in any::<bool>(),
        known in any::<bool>(),
        forget_after in 0..90_usize,
    ) {
        let mut recovery = recovery(if told { FoundBy::Customer } else { FoundBy::Staff }, known);
        let mut at = now();
        for (tried, (step, by)) in tries.into_iter().enumerate() {
            at += TimeDelta::days(3);
            if tried == forget_after && (told || known) {
                recovery.forgotten_at = Some(at);
            }
            let taken = recovery.take(step, by, at).unwrap_or_default();
            if taken.iter().any(|taken| taken.step == Step::FollowUpSent) {
                recovery.link_open_since = Some(at);
            }
            recovery.steps.extend(taken);
            if let Stage::Closed(outcome) = recovery.stage() {
                let word = recovery.round().iter().find(|taken| matches!(taken.step, Step::Answered(_)));
                prop_assert!(recovery.has_learned());
                prop_assert_eq!(outcome == Outcome::RestoredByRecord || outcome == Outcome::NoAnswer, word.is_none());
                prop_assert!(word.is_none_or(|taken| taken.by == Who::Customer));
                prop_assert!(outcome != Outcome::RestoredByRecord || !(told || known));
            }
        }
    }

    #[test]
    fn a_step_survives_being_kept_apart_from_its_texts(step in any_step()) {
        let (bare, texts) = crate::record::part(&step, step.texts()).unwrap();
        prop_assert!(!serde_json::to_string(&bare).unwrap().contains("something"));
        let texts = texts.into_iter().map(|free| (free.field.to_owned(), free.text));
        prop_assert_eq!(crate::record::join::<Step>(bare, texts).unwrap(), step);
    }
}
