//! The bottle: a drawing that shows the level of a promise and its mark.

use domain::promise_status::PromiseStatus;
use leptos::prelude::*;

/// The size of a bottle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BottleSize {
    Hero,
    /// A small bottle, for a promise on the board of today's page.
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

/// The drawing is 92 units wide and 150 high. These values are in tenths of a unit, measured from the top.
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
/// A gap around the mark, so that it stands out from the liquid.
const HALO: &str = "M18 33.6h56";

/// A bottle filled to the level of a promise, with its mark (in basis points). The mark is always at four fifths of the height. A
/// level below it is drawn as engraved lines and an unknown level as a dashed empty glass, so that no colour is
/// needed to tell them apart. Without a `label` the bottle is decorative and hidden from screen readers.
#[component]
pub fn Bottle(status: PromiseStatus, mark: u32, size: BottleSize, #[prop(into)] label: String) -> impl IntoView {
    let class = match status.level() {
        None => "bottle unknown",
        Some(_) if status.is_below_mark() => LOW,
        Some(_) => "bottle",
    };
    let height = status.level().map_or(0, |level| level.fill_height(mark));
    view! { <Vessel class height=size.height() surface=surface(height) label /> }
}

/// The bottle as a logo, filled to just above its mark.
#[component]
pub fn Logo() -> impl IntoView {
    view! { <Vessel class="bottle" height=32 surface=surface(900) label="" /> }
}

#[component]
fn Vessel(class: &'static str, height: u32, surface: u32, #[prop(into)] label: String) -> impl IntoView {
    let is_decorative = label.is_empty();
    let low = class == LOW;
    view! {
        <svg
            class=class
            viewBox="0 0 92 150"
            height=height
            role=(!is_decorative).then_some("img")
            aria-label=(!is_decorative).then_some(label)
            aria-hidden=is_decorative.then_some("true")
        >
            {(surface < FLOOR).then(|| view! { <path class="fill" d=liquid(surface) /> })}
            {low.then(|| view! { <path class="ebb" d=engraving(surface) /> })}
            <path class="halo" d=HALO />
            <path class="glass" d=GLASS />
            <path class="mark" d=MARK />
        </svg>
    }
}

/// The y coordinate of the surface, from the fill height in per mille.
fn surface(height: u32) -> u32 {
    FLOOR - (FLOOR - BRIM) * height.min(1000) / 1000
}

/// The x coordinate of the left wall at this height.
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

/// The outline of the liquid, from its surface down.
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

/// Horizontal lines from the surface to the floor, as an engraver draws water.
fn engraving(surface: u32) -> String {
    const STEP: usize = 55;
    let lines = (surface..FLOOR).step_by(STEP);
    lines.map(|y| ["M", &units(wall(y)), " ", &units(y), "H", &units(WIDTH - wall(y))].concat()).collect()
}

/// Converts tenths to units.
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
    fn the_outline_is_continuous_where_segments_join() {
        assert_eq!((wall(BRIM), wall(SHOULDER_TOP), wall(SHOULDER_TOP + 1)), (360, 360, 342));
        assert_eq!((wall(SHOULDER_END), wall(HEEL), wall(FLOOR)), (180, 180, 320));
    }

    #[test]
    fn the_mark_is_drawn_at_four_fifths_of_the_height() {
        assert!(MARK.contains(&units(FLOOR - (FLOOR - BRIM) * 4 / 5)));
    }

    #[test]
    fn engraved_lines_stay_inside_the_glass() {
        assert_eq!(engraving(1300), "M18 130H74M19.2 135.5H72.8M23.4 141H68.6");
        assert_eq!(engraving(FLOOR), "");
    }
}

#[cfg(test)]
#[cfg(feature = "ssr")]
mod rendered {
    use super::*;
    use domain::guarantee::{Mark, Stage};
    use domain::measure::Tally;

    fn rendered(kept: u64, whole: u64, label: &str) -> String {
        let tally = Tally { kept, broken: whole - kept, ..Tally::default() };
        let mark = Mark::parse("98").unwrap();
        let status = PromiseStatus::of(Stage::Published, &tally, mark, None);
        view! { <Bottle status mark=mark.basis_points() size=BottleSize::Tile label /> }.to_html()
    }

    #[test]
    fn kept_low_and_unknown_levels_differ_by_shape() {
        let (kept, low, unknown) = (rendered(9800, 10_000, "a"), rendered(9799, 10_000, "a"), rendered(0, 0, "a"));
        assert!(kept.contains("fill") && !kept.contains("ebb"));
        assert!(low.contains("bottle low") && low.contains("ebb"));
        assert!(unknown.contains("bottle unknown") && !unknown.contains("fill"));
        assert_eq!(rendered(3, 3, "a"), unknown, "three kept checks are too few to draw a level");
    }

    #[test]
    fn an_unlabelled_bottle_is_aria_hidden_and_markup_is_small() {
        let (labelled, decorative) = (rendered(9970, 10_000, "Level 99.7 %"), rendered(9970, 10_000, ""));
        assert!(labelled.contains(r#"role="img""#) && labelled.contains(r#"aria-label="Level 99.7 %""#));
        assert!(decorative.contains(r#"aria-hidden="true""#) && !decorative.contains("aria-label"));
        assert!(labelled.len() < 600, "{} bytes", labelled.len());
    }
}
