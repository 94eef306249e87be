//! A picture to upload.

use std::io::Cursor;

use image::{GrayImage, ImageFormat, Luma};

/// A small picture (PNG) of one shade.
pub fn picture(shade: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    GrayImage::from_pixel(8, 6, Luma([shade])).write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).unwrap();
    bytes
}
