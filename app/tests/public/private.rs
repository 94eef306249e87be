//! What is told in confidence stays out of everything public.

use domain::business::Language;

use crate::world::{PAGE, PRIVATE, World};

#[tokio::test]
async fn private_texts_and_names_do_not_appear_publicly() {
    let world = World::new().await;
    let recovery = world.broken().await;
    let link = world.advance_to_follow_up(recovery).await;
    let form = format!("fixed=yes&again=yes&fair=no&words={PRIVATE}+words");
    assert_eq!(world.post(&link, &form).await.status, 303);
    for path in ["/p/corner-shop", PAGE, "/p/corner-shop/record", "/p/corner-shop/record.jsonl", &link] {
        for language in Language::ALL.map(Language::code) {
            let answer = world.get_with(path, "accept-language", language).await.text();
            assert!(!answer.contains(PRIVATE), "{path} in {language}");
        }
    }
    assert!(world.get(PAGE).await.text().contains("trust restored"));
}
