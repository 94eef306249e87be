//! The audit log as CSV: complete, readable by spreadsheets, without formulas.

use http_body_util::BodyExt;

use crate::browser::Browser;
use crate::form::field_values;

const HEADER: &str = "at,who,deed,what,about,address,device";

/// Copies the newest audit event this many times.
async fn copy_newest_event(browser: &Browser, many: i64) {
    let sql = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) \
        INSERT INTO audit (id, business_id, at, by, deed, about, address, device_id) \
        SELECT randomblob(16), business_id, at, by, deed, about, address, device_id FROM n, \
        (SELECT * FROM audit ORDER BY at DESC, id DESC LIMIT 1)";
    sqlx::query(sql).bind(many).execute(&browser.pool).await.unwrap();
}

#[tokio::test]
async fn the_audit_csv_is_complete_and_streamed_at_any_size() {
    let browser = Browser::with_business().await;
    let (begun,): (i64,) = sqlx::query_as("SELECT COUNT(*) FROM audit").fetch_one(&browser.pool).await.unwrap();
    let mut rows = begun;
    for in_all in [begun, 999, 1_000, 1_001, 2_000, 10_050, 100_000] {
        if in_all > rows {
            copy_newest_event(&browser, in_all - rows).await;
        }
        rows = in_all;
        let mut body = browser.stream("/audit.csv").await;
        let (mut lines, mut longest, mut first) = (0, 0, Vec::new());
        while let Some(frame) = body.frame().await {
            let piece = frame.unwrap().into_data().unwrap();
            lines += piece.split(|byte| *byte == b'\n').count() - 1;
            longest = longest.max(piece.len());
            if first.is_empty() {
                first = piece.to_vec();
            }
        }
        assert_eq!(i64::try_from(lines).unwrap(), rows + 1, "every event, and the header");
        assert!(longest < 256 * 1024, "{longest} bytes at once of {rows} rows");
        assert_eq!(
            String::from_utf8(first).unwrap(),
            format!("\u{FEFF}{HEADER}\n"),
            "Excel sees by it that this is UTF-8"
        );
    }
}

#[tokio::test]
async fn audit_csv_names_are_formula_escaped_and_otherwise_unchanged() {
    let browser = Browser::with_business().await;
    for name in ["=HYPERLINK(\"x\")", "x;=1+1", "＝1+1", " \t@SUM(A1)", "Łódź", "Hart, June"] {
        assert_eq!(browser.post("/sites", &field_values(&[("name", name)])).await.status, 303, "{name}");
    }
    let table = browser.get("/audit.csv?deed=site_added").await;
    assert!(table.headers["content-disposition"].to_str().unwrap().ends_with(".csv\""), "{:?}", table.headers);
    let about: Vec<_> = {
        let text = table.html.trim_start_matches('\u{FEFF}');
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        reader.records().map(|row| row.unwrap()[4].to_owned()).collect()
    };
    let mut about: Vec<_> = about.iter().map(String::as_str).collect();
    about.sort_unstable();
    assert_eq!(about, ["'=HYPERLINK(\"x\")", "'@SUM(A1)", "'＝1+1", "Hart, June", "x;'=1+1", "Łódź"]);
}

#[tokio::test]
async fn an_empty_audit_csv_has_a_header() {
    let browser = Browser::with_business().await;
    let table = browser.get("/audit.csv?deed=token_made").await;
    assert_eq!((table.status.as_u16(), table.html), (200, format!("\u{FEFF}{HEADER}\n")));
}
