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
