//! Scales a picture down. Its rows can come in any order, and only sums of the pixels that fall together are held in
//! memory.

use image::RgbImage;

/// The fixed-point scale of sums.
const PARTS: u32 = 256;

/// Sums of the three colours.
type Sums = Vec<[u32; 3]>;

pub struct Downscaler {
    columns: Vec<Share>,
    rows: Vec<Share>,
    /// For each row of the result that has begun.
    sums: Vec<Sums>,
    /// The weight that is still missing in each row of the result.
    missing: Vec<u64>,
    picture: RgbImage,
}

/// The one or two pixels of the shorter line that a pixel falls on, and its weight in each.
struct Share {
    at: usize,
    here: u32,
    next: u32,
}

impl Downscaler {
    /// From one size to another that is no larger. No side is longer than a JPEG's may be.
    pub fn new((width, height): (u32, u32), to: (u32, u32)) -> Self {
        let rows = to.1 as usize;
        Self {
            columns: shares(width, to.0),
            rows: shares(height, to.1),
            sums: vec![Vec::new(); rows],
            missing: vec![u64::from(width) * u64::from(height); rows],
            picture: RgbImage::new(to.0, to.1),
        }
    }

    /// Adds pixels of one row: from column `first`, every `step` columns.
    pub fn add(&mut self, row: usize, first: usize, step: usize, pixels: impl Iterator<Item = [u8; 3]>) {
        let mut line = vec![[0; 3]; self.picture.width() as usize];
        let (mut column, mut count) = (first, 0);
        for pixel in pixels {
            let Some(share) = self.columns.get(column) else { break };
            add_to(&mut line[share.at], pixel, share.here);
            if share.next > 0 {
                add_to(&mut line[share.at + 1], pixel, share.next);
            }
            column += step;
            count += 1;
        }
        let width = u32::try_from(self.columns.len()).unwrap_or(u32::MAX);
        for sum in line.iter_mut().flatten() {
            *sum = *sum * PARTS / width;
        }
        let Some(&Share { at, here, next }) = self.rows.get(row) else { return };
        self.add_line(at, here, &line, count);
        if next > 0 {
            self.add_line(at + 1, next, &line, count);
        }
    }

    /// The result.
    pub fn done(self) -> RgbImage {
        self.picture
    }

    fn add_line(&mut self, at: usize, weight: u32, line: &[[u32; 3]], count: u64) {
        let sums = &mut self.sums[at];
        sums.resize(line.len(), [0; 3]);
        for (sum, part) in sums.iter_mut().flatten().zip(line.iter().flatten()) {
            *sum += part * weight;
        }
        self.missing[at] = self.missing[at].saturating_sub(count * u64::from(weight));
        if self.missing[at] == 0 {
            self.finish(at);
        }
    }

    fn finish(&mut self, at: usize) {
        let height = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        let sums = std::mem::take(&mut self.sums[at]);
        let start = at * sums.len() * 3;
        for (shade, sum) in self.picture.as_mut()[start..].iter_mut().zip(sums.iter().flatten()) {
            *shade = u8::try_from((sum / height + PARTS / 2) / PARTS).unwrap_or(u8::MAX);
        }
    }
}

/// Unrolled for speed.
fn add_to(sums: &mut [u32; 3], pixel: [u8; 3], weight: u32) {
    sums[0] += u32::from(pixel[0]) * weight;
    sums[1] += u32::from(pixel[1]) * weight;
    sums[2] += u32::from(pixel[2]) * weight;
}

/// Each pixel of the longer line gives `to` parts, and each pixel of the shorter line takes `from`.
fn shares(from: u32, to: u32) -> Vec<Share> {
    let (from, to) = (u64::from(from), u64::from(to));
    let share = |pixel: u64| {
        let (start, end) = (pixel * to, (pixel + 1) * to);
        let edge = (start / from + 1) * from;
        let part = |parts: u64| u32::try_from(parts).unwrap_or(u32::MAX);
        let at = usize::try_from(start / from).unwrap_or(usize::MAX);
        Share { at, here: part(end.min(edge) - start), next: part(end.saturating_sub(edge)) }
    };
    (0..from).map(share).collect()
}
