//! What programs can do: the same commands as people, as JSON over HTTP. The address is part of the product.

mod answer;
mod breaks;
mod checks;
mod choices;
mod description;
mod guarantees;
mod places;
mod problems;
mod recoveries;
mod refusal;
mod request;

use app::State;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::HeaderValue;
use axum::http::header::CACHE_CONTROL;
use axum::routing::any;
use tower_http::set_header::SetResponseHeaderLayer;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use refusal::Refusal;

/// Where all of this is reached.
const ROOT: &str = "/api/v1";

/// No document may be larger, in bytes.
const LARGEST: usize = 1024 * 1024;

/// Every address under [`ROOT`], in full. What is not found there is refused as programs read it.
pub fn router() -> Router<State> {
    let (doors, _) = doors().split_for_parts();
    let doors = doors.fallback(nothing_here).method_not_allowed_fallback(async || Refusal::method_not_allowed());
    Router::new()
        .nest(ROOT, doors)
        .route(&format!("{ROOT}/"), any(nothing_here))
        .layer(DefaultBodyLimit::max(LARGEST))
        .layer(SetResponseHeaderLayer::if_not_present(CACHE_CONTROL, HeaderValue::from_static("no-store")))
}

async fn nothing_here() -> Refusal {
    app::Error::NotFound.into()
}

/// The doors, each with its own description.
fn doors() -> OpenApiRouter<State> {
    OpenApiRouter::with_openapi(description::frame())
        .routes(routes!(problems::list_problems, problems::add_problem))
        .routes(routes!(problems::get_problem))
        .routes(routes!(guarantees::list_guarantees, guarantees::add_guarantee))
        .routes(routes!(guarantees::get_guarantee))
        .routes(routes!(guarantees::list_versions, guarantees::add_version))
        .routes(routes!(guarantees::get_version))
        .routes(routes!(guarantees::move_guarantee))
        .routes(routes!(guarantees::promise_at))
        .routes(routes!(places::list_sites, places::add_site))
        .routes(routes!(places::get_site))
        .routes(routes!(places::list_places, places::add_place))
        .routes(routes!(places::get_place))
        .routes(routes!(checks::list_checks, checks::log_check))
        .routes(routes!(checks::get_check))
        .routes(routes!(checks::correct_check))
        .routes(routes!(breaks::list_breaks))
        .routes(routes!(recoveries::list_recoveries))
        .routes(routes!(recoveries::get_recovery))
        .routes(routes!(recoveries::take_step))
        .routes(routes!(description::describe))
}
