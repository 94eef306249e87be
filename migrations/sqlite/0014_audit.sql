-- Tokens end and can be taken back; and who did what, when, from where.
ALTER TABLE tokens ADD COLUMN expires_at TEXT NOT NULL DEFAULT '2028-01-01T00:00:00+00:00';
ALTER TABLE tokens ADD COLUMN used_at TEXT;
ALTER TABLE tokens ADD COLUMN revoked_at TEXT;
CREATE INDEX tokens_by_business ON tokens (business_id, created_at);

CREATE TABLE audit (
    id BLOB PRIMARY KEY,
    business_id BLOB NOT NULL REFERENCES businesses (id),
    at TEXT NOT NULL,
    by TEXT NOT NULL,
    deed TEXT NOT NULL,
    about BLOB,
    address TEXT,
    device_id BLOB REFERENCES devices (id)
);
CREATE INDEX audit_by_business ON audit (business_id, at, id);
