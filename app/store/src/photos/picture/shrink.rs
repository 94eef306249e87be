//! A picture on its way to a smaller one: its pixels come in any order, and only sums over those that fall together are kept.

use image::RgbImage;

/// Parts of a shade: what a sum over many pixels is kept in.
const PARTS: u32 = 256;

/// Sums of the three colours.
type Sums = Vec<[u32; 3]>;

pub struct Shrink {
    columns: Vec<Share>,
    rows: Vec<Share>,
    /// Of each row of the smaller picture that has begun.
    sums: Vec<Sums>,
    /// How much is still to come for each row of the smaller picture.
    missing: Vec<u64>,
    picture: RgbImage,
}

/// On which one or two pixels of a shorter line a pixel falls, and with how much of it.
struct Share {
    at: usize,
    here: u32,
    next: u32,
}

impl Shrink {
    /// From a size, neither side of which is longer than a JPEG's may be, to one that is no larger.
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

    /// Takes in pixels of one row: the first of them, and every so many after it.
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

    /// What has come of it.
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

/// Written out: a picture has many pixels.
fn add_to(sums: &mut [u32; 3], pixel: [u8; 3], weight: u32) {
    sums[0] += u32::from(pixel[0]) * weight;
    sums[1] += u32::from(pixel[1]) * weight;
    sums[2] += u32::from(pixel[2]) * weight;
}

/// Each pixel has `to` parts to give, and each of the shorter line takes `from`.
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
