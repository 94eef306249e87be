//! Corrections of checks. A correction is added to the record; the check itself stays.

use axum::response::Response;
use domain::correction::{CheckToCorrect, CorrectionDraft};
use domain::edit_tag::EditTag;
use domain::finding::FindingDraft;
use domain::ids::CheckId;
use domain::role::Permission;
use domain::text::Prose;
use domain::verdict::Verdict;
use leptos::prelude::*;
use store::{CheckRow, Logged, edit_state};

use super::choices;
use super::list::CheckNames;
use crate::addresses;
use crate::doors::AccessRule::MemberOrPinSession;
use crate::doors::Doors;
use crate::error::Error;
use crate::flash::Flash;
use crate::form::{Area, Choice, ChoiceItem, Select};
use crate::names::verdict_key;
use crate::page::{FormErrors, Submission};
use crate::request_context::{Path, SignedIn, VersionedForm};

pub(super) fn doors(doors: Doors) -> Doors {
    doors.get(addresses::CORRECT_CHECK, MemberOrPinSession(Permission::CorrectChecks), show).post(
        addresses::CORRECT_CHECK,
        MemberOrPinSession(Permission::CorrectChecks),
        submit,
    )
}

async fn show(signed_in: SignedIn, Path(id): Path<String>) -> Result<Response, Error> {
    let (row, check) = find_check(&signed_in, id.parse().map_err(|_| Error::NotFound)?).await?;
    let names = CheckNames::load(&signed_in).await?;
    let title = names.local_time.texts.text("checks-correct-title");
    let draft = CorrectionDraft::default();
    Ok(signed_in
        .page(&title, || correction_page(&names, &row, check, &draft, &FormErrors::default(), back_link(&signed_in))))
}

async fn submit(
    signed_in: SignedIn,
    Path(id): Path<String>,
    VersionedForm { form: draft, revision }: VersionedForm<CorrectionDraft>,
) -> Result<Response, Error> {
    let id: CheckId = id.parse().map_err(|_| Error::NotFound)?;
    let corrected =
        signed_in.store_at(&revision).correct_check(signed_in.actor(), id, &draft).await.map_err(Error::from);
    match corrected.and_then(|logged| logged.ok_or(Error::NotFound)) {
        Ok(Logged { recovery: Some(recovery), .. }) if signed_in.may(Permission::ViewInternal) => {
            Ok(signed_in.saved(&addresses::recovery(recovery), Flash::CheckCorrected))
        }
        Ok(_) => Ok(signed_in.saved(back_link(&signed_in).0, Flash::CheckCorrected)),
        Err(error @ (Error::Invalid(_) | Error::Conflict(_))) => {
            let (row, check) = find_check(&signed_in, id).await?;
            let names = CheckNames::load(&signed_in).await?;
            let title = names.local_time.texts.text("checks-correct-title");
            let (texts, submission) = (names.local_time.texts, Submission::new(revision, &draft));
            let display_value =
                |_: &str, name: &str| Verdict::parse(name).ok().map(|verdict| texts.text(verdict_key(verdict)));
            signed_in.rerender_with_current(error, &title, submission, display_value, |errors| {
                correction_page(&names, &row, check, &draft, &errors, back_link(&signed_in))
            })
        }
        Err(error) => Err(error),
    }
}

/// The page to return to, as its address and its text key: the list of checks for those who may see it, otherwise
/// today's page.
fn back_link(signed_in: &SignedIn) -> (&'static str, &'static str) {
    if signed_in.may(Permission::ViewInternal) {
        (addresses::CHECKS, "checks-to-list")
    } else {
        (addresses::TODAY, "checks-today")
    }
}

async fn find_check(signed_in: &SignedIn, id: CheckId) -> Result<(CheckRow, CheckToCorrect), Error> {
    let (store, actor) = (&signed_in.context.state.store, signed_in.actor());
    let row = store.check(actor, id).await?.ok_or(Error::NotFound)?;
    let check = store.check_to_correct(actor, id).await?.ok_or(Error::NotFound)?;
    Ok((row, check))
}

fn correction_page(
    names: &CheckNames,
    row: &CheckRow,
    check: CheckToCorrect,
    draft: &CorrectionDraft,
    errors: &FormErrors,
    (back_href, back_key): (&'static str, &'static str),
) -> impl IntoView + use<> {
    let (texts, CorrectionDraft { finding, why }) = (names.local_time.texts, draft.clone());
    let FindingDraft { verdict, reason, obstacle, found_by, note } = finding;
    let current = check.verdict;
    let at = |field: &str| errors.for_field(texts, field);
    let hint_key = |verdict| match verdict {
        Verdict::Broken => "checks-correct-broken-hint",
        Verdict::NotApplicable => "checks-correct-not-applicable-hint",
        Verdict::TakenBack => "checks-correct-taken-back-hint",
        Verdict::Kept | Verdict::Missed | Verdict::Void => "checks-kept-more",
    };
    let verdicts = check.choices();
    let can_be_broken = verdicts.contains(&Verdict::Broken);
    let item = |verdict: &Verdict| {
        ChoiceItem::new(verdict.name(), texts.text(verdict_key(*verdict))).hint(texts.text(hint_key(*verdict)))
    };
    let verdicts: Vec<_> = verdicts.iter().map(item).collect();
    let reasons = choices::reasons_or_none(texts, &names.criteria(row));
    let (obstacles, finders) = (choices::obstacles(texts), choices::found_by(texts));
    let found_by = choices::found_by_or_staff(&found_by);
    let args =
        [("verdict", texts.text(verdict_key(current)).into()), ("at", names.local_time.date_time(row.at).into())];
    let if_broken = can_be_broken.then(|| view! {
        <fieldset class="field grid">
            <legend>{texts.text("checks-correct-if-broken")}</legend>
            <Select name="reason" label=texts.text("checks-reason") items=reasons value=reason fault=at("reason") />
            <Choice name="found_by" label=texts.text("checks-found-by") items=finders value=found_by fault=at("found_by") />
            <Select name="obstacle" label=texts.text("checks-obstacle") items=obstacles value=obstacle fault=at("obstacle") />
        </fieldset>
    });
    let action = addresses::correct_check(row.id);
    let final_note_key = match current {
        Verdict::Void => Some("refused-check-void"),
        Verdict::TakenBack => Some("refused-check-taken-back"),
        Verdict::Missed => Some("refused-check-missed"),
        Verdict::Kept | Verdict::Broken | Verdict::NotApplicable => None,
    };
    let form = final_note_key.is_none().then(|| view! {
        <p class="muted">{texts.text("checks-correct-lead")}</p>
        <form method="post" action=action>
            {errors.revision_field(&EditTag::of(&edit_state::verdict(current)))}
            <Choice name="verdict" label=texts.text("checks-correct-verdict") items=verdicts value=verdict fault=at("verdict") required=true />
            <Area name="why" label=texts.text("checks-correct-why") hint=texts.text("checks-public-hint") value=why fault=at("why") required=true max=Prose::MAX />
            <Area name="note" label=texts.text("checks-correct-note") hint=texts.text("checks-correct-note-hint") value=note fault=at("note") max=Prose::MAX />
            {if_broken}
            <p><button class="btn tall">{texts.text("checks-correct-save")}</button></p>
        </form>
    });
    view! {
        <main id="main" class="slim">
            <p><a class="link" href=back_href>{texts.text(back_key)}</a></p>
            <p class="label">{names.place(row)}" · "{names.title(row)}</p>
            <h1>{texts.text("checks-correct-title")}</h1>
            <p>{texts.text_with("checks-correct-was", &args)}</p>
            {errors.summary(texts)}
            {final_note_key.map(|key| view! { <p class="note">{texts.text(key)}</p> })}
            {form}
        </main>
    }
}
