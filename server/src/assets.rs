//! The files a browser needs, carried in the binary and served under names that change with their content.

use app::AssetNames;
use app::doors::Doors;
use app::doors::Rule::Anyone;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// One file, as `build.rs` packs it.
struct Asset {
    /// What it was called before its hash was put in.
    source: &'static str,
    path: &'static str,
    content_type: &'static str,
    plain: Edition,
    /// The same, compressed, where that is smaller.
    brotli: Option<Edition>,
}

struct Edition {
    etag: &'static str,
    bytes: &'static [u8],
}

static TABLE: &[Asset] = include!(concat!(env!("OUT_DIR"), "/assets.rs"));

pub fn doors(doors: Doors) -> Doors {
    doors
        .get("/assets/{name}", Anyone, serve)
        .get("/sw.js", Anyone, async || fixed("text/javascript; charset=utf-8", worker()))
        .get("/manifest.webmanifest", Anyone, async || fixed("application/manifest+json", manifest()))
        .get("/favicon.ico", Anyone, async || icon("image/x-icon", favicon()))
        .get("/apple-touch-icon.png", Anyone, async || icon("image/png", plain("icon-cut-180.png").to_vec()))
}

/// What keeps the floor at hand without a network. It has one address for ever: browsers ask for it again by themselves.
fn worker() -> String {
    let names = names();
    let files = [names.style, names.icon, names.boot, names.live, names.rounds, names.forms, names.js, names.wasm];
    let files: Vec<_> = files.into_iter().filter(|name| !name.is_empty()).collect();
    format!("const ASSETS = {};\n{}", json!(files), include_str!("../../frontend/sw.js"))
}

/// What makes it an app on a phone.
fn manifest() -> String {
    let icon = |source, sizes, purpose| {
        let kind = TABLE.iter().find(|asset| asset.source == source).map_or("", |asset| asset.content_type);
        json!({ "src": path(source), "sizes": sizes, "type": kind, "purpose": purpose })
    };
    let icons = [
        icon("icon.svg", "any", "any"),
        icon("icon-192.png", "192x192", "any"),
        icon("icon-512.png", "512x512", "any"),
        icon("icon-cut-512.png", "512x512", "maskable"),
    ];
    let manifest = json!({
        "name": "Trialmark", "short_name": "Trialmark", "start_url": "/today", "scope": "/", "display": "standalone",
        "background_color": "#fbf8f2", "theme_color": "#14594b", "icons": icons,
    });
    manifest.to_string()
}

fn fixed(kind: &'static str, body: String) -> Response {
    ([(CONTENT_TYPE, kind), (CACHE_CONTROL, "no-cache")], body).into_response()
}

/// What browsers ask for by themselves, whatever the page says.
fn icon(kind: &'static str, bytes: Vec<u8>) -> Response {
    ([(CONTENT_TYPE, kind), (CACHE_CONTROL, "public, max-age=86400")], bytes).into_response()
}

/// A folder of one picture: the PNG as it is, behind six bytes that say so and sixteen about it.
fn favicon() -> Vec<u8> {
    const SIDE: u8 = 192;
    const AHEAD: u32 = 22;
    let picture = plain("icon-192.png");
    let length = u32::try_from(picture.len()).unwrap_or_default();
    let folder = [0, 0, 1, 0, 1, 0, SIDE, SIDE, 0, 0, 1, 0, 32, 0];
    [&folder[..], &length.to_le_bytes(), &AHEAD.to_le_bytes(), picture].concat()
}

fn plain(source: &str) -> &'static [u8] {
    TABLE.iter().find(|asset| asset.source == source).map_or(&[], |asset| asset.plain.bytes)
}

/// Where pages find their files. A file that was not built has an empty name.
#[must_use]
pub fn names() -> AssetNames {
    AssetNames {
        style: path("style.css"),
        boot: path("boot.js"),
        passkeys: path("passkeys.js"),
        live: path("live.js"),
        rounds: path("rounds.js"),
        forms: path("forms.js"),
        js: path("app.js"),
        wasm: path("app.wasm"),
        icon: path("icon.svg"),
        home_icon: path("icon-cut-180.png"),
    }
}

fn path(source: &str) -> &'static str {
    TABLE.iter().find(|asset| asset.source == source).map_or("", |asset| asset.path)
}

async fn serve(request: Request) -> Response {
    match TABLE.iter().find(|asset| asset.path == request.uri().path()) {
        Some(asset) => asset.answer(request.headers()),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

impl Asset {
    fn answer(&self, asked: &HeaderMap) -> Response {
        let compressed = self.brotli.as_ref().filter(|_| accepts_brotli(asked));
        let edition = compressed.unwrap_or(&self.plain);
        let known = asked.get_all(IF_NONE_MATCH).iter().any(|tags| lists(tags, edition.etag));
        let mut response = if known {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            Response::new(Body::from(Bytes::from_static(edition.bytes)))
        };
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
        headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
        headers.insert(ETAG, HeaderValue::from_static(edition.etag));
        if !known {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.content_type));
            if compressed.is_some() {
                headers.insert(CONTENT_ENCODING, HeaderValue::from_static("br"));
            }
        }
        response
    }
}

fn accepts_brotli(asked: &HeaderMap) -> bool {
    asked
        .get_all(ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|coding| {
            let mut parts = coding.split(';').map(str::trim);
            let refused = |weight: &str| weight.strip_prefix("q=").and_then(|q| q.parse().ok()) == Some(0.0_f32);
            parts.next().is_some_and(|name| name.eq_ignore_ascii_case("br")) && !parts.any(refused)
        })
}

fn lists(tags: &HeaderValue, etag: &str) -> bool {
    tags.to_str().is_ok_and(|tags| {
        tags.split(',').any(|tag| {
            matches!(tag.trim().trim_start_matches("W/"), "*") || tag.trim().trim_start_matches("W/") == etag
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::body::to_bytes;
    use axum::http::request::Builder;
    use axum::routing::get;
    use tower::ServiceExt;

    async fn ask(request: Builder) -> (StatusCode, HeaderMap, Bytes) {
        let response = Router::new()
            .route("/assets/{name}", get(serve))
            .oneshot(request.body(Body::empty()).unwrap())
            .await
            .unwrap();
        let (parts, body) = response.into_parts();
        (parts.status, parts.headers, to_bytes(body, usize::MAX).await.unwrap())
    }

    fn get_of(path: &str) -> Builder {
        Request::builder().uri(path)
    }

    fn boot() -> &'static Asset {
        TABLE.iter().find(|asset| asset.source == "boot.js").unwrap()
    }

    #[tokio::test]
    async fn every_file_is_served_for_ever_under_its_own_name() {
        for asset in TABLE {
            let (status, headers, bytes) = ask(get_of(asset.path)).await;
            assert_eq!(status, 200, "{}", asset.path);
            assert_eq!(headers[CACHE_CONTROL], "public, max-age=31536000, immutable");
            assert_eq!(headers[CONTENT_TYPE], asset.content_type);
            assert_eq!(headers[VARY], "accept-encoding");
            assert!(!headers.contains_key(CONTENT_ENCODING));
            assert_eq!(bytes, asset.plain.bytes);
        }
    }

    #[tokio::test]
    async fn brotli_goes_to_those_who_take_it() {
        let brotli = boot().brotli.as_ref().unwrap();
        for accepts in ["br", "gzip, deflate, br, zstd", "gzip;q=0.5, BR;q=0.9"] {
            let (_, headers, bytes) = ask(get_of(boot().path).header(ACCEPT_ENCODING, accepts)).await;
            assert_eq!(headers[CONTENT_ENCODING], "br", "{accepts}");
            assert_eq!(headers[ETAG], brotli.etag);
            assert_eq!(bytes, brotli.bytes);
        }
        for refuses in ["", "gzip", "identity", "br;q=0", "gzip, br; q=0.0", "brotli"] {
            let (_, headers, bytes) = ask(get_of(boot().path).header(ACCEPT_ENCODING, refuses)).await;
            assert!(!headers.contains_key(CONTENT_ENCODING), "{refuses}");
            assert_eq!(bytes, boot().plain.bytes);
        }
    }

    #[tokio::test]
    async fn the_compressed_copy_says_the_same() {
        for asset in TABLE {
            let Some(brotli) = &asset.brotli else { continue };
            let mut plain = Vec::new();
            brotli::BrotliDecompress(&mut &*brotli.bytes, &mut plain).unwrap();
            assert!(plain == asset.plain.bytes, "{}", asset.path);
            assert!(brotli.bytes.len() < plain.len(), "{}", asset.path);
        }
    }

    #[tokio::test]
    async fn a_browser_that_has_it_gets_no_second_copy() {
        let etag = boot().plain.etag;
        for known in [etag.to_owned(), format!("\"other\", W/{etag}"), "*".to_owned()] {
            let (status, headers, bytes) = ask(get_of(boot().path).header(IF_NONE_MATCH, known)).await;
            assert_eq!((status, headers[ETAG].to_str().unwrap(), bytes.len()), (StatusCode::NOT_MODIFIED, etag, 0));
        }
        let (status, ..) = ask(get_of(boot().path).header(IF_NONE_MATCH, "\"other\"")).await;
        assert_eq!(status, 200);
    }

    #[tokio::test]
    async fn head_says_how_long_it_is_and_sends_nothing() {
        let (status, headers, bytes) = ask(get_of(boot().path).method("HEAD")).await;
        assert_eq!((status, bytes.len()), (StatusCode::OK, 0));
        assert_eq!(headers["content-length"], boot().plain.bytes.len().to_string());
    }

    #[tokio::test]
    async fn other_names_and_methods_are_refused() {
        for path in ["/assets/boot.js", "/assets/boot-000000000000.js", "/assets/..%2Fboot.js", "/assets/%FF"] {
            assert_eq!(ask(get_of(path)).await.0, 404, "{path}");
        }
        assert_eq!(ask(get_of(boot().path).method("POST")).await.0, 405);
    }

    #[test]
    fn what_stands_on_a_home_screen_is_as_large_as_it_says() {
        let manifest: serde_json::Value = serde_json::from_str(&manifest()).unwrap();
        let icons = manifest["icons"].as_array().unwrap();
        let drawn = icons.iter().filter(|icon| icon["type"] == "image/png");
        let sizes: Vec<_> = drawn
            .map(|icon| {
                let asset = TABLE.iter().find(|asset| asset.path == icon["src"]).unwrap();
                let side = |at: usize| u32::from_be_bytes(asset.plain.bytes[at..at + 4].try_into().unwrap());
                // Width and height come first in a PNG, after sixteen bytes.
                assert_eq!(icon["sizes"], format!("{}x{}", side(16), side(20)));
                (side(16), icon["purpose"].as_str().unwrap())
            })
            .collect();
        assert_eq!(sizes, [(192, "any"), (512, "any"), (512, "maskable")]);
        assert!(names().home_icon.starts_with("/assets/icon-cut-180-"));
    }

    #[test]
    fn the_icon_for_every_browser_is_the_picture_in_its_folder() {
        let (icon, picture) = (favicon(), plain("icon-192.png"));
        assert!(icon.ends_with(picture) && picture.starts_with(b"\x89PNG"));
        assert_eq!(icon.len() - picture.len(), 22);
        assert_eq!(image::guess_format(&icon).unwrap(), image::ImageFormat::Ico);
    }

    #[test]
    fn a_name_changes_with_the_content() {
        let hash = boot().plain.etag.trim_matches('"');
        assert_eq!(names().boot, format!("/assets/boot-{hash}.js"));
        assert!(names().style.starts_with("/assets/style-"));
        assert_eq!(names().js.is_empty(), names().wasm.is_empty());
    }
}
