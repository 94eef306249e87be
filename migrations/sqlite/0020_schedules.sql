-- When promises are to be looked at: what was decided, the rounds that follow from it, and the times in which nothing is
-- due. A site may have a zone of its own, by which its rounds go.
ALTER TABLE sites ADD COLUMN zone TEXT;

-- No rule: from then on nothing is due.
CREATE TABLE schedules (
    id BLOB PRIMARY KEY,
    business_id BLOB NOT NULL REFERENCES businesses (id),
    guarantee_id BLOB NOT NULL REFERENCES guarantees (id),
    place_id BLOB NOT NULL REFERENCES places (id),
    rule TEXT,
    at TEXT NOT NULL,
    by TEXT NOT NULL
);
CREATE INDEX schedules_by_promise ON schedules (guarantee_id, place_id, at);
CREATE INDEX schedules_by_business ON schedules (business_id);

-- The rule in force, from when on windows open by it, up to when their ends are written down, and when the next one ends.
CREATE TABLE rounds (
    business_id BLOB NOT NULL REFERENCES businesses (id),
    guarantee_id BLOB NOT NULL REFERENCES guarantees (id),
    place_id BLOB NOT NULL REFERENCES places (id),
    rule TEXT NOT NULL,
    since TEXT NOT NULL,
    concluded_until TEXT NOT NULL,
    next_at TEXT,
    PRIMARY KEY (business_id, guarantee_id, place_id)
);
CREATE INDEX rounds_next ON rounds (business_id, next_at);

-- Announced before they begin; for a whole site, or one place in it.
CREATE TABLE closures (
    id BLOB PRIMARY KEY,
    business_id BLOB NOT NULL REFERENCES businesses (id),
    site_id BLOB NOT NULL REFERENCES sites (id),
    place_id BLOB REFERENCES places (id),
    from_at TEXT NOT NULL,
    until_at TEXT NOT NULL,
    created_at TEXT NOT NULL,
    by TEXT NOT NULL
);
CREATE INDEX closures_by_business ON closures (business_id, until_at);

-- When the windows of a business were last looked at: a gap means that nobody could have said anything in it.
CREATE TABLE watches (
    business_id BLOB PRIMARY KEY REFERENCES businesses (id),
    looked_at TEXT NOT NULL
);

-- The window that a check concludes, by when it was due.
ALTER TABLE checks ADD COLUMN window_due TEXT;
CREATE INDEX checks_by_window ON checks (guarantee_id, place_id, window_due) WHERE window_due IS NOT NULL;
