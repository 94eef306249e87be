//! The document around what anyone may see: no script, and nothing that knows who reads.

use axum::response::{Html, IntoResponse, Response};
use http::StatusCode;
use leptos::html::meta;
use leptos::prelude::*;
use store::Home;

use crate::page::{Languages, NoScript, render};
use crate::state::State;
use crate::texts::Texts;

/// What a page says of itself.
pub struct About {
    pub title: String,
    /// In a sentence, for those who find or share the page. A page that is nobody else's business has none, and asks
    /// not to be found.
    pub description: Option<String>,
    /// Its address, without the host.
    pub path: String,
    /// Whose page it is, with the way to everything they promise.
    pub business: Option<(String, Option<String>)>,
    /// The form on it that choosing a language must not empty, by its id.
    pub form: Option<&'static str>,
}

/// A whole document with nothing in it that runs.
pub fn document<V: IntoView>(state: &State, texts: Texts, about: About, body: impl FnOnce() -> V) -> String {
    let html = render(|| {
        let About { title, description, path, business, form } = about;
        let address = format!("{}{path}", state.base_url);
        // On a screen the browser shows it.
        let on_paper = description.is_some().then(|| view! { <p class="on-paper small">{address.clone()}</p> });
        view! {
            <html lang=texts.lang().code()>
                <head>
                    <meta charset="utf-8" />
                    <meta name="viewport" content="width=device-width,initial-scale=1" />
                    <title>{title.clone()}</title>
                    <link rel="stylesheet" href=state.assets.style />
                    <link rel="icon" type="image/svg+xml" href=state.assets.icon />
                    {match description {
                        Some(description) => found(address, title, description).into_any(),
                        None => view! { <meta name="robots" content="noindex" /> }.into_any(),
                    }}
                </head>
                <body>
                    <a class="skip" href="#main">{texts.say("skip-to-content")}</a>
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

/// For search engines, and for those who get the page from someone.
fn found(address: String, title: String, description: String) -> impl IntoView {
    view! {
        <meta name="description" content=description.clone() />
        <link rel="canonical" href=address.clone() />
        {graph("og:type", "website".to_owned())}
        {graph("og:title", title)}
        {graph("og:description", description)}
        {graph("og:url", address)}
    }
}

/// One property of the Open Graph protocol.
fn graph(property: &'static str, content: String) -> impl IntoView {
    meta().attr("property", property).content(content)
}

fn brand(texts: Texts, business: Option<(String, Option<String>)>) -> AnyView {
    match business {
        Some((name, Some(charter))) => view! { <a class="brand" href=charter>{name}</a> }.into_any(),
        Some((name, None)) => view! { <span class="brand">{name}</span> }.into_any(),
        None => view! { <span class="brand">{texts.say("app-name")}</span> }.into_any(),
    }
}

/// Marks an answer that runs no script.
pub fn unscripted(status: StatusCode, html: String) -> Response {
    let mut response = (status, Html(html)).into_response();
    response.extensions_mut().insert(NoScript);
    response
}

/// The page that says there is none, with the way to what there is.
pub fn nothing_here(state: &State, texts: Texts, path: &str, home: Option<&Home>) -> Response {
    let named = home.map(|home| (home.business.name.to_string(), format!("/p/{}", home.business.slug)));
    let title = texts.say("public-nothing");
    let about = About {
        title: title.clone(),
        description: None,
        path: path.to_owned(),
        business: named.clone().map(|(name, charter)| (name, Some(charter))),
        form: None,
    };
    let html = document(state, texts, about, || {
        let (why, way) = match named {
            Some((name, charter)) => {
                let named = [("name", name.into())];
                let all = texts.tell("public-charter", &named);
                let way = view! { <p><a class="btn" href=charter>{all}</a></p> };
                (texts.tell("public-nothing-promised", &named), Some(way))
            }
            None => (texts.say("public-nothing-known"), None),
        };
        view! {
            <main id="main" class="slim">
                <h1>{title}</h1>
                <p>{why}</p>
                {way}
            </main>
        }
    });
    unscripted(StatusCode::NOT_FOUND, html)
}
