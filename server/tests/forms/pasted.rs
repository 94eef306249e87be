//! What comes with a pasted text is gone when it is stored, and names that look alike are pointed out.

use crate::browser::Browser;
use crate::form::filled;

/// Pasted, and as it is stored.
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
async fn a_name_is_stored_as_it_is_seen() {
    let browser = Browser::begun().await;
    for (pasted, stored) in NAMES {
        let to = [("/sites", "sites"), ("/invites", "invites"), ("/tokens", "tokens")];
        for (path, table) in to {
            let page = browser.post(path, &filled(&[("name", pasted), ("role", "staff"), ("lasts", "9\u{A0}")])).await;
            assert!(matches!(page.status.as_u16(), 200 | 303), "{path} {pasted:?}: {}", page.html);
            let sql = sqlx::AssertSqlSafe(format!("SELECT name FROM {table} ORDER BY rowid DESC LIMIT 1"));
            let (name,): (String,) = sqlx::query_as(sql).fetch_one(&browser.rows).await.unwrap();
            assert_eq!(name, stored, "{path} {pasted:?}");
        }
    }
}

#[tokio::test]
async fn codes_and_numbers_are_read_as_they_are_seen() {
    let browser = Browser::begun().await;
    let password = "a long enough secret";
    let pin = filled(&[("pin", "\u{202D}274\u{200B}915\u{202C}\u{A0}"), ("current", password)]);
    assert_eq!(browser.post("/account/pin", &pin).await.status, 303);
    let signed = [("email", "\u{200B}June@door.example\u{A0}"), ("password", password)];
    assert_eq!(browser.another().post("/sign-in", &filled(&signed)).await.status, 303);
    let typed = "Prairie\u{A0}Sto\u{200B}p";
    assert_eq!(browser.post("/settings/delete", &filled(&[("name", typed)])).await.status, 200);
}

#[tokio::test]
async fn names_that_look_alike_are_pointed_out_where_people_choose_by_them() {
    let browser = Browser::begun().await;
    browser.post("/sites", &filled(&[("name", "Salina")])).await;
    let site = browser.newest("sites").await;
    let says = |name: &str| format!("looks like another name: {name}");
    for name in ["June Hart", "Ann Lee", "Аnn Lee", "Bob"] {
        let asked = browser.post("/invites", &filled(&[("name", name), ("role", "staff")])).await;
        assert_eq!(asked.status, 303, "{}", asked.html);
    }
    let people = browser.get("/people").await;
    for name in ["June Hart", "Ann Lee", "Аnn Lee"] {
        assert!(people.html.contains(&says(name)), "{name}: {}", people.html);
    }
    assert_eq!(people.html.matches("looks like another name").count(), 4, "{}", people.html);
    for name in ["Counter", "Cоunter", "Kitchen"] {
        browser.post("/devices", &filled(&[("name", name), ("site", &site)])).await;
    }
    let devices = browser.get("/devices").await;
    assert_eq!(devices.html.matches("looks like another name").count(), 2, "{}", devices.html);
    for name in ["Till", "TiII", "Door"] {
        browser.post("/tokens", &filled(&[("name", name), ("role", "staff"), ("lasts", "9")])).await;
    }
    let audit = browser.get("/audit").await;
    assert_eq!(audit.html.matches("looks like another name").count(), 2, "two of those to choose: {}", audit.html);
}
