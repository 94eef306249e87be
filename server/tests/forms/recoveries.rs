//! The forms that walk a recovery from its break to the customer's answer, and back.

use chrono::TimeDelta;
use uuid::Uuid;

use crate::bad::Field;
use crate::bad::Kind::{Choice, Coming, Money, Past};
use crate::browser::Browser;
use crate::form::{Form, LINE, PROSE, filled};
use crate::owner::{link, published};

/// One recovery on its way.
struct Walk<'b> {
    browser: &'b Browser,
    id: String,
}

impl<'b> Walk<'b> {
    /// From a promise just broken.
    async fn begun(browser: &'b Browser) -> Self {
        let (guarantee, place) = published(browser).await;
        let broken = [
            ("id", "00000000-0000-0000-0000-000000000001"),
            ("guarantee", &guarantee),
            ("verdict", "broken"),
            ("reason", "0"),
            ("found_by", "customer"),
        ];
        Form::new(browser, format!("/check/{place}"), filled(&broken)).takes().await;
        Self { browser, id: browser.newest("recoveries").await }
    }

    fn path(&self, step: &str) -> String {
        format!("/recoveries/{}/{step}", self.id)
    }

    fn form(&self, step: &str, good: &[(&'static str, &str)]) -> Form<'b> {
        Form::new(self.browser, self.path(step), filled(good))
    }

    /// A step that is refused with every bad value, then taken.
    async fn step(&self, name: &str, good: &[(&'static str, &str)], fields: &[Field]) {
        self.form(name, good).refuses_all(fields).await.takes().await;
    }
}

#[tokio::test]
async fn the_steps_of_a_recovery_refuse_what_is_bad_and_keep_what_was_typed() {
    let browser = Browser::begun().await;
    let walk = Walk::begun(&browser).await;
    listen(&walk).await;
    make_good(&walk).await;
}

#[tokio::test]
async fn a_customer_is_handed_what_is_known_and_forgotten_once_it_was_seen_what_goes() {
    let browser = Browser::begun().await;
    let walk = Walk::begun(&browser).await;
    listen(&walk).await;
    let page = browser.get(&format!("/recoveries/{}", walk.id)).await.html;
    assert!(page.contains("Ann, ann@example.com") && page.contains(&walk.path("forget")), "{page}");
    let file = browser.get(&walk.path("customer.json")).await;
    assert!(file.headers["content-disposition"].to_str().unwrap().starts_with("attachment"), "{:?}", file.headers);
    for part in ["\"ann@example.com\"", "\"The floor was wet.\"", "\"I am sorry.\""] {
        assert!(file.html.contains(part), "{part}: {}", file.html);
    }
    let rows = browser.counted().await;
    let ask = browser.get(&walk.path("forget")).await;
    assert!(ask.status == 200 && ask.html.contains("Ann, in this recovery."), "{}", ask.html);
    assert_eq!(browser.counted().await, rows, "nothing goes by looking");
    assert_eq!(browser.post(&walk.path("forget"), &[]).await.location(), format!("/recoveries/{}", walk.id));
    let page = browser.get(&format!("/recoveries/{}", walk.id)).await.html;
    for gone in ["Ann", "ann@example.com", "The floor was wet.", "I am sorry.", "A coffee."] {
        assert!(!page.contains(gone), "{gone}: {page}");
    }
    let again = browser.post(&walk.path("forget"), &[]).await;
    assert_eq!(again.location(), walk.path("forget"), "and says so");
    let said = browser.get(again.location()).await.html;
    assert!(
        said.contains("was forgotten already") && !said.contains("<form method=\"post\" action=\"/recoveries"),
        "{said}"
    );
    let remedied = walk.form("remedy", &[("correction", "We dried it.")]);
    remedied.takes().await;
    let waiting = browser.get(&format!("/recoveries/{}", walk.id)).await.html;
    assert!(waiting.contains("Nobody can be asked any more"), "{waiting}");
    assert_eq!(browser.post(&walk.path("follow-up"), &[]).await.status, 303);
}

/// Sorry, told, understood.
async fn listen(walk: &Walk<'_>) {
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
        Field("next_update_by", Coming, true),
        Field("customer_name", LINE, true),
        Field("customer_contact", LINE, false),
        Field("owner", Choice, false),
    ];
    let unknown = Uuid::from_u128(77).to_string();
    let form = walk.form("acknowledge", &acknowledged);
    form.refuses_this(fields[6], "owner", "unknown id", &unknown).await.refuses_all(&fields).await.takes().await;

    let told = [("told", "It is being mended."), ("next_update_by", "2026-11-03T12:00")];
    let fields = [Field("told", PROSE, true), Field("next_update_by", Coming, false)];
    walk.step("update", &told, &fields).await;

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
    walk.step("understand", &understood, &fields).await;
}

/// Remedied, learned from, answered for by the customer, begun again.
async fn make_good(walk: &Walk<'_>) {
    walk.browser.pass(TimeDelta::hours(1));
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
    walk.step("remedy", &remedied, &fields).await;

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
    walk.step("learn", &learned, &fields).await;

    let asked = walk.browser.shown(&walk.path("follow-up"), &[]).await;
    let link = link(&asked.html, "/follow-up/");
    let answered = [("fixed", "no"), ("again", "no"), ("fair", "no"), ("words", "Still wet.")];
    let fields = [
        Field("fixed", Choice, true),
        Field("again", Choice, true),
        Field("fair", Choice, false),
        Field("words", PROSE, false),
    ];
    Form::new(walk.browser, link, filled(&answered)).refuses_all(&fields).await.takes().await;
    walk.step("reopen", &[("why", "She called.")], &[Field("why", PROSE, true)]).await;
}
