-- The id of a check is made by whoever sends it: it tells the checks of one business apart, and says nothing of those of
-- another. Whatever hangs on a check names it by both. In keys the id comes first: by it a row
-- is found, and not among all rows of a business. SQLite makes the tables anew; until the end it asks for no parent.
PRAGMA defer_foreign_keys = ON;
CREATE TABLE old_checks AS SELECT * FROM checks;
CREATE TABLE old_corrections AS SELECT * FROM corrections;
CREATE TABLE old_breaks AS SELECT * FROM breaks;
CREATE TABLE old_obstacles AS SELECT * FROM obstacles;
CREATE TABLE old_second_looks AS SELECT * FROM second_looks;
CREATE TABLE old_texts AS SELECT * FROM texts;
DROP TABLE texts;
DROP TABLE second_looks;
DROP TABLE obstacles;
DROP TABLE corrections;
DROP TABLE breaks;
DROP TABLE checks;

CREATE TABLE checks (
    id BLOB NOT NULL,
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
    window_due TEXT,
    device_at TEXT,
    skewed BOOLEAN NOT NULL DEFAULT FALSE,
    doubled BOOLEAN NOT NULL DEFAULT FALSE,
    photo BLOB,
    PRIMARY KEY (id, business_id),
    CHECK ((verdict = 'broken') = (break_id IS NOT NULL)),
    FOREIGN KEY (business_id, id, break_id) REFERENCES breaks (business_id, check_id, id) DEFERRABLE INITIALLY DEFERRED
);
CREATE TABLE breaks (
    id BLOB PRIMARY KEY,
    business_id BLOB NOT NULL REFERENCES businesses (id),
    guarantee_id BLOB NOT NULL REFERENCES guarantees (id),
    version_id BLOB NOT NULL REFERENCES guarantee_versions (id),
    place_id BLOB NOT NULL REFERENCES places (id),
    check_id BLOB NOT NULL,
    public BOOLEAN NOT NULL,
    reason TEXT NOT NULL,
    found_by TEXT NOT NULL CHECK (found_by IN ('staff', 'customer')),
    known_at TEXT NOT NULL,
    recovery_id BLOB NOT NULL,
    UNIQUE (check_id, id, business_id),
    UNIQUE (id, recovery_id),
    FOREIGN KEY (business_id, check_id) REFERENCES checks (business_id, id),
    FOREIGN KEY (id, recovery_id) REFERENCES recoveries (break_id, id) DEFERRABLE INITIALLY DEFERRED
);
CREATE TABLE corrections (
    id BLOB PRIMARY KEY,
    business_id BLOB NOT NULL REFERENCES businesses (id),
    check_id BLOB NOT NULL,
    number INTEGER NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('kept', 'broken', 'not_applicable', 'void')),
    at TEXT NOT NULL,
    by TEXT NOT NULL,
    break_id BLOB,
    instead BLOB,
    UNIQUE (check_id, number, business_id),
    CHECK ((verdict = 'broken') = (break_id IS NOT NULL)),
    CHECK ((verdict = 'void') = (instead IS NOT NULL)),
    FOREIGN KEY (business_id, check_id) REFERENCES checks (business_id, id),
    FOREIGN KEY (business_id, instead) REFERENCES checks (business_id, id),
    FOREIGN KEY (business_id, check_id, break_id) REFERENCES breaks (business_id, check_id, id) DEFERRABLE INITIALLY DEFERRED
);
CREATE TABLE obstacles (
    id BLOB PRIMARY KEY REFERENCES breaks (id),
    business_id BLOB NOT NULL REFERENCES businesses (id),
    guarantee_id BLOB NOT NULL REFERENCES guarantees (id),
    place_id BLOB NOT NULL REFERENCES places (id),
    check_id BLOB NOT NULL,
    obstacle TEXT NOT NULL,
    known_at TEXT NOT NULL,
    answered_at TEXT,
    left_at TEXT,
    FOREIGN KEY (business_id, check_id) REFERENCES checks (business_id, id)
);
CREATE TABLE second_looks (
    check_id BLOB NOT NULL,
    business_id BLOB NOT NULL REFERENCES businesses (id),
    guarantee_id BLOB NOT NULL REFERENCES guarantees (id),
    place_id BLOB NOT NULL REFERENCES places (id),
    asked_at TEXT NOT NULL,
    outcome TEXT CHECK (outcome IN ('agreed', 'overturned', 'too_late', 'corrected')),
    concluded_at TEXT,
    concluded_by TEXT,
    PRIMARY KEY (check_id, business_id),
    CHECK ((outcome IS NULL) = (concluded_at IS NULL)),
    CHECK ((outcome IS NULL) = (concluded_by IS NULL)),
    FOREIGN KEY (business_id, check_id) REFERENCES checks (business_id, id)
);
CREATE TABLE texts (
    business_id BLOB NOT NULL REFERENCES businesses (id),
    owner_id BLOB NOT NULL,
    field TEXT NOT NULL,
    public BOOLEAN NOT NULL,
    salt BLOB,
    body TEXT,
    seq INTEGER,
    PRIMARY KEY (owner_id, field, business_id)
);

-- Before the rows: where a row comes before its parent, SQLite looks for it by these.
CREATE INDEX checks_by_promise ON checks (guarantee_id, place_id, at, verdict);
CREATE INDEX checks_public_looks ON checks (guarantee_id, at) WHERE public AND verdict <> 'missed';
CREATE INDEX checks_by_business ON checks (business_id, at, id);
CREATE INDEX checks_by_window ON checks (guarantee_id, place_id, window_due) WHERE window_due IS NOT NULL;
CREATE UNIQUE INDEX checks_photo ON checks (business_id, photo) WHERE photo IS NOT NULL;
CREATE INDEX breaks_by_promise ON breaks (guarantee_id, place_id, known_at);
CREATE INDEX breaks_by_business ON breaks (business_id, known_at, id);
CREATE INDEX breaks_public ON breaks (guarantee_id, known_at, id) WHERE public;
CREATE INDEX corrections_instead ON corrections (instead, business_id);
CREATE INDEX obstacles_waiting ON obstacles (business_id, known_at, id) WHERE answered_at IS NULL AND left_at IS NULL;
CREATE INDEX obstacles_answered ON obstacles (business_id, answered_at, id) WHERE answered_at IS NOT NULL AND left_at IS NULL;
CREATE INDEX obstacles_by_check ON obstacles (check_id, business_id);
CREATE UNIQUE INDEX second_looks_open ON second_looks (business_id, guarantee_id, place_id) WHERE outcome IS NULL;
CREATE INDEX texts_by_entry ON texts (business_id, seq) WHERE seq IS NOT NULL;

INSERT INTO checks (id, business_id, guarantee_id, version_id, place_id, public, verdict, reason, obstacle, found_by, in_window,
        at, day, received_at, by, fingerprint, break_id, window_due, device_at, skewed, doubled, photo)
    SELECT id, business_id, guarantee_id, version_id, place_id, public, verdict, reason, obstacle, found_by, in_window,
        at, day, received_at, by, fingerprint, break_id, window_due, device_at, skewed, doubled, photo FROM old_checks;
INSERT INTO breaks (id, business_id, guarantee_id, version_id, place_id, check_id, public, reason, found_by, known_at, recovery_id)
    SELECT id, business_id, guarantee_id, version_id, place_id, check_id, public, reason, found_by, known_at, recovery_id FROM old_breaks;
INSERT INTO corrections (id, business_id, check_id, number, verdict, at, by, break_id, instead)
    SELECT id, business_id, check_id, number, verdict, at, by, break_id, instead FROM old_corrections;
INSERT INTO obstacles (id, business_id, guarantee_id, place_id, check_id, obstacle, known_at, answered_at, left_at)
    SELECT id, business_id, guarantee_id, place_id, check_id, obstacle, known_at, answered_at, left_at FROM old_obstacles;
INSERT INTO second_looks (check_id, business_id, guarantee_id, place_id, asked_at, outcome, concluded_at, concluded_by)
    SELECT check_id, business_id, guarantee_id, place_id, asked_at, outcome, concluded_at, concluded_by FROM old_second_looks;
INSERT INTO texts (business_id, owner_id, field, public, salt, body, seq)
    SELECT business_id, owner_id, field, public, salt, body, seq FROM old_texts;

DROP TABLE old_checks;
DROP TABLE old_corrections;
DROP TABLE old_breaks;
DROP TABLE old_obstacles;
DROP TABLE old_second_looks;
DROP TABLE old_texts;
