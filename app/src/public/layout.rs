//! The HTML document of public pages. It has no script and does not depend on the reader.

use axum::response::{Html, IntoResponse, Response};
use http::StatusCode;
use leptos::html::meta;
use leptos::prelude::*;
use store::BusinessInfo;

use crate::addresses;
use crate::page::Languages;
use crate::render::render;
use crate::script_policy::NoScript;
use crate::state::AppState;
use crate::texts::Texts;

/// The metadata of a page.
pub struct PageMeta {
    pub title: String,
    /// The description for search engines and shared links. A private page has none and is not indexed.
    pub description: Option<String>,
    /// The address without the host.
    pub path: String,
    /// The name of the business, and the address of its charter.
    pub business: Option<(String, Option<String>)>,
    /// The id of a form that must keep its input when the language is switched.
    pub form: Option<&'static str>,
}

/// A whole document without scripts.
pub fn document<V: IntoView>(state: &AppState, texts: Texts, meta: PageMeta, body: impl FnOnce() -> V) -> String {
    let html = render(|| {
        let PageMeta { title, description, path, business, form } = meta;
        let address = format!("{}{path}", state.base_url);
        // On paper only: on a screen the browser shows the address.
        let on_paper = description.is_some().then(|| view! { <p class="print-only small">{address.clone()}</p> });
        view! {
            <html lang=texts.lang().code()>
                <head>
                    <meta charset="utf-8" />
                    <meta name="viewport" content="width=device-width,initial-scale=1" />
                    <title>{title.clone()}</title>
                    <link rel="stylesheet" href=state.assets.style />
                    <link rel="icon" type="image/svg+xml" href=state.assets.icon />
                    {match description {
                        Some(description) => meta_tags(address, title, description).into_any(),
                        None => view! { <meta name="robots" content="noindex" /> }.into_any(),
                    }}
                </head>
                <body>
                    <a class="skip" href="#main">{texts.text("skip-to-content")}</a>
                    <div class="wrap">
                        <header class="top">{brand(texts, business)}<Languages texts path form /></header>
                        {body()}
                        {on_paper}
                    </div>
                </body>
            </html>
        }
    });
    format!("<!doctype html>{html}")
}

/// The tags for search engines and shared links.
fn meta_tags(address: String, title: String, description: String) -> impl IntoView {
    view! {
        <meta name="description" content=description.clone() />
        <link rel="canonical" href=address.clone() />
        {open_graph_tag("og:type", "website".to_owned())}
        {open_graph_tag("og:title", title)}
        {open_graph_tag("og:description", description)}
        {open_graph_tag("og:url", address)}
    }
}

/// One property of the Open Graph protocol.
fn open_graph_tag(property: &'static str, content: String) -> impl IntoView {
    meta().attr("property", property).content(content)
}

fn brand(texts: Texts, business: Option<(String, Option<String>)>) -> AnyView {
    match business {
        Some((name, Some(charter))) => view! { <a class="brand" href=charter>{name}</a> }.into_any(),
        Some((name, None)) => view! { <span class="brand">{name}</span> }.into_any(),
        None => view! { <span class="brand">{texts.text("app-name")}</span> }.into_any(),
    }
}

/// A response that is marked as free of scripts, for the content security policy.
pub fn script_free_response(status: StatusCode, html: String) -> Response {
    let mut response = (status, Html(html)).into_response();
    response.extensions_mut().insert(NoScript);
    response
}

/// The page for an unknown address, with a link to the charter if the business is known.
pub fn not_found_page(state: &AppState, texts: Texts, path: &str, info: Option<&BusinessInfo>) -> Response {
    let business = info.map(|info| (info.business.name.to_string(), addresses::charter(&info.business.slug)));
    let title = texts.text("public-nothing");
    let meta = PageMeta {
        title: title.clone(),
        description: None,
        path: path.to_owned(),
        business: business.clone().map(|(name, charter)| (name, Some(charter))),
        form: None,
    };
    let html = document(state, texts, meta, || {
        let (reason, link) = match business {
            Some((name, charter)) => {
                let args = [("name", name.into())];
                let all = texts.text_with("public-charter", &args);
                let link = view! { <p><a class="btn" href=charter>{all}</a></p> };
                (texts.text_with("public-nothing-promised", &args), Some(link))
            }
            None => (texts.text("public-nothing-known"), None),
        };
        view! {
            <main id="main" class="slim">
                <h1>{title}</h1>
                <p>{reason}</p>
                {link}
            </main>
        }
    });
    script_free_response(StatusCode::NOT_FOUND, html)
}
