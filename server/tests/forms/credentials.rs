//! The forms of PINs, second steps, shared devices and tokens.

use chrono::TimeDelta;
use uuid::Uuid;

use crate::bad_values::Field;
use crate::bad_values::FieldType::{Choice, Number, Password};
use crate::browser::Browser;
use crate::form::{Form, LINE, field_values};
use crate::owner::private_link;

const PASSWORD: &str = "a long enough secret";

/// Asserts that a form with a password refuses a wrong and an empty one.
async fn assert_needs_password(browser: &Browser, path: &str, id: &str) {
    let mut form = Form::new(browser, path, field_values(&[("current", PASSWORD)]));
    for wrong in ["", "not the password", "😀😀😀😀"] {
        form.assert_refuses(Field("current", Password, true), id, "a wrong password", wrong).await;
    }
}

#[tokio::test]
async fn setting_a_pin_needs_the_password() {
    let browser = Browser::with_business().await;
    let form = Form::new(&browser, "/account/pin", field_values(&[("pin", "274915"), ("current", PASSWORD)]));
    let pin = Field("pin", Password, true);
    let mut form = form;
    for guessed in ["", "1234", "123456", "000000", "12345x", "😀😀😀😀😀😀"] {
        form.assert_refuses(pin, "pin", "a bad PIN", guessed).await;
    }
    let form = form.assert_refuses_value(Field("current", Password, true), "pin-current", "wrong", "not this").await;
    assert_eq!(form.assert_accepted().await.0, "/account");
}

#[tokio::test]
async fn phone_checks_get_401_until_the_second_step_is_set_up() {
    let browser = Browser::with_business().await;
    let path = "/settings/second-step";
    let asked = browser.post(path, &field_values(&[("role", "owner")])).await;
    assert_eq!(asked.status, 303, "{}", asked.html);
    let sent = browser.send("/do/log-check", b"{}".to_vec()).await;
    assert_eq!((sent.status.as_u16(), sent.html.as_str()), (401, "\"SignedOut\""));
    assert_eq!(browser.post(path, &field_values(&[("role", "owner")])).await.status, 403, "anything else is refused");
}

#[tokio::test]
async fn adding_and_removing_an_authenticator_needs_the_password() {
    let mut browser = Browser::with_business().await;
    assert_needs_password(&browser, "/account/authenticator", "app-current").await;
    let early = browser.post("/account/authenticator/confirm", &field_values(&[("code", "123456")])).await;
    assert_eq!((early.status.as_u16(), early.location()), (303, "/account/second-step"), "nothing waits");
    let offered = browser.post_and_follow("/account/authenticator", &field_values(&[("current", PASSWORD)])).await;
    assert!(offered.html.contains("otpauth") || offered.html.contains("class=\"qr\""), "{}", offered.html);
    let mut form = Form::new(&browser, "/account/authenticator/confirm", field_values(&[("code", "x")]));
    for wrong in ["", "000000", "12345", "😀", "ybwd-cm44-v6dc-huy0-ybwd-cm44"] {
        form.assert_refuses(Field("code", Choice, true), "code", "a wrong code", wrong).await;
    }
    let confirmed = browser
        .post_and_follow("/account/authenticator/confirm", &field_values(&[("code", &browser.code().await)]))
        .await;
    assert_eq!(confirmed.html.matches("<li><code>").count(), 10, "the recovery codes are shown");
    assert_needs_password(&browser, "/account/recovery-codes", "codes-current").await;
    let renewed = browser.post_and_follow("/account/recovery-codes", &field_values(&[("current", PASSWORD)])).await;
    assert_eq!(renewed.status, 200);
    assert_eq!(renewed.headers["cache-control"], "no-store", "a secret stays in no cache");

    // The password alone is not enough.
    let half = browser
        .another_browser()
        .post("/sign-in", &field_values(&[("email", "june@door.example"), ("password", PASSWORD)]))
        .await;
    assert_eq!((half.status.as_u16(), half.location()), (303, "/sign-in/second?to=%2F"));
    let mut stranger = browser.another_browser();
    stranger.keep_cookie(&half);
    assert_eq!(stranger.get("/today").await.location(), "/sign-in?to=%2Ftoday");
    let missing = stranger.post("/sign-in/second", &[]).await;
    assert_eq!(missing.status, 422, "{}", missing.html);
    for _ in 0..5 {
        assert_eq!(stranger.post("/sign-in/second", &field_values(&[("code", "000000")])).await.status, 422);
    }
    browser.advance(TimeDelta::seconds(60));
    let over = stranger.post("/sign-in/second", &field_values(&[("code", &browser.code().await)])).await;
    assert_eq!(over.location(), "/sign-in?to=%2F", "five wrong answers end it");

    let removed = browser.post("/account/authenticator/remove", &field_values(&[("current", PASSWORD)])).await;
    assert_eq!(removed.status, 303);
    let again = browser.post("/account/authenticator/remove", &field_values(&[("current", PASSWORD)])).await;
    assert_eq!(again.status, 404);
    browser = browser.another_browser().signed_in("june@door.example", PASSWORD).await;
    assert_eq!(browser.get("/today").await.status, 200);
}

#[tokio::test]
async fn a_passkey_without_a_valid_signature_is_refused() {
    let browser = Browser::with_business().await;
    let path = "/account/passkeys";
    let good = field_values(&[("name", "My phone"), ("current", PASSWORD), ("challenge", "0"), ("credential", "{}")]);
    let mut form = Form::new(&browser, path, good.clone());
    for (what, value) in Field("name", LINE, true).bad_values() {
        form.assert_refuses(Field("name", LINE, true), "name", what, &value).await;
    }
    form.assert_refuses(Field("current", Password, true), "passkey-current", "wrong", "not this").await;
    let unasked = browser.post(path, &good).await;
    assert_eq!(unasked.status, 422, "{}", unasked.html);
    assert!(unasked.html.contains("My phone"), "what was typed is still there");
    let refused = browser.post("/account/passkeys/question", &field_values(&[("current", "not this")])).await;
    assert_eq!(refused.status, 422);
    let asked = browser.post("/account/passkeys/question", &field_values(&[("current", PASSWORD)])).await;
    assert_eq!(asked.status, 200, "{}", asked.html);
    let challenge = asked.html.split("\"challenge\":\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    for credential in ["", "{}", "null", "[1]", &"[".repeat(100_000)] {
        let typed =
            field_values(&[("name", "P"), ("current", PASSWORD), ("challenge", challenge), ("credential", credential)]);
        assert_eq!(browser.post(path, &typed).await.status, 422, "{credential:.20}");
    }
    for signed in [field_values(&[]), field_values(&[("challenge", challenge), ("credential", "{}")])] {
        let page = browser.another_browser().post("/sign-in/passkey", &signed).await;
        assert_eq!(page.status, 422, "{}", page.html);
    }
    let count: (i64,) = sqlx::query_as("SELECT COUNT(*) FROM passkeys").fetch_one(&browser.pool).await.unwrap();
    assert_eq!(count.0, 0);
}

#[tokio::test]
async fn the_second_step_can_be_required_by_role() {
    let browser = Browser::with_business().await;
    let wrong = browser.post("/settings/second-step", &field_values(&[("role", "boss")])).await;
    assert_eq!(wrong.status, 422, "{}", wrong.html);
    let done = browser.post("/settings/second-step", &field_values(&[("role", "owner"), ("role", "auditor")])).await;
    assert_eq!(done.status, 303, "{}", done.html);
    assert_eq!(browser.get("/today").await.location(), "/account/second-step", "it counts at once");
    assert_eq!(browser.post("/sites", &field_values(&[("name", "Salina")])).await.status, 403);
    assert_eq!(browser.get("/account").await.status, 200);
}

#[tokio::test]
async fn a_shared_device_locks_after_five_wrong_pins() {
    let browser = Browser::with_business().await;
    assert_eq!(browser.post("/sites", &field_values(&[("name", "Salina")])).await.status, 303);
    let site = browser.newest_id("sites").await;
    let (name, place) = (Field("name", LINE, true), Field("site", Choice, true));
    let form = Form::new(&browser, "/devices", field_values(&[("name", "The tablet"), ("site", &site)]));
    let form = form.assert_refuses_all(&[name, place]).await;
    let unknown = Uuid::from_u128(77).to_string();
    let form = form.assert_refuses_value(place, "site", "unknown id", &unknown).await;
    let made = browser.post_and_follow("/devices", &form.good).await;
    let link = private_link(&made.html, "/register/");
    let mut tablet = browser.another_browser();
    for wrong in ["/register/0", &format!("{link}0"), &link[..link.len() - 1]] {
        assert_eq!(tablet.get(wrong).await.status, 404, "{wrong}");
        assert_eq!(tablet.post(wrong, &[]).await.status, 404, "{wrong}");
    }
    let registered = tablet.post(&link, &[]).await;
    assert_eq!((registered.status.as_u16(), registered.location()), (303, "/device"));
    let used = browser.another_browser().post(&link, &[]).await;
    assert_eq!(used.status, 409, "{}", used.html);
    let mut cookies = registered.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
    let device = cookies.find(|cookie| cookie.starts_with("__Host-trialmark-device-")).unwrap();
    device.split(';').next().unwrap().clone_into(&mut tablet.cookie);
    for part in ["HttpOnly", "Secure", "SameSite=Lax", "Path=/"] {
        assert!(device.contains(part), "{device}");
    }

    let set = field_values(&[("pin", "274915"), ("current", PASSWORD)]);
    assert_eq!(browser.post("/account/pin", &set).await.status, 303);
    let names = tablet.get("/device").await;
    assert!(names.html.contains("June Hart"), "{}", names.html);
    let june = browser.newest_id("people").await;
    let path = format!("/device/{june}");
    for wrong in ["", "274916", "😀", "2749151"] {
        let page = tablet.post(&path, &field_values(&[("pin", wrong)])).await;
        assert_eq!(page.status, 422, "{}", page.html);
        assert!(!page.html.contains("274916"), "a PIN is never sent back");
    }
    let fifth = tablet.post(&path, &field_values(&[("pin", "111222")])).await;
    assert_eq!(fifth.status, 429, "{}", fifth.html);
    let right = tablet.post(&path, &field_values(&[("pin", "274915")])).await;
    assert_eq!(right.status, 429, "locked is locked: {}", right.html);
    assert_eq!(tablet.post(&format!("/device/{unknown}"), &field_values(&[("pin", "274915")])).await.status, 404);
    browser.advance(TimeDelta::minutes(10));
    let right = tablet.post(&path, &field_values(&[("pin", " 274915 ")])).await;
    assert_eq!((right.status.as_u16(), right.location()), (303, "/today"), "{}", right.html);
}

#[tokio::test]
async fn a_token_has_a_name_role_and_lifetime_and_can_be_revoked() {
    let browser = Browser::with_business().await;
    let good = field_values(&[("name", "Till"), ("role", "staff"), ("lasts", "90")]);
    let fields = [Field("name", LINE, true), Field("role", Choice, true)];
    let mut form = Form::new(&browser, "/tokens", good).assert_refuses_all(&fields).await;
    for (what, value) in Field("lasts", Number(1, 730), true).bad_values() {
        form.assert_refuses(Field("lasts", Choice, true), "lasts", what, &value).await;
    }
    let made = browser.post_and_follow("/tokens", &form.good).await;
    assert!(made.html.contains("tm_"), "it is shown this once");
    let listed = browser.get("/tokens").await;
    assert!(listed.html.contains("Till") && !listed.html.contains("tm_"), "{}", listed.html);
    let token = browser.newest_id("tokens").await;
    assert_eq!(browser.post(&format!("/tokens/{token}/revoke"), &[]).await.status, 303);
    let twice = browser.post(&format!("/tokens/{token}/revoke"), &[]).await;
    assert_eq!(twice.status, 409, "{}", twice.html);
}

#[tokio::test]
async fn invalid_audit_filters_show_an_error_beside_their_field() {
    let browser = Browser::with_business().await;
    for (field, value) in [("by", "somebody"), ("deed", "looked"), ("from", "lately"), ("until", "2026-02-30")] {
        let page = browser.get(&format!("/audit?{field}={value}")).await;
        assert_eq!(page.status, 422, "{field}: {}", page.html);
        assert!(page.html.contains(&format!("id=\"{field}-fault\"")), "{field}: {}", page.html);
        let table = browser.get(&format!("/audit.csv?{field}={value}")).await;
        assert_eq!(table.status, 422, "{field}");
    }
    assert_eq!(browser.get("/audit?before=never").await.status, 404);
    let page = browser.get("/audit?deed=signed_in&from=2026-11-02&until=2026-11-02").await;
    assert!(page.status == 200 && page.html.contains("June Hart"), "{}", page.html);
}

impl Browser {
    /// The current code of an authenticator app, for the pending or active secret.
    async fn code(&self) -> String {
        let sql = "SELECT COALESCE(pending, secret) FROM authenticators";
        let (secret,): (Vec<u8>,) = sqlx::query_as(sql).fetch_one(&self.pool).await.unwrap();
        let totp = totp_rs::Builder::new().with_secret(totp_rs::Secret::from(secret)).build().unwrap();
        totp.generate(u64::try_from(self.store.now().timestamp()).unwrap()).to_string()
    }
}
