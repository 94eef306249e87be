//! The customer's word: asked privately, given once, and nobody else's.

use crate::world::{PAGE, World};

#[tokio::test]
async fn a_customer_sees_the_remedy_and_answers_once() {
    let world = World::new().await;
    let recovery = world.broken().await;
    let link = world.advance_to_follow_up(recovery).await;
    let asked = world.get(&link).await;
    let page = asked.text();
    assert!(page.contains("We dried the floor.") && page.contains("A new pair of shoes."));
    for part in ["The promise", "Where", "When", "href=\"tel:", "href=\"mailto:"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(page.contains("Is it fixed?") && page.contains("Would you give us another chance?"));
    assert!(asked.has_no_script && !page.contains("<script") && !page.contains("canonical"));
    assert_eq!((asked.header("cache-control"), asked.header("x-robots-tag")), ("no-store", "noindex"));

    let sent = world.post(&link, "fixed=yes&again=yes").await;
    assert_eq!((sent.status.as_u16(), sent.header("location")), (303, format!("{link}?restored").as_str()));
    let thanks = world.get(sent.header("location")).await;
    assert!(thanks.status == 200 && thanks.text().contains("will count as trust restored"));

    assert_eq!(world.get(&link).await.status, 410);
    let again = world.post(&link, "fixed=no&again=no").await;
    assert!(again.status == 409 && again.text().contains("This link is no longer open"));
    assert!(world.get(PAGE).await.text().contains("trust restored"));
}

#[tokio::test]
async fn the_thank_you_page_explains_each_outcome() {
    for (form, outcome, said) in [
        ("fixed=partly&again=yes", "partly", "will stand as partly restored, not as a success"),
        ("fixed=yes&again=no", "partly", "will stand as partly restored, not as a success"),
        ("fixed=no&again=yes", "not_restored", "will stand as not restored, for everyone to see"),
    ] {
        let world = World::new().await;
        let recovery = world.broken().await;
        let link = world.advance_to_follow_up(recovery).await;
        let sent = world.post(&link, form).await;
        assert_eq!(sent.header("location"), format!("{link}?{outcome}"));
        assert!(world.get(sent.header("location")).await.text().contains(said), "{form}");
    }
}

#[tokio::test]
async fn the_answer_is_public_before_the_lesson_is_written() {
    for (form, outcome) in [
        ("fixed=yes&again=yes", "trust restored"),
        ("fixed=partly&again=yes", "partly restored"),
        ("fixed=no&again=no", "not restored"),
    ] {
        let world = World::new().await;
        let recovery = world.broken().await;
        let link = world.advance_to_follow_up_without_lesson(recovery).await;
        assert!(world.get(PAGE).await.text().contains("trust not yet known"), "{form}");
        world.post(&link, form).await;
        let page = world.get(PAGE).await.text();
        assert!(page.contains(&format!("{outcome}</span>")) && !page.contains("trust not yet known"), "{form}: {page}");
        assert!(page.contains("still open<!> <b class=\"num\">1</b>"), "{form}: {page}");
    }
}

#[tokio::test]
async fn a_rejected_answer_keeps_its_input() {
    let world = World::new().await;
    let recovery = world.broken().await;
    let link = world.advance_to_follow_up(recovery).await;
    let words = "x".repeat(2001);
    let sent = world.post(&link, &format!("fixed=partly&honest=no&quick=maybe&words={words}")).await;
    let page = sent.text();
    assert_eq!(sent.status, 422);
    assert!(page.contains(&words) && page.contains("id=\"words-fault\"") && page.contains("id=\"again-fault\""));
    assert!(page.contains("id=\"quick-fault\"") && page.contains("3 fields need another look"));
    let chosen = |field: &str, value: &str| {
        let inputs = page.split("<input").filter(|input| input.contains(&format!("name=\"{field}\"")));
        inputs.filter(|input| input.contains(" checked")).all(|input| input.contains(&format!("value=\"{value}\"")))
    };
    assert!(chosen("fixed", "partly") && chosen("honest", "no") && page.matches(" checked").count() == 2);
    assert_eq!(world.post(&link, "fixed=yes&again=yes").await.status, 303, "nothing was stored");
}

#[tokio::test]
async fn an_unknown_follow_up_link_is_not_found() {
    let world = World::new().await;
    let recovery = world.broken().await;
    world.advance_to_follow_up(recovery).await;
    for link in ["/follow-up/0", "/follow-up/%FF", &format!("/follow-up/{}", "0".repeat(64))] {
        let answer = world.get(link).await;
        assert_eq!((answer.status.as_u16(), answer.header("cache-control")), (404, "no-store"), "{link}");
        assert!(answer.text().contains("This link leads nowhere") && !answer.text().contains("Corner Shop"));
        assert_eq!(world.post(link, "fixed=yes&again=yes").await.status, 404, "{link}");
    }
}

#[tokio::test]
async fn the_follow_up_questions_are_in_the_customers_language() {
    let world = World::new().await;
    let recovery = world.broken().await;
    let link = world.advance_to_follow_up(recovery).await;
    let page = world.get_with(&link, "accept-language", "pl").await.text();
    assert!(
        page.contains("Czy jest naprawione?") && page.contains("lang=\"en\" class=\"user-text\">We dried the floor.")
    );
    let sent = world.post(&link, "again=yes").await;
    assert_eq!(sent.status, 422);
}
