//! A long list in parts: which of them was asked for, and the way to those beside it.

use std::ops::Range;

use leptos::prelude::*;
use serde::Deserialize;

use crate::error::Error;
use crate::texts::Texts;

/// What stands in an address: the number of the part, the first if left out.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    part: Option<String>,
}

/// A part of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    number: usize,
    /// How many rows a part has at most.
    size: usize,
    /// How many rows there are in all.
    all: usize,
}

impl Part {
    /// The first part.
    pub fn first(size: usize, all: usize) -> Self {
        Self { number: 1, size, all }
    }

    /// The part that was asked for.
    ///
    /// # Errors
    /// There is no such part.
    pub fn of(wanted: &Wanted, size: usize, all: usize) -> Result<Self, Error> {
        let number = wanted.part.as_ref().map_or(Ok(1), |part| part.parse().map_err(|_| Error::NotFound))?;
        let part = Self { number, size, all };
        if (1..=part.count()).contains(&number) { Ok(part) } else { Err(Error::NotFound) }
    }

    fn count(self) -> usize {
        self.all.div_ceil(self.size).max(1)
    }

    /// Which rows stand in it.
    pub fn range(self) -> Range<usize> {
        let from = (self.number - 1) * self.size;
        from..(from + self.size).min(self.all)
    }

    /// Where in the list one is, and the way to the parts beside; nothing where the list is whole.
    pub fn links(self, texts: Texts, address: &str) -> Option<impl IntoView + use<>> {
        let Range { start, end } = self.range();
        let to = |number: usize| format!("{address}?part={number}");
        let before = (self.number > 1).then(|| {
            view! { <a class="btn quiet" rel="prev" href=to(self.number - 1)>{texts.say("parts-before")}</a> }
        });
        let next = (self.number < self.count()).then(|| {
            view! { <a class="btn quiet" rel="next" href=to(self.number + 1)>{texts.say("parts-next")}</a> }
        });
        let shown = [("from", (start + 1).into()), ("to", end.into()), ("all", self.all.into())];
        (self.count() > 1).then(|| {
            view! {
                <nav class="row on-screen" aria-label=texts.say("parts-label")>
                    <span>{texts.tell("parts-shown", &shown)}</span>
                    {before}
                    {next}
                </nav>
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn asked(part: &str) -> Wanted {
        Wanted { part: Some(part.to_owned()) }
    }

    #[test]
    fn what_is_no_part_is_not_there() {
        for wrong in ["0", "3", "-1", "", "one", "99999999999999999999", "1.5", " 1"] {
            assert!(Part::of(&asked(wrong), 10, 20).is_err(), "{wrong:?}");
        }
        assert_eq!(Part::of(&Wanted::default(), 10, 0).unwrap().range(), 0..0);
        assert_eq!(Part::of(&asked("2"), 10, 11).unwrap().range(), 10..11);
    }

    proptest! {
        #[test]
        fn the_parts_together_are_the_list(size in 1_usize..300, all in 0_usize..5000) {
            let mut shown = 0..0;
            for number in 1..=Part::first(size, all).count() {
                let part = Part::of(&asked(&number.to_string()), size, all).unwrap().range();
                prop_assert!(part.start == shown.end && part.len() <= size && (all == 0 || !part.is_empty()));
                shown = part;
            }
            prop_assert_eq!(shown.end, all);
        }
    }
}
