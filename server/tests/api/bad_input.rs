//! Every bad value in every field of every document: a refusal that names the field, and nothing stored.

use serde_json::{Value, json};

use crate::fields::Field;
use crate::fields::Kind::{Amount, Answer, Choice, Instant, Lines, Number, OwnId, Person, Places, Slug, Text, Theirs};
use crate::things::{answered, guarantee, problem, unknown, wording};
use crate::whole_loop::{learn, remedy, understand};
use crate::world::World;

const LINE: crate::fields::Kind = Text(160);
const PROSE: crate::fields::Kind = Text(2000);

/// A document that is taken as it is, where it is sent, and what may stand in it.
struct Endpoint {
    path: String,
    good: Value,
    fields: Vec<Field>,
}

fn worded() -> Vec<Field> {
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

fn found() -> Vec<Field> {
    vec![
        Field("verdict", Choice, true),
        Field("reason", Choice, true),
        Field("obstacle", Choice, false),
        Field("found_by", Choice, false),
        Field("note", PROSE, false),
    ]
}

fn endpoints(world: &World) -> Vec<Endpoint> {
    let mut promised = vec![
        Field("problem", Theirs(|world| world.foreign.problem.clone()), true),
        Field("slug", Slug, false),
        Field("places", Places, false),
    ];
    promised.extend(worded());
    let mut another = guarantee(&world.own.problem, &world.own.place);
    another["slug"] = "another".into();
    let mut checked = vec![
        Field("id", OwnId, true),
        Field("guarantee", Theirs(|world| world.foreign.guarantee.clone()), true),
        Field("place", Theirs(|world| world.foreign.place.clone()), true),
        Field("at", Instant, false),
    ];
    checked.extend(found());
    let mut mended = found();
    mended.push(Field("why", PROSE, true));
    let mut broken = world.own.broken(&unknown(), "staff");
    broken["note"] = "Two people called in sick.".into();
    let endpoint = |path: &str, good, fields| Endpoint { path: path.to_owned(), good, fields };
    let mut all = vec![
        endpoint(
            "/problems",
            problem(),
            vec![Field("words", PROSE, true), Field("for_whom", LINE, true), Field("not_for_whom", LINE, false)],
        ),
        endpoint("/guarantees", another, promised),
        endpoint(&format!("/guarantees/{}/versions", world.own.guarantee), wording(), worded()),
        endpoint("/sites", json!({ "name": "Abilene" }), vec![Field("name", LINE, true)]),
        endpoint(
            "/places",
            json!({ "site": world.own.site, "name": "Counter" }),
            vec![Field("site", Theirs(|world| world.foreign.site.clone()), true), Field("name", LINE, true)],
        ),
        endpoint("/checks", broken, checked),
        endpoint(
            &format!("/checks/{}/corrections", world.own.check),
            json!({ "verdict": "broken", "reason": "0", "why": "The wrong door." }),
            mended,
        ),
        endpoint(
            &format!("/obstacles/{}/answers", world.own.obstacle),
            answered(),
            vec![Field("decision", Choice, true), Field("words", PROSE, true)],
        ),
        endpoint(
            &format!("/guarantees/{}/moves", world.own.guarantee),
            json!({ "move": "suspend" }),
            vec![Field("move", Choice, true)],
        ),
    ];
    let steps = format!("/recoveries/{}/steps", world.own.recovery);
    all.extend(walked(world).into_iter().map(|(good, fields)| endpoint(&steps, good, fields)));
    all
}

fn walked(world: &World) -> Vec<(Value, Vec<Field>)> {
    let told = json!({ "step": "update", "told": "Soon.", "next_update_by": null });
    let mut steps = vec![
        (
            world.acknowledge(),
            vec![
                Field("owner", Person, false),
                Field("apology", PROSE, true),
                Field("responsibility", Answer, true),
                Field("repair", Answer, true),
                Field("next_update_by", Instant, true),
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
        (told, vec![Field("told", PROSE, true), Field("next_update_by", Instant, false)]),
        (
            remedy(),
            vec![
                Field("correction", PROSE, true),
                Field("remedy", PROSE, true),
                Field("gesture", PROSE, false),
                Field("cost", Amount, false),
                Field("received_at", Instant, false),
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
async fn every_bad_value_is_refused_by_its_field_and_nothing_is_stored() {
    let world = World::new().await;
    let rows = world.counted().await;
    let mut tried = 0;
    for Endpoint { path, good, fields } in endpoints(&world) {
        for field in &fields {
            let name = field.0;
            let mut documents: Vec<_> = field
                .bad(&world)
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
                answered.is_of_type("invalid");
                assert!(answered.says(&at, code), "{code} at {at}: {shown}");
                assert!(answered.body.to_string().len() < 4000, "what was sent is not sent back in full");
                assert_eq!(world.counted().await, rows, "{shown}");
                tried += 1;
            }
        }
    }
    assert!(tried > 400, "{tried}");
}

#[tokio::test]
async fn what_is_only_almost_bad_is_taken() {
    let world = World::new().await;
    for endpoint in endpoints(&world) {
        let answered = world.post(&endpoint.path, &endpoint.good).await;
        let out_of_order = answered.status == 409 && endpoint.path.ends_with("/steps");
        let unchanged = answered.status == 409 && answered.body["type"].as_str().unwrap().ends_with("unchanged");
        assert!(answered.status == 201 || out_of_order || unchanged, "{}: {}", endpoint.path, answered.body);
    }
}

#[tokio::test]
async fn all_that_is_wrong_is_said_at_once() {
    let world = World::new().await;
    let answered = world.post("/guarantees", &json!({ "slug": "record", "places": ["x"] })).await.is(422);
    let wrong = ["problem", "title", "promise", "criteria", "mark", "remedy", "late_remedy", "how_to_claim", "proof"];
    assert!(wrong.iter().all(|field| answered.says(field, "missing")), "{}", answered.body);
    assert!(answered.says("slug", "reserved") && answered.says("places", "malformed"));
    let answered = world.post("/places", &json!({})).await.is(422);
    assert!(answered.says("site", "missing") && answered.says("name", "missing"));
    let long = world.post("/sites", &json!({ "name": "x".repeat(161) })).await.is(422);
    assert_eq!(long.body["errors"][0]["max"], 160);
    assert_eq!(long.body["detail"], "name is longer than 160 characters");
}

#[tokio::test]
async fn a_name_or_an_address_that_is_taken_is_said_to_be() {
    let world = World::new().await;
    let rows = world.counted().await;
    assert!(world.post("/sites", &json!({ "name": "Salina" })).await.is(422).says("name", "taken"));
    let place = json!({ "site": world.own.site, "name": "Restroom" });
    assert!(world.post("/places", &place).await.is(422).says("name", "taken"));
    let mut suggested = guarantee(&world.own.problem, &world.own.place);
    suggested["slug"] = Value::Null;
    assert!(world.post("/guarantees", &suggested).await.is(422).says("slug", "taken"));
    assert_eq!(world.counted().await, rows);
}

#[tokio::test]
async fn the_places_of_a_guarantee_are_places_of_the_business() {
    let world = World::new().await;
    let path = format!("/guarantees/{}/places", world.own.guarantee);
    let rows = world.counted().await;
    for bad in Field("places", Places, false).bad(&world) {
        let answered = world.put(&path, &bad.value).await.is(422);
        assert!(answered.says(&bad.field, bad.code), "{}: {}", bad.what, answered.body);
        assert_eq!(world.counted().await, rows);
    }
    world.put(&path, &json!([])).await.is(409).is_of_type("no-place");
    world.put(&path, &json!([world.own.place, world.own.place])).await.is(204);
}
