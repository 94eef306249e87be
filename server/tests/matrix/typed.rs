//! Addresses as people type them: every page has one, and is found by its neighbours.

use axum::http::HeaderValue;

use crate::*;

/// The same address with slashes too many and in capitals, as far as capitals do not matter in it.
fn neighbours(path: &str) -> Vec<String> {
    let slashes = path.replace('/', "//");
    let (first, rest) =
        path[1..].split_once('/').map_or((&path[1..], String::new()), |(first, rest)| (first, format!("/{rest}")));
    let mut title = first.to_owned();
    title[..usize::from(!first.is_empty())].make_ascii_uppercase();
    vec![
        format!("{path}/"),
        format!("{path}//"),
        format!("/{path}"),
        format!("///{path}///"),
        slashes,
        format!("/{title}{rest}"),
        format!("/{}{rest}", first.to_ascii_uppercase()),
        format!("/{}{rest}/", first.to_ascii_uppercase()),
    ]
}

async fn looked(house: &House, method: &str, path: &str, caller: Option<&Caller>) -> (StatusCode, Option<HeaderValue>) {
    let door = Door { method: method.parse().unwrap(), path: path.to_owned(), rule: Rule::Anyone };
    let request = match caller {
        Some(caller) => ask(&door, path, caller),
        None => Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "trialmark.example")
            .body(Body::empty())
            .unwrap(),
    };
    let answer = house.router.clone().oneshot(request).await.unwrap();
    (answer.status(), answer.headers().get(header::LOCATION).cloned())
}

#[tokio::test]
async fn every_page_is_found_under_what_people_type() {
    let house = House::new().await;
    let owner = house.owner().await;
    let mut tried = 0;
    let pages = house.doors.iter().filter(|door| door.method == Method::GET && !door.path.starts_with("/api/"));
    for door in pages {
        let path = fill(&door.path, Whose::Own, &house.own, &house.foreign);
        for query in ["", "?lang=pl", "?to=%2F%2Fevil.example&x=//evil.example"] {
            let (status, _) = looked(&house, "GET", &format!("{path}{query}"), Some(&owner)).await;
            assert_ne!(status, 308, "{path} is the address itself");
            for typed in neighbours(&path).into_iter().filter(|typed| *typed != path) {
                for (method, caller) in [("GET", Some(&owner)), ("HEAD", None)] {
                    let (status, to) = looked(&house, method, &format!("{typed}{query}"), caller).await;
                    let to = to.as_ref().map_or("", |to| to.to_str().unwrap());
                    assert_eq!(
                        (status.as_u16(), to),
                        (308, format!("{path}{query}").as_str()),
                        "{method} {typed}{query}"
                    );
                    tried += 1;
                }
            }
        }
    }
    println!("{tried} addresses as people type them");
    assert!(tried > 1000, "{tried}");
}

#[tokio::test]
async fn what_is_sent_goes_to_the_one_address_and_programs_are_told() {
    let house = House::new().await;
    let owner = house.owner().await;
    let before = house.installation.counted().await;
    for door in house.doors.iter().filter(|door| door.method != Method::GET) {
        let path = fill(&door.path, Whose::Own, &house.own, &house.foreign);
        for typed in [format!("{path}/"), format!("/{path}"), path.replace('/', "//")] {
            let (status, to) = looked(&house, door.method.as_str(), &typed, Some(&owner)).await;
            assert!(status.is_client_error() && to.is_none(), "{} {typed}: {status}", door.method);
        }
    }
    assert_eq!(house.installation.counted().await, before);
    for typed in ["/api/v1/problems/", "/api/v1//problems", "/api/v1/Problems", "/API/v1/problems"] {
        assert_eq!(looked(&house, "GET", typed, Some(&owner)).await.0, 404, "{typed}");
    }
}

#[tokio::test]
async fn names_and_codes_are_read_as_people_write_them() {
    let house = House::new().await;
    let at = fill("/at/{code}", Whose::Own, &house.own, &house.foreign);
    let code = &at["/at/".len()..];
    let (first, last) = code.split_at(3);
    let (small, dashed) = (code.to_lowercase(), format!("{first}-{last}"));
    for typed in [
        format!("/at/{small}"),
        format!("/at/{small}/"),
        format!("/at/{dashed}"),
        format!("/at/{}", dashed.to_lowercase()),
        format!("/at/{first}%20{last}"),
        format!("/at/%20{code}%20"),
        format!("/AT/{dashed}-/"),
        format!("//at//{small}"),
        format!("/At/{first}--{last}"),
        format!("/at/{first}%2D{last}"),
    ] {
        let (status, to) = looked(&house, "GET", &typed, None).await;
        assert_eq!((status.as_u16(), to.unwrap().to_str().unwrap()), (308, at.as_str()), "{typed}");
    }
    for (typed, to) in [
        ("/p/Prairie-Stop", "/p/prairie-stop"),
        ("/p/PRAIRIE-STOP/", "/p/prairie-stop"),
        ("/P/Prairie-Stop?lang=pl", "/p/prairie-stop?lang=pl"),
        ("/p/prairie-stop/Record", "/p/prairie-stop/record"),
        ("/p/Prairie-Stop/Record.JSONL", "/p/prairie-stop/record.jsonl"),
        ("/p/prairie-stop//Clean-Restrooms/", "/p/prairie-stop/clean-restrooms"),
        ("/p/prairie%2Dstop", "/p/prairie-stop"),
        ("/p/%20Prairie-Stop", "/p/prairie-stop"),
    ] {
        let (status, location) = looked(&house, "GET", typed, None).await;
        assert_eq!((status.as_u16(), location.unwrap().to_str().unwrap()), (308, to), "{typed}");
        assert_eq!(looked(&house, "GET", to, None).await.0, 200, "{to}");
    }
}

#[tokio::test]
async fn crawlers_are_told_what_is_public_and_nothing_else() {
    let house = House::new().await;
    let text = async |path: &str| {
        let request = Request::get(path).header(header::HOST, "trialmark.example").body(Body::empty()).unwrap();
        let body = house.router.clone().oneshot(request).await.unwrap().into_body();
        String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap()
    };
    let robots = text("/robots.txt").await;
    for line in ["User-agent: *", "Allow: /p/", "Disallow: /", "Sitemap: https://trialmark.example/sitemap.xml"] {
        assert!(robots.lines().any(|one| one == line), "{line}: {robots}");
    }
    let sitemap = text("/sitemap.xml").await;
    let listed: Vec<_> = sitemap
        .split("<loc>https://trialmark.example")
        .skip(1)
        .map(|rest| rest.split_once("</loc>").unwrap().0)
        .collect();
    assert_eq!(sitemap.matches("<loc>").count(), listed.len(), "{sitemap}");
    for page in ["/p/prairie-stop", "/p/prairie-stop/record", "/p/prairie-stop/clean-restrooms", "/p/other"] {
        assert!(listed.contains(&page), "{page}: {sitemap}");
    }
    for path in &listed {
        assert!(path.starts_with("/p/"), "{path}");
        assert_eq!(looked(&house, "GET", path, None).await.0, 200, "{path}");
    }
    let private = house.doors.iter().filter(|door| door.method == Method::GET && door.rule != Rule::Anyone);
    for door in private {
        let allowed = robots.lines().filter_map(|line| line.strip_prefix("Allow: "));
        assert!(allowed.clone().all(|prefix| !door.path.starts_with(prefix)), "{}", door.path);
    }
}
