//! Whose move it is, and what can be done.

use super::*;

fn turn(recovery: &Recovery) -> Turn {
    recovery.turn(now() + TimeDelta::hours(12))
}

fn asked() -> Recovery {
    let asked = take_steps(remedied_for(FoundBy::Customer), vec![Step::FollowUpSent]);
    Recovery { link_open_since: Some(now() + TimeDelta::hours(4)), ..asked }
}

#[test]
fn staff_have_the_turn_until_the_follow_up() {
    let of = |steps| turn(&take_steps(recovery(FoundBy::Customer, false), steps));
    assert_eq!(of(vec![]), Turn::Business(Task::Acknowledge));
    assert_eq!(of(vec![acknowledged()]), Turn::Business(Task::Understand));
    assert_eq!(of(vec![acknowledged(), understood()]), Turn::Business(Task::Remedy));
    assert_eq!(of(vec![acknowledged(), understood(), remedied()]), Turn::Business(Task::FollowUp));
}

#[test]
fn a_question_is_the_customers_turn_unless_an_update_is_due() {
    let question = take_steps(recovery(FoundBy::Customer, false), vec![acknowledged(), Step::AskedCustomer]);
    assert_eq!(turn(&question), Turn::Customer);
    let promised = Step::Updated(Update { told: prose(), next_update_by: Some(now() + TimeDelta::hours(9)) });
    let question = take_steps(question, vec![promised]);
    assert_eq!(turn(&question), Turn::Business(Task::Update));
    let told = take_steps(question, vec![Step::Updated(Update { told: prose(), next_update_by: None })]);
    assert_eq!(turn(&told), Turn::Customer);
    assert_eq!(turn(&take_steps(told, vec![Step::CustomerReplied])), Turn::Business(Task::Understand));
}

#[test]
fn after_the_answer_staff_must_record_the_lesson() {
    assert_eq!(turn(&asked()), Turn::Customer);
    assert_eq!(turn(&take_steps(asked(), vec![answered(FixedAnswer::Yes, true)])), Turn::Business(Task::Learn));
    let closed = take_steps(asked(), vec![answered(FixedAnswer::No, true), learned()]);
    assert_eq!(turn(&closed), Turn::Closed);
    assert_eq!(turn(&take_steps(closed, vec![Step::Reopened { why: prose() }])), Turn::Business(Task::Acknowledge));
}

#[test]
fn staff_have_the_turn_if_the_customer_cannot_answer() {
    let ended = Recovery { link_open_since: None, ..asked() };
    assert_eq!(turn(&ended), Turn::Business(Task::RenewLink));
    assert_eq!(turn(&forgotten(asked())), Turn::Business(Task::RecordNoAnswer));
    let silent = asked().turn(now() + TimeDelta::hours(4) + Recovery::TIME_TO_ANSWER);
    assert_eq!(silent, Turn::Business(Task::RecordNoAnswer));
}

#[test]
fn a_watched_record_has_the_turn_until_it_restores_trust() {
    let watched = take_steps(remedied_for(FoundBy::Staff), vec![Step::RecordWatchStarted]);
    assert_eq!(turn(&watched), Turn::Record);
    assert_eq!(turn(&take_steps(watched, vec![Step::RestoredByRecord { kept: 3 }])), Turn::Business(Task::Learn));
}

/// A step that was asked for, with everything in it that may be required.
fn step_for(recovery: &Recovery, request: StepRequest) -> Step {
    match request {
        StepRequest::Acknowledge => acknowledged(),
        StepRequest::Understand => understood(),
        StepRequest::Update => Step::Updated(Update { told: prose(), next_update_by: None }),
        StepRequest::AskCustomer => Step::AskedCustomer,
        StepRequest::CustomerReplied => Step::CustomerReplied,
        StepRequest::Remedy => remedied(),
        StepRequest::FollowUp => recovery.follow_up_step(),
        StepRequest::Learn => learned(),
        StepRequest::NoAnswer => Step::NoAnswer,
        StepRequest::Reopen => Step::Reopened { why: prose() },
    }
}

proptest! {
    /// What is offered is taken, what is not offered is refused, and our next task can always be done.
    #[test]
    fn a_step_is_offered_exactly_when_it_can_be_taken(
        requests in prop::collection::vec((prop::sample::select(StepRequest::ALL.to_vec()), 0_i64..100), 0..40),
        told in any::<bool>(),
        erase_after in 0..60_usize,
    ) {
        let mut recovery = recovery(if told { FoundBy::Customer } else { FoundBy::Staff }, false);
        let mut at = now();
        for (tried, (request, hours)) in requests.into_iter().enumerate() {
            at += TimeDelta::hours(hours);
            if tried == erase_after && told {
                recovery.customer_erased_at = Some(at);
            }
            let task = match recovery.turn(at) {
                Turn::Business(Task::Acknowledge) => Some(StepRequest::Acknowledge),
                Turn::Business(Task::Understand) => Some(StepRequest::Understand),
                Turn::Business(Task::Update) => Some(StepRequest::Update),
                Turn::Business(Task::Remedy) => Some(StepRequest::Remedy),
                Turn::Business(Task::FollowUp) => Some(StepRequest::FollowUp),
                Turn::Business(Task::RecordNoAnswer) => Some(StepRequest::NoAnswer),
                Turn::Business(Task::Learn) => Some(StepRequest::Learn),
                Turn::Business(Task::RenewLink) => {
                    prop_assert!(recovery.require_renewable_link().is_ok());
                    None
                }
                Turn::Customer | Turn::Record | Turn::Closed => None,
            };
            prop_assert!(task.is_none_or(|task| recovery.can(task, at)), "{:?}", task);
            // A queue need not ask again until then.
            for later in [TimeDelta::zero(), TimeDelta::hours(hours), Recovery::TIME_TO_ANSWER] {
                let is_ours = recovery.turn(at + later).task().is_some();
                prop_assert_eq!(is_ours, recovery.our_turn_from().is_some_and(|from| from <= at + later));
                let missed = recovery.unrecorded_misses(&Hours::always(), &Utc, at + later);
                let is_missed = recovery.missed_from(&Hours::always(), &Utc).is_some_and(|from| from < at + later);
                let is_open = recovery.stage().outcome().is_none();
                prop_assert_eq!(is_missed, is_open && !missed.is_empty(), "{:?}", missed);
            }
            let taken = recovery.take_step(step_for(&recovery, request), staff(), at);
            prop_assert_eq!(recovery.can(request, at), taken.is_ok(), "{:?} at {:?}: {:?}", request, recovery.stage(), taken);
            let taken = taken.unwrap_or_default();
            if taken.iter().any(|taken| taken.step == Step::FollowUpSent) {
                recovery.link_open_since = Some(at);
            }
            recovery.steps.extend(taken);
        }
    }
}
