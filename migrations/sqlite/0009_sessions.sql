-- Sessions with the device they are on, so that people know their own; and links to set a password anew. Whoever is
-- signed in signs in once more.
DROP TABLE sessions;

CREATE TABLE sessions (
    id BLOB PRIMARY KEY,
    token_hash BLOB NOT NULL UNIQUE,
    person_id BLOB NOT NULL REFERENCES people (id),
    business_id BLOB NOT NULL REFERENCES businesses (id),
    device TEXT NOT NULL,
    created_at TEXT NOT NULL,
    used_at TEXT NOT NULL,
    expires_at TEXT NOT NULL
);
CREATE INDEX sessions_by_person ON sessions (person_id);
CREATE INDEX sessions_by_end ON sessions (expires_at);

CREATE TABLE resets (
    token_hash BLOB PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES people (id),
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    used_at TEXT
);
CREATE INDEX resets_by_person ON resets (person_id);
