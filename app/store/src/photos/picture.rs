//! A picture as somebody sent it, and as it is kept: pixels and nothing else.

use std::io::Cursor;

use domain::fault::Fault;
use domain::photo::{LONG_SIDE, MOST_BYTES, fits};
use domain::record::Hash;
use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader};

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
    /// Reads a JPEG or PNG picture, by what it is and not by what it is called. Its size is looked at before it is unpacked.
    ///
    /// # Errors
    /// It is no such picture, or too large.
    pub fn read(sent: &[u8]) -> Result<Self, Fault> {
        if sent.len() > MOST_BYTES {
            return Err(Fault::TooLarge);
        }
        let reader = ImageReader::new(Cursor::new(sent)).with_guessed_format().map_err(|_| Fault::NotAPicture)?;
        if !matches!(reader.format(), Some(ImageFormat::Jpeg | ImageFormat::Png)) {
            return Err(Fault::NotAPicture);
        }
        let mut decoder = reader.into_decoder().map_err(|_| Fault::NotAPicture)?;
        let (width, height) = decoder.dimensions();
        fits(width, height)?;
        let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
        let picture = DynamicImage::from_decoder(decoder).map_err(|_| Fault::NotAPicture)?;
        Self::write(shrunk(picture), orientation).ok_or(Fault::NotAPicture)
    }

    /// The hash it is kept under.
    pub fn hash(&self) -> Hash {
        Hash::of(&self.bytes)
    }

    fn write(mut picture: DynamicImage, orientation: Orientation) -> Option<Self> {
        picture.apply_orientation(orientation);
        let plain = picture.into_rgb8();
        let mut bytes = Vec::new();
        JpegEncoder::new_with_quality(&mut bytes, QUALITY).encode_image(&plain).ok()?;
        Some(Self { bytes, width: plain.width(), height: plain.height() })
    }
}

fn shrunk(picture: DynamicImage) -> DynamicImage {
    if picture.width().max(picture.height()) <= LONG_SIDE {
        picture
    } else {
        picture.resize(LONG_SIDE, LONG_SIDE, FilterType::Triangle)
    }
}

#[cfg(test)]
mod tests;
