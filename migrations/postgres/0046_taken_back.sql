-- A check that nobody made is taken back: what was due is due again, or missed once its window is over.
ALTER TABLE corrections DROP CONSTRAINT corrections_verdict_check;
ALTER TABLE corrections ADD CONSTRAINT corrections_verdict_check
    CHECK (verdict IN ('kept', 'broken', 'missed', 'not_applicable', 'void', 'taken_back'));
