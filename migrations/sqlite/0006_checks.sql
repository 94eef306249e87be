-- Checks and their corrections: rows that are added and never changed; and the daily tallies made from them. The day
-- of a check is the business's own, as its zone was when the check came in.
CREATE TABLE checks (
    id BLOB PRIMARY KEY,
    business_id BLOB NOT NULL REFERENCES businesses (id),
    guarantee_id BLOB NOT NULL REFERENCES guarantees (id),
    version_id BLOB NOT NULL REFERENCES guarantee_versions (id),
    place_id BLOB NOT NULL REFERENCES places (id),
    public BOOLEAN NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('kept', 'broken', 'missed', 'not_applicable')),
    reason TEXT,
    obstacle TEXT,
    found_by TEXT,
    in_window BOOLEAN NOT NULL,
    at TEXT NOT NULL,
    day TEXT NOT NULL,
    received_at TEXT NOT NULL,
    by TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    break_id BLOB,
    CHECK ((verdict = 'broken') = (break_id IS NOT NULL)),
    FOREIGN KEY (break_id, id) REFERENCES breaks (id, check_id) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX checks_by_promise ON checks (guarantee_id, place_id, at, verdict);
CREATE INDEX checks_public_looks ON checks (guarantee_id, at) WHERE public AND verdict <> 'missed';
CREATE INDEX checks_by_business ON checks (business_id, at, id);

CREATE TABLE corrections (
    id BLOB PRIMARY KEY,
    business_id BLOB NOT NULL REFERENCES businesses (id),
    check_id BLOB NOT NULL REFERENCES checks (id),
    number INTEGER NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('kept', 'broken', 'not_applicable')),
    at TEXT NOT NULL,
    by TEXT NOT NULL,
    break_id BLOB,
    UNIQUE (check_id, number),
    CHECK ((verdict = 'broken') = (break_id IS NOT NULL)),
    FOREIGN KEY (break_id, check_id) REFERENCES breaks (id, check_id) DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE tallies (
    business_id BLOB NOT NULL REFERENCES businesses (id),
    guarantee_id BLOB NOT NULL REFERENCES guarantees (id),
    public BOOLEAN NOT NULL,
    day TEXT NOT NULL,
    kept INTEGER NOT NULL,
    broken INTEGER NOT NULL,
    not_applicable INTEGER NOT NULL,
    due_kept INTEGER NOT NULL,
    due_broken INTEGER NOT NULL,
    missed INTEGER NOT NULL,
    PRIMARY KEY (guarantee_id, public, day)
);
