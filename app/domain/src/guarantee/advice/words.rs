//! Finds words and phrases in typed text, whatever the case and the punctuation between them.

/// The word lists.
pub mod list;

/// The words of a text, in order.
pub struct Words(Vec<Word>);

struct Word {
    typed: String,
    folded: String,
}

impl Words {
    /// The words of a typed text, split at everything that is neither letter nor digit.
    pub fn of(typed: &str) -> Self {
        let words = typed.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        Self(words.map(|word| Word { typed: word.to_owned(), folded: word.to_lowercase() }).collect())
    }

    /// Whether there is no word.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The words as they were typed.
    pub fn whole(&self) -> String {
        joined(&self.0)
    }

    /// Whether a word contains a digit from 0 to 9.
    pub fn has_digit(&self) -> bool {
        self.0.iter().any(|word| word.folded.contains(|c: char| c.is_ascii_digit()))
    }

    /// The first phrase of the list that occurs in the text, as it was typed.
    pub fn find(&self, phrases: &str) -> Option<String> {
        self.first(phrases).map(|(from, to)| joined(&self.0[from..to]))
    }

    /// Finds a phrase and removes its words, so that no second piece of advice is about them.
    pub fn take(&mut self, phrases: &str) -> Option<String> {
        let (from, to) = self.first(phrases)?;
        Some(joined(&self.0.drain(from..to).collect::<Vec<_>>()))
    }

    /// How many words are on none of the lists.
    pub fn count_without(&self, lists: &[&str]) -> usize {
        let listed = |word: &Word| lists.iter().any(|words| each(words).any(|pattern| is(word, pattern)));
        self.0.iter().filter(|word| !listed(word)).count()
    }

    /// The position of the first phrase. If two phrases start at the same word, the longer one is taken.
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

/// How many words the phrase covers, if the words start with it.
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

/// Whether a word matches a pattern. A trailing star matches any ending, because Polish words have many.
fn is(word: &Word, pattern: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(stem) => word.folded.starts_with(stem),
        None => word.folded == pattern,
    }
}

fn joined(words: &[Word]) -> String {
    words.iter().map(|word| word.typed.as_str()).collect::<Vec<_>>().join(" ")
}
