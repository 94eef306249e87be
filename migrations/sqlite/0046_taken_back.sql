-- A check that nobody made is taken back: what was due is due again, or missed once its window is over.
CREATE TABLE new_corrections (
    id BLOB PRIMARY KEY,
    business_id BLOB NOT NULL REFERENCES businesses (id),
    check_id BLOB NOT NULL,
    number INTEGER NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('kept', 'broken', 'missed', 'not_applicable', 'void', 'taken_back')),
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
INSERT INTO new_corrections (id, business_id, check_id, number, verdict, at, by, break_id, instead)
    SELECT id, business_id, check_id, number, verdict, at, by, break_id, instead FROM corrections;
DROP TABLE corrections;
ALTER TABLE new_corrections RENAME TO corrections;
CREATE INDEX corrections_instead ON corrections (instead, business_id);
