//! What programs can do: the same commands as people, as JSON over HTTP. The address is part of the product.

mod answer;
mod breaks;
mod checks;
mod choices;
mod customers;
mod description;
mod doors;
mod guarantees;
mod obstacles;
mod photos;
mod places;
mod problems;
mod recoveries;
mod refusal;
mod request;

use app::State;
use app::doors::Door;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::HeaderValue;
use axum::http::header::CACHE_CONTROL;
use axum::routing::any;
use domain::actor::Act;
use tower_http::set_header::SetResponseHeaderLayer;
use utoipa_axum::router::UtoipaMethodRouter;
use utoipa_axum::routes;

use doors::Doors;
use refusal::Refusal;

/// Where all of this is reached.
const ROOT: &str = "/api/v1";

/// No document may be larger, in bytes; a picture is bounded where all bodies are.
const LARGEST: usize = 1024 * 1024;

/// Every address under [`ROOT`], in full. What is not found there is refused as programs read it.
pub fn router(state: &State) -> Router<State> {
    let (doors, _) = doors(state).router.split_for_parts();
    let doors = doors.fallback(nothing_here).method_not_allowed_fallback(async || Refusal::method_not_allowed());
    Router::new()
        .nest(ROOT, doors)
        .route(&format!("{ROOT}/"), any(nothing_here))
        .layer(DefaultBodyLimit::max(LARGEST))
        .layer(SetResponseHeaderLayer::if_not_present(CACHE_CONTROL, HeaderValue::from_static("no-store")))
}

/// The doors of the interface for programs, with their rules.
#[must_use]
pub fn listed(state: &State) -> Vec<Door> {
    doors(state).listed
}

async fn nothing_here() -> Refusal {
    app::Error::NotFound.into()
}

fn no_document((schemas, paths, way): UtoipaMethodRouter<State>) -> UtoipaMethodRouter<State> {
    (schemas, paths, way.layer(DefaultBodyLimit::disable()))
}

/// The doors, each with its own description.
fn doors(state: &State) -> Doors {
    let [read, check, correct] = [Act::Read, Act::Check, Act::Correct];
    let [recover, answer, erase] = [Act::Recover, Act::Answer, Act::Erase];
    let [define, furnish] = [Act::Define, Act::Furnish];
    Doors::new(state)
        .door(read, routes!(problems::list_problems))
        .door(define, routes!(problems::add_problem))
        .door(read, routes!(problems::get_problem))
        .door(read, routes!(guarantees::list_guarantees))
        .door(define, routes!(guarantees::add_guarantee))
        .door(read, routes!(guarantees::get_guarantee))
        .door(read, routes!(guarantees::list_versions))
        .door(define, routes!(guarantees::add_version))
        .door(read, routes!(guarantees::get_version))
        .door(define, routes!(guarantees::move_guarantee))
        .door(define, routes!(guarantees::promise_at))
        .door(read, routes!(places::list_sites))
        .door(define, routes!(places::add_site))
        .door(read, routes!(places::get_site))
        .door(read, routes!(places::list_places))
        .door(furnish, routes!(places::add_place))
        .door(read, routes!(places::get_place))
        .door(read, routes!(checks::list_checks))
        .door(check, routes!(checks::log_check))
        .door(check, no_document(routes!(photos::keep_photo)))
        .door(read, routes!(photos::get_photo))
        .door(read, routes!(checks::get_check))
        .door(correct, routes!(checks::correct_check))
        .door(read, routes!(breaks::list_breaks))
        .door(read, routes!(obstacles::list_obstacles))
        .door(read, routes!(obstacles::get_obstacle))
        .door(answer, routes!(obstacles::answer_obstacle))
        .door(read, routes!(recoveries::list_recoveries))
        .door(read, routes!(recoveries::get_recovery))
        .door(recover, routes!(recoveries::take_step))
        .door(recover, routes!(recoveries::renew_link))
        .door(erase, routes!(customers::get_customer))
        .door(erase, routes!(customers::erase_customer))
        .open(routes!(description::describe))
}
