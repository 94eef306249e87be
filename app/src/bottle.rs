//! The bottle: a vessel with a mark, the one picture that carries the product.

use domain::measure::Level;
use leptos::prelude::*;

/// How tall the bottle stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BottleSize {
    /// Beside the headline of a public page.
    Hero,
    /// On a tile of the day's board.
    Tile,
}

impl BottleSize {
    fn height(self) -> u32 {
        match self {
            Self::Hero => 150,
            Self::Tile => 92,
        }
    }
}

/// The drawing is 92 wide and 150 high; heights are counted in tenths of a unit, from the top.
const WIDTH: u32 = 920;
const BRIM: u32 = 60;
const SHOULDER_TOP: u32 = 160;
const SHOULDER_END: u32 = 340;
const HEEL: u32 = 1300;
const FLOOR: u32 = 1440;

const GLASS: &str =
    "M36 6v10A18 18 0 0 0 18 34v96a14 14 0 0 0 14 14h28a14 14 0 0 0 14-14V34A18 18 0 0 0 56 16V6M33 6h26";
/// The class of a bottle whose level is below its mark.
const LOW: &str = "bottle low";
/// Four fifths of the way from the floor to the brim.
const MARK: &str = "M9 33.6h74";
/// Keeps the mark apart from what is in the bottle.
const HALO: &str = "M18 33.6h56";

/// A bottle filled to `level`, with its mark (in basis points). The mark always stands at four fifths of the height. A level below it is
/// drawn as engraved lines, an unknown level as a dashed empty glass, so that no colour is needed to read it. Without a
/// `label` it is decoration, and silent.
#[component]
pub fn Bottle(level: Option<Level>, mark: u32, size: BottleSize, #[prop(into)] label: String) -> impl IntoView {
    let holds = level.is_some_and(|level| level.share.reaches(mark));
    let class = match (level, holds) {
        (None, _) => "bottle unknown",
        (_, true) => "bottle",
        (_, false) => LOW,
    };
    let height = level.map_or(0, |level| level.fill_height(mark));
    view! { <Vessel class height=size.height() surface=surface(height) label /> }
}

/// The bottle as a sign beside a name: filled to a little above its mark.
#[component]
pub fn Logo() -> impl IntoView {
    view! { <Vessel class="bottle" height=32 surface=surface(900) label="" /> }
}

#[component]
fn Vessel(class: &'static str, height: u32, surface: u32, #[prop(into)] label: String) -> impl IntoView {
    let silent = label.is_empty();
    let low = class == LOW;
    view! {
        <svg
            class=class
            viewBox="0 0 92 150"
            height=height
            role=(!silent).then_some("img")
            aria-label=(!silent).then_some(label)
            aria-hidden=silent.then_some("true")
        >
            {(surface < FLOOR).then(|| view! { <path class="fill" d=liquid(surface) /> })}
            {low.then(|| view! { <path class="ebb" d=engraving(surface) /> })}
            <path class="halo" d=HALO />
            <path class="glass" d=GLASS />
            <path class="mark" d=MARK />
        </svg>
    }
}

/// Where the liquid ends, from its height in per mille of the vessel's.
fn surface(height: u32) -> u32 {
    FLOOR - (FLOOR - BRIM) * height.min(1000) / 1000
}

/// Where the left wall stands at this height.
fn wall(y: u32) -> u32 {
    match y {
        ..SHOULDER_TOP => 360,
        SHOULDER_TOP..SHOULDER_END => 360 - half_chord(180, SHOULDER_END - y),
        SHOULDER_END..=HEEL => 180,
        _ => 320 - half_chord(140, (y - HEEL).min(140)),
    }
}

fn half_chord(radius: u32, from_centre: u32) -> u32 {
    (radius * radius - from_centre * from_centre).isqrt()
}

/// The outline of what is in the bottle, from its surface down.
fn liquid(surface: u32) -> String {
    let (y, left, right) = (units(surface), units(wall(surface)), units(WIDTH - wall(surface)));
    if surface > HEEL {
        return format!("M{left} {y}A14 14 0 0 0 32 144h28A14 14 0 0 0 {right} {y}z");
    }
    let (up, down) = if surface < SHOULDER_TOP {
        (format!("V34A18 18 0 0 1 36 16V{y}"), "V16A18 18 0 0 1 74 34")
    } else if surface < SHOULDER_END {
        (format!("V34A18 18 0 0 1 {left} {y}"), "A18 18 0 0 1 74 34")
    } else {
        (format!("V{y}"), "")
    };
    format!("M18 130{up}H{right}{down}V130a14 14 0 0 1-14 14H32a14 14 0 0 1-14-14z")
}

/// Level lines from the surface to the floor, the way an engraver draws water.
fn engraving(surface: u32) -> String {
    const STEP: usize = 55;
    let lines = (surface..FLOOR).step_by(STEP);
    lines.map(|y| ["M", &units(wall(y)), " ", &units(y), "H", &units(WIDTH - wall(y))].concat()).collect()
}

/// Tenths, written as units.
fn units(tenths: u32) -> String {
    match tenths % 10 {
        0 => format!("{}", tenths / 10),
        rest => format!("{}.{rest}", tenths / 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_walls_meet_where_the_shapes_change() {
        assert_eq!((wall(BRIM), wall(SHOULDER_TOP), wall(SHOULDER_TOP + 1)), (360, 360, 342));
        assert_eq!((wall(SHOULDER_END), wall(HEEL), wall(FLOOR)), (180, 180, 320));
    }

    #[test]
    fn the_mark_is_drawn_at_four_fifths() {
        assert!(MARK.contains(&units(FLOOR - (FLOOR - BRIM) * 4 / 5)));
    }

    #[test]
    fn engraved_lines_stay_inside_the_glass() {
        assert_eq!(engraving(1300), "M18 130H74M19.2 135.5H72.8M23.4 141H68.6");
        assert_eq!(engraving(FLOOR), "");
    }
}

#[cfg(all(test, feature = "ssr"))]
mod drawn {
    use super::*;
    use domain::measure::{Basis, Share};

    fn drawn(kept: Option<u64>, label: &str) -> String {
        let level = kept.and_then(|kept| Share::new(kept, 10_000)).map(|share| Level { basis: Basis::Strict, share });
        view! { <Bottle level mark=9800 size=BottleSize::Tile label /> }.to_html()
    }

    #[test]
    fn kept_low_and_unknown_differ_by_shape() {
        let (kept, low, unknown) = (drawn(Some(9800), "a"), drawn(Some(9799), "a"), drawn(None, "a"));
        assert!(kept.contains("fill") && !kept.contains("ebb"));
        assert!(low.contains("bottle low") && low.contains("ebb"));
        assert!(unknown.contains("bottle unknown") && !unknown.contains("fill"));
    }

    #[test]
    fn it_speaks_or_is_silent_and_stays_small() {
        let (spoken, silent) = (drawn(Some(9970), "Level 99.7 %"), drawn(Some(9970), ""));
        assert!(spoken.contains(r#"role="img""#) && spoken.contains(r#"aria-label="Level 99.7 %""#));
        assert!(silent.contains(r#"aria-hidden="true""#) && !silent.contains("aria-label"));
        assert!(spoken.len() < 600, "{} bytes", spoken.len());
    }
}
