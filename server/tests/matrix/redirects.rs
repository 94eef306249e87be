//! Redirects from mistyped addresses to the canonical one, and what crawlers are told.

use axum::http::HeaderValue;

use crate::*;

/// Variants of an address that are redirected to it: extra slashes, and capitals in the first segment.
fn mistyped_variants(path: &str) -> Vec<String> {
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

async fn send(setup: &Setup, method: &str, path: &str, caller: Option<&Caller>) -> (StatusCode, Option<HeaderValue>) {
    let door = Door { method: method.parse().unwrap(), path: path.to_owned(), rules: AccessRule::Anyone.into() };
    let request = match caller {
        Some(caller) => request(&door, path, caller),
        None => Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "trialmark.example")
            .body(Body::empty())
            .unwrap(),
    };
    let answer = setup.router.clone().oneshot(request).await.unwrap();
    (answer.status(), answer.headers().get(header::LOCATION).cloned())
}

#[tokio::test]
async fn mistyped_page_addresses_redirect_to_the_canonical_address() {
    let setup = Setup::new().await;
    let owner = setup.owner().await;
    let mut tried = 0;
    let pages = setup.doors.iter().filter(|door| door.method == Method::GET && !door.path.starts_with("/api/"));
    for door in pages {
        let path = fill(&door.path, IdOwner::Own, &setup.own, &setup.foreign);
        for query in ["", "?lang=pl", "?to=%2F%2Fevil.example&x=//evil.example"] {
            let (status, _) = send(&setup, "GET", &format!("{path}{query}"), Some(&owner)).await;
            assert_ne!(status, 308, "{path} is canonical");
            for typed in mistyped_variants(&path).into_iter().filter(|typed| *typed != path) {
                for (method, caller) in [("GET", Some(&owner)), ("HEAD", None)] {
                    let (status, to) = send(&setup, method, &format!("{typed}{query}"), caller).await;
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
    println!("{tried} mistyped addresses");
    assert!(tried > 1000, "{tried}");
}

#[tokio::test]
async fn forms_and_rest_requests_are_not_redirected() {
    let setup = Setup::new().await;
    let owner = setup.owner().await;
    let before = setup.installation.row_counts().await;
    for door in setup.doors.iter().filter(|door| door.method != Method::GET) {
        let path = fill(&door.path, IdOwner::Own, &setup.own, &setup.foreign);
        for typed in [format!("{path}/"), format!("/{path}"), path.replace('/', "//")] {
            let (status, to) = send(&setup, door.method.as_str(), &typed, Some(&owner)).await;
            assert!(status.is_client_error() && to.is_none(), "{} {typed}: {status}", door.method);
        }
    }
    assert_eq!(setup.installation.row_counts().await, before);
    for typed in ["/api/v1/problems/", "/api/v1//problems", "/api/v1/Problems", "/API/v1/problems"] {
        assert_eq!(send(&setup, "GET", typed, Some(&owner)).await.0, 404, "{typed}");
    }
}

#[tokio::test]
async fn mistyped_names_and_codes_are_redirected() {
    let setup = Setup::new().await;
    let at = fill("/at/{code}", IdOwner::Own, &setup.own, &setup.foreign);
    let code = &at["/at/".len()..];
    let (first, last) = code.split_at(3);
    let (lower, dashed) = (code.to_lowercase(), format!("{first}-{last}"));
    for typed in [
        format!("/at/{lower}"),
        format!("/at/{lower}/"),
        format!("/at/{dashed}"),
        format!("/at/{}", dashed.to_lowercase()),
        format!("/at/{first}%20{last}"),
        format!("/at/%20{code}%20"),
        format!("/AT/{dashed}-/"),
        format!("//at//{lower}"),
        format!("/At/{first}--{last}"),
        format!("/at/{first}%2D{last}"),
    ] {
        let (status, to) = send(&setup, "GET", &typed, None).await;
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
        let (status, location) = send(&setup, "GET", typed, None).await;
        assert_eq!((status.as_u16(), location.unwrap().to_str().unwrap()), (308, to), "{typed}");
        assert_eq!(send(&setup, "GET", to, None).await.0, 200, "{to}");
    }
}

#[tokio::test]
async fn robots_txt_and_the_sitemap_name_public_pages_only() {
    let setup = Setup::new().await;
    let text = async |path: &str| {
        let request = Request::get(path).header(header::HOST, "trialmark.example").body(Body::empty()).unwrap();
        let body = setup.router.clone().oneshot(request).await.unwrap().into_body();
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
        assert_eq!(send(&setup, "GET", path, None).await.0, 200, "{path}");
    }
    let private =
        setup.doors.iter().filter(|door| door.method == Method::GET && door.rules.access != AccessRule::Anyone);
    for door in private {
        let allowed = robots.lines().filter_map(|line| line.strip_prefix("Allow: "));
        assert!(allowed.clone().all(|prefix| !door.path.starts_with(prefix)), "{}", door.path);
    }
}
