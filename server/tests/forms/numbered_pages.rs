//! Long lists have numbered pages of limited size.

use crate::browser::Browser;
use crate::form::field_values;

const PLACES: usize = 430;

/// A business with a site that has many places, and the address of the site.
async fn with_many_places() -> (Browser, String) {
    let browser = Browser::with_business().await;
    let made = browser.post("/sites", &field_values(&[("name", "Mill")])).await;
    let site = made.location().rsplit('=').next().unwrap().to_owned();
    let sql = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) \
        INSERT INTO places (id, business_id, site_id, name, code, created_at) \
        SELECT randomblob(16), s.business_id, s.id, printf('Place %04d', i), printf('%06d', i), s.created_at FROM n, sites s";
    let many = i64::try_from(PLACES).unwrap();
    sqlx::query(sql).bind(many).execute(&browser.pool).await.unwrap();
    (browser, format!("/sites/{site}"))
}

/// The numbers of the places on a page.
fn place_numbers(html: &str, between: (&str, &str)) -> Vec<usize> {
    let parts = html.split(between.0).skip(1);
    parts.filter_map(|rest| rest.split_once(between.1)?.0.strip_prefix("Place ")?.parse().ok()).collect()
}

#[tokio::test]
async fn the_pages_of_a_list_contain_every_place_once() {
    let (browser, site) = with_many_places().await;
    let tags = format!("{site}/tags");
    let places = ("<span>", "<");
    for (address, most, between) in [("/places", 200, places), (&site, 200, places), (&tags, 60, ("<h2>", "</h2>"))] {
        let (mut all, mut next, mut parts) = (Vec::new(), Some(address.to_owned()), 0);
        while let Some(to) = next {
            let page = browser.get(&to).await;
            assert_eq!(page.status, 200, "{to}");
            assert!(page.html.len() < 600_000, "{to}: {} bytes", page.html.len());
            let here = place_numbers(&page.html, between);
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
async fn an_invalid_page_number_is_not_found() {
    let (browser, site) = with_many_places().await;
    for address in ["/places".to_owned(), site.clone(), format!("{site}/tags")] {
        for wrong in ["0", "9", "-1", "", "one", "1.0", "99999999999999999999", "%00", "1&part=2"] {
            assert_eq!(browser.get(&format!("{address}?part={wrong}")).await.status, 404, "{address} {wrong}");
        }
    }
    let empty = Browser::with_business().await;
    for address in ["/places", "/places?part=1"] {
        let page = empty.get(address).await;
        assert!(page.status == 200 && !page.html.contains("rel=\"next\""), "{address}");
    }
}
