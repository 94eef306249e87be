//! What search engines may read: the public pages and nothing else.

use axum::extract::State as Shared;
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;

use crate::addresses;
use crate::doors::AccessRule::Anyone;
use crate::doors::{Caching, Doors};
use crate::error::Error;
use crate::state::AppState;

pub fn doors(doors: Doors) -> Doors {
    let for_an_hour = Anyone.cached(Caching::For(60 * 60));
    doors.get(addresses::ROBOTS, for_an_hour, robots).get(addresses::SITEMAP, for_an_hour, sitemap)
}

async fn robots(Shared(state): Shared<AppState>) -> Response {
    let base = &state.base_url;
    text_response(
        "text/plain; charset=utf-8",
        format!(
            "User-agent: *\nAllow: {}\nAllow: {}\nDisallow: {}\n\nSitemap: {base}{}\n",
            addresses::prefix(addresses::CHARTER),
            addresses::prefix(addresses::ASSET),
            addresses::START,
            addresses::SITEMAP,
        ),
    )
}

/// The maximum number of addresses in one sitemap file (sitemaps.org).
const MAX_URLS: usize = 50_000;

/// The public pages of every business that has published a guarantee.
async fn sitemap(Shared(state): Shared<AppState>) -> Result<Response, Error> {
    let (base, mut pages) = (&state.base_url, Vec::new());
    for info in state.store.businesses().await? {
        let slugs = state.store.public_slugs(info.id).await?;
        let business = info.business.slug;
        if !slugs.is_empty() {
            pages.extend([addresses::charter(&business), addresses::record(&business)]);
        }
        pages.extend(slugs.into_iter().map(|slug| addresses::public_guarantee(&business, slug)));
        if pages.len() >= MAX_URLS {
            break;
        }
    }
    let pages = pages.iter().take(MAX_URLS).map(|page| format!("<url><loc>{base}{page}</loc></url>\n"));
    let xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
        <urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n{}</urlset>\n",
        pages.collect::<String>()
    );
    Ok(text_response("application/xml", xml))
}

fn text_response(content_type: &'static str, text: String) -> Response {
    ([(CONTENT_TYPE, content_type)], text).into_response()
}
