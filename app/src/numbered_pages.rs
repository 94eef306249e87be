//! Paging by number: one page of a long list, with links to the pages before and after it.

use std::ops::Range;

use leptos::prelude::*;
use serde::Deserialize;

use crate::error::Error;
use crate::texts::Texts;

/// The number of the page, 1 if left out.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct PageQuery {
    part: Option<String>,
}

/// One page of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumberedPage {
    number: usize,
    /// The maximum number of rows on a page.
    size: usize,
    /// The total number of rows.
    all: usize,
}

impl NumberedPage {
    pub fn first_page(size: usize, all: usize) -> Self {
        Self { number: 1, size, all }
    }

    /// The requested page.
    ///
    /// # Errors
    /// There is no such page.
    pub fn of(query: &PageQuery, size: usize, all: usize) -> Result<Self, Error> {
        let number = query.part.as_ref().map_or(Ok(1), |part| part.parse().map_err(|_| Error::NotFound))?;
        let page = Self { number, size, all };
        if (1..=page.count()).contains(&number) { Ok(page) } else { Err(Error::NotFound) }
    }

    fn count(self) -> usize {
        self.all.div_ceil(self.size).max(1)
    }

    /// The rows of the list that are on this page.
    pub fn range(self) -> Range<usize> {
        let from = (self.number - 1) * self.size;
        from..(from + self.size).min(self.all)
    }

    /// The position in the list with links to the neighbouring pages, or nothing if there is only one page.
    pub fn links(self, texts: Texts, address: &str) -> Option<impl IntoView + use<>> {
        let Range { start, end } = self.range();
        let to = |number: usize| format!("{address}?part={number}");
        let before = (self.number > 1).then(|| {
            view! { <a class="btn quiet" rel="prev" href=to(self.number - 1)>{texts.text("pages-previous")}</a> }
        });
        let next = (self.number < self.count()).then(|| {
            view! { <a class="btn quiet" rel="next" href=to(self.number + 1)>{texts.text("pages-next")}</a> }
        });
        let shown = [("from", (start + 1).into()), ("to", end.into()), ("all", self.all.into())];
        (self.count() > 1).then(|| {
            view! {
                <nav class="row screen-only" aria-label=texts.text("pages-label")>
                    <span>{texts.text_with("pages-shown", &shown)}</span>
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

    fn query(part: &str) -> PageQuery {
        PageQuery { part: Some(part.to_owned()) }
    }

    #[test]
    fn an_invalid_page_number_is_refused() {
        for wrong in ["0", "3", "-1", "", "one", "99999999999999999999", "1.5", " 1"] {
            assert!(NumberedPage::of(&query(wrong), 10, 20).is_err(), "{wrong:?}");
        }
        assert_eq!(NumberedPage::of(&PageQuery::default(), 10, 0).unwrap().range(), 0..0);
        assert_eq!(NumberedPage::of(&query("2"), 10, 11).unwrap().range(), 10..11);
    }

    proptest! {
        #[test]
        fn the_pages_cover_the_whole_list_without_overlap(size in 1_usize..300, all in 0_usize..5000) {
            let mut shown = 0..0;
            for number in 1..=NumberedPage::first_page(size, all).count() {
                let part = NumberedPage::of(&query(&number.to_string()), size, all).unwrap().range();
                prop_assert!(part.start == shown.end && part.len() <= size && (all == 0 || !part.is_empty()));
                shown = part;
            }
            prop_assert_eq!(shown.end, all);
        }
    }
}
