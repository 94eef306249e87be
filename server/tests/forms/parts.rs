//! Long lists, in parts: no page grows with what a business has.

use crate::browser::Browser;
use crate::form::filled;

const PLACES: usize = 430;

/// A business with a site of many places, and its address.
async fn with_many_places() -> (Browser, String) {
    let browser = Browser::begun().await;
    let made = browser.post("/sites", &filled(&[("name", "Mill")])).await;
    let site = made.location().rsplit('=').next().unwrap().to_owned();
    let sql = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) \
        INSERT INTO places (id, business_id, site_id, name, code, created_at) \
        SELECT randomblob(16), s.business_id, s.id, printf('Place %04d', i), printf('%06d', i), s.created_at FROM n, sites s";
    let many = i64::try_from(PLACES).unwrap();
    sqlx::query(sql).bind(many).execute(&browser.rows).await.unwrap();
    (browser, format!("/sites/{site}"))
}

/// The places on a page, by their number.
fn listed(html: &str, between: (&str, &str)) -> Vec<usize> {
    let parts = html.split(between.0).skip(1);
    parts.filter_map(|rest| rest.split_once(between.1)?.0.strip_prefix("Place ")?.parse().ok()).collect()
}

#[tokio::test]
async fn the_parts_of_a_list_hold_every_place_once() {
    let (browser, site) = with_many_places().await;
    let tags = format!("{site}/tags");
    let places = ("<span>", "<");
    for (address, most, between) in [("/places", 200, places), (&site, 200, places), (&tags, 60, ("<h2>", "</h2>"))] {
        let (mut all, mut next, mut parts) = (Vec::new(), Some(address.to_owned()), 0);
        while let Some(to) = next {
            let page = browser.get(&to).await;
            assert_eq!(page.status, 200, "{to}");
            assert!(page.html.len() < 600_000, "{to}: {} bytes", page.html.len());
            let here = listed(&page.html, between);
            assert!(!here.is_empty() && here.len() <= most, "{to}: {}", here.len());
            all.extend(here);
            parts += 1;
            let link = page.html.split("rel=\"next\" href=\"").nth(1);
            next = link.map(|rest| rest.split_once('"').unwrap().0.to_owned());
            assert_eq!(page.html.contains("rel=\"prev\""), parts > 1, "{to}");
        }
        assert_eq!(all, (1..=PLACES).collect::<Vec<_>>(), "{address}");
        assert_eq!(parts, PLACES.div_ceil(most), "{address}");
    }
}

#[tokio::test]
async fn a_part_that_is_none_is_not_there() {
    let (browser, site) = with_many_places().await;
    for address in ["/places".to_owned(), site.clone(), format!("{site}/tags")] {
        for wrong in ["0", "9", "-1", "", "one", "1.0", "99999999999999999999", "%00", "1&part=2"] {
            assert_eq!(browser.get(&format!("{address}?part={wrong}")).await.status, 404, "{address} {wrong}");
        }
    }
    let empty = Browser::begun().await;
    for address in ["/places", "/places?part=1"] {
        let page = empty.get(address).await;
        assert!(page.status == 200 && !page.html.contains("rel=\"next\""), "{address}");
    }
}
