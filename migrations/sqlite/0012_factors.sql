-- The second step at signing in. What people have for it belongs to them, wherever they are let in.
CREATE TABLE authenticators (
    person_id BLOB PRIMARY KEY REFERENCES people (id),
    secret BLOB,
    -- Shown to the person and not yet confirmed by a code.
    pending BLOB,
    last_step INTEGER,
    CHECK (secret IS NOT NULL OR pending IS NOT NULL)
);

CREATE TABLE recovery_codes (
    code_hash BLOB PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES people (id),
    made_at TEXT NOT NULL,
    used_at TEXT
);
CREATE INDEX recovery_codes_by_person ON recovery_codes (person_id);

CREATE TABLE passkeys (
    id BLOB PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES people (id),
    name TEXT NOT NULL,
    credential_id BLOB NOT NULL UNIQUE,
    credential TEXT NOT NULL,
    made_at TEXT NOT NULL,
    used_at TEXT
);
CREATE INDEX passkeys_by_person ON passkeys (person_id);

-- What a browser was asked to sign: good once, for a few minutes.
CREATE TABLE challenges (
    token_hash BLOB PRIMARY KEY,
    person_id BLOB REFERENCES people (id),
    state TEXT NOT NULL,
    expires_at TEXT NOT NULL
);
CREATE INDEX challenges_by_end ON challenges (expires_at);

-- Whose password was right, and who has the second step before them.
CREATE TABLE sign_ins (
    token_hash BLOB PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES people (id),
    wrong INTEGER NOT NULL,
    expires_at TEXT NOT NULL
);
CREATE INDEX sign_ins_by_end ON sign_ins (expires_at);
CREATE INDEX sign_ins_by_person ON sign_ins (person_id);

CREATE TABLE required_factors (
    business_id BLOB NOT NULL REFERENCES businesses (id),
    role TEXT NOT NULL CHECK (role IN ('owner', 'manager', 'staff', 'auditor')),
    PRIMARY KEY (business_id, role)
);
