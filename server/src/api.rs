//! The REST interface: what people can do on pages, as JSON over HTTP. Its addresses are stable.

mod breaks;
mod checks;
mod choices;
mod customers;
mod doors;
mod error;
mod guarantees;
mod obstacles;
mod openapi;
mod photos;
mod places;
mod problems;
mod recoveries;
mod request;
mod responses;

use app::AppState;
use app::addresses;
use app::doors::Door;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::HeaderValue;
use axum::http::header::CACHE_CONTROL;
use axum::routing::any;
use domain::role::Permission;
use tower_http::set_header::SetResponseHeaderLayer;
use utoipa_axum::routes;

use doors::Doors;
use error::ApiError;

/// The largest JSON document, in bytes. Pictures have the limit that the server sets for all bodies.
const MAX_DOCUMENT_SIZE: usize = 1024 * 1024;

/// All addresses under [`addresses::API`]. Unknown ones are answered with a problem document.
pub fn router(state: &AppState) -> Router<AppState> {
    let (doors, _) = all_doors(state).router.split_for_parts();
    let doors = doors.fallback(not_found).method_not_allowed_fallback(async || ApiError::method_not_allowed());
    Router::new()
        .nest(addresses::API, doors)
        .route(&format!("{}/", addresses::API), any(not_found))
        .layer(DefaultBodyLimit::max(MAX_DOCUMENT_SIZE))
        .layer(SetResponseHeaderLayer::if_not_present(CACHE_CONTROL, HeaderValue::from_static("no-store")))
}

/// The doors of the REST interface, with their rules.
#[must_use]
pub fn list_doors(state: &AppState) -> Vec<Door> {
    all_doors(state).list
}

async fn not_found() -> ApiError {
    app::Error::NotFound.into()
}

/// The doors, each with its OpenAPI description.
fn all_doors(state: &AppState) -> Doors {
    let [view_internal, log_checks, correct_checks] =
        [Permission::ViewInternal, Permission::LogChecks, Permission::CorrectChecks];
    let [handle_recoveries, answer_obstacles, erase_customers] =
        [Permission::HandleRecoveries, Permission::AnswerObstacles, Permission::EraseCustomers];
    let [manage_guarantees, manage_places] = [Permission::ManageGuarantees, Permission::ManagePlaces];
    Doors::new(state)
        .door(view_internal, routes!(problems::list_problems))
        .door(manage_guarantees, routes!(problems::add_problem))
        .door(view_internal, routes!(problems::get_problem))
        .door(view_internal, routes!(guarantees::list_guarantees))
        .door(manage_guarantees, routes!(guarantees::add_guarantee))
        .door(view_internal, routes!(guarantees::get_guarantee))
        .door(view_internal, routes!(guarantees::list_versions))
        .door(manage_guarantees, routes!(guarantees::add_version))
        .door(view_internal, routes!(guarantees::get_version))
        .door(manage_guarantees, routes!(guarantees::move_guarantee))
        .door(manage_guarantees, routes!(guarantees::set_guarantee_places))
        .door(view_internal, routes!(places::list_sites))
        .door(manage_guarantees, routes!(places::add_site))
        .door(view_internal, routes!(places::get_site))
        .door(view_internal, routes!(places::list_places))
        .door(manage_places, routes!(places::add_place))
        .door(view_internal, routes!(places::get_place))
        .door(view_internal, routes!(checks::list_checks))
        .door(log_checks, routes!(checks::log_check))
        .picture_door(log_checks, routes!(photos::add_photo))
        .door(view_internal, routes!(photos::get_photo))
        .door(view_internal, routes!(checks::get_check))
        .door(correct_checks, routes!(checks::correct_check))
        .door(view_internal, routes!(breaks::list_breaks))
        .door(view_internal, routes!(obstacles::list_obstacles))
        .door(view_internal, routes!(obstacles::get_obstacle))
        .door(answer_obstacles, routes!(obstacles::answer_obstacle))
        .door(view_internal, routes!(recoveries::list_recoveries))
        .door(view_internal, routes!(recoveries::get_recovery))
        .door(handle_recoveries, routes!(recoveries::take_step))
        .door(handle_recoveries, routes!(recoveries::renew_link))
        .door(erase_customers, routes!(customers::get_customer))
        .door(erase_customers, routes!(customers::erase_customer))
        .open(routes!(openapi::describe))
}
