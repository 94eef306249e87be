//! After a check: thanks, and what comes next. Never a reproach.

use axum::response::Response;
use domain::actor::Act;
use domain::check::Verdict;
use domain::ids::{CheckId, RecoveryId};
use leptos::prelude::*;

use super::api::Stored;
use super::outbox::FAULTS;
use super::screen::{After, AfterWords, Next, Words};
use crate::error::Error;
use crate::visit::Inside;

/// A check just logged, and whether it says what stood in the way.
pub(super) struct Thanked {
    verdict: Verdict,
    stored: Stored,
    hindered: bool,
}

/// The check that the page was sent on from, as it is stored.
pub(super) async fn just_logged(inside: &Inside, logged: &str, recovery: &str) -> Result<Option<Thanked>, Error> {
    let (store, actor) = (&inside.visit.state.store, inside.actor());
    let Ok(id) = logged.parse::<CheckId>() else { return Ok(None) };
    let Some(row) = store.check(actor, id).await? else { return Ok(None) };
    let recovery = match recovery.parse::<RecoveryId>() {
        Ok(recovery) if inside.may(Act::Read) => store.recovery(actor, recovery).await?.filter(|page| page.check == id),
        _ => None,
    };
    let recovery = recovery.map(|page| page.row.id.to_string());
    let stored = Stored { check: id.to_string(), recovery };
    Ok(Some(Thanked { verdict: row.verdict, stored, hindered: row.obstacle.is_some() }))
}

/// The thanks, where no script has said them already.
pub(super) fn page(
    inside: &Inside,
    place: String,
    Thanked { verdict, stored, hindered }: Thanked,
    next: Option<Next>,
    here: String,
) -> Response {
    let texts = inside.visit.texts;
    let title = texts.say(thanks_key(verdict));
    inside.page(&title, || {
        view! {
            <main id="main" class="phone">
                <p class="label">{place}</p>
                <h1>{title.clone()}</h1>
                <After words=after_words(inside) stored hindered next here />
            </main>
        }
    })
}

fn thanks_key(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Broken => "checks-thanks-broken",
        Verdict::NotApplicable | Verdict::Missed | Verdict::Void | Verdict::TakenBack => "checks-thanks-aside",
        Verdict::Kept => "checks-thanks-kept",
    }
}

/// What the check screen says.
pub(super) fn words(inside: &Inside) -> Words {
    let texts = inside.visit.texts;
    Words {
        sending: texts.say("checks-sending"),
        waiting: texts.say("checks-waiting"),
        saved: texts.say("checks-saved"),
        send_now: texts.say("checks-send-now"),
        rejected: texts.say("checks-rejected"),
        unreadable: texts.say("photos-unreadable"),
        faults: FAULTS.map(|fault| texts.fault(fault)).to_vec(),
        kept: texts.say(thanks_key(Verdict::Kept)),
        broken: texts.say(thanks_key(Verdict::Broken)),
        aside: texts.say(thanks_key(Verdict::NotApplicable)),
        undo: inside.may(Act::Correct).then(|| texts.say("checks-undo")),
        undone: texts.say("checks-undone"),
        undo_reason: texts.say("checks-undo-reason"),
        after: after_words(inside),
    }
}

fn after_words(inside: &Inside) -> AfterWords {
    let texts = inside.visit.texts;
    AfterWords {
        correct: inside.may(Act::Correct).then(|| texts.say("checks-mend")),
        recovery: inside.may(Act::Read).then(|| texts.say("checks-to-recovery")),
        hindered: texts.say("checks-thanks-obstacle"),
        board: inside.may(Act::Read).then(|| texts.say("checks-to-board")),
        next: texts.say("checks-next"),
        again: texts.say("checks-again"),
        today: texts.say("checks-today"),
    }
}
