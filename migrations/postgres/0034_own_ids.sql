-- The id of a check is made by whoever sends it: it tells the checks of one business apart, and says nothing of those of
-- another. Whatever hangs on a check names it by both. In keys the id comes first: by it a row
-- is found, and not among all rows of a business.
ALTER TABLE second_looks DROP CONSTRAINT second_looks_check_id_fkey;
ALTER TABLE obstacles DROP CONSTRAINT obstacles_check_id_fkey;
ALTER TABLE corrections DROP CONSTRAINT corrections_check_id_fkey;
ALTER TABLE corrections DROP CONSTRAINT corrections_instead_fkey;
ALTER TABLE corrections DROP CONSTRAINT corrections_break_fkey;
ALTER TABLE checks DROP CONSTRAINT checks_break_fkey;
ALTER TABLE breaks DROP CONSTRAINT breaks_check_id_fkey;
ALTER TABLE breaks DROP CONSTRAINT breaks_id_check_id_key;

ALTER TABLE checks DROP CONSTRAINT checks_pkey;
ALTER TABLE checks ADD PRIMARY KEY (id, business_id);
ALTER TABLE second_looks DROP CONSTRAINT second_looks_pkey;
ALTER TABLE second_looks ADD PRIMARY KEY (check_id, business_id);
ALTER TABLE texts DROP CONSTRAINT texts_pkey;
ALTER TABLE texts ADD PRIMARY KEY (owner_id, field, business_id);
ALTER TABLE corrections DROP CONSTRAINT corrections_check_id_number_key;
ALTER TABLE corrections ADD UNIQUE (check_id, number, business_id);
ALTER TABLE breaks ADD UNIQUE (check_id, id, business_id);
DROP INDEX breaks_by_check;
DROP INDEX corrections_instead;
CREATE INDEX corrections_instead ON corrections (instead, business_id);
DROP INDEX obstacles_by_check;
CREATE INDEX obstacles_by_check ON obstacles (check_id, business_id);

ALTER TABLE breaks ADD FOREIGN KEY (business_id, check_id) REFERENCES checks (business_id, id);
ALTER TABLE corrections ADD FOREIGN KEY (business_id, check_id) REFERENCES checks (business_id, id);
ALTER TABLE corrections ADD FOREIGN KEY (business_id, instead) REFERENCES checks (business_id, id);
ALTER TABLE obstacles ADD FOREIGN KEY (business_id, check_id) REFERENCES checks (business_id, id);
ALTER TABLE second_looks ADD FOREIGN KEY (business_id, check_id) REFERENCES checks (business_id, id);
ALTER TABLE checks ADD CONSTRAINT checks_break_fkey
    FOREIGN KEY (business_id, id, break_id) REFERENCES breaks (business_id, check_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE corrections ADD CONSTRAINT corrections_break_fkey
    FOREIGN KEY (business_id, check_id, break_id) REFERENCES breaks (business_id, check_id, id) DEFERRABLE INITIALLY DEFERRED;
