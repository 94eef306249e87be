//! Every table of the product in one list: what of it goes into a business's file, and with whom its rows go. A test
//! holds it against the real tables of both databases, so that none is forgotten.

use super::column::{
    Column, any, code, currency, email, hours, language, line, line_or_nothing, obstacle, outcome, prose, reason, rule,
    slug, stage, zone,
};

/// One table.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    pub name: &'static str,
    pub of: Of,
    /// The columns its rows are told apart by, and are in order of.
    pub key: &'static [&'static str],
    /// What goes into the file.
    pub columns: &'static [Column],
    /// Which of its rows go into the file, where others belong to what stays.
    pub only: Option<&'static str>,
    /// Columns that do not go into the file, and why.
    pub secret: &'static [(&'static str, &'static str)],
    /// Why nothing of it goes into the file, where that is so.
    pub left_out: Option<&'static str>,
    /// The version of the file that brought it: an older file has none of its rows.
    pub since: u64,
}

/// Whose its rows are: with whom they go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// It has one row a business, under the business's own id.
    Businesses,
    /// It has one row a person, under the person's own id.
    People,
    /// Its rows are of a business, by `business_id`.
    Business,
    /// Its rows are of a person, by `person_id`.
    Person,
    /// Its rows are of both: they go with either.
    Both,
    /// Its rows are of the installation.
    Installation,
}

/// A table that goes into the file.
const fn carried(name: &'static str, key: &'static [&'static str], columns: &'static [Column]) -> Table {
    Table { name, of: Of::Business, key, columns, only: None, secret: &[], left_out: None, since: 1 }
}

/// A table that does not, and why.
const fn left_out(name: &'static str, of: Of, why: &'static str) -> Table {
    Table { name, of, key: &[], columns: &[], only: None, secret: &[], left_out: Some(why), since: 1 }
}

impl Table {
    /// A table that a later version of the file brought.
    #[must_use]
    pub const fn since(self, version: u64) -> Self {
        Self { since: version, ..self }
    }

    /// Those that a file of a version has.
    pub(super) fn carried(version: u64) -> impl Iterator<Item = &'static Self> {
        TABLES.iter().filter(move |table| table.left_out.is_none() && table.since <= version)
    }

    /// The name of its file.
    pub(super) fn file(&self) -> String {
        format!("{}.jsonl", self.name)
    }

    /// The column that says which business a row is of, if it is of one.
    pub(crate) fn business(&self) -> Option<&'static str> {
        match self.of {
            Of::Businesses => Some("id"),
            Of::Business | Of::Both => Some("business_id"),
            Of::People | Of::Person | Of::Installation => None,
        }
    }
}

/// Parents before children: rows are written in this order, and go in the opposite one.
pub const TABLES: &[Table] = &[
    left_out("readiness", Of::Installation, "it says that this database can be written"),
    left_out("installation", Of::Installation, "it names this installation, not what is on it"),
    left_out("founding", Of::Installation, "it says that somebody has begun here, wherever here is"),
    Table {
        of: Of::Businesses,
        ..carried(
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
        of: Of::People,
        secret: &[
            ("password_hash", "whoever comes along sets a password anew, by a private link"),
            ("pin_hash", "whoever comes along sets a PIN anew, with the new password"),
            ("identity", "it follows from the address"),
            ("twin", "it follows from the addresses that are there already"),
        ],
        ..carried(
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
    carried(
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
    carried("required_factors", &["role"], &[Column::business(), Column::text("role", any)]),
    Table {
        secret: &[("sealed", "a record that an older program wrote is sealed as it comes in")],
        ..carried(
            "record_heads",
            &["business_id"],
            &[Column::business(), Column::integer("seq"), Column::bytes("hash"), Column::integer("revision")],
        )
    },
    carried(
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
    carried(
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
    carried(
        "guarantees",
        &["id"],
        &[
            Column::id("id"),
            Column::business(),
            Column::id("problem_id").to(&["problems"]),
            Column::text("slug", slug),
            Column::text("stage", any),
            Column::boolean("public"),
            Column::integer("version"),
            Column::text("photos", any),
            Column::instant("created_at"),
        ],
    ),
    carried(
        "guarantee_versions",
        &["id"],
        &[
            Column::id("id"),
            Column::business(),
            Column::id("guarantee_id").to(&["guarantees"]),
            Column::integer("number"),
            Column::integer("criteria"),
            Column::text("bare", any),
            Column::instant("created_at"),
            Column::hand("created_by"),
        ],
    ),
    carried(
        "guarantee_moves",
        &["id"],
        &[
            Column::id("id"),
            Column::business(),
            Column::id("guarantee_id").to(&["guarantees"]),
            Column::text("verb", any),
            Column::instant("at"),
            Column::hand("by"),
        ],
    ),
    carried(
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
        only: Some("holder_id IN (SELECT person_id FROM members WHERE business_id = $1)"),
        ..carried(
            "reaches",
            &["holder_id", "site_id"],
            &[Column::business(), Column::holder("holder_id"), Column::id("site_id").to(&["sites"])],
        )
    },
    carried(
        "places",
        &["id"],
        &[
            Column::id("id"),
            Column::business(),
            Column::id("site_id").to(&["sites"]),
            Column::text("name", line),
            Column::text("code", code),
            Column::instant("created_at"),
        ],
    ),
    carried(
        "old_codes",
        &["code"],
        &[
            Column::text("code", code),
            Column::business(),
            Column::id("place_id").to(&["places"]),
            Column::instant("until"),
        ],
    ),
    carried(
        "promised",
        &["guarantee_id", "place_id"],
        &[Column::business(), Column::id("guarantee_id").to(&["guarantees"]), Column::id("place_id").to(&["places"])],
    ),
    carried(
        "schedules",
        &["id"],
        &[
            Column::id("id"),
            Column::business(),
            Column::id("guarantee_id").to(&["guarantees"]),
            Column::id("place_id").to(&["places"]),
            Column::text("rule", rule).optional(),
            Column::instant("at"),
            Column::hand("by"),
        ],
    ),
    carried(
        "rounds",
        &["guarantee_id", "place_id"],
        &[
            Column::business(),
            Column::id("guarantee_id").to(&["guarantees"]),
            Column::id("place_id").to(&["places"]),
            Column::text("rule", rule),
            Column::instant("since"),
            Column::instant("concluded_until"),
            Column::instant("next_at").optional(),
        ],
    ),
    carried(
        "closures",
        &["id"],
        &[
            Column::id("id"),
            Column::business(),
            Column::id("site_id").to(&["sites"]),
            Column::id("place_id").to(&["places"]).optional(),
            Column::instant("from_at"),
            Column::instant("until_at"),
            Column::instant("created_at"),
            Column::hand("by"),
        ],
    ),
    carried("watches", &["business_id"], &[Column::business(), Column::instant("looked_at")]),
    Table {
        secret: &[("identity", "it follows from the contact")],
        ..carried(
            "customers",
            &["id"],
            &[
                Column::id("id"),
                Column::business(),
                Column::text("name", line_or_nothing),
                Column::text("contact", line).optional(),
                Column::instant("created_at"),
                Column::instant("erased_at").optional(),
                Column::hand("erased_by").optional(),
            ],
        )
    },
    carried(
        "checks",
        &["id"],
        &[
            Column::id("id"),
            Column::business(),
            Column::id("guarantee_id").to(&["guarantees"]),
            Column::id("version_id").to(&["guarantee_versions"]),
            Column::id("place_id").to(&["places"]),
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
            Column::hand("by"),
            Column::bytes("fingerprint"),
            Column::id("break_id").to(&["breaks"]).optional(),
            Column::bytes("photo").optional(),
        ],
    ),
    carried(
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
    carried(
        "examples",
        &["guarantee_id", "place_id"],
        &[
            Column::business(),
            Column::id("guarantee_id").to(&["guarantees"]),
            Column::id("place_id").to(&["places"]),
            Column::bytes("photo"),
            Column::instant("at"),
        ],
    ),
    carried(
        "corrections",
        &["id"],
        &[
            Column::id("id"),
            Column::business(),
            Column::id("check_id").to(&["checks"]),
            Column::integer("number"),
            Column::text("verdict", any),
            Column::instant("at"),
            Column::hand("by"),
            Column::id("break_id").to(&["breaks"]).optional(),
            Column::id("instead").to(&["checks"]).optional(),
        ],
    ),
    carried(
        "tallies",
        &["guarantee_id", "public", "day"],
        &[
            Column::business(),
            Column::id("guarantee_id").to(&["guarantees"]),
            Column::boolean("public"),
            Column::day("day"),
            Column::integer("kept"),
            Column::integer("broken"),
            Column::integer("not_applicable"),
            Column::integer("due_kept"),
            Column::integer("due_broken"),
            Column::integer("missed"),
        ],
    ),
    carried(
        "breaks",
        &["id"],
        &[
            Column::id("id"),
            Column::business(),
            Column::id("guarantee_id").to(&["guarantees"]),
            Column::id("version_id").to(&["guarantee_versions"]),
            Column::id("place_id").to(&["places"]),
            Column::id("check_id").to(&["checks"]),
            Column::boolean("public"),
            Column::text("reason", reason),
            Column::text("found_by", any),
            Column::instant("known_at"),
            Column::id("recovery_id").to(&["recoveries"]),
        ],
    ),
    carried(
        "recoveries",
        &["id"],
        &[
            Column::id("id"),
            Column::business(),
            Column::id("break_id").to(&["breaks"]),
            Column::integer("number"),
            Column::id("customer_id").to(&["customers"]).optional(),
            Column::instant("opened_at"),
            Column::text("stage", stage),
            Column::text("outcome", outcome).optional(),
            Column::instant("closed_at").optional(),
            Column::boolean("watched"),
        ],
    ),
    carried(
        "obstacles",
        &["id"],
        &[
            Column::id("id").to(&["breaks"]),
            Column::business(),
            Column::id("guarantee_id").to(&["guarantees"]),
            Column::id("place_id").to(&["places"]),
            Column::id("check_id").to(&["checks"]),
            Column::text("obstacle", obstacle),
            Column::instant("known_at"),
            Column::instant("answered_at").optional(),
            Column::instant("left_at").optional(),
        ],
    ),
    carried(
        "obstacle_answers",
        &["id"],
        &[
            Column::id("id"),
            Column::business(),
            Column::id("obstacle_id").to(&["obstacles"]),
            Column::integer("number"),
            Column::text("decision", any),
            Column::text("words", prose),
            Column::instant("at"),
            Column::hand("by"),
        ],
    ),
    carried(
        "second_looks",
        &["check_id"],
        &[
            Column::id("check_id").to(&["checks"]),
            Column::business(),
            Column::id("guarantee_id").to(&["guarantees"]),
            Column::id("place_id").to(&["places"]),
            Column::instant("asked_at"),
            Column::text("outcome", any).optional(),
            Column::instant("concluded_at").optional(),
            Column::hand("concluded_by").optional(),
        ],
    ),
    carried(
        "recovery_steps",
        &["id"],
        &[
            Column::id("id"),
            Column::business(),
            Column::id("recovery_id").to(&["recoveries"]),
            Column::integer("number"),
            Column::text("step", any),
            Column::step("bare"),
            Column::instant("at"),
            Column::hand("by"),
        ],
    ),
    carried(
        "break_totals",
        &["guarantee_id"],
        &[
            Column::id("guarantee_id").to(&["guarantees"]),
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
    carried(
        "texts",
        &["owner_id", "field"],
        &[
            Column::business(),
            Column::id("owner_id").to(&["guarantee_versions", "checks", "corrections", "recovery_steps", "closures"]),
            Column::text("field", any),
            Column::boolean("public"),
            Column::bytes("salt").optional(),
            Column::text("body", prose).optional(),
            Column::integer("seq").optional(),
        ],
    ),
    left_out(
        "follow_ups",
        Of::Business,
        "a customer's link opens where it was made: who is still to be asked gets a new one",
    ),
    left_out("tokens", Of::Business, "a program is let in anew"),
    left_out("invites", Of::Business, "an invitation opens where it was made: who is still to come gets a new one"),
    left_out("devices", Of::Business, "a shared device is registered anew"),
    left_out("pin_tries", Of::Both, "they are counted where they were made"),
    left_out(
        "audit",
        Of::Business,
        "who did what from which address stays where it was done; an owner takes it along as a table",
    ),
    left_out("sessions", Of::Both, "whoever was signed in signs in anew"),
    left_out("authenticators", Of::Person, "whoever comes along sets up the second step anew"),
    left_out("recovery_codes", Of::Person, "whoever comes along sets up the second step anew"),
    left_out("passkeys", Of::Person, "a passkey is for the name it was made at"),
    left_out("challenges", Of::Person, "what a browser was asked to sign is answered where it was asked"),
    left_out("sign_ins", Of::Person, "a sign-in goes on where it was begun"),
    left_out("resets", Of::Person, "a link to set a password anew opens where it was made"),
];
