//! Prints each measurement beside its budget.

use std::fmt;

use crate::scale::is_short;

/// The unit of a measurement.
#[derive(Clone, Copy)]
pub enum Measure {
    /// A ratio in percent.
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
    exceeded: usize,
}

impl Report {
    /// Adds a measurement with its budget and a detail.
    pub fn line(&mut self, what: &str, number: f64, measure: Measure, budget: Budget, detail: impl fmt::Display) {
        let (is_met, sign, limit) = match budget {
            Budget::AtLeast(limit) => (number >= limit, '≥', limit),
            Budget::AtMost(limit) => (number <= limit, '≤', limit),
        };
        let (shown, limit) = (measure.show(number), measure.show(limit));
        let result = match is_met {
            _ if is_short() => "ran",
            true => "ok",
            false => "OVER",
        };
        println!("{result:>4}  {what:<52} {shown:>9}  ({sign} {limit})  {detail}");
        self.exceeded += usize::from(!is_met && !is_short());
    }

    /// A measurement that was not possible counts as an exceeded budget.
    pub fn missing(&mut self, what: &str, why: impl fmt::Display) {
        println!("OVER  {what:<52} not measured: {why}");
        self.exceeded += 1;
    }

    /// The number of exceeded budgets.
    pub fn exceeded(&self) -> usize {
        self.exceeded
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
