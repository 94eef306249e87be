-- The late recoveries of the work queue, so that a list of them does not go through all.
CREATE INDEX recoveries_late ON recoveries (business_id, due_at, id, place_id) WHERE late AND due_at IS NOT NULL;
