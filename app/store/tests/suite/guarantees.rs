//! Versions of wordings, and stages: private ones stay private, public ones stay visible.

use domain::check::CheckDraft;
use domain::fault::Fault;
use domain::guarantee::{GuaranteeError, Stage, Transition, Wording, WordingDraft};
use domain::ids::{GuaranteeId, PlaceId, ProblemId};
use domain::recovery::StepDraft;
use domain::slug::Slug;
use store::Error;
use uuid::Uuid;

use crate::fixture::{Fixture, acknowledge, broken, correction, kept, understand, wording, wording_draft};
use crate::harness::TestContext;

both_databases![
    a_stored_wording_is_read_unchanged,
    results_keep_the_wording_version_they_were_judged_by,
    drafts_and_trials_never_enter_the_record,
    publishing_records_only_the_current_wording,
    an_unpublished_guarantee_is_retired_privately,
    a_published_guarantee_stays_visible,
    unknown_ids_are_faults_of_their_fields,
    invalid_transitions_and_rewordings_change_nothing,
];

fn full() -> Wording {
    let criteria = (1..=12).map(|number| format!("Criterion {number} “żółć” 🧼")).collect();
    let conditions = "Not for trucks.\nNot on 25 December.".into();
    WordingDraft { criteria, conditions, mark: "97.55".into(), ..wording_draft() }.parse().unwrap()
}

async fn draft(ctx: &TestContext, fixture: &Fixture, slug: &str, wording: &Wording) -> GuaranteeId {
    let slug = Some(Slug::parse(slug).unwrap());
    ctx.store.add_guarantee(&fixture.owner, fixture.problem, slug, wording, &[fixture.place]).await.unwrap()
}

async fn a_stored_wording_is_read_unchanged(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let id = draft(ctx, &fixture, "full", &full()).await;
    let read = ctx.store.guarantee(&fixture.auditor, id).await.unwrap().unwrap();
    assert_eq!((read.wording, read.version, read.stage), (full(), 1, Stage::Draft));
    assert_eq!((read.places, read.problem, read.slug.as_str()), (vec![fixture.place], fixture.problem, "full"));
    assert_eq!(ctx.store.guarantees(&fixture.auditor).await.unwrap().len(), 2);
    ctx.store.transition_guarantee(&fixture.owner, id, Transition::Publish).await.unwrap();
    let charter = ctx.store.charter(fixture.home(&ctx.store).await, Some("full")).await.unwrap();
    assert_eq!(charter.guarantees[0].wording, full());
    let listed = ctx.store.problem(&fixture.auditor, fixture.problem).await.unwrap().unwrap();
    assert_eq!(
        (&listed.problem, &charter.guarantees[0].problem),
        (&crate::fixture::problem(), &crate::fixture::problem())
    );
}

async fn results_keep_the_wording_version_they_were_judged_by(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let first = fixture.log(ctx, broken()).await;
    let id = first.recovery.unwrap();
    fixture.step(ctx, id, acknowledge()).await;
    let (versions, texts) = (ctx.direct_db.rows("guarantee_versions").await, ctx.direct_db.rows("texts").await);
    let new = WordingDraft {
        criteria: vec!["No smell".into()],
        acknowledge_minutes: "5".into(),
        proof: "1".into(),
        ..wording_draft()
    };
    let number = ctx.store.reword(&fixture.owner, fixture.guarantee, &new.parse().unwrap()).await.unwrap();
    assert_eq!(number, Some(2));
    ctx.minutes(1);
    let second = fixture.log(ctx, domain::finding::FindingDraft { reason: "0".into(), ..broken() }).await;

    let rows = ctx.store.checks(&fixture.auditor, None, 10).await.unwrap().rows;
    assert_eq!(rows.iter().map(|row| (row.id, row.version)).collect::<Vec<_>>(), [(second.check, 2), (first.check, 1)]);
    let page = ctx.store.recovery(&fixture.staff, id).await.unwrap().unwrap();
    assert_eq!((page.version, &page.wording, page.recovery.terms.kept_checks_for_trust), (1, &wording(), 3));
    assert_eq!(page.row.criterion.as_deref(), Some("Soap and towels"));
    let corrected = ctx.store.correct_check(&fixture.staff, first.check, &correction(&kept(), "x")).await.unwrap();
    assert!(corrected.is_some());
    let again =
        ctx.store.correct_check(&fixture.staff, first.check, &correction(&broken(), "x")).await.unwrap().unwrap();
    let page = ctx.store.recovery(&fixture.staff, again.recovery.unwrap()).await.unwrap().unwrap();
    assert_eq!(page.version, 1, "a correction is judged by the wording of its check");

    let detail = ctx.store.detail(&fixture.home(&ctx.store).await, fixture.guarantee).await.unwrap();
    assert_eq!(detail.versions.iter().map(|version| version.number).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(detail.versions[1].wording, wording());
    let criteria: Vec<_> = detail.breaks.iter().map(|line| (line.version, line.criterion.as_deref())).collect();
    assert!(criteria.contains(&(1, Some("Soap and towels"))) && criteria.contains(&(2, Some("No smell"))));
    let after = (ctx.direct_db.rows("guarantee_versions").await, ctx.direct_db.rows("texts").await);
    assert!(versions.iter().all(|row| after.0.contains(row)) && texts.iter().all(|row| after.1.contains(row)));
    let entry = ctx.store.record_after(fixture.business(), 0).await.unwrap();
    let judged: Vec<_> =
        entry.iter().filter(|line| line.entry.kind == "check").map(|line| &line.entry.body["version"]).collect();
    assert_eq!(judged, [&serde_json::json!(1), &serde_json::json!(2)]);
}

async fn drafts_and_trials_never_enter_the_record(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let before = ctx.direct_db.rows("record").await;
    let id = draft(ctx, &fixture, "secret", &full()).await;
    ctx.store.reword(&fixture.owner, id, &wording()).await.unwrap().unwrap();
    ctx.store.transition_guarantee(&fixture.owner, id, Transition::Try).await.unwrap();
    let check = CheckDraft { guarantee: id.to_string(), ..fixture.check(ctx, broken()) };
    let logged = ctx.store.log_check(&fixture.staff, check).await.unwrap();
    for step in [acknowledge(), understand(), StepDraft::AskCustomer] {
        let _ = ctx.store.take_step(&fixture.staff, logged.recovery.unwrap(), &step).await;
    }
    fixture.correct(ctx, logged.check, &kept()).await.unwrap().unwrap();
    assert_eq!(ctx.direct_db.rows("record").await, before);
    let home = fixture.home(&ctx.store).await;
    let charter = ctx.store.charter(home.clone(), None).await.unwrap();
    assert!(charter.guarantees.iter().all(|guarantee| guarantee.id != id));
    let detail = ctx.store.detail(&home, id).await.unwrap();
    assert!(detail.versions.is_empty() && detail.breaks.is_empty() && detail.places.is_empty());

    ctx.store.transition_guarantee(&fixture.owner, id, Transition::Publish).await.unwrap();
    let detail = ctx.store.detail(&home, id).await.unwrap();
    assert!(detail.breaks.is_empty() && detail.totals.breaks == 0 && detail.corrections == 0);
    let public = ctx.store.charter(home, Some("secret")).await.unwrap().guarantees.remove(0);
    assert_eq!(
        (public.last_check, public.tally(90).checks_made()),
        (None, 0),
        "what was tried in private stays private"
    );
}

async fn publishing_records_only_the_current_wording(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let id = draft(ctx, &fixture, "second", &full()).await;
    ctx.store.reword(&fixture.owner, id, &wording()).await.unwrap().unwrap();
    let entries = ctx.store.charter(fixture.home(&ctx.store).await, None).await.unwrap().entries;
    ctx.store.transition_guarantee(&fixture.owner, id, Transition::Publish).await.unwrap();
    let lines = ctx.store.record_after(fixture.business(), entries).await.unwrap();
    assert_eq!(lines.iter().map(|line| line.entry.kind.as_str()).collect::<Vec<_>>(), ["version", "publish", "places"]);
    assert_eq!((&lines[0].entry.body["version"], &lines[1].entry.body["slug"]), (&2.into(), &"second".into()));
    let title = lines[0].texts.iter().find(|opened| opened.field == "title").unwrap();
    assert_eq!(title.text, "Clean restrooms");
    let versions = ctx.store.detail(&fixture.home(&ctx.store).await, id).await.unwrap().versions;
    assert_eq!(versions.iter().map(|version| version.number).collect::<Vec<_>>(), [2]);
    assert_eq!(ctx.store.versions(&fixture.staff, id).await.unwrap().len(), 2, "inside, all are seen");
    for verb in [Transition::Suspend, Transition::Resume] {
        ctx.store.transition_guarantee(&fixture.owner, id, verb).await.unwrap();
    }
    let lines = ctx.store.record_after(fixture.business(), entries + 3).await.unwrap();
    assert_eq!(lines.iter().map(|line| line.entry.kind.as_str()).collect::<Vec<_>>(), ["suspend", "resume"]);
}

async fn an_unpublished_guarantee_is_retired_privately(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let id = draft(ctx, &fixture, "tried", &full()).await;
    ctx.store.transition_guarantee(&fixture.owner, id, Transition::Try).await.unwrap();
    let before = ctx.direct_db.rows("record").await;
    let stage = ctx.store.transition_guarantee(&fixture.owner, id, Transition::Retire).await.unwrap();
    assert_eq!(stage, Some(Stage::Retired));
    assert_eq!(ctx.direct_db.rows("record").await, before);
    let charter = ctx.store.charter(fixture.home(&ctx.store).await, None).await.unwrap();
    assert!(charter.guarantees.iter().all(|guarantee| guarantee.id != id));
}

async fn a_published_guarantee_stays_visible(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    fixture.keep(ctx).await;
    for (verb, stage) in [(Transition::Suspend, Stage::Suspended), (Transition::Retire, Stage::Retired)] {
        ctx.store.transition_guarantee(&fixture.owner, fixture.guarantee, verb).await.unwrap();
        let charter = ctx.store.charter(fixture.home(&ctx.store).await, None).await.unwrap();
        assert_eq!((charter.guarantees[0].stage, charter.guarantees[0].tally(90).kept), (stage, 1));
    }
}

async fn unknown_ids_are_faults_of_their_fields(ctx: &TestContext) {
    let (fixture, other) = (ctx.fixture().await, ctx.other_fixture().await);
    let before = ctx.direct_db.everything().await;
    let slug = || Some(Slug::parse("new-one").unwrap());
    let (store, owner, nil) = (&ctx.store, &fixture.owner, Uuid::nil());
    let faulty = |refused: Error, field: &str| {
        assert!(
            matches!(&refused, Error::Invalid(faults) if faults.of_field(field) == Some(Fault::NotFound)),
            "{refused:?}"
        );
    };
    for problem in [other.problem, ProblemId(nil)] {
        faulty(store.add_guarantee(owner, problem, slug(), &wording(), &[]).await.unwrap_err(), "problem");
    }
    for place in [other.place, PlaceId(nil)] {
        let places = [fixture.place, place];
        faulty(store.add_guarantee(owner, fixture.problem, slug(), &wording(), &places).await.unwrap_err(), "places");
        faulty(store.set_guarantee_places(owner, fixture.guarantee, &places).await.unwrap_err(), "places");
    }
    for site in [other.site, domain::ids::SiteId(nil)] {
        faulty(store.add_place(owner, site, &crate::fixture::line("Spot")).await.unwrap_err(), "site");
    }
    assert_eq!(ctx.direct_db.everything().await, before);
}

async fn invalid_transitions_and_rewordings_change_nothing(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let nowhere = Some(Slug::parse("nowhere").unwrap());
    let nowhere = ctx.store.add_guarantee(&fixture.owner, fixture.problem, nowhere, &wording(), &[]).await.unwrap();
    let before = ctx.direct_db.everything().await;
    let moved = async |id, verb| ctx.store.transition_guarantee(&fixture.owner, id, verb).await;
    assert!(matches!(moved(nowhere, Transition::Publish).await, Err(Error::Guarantee(GuaranteeError::NoPlace))));
    assert!(matches!(
        moved(fixture.guarantee, Transition::Publish).await,
        Err(Error::Guarantee(GuaranteeError::Move { .. }))
    ));
    assert!(matches!(moved(GuaranteeId(Uuid::nil()), Transition::Publish).await, Ok(None)));
    let same = ctx.store.reword(&fixture.owner, fixture.guarantee, &wording()).await;
    assert!(matches!(same, Err(Error::Guarantee(GuaranteeError::Unchanged))));
    let homeless = ctx.store.set_guarantee_places(&fixture.owner, fixture.guarantee, &[]).await;
    assert!(matches!(homeless, Err(Error::Guarantee(GuaranteeError::NoPlace))), "it is published");
    assert_eq!(ctx.direct_db.everything().await, before);
}
