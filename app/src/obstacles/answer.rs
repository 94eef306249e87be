//! One obstacle with all its answers, and the form for another.

use axum::response::Response;
use domain::edit_tag::EditTag;
use domain::ids::BreakId;
use domain::obstacle::{AnswerDraft, Decision};
use domain::role::Permission;
use domain::text::{Prose, is_blank};
use leptos::prelude::*;
use store::{ObstacleRow, edit_state};

use super::{BoardContext, answer_view, decision_key};
use crate::addresses;
use crate::doors::AccessRule::Member;
use crate::doors::Doors;
use crate::error::Error;
use crate::flash::Flash;
use crate::form::{Area, Choice, ChoiceItem};
use crate::names::obstacle_key;
use crate::page::{FormErrors, Submission};
use crate::request_context::{Path, SignedIn, VersionedForm};

pub(super) fn doors(doors: Doors) -> Doors {
    doors.get(addresses::OBSTACLE, Member(Permission::ViewInternal), show).post(
        addresses::OBSTACLE,
        Member(Permission::AnswerObstacles),
        answer,
    )
}

async fn show(signed_in: SignedIn, Path(id): Path<String>) -> Result<Response, Error> {
    let row = find(&signed_in, &id).await?;
    let board = BoardContext::load(&signed_in).await?;
    let title = board.local_time.texts.text(obstacle_key(row.obstacle));
    Ok(signed_in.page(&title, || obstacle_page(&board, &row, &AnswerDraft::default(), &FormErrors::default())))
}

async fn answer(
    signed_in: SignedIn,
    Path(id): Path<String>,
    VersionedForm { form: draft, revision }: VersionedForm<AnswerDraft>,
) -> Result<Response, Error> {
    let result = match draft.parse() {
        Ok(answer) => signed_in.store_at(&revision).answer_obstacle(signed_in.actor(), parse_id(&id)?, &answer).await,
        Err(faults) => Err(faults.into()),
    };
    match result.map_err(Error::from) {
        Ok(Some(())) => Ok(signed_in.saved(addresses::OBSTACLES, Flash::ObstacleAnswered)),
        Ok(None) => Err(Error::NotFound),
        Err(error) => {
            let row = find(&signed_in, &id).await?;
            let board = BoardContext::load(&signed_in).await?;
            let title = board.local_time.texts.text(obstacle_key(row.obstacle));
            let (texts, sent) = (board.local_time.texts, Submission::new(revision, &draft));
            let display_value = |field: &str, value: &str| match field {
                "decision" => Decision::parse(value).ok().map(|decision| texts.text(decision_key(decision))),
                _ => None,
            };
            signed_in.rerender_with_current(error, &title, sent, display_value, |errors| {
                obstacle_page(&board, &row, &draft, &errors)
            })
        }
    }
}

fn parse_id(id: &str) -> Result<BreakId, Error> {
    id.parse().map_err(|_| Error::NotFound)
}

async fn find(signed_in: &SignedIn, id: &str) -> Result<ObstacleRow, Error> {
    signed_in.context.state.store.obstacle(signed_in.actor(), parse_id(id)?).await?.ok_or(Error::NotFound)
}

fn obstacle_page(
    board: &BoardContext,
    row: &ObstacleRow,
    draft: &AnswerDraft,
    errors: &FormErrors,
) -> impl IntoView + use<> {
    let texts = board.local_time.texts;
    let answers: Vec<_> = row.answers.iter().map(|answer| answer_view(board, answer)).collect();
    let answers = (!answers.is_empty()).then(|| {
        view! { <section class="card grid"><h2>{texts.text("obstacles-answer-given")}</h2>{answers}</section> }
    });
    let left = row.left.then(|| view! { <p class="note">{texts.text("obstacles-left")}</p> });
    let form = board.may_answer.then(|| answer_form(board, row, draft, errors));
    view! {
        <main id="main" class="slim">
            <p><a class="link" href=addresses::OBSTACLES>{texts.text("obstacles-to-board")}</a></p>
            <p class="label">{board.describe(row)}</p>
            <h1>{texts.text(obstacle_key(row.obstacle))}</h1>
            {errors.summary(texts)}
            {left}
            {form}
            {answers}
        </main>
    }
}

/// If the check has been corrected meanwhile, there is no form, but what was typed is shown so that it can be copied.
fn answer_form(board: &BoardContext, row: &ObstacleRow, draft: &AnswerDraft, errors: &FormErrors) -> Option<AnyView> {
    let texts = board.local_time.texts;
    if row.left {
        let typed = (!is_blank(&draft.words)).then(|| view! { <p class="user-text guide">{draft.words.clone()}</p> });
        return typed.map(IntoAny::into_any);
    }
    let now = EditTag::of(&edit_state::answer(row.answers.first().map(|given| &given.answer)));
    let at = |field: &str| errors.for_field(texts, field);
    let decisions = Decision::ALL.into_iter().map(|decision| {
        ChoiceItem::new(decision.name(), texts.text(decision_key(decision)))
            .hint(texts.text(decision_hint_key(decision)))
    });
    let (items, AnswerDraft { decision, words }) = (decisions.collect::<Vec<_>>(), draft.clone());
    let form = view! {
        <form class="card grid" method="post" action=addresses::obstacle(row.id)>
            {errors.revision_field(&now)}
            <p class="muted">{texts.text("obstacles-answer-lead")}</p>
            <Choice name="decision" label=texts.text("obstacles-decision") items value=decision fault=at("decision") required=true />
            <Area name="words" label=texts.text("obstacles-words") hint=texts.text("obstacles-words-hint") value=words fault=at("words") required=true max=Prose::MAX />
            <p><button class="btn tall">{texts.text("obstacles-save")}</button></p>
        </form>
    };
    Some(form.into_any())
}

fn decision_hint_key(decision: Decision) -> &'static str {
    match decision {
        Decision::Done => "obstacles-done-hint",
        Decision::Planned => "obstacles-planned-hint",
        Decision::NotNow => "obstacles-not-now-hint",
    }
}
