//! A picture as somebody sent it, and as it is kept: pixels and nothing else.

mod jpeg;
mod png;
mod shrink;

use domain::fault::Fault;
use domain::photo::{LONG_SIDE, MOST_BYTES, SMALL_SIDE};
use domain::record::Hash;
use image::codecs::jpeg::JpegEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageFormat, RgbImage};

/// How fine it is kept, of 100.
const QUALITY: u8 = 80;

/// A picture made anew (JPEG): whatever else the sent file held is not in it.
pub struct Picture {
    pub bytes: Vec<u8>,
    pub width: u32,
    pub height: u32,
}

/// Whether bytes are of the kind that is kept.
pub fn is_ours(bytes: &[u8]) -> bool {
    image::guess_format(bytes).is_ok_and(|format| format == ImageFormat::Jpeg)
}

impl Picture {
    /// Reads a JPEG or PNG picture, by what it is and not by what it is called. Its size is looked at before it is unpacked,
    /// and it is made smaller while it is.
    ///
    /// # Errors
    /// It is no such picture, or too large.
    pub fn read(sent: &[u8]) -> Result<Self, Fault> {
        if sent.len() > MOST_BYTES {
            return Err(Fault::TooLarge);
        }
        let (picture, orientation) = match image::guess_format(sent) {
            Ok(ImageFormat::Jpeg) => jpeg::read(sent, LONG_SIDE)?,
            Ok(ImageFormat::Png) => png::read(sent, LONG_SIDE)?,
            _ => return Err(Fault::NotAPicture),
        };
        Self::write(picture, orientation).ok_or(Fault::NotAPicture)
    }

    /// The smaller one of a picture that is kept. None if it cannot be read.
    pub fn small(kept: &[u8]) -> Option<Self> {
        let (picture, orientation) = jpeg::read(kept, SMALL_SIDE).ok()?;
        Self::write(picture, orientation)
    }

    /// The hash it is kept under.
    pub fn hash(&self) -> Hash {
        Hash::of(&self.bytes)
    }

    fn write(picture: RgbImage, orientation: Orientation) -> Option<Self> {
        let mut picture = DynamicImage::ImageRgb8(picture);
        picture.apply_orientation(orientation);
        let mut bytes = Vec::new();
        JpegEncoder::new_with_quality(&mut bytes, QUALITY).encode_image(&picture).ok()?;
        Some(Self { bytes, width: picture.width(), height: picture.height() })
    }
}

#[cfg(test)]
mod tests;
