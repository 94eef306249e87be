-- A random number, new with each change of a tally. Caches compare the sums.
ALTER TABLE tallies ADD COLUMN change_id BIGINT NOT NULL DEFAULT 0;
