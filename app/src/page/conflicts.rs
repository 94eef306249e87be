//! Why a command was refused, in the reader's language.

use domain::{check, guarantee, member, obstacle, recovery, second_look};

use crate::error::Conflict;
use crate::names::{guarantee_stage_key, recovery_stage_key, role_key};
use crate::texts::Texts;

/// Why the rules refused a command, in the reader's language.
pub fn conflict_text(texts: Texts, conflict: &Conflict) -> String {
    match conflict {
        Conflict::Guarantee(guarantee::GuaranteeError::Move { stage, .. }) => {
            texts.text_with("refused-guarantee-move", &[("stage", texts.text(guarantee_stage_key(*stage)).into())])
        }
        Conflict::Guarantee(guarantee::GuaranteeError::Unchanged) => texts.text("refused-unchanged"),
        Conflict::Guarantee(guarantee::GuaranteeError::Retired) => texts.text("refused-retired"),
        Conflict::Guarantee(guarantee::GuaranteeError::NoPlace) => texts.text("refused-no-place"),
        Conflict::Check(check::CheckError::NotChecked { stage }) => {
            texts.text_with("refused-not-checked", &[("stage", texts.text(guarantee_stage_key(*stage)).into())])
        }
        Conflict::Check(check::CheckError::NotPromisedHere) => texts.text("refused-not-here"),
        Conflict::Check(check::CheckError::IdReused) => texts.text("refused-id-in-use"),
        Conflict::Check(check::CheckError::Unchanged) => texts.text("refused-check-unchanged"),
        Conflict::Check(check::CheckError::OtherAuthor) => texts.text("refused-check-not-yours"),
        Conflict::Check(check::CheckError::NoPhotos) => texts.text("refused-check-no-photos"),
        Conflict::Check(check::CheckError::PhotoReused) => texts.text("refused-check-same-photo"),
        Conflict::Check(check::CheckError::Missed) => texts.text("refused-check-missed"),
        Conflict::Check(check::CheckError::Void) => texts.text("refused-check-void"),
        Conflict::Check(check::CheckError::TakenBack) => texts.text("refused-check-taken-back"),
        Conflict::Check(check::CheckError::CannotTakeBackBroken) => texts.text("refused-check-broken-stays"),
        Conflict::Check(check::CheckError::ReplacesAnother) => texts.text("refused-check-stands-instead"),
        Conflict::Member(error) => member_conflict_text(texts, *error),
        Conflict::Obstacle(obstacle::ObstacleError::OffTheBoard) => texts.text("refused-obstacle-left"),
        Conflict::SecondLook(second_look::SecondLookError::OwnCheck) => texts.text("refused-own-check"),
        Conflict::SecondLook(second_look::SecondLookError::Over) => texts.text("refused-second-look-given"),
        Conflict::Stale(_) => texts.text("refused-stale"),
        Conflict::Recovery(error) => match error {
            recovery::RecoveryError::Transition { stage, .. } => {
                let stage = texts.text(recovery_stage_key(*stage));
                texts.text_with("refused-recovery-move", &[("stage", stage.into())])
            }
            recovery::RecoveryError::NotTheCustomer => texts.text("refused-not-the-customer"),
            recovery::RecoveryError::NobodyToAsk => texts.text("refused-nobody-to-ask"),
            recovery::RecoveryError::CustomerKnown => texts.text("refused-ask-the-customer"),
            recovery::RecoveryError::CustomerErased => texts.text("refused-forgotten"),
            recovery::RecoveryError::TooFewKeptChecks { kept, needed } => {
                texts.text_with("refused-too-little-record", &[("kept", (*kept).into()), ("needed", (*needed).into())])
            }
            recovery::RecoveryError::StillTimeToAnswer { until } => {
                let until = texts.date(until.date_naive());
                texts.text_with("refused-still-time", &[("until", until.into())])
            }
            recovery::RecoveryError::LinkEnded => texts.text("refused-link-ended"),
            recovery::RecoveryError::AnsweredAlready => texts.text("refused-answered-already"),
            recovery::RecoveryError::NoOpenQuestion => texts.text("refused-nothing-asked"),
            recovery::RecoveryError::NoApology => texts.text("refused-no-apology"),
        },
    }
}

fn member_conflict_text(texts: Texts, error: member::MemberError) -> String {
    match error {
        member::MemberError::RoleTooHigh { role } => {
            texts.text_with("refused-role-too-high", &[("role", texts.text(role_key(role)).into())])
        }
        member::MemberError::SitesOutOfReach => texts.text("refused-site-access-too-wide"),
        member::MemberError::LastOwner => texts.text("refused-last-owner"),
        member::MemberError::AlreadyMember => texts.text("refused-already-a-member"),
        member::MemberError::NoLongerOpen => texts.text("refused-invite-invalid"),
        member::MemberError::Unchanged => texts.text("refused-role-unchanged"),
    }
}
