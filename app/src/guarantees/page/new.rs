//! A new guarantee for a problem. It is saved as a draft and is not public until it is published.

use axum::response::Response;
use domain::guarantee::{GuaranteeDraft, NewGuarantee, WordingDraft};
use domain::ids::{GuaranteeId, ProblemId};
use leptos::prelude::*;
use serde::Deserialize;
use store::{PlaceRow, ProblemRow};

use super::form::{self, FormTarget};
use super::{BackLink, parse_id, place_checkboxes};
use crate::addresses;
use crate::error::Error;
use crate::flash::Flash;
use crate::form::Field;
use crate::page::{FormErrors, redirect};
use crate::request_context::{Form, Query, SignedIn};

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct ProblemQuery {
    problem: String,
}

type ProblemQueryResult = Result<Query<ProblemQuery>, Error>;

pub async fn show_new(signed_in: SignedIn, query: ProblemQueryResult) -> Result<Response, Error> {
    // A guarantee always answers a problem. Without one, the list lets people choose.
    let Some(problem) = chosen_problem(&signed_in, query).await? else { return Ok(redirect(addresses::GUARANTEES)) };
    let places = signed_in.context.state.store.places(signed_in.actor()).await?;
    let title = signed_in.context.texts.text("guarantees-new");
    Ok(signed_in.page(&title, || new_page(&signed_in, &problem, &places, &default_draft(), &FormErrors::default())))
}

pub async fn create(
    signed_in: SignedIn,
    query: ProblemQueryResult,
    Form(draft): Form<GuaranteeDraft>,
) -> Result<Response, Error> {
    let problem = chosen_problem(&signed_in, query).await?.ok_or(Error::NotFound)?;
    match create_guarantee(&signed_in, problem.id, &draft).await {
        Ok(id) => Ok(signed_in.saved(&addresses::guarantee(id), Flash::GuaranteeCreated)),
        Err(error) => {
            let places = signed_in.context.state.store.places(signed_in.actor()).await?;
            let title = signed_in.context.texts.text("guarantees-new");
            signed_in.rerender(error, &title, |errors| new_page(&signed_in, &problem, &places, &draft, &errors))
        }
    }
}

async fn create_guarantee(
    signed_in: &SignedIn,
    problem: ProblemId,
    draft: &GuaranteeDraft,
) -> Result<GuaranteeId, Error> {
    let NewGuarantee { wording, places, slug } = draft.parse()?;
    let store = &signed_in.context.state.store;
    Ok(store.add_guarantee(signed_in.actor(), problem, slug, &wording, &places).await?)
}

/// The requested problem, or the only one if none was named.
async fn chosen_problem(signed_in: &SignedIn, query: ProblemQueryResult) -> Result<Option<ProblemRow>, Error> {
    let Query(ProblemQuery { problem }) = query.map_err(|_| Error::NotFound)?;
    let store = &signed_in.context.state.store;
    if problem.is_empty() {
        let mut all = store.problems(signed_in.actor()).await?;
        return Ok(if all.len() == 1 { all.pop() } else { None });
    }
    let found = store.problem(signed_in.actor(), parse_id(&problem)?).await?;
    found.ok_or(Error::NotFound).map(Some)
}

/// Defaults that suit most businesses.
fn default_draft() -> GuaranteeDraft {
    let wording = WordingDraft {
        mark: "95".to_owned(),
        acknowledge_minutes: "60".to_owned(),
        remedy_minutes: "480".to_owned(),
        proof: "5".to_owned(),
        ..WordingDraft::default()
    };
    GuaranteeDraft { wording, ..GuaranteeDraft::default() }
}

fn new_page(
    signed_in: &SignedIn,
    problem: &ProblemRow,
    places: &[PlaceRow],
    draft: &GuaranteeDraft,
    errors: &FormErrors,
) -> impl IntoView + use<> {
    let texts = signed_in.context.texts;
    let slug = draft.slug.clone();
    let more = view! {
        <h2>{texts.text("guarantees-part-where")}</h2>
        {place_checkboxes::checkboxes(texts, places, &draft.places, errors)}
        <Field name="slug" label=texts.text("guarantees-slug") hint=texts.text("guarantees-slug-hint") value=slug fault=errors.for_field(texts, "slug") autocomplete="off" />
    }
    .into_any();
    let target = FormTarget {
        to: addresses::new_guarantee_for_problem(problem.id),
        label: texts.text("guarantees-new-save"),
        back: addresses::GUARANTEES.to_owned(),
    };
    view! {
        <main id="main">
            <div class="grid tight">
                <BackLink to=addresses::GUARANTEES label=texts.text("guarantees-title") />
                <h1>{texts.text("guarantees-new-headline")}</h1>
                <p>{texts.text("guarantees-new-lead")}</p>
            </div>
            {errors.summary(texts)}
            {form::wording_form(texts, &problem.problem, &draft.wording, errors, more, target)}
        </main>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::fault::Fault;

    fn read(form: &str) -> GuaranteeDraft {
        serde_html_form::from_str(form).unwrap()
    }

    #[test]
    fn all_form_fields_are_parsed() {
        let draft = read("title=a+b&criteria=one%0D%0Atwo&mark=97%2C5&places=x&slug=s&unknown=1");
        assert_eq!(
            (draft.wording.title.as_str(), draft.wording.mark.as_str(), draft.slug.as_str()),
            ("a b", "97,5", "s")
        );
        assert_eq!(draft.wording.criteria, ["one", "two"]);
        assert_eq!(draft.places, ["x"]);
        assert_eq!(read("places=x&places=y").places, ["x", "y"]);
        assert!(read("title=").places.is_empty());
    }

    #[test]
    fn all_faults_are_reported_together() {
        let faults = read("slug=Not+A+Slug&places=nowhere").parse().unwrap_err();
        assert_eq!(faults.of_field("slug"), Some(Fault::Malformed));
        assert_eq!(faults.of_field("places"), Some(Fault::Malformed));
        assert_eq!(faults.of_field("promise"), Some(Fault::Missing));
    }
}
