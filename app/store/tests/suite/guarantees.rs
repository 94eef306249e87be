//! Wordings in versions, and stages: what is private stays so, what was public stays in view.

use domain::check::CheckDraft;
use domain::fault::Fault;
use domain::guarantee::{Move, Refused, Stage, Wording, WordingDraft};
use domain::ids::{GuaranteeId, PlaceId, ProblemId};
use domain::recovery::StepDraft;
use domain::slug::Slug;
use store::Error;
use uuid::Uuid;

use crate::shop::{Shop, acknowledge, broken, kept, prose, understand, wording, wording_draft};
use crate::world::World;

facts![
    a_wording_is_read_as_it_was_written,
    a_version_never_changes_under_a_result,
    drafts_and_trials_never_enter_the_record,
    publishing_enters_the_wording_and_only_the_one_in_force,
    what_was_never_published_is_retired_in_private,
    what_was_published_stays_in_view,
    unknown_ids_are_faults_of_their_fields,
    impossible_moves_and_rewordings_change_nothing,
];

fn full() -> Wording {
    let criteria = (1..=12).map(|number| format!("Criterion {number} “żółć” 🧼")).collect();
    let conditions = "Not for trucks.\nNot on 25 December.".into();
    WordingDraft { criteria, conditions, mark: "97.55".into(), ..wording_draft() }.parse().unwrap()
}

async fn draft(world: &World, shop: &Shop, slug: &str, wording: &Wording) -> GuaranteeId {
    let slug = Some(Slug::parse(slug).unwrap());
    world.store.add_guarantee(&shop.owner, shop.problem, slug, wording, &[shop.place]).await.unwrap()
}

async fn a_wording_is_read_as_it_was_written(world: &World) {
    let shop = world.shop().await;
    let id = draft(world, &shop, "full", &full()).await;
    let read = world.store.guarantee(&shop.auditor, id).await.unwrap().unwrap();
    assert_eq!((read.wording, read.version, read.stage), (full(), 1, Stage::Draft));
    assert_eq!((read.places, read.problem, read.slug.as_str()), (vec![shop.place], shop.problem, "full"));
    assert_eq!(world.store.guarantees(&shop.auditor).await.unwrap().len(), 2);
    world.store.move_guarantee(&shop.owner, id, Move::Publish).await.unwrap();
    let charter = world.store.charter(shop.home(&world.store).await, Some("full")).await.unwrap();
    assert_eq!(charter.guarantees[0].wording, full());
    let listed = world.store.problem(&shop.auditor, shop.problem).await.unwrap().unwrap();
    assert_eq!((&listed.problem, &charter.guarantees[0].problem), (&crate::shop::problem(), &crate::shop::problem()));
}

async fn a_version_never_changes_under_a_result(world: &World) {
    let shop = world.shop().await;
    let first = shop.log(world, broken()).await;
    let id = first.recovery.unwrap();
    shop.step(world, id, acknowledge()).await;
    let (versions, texts) = (world.raw.rows("guarantee_versions").await, world.raw.rows("texts").await);
    let new = WordingDraft {
        criteria: vec!["No smell".into()],
        acknowledge_minutes: "5".into(),
        proof: "1".into(),
        ..wording_draft()
    };
    let number = world.store.reword(&shop.owner, shop.guarantee, &new.parse().unwrap()).await.unwrap();
    assert_eq!(number, Some(2));
    world.minutes(1);
    let second = shop.log(world, domain::check::FindingDraft { reason: "0".into(), ..broken() }).await;

    let rows = world.store.checks(&shop.auditor, None, 10).await.unwrap().rows;
    assert_eq!(rows.iter().map(|row| (row.id, row.version)).collect::<Vec<_>>(), [(second.check, 2), (first.check, 1)]);
    let page = world.store.recovery(&shop.staff, id).await.unwrap().unwrap();
    assert_eq!((page.version, &page.wording, page.recovery.terms.proof), (1, &wording(), 3));
    assert_eq!(page.row.criterion.as_deref(), Some("Soap and towels"));
    let corrected = world.store.correct_check(&shop.staff, first.check, &kept(), &prose("x")).await.unwrap();
    assert!(corrected.is_some());
    let again = world.store.correct_check(&shop.staff, first.check, &broken(), &prose("x")).await.unwrap().unwrap();
    let page = world.store.recovery(&shop.staff, again.recovery.unwrap()).await.unwrap().unwrap();
    assert_eq!(page.version, 1, "a correction is judged by the wording of its check");

    let detail = world.store.detail(&shop.home(&world.store).await, shop.guarantee).await.unwrap();
    assert_eq!(detail.versions.iter().map(|version| version.number).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(detail.versions[1].wording, wording());
    let criteria: Vec<_> = detail.breaks.iter().map(|line| (line.version, line.criterion.as_deref())).collect();
    assert!(criteria.contains(&(1, Some("Soap and towels"))) && criteria.contains(&(2, Some("No smell"))));
    let after = (world.raw.rows("guarantee_versions").await, world.raw.rows("texts").await);
    assert!(versions.iter().all(|row| after.0.contains(row)) && texts.iter().all(|row| after.1.contains(row)));
    let entry = world.store.record_after(shop.business(), 0).await.unwrap();
    let judged: Vec<_> =
        entry.iter().filter(|line| line.entry.kind == "check").map(|line| &line.entry.body["version"]).collect();
    assert_eq!(judged, [&serde_json::json!(1), &serde_json::json!(2)]);
}

async fn drafts_and_trials_never_enter_the_record(world: &World) {
    let shop = world.shop().await;
    let before = world.raw.rows("record").await;
    let id = draft(world, &shop, "secret", &full()).await;
    world.store.reword(&shop.owner, id, &wording()).await.unwrap().unwrap();
    world.store.move_guarantee(&shop.owner, id, Move::Try).await.unwrap();
    let check = CheckDraft { guarantee: id.to_string(), ..shop.check(world, broken()) };
    let logged = world.store.log_check(&shop.staff, check).await.unwrap();
    for step in [acknowledge(), understand(), StepDraft::AskCustomer] {
        let _ = world.store.take_step(&shop.staff, logged.recovery.unwrap(), &step).await;
    }
    shop.correct(world, logged.check, &kept()).await.unwrap().unwrap();
    assert_eq!(world.raw.rows("record").await, before);
    let home = shop.home(&world.store).await;
    let charter = world.store.charter(home.clone(), None).await.unwrap();
    assert!(charter.guarantees.iter().all(|guarantee| guarantee.id != id));
    let detail = world.store.detail(&home, id).await.unwrap();
    assert!(detail.versions.is_empty() && detail.breaks.is_empty() && detail.places.is_empty());

    world.store.move_guarantee(&shop.owner, id, Move::Publish).await.unwrap();
    let detail = world.store.detail(&home, id).await.unwrap();
    assert!(detail.breaks.is_empty() && detail.totals.all == 0 && detail.corrections == 0);
    let public = world.store.charter(home, Some("secret")).await.unwrap().guarantees.remove(0);
    assert_eq!((public.last_check, public.tally(90).made()), (None, 0), "what was tried in private stays private");
}

async fn publishing_enters_the_wording_and_only_the_one_in_force(world: &World) {
    let shop = world.shop().await;
    let id = draft(world, &shop, "second", &full()).await;
    world.store.reword(&shop.owner, id, &wording()).await.unwrap().unwrap();
    let entries = world.store.charter(shop.home(&world.store).await, None).await.unwrap().entries;
    world.store.move_guarantee(&shop.owner, id, Move::Publish).await.unwrap();
    let lines = world.store.record_after(shop.business(), entries).await.unwrap();
    assert_eq!(lines.iter().map(|line| line.entry.kind.as_str()).collect::<Vec<_>>(), ["version", "publish", "places"]);
    assert_eq!((&lines[0].entry.body["version"], &lines[1].entry.body["slug"]), (&2.into(), &"second".into()));
    let title = lines[0].texts.iter().find(|opened| opened.field == "title").unwrap();
    assert_eq!(title.text, "Clean restrooms");
    let versions = world.store.detail(&shop.home(&world.store).await, id).await.unwrap().versions;
    assert_eq!(versions.iter().map(|version| version.number).collect::<Vec<_>>(), [2]);
    assert_eq!(world.store.versions(&shop.staff, id).await.unwrap().len(), 2, "inside, all are seen");
    for verb in [Move::Suspend, Move::Resume] {
        world.store.move_guarantee(&shop.owner, id, verb).await.unwrap();
    }
    let lines = world.store.record_after(shop.business(), entries + 3).await.unwrap();
    assert_eq!(lines.iter().map(|line| line.entry.kind.as_str()).collect::<Vec<_>>(), ["suspend", "resume"]);
}

async fn what_was_never_published_is_retired_in_private(world: &World) {
    let shop = world.shop().await;
    let id = draft(world, &shop, "tried", &full()).await;
    world.store.move_guarantee(&shop.owner, id, Move::Try).await.unwrap();
    let before = world.raw.rows("record").await;
    let stage = world.store.move_guarantee(&shop.owner, id, Move::Retire).await.unwrap();
    assert_eq!(stage, Some(Stage::Retired));
    assert_eq!(world.raw.rows("record").await, before);
    let charter = world.store.charter(shop.home(&world.store).await, None).await.unwrap();
    assert!(charter.guarantees.iter().all(|guarantee| guarantee.id != id));
}

async fn what_was_published_stays_in_view(world: &World) {
    let shop = world.shop().await;
    shop.keep(world).await;
    for (verb, stage) in [(Move::Suspend, Stage::Suspended), (Move::Retire, Stage::Retired)] {
        world.store.move_guarantee(&shop.owner, shop.guarantee, verb).await.unwrap();
        let charter = world.store.charter(shop.home(&world.store).await, None).await.unwrap();
        assert_eq!((charter.guarantees[0].stage, charter.guarantees[0].tally(90).kept), (stage, 1));
    }
}

async fn unknown_ids_are_faults_of_their_fields(world: &World) {
    let (shop, other) = (world.shop().await, world.other_shop().await);
    let before = world.raw.everything().await;
    let slug = || Some(Slug::parse("new-one").unwrap());
    let (store, owner, nil) = (&world.store, &shop.owner, Uuid::nil());
    let faulty = |refused: Error, field: &str| {
        assert!(matches!(&refused, Error::Invalid(faults) if faults.at(field) == Some(Fault::NotFound)), "{refused:?}");
    };
    for problem in [other.problem, ProblemId(nil)] {
        faulty(store.add_guarantee(owner, problem, slug(), &wording(), &[]).await.unwrap_err(), "problem");
    }
    for place in [other.place, PlaceId(nil)] {
        let places = [shop.place, place];
        faulty(store.add_guarantee(owner, shop.problem, slug(), &wording(), &places).await.unwrap_err(), "places");
        faulty(store.promise_at(owner, shop.guarantee, &places).await.unwrap_err(), "places");
    }
    for site in [other.site, domain::ids::SiteId(nil)] {
        faulty(store.add_place(owner, site, &crate::shop::line("Spot")).await.unwrap_err(), "site");
    }
    assert_eq!(world.raw.everything().await, before);
}

async fn impossible_moves_and_rewordings_change_nothing(world: &World) {
    let shop = world.shop().await;
    let nowhere = Some(Slug::parse("nowhere").unwrap());
    let nowhere = world.store.add_guarantee(&shop.owner, shop.problem, nowhere, &wording(), &[]).await.unwrap();
    let before = world.raw.everything().await;
    let moved = async |id, verb| world.store.move_guarantee(&shop.owner, id, verb).await;
    assert!(matches!(moved(nowhere, Move::Publish).await, Err(Error::Guarantee(Refused::NoPlace))));
    assert!(matches!(moved(shop.guarantee, Move::Publish).await, Err(Error::Guarantee(Refused::Move { .. }))));
    assert!(matches!(moved(GuaranteeId(Uuid::nil()), Move::Publish).await, Ok(None)));
    let same = world.store.reword(&shop.owner, shop.guarantee, &wording()).await;
    assert!(matches!(same, Err(Error::Guarantee(Refused::Unchanged))));
    let homeless = world.store.promise_at(&shop.owner, shop.guarantee, &[]).await;
    assert!(matches!(homeless, Err(Error::Guarantee(Refused::NoPlace))), "it is published");
    assert_eq!(world.raw.everything().await, before);
}
