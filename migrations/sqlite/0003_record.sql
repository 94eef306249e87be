-- The record: append-only and hash-chained, with its head; and the free texts, which stand beside it. The revision
-- counts every change of the business's data, in the record or not.
CREATE TABLE record_heads (
    business_id BLOB PRIMARY KEY REFERENCES businesses (id),
    seq INTEGER NOT NULL,
    hash BLOB NOT NULL,
    revision INTEGER NOT NULL
);

CREATE TABLE record (
    business_id BLOB NOT NULL REFERENCES businesses (id),
    seq INTEGER NOT NULL,
    at TEXT NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    prev BLOB NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (business_id, seq)
);

-- A redacted text has neither body nor salt; its commitment stays in the record. seq is the entry that commits to it,
-- where one does.
CREATE TABLE texts (
    business_id BLOB NOT NULL REFERENCES businesses (id),
    owner_id BLOB NOT NULL,
    field TEXT NOT NULL,
    public BOOLEAN NOT NULL,
    salt BLOB,
    body TEXT,
    seq INTEGER,
    PRIMARY KEY (owner_id, field)
);
CREATE INDEX texts_by_entry ON texts (business_id, seq) WHERE seq IS NOT NULL;
