-- Tokens end and can be taken back; and who did what, when, from where.
ALTER TABLE tokens ADD COLUMN expires_at TIMESTAMPTZ NOT NULL DEFAULT '2028-01-01T00:00:00+00:00';
ALTER TABLE tokens ADD COLUMN used_at TIMESTAMPTZ;
ALTER TABLE tokens ADD COLUMN revoked_at TIMESTAMPTZ;
CREATE INDEX tokens_by_business ON tokens (business_id, created_at);

CREATE TABLE audit (
    id UUID PRIMARY KEY,
    business_id UUID NOT NULL REFERENCES businesses (id),
    at TIMESTAMPTZ NOT NULL,
    by TEXT NOT NULL,
    deed TEXT NOT NULL,
    about UUID,
    address TEXT,
    device_id UUID REFERENCES devices (id)
);
CREATE INDEX audit_by_business ON audit (business_id, at, id);
