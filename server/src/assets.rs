//! The static files for browsers. They are part of the binary, and their names contain a hash of their content.

use app::AssetNames;
use app::addresses;
use app::doors::AccessRule::Anyone;
use app::doors::{Caching, Doors};
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// A file, as `build.rs` writes it.
struct Asset {
    /// Its name without the hash.
    source: &'static str,
    path: &'static str,
    content_type: &'static str,
    plain: AssetBody,
    /// The same, compressed, if that is smaller.
    brotli: Option<AssetBody>,
}

struct AssetBody {
    etag: &'static str,
    bytes: &'static [u8],
}

static ASSETS: &[Asset] = include!(concat!(env!("OUT_DIR"), "/assets.rs"));

pub fn doors(doors: Doors) -> Doors {
    let shared = Anyone.cached(Caching::Shared);
    let for_a_day = Anyone.cached(Caching::For(24 * 60 * 60));
    doors
        .get(addresses::ASSET, Anyone.cached(Caching::Immutable), serve)
        .get(addresses::SERVICE_WORKER, shared, async || response("text/javascript; charset=utf-8", service_worker()))
        .get(addresses::MANIFEST, shared, async || response("application/manifest+json", manifest()))
        // Browsers request icons at these addresses by themselves.
        .get(addresses::FAVICON, for_a_day, async || response("image/x-icon", favicon()))
        .get(addresses::TOUCH_ICON, for_a_day, async || response("image/png", bytes_of("icon-cut-180.png")))
}

/// The service worker, with the list of files it stores. Its address never changes: browsers look for new versions there.
fn service_worker() -> String {
    let names = names();
    let files =
        [names.style, names.icon, names.islands, names.live, names.pending_checks, names.drafts, names.js, names.wasm];
    let files: Vec<_> = files.into_iter().filter(|name| !name.is_empty()).collect();
    format!("const ASSETS = {};\n{}", json!(files), include_str!("../../frontend/sw.js"))
}

/// The manifest, with which a phone installs the page as an app.
fn manifest() -> String {
    let icon = |source, sizes, purpose| {
        let content_type = ASSETS.iter().find(|asset| asset.source == source).map_or("", |asset| asset.content_type);
        json!({ "src": path(source), "sizes": sizes, "type": content_type, "purpose": purpose })
    };
    let icons = [
        icon("icon.svg", "any", "any"),
        icon("icon-192.png", "192x192", "any"),
        icon("icon-512.png", "512x512", "any"),
        icon("icon-cut-512.png", "512x512", "maskable"),
    ];
    let manifest = json!({
        "name": "Trialmark", "short_name": "Trialmark", "start_url": addresses::TODAY, "scope": addresses::START, "display": "standalone",
        "background_color": "#fbf8f2", "theme_color": "#14594b", "icons": icons,
    });
    manifest.to_string()
}

fn response(content_type: &'static str, body: impl IntoResponse) -> Response {
    ([(CONTENT_TYPE, content_type)], body).into_response()
}

/// An ICO file with one picture: a header of six bytes, an entry of sixteen bytes, and the PNG unchanged.
fn favicon() -> Vec<u8> {
    const SIDE: u8 = 192;
    const PNG_OFFSET: u32 = 22;
    let picture = bytes_of("icon-192.png");
    let length = u32::try_from(picture.len()).unwrap_or_default();
    let header = [0, 0, 1, 0, 1, 0, SIDE, SIDE, 0, 0, 1, 0, 32, 0];
    [&header[..], &length.to_le_bytes(), &PNG_OFFSET.to_le_bytes(), picture].concat()
}

fn bytes_of(source: &str) -> &'static [u8] {
    ASSETS.iter().find(|asset| asset.source == source).map_or(&[], |asset| asset.plain.bytes)
}

/// The addresses of the files that pages use. A file that was not built has an empty one.
#[must_use]
pub fn names() -> AssetNames {
    AssetNames {
        style: path("style.css"),
        islands: path("islands.js"),
        passkeys: path("passkeys.js"),
        live: path("live.js"),
        pending_checks: path("pending_checks.js"),
        drafts: path("drafts.js"),
        js: path("app.js"),
        wasm: path("app.wasm"),
        icon: path("icon.svg"),
        home_icon: path("icon-cut-180.png"),
    }
}

fn path(source: &str) -> &'static str {
    ASSETS.iter().find(|asset| asset.source == source).map_or("", |asset| asset.path)
}

async fn serve(request: Request) -> Response {
    match ASSETS.iter().find(|asset| asset.path == request.uri().path()) {
        Some(asset) => asset.respond(request.headers()),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

impl Asset {
    fn respond(&self, request_headers: &HeaderMap) -> Response {
        let compressed = self.brotli.as_ref().filter(|_| accepts_brotli(request_headers));
        let body = compressed.unwrap_or(&self.plain);
        let is_cached = request_headers.get_all(IF_NONE_MATCH).iter().any(|tags| contains_etag(tags, body.etag));
        let mut response = if is_cached {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            Response::new(Body::from(Bytes::from_static(body.bytes)))
        };
        let headers = response.headers_mut();
        headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
        headers.insert(ETAG, HeaderValue::from_static(body.etag));
        if !is_cached {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.content_type));
            if compressed.is_some() {
                headers.insert(CONTENT_ENCODING, HeaderValue::from_static("br"));
            }
        }
        response
    }
}

fn accepts_brotli(request_headers: &HeaderMap) -> bool {
    request_headers
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

fn contains_etag(tags: &HeaderValue, etag: &str) -> bool {
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

    async fn send(request: Builder) -> (StatusCode, HeaderMap, Bytes) {
        let response = Router::new()
            .route("/assets/{name}", get(serve))
            .oneshot(request.body(Body::empty()).unwrap())
            .await
            .unwrap();
        let (parts, body) = response.into_parts();
        (parts.status, parts.headers, to_bytes(body, usize::MAX).await.unwrap())
    }

    fn get_request(path: &str) -> Builder {
        Request::builder().uri(path)
    }

    fn islands() -> &'static Asset {
        ASSETS.iter().find(|asset| asset.source == "islands.js").unwrap()
    }

    #[tokio::test]
    async fn every_asset_is_served_with_its_type_and_content() {
        for asset in ASSETS {
            let (status, headers, bytes) = send(get_request(asset.path)).await;
            assert_eq!(status, 200, "{}", asset.path);
            assert_eq!(headers[CONTENT_TYPE], asset.content_type);
            assert_eq!(headers[VARY], "accept-encoding");
            assert!(!headers.contains_key(CONTENT_ENCODING));
            assert_eq!(bytes, asset.plain.bytes);
        }
    }

    #[tokio::test]
    async fn brotli_is_sent_to_clients_that_accept_it() {
        let brotli = islands().brotli.as_ref().unwrap();
        for accepts in ["br", "gzip, deflate, br, zstd", "gzip;q=0.5, BR;q=0.9"] {
            let (_, headers, bytes) = send(get_request(islands().path).header(ACCEPT_ENCODING, accepts)).await;
            assert_eq!(headers[CONTENT_ENCODING], "br", "{accepts}");
            assert_eq!(headers[ETAG], brotli.etag);
            assert_eq!(bytes, brotli.bytes);
        }
        for refuses in ["", "gzip", "identity", "br;q=0", "gzip, br; q=0.0", "brotli"] {
            let (_, headers, bytes) = send(get_request(islands().path).header(ACCEPT_ENCODING, refuses)).await;
            assert!(!headers.contains_key(CONTENT_ENCODING), "{refuses}");
            assert_eq!(bytes, islands().plain.bytes);
        }
    }

    #[tokio::test]
    async fn the_compressed_copy_has_the_same_content() {
        for asset in ASSETS {
            let Some(brotli) = &asset.brotli else { continue };
            let mut plain = Vec::new();
            brotli::BrotliDecompress(&mut &*brotli.bytes, &mut plain).unwrap();
            assert!(plain == asset.plain.bytes, "{}", asset.path);
            assert!(brotli.bytes.len() < plain.len(), "{}", asset.path);
        }
    }

    #[tokio::test]
    async fn a_matching_etag_gets_304_not_modified() {
        let etag = islands().plain.etag;
        for tags in [etag.to_owned(), format!("\"other\", W/{etag}"), "*".to_owned()] {
            let (status, headers, bytes) = send(get_request(islands().path).header(IF_NONE_MATCH, tags)).await;
            assert_eq!((status, headers[ETAG].to_str().unwrap(), bytes.len()), (StatusCode::NOT_MODIFIED, etag, 0));
        }
        let (status, ..) = send(get_request(islands().path).header(IF_NONE_MATCH, "\"other\"")).await;
        assert_eq!(status, 200);
    }

    #[tokio::test]
    async fn head_requests_get_the_length_and_no_body() {
        let (status, headers, bytes) = send(get_request(islands().path).method("HEAD")).await;
        assert_eq!((status, bytes.len()), (StatusCode::OK, 0));
        assert_eq!(headers["content-length"], islands().plain.bytes.len().to_string());
    }

    #[tokio::test]
    async fn unknown_asset_names_get_404_and_other_methods_405() {
        for path in ["/assets/islands.js", "/assets/islands-000000000000.js", "/assets/..%2Fislands.js", "/assets/%FF"]
        {
            assert_eq!(send(get_request(path)).await.0, 404, "{path}");
        }
        assert_eq!(send(get_request(islands().path).method("POST")).await.0, 405);
    }

    #[test]
    fn home_screen_icons_have_the_declared_size() {
        let manifest: serde_json::Value = serde_json::from_str(&manifest()).unwrap();
        let icons = manifest["icons"].as_array().unwrap();
        let drawn = icons.iter().filter(|icon| icon["type"] == "image/png");
        let sizes: Vec<_> = drawn
            .map(|icon| {
                let asset = ASSETS.iter().find(|asset| asset.path == icon["src"]).unwrap();
                let side = |at: usize| u32::from_be_bytes(asset.plain.bytes[at..at + 4].try_into().unwrap());
                // In a PNG, width and height are at bytes 16 and 20.
                assert_eq!(icon["sizes"], format!("{}x{}", side(16), side(20)));
                (side(16), icon["purpose"].as_str().unwrap())
            })
            .collect();
        assert_eq!(sizes, [(192, "any"), (512, "any"), (512, "maskable")]);
        assert!(names().home_icon.starts_with("/assets/icon-cut-180-"));
    }

    #[test]
    fn the_favicon_is_an_ico_file_that_contains_the_png() {
        let (icon, picture) = (favicon(), bytes_of("icon-192.png"));
        assert!(icon.ends_with(picture) && picture.starts_with(b"\x89PNG"));
        assert_eq!(icon.len() - picture.len(), 22);
        assert_eq!(image::guess_format(&icon).unwrap(), image::ImageFormat::Ico);
    }

    #[test]
    fn asset_names_contain_the_content_hash() {
        let hash = islands().plain.etag.trim_matches('"');
        assert_eq!(names().islands, format!("/assets/islands-{hash}.js"));
        assert!(names().style.starts_with("/assets/style-"));
        assert_eq!(names().js.is_empty(), names().wasm.is_empty());
    }
}
