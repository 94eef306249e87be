//! The second step at signing in: a code of the app, a passkey, or one of the codes that were put away.

use axum::extract::State as Shared;
use axum::response::{AppendHeaders, IntoResponse, Response};
use domain::factor::{Answer, Factors};
use domain::fault::Fault;
use domain::ids::PersonId;
use leptos::prelude::*;
use serde::Deserialize;
use store::Proof;

use crate::doors::Doors;
use crate::doors::Rule;
use crate::error::Error;
use crate::factors::fits;
use crate::form::{Field, Kind};
use crate::invites::invitation;
use crate::limits::Bound;
use crate::page::{Trouble, go};
use crate::passkeys::{Signed, confirmed, script};
use crate::return_to::{ReturnTo, local};
use crate::sign_in::{self, set, with};
use crate::state::State;
use crate::visit::{Asking, Form, HalfWay, Query, Visit};

const HERE: &str = "/sign-in/second";

pub fn doors(doors: Doors) -> Doors {
    doors.get(HERE, Rule::HalfWay, show).post(HERE, Rule::HalfWay, answer)
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Wanted {
    to: ReturnTo,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct AnswerDraft {
    code: String,
    challenge: String,
    credential: String,
    /// Which of the two forms was sent.
    way: String,
    to: ReturnTo,
}

/// Goes on to the second step with someone whose password was right.
pub(crate) async fn begin(state: &State, person: PersonId, to: &str) -> Result<Response, Error> {
    let begun = state.store.begin_sign_in(person).await?;
    let age = (begun.expires_at - state.store.now()).num_seconds();
    let cookie = set(state, &state.cookies.half_way, &begun.token, age);
    Ok((cookie, go(&format!("{HERE}?{}", ReturnTo::of(to).query()))).into_response())
}

async fn show(
    Shared(state): Shared<State>,
    visit: Visit,
    half_way: HalfWay,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Error> {
    let factors = state.store.factors(half_way.person).await?;
    let title = visit.texts.say("second-step-title");
    Ok(visit.page(&title, || page(&visit, factors, &wanted.to, &Trouble::default())))
}

async fn answer(
    Shared(state): Shared<State>,
    visit: Visit,
    HalfWay { person, token }: HalfWay,
    Asking(origin): Asking,
    Form(draft): Form<AnswerDraft>,
) -> Result<Response, Error> {
    let proven = match state.allow(Bound::Code, person) {
        Ok(()) => proof(&state, person, &draft).await,
        Err(error) => Err(error),
    };
    let finished = match proven {
        Ok(proof) => {
            state.store.finish_sign_in(&token, &proof, invitation(&draft.to), &origin).await.map_err(Error::from)
        }
        Err(error) => Err(error),
    };
    match finished {
        Ok(Some(session)) => {
            state.forgive(Bound::Code, person);
            let entered = with(&state, Some(session), local(&draft.to))?;
            // Both cookies change: the one that was half way is good for nothing any more.
            Ok((AppendHeaders(set(&state, &state.cookies.half_way, "", 0)), entered).into_response())
        }
        Ok(None) => Ok(over(&draft.to)),
        Err(error) => {
            let factors = state.store.factors(person).await?;
            let title = visit.texts.say("second-step-title");
            visit.again(error, &title, |trouble| page(&visit, factors, &draft.to, &trouble))
        }
    }
}

/// What was shown, as far as it can be judged here. What cannot be right counts as a try as well.
async fn proof(state: &State, person: PersonId, draft: &AnswerDraft) -> Result<Proof, Error> {
    if draft.way == "passkey" {
        let signed = Signed { challenge: draft.challenge.clone(), credential: draft.credential.clone() };
        return confirmed(state, person, &signed).await;
    }
    match Answer::parse(&draft.code) {
        Ok(Answer::Code(code)) => {
            let secret = state.store.authenticator(person).await?;
            Ok(Proof::Code(secret.and_then(|secret| fits(&secret, &code, state.store.now()))))
        }
        Ok(Answer::Recovery(code)) => Ok(Proof::Recovery(code)),
        Err(Fault::Missing) => Err(Error::invalid("code", Fault::Missing)),
        Err(_) => Ok(Proof::Code(None)),
    }
}

/// The password is to be typed once more: too much time has passed, or too many answers were wrong.
fn over(to: &str) -> Response {
    go(&sign_in::address(local(to)))
}

fn page(visit: &Visit, factors: Factors, to: &str, trouble: &Trouble) -> impl IntoView + use<> {
    let (texts, to) = (visit.texts, to.to_owned());
    let label = if factors.authenticator { "factors-code" } else { "second-step-recovery" };
    let hint = if factors.authenticator { "second-step-code-hint" } else { "second-step-recovery-hint" };
    let lost = trouble.at(texts, "passkey").map(|fault| view! { <p class="fault">{fault}</p> });
    let passkey = (factors.passkeys > 0 && visit.state.webauthn.is_some()).then(|| {
        view! {
            <form method="post" action=HERE data-passkey="/sign-in/second/question" hidden=true>
                <input type="hidden" name="way" value="passkey" />
                <input type="hidden" name="to" value=to.clone() />
                <input type="hidden" name="challenge" />
                <input type="hidden" name="credential" />
                {lost}
                <p><button class="btn tall quiet">{texts.say("second-step-passkey")}</button></p>
            </form>
        }
    });
    view! {
        <main id="main" class="slim door">
            <h1>{texts.say("second-step-title")}</h1>
            {trouble.waiting(texts)}
            <form method="post" action=HERE>
                <input type="hidden" name="to" value=to.clone() />
                <Field name="code" label=texts.say(label) hint=texts.say(hint) kind=Kind::Text fault=trouble.at(texts, "code") required=true autocomplete="one-time-code" alone=true />
                <p><button class="btn tall">{texts.say("second-step-submit")}</button></p>
            </form>
            {passkey}
            <p class="soft small">{texts.say("second-step-help")}</p>
        </main>
        {script(visit)}
    }
}
