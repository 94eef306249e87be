-- Breaks and recoveries: neither can be stored without the other.
CREATE TABLE breaks (
    id BLOB PRIMARY KEY,
    business_id BLOB NOT NULL REFERENCES businesses (id),
    guarantee_id BLOB NOT NULL REFERENCES guarantees (id),
    version_id BLOB NOT NULL REFERENCES guarantee_versions (id),
    place_id BLOB NOT NULL REFERENCES places (id),
    check_id BLOB NOT NULL REFERENCES checks (id) DEFERRABLE INITIALLY DEFERRED,
    public BOOLEAN NOT NULL,
    reason TEXT NOT NULL,
    found_by TEXT NOT NULL CHECK (found_by IN ('staff', 'customer')),
    known_at TEXT NOT NULL,
    recovery_id BLOB NOT NULL REFERENCES recoveries (id) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX breaks_by_promise ON breaks (guarantee_id, place_id, known_at);
CREATE INDEX breaks_by_business ON breaks (business_id, known_at);

-- What the steps come to stands in columns beside them, so that lists need not replay every recovery.
CREATE TABLE recoveries (
    id BLOB PRIMARY KEY,
    business_id BLOB NOT NULL REFERENCES businesses (id),
    break_id BLOB NOT NULL UNIQUE REFERENCES breaks (id) DEFERRABLE INITIALLY DEFERRED,
    number INTEGER NOT NULL,
    customer_id BLOB REFERENCES customers (id),
    opened_at TEXT NOT NULL,
    stage TEXT NOT NULL,
    outcome TEXT,
    closed_at TEXT,
    watched BOOLEAN NOT NULL,
    UNIQUE (business_id, number),
    CHECK ((stage = 'closed') = (outcome IS NOT NULL))
);
CREATE INDEX recoveries_by_stage ON recoveries (business_id, stage, opened_at);
CREATE INDEX recoveries_by_customer ON recoveries (customer_id);

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

-- Single-use links through which a customer answers the follow-up.
CREATE TABLE follow_ups (
    token_hash BLOB PRIMARY KEY,
    business_id BLOB NOT NULL REFERENCES businesses (id),
    recovery_id BLOB NOT NULL REFERENCES recoveries (id),
    created_at TEXT NOT NULL,
    used_at TEXT
);
CREATE INDEX follow_ups_by_recovery ON follow_ups (recovery_id);
