//! What was measured beside what is allowed, line by line.

use std::fmt;

/// What a number counts.
#[derive(Clone, Copy)]
pub enum Measure {
    /// Of what it is compared with.
    Percent,
    Times,
    Kilobytes,
    Milliseconds,
    Megabytes,
}

#[derive(Clone, Copy)]
pub enum Budget {
    AtLeast(f64),
    AtMost(f64),
}

#[derive(Default)]
pub struct Report {
    over: usize,
}

impl Report {
    /// One number, what it is compared with, and how it was come by.
    pub fn line(&mut self, what: &str, number: f64, measure: Measure, budget: Budget, detail: impl fmt::Display) {
        let (kept, sign, limit) = match budget {
            Budget::AtLeast(limit) => (number >= limit, '≥', limit),
            Budget::AtMost(limit) => (number <= limit, '≤', limit),
        };
        let (shown, limit) = (measure.show(number), measure.show(limit));
        let word = if kept { "ok" } else { "OVER" };
        println!("{word:>4}  {what:<52} {shown:>9}  ({sign} {limit})  {detail}");
        self.over += usize::from(!kept);
    }

    /// Something that could not be measured counts as over its budget.
    pub fn missing(&mut self, what: &str, why: impl fmt::Display) {
        println!("OVER  {what:<52} not measured: {why}");
        self.over += 1;
    }

    /// How many budgets are broken.
    pub fn over(&self) -> usize {
        self.over
    }
}

impl Measure {
    fn show(self, number: f64) -> String {
        match self {
            Self::Percent => format!("{:.0} %", number * 100.0),
            Self::Times => format!("{number:.2} ×"),
            Self::Kilobytes => format!("{number:.1} KB"),
            Self::Milliseconds => format!("{number:.0} ms"),
            Self::Megabytes => format!("{number:.1} MB"),
        }
    }
}
