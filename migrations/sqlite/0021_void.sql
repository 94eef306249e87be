-- A missed check is void when a check made in time arrives late, which stands instead of it.
CREATE TABLE corrections_with_void (
    id BLOB PRIMARY KEY,
    business_id BLOB NOT NULL REFERENCES businesses (id),
    check_id BLOB NOT NULL REFERENCES checks (id),
    number INTEGER NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('kept', 'broken', 'not_applicable', 'void')),
    at TEXT NOT NULL,
    by TEXT NOT NULL,
    break_id BLOB,
    instead BLOB REFERENCES checks (id),
    UNIQUE (check_id, number),
    CHECK ((verdict = 'broken') = (break_id IS NOT NULL)),
    CHECK ((verdict = 'void') = (instead IS NOT NULL)),
    FOREIGN KEY (break_id, check_id) REFERENCES breaks (id, check_id) DEFERRABLE INITIALLY DEFERRED
);
INSERT INTO corrections_with_void SELECT id, business_id, check_id, number, verdict, at, by, break_id, NULL FROM corrections;
DROP TABLE corrections;
ALTER TABLE corrections_with_void RENAME TO corrections;
CREATE INDEX corrections_instead ON corrections (instead);
