//! A link as a square code, for a phone's camera.

use qrcode::QrCode;
use qrcode::render::svg;

/// The drawing. It fits: links are short.
pub fn drawn(link: &str) -> Option<String> {
    let code = QrCode::new(link).ok()?;
    let drawn = code.render::<svg::Color>().min_dimensions(220, 220).quiet_zone(true).build();
    drawn.find("<svg").map(|at| drawn[at..].to_owned())
}
