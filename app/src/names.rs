//! The text keys of roles, stages, verdicts and other enums of the rules.

use domain::breaks::FoundBy;
use domain::finding::Reason;
use domain::guarantee;
use domain::obstacle::Obstacle;
use domain::photo::PhotoPolicy;
use domain::recovery::{self, Outcome};
use domain::role::Role;
use domain::second_look;
use domain::verdict::Verdict;

pub fn role_key(role: Role) -> &'static str {
    match role {
        Role::Owner => "role-owner",
        Role::Manager => "role-manager",
        Role::Staff => "role-staff",
        Role::Auditor => "role-auditor",
    }
}

/// What the role may do, as a sentence.
pub fn role_hint_key(role: Role) -> &'static str {
    match role {
        Role::Owner => "people-owner-may",
        Role::Manager => "people-manager-may",
        Role::Staff => "people-staff-may",
        Role::Auditor => "people-auditor-may",
    }
}

pub fn verdict_key(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Kept => "verdict-kept",
        Verdict::Broken => "verdict-broken",
        Verdict::Missed => "verdict-missed",
        Verdict::NotApplicable => "verdict-not-applicable",
        Verdict::Void => "verdict-void",
        Verdict::TakenBack => "verdict-taken-back",
    }
}

/// The key of the text of a reason. For a criterion it is the text used when its wording is not at hand.
pub fn reason_key(reason: Reason) -> &'static str {
    match reason {
        Reason::Criterion(_) => "checks-reason-earlier",
        Reason::Safety => "checks-reason-safety",
        Reason::Other => "checks-reason-other",
    }
}

pub fn found_by_key(found_by: FoundBy) -> &'static str {
    match found_by {
        FoundBy::Staff => "checks-found-by-us",
        FoundBy::Customer => "checks-found-by-customer",
    }
}

pub fn obstacle_key(obstacle: Obstacle) -> &'static str {
    match obstacle {
        Obstacle::Tools => "checks-obstacle-tools",
        Obstacle::Policy => "checks-obstacle-policy",
        Obstacle::Staffing => "checks-obstacle-staffing",
        Obstacle::Training => "checks-obstacle-training",
        Obstacle::Supplier => "checks-obstacle-supplier",
        Obstacle::OtherDepartment => "checks-obstacle-other-department",
    }
}

pub fn photos_key(photos: PhotoPolicy) -> &'static str {
    match photos {
        PhotoPolicy::Required => "photos-required",
        PhotoPolicy::OnBreak => "photos-on-break",
        PhotoPolicy::Optional => "photos-optional",
        PhotoPolicy::Forbidden => "photos-forbidden",
    }
}

/// The outcome of a second look.
pub fn second_look_key(outcome: second_look::SecondLookOutcome) -> &'static str {
    match outcome {
        second_look::SecondLookOutcome::Agreed => "second-looks-agreed",
        second_look::SecondLookOutcome::Overturned => "second-looks-overturned",
        second_look::SecondLookOutcome::TooLate => "second-looks-too-late",
        second_look::SecondLookOutcome::Corrected => "second-looks-corrected",
    }
}

pub fn guarantee_stage_key(stage: guarantee::Stage) -> &'static str {
    match stage {
        guarantee::Stage::Draft => "stage-draft",
        guarantee::Stage::Trial => "stage-trial",
        guarantee::Stage::Published => "stage-published",
        guarantee::Stage::Suspended => "stage-suspended",
        guarantee::Stage::Retired => "stage-retired",
    }
}

/// The stage of a recovery; for a closed one, its outcome.
pub fn recovery_stage_key(stage: recovery::Stage) -> &'static str {
    match stage {
        recovery::Stage::Opened => "recoveries-stage-opened",
        recovery::Stage::Acknowledged => "recoveries-stage-acknowledged",
        recovery::Stage::Understood => "recoveries-stage-understood",
        recovery::Stage::Remedied => "recoveries-stage-remedied",
        recovery::Stage::FollowingUp => "recoveries-stage-following-up",
        recovery::Stage::Closed(Outcome::Restored) => "recoveries-outcome-restored",
        recovery::Stage::Closed(Outcome::RestoredByRecord) => "recoveries-outcome-restored-by-record",
        recovery::Stage::Closed(Outcome::Partly) => "recoveries-outcome-partly",
        recovery::Stage::Closed(Outcome::NotRestored) => "recoveries-outcome-not-restored",
        recovery::Stage::Closed(Outcome::NoAnswer) => "recoveries-outcome-no-answer",
    }
}
