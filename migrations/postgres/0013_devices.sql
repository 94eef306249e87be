-- Shared phones and tablets, each registered for one site, and the PINs typed at them.
ALTER TABLE people ADD COLUMN pin_hash TEXT;

CREATE TABLE devices (
    id UUID PRIMARY KEY,
    business_id UUID NOT NULL REFERENCES businesses (id),
    site_id UUID NOT NULL REFERENCES sites (id),
    name TEXT NOT NULL,
    link_hash BYTEA NOT NULL UNIQUE,
    link_expires_at TIMESTAMPTZ NOT NULL,
    made_by TEXT NOT NULL,
    made_at TIMESTAMPTZ NOT NULL,
    token_hash BYTEA UNIQUE,
    registered_at TIMESTAMPTZ,
    used_at TIMESTAMPTZ,
    revoked_at TIMESTAMPTZ,
    revoked_by TEXT,
    CHECK ((token_hash IS NULL) = (registered_at IS NULL))
);
CREATE INDEX devices_by_business ON devices (business_id, made_at);

ALTER TABLE sessions ADD COLUMN device_id UUID REFERENCES devices (id);
CREATE INDEX sessions_by_device ON sessions (device_id) WHERE device_id IS NOT NULL;

CREATE TABLE pin_tries (
    business_id UUID NOT NULL REFERENCES businesses (id),
    device_id UUID NOT NULL REFERENCES devices (id),
    person_id UUID NOT NULL REFERENCES people (id),
    wrong BIGINT NOT NULL,
    locked_until TIMESTAMPTZ,
    PRIMARY KEY (device_id, person_id)
);
