//! What the owner of Prairie Stop does in the evening: answer obstacles, and give second looks.

use domain::actor::Actor;
use domain::ids::{GuaranteeId, RecoveryId};
use domain::obstacle::{AnswerDraft, Obstacle};
use domain::second_look::SecondLookDraft;
use rand::Rng;
use rand::rngs::SmallRng;
use store::{ObstacleRow, SecondLookGiven, Store};

/// The criterion that a second look finds broken: the first.
pub const BROKEN_CRITERION: &str = "0";

/// Answers all new obstacles.
pub async fn answer_obstacles(store: &Store, owner: &Actor) -> Result<(), store::Error> {
    let waiting = store.obstacles(owner, None, 100).await?.rows;
    for row in waiting.iter().filter(|row| row.answers.is_empty()) {
        store.answer_obstacle(owner, row.id, &answer_to(row).parse()?).await?;
    }
    Ok(())
}

/// Gives the second looks that are due. A few overturn the check, and a few come too late. Returns the recoveries that were
/// opened.
pub async fn give_second_looks(
    store: &Store,
    owner: &Actor,
    rng: &mut SmallRng,
) -> Result<Vec<(GuaranteeId, RecoveryId)>, store::Error> {
    let mut opened = Vec::new();
    for look in store.second_looks(owner).await? {
        let (outcome, reason, why) = match rng.random_range(0..20) {
            0 => ("overturned", BROKEN_CRITERION, "Seen again a quarter of an hour later: it was not as it should be."),
            1 | 2 => ("too_late", "", ""),
            _ => ("agreed", "", ""),
        };
        let [outcome, reason, why] = [outcome, reason, why].map(str::to_owned);
        let draft = SecondLookDraft { outcome, reason, why, note: String::new() };
        let given = store.give_second_look(owner, look.check, &draft).await?;
        if let Some(SecondLookGiven::RecoveryOpened(recovery)) = given {
            opened.push((look.guarantee, recovery));
        }
    }
    Ok(opened)
}

fn answer_to(row: &ObstacleRow) -> AnswerDraft {
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
