-- Invitations, and members who are let in no longer: what they did keeps their name.
ALTER TABLE members ADD COLUMN removed_at TEXT;

CREATE TABLE invites (
    id BLOB PRIMARY KEY,
    business_id BLOB NOT NULL REFERENCES businesses (id),
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('owner', 'manager', 'staff', 'auditor')),
    token_hash BLOB NOT NULL UNIQUE,
    made_by TEXT NOT NULL,
    made_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    used_at TEXT,
    used_by BLOB REFERENCES people (id),
    revoked_at TEXT,
    revoked_by TEXT
);
CREATE INDEX members_by_person ON members (person_id);
CREATE INDEX invites_by_business ON invites (business_id, made_at);
