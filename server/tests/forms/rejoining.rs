//! A removed member can rejoin with the same address: by an invitation, and only with their own credentials.

use chrono::TimeDelta;

use crate::browser::{Browser, Page};
use crate::form::{FieldValues, field_values};
use crate::owner::private_link;

const ANNS_PASSWORD: &str = "eleven wide violet rivers";
const ANN: &str = "ann@door.example";

/// An owner, and the link of an invitation.
async fn invitation_link(browser: &Browser) -> String {
    let made = browser.post_and_follow("/invites", &field_values(&[("name", "Night shift"), ("role", "staff")])).await;
    private_link(&made.html, "/join/")
}

fn new_account(email: &str, password: &str) -> FieldValues {
    field_values(&[("name", "Ann Lee"), ("email", email), ("password", password)])
}

fn sign_in_fields(email: &str, password: &str, to: &str) -> FieldValues {
    field_values(&[("email", email), ("password", password), ("to", to)])
}

/// Adds Ann and removes her again. Returns her id.
async fn removed_member(browser: &Browser) -> String {
    let link = invitation_link(browser).await;
    assert_eq!(browser.another_browser().post(&link, &new_account(ANN, ANNS_PASSWORD)).await.location(), "/today");
    let ann = browser.newest_id("people").await;
    assert_eq!(browser.post(&format!("/people/{ann}/remove"), &[]).await.status, 303);
    ann
}

/// The number of people, and the number of members.
async fn people_and_member_counts(browser: &Browser) -> (i64, i64) {
    let sql = "SELECT (SELECT COUNT(*) FROM people), (SELECT COUNT(*) FROM members WHERE removed_at IS NULL)";
    sqlx::query_as(sql).fetch_one(&browser.pool).await.unwrap()
}

async fn is_signed_in(browser: &Browser, page: &Page) -> bool {
    let mut there = browser.another_browser();
    if page.status != 303 || !page.headers.contains_key("set-cookie") {
        return false;
    }
    there.keep_cookie(page);
    there.get("/today").await.status == 200
}

#[tokio::test]
async fn an_invitation_reactivates_an_account_with_its_own_password() {
    let browser = Browser::with_business().await;
    removed_member(&browser).await;
    assert_eq!(people_and_member_counts(&browser).await, (2, 1));
    let outside = browser.another_browser().post("/sign-in", &sign_in_fields(ANN, ANNS_PASSWORD, "/")).await;
    assert_eq!(outside.status, 403, "let in nowhere: {}", outside.html);

    // With the form of the invitation, first with errors.
    let join = invitation_link(&browser).await;
    for (email, password) in [
        (ANN, "another wide violet river"),
        (ANN, "a long enough secret"),
        (" ANN@Door.example ", "another wide violet river"),
        ("june@door.example", ANNS_PASSWORD),
    ] {
        let refused = browser.another_browser().post(&join, &new_account(email, password)).await;
        assert_eq!(refused.status, 422, "{email} {password}: {}", refused.html);
        assert!(refused.html.contains("You cannot join with this e-mail and password."), "{}", refused.html);
        assert!(!refused.html.contains("taken"), "{}", refused.html);
        assert!(!is_signed_in(&browser, &refused).await);
    }
    assert_eq!(people_and_member_counts(&browser).await, (2, 1), "nothing has come of it");
    let back = browser.another_browser().post(&join, &new_account("Ann@Door.example", ANNS_PASSWORD)).await;
    assert_eq!(back.location(), "/join/".to_owned() + join.rsplit('/').next().unwrap());
    assert!(is_signed_in(&browser, &back).await, "{}", back.html);
    assert_eq!(people_and_member_counts(&browser).await, (2, 2), "the same account");
    let mut ann = browser.another_browser();
    ann.keep_cookie(&back);
    assert_eq!(ann.get(back.location()).await.location(), "/today", "who has joined goes on");

    // By signing in, which the page of the invitation offers.
    let ann = browser.newest_id("people").await;
    assert_eq!(browser.post(&format!("/people/{ann}/remove"), &[]).await.status, 303);
    let join = invitation_link(&browser).await;
    let sign_in = browser.another_browser().get(&format!("/sign-in?to={}", join.replace('/', "%2F"))).await;
    assert!(sign_in.html.contains("Sign in to join Prairie Stop"), "{}", sign_in.html);
    assert_eq!(browser.another_browser().post("/sign-in", &sign_in_fields(ANN, "wrong", &join)).await.status, 422);
    let back = browser.another_browser().post("/sign-in", &sign_in_fields(ANN, ANNS_PASSWORD, &join)).await;
    assert!(is_signed_in(&browser, &back).await);
    assert_eq!(people_and_member_counts(&browser).await, (2, 2));
}

#[tokio::test]
async fn an_invalid_invitation_reactivates_no_account() {
    let browser = Browser::with_business().await;
    removed_member(&browser).await;
    let (used, revoked, late) =
        (invitation_link(&browser).await, invitation_link(&browser).await, invitation_link(&browser).await);
    let kim = field_values(&[("name", "Kim"), ("email", "kim@door.example"), ("password", "nine slow copper kettles")]);
    assert_eq!(browser.another_browser().post(&used, &kim).await.location(), "/today");
    let sql = "SELECT id FROM invites WHERE used_at IS NULL ORDER BY made_at, id LIMIT 1";
    let (id,): (uuid::Uuid,) = sqlx::query_as(sql).fetch_one(&browser.pool).await.unwrap();
    assert_eq!(browser.post(&format!("/invites/{id}/revoke"), &[]).await.status, 303);
    for join in [&used, &revoked, "/join/0", "/join/", "/join/../today", "/today"] {
        let back = browser.another_browser().post("/sign-in", &sign_in_fields(ANN, ANNS_PASSWORD, join)).await;
        assert_eq!(back.status, 403, "{join}: {}", back.html);
        if join.len() > 20 {
            let back = browser.another_browser().post(join, &new_account(ANN, ANNS_PASSWORD)).await;
            assert!(back.status.is_client_error() && !is_signed_in(&browser, &back).await, "{join}: {}", back.html);
        }
    }
    browser.advance(TimeDelta::days(7));
    assert_eq!(
        browser.another_browser().post("/sign-in", &sign_in_fields(ANN, ANNS_PASSWORD, &late)).await.status,
        403
    );
    assert_eq!(people_and_member_counts(&browser).await, (3, 2));
}

#[tokio::test]
async fn rejoining_requires_the_second_step() {
    let browser = Browser::with_business().await;
    let ann = removed_member(&browser).await.parse::<uuid::Uuid>().unwrap();
    let sql = "INSERT INTO authenticators (person_id, secret) VALUES ($1, $2)";
    sqlx::query(sql).bind(ann).bind(&[7_u8; 20][..]).execute(&browser.pool).await.unwrap();
    let join = invitation_link(&browser).await;
    for (path, fields) in
        [(join.as_str(), new_account(ANN, ANNS_PASSWORD)), ("/sign-in", sign_in_fields(ANN, ANNS_PASSWORD, &join))]
    {
        let half = browser.another_browser().post(path, &fields).await;
        assert!(half.location().starts_with("/sign-in/second?to=%2Fjoin%2F"), "{}", half.location());
        assert_eq!(people_and_member_counts(&browser).await, (2, 1), "the password alone lets nobody back");
        let mut there = browser.another_browser();
        there.keep_cookie(&half);
        for wrong in ["", "000000", "aaaa-aaaa-aaaa-aaaa-aaaa-aaaa"] {
            let refused = there.post("/sign-in/second", &field_values(&[("code", wrong), ("to", &join)])).await;
            assert_eq!(refused.status, 422, "{wrong}: {}", refused.html);
        }
        assert_eq!(there.get("/today").await.status, 303);
        assert_eq!(people_and_member_counts(&browser).await, (2, 1));
    }
    let half = browser.another_browser().post(&join, &new_account(ANN, ANNS_PASSWORD)).await;
    let mut there = browser.another_browser();
    there.keep_cookie(&half);
    browser.advance(TimeDelta::minutes(1));
    let totp = totp_rs::Builder::new().with_secret(totp_rs::Secret::from(vec![7_u8; 20])).build().unwrap();
    let code = totp.generate(u64::try_from(browser.store.now().timestamp()).unwrap()).to_string();
    let back = there.post("/sign-in/second", &field_values(&[("code", &code), ("to", &join)])).await;
    assert_eq!(back.status, 303, "{}", back.html);
    assert_eq!(people_and_member_counts(&browser).await, (2, 2));
}

#[tokio::test]
async fn a_reset_link_for_a_removed_member_only_allows_rejoining() {
    let browser = Browser::with_business().await;
    removed_member(&browser).await;
    let reset =
        browser.store.create_password_reset(&domain::person::Email::parse(ANN).unwrap()).await.unwrap().unwrap();
    let fresh = "nine slow copper kettles";
    let set =
        browser.another_browser().post(&format!("/reset/{}", reset.token), &field_values(&[("password", fresh)])).await;
    assert_eq!(set.location(), "/sign-in");
    assert_eq!(
        browser.another_browser().post("/sign-in", &sign_in_fields(ANN, fresh, "/")).await.status,
        403,
        "not without an invitation"
    );
    let join = invitation_link(&browser).await;
    assert_eq!(
        browser.another_browser().post(&join, &new_account(ANN, ANNS_PASSWORD)).await.status,
        422,
        "the old password is none"
    );
    let back = browser.another_browser().post(&join, &new_account(ANN, fresh)).await;
    assert!(is_signed_in(&browser, &back).await, "{}", back.html);
    assert_eq!(people_and_member_counts(&browser).await, (2, 2));
}

#[tokio::test]
async fn an_active_member_cannot_join_again() {
    let browser = Browser::with_business().await;
    let join = invitation_link(&browser).await;
    // June is a member already.
    let june = browser.another_browser().post(&join, &new_account("june@door.example", "a long enough secret")).await;
    assert_eq!(june.location(), join);
    let mut there = browser.another_browser();
    there.keep_cookie(&june);
    let refused = there.post(&join, &[]).await;
    assert_eq!(refused.status, 409, "{}", refused.html);
    assert_eq!(people_and_member_counts(&browser).await, (1, 1));
    assert_eq!(browser.another_browser().get(&join).await.status, 200, "the invitation is still open");
}

#[tokio::test]
async fn joining_does_not_reveal_whether_an_account_exists() {
    let browser = Browser::with_business().await;
    removed_member(&browser).await;
    let join = invitation_link(&browser).await;
    for password in ["", "short", "password1234", "aaaaaaaaaaaa", "prairie stop 1"] {
        let of = async |email: &str| browser.another_browser().post(&join, &new_account(email, password)).await;
        let (known, unknown) = (of("ann@door.example").await, of("nil@door.example").await);
        assert_eq!(known.status, 422, "{password}: {}", known.html);
        let same = known.html.replace("ann@door.example", "nil@door.example");
        let bare = |html: &str| {
            html.split("nonce=\"").map(|part| part.split_once('"').map_or(part, |(_, rest)| rest)).collect::<String>()
        };
        assert_eq!(bare(&same), bare(&unknown.html), "{password}");
    }
    for password in ["", "wrong", "a long enough secret"] {
        let known = browser.another_browser().post("/sign-in", &sign_in_fields(ANN, password, &join)).await;
        let unknown =
            browser.another_browser().post("/sign-in", &sign_in_fields("nil@door.example", password, &join)).await;
        assert_eq!((known.status, unknown.status), (unknown.status, known.status));
        assert_eq!(known.status, 422);
    }
}
