-- Breaks and recoveries: neither can be stored without the other, and each names the other.
CREATE TABLE breaks (
    id BLOB PRIMARY KEY,
    business_id BLOB NOT NULL REFERENCES businesses (id),
    guarantee_id BLOB NOT NULL REFERENCES guarantees (id),
    version_id BLOB NOT NULL REFERENCES guarantee_versions (id),
    place_id BLOB NOT NULL REFERENCES places (id),
    check_id BLOB NOT NULL REFERENCES checks (id),
    public BOOLEAN NOT NULL,
    reason TEXT NOT NULL,
    found_by TEXT NOT NULL CHECK (found_by IN ('staff', 'customer')),
    known_at TEXT NOT NULL,
    recovery_id BLOB NOT NULL,
    UNIQUE (id, check_id),
    UNIQUE (id, recovery_id),
    FOREIGN KEY (id, recovery_id) REFERENCES recoveries (break_id, id) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX breaks_by_promise ON breaks (guarantee_id, place_id, known_at);
CREATE INDEX breaks_by_business ON breaks (business_id, known_at, id);
CREATE INDEX breaks_public ON breaks (guarantee_id, known_at, id) WHERE public;

-- What the steps come to stands in columns beside them, so that lists need not replay every recovery.
CREATE TABLE recoveries (
    id BLOB PRIMARY KEY,
    business_id BLOB NOT NULL REFERENCES businesses (id),
    break_id BLOB NOT NULL,
    number INTEGER NOT NULL,
    customer_id BLOB REFERENCES customers (id),
    opened_at TEXT NOT NULL,
    stage TEXT NOT NULL,
    outcome TEXT,
    closed_at TEXT,
    watched BOOLEAN NOT NULL,
    UNIQUE (business_id, number),
    UNIQUE (break_id, id),
    CHECK ((stage = 'closed') = (outcome IS NOT NULL)),
    FOREIGN KEY (break_id, id) REFERENCES breaks (id, recovery_id) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX recoveries_open ON recoveries (business_id, opened_at) WHERE stage <> 'closed';
CREATE INDEX recoveries_closed ON recoveries (business_id, closed_at) WHERE stage = 'closed';
CREATE INDEX recoveries_watched ON recoveries (business_id) WHERE watched;
CREATE INDEX recoveries_by_customer ON recoveries (customer_id, opened_at);

CREATE TABLE recovery_steps (
    id BLOB PRIMARY KEY,
    business_id BLOB NOT NULL REFERENCES businesses (id),
    recovery_id BLOB NOT NULL REFERENCES recoveries (id),
    number INTEGER NOT NULL,
    step TEXT NOT NULL,
    bare TEXT NOT NULL,
    at TEXT NOT NULL,
    by TEXT NOT NULL,
    UNIQUE (recovery_id, number)
);

-- What the public breaks of a guarantee came to, counted as it happens: a page need not count them all.
CREATE TABLE break_totals (
    guarantee_id BLOB PRIMARY KEY REFERENCES guarantees (id),
    business_id BLOB NOT NULL REFERENCES businesses (id),
    breaks INTEGER NOT NULL,
    found_by_staff INTEGER NOT NULL,
    late INTEGER NOT NULL,
    corrections INTEGER NOT NULL,
    restored INTEGER NOT NULL,
    restored_by_record INTEGER NOT NULL,
    partly INTEGER NOT NULL,
    not_restored INTEGER NOT NULL,
    no_answer INTEGER NOT NULL
);

-- Single-use links through which a customer answers the follow-up.
CREATE TABLE follow_ups (
    token_hash BLOB PRIMARY KEY,
    business_id BLOB NOT NULL REFERENCES businesses (id),
    recovery_id BLOB NOT NULL REFERENCES recoveries (id),
    created_at TEXT NOT NULL,
    used_at TEXT
);
CREATE INDEX follow_ups_by_recovery ON follow_ups (recovery_id);
