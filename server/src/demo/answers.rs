//! What Prairie Stop's owner and manager do about what was found: they answer what stood in the way, and look a second time.

use domain::actor::Actor;
use domain::ids::{GuaranteeId, RecoveryId};
use domain::obstacle::{AnswerDraft, Obstacle};
use domain::second_look::SaidDraft;
use rand::Rng;
use rand::rngs::SmallRng;
use store::{ObstacleRow, Store};

/// What is seen where it was not as promised: the first line of the promise.
pub const SEEN: &str = "0";

/// The owner answers what has come in.
pub async fn answer(store: &Store, owner: &Actor) -> Result<(), store::Error> {
    let waiting = store.obstacles(owner, None, 100).await?.rows;
    for row in waiting.iter().filter(|row| row.answers.is_empty()) {
        store.answer_obstacle(owner, row.id, &words(row).parse()?).await?;
    }
    Ok(())
}

/// The owner goes and sees where a second look is asked; now and then it is not as it was said to be, or it is too late to
/// tell. What that opens is to be walked through.
pub async fn look_again(
    store: &Store,
    owner: &Actor,
    dice: &mut SmallRng,
) -> Result<Vec<(GuaranteeId, RecoveryId)>, store::Error> {
    let mut opened = Vec::new();
    for look in store.second_looks(owner).await? {
        let (outcome, reason, why) = match dice.random_range(0..20) {
            0 => ("overturned", SEEN, "Seen again a quarter of an hour later: it was not as it should be."),
            1 | 2 => ("too_late", "", ""),
            _ => ("agreed", "", ""),
        };
        let [outcome, reason, why] = [outcome, reason, why].map(str::to_owned);
        let said = SaidDraft { outcome, reason, why, note: String::new() };
        let recovery = store.give_second_look(owner, look.check, &said).await?.flatten();
        opened.extend(recovery.map(|recovery| (look.guarantee, recovery)));
    }
    Ok(opened)
}

fn words(row: &ObstacleRow) -> AnswerDraft {
    let (decision, words) = match row.obstacle {
        Obstacle::Tools => ("done", "A second mop and a spare fan are in the cupboard by the back door."),
        Obstacle::Policy => ("done", "The rule is gone. Decide on the spot what the guest needs."),
        Obstacle::Staffing => ("planned", "From the first of the month two people are on from four to eight."),
        Obstacle::Training => ("planned", "Half an hour with a colleague on Thursday, before opening, paid."),
        Obstacle::Supplier => ("not_now", "The contract runs until spring. Until then order a day earlier."),
        Obstacle::OtherDepartment => ("planned", "We sit down with them this week."),
    };
    AnswerDraft { decision: decision.to_owned(), words: words.to_owned() }
}
