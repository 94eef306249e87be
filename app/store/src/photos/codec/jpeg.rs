//! Decodes a JPEG within a limit of memory.

use domain::fault::Fault;
use domain::photo::{MAX_SIDE, check_dimensions, scaled_to};
use image::RgbImage;
use image::metadata::Orientation;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::downscaler::Downscaler;

/// The memory that decoding may take, in bytes, besides the file and the result.
const MAX_MEMORY: usize = 80_000_000;

/// Decodes a picture, scaled down to a longest side. Also returns its orientation.
pub fn read(sent: &[u8], side: u32) -> Result<(RgbImage, Orientation), Fault> {
    let longest = MAX_SIDE as usize;
    let options = DecoderOptions::default().set_strict_mode(false).set_max_width(longest).set_max_height(longest);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(sent), options);
    decoder.decode_headers().map_err(|_| Fault::NotAPicture)?;
    let orientation = decoder.exif().and_then(|exif| Orientation::from_exif_chunk(exif));
    let info = decoder.info().ok_or(Fault::NotAPicture)?;
    let size = (u32::from(info.width), u32::from(info.height));
    check_dimensions(size.0, size.1)?;
    let (color, channels) = match decoder.input_colorspace() {
        Some(ColorSpace::Luma) => (ColorSpace::Luma, 1),
        _ => (ColorSpace::RGB, 3),
    };
    if memory(sent, info.width, info.height, channels).ok_or(Fault::NotAPicture)? > MAX_MEMORY {
        return Err(Fault::TooLarge);
    }

    let line = usize::from(info.width) * channels;
    let mut pixels = vec![0; line * usize::from(info.height)];
    let options = options.jpeg_set_out_colorspace(color);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(sent), options);
    decoder.decode_into(&mut pixels).map_err(|_| Fault::NotAPicture)?;
    let mut downscaler = Downscaler::new(size, scaled_to(side, size.0, size.1));
    for (row, line) in pixels.chunks_exact(line).enumerate() {
        let pixels = line.chunks_exact(channels);
        downscaler.add(row, 0, 1, pixels.map(|pixel| if let [r, g, b] = *pixel { [r, g, b] } else { [pixel[0]; 3] }));
    }
    Ok((downscaler.done(), orientation.unwrap_or(Orientation::NoTransforms)))
}

/// How much memory the decoder takes for a picture of this size. It does not tell how the components are sampled and
/// sent, so every position in the file that could be the frame header is considered, and the most expensive one counts.
fn memory(sent: &[u8], width: u16, height: u16, channels: usize) -> Option<usize> {
    let pixels = usize::from(width) * usize::from(height) * channels;
    let frames = sent.windows(2).enumerate().filter(|(_, marker)| matches!(marker, [0xff, 0xc0..=0xc2]));
    let frames = frames.filter_map(|(at, _)| Frame::read(&sent[at..], width, height));
    let scans = scans(sent);
    frames
        .map(|frame| pixels + frame.line_bytes() + if frame.is_buffered(scans) { frame.coefficient_bytes() } else { 0 })
        .max()
}

/// For each number of components, whether the file may have a scan of so many.
fn scans(sent: &[u8]) -> [bool; 5] {
    let mut counts = [false; 5];
    for scan in sent.windows(5) {
        if let [0xff, 0xda, 0, length @ (8 | 10 | 12 | 14), count] = *scan
            && length == 6 + 2 * count
        {
            counts[usize::from(count)] = true;
        }
    }
    counts
}

/// A frame header (ITU-T T.81, B.2.2).
struct Frame {
    progressive: bool,
    width: usize,
    height: usize,
    /// The sampling factors of each component, horizontal and vertical.
    samples: Vec<(usize, usize)>,
}

impl Frame {
    fn read(bytes: &[u8], width: u16, height: u16) -> Option<Self> {
        let (head, components) = bytes.split_first_chunk::<10>()?;
        let count = usize::from(head[9]);
        let size = |at: usize| u16::from_be_bytes([head[at], head[at + 1]]);
        if usize::from(size(2)) != 8 + 3 * count || (size(5), size(7)) != (height, width) {
            return None;
        }
        let samples = components.get(..3 * count)?.chunks_exact(3);
        let samples = samples.map(|one| (usize::from(one[1] >> 4), usize::from(one[1] & 0xf))).collect();
        let (width, height) = (usize::from(width), usize::from(height));
        Some(Self { progressive: head[1] == 0xc2, width, height, samples })
    }

    /// The size of a minimum coded unit, in blocks of eight by eight pixels.
    fn unit(&self) -> (usize, usize) {
        let most = |side: fn(&(usize, usize)) -> usize| self.samples.iter().map(side).max().unwrap_or(1).max(1);
        (most(|one| one.0), most(|one| one.1))
    }

    /// The memory for the lines that are being assembled, in bytes.
    fn line_bytes(&self) -> usize {
        let (wide, high) = self.unit();
        let line = self.width.next_multiple_of(8 * wide);
        line * wide * high * 8 * size_of::<i16>() * 2 * self.samples.len()
    }

    /// Whether the decoder must buffer all coefficients, because the components come in several scans.
    fn is_buffered(&self, scans: [bool; 5]) -> bool {
        self.progressive || scans.iter().take(self.samples.len()).any(|seen| *seen)
    }

    /// The memory for all coefficients, in bytes.
    fn coefficient_bytes(&self) -> usize {
        let (wide, high) = self.unit();
        let units = self.width.div_ceil(8 * wide) * self.height.div_ceil(8 * high);
        let blocks: usize = self.samples.iter().map(|one| one.0 * one.1).sum();
        units * blocks * 64 * size_of::<i16>()
    }
}
