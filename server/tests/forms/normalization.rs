//! Pasted text is normalized before it is stored, and lookalike names are marked.

use crate::browser::Browser;
use crate::form::field_values;

/// Pasted text, and how it is stored.
const NAMES: [(&str, &str); 10] = [
    ("\u{202D}Salina\u{202C}", "Salina"),
    ("Ode\u{200B}ssa", "Odessa"),
    ("\u{FEFF}Hays\u{A0}", "Hays"),
    ("Great\u{A0}Bend", "Great Bend"),
    ("Dodge\tCity", "Dodge City"),
    ("Fort\r\nScott", "Fort Scott"),
    ("To\u{AD}pe\u{2060}ka", "Topeka"),
    ("Emporia\u{3164}", "Emporia"),
    ("Wro\u{301}cław", "Wrócław"),
    ("\u{2068}Liberal\u{2069}\u{200F}", "Liberal"),
];

#[tokio::test]
async fn a_name_is_stored_without_invisible_characters() {
    let browser = Browser::with_business().await;
    for (pasted, stored) in NAMES {
        let to = [("/sites", "sites"), ("/invites", "invites"), ("/tokens", "tokens")];
        for (path, table) in to {
            let page =
                browser.post(path, &field_values(&[("name", pasted), ("role", "staff"), ("lasts", "9\u{A0}")])).await;
            assert!(matches!(page.status.as_u16(), 200 | 303), "{path} {pasted:?}: {}", page.html);
            let sql = sqlx::AssertSqlSafe(format!("SELECT name FROM {table} ORDER BY rowid DESC LIMIT 1"));
            let (name,): (String,) = sqlx::query_as(sql).fetch_one(&browser.pool).await.unwrap();
            assert_eq!(name, stored, "{path} {pasted:?}");
        }
    }
}

#[tokio::test]
async fn codes_and_numbers_are_read_without_invisible_characters() {
    let browser = Browser::with_business().await;
    let password = "a long enough secret";
    let pin = field_values(&[("pin", "\u{202D}274\u{200B}915\u{202C}\u{A0}"), ("current", password)]);
    assert_eq!(browser.post("/account/pin", &pin).await.status, 303);
    let signed = [("email", "\u{200B}June@door.example\u{A0}"), ("password", password)];
    assert_eq!(browser.another_browser().post("/sign-in", &field_values(&signed)).await.status, 303);
    let typed = "Prairie\u{A0}Sto\u{200B}p";
    assert_eq!(browser.post("/settings/delete", &field_values(&[("name", typed)])).await.status, 200);
}

#[tokio::test]
async fn lookalike_names_are_flagged_in_lists_and_choices() {
    let browser = Browser::with_business().await;
    browser.post("/sites", &field_values(&[("name", "Salina")])).await;
    let site = browser.newest_id("sites").await;
    let says = |name: &str| format!("looks like another name: {name}");
    for name in ["June Hart", "Ann Lee", "Аnn Lee", "Bob"] {
        let asked = browser.post("/invites", &field_values(&[("name", name), ("role", "staff")])).await;
        assert_eq!(asked.status, 303, "{}", asked.html);
    }
    let people = browser.get("/people").await;
    for name in ["June Hart", "Ann Lee", "Аnn Lee"] {
        assert!(people.html.contains(&says(name)), "{name}: {}", people.html);
    }
    assert_eq!(people.html.matches("looks like another name").count(), 4, "{}", people.html);
    for name in ["Counter", "Cоunter", "Kitchen"] {
        browser.post("/devices", &field_values(&[("name", name), ("site", &site)])).await;
    }
    let devices = browser.get("/devices").await;
    assert_eq!(devices.html.matches("looks like another name").count(), 2, "{}", devices.html);
    for name in ["Till", "TiII", "Door"] {
        browser.post("/tokens", &field_values(&[("name", name), ("role", "staff"), ("lasts", "9")])).await;
    }
    let audit = browser.get("/audit").await;
    assert_eq!(audit.html.matches("looks like another name").count(), 2, "two of those to choose: {}", audit.html);
}
