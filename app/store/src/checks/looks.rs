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

/// Whether somebody has looked: it was not missed, and nobody has said since that nobody had looked.
macro_rules! is_look {
    ($business:literal, $checks:literal) => {
        concat!(
            $checks,
            ".verdict <> 'missed' AND ",
            $crate::checks::last_correction!($business, $checks),
            " NOT IN ('missed', 'taken_back', 'void')"
        )
    };
}

pub(crate) use {is_look, last_correction};
