//! The forms of the steps of a recovery.

use chrono::TimeDelta;
use uuid::Uuid;

use crate::bad_values::Field;
use crate::bad_values::FieldType::{Choice, Future, Money, Past};
use crate::browser::Browser;
use crate::form::{Form, LINE, PROSE, field_values};
use crate::owner::{private_link, published_guarantee};

/// A recovery, and the browser that takes its steps.
struct RecoverySteps<'b> {
    browser: &'b Browser,
    id: String,
}

impl<'b> RecoverySteps<'b> {
    /// Starts with a new break.
    async fn start(browser: &'b Browser) -> Self {
        let (guarantee, place) = published_guarantee(browser).await;
        let broken = [
            ("id", "00000000-0000-0000-0000-000000000001"),
            ("guarantee", &guarantee),
            ("verdict", "broken"),
            ("reason", "0"),
            ("found_by", "customer"),
        ];
        Form::new(browser, format!("/check/{place}"), field_values(&broken)).assert_accepted().await;
        Self { browser, id: browser.newest_id("recoveries").await }
    }

    fn path(&self, step: &str) -> String {
        format!("/recoveries/{}/{step}", self.id)
    }

    fn form(&self, step: &str, good: &[(&'static str, &str)]) -> Form<'b> {
        Form::new(self.browser, self.path(step), field_values(good))
    }

    /// Tries every bad value in a step, then takes it.
    async fn step(&self, name: &str, good: &[(&'static str, &str)], fields: &[Field]) {
        self.form(name, good).assert_refuses_all(fields).await.assert_accepted().await;
    }
}

#[tokio::test]
async fn recovery_step_forms_refuse_bad_values_and_keep_input() {
    let browser = Browser::with_business().await;
    let recovery = RecoverySteps::start(&browser).await;
    acknowledge_and_understand(&recovery).await;
    remedy_and_reopen(&recovery).await;
}

#[tokio::test]
async fn a_customer_can_be_exported_and_erased_after_confirmation() {
    let browser = Browser::with_business().await;
    let recovery = RecoverySteps::start(&browser).await;
    acknowledge_and_understand(&recovery).await;
    let page = browser.get(&format!("/recoveries/{}", recovery.id)).await.html;
    assert!(page.contains("Ann, ann@example.com") && page.contains(&recovery.path("forget")), "{page}");
    let file = browser.get(&recovery.path("customer.json")).await;
    assert!(file.headers["content-disposition"].to_str().unwrap().starts_with("attachment"), "{:?}", file.headers);
    for part in ["\"ann@example.com\"", "\"The floor was wet.\"", "\"I am sorry.\""] {
        assert!(file.html.contains(part), "{part}: {}", file.html);
    }
    let rows = browser.row_counts().await;
    let ask = browser.get(&recovery.path("forget")).await;
    assert!(ask.status == 200 && ask.html.contains("Ann, in this recovery."), "{}", ask.html);
    assert_eq!(browser.row_counts().await, rows, "nothing goes by looking");
    assert_eq!(browser.post(&recovery.path("forget"), &[]).await.location(), format!("/recoveries/{}", recovery.id));
    let page = browser.get(&format!("/recoveries/{}", recovery.id)).await.html;
    for gone in ["Ann", "ann@example.com", "The floor was wet.", "I am sorry.", "A coffee."] {
        assert!(!page.contains(gone), "{gone}: {page}");
    }
    let again = browser.post(&recovery.path("forget"), &[]).await;
    assert_eq!(again.location(), recovery.path("forget"), "and says so");
    let said = browser.get(again.location()).await.html;
    assert!(
        said.contains("was erased already") && !said.contains("<form method=\"post\" action=\"/recoveries"),
        "{said}"
    );
    let remedied = recovery.form("remedy", &[("correction", "We dried it.")]);
    remedied.assert_accepted().await;
    let waiting = browser.get(&format!("/recoveries/{}", recovery.id)).await.html;
    assert!(waiting.contains("Nobody can be asked any more"), "{waiting}");
    assert_eq!(browser.post(&recovery.path("follow-up"), &[]).await.status, 303);
}

/// Acknowledges, updates the customer, understands.
async fn acknowledge_and_understand(recovery: &RecoverySteps<'_>) {
    let acknowledged = [
        ("apology", "I am sorry."),
        ("responsibility", "yes"),
        ("repair", "yes"),
        ("next_update_by", "2026-11-03T12:00"),
        ("customer_name", "Ann"),
        ("customer_contact", "ann@example.com"),
        ("owner", ""),
    ];
    let fields = [
        Field("apology", PROSE, true),
        Field("responsibility", Choice, true),
        Field("repair", Choice, true),
        Field("next_update_by", Future, true),
        Field("customer_name", LINE, true),
        Field("customer_contact", LINE, false),
        Field("owner", Choice, false),
    ];
    let unknown = Uuid::from_u128(77).to_string();
    let form = recovery.form("acknowledge", &acknowledged);
    form.assert_refuses_value(fields[6], "owner", "unknown id", &unknown)
        .await
        .assert_refuses_all(&fields)
        .await
        .assert_accepted()
        .await;

    let told = [("told", "It is being mended."), ("next_update_by", "2026-11-03T12:00")];
    let fields = [Field("told", PROSE, true), Field("next_update_by", Future, false)];
    recovery.step("update", &told, &fields).await;

    let understood = [
        ("words", "The floor was wet."),
        ("severity", "minor"),
        ("preventable", "yes"),
        ("cause", "A leak."),
        ("remedy_sought", "A coffee."),
    ];
    let fields = [
        Field("words", PROSE, true),
        Field("severity", Choice, true),
        Field("preventable", Choice, true),
        Field("cause", PROSE, false),
        Field("remedy_sought", PROSE, false),
    ];
    recovery.step("understand", &understood, &fields).await;
}

/// Remedies, learns, gets the answer of the customer, reopens.
async fn remedy_and_reopen(recovery: &RecoverySteps<'_>) {
    recovery.browser.advance(TimeDelta::hours(1));
    let remedied = [
        ("correction", "We dried it."),
        ("remedy", "A coffee."),
        ("gesture", "And a cake."),
        ("cost", "4.50"),
        ("received_at", ""),
        ("proactive", "yes"),
    ];
    let fields = [
        Field("correction", PROSE, true),
        Field("remedy", PROSE, true),
        Field("gesture", PROSE, false),
        Field("cost", Money, false),
        Field("received_at", Past, false),
        Field("proactive", Choice, false),
    ];
    recovery.step("remedy", &remedied, &fields).await;

    let learned = [
        ("cause", "A worn seal."),
        ("corrective_action", "A new seal each year."),
        ("why_none", ""),
        ("heard", "yes"),
        ("thanked", "yes"),
        ("supported", "yes"),
    ];
    let fields = [
        Field("cause", PROSE, true),
        Field("corrective_action", PROSE, false),
        Field("why_none", PROSE, false),
        Field("heard", Choice, true),
        Field("thanked", Choice, true),
        Field("supported", Choice, false),
    ];
    recovery.step("learn", &learned, &fields).await;

    let asked = recovery.browser.post_and_follow(&recovery.path("follow-up"), &[]).await;
    let link = private_link(&asked.html, "/follow-up/");
    let answered = [("fixed", "no"), ("again", "no"), ("fair", "no"), ("words", "Still wet.")];
    let fields = [
        Field("fixed", Choice, true),
        Field("again", Choice, true),
        Field("fair", Choice, false),
        Field("words", PROSE, false),
    ];
    Form::new(recovery.browser, link, field_values(&answered))
        .assert_refuses_all(&fields)
        .await
        .assert_accepted()
        .await;
    recovery.step("reopen", &[("why", "She called.")], &[Field("why", PROSE, true)]).await;
}
