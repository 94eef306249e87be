-- Codes that places bore before: their tags open nothing any more, and whoever scans one is told so.
CREATE TABLE old_codes (
    code TEXT PRIMARY KEY,
    business_id BLOB NOT NULL REFERENCES businesses (id),
    place_id BLOB NOT NULL REFERENCES places (id),
    until TEXT NOT NULL
);
CREATE INDEX old_codes_by_place ON old_codes (place_id);
