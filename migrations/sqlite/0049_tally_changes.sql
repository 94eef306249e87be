-- A random number, new with each change of a tally. Caches compare the sums. Stored by its key, a table of short rows is read in one
-- piece, and written once instead of twice.
CREATE TABLE new_tallies (
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
    change_id INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (guarantee_id, public, day)
) WITHOUT ROWID;
INSERT INTO new_tallies (business_id, guarantee_id, public, day, kept, broken, not_applicable, due_kept, due_broken, missed)
    SELECT business_id, guarantee_id, public, day, kept, broken, not_applicable, due_kept, due_broken, missed FROM tallies;
DROP TABLE tallies;
ALTER TABLE new_tallies RENAME TO tallies;
