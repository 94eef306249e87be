-- People who sign in, what they may do where, and the tokens of programs.
CREATE TABLE people (
    id BLOB PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    language TEXT,
    created_at TEXT NOT NULL
);

CREATE TABLE members (
    business_id BLOB NOT NULL REFERENCES businesses (id),
    person_id BLOB NOT NULL REFERENCES people (id),
    role TEXT NOT NULL CHECK (role IN ('owner', 'manager', 'staff', 'auditor')),
    created_at TEXT NOT NULL,
    PRIMARY KEY (business_id, person_id)
);

CREATE TABLE sessions (
    token_hash BLOB PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES people (id),
    business_id BLOB NOT NULL REFERENCES businesses (id),
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL
);

CREATE TABLE tokens (
    id BLOB PRIMARY KEY,
    business_id BLOB NOT NULL REFERENCES businesses (id),
    role TEXT NOT NULL CHECK (role IN ('owner', 'manager', 'staff', 'auditor')),
    name TEXT NOT NULL,
    token_hash BLOB NOT NULL UNIQUE,
    created_at TEXT NOT NULL
);

-- Customers: the one table with the names and contacts of people who were failed.
CREATE TABLE customers (
    id BLOB PRIMARY KEY,
    business_id BLOB NOT NULL REFERENCES businesses (id),
    name TEXT NOT NULL,
    contact TEXT,
    created_at TEXT NOT NULL
);
CREATE INDEX customers_by_contact ON customers (business_id, contact);
