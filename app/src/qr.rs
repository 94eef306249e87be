//! QR codes.

use qrcode::QrCode;
use qrcode::render::svg;

/// The code as SVG. Links are short enough to fit.
pub fn svg(link: &str) -> Option<String> {
    let code = QrCode::new(link).ok()?;
    let image = code.render::<svg::Color>().min_dimensions(220, 220).quiet_zone(true).build();
    image.find("<svg").map(|at| image[at..].to_owned())
}
