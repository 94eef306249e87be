//! Grants end with the rights of their maker, unless somebody takes them over by name.

use axum::body::Body;
use http::{Request, header};

use crate::browser::Browser;
use crate::form::{FieldValues, field_values};
use crate::owner::private_link;
use crate::site_access::join_as;

/// A member, and the grants that they made.
struct Maker {
    browser: Browser,
    person: String,
    /// The secret of each grant.
    invitation: String,
    token: Option<String>,
    tablet: Browser,
    waiting: String,
}

impl Maker {
    async fn new(owner: &Browser, name: &str, role: &str) -> Self {
        let (browser, person) = join_as(owner, name, &[("role", role)]).await;
        let site = browser.newest_id("sites").await;
        let invited = browser.post_and_follow("/invites", &field_values(&[("name", "Lee"), ("role", role)])).await;
        let token = if role == "owner" {
            let made = browser
                .post_and_follow("/tokens", &field_values(&[("name", "Till"), ("role", "owner"), ("lasts", "90")]))
                .await;
            let (_, rest) = made.html.split_once("tm_").unwrap();
            Some(format!("tm_{}", rest.chars().take_while(char::is_ascii_alphanumeric).collect::<String>()))
        } else {
            None
        };
        let device = |name| field_values(&[("name", name), ("site", &site)]);
        let registration =
            private_link(&browser.post_and_follow("/devices", &device("Counter")).await.html, "/register/");
        let waiting = private_link(&browser.post_and_follow("/devices", &device("Kitchen")).await.html, "/register/");
        let mut tablet = browser.another_browser();
        let registered = tablet.post(&registration, &[]).await;
        assert_eq!(registered.status, 303, "{}", registered.html);
        let cookies = registered.headers.get_all(header::SET_COOKIE).iter().map(|set| set.to_str().unwrap());
        let device = cookies.filter(|set| set.contains("-device-")).map(|set| set.split(';').next().unwrap());
        tablet.cookie = device.collect();
        Self { browser, person, invitation: private_link(&invited.html, "/join/"), token, tablet, waiting }
    }

    fn page(&self) -> String {
        format!("/people/{}/made", self.person)
    }

    /// Which grants still give access.
    async fn valid_grants(&self) -> Vec<&'static str> {
        let mut open = Vec::new();
        let outside = self.browser.another_browser();
        if outside.get(&self.invitation).await.html.contains("name=\"password\"") {
            open.push("invitation");
        }
        if let Some(token) = &self.token {
            let request = Request::get("/api/v1/problems").header(header::AUTHORIZATION, format!("Bearer {token}"));
            let answer = outside.response(request.body(Body::empty()).unwrap()).await;
            assert!(matches!(answer.status().as_u16(), 200 | 401), "{}", answer.status());
            open.extend((answer.status() == 200).then_some("token"));
        }
        open.extend((self.tablet.get("/device").await.status == 200).then_some("device"));
        open.extend(
            outside
                .get(&self.waiting)
                .await
                .html
                .contains("<form method=\"post\" action=\"/register")
                .then_some("link"),
        );
        open
    }

    /// The values of the buttons on the page, each with the text beside it.
    async fn buttons(&self, by: &Browser) -> Vec<String> {
        let page = by.get(&self.page()).await;
        assert_eq!(page.status, 200, "{}", page.html);
        let ended =
            page.html.split("name=\"made\" value=\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned());
        let mut ended: Vec<_> = ended.filter(|value| value != "all").collect();
        ended.sort_unstable();
        ended.dedup();
        ended
    }
}

async fn business_with_owner() -> Browser {
    let browser = Browser::with_business().await;
    browser.post("/sites", &field_values(&[("name", "Salina")])).await;
    browser
}

fn made_field(made: &str) -> FieldValues {
    field_values(&[("made", made)])
}

#[tokio::test]
async fn grants_of_a_removed_owner_give_no_access() {
    let june = business_with_owner().await;
    let kim = Maker::new(&june, "Kim", "owner").await;
    assert_eq!(kim.valid_grants().await, ["invitation", "token", "device", "link"]);
    let people = june.get("/people").await.html;
    assert!(people.contains("4 things they created still give access") && people.contains(&kim.page()), "{people}");
    let own = kim.browser.get("/people").await.html;
    assert!(own.contains(&kim.page()), "whoever leaves is told, too: {own}");
    let removed = june.post(&format!("/people/{}/remove", kim.person), &[]).await;
    assert_eq!(removed.status, 303, "{}", removed.html);
    assert_eq!(kim.valid_grants().await, [""; 0]);
    let entrant = field_values(&[("name", "Lee"), ("email", "lee@door.example"), ("password", "another long secret")]);
    let late = june.another_browser().post(&kim.invitation, &entrant).await;
    assert_eq!(late.status, 409, "{}", late.html);
    let registered = june.another_browser().post(&kim.waiting, &[]).await;
    assert_eq!(registered.status, 409, "{}", registered.html);
    let page = june.get(&kim.page()).await;
    assert!(page.status == 200 && page.html.contains("Nothing gives access"), "{}", page.html);
    let audit = june.get("/audit").await.html;
    for said in ["took an invitation back", "took a token back", "took a device back"] {
        assert!(audit.contains(said), "{said}: {audit}");
    }
}

#[tokio::test]
async fn grants_of_a_manager_end_when_they_become_staff_or_leave() {
    let june = business_with_owner().await;
    let mo = Maker::new(&june, "Mo", "manager").await;
    let demoted = june.post(&format!("/people/{}/role", mo.person), &field_values(&[("role", "staff")])).await;
    assert_eq!(demoted.status, 303, "{}", demoted.html);
    assert_eq!(mo.valid_grants().await, [""; 0]);
    let nia = Maker::new(&june, "Nia", "manager").await;
    assert_eq!(nia.valid_grants().await, ["invitation", "device", "link"]);
    let left = nia.browser.post("/people/leave", &[]).await;
    assert_eq!(left.status, 303, "{}", left.html);
    assert_eq!(nia.valid_grants().await, [""; 0]);
}

#[tokio::test]
async fn grants_that_are_taken_over_stay_valid() {
    let june = business_with_owner().await;
    for (name, all) in [("Kim", true), ("Una", false)] {
        let maker = Maker::new(&june, name, "owner").await;
        let listed = maker.buttons(&june).await;
        assert_eq!(listed.len(), 4, "{listed:?}");
        let over = format!("{}/take-over", maker.page());
        for made in if all { vec!["all".to_owned()] } else { listed } {
            let taken = june.post(&over, &made_field(&made)).await;
            assert_eq!((taken.status.as_u16(), taken.location()), (303, maker.page().as_str()), "{}", taken.html);
        }
        assert_eq!(maker.buttons(&june).await, [""; 0]);
        june.post(&format!("/people/{}/remove", maker.person), &[]).await;
        assert_eq!(maker.valid_grants().await, ["invitation", "token", "device", "link"]);
    }
    assert!(june.get("/audit").await.html.contains("took over what somebody else made"));
    let own = june.newest_id("people WHERE email = 'june@door.example'").await;
    let page = june.get(&format!("/people/{own}/made")).await.html;
    assert!(!page.contains("/take-over") && page.contains("/made/end"), "what is one's own is not taken over: {page}");
}

#[tokio::test]
async fn ended_grants_give_no_access() {
    let june = business_with_owner().await;
    let kim = Maker::new(&june, "Kim", "owner").await;
    let end = format!("{}/end", kim.page());
    let first = kim.buttons(&june).await.into_iter().find(|made| made.starts_with("token:")).unwrap();
    assert_eq!(june.post(&end, &made_field(&first)).await.status, 303);
    assert_eq!(kim.valid_grants().await, ["invitation", "device", "link"]);
    assert_eq!(june.post(&end, &made_field(&first)).await.status, 404, "it is over already");
    assert_eq!(june.post(&end, &made_field("all")).await.status, 303);
    assert_eq!(kim.valid_grants().await, [""; 0]);
    assert_eq!(june.post(&end, &made_field("all")).await.status, 303, "there is nothing left");
}

#[tokio::test]
async fn unknown_or_higher_grants_cannot_be_taken_over_or_ended() {
    let june = business_with_owner().await;
    let kim = Maker::new(&june, "Kim", "owner").await;
    let (mo, _) = join_as(&june, "Mo", &[("role", "manager")]).await;
    let (sam, _) = join_as(&june, "Sam", &[("role", "staff")]).await;
    let (ada, _) = join_as(&june, "Ada", &[("role", "auditor")]).await;
    let nobody = uuid::Uuid::from_u128(77);
    let listed = kim.buttons(&june).await;
    for verb in ["take-over", "end"] {
        let to = format!("{}/{verb}", kim.page());
        for wrong in
            ["", " ", "all of it", "token", "token:", "token:7", "tokens:7", "person:7", &format!("key:{nobody}")]
        {
            let page = june.post(&to, &made_field(wrong)).await;
            assert_eq!(page.status, 422, "{wrong}: {}", page.html);
        }
        assert_eq!(june.post(&to, &[]).await.status, 422);
        for unknown in ["token", "invitation", "device", "customer-link"] {
            assert_eq!(june.post(&to, &made_field(&format!("{unknown}:{nobody}"))).await.status, 404, "{unknown}");
        }
        for made in listed.iter().map(String::as_str).chain(["all"]) {
            assert_eq!(
                june.post(&format!("/people/{nobody}/made/{verb}"), &made_field(made)).await.status,
                404,
                "{made}"
            );
            for browser in [&sam, &ada] {
                assert_eq!(browser.post(&to, &made_field(made)).await.status, 403, "{made}");
            }
            assert_eq!(june.another_browser().post(&to, &made_field(made)).await.status, 401, "{made}");
        }
        let invitation = listed.iter().find(|made| made.starts_with("invitation:")).unwrap();
        let above = mo.post(&to, &made_field(invitation)).await;
        assert!(above.status == 409 && above.html.contains("is not yours"), "{}", above.html);
        let token = listed.iter().find(|made| made.starts_with("token:")).unwrap();
        assert_eq!(mo.post(&to, &made_field(token)).await.status, 404, "a token is not even in sight");
    }
    for browser in [&sam, &ada] {
        assert_eq!(browser.get(&kim.page()).await.status, 403);
    }
    assert_eq!(kim.valid_grants().await, ["invitation", "token", "device", "link"], "nothing has changed");
    let seen = kim.buttons(&mo).await;
    assert!(seen.iter().all(|made| made.starts_with("device:")) && seen.len() == 2, "{seen:?}");
    let polish = june.get_in_language("pl", &kim.page()).await.html;
    assert!(polish.contains("Przejmij"), "{polish}");
}

#[tokio::test]
async fn lists_of_invitations_tokens_and_devices_are_paginated() {
    let june = business_with_owner().await;
    let site = june.newest_id("sites").await;
    for number in 0..57 {
        let name = format!("Number {number:02}");
        for (path, fields) in [
            ("/invites", field_values(&[("name", &name), ("role", "staff")])),
            ("/tokens", field_values(&[("name", &name), ("role", "staff"), ("lasts", "90")])),
            ("/devices", field_values(&[("name", &name), ("site", &site)])),
        ] {
            assert_eq!(june.post(path, &fields).await.status, 303, "{path}");
        }
        june.advance(chrono::TimeDelta::seconds(1));
    }
    for path in ["/people", "/tokens", "/devices"] {
        let first = june.get(path).await.html;
        assert!(first.contains("Number 56") && first.contains("Number 07") && !first.contains("Number 06"), "{path}");
        let (_, rest) = first.split_once(&format!("href=\"{path}?before=")).unwrap();
        let id = rest.split('"').next().unwrap();
        let second = june.get(&format!("{path}?before={id}")).await;
        assert_eq!(second.status, 200, "{path}");
        let listed = second.html.contains("Number 06") && second.html.contains("Number 00");
        assert!(listed && !second.html.contains("Number 07"), "{path}: {}", second.html);
        assert!(!second.html.contains("rel=\"next\"") && second.html.contains("Back to the newest"), "{path}");
        assert_eq!(june.get(&format!("{path}?before=nobody")).await.status, 404, "{path}");
        let unknown = june.get(&format!("{path}?before={}", uuid::Uuid::from_u128(7))).await;
        assert_eq!(unknown.status, 200, "{path}");
    }
}
