//! Every bad value in every field of every document is refused with the name of the field, and nothing is stored.

use serde_json::{Value, json};

use crate::bad_values::Field;
use crate::bad_values::FieldType::{
    Amount, Answer, Choice, FutureInstant, Lines, NewId, Number, PastInstant, Person, Places, Reference, Slug, Text,
};
use crate::rows::{guarantee, obstacle_answer, problem, unknown, wording};
use crate::whole_loop::{learn, remedy, understand};
use crate::world::World;

const LINE: crate::bad_values::FieldType = Text(160);
const PROSE: crate::bad_values::FieldType = Text(2000);

/// A valid document, the address it is sent to, and its fields.
struct Endpoint {
    path: String,
    good: Value,
    fields: Vec<Field>,
}

fn wording_fields() -> Vec<Field> {
    vec![
        Field("title", LINE, true),
        Field("promise", LINE, true),
        Field("criteria", Lines, true),
        Field("mark", Number(50, 100), true),
        Field("remedy", PROSE, true),
        Field("late_remedy", PROSE, true),
        Field("conditions", PROSE, false),
        Field("how_to_claim", PROSE, true),
        Field("acknowledge_minutes", Number(5, 43_200), true),
        Field("remedy_minutes", Number(5, 43_200), true),
        Field("proof", Number(1, 100), true),
    ]
}

fn finding_fields() -> Vec<Field> {
    vec![
        Field("verdict", Choice, true),
        Field("reason", Choice, true),
        Field("obstacle", Choice, false),
        Field("found_by", Choice, false),
        Field("note", PROSE, false),
    ]
}

fn endpoints(world: &World) -> Vec<Endpoint> {
    let mut guarantee_fields = vec![
        Field("problem", Reference(|world| world.foreign.problem.clone()), true),
        Field("slug", Slug, false),
        Field("places", Places, false),
    ];
    guarantee_fields.extend(wording_fields());
    let mut another = guarantee(&world.own.problem, &world.own.place);
    another["slug"] = "another".into();
    let mut check_fields = vec![
        Field("id", NewId, true),
        Field("guarantee", Reference(|world| world.foreign.guarantee.clone()), true),
        Field("place", Reference(|world| world.foreign.place.clone()), true),
        Field("at", PastInstant, false),
    ];
    check_fields.extend(finding_fields());
    let mut correction_fields = finding_fields();
    correction_fields.push(Field("why", PROSE, true));
    let mut broken = world.own.broken_check(&unknown(), "staff");
    broken["note"] = "Two people called in sick.".into();
    let endpoint = |path: &str, good, fields| Endpoint { path: path.to_owned(), good, fields };
    let mut all = vec![
        endpoint(
            "/problems",
            problem(),
            vec![Field("words", PROSE, true), Field("for_whom", LINE, true), Field("not_for_whom", LINE, false)],
        ),
        endpoint("/guarantees", another, guarantee_fields),
        endpoint(&format!("/guarantees/{}/versions", world.own.guarantee), wording(), wording_fields()),
        endpoint("/sites", json!({ "name": "Abilene" }), vec![Field("name", LINE, true)]),
        endpoint(
            "/places",
            json!({ "site": world.own.site, "name": "Counter" }),
            vec![Field("site", Reference(|world| world.foreign.site.clone()), true), Field("name", LINE, true)],
        ),
        endpoint("/checks", broken, check_fields),
        endpoint(
            &format!("/checks/{}/corrections", world.own.check),
            json!({ "verdict": "broken", "reason": "0", "why": "The wrong door." }),
            correction_fields,
        ),
        endpoint(
            &format!("/obstacles/{}/answers", world.own.obstacle),
            obstacle_answer(),
            vec![Field("decision", Choice, true), Field("words", PROSE, true)],
        ),
        endpoint(
            &format!("/guarantees/{}/moves", world.own.guarantee),
            json!({ "move": "suspend" }),
            vec![Field("move", Choice, true)],
        ),
    ];
    let steps = format!("/recoveries/{}/steps", world.own.recovery);
    all.extend(step_cases(world).into_iter().map(|(good, fields)| endpoint(&steps, good, fields)));
    all
}

fn step_cases(world: &World) -> Vec<(Value, Vec<Field>)> {
    let told = json!({ "step": "update", "told": "Soon.", "next_update_by": null });
    let mut steps = vec![
        (
            world.acknowledge(),
            vec![
                Field("owner", Person, false),
                Field("apology", PROSE, true),
                Field("responsibility", Answer, true),
                Field("repair", Answer, true),
                Field("next_update_by", FutureInstant, true),
                Field("customer_name", LINE, false),
                Field("customer_contact", LINE, false),
            ],
        ),
        (
            understand(),
            vec![
                Field("words", PROSE, true),
                Field("severity", Choice, true),
                Field("preventable", Answer, true),
                Field("cause", PROSE, false),
                Field("remedy_sought", PROSE, false),
            ],
        ),
        (told, vec![Field("told", PROSE, true), Field("next_update_by", FutureInstant, false)]),
        (
            remedy(),
            vec![
                Field("correction", PROSE, true),
                Field("remedy", PROSE, true),
                Field("gesture", PROSE, false),
                Field("cost", Amount, false),
                Field("received_at", PastInstant, false),
                Field("proactive", Answer, false),
            ],
        ),
        (
            learn(),
            vec![
                Field("cause", PROSE, true),
                Field("corrective_action", PROSE, false),
                Field("why_none", PROSE, false),
                Field("heard", Answer, true),
                Field("thanked", Answer, true),
                Field("supported", Answer, false),
            ],
        ),
        (json!({ "step": "reopen", "why": "She called." }), vec![Field("why", PROSE, true)]),
    ];
    for (_, fields) in &mut steps {
        fields.push(Field("step", Choice, true));
    }
    steps
}

#[tokio::test]
async fn invalid_values_are_refused_by_field_and_nothing_is_stored() {
    let world = World::new().await;
    let rows = world.row_counts().await;
    let mut tried = 0;
    for Endpoint { path, good, fields } in endpoints(&world) {
        for field in &fields {
            let name = field.0;
            let mut documents: Vec<_> = field
                .bad_values(&world)
                .into_iter()
                .map(|bad| {
                    let mut document = good.clone();
                    document[name] = bad.value;
                    (bad.what, document, bad.field, bad.code)
                })
                .collect();
            if field.2 {
                let mut without = good.clone();
                without.as_object_mut().unwrap().remove(name);
                documents.push(("left out", without, name.to_owned(), "missing"));
            }
            for (what, document, at, code) in documents {
                let answered = world.post(&path, &document).await;
                let shown = format!("{path} {} {name} {what}: {}", good["step"], answered.body);
                assert_eq!(answered.status, 422, "{shown}");
                answered.assert_problem_type("invalid");
                assert!(answered.has_error(&at, code), "{code} at {at}: {shown}");
                assert!(answered.body.to_string().len() < 4000, "what was sent is not sent back in full");
                assert_eq!(world.row_counts().await, rows, "{shown}");
                tried += 1;
            }
        }
    }
    assert!(tried > 400, "{tried}");
}

#[tokio::test]
async fn valid_documents_are_accepted() {
    let world = World::new().await;
    for endpoint in endpoints(&world) {
        let answered = world.post(&endpoint.path, &endpoint.good).await;
        let out_of_order = answered.status == 409 && endpoint.path.ends_with("/steps");
        let unchanged = answered.status == 409 && answered.body["type"].as_str().unwrap().ends_with("unchanged");
        assert!(answered.status == 201 || out_of_order || unchanged, "{}: {}", endpoint.path, answered.body);
    }
}

#[tokio::test]
async fn all_errors_of_a_document_are_reported_together() {
    let world = World::new().await;
    let answered = world.post("/guarantees", &json!({ "slug": "record", "places": ["x"] })).await.assert_status(422);
    let wrong = ["problem", "title", "promise", "criteria", "mark", "remedy", "late_remedy", "how_to_claim", "proof"];
    assert!(wrong.iter().all(|field| answered.has_error(field, "missing")), "{}", answered.body);
    assert!(answered.has_error("slug", "reserved") && answered.has_error("places", "malformed"));
    let answered = world.post("/places", &json!({})).await.assert_status(422);
    assert!(answered.has_error("site", "missing") && answered.has_error("name", "missing"));
    let long = world.post("/sites", &json!({ "name": "x".repeat(161) })).await.assert_status(422);
    assert_eq!(long.body["errors"][0]["max"], 160);
    assert_eq!(long.body["detail"], "name is longer than 160 characters");
}

#[tokio::test]
async fn a_taken_name_or_slug_is_refused() {
    let world = World::new().await;
    let rows = world.row_counts().await;
    assert!(world.post("/sites", &json!({ "name": "Salina" })).await.assert_status(422).has_error("name", "taken"));
    let place = json!({ "site": world.own.site, "name": "Restroom" });
    assert!(world.post("/places", &place).await.assert_status(422).has_error("name", "taken"));
    let mut suggested = guarantee(&world.own.problem, &world.own.place);
    suggested["slug"] = Value::Null;
    assert!(world.post("/guarantees", &suggested).await.assert_status(422).has_error("slug", "taken"));
    assert_eq!(world.row_counts().await, rows);
}

#[tokio::test]
async fn a_guarantee_accepts_only_places_of_its_own_business() {
    let world = World::new().await;
    let path = format!("/guarantees/{}/places", world.own.guarantee);
    let rows = world.row_counts().await;
    for bad in Field("places", Places, false).bad_values(&world) {
        let answered = world.put(&path, &bad.value).await.assert_status(422);
        assert!(answered.has_error(&bad.field, bad.code), "{}: {}", bad.what, answered.body);
        assert_eq!(world.row_counts().await, rows);
    }
    world.put(&path, &json!([])).await.assert_status(409).assert_problem_type("no-place");
    world.put(&path, &json!([world.own.place, world.own.place])).await.assert_status(204);
}
