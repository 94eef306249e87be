//! A second look: the check in question, and three possible answers.

use axum::response::Response;
use domain::ids::CheckId;
use domain::role::Permission;
use domain::second_look::{STREAK, SecondLookDraft, SecondLookOutcome};
use domain::text::Prose;
use leptos::prelude::*;
use store::{CheckRow, SecondLook, SecondLookGiven};

use crate::addresses;
use crate::checks::choices;
use crate::checks::list::{CheckNames, verdict_icon};
use crate::doors::AccessRule::Member;
use crate::doors::Doors;
use crate::error::Error;
use crate::flash::Flash;
use crate::form::{Area, Choice, ChoiceItem, Select};
use crate::names::second_look_key;
use crate::names::verdict_key;
use crate::page::FormErrors;
use crate::request_context::{Form, Path, SignedIn};
use crate::texts::Texts;

pub fn doors(doors: Doors) -> Doors {
    doors.get(addresses::SECOND_LOOK, Member(Permission::GiveSecondLooks), show).post(
        addresses::SECOND_LOOK,
        Member(Permission::GiveSecondLooks),
        give,
    )
}

async fn show(signed_in: SignedIn, Path(id): Path<String>) -> Result<Response, Error> {
    let page = SecondLookPage::load(&signed_in, &id).await?;
    let title = page.texts().text("second-looks-title");
    Ok(signed_in.page(&title, || page.view(&SecondLookDraft::default(), &FormErrors::default())))
}

async fn give(
    signed_in: SignedIn,
    Path(id): Path<String>,
    Form(draft): Form<SecondLookDraft>,
) -> Result<Response, Error> {
    let check: CheckId = id.parse().map_err(|_| Error::NotFound)?;
    match signed_in.context.state.store.give_second_look(signed_in.actor(), check, &draft).await.map_err(Error::from) {
        Ok(Some(SecondLookGiven::RecoveryOpened(recovery))) => {
            Ok(signed_in.saved(&addresses::recovery(recovery), Flash::SecondLookSaved))
        }
        Ok(Some(SecondLookGiven::Recorded)) => Ok(signed_in.saved(addresses::TODAY, Flash::SecondLookSaved)),
        Ok(None) => Err(Error::NotFound),
        Err(error) => {
            let page = SecondLookPage::load(&signed_in, &id).await?;
            let title = page.texts().text("second-looks-title");
            signed_in.rerender(error, &title, |errors| page.view(&draft, &errors))
        }
    }
}

/// A second look with its check.
struct SecondLookPage {
    look: SecondLook,
    check: CheckRow,
    names: CheckNames,
}

impl SecondLookPage {
    async fn load(signed_in: &SignedIn, id: &str) -> Result<Self, Error> {
        let (store, actor) = (&signed_in.context.state.store, signed_in.actor());
        let id: CheckId = id.parse().map_err(|_| Error::NotFound)?;
        let look = store.second_look(actor, id).await?.ok_or(Error::NotFound)?;
        let check = store.check(actor, id).await?.ok_or(Error::NotFound)?;
        Ok(Self { look, check, names: CheckNames::load(signed_in).await? })
    }

    fn texts(&self) -> Texts {
        self.names.local_time.texts
    }

    fn view(&self, draft: &SecondLookDraft, errors: &FormErrors) -> impl IntoView + use<> {
        let (texts, local_time, check) = (self.texts(), &self.names.local_time, &self.check);
        let verdict = check.corrected.unwrap_or(check.verdict);
        let criteria: Vec<_> = self.names.criteria(check).into_iter().map(|line| view! { <li>{line}</li> }).collect();
        let criteria = (!criteria.is_empty()).then(|| view! { <ul class="checklist card">{criteria}</ul> });
        let outcome_note =
            self.look.outcome.map(|outcome| view! { <p class="note">{texts.text(second_look_key(outcome))}</p> });
        let own_check_note = (outcome_note.is_none() && self.look.own)
            .then(|| view! { <p class="note">{texts.text("second-looks-own")}</p> });
        let form = (outcome_note.is_none() && own_check_note.is_none()).then(|| self.form(draft, errors));
        view! {
            <main id="main" class="slim">
                <p><a class="link" href=addresses::TODAY>{texts.text("checks-today")}</a></p>
                <p class="label">{self.names.place(check)}" · "{self.names.title(check)}</p>
                <h1>{texts.text("second-looks-headline")}</h1>
                <p>{texts.text_with("second-looks-lead", &[("count", STREAK.into())])}</p>
                <p class="row">{verdict_icon(verdict)} <b>{texts.text(verdict_key(verdict))}</b>
                    <time datetime=check.at.to_rfc3339()>{local_time.date_time(check.at)}</time>
                    <span class="muted">{local_time.ago(check.at)}</span></p>
                {criteria}
                {errors.summary(texts)}
                {outcome_note}
                {own_check_note}
                {form}
            </main>
        }
    }

    fn form(&self, draft: &SecondLookDraft, errors: &FormErrors) -> impl IntoView + use<> {
        let (texts, SecondLookDraft { outcome, reason, why, note }) = (self.texts(), draft.clone());
        let at = |field: &str| errors.for_field(texts, field);
        let outcomes = SecondLookOutcome::ANSWERS.map(|one| {
            let (label, hint) = answer_keys(one);
            ChoiceItem::new(one.name(), texts.text(label)).hint(texts.text(hint))
        });
        let reasons = choices::reasons_or_none(texts, &self.names.criteria(&self.check));
        view! {
            <form class="card grid" method="post" action=addresses::second_look(self.look.check)>
                <Choice name="outcome" label=texts.text("second-looks-outcome") items=outcomes.to_vec() value=outcome fault=at("outcome") required=true />
                <fieldset class="field grid">
                    <legend>{texts.text("second-looks-if-overturned")}</legend>
                    <p class="hint">{texts.text("checks-correct-lead")}</p>
                    <Select name="reason" label=texts.text("checks-reason") items=reasons value=reason fault=at("reason") />
                    <Area name="why" label=texts.text("second-looks-why") hint=texts.text("checks-public-hint") value=why fault=at("why") max=Prose::MAX />
                    <Area name="note" label=texts.text("checks-correct-note") hint=texts.text("checks-note-hint") value=note fault=at("note") max=Prose::MAX />
                </fieldset>
                <p><button class="btn tall">{texts.text("second-looks-save")}</button></p>
            </form>
        }
    }
}

/// The keys of an answer's label and hint.
fn answer_keys(outcome: SecondLookOutcome) -> (&'static str, &'static str) {
    match outcome {
        SecondLookOutcome::Agreed => ("second-looks-choose-agreed", "second-looks-choose-agreed-hint"),
        SecondLookOutcome::Overturned => ("second-looks-choose-overturned", "second-looks-choose-overturned-hint"),
        SecondLookOutcome::TooLate | SecondLookOutcome::Corrected => {
            ("second-looks-choose-too-late", "second-looks-choose-too-late-hint")
        }
    }
}
