-- Problems, and the guarantees made from them: facts about a guarantee are rows, its wording has versions. Public is
-- what was ever published.
CREATE TABLE problems (
    id UUID PRIMARY KEY,
    business_id UUID NOT NULL REFERENCES businesses (id),
    words TEXT NOT NULL,
    for_whom TEXT NOT NULL,
    not_for_whom TEXT,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX problems_by_business ON problems (business_id);

CREATE TABLE guarantees (
    id UUID PRIMARY KEY,
    business_id UUID NOT NULL REFERENCES businesses (id),
    problem_id UUID NOT NULL REFERENCES problems (id),
    slug TEXT NOT NULL,
    stage TEXT NOT NULL CHECK (stage IN ('draft', 'trial', 'published', 'suspended', 'retired')),
    public BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    UNIQUE (business_id, slug)
);

CREATE TABLE guarantee_versions (
    id UUID PRIMARY KEY,
    business_id UUID NOT NULL REFERENCES businesses (id),
    guarantee_id UUID NOT NULL REFERENCES guarantees (id),
    number BIGINT NOT NULL,
    criteria BIGINT NOT NULL,
    bare TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    created_by TEXT NOT NULL,
    UNIQUE (guarantee_id, number)
);

CREATE TABLE guarantee_moves (
    id UUID PRIMARY KEY,
    business_id UUID NOT NULL REFERENCES businesses (id),
    guarantee_id UUID NOT NULL REFERENCES guarantees (id),
    verb TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    by TEXT NOT NULL
);
CREATE INDEX guarantee_moves_by_guarantee ON guarantee_moves (guarantee_id, at);
