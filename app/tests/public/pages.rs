//! What the pages say, and how they say it.

use chrono::TimeDelta;
use domain::correction::CorrectionDraft;
use domain::finding::FindingDraft;
use domain::guarantee::{Transition, WordingDraft};
use domain::hours::Span;
use domain::schedule::{Recurrence, Schedule, Weekdays};

use crate::world::{PAGE, World, wording};

#[tokio::test]
async fn an_unchecked_promise_is_not_shown_as_kept() {
    let world = World::new().await;
    for path in ["/p/corner-shop", PAGE] {
        let page = world.get(path).await.text();
        assert!(page.contains("Nobody has checked this promise yet"), "{path}");
        assert!(page.contains("bottle unknown"), "{path}");
        assert!(!page.contains("100 %") && !page.contains("The promise holds"), "{path}");
    }
    assert!(world.get(PAGE).await.text().contains("so that says nothing"));
}

#[tokio::test]
async fn a_draft_guarantee_is_not_public() {
    let world = World::draft(wording(), "en").await;
    assert!(world.get("/p/corner-shop").await.text().contains("<h1>Corner Shop has not published a promise yet."));
    assert_eq!(world.get(PAGE).await.status, 404);
    // The record knows the business and its sites, and no promise.
    let record = world.get("/p/corner-shop/record.jsonl").await.text();
    assert!(record.contains("\"business\"") && !record.contains("guarantee"), "{record}");
}

#[tokio::test]
async fn a_promise_is_rated_only_from_ten_checks_on() {
    let world = World::new().await;
    world.kept(9).await;
    let page = world.get(PAGE).await.text();
    assert!(page.contains("Kept in 9 of 9 checks: too few to rate.") && !page.contains("100 %"));
    world.kept(1).await;
    let page = world.get(PAGE).await.text();
    assert!(page.contains("The promise holds: kept 100 % of the time, with the mark at 98 %."));
    assert!(page.contains("72.24–100 %") && page.contains("kept ÷ (kept + broken) = 10 ÷ 10"));
}

#[tokio::test]
async fn the_headline_says_that_a_promise_is_below_its_mark() {
    let world = World::new().await;
    world.kept(30).await;
    world.broken().await;
    assert!(
        world.get(PAGE).await.text().contains("Below the mark: kept 96.77 % of the time, and we committed to 98 %.")
    );
    assert!(world.get("/p/corner-shop").await.text().contains("<h1>One promise is below its mark."));
}

#[tokio::test]
async fn missed_checks_lower_the_shown_coverage() {
    let world = World::new().await;
    world.kept(20).await;
    let rhythm = Recurrence::Every { minutes: 60, within: Span::ALL_DAY };
    let hourly = Schedule { rhythm, days: Weekdays::ALL, grace: 0 };
    world.store().set_schedule(&world.owner, world.guarantee, &[world.place], Some(&hourly)).await.unwrap();
    world.clock.advance(TimeDelta::minutes(12 * 60 + 59));
    assert_eq!(world.store().record_missed(&world.owner).await.unwrap(), 12);
    let page = world.get(PAGE).await.text();
    assert!(page.contains("12 checks were due in the last 30 days, and none was made."), "{page}");
    assert!(page.contains("coverage: checks made ÷ checks due = 0 ÷ 12"));
}

#[tokio::test]
async fn the_schedule_is_shown_while_the_guarantee_is_in_force() {
    let world = World::new().await;
    assert!(!world.get(PAGE).await.text().contains("Check schedule"));
    let rhythm = Recurrence::Every { minutes: 30, within: Span::ALL_DAY };
    let schedule = Schedule { rhythm, days: Weekdays::ALL, grace: 10 };
    let place = world.place;
    world.store().set_schedule(&world.owner, world.guarantee, &[place], Some(&schedule)).await.unwrap().unwrap();
    let page = world.get(PAGE).await.text();
    assert!(page.contains("Check schedule") && page.contains("Every 30 minutes"), "{page}");
    assert!(page.contains("What nobody looked at in time is shown as missed."));
    world.store().transition_guarantee(&world.owner, world.guarantee, Transition::Suspend).await.unwrap().unwrap();
    assert!(!world.get(PAGE).await.text().contains("Every 30 minutes"), "not while it is not in force");
}

#[tokio::test]
async fn the_guarantee_page_shows_wording_breaks_and_contacts() {
    let world = World::new().await;
    let recovery = world.broken().await;
    world.advance_to_follow_up(recovery).await;
    let page = world.get(PAGE).await.text();
    for part in [
        "I slip on wet floors.",
        "Everyone who shops here",
        "People on skates",
        "<h1>A clean, dry floor, whenever you come in.",
        "Floor dry",
        "mark at 98 %",
        "Your shopping is on us.",
        "And the next one too.",
        "We answer within 1 h and make it good within 48 h, counted in our opening hours.",
        "On any day.",
        "Tell anyone who works here.",
        "High Street: Entrance",
        "High Street, Entrance",
        "17 November 2026, 6:00",
        "told to us by a customer",
        "acknowledged after 7 min",
        "made good after 28 min",
        "made good, trust not yet known",
        "We dried the floor.",
        "A new pair of shoes.",
        "The mat was worn.",
        "A new mat each spring.",
        "Dana Whitfield answers for these promises.",
        "href=\"tel:5550142\"",
        "href=\"mailto:dana@corner.example\"",
        "keeps this record itself",
        "/p/corner-shop/record",
        "The same days as a table",
        "This is version 1",
        "America/Chicago",
    ] {
        assert!(page.contains(part), "{part}");
    }
}

#[tokio::test]
async fn public_pages_have_metadata_and_no_scripts() {
    let world = World::new().await;
    for path in ["/p/corner-shop", PAGE, "/p/corner-shop/record"] {
        let answer = world.get(path).await;
        let page = answer.text();
        assert!(answer.has_no_script && !page.contains("<script") && !page.contains("style=\""), "{path}");
        assert!(page.contains(&format!("<link rel=\"canonical\" href=\"https://trialmark.example{path}\">")), "{path}");
        assert!(page.contains("<meta name=\"description\"") && page.contains("property=\"og:title\""), "{path}");
        assert_eq!((page.matches("<h1").count(), page.matches("<main").count()), (1, 1), "{path}");
    }
}

#[tokio::test]
async fn unknown_public_addresses_get_a_404_page_without_scripts() {
    let world = World::new().await;
    for path in [
        "/p/nobody",
        "/p/nobody/clean-floor",
        "/p/nobody/record",
        "/p/nobody/record.jsonl",
        "/p/corner-shop/other",
        "/p/%FF/record.jsonl",
        "/p/corner-shop/%00",
    ] {
        let answer = world.get(path).await;
        assert_eq!(answer.status, 404, "{path}");
        assert!(answer.has_no_script && !answer.text().contains("<script"), "{path}");
        assert!(answer.text().contains("There is no page at this address"), "{path}");
    }
    assert!(world.get("/p/corner-shop/other").await.text().contains("What Corner Shop promises"));
}

#[tokio::test]
async fn html_in_user_text_is_escaped() {
    let hostile = "\"><script>alert(1)</script><img src=x onerror=alert(1)>&lt;";
    let draft = WordingDraft {
        title: hostile.into(),
        promise: hostile.into(),
        criteria: vec![hostile.into()],
        remedy: hostile.into(),
        conditions: hostile.into(),
        ..wording()
    };
    let world = World::with(draft, "en").await;
    world.broken().await;
    for path in ["/p/corner-shop", PAGE, "/p/corner-shop/record"] {
        let page = world.get(path).await.text();
        assert!(!page.contains("<script") && !page.contains("<img"), "{path}: {page}");
    }
    assert!(world.get(PAGE).await.text().contains("<h1>\"&gt;&lt;script&gt;alert(1)&lt;/script&gt;"));
}

#[tokio::test]
async fn language_precedence_is_cookie_browser_business() {
    let world = World::with(wording(), "pl").await;
    let in_polish = |page: &str| page.contains("<html lang=\"pl\">") && page.contains("Nikt jeszcze nie sprawdził");
    let plain = world.get(PAGE).await.text();
    assert!(in_polish(&plain) && !plain.contains("lang=\"en\">A clean"));
    let english = world.get_with(PAGE, "accept-language", "en-US,en;q=0.9,pl;q=0.5").await.text();
    assert!(english.contains("<html lang=\"en\">") && english.contains("Nobody has checked this promise yet"));
    assert!(english.contains("<h1 lang=\"pl\">A clean"), "the business's words keep their language");
    assert!(in_polish(&world.get_with(PAGE, "cookie", "a=b; language=pl").await.text()));
    assert!(in_polish(&world.get_with(PAGE, "accept-language", "de").await.text()));
}

#[tokio::test]
async fn the_page_says_that_a_guarantee_is_suspended_or_retired() {
    let world = World::new().await;
    world.kept(12).await;
    world.store().transition_guarantee(&world.owner, world.guarantee, Transition::Suspend).await.unwrap();
    assert!(world.get(PAGE).await.text().contains("This guarantee is suspended: it is not in force for now."));
    assert!(world.get("/p/corner-shop").await.text().contains("<h1>One promise is suspended."));
    world.store().transition_guarantee(&world.owner, world.guarantee, Transition::Retire).await.unwrap();
    let page = world.get(PAGE).await.text();
    assert!(page.contains("This guarantee is retired: it is no longer given.") && page.contains("bottle unknown"));
}

#[tokio::test]
async fn a_new_wording_version_is_shown_as_a_diff() {
    let world = World::new().await;
    world.broken().await;
    world.clock.advance(TimeDelta::days(2));
    let draft = WordingDraft { mark: "97.5".into(), promise: "A clean floor.".into(), ..wording() };
    world.store().reword(&world.owner, world.guarantee, &draft.parse().unwrap()).await.unwrap();
    let page = world.get(PAGE).await.text();
    assert!(page.contains("This is version 2, in force since 19 November 2026."));
    assert!(
        page.contains("<del>98 %</del>")
            && page.contains("<ins>97.5 %</ins>")
            && page.contains("<ins>A clean floor.</ins>")
    );
    assert!(page.contains("judged by version 1 of the wording"));
}

#[tokio::test]
async fn a_corrected_break_is_shown_struck_through() {
    let world = World::new().await;
    let recovery = world.broken().await;
    let page = world.store().recovery(&world.owner, recovery).await.unwrap().unwrap();
    let finding = FindingDraft { verdict: "kept".into(), ..FindingDraft::default() };
    let kept = CorrectionDraft { finding, why: "It was the light.".into() };
    world.store().correct_check(&world.owner, page.check, &kept).await.unwrap().unwrap();
    let page = world.get(PAGE).await.text();
    assert!(page.contains("<s>Not kept:") && page.contains("Corrected since"));
    assert!(page.contains("It was the light."), "the reason is public");
    assert!(page.contains("There has been one correction so far."));
}

#[tokio::test]
async fn a_missed_recovery_deadline_is_shown_publicly() {
    let world = World::new().await;
    world.broken().await;
    world.clock.advance(TimeDelta::days(3));
    assert!(world.store().record_missed_deadlines(&world.owner).await.unwrap() > 0);
    assert!(world.get(PAGE).await.text().contains("We were late: a deadline of our own passed before we met it."));
}
