-- Codes that places bore before: their tags open nothing any more, and whoever scans one is told so.
CREATE TABLE old_codes (
    code TEXT PRIMARY KEY,
    business_id UUID NOT NULL REFERENCES businesses (id),
    place_id UUID NOT NULL REFERENCES places (id),
    until TIMESTAMPTZ NOT NULL
);
CREATE INDEX old_codes_by_place ON old_codes (place_id);

SELECT raise_walls();
