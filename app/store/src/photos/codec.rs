//! Decodes pictures as they were sent, and encodes them as they are stored: pixels without metadata.

mod downscaler;
mod jpeg;
mod png;

use domain::fault::Fault;
use domain::photo::{LARGE_SIDE, MAX_BYTES, SMALL_SIDE};
use domain::record::Hash;
use image::codecs::jpeg::JpegEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageFormat, RgbImage};

/// The quality of stored JPEGs, of 100.
const QUALITY: u8 = 80;

/// A picture encoded again (JPEG), without anything else that the sent file held.
pub struct EncodedPhoto {
    pub bytes: Vec<u8>,
    pub width: u32,
    pub height: u32,
}

/// Whether bytes are a JPEG, the format of stored photos.
pub fn is_jpeg(bytes: &[u8]) -> bool {
    image::guess_format(bytes).is_ok_and(|format| format == ImageFormat::Jpeg)
}

impl EncodedPhoto {
    /// Reads a JPEG or PNG picture, by its content and not its name. Its dimensions are checked before it is decoded,
    /// and it is scaled down while it is.
    ///
    /// # Errors
    /// It is no such picture, or too large.
    pub fn read(sent: &[u8]) -> Result<Self, Fault> {
        if sent.len() > MAX_BYTES {
            return Err(Fault::TooLarge);
        }
        let (picture, orientation) = match image::guess_format(sent) {
            Ok(ImageFormat::Jpeg) => jpeg::read(sent, LARGE_SIDE)?,
            Ok(ImageFormat::Png) => png::read(sent, LARGE_SIDE)?,
            _ => return Err(Fault::NotAPicture),
        };
        Self::write(picture, orientation).ok_or(Fault::NotAPicture)
    }

    /// The small version of a stored photo. `None` if it cannot be read.
    pub fn small(kept: &[u8]) -> Option<Self> {
        let (picture, orientation) = jpeg::read(kept, SMALL_SIDE).ok()?;
        Self::write(picture, orientation)
    }

    /// The hash it is stored under.
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
