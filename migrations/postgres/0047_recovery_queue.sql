-- The work queue: what an open recovery is sorted and counted by stands in columns, so that lists need not replay every recovery.
-- The program fills them in, because deadlines follow from opening hours. Until then the place is missing.
ALTER TABLE recoveries ADD COLUMN due_at TIMESTAMPTZ;
ALTER TABLE recoveries ADD COLUMN our_turn_from TIMESTAMPTZ;
ALTER TABLE recoveries ADD COLUMN missed_from TIMESTAMPTZ;
ALTER TABLE recoveries ADD COLUMN late BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE recoveries ADD COLUMN place_id UUID;
DROP INDEX recoveries_open;
CREATE INDEX recoveries_queue ON recoveries (business_id, due_at, id, our_turn_from, late, place_id) WHERE due_at IS NOT NULL;
CREATE INDEX recoveries_missed ON recoveries (business_id, missed_from) WHERE missed_from IS NOT NULL;
CREATE INDEX recoveries_incomplete ON recoveries (business_id) WHERE place_id IS NULL;
DROP INDEX recoveries_watched;
CREATE INDEX recoveries_watched ON recoveries (business_id, place_id) WHERE watched;
DROP INDEX recoveries_closed;
CREATE INDEX recoveries_closed ON recoveries (business_id, closed_at, id) WHERE stage = 'closed';
CREATE INDEX recoveries_closed_late ON recoveries (business_id, closed_at, id) WHERE stage = 'closed' AND late;
