//! All tables in one list: whose rows they hold, and which columns an export file contains. A test compares the list
//! with both databases.

mod cell;
mod column;

pub(crate) use cell::{Cell, bind, hex};
pub(crate) use column::PersonRef;
pub use column::{Column, ColumnKind};

use column::{
    any, code, currency, email, hours, language, line, line_or_nothing, obstacle, outcome, prose, reason, schedule,
    slug, stage, zone,
};

use std::collections::BTreeSet;

/// One table.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    pub name: &'static str,
    pub owner: RowOwner,
    /// The key of its rows, by which they are ordered in the file.
    pub key: &'static [&'static str],
    /// The columns in the file.
    pub columns: &'static [Column],
    /// A condition for the rows in the file, if some are left out.
    pub row_filter: Option<&'static str>,
    /// The columns that are not in the file, with the reason.
    pub excluded_columns: &'static [(&'static str, &'static str)],
    /// Why the table is not in the file, if it is not.
    pub not_exported: Option<&'static str>,
    /// The version of the format that added it. Older files do not have it.
    pub since: u64,
}

/// Whose rows a table holds. They are deleted with their owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowOwner {
    /// One row per business, under the id of the business.
    BusinessItself,
    /// One row per person, under the id of the person.
    PersonItself,
    /// Rows of a business, by `business_id`.
    Business,
    /// Rows of a person, by `person_id`.
    Person,
    /// Rows of both: deleted with either.
    BusinessAndPerson,
    /// Rows of the installation.
    Installation,
}

/// A table that is in the file.
const fn exported(name: &'static str, key: &'static [&'static str], columns: &'static [Column]) -> Table {
    Table {
        name,
        owner: RowOwner::Business,
        key,
        columns,
        row_filter: None,
        excluded_columns: &[],
        not_exported: None,
        since: 1,
    }
}

/// A table that is not, with the reason.
const fn not_exported(name: &'static str, of: RowOwner, why: &'static str) -> Table {
    Table {
        name,
        owner: of,
        key: &[],
        columns: &[],
        row_filter: None,
        excluded_columns: &[],
        not_exported: Some(why),
        since: 1,
    }
}

impl Table {
    /// Marks a table that a later version of the format added.
    #[must_use]
    pub const fn since(self, version: u64) -> Self {
        Self { since: version, ..self }
    }

    /// The tables in a file of this version.
    pub(crate) fn in_version(version: u64) -> impl Iterator<Item = &'static Self> {
        TABLES.iter().filter(move |table| table.not_exported.is_none() && table.since <= version)
    }

    /// The versions that added its columns, the oldest first.
    pub(crate) fn column_versions(&self) -> BTreeSet<u64> {
        self.columns.iter().map(|column| column.since).collect()
    }

    /// The name of its file in the archive.
    pub(crate) fn file_name(&self) -> String {
        format!("{}.jsonl", self.name)
    }

    /// The column with the id of the business, if rows belong to one.
    pub(crate) fn business_column(&self) -> Option<&'static str> {
        match self.owner {
            RowOwner::BusinessItself => Some("id"),
            RowOwner::Business | RowOwner::BusinessAndPerson => Some("business_id"),
            RowOwner::PersonItself | RowOwner::Person | RowOwner::Installation => None,
        }
    }
}

/// Parents before children: rows are inserted in this order, and deleted in the opposite one.
pub const TABLES: &[Table] = &[
    not_exported("readiness", RowOwner::Installation, "it says that this database can be written"),
    not_exported("installation", RowOwner::Installation, "it names this installation, not what is on it"),
    not_exported("founding", RowOwner::Installation, "it says that somebody has begun here, wherever here is"),
    Table {
        owner: RowOwner::BusinessItself,
        ..exported(
            "businesses",
            &["id"],
            &[
                Column::id("id"),
                Column::text("slug", slug),
                Column::text("name", line),
                Column::text("zone", zone),
                Column::text("currency", currency),
                Column::text("language", language),
                Column::text("contact_name", line),
                Column::text("contact_email", email).optional(),
                Column::text("contact_phone", line).optional(),
                Column::text("hours", hours),
                Column::instant("created_at"),
                Column::integer("forget_after"),
            ],
        )
    },
    Table {
        owner: RowOwner::PersonItself,
        excluded_columns: &[
            ("password_hash", "whoever comes along sets a password anew, by a private link"),
            ("pin_hash", "whoever comes along sets a PIN anew, with the new password"),
            ("identity", "it follows from the address"),
            ("twin", "it follows from the addresses that are there already"),
        ],
        ..exported(
            "people",
            &["id"],
            &[
                Column::id("id"),
                Column::text("email", email),
                Column::text("name", line),
                Column::text("language", language).optional(),
                Column::instant("created_at"),
            ],
        )
    },
    exported(
        "members",
        &["person_id"],
        &[
            Column::business(),
            Column::person("person_id"),
            Column::text("role", any),
            Column::instant("created_at"),
            Column::instant("removed_at").optional(),
            Column::boolean("bound"),
        ],
    ),
    exported("required_factors", &["role"], &[Column::business(), Column::text("role", any)]),
    Table {
        excluded_columns: &[("sealed", "a record that an older program wrote is sealed as it comes in")],
        ..exported(
            "record_heads",
            &["business_id"],
            &[Column::business(), Column::integer("seq"), Column::bytes("hash"), Column::integer("revision")],
        )
    },
    exported(
        "record",
        &["seq"],
        &[
            Column::business(),
            Column::integer("seq"),
            Column::instant("at"),
            Column::text("kind", any),
            Column::text("body", any),
            Column::bytes("prev"),
            Column::bytes("hash"),
        ],
    ),
    exported(
        "problems",
        &["id"],
        &[
            Column::id("id"),
            Column::business(),
            Column::text("words", prose),
            Column::text("for_whom", line),
            Column::text("not_for_whom", line).optional(),
            Column::instant("created_at"),
        ],
    ),
    exported(
        "guarantees",
        &["id"],
        &[
            Column::id("id"),
            Column::business(),
            Column::id("problem_id").referencing(&["problems"]),
            Column::text("slug", slug),
            Column::text("stage", any),
            Column::boolean("public"),
            Column::integer("version"),
            Column::text("photos", any),
            Column::instant("created_at"),
        ],
    ),
    exported(
        "guarantee_versions",
        &["id"],
        &[
            Column::id("id"),
            Column::business(),
            Column::id("guarantee_id").referencing(&["guarantees"]),
            Column::integer("number"),
            Column::integer("criteria"),
            Column::text("bare", any),
            Column::instant("created_at"),
            Column::actor_key("created_by"),
        ],
    ),
    exported(
        "guarantee_moves",
        &["id"],
        &[
            Column::id("id"),
            Column::business(),
            Column::id("guarantee_id").referencing(&["guarantees"]),
            Column::text("verb", any),
            Column::instant("at"),
            Column::actor_key("by"),
        ],
    ),
    exported(
        "sites",
        &["id"],
        &[
            Column::id("id"),
            Column::business(),
            Column::text("name", line),
            Column::instant("created_at"),
            Column::text("zone", zone).optional(),
        ],
    ),
    Table {
        row_filter: Some("holder_id IN (SELECT person_id FROM members WHERE business_id = $1)"),
        ..exported(
            "reaches",
            &["holder_id", "site_id"],
            &[Column::business(), Column::holder("holder_id"), Column::id("site_id").referencing(&["sites"])],
        )
    },
    exported(
        "places",
        &["id"],
        &[
            Column::id("id"),
            Column::business(),
            Column::id("site_id").referencing(&["sites"]),
            Column::text("name", line),
            Column::text("code", code),
            Column::instant("created_at"),
        ],
    ),
    exported(
        "old_codes",
        &["code"],
        &[
            Column::text("code", code),
            Column::business(),
            Column::id("place_id").referencing(&["places"]),
            Column::instant("until"),
        ],
    ),
    exported(
        "promised",
        &["guarantee_id", "place_id"],
        &[
            Column::business(),
            Column::id("guarantee_id").referencing(&["guarantees"]),
            Column::id("place_id").referencing(&["places"]),
        ],
    ),
    exported(
        "schedules",
        &["id"],
        &[
            Column::id("id"),
            Column::business(),
            Column::id("guarantee_id").referencing(&["guarantees"]),
            Column::id("place_id").referencing(&["places"]),
            Column::text("rule", schedule).optional(),
            Column::instant("at"),
            Column::actor_key("by"),
        ],
    ),
    exported(
        "rounds",
        &["guarantee_id", "place_id"],
        &[
            Column::business(),
            Column::id("guarantee_id").referencing(&["guarantees"]),
            Column::id("place_id").referencing(&["places"]),
            Column::text("rule", schedule),
            Column::instant("since"),
            Column::instant("concluded_until"),
            Column::instant("next_at").optional(),
        ],
    ),
    exported(
        "closures",
        &["id"],
        &[
            Column::id("id"),
            Column::business(),
            Column::id("site_id").referencing(&["sites"]),
            Column::id("place_id").referencing(&["places"]).optional(),
            Column::instant("from_at"),
            Column::instant("until_at"),
            Column::instant("created_at"),
            Column::actor_key("by"),
        ],
    ),
    exported("watches", &["business_id"], &[Column::business(), Column::instant("looked_at")]),
    Table {
        excluded_columns: &[("identity", "it follows from the contact")],
        ..exported(
            "customers",
            &["id"],
            &[
                Column::id("id"),
                Column::business(),
                Column::text("name", line_or_nothing),
                Column::text("contact", line).optional(),
                Column::instant("created_at"),
                Column::instant("erased_at").optional(),
                Column::actor_key("erased_by").optional(),
            ],
        )
    },
    exported(
        "checks",
        &["id"],
        &[
            Column::id("id"),
            Column::business(),
            Column::id("guarantee_id").referencing(&["guarantees"]),
            Column::id("version_id").referencing(&["guarantee_versions"]),
            Column::id("place_id").referencing(&["places"]),
            Column::boolean("public"),
            Column::text("verdict", any),
            Column::text("reason", reason).optional(),
            Column::text("obstacle", obstacle).optional(),
            Column::text("found_by", any).optional(),
            Column::boolean("in_window"),
            Column::instant("window_due").optional(),
            Column::instant("device_at").optional(),
            Column::instant("device_sent_at").optional().since(2, "null"),
            Column::instant("heard_at").optional().since(2, "null"),
            Column::instant("device_heard_at").optional().since(2, "null"),
            Column::boolean("skewed"),
            Column::boolean("doubled"),
            Column::instant("at"),
            Column::day("day"),
            Column::instant("received_at"),
            Column::actor_key("by"),
            Column::bytes("fingerprint"),
            Column::id("break_id").referencing(&["breaks"]).optional(),
            Column::bytes("photo").optional(),
        ],
    ),
    exported(
        "photos",
        &["hash"],
        &[
            Column::business(),
            Column::bytes("hash"),
            Column::integer("width"),
            Column::integer("height"),
            Column::instant("at"),
            Column::picture("picture").optional(),
        ],
    ),
    exported(
        "examples",
        &["guarantee_id", "place_id"],
        &[
            Column::business(),
            Column::id("guarantee_id").referencing(&["guarantees"]),
            Column::id("place_id").referencing(&["places"]),
            Column::bytes("photo"),
            Column::instant("at"),
        ],
    ),
    exported(
        "corrections",
        &["id"],
        &[
            Column::id("id"),
            Column::business(),
            Column::id("check_id").referencing(&["checks"]),
            Column::integer("number"),
            Column::text("verdict", any),
            Column::instant("at"),
            Column::actor_key("by"),
            Column::id("break_id").referencing(&["breaks"]).optional(),
            Column::id("instead").referencing(&["checks"]).optional(),
        ],
    ),
    Table {
        excluded_columns: &[("change_id", "it only tells caches that a tally has changed")],
        ..exported(
            "tallies",
            &["guarantee_id", "public", "day"],
            &[
                Column::business(),
                Column::id("guarantee_id").referencing(&["guarantees"]),
                Column::boolean("public"),
                Column::day("day"),
                Column::integer("kept"),
                Column::integer("broken"),
                Column::integer("not_applicable"),
                Column::integer("due_kept"),
                Column::integer("due_broken"),
                Column::integer("missed"),
            ],
        )
    },
    exported(
        "breaks",
        &["id"],
        &[
            Column::id("id"),
            Column::business(),
            Column::id("guarantee_id").referencing(&["guarantees"]),
            Column::id("version_id").referencing(&["guarantee_versions"]),
            Column::id("place_id").referencing(&["places"]),
            Column::id("check_id").referencing(&["checks"]),
            Column::boolean("public"),
            Column::text("reason", reason),
            Column::text("found_by", any),
            Column::instant("known_at"),
            Column::id("recovery_id").referencing(&["recoveries"]),
        ],
    ),
    Table {
        excluded_columns: &[
            ("due_at", "it follows from the steps and the opening hours"),
            ("our_turn_from", "it follows from the steps and the customer's link"),
            ("missed_from", "it follows from the steps and the opening hours"),
            ("late", "it follows from the steps"),
            ("place_id", "it is that of the break"),
        ],
        ..exported(
            "recoveries",
            &["id"],
            &[
                Column::id("id"),
                Column::business(),
                Column::id("break_id").referencing(&["breaks"]),
                Column::integer("number"),
                Column::id("customer_id").referencing(&["customers"]).optional(),
                Column::instant("opened_at"),
                Column::text("stage", stage),
                Column::text("outcome", outcome).optional(),
                Column::instant("closed_at").optional(),
                Column::boolean("watched"),
            ],
        )
    },
    exported(
        "obstacles",
        &["id"],
        &[
            Column::id("id").referencing(&["breaks"]),
            Column::business(),
            Column::id("guarantee_id").referencing(&["guarantees"]),
            Column::id("place_id").referencing(&["places"]),
            Column::id("check_id").referencing(&["checks"]),
            Column::text("obstacle", obstacle),
            Column::instant("known_at"),
            Column::instant("answered_at").optional(),
            Column::instant("left_at").optional(),
        ],
    ),
    exported(
        "obstacle_answers",
        &["id"],
        &[
            Column::id("id"),
            Column::business(),
            Column::id("obstacle_id").referencing(&["obstacles"]),
            Column::integer("number"),
            Column::text("decision", any),
            Column::text("words", prose),
            Column::instant("at"),
            Column::actor_key("by"),
        ],
    ),
    exported(
        "second_looks",
        &["check_id"],
        &[
            Column::id("check_id").referencing(&["checks"]),
            Column::business(),
            Column::id("guarantee_id").referencing(&["guarantees"]),
            Column::id("place_id").referencing(&["places"]),
            Column::instant("asked_at"),
            Column::text("outcome", any).optional(),
            Column::instant("concluded_at").optional(),
            Column::actor_key("concluded_by").optional(),
        ],
    ),
    exported(
        "recovery_steps",
        &["id"],
        &[
            Column::id("id"),
            Column::business(),
            Column::id("recovery_id").referencing(&["recoveries"]),
            Column::integer("number"),
            Column::text("step", any),
            Column::step("bare"),
            Column::instant("at"),
            Column::actor_key("by"),
        ],
    ),
    exported(
        "break_totals",
        &["guarantee_id"],
        &[
            Column::id("guarantee_id").referencing(&["guarantees"]),
            Column::business(),
            Column::integer("breaks"),
            Column::integer("found_by_staff"),
            Column::integer("late"),
            Column::integer("corrections"),
            Column::integer("restored"),
            Column::integer("restored_by_record"),
            Column::integer("partly"),
            Column::integer("not_restored"),
            Column::integer("no_answer"),
        ],
    ),
    exported(
        "texts",
        &["owner_id", "field"],
        &[
            Column::business(),
            Column::id("owner_id").referencing(&[
                "guarantee_versions",
                "checks",
                "corrections",
                "recovery_steps",
                "closures",
            ]),
            Column::text("field", any),
            Column::boolean("public"),
            Column::bytes("salt").optional(),
            Column::text("body", prose).optional(),
            Column::integer("seq").optional(),
        ],
    ),
    not_exported(
        "follow_ups",
        RowOwner::Business,
        "a customer's link opens where it was made: who is still to be asked gets a new one",
    ),
    not_exported("tokens", RowOwner::Business, "a program is let in anew"),
    not_exported(
        "invites",
        RowOwner::Business,
        "an invitation opens where it was made: who is still to come gets a new one",
    ),
    not_exported("devices", RowOwner::Business, "a shared device is registered anew"),
    not_exported("pin_tries", RowOwner::BusinessAndPerson, "they are counted where they were made"),
    not_exported(
        "audit",
        RowOwner::Business,
        "who did what from which address stays where it was done; an owner takes it along as a table",
    ),
    not_exported("sessions", RowOwner::BusinessAndPerson, "whoever was signed in signs in anew"),
    not_exported("authenticators", RowOwner::Person, "whoever comes along sets up the second step anew"),
    not_exported("recovery_codes", RowOwner::Person, "whoever comes along sets up the second step anew"),
    not_exported("passkeys", RowOwner::Person, "a passkey is for the name it was made at"),
    not_exported("challenges", RowOwner::Person, "what a browser was asked to sign is answered where it was asked"),
    not_exported("sign_ins", RowOwner::Person, "a sign-in goes on where it was begun"),
    not_exported("resets", RowOwner::Person, "a link to set a password anew opens where it was made"),
];
