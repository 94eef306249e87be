-- Checks and their corrections: rows that are added and never changed; and the daily tallies made from them. The day
-- of a check is the business's own, as its zone was when the check came in.
CREATE TABLE checks (
    id UUID PRIMARY KEY,
    business_id UUID NOT NULL REFERENCES businesses (id),
    guarantee_id UUID NOT NULL REFERENCES guarantees (id),
    version_id UUID NOT NULL REFERENCES guarantee_versions (id),
    place_id UUID NOT NULL REFERENCES places (id),
    public BOOLEAN NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('kept', 'broken', 'missed', 'not_applicable')),
    reason TEXT,
    obstacle TEXT,
    found_by TEXT,
    in_window BOOLEAN NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    day DATE NOT NULL,
    received_at TIMESTAMPTZ NOT NULL,
    by TEXT NOT NULL,
    fingerprint BYTEA NOT NULL,
    break_id UUID,
    CHECK ((verdict = 'broken') = (break_id IS NOT NULL))
);
CREATE INDEX checks_by_promise ON checks (guarantee_id, place_id, at, verdict);
CREATE INDEX checks_public_looks ON checks (guarantee_id, at) WHERE public AND verdict <> 'missed';
CREATE INDEX checks_by_business ON checks (business_id, at, id);

CREATE TABLE corrections (
    id UUID PRIMARY KEY,
    business_id UUID NOT NULL REFERENCES businesses (id),
    check_id UUID NOT NULL REFERENCES checks (id),
    number BIGINT NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('kept', 'broken', 'not_applicable')),
    at TIMESTAMPTZ NOT NULL,
    by TEXT NOT NULL,
    break_id UUID,
    UNIQUE (check_id, number),
    CHECK ((verdict = 'broken') = (break_id IS NOT NULL))
);

CREATE TABLE tallies (
    business_id UUID NOT NULL REFERENCES businesses (id),
    guarantee_id UUID NOT NULL REFERENCES guarantees (id),
    public BOOLEAN NOT NULL,
    day DATE NOT NULL,
    kept BIGINT NOT NULL,
    broken BIGINT NOT NULL,
    not_applicable BIGINT NOT NULL,
    due_kept BIGINT NOT NULL,
    due_broken BIGINT NOT NULL,
    missed BIGINT NOT NULL,
    PRIMARY KEY (guarantee_id, public, day)
);
