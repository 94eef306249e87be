-- Breaks and recoveries: neither can be stored without the other, and each names the other.
CREATE TABLE breaks (
    id UUID PRIMARY KEY,
    business_id UUID NOT NULL REFERENCES businesses (id),
    guarantee_id UUID NOT NULL REFERENCES guarantees (id),
    version_id UUID NOT NULL REFERENCES guarantee_versions (id),
    place_id UUID NOT NULL REFERENCES places (id),
    check_id UUID NOT NULL REFERENCES checks (id),
    public BOOLEAN NOT NULL,
    reason TEXT NOT NULL,
    found_by TEXT NOT NULL CHECK (found_by IN ('staff', 'customer')),
    known_at TIMESTAMPTZ NOT NULL,
    recovery_id UUID NOT NULL,
    UNIQUE (id, check_id),
    UNIQUE (id, recovery_id)
);
CREATE INDEX breaks_by_promise ON breaks (guarantee_id, place_id, known_at);
CREATE INDEX breaks_by_business ON breaks (business_id, known_at, id);
CREATE INDEX breaks_public ON breaks (guarantee_id, known_at, id) WHERE public;

-- What the steps come to stands in columns beside them, so that lists need not replay every recovery.
CREATE TABLE recoveries (
    id UUID PRIMARY KEY,
    business_id UUID NOT NULL REFERENCES businesses (id),
    break_id UUID NOT NULL,
    number BIGINT NOT NULL,
    customer_id UUID REFERENCES customers (id),
    opened_at TIMESTAMPTZ NOT NULL,
    stage TEXT NOT NULL,
    outcome TEXT,
    closed_at TIMESTAMPTZ,
    watched BOOLEAN NOT NULL,
    UNIQUE (business_id, number),
    UNIQUE (break_id, id),
    CHECK ((stage = 'closed') = (outcome IS NOT NULL)),
    FOREIGN KEY (break_id, id) REFERENCES breaks (id, recovery_id) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX recoveries_open ON recoveries (business_id, opened_at) WHERE stage <> 'closed';
CREATE INDEX recoveries_closed ON recoveries (business_id, closed_at) WHERE stage = 'closed';
CREATE INDEX recoveries_watched ON recoveries (business_id) WHERE watched;
CREATE INDEX recoveries_by_customer ON recoveries (customer_id, opened_at);

CREATE TABLE recovery_steps (
    id UUID PRIMARY KEY,
    business_id UUID NOT NULL REFERENCES businesses (id),
    recovery_id UUID NOT NULL REFERENCES recoveries (id),
    number BIGINT NOT NULL,
    step TEXT NOT NULL,
    bare TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    by TEXT NOT NULL,
    UNIQUE (recovery_id, number)
);

-- What the public breaks of a guarantee came to, counted as it happens: a page need not count them all.
CREATE TABLE break_totals (
    guarantee_id UUID PRIMARY KEY REFERENCES guarantees (id),
    business_id UUID NOT NULL REFERENCES businesses (id),
    breaks BIGINT NOT NULL,
    found_by_staff BIGINT NOT NULL,
    late BIGINT NOT NULL,
    corrections BIGINT NOT NULL,
    restored BIGINT NOT NULL,
    restored_by_record BIGINT NOT NULL,
    partly BIGINT NOT NULL,
    not_restored BIGINT NOT NULL,
    no_answer BIGINT NOT NULL
);

-- Single-use links through which a customer answers the follow-up.
CREATE TABLE follow_ups (
    token_hash BYTEA PRIMARY KEY,
    business_id UUID NOT NULL REFERENCES businesses (id),
    recovery_id UUID NOT NULL REFERENCES recoveries (id),
    created_at TIMESTAMPTZ NOT NULL,
    used_at TIMESTAMPTZ
);
CREATE INDEX follow_ups_by_recovery ON follow_ups (recovery_id);

ALTER TABLE breaks ADD CONSTRAINT breaks_recovery_fkey
    FOREIGN KEY (id, recovery_id) REFERENCES recoveries (break_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE checks ADD CONSTRAINT checks_break_fkey
    FOREIGN KEY (break_id, id) REFERENCES breaks (id, check_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE corrections ADD CONSTRAINT corrections_break_fkey
    FOREIGN KEY (break_id, check_id) REFERENCES breaks (id, check_id) DEFERRABLE INITIALLY DEFERRED;
