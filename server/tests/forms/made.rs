//! What somebody made that gives access: it ends with their rights, unless somebody takes it over by name.

use axum::body::Body;
use http::{Request, header};

use crate::browser::Browser;
use crate::form::{Filled, filled};
use crate::owner::link;
use crate::reaches::comes_in;

/// Somebody who was let in, and what they made.
struct Maker {
    browser: Browser,
    person: String,
    /// What opens each thing, as its maker has it.
    invitation: String,
    token: Option<String>,
    tablet: Browser,
    waiting: String,
}

impl Maker {
    async fn new(owner: &Browser, name: &str, role: &str) -> Self {
        let (browser, person) = comes_in(owner, name, &[("role", role)]).await;
        let site = browser.newest("sites").await;
        let invited = browser.shown("/invites", &filled(&[("name", "Lee"), ("role", role)])).await;
        let token = if role == "owner" {
            let made = browser.shown("/tokens", &filled(&[("name", "Till"), ("role", "owner"), ("lasts", "90")])).await;
            let (_, rest) = made.html.split_once("tm_").unwrap();
            Some(format!("tm_{}", rest.chars().take_while(char::is_ascii_alphanumeric).collect::<String>()))
        } else {
            None
        };
        let device = |name| filled(&[("name", name), ("site", &site)]);
        let registration = link(&browser.shown("/devices", &device("Counter")).await.html, "/register/");
        let waiting = link(&browser.shown("/devices", &device("Kitchen")).await.html, "/register/");
        let mut tablet = browser.another();
        let registered = tablet.post(&registration, &[]).await;
        assert_eq!(registered.status, 303, "{}", registered.html);
        let cookies = registered.headers.get_all(header::SET_COOKIE).iter().map(|set| set.to_str().unwrap());
        let device = cookies.filter(|set| set.contains("-device-")).map(|set| set.split(';').next().unwrap());
        tablet.cookie = device.collect();
        Self { browser, person, invitation: link(&invited.html, "/join/"), token, tablet, waiting }
    }

    fn page(&self) -> String {
        format!("/people/{}/made", self.person)
    }

    /// Which of the things still open something.
    async fn open(&self) -> Vec<&'static str> {
        let mut open = Vec::new();
        let outside = self.browser.another();
        if outside.get(&self.invitation).await.html.contains("name=\"password\"") {
            open.push("invitation");
        }
        if let Some(token) = &self.token {
            let request = Request::get("/api/v1/problems").header(header::AUTHORIZATION, format!("Bearer {token}"));
            let answer = outside.answered(request.body(Body::empty()).unwrap()).await;
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

    /// The button values of the page, each with what is said of it.
    async fn listed(&self, by: &Browser) -> Vec<String> {
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

async fn begun() -> Browser {
    let browser = Browser::begun().await;
    browser.post("/sites", &filled(&[("name", "Salina")])).await;
    browser
}

fn of(made: &str) -> Filled {
    filled(&[("made", made)])
}

#[tokio::test]
async fn what_a_dismissed_owner_made_opens_nothing() {
    let june = begun().await;
    let kim = Maker::new(&june, "Kim", "owner").await;
    assert_eq!(kim.open().await, ["invitation", "token", "device", "link"]);
    let people = june.get("/people").await.html;
    assert!(people.contains("4 things they made still give access") && people.contains(&kim.page()), "{people}");
    let own = kim.browser.get("/people").await.html;
    assert!(own.contains(&kim.page()), "whoever leaves is told, too: {own}");
    let removed = june.post(&format!("/people/{}/remove", kim.person), &[]).await;
    assert_eq!(removed.status, 303, "{}", removed.html);
    assert_eq!(kim.open().await, [""; 0]);
    let entrant = filled(&[("name", "Lee"), ("email", "lee@door.example"), ("password", "another long secret")]);
    let late = june.another().post(&kim.invitation, &entrant).await;
    assert_eq!(late.status, 409, "{}", late.html);
    let registered = june.another().post(&kim.waiting, &[]).await;
    assert_eq!(registered.status, 409, "{}", registered.html);
    let page = june.get(&kim.page()).await;
    assert!(page.status == 200 && page.html.contains("Nothing is in use"), "{}", page.html);
    let audit = june.get("/audit").await.html;
    for said in ["took an invitation back", "took a token back", "took a device back"] {
        assert!(audit.contains(said), "{said}: {audit}");
    }
}

#[tokio::test]
async fn what_a_manager_made_ends_as_they_become_staff_and_as_they_leave() {
    let june = begun().await;
    let mo = Maker::new(&june, "Mo", "manager").await;
    let demoted = june.post(&format!("/people/{}/role", mo.person), &filled(&[("role", "staff")])).await;
    assert_eq!(demoted.status, 303, "{}", demoted.html);
    assert_eq!(mo.open().await, [""; 0]);
    let nia = Maker::new(&june, "Nia", "manager").await;
    assert_eq!(nia.open().await, ["invitation", "device", "link"]);
    let left = nia.browser.post("/people/leave", &[]).await;
    assert_eq!(left.status, 303, "{}", left.html);
    assert_eq!(nia.open().await, [""; 0]);
}

#[tokio::test]
async fn what_is_taken_over_one_by_one_or_all_at_once_goes_on() {
    let june = begun().await;
    for (name, all) in [("Kim", true), ("Una", false)] {
        let maker = Maker::new(&june, name, "owner").await;
        let listed = maker.listed(&june).await;
        assert_eq!(listed.len(), 4, "{listed:?}");
        let over = format!("{}/take-over", maker.page());
        for made in if all { vec!["all".to_owned()] } else { listed } {
            let taken = june.post(&over, &of(&made)).await;
            assert_eq!((taken.status.as_u16(), taken.location()), (303, maker.page().as_str()), "{}", taken.html);
        }
        assert_eq!(maker.listed(&june).await, [""; 0]);
        june.post(&format!("/people/{}/remove", maker.person), &[]).await;
        assert_eq!(maker.open().await, ["invitation", "token", "device", "link"]);
    }
    assert!(june.get("/audit").await.html.contains("took over what somebody else made"));
    let own = june.newest("people WHERE email = 'june@door.example'").await;
    let page = june.get(&format!("/people/{own}/made")).await.html;
    assert!(!page.contains("/take-over") && page.contains("/made/end"), "what is one's own is not taken over: {page}");
}

#[tokio::test]
async fn what_is_ended_is_over_at_once() {
    let june = begun().await;
    let kim = Maker::new(&june, "Kim", "owner").await;
    let end = format!("{}/end", kim.page());
    let first = kim.listed(&june).await.into_iter().find(|made| made.starts_with("token:")).unwrap();
    assert_eq!(june.post(&end, &of(&first)).await.status, 303);
    assert_eq!(kim.open().await, ["invitation", "device", "link"]);
    assert_eq!(june.post(&end, &of(&first)).await.status, 404, "it is over already");
    assert_eq!(june.post(&end, &of("all")).await.status, 303);
    assert_eq!(kim.open().await, [""; 0]);
    assert_eq!(june.post(&end, &of("all")).await.status, 303, "there is nothing left");
}

#[tokio::test]
async fn what_names_nothing_or_is_above_somebody_is_refused() {
    let june = begun().await;
    let kim = Maker::new(&june, "Kim", "owner").await;
    let (mo, _) = comes_in(&june, "Mo", &[("role", "manager")]).await;
    let (sam, _) = comes_in(&june, "Sam", &[("role", "staff")]).await;
    let (ada, _) = comes_in(&june, "Ada", &[("role", "auditor")]).await;
    let nobody = uuid::Uuid::from_u128(77);
    let listed = kim.listed(&june).await;
    for verb in ["take-over", "end"] {
        let to = format!("{}/{verb}", kim.page());
        for wrong in
            ["", " ", "all of it", "token", "token:", "token:7", "tokens:7", "person:7", &format!("key:{nobody}")]
        {
            let page = june.post(&to, &of(wrong)).await;
            assert_eq!(page.status, 422, "{wrong}: {}", page.html);
        }
        assert_eq!(june.post(&to, &[]).await.status, 422);
        for unknown in ["token", "invitation", "device", "customer-link"] {
            assert_eq!(june.post(&to, &of(&format!("{unknown}:{nobody}"))).await.status, 404, "{unknown}");
        }
        for made in listed.iter().map(String::as_str).chain(["all"]) {
            assert_eq!(june.post(&format!("/people/{nobody}/made/{verb}"), &of(made)).await.status, 404, "{made}");
            for browser in [&sam, &ada] {
                assert_eq!(browser.post(&to, &of(made)).await.status, 403, "{made}");
            }
            assert_eq!(june.another().post(&to, &of(made)).await.status, 401, "{made}");
        }
        let invitation = listed.iter().find(|made| made.starts_with("invitation:")).unwrap();
        let above = mo.post(&to, &of(invitation)).await;
        assert!(above.status == 409 && above.html.contains("is not yours"), "{}", above.html);
        let token = listed.iter().find(|made| made.starts_with("token:")).unwrap();
        assert_eq!(mo.post(&to, &of(token)).await.status, 404, "a token is not even in sight");
    }
    for browser in [&sam, &ada] {
        assert_eq!(browser.get(&kim.page()).await.status, 403);
    }
    assert_eq!(kim.open().await, ["invitation", "token", "device", "link"], "nothing has changed");
    let seen = kim.listed(&mo).await;
    assert!(seen.iter().all(|made| made.starts_with("device:")) && seen.len() == 2, "{seen:?}");
    let polish = june.get_in("pl", &kim.page()).await.html;
    assert!(polish.contains("Przejmij"), "{polish}");
}

#[tokio::test]
async fn long_lists_of_invitations_tokens_and_devices_come_in_pages() {
    let june = begun().await;
    let site = june.newest("sites").await;
    for number in 0..57 {
        let name = format!("Number {number:02}");
        for (path, fields) in [
            ("/invites", filled(&[("name", &name), ("role", "staff")])),
            ("/tokens", filled(&[("name", &name), ("role", "staff"), ("lasts", "90")])),
            ("/devices", filled(&[("name", &name), ("site", &site)])),
        ] {
            assert_eq!(june.post(path, &fields).await.status, 303, "{path}");
        }
        june.pass(chrono::TimeDelta::seconds(1));
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
