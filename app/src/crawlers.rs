//! What search engines are told: the public pages, and that the rest is not for them.

use axum::extract::State as Shared;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};

use crate::doors::Doors;
use crate::doors::Rule::Anyone;
use crate::error::Error;
use crate::state::State;

pub fn doors(doors: Doors) -> Doors {
    doors.get("/robots.txt", Anyone, robots).get("/sitemap.xml", Anyone, sitemap)
}

async fn robots(Shared(state): Shared<State>) -> Response {
    let base = &state.base_url;
    plain(
        "text/plain; charset=utf-8",
        format!("User-agent: *\nAllow: /p/\nAllow: /assets/\nDisallow: /\n\nSitemap: {base}/sitemap.xml\n"),
    )
}

/// The protocol of sitemaps takes no more addresses in one file.
const MOST: usize = 50_000;

/// The public pages of every business that promises something in public.
async fn sitemap(Shared(state): Shared<State>) -> Result<Response, Error> {
    let (base, mut pages) = (&state.base_url, Vec::new());
    for home in state.store.businesses().await? {
        let promised = state.store.public_slugs(home.id).await?;
        let business = home.business.slug;
        if !promised.is_empty() {
            pages.extend([format!("/p/{business}"), format!("/p/{business}/record")]);
        }
        pages.extend(promised.into_iter().map(|slug| format!("/p/{business}/{slug}")));
        if pages.len() >= MOST {
            break;
        }
    }
    let pages = pages.iter().take(MOST).map(|page| format!("<url><loc>{base}{page}</loc></url>\n"));
    let xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
        <urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n{}</urlset>\n",
        pages.collect::<String>()
    );
    Ok(plain("application/xml", xml))
}

/// The same for everyone, and asked for again after an hour.
fn plain(kind: &'static str, text: String) -> Response {
    ([(CONTENT_TYPE, kind), (CACHE_CONTROL, "public, max-age=3600")], text).into_response()
}
