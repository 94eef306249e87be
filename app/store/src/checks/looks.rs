//! Which checks are looks: somebody was there. Pieces of SQL.

/// What the last correction of a check says; nothing where there is none. `$business` is where its business stands, `$checks` the
/// table's name in the statement.
macro_rules! last_correction {
    ($business:literal, $checks:literal) => {
        concat!(
            "COALESCE((SELECT verdict FROM corrections WHERE business_id = ",
            $business,
            " AND check_id = ",
            $checks,
            ".id ORDER BY number DESC LIMIT 1), '')"
        )
    };
}

/// Whether somebody has looked, and has not said since that nobody had. `$1` is the business.
macro_rules! is_look {
    ($checks:literal) => {
        concat!(
            $checks,
            ".verdict <> 'missed' AND ",
            $crate::checks::last_correction!("$1", $checks),
            " NOT IN ('taken_back', 'missed')"
        )
    };
}

pub(crate) use {is_look, last_correction};
