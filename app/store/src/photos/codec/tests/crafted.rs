//! Malicious pictures: small to send, and large to decode.

use std::io::Write;

use flate2::write::ZlibEncoder;
use flate2::{Compression, Crc};

/// A PNG (ISO/IEC 15948) of one colour.
pub struct Png {
    pub width: u32,
    pub height: u32,
    /// Bits per sample.
    pub depth: u8,
    /// The colour type: 0 grey, 2 RGB, 3 palette, 4 grey with alpha, 6 RGB with alpha.
    pub color: u8,
    pub interlaced: bool,
    /// Chunks before its pixels.
    pub chunks: Vec<([u8; 4], Vec<u8>)>,
    /// Additional bytes after the pixels, compressed with them.
    pub more: usize,
}

impl Png {
    pub fn new(width: u32, height: u32, depth: u8, color: u8) -> Self {
        Self { width, height, depth, color, interlaced: false, chunks: Vec::new(), more: 0 }
    }

    pub fn interlaced(self) -> Self {
        Self { interlaced: true, ..self }
    }

    pub fn with(mut self, tag: [u8; 4], data: Vec<u8>) -> Self {
        self.chunks.push((tag, data));
        self
    }

    pub fn bytes(&self) -> Vec<u8> {
        self.assemble(self.raw() + self.more)
    }

    /// The same without pixel data.
    pub fn without_pixels(&self) -> Vec<u8> {
        self.assemble(0)
    }

    fn assemble(&self, pixels: usize) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
        let (width, height) = (self.width.to_be_bytes(), self.height.to_be_bytes());
        let kind = [self.depth, self.color, 0, 0, u8::from(self.interlaced)];
        chunk(&mut bytes, *b"IHDR", &[&width[..], &height, &kind].concat());
        if self.color == 3 {
            chunk(&mut bytes, *b"PLTE", &[200; 3 * 16]);
        }
        for (tag, data) in &self.chunks {
            chunk(&mut bytes, *tag, data);
        }
        chunk(&mut bytes, *b"IDAT", &deflated(pixels));
        chunk(&mut bytes, *b"IEND", b"");
        bytes
    }

    /// The size of the uncompressed rows, with their filter bytes.
    fn raw(&self) -> usize {
        let samples = match self.color {
            2 => 3,
            4 => 2,
            6 => 4,
            _ => 1,
        };
        let bits = usize::from(self.depth) * samples;
        let passes: &[(usize, usize, usize, usize)] = if self.interlaced {
            &[(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
        } else {
            &[(0, 0, 1, 1)]
        };
        let (width, height) = (self.width as usize, self.height as usize);
        let pass = |&(left, top, right, down): &(usize, usize, usize, usize)| {
            let (wide, high) = (width.saturating_sub(left).div_ceil(right), height.saturating_sub(top).div_ceil(down));
            if wide == 0 { 0 } else { high * (1 + (wide * bits).div_ceil(8)) }
        };
        passes.iter().map(pass).sum()
    }
}

/// Compressed zeros.
pub fn deflated(zeros: usize) -> Vec<u8> {
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::best());
    let some = [0; 8 * 1024];
    for start in (0..zeros).step_by(some.len()) {
        packed.write_all(&some[..some.len().min(zeros - start)]).unwrap();
    }
    packed.finish().unwrap()
}

fn chunk(to: &mut Vec<u8>, tag: [u8; 4], data: &[u8]) {
    let mut sum = Crc::new();
    sum.update(&tag);
    sum.update(data);
    to.extend(u32::try_from(data.len()).unwrap().to_be_bytes());
    to.extend(tag);
    to.extend(data);
    to.extend(sum.sum().to_be_bytes());
}

/// A JPEG (ITU-T T.81) of one colour: every code in it is zero.
pub struct Jpeg {
    pub width: u16,
    pub height: u16,
    /// The sampling factors of each component, horizontal and vertical.
    pub samples: Vec<(u8, u8)>,
    pub scans: Scans,
    /// Segments before the frame: marker and content.
    pub segments: Vec<(u8, Vec<u8>)>,
}

/// How the components come.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Scans {
    Together,
    /// Each component in its own scan.
    OneByOne,
    /// First coarse, then refined.
    Progressive,
}

impl Jpeg {
    pub fn new(width: u16, height: u16, samples: &[(u8, u8)], scans: Scans) -> Self {
        Self { width, height, samples: samples.to_vec(), scans, segments: Vec::new() }
    }

    pub fn with(mut self, marker: u8, data: Vec<u8>) -> Self {
        self.segments.push((marker, data));
        self
    }

    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = vec![0xff, 0xd8];
        for (marker, data) in &self.segments {
            segment(&mut bytes, *marker, data);
        }
        segment(&mut bytes, 0xdb, &[&[0][..], &[1; 64]].concat());
        let count = u8::try_from(self.samples.len()).unwrap();
        let head = [&[8][..], &self.height.to_be_bytes(), &self.width.to_be_bytes(), &[count]].concat();
        let components = (1..=count).zip(&self.samples).flat_map(|(id, (wide, high))| [id, wide << 4 | high, 0]);
        let frame = if self.scans == Scans::Progressive { 0xc2 } else { 0xc0 };
        segment(&mut bytes, frame, &[head, components.collect()].concat());
        // One code of one bit in each table: zero, or the end of the block.
        for class in [0x00, 0x10] {
            segment(&mut bytes, 0xc4, &[&[class, 1][..], &[0; 15], &[0]].concat());
        }
        let all: Vec<u8> = (1..=count).collect();
        match self.scans {
            Scans::Together => self.scan(&mut bytes, &all, [0, 63, 0], 2),
            Scans::OneByOne => {
                for id in &all {
                    self.scan(&mut bytes, &[*id], [0, 63, 0], 2);
                }
            }
            Scans::Progressive => {
                self.scan(&mut bytes, &all, [0, 0, 0], 1);
                for id in &all {
                    self.scan(&mut bytes, &[*id], [1, 63, 0], 1);
                }
            }
        }
        bytes.extend([0xff, 0xd9]);
        bytes
    }

    fn scan(&self, to: &mut Vec<u8>, ids: &[u8], band: [u8; 3], bits: usize) {
        let count = u8::try_from(ids.len()).unwrap();
        let tables = ids.iter().flat_map(|id| [*id, 0]).collect();
        segment(to, 0xda, &[vec![count], tables, band.to_vec()].concat());
        let unit = |side: fn(&(u8, u8)) -> u8| 8 * usize::from(self.samples.iter().map(side).max().unwrap());
        let units =
            usize::from(self.width).div_ceil(unit(|one| one.0)) * usize::from(self.height).div_ceil(unit(|one| one.1));
        let blocks = |id: &u8| usize::from(self.samples[usize::from(id - 1)].0 * self.samples[usize::from(id - 1)].1);
        let blocks: usize = units * ids.iter().map(blocks).sum::<usize>();
        to.resize(to.len() + (blocks * bits).div_ceil(8), 0);
    }
}

fn segment(to: &mut Vec<u8>, marker: u8, data: &[u8]) {
    to.extend([0xff, marker]);
    to.extend(u16::try_from(data.len() + 2).unwrap().to_be_bytes());
    to.extend(data);
}

/// Exif data (2.3) with an orientation, and so many other bytes.
pub fn turned(orientation: u8, beside: usize) -> Vec<u8> {
    let tiff = [&b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0"[..], &[orientation], &[0; 6]].concat();
    [tiff, vec![7; beside]].concat()
}
