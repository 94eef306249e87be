//! Whoever was let in once comes back under their address: by an invitation, and only with what is their own.

use chrono::TimeDelta;

use crate::browser::{Browser, Page};
use crate::form::{Filled, filled};
use crate::owner::link;

const ANNS: &str = "eleven wide violet rivers";
const ANN: &str = "ann@door.example";

/// An owner, and the link of an invitation.
async fn invited(browser: &Browser) -> String {
    let made = browser.shown("/invites", &filled(&[("name", "Night shift"), ("role", "staff")])).await;
    link(&made.html, "/join/")
}

fn entrant(email: &str, password: &str) -> Filled {
    filled(&[("name", "Ann Lee"), ("email", email), ("password", password)])
}

fn typed(email: &str, password: &str, to: &str) -> Filled {
    filled(&[("email", email), ("password", password), ("to", to)])
}

/// Ann came in once, and was let in no longer. Her id.
async fn left(browser: &Browser) -> String {
    let link = invited(browser).await;
    assert_eq!(browser.another().post(&link, &entrant(ANN, ANNS)).await.location(), "/today");
    let ann = browser.newest("people").await;
    assert_eq!(browser.post(&format!("/people/{ann}/remove"), &[]).await.status, 303);
    ann
}

/// How many people there are, and how many are let in.
async fn people(browser: &Browser) -> (i64, i64) {
    let sql = "SELECT (SELECT COUNT(*) FROM people), (SELECT COUNT(*) FROM members WHERE removed_at IS NULL)";
    sqlx::query_as(sql).fetch_one(&browser.rows).await.unwrap()
}

async fn is_in(browser: &Browser, page: &Page) -> bool {
    let mut there = browser.another();
    if page.status != 303 || !page.headers.contains_key("set-cookie") {
        return false;
    }
    there.keep(page);
    there.get("/today").await.status == 200
}

#[tokio::test]
async fn an_invitation_takes_the_account_up_again_with_its_own_password() {
    let browser = Browser::begun().await;
    left(&browser).await;
    assert_eq!(people(&browser).await, (2, 1));
    let outside = browser.another().post("/sign-in", &typed(ANN, ANNS, "/")).await;
    assert_eq!(outside.status, 403, "let in nowhere: {}", outside.html);

    // By the form of the invitation, whatever is wrong with it first.
    let join = invited(&browser).await;
    for (email, password) in [
        (ANN, "another wide violet river"),
        (ANN, "a long enough secret"),
        (" ANN@Door.example ", "another wide violet river"),
        ("june@door.example", ANNS),
    ] {
        let refused = browser.another().post(&join, &entrant(email, password)).await;
        assert_eq!(refused.status, 422, "{email} {password}: {}", refused.html);
        assert!(refused.html.contains("With this e-mail and password you cannot join."), "{}", refused.html);
        assert!(!refused.html.contains("taken"), "{}", refused.html);
        assert!(!is_in(&browser, &refused).await);
    }
    assert_eq!(people(&browser).await, (2, 1), "nothing has come of it");
    let back = browser.another().post(&join, &entrant("Ann@Door.example", ANNS)).await;
    assert_eq!(back.location(), "/join/".to_owned() + join.rsplit('/').next().unwrap());
    assert!(is_in(&browser, &back).await, "{}", back.html);
    assert_eq!(people(&browser).await, (2, 2), "the same account");
    let mut ann = browser.another();
    ann.keep(&back);
    assert_eq!(ann.get(back.location()).await.location(), "/today", "who has joined goes on");

    // By signing in, as the page of the invitation offers.
    let ann = browser.newest("people").await;
    assert_eq!(browser.post(&format!("/people/{ann}/remove"), &[]).await.status, 303);
    let join = invited(&browser).await;
    let sign_in = browser.another().get(&format!("/sign-in?to={}", join.replace('/', "%2F"))).await;
    assert!(sign_in.html.contains("Sign in to join Prairie Stop"), "{}", sign_in.html);
    assert_eq!(browser.another().post("/sign-in", &typed(ANN, "wrong", &join)).await.status, 422);
    let back = browser.another().post("/sign-in", &typed(ANN, ANNS, &join)).await;
    assert!(is_in(&browser, &back).await);
    assert_eq!(people(&browser).await, (2, 2));
}

#[tokio::test]
async fn an_invitation_that_is_over_lets_nobody_back() {
    let browser = Browser::begun().await;
    left(&browser).await;
    let (used, revoked, late) = (invited(&browser).await, invited(&browser).await, invited(&browser).await);
    let kim = filled(&[("name", "Kim"), ("email", "kim@door.example"), ("password", "nine slow copper kettles")]);
    assert_eq!(browser.another().post(&used, &kim).await.location(), "/today");
    let sql = "SELECT id FROM invites WHERE used_at IS NULL ORDER BY made_at, id LIMIT 1";
    let (id,): (uuid::Uuid,) = sqlx::query_as(sql).fetch_one(&browser.rows).await.unwrap();
    assert_eq!(browser.post(&format!("/invites/{id}/revoke"), &[]).await.status, 303);
    for join in [&used, &revoked, "/join/0", "/join/", "/join/../today", "/today"] {
        let back = browser.another().post("/sign-in", &typed(ANN, ANNS, join)).await;
        assert_eq!(back.status, 403, "{join}: {}", back.html);
        if join.len() > 20 {
            let back = browser.another().post(join, &entrant(ANN, ANNS)).await;
            assert!(back.status.is_client_error() && !is_in(&browser, &back).await, "{join}: {}", back.html);
        }
    }
    browser.pass(TimeDelta::days(7));
    assert_eq!(browser.another().post("/sign-in", &typed(ANN, ANNS, &late)).await.status, 403);
    assert_eq!(people(&browser).await, (3, 2));
}

#[tokio::test]
async fn the_second_step_is_asked_for_on_the_way_back() {
    let browser = Browser::begun().await;
    let ann = left(&browser).await.parse::<uuid::Uuid>().unwrap();
    let sql = "INSERT INTO authenticators (person_id, secret) VALUES ($1, $2)";
    sqlx::query(sql).bind(ann).bind(&[7_u8; 20][..]).execute(&browser.rows).await.unwrap();
    let join = invited(&browser).await;
    for (path, fields) in [(join.as_str(), entrant(ANN, ANNS)), ("/sign-in", typed(ANN, ANNS, &join))] {
        let half = browser.another().post(path, &fields).await;
        assert!(half.location().starts_with("/sign-in/second?to=%2Fjoin%2F"), "{}", half.location());
        assert_eq!(people(&browser).await, (2, 1), "the password alone lets nobody back");
        let mut there = browser.another();
        there.keep(&half);
        for wrong in ["", "000000", "aaaa-aaaa-aaaa-aaaa-aaaa-aaaa"] {
            let refused = there.post("/sign-in/second", &filled(&[("code", wrong), ("to", &join)])).await;
            assert_eq!(refused.status, 422, "{wrong}: {}", refused.html);
        }
        assert_eq!(there.get("/today").await.status, 303);
        assert_eq!(people(&browser).await, (2, 1));
    }
    let half = browser.another().post(&join, &entrant(ANN, ANNS)).await;
    let mut there = browser.another();
    there.keep(&half);
    browser.pass(TimeDelta::minutes(1));
    let totp = totp_rs::Builder::new().with_secret(totp_rs::Secret::from(vec![7_u8; 20])).build().unwrap();
    let code = totp.generate(u64::try_from(browser.store.now().timestamp()).unwrap()).to_string();
    let back = there.post("/sign-in/second", &filled(&[("code", &code), ("to", &join)])).await;
    assert_eq!(back.status, 303, "{}", back.html);
    assert_eq!(people(&browser).await, (2, 2));
}

#[tokio::test]
async fn a_link_to_a_new_password_opens_the_way_back_and_nothing_else() {
    let browser = Browser::begun().await;
    left(&browser).await;
    let reset = browser.store.reset_link(&domain::person::Email::parse(ANN).unwrap()).await.unwrap().unwrap();
    let fresh = "nine slow copper kettles";
    let set = browser.another().post(&format!("/reset/{}", reset.token), &filled(&[("password", fresh)])).await;
    assert_eq!(set.location(), "/sign-in");
    assert_eq!(
        browser.another().post("/sign-in", &typed(ANN, fresh, "/")).await.status,
        403,
        "not without an invitation"
    );
    let join = invited(&browser).await;
    assert_eq!(browser.another().post(&join, &entrant(ANN, ANNS)).await.status, 422, "the old password is none");
    let back = browser.another().post(&join, &entrant(ANN, fresh)).await;
    assert!(is_in(&browser, &back).await, "{}", back.html);
    assert_eq!(people(&browser).await, (2, 2));
}

#[tokio::test]
async fn who_is_let_in_already_joins_nowhere_by_mistake() {
    let browser = Browser::begun().await;
    let join = invited(&browser).await;
    // June is of this business already.
    let june = browser.another().post(&join, &entrant("june@door.example", "a long enough secret")).await;
    assert_eq!(june.location(), join);
    let mut there = browser.another();
    there.keep(&june);
    let refused = there.post(&join, &[]).await;
    assert_eq!(refused.status, 409, "{}", refused.html);
    assert_eq!(people(&browser).await, (1, 1));
    assert_eq!(browser.another().get(&join).await.status, 200, "the invitation is still open");
}

#[tokio::test]
async fn what_is_wrong_with_a_new_account_is_said_before_anyone_learns_of_another() {
    let browser = Browser::begun().await;
    left(&browser).await;
    let join = invited(&browser).await;
    for password in ["", "short", "password1234", "aaaaaaaaaaaa", "prairie stop 1"] {
        let of = async |email: &str| browser.another().post(&join, &entrant(email, password)).await;
        let (known, unknown) = (of("ann@door.example").await, of("nil@door.example").await);
        assert_eq!(known.status, 422, "{password}: {}", known.html);
        let same = known.html.replace("ann@door.example", "nil@door.example");
        let bare = |html: &str| {
            html.split("nonce=\"").map(|part| part.split_once('"').map_or(part, |(_, rest)| rest)).collect::<String>()
        };
        assert_eq!(bare(&same), bare(&unknown.html), "{password}");
    }
    for password in ["", "wrong", "a long enough secret"] {
        let known = browser.another().post("/sign-in", &typed(ANN, password, &join)).await;
        let unknown = browser.another().post("/sign-in", &typed("nil@door.example", password, &join)).await;
        assert_eq!((known.status, unknown.status), (unknown.status, known.status));
        assert_eq!(known.status, 422);
    }
}
