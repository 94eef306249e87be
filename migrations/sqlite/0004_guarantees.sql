-- Problems, and the guarantees made from them: facts about a guarantee are rows, its wording has versions. Public is
-- what was ever published.
CREATE TABLE problems (
    id BLOB PRIMARY KEY,
    business_id BLOB NOT NULL REFERENCES businesses (id),
    words TEXT NOT NULL,
    for_whom TEXT NOT NULL,
    not_for_whom TEXT,
    created_at TEXT NOT NULL
);
CREATE INDEX problems_by_business ON problems (business_id);

CREATE TABLE guarantees (
    id BLOB PRIMARY KEY,
    business_id BLOB NOT NULL REFERENCES businesses (id),
    problem_id BLOB NOT NULL REFERENCES problems (id),
    slug TEXT NOT NULL,
    stage TEXT NOT NULL CHECK (stage IN ('draft', 'trial', 'published', 'suspended', 'retired')),
    public BOOLEAN NOT NULL,
    version INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    UNIQUE (business_id, slug)
);

CREATE TABLE guarantee_versions (
    id BLOB PRIMARY KEY,
    business_id BLOB NOT NULL REFERENCES businesses (id),
    guarantee_id BLOB NOT NULL REFERENCES guarantees (id),
    number INTEGER NOT NULL,
    criteria INTEGER NOT NULL,
    bare TEXT NOT NULL,
    created_at TEXT NOT NULL,
    created_by TEXT NOT NULL,
    UNIQUE (guarantee_id, number)
);

CREATE TABLE guarantee_moves (
    id BLOB PRIMARY KEY,
    business_id BLOB NOT NULL REFERENCES businesses (id),
    guarantee_id BLOB NOT NULL REFERENCES guarantees (id),
    verb TEXT NOT NULL,
    at TEXT NOT NULL,
    by TEXT NOT NULL
);
CREATE INDEX guarantee_moves_by_guarantee ON guarantee_moves (guarantee_id, at);
