-- Sites, the places in them, and which guarantee is promised where.
CREATE TABLE sites (
    id UUID PRIMARY KEY,
    business_id UUID NOT NULL REFERENCES businesses (id),
    name TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    UNIQUE (business_id, name)
);

CREATE TABLE places (
    id UUID PRIMARY KEY,
    business_id UUID NOT NULL REFERENCES businesses (id),
    site_id UUID NOT NULL REFERENCES sites (id),
    name TEXT NOT NULL,
    code TEXT NOT NULL UNIQUE,
    created_at TIMESTAMPTZ NOT NULL,
    UNIQUE (site_id, name)
);
CREATE INDEX places_by_business ON places (business_id);

CREATE TABLE promised (
    business_id UUID NOT NULL REFERENCES businesses (id),
    guarantee_id UUID NOT NULL REFERENCES guarantees (id),
    place_id UUID NOT NULL REFERENCES places (id),
    PRIMARY KEY (guarantee_id, place_id)
);
CREATE INDEX promised_by_place ON promised (place_id);
