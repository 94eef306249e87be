//! Decodes a PNG row by row, and skips everything but the pixels.

use std::io::Cursor;

use domain::fault::Fault;
use domain::photo::{check_dimensions, scaled_to};
use image::RgbImage;
use image::metadata::Orientation;
use png::{Decoder, DecodingError, Limits, Transformations};

use super::downscaler::Downscaler;

/// The memory that the decoder may take besides a row or two, in bytes: for the file, and twice for its Exif data.
const MAX_MEMORY: usize = 16 * 1024 * 1024;

/// Decodes a picture, scaled down to a longest side. Also returns its orientation.
pub fn read(sent: &[u8], side: u32) -> Result<(RgbImage, Orientation), Fault> {
    let mut decoder = Decoder::new_with_limits(Cursor::new(sent), Limits { bytes: MAX_MEMORY });
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    decoder.set_transformations(Transformations::normalize_to_color8());
    let size = decoder.read_header_info().map_err(|error| fault(&error))?.size();
    check_dimensions(size.0, size.1)?;
    let mut reader = decoder.read_info().map_err(|error| fault(&error))?;
    let info = reader.info();
    let orientation = info.exif_metadata.as_ref().and_then(|exif| Orientation::from_exif_chunk(exif));
    let passes = if info.interlaced { &INTERLACED[..] } else { &PLAIN };
    let channels = reader.output_color_type().0.samples();

    let mut downscaler = Downscaler::new(size, scaled_to(side, size.0, size.1));
    let (width, height) = (size.0 as usize, size.1 as usize);
    for pass in passes.iter().filter(|pass| pass.left < width) {
        for row in (pass.top..height).step_by(pass.down) {
            let pixels = reader.next_row().map_err(|error| fault(&error))?.ok_or(Fault::NotAPicture)?;
            let pixels = pixels.data().chunks_exact(channels);
            if pixels.len() != (width - pass.left).div_ceil(pass.right) {
                return Err(Fault::NotAPicture);
            }
            let color = |pixel: &[u8]| if let [r, g, b, ..] = *pixel { [r, g, b] } else { [pixel[0]; 3] };
            downscaler.add(row, pass.left, pass.right, pixels.map(color));
        }
    }
    Ok((downscaler.done(), orientation.unwrap_or(Orientation::NoTransforms)))
}

/// The first pixel of an interlacing pass, and the distances to the next.
struct Pass {
    left: usize,
    top: usize,
    right: usize,
    down: usize,
}

const PLAIN: [Pass; 1] = [Pass { left: 0, top: 0, right: 1, down: 1 }];

/// The passes of Adam7 (PNG, 8.1).
const INTERLACED: [Pass; 7] = [
    Pass { left: 0, top: 0, right: 8, down: 8 },
    Pass { left: 4, top: 0, right: 8, down: 8 },
    Pass { left: 0, top: 4, right: 4, down: 8 },
    Pass { left: 2, top: 0, right: 4, down: 4 },
    Pass { left: 0, top: 2, right: 2, down: 4 },
    Pass { left: 1, top: 0, right: 2, down: 2 },
    Pass { left: 0, top: 1, right: 1, down: 2 },
];

fn fault(error: &DecodingError) -> Fault {
    match error {
        DecodingError::LimitsExceeded => Fault::TooLarge,
        _ => Fault::NotAPicture,
    }
}
