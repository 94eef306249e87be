-- Breaks and recoveries: neither can be stored without the other.
CREATE TABLE breaks (
    id UUID PRIMARY KEY,
    business_id UUID NOT NULL REFERENCES businesses (id),
    guarantee_id UUID NOT NULL REFERENCES guarantees (id),
    version_id UUID NOT NULL REFERENCES guarantee_versions (id),
    place_id UUID NOT NULL REFERENCES places (id),
    check_id UUID NOT NULL REFERENCES checks (id) DEFERRABLE INITIALLY DEFERRED,
    public BOOLEAN NOT NULL,
    reason TEXT NOT NULL,
    found_by TEXT NOT NULL CHECK (found_by IN ('staff', 'customer')),
    known_at TIMESTAMPTZ NOT NULL,
    recovery_id UUID NOT NULL
);
CREATE INDEX breaks_by_promise ON breaks (guarantee_id, place_id, known_at);
CREATE INDEX breaks_by_business ON breaks (business_id, known_at);

-- What the steps come to stands in columns beside them, so that lists need not replay every recovery.
CREATE TABLE recoveries (
    id UUID PRIMARY KEY,
    business_id UUID NOT NULL REFERENCES businesses (id),
    break_id UUID NOT NULL UNIQUE REFERENCES breaks (id) DEFERRABLE INITIALLY DEFERRED,
    number BIGINT NOT NULL,
    customer_id UUID REFERENCES customers (id),
    opened_at TIMESTAMPTZ NOT NULL,
    stage TEXT NOT NULL,
    outcome TEXT,
    closed_at TIMESTAMPTZ,
    watched BOOLEAN NOT NULL,
    UNIQUE (business_id, number),
    CHECK ((stage = 'closed') = (outcome IS NOT NULL))
);
CREATE INDEX recoveries_by_stage ON recoveries (business_id, stage, opened_at);
CREATE INDEX recoveries_by_customer ON recoveries (customer_id);

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

-- Single-use links through which a customer answers the follow-up.
CREATE TABLE follow_ups (
    token_hash BYTEA PRIMARY KEY,
    business_id UUID NOT NULL REFERENCES businesses (id),
    recovery_id UUID NOT NULL REFERENCES recoveries (id),
    created_at TIMESTAMPTZ NOT NULL,
    used_at TIMESTAMPTZ
);
CREATE INDEX follow_ups_by_recovery ON follow_ups (recovery_id);

ALTER TABLE breaks ADD CONSTRAINT breaks_recovery_id_fkey
    FOREIGN KEY (recovery_id) REFERENCES recoveries (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE checks ADD CONSTRAINT checks_break_id_fkey
    FOREIGN KEY (break_id) REFERENCES breaks (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE corrections ADD CONSTRAINT corrections_break_id_fkey
    FOREIGN KEY (break_id) REFERENCES breaks (id) DEFERRABLE INITIALLY DEFERRED;
