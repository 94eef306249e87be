-- The businesses on this installation, and where each one's record stands.
CREATE TABLE businesses (
    id BLOB PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    zone TEXT NOT NULL,
    currency TEXT NOT NULL,
    language TEXT NOT NULL,
    contact_name TEXT NOT NULL,
    contact_email TEXT,
    contact_phone TEXT,
    hours TEXT NOT NULL,
    created_at TEXT NOT NULL
);

-- An installation is founded once, whoever tries at the same time.
CREATE TABLE founding (
    once BOOLEAN NOT NULL PRIMARY KEY CHECK (once),
    at TEXT NOT NULL
);
