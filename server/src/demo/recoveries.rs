//! How Prairie Stop recovers: steps a while apart, words by promise, and now and then one that is late or left open.

use chrono::{DateTime, TimeDelta, Utc};
use domain::actor::Actor;
use domain::ids::RecoveryId;
use domain::recovery::{
    AcknowledgementDraft, AnswerDraft, LessonDraft, Recovery, RemedyDraft, ReopenDraft, StepDraft, UnderstandingDraft,
};
use rand::Rng;
use rand::rngs::SmallRng;
use store::{Source, Store};

use super::source::Replay;
use super::words::{REMEDIES, Words};

/// What is to be done about one recovery, and when.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Planned {
    pub at: DateTime<Utc>,
    recovery: RecoveryId,
    promise: usize,
    words: &'static Words,
    told: bool,
    todo: Todo,
    /// The customer's private link, once it was made.
    link: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Todo {
    Acknowledge,
    Understand,
    Remedy,
    FollowUp,
    Learn,
    Answer,
    GiveUp,
    Reopen,
}

/// Remembers the customer who is failed twice.
#[derive(Default)]
pub struct Walk {
    told_at_the_grill: u32,
}

/// The customer who was failed twice, and others who told us.
const TWICE: (&str, &str) = ("Harold Quinn", "555-0187");
const CUSTOMERS: [(&str, &str); 4] =
    [("Priya Nair", "555-0111"), ("Tom Becker", "555-0134"), ("Ines Moreau", "555-0155"), ("Walt Dreyer", "555-0169")];

impl Walk {
    /// Plans the first step.
    pub fn plan(
        recovery: RecoveryId,
        (promise, words): (usize, &'static Words),
        told: bool,
        opened: DateTime<Utc>,
        dice: &mut SmallRng,
    ) -> Planned {
        // Now and then nobody notices in time, and the record says so.
        let minutes = if dice.random_ratio(1, 25) { 95 } else { dice.random_range(2..13) };
        let at = opened + TimeDelta::minutes(minutes);
        Planned { at, recovery, promise, words, told, todo: Todo::Acknowledge, link: String::new() }
    }

    /// Takes a step, and plans the next.
    pub async fn step(
        &mut self,
        store: &Store,
        actor: &Actor,
        owner: &Actor,
        mut planned: Planned,
        dice: &mut SmallRng,
    ) -> Result<Option<Planned>, store::Error> {
        if planned.todo == Todo::Acknowledge {
            store.note_lateness(owner).await?;
        }
        let taken = match planned.todo {
            Todo::Answer => store.answer(&planned.link, &answer(dice)).await.map(|_| None),
            todo => {
                let draft = self.draft(todo, &planned, dice);
                store.take_step(actor, planned.recovery, &draft).await.map(Option::flatten)
            }
        };
        match taken {
            Ok(link) => planned.link = link.unwrap_or(planned.link),
            // Where the record spoke and closed it meanwhile, there is nothing left to do.
            Err(store::Error::Recovery(_)) => return Ok(None),
            Err(error) => return Err(error),
        }
        Ok(next(planned, dice))
    }

    /// The first steps of a recovery that is still in somebody's hands; a customer who told us is the one failed before.
    pub async fn begin(
        &mut self,
        store: &Store,
        actor: &Actor,
        source: &Replay,
        recovery: RecoveryId,
        told: bool,
        steps: usize,
    ) -> Result<(), store::Error> {
        let mut acknowledgement = AcknowledgementDraft::default();
        if told {
            acknowledgement = apology(source.now(), TWICE);
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
            source.set(source.now() + TimeDelta::minutes(6));
            store.take_step(actor, recovery, draft).await?;
        }
        Ok(())
    }

    fn draft(&mut self, todo: Todo, planned: &Planned, dice: &mut SmallRng) -> StepDraft {
        let Words { happened, cause, correction, action } = *planned.words;
        match todo {
            Todo::Acknowledge => StepDraft::Acknowledge(self.acknowledgement(planned, dice)),
            Todo::Understand => StepDraft::Understand(UnderstandingDraft {
                words: happened.to_owned(),
                severity: if dice.random_ratio(1, 6) { "major" } else { "minor" }.to_owned(),
                preventable: if dice.random_ratio(1, 3) { "yes" } else { "no" }.to_owned(),
                cause: cause.to_owned(),
                remedy_sought: if planned.told { "That it is put right, and that someone tells me why." } else { "" }
                    .to_owned(),
            }),
            Todo::Remedy => StepDraft::Remedy(RemedyDraft {
                correction: correction.to_owned(),
                remedy: if planned.told { REMEDIES[planned.promise] } else { "" }.to_owned(),
                gesture: if planned.told { "A coffee for the road." } else { "" }.to_owned(),
                cost: if planned.told { format!("{}.40", dice.random_range(3..22)) } else { String::new() },
                received_at: String::new(),
                proactive: if dice.random_ratio(1, 3) { "yes" } else { "" }.to_owned(),
            }),
            Todo::FollowUp => StepDraft::FollowUp,
            Todo::Learn => StepDraft::Learn(LessonDraft {
                cause: cause.to_owned(),
                corrective_action: action.to_owned(),
                heard: "yes".to_owned(),
                thanked: "yes".to_owned(),
                supported: "yes".to_owned(),
                ..LessonDraft::default()
            }),
            Todo::Answer | Todo::GiveUp => StepDraft::NoAnswer,
            Todo::Reopen => StepDraft::Reopen(ReopenDraft { why: "The customer says it is not fixed.".to_owned() }),
        }
    }

    fn acknowledgement(&mut self, planned: &Planned, dice: &mut SmallRng) -> AcknowledgementDraft {
        if !planned.told {
            return AcknowledgementDraft::default();
        }
        let at_the_grill = u32::from(planned.promise == 2);
        self.told_at_the_grill += at_the_grill;
        let first_time = at_the_grill == 1 && self.told_at_the_grill == 85;
        let customer = match dice.random_range(0..40) {
            _ if first_time => TWICE,
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

/// What comes after a step, and how much later.
fn next(planned: Planned, dice: &mut SmallRng) -> Option<Planned> {
    let (todo, minutes) = match planned.todo {
        Todo::Acknowledge => (Todo::Understand, dice.random_range(2..25)),
        Todo::Understand => (Todo::Remedy, dice.random_range(5..75)),
        Todo::Remedy => (Todo::FollowUp, dice.random_range(24 * 60..40 * 60)),
        Todo::FollowUp => (Todo::Learn, dice.random_range(30..20 * 60)),
        Todo::Learn if planned.told && dice.random_ratio(9, 10) => (Todo::Answer, dice.random_range(60..72 * 60)),
        Todo::Learn if planned.told => (Todo::GiveUp, Recovery::TIME_TO_ANSWER.num_minutes() + 60),
        Todo::Answer if dice.random_ratio(1, 15) => (Todo::Reopen, dice.random_range(10..600)),
        Todo::Reopen => (Todo::Acknowledge, dice.random_range(5..30)),
        Todo::Learn | Todo::Answer | Todo::GiveUp => return None,
    };
    Some(Planned { at: planned.at + TimeDelta::minutes(minutes), todo, ..planned })
}

fn answer(dice: &mut SmallRng) -> AnswerDraft {
    let (fixed, again) = match dice.random_range(0..20) {
        0 => ("no", "no"),
        1 => ("partly", "yes"),
        2 => ("yes", "no"),
        _ => ("yes", "yes"),
    };
    let yes = || "yes".to_owned();
    AnswerDraft {
        fixed: fixed.to_owned(),
        again: again.to_owned(),
        fair: yes(),
        quick: if dice.random_ratio(1, 5) { "no".to_owned() } else { yes() },
        respectful: yes(),
        honest: yes(),
        words: String::new(),
    }
}
