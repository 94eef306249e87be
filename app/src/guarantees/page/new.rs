//! Making a guarantee from a problem: saved as a draft, public only when it is published.

use axum::response::Response;
use domain::fault::{Faults, optional};
use domain::guarantee::{Wording, WordingDraft};
use domain::ids::{GuaranteeId, PlaceId, ProblemId};
use domain::slug::Slug;
use leptos::prelude::*;
use serde::{Deserialize, Deserializer};
use store::{PlaceRow, ProblemRow};

use super::form::{self, Sending};
use super::{Back, named, places};
use crate::error::Error;
use crate::form::Field;
use crate::page::{Trouble, go};
use crate::visit::{Form, Inside, Query};

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct From {
    problem: String,
}

/// A wording, where it is promised, and under which address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct NewDraft {
    #[serde(flatten)]
    wording: WordingDraft,
    #[serde(deserialize_with = "one_or_many")]
    places: Vec<String>,
    slug: String,
}

type Asked = Result<Query<From>, Error>;

pub async fn ask(inside: Inside, asked: Asked) -> Result<Response, Error> {
    // Without a problem there is nothing to promise about: it is chosen from the list.
    let Some(problem) = problem(&inside, asked).await? else { return Ok(go("/guarantees")) };
    let places = inside.visit.state.store.places(inside.actor()).await?;
    let title = inside.visit.texts.say("guarantees-new");
    Ok(inside.page(&title, || page(&inside, &problem, &places, &NewDraft::usual(), &Trouble::default())))
}

pub async fn make(inside: Inside, asked: Asked, Form(draft): Form<NewDraft>) -> Result<Response, Error> {
    let problem = problem(&inside, asked).await?.ok_or(Error::NotFound)?;
    match add(&inside, problem.id, &draft).await {
        Ok(id) => Ok(go(&format!("/guarantees/{id}"))),
        Err(error) => {
            let places = inside.visit.state.store.places(inside.actor()).await?;
            let title = inside.visit.texts.say("guarantees-new");
            inside.again(error, &title, |trouble| page(&inside, &problem, &places, &draft, &trouble))
        }
    }
}

async fn add(inside: &Inside, problem: ProblemId, draft: &NewDraft) -> Result<GuaranteeId, Error> {
    let (wording, slug, places) = draft.parse()?;
    let store = &inside.visit.state.store;
    Ok(store.add_guarantee(inside.actor(), problem, slug, &wording, &places).await?)
}

/// The problem asked for; the only one where none was named.
async fn problem(inside: &Inside, asked: Asked) -> Result<Option<ProblemRow>, Error> {
    let Query(From { problem }) = asked.map_err(|_| Error::NotFound)?;
    let store = &inside.visit.state.store;
    if problem.is_empty() {
        let mut all = store.problems(inside.actor()).await?;
        return Ok(if all.len() == 1 { all.pop() } else { None });
    }
    let found = store.problem(inside.actor(), named(&problem)?).await?;
    found.ok_or(Error::NotFound).map(Some)
}

impl NewDraft {
    /// What most businesses can begin with.
    fn usual() -> Self {
        let wording = WordingDraft {
            mark: "95".to_owned(),
            acknowledge_minutes: "60".to_owned(),
            remedy_minutes: "480".to_owned(),
            proof: "5".to_owned(),
            ..WordingDraft::default()
        };
        Self { wording, ..Self::default() }
    }

    fn parse(&self) -> Result<(Wording, Option<Slug>, Vec<PlaceId>), Faults> {
        let mut faults = Faults::default();
        let slug = faults.take("slug", optional(&self.slug, Slug::parse));
        let places = faults.take("places", places::parse(&self.places));
        match (self.wording.parse(), slug, places) {
            (Ok(wording), Some(slug), Some(places)) => Ok((wording, slug, places)),
            (wording, ..) => Err(wording.err().unwrap_or_default().and(faults)),
        }
    }
}

/// A box ticked alone arrives as a text, several as a list.
fn one_or_many<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        One(String),
        Many(Vec<String>),
    }
    Ok(match Either::deserialize(from)? {
        Either::One(one) => vec![one],
        Either::Many(many) => many,
    })
}

fn page(
    inside: &Inside,
    problem: &ProblemRow,
    places: &[PlaceRow],
    draft: &NewDraft,
    trouble: &Trouble,
) -> impl IntoView + use<> {
    let texts = inside.visit.texts;
    let slug = draft.slug.clone();
    let more = view! {
        <h2>{texts.say("guarantees-part-where")}</h2>
        {places::picks(texts, places, &draft.places, trouble)}
        <Field name="slug" label=texts.say("guarantees-slug") hint=texts.say("guarantees-slug-hint") value=slug fault=trouble.at(texts, "slug") autocomplete="off" />
    }
    .into_any();
    let sending = Sending {
        to: format!("/guarantees/new?problem={}", problem.id),
        label: texts.say("guarantees-new-save"),
        back: "/guarantees".to_owned(),
    };
    view! {
        <main id="main">
            <div class="grid tight">
                <Back to="/guarantees" label=texts.say("guarantees-title") />
                <h1>{texts.say("guarantees-new-headline")}</h1>
                <p>{texts.say("guarantees-new-lead")}</p>
            </div>
            {trouble.summary(texts)}
            {form::wording(texts, &problem.problem, &draft.wording, trouble, more, sending)}
        </main>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::fault::Fault;

    fn read(form: &str) -> NewDraft {
        serde_html_form::from_str(form).unwrap()
    }

    #[test]
    fn a_form_is_read_whole() {
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
    fn every_fault_is_named_at_once() {
        let faults = read("slug=Not+A+Slug&places=nowhere").parse().unwrap_err();
        assert_eq!(faults.at("slug"), Some(Fault::Malformed));
        assert_eq!(faults.at("places"), Some(Fault::NotFound));
        assert_eq!(faults.at("promise"), Some(Fault::Missing));
    }
}
