//! How much longer a page takes when there are a hundred times as many checks.

use std::error::Error;

use crate::load::{compare, get, per_core_second};
use crate::report::Budget::AtMost;
use crate::report::Measure::Times;
use crate::report::Report;
use crate::serving::Kind;

pub fn measure(report: &mut Report, few: &str, many: &str, paths: &[(&str, String)]) -> Result<(), Box<dyn Error>> {
    let (few, many) = (Kind::Anew.start(few)?, Kind::Anew.start(many)?);
    for (name, path) in paths {
        let page = get(path, "");
        let compared = compare(|| per_core_second(&few, &page, 200), || per_core_second(&many, &page, 200))?;
        let [few, many] = [compared.one, compared.other].map(|pages| 1e6 / pages);
        let detail = format!("{few:.0} µs with 10,000 checks, {many:.0} µs with 1,000,000");
        report.line(&format!("{name}, 1,000,000 checks ÷ 10,000"), compared.ratio, Times, AtMost(1.2), detail);
    }
    Ok(())
}
