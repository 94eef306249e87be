//! The app that shows a code every thirty seconds: taken into use once it has shown that it knows the secret.

use axum::response::Response;
use chrono::{DateTime, Utc};
use domain::factor::Answer;
use domain::fault::Fault;
use leptos::prelude::*;
use serde::Deserialize;
use totp_rs::{Builder, Secret, Totp};

use super::{Current, SET_UP, Tried, again, prove, shown};
use crate::doors::Doors;
use crate::doors::Rule::Oneself;
use crate::error::Error;
use crate::form::{Field, Kind};
use crate::page::{Trouble, go};
use crate::qr;
use crate::shown_once::{Shown, go_and_show};
use crate::visit::{Form, Inside};

const HERE: &str = "/account/authenticator";

pub fn doors(doors: Doors) -> Doors {
    doors
        .get(HERE, Oneself, show)
        .post(HERE, Oneself, offer)
        .form("/account/authenticator/confirm", HERE, Oneself, confirm)
        .form("/account/authenticator/remove", SET_UP, Oneself, remove)
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Confirmed {
    code: String,
}

/// The step of time whose code this is (RFC 6238, with one step of tolerance on either side); None if it is of none.
pub(crate) fn fits(secret: &[u8], code: &str, now: DateTime<Utc>) -> Option<i64> {
    let totp = Builder::new().with_secret(Secret::from(secret)).build().ok()?;
    let step = totp.check(code, u64::try_from(now.timestamp()).ok()?)?;
    i64::try_from(step).ok()
}

async fn offer(inside: Inside, Form(draft): Form<Current>) -> Result<Response, Error> {
    if let Err(error) = prove(&inside, draft.current).await {
        return again(&inside, error, &Tried::Authenticator).await;
    }
    let secret = inside.visit.state.store.offer_authenticator(inside.visitor.person).await?;
    Ok(go_and_show(&inside, HERE, &Secret::from(&secret[..]).to_base32()))
}

/// The secret, while the browser of whoever asked for it keeps it and it waits to be confirmed.
async fn show(inside: Inside, Shown(shown): Shown) -> Result<Response, Error> {
    let pending = inside.visit.state.store.pending_authenticator(inside.visitor.person).await?;
    let pending = pending.filter(|secret| shown == Some(Secret::from(&secret[..]).to_base32()));
    let Some(secret) = pending else { return Ok(go(SET_UP)) };
    let offer = Offer::of(&inside, &secret).await?;
    let title = inside.visit.texts.say("factors-app-title");
    Ok(inside.page(&title, || offer.view(&inside, &Trouble::default())))
}

async fn confirm(inside: Inside, Form(draft): Form<Confirmed>) -> Result<Response, Error> {
    let (store, person) = (&inside.visit.state.store, inside.visitor.person);
    let Some(secret) = store.pending_authenticator(person).await? else { return Ok(go(SET_UP)) };
    let step = match Answer::parse(&draft.code) {
        Ok(Answer::Code(code)) => fits(&secret, &code, store.now()).ok_or(Fault::Wrong),
        Ok(Answer::Recovery(_)) => Err(Fault::Malformed),
        Err(fault) => Err(fault),
    };
    match step {
        Ok(step) => {
            let codes = store.confirm_authenticator(inside.actor(), person, step).await?;
            Ok(shown(&inside, &codes.ok_or(Error::NotFound)?))
        }
        Err(fault) => {
            let offer = Offer::of(&inside, &secret).await?;
            let title = inside.visit.texts.say("factors-app-title");
            inside.again(Error::invalid("code", fault), &title, |trouble| offer.view(&inside, &trouble))
        }
    }
}

async fn remove(inside: Inside, Form(draft): Form<Current>) -> Result<Response, Error> {
    if let Err(error) = prove(&inside, draft.current).await {
        return again(&inside, error, &Tried::Authenticator).await;
    }
    let store = &inside.visit.state.store;
    let removed = store.remove_authenticator(inside.actor(), inside.visitor.person).await?;
    removed.map(|()| go(SET_UP)).ok_or(Error::NotFound)
}

/// The secret as an app takes it: to scan, or to type.
struct Offer {
    address: String,
    typed: String,
}

impl Offer {
    async fn of(inside: &Inside, secret: &[u8]) -> Result<Self, Error> {
        let store = &inside.visit.state.store;
        let (email, _) = store.password_of(inside.visitor.person).await?.ok_or(Error::NotFound)?;
        let typed = Secret::from(secret).to_base32();
        let totp = totp(secret, &email).ok_or(Error::Internal)?;
        Ok(Self { address: totp.to_url().map_err(|_| Error::Internal)?, typed })
    }

    fn view(&self, inside: &Inside, trouble: &Trouble) -> impl IntoView + use<> {
        let texts = inside.visit.texts;
        let drawn = qr::drawn(&self.address);
        let fault = trouble.at(texts, "code");
        let typed = self.typed.clone();
        view! {
            <main id="main" class="slim">
                <h1>{texts.say("factors-app-headline")}</h1>
                <p>{texts.say("factors-app-lead")}</p>
                {trouble.summary(texts)}
                <section class="card grid">
                    {drawn.map(|drawn| view! { <div class="qr" role="img" aria-label=texts.say("factors-app-code") inner_html=drawn></div> })}
                    <p class="soft">{texts.say("factors-app-typed")}</p>
                    <p><code class="token">{typed}</code></p>
                </section>
                <form method="post" action="/account/authenticator/confirm">
                    <Field name="code" label=texts.say("factors-code") hint=texts.say("factors-app-code-hint") kind=Kind::Number fault required=true autocomplete="one-time-code" />
                    <p><button class="btn tall">{texts.say("factors-app-confirm")}</button></p>
                </form>
                <p><a class="link" href=SET_UP>{texts.say("factors-back")}</a></p>
            </main>
        }
    }
}

fn totp(secret: &[u8], email: &str) -> Option<Totp> {
    // A colon would end the issuer's name.
    let account = email.replace(':', "");
    Builder::new()
        .with_secret(Secret::from(secret))
        .with_issuer(Some("Trialmark"))
        .with_account_name(account)
        .build()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The seed and the codes of RFC 6238, appendix B, cut to six digits.
    #[test]
    fn codes_are_those_of_the_standard_for_one_step_before_and_after() {
        let seed = b"12345678901234567890";
        for (second, code) in [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924")] {
            let at = |second| DateTime::from_timestamp(second, 0).unwrap();
            assert_eq!(fits(seed, code, at(second)), Some(second / 30), "{code}");
            assert_eq!(fits(seed, code, at(second + 30)), Some(second / 30), "{code}");
            assert_eq!(fits(seed, code, at(second + 61)), None, "{code}");
        }
        assert_eq!(fits(seed, "000000", DateTime::UNIX_EPOCH), None);
    }

    #[test]
    fn an_app_is_told_whose_secret_it_is() {
        let address = totp(b"12345678901234567890", "june hart@example.com").unwrap().to_url().unwrap();
        assert!(
            address.starts_with("otpauth://totp/Trialmark:june%20hart%40example.com?secret=GEZDGNBVGY3TQOJQ"),
            "{address}"
        );
    }
}
