//! How much slower a page is with a hundred times as many checks.

use std::error::Error;

use crate::history::{checks, factor};
use crate::load::{compare, get, per_core_second};
use crate::report::Budget::AtMost;
use crate::report::Measure::Times;
use crate::report::Report;
use crate::serving::ServerKind;

pub fn measure(report: &mut Report, few: &str, many: &str, paths: &[(&str, String)]) -> Result<(), Box<dyn Error>> {
    let (few, many) = (ServerKind::Uncached.start(few)?, ServerKind::Uncached.start(many)?);
    for (name, path) in paths {
        let page = get(path, "");
        let compared = compare(|| per_core_second(&few, &page, 200), || per_core_second(&many, &page, 200))?;
        let [few, many] = [compared.one, compared.other].map(|pages| 1e6 / pages);
        let detail = format!("{few:.0} µs and {many:.0} µs");
        let [fewer, more] = [checks(), checks() * factor()];
        report.line(&format!("{name}, {more} checks ÷ {fewer}"), compared.ratio, Times, AtMost(1.2), detail);
    }
    Ok(())
}
