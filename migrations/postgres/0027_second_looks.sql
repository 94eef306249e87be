-- Checks at the end of a long streak, of which somebody else was asked to look again; and what came of it.
CREATE TABLE second_looks (
    check_id UUID PRIMARY KEY REFERENCES checks (id),
    business_id UUID NOT NULL REFERENCES businesses (id),
    guarantee_id UUID NOT NULL REFERENCES guarantees (id),
    place_id UUID NOT NULL REFERENCES places (id),
    asked_at TIMESTAMPTZ NOT NULL,
    outcome TEXT CHECK (outcome IN ('agreed', 'overturned', 'too_late', 'corrected')),
    concluded_at TIMESTAMPTZ,
    concluded_by TEXT,
    CHECK ((outcome IS NULL) = (concluded_at IS NULL)),
    CHECK ((outcome IS NULL) = (concluded_by IS NULL))
);
-- At most one is open for a promise at a place.
CREATE UNIQUE INDEX second_looks_open ON second_looks (business_id, guarantee_id, place_id) WHERE outcome IS NULL;

SELECT raise_walls();
