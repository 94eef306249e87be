//! Pieces of SQL about the corrections of a check. Corrections are ordered by their number, which counts them for each
//! check in the order of the record; times can run backwards when a clock is put back.

/// The verdict of the last correction of a check; `NULL` if there is none. `$business` and `$check` are the SQL for the
/// business and for the id of the check.
macro_rules! last_correction {
    ($business:literal, $check:expr) => {
        concat!(
            "(SELECT verdict FROM corrections WHERE business_id = ",
            $business,
            " AND check_id = ",
            $check,
            " ORDER BY number DESC LIMIT 1)"
        )
    };
}

/// The reason of the last correction of a check; `NULL` if there is none. Parameters as for [`last_correction`].
macro_rules! last_correction_why {
    ($business:literal, $check:literal) => {
        concat!(
            "(SELECT t.body FROM texts t WHERE t.business_id = ",
            $business,
            " AND t.field = 'why' AND t.owner_id = (SELECT id FROM corrections WHERE business_id = ",
            $business,
            " AND check_id = ",
            $check,
            " ORDER BY number DESC LIMIT 1))"
        )
    };
}

/// The verdict of a check after its corrections. `$checks` is the name of the table in the statement.
macro_rules! current_verdict {
    ($business:literal, $checks:literal) => {
        concat!(
            "COALESCE(",
            $crate::verdict_sql::last_correction!($business, concat!($checks, ".id")),
            ", ",
            $checks,
            ".verdict)"
        )
    };
}

/// Whether a check counts as made: it was not recorded as missed, and its current verdict is not missed, taken back or
/// void.
macro_rules! counts_as_made {
    ($business:literal, $checks:literal) => {
        concat!(
            $checks,
            ".verdict <> 'missed' AND ",
            $crate::verdict_sql::current_verdict!($business, $checks),
            " NOT IN ('missed', 'taken_back', 'void')"
        )
    };
}

/// The corrections `k` that came after a break. `$break` is the SQL for the id of the break, `$check` for the id of its
/// check. The break was opened by the check itself, or by the correction that names it.
macro_rules! corrections_after_break {
    ($business:literal, $break:literal, $check:literal) => {
        concat!(
            " FROM corrections k WHERE k.business_id = ",
            $business,
            " AND k.check_id = ",
            $check,
            " AND k.number > COALESCE((SELECT n.number FROM corrections n WHERE n.business_id = ",
            $business,
            " AND n.check_id = ",
            $check,
            " AND n.break_id = ",
            $break,
            "), 0)"
        )
    };
}

/// Whether the check of a break was corrected since: the first correction after a break always says that it was not
/// broken.
macro_rules! is_break_corrected {
    ($business:literal, $break:literal, $check:literal) => {
        concat!("EXISTS (SELECT 1", $crate::verdict_sql::corrections_after_break!($business, $break, $check), ")")
    };
}

pub(crate) use {
    corrections_after_break, counts_as_made, current_verdict, is_break_corrected, last_correction, last_correction_why,
};
