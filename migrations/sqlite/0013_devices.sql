-- Shared phones and tablets, each registered for one site, and the PINs typed at them.
ALTER TABLE people ADD COLUMN pin_hash TEXT;

CREATE TABLE devices (
    id BLOB PRIMARY KEY,
    business_id BLOB NOT NULL REFERENCES businesses (id),
    site_id BLOB NOT NULL REFERENCES sites (id),
    name TEXT NOT NULL,
    link_hash BLOB NOT NULL UNIQUE,
    link_expires_at TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at TEXT NOT NULL,
    token_hash BLOB UNIQUE,
    registered_at TEXT,
    used_at TEXT,
    revoked_at TEXT,
    revoked_by TEXT,
    CHECK ((token_hash IS NULL) = (registered_at IS NULL))
);
CREATE INDEX devices_by_business ON devices (business_id, made_at);

ALTER TABLE sessions ADD COLUMN device_id BLOB REFERENCES devices (id);
CREATE INDEX sessions_by_device ON sessions (device_id) WHERE device_id IS NOT NULL;

CREATE TABLE pin_tries (
    business_id BLOB NOT NULL REFERENCES businesses (id),
    device_id BLOB NOT NULL REFERENCES devices (id),
    person_id BLOB NOT NULL REFERENCES people (id),
    wrong INTEGER NOT NULL,
    locked_until TEXT,
    PRIMARY KEY (device_id, person_id)
);
