//! The forms by which people prove who they are: PINs, second steps, shared devices, tokens.

use chrono::TimeDelta;
use uuid::Uuid;

use crate::bad::Field;
use crate::bad::Kind::{Choice, Number, Password};
use crate::browser::Browser;
use crate::form::{Form, LINE, filled};
use crate::owner::link;

const PASSWORD: &str = "a long enough secret";

/// What a form with the password beside it refuses: a wrong one, and none.
async fn asks_for_the_password(browser: &Browser, path: &str, id: &str) {
    let mut form = Form::new(browser, path, filled(&[("current", PASSWORD)]));
    for wrong in ["", "not the password", "😀😀😀😀"] {
        form.refuses(Field("current", Password, true), id, "a wrong password", wrong).await;
    }
}

#[tokio::test]
async fn a_pin_is_set_by_who_knows_the_password() {
    let browser = Browser::begun().await;
    let form = Form::new(&browser, "/account/pin", filled(&[("pin", "274915"), ("current", PASSWORD)]));
    let pin = Field("pin", Password, true);
    let mut form = form;
    for guessed in ["", "1234", "123456", "000000", "12345x", "😀😀😀😀😀😀"] {
        form.refuses(pin, "pin", "a bad PIN", guessed).await;
    }
    let form = form.refuses_this(Field("current", Password, true), "pin-current", "wrong", "not this").await;
    assert_eq!(form.takes().await.0, "/account");
}

#[tokio::test]
async fn what_a_phone_sends_before_the_second_step_is_set_up_waits_for_it() {
    let browser = Browser::begun().await;
    let path = "/settings/second-step";
    let asked = browser.post(path, &filled(&[("role", "owner")])).await;
    assert_eq!(asked.status, 303, "{}", asked.html);
    let sent = browser.send("/do/log-check", b"{}".to_vec()).await;
    assert_eq!((sent.status.as_u16(), sent.html.as_str()), (401, "\"SignedOut\""));
    assert_eq!(browser.post(path, &filled(&[("role", "owner")])).await.status, 403, "anything else is refused");
}

#[tokio::test]
async fn an_app_is_set_up_and_given_up_by_who_knows_the_password() {
    let mut browser = Browser::begun().await;
    asks_for_the_password(&browser, "/account/authenticator", "app-current").await;
    let early = browser.post("/account/authenticator/confirm", &filled(&[("code", "123456")])).await;
    assert_eq!((early.status.as_u16(), early.location()), (303, "/account/second-step"), "nothing waits");
    let offered = browser.shown("/account/authenticator", &filled(&[("current", PASSWORD)])).await;
    assert!(offered.html.contains("otpauth") || offered.html.contains("class=\"qr\""), "{}", offered.html);
    let mut form = Form::new(&browser, "/account/authenticator/confirm", filled(&[("code", "x")]));
    for wrong in ["", "000000", "12345", "😀", "ybwd-cm44-v6dc-huy0-ybwd-cm44"] {
        form.refuses(Field("code", Choice, true), "code", "a wrong code", wrong).await;
    }
    let confirmed = browser.shown("/account/authenticator/confirm", &filled(&[("code", &browser.code().await)])).await;
    assert_eq!(confirmed.html.matches("<li><code>").count(), 10, "the recovery codes are shown");
    asks_for_the_password(&browser, "/account/recovery-codes", "codes-current").await;
    let renewed = browser.shown("/account/recovery-codes", &filled(&[("current", PASSWORD)])).await;
    assert_eq!(renewed.status, 200);
    assert_eq!(renewed.headers["cache-control"], "no-store", "a secret stays in no cache");

    // The password alone is half the way in.
    let half =
        browser.another().post("/sign-in", &filled(&[("email", "june@door.example"), ("password", PASSWORD)])).await;
    assert_eq!((half.status.as_u16(), half.location()), (303, "/sign-in/second?to=%2F"));
    let mut stranger = browser.another();
    stranger.keep(&half);
    assert_eq!(stranger.get("/today").await.location(), "/sign-in?to=%2Ftoday");
    let missing = stranger.post("/sign-in/second", &[]).await;
    assert_eq!(missing.status, 422, "{}", missing.html);
    for _ in 0..5 {
        assert_eq!(stranger.post("/sign-in/second", &filled(&[("code", "000000")])).await.status, 422);
    }
    browser.pass(TimeDelta::seconds(60));
    let over = stranger.post("/sign-in/second", &filled(&[("code", &browser.code().await)])).await;
    assert_eq!(over.location(), "/sign-in?to=%2F", "five wrong answers end it");

    let removed = browser.post("/account/authenticator/remove", &filled(&[("current", PASSWORD)])).await;
    assert_eq!(removed.status, 303);
    let again = browser.post("/account/authenticator/remove", &filled(&[("current", PASSWORD)])).await;
    assert_eq!(again.status, 404);
    browser = browser.another().signed_in("june@door.example", PASSWORD).await;
    assert_eq!(browser.get("/today").await.status, 200);
}

#[tokio::test]
async fn a_passkey_is_nothing_without_a_browser_that_signed() {
    let browser = Browser::begun().await;
    let path = "/account/passkeys";
    let good = filled(&[("name", "My phone"), ("current", PASSWORD), ("challenge", "0"), ("credential", "{}")]);
    let mut form = Form::new(&browser, path, good.clone());
    for (what, value) in Field("name", LINE, true).bad() {
        form.refuses(Field("name", LINE, true), "name", what, &value).await;
    }
    form.refuses(Field("current", Password, true), "passkey-current", "wrong", "not this").await;
    let unasked = browser.post(path, &good).await;
    assert_eq!(unasked.status, 422, "{}", unasked.html);
    assert!(unasked.html.contains("My phone"), "what was typed is still there");
    let refused = browser.post("/account/passkeys/question", &filled(&[("current", "not this")])).await;
    assert_eq!(refused.status, 422);
    let asked = browser.post("/account/passkeys/question", &filled(&[("current", PASSWORD)])).await;
    assert_eq!(asked.status, 200, "{}", asked.html);
    let challenge = asked.html.split("\"challenge\":\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    for credential in ["", "{}", "null", "[1]", &"[".repeat(100_000)] {
        let typed =
            filled(&[("name", "P"), ("current", PASSWORD), ("challenge", challenge), ("credential", credential)]);
        assert_eq!(browser.post(path, &typed).await.status, 422, "{credential:.20}");
    }
    for signed in [filled(&[]), filled(&[("challenge", challenge), ("credential", "{}")])] {
        let page = browser.another().post("/sign-in/passkey", &signed).await;
        assert_eq!(page.status, 422, "{}", page.html);
    }
    let count: (i64,) = sqlx::query_as("SELECT COUNT(*) FROM passkeys").fetch_one(&browser.rows).await.unwrap();
    assert_eq!(count.0, 0);
}

#[tokio::test]
async fn who_takes_a_second_step_is_one_of_the_roles() {
    let browser = Browser::begun().await;
    let wrong = browser.post("/settings/second-step", &filled(&[("role", "boss")])).await;
    assert_eq!(wrong.status, 422, "{}", wrong.html);
    let done = browser.post("/settings/second-step", &filled(&[("role", "owner"), ("role", "auditor")])).await;
    assert_eq!(done.status, 303, "{}", done.html);
    assert_eq!(browser.get("/today").await.location(), "/account/second-step", "it counts at once");
    assert_eq!(browser.post("/sites", &filled(&[("name", "Salina")])).await.status, 403);
    assert_eq!(browser.get("/account").await.status, 200);
}

#[tokio::test]
async fn a_device_takes_six_digits_and_locks_after_five_wrong_ones() {
    let browser = Browser::begun().await;
    assert_eq!(browser.post("/sites", &filled(&[("name", "Salina")])).await.status, 303);
    let site = browser.newest("sites").await;
    let (name, place) = (Field("name", LINE, true), Field("site", Choice, true));
    let form = Form::new(&browser, "/devices", filled(&[("name", "The tablet"), ("site", &site)]));
    let form = form.refuses_all(&[name, place]).await;
    let unknown = Uuid::from_u128(77).to_string();
    let form = form.refuses_this(place, "site", "unknown id", &unknown).await;
    let made = browser.shown("/devices", &form.good).await;
    let link = link(&made.html, "/register/");
    let mut tablet = browser.another();
    for wrong in ["/register/0", &format!("{link}0"), &link[..link.len() - 1]] {
        assert_eq!(tablet.get(wrong).await.status, 404, "{wrong}");
        assert_eq!(tablet.post(wrong, &[]).await.status, 404, "{wrong}");
    }
    let registered = tablet.post(&link, &[]).await;
    assert_eq!((registered.status.as_u16(), registered.location()), (303, "/device"));
    let used = browser.another().post(&link, &[]).await;
    assert_eq!(used.status, 409, "{}", used.html);
    let mut cookies = registered.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
    let device = cookies.find(|cookie| cookie.starts_with("__Host-trialmark-device-")).unwrap();
    device.split(';').next().unwrap().clone_into(&mut tablet.cookie);
    for part in ["HttpOnly", "Secure", "SameSite=Lax", "Path=/"] {
        assert!(device.contains(part), "{device}");
    }

    let set = filled(&[("pin", "274915"), ("current", PASSWORD)]);
    assert_eq!(browser.post("/account/pin", &set).await.status, 303);
    let names = tablet.get("/device").await;
    assert!(names.html.contains("June Hart"), "{}", names.html);
    let june = browser.newest("people").await;
    let path = format!("/device/{june}");
    for wrong in ["", "274916", "😀", "2749151"] {
        let page = tablet.post(&path, &filled(&[("pin", wrong)])).await;
        assert_eq!(page.status, 422, "{}", page.html);
        assert!(!page.html.contains("274916"), "a PIN is never sent back");
    }
    let fifth = tablet.post(&path, &filled(&[("pin", "111222")])).await;
    assert_eq!(fifth.status, 429, "{}", fifth.html);
    let right = tablet.post(&path, &filled(&[("pin", "274915")])).await;
    assert_eq!(right.status, 429, "locked is locked: {}", right.html);
    assert_eq!(tablet.post(&format!("/device/{unknown}"), &filled(&[("pin", "274915")])).await.status, 404);
    browser.pass(TimeDelta::minutes(10));
    let right = tablet.post(&path, &filled(&[("pin", " 274915 ")])).await;
    assert_eq!((right.status.as_u16(), right.location()), (303, "/today"), "{}", right.html);
}

#[tokio::test]
async fn a_token_has_a_purpose_a_role_and_an_end() {
    let browser = Browser::begun().await;
    let good = filled(&[("name", "Till"), ("role", "staff"), ("lasts", "90")]);
    let fields = [Field("name", LINE, true), Field("role", Choice, true)];
    let mut form = Form::new(&browser, "/tokens", good).refuses_all(&fields).await;
    for (what, value) in Field("lasts", Number(1, 730), true).bad() {
        form.refuses(Field("lasts", Choice, true), "lasts", what, &value).await;
    }
    let made = browser.shown("/tokens", &form.good).await;
    assert!(made.html.contains("tm_"), "it is shown this once");
    let listed = browser.get("/tokens").await;
    assert!(listed.html.contains("Till") && !listed.html.contains("tm_"), "{}", listed.html);
    let token = browser.newest("tokens").await;
    assert_eq!(browser.post(&format!("/tokens/{token}/revoke"), &[]).await.status, 303);
    let twice = browser.post(&format!("/tokens/{token}/revoke"), &[]).await;
    assert_eq!(twice.status, 409, "{}", twice.html);
}

#[tokio::test]
async fn what_is_asked_of_the_deeds_is_refused_beside_its_field() {
    let browser = Browser::begun().await;
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
    /// The code that an app shows now for the secret that waits, or is in use.
    async fn code(&self) -> String {
        let sql = "SELECT COALESCE(pending, secret) FROM authenticators";
        let (secret,): (Vec<u8>,) = sqlx::query_as(sql).fetch_one(&self.rows).await.unwrap();
        let totp = totp_rs::Builder::new().with_secret(totp_rs::Secret::from(secret)).build().unwrap();
        totp.generate(u64::try_from(self.store.now().timestamp()).unwrap()).to_string()
    }
}
