//! The authenticator app (TOTP). It counts as a factor once the person has typed one of its codes.

use axum::response::Response;
use chrono::{DateTime, Utc};
use domain::factor::FactorAnswer;
use domain::fault::Fault;
use leptos::prelude::*;
use serde::Deserialize;
use totp_rs::{Builder, Secret, Totp};

use super::{CurrentPassword, SubmittedForm, added, rerender, verify_current_password};
use crate::addresses;
use crate::doors::AccessRule::OwnAccount;
use crate::doors::Doors;
use crate::error::Error;
use crate::flash::Flash;
use crate::form::{Field, InputKind};
use crate::page::{FormErrors, redirect};
use crate::qr;
use crate::request_context::{Form, SignedIn};
use crate::shown_once::{ShownSecret, redirect_to_shown_once};

pub fn doors(doors: Doors) -> Doors {
    doors
        .get(addresses::AUTHENTICATOR, OwnAccount, show)
        .post(addresses::AUTHENTICATOR, OwnAccount, start_setup)
        .form(addresses::CONFIRM_AUTHENTICATOR, addresses::AUTHENTICATOR, OwnAccount, confirm)
        .form(addresses::REMOVE_AUTHENTICATOR, addresses::SECOND_STEP_SETUP, OwnAccount, remove)
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ConfirmDraft {
    code: String,
}

/// The time step that this code belongs to (RFC 6238, with a tolerance of one step on either side).
pub(crate) fn matching_time_step(secret: &[u8], code: &str, now: DateTime<Utc>) -> Option<i64> {
    let totp = Builder::new().with_secret(Secret::from(secret)).build().ok()?;
    let step = totp.check(code, u64::try_from(now.timestamp()).ok()?)?;
    i64::try_from(step).ok()
}

async fn start_setup(signed_in: SignedIn, Form(draft): Form<CurrentPassword>) -> Result<Response, Error> {
    if let Err(error) = verify_current_password(&signed_in, draft.current).await {
        return rerender(&signed_in, error, &SubmittedForm::Authenticator).await;
    }
    let secret = signed_in.context.state.store.offer_authenticator(signed_in.user.person).await?;
    Ok(redirect_to_shown_once(&signed_in, addresses::AUTHENTICATOR, &Secret::from(&secret[..]).to_base32()))
}

/// Shows the secret while the browser of the person has it and it is not confirmed yet.
async fn show(signed_in: SignedIn, ShownSecret(shown): ShownSecret) -> Result<Response, Error> {
    let pending = signed_in.context.state.store.pending_authenticator(signed_in.user.person).await?;
    let pending = pending.filter(|secret| shown == Some(Secret::from(&secret[..]).to_base32()));
    let Some(secret) = pending else { return Ok(redirect(addresses::SECOND_STEP_SETUP)) };
    let setup = AuthenticatorSetup::of(&signed_in, &secret).await?;
    let title = signed_in.context.texts.text("factors-app-title");
    Ok(signed_in.page(&title, || setup.view(&signed_in, &FormErrors::default())))
}

async fn confirm(signed_in: SignedIn, Form(draft): Form<ConfirmDraft>) -> Result<Response, Error> {
    let (store, person) = (&signed_in.context.state.store, signed_in.user.person);
    let Some(secret) = store.pending_authenticator(person).await? else {
        return Ok(redirect(addresses::SECOND_STEP_SETUP));
    };
    let step = match FactorAnswer::parse(&draft.code) {
        Ok(FactorAnswer::Totp(code)) => matching_time_step(&secret, &code, store.now()).ok_or(Fault::Wrong),
        Ok(FactorAnswer::RecoveryCode(_)) => Err(Fault::Malformed),
        Err(fault) => Err(fault),
    };
    match step {
        Ok(step) => {
            let codes = store.confirm_authenticator(signed_in.actor(), person, step).await?;
            Ok(added(&signed_in, &codes.ok_or(Error::NotFound)?, Flash::AuthenticatorAdded))
        }
        Err(fault) => {
            let setup = AuthenticatorSetup::of(&signed_in, &secret).await?;
            let title = signed_in.context.texts.text("factors-app-title");
            signed_in.rerender(Error::invalid("code", fault), &title, |errors| setup.view(&signed_in, &errors))
        }
    }
}

async fn remove(signed_in: SignedIn, Form(draft): Form<CurrentPassword>) -> Result<Response, Error> {
    if let Err(error) = verify_current_password(&signed_in, draft.current).await {
        return rerender(&signed_in, error, &SubmittedForm::Authenticator).await;
    }
    let store = &signed_in.context.state.store;
    let removed = store.remove_authenticator(signed_in.actor(), signed_in.user.person).await?;
    removed.map(|()| signed_in.saved(addresses::SECOND_STEP_SETUP, Flash::AuthenticatorRemoved)).ok_or(Error::NotFound)
}

/// The secret for the app: as a QR code and as text.
struct AuthenticatorSetup {
    address: String,
    base32: String,
}

impl AuthenticatorSetup {
    async fn of(signed_in: &SignedIn, secret: &[u8]) -> Result<Self, Error> {
        let store = &signed_in.context.state.store;
        let (email, _) = store.password_of(signed_in.user.person).await?.ok_or(Error::NotFound)?;
        let base32 = Secret::from(secret).to_base32();
        let totp = totp(secret, &email).ok_or(Error::Internal)?;
        Ok(Self { address: totp.to_url().map_err(|_| Error::Internal)?, base32 })
    }

    fn view(&self, signed_in: &SignedIn, errors: &FormErrors) -> impl IntoView + use<> {
        let texts = signed_in.context.texts;
        let qr_code = qr::svg(&self.address);
        let fault = errors.for_field(texts, "code");
        let base32 = self.base32.clone();
        view! {
            <main id="main" class="slim">
                <h1>{texts.text("factors-app-headline")}</h1>
                <p>{texts.text("factors-app-lead")}</p>
                {errors.summary(texts)}
                <section class="card grid">
                    {qr_code.map(|qr_code| view! { <div class="qr" role="img" aria-label=texts.text("factors-app-code") inner_html=qr_code></div> })}
                    <p class="muted">{texts.text("factors-app-typed")}</p>
                    <p><code class="token">{base32}</code></p>
                </section>
                <form method="post" action=addresses::CONFIRM_AUTHENTICATOR>
                    <Field name="code" label=texts.text("factors-code") hint=texts.text("factors-app-code-hint") kind=InputKind::Number fault required=true autocomplete="one-time-code" />
                    <p><button class="btn tall">{texts.text("factors-app-confirm")}</button></p>
                </form>
                <p><a class="link" href=addresses::SECOND_STEP_SETUP>{texts.text("factors-back")}</a></p>
            </main>
        }
    }
}

fn totp(secret: &[u8], email: &str) -> Option<Totp> {
    // A colon separates the issuer from the account name.
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

    /// The seed and codes of RFC 6238, appendix B, shortened to six digits.
    #[test]
    fn totp_codes_follow_rfc_6238_with_one_step_of_tolerance() {
        let seed = b"12345678901234567890";
        for (second, code) in [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924")] {
            let at = |second| DateTime::from_timestamp(second, 0).unwrap();
            assert_eq!(matching_time_step(seed, code, at(second)), Some(second / 30), "{code}");
            assert_eq!(matching_time_step(seed, code, at(second + 30)), Some(second / 30), "{code}");
            assert_eq!(matching_time_step(seed, code, at(second + 61)), None, "{code}");
        }
        assert_eq!(matching_time_step(seed, "000000", DateTime::UNIX_EPOCH), None);
    }

    #[test]
    fn the_otpauth_uri_contains_issuer_and_account() {
        let address = totp(b"12345678901234567890", "june hart@example.com").unwrap().to_url().unwrap();
        assert!(
            address.starts_with("otpauth://totp/Trialmark:june%20hart%40example.com?secret=GEZDGNBVGY3TQOJQ"),
            "{address}"
        );
    }
}
