-- Invitations, and members who are let in no longer: what they did keeps their name.
ALTER TABLE members ADD COLUMN removed_at TIMESTAMPTZ;

CREATE TABLE invites (
    id UUID PRIMARY KEY,
    business_id UUID NOT NULL REFERENCES businesses (id),
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('owner', 'manager', 'staff', 'auditor')),
    token_hash BYTEA NOT NULL UNIQUE,
    made_by TEXT NOT NULL,
    made_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    used_at TIMESTAMPTZ,
    used_by UUID REFERENCES people (id),
    revoked_at TIMESTAMPTZ,
    revoked_by TEXT
);
CREATE INDEX members_by_person ON members (person_id);
CREATE INDEX invites_by_business ON invites (business_id, made_at);
