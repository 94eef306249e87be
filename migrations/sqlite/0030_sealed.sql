-- Whether the record says by itself on which day each check counts. Of records that an older program wrote that is said in
-- one entry, as soon as the program starts.
ALTER TABLE record_heads ADD COLUMN sealed BOOLEAN NOT NULL DEFAULT TRUE;
UPDATE record_heads SET sealed = FALSE;
