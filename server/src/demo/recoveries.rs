//! Plays recoveries: the steps, the time between them, and now and then one that is late or not answered.

use chrono::{DateTime, TimeDelta, Utc};
use domain::actor::Actor;
use domain::ids::RecoveryId;
use domain::recovery::{
    AcknowledgementDraft, FollowUpDraft, LessonDraft, Recovery, RemedyDraft, ReopenDraft, StepDraft, UnderstandingDraft,
};
use rand::Rng;
use rand::rngs::SmallRng;
use store::{ClockAndRandom, StepTaken, Store};

use super::break_texts::{BreakTexts, REMEDIES};
use super::source::DemoSource;

/// The next step of a recovery, and when it is taken.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PlannedStep {
    pub at: DateTime<Utc>,
    recovery: RecoveryId,
    promise: usize,
    texts: &'static BreakTexts,
    reported: bool,
    step: StepKind,
    /// The customer's private link, once there is one.
    link: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum StepKind {
    Acknowledge,
    Understand,
    Remedy,
    FollowUp,
    Learn,
    Answer,
    GiveUp,
    Reopen,
}

/// Takes the planned steps. Counts recoveries at the grill, because one customer gets two of them.
#[derive(Default)]
pub struct RecoveryPlayer {
    reported_at_the_grill: u32,
}

/// The customer with two breaks, and others who reported one.
const REPEAT_CUSTOMER: (&str, &str) = ("Harold Quinn", "555-0187");
const CUSTOMERS: [(&str, &str); 4] =
    [("Priya Nair", "555-0111"), ("Tom Becker", "555-0134"), ("Ines Moreau", "555-0155"), ("Walt Dreyer", "555-0169")];

impl RecoveryPlayer {
    /// Plans the first step.
    pub fn plan_first_step(
        recovery: RecoveryId,
        (promise, texts): (usize, &'static BreakTexts),
        reported: bool,
        opened_at: DateTime<Utc>,
        rng: &mut SmallRng,
    ) -> PlannedStep {
        // Now and then the acknowledgement is late.
        let minutes = if rng.random_ratio(1, 25) { 95 } else { rng.random_range(2..13) };
        let at = opened_at + TimeDelta::minutes(minutes);
        PlannedStep { at, recovery, promise, texts, reported, step: StepKind::Acknowledge, link: String::new() }
    }

    /// Takes a step, and plans the next.
    pub async fn take_step(
        &mut self,
        store: &Store,
        actor: &Actor,
        owner: &Actor,
        mut planned: PlannedStep,
        rng: &mut SmallRng,
    ) -> Result<Option<PlannedStep>, store::Error> {
        if planned.step == StepKind::Acknowledge {
            store.record_missed_deadlines(owner).await?;
        }
        let taken = match planned.step {
            StepKind::Answer => store.answer_follow_up(&planned.link, &follow_up_answers(rng)).await.map(|_| None),
            step => {
                let draft = self.draft(step, &planned, rng);
                store.take_step(actor, planned.recovery, &draft).await.map(|taken| taken.and_then(StepTaken::link))
            }
        };
        match taken {
            Ok(link) => planned.link = link.unwrap_or(planned.link),
            // The recovery may have been closed by the record meanwhile. Then there is nothing left to do.
            Err(store::Error::Recovery(_)) => return Ok(None),
            Err(error) => return Err(error),
        }
        Ok(next_step(planned, rng))
    }

    /// Takes the first steps of a recovery that stays open. If a customer reported the break, it is the repeat customer.
    pub async fn take_first_steps(
        &mut self,
        store: &Store,
        actor: &Actor,
        source: &DemoSource,
        recovery: RecoveryId,
        reported: bool,
        steps: usize,
    ) -> Result<(), store::Error> {
        let mut acknowledgement = AcknowledgementDraft::default();
        if reported {
            acknowledgement = apology(source.now(), REPEAT_CUSTOMER);
        }
        let understanding = UnderstandingDraft {
            words: "He waited 35 minutes and missed the start of his son's game.".to_owned(),
            severity: "major".to_owned(),
            preventable: "yes".to_owned(),
            cause: "One person was alone at the grill.".to_owned(),
            remedy_sought: "My money back, and that someone tells me why.".to_owned(),
        };
        let drafts = [StepDraft::Acknowledge(acknowledgement), StepDraft::Understand(understanding)];
        for draft in drafts.iter().take(steps) {
            source.set_time(source.now() + TimeDelta::minutes(6));
            store.take_step(actor, recovery, draft).await?;
        }
        Ok(())
    }

    fn draft(&mut self, step: StepKind, planned: &PlannedStep, rng: &mut SmallRng) -> StepDraft {
        let BreakTexts { happened, cause, correction, corrective_action } = *planned.texts;
        match step {
            StepKind::Acknowledge => StepDraft::Acknowledge(self.acknowledgement(planned, rng)),
            StepKind::Understand => StepDraft::Understand(UnderstandingDraft {
                words: happened.to_owned(),
                severity: if rng.random_ratio(1, 6) { "major" } else { "minor" }.to_owned(),
                preventable: if rng.random_ratio(1, 3) { "yes" } else { "no" }.to_owned(),
                cause: cause.to_owned(),
                remedy_sought: if planned.reported {
                    "That it is put right, and that someone tells me why."
                } else {
                    ""
                }
                .to_owned(),
            }),
            StepKind::Remedy => StepDraft::Remedy(RemedyDraft {
                correction: correction.to_owned(),
                remedy: if planned.reported { REMEDIES[planned.promise] } else { "" }.to_owned(),
                gesture: if planned.reported { "A coffee for the road." } else { "" }.to_owned(),
                cost: if planned.reported { format!("{}.40", rng.random_range(3..22)) } else { String::new() },
                received_at: String::new(),
                proactive: if rng.random_ratio(1, 3) { "yes" } else { "" }.to_owned(),
            }),
            StepKind::FollowUp => StepDraft::FollowUp,
            StepKind::Learn => StepDraft::Learn(LessonDraft {
                cause: cause.to_owned(),
                corrective_action: corrective_action.to_owned(),
                heard: "yes".to_owned(),
                thanked: "yes".to_owned(),
                supported: "yes".to_owned(),
                ..LessonDraft::default()
            }),
            StepKind::Answer | StepKind::GiveUp => StepDraft::NoAnswer,
            StepKind::Reopen => StepDraft::Reopen(ReopenDraft { why: "The customer says it is not fixed.".to_owned() }),
        }
    }

    fn acknowledgement(&mut self, planned: &PlannedStep, rng: &mut SmallRng) -> AcknowledgementDraft {
        if !planned.reported {
            return AcknowledgementDraft::default();
        }
        let at_the_grill = u32::from(planned.promise == 2);
        self.reported_at_the_grill += at_the_grill;
        let first_time = at_the_grill == 1 && self.reported_at_the_grill == 85;
        let customer = match rng.random_range(0..40) {
            _ if first_time => REPEAT_CUSTOMER,
            roll @ 0..4 => CUSTOMERS[roll],
            _ => ("", ""),
        };
        apology(planned.at, customer)
    }
}

fn apology(at: DateTime<Utc>, (name, contact): (&str, &str)) -> AcknowledgementDraft {
    AcknowledgementDraft {
        apology: "I am sorry. This was our mistake, and I am putting it right now.".to_owned(),
        responsibility: "yes".to_owned(),
        repair: "yes".to_owned(),
        next_update_by: (at + TimeDelta::hours(4)).to_rfc3339(),
        customer_name: name.to_owned(),
        customer_contact: contact.to_owned(),
        ..AcknowledgementDraft::default()
    }
}

/// The step after this one, and when.
fn next_step(planned: PlannedStep, rng: &mut SmallRng) -> Option<PlannedStep> {
    let (step, minutes) = match planned.step {
        StepKind::Acknowledge => (StepKind::Understand, rng.random_range(2..25)),
        StepKind::Understand => (StepKind::Remedy, rng.random_range(5..75)),
        StepKind::Remedy => (StepKind::FollowUp, rng.random_range(24 * 60..40 * 60)),
        StepKind::FollowUp => (StepKind::Learn, rng.random_range(30..20 * 60)),
        StepKind::Learn if planned.reported && rng.random_ratio(9, 10) => {
            (StepKind::Answer, rng.random_range(60..72 * 60))
        }
        StepKind::Learn if planned.reported => (StepKind::GiveUp, Recovery::TIME_TO_ANSWER.num_minutes() + 60),
        StepKind::Answer if rng.random_ratio(1, 15) => (StepKind::Reopen, rng.random_range(10..600)),
        StepKind::Reopen => (StepKind::Acknowledge, rng.random_range(5..30)),
        StepKind::Learn | StepKind::Answer | StepKind::GiveUp => return None,
    };
    Some(PlannedStep { at: planned.at + TimeDelta::minutes(minutes), step, ..planned })
}

fn follow_up_answers(rng: &mut SmallRng) -> FollowUpDraft {
    let (fixed, again) = match rng.random_range(0..20) {
        0 => ("no", "no"),
        1 => ("partly", "yes"),
        2 => ("yes", "no"),
        _ => ("yes", "yes"),
    };
    let yes = || "yes".to_owned();
    FollowUpDraft {
        fixed: fixed.to_owned(),
        again: again.to_owned(),
        fair: yes(),
        quick: if rng.random_ratio(1, 5) { "no".to_owned() } else { yes() },
        respectful: yes(),
        honest: yes(),
        words: String::new(),
    }
}
