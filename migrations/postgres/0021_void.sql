-- A missed check is void when a check made in time arrives late, which stands instead of it.
ALTER TABLE corrections DROP CONSTRAINT corrections_verdict_check;
ALTER TABLE corrections ADD CONSTRAINT corrections_verdict_check CHECK (verdict IN ('kept', 'broken', 'not_applicable', 'void'));
ALTER TABLE corrections ADD COLUMN instead UUID REFERENCES checks (id);
ALTER TABLE corrections ADD CONSTRAINT corrections_void_check CHECK ((verdict = 'void') = (instead IS NOT NULL));
CREATE INDEX corrections_instead ON corrections (instead);
