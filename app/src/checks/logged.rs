//! The page after a check: thanks, and the next steps.

use axum::response::Response;
use domain::ids::{CheckId, RecoveryId};
use domain::role::Permission;
use domain::verdict::Verdict;
use leptos::prelude::*;

use super::screen::{NextCheck, NextStepTexts, NextSteps, ScreenTexts};
use crate::error::Error;
use crate::outbox::FAULTS;
use crate::outbox::protocol::Stored;
use crate::request_context::SignedIn;

/// A check that was just logged.
pub(super) struct JustLogged {
    verdict: Verdict,
    stored: Stored,
    has_obstacle: bool,
}

/// The check and the recovery named in the query, if they exist. The recovery only for members who may see it.
pub(super) async fn find_just_logged(
    signed_in: &SignedIn,
    logged: &str,
    recovery: &str,
) -> Result<Option<JustLogged>, Error> {
    let (store, actor) = (&signed_in.context.state.store, signed_in.actor());
    let Ok(id) = logged.parse::<CheckId>() else { return Ok(None) };
    let Some(row) = store.check(actor, id).await? else { return Ok(None) };
    let recovery = match recovery.parse::<RecoveryId>() {
        Ok(recovery) if signed_in.may(Permission::ViewInternal) => {
            store.recovery(actor, recovery).await?.filter(|page| page.check == id)
        }
        _ => None,
    };
    let recovery = recovery.map(|page| page.row.id.to_string());
    let stored = Stored { check: id.to_string(), recovery };
    Ok(Some(JustLogged { verdict: row.verdict, stored, has_obstacle: row.obstacle.is_some() }))
}

/// The thanks, for browsers without scripts.
pub(super) fn thanks_page(
    signed_in: &SignedIn,
    place: String,
    JustLogged { verdict, stored, has_obstacle }: JustLogged,
    next: Option<NextCheck>,
    address: String,
) -> Response {
    let texts = signed_in.context.texts;
    let title = texts.text(thanks_key(verdict));
    signed_in.page(&title, || {
        view! {
            <main id="main" class="phone">
                <p class="label">{place}</p>
                <h1>{title.clone()}</h1>
                <NextSteps texts=next_step_texts(signed_in) stored has_obstacle next address />
            </main>
        }
    })
}

fn thanks_key(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Broken => "checks-thanks-broken",
        Verdict::NotApplicable | Verdict::Missed | Verdict::Void | Verdict::TakenBack => "checks-thanks-not-applicable",
        Verdict::Kept => "checks-thanks-kept",
    }
}

/// The texts of the check screen.
pub(super) fn screen_texts(signed_in: &SignedIn) -> ScreenTexts {
    let texts = signed_in.context.texts;
    ScreenTexts {
        sending: texts.text("checks-sending"),
        waiting: texts.text("checks-waiting"),
        saved: texts.text("checks-saved"),
        send_now: texts.text("checks-send-now"),
        rejected: texts.text("checks-rejected"),
        unreadable: texts.text("photos-unreadable"),
        faults: FAULTS.map(|fault| texts.fault(fault)).to_vec(),
        kept: texts.text(thanks_key(Verdict::Kept)),
        broken: texts.text(thanks_key(Verdict::Broken)),
        not_applicable: texts.text(thanks_key(Verdict::NotApplicable)),
        undo: signed_in.may(Permission::CorrectChecks).then(|| texts.text("checks-undo")),
        undone: texts.text("checks-undone"),
        undo_reason: texts.text("checks-undo-reason"),
        next_steps: next_step_texts(signed_in),
    }
}

fn next_step_texts(signed_in: &SignedIn) -> NextStepTexts {
    let texts = signed_in.context.texts;
    NextStepTexts {
        correct: signed_in.may(Permission::CorrectChecks).then(|| texts.text("checks-to-correction")),
        recovery: signed_in.may(Permission::ViewInternal).then(|| texts.text("checks-to-recovery")),
        obstacle_noted: texts.text("checks-thanks-obstacle"),
        obstacle_board: signed_in.may(Permission::ViewInternal).then(|| texts.text("checks-to-board")),
        next: texts.text("checks-next"),
        check_again: texts.text("checks-again"),
        today: texts.text("checks-today"),
    }
}
