//! Finding words and phrases in what a person typed, whatever their case and what stands between them.

pub mod list;

/// The words of a text, in order.
pub struct Text(Vec<Word>);

struct Word {
    typed: String,
    folded: String,
}

impl Text {
    pub fn of(typed: &str) -> Self {
        let words = typed.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        Self(words.map(|word| Word { typed: word.to_owned(), folded: word.to_lowercase() }).collect())
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The words as they were typed.
    pub fn whole(&self) -> String {
        joined(&self.0)
    }

    pub fn has_digit(&self) -> bool {
        self.0.iter().any(|word| word.folded.contains(|c: char| c.is_ascii_digit()))
    }

    /// The first phrase of the list that stands in the text, as it was typed.
    pub fn find(&self, phrases: &str) -> Option<String> {
        self.first(phrases).map(|(from, to)| joined(&self.0[from..to]))
    }

    /// Finds a phrase and takes it out, so that its words are not spoken of twice.
    pub fn take(&mut self, phrases: &str) -> Option<String> {
        let (from, to) = self.first(phrases)?;
        Some(joined(&self.0.drain(from..to).collect::<Vec<_>>()))
    }

    /// How many words stand on none of the lists.
    pub fn count_without(&self, lists: &[&str]) -> usize {
        let listed = |word: &Word| lists.iter().any(|words| each(words).any(|pattern| is(word, pattern)));
        self.0.iter().filter(|word| !listed(word)).count()
    }

    /// Where the first phrase stands; of two at the same word, the longer.
    fn first(&self, phrases: &str) -> Option<(usize, usize)> {
        (0..self.0.len()).find_map(|at| {
            let here = each(phrases).filter_map(|phrase| starts_with(&self.0[at..], phrase)).max();
            here.map(|length| (at, at + length))
        })
    }
}

/// The phrases of a list.
pub fn each(list: &str) -> impl Iterator<Item = &str> {
    list.split(", ")
}

/// How many words the phrase takes up at the start of these, if it stands there.
fn starts_with(words: &[Word], phrase: &str) -> Option<usize> {
    let patterns = phrase.split(' ');
    let mut length = 0;
    for pattern in patterns {
        if !is(words.get(length)?, pattern) {
            return None;
        }
        length += 1;
    }
    Some(length)
}

/// A star stands for any ending: Polish words have many.
fn is(word: &Word, pattern: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(stem) => word.folded.starts_with(stem),
        None => word.folded == pattern,
    }
}

fn joined(words: &[Word]) -> String {
    words.iter().map(|word| word.typed.as_str()).collect::<Vec<_>>().join(" ")
}
